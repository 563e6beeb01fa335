#include "cli/commands/bench_synthetic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hardscape/model_memory.hpp"
#include "hardscape/model_name.hpp"
#include "hardscape/model_record.hpp"
#include "hardscape/suggest.hpp"

namespace hardscape::cli {
namespace {

// Of the memory there is: weights are held twice where the engine repacks them.
constexpr double k_room_share = 0.45;

struct Synthetic {
  ModelShape shape;
  std::string id;
  std::string quant;
  std::string folder;
  int fill = 1;
};

Result<Synthetic> find(const Invocation& call, const SyntheticWish& wish) {
  const auto named = split_model_name(wish.model);
  if (!named) return named.error();
  Synthetic out;
  out.fill = wish.fill;
  const auto catalogue = call.catalogue();
  if (!catalogue) return catalogue.error();
  const auto found = catalogue->look_up_model(named->name);
  if (found.match == nullptr) {
    std::string list;
    for (const auto& id : found.nearest) list += (list.empty() ? "" : ", ") + id;
    return Error{ErrorCode::invalid_argument, "\"" + printable_text(named->name) + "\" is not a model of the catalogue" + (list.empty() ? "" : "; the nearest are " + list) +
                                                  ". See: hardscape model list"};
  }
  out.id = found.match->id;
  out.quant = named->quant.value_or(usual_quantization(*found.match));
  auto shape = shape_of(*found.match);
  if (!shape) return shape.error();
  out.shape = *std::move(shape);
  const auto folder = synthetic_folder(call.environment());
  if (!folder) return folder.error();
  out.folder = *folder;
  return out;
}

Result<BenchReport> run_one(const Invocation& call, const Host& host, const Synthetic& model, const ModelShape& shape, BenchOptions options,
                            const BenchProgress& progress, const StopRequested& stop) {
  const auto bytes = synthetic_bytes(shape, model.quant);
  if (!bytes) return bytes.error();
  call.remark(fmt::format("{}{} in {} with random weights: {:.2f} GiB in {}", model.id,
                          shape.layers.size() == model.shape.layers.size() ? "" : fmt::format(", {} of {} layers,", shape.layers.size(), model.shape.main_layers()), model.quant,
                          in_gib(*bytes), model.folder));
  const auto file = make_synthetic(host, shape, model.quant, model.folder, model.fill, progress, stop);
  if (!file) return file.error();
  options.model_path = file->path;
  return run_bench(host, options, progress, stop);
}

BenchStatistic statistic_of_estimate(const Estimate& e) { return {e.mid, e.mid, (e.high - e.low) / 2 / 1.2816, e.low, e.high}; }

// Each version twice, the shorter one first and last, so that drift of the machine falls on both alike and what processes of
// the same version differ by is seen.
Result<BenchReport> run_shorter(const Invocation& call, const Host& host, const Synthetic& model, const BenchOptions& options,
                                const BenchProgress& progress, const StopRequested& stop) {
  const Bytes room{static_cast<std::int64_t>(k_room_share * static_cast<double>(options.memory_available.value_or(Bytes{8 * k_gib}).value))};
  const auto pair = shorter_pair(model.shape, model.quant, room);
  if (!pair) return pair.error();
  const ModelShape few = shortened(model.shape, pair->few), more = shortened(model.shape, pair->more);
  std::optional<BenchReport> report;
  std::vector<BenchPoint> points;
  for (const ModelShape* version : {&few, &more, &more, &few}) {
    auto run = run_one(call, host, model, *version, options, progress, stop);
    if (!run) return run.error();
    auto point = point_of(*run, *version, model.quant);
    if (!point) return point.error();
    points.push_back(*std::move(point));
    if (!report || version == &more) report = *std::move(run);
  }
  const auto whole = point_of(*report, model.shape, model.quant);
  if (!whole) return whole.error();
  auto extrapolation = extrapolate(mean_of(points[0], points[3]), mean_of(points[1], points[2]), *whole, report->prompt_tokens);
  if (!extrapolation) return extrapolation.error();

  report->extrapolation = *std::move(extrapolation);
  report->decode_tokens_per_s = statistic_of_estimate(report->extrapolation->decode_tokens_per_s);
  report->prefill_tokens_per_s = statistic_of_estimate(report->extrapolation->prefill_tokens_per_s);
  const auto seconds_for = [](const BenchStatistic& rate, double tokens) {
    return BenchStatistic{tokens / rate.median, tokens / rate.median, 0, tokens / rate.max, tokens / rate.min};
  };
  report->time_to_first_token_s = seconds_for(report->prefill_tokens_per_s, report->prompt_tokens);
  const auto answer = seconds_for(report->decode_tokens_per_s, report->generated_tokens - 1);
  report->total_s = {report->time_to_first_token_s.median + answer.median, report->time_to_first_token_s.mean + answer.mean, 0,
                     report->time_to_first_token_s.min + answer.min, report->time_to_first_token_s.max + answer.max};
  report->samples.clear();
  report->peak_memory = Bytes{0};
  report->peak_device_memory.reset();
  report->joules_per_token.reset();
  report->load_s = 0;
  report->model.path.clear();
  report->model.weights = whole->weights;
  report->model.params = parameters_of(model.shape);
  report->model.active_params = active_parameters_of(model.shape);
  report->model.description = fmt::format("{} {}, extrapolated from {} and {} of {} layers", model.id, model.quant, pair->few, pair->more, whole->layers);
  report->bytes_per_token = whole->bytes_per_token;
  return *std::move(report);
}

}  // namespace

Result<BenchReport> run_synthetic(const Invocation& call, const Host& host, const SyntheticWish& wish, BenchOptions options,
                                  const BenchProgress& progress, const StopRequested& stop) {
  const auto model = find(call, wish);
  if (!model) return model.error();
  const auto bytes = synthetic_bytes(model->shape, model->quant);
  if (!bytes) return bytes.error();
  const bool too_large = options.memory_available && *bytes > *options.memory_available;
  if (too_large)
    call.remark(fmt::format("{} in {} takes {:.1f} GiB and this process can have {:.1f} GiB: two shorter versions of it are run instead", model->id, model->quant,
                            in_gib(*bytes), in_gib(*options.memory_available)));
  auto report = too_large || wish.extrapolate ? run_shorter(call, host, *model, options, progress, stop)
                                              : run_one(call, host, *model, model->shape, options, progress, stop);
  if (report) {
    report->model.catalogue_id = model->id;
    report->model.quant = model->quant;
  }
  return report;
}

}  // namespace hardscape::cli
