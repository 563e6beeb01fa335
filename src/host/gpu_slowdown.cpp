// Sentences for what held a card back.
#include <fmt/format.h>

#include <algorithm>

#include "host/gpu_watch.hpp"
#include "host/nvml_abi.hpp"

namespace hardscape {
namespace {

struct Reason {
  std::uint64_t bits;
  bool expected;
  const char* code;
  const char* what;
  const char* advice;
};

// Reasons of nvml.h; what to do: NVIDIA's documentation of nvidia-smi.
constexpr Reason k_reasons[] = {
    {nvml::k_power_cap, true, "gpu-power-cap", "its power limit", "A higher limit, where the card allows one, is set with nvidia-smi -pl."},
    {nvml::k_application_clocks, true, "gpu-clocks-set", "clocks that somebody set", "They are given back with nvidia-smi -rac and nvidia-smi -rgc."},
    {nvml::k_software_thermal | nvml::k_hardware_thermal, false, "gpu-hot", "heat", "Look to fans, dust, air flow and the temperature of the room: speeds will fall further in long runs."},
    {nvml::k_power_brake, false, "gpu-power-brake", "a brake signal of the power supply", "The power supply or the rack cannot give what the cards want; see its management console."},
    {nvml::k_hardware_slowdown, false, "gpu-hardware-slowdown", "its own protection, which halves the clock at least", "Heat or power supply: see nvidia-smi -q -d PERFORMANCE."},
};

constexpr double k_least_share = 0.05;

}  // namespace

std::vector<GpuSlowdown> slowdowns_of(const GpuRecord& record) {
  std::vector<GpuSlowdown> out;
  for (const Reason& reason : k_reasons) {
    int most = 0;
    for (const auto& [bit, samples] : record.slowed)
      if ((bit & reason.bits) != 0) most = std::max(most, samples);
    const double share = record.busy > 0 ? static_cast<double>(most) / record.busy : 0;
    if (share < k_least_share) continue;
    std::string message = fmt::format("{} was held back by {} in {:.0f} % of the time it worked", record.gpu.name, reason.what, 100 * share);
    if (reason.bits == nvml::k_power_cap && record.limit_watts) message += fmt::format(" ({:.0f} W)", *record.limit_watts);
    if (reason.code == std::string_view("gpu-hot") && record.hottest_celsius) message += fmt::format(" (up to {:.0f} C)", *record.hottest_celsius);
    out.push_back({reason.expected, reason.code, message + ".", reason.advice});
  }
  return out;
}

}  // namespace hardscape
