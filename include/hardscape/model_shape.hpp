// What memory and work of a language model depend on, layer by layer.
//
// Made from a catalogue record, a GGUF header or a config.json; never guessed: an architecture that is not in
// data/architectures/ is an error. Counts are elements and tokens; plain value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/result.hpp"

namespace hardscape {

struct ModelRecord;  // model_record.hpp

enum class AttentionKind {
  full,     // keys and values of every earlier token
  sliding,  // of the last `window` tokens (or of the current chunk of that size)
  latent,   // MLA: one latent of `latent_dim` and `rope_dim` rotary elements a token, no values
};

struct AttentionShape {
  AttentionKind kind = AttentionKind::full;
  int heads = 0;
  int kv_heads = 0;  // 1 for latent attention, as llama.cpp caches it
  int key_dim = 0;   // of one head; for latent attention what a head multiplies by (nope + rope)
  int value_dim = 0;
  int window = 0;       // tokens; sliding only
  int latent_dim = 0;   // latent only
  int rope_dim = 0;     // latent only
  int query_rank = 0;   // latent only; 0: queries are not compressed
  int indexer_dim = 0;  // width of a sparse-attention indexer's own key cache; 0: none
  int indexer_heads = 0;
  int attended_most = 0;            // sparse attention reads at most so many tokens; 0: all
  bool values_from_keys = false;    // one projection makes both; both are cached
  bool keys_are_values = false;     // one cached entry is both (DeepSeek-V4)
  int compression = 0;              // beside the window, one entry for so many tokens (DeepSeek-V4: 4, 128); 0: none
  int output_groups = 0;            // the output matrix is two: groups of heads to `output_rank` each, then on
  int output_rank = 0;
  std::optional<int> shares_kv_of;  // layer whose cache is read instead of an own one

  // Elements cached for one token.
  std::int64_t key_width() const {
    return kind == AttentionKind::latent ? latent_dim + rope_dim : std::int64_t{kv_heads} * key_dim;
  }
  std::int64_t value_width() const {
    return kind == AttentionKind::latent || keys_are_values ? 0 : std::int64_t{kv_heads} * value_dim;
  }
  // Entries of a compressed cache that `tokens` tokens leave.
  std::int64_t compressed(std::int64_t tokens) const { return compression > 0 ? tokens / compression : 0; }
  // 32-bit numbers that the compressors keep for a sequence: entries under way and their scores.
  std::int64_t compressor_elements() const {
    if (compression == 0) return 0;
    const std::int64_t overlap = indexer_dim > 0 ? 2 : 1;  // indexed layers average over two stretches
    return 2 * overlap * compression * overlap * (std::int64_t{key_dim} + indexer_dim);
  }

  friend bool operator==(const AttentionShape&, const AttentionShape&) = default;
};

enum class RecurrentKind { mamba2, gated_delta_net, kimi_delta, short_convolution };

// State that does not grow with the context; kept once per sequence in 32-bit floats.
struct RecurrentShape {
  RecurrentKind kind = RecurrentKind::mamba2;
  int conv_kernel = 0;
  std::int64_t conv_channels = 0;  // channels that the convolution keeps (kernel - 1) samples of
  std::int64_t inner = 0;          // value heads * head width
  int heads = 0;                   // value heads
  int groups = 0;                  // key heads
  int state_dim = 0;               // key width of a head

  std::int64_t conv_elements() const { return std::int64_t{conv_kernel > 0 ? conv_kernel - 1 : 0} * conv_channels; }
  std::int64_t state_elements() const { return std::int64_t{state_dim} * inner; }

  friend bool operator==(const RecurrentShape&, const RecurrentShape&) = default;
};

struct FeedForwardShape {
  int dense = 0;  // inner width of the dense network; 0: none
  int experts = 0;
  int experts_active = 0;
  int expert = 0;  // inner width of one routed expert
  int shared = 0;  // inner width of all shared experts together
  int latent = 0;  // routed experts work on this width instead of the model's (latent MoE); 0: the model's
  bool routed_by_token = false;  // a table over the vocabulary chooses the experts (first layers of DeepSeek-V4)

  friend bool operator==(const FeedForwardShape&, const FeedForwardShape&) = default;
};

struct LayerShape {
  std::optional<AttentionShape> attention;
  std::optional<RecurrentShape> recurrent;  // beside attention in parallel hybrids (Falcon-H1)
  FeedForwardShape ffn;
  bool mtp = false;  // drafts further tokens; not run in plain decoding
  bool mtp_tables = false;  // with an embedding and an output head of its own (GLM-4.5)

  friend bool operator==(const LayerShape&, const LayerShape&) = default;
};

struct VisionShape {
  int layers = 0;
  int hidden = 0;
  std::int64_t params = 0;  // of tower and projector
  std::int64_t bytes = 0;   // as in llama.cpp's mmproj file in F16: matrices in 16 bits, the rest in 32

  friend bool operator==(const VisionShape&, const VisionShape&) = default;
};

struct ModelShape {
  std::string id;  // catalogue id, file name or model_type
  std::string name;
  std::string architecture;  // as llama.cpp names it: "qwen3moe"
  std::vector<LayerShape> layers;
  int hidden = 0;
  int vocabulary = 0;
  std::int64_t context_max = 0;  // tokens; 0: not stated
  bool tied_embeddings = false;
  bool rope_factors = false;    // carries a table of rotary factors
  bool query_key_norm = false;  // norms queries and keys (where the architecture leaves it open)
  bool attention_bias = false;  // likewise
  int per_layer_embedding = 0;  // width a layer of Gemma 3n/4's per-layer table; 0: none
  std::optional<VisionShape> vision;
  std::string vision_unknown;          // it takes pictures, but why its tower cannot be sized; empty: neither
  std::string weights_unknown;         // why weights cannot be laid out; empty: they can
  std::optional<std::int64_t> params;  // published; else count it with parameters_of()
  std::optional<std::int64_t> active_params;
  std::string attention;  // in words, for people: "GQA+SWA"

  int main_layers() const;  // without MTP layers
  friend bool operator==(const ModelShape&, const ModelShape&) = default;
};

std::string_view to_string(AttentionKind kind);
std::string_view to_string(RecurrentKind kind);

// From the catalogue. `unsupported` when the architecture or its layer facts are not known.
Result<ModelShape> shape_of(const ModelRecord& record);
// From the text of a Hugging Face config.json. `malformed` names the key; `unsupported` an unknown model_type.
Result<ModelShape> shape_of_config(std::string_view json_text, std::string_view name = "config.json");

// Architectures known here, as llama.cpp names them.
std::vector<std::string> known_architectures();

}  // namespace hardscape
