// Parameters by name, so that files and fits can list them.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/json_reading.hpp"
#include "hardscape/predict_backend.hpp"

namespace hardscape::predict {

template <class Owner>
struct Parameter {
  std::string_view name;   // key in the data files
  double Owner::*member;
};

// Those that a record gives; the others stay as they are.
template <class Owner>
void take(Owner& owner, const std::optional<JsonReader>& record, std::span<const Parameter<Owner>> parameters) {
  if (!record) return;
  for (const auto& parameter : parameters)
    if (const auto value = record->number(parameter.name)) owner.*parameter.member = *value;
}

std::span<const Parameter<DecodeParameters>> decode_parameters();
std::span<const Parameter<PrefillParameters>> prefill_parameters();
std::span<const Parameter<Architecture>> architecture_parameters();
std::span<const Parameter<Architecture::OnApi>> architecture_api_parameters();

// The loaded tables, for the accuracy bench that fits them. Not for use while another thread predicts.
std::span<Backend> editable_backends();
std::span<Architecture> editable_architectures();

}  // namespace hardscape::predict
