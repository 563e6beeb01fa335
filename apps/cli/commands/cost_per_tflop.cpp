#include "hardscape/cost_per_tflop.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/commands/cost.hpp"
#include "hardscape/cost_assume.hpp"
#include "hardscape/model_name.hpp"
#include "hardscape/suggest.hpp"

namespace hardscape::cli {
namespace {

std::string or_dash(const std::optional<double>& value, int decimals) {
  return value ? fmt::format("{:.{}f}", *value, decimals) : "-";
}

Document cost_view(const cost::PerTflopReport& report, std::size_t most, bool explain) {
  Document document;
  const std::string unit = report.precision == "int8" ? "TOPS" : "TFLOP";
  document.blocks.push_back(Heading{fmt::format("US dollars per dense {} {}", report.precision, unit)});
  Table table{"Per " + unit,
              {{"Device", Align::left, true}, {"Price $", Align::right, false}, {"as of", Align::left, false}, {unit == "TOPS" ? unit : unit + "s", Align::right, false},
               {"buy", Align::right, false}, {"own", Align::right, false}, {"rent/h", Align::right, false}, {"/GB", Align::right, false},
               {"/GB/s", Align::right, false}},
              {}};
  const bool tokens = !report.model.empty();
  if (tokens) table.columns.push_back({"/tok/s", Align::right, false});
  for (const auto& row : report.rows) {
    if (table.rows.size() == most) break;
    std::vector<Cell> cells{row.name, cost::show("", row.price.mid), Cell(row.price.source.date.empty() ? "-" : row.price.source.date, row.price.stale ? Tone::warn : Tone::plain),
                            fmt::format("{:.1f}", row.tflops), fmt::format("{:.2f}", row.purchase_usd_per_tflop), or_dash(row.effective_usd_per_tflop, 2),
                            row.cloud_usd_per_tflop_hour ? fmt::format("{:.3g}", *row.cloud_usd_per_tflop_hour) : "-", or_dash(row.usd_per_gb, 0), or_dash(row.usd_per_gb_per_s, 2)};
    if (tokens) cells.emplace_back(or_dash(row.usd_per_token_per_s, 0));
    table.rows.push_back(std::move(cells));
  }
  document.blocks.push_back(std::move(table));
  document.blocks.push_back(Paragraph{fmt::format("buy: price over rate. own: with its electricity over its life. rent/h: cheapest offer. Sorted by {}; {} of {} devices shown.",
                                                  report.sort, std::min(most, report.rows.size()), report.rows.size())});
  if (!report.rows.empty() && report.exploration) {
    std::string sentence = fmt::format("{}, own: {}", report.rows[0].name, spread_sentence(*report.exploration, "usd"));
    if (report.exploration->first_wins) sentence += fmt::format(" It is the cheapest in {} of the draws.", percent(*report.exploration->first_wins));
    document.blocks.push_back(Paragraph{sentence});
  }
  add_inputs(document, report.inputs, explain);
  if (explain) {
    Table sources{"Prices", {{"Device", Align::left, true}, {"Where the price comes from", Align::left, true}}, {}};
    for (std::size_t i = 0; i < std::min(most, report.rows.size()); ++i) sources.rows.push_back({report.rows[i].name, report.rows[i].price.source.ref});
    document.blocks.push_back(std::move(sources));
    document.blocks.push_back(Paragraph{"Rates are dense and of one precision; the guide's column mixes matrix and vector rates (--basis guide)."});
  }
  add_notes(document, report.notes);
  return document;
}

}  // namespace

int run_cost_per_tflop(Invocation& call) {
  Options app{"What a dense TFLOP, a GB, a GB/s costs, device by device", "hardscape cost per-tflop"};
  CostOptions options;
  cost::PerTflopQuestion question;
  std::vector<std::string> names;
  std::size_t most = 25;
  app.add_option("devices", names, "Devices by any name; none: all whose price is known");
  app.add_option("--precision", question.precision, "fp64, fp32, fp16, bf16, fp8, fp4 or int8 (fp16)");
  app.add_option("--sort", question.sort, "purchase, effective, cloud, memory, bandwidth or token (effective)");
  app.add_option("--model", question.model, "Add $ per token a second of this model, predicted: llama-3.1-8b:Q4_K_M");
  app.add_option("--top", most, "Rows shown (25)")->within(1, 100000);
  app.add_option("--place", options.place, "home or datacenter: which assumptions hold (home)");
  app.add_option("--region", options.region, "Electricity price of a region: us-ny");
  const std::vector<std::string> keys{"hours_per_year", "life_years", "electricity_usd_per_kwh", "pue"};
  options.add_inputs(app, keys);
  options.add_to(app);
  if (const auto over = call.parse(app)) return *over;
  if (options.guide()) return tell_guide(call, options, "per-tflop");
  const auto given = options.given();
  if (!given) return call.fail(given.error());
  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  const ReadAhead ahead(*catalogue, !question.model.empty());
  const auto freshness = options.freshness();
  for (const auto& name : names) {
    const auto found = device_called(name, *catalogue);
    if (!found) return call.fail(found.error());
    question.devices.push_back(priced_device(**found, *catalogue, freshness));
  }
  if (names.empty())
    for (const auto& device : catalogue->devices())
      if (device.price || device.msrp) question.devices.push_back(priced_device(device, *catalogue, freshness));
  int stale = 0;
  for (auto& device : question.devices) {
    if (!device.price) continue;
    std::vector<cost::Input> one{*device.price};
    stale += static_cast<int>(cost::mark_stale(one, freshness).size());
    device.price = one[0];
  }
  if (!question.model.empty()) {
    // A model that nobody knows is a mistake of the call; one that does not fit a device is a dash in its row.
    const auto named = split_model_name(question.model);
    if (!named) return call.fail(named.error());
    const ModelLookup known = catalogue->look_up_model(named->name);
    if (known.match == nullptr)
      return call.fail({ErrorCode::invalid_argument, "--model: the catalogue has no \"" + printable_text(question.model) + "\"" +
                                                         (known.nearest.empty() ? "" : "; near: " + fmt::format("{}", fmt::join(known.nearest, ", "))) +
                                                         "; see hardscape model list"});
    if (known.note) call.remark(*known.note);
    question.speed = [&](const std::string& id) -> std::optional<Estimate> {
      const auto speed = speed_on(id, question.model, 1, *catalogue);
      if (!speed) return std::nullopt;
      return speed->decode_tokens_per_s;
    };
  } else if (question.sort == "token") {
    return call.fail({ErrorCode::invalid_argument, "--sort token: name a --model to predict tokens a second of"});
  }
  const auto all = options.inputs_for({}, *catalogue, *given);
  if (!all) return call.fail(all.error());
  for (const auto& key : keys)
    if (const cost::Input* input = cost::find_input(*all, key)) question.inputs.push_back(*input);
  question.simulation = options.simulation;
  auto report = cost::per_tflop(question);
  if (!report) return call.fail(report.error());
  if (stale > 0)
    report->notes.push_back({Severity::warning, "stale-price",
                             fmt::format("{} of {} purchase prices are launch prices or older than {} days.", stale, question.devices.size(), freshness.stale_after_days),
                             "Put today's in a folder and name it with --data."});
  if (!names.empty())
    for (const auto& left : report->left_out)
      report->notes.push_back({Severity::info, "left-out", fmt::format("{} is left out: {}.", left.name, left.reason), {}});
  return call.tell({.json = [&] { return to_json(*report); },
                    .document = [&] { return cost_view(*report, most, call.globals().explain); },
                    .status = report->rows.empty() ? k_no : k_yes});
}

}  // namespace hardscape::cli
