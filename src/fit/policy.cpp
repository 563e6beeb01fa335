#include <algorithm>

#include "fit/data_file.hpp"
#include "hardscape/fit_pools.hpp"
#include "hardscape/model_memory.hpp"

namespace hardscape {
namespace {

Portion portion(const nlohmann::json& row) {
  return {row.value("fraction", 0.0), Bytes{row.value("at_least_bytes", std::int64_t{0})},
          Bytes{row.value("at_most_bytes", std::int64_t{0})}};
}

FitPolicy read_policy() {
  const auto json = fit_data::file("fit/policy.json");
  FitPolicy policy;
  if (!json.is_object()) return policy;
  const auto row = [&](const char* key) { return json.value(key, nlohmann::json::object()); };
  const auto amount = [&](const char* key) { return Bytes{row(key).value("value", std::int64_t{0})}; };
  policy.host_reserve = portion(row("host_reserve"));
  policy.unified_reserve = portion(row("unified_reserve"));
  policy.device_reserve_linux = amount("device_reserve_linux_bytes");
  policy.device_reserve_windows = amount("device_reserve_windows_bytes");
  policy.device_reserve_other = amount("device_reserve_other_bytes");
  policy.device_overhead = runtime_overheads().device;
  policy.unified_overhead = runtime_overheads().unified;
  policy.host_overhead = runtime_overheads().host;
  policy.device_headroom = portion(row("device_headroom"));
  policy.host_headroom = portion(row("host_headroom"));
  const auto apple = row("apple_working_set");
  policy.apple_small_fraction = apple.value("small_fraction", 0.0);
  policy.apple_large_fraction = apple.value("large_fraction", 0.0);
  policy.apple_small_limit = Bytes{apple.value("small_limit_bytes", std::int64_t{0})};
  return policy;
}

}  // namespace

Bytes Portion::of(Bytes whole) const {
  const auto part = static_cast<std::int64_t>(fraction * static_cast<double>(whole.value));
  return Bytes{std::clamp(part, at_least.value, std::max(at_least.value, at_most.value))};
}

const FitPolicy& default_fit_policy() {
  static const FitPolicy policy = read_policy();
  return policy;
}

}  // namespace hardscape
