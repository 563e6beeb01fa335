#include "hardscape/advise.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "fit/demand.hpp"
#include "fit/quality.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/quantization.hpp"
#include "hardscape/suggest.hpp"
#include "hardscape/weight_layout.hpp"

namespace hardscape {
namespace {

using fit_data::UseFacts;

bool wanted(const ModelRecord& record, const FitWishes& wishes, std::int64_t context) {
  if (!wishes.family.empty() && !contains_ignoring_case(record.family, wishes.family)) return false;
  if (!wishes.licence.empty() && !contains_ignoring_case(record.licence, wishes.licence)) return false;
  const double params = static_cast<double>(record.params.value_or(0));
  if (wishes.params_at_least > 0 && params < wishes.params_at_least) return false;
  if (wishes.params_at_most > 0 && params > wishes.params_at_most) return false;
  if (wishes.use == "vision" && !fit_data::facts_of(record.id).has("vision")) return false;
  return !record.context_max || *record.context_max >= context || wishes.use == "chat" || wishes.use == "vision";
}

FitRow row_for(const ModelRecord& record, Placement placement) {
  FitRow row;
  row.model = record.id;
  row.name = record.name;
  row.params = record.params;
  row.licence = record.licence;
  row.placement = std::move(placement);
  return row;
}

double worth_of(const ModelRecord& record, std::string_view quant, const FitWishes& wishes) {
  const auto& facts = fit_data::facts_of(record.id);
  const auto params = static_cast<double>(record.params.value_or(0));
  const double worth = fit_data::worth(params, static_cast<double>(record.active_params.value_or(0)), facts.age_months, quant);
  return wishes.use == "code" && facts.has("code") ? worth * fit_data::specialist_factor() : worth;
}

// Better for a person: on accelerators and fast enough, then fast enough, then the rest; within, by worth.
int standing(const FitRow& row) {
  return (row.fast_enough ? 2 : 0) + (row.placement.verdict >= Verdict::tight ? 1 : 0);
}
bool is_better(const FitRow& a, const FitRow& b) {
  return standing(a) != standing(b) ? standing(a) > standing(b) : a.worth > b.worth;
}

// Between two quantisations of one model a missed speed costs in proportion, as a worse answer does: a hard limit would
// give up much quality for the last tenth of a token a second, or keep all bits where each makes it slower still.
bool is_better_mix(const FitRow& a, const FitRow& b, double wanted_tokens_per_s) {
  const auto on_device = [](const FitRow& row) { return row.placement.verdict >= Verdict::tight; };
  if (on_device(a) != on_device(b) || !a.speed.decode || !b.speed.decode) return is_better(a, b);
  const auto score = [&](const FitRow& row) { return row.worth * std::min(1.0, row.speed.decode->mid / wanted_tokens_per_s); };
  return score(a) > score(b);
}

// "Does not fit" would be a guess where nobody says what there is.
Status memory_known(const MemoryView& memory) {
  if (memory.host.total.value > 0 || !memory.devices.empty()) return Done{};
  return Error{ErrorCode::unavailable,
               "nothing says how much memory this machine has, so what fits cannot be told; write it into a saved machine "
               "document (memory/total_bytes) and name that with --machine"};
}

class Chooser {
 public:
  Chooser(const Machine& machine, const FitWishes& wishes, const UseFacts& use, const Evidence& evidence)
      : machine_(machine), wishes_(wishes), use_(use), evidence_(evidence), memory_(memory_view(machine)), room_(memory_.host.free) {
    for (const MemoryPool& pool : memory_.devices) room_ += pool.unified ? pool.own : pool.free;
  }

  std::int64_t context_for(const ModelRecord& record) const {
    const std::int64_t asked = wishes_.context.value_or(use_.context);
    return wishes_.context ? asked : std::min(asked, record.context_max.value_or(asked));
  }

