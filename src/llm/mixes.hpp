// The quantiser's choice of a number format for each tensor, from data/quantisations/mixes.json.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hardscape/quantization.hpp"
#include "llm/tensor_plan.hpp"

namespace hardscape::llm {

enum class LayerSet { all, more_bits, first_2, first_4, first_8th, first_16th, middle };

struct MixRule {
  Category category = Category::other;
  const NumberFormat* format = nullptr;
  LayerSet layers = LayerSet::all;
  int gqa_at_least = 0, experts = 0, not_experts = 0, experts_at_least = 0;
  bool large = false;  // only models of Llama 70B's kind
  std::string architecture, not_architecture;
};

struct Mix {
  Quantization summary;
  const NumberFormat* base = nullptr;
  const NumberFormat* output = nullptr;           // null: the base
  const NumberFormat* token_embedding = nullptr;  // null: the base
  const NumberFormat* others = nullptr;           // of all matrices but experts; null: no difference
  const NumberFormat* keep = nullptr;             // of everything that is not a linear layer (safetensors)
  std::vector<MixRule> rules;
};

const std::vector<Mix>& mixes();
Result<const Mix*> find_mix(std::string_view name);

// What the rules ask about a model.
struct MixSubject {
  std::string_view architecture;
  bool tied = false;
  bool large = false;
  int gqa = 1;
  int experts = 0;
  int layers = 0;  // MTP layers included
  const NumberFormat* experts_format = nullptr;  // that GGUF files keep the experts in; null: the mix's
  int values = 0;  // tensors of the value kind (attn_v, attn_qkv, attn_kv_b)
};
MixSubject subject_of(const ModelShape& shape, const TensorPlan& plan);

// Chooses in file order: some rules count the tensors of a kind that came before.
class FormatChooser {
 public:
  FormatChooser(const Mix& mix, const MixSubject& subject);

  // Of the next tensor.
  const NumberFormat& choose(const PlannedTensor& tensor);

  // The same in parts, for who knows what comes: the format wherever the tensor is; null when its place decides.
  const NumberFormat* anywhere(const PlannedTensor& tensor) const;
  // Where the place decides, that of the next tensor.
  const NumberFormat& here(const PlannedTensor& tensor) const;
  void pass(const PlannedTensor& tensor);  // goes on to the one after it
  bool asks_place_of(Category category) const;

 private:
  bool is_in(LayerSet set, const PlannedTensor& tensor) const;
  const NumberFormat* gguf_anywhere(const PlannedTensor& tensor) const;

  const Mix& mix_;
  MixSubject subject_;
  bool gguf_ = false;
  std::vector<const MixRule*> rules_;  // those that hold for the subject
  int values_seen_ = 0;
  int down_seen_ = 0;
  int gate_seen_ = 0;
  int up_seen_ = 0;
};

}  // namespace hardscape::llm
