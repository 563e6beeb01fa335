#include "hardscape/cost_tokens.hpp"

#include <fmt/format.h>

#include "cli/commands/cost.hpp"
#include "cli/views/shell_text.hpp"
#include "hardscape/cost_assume.hpp"

namespace hardscape::cli {
namespace {

std::string mtok(double value) { return cost::show("usd", value); }

Document cost_view(const cost::TokensReport& report, bool explain) {
  Document document;
  document.blocks.push_back(Heading{"Tokens: " + report.name});
  Table table{"$ per million tokens",
              {{"Way", Align::left, true}, {"Hour of work", Align::right, false}, {"Prompt", Align::right, false},
               {"Output", Align::right, false}, {"Blended", Align::right, false}, {"1,000 req.", Align::right, false}},
              {}};
  for (const auto& way : report.ways)
    table.rows.push_back({way.name, way.usd_per_hour > 0 ? cost::show("usd_per_hour", way.usd_per_hour) : "-",
                          report.prompts_priced || way.usd_per_hour == 0 ? mtok(way.price.prompt_usd_per_mtok) : "-",
                          mtok(way.price.output_usd_per_mtok), Cell(mtok(way.price.blended_usd_per_mtok), Tone::strong), cost::show("usd", way.price.request_usd * 1000)});
  document.blocks.push_back(std::move(table));
  if (report.exploration) document.blocks.push_back(Paragraph{"Blended: " + spread_sentence(*report.exploration, "usd_per_mtok")});
  if (report.utilisation_to_beat_api)
    document.blocks.push_back(Paragraph{*report.utilisation_to_beat_api > 1
                                            ? "An owned device never beats the API's price at this speed."
                                            : fmt::format("An owned device beats the API's price from {} use on.", percent(*report.utilisation_to_beat_api))});
  document.blocks.push_back(Heading{"What decides", 2});
  if (report.exploration) document.blocks.push_back(sensitivity_table(*report.exploration, report.flips));
  add_inputs(document, report.inputs, explain);
  if (explain)
    document.blocks.push_back(Bullets{{"$ per million = $ per hour of work x 1e6 / (3600 x tokens/s), prompt and output each at its own speed",
                                       "own: the year's cost of owning over the hours spent on tokens; cloud, always on: the rent over the utilisation"}});
  add_notes(document, report.notes);
  return document;
}

}  // namespace

int run_cost_tokens(Invocation& call) {
  Options app{"What a million tokens cost: own, rented, or from an API", "hardscape cost tokens"};
  CostOptions options;
  std::string name, model;
  int concurrency = 1;
  app.add_option("--model", model, "Predict the speeds for this model, as llama-3.1-8b or llama-3.1-8b:Q8_0, instead of --speed");
  app.add_option("--concurrency", concurrency, "Requests at once, for the prediction (1)")->within(1, 4096);
  app.add_option("device", name, "Device by any name: rtx-4090, h100-sxm");
  app.add_option("--place", options.place, "home or datacenter: which assumptions hold");
  app.add_option("--region", options.region, "Electricity price of a region: us-ny");
  const std::vector<std::string> keys{"output_tokens_per_s", "prompt_tokens_per_s", "utilisation", "prompt_tokens_per_request",
                                      "output_tokens_per_request", "api_prompt_usd_per_mtok", "api_output_usd_per_mtok", "cloud_usd_per_hour",
                                      "price_usd", "life_years", "residual_fraction", "cost_of_capital", "power_w", "idle_power_w",
                                      "standby_fraction", "electricity_usd_per_kwh", "electricity_growth", "pue", "maintenance_usd_per_year",
                                      "space_usd_per_year", "staff_usd_per_year"};
  options.add_inputs(app, keys);
  options.add_to(app);
  if (const auto over = call.parse(app)) return *over;
  if (options.guide()) return tell_guide(call, options, "tokens");
  auto given = options.given();
  if (!given) return call.fail(given.error());
  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  const ReadAhead ahead(*catalogue, !model.empty());
  cost::PricedDevice device;
  device.name = "a device of your own figures";
  if (name.empty()) name = call.globals().machine;
  if (!name.empty()) {
    const auto found = device_called(name, *catalogue);
    if (!found) return call.fail(found.error());
    device = priced_device(**found, *catalogue, options.freshness());
  }
  if (!model.empty()) {
    if (device.id.empty()) return call.fail({ErrorCode::invalid_argument, "--model: name the device to predict for, as in hardscape cost tokens h100-sxm --model " + shell_word(model)});
    const auto speed = speed_on(device.id, model, concurrency, *catalogue);
    if (!speed) return call.fail(speed.error());
    if (speed->note) call.remark(*speed->note);
    const auto predicted = [&](std::string_view key, const Estimate& rate) {
      if (cost::find_input(*given, key) != nullptr) return;
      const std::string ref = fmt::format("predicted: {}, {}, {} at once", speed->model, speed->engine, concurrency);
      given->push_back(cost::range_input(key, rate.low, rate.mid, rate.high, {Origin::estimated, ref, "", {}}));
    };
    predicted("output_tokens_per_s", speed->decode_tokens_per_s);
    predicted("prompt_tokens_per_s", speed->prefill_tokens_per_s);
  }
  if (cost::find_input(*given, "output_tokens_per_s") == nullptr)
    return call.fail({ErrorCode::invalid_argument, "how fast does it write? name a --model to predict it, or give --speed in tokens a second of the "
                                                   "whole device, as measured (hardscape bench)"});
  auto inputs = options.inputs_for(device, *catalogue, *given);
  if (!inputs) return call.fail(inputs.error());
  const auto has = [&](std::string_view key) { return cost::find_input(*inputs, key) != nullptr; };
  const auto assume = [&](std::string_view key, double value, const char* why) {
    if (!has(key)) cost::put(*inputs, cost::fixed_input(key, value, {Origin::assumed, why, "", {}}));
  };
  std::vector<Note> notes;
  if (!has("prompt_tokens_per_s")) {
    if (has("prompt_tokens_per_request"))
      return call.fail({ErrorCode::invalid_argument, "--prompt-tokens needs the speed at which prompts are read: give --prompt-speed"});
    assume("prompt_tokens_per_request", 0, "no prompt speed was given");
    assume("prompt_tokens_per_s", 1e9, "no prompt speed was given, so prompts are left out");
    notes.push_back({Severity::info, "prompts-left-out", "Prompts are left out of the price.", "Give --prompt-speed and --prompt-tokens."});
  }
  assume("prompt_tokens_per_request", 1000, "a question with some context");
  assume("output_tokens_per_request", 250, "an answer of two paragraphs");
  if (!has("utilisation"))
    cost::put(*inputs, cost::range_input("utilisation", 0.2, 0.4, 0.7, {Origin::assumed, "load rises and falls over a day", "", {}}));
  auto report = cost::tokens({device.name, *inputs, options.simulation});
  if (!report) return call.fail(report.error());
  report->notes.insert(report->notes.end(), notes.begin(), notes.end());
  const auto old = cost::mark_stale(report->inputs, options.freshness());
  report->notes.insert(report->notes.end(), old.begin(), old.end());
  return call.tell({.json = [&] { return to_json(*report); }, .document = [&] { return cost_view(*report, call.globals().explain); }});
}

}  // namespace hardscape::cli
