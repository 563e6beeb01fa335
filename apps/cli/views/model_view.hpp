// Models, files and the table of precisions as a person reads them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hardscape/document.hpp"
#include "hardscape/model_json.hpp"

namespace hardscape::cli {

// One line of `model list`.
struct ModelLine {
  std::string id, family, attention, licence;
  std::optional<std::int64_t> params, active, context;
  std::optional<int> layers;
  std::optional<Bytes> q4, kv_per_1k;
  std::string note;  // why sizes are missing
};

Document view_of(const std::vector<ModelLine>& lines);
Document view_of(const ModelReport& report);
Document view_of(const FileReport& report, bool all_metadata);
Document view_of(const PrecisionTable& table, bool guide);

}  // namespace hardscape::cli
