#include "hardscape/cost_break_even.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/commands/cost.hpp"
#include "hardscape/cost_assume.hpp"

namespace hardscape::cli {
namespace {

Table duties_table(const cost::BreakEvenReport& report) {
  Table table{"By use",
              {{"Use", Align::left, true}, {"h/year", Align::right, false}, {"Rent $", Align::right, false},
               {"Own $", Align::right, false}, {"Cheaper", Align::left, false}, {"Saves $", Align::right, false},
               {"Own wins", Align::right, false}},
              {}};
  for (const auto& duty : report.duties)
    table.rows.push_back({duty.name, cost::show("", duty.hours), usd(duty.cloud_usd), usd(duty.own_usd),
                          Cell(duty.own_is_cheaper() ? "own" : "rent", Tone::strong),
                          usd(std::fabs(duty.cloud_usd - duty.own_usd)), percent(duty.own_wins)});
  return table;
}

Table demands_table(const cost::BreakEvenReport& report) {
  Table table{"By device-hours a year",
              {{"Device-hours", Align::right, false}, {"All rented $", Align::right, false}, {"Cheapest mix", Align::left, true},
               {"It costs $", Align::right, false}},
              {}};
  for (const auto& demand : report.demands) {
    std::string mix = demand.owned == 0 ? "rent" : fmt::format("own {}", demand.owned);
    if (demand.owned > 0 && demand.rented_hours > 0) mix += fmt::format(", rent {} h", cost::show("", demand.rented_hours));
    table.rows.push_back({cost::show("", demand.hours), usd(demand.cloud_usd), mix, usd(demand.best_usd)});
  }
  return table;
}

Table terms_table(const cost::BreakEvenReport& report) {
  Table table{"By terms of rent",
              {{"Terms", Align::left, false}, {"Per hour of work", Align::right, false}, {"Own from", Align::right, false},
               {"Remark", Align::left, true}},
              {}};
  for (const auto& rent : report.rents)
    table.rows.push_back({rent.term, cost::show("usd_per_hour", rent.usd_per_hour), hours_text(rent.break_even_hours), rent.remark});
  return table;
}

// The cheapest offer of each provider, cheapest first.
Table offers_table(const cost::BreakEvenReport& report) {
  Table table{"By provider, cheapest offer of each",
              {{"Provider", Align::left, true}, {"Instance", Align::left, true}, {"Device-hour", Align::right, false},
               {"Own from", Align::right, false}, {"As of", Align::left, false}},
              {}};
  std::vector<std::string> seen;
  for (const auto& compared : report.offers) {
    const auto& offer = compared.offer;
    if (std::find(seen.begin(), seen.end(), offer.provider) != seen.end()) continue;
    seen.push_back(offer.provider);
    const std::string many = offer.count > 1 ? fmt::format(" x{}", offer.count) : "";
    table.rows.push_back({offer.provider, offer.instance + many, cost::show("usd_per_hour", offer.on_demand_usd_per_hour.value_or(0)),
                          hours_text(compared.break_even_hours),
                          Cell(offer.as_of.empty() ? "undated" : offer.as_of, offer.stale ? Tone::warn : Tone::plain)});
  }
  return table;
}

// Who would rent takes the cheapest, not the providers' middle.
std::optional<std::string> against_the_cheapest(const cost::BreakEvenReport& report) {
  const auto found = std::find_if(report.offers.begin(), report.offers.end(), [](const auto& compared) { return !compared.offer.stale; });
  if (found == report.offers.end() || *found->offer.on_demand_usd_per_hour >= report.mid.cloud_usd_per_hour) return std::nullopt;
  return fmt::format("Against the cheapest offer, {} at {}: {}.", found->offer.provider, cost::show("usd_per_hour", *found->offer.on_demand_usd_per_hour),
                     std::isinf(found->break_even_hours) ? "never" : "from " + hours_text(found->break_even_hours) + " a year on");
}

Document cost_view(const cost::BreakEvenReport& report, bool plot, bool explain) {
  Document document;
  document.blocks.push_back(Heading{"Own or rent: " + report.name});
  const std::string verdict =
      std::isinf(report.hours) ? fmt::format("Renting stays cheaper whatever the use: one device never breaks even against {}.",
                                             cost::show("usd_per_hour", report.mid.cloud_usd_per_hour))
      : report.hours == 0 ? std::string("Owning is cheaper from the first hour on.")
                          : fmt::format("Owning is cheaper from {} a year on, {} of the time, against {}, with every input at its middle.", hours_text(report.hours),
                                        percent(report.hours / cost::k_hours_per_year), cost::show("usd_per_hour", report.mid.cloud_usd_per_hour));
  document.blocks.push_back(Paragraph{Cell(verdict, Tone::strong)});
  if (auto cheapest = against_the_cheapest(report)) document.blocks.push_back(Paragraph{*std::move(cheapest)});
  document.blocks.push_back(Paragraph{spread_sentence(report.exploration, "hours_per_year")});
  Pairs pairs;
  const double hours = report.mid.hours_per_year;
  pairs.rows.push_back({fmt::format("Own, {} h a year", cost::show("", hours)),
                        fmt::format("{} a year{}", usd(report.own.total()),
                                    hours > 0 ? ", " + cost::show("usd_per_hour", report.own.total() / hours) + " in use" : "")});
  pairs.rows.push_back({"  of it", fmt::format("capital {}, energy {}, idle energy {}, upkeep {}", usd(report.own.capital), usd(report.own.energy),
                                               usd(report.own.idle_energy), usd(report.own.maintenance + report.own.space + report.own.staff))});
  pairs.rows.push_back({"Rent, the same", fmt::format("{} a year at {}", usd(report.cloud_usd), cost::show("usd_per_hour", report.mid.cloud_usd_per_hour))});
  pairs.rows.push_back({"Pays back in", std::isinf(report.payback_months) ? "never" : fmt::format("{:.1f} months", report.payback_months)});
  if (report.exploration.first_wins)
    pairs.rows.push_back({"Own wins", percent(*report.exploration.first_wins) + " of the draws at these hours"});
  document.blocks.push_back(std::move(pairs));
  if (plot) document.blocks.push_back(Preformatted{plot_text(report)});
  const auto section = [&](Table table) {
    if (table.rows.empty()) return;
    document.blocks.push_back(Heading{table.name, 2});
    document.blocks.push_back(std::move(table));
  };
  section(duties_table(report));
  section(demands_table(report));
  section(terms_table(report));
  section(offers_table(report));
  section(sensitivity_table(report.exploration, report.flips));
  add_inputs(document, report.inputs, explain);
  if (explain) {
    document.blocks.push_back(Heading{"Formulas", 2});
    document.blocks.push_back(Bullets{{"hours = (capital + upkeep + standby energy - cloud storage) / (rent - energy of one hour more); above 8,760: never",
                                       "capital = price x CRF - price x resale x (CRF - r), CRF = r(1+r)^n / ((1+r)^n - 1)",
                                       "energy = W / 1000 x PUE x $/kWh, the price's mean over the life where it grows",
                                       "influence is Spearman's rank correlation with the hours; a flip is found with all else at its middle",
                                       "the guide's own sums leave out host, interest, resale and idle power: --basis guide"}});
  }
  add_notes(document, report.notes);
  return document;
}

}  // namespace

int run_cost_break_even(Invocation& call) {
  Options app{"From how many hours a year on owning is cheaper than renting", "hardscape cost break-even"};
  CostOptions options;
  std::string name, offer, scenario, plot;
  app.add_option("device", name, "Device by any name: rtx-4090, h100-sxm");
  app.add_option("--offer", offer, "Rent at this offer (id or instance) rather than the providers' middle");
  app.add_option("--scenario", scenario, "hobby, part-time, full-time or always-on instead of --hours");
  app.add_option("--place", options.place, "home or datacenter: which assumptions hold");
  app.add_option("--region", options.region, "Electricity price of a region: us-ny");
  app.add_option("--plot", plot, "Draw both curves, and write them to this SVG file (break-even.svg)")
      ->expected(0, 1)->type_name("FILE")->default_str("break-even.svg");
  auto keys = cost::break_even_keys();
  for (const auto* key : {"reserved_usd_per_hour", "spot_usd_per_hour", "interruptions_per_hour", "checkpoint_hours",
                          "restart_hours", "spot_availability"})
    keys.emplace_back(key);
  options.add_inputs(app, keys);
  options.add_to(app);
  if (const auto over = call.parse(app)) return *over;
  const bool drawn = app.count("--plot") > 0;
  if (drawn && plot.empty()) plot = "break-even.svg";
  if (options.guide()) return tell_guide(call, options, "break-even");

  auto given = options.given();
  if (!given) return call.fail(given.error());
  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  const ReadAhead ahead(*catalogue, false);
  cost::PricedDevice device;
  device.name = "a device of your own figures";
  if (!name.empty()) {
    const auto found = device_called(name, *catalogue);
    if (!found) return call.fail(found.error());
    device = priced_device(**found, *catalogue, options.freshness());
  } else if (given->empty()) {
    return call.fail({ErrorCode::invalid_argument, "name a device (hardscape cost break-even rtx-4090), or give --price, --power and --cloud"});
  }
  if (!scenario.empty()) {
    const auto& all = cost::scenarios();
    const auto duty = std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.id == scenario; });
    if (duty == all.end())
      return call.fail({ErrorCode::invalid_argument, "--scenario: it is hobby, part-time, full-time or always-on"});
    cost::put(*given, cost::fixed_input("hours_per_year", duty->hours_per_year, {Origin::reported, duty->name, "", {}}));
  }
  if (!offer.empty()) {
    const auto chosen = offer_called(offer, device);
    if (!chosen) return call.fail(chosen.error());
    if (!chosen->on_demand_usd_per_hour)
      return call.fail({ErrorCode::invalid_argument, "--offer: " + chosen->id + " has no on-demand price"});
    cost::put(*given, cost::fixed_input("cloud_usd_per_hour", *chosen->on_demand_usd_per_hour,
                                        {Origin::catalogued, chosen->id + "; " + chosen->source, chosen->as_of, Confidence::single}));
  }
  auto inputs = options.inputs_for(device, *catalogue, *given);
  if (!inputs) return call.fail(inputs.error());
  auto report = cost::break_even({device.name, *inputs, device.offers, options.simulation});
  if (!report) return call.fail(report.error());
  const auto old = cost::mark_stale(report->inputs, options.freshness());
  report->notes.insert(report->notes.end(), old.begin(), old.end());
  const auto place = options.place_for(device);
  if (place && (*place)->id == "home" && cost::find_input(*given, "price_usd") == nullptr)
    report->notes.push_back({Severity::info, "host-not-counted", "The computer that the device goes into is taken as there already.",
                             "Give the whole system's --price, or see hardscape cost tco."});
  if (drawn) {
    if (auto status = write_file(plot, plot_svg(*report)); !status) return call.fail(status.error());
    call.remark("wrote " + plot);
  }
  return call.tell({.json = [&] { return to_json(*report); },
                    .document = [&] { return cost_view(*report, drawn, call.globals().explain); }});
}

}  // namespace hardscape::cli
