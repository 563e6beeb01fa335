#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/model_input.hpp"
#include "cli/options.hpp"
#include "cli/views/evidence_view.hpp"
#include "hardscape/api_predict.hpp"

namespace hardscape::cli {
namespace {

constexpr std::size_t k_largest_batch = std::size_t{256} << 20U;

int run_batch(const Invocation& call, const std::string& file, const Catalogue& catalogue) {
  const auto text = read_file(file, k_largest_batch);
  if (!text) return call.fail(text.error());
  SpeedRowResolver resolver(catalogue);
  const auto out = predict_batch(*text, file, resolver);
  if (!out) return call.fail(out.error());
  call.streams().out(*out);
  return k_yes;
}

// Files among the models become models of their own; a configuration is told in every quantisation asked for.
Status take_files(PredictRequest& request, const Catalogue& catalogue) {
  std::vector<std::string> names;
  for (const auto& text : request.models) {
    if (!is_model_file(text)) {
      names.push_back(text);
      continue;
    }
    auto quants = request.quants;
    if (quants.empty()) quants.emplace_back();
    for (const auto& quant : quants) {
      auto input = read_model(text, catalogue, quant);
      if (!input) return input.error();
      if (!input->weights) {
        auto weights = weights_of(input->shape, input->quant);
        if (!weights) return weights.error();
        input->weights = *std::move(weights);
      }
      request.own.push_back({std::move(input->shape), *std::move(input->weights), std::move(input->quant)});
    }
  }
  request.models = std::move(names);
  return Done{};
}

}  // namespace

int run_predict(Invocation& call) {
  Options app{"How fast a model would run, and how sure that is", "hardscape predict"};
  PredictRequest request;
  std::string batch;
  std::vector<std::string> machines;
  bool curve = false;
  app.add_option("--model", request.models, "Models of the catalogue (llama-3.1-8b, llama-3.1-8b:Q8_0), GGUF files or config.json; or all")->delimiter(',');
  app.add_option("--quant", request.quants, "Weight formats: Q4_K_M, Q8_0, F16, 4bit ...; else the usual one")->delimiter(',');
  app.add_option("--context", request.contexts, "Tokens in the context, one or more")->delimiter(',')->within(0.0, 1e8);
  app.add_option("--prompt-tokens", request.prompt, "Tokens of the prompt, for prefill and first token")->within(1.0, 1e8)->capture_default_str();
  app.add_option("--concurrency", request.concurrency, "Requests served together")->within(1, 100000)->capture_default_str();
  app.add_option("--backend", request.backend, "llama.cpp CUDA, MLX, vLLM ...; default: the usual one of the device");
  app.add_option("--device", request.device, "gpu0, cpu0 ...; default: the fastest");
  app.add_option("--machines", machines, "Several machines of the catalogue in place of --machine; all: every device")->delimiter(',');
  app.add_flag("--curve", curve, "A curve over context, 0 to 131072 tokens or what the model has");
  app.add_option("--batch", batch, "CSV file with a row for each prediction; the answer is the same table with predictions");
  if (const auto over = call.parse(app)) return *over;

  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  if (!batch.empty()) return run_batch(call, batch, *catalogue);
  if (request.models.empty())
    return call.fail({ErrorCode::invalid_argument, "predict needs --model NAME (see `hardscape model list`) or --batch FILE.csv"});
  if (const auto taken = take_files(request, *catalogue); !taken) return call.fail(taken.error());
  for (const auto& text : request.models) {
    const auto named = read_model_name(text, fmt::format("{}", fmt::join(request.quants, ",")));
    if (!named) return call.fail(named.error());
    if (const auto found = catalogue->look_up_model(named->name); found.note) call.remark(*found.note);
  }
  if (curve) {
    request.contexts = {0, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072};
    request.only_own_context = true;
  }

  std::vector<Predicted> results;
  std::vector<Note> notes;
  const bool every = machines.size() == 1 && machines.front() == "all";
  if (every) {
    machines.clear();
    for (const auto& device : catalogue->devices()) machines.push_back(device.id);
  }
  if (machines.empty()) {
    const auto known = call.informed_machine();
    if (!known) return call.fail(known.error());
    auto some = predict_on(known->machine, call.globals().machine.empty() ? "this" : call.globals().machine, *catalogue, request, known->evidence);
    if (!some) return call.fail(some.error());
    notes = known->evidence.notes;
    results = *std::move(some);
  }
  for (const auto& name : machines) {
    const auto machine = machine_from_name(name, *catalogue);
    if (!machine && !every) return call.fail(machine.error());
    if (!machine) continue;
    auto some = predict_on(*machine, name, *catalogue, request);
    // In a sweep over everything, a device without bandwidth is no reason to stop.
    if (!some && !every) return call.fail(some.error());
    if (some) results.insert(results.end(), some->begin(), some->end());
  }
  bool any = false;
  for (const auto& result : results) any = any || result.decode.has_value();
  return call.tell({.json = [&] { return to_json(results, call.globals().explain); },
                    .document = [&] {
                      auto document = predict_document(results, call.globals().explain);
                      std::vector<EvidenceUse> used;
                      for (const auto& result : results)
                        for (const auto& use : result.evidence)
                          if (std::find(used.begin(), used.end(), use) == used.end()) used.push_back(use);
                      add_evidence(document, used, notes, call.globals().explain);
                      return document;
                    },
                    .status = any ? k_yes : k_no});
}

}  // namespace hardscape::cli
