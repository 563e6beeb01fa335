#include "hardscape/cost_tco.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "cli/commands/cost.hpp"
#include "hardscape/cost_assume.hpp"

namespace hardscape::cli {
namespace {

Document cost_view(const cost::TcoReport& report, bool explain) {
  Document document;
  document.blocks.push_back(Heading{fmt::format("Total cost of {} x {}", report.build.devices, report.name)});
  Pairs pairs;
  if (report.supply.count == 0) {
    pairs.rows.push_back({"Hosts", "none: each is a computer with a supply of its own"});
  } else {
    pairs.rows.push_back({"Hosts", fmt::format("{}, {} devices each at most", report.build.hosts(), report.build.devices_per_host)});
    pairs.rows.push_back({"Power supply", fmt::format("{} x {} a host, for {} at once", report.supply.count, cost::show("w", report.supply.rating_w),
                                                      cost::show("w", report.supply.peak_w))});
  }
  pairs.rows.push_back({"Draws at work", fmt::format("{} in all", cost::show("w", report.sustained_w))});
  pairs.rows.push_back({"In use", cost::show("hours_per_year", report.mid.hours_per_year)});
  document.blocks.push_back(std::move(pairs));
  Table table{"Cost by cause", {{"Cause", Align::left, true}}, {}};
  for (const auto& span : report.spans)
    table.columns.push_back({fmt::format("{:g} {}", span.cost.years, span.cost.years == 1 ? "year" : "years"), Align::right, false});
  const auto row = [&](const char* label, auto value, Tone tone = Tone::plain) {
    std::vector<Cell> cells{Cell(label, tone)};
    for (const auto& span : report.spans) cells.emplace_back(value(span), tone);
    table.rows.push_back(std::move(cells));
  };
  using Span = cost::TcoReport::Span;
  row("Devices", [](const Span& s) { return usd(s.cost.devices); });
  row("Hosts", [](const Span& s) { return usd(s.cost.hosts); });
  row("Power supplies", [](const Span& s) { return usd(s.cost.power_supplies); });
  row("Network", [](const Span& s) { return usd(s.cost.network); });
  row("Cooling hardware", [](const Span& s) { return usd(s.cost.cooling_hardware); });
  row("Electricity", [](const Span& s) { return usd(s.cost.energy); });
  row("Electricity for cooling", [](const Span& s) { return usd(s.cost.cooling_energy); });
  row("Maintenance", [](const Span& s) { return usd(s.cost.maintenance); });
  row("Space", [](const Span& s) { return usd(s.cost.space); });
  row("Staff", [](const Span& s) { return usd(s.cost.staff); });
  row("Resale", [](const Span& s) { return usd(-s.cost.resale); });
  row("Total, today's money", [](const Span& s) { return usd(s.cost.total()); }, Tone::strong);
  row("  8 times in 10 above", [](const Span& s) { return usd(s.exploration.p10); });
  row("  and below", [](const Span& s) { return usd(s.exploration.p90); });
  row("Electricity share", [](const Span& s) { return percent(s.electricity_share); });
  row("Per device-hour in use", [](const Span& s) { return s.usd_per_useful_hour ? cost::show("usd_per_hour", *s.usd_per_useful_hour) : std::string("-"); });
  document.blocks.push_back(std::move(table));
  if (!report.spans.empty() && !report.spans.back().exploration.influences.empty()) {
    document.blocks.push_back(Heading{fmt::format("What decides the {:g} years' total", report.spans.back().cost.years), 2});
    document.blocks.push_back(sensitivity_table(report.spans.back().exploration, {}));
  }
  add_inputs(document, report.inputs, explain);
  if (explain)
    document.blocks.push_back(Bullets{{"total = purchase + sum over years of (energy + upkeep) / (1+r)^year - resale / (1+r)^n",
                                       "resale falls by the same share each year and stands at the residual at the end of the life",
                                       "power supply: smallest standard rating that carries the host and its devices at 80 % load",
                                       "per device-hour: the total as equal yearly payments over the hours of all devices"}});
  add_notes(document, report.notes);
  return document;
}

// Boards, phones and the like compute and boot by themselves; a graphics card does not.
bool is_whole_computer(const cost::PricedDevice& device) {
  constexpr std::array<std::string_view, 4> k_classes{"edge-board", "mobile-soc", "apple-soc", "laptop-soc"};
  return std::find(k_classes.begin(), k_classes.end(), device.device_class) != k_classes.end();
}

void add_no_host(std::vector<cost::Input>& given) {
  for (const auto* key : {"host_usd", "host_power_w", "psu_usd_per_w"})
    if (cost::find_input(given, key) == nullptr) given.push_back(cost::fixed_input(key, 0, {Origin::assumed, "it is a computer of its own", "", {}}));
}

Result<std::vector<double>> years_from(const std::string& text) {
  std::vector<double> years;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    double value = 0;
    const auto read = std::from_chars(text.data() + at, text.data() + end, value);
    if (read.ec != std::errc() || read.ptr != text.data() + end || years.size() >= 20)
      return Error{ErrorCode::invalid_argument, "--years: a list of numbers such as 1,3,5; allowed is 0.25 to 20"};
    years.push_back(value);
    at = end + 1;
  }
  return years;
}

}  // namespace

