#include <nlohmann/json.hpp>

#include "base/json_reading.hpp"
#include "facts/json_writing.hpp"
#include "hardscape/edge.hpp"

namespace hardscape {
namespace {

OrderedJson json_of(const EdgeCell& c) {
  OrderedJson json = {{"size", c.size}, {"model", c.model}, {"quant", c.quant}, {"verdict", c.verdict}, {"needed_bytes", c.needed.value}};
  json["left_bytes"] = c.left ? OrderedJson(c.left->value) : OrderedJson(nullptr);
  json["decode_tokens_per_s"] = nullptr;
  if (c.decode) {
    json["decode_tokens_per_s"] = {
        {"low", c.decode->low}, {"mid", c.decode->mid}, {"high", c.decode->high}, {"basis", basis_name(c.decode->basis)}};
  }
  json["energy_joules_per_token"] = c.joules_per_token ? OrderedJson(*c.joules_per_token) : OrderedJson(nullptr);
  json["measured"] = OrderedJson::array();
  for (const PublishedEdgeSpeed& p : c.published) {
    json["measured"].push_back({{"decode_tokens_per_s", p.tokens_per_s.value},
                                {"model", p.model},
                                {"quant", p.quant},
                                {"engine", p.engine},
                                {"on_npu", p.on_npu},
                                {"vendor_figure", p.vendor_figure},
                                {"source", p.url}});
  }
  if (!c.why_not.empty()) json["why_not"] = c.why_not;
  return json;
}

OrderedJson json_of(const EdgeRow& r) {
  OrderedJson json = {{"device", r.key},
               {"catalogue_id", r.device_id},
               {"name", r.name},
               {"memory_bytes", r.memory.value},
               {"usable_bytes", r.usable.value > 0 ? OrderedJson(r.usable.value) : OrderedJson(nullptr)},
               {"power_w", r.load.value > 0 ? OrderedJson(r.load.value) : OrderedJson(nullptr)},
               {"power_source", r.load_source},
               {"runs_on", r.runs_on},
               {"npu", r.npu.empty() ? OrderedJson(nullptr) : OrderedJson(r.npu)},
               {"note", r.note.empty() ? OrderedJson(nullptr) : OrderedJson(r.note)},
               {"models", OrderedJson::array()}};
  for (const EdgeCell& c : r.cells) json["models"].push_back(json_of(c));
  return json;
}

OrderedJson json_of(const NeuralProcessor& n) {
  return {{"id", n.id},
          {"name", n.name},
          {"found_in", n.found_in},
          {"int8_ops", n.int8_tops ? OrderedJson(*n.int8_tops * k_tera) : OrderedJson(nullptr)},
          {"ops_note", n.tops_note},
          {"language_models", n.language_models},
          {"runs", n.runs},
          {"cannot", n.cannot},
          {"runtimes", n.runtimes},
          {"source", n.source}};
}

}  // namespace

std::string to_json(const EdgeMatrix& m) {
  OrderedJson json = {{"schema", "hardscape.edge/1"},
               {"question", {{"quant", m.question.quant}, {"context", m.question.context}, {"models", m.sizes}}},
               {"results", OrderedJson::array()},
               {"npus", OrderedJson::array()}};
  for (const EdgeRow& r : m.rows) json["results"].push_back(json_of(r));
  for (const NeuralProcessor& n : m.npus) json["npus"].push_back(json_of(n));
  return dump_document(json);
}

}  // namespace hardscape
