#include "engine/synthetic/file_plan.hpp"

#include <filesystem>
#include <vector>

#include "engine/synthetic/metadata.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/quantization.hpp"
#include "hardscape/synthetic.hpp"

namespace hardscape {

Result<FilePlan> plan_file(const ModelShape& whole, const std::string& quantization) {
  ModelShape shape = whole;   // less what only drafts, which takes no part in the speeds that are measured
  std::erase_if(shape.layers, [](const LayerShape& layer) { return layer.mtp; });
  const auto tensors = tensors_of(shape, quantization);
  if (!tensors) return tensors.error();
  FilePlan plan;
  for (const auto& tensor : *tensors) {
    const NumberFormat* format = find_number_format(tensor.format);
    if (format == nullptr || format->ggml_id < 0)
      return Error{ErrorCode::unsupported, "a synthetic " + shape.id + " in " + quantization + ": GGUF has no format " + tensor.format};
    TensorPlan entry;
    entry.name = tensor.name;
    entry.dims.assign(tensor.dims.begin(), tensor.dims.end());
    while (entry.dims.size() > 1 && entry.dims.back() == 1) entry.dims.pop_back();
    entry.type = static_cast<std::uint32_t>(format->ggml_id);
    entry.bytes = static_cast<std::uint64_t>(tensor.bytes.value);
    plan.tensors.push_back(std::move(entry));
  }
  plan.header = gguf_header(synthetic_metadata(shape), plan.tensors);
  plan.bytes = gguf_file_bytes(plan.header, plan.tensors);
  return plan;
}

Result<Bytes> synthetic_bytes(const ModelShape& shape, const std::string& quantization) {
  const auto plan = plan_file(shape, quantization);
  if (!plan) return plan.error();
  return Bytes{static_cast<std::int64_t>(plan->bytes)};
}

Result<std::string> synthetic_folder(const Environment& environment) {
  if (const auto cache = environment("XDG_CACHE_HOME"); cache && !cache->empty()) return *cache + "/hardscape/synthetic";
  if (const auto home = environment("HOME"); home && !home->empty()) return *home + "/.cache/hardscape/synthetic";
  return Error{ErrorCode::io, "finding the cache folder: neither XDG_CACHE_HOME nor HOME is set"};
}

}  // namespace hardscape
