// Totals, electricity, tokens, premiums and unit prices.
#include <gtest/gtest.h>

#include <cmath>

#include "hardscape/cost_finance.hpp"
#include "hardscape/cost_per_tflop.hpp"
#include "hardscape/cost_power.hpp"
#include "hardscape/cost_tco.hpp"
#include "hardscape/cost_tokens.hpp"
#include "hardscape/cost_worth_it.hpp"
#include "support/parsed.hpp"

namespace hardscape::cost {
namespace {

std::vector<Input> inputs_from(const std::vector<std::pair<std::string, std::string>>& texts) {
  std::vector<Input> inputs;
  for (const auto& [key, text] : texts) {
    const auto parsed = parse_input(*find_rule(key), text);
    EXPECT_TRUE(parsed) << key << " " << text;
    if (parsed) inputs.push_back(*parsed);
  }
  return inputs;
}

BuildTerms build_terms() {
  BuildTerms t;
  t.price_usd = 1500;
  t.host_usd = 1000;
  t.psu_usd_per_w = 0.2;
  t.power_w = 450;
  t.host_power_w = 200;
  t.hours_per_year = 4000;
  t.electricity_usd_per_kwh = 0.15;
  t.pue = 1.3;
  t.maintenance_usd_per_year = 100;
  t.life_years = 4;
  t.residual_fraction = 0.2;
  t.cost_of_capital = 0.08;
  t.idle_power_w = 30;
  t.standby_fraction = 0.5;
  return t;
}

TEST(Tco, PowerSupplyIsSizedFromTheDraw) {
  // Suggested supplies of TechPowerUp's pages: RTX 4090 (450 W) 850 W, RTX 4070 (200 W) 550 W, in a desktop computer.
  BuildTerms t = build_terms();
  EXPECT_EQ(size_power_supply(t, {1, 4}).rating_w, 850);
  t.power_w = 200;
  EXPECT_EQ(size_power_supply(t, {1, 4}).rating_w, 550);
  t.power_w = 450;
  const auto four = size_power_supply(t, {4, 4});
  EXPECT_EQ(four.peak_w, 2000);
  EXPECT_EQ(four.rating_w * four.count, 2700);
  t.power_w = 700;
  t.host_power_w = 4600;                                  // the 10.2 kW node of arXiv 2506.14551
  const auto node = size_power_supply(t, {8, 8});
  EXPECT_NEAR(node.peak_w, 10200, 1e-9);
  EXPECT_GE(node.rating_w * node.count * 0.8, 10200);
  EXPECT_GT(node.count, 1);
}

TEST(Tco, WithoutInterestItIsTheGuidesTable) {
  BuildTerms t;
  t.price_usd = 32000;
  t.power_w = 700;
  t.hours_per_year = 8760;
  t.electricity_usd_per_kwh = 0.15;
  t.pue = 1.3;
  t.life_years = 3;
  const TotalCost three = total_cost(t, {1, 8}, 3), five = total_cost(t, {1, 8}, 5);
  EXPECT_NEAR(three.total(), 35587, 0.5);
  EXPECT_NEAR(five.total(), 37979, 0.5);
  EXPECT_NEAR(three.energy, 2759, 0.5);
  EXPECT_NEAR(three.cooling_energy, 828, 0.5);
}

TEST(Tco, EqualPaymentsAreCapitalRecoveryPlusUpkeep) {
  const BuildTerms t = build_terms();
  const Build build{1, 4};
  const TotalCost cost = total_cost(t, build, t.life_years);
  const double a_year = annual_capital_cost(cost.purchase(), t.residual_fraction, t.cost_of_capital, t.life_years) +
                        t.maintenance_usd_per_year +
                        annual_kwh(650, 4000, 30, 0.5 * 4760, t.pue) * t.electricity_usd_per_kwh;
  EXPECT_NEAR(usd_per_useful_hour(t, build, t.life_years) * 4000, a_year, 1e-6);
}

TEST(Tco, MoreOfAnythingCostsMore) {
  const Build build{3, 2};
  const double before = total_cost(build_terms(), build, 3).total();
  for (double BuildTerms::*input : {&BuildTerms::price_usd, &BuildTerms::host_usd, &BuildTerms::network_usd, &BuildTerms::cooling_usd,
                                    &BuildTerms::power_w, &BuildTerms::host_power_w, &BuildTerms::idle_power_w, &BuildTerms::hours_per_year,
                                    &BuildTerms::maintenance_usd_per_year, &BuildTerms::space_usd_per_year, &BuildTerms::staff_usd_per_year}) {
    BuildTerms t = build_terms();
    t.*input += 100;
    EXPECT_GT(total_cost(t, build, 3).total(), before);
  }
  EXPECT_GT(total_cost(build_terms(), build, 4).total(), before);
  EXPECT_EQ((Build{3, 2}.hosts()), 2);
}

TEST(Tco, RefusesAbsurdBuilds) {
  EXPECT_FALSE(tco({"x", {0, 4}, {1}, {}, {}}));
  EXPECT_FALSE(tco({"x", {1, 0}, {1}, {}, {}}));
  EXPECT_FALSE(tco({"x", {1, 4}, {100}, {}, {}}));
  EXPECT_FALSE(tco({"x", {1, 4}, {std::nan("")}, {}, {}}));
  EXPECT_FALSE(tco({"x", {1, 4}, {1}, {}, {}}));   // no price
}

TEST(Power, MixesAddUp) {
  const auto report = power({"x", inputs_from({{"idle_hours_per_day", "10"}, {"inference_hours_per_day", "8"}, {"training_hours_per_day", "6"},
                                             {"idle_power_w", "30"}, {"inference_power_w", "280"}, {"training_power_w", "450"},
                                             {"electricity_usd_per_kwh", "0.15"}, {"pue", "1.5"}, {"carbon_g_per_kwh", "369.473"},
                                             {"price_usd", "1500"}, {"life_years", "3"}}),
                             {{"A", 0.3, "x", "2023"}, {"B", 0.1, "x", "2023"}}, {}});
  ASSERT_TRUE(report) << report.error().message;
  const double kwh = (10 * 30 + 8 * 280 + 6 * 450) / 1000.0 * 365 * 1.5;
  EXPECT_NEAR(report->kwh_per_year, kwh, 1e-9);
  EXPECT_NEAR(report->usd_per_year, kwh * 0.15, 1e-9);
  EXPECT_NEAR(report->cooling_usd_per_year, kwh * 0.15 / 3, 1e-9);
  EXPECT_NEAR(report->carbon_kg_per_year, kwh * 0.369473, 1e-9);
  double states = 0;
  for (const auto& state : report->states) states += state.usd_per_year;
  EXPECT_NEAR(states + report->cooling_usd_per_year, report->usd_per_year, 1e-9);
  EXPECT_EQ(report->weight, "major");
  EXPECT_EQ(report->regions.at(0).tariff.region, "B");
}

TEST(Power, TrainingEmissionsOfModelCards) {
  // Llama 2 7B: 184,320 h at 400 W and 31.22 t; Llama 3.1 405B: 30.84 million h at 700 W and 8,930 t.
  EXPECT_NEAR(annual_kwh(400, 184320, 0, 0, 1) * 0.4234 / 1000, 31.22, 0.01);
  EXPECT_NEAR(annual_kwh(700, 30.84e6, 0, 0, 1) * 0.4137 / 1000, 8930, 5);
}

TEST(Power, ADayHas24Hours) {
  const auto report = power({"x", inputs_from({{"inference_hours_per_day", "20"}, {"training_hours_per_day", "6"}, {"inference_power_w", "280"},
                                             {"training_power_w", "450"}, {"electricity_usd_per_kwh", "0.15"}, {"pue", "1"}}), {}, {}});
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("26"), std::string::npos);
}

TEST(Tokens, DeepSeekFleet) {
  // open-infra-index day 6: 608 G prompt and 168 G output tokens a day at 73.7 k and 14.8 k tokens/s a node of 8 devices,
  // at 2 $ an hour each: 87,072 $ a day. Its API's prices made 562,027 $.
  TokenTerms t;
  t.prompt_tokens_per_s = 73700;
  t.output_tokens_per_s = 14800;
  t.prompt_tokens_per_request = 608;
  t.output_tokens_per_request = 168;
  const TokenPrice price = token_price(t, 16);
  EXPECT_NEAR(price.request_usd * 1e9, 87072, 87072 * 0.001);
  EXPECT_NEAR(price.blended_usd_per_mtok, 0.112, 0.001);
}

std::vector<Input> serving(const std::string& utilisation, const std::string& api) {
  return inputs_from({{"output_tokens_per_s", "1000"}, {"prompt_tokens_per_s", "10000"}, {"utilisation", utilisation},
                    {"prompt_tokens_per_request", "1000"}, {"output_tokens_per_request", "250"}, {"cloud_usd_per_hour", "2"},
                    {"api_prompt_usd_per_mtok", api}, {"api_output_usd_per_mtok", api}, {"price_usd", "20000"}, {"life_years", "4"},
                    {"residual_fraction", "0.1"}, {"cost_of_capital", "0.05"}, {"power_w", "700"}, {"idle_power_w", "100"},
                    {"standby_fraction", "1"}, {"electricity_usd_per_kwh", "0.12"}, {"pue", "1.2"}, {"maintenance_usd_per_year", "500"}});
}

TEST(Tokens, AtTheFlipOwnCostsWhatTheApiDoes) {
  const auto report = tokens({"x", serving("0.4", "1.5"), {}});
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_TRUE(report->utilisation_to_beat_api);
  TokenTerms at = report->mid;
  at.utilisation = *report->utilisation_to_beat_api;
  ASSERT_LE(at.utilisation, 1);
  EXPECT_NEAR(token_price(at, own_usd_per_hour_of_work(at)).blended_usd_per_mtok, 1.5, 1e-9);
  for (std::size_t i = 1; i < report->ways.size(); ++i)
    EXPECT_LE(report->ways[i - 1].price.request_usd, report->ways[i].price.request_usd);
  EXPECT_EQ(report->ways.size(), 4u);
}

TEST(Tokens, FasterAndBusierIsCheaper) {
  const auto price = [](const char* utilisation) {
    const auto report = tokens({"x", serving(utilisation, "1.5"), {}});
    return report->exploration->p50;
  };
  EXPECT_GT(price("0.2"), price("0.4"));
  EXPECT_GT(price("0.4"), price("0.9"));
  const auto never = tokens({"x", serving("0.4", "0.01"), {}});
  ASSERT_TRUE(never);
  EXPECT_GT(*never->utilisation_to_beat_api, 1);
  EXPECT_TRUE(parsed(to_json(*never))["never_beats_api"].get<bool>());
}

TEST(Tokens, NothingToPriceIsAnError) {
  EXPECT_FALSE(tokens({"x", {}, {}}));
  EXPECT_FALSE(tokens({"x", inputs_from({{"output_tokens_per_s", "10"}, {"prompt_tokens_per_s", "10"}, {"utilisation", "1"},
                                       {"prompt_tokens_per_request", "1"}, {"output_tokens_per_request", "1"}}), {}}));
}

std::vector<Input> premium(const std::string& training, const std::string& inference, const std::string& price_b = "1500") {
  return inputs_from({{"price_a_usd", "600"}, {"price_b_usd", price_b}, {"training_hours_per_month", training},
                    {"inference_hours_per_month", inference}, {"training_speed_ratio", "1.5"}, {"inference_speed_ratio", "1"},
                    {"training_wait_fraction", "1"}, {"time_usd_per_hour", "50"}, {"training_power_a_w", "200"}, {"training_power_b_w", "450"},
                    {"inference_power_a_w", "120"}, {"inference_power_b_w", "280"}, {"electricity_usd_per_kwh", "0.15"}, {"life_years", "3"}});
}

TEST(WorthIt, NeverDividesByNothing) {
  for (const auto& [training, inference] : {std::pair{"0", "0"}, std::pair{"0", "100"}}) {
    const auto report = worth_it({"A", "B", premium(training, inference), {}});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(std::isinf(report->payback_months));
    EXPECT_FALSE(report->worth_it);
    const auto json = parsed(to_json(*report));
    EXPECT_TRUE(json["results"][0]["payback_months"].is_null());
    EXPECT_TRUE(json["results"][0]["never"].get<bool>());
  }
}

TEST(WorthIt, PaybackIsPremiumOverSaving) {
  const auto report = worth_it({"A", "B", premium("40", "100"), {}});
  ASSERT_TRUE(report);
  // 40 h x (1 - 1/1.5) x 50 $ less the energy: 40/1.5 h at 450 W for 40 h at 200 W, and 160 W more for 100 h.
  const double energy = ((40 / 1.5 * 450 - 40 * 200) + 100 * 160) / 1000 * 0.15;
  EXPECT_NEAR(report->payback_months, 900 / (40.0 / 3 * 50 - energy), 1e-9);
  EXPECT_TRUE(report->worth_it);
  EXPECT_EQ(worth_it({"A", "B", premium("0", "0", "500"), {}})->payback_months, 0);   // B is cheaper
}

TEST(WorthIt, MoreHoursPayBackSooner) {
  double before = HUGE_VAL;
  for (const auto* hours : {"5", "20", "80", "300"}) {
    const double months = worth_it({"A", "B", premium(hours, "100"), {}})->payback_months;
    EXPECT_LT(months, before);
    before = months;
  }
}

PricedDevice device(const std::string& id, double price, double tflops, double watts) {
  PricedDevice made;
  made.id = made.name = id;
  made.price = fixed_input("price_usd", price, {Origin::catalogued, "shop", "2026-11-01", Confidence::single});
  made.power_w = Fact<double>{watts, {}};
  made.rates = {{"fp16", tflops * 1e12, {}}, {"fp32", tflops * 1e12 / 2, {}}};
  made.memory_bytes = Fact<double>{24e9, {}};
  made.bandwidth_bytes_per_s = Fact<double>{1e12, {}};
  return made;
}

TEST(PerTflop, AnOldRentCountsOnlyWithoutAYoungOne) {
  const auto offer = [](double usd, bool stale) {
    RentalOffer made;
    made.on_demand_usd_per_hour = usd;
    made.stale = stale;
    return made;
  };
  auto both = device("both", 500, 100, 200), old = device("old", 500, 100, 200);
  both.offers = {offer(1, true), offer(3, false)};
  old.offers = {offer(1, true)};
  PerTflopQuestion question;
  question.devices = {both, old};
  question.sort = "cloud";
  question.inputs = inputs_from({{"hours_per_year", "8760"}, {"life_years", "3"}, {"electricity_usd_per_kwh", "0.15"}, {"pue", "1.3"}});
  const auto report = per_tflop(question);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->rows[0].id, "old");
  EXPECT_DOUBLE_EQ(*report->rows[0].cloud_usd_per_tflop_hour, 0.01);
  EXPECT_DOUBLE_EQ(*report->rows[1].cloud_usd_per_tflop_hour, 0.03);
}

