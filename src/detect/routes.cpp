#include "detect/routes.hpp"

#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

constexpr Route k_routes[] = {
    {"os", observe_os},
};

}  // namespace

std::span<const Route> detection_routes() { return k_routes; }

Sightings observe(const Host& host, const DetectOptions& options) {
  Sightings seen;
  for (const Route& route : detection_routes()) {
    if (route.needs_live_machine && !host.is_live) continue;
    route.observe(host, options, seen);
  }
  return seen;
}

}  // namespace hardscape
