#include "llm/tensor_plan.hpp"

namespace hardscape::llm {
namespace {

struct NamePart {
  std::string_view part;
  Reader reader;
};

// The first part that a name contains decides; longer parts stand before those that they contain.
constexpr NamePart k_parts[] = {
    {"per_layer_token_embd", Reader::per_layer_embedding},
    {"ffn_gate_inp_shexp", Reader::shared_experts},
    {"_shexp", Reader::shared_experts},
    {"ffn_gate_inp", Reader::router},
    {"exp_probs_b", Reader::router},
    {"ffn_latent", Reader::shared_experts},
    {"ffn_routed", Reader::shared_experts},
    {"tid2eid", Reader::router},
    {"_exps", Reader::experts},
    {"_chexps", Reader::experts},
    {"ffn_gate.", Reader::dense_ffn},
    {"ffn_up.", Reader::dense_ffn},
    {"ffn_down.", Reader::dense_ffn},
    {"ffn_norm", Reader::dense_ffn},
};

}  // namespace

TensorRole role_of_name(std::string_view name) {
  TensorRole role;
  if (name == "token_embd.weight") {
    role.reader = Reader::token_embedding;
  } else if (name == "output.weight" || name == "output.bias") {
    role.reader = Reader::output;
  } else {
    for (const NamePart& p : k_parts) {
      if (name.find(p.part) != std::string_view::npos) {
        role.reader = p.reader;
        return role;
      }
    }
    if (!name.starts_with("blk.")) role.reader = Reader::outside_layers;
  }
  return role;
}

}  // namespace hardscape::llm
