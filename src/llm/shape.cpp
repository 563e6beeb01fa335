#include "hardscape/model_shape.hpp"

#include "llm/architecture.hpp"

namespace hardscape {

int ModelShape::main_layers() const {
  int n = 0;
  for (const LayerShape& layer : layers) n += layer.mtp ? 0 : 1;
  return n;
}

std::string_view to_string(AttentionKind kind) {
  switch (kind) {
    case AttentionKind::full:
      return "full";
    case AttentionKind::sliding:
      return "sliding";
    case AttentionKind::latent:
      return "latent";
  }
  return "";
}

std::string_view to_string(RecurrentKind kind) {
  switch (kind) {
    case RecurrentKind::mamba2:
      return "Mamba2";
    case RecurrentKind::gated_delta_net:
      return "gated DeltaNet";
    case RecurrentKind::kimi_delta:
      return "KDA";
    case RecurrentKind::short_convolution:
      return "short convolution";
  }
  return "";
}

std::vector<std::string> known_architectures() {
  std::vector<std::string> names;
  for (const llm::Architecture& a : llm::architectures()) {
    if (a.unsupported.empty()) names.push_back(a.id);
  }
  return names;
}

}  // namespace hardscape
