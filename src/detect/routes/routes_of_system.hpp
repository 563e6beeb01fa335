// Routes to the operating system, processors, memory and limits; each reads files of the host and adds what it saw.
#pragma once

#include "detect/sightings.hpp"
#include "hardscape/detect.hpp"

namespace hardscape {

void observe_os(const Host& host, const DetectOptions& options, Sightings& seen);              // linux_os.cpp

}  // namespace hardscape
