// The JSON documents about models: hardscape.models/1, hardscape.model/1, hardscape.gguf/1, hardscape.model_memory/1.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hardscape/gguf.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/precision_table.hpp"

namespace hardscape {

// One model at one context and quantisation.
struct ModelReport {
  ModelShape shape;
  std::optional<ModelWeights> weights;  // absent where they cannot be laid out
  std::optional<MemoryNeed> need;
  MemoryOptions options;
  std::vector<std::string> notes;
};
std::string to_json(const ModelReport& report);

// What a file's header says; the report is absent for an architecture that is not known.
struct FileReport {
  std::string path;
  std::string kind;  // "gguf", "safetensors", "config"
  std::optional<GgufHeader> gguf;
  std::optional<ModelReport> model;
  std::string architecture;
  std::string name;
  std::int64_t file_bytes = 0;
  std::int64_t parameters = 0;
  std::int64_t tensor_count = 0;
  Bytes tensor_bytes;
  std::map<std::string, Bytes> by_type;
  std::vector<std::string> notes;
};
FileReport file_report(const GgufHeader& header, std::string path, const MemoryOptions& options,
                       const std::optional<VisionShape>& vision = std::nullopt);
std::string to_json(const FileReport& report);

std::string to_json(const PrecisionTable& table);

// One line of a list of models.
struct ModelSummary {
  std::string id, family, attention, licence;
  std::optional<std::int64_t> params, active, context;
  std::optional<int> layers;
  std::optional<Bytes> q4, kv_per_1k;  // weights in Q4_K_M; what 1024 more tokens take in f16
  std::string note;                    // why sizes are missing
};
std::string to_json(const std::vector<ModelSummary>& models);

}  // namespace hardscape
