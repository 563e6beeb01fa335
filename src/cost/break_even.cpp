#include "hardscape/cost_break_even.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "cost/terms.hpp"
#include "hardscape/cost_finance.hpp"

namespace hardscape::cost {
namespace {

// The yearly device-hours that the guide's decision rule is cut at; what is best there is computed.
constexpr std::array k_demands{1000.0, 2000.0, 4000.0, 8000.0, 20000.0, 50000.0};

// Device-hours of a year met by `owned` devices first; each further one pays from its break-even on.
BreakEvenReport::Demand best_mix(const Terms& terms, double hours) {
  BreakEvenReport::Demand best{hours, cloud_cost_per_year(terms, hours), 0, hours, cloud_cost_per_year(terms, hours)};
  const int most = static_cast<int>(std::ceil(hours / k_hours_per_year));
  for (int owned = 1; owned <= most; ++owned) {
    const double full = std::min(hours, owned * k_hours_per_year);
    const double rented = hours - full;
    double usd = 0;
    double left = full;
    for (int n = 0; n < owned; ++n) {
      const double here = std::min(left, k_hours_per_year);
      usd += own_cost_per_year(terms, here).total();
      left -= here;
    }
    if (rented > 0) usd += cloud_cost_per_year(terms, rented);
    if (usd < best.best_usd) {
      best.owned = owned;
      best.rented_hours = rented;
      best.best_usd = usd;
    }
  }
  return best;
}

double against(Terms terms, double usd_per_hour) {
  terms.cloud_usd_per_hour = usd_per_hour;
  return break_even_hours(terms);
}

std::vector<BreakEvenReport::Rent> rents_of(const Terms& terms, std::span<const Input> inputs) {
  std::vector<BreakEvenReport::Rent> rents;
  rents.push_back({"on demand", terms.cloud_usd_per_hour, break_even_hours(terms), "paid for the hours used"});
  if (const Input* reserved = find_input(inputs, "reserved_usd_per_hour")) {
    // A commitment is paid whatever the use, while owning costs the less the less it is used.
    const double bill = reserved->mid * k_hours_per_year + terms.cloud_usd_per_year;
    const double busy = own_cost_per_year(terms, k_hours_per_year).total(), unused = own_cost_per_year(terms, 0).total();
    const bool always = busy <= bill, below = !always && unused < bill;
    const std::string owning = below ? fmt::format("owning costs less below {}", show("hours_per_year", std::floor((bill - unused) / own_cost_of_one_more_hour(terms))))
                                     : fmt::format("owning costs {} to {}", show("usd", unused), show("usd", busy));
    rents.push_back({"reserved", reserved->mid, always ? 0 : std::numeric_limits<double>::infinity(),
                     fmt::format("paid for every hour, {} a year; beats on demand above {:.0f} % use; {}", show("usd", bill),
                                 100 * reserved_worth_above(reserved->mid, terms.cloud_usd_per_hour), owning)});
  }
  const Input* spot = find_input(inputs, "spot_usd_per_hour");
  const auto value = [&](std::string_view key, double otherwise) {
    const Input* input = find_input(inputs, key);
    return input == nullptr ? otherwise : input->mid;
  };
  if (spot != nullptr) {
    const double effective =
        effective_spot_price(spot->mid, value("interruptions_per_hour", 0), value("checkpoint_hours", 0),
                             value("restart_hours", 0), value("spot_availability", 1));
    rents.push_back({"spot", effective, against(terms, effective),
                     fmt::format("listed {}, plus work lost and waits", show("usd_per_hour", spot->mid))});
  }
  return rents;
}

Note remark(Severity severity, std::string code, std::string message, std::optional<std::string> advice = {}) {
  return {severity, std::move(code), std::move(message), std::move(advice)};
}

}  // namespace

Result<BreakEvenReport> break_even(const BreakEvenQuestion& question) {
  auto bound = Binding<Terms>::make(terms_fields(), question.inputs);
  if (!bound) return std::move(bound).error();
  const auto& binding = *bound;

  BreakEvenReport report;
  report.name = question.name;
  report.inputs = binding.inputs();
  std::vector<std::string_view> more{"reserved_usd_per_hour"};
  if (find_input(question.inputs, "spot_usd_per_hour") != nullptr)
    more.insert(more.end(), {"spot_usd_per_hour", "interruptions_per_hour", "checkpoint_hours", "restart_hours", "spot_availability"});
  for (const auto key : more)
    if (const Input* input = find_input(question.inputs, key)) put(report.inputs, *input);
  for (const auto& input : report.inputs)
    if (auto status = check_input(input); !status) return status.error();
  report.mid = binding.mid();
  report.hours = break_even_hours(report.mid);
  report.own = own_cost_per_year(report.mid, report.mid.hours_per_year);
  report.cloud_usd = cloud_cost_per_year(report.mid, report.mid.hours_per_year);
  const double running = (report.own.total() - report.own.capital) / 12;
  report.payback_months = payback_months(report.mid.price_usd, report.cloud_usd / 12 - running);

  Question asked;
  asked.inputs = binding.inputs();
  asked.outcome = [&](std::span<const double> values) { return break_even_hours(binding(values)); };
  asked.advantage = [&](std::span<const double> values, double) {
    const Terms terms = binding(values);
    return cloud_cost_per_year(terms, terms.hours_per_year) - own_cost_per_year(terms, terms.hours_per_year).total();
  };
  auto exploration = explore(asked, question.simulation);
  if (!exploration) return std::move(exploration).error();
  report.exploration = *std::move(exploration);
  report.flips = find_flips(asked);

  for (const auto& scenario : scenarios())
    report.duties.push_back({scenario.name, scenario.hours_per_year,
                             cloud_cost_per_year(report.mid, scenario.hours_per_year),
                             own_cost_per_year(report.mid, scenario.hours_per_year).total(),
                             share_at_most(report.exploration, scenario.hours_per_year)});
  for (const double hours : k_demands) report.demands.push_back(best_mix(report.mid, hours));
  report.rents = rents_of(report.mid, report.inputs);
  std::vector<std::string> providers, undated;   // by the cheapest offer of each, which comes first
  for (const auto& offer : question.offers) {
    if (!offer.on_demand_usd_per_hour) continue;
    report.offers.push_back({offer, against(report.mid, *offer.on_demand_usd_per_hour)});
    if (std::find(providers.begin(), providers.end(), offer.provider) != providers.end()) continue;
    providers.push_back(offer.provider);
    if (offer.as_of.empty()) undated.push_back(offer.provider);
  }
  if (!undated.empty())
    report.notes.push_back(remark(Severity::warning, "undated-price", fmt::format("The cheapest price of {} carries no date.", join_words(undated)),
                                  "Ask for today's and give it with --cloud, or in a folder with --data."));
  if (providers.size() == 1)
    report.notes.push_back(remark(Severity::info, "one-provider",
                                  "Only " + providers[0] + " is known to rent it out; compare with another before deciding."));
  if (std::isinf(report.hours))
    report.notes.push_back(remark(Severity::info, "never",
                                  fmt::format("A year has 8,760 hours, so one device never breaks even against {}.",
                                              show("usd_per_hour", report.mid.cloud_usd_per_hour))));
  return report;
}

}  // namespace hardscape::cost
