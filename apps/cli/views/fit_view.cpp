#include "cli/views/fit_view.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hardscape::cli {
namespace {

std::string number_text(double value) {
  return value >= 100 ? fmt::format("{:.0f}", value) : value >= 10 ? fmt::format("{:.0f}", value) : fmt::format("{:.1f}", value);
}

std::string sentence_of(const FitRow& row) {
  const Placement& p = row.placement;
  const auto where = [&] {
    std::string names;
    for (const auto& share : p.devices)
      if (!share.host) names += (names.empty() ? "" : " + ") + share.device;
    return names.empty() ? std::string("memory") : names;
  }();
  switch (p.verdict) {
    case Verdict::fits: return fmt::format("fits on {}, {} to spare", where, bytes_text(p.spare));
    case Verdict::tight: return fmt::format("fits on {}, but tightly: {} to spare", where, bytes_text(p.spare));
    case Verdict::offload:
      if (p.device_layers == 0) return "fits in memory only: the processor does all the work";
      if (p.experts_on_host && p.device_layers == p.layers)
        return fmt::format("runs with experts on the processor; all on accelerators lacks {}", bytes_text(p.missing_for_device));
      return fmt::format("runs with {} of {} layers on accelerators; all there lacks {}", p.device_layers, p.layers,
                         bytes_text(p.missing_for_device));
    case Verdict::no: return fmt::format("does not fit: {} missing on {}", bytes_text(p.missing), p.missing_on);
  }
  return {};
}

std::string advice_of(const Remedy& remedy) {
  const std::string effect = remedy.verdict == Verdict::offload ? "makes it run with the processor's help"
                             : remedy.verdict == Verdict::tight ? "makes it fit, tightly" : "makes it fit";
  if (remedy.kind == "kv-type") return fmt::format("a cache in {} (--kv-type {}) {}", remedy.value, remedy.value, effect);
  if (remedy.kind == "context") return fmt::format("a context of {} (--context {}) {}", context_text(std::stoll(remedy.value)), remedy.value, effect);
  return fmt::format("weights in {} (--quant {}) {}", remedy.value, remedy.value, effect);
}

// Without the words that every product of a vendor shares.
std::string short_name(std::string name) {
  for (const std::string word : {"NVIDIA ", "GeForce ", "AMD ", "Intel "})
    if (name.compare(0, word.size(), word) == 0) name.erase(0, word.size());
  return name;
}

std::string layers_text(const DeviceShare& share, int all) {
  if (share.host && share.layers == 0 && share.expert_layers == 0) return "table";
  std::string text = share.layers > 0 || !share.host ? fmt::format("{} of {}", share.layers, all) : "";
  if (share.expert_layers > 0) text += fmt::format("{}experts of {}", text.empty() ? "" : ", ", share.expert_layers);
  return text;
}

Table placement_table(const Placement& p) {
  Table table{"placement",
              {{"Device", Align::left, true}, {"Layers"}, {"Weights", Align::right}, {"Cache", Align::right},
               {"Buffers", Align::right}, {"Total", Align::right}, {"Free", Align::right}},
              {}};
  for (const DeviceShare& share : p.devices) {
    const bool over = share.free < share.bytes.total() && share.free.value > 0;
    const std::string name = share.name.empty() ? share.device : fmt::format("{} {}", share.device, short_name(share.name));
    table.rows.push_back({name, layers_text(share, p.layers), bytes_text(share.bytes.weights),
                          bytes_text(share.bytes.kv + share.bytes.recurrent), bytes_text(share.bytes.compute + share.bytes.overhead),
                          {bytes_text(share.bytes.total()), over ? Tone::bad : Tone::strong},
                          share.free.value > 0 ? bytes_text(share.free) : "unknown"});
  }
  if (p.devices.size() > 1)
    table.rows.push_back({"together", "", bytes_text(p.memory.weights), bytes_text(p.memory.kv + p.memory.recurrent),
                          bytes_text(p.memory.compute + p.memory.overhead), {bytes_text(p.memory.total()), Tone::strong}, ""});
  return table;
}

void explain_pools(Document& document, const MemoryView& memory) {
  Pairs pairs;
  for (const auto& pool : memory.devices) pairs.rows.push_back({"free on " + pool.device, pool.how});
  pairs.rows.push_back({"free on " + memory.host.device, memory.host.how});
  document.blocks.push_back(Heading{"Where the room comes from", 2});
  document.blocks.push_back(pairs);
  document.blocks.push_back(Paragraph{{"Weights are laid out tensor by tensor, caches and buffers as llama.cpp allocates them; "
                                       "reserves are in data/fit/policy.json. See docs/models.md, section Fit.", Tone::faint}});
}

}  // namespace

std::string bytes_text(Bytes bytes) {
  if (bytes.value == 0) return "-";
  const double gib = in_gib(bytes);
  if (gib >= 100) return fmt::format("{:.0f} GiB", gib);
  if (gib >= 1) return fmt::format("{:.1f} GiB", gib);
  const double mib = static_cast<double>(bytes.value) / static_cast<double>(k_mib);
  return mib >= 1 ? fmt::format("{:.0f} MiB", mib) : fmt::format("{} B", bytes.value);
}

