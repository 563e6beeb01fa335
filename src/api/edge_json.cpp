#include <nlohmann/json.hpp>

#include "hardscape/edge.hpp"

namespace hardscape {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const EdgeCell& c) {
  Json json = {{"size", c.size}, {"model", c.model}, {"verdict", c.verdict}, {"needed_bytes", c.needed.value}};
  json["left_bytes"] = c.left ? Json(c.left->value) : Json(nullptr);
  json["decode_tokens_per_s"] = nullptr;
  if (c.decode) {
    json["decode_tokens_per_s"] = {
        {"low", c.decode->low}, {"mid", c.decode->mid}, {"high", c.decode->high}, {"basis", basis_name(c.decode->basis)}};
  }
  json["energy_joules_per_token"] = c.joules_per_token ? Json(*c.joules_per_token) : Json(nullptr);
  json["measured"] = Json::array();
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

Json json_of(const EdgeRow& r) {
  Json json = {{"device", r.key},
               {"catalogue_id", r.device_id},
               {"name", r.name},
               {"memory_bytes", r.memory.value},
               {"usable_bytes", r.usable.value > 0 ? Json(r.usable.value) : Json(nullptr)},
               {"power_w", r.load.value > 0 ? Json(r.load.value) : Json(nullptr)},
               {"power_source", r.load_source},
               {"runs_on", r.runs_on},
               {"npu", r.npu.empty() ? Json(nullptr) : Json(r.npu)},
               {"note", r.note.empty() ? Json(nullptr) : Json(r.note)},
               {"models", Json::array()}};
  for (const EdgeCell& c : r.cells) json["models"].push_back(json_of(c));
  return json;
}

Json json_of(const NeuralProcessor& n) {
  return {{"id", n.id},
          {"name", n.name},
          {"found_in", n.found_in},
          {"int8_ops", n.int8_tops ? Json(*n.int8_tops * k_tera) : Json(nullptr)},
          {"ops_note", n.tops_note},
          {"language_models", n.language_models},
          {"runs", n.runs},
          {"cannot", n.cannot},
          {"runtimes", n.runtimes},
          {"source", n.source}};
}

}  // namespace

std::string to_json(const EdgeMatrix& m) {
  Json json = {{"schema", "hardscape.edge/1"},
               {"question", {{"quant", m.question.quant}, {"context", m.question.context}, {"models", m.sizes}}},
               {"results", Json::array()},
               {"npus", Json::array()}};
  for (const EdgeRow& r : m.rows) json["results"].push_back(json_of(r));
  for (const NeuralProcessor& n : m.npus) json["npus"].push_back(json_of(n));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hardscape
