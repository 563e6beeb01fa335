#include <algorithm>

#include "base/statistics.hpp"
#include "facts/json_writing.hpp"
#include "hardscape/bench.hpp"

namespace hardscape {
namespace {

OrderedJson json_of(const BenchStatistic& s) {
  return {{"median", s.median}, {"mean", s.mean}, {"stddev", s.stddev}, {"min", s.min}, {"max", s.max}};
}

OrderedJson engine(const EngineInfo& info) {
  OrderedJson out{{"name", info.name}, {"version", info.version}, {"backend", info.backend}, {"threads", info.threads},
                  {"cpu_features", info.cpu_features}, {"devices", OrderedJson::array()}};
  for (const auto& d : info.devices)
    out["devices"].push_back({{"name", d.name}, {"description", d.description}, {"backend", d.backend}, {"kind", d.kind},
                              {"memory_total_bytes", hardscape::json_of(d.memory_total)}, {"memory_free_bytes", hardscape::json_of(d.memory_free)}});
  return out;
}

OrderedJson extrapolation(const BenchExtrapolation& e) {
  OrderedJson out{{"basis", std::string(basis_name(Origin::calibrated))},
                  {"layers", e.layers},
                  {"formula", "t = t1 + (t2 - t1) (w - w1) / (w2 - w1); w: bytes read for a token (decode), arithmetic of the prompt (prefill)"},
                  {"decode_tokens_per_s", hardscape::json_of(e.decode_tokens_per_s)},
                  {"prefill_tokens_per_s", hardscape::json_of(e.prefill_tokens_per_s)},
                  {"points", OrderedJson::array()}};
  for (const auto& p : e.points)
    out["points"].push_back({{"layers", p.layers}, {"weights_bytes", p.weights.value}, {"bytes_per_token", p.bytes_per_token.value}, {"prefill_flop", p.prefill_flop},
                             {"decode_s", p.decode_s}, {"prefill_s", p.prefill_s}, {"noise", p.noise}, {"prefill_noise", p.prefill_noise}});
  return out;
}

}  // namespace

BenchStatistic statistic_of(const std::vector<double>& values) {
  BenchStatistic out;
  if (values.empty()) return out;
  out.median = median_of(values);
  out.mean = mean_of(values);
  out.stddev = stddev_of(values);
  out.min = *std::min_element(values.begin(), values.end());
  out.max = *std::max_element(values.begin(), values.end());
  return out;
}

std::string to_json(const BenchReport& r, const Machine& machine) {
  OrderedJson out{{"schema", "hardscape.bench/1"}};
  out["machine"] = json_of(machine);
  out["engine"] = engine(r.engine);
  out["model"] = {{"path", r.model.path}, {"description", r.model.description}, {"architecture", r.model.architecture},
                  {"params", r.model.params}, {"weights_bytes", r.model.weights.value}, {"synthetic", r.model.synthetic},
                  {"catalogue_id", r.model.catalogue_id.empty() ? OrderedJson() : OrderedJson(r.model.catalogue_id)},
                  {"quant", r.model.quant.empty() ? OrderedJson() : OrderedJson(r.model.quant)}, {"active_params", hardscape::json_of(r.model.active_params)}};
  out["options"] = {{"depth", r.options.depth}, {"batch", r.options.batch}, {"ubatch", r.options.ubatch}, {"kv_type", r.options.kv_type},
                    {"cpu_only", r.options.cpu_only},
                    {"flash_attention", !r.options.flash_attention ? "auto" : *r.options.flash_attention ? "on" : "off"}, {"gpu_layers", r.options.gpu_layers ? OrderedJson(*r.options.gpu_layers) : OrderedJson()},
                    {"runs", r.options.runs}, {"threads_by_default", r.options.threads_by_default}};
  out["flash_attention"] = hardscape::json_of(r.flash_attention);
  out["extrapolated"] = r.extrapolation.has_value();
  if (r.extrapolation) out["extrapolation"] = extrapolation(*r.extrapolation);
  out["prompt_tokens"] = r.prompt_tokens;
  out["generated_tokens"] = r.generated_tokens;
  out["decode_depth_tokens"] = r.options.depth + r.prompt_tokens;  // what is in context when decoding begins
  out["load_s"] = r.extrapolation ? OrderedJson() : OrderedJson(r.load_s);
  out["time_to_first_token_s"] = json_of(r.time_to_first_token_s);
  out["prefill_tokens_per_s"] = json_of(r.prefill_tokens_per_s);
  out["decode_tokens_per_s"] = json_of(r.decode_tokens_per_s);
  out["total_s"] = json_of(r.total_s);
  out["peak_memory_bytes"] = r.peak_memory.value > 0 ? OrderedJson(r.peak_memory.value) : OrderedJson();
  out["peak_device_memory_bytes"] = hardscape::json_of(r.peak_device_memory);
  out["joules_per_token"] = hardscape::json_of(r.joules_per_token);
  out["energy_of"] = r.energy_of.empty() ? OrderedJson() : OrderedJson(r.energy_of);
  out["bytes_per_token"] = hardscape::json_of(r.bytes_per_token);
  out["memory_roof"] = nullptr;
  if (r.memory_roof)
    out["memory_roof"] = {{"device", r.memory_roof->device}, {"kernel", r.memory_roof->kernel}, {"bandwidth_bytes_per_s", r.memory_roof->bandwidth.value},
                          {"share", r.memory_roof->share}, {"source", r.memory_roof->source}, {"disturbed", r.memory_roof->disturbed}};
  if (r.text) out["text"] = *r.text;
  out["repeated"] = r.repeated;
  out["samples"] = OrderedJson::array();
  for (const auto& s : r.samples)
    out["samples"].push_back({{"prefill_s", s.prefill_s}, {"time_to_first_token_s", s.time_to_first_token_s}, {"decode_s", s.decode_s},
                              {"total_s", s.total_s}, {"prompt_tokens", s.prompt_tokens}, {"generated_tokens", s.generated_tokens},
                              {"energy_j", hardscape::json_of(s.energy_j)}, {"disturbed", s.disturbed}});
  out["reference"] = OrderedJson::array();
  for (const auto& ref : r.references)
    out["reference"].push_back({{"hardware", ref.hardware}, {"backend", ref.backend}, {"model", ref.model}, {"quant", ref.quant},
                                {"tokens_per_s", ref.tokens_per_s}, {"ratio", ref.ratio}, {"similar_hardware", ref.similar_hardware},
                                {"source", ref.source}, {"date", ref.date}});
  out["notes"] = OrderedJson::array();
  for (const auto& note : r.notes)
    out["notes"].push_back({{"severity", std::string(to_string(note.severity))}, {"code", note.code}, {"message", note.message},
                            {"advice", hardscape::json_of(note.advice)}});
  return dump_document(out);
}

}  // namespace hardscape