std::string context_text(std::int64_t tokens) {
  if (tokens >= 1 << 20 && tokens % (1 << 20) == 0) return fmt::format("{}M", tokens >> 20);
  if (tokens >= 1 << 10) return tokens % (1 << 10) == 0 ? fmt::format("{}K", tokens >> 10) : fmt::format("{:.1f}K", static_cast<double>(tokens) / 1024);
  return fmt::format("{}", tokens);
}

std::string speed_text(const std::optional<Estimate>& speed) {
  if (!speed) return "-";
  return fmt::format("{} ({}-{})", number_text(speed->mid), number_text(speed->low), number_text(speed->high));
}

Tone tone_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::fits: return Tone::good;
    case Verdict::tight:
    case Verdict::offload: return Tone::warn;
    case Verdict::no: return Tone::bad;
  }
  return Tone::plain;
}

Document view_of_fit(const FitRow& row, const MemoryView& memory, bool explain) {
  const Placement& p = row.placement;
  Document document;
  document.blocks.push_back(Heading{fmt::format("{}, {}, context {}{}", row.name, p.quant, context_text(p.context),
                                                p.parallel > 1 ? fmt::format(" x {} requests", p.parallel) : "")});
  Pairs pairs;
  pairs.rows.push_back({"verdict", {std::string(to_string(p.verdict)), tone_of(p.verdict)}});
  pairs.rows.push_back({"", sentence_of(row)});
  if (row.speed.decode) {
    pairs.rows.push_back({"decode", speed_text(row.speed.decode) + " tokens/s, bound by " + row.speed.bound});
    if (row.speed.prefill) pairs.rows.push_back({"prefill", speed_text(row.speed.prefill) + " tokens/s"});
  } else if (p.verdict != Verdict::no && !row.speed.why_not.empty()) {
    pairs.rows.push_back({"speed", {row.speed.why_not, Tone::faint}});
  }
  document.blocks.push_back(pairs);
  document.blocks.push_back(placement_table(p));
  if (!p.remedies.empty()) {
    Bullets bullets;
    for (const Remedy& remedy : p.remedies) bullets.items.emplace_back(advice_of(remedy));
    document.blocks.push_back(Heading{"The smallest change of each kind that helps", 2});
    document.blocks.push_back(bullets);
  }
  if (!p.notes.empty()) document.blocks.push_back(NoteBlock{p.notes});
  if (explain) explain_pools(document, memory);
  return document;
}

Document view_of_models(const std::vector<FitRow>& rows, const MemoryView& memory, const std::string& use, bool explain) {
  Document document;
  document.blocks.push_back(Heading{"Best models for this machine: " + use});
  if (rows.empty()) {
    document.blocks.push_back(Paragraph{{"No model of the catalogue that meets these wishes fits.", Tone::bad}});
  } else {
    Table table{"models",
                {{"Model", Align::left, true}, {"Quant"}, {"Context", Align::right}, {"Memory", Align::right}, {"Verdict"},
                 {"Tokens/s", Align::right}, {"Prefill", Align::right}},
                {}};
    for (const FitRow& row : rows) {
      const Placement& p = row.placement;
      std::string prefill = row.speed.prefill ? number_text(row.speed.prefill->mid) : "-";
      table.rows.push_back({row.name, p.quant, context_text(p.context), bytes_text(p.memory.total()),
                            {std::string(to_string(p.verdict)), tone_of(p.verdict)},
                            {speed_text(row.speed.decode), row.fast_enough ? Tone::plain : Tone::warn}, prefill});
    }
    document.blocks.push_back(table);
    if (std::none_of(rows.begin(), rows.end(), [](const FitRow& row) { return row.speed.decode.has_value(); }))
      document.blocks.push_back(Paragraph{{"Speed: " + rows[0].speed.why_not, Tone::warn}});
    document.blocks.push_back(Paragraph{{"Context is the largest that fits; speed is of one request 4K tokens in. "
                                         "Details: hardscape fit --model ID", Tone::faint}});
  }
  if (!memory.notes.empty()) document.blocks.push_back(NoteBlock{memory.notes});
  if (explain) explain_pools(document, memory);
  return document;
}

Document view_of_devices(const std::vector<FitRow>& rows, const std::string& model, const FitQuestion& question) {
  Document document;
  document.blocks.push_back(Heading{fmt::format("Devices that run {} in {}, context {}", model, question.quant,
                                                context_text(question.context.value_or(0)))});
  if (rows.empty()) {
    document.blocks.push_back(Paragraph{{"No single device of the catalogue holds it.", Tone::bad}});
    return document;
  }
  Table table{"devices",
              {{"Device", Align::left, true}, {"Id"}, {"Verdict"}, {"Tokens/s", Align::right}, {"To spare", Align::right}},
              {}};
  for (const FitRow& row : rows)
    table.rows.push_back({row.device_name, row.device, {std::string(to_string(row.placement.verdict)), tone_of(row.placement.verdict)},
                          speed_text(row.speed.decode), bytes_text(row.placement.spare)});
  document.blocks.push_back(table);
  return document;
}

}  // namespace hardscape::cli
