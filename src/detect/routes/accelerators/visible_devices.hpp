// The environment variables that hide devices from programs started here. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hardscape {

// Which of `count` devices a value of CUDA_VISIBLE_DEVICES, ROCR_VISIBLE_DEVICES or the like leaves visible: numbers
// or (parts of) identifiers, up to the first that names none, as the runtimes read it. `identifiers` may be empty texts.
// Nothing when the value names partitions and so says nothing of whole devices.
std::optional<std::vector<bool>> visible_devices(std::string_view value, const std::vector<std::string>& identifiers);

}  // namespace hardscape
