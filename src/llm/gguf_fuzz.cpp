// Foreign GGUF headers: whatever the bytes are, reading ends with a header or a sentence.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hardscape/gguf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hardscape;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto header = read_gguf(bytes_of(text, "fuzz"), {.whole = false});
  if (!header) return 0;
  const auto shape = shape_of(*header);
  if (!shape) return 0;
  const ModelWeights weights = weights_of(*header, *shape);
  (void)decode_reads(*shape, weights, 1000);
  // The graph takes most of the time: one input in eight, so that many more reach the reader.
  if (size % 8 != 0) return 0;
  MemoryOptions options;
  options.parallel = 3;
  options.flash_attention = size % 16 == 0;
  if (const auto need = memory_need(*shape, weights, options); need && need->total().value < 0) __builtin_trap();
  return 0;
}
