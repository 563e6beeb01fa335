// Models, files and the table of precisions as a person reads them.
#pragma once

#include <vector>

#include "hardscape/document.hpp"
#include "hardscape/model_json.hpp"

namespace hardscape::cli {

Document view_of(const std::vector<ModelSummary>& lines);
Document view_of(const ModelReport& report);
Document view_of(const FileReport& report, bool all_metadata);
Document view_of(const PrecisionTable& table, bool guide);

}  // namespace hardscape::cli
