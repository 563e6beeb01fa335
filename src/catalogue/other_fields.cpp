// Fields of models, offers, links, runtimes, energy and sources.
#include <fmt/format.h>

#include "catalogue/field_list.hpp"

namespace hardscape {
namespace {

std::optional<int> year_of(const std::string& date) {
  const auto year = parse_integer(std::string_view(date).substr(0, 4));
  return year && *year > 1900 && *year < 3000 ? std::optional<int>(static_cast<int>(*year)) : std::nullopt;
}

void params(FieldList& fields, const char* key, const char* label, const std::optional<std::int64_t>& value, const Source& source) {
  if (value) fields.number(key, label, static_cast<double>(*value), count_words(static_cast<double>(*value)), source);
}

void size(FieldList& fields, const char* key, const char* label, const std::optional<Bytes>& value, const Source& source) {
  if (value) fields.number(key, label, static_cast<double>(value->value), words_of(*value), source);
}

void add_shape(FieldList& fields, const ModelRecord& m) {
  fields.group("Shape")
      .count("layers", "Layers", m.layers, m.source)
      .count("full_attention_layers", "with full attention", m.full_attention_layers, m.source)
      .count("sliding_window_layers", "with a sliding window", m.sliding_window_layers, m.source)
      .count("recurrent_layers", "recurrent", m.recurrent_layers, m.source)
      .count("no_kv_layers", "without KV", m.no_kv_layers, m.source)
      .count("kv_shared_layers", "sharing KV", m.kv_shared_layers, m.source)
      .count("hidden", "Hidden size", m.hidden, m.source)
      .count("heads", "Heads", m.heads, m.source)
      .count("kv_heads", "KV heads", m.kv_heads, m.source)
      .count("head_dim", "Head size", m.head_dim, m.source)
      .count("v_head_dim", "Value head size", m.v_head_dim, m.source)
      .count("global_kv_heads", "KV heads of global layers", m.global_kv_heads, m.source)
      .count("global_head_dim", "Head size of global layers", m.global_head_dim, m.source)
      .count("swa_kv_heads", "KV heads of sliding layers", m.swa_kv_heads, m.source)
      .count("swa_window_tokens", "Window, tokens", m.swa_window_tokens, m.source)
      .count("mla_kv_lora_rank", "Latent width", m.mla_kv_lora_rank, m.source)
      .count("mla_rope_dim", "Rotary width beside it", m.mla_rope_dim, m.source)
      .count("ffn", "Feed-forward size", m.ffn, m.source)
      .count("experts", "Experts", m.experts, m.source)
      .count("experts_active", "active", m.experts_active, m.source)
      .count("experts_shared", "shared", m.experts_shared, m.source)
      .count("expert_ffn", "Expert size", m.expert_ffn, m.source)
      .count("dense_first_layers", "Dense layers first", m.dense_first_layers, m.source)
      .count("vocabulary", "Vocabulary", m.vocabulary, m.source);
}

}  // namespace

Record record_from(const ModelRecord& m) {
  Record record{"models", m.id, m.name, {}, {}, m.notes, m.family, m.attention, {}, {}, {}};
  FieldList fields(record);
  fields.text("name", "Name", m.name)
      .text("hf_id", "Hugging Face", m.hf_id)
      .text("family", "Family", m.family)
      .text("licence", "Licence", m.licence);
  fields.group("Size");
  params(fields, "params", "Parameters", m.params, m.source);
  params(fields, "active_params", "active per token", m.active_params, m.source);
  params(fields, "checked_params", "recomputed from the shape", m.checked_params, m.source);
  params(fields, "decode_read_params", "read per decoded token", m.decode_read_params, m.source);
  params(fields, "per_layer_embedding_params", "per-layer embeddings", m.per_layer_embedding_params, m.source);
  fields.count("context_max_tokens", "Context, tokens", m.context_max, m.source)
      .text("native_quant", "Published in", m.native_quant, m.source)
      .text("attention", "Attention", m.attention, m.source);
  add_shape(fields, m);
  fields.group("Memory");
  size(fields, "kv_bytes_per_token_f16", "KV per token, f16", m.kv_per_token_f16, m.source);
  size(fields, "kv_window_bytes_f16", "KV of full windows, f16", m.kv_windows_f16, m.source);
  size(fields, "recurrent_state_bytes", "Recurrent state", m.recurrent_state, m.source);
  if (m.gguf) {
    size(fields, "q4_k_m_bytes", "GGUF file, Q4_K_M", m.gguf->q4_k_m, m.gguf->source);
    size(fields, "q8_0_bytes", "GGUF file, Q8_0", m.gguf->q8_0, m.gguf->source);
    fields.text("unit_listed", "Unit that the source used", m.gguf->unit_listed);
    if (m.gguf->q4_k_m) record.memory_bytes.push_back(static_cast<double>(m.gguf->q4_k_m->value));
  }
  fields.group("Recognised by").texts("aliases", "Other names", m.aliases).texts("same_shape", "Same shape", m.same_shape);
  return record;
}

Record record_from(const CloudOffer& o) {
  Record record{"offers", o.id, o.instance.empty() ? o.gpu : o.instance, {}, {}, o.notes, o.provider, "", {}, {}, {}};
  FieldList fields(record);
  fields.text("provider", "Provider", o.provider)
      .text("instance", "Instance", o.instance)
      .text("gpu", "Device, as written there", o.gpu)
      .text("device", "Catalogue device", o.device_id)
      .number("count", "Devices", static_cast<double>(o.count), std::to_string(o.count))
      .text("region", "Region", o.region);
  fields.group("Price per hour")
      .known("on_demand_usd_per_hour", "On demand", o.on_demand)
      .known("spot_usd_per_hour", "Spot", o.spot)
      .known("reserved_usd_per_hour", "Reserved", o.reserved)
      .flag("per_device", "Price of one device", o.per_device)
      .flag("excludes_host", "Processor and memory billed apart", o.excludes_host)
      .flag("suspect", "Suspect", o.suspect);
  const auto& price = o.on_demand ? o.on_demand : o.spot;
  if (price) {
    record.price_usd = price->value.value / (o.per_device ? 1 : o.count);
    record.year = year_of(price->source.date);
    fields.number("usd_per_device_hour", "Per device", record.price_usd, words_of(UsdPerHour{*record.price_usd}), price->source);
  }
  return record;
}

Record record_from(const Interconnect& l) {
  Record record{"interconnects", l.id, l.name, {}, l.superseded, l.notes, "", l.kind, {}, {}, {}};
  FieldList fields(record);
  fields.text("name", "Name", l.name)
      .text("kind", "Kind", l.kind)
      .text("range", "Range", l.range)
      .known("per_direction_bytes_per_s", "Each way", l.per_direction)
      .known("total_bytes_per_s", "Both ways together", l.total)
      .known("latency_s", "Latency of a hop", l.latency)
      .known("cost_per_port_usd", "Cost of a port", l.cost_per_port)
      .texts("aliases", "Other names", l.aliases);
  if (l.cost_per_port) record.price_usd = l.cost_per_port->value.value;
  return record;
}

Record record_from(const Runtime& r) {
  Record record{"runtimes", r.id, r.name, {}, r.superseded, r.notes, r.vendor, r.llm_support, {}, {}, {}};
  FieldList(record)
      .text("name", "Name", r.name)
      .text("vendor", "Vendor", r.vendor)
      .text("licence", "Licence", r.licence, r.source)
      .text("llm_support", "Language models", r.llm_support, r.source)
      .texts("hardware", "Hardware", r.hardware, r.source)
      .texts("backends", "Back ends", r.backends, r.source)
      .texts("formats", "Reads", r.formats, r.source)
      .texts("quantisations", "Quantisations", r.quantisations, r.source)
      .texts("platforms", "Platforms", r.platforms, r.source)
      .texts("aliases", "Other names", r.aliases);
  return record;
}

Record record_from(const EnergyTariff& t) {
  Record record{"tariffs", t.id, t.region, {}, {}, {}, "", "", {}, {}, {}};
  FieldList(record)
      .text("region", "Region", t.region)
      .known("residential_usd_per_kwh", "Homes", t.residential)
      .known("commercial_usd_per_kwh", "Businesses", t.commercial)
      .known("industrial_usd_per_kwh", "Industry", t.industrial)
      .known("average_usd_per_kwh", "Average", t.average);
  if (t.average) {
    record.price_usd = t.average->value.value;
    record.year = year_of(t.average->source.date);
  }
  return record;
}

Record record_from(const GridCarbon& g) {
  Record record{"grids", g.id, g.region, {}, {}, {}, "", "", {}, {}, {}};
  FieldList fields(record);
  fields.text("region", "Region", g.region);
  if (g.grams_per_kwh) {
    fields.number("grams_per_kwh", "CO2-equivalent", g.grams_per_kwh->value, fmt::format("{:.0f} g/kWh", g.grams_per_kwh->value),
                  g.grams_per_kwh->source);
    record.year = year_of(g.grams_per_kwh->source.date);
  }
  return record;
}

Record record_from(const FacilityOverhead& f) {
  Record record{"facilities", f.id, f.name, {}, {}, {}, "", "", {}, {}, {}};
  FieldList fields(record);
  fields.text("name", "Facility", f.name);
  if (f.pue) {
    fields.number("pue", "PUE", f.pue->value, fmt::format("{:.2f}", f.pue->value), f.pue->source);
    record.year = year_of(f.pue->source.date);
  }
  return record;
}

Record record_from(const SourceRecord& s) {
  Record record{"sources", s.id, s.title, {}, {}, s.notes, "", "", {}, {}, year_of(s.date)};
  FieldList(record).text("title", "Title", s.title).text("url", "Address", s.url).text("date", "Date", s.date).text("licence", "Licence", s.licence);
  return record;
}

}  // namespace hardscape
