// Names of ARM core designs by the numbers their identification register holds (data/detection/arm_cores.json).
#pragma once

#include <optional>
#include <string>

namespace hardscape {

struct ArmCore {
  std::string vendor;  // "Arm", "Qualcomm"; empty when the implementer is unknown
  std::string name;    // "Cortex-A76"; "part 0xd99" when the design is unknown
};

ArmCore arm_core(int implementer, int part);

// Implementer (bits 31..24) and part (15..4) of MIDR_EL1 as "0x00000000410fd850".
struct MidrNumbers {
  int implementer = 0;
  int part = 0;
};
std::optional<MidrNumbers> parse_midr(const std::string& text);

}  // namespace hardscape
