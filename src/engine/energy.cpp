#include "engine/energy.hpp"

namespace hardscape {

std::optional<PackageEnergy> package_energy(const Host& host) {
  PackageEnergy out;
  const std::string folder = "/sys/class/powercap";
  for (const auto& zone : host.files.list(folder)) {
    // "intel-rapl:0" is a package; "intel-rapl:0:1" is a part of it and would count twice.
    if (zone.rfind("intel-rapl:", 0) != 0 || zone.find(':', 11) != std::string::npos) continue;
    const auto energy = host.files.read_number(folder + "/" + zone + "/energy_uj");
    if (!energy) return std::nullopt;
    out.packages.push_back({*energy, host.files.read_number(folder + "/" + zone + "/max_energy_range_uj").value_or(0)});
  }
  if (out.packages.empty()) return std::nullopt;
  return out;
}

double energy_between(const PackageEnergy& before, const PackageEnergy& after) {
  double joules = 0;
  for (std::size_t i = 0; i < before.packages.size() && i < after.packages.size(); ++i) {
    std::int64_t passed = after.packages[i].microjoules - before.packages[i].microjoules;
    if (passed < 0) passed += before.packages[i].wraps_at;
    joules += 1e-6 * static_cast<double>(passed);
  }
  return joules;
}

EnergyReading read_energy(const Host& host, const std::optional<GpuWatch>& cards) {
  return {package_energy(host), cards ? cards->joules() : std::nullopt};
}

std::optional<double> energy_between(const EnergyReading& before, const EnergyReading& after, bool with_cards) {
  const bool cards = before.cards_joules && after.cards_joules;
  if (with_cards && !cards) return std::nullopt;
  if (!cards && !(before.packages && after.packages)) return std::nullopt;
  double joules = cards ? *after.cards_joules - *before.cards_joules : 0;
  if (before.packages && after.packages) joules += energy_between(*before.packages, *after.packages);
  return joules;
}

std::string energy_name(const EnergyReading& reading) {
  if (!reading.cards_joules) return reading.packages ? "processor package" : "";
  return reading.packages ? "processor package and GPU" : "GPU";
}

}  // namespace hardscape
