#include "detect/routes/routes_of_system.hpp"

namespace hardscape {

void observe_os(const Host& host, const DetectOptions&, Sightings& seen) {
  seen.os.kernel = host.files.read_line("/proc/sys/kernel/osrelease");
}

}  // namespace hardscape
