// The live ChildRunner; see Host::child.
#pragma once

#include "hardscape/host.hpp"

namespace hardscape {

Result<std::string> run_in_child(const ChildWork& work, std::chrono::milliseconds limit);

}  // namespace hardscape
