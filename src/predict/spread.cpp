#include "predict/spread.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "predict/data_file.hpp"

namespace hardscape::predict {
namespace {

constexpr std::string_view k_several = "multi-gpu";  // class of several devices that share the work

struct Row {
  Phase phase = Phase::decode;
  bool calibrated = false;
  std::string device_class;  // empty: any
  std::string backend;       // id; empty: any
  Spread spread;
};

struct Table {
  std::vector<Row> rows;     // the more special first
  double per_assumption = 1.15;
  double per_batch = 1.2;
  Spread serving;
};

Table load_spreads() {
  Table table;
  const auto spread_of = [](const JsonReader& record) {
    return Spread{record.number("low").value_or(0.5), record.number("high").value_or(2)};
  };
  DataFile file("backends/spreads.json");
  const auto root = file.root();
  table.per_assumption = root.number("per_assumption").value_or(table.per_assumption);
  table.per_batch = root.number("per_batch").value_or(table.per_batch);
  if (const auto serving = root.object("serving")) table.serving = spread_of(*serving);
  for (const auto& record : root.array("spreads"))
    table.rows.push_back({record.text("phase") == "prefill" ? Phase::prefill : Phase::decode,
                          record.flag("calibrated").value_or(false), record.text("class").value_or(""),
                          record.text("backend").value_or(""), spread_of(record)});
  return table;
}

const Table& table() {
  static const Table k_table = load_spreads();
  return k_table;
}

}  // namespace

Spread serving_spread() { return table().serving; }

Spread spread_for(Phase phase, const ComputeDevice& device, const ModelWork& model, const Backend& backend,
                  const Split& split, const Calibration& calibration) {
  const int points = phase == Phase::prefill ? calibration.prefill_points : calibration.decode_points;
  const std::string_view device_class = split.count > 1 ? k_several : to_string(device.device_class);
  Spread found;
  for (const auto& row : table().rows) {
    if (row.phase != phase || row.calibrated != (points > 0)) continue;
    if (!row.device_class.empty() && row.device_class != device_class) continue;
    if (!row.backend.empty() && row.backend != backend.id) continue;
    found = row.spread;
    break;
  }
  // What nobody measured in these rows makes the interval wider.
  double wider = 1;
  if (device.rates_assumed && phase == Phase::prefill && points == 0) wider *= table().per_assumption;
  if (model.shape_assumed) wider *= 1.05;
  if (split.host_share > 0) wider *= table().per_batch;
  return {found.low / wider, found.high * wider};
}

}  // namespace hardscape::predict
