#include <filesystem>

#include "engine/llama_api.hpp"
#include "engine/synthetic/file_plan.hpp"
#include "engine/synthetic/random_rows.hpp"
#include "hardscape/synthetic.hpp"

namespace hardscape {
namespace {

// Raised when the same model would be written differently, so that an old cached file is not taken for it.
constexpr int k_layout = 1;

std::string file_name(const ModelShape& shape, const std::string& quantization, int fill) {
  std::string name = shape.id;
  for (auto& c : name)
    if (c == '/' || c == ' ') c = '-';
  return name + "-" + std::to_string(shape.layers.size()) + "l-" + quantization + "-v" + std::to_string(k_layout) + (fill == 1 ? "" : "-fill" + std::to_string(fill)) + ".gguf";
}

}  // namespace

Result<SyntheticFile> make_synthetic(const Host& host, const ModelShape& shape, const std::string& quantization, const std::string& folder, int fill,
                                     const BenchProgress& progress, const StopRequested& stop) {
  const auto plan = plan_file(shape, quantization);
  if (!plan) return plan.error();
  SyntheticFile out;
  out.path = folder + "/" + file_name(shape, quantization, fill);
  out.bytes = Bytes{static_cast<std::int64_t>(plan->bytes)};
  std::error_code error;
  if (std::filesystem::file_size(out.path, error) == plan->bytes && !error) {
    out.was_there = true;
    return out;
  }
  const auto api = LlamaApi::open(host);
  if (!api) return api.error();
  RandomRows rows(*api, static_cast<std::uint64_t>(fill), fill % 2 == 0);
  const auto written = write_gguf(
      out.path, plan->header, plan->tensors, [&](const TensorPlan& t, std::uint64_t offset, std::uint64_t most, std::string& piece) { rows.fill(t, offset, most, piece); },
      [&](double done) {
        if (progress) progress("writing " + out.path, done * 0.999);
      },
      stop);
  if (!written) return written.error();
  return out;
}

}  // namespace hardscape