int run_cost_tco(Invocation& call) {
  Options app{"What a machine of parts costs over 1, 3 and 5 years, by cause", "hardscape cost tco"};
  CostOptions options;
  std::vector<std::string> words;
  std::string years = "1,3,5";
  int count = 1, per_host = 0;
  app.add_option("device", words, "Device by any name, alone or several of it: rtx-4090, 4x rtx-3090");
  app.add_option("--count", count, "How many of them (1)");
  app.add_option("--per-host", per_host, "Devices in one host (home 4, datacenter 8)");
  app.add_option("--years", years, "Horizons (1,3,5)");
  app.add_option("--place", options.place, "home or datacenter: which assumptions hold");
  app.add_option("--region", options.region, "Electricity price of a region: us-ny");
  const std::vector<std::string> keys{"price_usd", "host_usd", "psu_usd_per_w", "network_usd", "cooling_usd", "power_w",
                                      "host_power_w", "idle_power_w", "draw_fraction", "standby_fraction", "hours_per_year",
                                      "electricity_usd_per_kwh", "electricity_growth", "pue", "maintenance_usd_per_year",
                                      "space_usd_per_year", "staff_usd_per_year", "life_years", "residual_fraction", "cost_of_capital"};
  options.add_inputs(app, keys);
  options.add_to(app);
  if (const auto over = call.parse(app)) return *over;
  if (options.guide()) return tell_guide(call, options, "tco");
  std::string name;   // "4x rtx-3090", in quotes or not
  for (const auto& word : words) name += (name.empty() ? "" : " ") + word;
  auto given = options.given();
  if (!given) return call.fail(given.error());
  const auto horizons = years_from(years);
  if (!horizons) return call.fail(horizons.error());
  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  cost::PricedDevice device;
  device.name = "a device of your own figures";
  if (!name.empty()) {
    const auto found = devices_called(name, *catalogue);
    if (!found) return call.fail(found.error());
    if (found->count > 1 && app.count("--count") > 0)
      return call.fail({ErrorCode::invalid_argument, "--count and \"" + name + "\" both say how many; give one of them"});
    if (found->count > 1) count = found->count;
    device = priced_device(*found->device, *catalogue, options.freshness(), false);
    if (is_whole_computer(device)) add_no_host(*given);
  } else if (given->empty()) {
    return call.fail({ErrorCode::invalid_argument, "name a device: hardscape cost tco rtx-4090 --count 4"});
  }
  // The parts are listed one by one here, so the device's own price and rating are taken bare.
  if (device.price && cost::find_input(*given, "price_usd") == nullptr) given->push_back(*device.price);
  if (device.power_w && cost::find_input(*given, "power_w") == nullptr)
    given->push_back(cost::fixed_input("power_w", device.power_w->value, device.power_w->source));
  auto inputs = options.inputs_for(device, *catalogue, *given);
  if (!inputs) return call.fail(inputs.error());
  const auto place = options.place_for(device);
  if (!place) return call.fail(place.error());
  const bool whole = is_whole_computer(device);
  if (app.count("--per-host") == 0) per_host = whole ? 1 : (*place)->id == "home" ? 4 : 8;
  auto report = cost::tco({device.name, {count, per_host}, *horizons, *inputs, options.simulation});
  if (!report) return call.fail(report.error());
  if (whole) report->supply.count = 0;   // its maker has seen to it
  const auto old = cost::mark_stale(report->inputs, options.freshness());
  report->notes.insert(report->notes.end(), old.begin(), old.end());
  return call.tell({.json = [&] { return to_json(*report); }, .document = [&] { return cost_view(*report, call.globals().explain); }});
}

}  // namespace hardscape::cli
