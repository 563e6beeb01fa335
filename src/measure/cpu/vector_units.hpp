// What the arithmetic of this processor's cores is built for.
#pragma once

#include <optional>
#include <string>

#include "hardscape/host.hpp"
#include "hardscape/machine.hpp"

namespace hardscape::measuring {

struct VectorUnits {
  std::string core;         // "Zen 3"
  int units = 0;            // that multiply and add
  int unit_bits = 0;
  bool up_to = false;       // some models of this family have one unit of full width
};

struct CoreModel {
  int family = 0, model = 0;
};
// Leaf 1 with its extended parts; absent where there is no such instruction.
std::optional<CoreModel> core_model(const Cpuid& cpuid);

// From data/processors/vector_units.json; absent for cores it does not list and for processors with two kinds of core.
std::optional<VectorUnits> vector_units(const Processor& processor, std::optional<CoreModel> model);

}  // namespace hardscape::measuring
