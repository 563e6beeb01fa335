#include "catalogue/unified_share.hpp"

#include "base/embedded.hpp"
#include "base/json_reading.hpp"

namespace hardscape {

UnifiedShare unified_share(const Device& device, Bytes memory) {
  for (std::size_t i = 0; i < k_data_files_count; ++i) {
    if (std::string_view(k_data_files[i].name) != "unified_memory.json") continue;
    const auto json = JsonDocument::parse(k_data_files[i].text(), k_data_files[i].name);
    if (!json) break;
    std::optional<Error> failure;
    for (const auto& row : JsonReader(json->root(), "", failure).array("shares")) {
      const auto vendor = row.need_text("vendor");
      const auto device_class = row.need_text("class");
      const auto up_to = row.integer("up_to_bytes");
      if (!vendor.empty() && vendor != device.vendor) continue;
      if (!device_class.empty() && device_class != device.device_class) continue;
      if (up_to && memory.value > *up_to) continue;
      return {row.need_number("gpu_share"), row.need_text("source"), row.need_text("notes")};
    }
  }
  return {};
}

}  // namespace hardscape
