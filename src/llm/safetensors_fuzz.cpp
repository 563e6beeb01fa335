#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hardscape/safetensors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hardscape;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto header = read_safetensors(bytes_of(text, "fuzz"), {.whole = false});
  if (header && header->tensor_bytes().value < 0) __builtin_trap();
  return 0;
}
