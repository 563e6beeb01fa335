#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hardscape/model_memory.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hardscape;
  const auto shape = shape_of_config({reinterpret_cast<const char*>(data), size});
  if (!shape) return 0;
  if (const auto weights = weights_of(*shape, size % 2 == 0 ? "Q4_K_M" : "AWQ-4bit")) {
    (void)memory_need(*shape, *weights, {});
  }
  return 0;
}
