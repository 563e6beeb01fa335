#include "hardscape/precision_table.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/embedded.hpp"

namespace hardscape {
namespace {

constexpr std::size_t k_places_named = 2;

const nlohmann::json& rule_of_thumb() {
  static const nlohmann::json document = [] {
    for (std::size_t i = 0; i < k_data_files_count; ++i) {
      if (std::string_view(k_data_files[i].name) == "quantisations/rule_of_thumb.json") {
        return nlohmann::json::parse(k_data_files[i].text(), nullptr, false);
      }
    }
    return nlohmann::json::object();
  }();
  return document;
}

// To the tenth of a GiB, as the table prints it: a model that needs 24.04 is said to fit in 24.
double shown_gib(Bytes bytes) { return std::round(in_gib(bytes) * 10) / 10; }

}  // namespace

PrecisionTable precision_table(double parameters, const std::vector<MemoryPlace>& places) {
  const nlohmann::json& rule = rule_of_thumb();
  PrecisionTable table{parameters, rule.value("overhead", 0.0), {}};
  for (const nlohmann::json& p : rule["precisions"]) {
    PrecisionRow row;
    row.precision = p.value("name", "");
    row.bytes_per_parameter = p.value("bytes_per_parameter", 0.0);
    const double bytes = parameters * row.bytes_per_parameter;
    row.model = Bytes{std::llround(bytes)};
    row.total = Bytes{std::llround(bytes * (1 + table.overhead))};
    for (const MemoryPlace& place : places) {
      if (row.fits_in.size() == k_places_named) break;
      if (in_gib(place.memory) >= shown_gib(row.total)) row.fits_in.push_back(place.name);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::vector<MemoryPlace> guide_places() {
  std::vector<MemoryPlace> places;
  for (const nlohmann::json& d : rule_of_thumb()["guide_devices"]) {
    places.push_back({d.value("name", ""), Bytes{d.value("memory_gib", std::int64_t{0}) * k_gib}});
  }
  return places;
}

}  // namespace hardscape
