#include "hardscape/cost_break_even.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "hardscape/cost_finance.hpp"
#include "support/parsed.hpp"

namespace hardscape::cost {
namespace {

const Source k_test{Origin::assumed, "test", "2026-11-01", Confidence::unstated};

std::vector<Input> inputs_of(const std::vector<std::pair<std::string, std::string>>& texts) {
  std::vector<Input> inputs;
  for (const auto& [key, text] : texts) {
    const auto parsed = parse_input(*find_rule(key), text);
    EXPECT_TRUE(parsed) << key << " " << text;
    if (parsed) inputs.push_back(*parsed);
  }
  return inputs;
}

// The worked example of docs/models.md: an H100 with its share of host and network, 200,000 draws by another program.
BreakEvenQuestion worked_example() {
  return {"H100",
          inputs_of({{"price_usd", "35000..55000"}, {"cloud_usd_per_hour", "1.9..2.6..4.0"}, {"life_years", "3..5 whole"},
                     {"residual_fraction", "5%..30%"}, {"cost_of_capital", "5%..12%"}, {"power_w", "750..1050"},
                     {"electricity_usd_per_kwh", "0.06..0.16"}, {"pue", "1.1..1.56"},
                     {"maintenance_usd_per_year", "1000..5000"}, {"hours_per_year", "8760"}}),
          {},
          {200000, 1}};
}

TEST(BreakEven, WorkedMonteCarlo) {
  const auto report = break_even(worked_example());
  ASSERT_TRUE(report) << report.error().message;
  const auto& found = report->exploration;
  EXPECT_NEAR(found.p10, 4057, 4057 * 0.02);
  EXPECT_NEAR(found.p50, 5669, 5669 * 0.02);
  EXPECT_NEAR(found.p90, 7909, 7909 * 0.02);
  EXPECT_NEAR(share_at_most(found, 8760), 0.96, 0.01);
  EXPECT_NEAR(share_at_most(found, 0.7 * 8760), 0.62, 0.01);
  EXPECT_NEAR(share_at_most(found, 0.4 * 8760), 0.03, 0.01);
  EXPECT_NEAR(*found.first_wins, share_at_most(found, 8760), 1e-4);
  // Ranked by influence: what the guide argues about, PUE, is last.
  ASSERT_EQ(found.influences.size(), 9u);
  EXPECT_EQ(found.influences[0].input, "cloud_usd_per_hour");
  EXPECT_EQ(found.influences[1].input, "life_years");
  EXPECT_EQ(found.influences[2].input, "price_usd");
  EXPECT_EQ(found.influences[3].input, "maintenance_usd_per_year");
  const auto correlation = [&](std::string_view key) {
    for (const auto& influence : found.influences)
      if (influence.input == key) return influence.rank_correlation;
    return std::nan("");
  };
  EXPECT_NEAR(correlation("cloud_usd_per_hour"), -0.62, 0.02);
  EXPECT_NEAR(correlation("life_years"), -0.50, 0.03);
  EXPECT_NEAR(correlation("price_usd"), 0.40, 0.02);
  EXPECT_NEAR(correlation("maintenance_usd_per_year"), 0.28, 0.02);
  EXPECT_NEAR(correlation("residual_fraction"), -0.20, 0.03);
  EXPECT_NEAR(correlation("cost_of_capital"), 0.16, 0.02);
  EXPECT_NEAR(correlation("power_w"), 0.03, 0.02);
  EXPECT_NEAR(correlation("electricity_usd_per_kwh"), 0.04, 0.02);
  EXPECT_NEAR(correlation("pue"), 0.02, 0.02);
}

TEST(BreakEven, SameSeedSameDraws) {
  auto question = worked_example();
  question.simulation.draws = 1000;
  const auto once = break_even(question), again = break_even(question);
  ASSERT_TRUE(once && again);
  EXPECT_EQ(once->exploration.sorted_outcomes, again->exploration.sorted_outcomes);
  question.simulation.seed = 2;
  EXPECT_NE(break_even(question)->exploration.p50, once->exploration.p50);
}

Terms plain() {
  Terms terms;
  terms.price_usd = 1500;
  terms.life_years = 3;
  terms.residual_fraction = 0.15;
  terms.cost_of_capital = 0.06;
  terms.power_w = 450;
  terms.idle_power_w = 30;
  terms.standby_fraction = 0.5;
  terms.electricity_usd_per_kwh = 0.15;
  terms.pue = 1.2;
  terms.maintenance_usd_per_year = 100;
  terms.hours_per_year = 2080;
  terms.cloud_usd_per_hour = 0.74;
  terms.cloud_usd_per_year = 60;
  return terms;
}

TEST(BreakEven, BothCostTheSameAtTheBreakEven) {
  const Terms terms = plain();
  const double hours = break_even_hours(terms);
  ASSERT_GT(hours, 0);
  ASSERT_LE(hours, 8760);
  EXPECT_NEAR(own_cost_per_year(terms, hours).total(), cloud_cost_per_year(terms, hours), 1e-9);
}

TEST(BreakEven, ScaleFree) {
  // Every dollar ten times as much: in another currency the hours are the same.
  Terms terms = plain();
  const double hours = break_even_hours(terms);
  for (double Terms::*money : {&Terms::price_usd, &Terms::electricity_usd_per_kwh, &Terms::maintenance_usd_per_year,
                               &Terms::space_usd_per_year, &Terms::staff_usd_per_year, &Terms::cloud_usd_per_hour,
                               &Terms::cloud_usd_per_year})
    terms.*money *= 10;
  EXPECT_NEAR(break_even_hours(terms), hours, 1e-9 * hours);
}

TEST(BreakEven, MonotoneInEveryInput) {
  const auto rises = [](double Terms::*input, double more) {
    Terms terms = plain();
    const double before = break_even_hours(terms);
    terms.*input += more;
    return break_even_hours(terms) - before;
  };
  EXPECT_GT(rises(&Terms::price_usd, 100), 0);
  EXPECT_GT(rises(&Terms::cost_of_capital, 0.02), 0);
  EXPECT_GT(rises(&Terms::power_w, 100), 0);
  EXPECT_GT(rises(&Terms::idle_power_w, 20), 0);
  EXPECT_GT(rises(&Terms::electricity_usd_per_kwh, 0.1), 0);
  EXPECT_GT(rises(&Terms::electricity_growth, 0.05), 0);
  EXPECT_GT(rises(&Terms::pue, 0.3), 0);
  EXPECT_GT(rises(&Terms::maintenance_usd_per_year, 50), 0);
  EXPECT_GT(rises(&Terms::space_usd_per_year, 50), 0);
  EXPECT_GT(rises(&Terms::staff_usd_per_year, 50), 0);
  EXPECT_LT(rises(&Terms::life_years, 1), 0);
  EXPECT_LT(rises(&Terms::residual_fraction, 0.1), 0);
  EXPECT_LT(rises(&Terms::cloud_usd_per_hour, 0.1), 0);
  EXPECT_LT(rises(&Terms::cloud_usd_per_year, 50), 0);
}

TEST(BreakEven, NeverWhenAYearIsTooShort) {
  Terms terms = plain();
  terms.cloud_usd_per_hour = 0.10;                 // saves a cent or two an hour
  EXPECT_TRUE(std::isinf(break_even_hours(terms)));
  terms.cloud_usd_per_hour = 0.01;                 // dearer to run than to rent
  EXPECT_TRUE(std::isinf(break_even_hours(terms)));
  terms = plain();
  terms.maintenance_usd_per_year = 15000;          // the guide's section 10
  EXPECT_TRUE(std::isinf(break_even_hours(terms)));
  const auto report = break_even({"x", inputs_of({{"price_usd", "32000"}, {"cloud_usd_per_hour", "3"}, {"life_years", "3"},
      {"residual_fraction", "0"}, {"cost_of_capital", "0"}, {"power_w", "700"}, {"electricity_usd_per_kwh", "0.15"},
      {"pue", "1.3"}, {"maintenance_usd_per_year", "15000"}, {"hours_per_year", "8760"}}), {}, {}});
  ASSERT_TRUE(report);
  const auto json = parsed(to_json(*report));
  EXPECT_TRUE(json["results"][0]["never"].get<bool>());
  EXPECT_TRUE(json["results"][0]["break_even_hours_per_year"].is_null());
  EXPECT_EQ(json["results"][0]["cheaper"], "cloud");
}

TEST(BreakEven, FlipsAreWhereTheWinnerChanges) {
  const auto report = break_even({"x", inputs_of({{"price_usd", "1500"}, {"cloud_usd_per_hour", "1.2"}, {"life_years", "3"},
      {"residual_fraction", "0"}, {"cost_of_capital", "0"}, {"power_w", "450"}, {"electricity_usd_per_kwh", "0.15"},
      {"pue", "1.3"}, {"maintenance_usd_per_year", "500"}, {"hours_per_year", "1040"}}), {}, {}});
  ASSERT_TRUE(report);
  const auto flip = [&](std::string_view key) {
    for (const auto& one : report->flips)
      if (one.input == key) return one.value;
    return std::nan("");
  };
  // 500 + price/3 + 1040 x 0.08775 = 1040 x cloud, solved by hand for each.
  EXPECT_NEAR(flip("price_usd"), 3 * (1040 * (1.2 - 0.08775) - 500), 0.01);
  EXPECT_NEAR(flip("cloud_usd_per_hour"), 1000.0 / 1040 + 0.08775, 1e-4);
  EXPECT_NEAR(flip("hours_per_year"), 899.07, 0.1);
  EXPECT_NEAR(flip("maintenance_usd_per_year"), 1040 * (1.2 - 0.08775) - 500, 0.01);
}

TEST(BreakEven, DeviceHoursAreMetByTheCheapestMix) {
  const auto report = break_even(worked_example());
  ASSERT_TRUE(report);
  for (const auto& demand : report->demands) {
    EXPECT_LE(demand.best_usd, demand.cloud_usd);
    EXPECT_LE(demand.owned, std::ceil(demand.hours / 8760));
    if (demand.hours < report->hours) {
      EXPECT_EQ(demand.owned, 0);
    }
  }
  EXPECT_EQ(report->demands.back().hours, 50000);
  EXPECT_EQ(report->demands.back().owned, 6);      // 5 full years and the rest, itself above the break-even
}

// Owning costs 1,000 a year unused and 1,000 + 8,760 x 0.08775 = 1,768.69 always on; a reservation is paid either way.
TEST(BreakEven, AReservationIsPaidWhateverTheUse) {
  struct Case {
    const char* reserved;
    double hours;
    const char* says;
  };
  for (const auto& [reserved, hours, says] : {Case{"0.25", 0, "$1,000 to $1,769"}, Case{"0.1", INFINITY, "$1,000 to $1,769"},
                                              // (8760 x 0.15 - 1000) / 0.08775 = 3,578.3
                                              Case{"0.15", INFINITY, "owning costs less below 3,578 h/year"}}) {
    const auto report = break_even({"x", inputs_of({{"price_usd", "1500"}, {"cloud_usd_per_hour", "1.2"}, {"reserved_usd_per_hour", reserved}, {"life_years", "3"},
        {"residual_fraction", "0"}, {"cost_of_capital", "0"}, {"power_w", "450"}, {"electricity_usd_per_kwh", "0.15"},
        {"pue", "1.3"}, {"maintenance_usd_per_year", "500"}, {"hours_per_year", "1040"}}), {}, {}});
    ASSERT_TRUE(report) << report.error().message;
    ASSERT_EQ(report->rents.size(), 2u);
    EXPECT_EQ(report->rents[1].break_even_hours, hours) << reserved;
    EXPECT_NE(report->rents[1].remark.find(says), std::string::npos) << report->rents[1].remark;
  }
}

TEST(BreakEven, WhatIsMissingIsNamedWithItsOption) {
  auto question = worked_example();
  std::erase_if(question.inputs, [](const Input& input) { return input.key == "cloud_usd_per_hour"; });
  const auto report = break_even(question);
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("--cloud"), std::string::npos);
}

TEST(BreakEven, PlotsMeetWhereTheCostsDo) {
  const auto report = break_even(worked_example());
  const std::string text = plot_text(*report);
  EXPECT_NE(text.find('X'), std::string::npos);
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1) EXPECT_LE(end - at, 80u);
  const std::string svg = plot_svg(*report);
  EXPECT_EQ(svg.rfind("<svg", 0), 0u);
  EXPECT_NE(svg.find("circle"), std::string::npos);
}

}  // namespace
}  // namespace hardscape::cost
