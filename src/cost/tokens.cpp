#include "hardscape/cost_tokens.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "cost/binding.hpp"
#include "cost/cost_json.hpp"
#include "hardscape/cost_finance.hpp"

namespace hardscape::cost {
namespace {

using T = TokenTerms;

// A member of the base as a member of TokenTerms, which a cast cannot do in a constant.
template <double Terms::*member>
constexpr double T::*own() {
  return static_cast<double T::*>(member);
}

const std::vector<Field<T>>& fields() {
  static const std::vector<Field<T>> k_token_fields{
      {"output_tokens_per_s", &T::output_tokens_per_s},
      {"prompt_tokens_per_s", &T::prompt_tokens_per_s},
      {"utilisation", &T::utilisation},
      {"prompt_tokens_per_request", &T::prompt_tokens_per_request},
      {"output_tokens_per_request", &T::output_tokens_per_request},
      {"cloud_usd_per_hour", own<&Terms::cloud_usd_per_hour>(), false},
      {"api_prompt_usd_per_mtok", &T::api_prompt_usd_per_mtok, false},
      {"api_output_usd_per_mtok", &T::api_output_usd_per_mtok, false},
      {"price_usd", own<&Terms::price_usd>(), false},
      {"life_years", own<&Terms::life_years>(), false},
      {"residual_fraction", own<&Terms::residual_fraction>(), false},
      {"cost_of_capital", own<&Terms::cost_of_capital>(), false},
      {"power_w", own<&Terms::power_w>(), false},
      {"idle_power_w", own<&Terms::idle_power_w>(), false},
      {"standby_fraction", own<&Terms::standby_fraction>(), false},
      {"electricity_usd_per_kwh", own<&Terms::electricity_usd_per_kwh>(), false},
      {"electricity_growth", own<&Terms::electricity_growth>(), false},
      {"pue", own<&Terms::pue>(), false},
      {"maintenance_usd_per_year", own<&Terms::maintenance_usd_per_year>(), false},
      {"space_usd_per_year", own<&Terms::space_usd_per_year>(), false},
      {"staff_usd_per_year", own<&Terms::staff_usd_per_year>(), false},
  };
  return k_token_fields;
}

double blended(const TokenTerms& terms, double request_usd) {
  return request_usd / (terms.prompt_tokens_per_request + terms.output_tokens_per_request) * 1e6;
}

TokenPrice api_price(const TokenTerms& terms) {
  TokenPrice price{terms.api_prompt_usd_per_mtok, terms.api_output_usd_per_mtok, 0, 0};
  price.request_usd = (terms.prompt_tokens_per_request * price.prompt_usd_per_mtok +
                       terms.output_tokens_per_request * price.output_usd_per_mtok) / 1e6;
  price.blended_usd_per_mtok = blended(terms, price.request_usd);
  return price;
}

// Owning for u of the year costs F + V*8760*u; its request costs that over the requests made. Equal to the API's price
// at u = F / (8760 * (request price an hour of work - V)).
double utilisation_for(const TokenTerms& terms, double api_request_usd) {
  const double seconds = terms.prompt_tokens_per_request / terms.prompt_tokens_per_s +
                         terms.output_tokens_per_request / terms.output_tokens_per_s;
  Terms against = terms;
  against.cloud_usd_per_hour = api_request_usd * 3600 / seconds;
  const double fixed = own_cost_per_year(against, 0).total();
  const double saved = against.cloud_usd_per_hour - own_cost_of_one_more_hour(against);
  return saved <= 0 ? HUGE_VAL : fixed / saved / k_hours_per_year;
}

}  // namespace

TokenPrice token_price(const TokenTerms& terms, double usd_per_hour_of_work) {
  TokenPrice price;
  price.prompt_usd_per_mtok = usd_per_million_tokens(usd_per_hour_of_work, terms.prompt_tokens_per_s, 1);
  price.output_usd_per_mtok = usd_per_million_tokens(usd_per_hour_of_work, terms.output_tokens_per_s, 1);
  price.request_usd = (terms.prompt_tokens_per_request * price.prompt_usd_per_mtok +
                       terms.output_tokens_per_request * price.output_usd_per_mtok) / 1e6;
  price.blended_usd_per_mtok = blended(terms, price.request_usd);
  return price;
}

double own_usd_per_hour_of_work(const TokenTerms& terms) {
  const double hours = terms.utilisation * k_hours_per_year;
  return own_cost_per_year(terms, hours).total() / hours;
}

Result<TokensReport> tokens(const TokensQuestion& question) {
  auto bound = Binding<TokenTerms>::make(fields(), question.inputs);
  if (!bound) return std::move(bound).error();
  const auto& binding = *bound;
  const auto known = [&](std::string_view key) { return find_input(binding.inputs(), key) != nullptr; };
  const bool has_own = known("price_usd") && known("power_w"), has_cloud = known("cloud_usd_per_hour");
  const bool has_api = known("api_output_usd_per_mtok");
  if (!has_own && !has_cloud)
    return Error{ErrorCode::invalid_argument, "pricing tokens: neither a purchase price with a draw nor a rent is known; "
                                              "give --price and --power, or --cloud"};
  const Input* prompts = find_input(binding.inputs(), "prompt_tokens_per_request");
  if (has_api != known("api_prompt_usd_per_mtok") && (!has_api || prompts->high > 0))
    return Error{ErrorCode::invalid_argument, has_api ? "--api-output needs --api-prompt, since a request has prompt tokens too (0 where they are free)"
                                                      : "--api-prompt needs --api-output"};
  TokensReport report;
  report.name = question.name;
  report.prompts_priced = prompts->high > 0 || find_input(binding.inputs(), "prompt_tokens_per_s")->source.origin != Origin::assumed;
  report.inputs = binding.inputs();
  report.mid = binding.mid();
  const TokenTerms& mid = report.mid;
  if (has_own) {
    const double hour = own_usd_per_hour_of_work(mid);
    report.ways.push_back({"own", hour, token_price(mid, hour)});
  }
  if (has_cloud) {
    report.ways.push_back({"cloud, paid only for work", mid.cloud_usd_per_hour, token_price(mid, mid.cloud_usd_per_hour)});
    const double hour = mid.cloud_usd_per_hour / mid.utilisation;
    report.ways.push_back({"cloud, always on", hour, token_price(mid, hour)});
  }
  if (has_api) report.ways.push_back({"API", 0, api_price(mid)});
  std::stable_sort(report.ways.begin(), report.ways.end(),
                   [](const auto& a, const auto& b) { return a.price.request_usd < b.price.request_usd; });
  const double seconds = mid.prompt_tokens_per_request / mid.prompt_tokens_per_s + mid.output_tokens_per_request / mid.output_tokens_per_s;
  report.tokens_per_year = (mid.prompt_tokens_per_request + mid.output_tokens_per_request) / seconds * 3600 *
                           k_hours_per_year * mid.utilisation;
  if (has_own && has_api) {
    const double share = utilisation_for(mid, api_price(mid).request_usd);
    report.utilisation_to_beat_api = share;
    if (share > 1)
      report.notes.push_back({Severity::info, "never", "One device cannot make enough tokens in a year to beat the API's price.", {}});
  }
  Question asked;
  asked.inputs = binding.inputs();
  // What has no part in the answer is drawn by nobody and influences nothing.
  if (has_own && has_api)
    for (auto& input : asked.inputs)
      if (input.key == "cloud_usd_per_hour") input.spread = Spread::fixed;
  if (has_own) asked.outcome = [&](std::span<const double> values) {
    const TokenTerms terms = binding(values);
    return token_price(terms, own_usd_per_hour_of_work(terms)).blended_usd_per_mtok;
  };
  else asked.outcome = [&](std::span<const double> values) {
    const TokenTerms terms = binding(values);
    return token_price(terms, terms.cloud_usd_per_hour / terms.utilisation).blended_usd_per_mtok;
  };
  asked.of_outcome = true;
  if (has_api || (has_own && has_cloud)) asked.advantage = [&](std::span<const double> values, double first) {
    const TokenTerms terms = binding(values);
    return (has_api ? api_price(terms) : token_price(terms, terms.cloud_usd_per_hour)).blended_usd_per_mtok - first;
  };
  auto exploration = explore(asked, question.simulation);
  if (!exploration) return std::move(exploration).error();
  report.exploration = *std::move(exploration);
  report.flips = find_flips(asked);
  return report;
}

std::string to_json(const TokensReport& report) {
  OrderedJson results = OrderedJson::array();
  for (const auto& way : report.ways) {
    OrderedJson one = {{"name", report.name}, {"way", way.name},
                       {"prompt_usd_per_mtok", report.prompts_priced || way.usd_per_hour == 0 ? OrderedJson(way.price.prompt_usd_per_mtok) : OrderedJson()},
                       {"output_usd_per_mtok", way.price.output_usd_per_mtok},
                       {"blended_usd_per_mtok", way.price.blended_usd_per_mtok}, {"request_usd", way.price.request_usd}};
    one["usd_per_hour"] = way.usd_per_hour > 0 ? OrderedJson(way.usd_per_hour) : OrderedJson();
    results.push_back(std::move(one));
  }
  OrderedJson rest = {{"tokens_per_year", report.tokens_per_year}};
  if (report.utilisation_to_beat_api) {
    rest["utilisation_to_beat_api"] = *report.utilisation_to_beat_api <= 1 ? OrderedJson(*report.utilisation_to_beat_api) : OrderedJson();
    rest["never_beats_api"] = *report.utilisation_to_beat_api > 1;
  }
  return cost_document("tokens", report.inputs, std::move(results), report.flips,
                       report.exploration ? &*report.exploration : nullptr, report.notes, rest);
}

}  // namespace hardscape::cost
