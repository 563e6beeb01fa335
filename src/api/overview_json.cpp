#include "api/advise_json.hpp"
#include "api/evidence_json.hpp"
#include "facts/json_writing.hpp"
#include "hardscape/overview.hpp"

namespace hardscape {

std::string to_json(const Overview& overview) {
  OrderedJson document{{"schema", "hardscape.overview/1"}};
  document["machine"] = json_of(overview.machine);
  OrderedJson limits = OrderedJson::array();
  for (const Limitation& limit : overview.limits) limits.push_back({{"code", limit.code}, {"message", limit.message}});
  document["limits"] = std::move(limits);
  OrderedJson classes = OrderedJson::array();
  for (const SizeClassAnswer& one : overview.classes) {
    OrderedJson json{{"class", one.id}};
    json.update(json_of(one.row));
    classes.push_back(std::move(json));
  }
  document["classes"] = std::move(classes);
  document["best"] = overview.best ? json_of(*overview.best) : OrderedJson();
  if (overview.engine)
    document["engine"] = {{"id", overview.engine->id}, {"name", overview.engine->name}, {"why", overview.engine->why},
                          {"also", overview.engine->also}};
  else
    document["engine"] = nullptr;
  document["evidence"] = json_of(overview.evidence);
  OrderedJson next = OrderedJson::array();
  for (const NextStep& step : overview.next) next.push_back({{"command", step.command}, {"why", step.why}});
  document["next"] = std::move(next);
  return dump_document(document);
}

}  // namespace hardscape
