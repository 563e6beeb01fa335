#include "hardscape/detect.hpp"

#include "detect/assemble.hpp"
#include "detect/routes.hpp"

namespace hardscape {

Machine detect(const Host& host, const DetectOptions& options) { return assemble(observe(host, options)); }

}  // namespace hardscape
