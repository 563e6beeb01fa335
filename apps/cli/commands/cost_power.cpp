#include "hardscape/cost_power.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>

#include "cli/commands/cost.hpp"
#include "hardscape/cost_assume.hpp"

namespace hardscape::cli {
namespace {

Document cost_view(const std::vector<cost::PowerReport>& reports, bool explain) {
  Document document;
  document.blocks.push_back(Heading{"Electricity in a year"});
  Table table{"Electricity in a year",
              {{"Device", Align::left, true}, {"kWh", Align::right, false}, {"$", Align::right, false}, {"8 in 10", Align::right, false},
               {"kg CO2e", Align::right, false}, {"Of total", Align::right, false}, {"It is", Align::left, false}},
              {}};
  for (const auto& report : reports)
    table.rows.push_back({report.name, cost::show("", std::max(0.0, report.kwh_per_year)), Cell(usd(report.usd_per_year), Tone::strong),
                          usd(report.exploration.p10) + " .. " + usd(report.exploration.p90),
                          cost::find_input(report.inputs, "carbon_g_per_kwh") == nullptr ? "-" : cost::show("", report.carbon_kg_per_year),
                          report.share_of_total ? percent(*report.share_of_total) : "-", report.weight.empty() ? "-" : report.weight});
  document.blocks.push_back(std::move(table));
  document.blocks.push_back(Paragraph{"Of total: electricity over electricity and purchase in its life; minor below 15 %, major above 30 %."});
  for (const auto& report : reports) {
    document.blocks.push_back(Heading{report.name, 2});
    Table states{report.name + " by state",
                 {{"State", Align::left, false}, {"h/day", Align::right, false}, {"W", Align::right, false}, {"kWh/year", Align::right, false},
                  {"$/year", Align::right, false}},
                 {}};
    for (const auto& state : report.states)
      states.rows.push_back({state.name, cost::show("", state.hours_per_day), cost::show("", state.power_w), cost::show("", state.kwh_per_year), usd(state.usd_per_year)});
    states.rows.push_back({"cooling (PUE)", "", "", "", usd(report.cooling_usd_per_year)});
    document.blocks.push_back(std::move(states));
    Table duties{report.name + " by use",
                 {{"Use", Align::left, true}, {"h/year", Align::right, false}, {"Inference $/year", Align::right, false}, {"Training $/year", Align::right, false}},
                 {}};
    for (const auto& duty : report.duties)
      duties.rows.push_back({duty.name, cost::show("", duty.hours_per_year), usd(duty.inference_usd_per_year), usd(duty.training_usd_per_year)});
    document.blocks.push_back(std::move(duties));
    if (explain) add_inputs(document, report.inputs, true);
  }
  if (!reports.empty() && !reports[0].regions.empty()) {
    document.blocks.push_back(Heading{"By region: " + reports[0].name, 2});
    Table regions{"By region", {{"Region", Align::left, true}, {"$/kWh", Align::right, false}, {"$/year", Align::right, false}, {"As of", Align::left, false}}, {}};
    for (const auto& region : reports[0].regions)
      regions.rows.push_back({region.tariff.region, fmt::format("{:.4f}", region.tariff.usd_per_kwh), usd(region.usd_per_year), region.tariff.as_of});
    document.blocks.push_back(std::move(regions));
  }
  std::vector<Note> notes;
  for (const auto& report : reports) notes.insert(notes.end(), report.notes.begin(), report.notes.end());
  add_notes(document, std::move(notes));
  return document;
}

std::optional<Note> old_tariffs(const std::vector<cost::Tariff>& tariffs, const cost::Freshness& freshness) {
  const auto old = std::count_if(tariffs.begin(), tariffs.end(), [&](const cost::Tariff& tariff) {
    const auto age = cost::age_in_days(tariff.as_of, freshness.today);
    return age && *age > freshness.stale_after_days;
  });
  if (old == 0) return std::nullopt;
  return Note{Severity::warning, "stale-tariffs", fmt::format("The prices of {} of {} regions are older than {} days: compare regions by them, not bills.",
                                                              old, tariffs.size(), freshness.stale_after_days),
              "Give the price of your own contract with --rate."};
}

// Draws of the states: what the catalogue has, else shares of the rating.
void add_draws(std::vector<cost::Input>& inputs, const cost::PricedDevice& device) {
  const auto add = [&](const char* key, const Known<double>& known, double low, double mid, double high) {
    if (known) cost::put(inputs, cost::fixed_input(key, known->value, known->source));
    else if (device.power_w) {
      Source source = device.power_w->source;
      source.ref = "share of the rated power; " + source.ref;
      source.origin = Origin::estimated;
      const double rated = device.power_w->value;
      cost::put(inputs, cost::range_input(key, rated * low, rated * mid, rated * high, source));
    }
  };
  add("idle_power_w", device.idle_power_w, 0.05, 0.1, 0.15);
  add("inference_power_w", device.inference_power_w, 0.5, 0.7, 1);
  add("training_power_w", device.training_power_w, 0.7, 0.9, 1);
}

}  // namespace

int run_cost_power(Invocation& call) {
  Options app{"What a device's electricity costs in a year, and what it emits", "hardscape cost power"};
  CostOptions options;
  std::vector<std::string> names;
  std::string mix = "developer";
  bool regions = false;
  app.add_option("devices", names, "Devices by any name: rtx-4090 h100-sxm");
  app.add_option("--mix", mix, "hobby, developer, server or training: hours a day in each state (developer)");
  app.add_option("--place", options.place, "home or datacenter: which assumptions hold");
  app.add_option("--region", options.region, "Electricity price and carbon of a region: us-ny");
  app.add_flag("--regions", regions, "Compare all regions known");
  const std::vector<std::string> keys{"idle_hours_per_day", "inference_hours_per_day", "training_hours_per_day", "idle_power_w",
                                      "inference_power_w", "training_power_w", "electricity_usd_per_kwh", "pue", "carbon_g_per_kwh",
                                      "price_usd", "life_years"};
  options.add_inputs(app, keys);
  options.add_to(app);
  if (const auto over = call.parse(app)) return *over;
  if (options.guide()) return tell_guide(call, options, "power");
  const auto given = options.given();
  if (!given) return call.fail(given.error());
  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  const auto& mixes = cost::usage_mixes();
  const auto chosen = std::find_if(mixes.begin(), mixes.end(), [&](const auto& m) { return m.id == mix; });
  if (chosen == mixes.end()) return call.fail({ErrorCode::invalid_argument, "--mix: it is hobby, developer, server or training"});

  std::vector<cost::PricedDevice> devices;
  for (const auto& name : names) {
    const auto found = device_called(name, *catalogue);
    if (!found) return call.fail(found.error());
    devices.push_back(priced_device(**found, *catalogue, options.freshness(), false));
  }
  if (devices.empty()) {
    if (given->empty()) return call.fail({ErrorCode::invalid_argument, "name a device: hardscape cost power rtx-4090"});
    devices.emplace_back();
    devices[0].name = "a device of your own figures";
  }
  std::vector<cost::PowerReport> reports;
  std::set<std::string> said;
  for (const auto& device : devices) {
    auto assumed = options.inputs_for(device, *catalogue, *given);
    if (!assumed) return call.fail(assumed.error());
    std::vector<cost::Input> inputs;
    for (const auto* key : {"electricity_usd_per_kwh", "pue", "life_years"})
      if (const cost::Input* input = cost::find_input(*assumed, key)) cost::put(inputs, *input);
    if (device.price) cost::put(inputs, *device.price);
    const bool own_hours = std::any_of(given->begin(), given->end(), [](const auto& i) { return i.key.ends_with("hours_per_day"); });
    for (const auto& hours : chosen->inputs)
      cost::put(inputs, own_hours ? cost::fixed_input(hours.key, 0, {Origin::assumed, "the hours that were not given", "", {}}) : hours);
    add_draws(inputs, device);
    if (auto carbon = carbon_in(options.region.empty() ? "usa" : options.region, *catalogue)) cost::put(inputs, *carbon);
    for (const auto& input : *given) cost::put(inputs, input);
    auto old = cost::mark_stale(inputs, options.freshness());
    const auto place = options.place_for(device);
    if (!place) return call.fail(place.error());
    const auto tariffs = regions ? tariffs_of(*catalogue, (*place)->tariff) : std::vector<cost::Tariff>{};
    auto report = cost::power({device.name, inputs, tariffs, options.simulation});
    if (!report) return call.fail(std::move(report).error().within(device.name));
    // What one device's note said is not said again of the next.
    std::copy_if(old.begin(), old.end(), std::back_inserter(report->notes), [&](const Note& note) { return said.insert(note.message).second; });
    if (auto note = old_tariffs(tariffs, options.freshness()); note && reports.empty()) report->notes.push_back(*std::move(note));
    reports.push_back(*std::move(report));
  }
  return call.tell({.json = [&] { return to_json(reports); }, .document = [&] { return cost_view(reports, call.globals().explain); }});
}

}  // namespace hardscape::cli
