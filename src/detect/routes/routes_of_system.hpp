// Routes to the operating system, processors, memory and limits; each reads files of the host and adds what it saw.
#pragma once

#include "detect/sightings.hpp"
#include "hardscape/detect.hpp"

namespace hardscape {

// Each is in the file of its name. The order of routes.cpp matters where one line leans on another.
void observe_os(const Host& host, const DetectOptions& options, Sightings& seen);
void observe_board(const Host& host, const DetectOptions& options, Sightings& seen);           // before the next two
void observe_virtualization(const Host& host, const DetectOptions& options, Sightings& seen);
void observe_cpuinfo(const Host& host, const DetectOptions& options, Sightings& seen);
void observe_cpu_topology(const Host& host, const DetectOptions& options, Sightings& seen);    // sysfs, else cpuinfo
void observe_cpuid_dump(const Host& host, const DetectOptions& options, Sightings& seen);      // only without sysfs
void observe_recorded_systems(const Host& host, const DetectOptions& options, Sightings& seen);  // of macOS, Windows
void observe_numa(const Host& host, const DetectOptions& options, Sightings& seen);
void observe_caches(const Host& host, const DetectOptions& options, Sightings& seen);
void observe_core_kinds(const Host& host, const DetectOptions& options, Sightings& seen);
void observe_cpu_features(const Host& host, const DetectOptions& options, Sightings& seen);
void observe_limits(const Host& host, const DetectOptions& options, Sightings& seen);
void observe_memory(const Host& host, const DetectOptions& options, Sightings& seen);
void observe_memory_speed(const Host& host, const DetectOptions& options, Sightings& seen);
void observe_recorded_answers(const Host& host, const DetectOptions& options, Sightings& seen);  // last of all

// Compiled on their own systems only.
void observe_macos(const Host& host, const DetectOptions& options, Sightings& seen);
void observe_windows(const Host& host, const DetectOptions& options, Sightings& seen);

}  // namespace hardscape
