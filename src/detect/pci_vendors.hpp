// Vendors as PCI's registry numbers them.
#pragma once

#include <cstdint>

namespace hardscape::pci {

inline constexpr std::uint16_t k_intel = 0x8086;
inline constexpr std::uint16_t k_nvidia = 0x10de;

}  // namespace hardscape::pci
