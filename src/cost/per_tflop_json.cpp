#include "cost/cost_json.hpp"
#include "facts/json_writing.hpp"
#include "hardscape/cost_per_tflop.hpp"

namespace hardscape::cost {

std::string to_json(const PerTflopReport& report) {
  OrderedJson results = OrderedJson::array();
  for (const auto& row : report.rows) {
    OrderedJson one = {{"device", row.id}, {"name", row.name}, {"price_usd", row.price.mid}};
    if (row.price.low < row.price.high) {
      one["price_low_usd"] = row.price.low;
      one["price_high_usd"] = row.price.high;
    }
    one["price_as_of"] = row.price.source.date.empty() ? OrderedJson() : OrderedJson(row.price.source.date);
    one["price_source"] = row.price.source.ref;
    one["price_stale"] = row.price.stale;
    one["precision"] = report.precision;
    one[report.precision == "int8" ? "int8_ops" : report.precision + "_flops"] = row.tflops * 1e12;
    one["purchase_usd_per_tflop"] = row.purchase_usd_per_tflop;
    one["effective_usd_per_tflop"] = json_of(row.effective_usd_per_tflop);
    one["cloud_usd_per_tflop_hour"] = json_of(row.cloud_usd_per_tflop_hour);
    if (row.cloud_usd_per_tflop_hour) {
      one["cloud_provider"] = row.cloud_provider;
      one["cloud_as_of"] = row.cloud_as_of;
    }
    one["usd_per_gb"] = json_of(row.usd_per_gb);
    one["usd_per_gb_per_s"] = json_of(row.usd_per_gb_per_s);
    one["usd_per_token_per_s"] = json_of(row.usd_per_token_per_s);
    results.push_back(std::move(one));
  }
  OrderedJson rest = {{"precision", report.precision}, {"dense", true}, {"sorted_by", report.sort}};
  if (!report.model.empty()) rest["model"] = report.model;
  rest["left_out"] = OrderedJson::array();
  for (const auto& left : report.left_out) rest["left_out"].push_back({{"name", left.name}, {"reason", left.reason}});
  return cost_document("per-tflop", report.inputs, std::move(results), report.flips,
                       report.exploration ? &*report.exploration : nullptr, report.notes, rest);
}

}  // namespace hardscape::cost
