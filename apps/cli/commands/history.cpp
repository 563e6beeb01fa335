#include <fmt/format.h>

#include <filesystem>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "hardscape/history.hpp"

namespace hardscape::cli {
namespace {

std::string figure(const std::optional<double>& value) { return value ? fmt::format("{:.4g}", *value) : ""; }

Document list_of(const std::vector<HistoryEntry>& entries) {
  Table table{"History", {{"id", Align::right}, {"when"}, {"kind"}, {"subject", Align::left, true}, {"figures", Align::left, true}, {"machine", Align::left, true}}, {}};
  for (const auto& e : entries) {
    std::string figures;
    for (const auto& f : figures_of(e))
      if (f.unit == "bytes_per_s" && f.what == "cpu triad bandwidth" && f.first)
        figures += (figures.empty() ? "" : ", ") + fmt::format("triad {:.1f} GB/s", *f.first / 1e9);
      else if (f.unit == "tokens/s") figures += (figures.empty() ? "" : ", ") + f.what + " " + figure(f.first);
    table.rows.push_back({std::to_string(e.id), e.when.substr(0, 16), e.kind, e.subject, figures, e.machine_name});
  }
  Document out{{Heading{"History"}}};
  if (entries.empty())
    out.blocks.push_back(Paragraph{"Nothing yet. `hardscape bench` and `hardscape measure` keep their results here."});
  else
    out.blocks.push_back(table);
  return out;
}

Document comparison_of(const HistoryEntry& a, const HistoryEntry& b) {
  Table table{"Comparison", {{"figure", Align::left, true}, {fmt::format("{} ({})", a.id, a.when.substr(0, 10)), Align::right},
                             {fmt::format("{} ({})", b.id, b.when.substr(0, 10)), Align::right}, {"second/first", Align::right}, {"unit"}}, {}};
  for (const auto& f : compare(a, b))
    table.rows.push_back({f.what, figure(f.first), figure(f.second), f.first && f.second && *f.first > 0 ? fmt::format("{:.3f}", *f.second / *f.first) : "", f.unit});
  Document out{{Heading{"Comparison of " + std::to_string(a.id) + " and " + std::to_string(b.id)}, Pairs{{{"first", a.subject}, {"second", b.subject}}}, table}};
  if (a.machine != b.machine) out.blocks.push_back(NoteBlock{{{Severity::warning, "other-machine", "These two are of different machines: " + a.machine_name + " and " + b.machine_name + ".", std::nullopt}}});
  return out;
}

// As a list; with `whole` as the document that import reads, into a file where one is named.
int tell_entries(Invocation& call, const std::vector<HistoryEntry>& entries, bool whole, const std::string& file) {
  if (!whole) return call.tell({.json = [&] { return to_json(entries); }, .document = [&] { return list_of(entries); }});
  if (file.empty()) {
    call.streams().out(to_json(entries));
    return k_yes;
  }
  if (const auto done = write_file(file, to_json(entries)); !done) return call.fail(done.error());
  call.remark(fmt::format("wrote {} entries to {}", entries.size(), file));
  return k_yes;
}

}  // namespace

int run_history(Invocation& call) {
  Options app{"Earlier measurements and benchmarks", "hardscape history"};
  app.require_subcommand(0, 1);
  HistoryFilter filter;
  std::int64_t id = 0, first = 0, second = 0;
  std::string file;
  app.fallthrough();
  auto* list = app.add_subcommand("list", "Newest first");
  list->add_option("--kind", filter.kind, "bench, measure or llama-bench");
  list->add_option("--subject", filter.subject, "Part of a model's or measurement's name");
  list->add_option("--most", filter.most, "At most this many")->capture_default_str();
  auto* show = app.add_subcommand("show", "One entry, whole");
  show->add_option("ID", id)->required();
  auto* two = app.add_subcommand("compare", "Two entries, figure by figure");
  two->add_option("FIRST", first)->required();
  two->add_option("SECOND", second)->required();
  auto* out_of = app.add_subcommand("export", "All entries as JSON");
  out_of->add_option("FILE", file, "Default: standard output");
  auto* into = app.add_subcommand("import", "Entries that export wrote, or the output of `llama-bench -o json`");
  into->add_option("FILE", file)->required();
  if (const auto over = call.parse(app)) return *over;

  const auto path = history_path(call.environment());
  if (!path) {
    if (*show || *two || *into) return call.fail(path.error());
    call.remark("hardscape: " + path.error().message + ", so nothing is kept");
    return tell_entries(call, {}, static_cast<bool>(*out_of), file);
  }
  std::error_code ignored;
  const bool kept = std::filesystem::exists(*path, ignored);
  if (!kept && (*show || *two))
    return call.fail({ErrorCode::not_found, "nothing is kept yet at " + *path + "; `hardscape bench` and `hardscape measure` keep their results"});
  // Who only reads finds an empty history where none is kept, and no folder is made for it.
  if (!kept && !*into) return tell_entries(call, {}, static_cast<bool>(*out_of), file);
  auto history = History::open(*path);
  if (!history) return call.fail(history.error());

  if (*show) {
    const auto entry = history->get(id);
    if (!entry) return call.fail(entry.error());
    return call.tell({.json = [&] { return entry->document + (entry->document.ends_with('\n') ? "" : "\n"); },
                      .document = [&] {
                        Table table{"", {{"figure"}, {"value", Align::right}, {"unit"}}, {}};
                        for (const auto& f : figures_of(*entry)) table.rows.push_back({f.what, figure(f.first), f.unit});
                        return Document{{Heading{fmt::format("Entry {}: {}", entry->id, entry->subject)},
                                         Pairs{{{"when", entry->when}, {"kind", entry->kind}, {"machine", entry->machine_name}}}, table}};
                      }});
  }
  if (*two) {
    const auto a = history->get(first);
    if (!a) return call.fail(a.error());
    const auto b = history->get(second);
    if (!b) return call.fail(b.error());
    return call.tell({.json = [&] { return to_json(std::vector<HistoryEntry>{*a, *b}); }, .document = [&] { return comparison_of(*a, *b); }});
  }
  if (*into) {
    const auto text = read_file(file);
    if (!text) return call.fail(text.error());
    const auto first_mark = text->find_first_not_of(" \t\r\n");
    const bool array = first_mark != std::string::npos && (*text)[first_mark] == '[';
    const auto entries = array ? history_from_llama_bench(*text, file) : history_from_json(*text, file);
    if (!entries) return call.fail(entries.error());
    const auto fresh = history->unknown_of(*entries);
    if (!fresh) return call.fail(fresh.error());
    const auto ids = history->add_all(*fresh);
    if (!ids) return call.fail(ids.error());
    const auto known = entries->size() - fresh->size();
    call.remark(fmt::format("imported {} entries{}", ids->size(), known > 0 ? fmt::format("; {} were there already", known) : ""));
    return k_yes;
  }
  const auto entries = history->list(*out_of ? HistoryFilter{"", "", "", 1'000'000'000} : filter);
  if (!entries) return call.fail(entries.error());
  return tell_entries(call, *entries, static_cast<bool>(*out_of), file);
}

}  // namespace hardscape::cli
