// The ways by which detection learns about a machine, in the order they are asked.
#pragma once

#include <span>
#include <string_view>

#include "detect/sightings.hpp"
#include "hardscape/detect.hpp"

namespace hardscape {

struct Route {
  std::string_view name;
  void (*observe)(const Host&, const DetectOptions&, Sightings&);
  bool needs_live_machine = false;  // talks to a driver or library: skipped on a recording
};

std::span<const Route> detection_routes();

// Asks every route that applies to this host.
Sightings observe(const Host& host, const DetectOptions& options);

}  // namespace hardscape