TEST(PerTflop, NeverMixesPrecisions) {
  auto only_fp32 = device("old", 100, 10, 100);
  only_fp32.rates = {{"fp32", 5e12, {}}};
  auto unpriced = device("new", 100, 10, 100);
  unpriced.price.reset();
  PerTflopQuestion question;
  question.devices = {device("dear", 1500, 150, 450), only_fp32, device("cheap", 500, 100, 200), unpriced};
  question.inputs = inputs_from({{"hours_per_year", "8760"}, {"life_years", "3"}, {"electricity_usd_per_kwh", "0.15"}, {"pue", "1.3"}});
  question.speed = [](const std::string& id) -> std::optional<Estimate> {
    if (id == "dear") return Estimate{90, 100, 110, Origin::measured};
    return std::nullopt;
  };
  question.model = "m";
  const auto report = per_tflop(question);
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->rows.size(), 2u);
  EXPECT_EQ(report->rows[0].id, "cheap");
  EXPECT_NEAR(report->rows[0].purchase_usd_per_tflop, 5, 1e-12);
  EXPECT_NEAR(*report->rows[0].effective_usd_per_tflop, (500 + 0.2 * 8760 * 1.3 * 0.15 * 3) / 100, 1e-9);
  EXPECT_NEAR(*report->rows[1].usd_per_token_per_s, 15, 1e-12);
  EXPECT_FALSE(report->rows[0].usd_per_token_per_s);
  EXPECT_NEAR(*report->rows[1].usd_per_gb, 62.5, 1e-12);
  EXPECT_NEAR(*report->rows[1].usd_per_gb_per_s, 1.5, 1e-12);
  ASSERT_EQ(report->left_out.size(), 2u);
  EXPECT_EQ(report->left_out[0].name, "old");
  EXPECT_EQ(*report->exploration->first_wins, 1);
  question.precision = "fp12";
  EXPECT_FALSE(per_tflop(question));
  question.precision = "fp16";
  question.sort = "colour";
  EXPECT_FALSE(per_tflop(question));
}

}  // namespace
}  // namespace hardscape::cost
