#include "facts/json_writing.hpp"
#include "hardscape/measurement.hpp"

namespace hardscape {
namespace {

OrderedJson text_or_null(const std::string& text) { return text.empty() ? OrderedJson() : OrderedJson(text); }

OrderedJson result_json(const MeasurementResult& r) {
  OrderedJson out{{"device", r.device}, {"kernel", r.kernel}, {"metric", r.metric}, {"unit", r.unit}, {"value", json_of(r.value)}};
  out["spread"] = r.spread ? OrderedJson{{"low", r.spread->low}, {"high", r.spread->high}} : OrderedJson();
  out["best"] = json_of(r.best);
  out["samples"] = r.samples;
  out["discarded"] = r.discarded;
  out["disturbed"] = r.disturbed;
  out["peak"] = json_of(r.peak);
  out["peak_basis"] = text_or_null(r.peak_basis);
  out["fraction_of_peak"] = json_of(r.fraction_of_peak);
  out["status"] = std::string(to_string(r.status));
  out["reason"] = text_or_null(r.reason);
  out["group"] = r.group;
  out["precision"] = text_or_null(r.precision);
  out["threads"] = json_of(r.threads);
  out["working_set_bytes"] = json_of(r.working_set);
  out["clock_hz"] = json_of(r.clock_hz);
  out["counting"] = text_or_null(r.counting);
  out["method"] = text_or_null(r.method);
  return out;
}

}  // namespace

std::string to_json(const MeasurementReport& report, const Machine& machine) {
  OrderedJson out{{"schema", "hardscape.measure/1"}};
  out["machine"] = json_of(machine);
  out["length"] = std::string(to_string(report.options.length));
  out["data"] = report.options.zeros ? "zeros" : "random";
  out["took_s"] = report.took_s;
  out["devices"] = OrderedJson::array();
  for (const auto& d : report.devices)
    out["devices"].push_back({{"id", d.id}, {"name", d.name}, {"software", text_or_null(d.software)}, {"hardware", text_or_null(d.hardware)}, {"clock_hz", json_of(d.clock_hz)}});
  out["results"] = OrderedJson::array();
  for (const auto& r : report.results) out["results"].push_back(result_json(r));
  out["precisions"] = OrderedJson::array();
  for (const auto& p : report.precisions)
    out["precisions"].push_back({{"device", p.device}, {"precision", p.precision}, {"kernel", p.kernel}, {"unit", p.unit}, {"rate", p.rate},
                                 {"times_fp32", json_of(p.times_fp32)}});
  out["notes"] = OrderedJson::array();
  for (const auto& note : report.notes)
    out["notes"].push_back({{"severity", std::string(to_string(note.severity))}, {"code", note.code}, {"message", note.message}, {"advice", json_of(note.advice)}});
  return dump_document(out);
}

}  // namespace hardscape