  // The best quantisation of one model, when any fits.
  std::optional<FitRow> best(const ModelRecord& record) const {
    const auto shape = shape_of(record);
    if (!shape || !shape->weights_unknown.empty()) return std::nullopt;
    if (wishes_.use == "vision" && !shape->vision) return std::nullopt;  // its tower's size is not known
    const std::vector<std::string> one{wishes_.quant.value_or("")};
    const auto& mixes = wishes_.quant ? one : fit_data::ladder(record.native_quant);
    std::optional<FitRow> chosen;
    const auto state = demand_of(*shape, context_for(record), question("", context_for(record)));
    const auto layout = WeightLayout::of(*shape);
    if (!state || !layout) return std::nullopt;
    for (const std::string& mix : mixes) {
      const auto weights = layout->in(mix);
      if (!weights || weights->total() > room_) continue;
      auto row = judge(record, *shape, *weights, *state, mix);
      if (!row) continue;
      if (!chosen || is_better_mix(*row, *chosen, use_.tokens_per_s)) chosen = std::move(row);
      // Fewer bits from here on only cost quality.
      if (standing(*chosen) == 3) break;
    }
    return chosen;
  }

  // The largest context that does not change the verdict; where layers are on the processor they stay where they are.
  void widen(FitRow& row, const ModelRecord& record) const {
    if (wishes_.context || row.placement.verdict == Verdict::offload) return;
    const auto shape = shape_of(record);
    if (!shape) return;
    const auto weights = weights_of(*shape, row.placement.quant);
    if (!weights) return;
    const FitQuestion asked = question(row.placement.quant, row.placement.context);
    const auto state_at = [&](std::int64_t tokens) { return demand_of(*shape, tokens, asked).value_or(StateDemand{}); };
    const auto demand = demand_of(*shape, *weights, asked);
    const auto most = record.context_max.value_or(row.placement.context);
    const auto largest = largest_context(memory_, demand, state_at, row.placement.context, most, wishes_.cpu_only);
    if (!largest || *largest <= row.placement.context) return;
    auto wider = fit(memory_, *shape, *weights, question(row.placement.quant, *largest));
    if (wider && wider->verdict >= row.placement.verdict) row.placement = *std::move(wider);
  }

 private:
  const Machine& machine_;
  const FitWishes& wishes_;
  const UseFacts& use_;
  const Evidence& evidence_;
  MemoryView memory_;
  Bytes room_;

  FitQuestion question(std::string_view mix, std::int64_t context) const {
    FitQuestion asked;
    asked.quant = std::string(mix);
    asked.context = context;
    asked.parallel = wishes_.parallel;
    asked.kv_type = wishes_.kv_type;
    asked.cpu_only = wishes_.cpu_only;
    asked.vision = wishes_.use == "vision";
    return asked;
  }

  std::optional<FitRow> judge(const ModelRecord& record, const ModelShape& shape, const ModelWeights& weights,
                              const StateDemand& state, const std::string& mix) const {
    auto placement = fit(memory_, shape, weights, state, question(mix, context_for(record)));
    if (!placement || placement->verdict == Verdict::no) return std::nullopt;
    if (!wishes_.offload && placement->verdict == Verdict::offload) return std::nullopt;
    FitRow row = row_for(record, *std::move(placement));
    row.speed = speed_of(machine_, shape, weights, &record, row.placement, evidence_);
    row.fast_enough = row.speed.decode ? row.speed.decode->mid >= use_.tokens_per_s : likely_fast(record, weights, row.placement);
    row.worth = worth_of(record, mix, wishes_);
    return row;
  }

