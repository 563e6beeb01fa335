#include "catalogue/unified_share.hpp"

#include "base/json_reading.hpp"

namespace hardscape {

UnifiedShare unified_share(const Device& device, Bytes memory) {
  const auto document = JsonDocument::embedded("unified_memory.json");
  std::optional<Error> failure;
  for (const auto& row : JsonReader(document.root(), "", failure).array("shares")) {
    const auto vendor = row.need_text("vendor");
    const auto device_class = row.need_text("class");
    const auto up_to = row.integer("up_to_bytes");
    if (!vendor.empty() && vendor != device.vendor) continue;
    if (!device_class.empty() && device_class != device.device_class) continue;
    if (up_to && memory.value > *up_to) continue;
    return {row.need_number("gpu_share"), row.need_text("source"), row.need_text("notes")};
  }
  return {};
}

}  // namespace hardscape
