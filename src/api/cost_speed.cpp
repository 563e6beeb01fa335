#include <fmt/format.h>

#include "base/text.hpp"
#include "hardscape/api_cost.hpp"
#include "hardscape/model_name.hpp"
#include "hardscape/predict.hpp"

namespace hardscape {
namespace {

constexpr double k_depth = 4096;      // tokens in context at which decoding is told
constexpr double k_prompt = 1024;     // tokens of a prompt

}  // namespace

Result<ModelOnDevice> speed_on(const std::string& device_id, std::string_view model, int concurrency, const Catalogue& catalogue) {
  const auto named = split_model_name(model);
  if (!named) return named.error();
  const ModelLookup found = catalogue.look_up_model(named->name);
  if (found.match == nullptr)
    return Error{ErrorCode::invalid_argument,
                 fmt::format("--model: there is no \"{}\"{}", printable(model),
                             found.nearest.empty() ? "; see hardscape model list" : "; did you mean " + join_words(found.nearest, "or") + "?")};
  const std::string quant = named->quant.value_or(usual_quantization(*found.match));
  const auto work = model_work(*found.match, quant);
  if (!work) return work.error();
  const auto machine = machine_from_name(device_id, catalogue);
  if (!machine) return machine.error();
  const auto device = compute_device(*machine);
  if (!device) return device.error();
  const auto backend = default_backend(device->vendor, engine_kind(*device), quant, device->architecture);
  if (!backend) return Error{ErrorCode::unsupported, "no engine is known for " + device->name};
  Workload load;
  load.context = k_depth;
  load.batch = concurrency;
  const auto decode = predict_decode(*device, *work, load, *backend);
  if (!decode) return decode.error();
  load.context = 0;
  load.tokens = k_prompt;
  load.batch = 1;
  const auto prefill = predict_prefill(*device, *work, load, *backend);
  if (!prefill) return prefill.error();
  return ModelOnDevice{fmt::format("{} {}", found.match->name, quant), backend->name, decode->tokens_per_s, prefill->tokens_per_s, found.note};
}

}  // namespace hardscape
