// How much processor time this process may have.
#pragma once

#include <optional>

#include "hardscape/host.hpp"

namespace hardscape {

// Processors' worth of time that control groups (cpu.max) give this process; nothing where they set no limit.
std::optional<double> processor_quota(const Host& host);

}  // namespace hardscape
