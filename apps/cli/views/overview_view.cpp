#include "cli/views/overview_view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/views/evidence_view.hpp"
#include "cli/views/fit_view.hpp"
#include "cli/views/shell_text.hpp"

namespace hardscape::cli {
namespace {

std::string processor_text(const Processor& processor) {
  std::string text = processor.name;
  if (processor.sockets > 1) text = fmt::format("{} x {}", processor.sockets, text);
  if (processor.cores > 0) text += fmt::format(", {} core{}", processor.cores, processor.cores == 1 ? "" : "s");
  if (processor.threads > processor.cores) text += fmt::format(", {} threads", processor.threads);
  for (const char* feature : {"amx_int8", "avx512_vnni", "avx512f", "avx2", "sve2", "sve", "i8mm", "asimddp", "neon"})
    if (std::find(processor.features.begin(), processor.features.end(), feature) != processor.features.end())
      return text + ", " + feature;
  return text;
}

std::string memory_text(const Machine& machine, const MemoryView& view) {
  if (machine.memory.total.value == 0) return "unknown";
  std::string text = bytes_text(machine.memory.total);
  if (machine.memory.type) text += " " + machine.memory.type->value;
  text += fmt::format(", {} for models", bytes_text(view.host.free));
  if (machine.memory.bandwidth) text += fmt::format(", {:.0f} GB/s", in_gb_per_s(machine.memory.bandwidth->value));
  return text;
}

void add_accelerators(Pairs& pairs, const Overview& overview) {
  // Equal devices on one line.
  std::vector<std::pair<std::string, int>> lines;
  for (const Accelerator& a : overview.machine.accelerators) {
    std::string text = a.name;
    if (a.memory.total) text += fmt::format(", {}{}", bytes_text(a.memory.total->value), a.memory.kind == MemoryKind::dedicated ? "" : " shared");
    if (a.memory.free) text += fmt::format(" ({} free)", bytes_text(*a.memory.free));
    if (a.bandwidth) text += fmt::format(", {:.0f} GB/s", in_gb_per_s(a.bandwidth->value));
    if (!a.partitions.empty()) text += fmt::format(", {} partition{}", a.partitions.size(), a.partitions.size() == 1 ? "" : "s");
    if (!a.usable) text += ", not usable";
    text.insert(0, a.kind == AcceleratorKind::gpu ? "GPU\n" : a.kind == AcceleratorKind::npu ? "NPU\n" : "TPU\n");
    const auto same = std::find_if(lines.begin(), lines.end(), [&](const auto& line) { return line.first == text; });
    if (same == lines.end()) lines.emplace_back(text, 1);
    else ++same->second;
  }
  for (const auto& [text, count] : lines) {
    const auto end = text.find('\n');
    pairs.rows.push_back({text.substr(0, end), (count > 1 ? fmt::format("{} x ", count) : "") + text.substr(end + 1)});
  }
  if (lines.empty()) pairs.rows.push_back({"GPU", {"none found", Tone::faint}});
}

Pairs machine_rows(const Overview& overview) {
  const Machine& machine = overview.machine;
  Pairs pairs;
  if (machine.board) pairs.rows.push_back({"Board", *machine.board});
  for (const auto& processor : machine.processors) pairs.rows.push_back({"Processor", processor_text(processor)});
  pairs.rows.push_back({"Memory", memory_text(machine, overview.memory)});
  add_accelerators(pairs, overview);
  std::string os = machine.os.name;
  if (machine.os.version) os += " " + *machine.os.version;
  if (machine.os.container) os += ", in a " + *machine.os.container + " container";
  if (machine.os.virtualization) os += ", virtual (" + *machine.os.virtualization + ")";
  if (!os.empty()) pairs.rows.push_back({"System", os});
  return pairs;
}

Table class_table(const Overview& overview) {
  Table table{"classes",
              {{"Class", Align::right}, {"Model", Align::left, true}, {"Quant"}, {"Context", Align::right}, {"Memory", Align::right},
               {"Verdict"}, {"Tokens/s", Align::right}},
              {}};
  for (const SizeClassAnswer& one : overview.classes) {
    const Placement& p = one.row.placement;
    const bool no = p.verdict == Verdict::no;
    table.rows.push_back({{one.id, Tone::strong}, one.row.name, p.quant, context_text(p.context), bytes_text(p.memory.total()),
                          {std::string(to_string(p.verdict)), tone_of(p.verdict)},
                          {no ? "lacks " + bytes_text(p.missing) : speed_text(one.row.speed.decode),
                           no ? Tone::bad : one.row.fast_enough ? Tone::plain : Tone::warn}});
  }
  return table;
}

}  // namespace

Document view_of(const Overview& overview, bool explain) {
  Document document;
  auto& blocks = document.blocks;
  blocks.push_back(Heading{"This machine"});
  blocks.push_back(machine_rows(overview));

  blocks.push_back(Heading{"What holds it back", 2});
  Bullets limits;
  for (const Limitation& limit : overview.limits) limits.items.emplace_back(limit.message);
  blocks.push_back(std::move(limits));

  blocks.push_back(Heading{"What runs on it", 2});
  if (!overview.classes.empty()) blocks.push_back(class_table(overview));
  if (overview.best) {
    const FitRow& best = *overview.best;
    std::string text = fmt::format("Best for conversation here: {} in {}", best.name, best.placement.quant);
    if (best.speed.decode) text += fmt::format(", about {:.0f} tokens/s", best.speed.decode->mid);
    blocks.push_back(Paragraph{{text + ".", Tone::good}});
  } else if (overview.classes.empty()) {
    blocks.push_back(Paragraph{{"How much memory there is could not be found out, so what fits cannot be told.", Tone::warn}});
  } else {
    blocks.push_back(Paragraph{{"No model of the catalogue fits in the memory that is free now.", Tone::bad}});
  }

  add_evidence(document, overview.evidence, overview.notes, explain);

  if (overview.engine) {
    blocks.push_back(Heading{"Engine", 2});
    Bullets engines;
    engines.items.emplace_back(fmt::format("{}: {}", overview.engine->name, overview.engine->why), Tone::strong);
    for (const auto& other : overview.engine->also) engines.items.emplace_back(other);
    blocks.push_back(std::move(engines));
  }

  blocks.push_back(Heading{"Try next", 2});
  std::string commands;
  for (const NextStep& step : overview.next) commands += fmt::format("{}\n      {}\n", shell_lines(step.command, "  ", 80), step.why);
  blocks.push_back(Preformatted{commands});
  return document;
}

}  // namespace hardscape::cli
