#include <fmt/format.h>

#include <algorithm>

#include "api/device_link.hpp"
#include "api/evidence_speed.hpp"
#include "api/serving_way.hpp"
#include "base/text.hpp"
#include "hardscape/api_predict.hpp"
#include "hardscape/fit_pools.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_name.hpp"

namespace hardscape {
namespace {

using api::ServingWay;
using api::say;
using api::serving_engine;
using api::serving_ways;

constexpr std::string_view k_of_the_catalogue = "catalogue";  // what a machine runs that is only a name
constexpr double k_tokens_written = 128;  // over which decoding is averaged
constexpr double k_usable_memory = 0.92;  // the rest is buffers and what the system keeps

// How many devices of this name the machine has.
int alike(const Machine& machine, const ComputeDevice& device) {
  const auto same = std::count_if(machine.accelerators.begin(), machine.accelerators.end(),
                                  [&](const Accelerator& a) { return a.usable && a.name == device.name; });
  return std::max(1, static_cast<int>(same));
}

// The least split that holds the model: one device, several alike, then the host's memory for the rest. Engines that let
// devices work on one token together use all that there are.
Split split_for(const ComputeDevice& device, const ModelWork& model, const Workload& work, const Backend& backend, int most,
                const ComputeDevice* host) {
  Split split;
  if (backend.tensor_parallel) {
    split.kind = SplitKind::tensor;
    split.count = most;
  }
  if (!device.memory) return split;
  const double cache = (model.kv_bytes_per_token * (work.context + work.tokens) + model.kv_window_bytes) * work.batch;
  const double need = model.weight_bytes + cache;
  const double one = k_usable_memory * static_cast<double>(device.memory->value);
  while (split.count < most && need > one * split.count) ++split.count;
  if (need > one * split.count && host != nullptr && host->memory && computes_on_host(backend)) {
    const double rest = (need - one * split.count) / model.weight_bytes;
    if (rest <= 1 && rest * model.weight_bytes < k_usable_memory * static_cast<double>(host->memory->value)) {
      split.host_share = rest;
      split.host = host;
      split.host_share_is_experts = model.experts;
    }
  }
  return split;
}

struct AskedModel {
  const ModelRecord* record = nullptr;  // or `own`
  std::vector<std::string> quants;
  const OwnModel* own = nullptr;

