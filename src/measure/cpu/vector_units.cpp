#include "measure/cpu/vector_units.hpp"

#include "base/embedded.hpp"
#include "base/json_reading.hpp"

namespace hardscape::measuring {

std::optional<CoreModel> core_model(const Cpuid& cpuid) {
  const auto leaf = cpuid ? cpuid(1, 0) : std::nullopt;
  if (!leaf) return std::nullopt;
  // Intel SDM volume 2A, CPUID: the extended parts count for family 15 (and for model also in family 6).
  const auto bits = [&](int low, std::uint32_t mask) { return static_cast<int>((leaf->eax >> low) & mask); };
  CoreModel out{bits(8, 15), bits(4, 15)};
  if (out.family == 6 || out.family == 15) out.model += bits(16, 15) << 4;
  if (out.family == 15) out.family += bits(20, 255);
  return out;
}

std::optional<VectorUnits> vector_units(const Processor& processor, std::optional<CoreModel> model) {
  if (!model || !processor.kinds.empty()) return std::nullopt;
  constexpr std::string_view k_name = "processors/vector_units.json";
  const auto json = parse_json(embedded_text(k_name), k_name);
  if (!json) return std::nullopt;
  for (const auto& row : json->at("cores"))
    if (row.at("vendor") == processor.vendor && row.at("family") == model->family && row.at("models").at(0) <= model->model &&
        row.at("models").at(1) >= model->model)
      return VectorUnits{row.at("name"), row.at("units"), row.at("unit_bits"), row.value("up_to", false)};
  return std::nullopt;
}

}  // namespace hardscape::measuring
