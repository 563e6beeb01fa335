#include "cli/commands.hpp"
#include "cli/model_input.hpp"
#include "cli/options.hpp"
#include "cli/views/evidence_view.hpp"
#include "cli/views/fit_view.hpp"
#include "hardscape/advise.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/quantization.hpp"

namespace hardscape::cli {
namespace {

struct Arguments {
  std::string model;
  bool devices = false;
  std::string quant;
  std::string context;
  std::string mmproj;
  std::string draft_model;
  bool vision = false;
  bool mtp = false;
  FitWishes wishes;
  double params_min = 0;
  double params_max = 0;
  bool no_offload = false;
};

Result<std::optional<std::int64_t>> context_from(const std::string& text) {
  if (text.empty() || text == "auto") return std::optional<std::int64_t>();
  const bool thousands = text.back() == 'K' || text.back() == 'k';
  std::size_t used = 0;
  std::int64_t tokens = 0;
  try {
    tokens = std::stoll(text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used == 0 || used + (thousands ? 1 : 0) != text.size() || tokens < 1 || tokens > (std::int64_t{1} << 31))
    return Error{ErrorCode::invalid_argument, "--context is \"" + text + "\"; expected tokens (8192, 32K) or auto"};
  return std::optional<std::int64_t>(tokens * (thousands ? 1024 : 1));
}

int run_one(const Invocation& call, const Arguments& given, std::optional<std::int64_t> context) {
  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  auto input = read_model(given.model, *catalogue, given.quant);
  if (!input) return call.fail(input.error());
  FitQuestion question;
  question.quant = input->quant;
  question.parallel = given.wishes.parallel;
  question.kv_type = given.wishes.kv_type;
  question.cpu_only = given.wishes.cpu_only;
  question.vision = given.wishes.use == "vision" || given.vision || !given.mmproj.empty();
  question.mtp = given.mtp;
  if (given.context.empty()) {
    const std::int64_t usual = 8192;
    question.context = input->shape.context_max > 0 ? std::min(usual, input->shape.context_max) : usual;
  } else {
    question.context = context;
  }
  if (!given.mmproj.empty()) {
    const auto tower = read_mmproj(given.mmproj);
    if (!tower) return call.fail(tower.error());
    input->shape.vision = *tower;
  }
  if (!given.draft_model.empty()) {
    MemoryOptions beside;
    beside.parallel = question.parallel;
    beside.context = question.context.value_or(input->shape.context_max > 0 ? input->shape.context_max : 131072) * question.parallel;
    beside.kv_type_k = beside.kv_type_v = question.kv_type;
    const auto draft = draft_need(given.draft_model, *catalogue, beside);
    if (!draft) return call.fail(draft.error());
    question.draft = draft->total();
  }
  const ModelWeights* weights = input->weights ? &*input->weights : nullptr;
  if (!input->note.empty()) call.remark(input->note);
  if (given.devices) {
    if (!question.context) question.context = 8192;
    const auto rows = fit_devices(*catalogue, input->shape, weights, input->record, question);
    if (!rows) return call.fail(rows.error());
    return call.tell({.json = [&] { return to_json(*rows); },
                      .document = [&] { return view_of_devices(*rows, input->shape.name, question); },
                      .status = rows->empty() ? k_no : k_yes});
  }
  const auto known = call.informed_machine();
  if (!known) return call.fail(known.error());
  const auto row = fit_model(known->machine, input->shape, weights, input->record, question, known->evidence);
  if (!row) return call.fail(row.error());
  return call.tell({.json = [&] { return to_json(std::vector<FitRow>{*row}, known->evidence); },
                    .document = [&] {
                      auto document = view_of_fit(*row, memory_view(known->machine), call.globals().explain);
                      auto used = evidence_used(known->evidence);
                      used.insert(used.end(), row->speed.evidence.begin(), row->speed.evidence.end());
                      if (row->speed.decode) add_evidence(document, used, known->evidence.notes, call.globals().explain);
                      return document;
                    },
                    .status = row->placement.verdict == Verdict::no ? k_no : k_yes});
}

int run_list(const Invocation& call, Arguments given, std::optional<std::int64_t> context) {
  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  const auto known = call.informed_machine();
  if (!known) return call.fail(known.error());
  given.wishes.context = context;
  if (!given.quant.empty()) given.wishes.quant = given.quant;
  given.wishes.params_at_least = given.params_min * 1e9;
  given.wishes.params_at_most = given.params_max * 1e9;
  given.wishes.offload = !given.no_offload;
  const auto rows = fit_models(known->machine, *catalogue, given.wishes, known->evidence);
  if (!rows) return call.fail(rows.error());
  return call.tell({.json = [&] { return to_json(*rows, known->evidence); },
                    .document = [&] {
                      auto document = view_of_models(*rows, memory_view(known->machine), given.wishes.use, call.globals().explain);
                      add_evidence(document, evidence_used(known->evidence), known->evidence.notes, call.globals().explain);
                      return document;
                    },
                    .status = rows->empty() ? k_no : k_yes});
}

}  // namespace

int run_fit(Invocation& call) {
  Options app{"Which models run on this machine, where, and how fast; with --model, whether one does (exit status 0 or 1)",
               "hardscape fit"};
  Arguments given;
  app.add_option("--model", given.model, "Catalogue id (llama-3.1-8b, llama-3.1-8b:Q8_0), GGUF file or config.json")->type_name("ID|FILE");
  app.add_flag("--devices", given.devices, "Which devices of the catalogue hold --model")->needs("--model");
  app.add_option("--quant", given.quant, "Quantisation (Q4_K_M, Q8_0, MXFP4 ...); else the usual, or the best that fits");
  app.add_option("--context", given.context, "Tokens of each request (8192, 32K), or auto for the largest that fits");
  app.add_option("--parallel", given.wishes.parallel, "Requests at once")->within(1, 65536);
  app.add_option("--kv-type", given.wishes.kv_type, "Number format of the KV cache (f16, q8_0, q4_0 ...)");
  app.add_flag("--cpu-only", given.wishes.cpu_only, "Leave accelerators out");
  app.add_flag("--vision", given.vision, "With the vision tower and its projector")->needs("--model");
  app.add_option("--mmproj", given.mmproj, "The same, as this file has them")->type_name("FILE.gguf")->needs("--model");
  app.add_flag("--mtp", given.mtp, "With the layers that draft further tokens, where the file has them")->needs("--model");
  app.add_option("--draft-model", given.draft_model, "A smaller model that drafts beside it")->type_name("ID|FILE")->needs("--model");
  app.add_option("--use", given.wishes.use, "What for: chat, code, vision, long-context");
  app.add_option("--family", given.wishes.family, "Only models of this family (Qwen, Llama, Gemma ...)");
  app.add_option("--licence,--license", given.wishes.licence, "Only licences with this in their name (Apache, MIT ...)");
  app.add_option("--min-params", given.params_min, "Only models with at least so many billion parameters");
  app.add_option("--max-params", given.params_max, "Only models with at most so many billion parameters");
  app.add_flag("--no-offload", given.no_offload, "Only what needs no help from the processor");
  app.add_option("--limit", given.wishes.most, "Rows to show; 0 for all");
  if (const auto over = call.parse(app)) return *over;
  if (const auto mix = find_quantization(given.quant); !given.quant.empty() && !mix)
    return call.fail({ErrorCode::invalid_argument, mix.error().message});
  const auto context = context_from(given.context);
  if (!context) return call.fail(context.error());
  return given.model.empty() ? run_list(call, given, *context) : run_one(call, given, *context);
}

}  // namespace hardscape::cli
