#include <fmt/format.h>

#include <algorithm>

#include "api/device_link.hpp"
#include "api/evidence_speed.hpp"
#include "base/text.hpp"
#include "hardscape/api_predict.hpp"
#include "hardscape/model_name.hpp"

namespace hardscape {
namespace {

constexpr double k_usable_memory = 0.92;  // the rest is buffers and what the system keeps

std::string_view kind_of(const ComputeDevice& device) {
  switch (device.device_class) {
    case DeviceClass::cpu: return "cpu";
    case DeviceClass::npu: return "npu";
    case DeviceClass::integrated_gpu: return "integrated";
    default: return device.id.substr(0, 3) == "cpu" ? "cpu" : "gpu";
  }
}

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
  if (need > one * split.count && host != nullptr && host->memory) {
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
  const ModelRecord* record = nullptr;
  std::vector<std::string> quants;
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
  return models;
}

Predicted one(const Predicted& blank, const ComputeDevice& device, const ModelWork& model, const Backend& backend,
              const PredictRequest& request, int most, const ComputeDevice* host, std::string_view model_id, const Evidence& evidence) {
  Predicted out = blank;
  const Calibration& calibration = evidence.calibration_of(device.id, backend.id);
  Workload work;
  work.context = out.context;
  work.batch = request.concurrency;
  work.kv_bytes_per_element = request.kv_bytes_per_element;
  const Split split = split_for(device, model, work, backend, most, host);
  out.devices = split.count;
  out.host_share = split.host_share;
  const SpeedAsked asked{device, backend, model_id, model, split};
  std::vector<EvidenceUse> used;
  const auto decode = decode_speed(asked, work, evidence, used);
  if (!decode) {
    out.reason = decode.error().message;
    return out;
  }
  out.decode = *decode;
  Workload fill = work;
  fill.context = std::max(0.0, out.context - request.prompt);
  fill.tokens = request.prompt;
  fill.batch = 1;
  if (const auto prefill = prefill_speed(asked, fill, evidence, used)) out.prefill = *prefill;
  if (const auto first = predict_first_token(device, model, request.prompt, request.concurrency, backend, split, calibration)) {
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
  if (request.concurrency > 1)
    if (const auto serving = predict_serving(device, model, request.prompt, std::max(1.0, out.context - request.prompt),
                                             request.concurrency, backend, split, calibration))
      out.serving = *serving;
  return out;
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
  const auto backend = request.backend.empty() ? default_backend(device->vendor, kind_of(*device))
                                               : resolve_backend(request.backend, device->vendor, kind_of(*device));
  if (!backend)
    return Error{ErrorCode::invalid_argument, fmt::format("no back end is known as \"{}\"; known are llama.cpp, MLX, vLLM, Ollama and others",
                                                          printable(request.backend))};
  std::optional<ComputeDevice> host;
  if (device->device_class == DeviceClass::gpu)
    if (auto processor = compute_device(machine, "cpu0")) host = *std::move(processor);
  const int most = alike(machine, *device);
  const auto named = std::find_if(machine.accelerators.begin(), machine.accelerators.end(),
                                  [&](const Accelerator& a) { return a.id == device->id && a.catalogue_id; });
  if (most > 1 && named != machine.accelerators.end())
    if (const auto* known = catalogue.find_device(*named->catalogue_id)) set_link(*device, *known, most, catalogue);

  std::vector<Predicted> results;
  for (const auto& [record, quants] : *models) {
    for (const auto& quant : quants) {
      Predicted blank;
      blank.machine = machine_name;
      blank.model = record->id;
      blank.quant = quant;
      blank.device = device->name;
      blank.backend = backend->name;
      const auto model = model_work(*record, quant);
      for (const double context : request.contexts) {
        if (request.only_own_context && record->context_max && context > static_cast<double>(*record->context_max)) continue;
        blank.context = context;
        if (model) {
          results.push_back(one(blank, *device, *model, *backend, request, most, host ? &*host : nullptr, record->id, evidence));
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
