#include "catalogue/kinds.hpp"
#include "catalogue/record_reader.hpp"

namespace hardscape {
namespace {

std::optional<Bytes> bytes(const std::optional<std::int64_t>& value) {
  return value ? std::optional<Bytes>(Bytes{*value}) : std::nullopt;
}

std::optional<GgufSizes> gguf_sizes(RecordReader& record) {
  const auto object = record.object("gguf");
  if (!object) return std::nullopt;
  GgufSizes sizes;
  sizes.q4_k_m = bytes(object->integer("q4_k_m_bytes"));
  sizes.q8_0 = bytes(object->integer("q8_0_bytes"));
  sizes.unit_listed = object->text("unit_listed").value_or("");
  sizes.q8_0_bytes_per_param = object->number("q8_0_bytes_per_param");
  sizes.source = record.source_of(*object);
  return sizes;
}

}  // namespace

void read_record(const JsonReader& reader, ModelRecord& model) {
  RecordReader record(reader, Kind<ModelRecord>::names.record);
  model.id = record.need_text("id");
  model.name = record.need_text("name");
  model.hf_id = record.text("hf_id");
  model.family = record.text("family");
  model.aliases = record.texts("aliases");
  model.same_shape = record.texts("same_shape");
  model.licence = record.text("licence");
  model.params = record.integer("params");
  model.active_params = record.integer("active_params");
  model.checked_params = record.integer("checked_params");
  model.decode_read_params = record.integer("decode_read_params");
  model.per_layer_embedding_params = record.integer("per_layer_embedding_params");
  model.layers = record.small("layers");
  model.full_attention_layers = record.small("full_attention_layers");
  model.sliding_window_layers = record.small("sliding_window_layers");
  model.recurrent_layers = record.small("recurrent_layers");
  model.no_kv_layers = record.small("no_kv_layers");
  model.kv_shared_layers = record.small("kv_shared_layers");
  model.hidden = record.small("hidden");
  model.heads = record.small("heads");
  model.kv_heads = record.small("kv_heads");
  model.head_dim = record.small("head_dim");
  model.v_head_dim = record.small("v_head_dim");
  model.global_kv_heads = record.small("global_kv_heads");
  model.global_head_dim = record.small("global_head_dim");
  model.swa_kv_heads = record.small("swa_kv_heads");
  model.swa_window_tokens = record.small("swa_window_tokens");
  model.attention = record.text("attention");
  model.mla_kv_lora_rank = record.small("mla_kv_lora_rank");
  model.mla_rope_dim = record.small("mla_rope_dim");
  model.kv_per_token_f16 = bytes(record.integer("kv_bytes_per_token_f16"));
  model.kv_windows_f16 = bytes(record.integer("kv_window_bytes_f16"));
  model.recurrent_state = bytes(record.integer("recurrent_state_bytes"));
  model.vocabulary = record.small("vocabulary");
  model.context_max = record.integer("context_max_tokens");
  model.ffn = record.small("ffn");
  model.experts = record.small("experts");
  model.experts_active = record.small("experts_active");
  model.experts_shared = record.small("experts_shared");
  model.expert_ffn = record.small("expert_ffn");
  model.dense_first_layers = record.small("dense_first_layers");
  model.tied_embeddings = record.flag("tied_embeddings");
  model.native_quant = record.text("native_quant");
  model.gguf = gguf_sizes(record);
  model.source = record.source();
  model.notes = record.text("notes");
  record.finish();
}

}  // namespace hardscape
