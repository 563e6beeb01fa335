#include "predict/parameters.hpp"

#include <array>

namespace hardscape::predict {

std::span<const Parameter<DecodeParameters>> decode_parameters() {
  using P = DecodeParameters;
  static constexpr std::array k_rows{
      Parameter<P>{"memory_efficiency", &P::memory_efficiency},
      Parameter<P>{"unit_bytes", &P::unit_bytes},
      Parameter<P>{"kv_efficiency", &P::kv_efficiency},
      Parameter<P>{"dequantise", &P::dequantise},
      Parameter<P>{"k_quant_factor", &P::k_quant_factor},
      Parameter<P>{"layer_s", &P::layer_s},
      Parameter<P>{"token_s", &P::token_s},
      Parameter<P>{"expert_layer_s", &P::expert_layer_s},
  };
  return k_rows;
}

std::span<const Parameter<PrefillParameters>> prefill_parameters() {
  using P = PrefillParameters;
  static constexpr std::array k_rows{
      Parameter<P>{"vector_cost", &P::vector_cost},
      Parameter<P>{"matrix_cost", &P::matrix_cost},
      Parameter<P>{"vector_cost_f16", &P::vector_cost_f16},
      Parameter<P>{"matrix_cost_f16", &P::matrix_cost_f16},
      Parameter<P>{"k_quant_factor", &P::k_quant_factor},
      Parameter<P>{"dequantise_traffic", &P::dequantise_traffic},
      Parameter<P>{"layer_s", &P::layer_s},
      Parameter<P>{"attention_cost", &P::attention_cost},
      Parameter<P>{"attention_traffic", &P::attention_traffic},
      Parameter<P>{"query_tile", &P::query_tile},
      Parameter<P>{"half_tokens", &P::half_tokens},
      Parameter<P>{"half_expert_tokens", &P::half_expert_tokens},
      Parameter<P>{"expert_token_s", &P::expert_token_s},
  };
  return k_rows;
}

std::span<const Parameter<Architecture::OnApi>> architecture_api_parameters() {
  using P = Architecture::OnApi;
  static constexpr std::array k_rows{Parameter<P>{"prefill", &P::prefill}};
  return k_rows;
}

std::span<const Parameter<Architecture>> architecture_parameters() {
  using P = Architecture;
  static constexpr std::array k_rows{
      Parameter<P>{"memory", &P::memory},
      Parameter<P>{"overhead", &P::overhead},
  };
  return k_rows;
}

}  // namespace hardscape::predict
