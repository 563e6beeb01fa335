#include "hardscape/cost_per_tflop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "cost/binding.hpp"
#include "hardscape/cost_finance.hpp"

namespace hardscape::cost {
namespace {

struct Use {
  double hours_per_year = 0, life_years = 1, electricity_usd_per_kwh = 0, pue = 1;
};
constexpr std::array k_use_fields{
    Field<Use>{"hours_per_year", &Use::hours_per_year},
    Field<Use>{"life_years", &Use::life_years},
    Field<Use>{"electricity_usd_per_kwh", &Use::electricity_usd_per_kwh},
    Field<Use>{"pue", &Use::pue},
};
constexpr std::size_t k_rivals = 5;   // rows that the first is compared with, draw by draw

double lifetime_energy_usd(const Use& use, double power_w) {
  return annual_kwh(power_w, use.hours_per_year, 0, 0, use.pue) * use.electricity_usd_per_kwh * use.life_years;
}

using Row = PerTflopReport::Row;
using Key = std::optional<double> (*)(const Row&);
struct Order {
  std::string_view name;
  Key key;
};
constexpr std::array k_orders{
    Order{"purchase", [](const Row& row) { return std::optional(row.purchase_usd_per_tflop); }},
    Order{"effective", [](const Row& row) { return row.effective_usd_per_tflop; }},
    Order{"cloud", [](const Row& row) { return row.cloud_usd_per_tflop_hour; }},
    Order{"memory", [](const Row& row) { return row.usd_per_gb; }},
    Order{"bandwidth", [](const Row& row) { return row.usd_per_gb_per_s; }},
    Order{"token", [](const Row& row) { return row.usd_per_token_per_s; }},
};

std::optional<double> over(double usd, const Known<double>& amount, double unit) {
  if (!amount || amount->value <= 0) return std::nullopt;
  return usd / (amount->value / unit);
}

Row row_of(const PricedDevice& device, const PricedDevice::Rate& rate, const Use& use, const SpeedOf& speed) {
  Row row;
  row.id = device.id;
  row.name = device.name;
  row.price = *device.price;
  row.tflops = rate.per_second / 1e12;
  row.purchase_usd_per_tflop = row.price.mid / row.tflops;
  if (device.power_w) row.effective_usd_per_tflop = (row.price.mid + lifetime_energy_usd(use, device.power_w->value)) / row.tflops;
  const bool any_young = std::any_of(device.offers.begin(), device.offers.end(), [](const RentalOffer& o) { return o.on_demand_usd_per_hour && !o.stale; });
  for (const auto& offer : device.offers) {
    if (!offer.on_demand_usd_per_hour || (offer.stale && any_young)) continue;
    const double rent = *offer.on_demand_usd_per_hour / row.tflops;
    if (row.cloud_usd_per_tflop_hour && *row.cloud_usd_per_tflop_hour <= rent) continue;
    row.cloud_usd_per_tflop_hour = rent;
    row.cloud_provider = offer.provider;
    row.cloud_as_of = offer.as_of;
  }
  row.usd_per_gb = over(row.price.mid, device.memory_bytes, 1e9);
  row.usd_per_gb_per_s = over(row.price.mid, device.bandwidth_bytes_per_s, 1e9);
  if (speed)
    if (const auto tokens = speed(device.id); tokens && tokens->mid > 0) row.usd_per_token_per_s = row.price.mid / tokens->mid;
  return row;
}

}  // namespace

const std::vector<std::string>& precisions() {
  static const std::vector<std::string> k_names{"fp64", "fp32", "fp16", "bf16", "fp8", "fp4", "int8"};
  return k_names;
}

Result<PerTflopReport> per_tflop(const PerTflopQuestion& question) {
  if (std::find(precisions().begin(), precisions().end(), question.precision) == precisions().end())
    return Error{ErrorCode::invalid_argument, fmt::format("--precision: there is no \"{}\"; it is one of {}",
                                                          printable(question.precision), join_words(precisions(), "or"))};
  const auto* order = std::find_if(k_orders.begin(), k_orders.end(), [&](const Order& o) { return o.name == question.sort; });
  if (order == k_orders.end()) {
    std::vector<std::string> names;
    for (const auto& one : k_orders) names.emplace_back(one.name);
    return Error{ErrorCode::invalid_argument,
                 fmt::format("--sort: there is no \"{}\"; it is one of {}", printable(question.sort), join_words(names, "or"))};
  }
  auto bound = Binding<Use>::make(k_use_fields, question.inputs);
  if (!bound) return std::move(bound).error();
  const auto& binding = *bound;
  const Use mid = binding.mid();

  PerTflopReport report{question.precision, question.sort, question.model, binding.inputs(), {}, {}, {}, {}, {}};
  std::vector<std::pair<Row, double>> rows;   // with the power rating, NaN where unknown
  for (const auto& device : question.devices) {
    const auto rate = std::find_if(device.rates.begin(), device.rates.end(),
                                   [&](const auto& r) { return r.precision == question.precision; });
    if (rate == device.rates.end() || rate->per_second <= 0) {
      report.left_out.push_back({device.name, "no dense " + question.precision + " rate is known"});
    } else if (!device.price) {
      report.left_out.push_back({device.name, "no purchase price is known"});
    } else {
      rows.emplace_back(row_of(device, *rate, mid, question.speed), device.power_w ? device.power_w->value : std::nan(""));
    }
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
    return order->key(a.first).value_or(HUGE_VAL) < order->key(b.first).value_or(HUGE_VAL);
  });
  for (const auto& [row, watts] : rows) report.rows.push_back(row);
  if (rows.empty() || !std::isfinite(rows[0].second)) return report;

  Question asked;
  asked.inputs = binding.inputs();
  const std::size_t common = asked.inputs.size();
  std::vector<std::pair<double, double>> rivals;   // TFLOPS and watts
  std::vector<double> others;                      // mid prices of all but the first
  for (const auto& [row, watts] : rows) {
    if (!std::isfinite(watts) || rivals.size() > k_rivals) continue;
    rivals.emplace_back(row.tflops, watts);
    asked.inputs.push_back(row.price);
    if (rivals.size() > 1) others.push_back(row.price.mid);
  }
  const auto effective = [&, common](std::span<const double> values, std::size_t i) {
    return (values[common + i] + lifetime_energy_usd(binding(values), rivals[i].second)) / rivals[i].first;
  };
  asked.outcome = [&](std::span<const double> values) { return effective(values, 0); };
  if (question.sort == "effective" && rivals.size() > 1)
    asked.advantage = [&](std::span<const double> values, double first) {
      double best = std::numeric_limits<double>::infinity();
      for (std::size_t i = 1; i < rivals.size(); ++i) best = std::min(best, effective(values, i));
      return best - first;
    };
  auto exploration = explore(asked, question.simulation);
  if (!exploration) return std::move(exploration).error();
  report.exploration = *std::move(exploration);
  // Only the first row's price is a price to haggle about here; the rivals' have the same key.
  asked.inputs.resize(common + 1);
  Question first = asked;
  first.of_outcome = true;
  if (asked.advantage)
    first.advantage = [&, others](std::span<const double> values, double outcome) {
      std::vector<double> all(values.begin(), values.end());
      all.insert(all.end(), others.begin(), others.end());
      return asked.advantage(all, outcome);
    };
  report.flips = find_flips(first);
  return report;
}

}  // namespace hardscape::cost
