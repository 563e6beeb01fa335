#include "hardscape/precision_table.hpp"

#include <cmath>

#include "llm/data_file.hpp"

namespace hardscape {
namespace {

constexpr std::size_t k_places_named = 2;

const llm::DataFile& rule_of_thumb() {
  static const llm::DataFile file("quantisations/rule_of_thumb.json");
  return file;
}

// To the tenth of a GiB, as the table prints it: a model that needs 24.04 is said to fit in 24.
double shown_gib(Bytes bytes) { return std::round(in_gib(bytes) * 10) / 10; }

}  // namespace

PrecisionTable precision_table(double parameters, const std::vector<MemoryPlace>& places) {
  const llm::DataRow rule = rule_of_thumb().top();
  PrecisionTable table{parameters, rule.value("overhead", 0.0), {}};
  for (const llm::DataRow& p : rule.rows("precisions")) {
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
  for (const llm::DataRow& d : rule_of_thumb().rows("guide_devices")) {
    places.push_back({d.value("name", ""), Bytes{d.value("memory_gib", std::int64_t{0}) * k_gib}});
  }
  return places;
}

}  // namespace hardscape
