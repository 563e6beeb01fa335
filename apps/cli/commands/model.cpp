#include <fmt/format.h>
#include <algorithm>
#include <cctype>
#include <cmath>

#include "cli/commands.hpp"
#include "cli/commands/model_inspect.hpp"
#include "cli/commands/model_options.hpp"
#include "cli/model_input.hpp"
#include "cli/options.hpp"
#include "cli/views/model_view.hpp"
#include "hardscape/model_json.hpp"
#include "hardscape/model_record.hpp"

namespace hardscape::cli {
namespace {

bool contains(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

// "70e9", "70B", "1.5b", "350M".
std::optional<double> parameters_from(std::string text) {
  double unit = 1;
  if (!text.empty()) {
    const char last = static_cast<char>(std::tolower(static_cast<unsigned char>(text.back())));
    unit = last == 'b' ? 1e9 : last == 'm' ? 1e6 : last == 't' ? 1e12 : 1;
    if (unit > 1) text.pop_back();
  }
  char* end = nullptr;
  const double n = std::strtod(text.c_str(), &end) * unit;
  if (text.empty() || end != text.c_str() + text.size() || !std::isfinite(n) || n <= 0 || n > 1e16) return std::nullopt;
  return n;
}

ModelSummary line_of(const ModelRecord& r) {
  ModelSummary l{.id = r.id,
              .family = r.family,
              .attention = r.attention,
              .licence = r.licence,
              .params = r.params,
              .active = r.active_params,
              .context = r.context_max,
              .layers = r.layers,
              .q4 = {},
              .kv_per_1k = {},
              .note = {}};
  const Result<ModelShape> shape = shape_of(r);
  if (!shape) {
    l.note = shape.error().message;
    return l;
  }
  if (const auto w = weights_of(*shape, "Q4_K_M")) l.q4 = w->total();
  MemoryOptions low, high;
  low.context = 1 << 20;
  high.context = (1 << 20) + 1024;
  const auto a = cache_need(*shape, low), b = cache_need(*shape, high);
  if (a && b) l.kv_per_1k = b->kv - a->kv;
  return l;
}

int run_list(Invocation& call) {
  Options app{"The models that the catalogue knows", "hardscape model list"};
  std::string word, search, family, licence, attention, largest;
  std::int64_t context = 0;
  app.add_option("action", word)->group("");
  app.add_option("search", search, "Part of a name or id")->type_name("TEXT");
  app.add_option("--family", family, "Only this family")->type_name("NAME");
  app.add_option("--licence,--license", licence, "Only licences with this in their name")->type_name("TEXT");
  app.add_option("--attention", attention, "Only with this kind: GQA, MLA, SWA, Mamba2 ...")->type_name("KIND");
  app.add_option("--max-params", largest, "At most so many parameters: 8B, 70e9")->type_name("N");
  app.add_option("--min-context", context, "At least so many tokens")->type_name("TOKENS");
  if (const auto over = call.parse(app)) return *over;
  std::optional<double> most;
  if (!largest.empty() && !(most = parameters_from(largest))) {
    return call.fail({ErrorCode::invalid_argument, "--max-params: expected a number such as 8B or 70e9"});
  }
  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  std::vector<ModelSummary> lines;
  for (const ModelRecord& r : catalogue->models()) {
    if (!search.empty() && !contains(r.id, search) && !contains(r.name, search) && !contains(r.hf_id, search)) continue;
    if (!family.empty() && !contains(r.family, family)) continue;
    if (!licence.empty() && !contains(r.licence, licence)) continue;
    if (!attention.empty() && !contains(r.attention, attention)) continue;
    if (most && (!r.params || static_cast<double>(*r.params) > *most)) continue;
    if (context > 0 && r.context_max.value_or(0) < context) continue;
    lines.push_back(line_of(r));
  }
  return call.tell({.json = [&] { return to_json(lines); },
                    .document = [&] { return view_of(lines); },
                    .status = lines.empty() ? k_no : k_yes});
}

int run_show(Invocation& call) {
  Options app{"What one model needs", "hardscape model show"};
  std::string word, id;
  ModelOptions options;
  app.add_option("action", word)->group("");
  app.add_option("model", id, "Catalogue id, see `hardscape model list`; a quantisation may follow (llama-3.1-8b:Q8_0)")->required()->type_name("ID");
  options.add_to(app);
  options.add_quantization_to(app);
  if (const auto over = call.parse(app)) return *over;
  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  const auto named = read_model_name(id, options.quantization);
  if (!named) return call.fail(named.error());
  const auto found = catalogue->look_up_model(named->name);
  if (found.match == nullptr) {
    std::string near;
    for (const std::string& n : found.nearest) near += (near.empty() ? "; did you mean " : ", ") + n;
    return call.fail({ErrorCode::not_found, fmt::format("no model is called '{}'{}", id, near)});
  }
  const ModelRecord& record = *found.match;
  auto shape = shape_of(record);
  if (!shape) return call.fail(shape.error());
  ModelReport report{*std::move(shape), std::nullopt, std::nullopt, {}, {}};
  const auto memory = options.memory(report.shape.context_max);
  if (!memory) return call.fail(memory.error());
  report.options = *memory;
  if (const Status put = options.put_vision(report.shape); !put) return call.fail(put.error());
  const std::string quantization = named->quant.value_or(usual_quantization(record));
  if (const auto known = find_quantization(quantization); !known) {
    return call.fail({ErrorCode::invalid_argument, known.error().message});
  }
  if (auto weights = weights_of(report.shape, quantization)) {
    report.weights = *std::move(weights);
    auto need = memory_need(report.shape, *report.weights, report.options);
    if (!need) return call.fail(need.error());
    report.need = *std::move(need);
    if (!options.draft_model.empty()) {
      const auto draft = draft_need(options.draft_model, *catalogue, report.options);
      if (!draft) return call.fail(draft.error());
      report.need = with_draft(*std::move(report.need), *draft);
    }
  } else {
    report.notes.push_back(weights.error().message);
    auto need = cache_need(report.shape, report.options);
    if (!need) return call.fail(need.error());
    report.notes.push_back(
        fmt::format("the KV cache alone is {:.2f} GiB at {} tokens", in_gib(need->kv), report.options.context));
  }
  return call.tell({.json = [&] { return to_json(report); }, .document = [&] { return view_of(report); }});
}

// Where a model may go, smallest first: what the catalogue has, or the devices asked for.
Result<std::vector<MemoryPlace>> places_of(const Catalogue& catalogue, const std::vector<std::string>& ids) {
  std::vector<MemoryPlace> places;
  const auto add = [&places](const Device& d) {
    for (const Fact<Bytes>& m : d.memory_options) {
      places.push_back({fmt::format("{} ({:.0f} GiB)", d.name, in_gib(m.value)), m.value});
    }
  };
  for (const std::string& id : ids) {
    const Lookup found = catalogue.look_up(id);
    if (found.matches.empty()) return Error{ErrorCode::not_found, fmt::format("no device is called '{}'", id)};
    add(*found.matches.front());
  }
  if (ids.empty()) {
    for (const Device& d : catalogue.devices()) {
      const bool sold = d.status == "available";
      if (sold && (d.device_class == "consumer-gpu" || d.device_class == "datacenter-gpu")) add(d);
    }
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const MemoryPlace& a, const MemoryPlace& b) { return a.memory < b.memory; });
  return places;
}

int run_memory(Invocation& call) {
  Options app{"The rule of thumb: what a size takes at each precision", "hardscape model memory"};
  std::string word, params;
  std::vector<std::string> devices;
  app.add_option("action", word)->group("");
  app.add_option("--params", params, "Parameters: 70e9, 70B")->required()->type_name("N");
  app.add_option("--devices", devices, "Catalogue ids, or 'guide' for the guide's five devices")
      ->delimiter(',')
      ->type_name("ID,...");
  if (const auto over = call.parse(app)) return *over;
  const auto parameters = parameters_from(params);
  if (!parameters) return call.fail({ErrorCode::invalid_argument, "--params: expected a number such as 70e9 or 70B"});
  const bool guide = devices.size() == 1 && devices.front() == "guide";
  std::vector<MemoryPlace> places;
  if (guide) {
    places = guide_places();
  } else {
    const auto catalogue = call.catalogue();
    if (!catalogue) return call.fail(catalogue.error());
    auto found = places_of(*catalogue, devices);
    if (!found) return call.fail(found.error());
    places = *std::move(found);
  }
  const PrecisionTable table = precision_table(*parameters, places);
  return call.tell({.json = [&] { return to_json(table); }, .document = [&] { return view_of(table, guide); }});
}

struct Action {
  std::string_view name;
  std::string_view summary;
  int (*run)(Invocation& call);
};
constexpr Action k_actions[] = {
    {"list", "the models that the catalogue knows, with filters", run_list},
    {"show", "what one model needs at a context, quantisation and parallelism", run_show},
    {"inspect", "the same for a GGUF, safetensors or config.json file", run_model_inspect},
    {"memory", "the rule of thumb over precisions for some number of parameters", run_memory},
};

std::string help() {
  std::string text =
      "What a model needs: weights, KV cache, recurrent state, compute buffer\nUsage: hardscape model ACTION "
      "[OPTIONS]\n\nActions:\n";
  for (const Action& a : k_actions) text += fmt::format("  {:<9}{}\n", a.name, a.summary);
  return text + "\nhardscape model ACTION --help says more.\n";
}

}  // namespace

int run_model(Invocation& call) {
  const std::string first = call.args().empty() ? "" : call.args().front();
  for (const Action& a : k_actions) {
    if (first == a.name) return a.run(call);
  }
  if (first == "--help" || first == "-h") {
    call.streams().out(help());
    return k_yes;
  }
  call.streams().err(first.empty() ? help() : fmt::format("hardscape: model: '{}' is no action\n{}", first, help()));
  return k_usage;
}

}  // namespace hardscape::cli