  // Where no speed can be told, on accelerators all is well; a processor is ranked as if it had the slowest memory
  // that is still sold. No speed is shown for that.
  bool likely_fast(const ModelRecord& record, const ModelWeights& weights, const Placement& placement) const {
    if (placement.device_layers == placement.layers) return true;
    const double read = record.decode_read_params && record.params
                            ? static_cast<double>(*record.decode_read_params) / static_cast<double>(*record.params) : 1;
    return read * static_cast<double>(weights.total().value) * use_.tokens_per_s <= fit_data::slow_memory().value;
  }
};

}  // namespace

std::vector<std::string> fit_uses() {
  std::vector<std::string> names;
  for (const auto& use : fit_data::uses()) names.push_back(use.id);
  return names;
}

Result<std::vector<FitRow>> fit_models(const Machine& machine, const Catalogue& catalogue, const FitWishes& wishes, const Evidence& evidence) {
  const UseFacts* use = fit_data::find_use(wishes.use);
  if (use == nullptr)
    return Error{ErrorCode::invalid_argument, "there is no use \"" + printable_text(wishes.use) + "\"" +
                                                  did_you_mean(wishes.use, fit_uses()) + "; known are " + join_words(fit_uses())};
  if (wishes.quant)
    if (const auto known = find_quantization(*wishes.quant); !known) return known.error();
  if (Status known = memory_known(memory_view(machine)); !known) return known.error();
  const Chooser chooser(machine, wishes, *use, evidence);
  std::vector<FitRow> rows;
  for (const ModelRecord& record : catalogue.models()) {
    if (!wanted(record, wishes, chooser.context_for(record))) continue;
    if (auto row = chooser.best(record)) rows.push_back(*std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(), is_better);
  if (wishes.most > 0 && rows.size() > wishes.most) rows.resize(wishes.most);
  for (FitRow& row : rows)
    if (const ModelRecord* record = catalogue.find_model(row.model)) chooser.widen(row, *record);
  return rows;
}

std::optional<FitRow> fit_best(const Machine& machine, const ModelRecord& record, const FitWishes& wishes, const Evidence& evidence) {
  const UseFacts* use = fit_data::find_use(wishes.use);
  if (use == nullptr) return std::nullopt;
  const Chooser chooser(machine, wishes, *use, evidence);
  auto row = chooser.best(record);
  if (row) chooser.widen(*row, record);
  return row;
}

Result<FitRow> fit_model(const Machine& machine, const ModelShape& shape, const ModelWeights* weights,
                         const ModelRecord* record, const FitQuestion& question, const Evidence& evidence) {
  std::optional<ModelWeights> made;
  if (weights == nullptr) {
    auto laid_out = weights_of(shape, question.quant);
    if (!laid_out) return laid_out.error();
    made = *std::move(laid_out);
    weights = &*made;
  }
  const MemoryView memory = memory_view(machine);
  if (Status known = memory_known(memory); !known) return known.error();
  auto placement = fit(memory, shape, *weights, question);
  if (!placement) return placement.error();
  placement->remedies = remedies_for(memory, shape, *weights, question, *placement, made.has_value());
  placement->notes.insert(placement->notes.end(), memory.notes.begin(), memory.notes.end());
  FitRow row;
  row.model = record != nullptr ? record->id : shape.id;
  row.name = record != nullptr ? record->name : shape.name;
  row.params = record != nullptr ? record->params : shape.params;
  if (!row.params) row.params = weights->parameters;
  if (record != nullptr) row.licence = record->licence;
  row.placement = *std::move(placement);
  row.speed = speed_of(machine, shape, *weights, record, row.placement, evidence);
  return row;
}

Result<std::vector<FitRow>> fit_devices(const Catalogue& catalogue, const ModelShape& shape, const ModelWeights* weights,
                                        const ModelRecord* record, const FitQuestion& question) {
  std::optional<ModelWeights> made;
  if (weights == nullptr) {
    auto laid_out = weights_of(shape, question.quant);
    if (!laid_out) return laid_out.error();
    made = *std::move(laid_out);
    weights = &*made;
  }
  std::vector<FitRow> rows;
  for (const Device& device : catalogue.devices()) {
    std::vector<std::string> names;
    if (device.memory_options.size() > 1) {
      for (const auto& option : device.memory_options) names.push_back(fmt::format("{}@{:.0f}GB", device.id, in_gib(option.value)));
    } else {
      names.push_back(device.id);
    }
    for (const auto& name : names) {
      const auto machine = machine_from_name(name, catalogue);
      if (!machine) continue;
      auto placement = fit(memory_view(*machine), shape, *weights, question);
      if (!placement) return placement.error();
      if (placement->verdict == Verdict::no) continue;
      FitRow row;
      row.model = record != nullptr ? record->id : shape.id;
      row.name = record != nullptr ? record->name : shape.name;
      row.device = name;
      row.device_name = device.name;
      row.placement = *std::move(placement);
      row.speed = speed_of(*machine, shape, *weights, record, row.placement);
      rows.push_back(std::move(row));
    }
  }
  std::stable_sort(rows.begin(), rows.end(), [](const FitRow& a, const FitRow& b) {
    const bool a_whole = a.placement.verdict >= Verdict::tight, b_whole = b.placement.verdict >= Verdict::tight;
    if (a_whole != b_whole) return a_whole;
    const auto speed = [](const FitRow& row) { return row.speed.decode ? row.speed.decode->mid : 0; };
    return speed(a) > speed(b);
  });
  return rows;
}

}  // namespace hardscape
