// The cpuid instruction of this computer; empty on other architectures.
#pragma once

#include "hardscape/host.hpp"

namespace hardscape {

Cpuid live_cpuid();

}  // namespace hardscape
