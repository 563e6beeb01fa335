#include "detect/routes/routes_of_system.hpp"

namespace hardscape {

void observe_memory_speed(const Host&, const DetectOptions&, Sightings&) {}

}  // namespace hardscape
