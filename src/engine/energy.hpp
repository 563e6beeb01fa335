// Energy counters of the processor packages, where the kernel gives them to this user (Intel and AMD RAPL).
#pragma once

#include <optional>
#include <vector>

#include "hardscape/host.hpp"

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

}  // namespace hardscape
