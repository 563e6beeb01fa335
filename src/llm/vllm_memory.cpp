#include <cmath>

#include "hardscape/model_memory.hpp"

namespace hardscape {

Bytes vllm_kv_budget(const VllmMemory& m) {
  const auto usable = static_cast<std::int64_t>(std::floor(m.utilisation * static_cast<double>(m.device.value)));
  return Bytes{usable} - m.weights - m.activation - m.non_torch;
}

std::int64_t vllm_sequences(Bytes budget, int devices, Bytes kv_per_token, std::int64_t tokens) {
  if (budget.value <= 0 || devices <= 0 || kv_per_token.value <= 0 || tokens <= 0) return 0;
  return budget.value / kv_per_token.value * devices / tokens;
}

}  // namespace hardscape
