#include "hardscape/model_memory.hpp"
#include "llm/data_file.hpp"

namespace hardscape {
namespace {

RuntimeOverheads read_overheads() {
  const llm::DataFile file("memory/overheads.json");
  const auto bytes = [&](const char* key) {
    const auto row = file.top().object(key);
    return Bytes{row ? row->value("value", std::int64_t{0}) : 0};
  };
  return {bytes("device_bytes"), bytes("unified_bytes"), bytes("host_bytes")};
}

}  // namespace

const RuntimeOverheads& runtime_overheads() {
  static const RuntimeOverheads overheads = read_overheads();
  return overheads;
}

}  // namespace hardscape