  std::string id() const { return record != nullptr ? record->id : own->shape.name; }
  // What measurements of it are kept under; empty: a file is not known again.
  std::string_view kept_as() const { return record != nullptr ? std::string_view(record->id) : std::string_view(); }
  std::int64_t context_max() const { return record != nullptr ? record->context_max.value_or(0) : own->shape.context_max; }
  Result<ModelWork> work(std::string_view quant) const {
    return record != nullptr ? model_work(*record, quant) : model_work(own->shape, own->weights, quant);
  }
};

Result<std::vector<AskedModel>> models_of(const PredictRequest& request, const Catalogue& catalogue) {
  const auto usual = [&](const ModelRecord& record) {
    return request.quants.empty() ? std::vector<std::string>{usual_quantization(record)} : request.quants;
  };
  std::vector<AskedModel> models;
  for (const auto& text : request.models) {
    if (text == "all") {
      for (const auto& record : catalogue.models()) models.push_back({&record, usual(record)});
      continue;
    }
    const auto named = split_model_name(text);
    if (!named) return named.error();
    const auto found = catalogue.look_up_model(named->name);
    if (found.match == nullptr) {
      std::string near;
      if (!found.nearest.empty()) near = fmt::format("; the nearest are {}", join_words(found.nearest));
      return Error{ErrorCode::invalid_argument, fmt::format("the catalogue has no model called \"{}\"{}", printable(named->name), near)};
    }
    models.push_back({found.match, named->quant ? std::vector<std::string>{*named->quant} : usual(*found.match)});
  }
  for (const auto& own : request.own) models.push_back({nullptr, {own.quant}, &own});
  return models;
}

void take_copies(Estimate& all, int copies) {
  for (double* value : {&all.low, &all.mid, &all.high}) *value *= copies;
}

Predicted one(const Predicted& blank, const ComputeDevice& device, const ModelWork& model, const ServingWay& way,
              const PredictRequest& request, std::string_view model_id, const Evidence& evidence) {
  Predicted out = blank;
  const auto& [backend, split, copies] = way;
  const Calibration& calibration = evidence.calibration_of(device.id, backend.id);
  const int flight = way.batch(request.concurrency);
  Workload work;
  work.context = out.context;
  work.batch = flight;
  work.kv_bytes_per_element = request.kv_bytes_per_element;
  out.devices = split.count * copies;
  out.host_share = split.host_share;
  const SpeedAsked asked{device, backend, model_id, model, split};
  std::vector<EvidenceUse> used;
  const auto decode = decode_speed(asked, work, evidence, used);
  if (!decode) {
    out.reason = decode.error().message;
    return out;
  }
  out.decode = *decode;
  take_copies(out.decode->tokens_per_s, copies);
  Workload fill = work;
  fill.context = std::max(0.0, out.context - request.prompt);
  fill.tokens = request.prompt;
  fill.batch = 1;
  if (const auto prefill = prefill_speed(asked, fill, evidence, used)) out.prefill = *prefill;
  if (const auto first = predict_first_token(device, model, request.prompt, flight, backend, split, calibration)) {
    out.first_token_s = *first;
    // A measured prefill carries over to the wait that is mostly prefill.
    const auto computed = predict_prefill(device, model, fill, backend, split, calibration);
    if (computed && out.prefill && out.prefill->tokens_per_s.mid != computed->tokens_per_s.mid) {
      const double longer = computed->tokens_per_s.mid / out.prefill->tokens_per_s.mid;
      out.first_token_s = Estimate{first->low * longer, first->mid * longer, first->high * longer, Origin::calibrated};
    }
  }
  out.evidence = general_use(evidence, device, backend);
  out.evidence.insert(out.evidence.end(), used.begin(), used.end());
  if (request.concurrency > 1) {
    if (const auto serving = predict_serving(device, model, request.prompt, std::max(1.0, out.context - request.prompt), flight, backend,
                                             split, calibration)) {
      out.serving = *serving;
      take_copies(out.serving->output_tokens_per_s, copies);
    }
  }
  return out;
}

// With many requests and no engine asked for: how an engine made for them would serve them.
std::vector<ServingWay> ways_on(const Machine& machine, const ComputeDevice& device, const AskedModel& asked, std::string_view quant,
                                const PredictRequest& request, double context, int most) {
  if (request.concurrency < 2 || !request.backend.empty()) return {};
  const bool is_named = machine.os.name != k_of_the_catalogue;
  const auto engine = serving_engine(device, quant, is_named ? machine.os.name : std::string());
  if (!engine) return {};
  const auto shape = asked.own != nullptr ? Result<ModelShape>(asked.own->shape) : shape_of(*asked.record);
  if (!shape) return {};
  const auto weights = asked.own != nullptr ? Result<ModelWeights>(asked.own->weights) : weights_of(*shape, quant);
  if (!weights) return {};
  std::optional<Bytes> least;
  for (const MemoryPool& pool : memory_view(machine).devices)
    if (pool.name == device.name) least = least ? std::min(*least, pool.free) : pool.free;
  if (!least) return {};
  return serving_ways(*engine, *shape, *weights, *least, most, static_cast<std::int64_t>(context + k_tokens_written), request.concurrency);
}

double rate_told(const Predicted& p) { return p.serving ? p.serving->output_tokens_per_s.mid : p.decode ? p.decode->tokens_per_s.mid : 0; }

// The fastest way that there is.
Predicted fastest_way(const Predicted& blank, const ComputeDevice& device, const ModelWork& model, std::span<const ServingWay> ways,
                  const PredictRequest& request, std::string_view model_id, const Evidence& evidence) {
  std::optional<Predicted> best;
  for (const ServingWay& way : ways) {
    Predicted next = one(blank, device, model, way, request, model_id, evidence);
    next.backend = way.backend.name;
    next.way = say(way);
    if (!best || rate_told(next) > rate_told(*best)) best = std::move(next);
  }
  return *std::move(best);
}

}  // namespace

Result<std::vector<Predicted>> predict_on(const Machine& machine, std::string_view machine_name, const Catalogue& catalogue,
                                          const PredictRequest& request, const Evidence& evidence) {
  const auto models = models_of(request, catalogue);
  if (!models) return models.error();
  for (const auto& quant : request.quants)
    if (!quantisation(quant))
      return Error{ErrorCode::invalid_argument, fmt::format("\"{}\" is no weight format known here, such as Q4_K_M, Q8_0, F16 or 4bit", printable(quant))};
  const bool on_processor = contains_ignoring_case(request.backend, "cpu");
  auto device = compute_device(machine, request.device.empty() && on_processor ? "cpu0" : request.device);
  if (!device) return device.error();
  auto backend = request.backend.empty() ? default_backend(device->vendor, engine_kind(*device))
                                         : resolve_backend(request.backend, device->vendor, engine_kind(*device));
  if (!backend)
    return Error{ErrorCode::invalid_argument, fmt::format("no back end is known as \"{}\"; known are llama.cpp, MLX, vLLM, Ollama and others",
                                                          printable(request.backend))};
  backend = as_built(*std::move(backend), "");
  std::optional<ComputeDevice> host;
  if (device->device_class == DeviceClass::gpu)
    if (auto processor = compute_device(machine, "cpu0")) host = *std::move(processor);
  const int most = alike(machine, *device);
  const auto named = std::find_if(machine.accelerators.begin(), machine.accelerators.end(),
                                  [&](const Accelerator& a) { return a.id == device->id && a.catalogue_id; });
  if (most > 1 && named != machine.accelerators.end())
    if (const auto* known = catalogue.find_device(*named->catalogue_id)) take_link(*device, device_link(*known, most, catalogue));

  std::vector<Predicted> results;
  for (const auto& asked : *models) {
    for (const auto& quant : asked.quants) {
      Predicted blank;
      blank.machine = machine_name;
      blank.model = asked.id();
      blank.quant = quant;
      blank.device = device->name;
      blank.of_devices = most;
      const Backend engine = request.backend.empty()
                                 ? default_backend(device->vendor, engine_kind(*device), quant, device->architecture).value_or(*backend)
                                 : *backend;
      blank.backend = engine.name;
      const auto model = asked.work(quant);
      for (const double context : request.contexts) {
        if (request.only_own_context && asked.context_max() > 0 && context > static_cast<double>(asked.context_max())) continue;
        blank.context = context;
        if (model) {
          Workload work;
          work.context = context;
          work.batch = request.concurrency;
          std::vector<ServingWay> ways{{engine, split_for(*device, *model, work, engine, most, host ? &*host : nullptr), 1}};
          for (auto& way : ways_on(machine, *device, asked, quant, request, context, most)) ways.push_back(std::move(way));
          results.push_back(fastest_way(blank, *device, *model, ways, request, asked.kept_as(), evidence));
        } else {
          results.push_back(blank);
          results.back().reason = model.error().message;
        }
      }
    }
  }
  return results;
}

}  // namespace hardscape
