// The rule of thumb "parameters times bytes, plus a fifth": what a model of a given size takes at each precision.
//
// The precisions, the overhead and the guide's five devices are in data/quantisations/rule_of_thumb.json. For a model
// that is known, memory_need() is exact; this is for "some 70B model".
#pragma once

#include <string>
#include <vector>

#include "hardscape/units.hpp"

namespace hardscape {

// A place that a model may fit in.
struct MemoryPlace {
  std::string name;
  Bytes memory;
};

struct PrecisionRow {
  std::string precision;            // "INT4 (AWQ/GGUF)"
  double bytes_per_parameter = 0;
  Bytes model;
  Bytes total;                      // with the overhead
  std::vector<std::string> fits_in; // the two smallest places that hold it
};

struct PrecisionTable {
  double parameters = 0;
  double overhead = 0;              // 0.2
  std::vector<PrecisionRow> rows;
};

// Places in the order in which they are to be named.
PrecisionTable precision_table(double parameters, const std::vector<MemoryPlace>& places);
// The five devices of the guide with the memory that it counts for each.
std::vector<MemoryPlace> guide_places();

}  // namespace hardscape
