// The clock of the core this thread is on, timed: what the system reports is often another one.
#pragma once

#include <optional>

namespace hardscape::measuring {

// A chain of additions of two registers, each waiting for the one before: one cycle each on every 64-bit x86 and Arm
// core. Takes about half a millisecond; the fastest of several short chains, so that an interrupt does no harm.
// Absent on other architectures. Hertz.
std::optional<double> measured_clock();

}  // namespace hardscape::measuring
