// What is published about a language model's shape, as raw facts: data/models/*.json, one record a model.
//
// Nothing is computed here; what a source does not say is absent. Counts are plain numbers, parameters are counted in
// ones (8030000000), sizes in bytes, contexts in tokens. The facts of one record share one source, but for its GGUF
// sizes. ModelShape (llm) is made from this.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hardscape/provenance.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

// Sizes of published GGUF files. `unit_listed` says whether the source's figures were read as GB or GiB, which was
// judged by q8_0_bytes_per_param, or only assumed.
struct GgufSizes {
  std::optional<Bytes> q4_k_m;
  std::optional<Bytes> q8_0;
  std::string unit_listed;
  std::optional<double> q8_0_bytes_per_param;
  Source source;

  friend bool operator==(const GgufSizes&, const GgufSizes&) = default;
};

struct ModelRecord {
  std::string id;                       // "llama-3.1-8b"
  std::string name;                     // "Llama 3.1 8B"
  std::string hf_id;                    // "meta-llama/Llama-3.1-8B-Instruct"
  std::string family;                   // "Llama"
  std::vector<std::string> aliases;     // other names of the same weights
  std::vector<std::string> same_shape;  // other models whose weights and KV have the same sizes; context may differ
  std::string licence;                  // empty: not stated by the source

  std::optional<std::int64_t> params;              // published or uploaded total
  std::optional<std::int64_t> active_params;       // per token
  std::optional<std::int64_t> checked_params;      // recomputed from the shape: the language part
  std::optional<std::int64_t> decode_read_params;  // read for one decoded token (no embedding table)
  std::optional<std::int64_t> per_layer_embedding_params;  // may stay in host memory (Gemma 3n, 4 E)

  std::optional<int> layers;
  std::optional<int> full_attention_layers;
  std::optional<int> sliding_window_layers;
  std::optional<int> recurrent_layers;       // linear attention, state space, short convolution
  std::optional<int> no_kv_layers;           // neither KV nor state of their own (MLP-only blocks)
  std::optional<int> kv_shared_layers;       // reuse the KV of earlier layers, allocate none
  std::optional<int> hidden;
  std::optional<int> heads;
  std::optional<int> kv_heads;
  std::optional<int> head_dim;
  std::optional<int> v_head_dim;             // where values are narrower or wider than keys
  std::optional<int> global_kv_heads;        // of full-attention layers, where they differ
  std::optional<int> global_head_dim;
  std::optional<int> swa_kv_heads;           // of sliding-window layers, where they differ
  std::optional<int> swa_window_tokens;
  std::string attention;                     // "GQA", "GQA+SWA", "MLA", "GQA+Mamba2" ...
  std::optional<int> mla_kv_lora_rank;       // latent width kept per token
  std::optional<int> mla_rope_dim;           // and the rotary part beside it

  std::optional<Bytes> kv_per_token_f16;       // of the layers whose KV grows with the context
  std::optional<Bytes> kv_windows_f16;         // of all sliding windows once full
  std::optional<Bytes> recurrent_state;        // per sequence, as llama.cpp keeps it

  std::optional<int> vocabulary;
  std::optional<std::int64_t> context_max;     // tokens
  std::optional<int> ffn;
  std::optional<int> experts;
  std::optional<int> experts_active;
  std::optional<int> experts_shared;
  std::optional<int> expert_ffn;
  std::optional<int> dense_first_layers;       // leading layers without experts
  std::optional<bool> tied_embeddings;
  std::string native_quant;                    // of the published weights: "bf16", "fp8", "mxfp4"
  std::optional<GgufSizes> gguf;

  Source source;
  std::string notes;

  friend bool operator==(const ModelRecord&, const ModelRecord&) = default;
};

}  // namespace hardscape
