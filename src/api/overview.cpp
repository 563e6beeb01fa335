#include "hardscape/overview.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/limits.hpp"
#include "base/text.hpp"
#include "fit/data_file.hpp"
#include "fit/quality.hpp"
#include "hardscape/model_shape.hpp"

namespace hardscape {
namespace {

std::vector<std::string> hardware_of(const Machine& machine, const MemoryView& memory) {
  std::vector<std::string> words;
  for (const auto& pool : memory.devices) {
    const std::string id = pool.device.substr(0, pool.device.find('/'));
    for (const auto& a : machine.accelerators) {
      if (a.id != id) continue;
      const std::string vendor = to_lower(a.vendor);
      words.push_back(vendor == "aws" || vendor == "amazon" ? "aws-neuron" : vendor + "-" + std::string(to_string(a.kind)));
    }
  }
  for (const auto& processor : machine.processors) {
    if (processor.architecture == "x86_64") words.emplace_back("x86-cpu");
    if (processor.architecture == "aarch64") words.emplace_back("arm-cpu");
  }
  return words;
}

// Without it nothing can be said of what fits: unknown is not zero.
bool knows_memory(const Overview& overview) {
  return overview.machine.memory.total.value > 0 || !overview.memory.devices.empty();
}

std::optional<EngineAdvice> engine_for(const Machine& machine, const MemoryView& memory, const Catalogue& catalogue) {
  const auto name_of = [&](const std::string& id) {
    const Runtime* runtime = catalogue.find_runtime(id);
    return runtime == nullptr ? id : runtime->name;
  };
  const auto words = hardware_of(machine, memory);
  Bytes largest{0};
  for (const auto& pool : memory.devices) largest = std::max(largest, pool.total);
  const auto table = fit_data::file("fit/engines.json");
  if (!table.is_object()) return std::nullopt;
  for (const auto& row : table.at("rows")) {
    const std::string hardware = row.value("hardware", "");
    if (!hardware.empty() && std::find(words.begin(), words.end(), hardware) == words.end()) continue;
    if (largest.value < row.value("at_least_bytes", std::int64_t{0})) continue;
    EngineAdvice advice{row.value("engine", ""), name_of(row.value("engine", "")), row.value("why", ""), {}};
    for (const auto& other : row.at("also"))
      advice.also.push_back(name_of(other.value("engine", "")) + ": " + other.value("why", ""));
    return advice;
  }
  return std::nullopt;
}

std::vector<SizeClassAnswer> classes_on(const Machine& machine, const Catalogue& catalogue, const Evidence& evidence) {
  std::vector<SizeClassAnswer> answers;
  for (const auto& size : fit_data::size_classes()) {
    const ModelRecord* record = catalogue.find_model(size.model);
    if (record == nullptr) continue;
    if (auto row = fit_best(machine, *record, {}, evidence)) {
      answers.push_back({size.id, *std::move(row)});
      continue;
    }
    const auto shape = shape_of(*record);
    if (!shape) continue;
    FitQuestion question;
    const auto& ladder = fit_data::ladder(record->native_quant);
    if (std::find(ladder.begin(), ladder.end(), question.quant) == ladder.end()) question.quant = ladder.front();
    question.context = fit_data::uses().front().context;
    auto row = fit_model(machine, *shape, nullptr, record, question, evidence);
    if (row) answers.push_back({size.id, *std::move(row)});
  }
  return answers;
}

std::vector<NextStep> steps_for(const Overview& overview, const std::string& machine_options) {
  std::vector<NextStep> steps;
  const bool unknown_speed = overview.best && !overview.best->speed.decode;
  if (unknown_speed && machine_options.empty())
    steps.push_back({"hardscape measure", "how fast this machine's memory really is, so that speeds can be told"});
  if (overview.best) {
    const std::string id = overview.best->model;
    steps.push_back({"hardscape fit --model " + id + " --context auto" + machine_options, "every byte of it on its device"});
    // On a processor a small one tells as much, sooner.
    const FitRow& tried = overview.memory.devices.empty() && !overview.classes.empty() &&
                                  overview.classes.front().row.placement.verdict >= Verdict::tight
                              ? overview.classes.front().row : *overview.best;
    if (machine_options.empty())
      steps.push_back({fmt::format("hardscape bench --synthetic {}:{}", tried.model, tried.placement.quant),
                       "real inference with random weights, no download"});
    else
      steps.push_back({"hardscape predict --model " + id + " --curve" + machine_options, "its speed over the length of the context"});
  }
  if (!knows_memory(overview)) steps.push_back({"hardscape detect --explain" + machine_options, "where each figure comes from, and what is missing"});
  steps.push_back({"hardscape fit --use code" + machine_options, "the best models for another use"});
  if (!overview.best) steps.push_back({"hardscape catalog list", "the hardware that the program knows"});
  steps.push_back({"hardscape select --budget 2000 --model-size 70B", "what to buy or rent for more"});
  steps.resize(3);
  return steps;
}

}  // namespace

Overview overview_of(const Machine& machine, const Catalogue& catalogue, const Evidence& evidence, const std::string& machine_options) {
  Overview overview;
  overview.machine = machine;
  overview.memory = memory_view(machine);
  overview.limits = limits_of(machine, overview.memory);
  if (knows_memory(overview)) overview.classes = classes_on(machine, catalogue, evidence);
  FitWishes wishes;
  wishes.most = 1;
  if (auto rows = fit_models(machine, catalogue, wishes, evidence); rows && !rows->empty()) overview.best = std::move(rows->front());
  overview.engine = engine_for(machine, overview.memory, catalogue);
  overview.next = steps_for(overview, machine_options);
  overview.evidence = evidence_used(evidence);
  overview.notes = evidence.notes;
  return overview;
}

}  // namespace hardscape
