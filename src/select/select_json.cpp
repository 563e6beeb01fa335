#include "base/json_reading.hpp"
#include "facts/json_writing.hpp"
#include "hardscape/select.hpp"

namespace hardscape {
namespace {

using hardscape::json_of;  // what follows would hide them

OrderedJson json_of(const Limits& l) {
  OrderedJson json = {{"portable", l.portable}, {"must_own", l.must_own}, {"must_rent", l.must_rent}, {"vendors", l.vendors}};
  json["noise"] = l.noise ? OrderedJson(to_string(*l.noise)) : OrderedJson(nullptr);
  json["circuit_w"] = json_of(l.circuit);
  json["size"] = l.size ? OrderedJson(to_string(*l.size)) : OrderedJson(nullptr);
  json["os"] = json_of(l.os);
  return json;
}

OrderedJson json_of(const AskedQuestion& asked) {
  const Question& q = asked.question;
  return {{"budget_usd", json_of(q.budget)},
          {"monthly_budget_usd", json_of(q.monthly_budget)},
          {"use_case", to_string(q.use_case)},
          {"location", to_string(q.location)},
          {"priority", to_string(q.priority)},
          {"model_size", q.model},
          {"quant", q.quant},
          {"context", q.context},
          {"concurrency", q.concurrency},
          {"wanted_tokens_per_s", json_of(q.wanted)},
          {"hours_per_day", json_of(q.hours_per_day)},
          {"years", q.years},
          {"electricity_usd_per_kwh", json_of(q.electricity)},
          {"pue", asked.pue},
          {"limits", json_of(q.limits)},
          {"assumptions", asked.assumptions}};
}

OrderedJson json_of(const Part& part) {
  OrderedJson json = {{part.offer ? "offer" : "catalogue_id", part.id}, {"name", part.name}, {"count", part.count}};
  if (part.usd) json["usd"] = json_of(*part.usd);
  if (!part.price_note.empty()) json["price_note"] = part.price_note;
  if (!part.price_id.empty()) json["price_id"] = part.price_id;
  return json;
}

OrderedJson json_of(const Option& o) {
  const Candidate& c = o.candidate;
  const Performance& p = o.performance;
  OrderedJson json = {{"name", c.name}, {"form", to_string(c.form)}, {"parts", OrderedJson::array()}};
  for (const Part& part : c.parts) json["parts"].push_back(json_of(part));
  if (c.usd_per_hour) json["usd_per_hour"] = json_of(*c.usd_per_hour);
  if (c.usd) json["total_usd"] = json_of(*c.usd);
  if (!c.rent_note.empty()) json["price_note"] = c.rent_note;
  json["over_years_usd"] = json_of(o.over_years_usd);
  json["power_w"] = c.load.value;
  json["fits"] = {{"model", p.model},
                  {"quant", p.quant},
                  {"context", p.context},
                  {"verdict", p.tight ? "tight" : "fits"},
                  {"needed_bytes", p.needed.value},
                  {"available_bytes", p.available.value}};
  json["decode_tokens_per_s"] = json_of(p.decode);
  json["prefill_tokens_per_s"] = json_of(p.prefill);
  json["engine"] = p.engine.empty() ? Json(nullptr) : Json(p.engine);
  if (p.training) {
    json["training_tokens_per_s"] = json_of(p.training);
    json["training_method"] = p.training_method;
  }
  json["energy_joules_per_token"] = json_of(o.joules_per_token);
  json["why"] = o.why;
  json["warnings"] = o.warnings;
  return json;
}

}  // namespace

std::string to_json(const Recommendation& r) {
  OrderedJson json = {{"schema", "hardscape.select/1"}, {"policy", "optimise"}, {"question", json_of(r.asked)}, {"model", r.model}};
  json["primary"] = r.primary ? json_of(*r.primary) : OrderedJson(nullptr);
  json["alternatives"] = OrderedJson::array();
  for (const Option& o : r.alternatives) json["alternatives"].push_back(json_of(o));
  json["rejected"] = OrderedJson::array();
  for (const Rejected& x : r.rejected) json["rejected"].push_back({{"name", x.name}, {"reason", x.reason}});
  json["clashes"] = OrderedJson::array();
  for (const Clash& x : r.clashes) json["clashes"].push_back({{"limits", x.limits}, {"relaxation", x.relaxation}});
  json["worth_measuring"] = r.worth_measuring;
  json["notes"] = r.notes;
  json["considered"] = r.considered;
  return dump_document(json);
}

}  // namespace hardscape
