// Energy of the processor packages, where the kernel gives their counters to this user (Intel and AMD RAPL), and of the
// cards that take part.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hardscape/host.hpp"
#include "host/gpu_watch.hpp"

namespace hardscape {

struct PackageEnergy {
  struct Counter {
    std::int64_t microjoules = 0;
    std::int64_t wraps_at = 0;   // max_energy_range_uj
  };
  std::vector<Counter> packages;
};

// Nothing where there is no counter or it may not be read (root only since CVE-2020-8694).
std::optional<PackageEnergy> package_energy(const Host& host);
double energy_between(const PackageEnergy& before, const PackageEnergy& after);

// Both together at one moment. GPUs that run a model draw most of it, so that without theirs the sum would mislead.
struct EnergyReading {
  std::optional<PackageEnergy> packages;
  std::optional<double> cards_joules;
};
EnergyReading read_energy(const Host& host, const std::optional<GpuWatch>& cards);
// Nothing where neither was read twice, or the cards' part is missing though they are watched.
std::optional<double> energy_between(const EnergyReading& before, const EnergyReading& after, bool with_cards);
// "processor package", "GPU", "processor package and GPU".
std::string energy_name(const EnergyReading& reading);

}  // namespace hardscape
