#include "api/advise_json.hpp"

#include "api/evidence_json.hpp"
#include "facts/json_writing.hpp"
#include "hardscape/advise.hpp"

namespace hardscape {
namespace {

OrderedJson parts_json(const MemoryParts& parts) {
  return {{"weights_bytes", parts.weights.value},     {"kv_bytes", parts.kv.value},
          {"recurrent_bytes", parts.recurrent.value}, {"compute_bytes", parts.compute.value},
          {"overhead_bytes", parts.overhead.value},   {"total_bytes", parts.total().value}};
}

OrderedJson share_json(const DeviceShare& share) {
  OrderedJson json{{"device", share.device}, {"name", share.name}, {"bytes", share.bytes.total().value}};
  json["free_bytes"] = share.free.value;
  json["layers"] = share.layers;
  if (share.expert_layers > 0) json["expert_layers"] = share.expert_layers;
  json["memory"] = parts_json(share.bytes);
  return json;
}

OrderedJson note_json(const Note& note) {
  return {{"severity", std::string(to_string(note.severity))}, {"code", note.code}, {"message", note.message},
          {"advice", json_of(note.advice)}};
}

}  // namespace

OrderedJson json_of(const FitRow& row) {
  const Placement& placement = row.placement;
  OrderedJson json;
  json["model"] = row.model;
  json["name"] = row.name;
  if (!row.device.empty()) json["machine"] = row.device;
  if (row.params) json["params"] = *row.params;
  json["quant"] = placement.quant;
  json["context"] = placement.context;
  json["parallel"] = placement.parallel;
  json["kv_type"] = placement.kv_type;
  json["verdict"] = std::string(to_string(placement.verdict));
  json["memory"] = parts_json(placement.memory);
  json["layers"] = placement.layers;
  json["device_layers"] = placement.device_layers;
  OrderedJson shares = OrderedJson::array();
  for (const DeviceShare& share : placement.devices) shares.push_back(share_json(share));
  json["placement"] = std::move(shares);
  if (placement.verdict == Verdict::no) {
    json["missing_bytes"] = placement.missing.value;
    json["missing_on"] = placement.missing_on;
  } else {
    json["spare_bytes"] = placement.spare.value;
  }
  if (placement.missing_for_device.value > 0) json["missing_on_accelerators_bytes"] = placement.missing_for_device.value;
  OrderedJson remedies = OrderedJson::array();
  for (const Remedy& remedy : placement.remedies)
    remedies.push_back({{"kind", remedy.kind}, {"value", remedy.value}, {"verdict", std::string(to_string(remedy.verdict))}});
  if (!remedies.empty()) json["remedies"] = std::move(remedies);
  json["decode_tokens_per_s"] = row.speed.decode ? json_of(*row.speed.decode) : OrderedJson();
  json["prefill_tokens_per_s"] = row.speed.prefill ? json_of(*row.speed.prefill) : OrderedJson();
  if (!row.speed.evidence.empty()) json["evidence"] = json_of(row.speed.evidence);
  json["bound"] = row.speed.bound.empty() ? OrderedJson() : OrderedJson(row.speed.bound);
  OrderedJson notes = OrderedJson::array();
  for (const Note& note : placement.notes) notes.push_back(note_json(note));
  if (!row.speed.why_not.empty() && placement.verdict != Verdict::no)
    notes.push_back(note_json({Severity::info, "speed-unknown", row.speed.why_not, std::nullopt}));
  json["notes"] = std::move(notes);
  return json;
}

std::string to_json(const std::vector<FitRow>& rows, const Evidence& evidence) {
  OrderedJson results = OrderedJson::array();
  for (const FitRow& row : rows) results.push_back(json_of(row));
  OrderedJson document{{"schema", "hardscape.fit/1"}, {"results", std::move(results)}};
  if (!evidence.empty()) document["evidence"] = json_of(evidence_used(evidence));
  return dump_document(document);
}

}  // namespace hardscape
