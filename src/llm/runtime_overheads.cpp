#include <nlohmann/json.hpp>

#include "base/embedded.hpp"
#include "hardscape/model_memory.hpp"

namespace hardscape {
namespace {

RuntimeOverheads read_overheads() {
  nlohmann::json document;
  for (std::size_t i = 0; i < k_data_files_count; ++i) {
    if (k_data_files[i].name == std::string_view("memory/overheads.json")) {
      document = nlohmann::json::parse(k_data_files[i].text(), nullptr, false);
    }
  }
  const auto bytes = [&](const char* key) {
    if (!document.is_object() || !document.contains(key)) return Bytes{0};
    return Bytes{document[key].value("value", std::int64_t{0})};
  };
  return {bytes("device_bytes"), bytes("unified_bytes"), bytes("host_bytes")};
}

}  // namespace

const RuntimeOverheads& runtime_overheads() {
  static const RuntimeOverheads overheads = read_overheads();
  return overheads;
}

}  // namespace hardscape
