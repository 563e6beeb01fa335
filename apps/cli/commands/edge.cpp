#include "hardscape/edge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/model_input.hpp"
#include "cli/options.hpp"

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
  Table table{"tokens_per_s", {{"device", Align::left, true}, {"usable GiB", Align::right}}, {}};
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

std::string in_words(const PublishedEdgeSpeed& p) {
  return fmt::format("{} {} {}, {}{}", number(p.tokens_per_s.value), p.model, p.quant, p.engine, p.vendor_figure ? ", vendor" : "");
}

std::string best_published(const EdgeCell& c) { return c.published.empty() ? std::string() : in_words(c.published.front()); }

// One table a device, so that 80 columns hold it.
Table details(const EdgeRow& r) {
  Table table{r.key,
              {{"model", Align::left},
               {"GiB needed", Align::right},
               {"left", Align::right},
               {"tokens/s", Align::right},
               {"J/token", Align::right},
               {"published tokens/s", Align::left, true}},
              {}};
  for (const EdgeCell& c : r.cells) {
    if (c.verdict == "no" && c.published.empty()) continue;
    const std::string speed =
        c.decode ? fmt::format("{} ({}-{})", number(c.decode->mid), number(c.decode->low), number(c.decode->high)) : "does not fit";
    table.rows.push_back({c.model, gigabytes(c.needed), c.left ? gigabytes(*c.left) : "-", speed,
                          c.joules_per_token ? number(*c.joules_per_token) : "", best_published(c)});
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

Bullets npus_in_words(const std::vector<NeuralProcessor>& list) {
  Bullets said;
  for (const NeuralProcessor& n : list) {
    said.items.emplace_back(fmt::format("{} ({} INT8 TOPS: {}). Language models: {}. Runs: {} Cannot: {}", n.name,
                                        n.int8_tops ? number(*n.int8_tops) : "no published", n.tops_note, n.language_models, n.runs,
                                        n.cannot));
  }
  return said;
}

void add_npus(Document& document, const std::vector<NeuralProcessor>& list, bool tables_only) {
  document.blocks.emplace_back(Heading{"What their neural processors can do", 2});
  if (tables_only) document.blocks.emplace_back(npus(list));
  else document.blocks.emplace_back(npus_in_words(list));
}

// "Q4_K_M", or "Q4_K_M and Q8_0" where models ask for their own.
std::string quants_of(const EdgeMatrix& m) {
  std::vector<std::string> quants;
  if (m.rows.empty()) return m.question.quant;
  for (const EdgeCell& c : m.rows.front().cells) {
    if (std::find(quants.begin(), quants.end(), c.quant) == quants.end()) quants.push_back(c.quant);
  }
  return fmt::format("{}", fmt::join(quants, " and "));
}

Document edge_view(const EdgeMatrix& m, bool explain, bool tables_only) {
  Document document;
  document.blocks.emplace_back(Heading{"Models on edge devices"});
  document.blocks.emplace_back(
      Paragraph{fmt::format("Predicted tokens/s for one request at {}, {} tokens of context; - does not fit.", quants_of(m),
                            m.question.context)});
  document.blocks.emplace_back(overview(m));
  for (const EdgeRow& r : m.rows) {
    document.blocks.emplace_back(Heading{r.name, 3});
    std::string facts = r.load.value > 0 ? fmt::format("{} GiB, runs on the {}, {:.0f} W while answering ({}).", gigabytes(r.memory),
                                                       r.runs_on, r.load.value, r.load_source)
                                         : fmt::format("{} GiB, runs on the {}.", gigabytes(r.memory), r.runs_on);
    if (!r.note.empty()) facts += " " + r.note + ".";
    document.blocks.emplace_back(Paragraph{Cell(facts, Tone::faint)});
    document.blocks.emplace_back(details(r));
    if (!explain) continue;
    Bullets remarks;
    for (const EdgeCell& c : r.cells) {
      for (const PublishedEdgeSpeed& p : c.published) remarks.items.emplace_back(in_words(p) + ": " + p.url);
    }
    if (!remarks.items.empty()) document.blocks.emplace_back(std::move(remarks));
  }
  add_npus(document, m.npus, tables_only);
  return document;
}

}  // namespace

int run_edge(Invocation& call) {
  EdgeQuestion question;
  bool every = false, all_npus = false;
  Options app{"Which models run on phones and boards, how fast, on how much energy", "hardscape edge"};
  app.add_option("--device,device", question.devices, "Device of the list or the catalogue (may be repeated); default: the guide's eight");
  app.add_option("--model-size,--model", question.models, "Size (3B) or model of the catalogue, with a quantisation (3B:Q8_0) or without (may be repeated)");
  app.add_option("--quant", question.quant, "Quantisation of the weights")->capture_default_str();
  app.add_option("--context", question.context, "Tokens of context")->capture_default_str();
  app.add_flag("--all", every, "Every device it knows");
  app.add_flag("--npus", all_npus, "Only what neural processors can and cannot run");
  if (const auto over = call.parse(app)) return *over;
  if (every) question.devices = edge_device_keys();
  const std::string quant = app.count("--quant") > 0 ? question.quant : std::string();
  for (const std::string& model : question.models) {
    if (const auto named = read_model_name(model, quant); !named) return call.fail(named.error());
  }
  const bool tables_only = call.globals().format == "csv";
  if (all_npus) {
    EdgeMatrix only;
    only.npus = neural_processors();
    return call.tell({.json = [&] { return to_json(only); },
                      .document = [&] {
                        Document document;
                        add_npus(document, only.npus, tables_only);
                        return document;
                      }});
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
                    .document = [&] { return edge_view(*matrix, call.globals().explain, tables_only); },
                    .status = any ? k_yes : k_no});
}

}  // namespace hardscape::cli
