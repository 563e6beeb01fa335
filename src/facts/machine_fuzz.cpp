// libFuzzer target: a saved machine document, as --machine FILE reads it; what is read is written again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hardscape/machine.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hardscape;
  const auto machine = machine_from_json({reinterpret_cast<const char*>(data), size}, "fuzz.json");
  if (machine) (void)to_json(*machine);
  return 0;
}
