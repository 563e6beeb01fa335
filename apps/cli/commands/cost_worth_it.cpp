#include "hardscape/cost_worth_it.hpp"

#include <fmt/format.h>

#include <cmath>

#include "cli/commands/cost.hpp"
#include "hardscape/cost_assume.hpp"

namespace hardscape::cli {
namespace {

Document cost_view(const cost::WorthItReport& report, bool explain) {
  Document document;
  document.blocks.push_back(Heading{"Is " + report.b + " worth its premium over " + report.a + "?"});
  const bool never = std::isinf(report.payback_months);
  // A cheaper B may still be the dearer one: what it saves at the counter is used up month by month.
  const bool cheaper_but_slower = report.premium_usd <= 0 && report.saving.total() < 0;
  const double lasts = cheaper_but_slower ? report.premium_usd / report.saving.total() : 0;
  const std::string verdict =
      cheaper_but_slower ? fmt::format("{} costs {} less and {} more a month in time and electricity: the difference is used up after {:.1f} months.", report.b,
                                       usd(-report.premium_usd), usd(-report.saving.total()), lasts)
      : report.premium_usd <= 0 ? fmt::format("{} costs no more; there is no premium to earn back.", report.b)
      : never ? fmt::format("No. It never pays for itself: the month saves {}.", usd(report.saving.total()))
              : fmt::format("{}. It pays for itself in {:.1f} months of a life of {:.0f}.", report.worth_it ? "Yes" : "No",
                            report.payback_months, report.mid.life_years * 12);
  document.blocks.push_back(Paragraph{Cell(verdict, Tone::strong)});
  const auto& m = report.mid;
  Pairs pairs;
  pairs.rows.push_back({"Premium", fmt::format("{} - {} = {}", usd(m.price_b_usd), usd(m.price_a_usd), usd(report.premium_usd))});
  pairs.rows.push_back({"Time saved", fmt::format("{:.0f} h x (1 - 1/{:.2f}) x {} + {:.0f} h x (1 - 1/{:.2f}) x {} = {:.1f} h a month",
                                                  m.training_hours_per_month, m.training_speed_ratio, percent(m.training_wait_fraction),
                                                  m.inference_hours_per_month, m.inference_speed_ratio, percent(m.inference_wait_fraction), report.saving.hours)});
  pairs.rows.push_back({"It is worth", fmt::format("{:.1f} h x {} = {} a month", report.saving.hours, usd(m.time_usd_per_hour), usd(report.saving.time_usd))});
  pairs.rows.push_back({"Electricity", fmt::format("{} {} a month", usd(std::fabs(report.saving.energy_usd)), report.saving.energy_usd < 0 ? "more" : "less")});
  pairs.rows.push_back({"Payback", fmt::format("{} / ({} a month) = {}", usd(report.premium_usd), usd(report.saving.total()),
                                               cheaper_but_slower ? fmt::format("used up after {:.1f} months", lasts) : report.premium_usd <= 0 ? "at once" : never ? "never" : fmt::format("{:.1f} months", report.payback_months))});
  pairs.rows.push_back({"Over its life", fmt::format("{} {}", usd(std::fabs(report.gain_usd)), report.gain_usd < 0 ? "lost" : "gained")});
  if (report.exploration.first_wins) pairs.rows.push_back({"Worth it in", percent(*report.exploration.first_wins) + " of the draws"});
  document.blocks.push_back(std::move(pairs));
  if (!report.exploration.influences.empty() && report.premium_usd > 0)
    document.blocks.push_back(Paragraph{fmt::format("8 times in 10 the payback is between {} and {} months ({} draws, seed {}).",
                                                    std::isinf(report.exploration.p10) ? "never" : fmt::format("{:.1f}", report.exploration.p10),
                                                    std::isinf(report.exploration.p90) ? "an endless number of" : fmt::format("{:.1f}", report.exploration.p90),
                                                    report.exploration.draws, report.exploration.seed)});
  document.blocks.push_back(Heading{"What decides", 2});
  document.blocks.push_back(sensitivity_table(report.exploration, report.flips));
  add_inputs(document, report.inputs, explain);
  add_notes(document, report.notes);
  return document;
}

// Draw at work: what the catalogue has of the state, else the rating and less.
void add_draws(std::vector<cost::Input>& inputs, const cost::PricedDevice& device, const char* training, const char* inference) {
  constexpr double k_least = 0.5, k_likely = 0.7;
  const auto add = [&](const char* key, const Known<double>& known, double low, double mid) {
    if (known) cost::put(inputs, cost::fixed_input(key, known->value, known->source));
    else if (device.power_w) {
      Source source = device.power_w->source;
      source.ref = "share of the rated power; " + source.ref;
      source.origin = Origin::estimated;
      const double rated = device.power_w->value;
      cost::put(inputs, cost::range_input(key, rated * low, rated * mid, rated, source));
    }
  };
  add(training, device.training_power_w, k_likely, 0.9);
  add(inference, device.inference_power_w, k_least, k_likely);
}

}  // namespace

int run_cost_worth_it(Invocation& call) {
  Options app{"Is device B worth its premium over device A", "hardscape cost worth-it"};
  CostOptions options;
  std::string a, b;
  app.add_option("A", a, "The cheaper device: rtx-4070");
  app.add_option("B", b, "The dearer device: rtx-4090");
  app.add_option("--place", options.place, "home or datacenter: which assumptions hold");
  app.add_option("--region", options.region, "Electricity price of a region: us-ny");
  const std::vector<std::string> keys{"training_hours_per_month", "inference_hours_per_month", "time_usd_per_hour", "price_a_usd",
                                      "price_b_usd", "training_speed_ratio", "inference_speed_ratio", "training_wait_fraction",
                                      "inference_wait_fraction", "training_power_a_w", "training_power_b_w", "inference_power_a_w",
                                      "inference_power_b_w", "electricity_usd_per_kwh", "pue", "life_years"};
  options.add_inputs(app, keys);
  options.add_to(app);
  if (const auto over = call.parse(app)) return *over;
  if (options.guide()) return tell_guide(call, options, "worth-it");
  auto given = options.given();
  if (!given) return call.fail(given.error());
  if (a.empty() || b.empty()) return call.fail({ErrorCode::invalid_argument, "name two devices: hardscape cost worth-it rtx-4070 rtx-4090"});
  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  const auto found_a = device_called(a, *catalogue);
  if (!found_a) return call.fail(found_a.error());
  const auto found_b = device_called(b, *catalogue);
  if (!found_b) return call.fail(found_b.error());
  const auto freshness = options.freshness();
  const auto first = priced_device(**found_a, *catalogue, freshness, false), second = priced_device(**found_b, *catalogue, freshness, false);

  auto assumed = options.inputs_for(second, *catalogue, {});
  if (!assumed) return call.fail(assumed.error());
  std::vector<cost::Input> inputs;
  for (const auto* key : {"electricity_usd_per_kwh", "pue", "life_years"})
    if (const cost::Input* input = cost::find_input(*assumed, key)) cost::put(inputs, *input);
  const Source ours{Origin::assumed, "the guide's first question: 40 h of training and 100 h of inference a month at 50 $/h", "2026-04", Confidence::unverified};
  cost::put(inputs, cost::fixed_input("training_hours_per_month", 40, ours));
  cost::put(inputs, cost::fixed_input("inference_hours_per_month", 100, ours));
  cost::put(inputs, cost::range_input("time_usd_per_hour", 10, 50, 100, ours));
  const Source waits{Origin::assumed, "somebody waits for part of the training and for none of the serving", "", {}};
  cost::put(inputs, cost::range_input("training_wait_fraction", 0.1, 0.5, 1, waits));
  cost::put(inputs, cost::fixed_input("inference_wait_fraction", 0, waits));
  for (const auto& [key, device] : {std::pair{"price_a_usd", &first}, std::pair{"price_b_usd", &second}})
    if (device->price) {
      cost::Input price = *device->price;
      price.key = key;
      cost::put(inputs, price);
    }
  for (auto& ratio : speed_ratios(first, second)) cost::put(inputs, ratio);
  add_draws(inputs, first, "training_power_a_w", "inference_power_a_w");
  add_draws(inputs, second, "training_power_b_w", "inference_power_b_w");
  for (const auto& input : *given) {
    const bool of_a = input.key.find("power_a_w") != std::string::npos, of_b = input.key.find("power_b_w") != std::string::npos;
    if (of_a || of_b)
      if (auto status = cost::check_draw(of_a ? first : second, input); !status) return call.fail(status.error());
    cost::put(inputs, input);
  }
  auto old = cost::mark_stale(inputs, freshness);
  auto report = cost::worth_it({first.name, second.name, inputs, options.simulation});
  if (!report) return call.fail(report.error());
  report->notes.insert(report->notes.end(), old.begin(), old.end());
  return call.tell({.json = [&] { return to_json(*report); }, .document = [&] { return cost_view(*report, call.globals().explain); }});
}

}  // namespace hardscape::cli
