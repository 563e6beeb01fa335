#include "hardscape/edge.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"

namespace hardscape::cli {
namespace {

std::string number(double v) { return v >= 10 ? fmt::format("{:.0f}", v) : fmt::format("{:.1f}", v); }
std::string gigabytes(Bytes b) { return fmt::format("{:.1f}", in_gib(b)); }

Cell speed_cell(const EdgeCell& c) {
  if (c.verdict == "no") return Cell("-", Tone::faint);
  if (!c.decode) return Cell("?", Tone::faint);
  return Cell(number(c.decode->mid), c.verdict == "tight" ? Tone::warn : Tone::plain);
}

Table overview(const EdgeMatrix& m) {
  Table table{"tokens_per_s", {{"device", Align::left, true}, {"GiB for a model", Align::right}}, {}};
  for (const std::string& size : m.sizes) table.columns.push_back({size, Align::right});
  table.columns.push_back({"W", Align::right});
  for (const EdgeRow& r : m.rows) {
    std::vector<Cell> line{r.name, r.usable.value > 0 ? gigabytes(r.usable) : gigabytes(r.memory)};
    for (const EdgeCell& c : r.cells) line.push_back(speed_cell(c));
    line.emplace_back(r.load.value > 0 ? fmt::format("{:.0f}", r.load.value) : "");
    table.rows.push_back(std::move(line));
  }
  return table;
}

std::string published_in_words(const EdgeCell& c) {
  std::string text;
  for (const PublishedSpeed& p : c.published) {
    if (!text.empty()) text += "; ";
    text += fmt::format("{} {} {} ({}{})", number(p.tokens_per_s.value), p.model, p.quant, p.engine,
                        p.vendor_figure ? ", vendor" : "");
  }
  return text;
}

Table details(const EdgeMatrix& m) {
  Table table{"details",
              {{"device", Align::left, true},
               {"model", Align::left},
               {"needs GiB", Align::right},
               {"left GiB", Align::right},
               {"tokens/s", Align::right},
               {"J/token", Align::right},
               {"published tokens/s", Align::left, true}},
              {}};
  for (const EdgeRow& r : m.rows) {
    for (const EdgeCell& c : r.cells) {
      if (c.verdict == "no" && c.published.empty()) continue;
      table.rows.push_back({r.name, c.model, gigabytes(c.needed), c.left ? gigabytes(*c.left) : "-",
                            c.decode ? fmt::format("{} ({} to {})", number(c.decode->mid), number(c.decode->low), number(c.decode->high))
                                     : "",
                            c.joules_per_token ? number(*c.joules_per_token) : "", published_in_words(c)});
    }
  }
  return table;
}

Table npus(const std::vector<NeuralProcessor>& list) {
  Table table{"neural_processors",
              {{"neural processor", Align::left},
               {"INT8 TOPS", Align::right},
               {"language models", Align::left},
               {"runs", Align::left, true},
               {"cannot", Align::left, true}},
              {}};
  for (const NeuralProcessor& n : list) {
    table.rows.push_back({n.name, n.int8_tops ? number(*n.int8_tops) : "not published", n.language_models, n.runs, n.cannot});
  }
  return table;
}

Document view_of(const EdgeMatrix& m, bool explain) {
  Document document;
  document.blocks.emplace_back(Heading{"Models on edge devices"});
  document.blocks.emplace_back(
      Paragraph{fmt::format("Predicted tokens/s for one request at {}, {} tokens of context; - does not fit.", m.question.quant,
                            m.question.context)});
  document.blocks.emplace_back(overview(m));
  document.blocks.emplace_back(Heading{"Memory, energy and what was measured", 2});
  document.blocks.emplace_back(details(m));
  Bullets remarks;
  for (const EdgeRow& r : m.rows) {
    if (!r.note.empty()) remarks.items.emplace_back(r.name + ": " + r.note + ".");
    if (explain && r.load.value > 0) remarks.items.emplace_back(r.name + ": power from " + r.load_source + ".");
  }
  if (explain) {
    for (const EdgeRow& r : m.rows) {
      for (const EdgeCell& c : r.cells) {
        for (const PublishedSpeed& p : c.published) remarks.items.emplace_back(fmt::format("{} on {}: {}", p.model, r.name, p.url));
      }
    }
  }
  if (!remarks.items.empty()) document.blocks.emplace_back(std::move(remarks));
  document.blocks.emplace_back(Heading{"What their neural processors can do", 2});
  document.blocks.emplace_back(npus(m.npus));
  return document;
}

}  // namespace

int run_edge(Invocation& call) {
  EdgeQuestion question;
  bool every = false, all_npus = false;
  CLI::App app{"Which models run on phones and boards, how fast, on how much energy", "hardscape edge"};
  app.add_option("--device", question.devices, "Device of the list or the catalogue (may be repeated); default: the guide's eight");
  app.add_option("--model-size,--model", question.models, "Size (3B) or model of the catalogue (may be repeated)");
  app.add_option("--quant", question.quant, "Quantisation of the weights")->capture_default_str();
  app.add_option("--context", question.context, "Tokens of context")->capture_default_str();
  app.add_flag("--all", every, "Every device it knows");
  app.add_flag("--npus", all_npus, "Only what neural processors can and cannot run");
  if (const auto over = call.parse(app)) return *over;
  if (every) question.devices = edge_device_keys();
  if (all_npus) {
    EdgeMatrix only;
    only.npus = neural_processors();
    return call.tell({.json = [&] { return to_json(only); },
                      .document = [&] { return Document{{Heading{"Neural processors"}, npus(only.npus)}}; }});
  }
  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  const auto matrix = edge_matrix(question, *catalogue);
  if (!matrix) return call.fail(matrix.error());
  bool any = false;
  for (const EdgeRow& r : matrix->rows) {
    for (const EdgeCell& c : r.cells) any = any || c.verdict != "no";
  }
  return call.tell({.json = [&] { return to_json(*matrix); },
                    .document = [&] { return view_of(*matrix, call.globals().explain); },
                    .status = any ? k_yes : k_no});
}

}  // namespace hardscape::cli
