#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cost/random.hpp"
#include "hardscape/cost.hpp"
#include "hardscape/cost_assume.hpp"
#include "hardscape/cost_simulation.hpp"

namespace hardscape::cost {
namespace {

struct Text {
  std::string_view key, text;
  double low, mid, high;
  Spread spread;
};

TEST(Inputs, AreReadAsPeopleWriteThem) {
  for (const auto& [key, text, low, mid, high, spread] : {
           Text{"price_usd", "1500", 1500, 1500, 1500, Spread::fixed},
           Text{"price_usd", "$1400..1800", 1400, 1600, 1800, Spread::uniform},
           Text{"price_usd", "1400..1500..1800 ", 1400, 1500, 1800, Spread::triangular},
           Text{"price_usd", "1.5k", 1500, 1500, 1500, Spread::fixed},
           Text{"price_usd", "1500 USD", 1500, 1500, 1500, Spread::fixed},
           Text{"price_usd", "$12,000.50", 12000.5, 12000.5, 12000.5, Spread::fixed},
           Text{"price_usd", "1,400..1,800", 1400, 1600, 1800, Spread::uniform},
           Text{"hours_per_year", "40%", 3504, 3504, 3504, Spread::fixed},
           Text{"price_usd", "1500..1500", 1500, 1500, 1500, Spread::fixed},
           Text{"life_years", "3..5 whole", 3, 4, 5, Spread::whole},
           Text{"residual_fraction", "15%", 0.15, 0.15, 0.15, Spread::fixed},
           Text{"power_w", "0.7kW", 700, 700, 700, Spread::fixed},
           Text{"pue", "130%", 1.3, 1.3, 1.3, Spread::fixed},
           Text{"cloud_usd_per_hour", "$2.50/h", 2.5, 2.5, 2.5, Spread::fixed},
           Text{"electricity_usd_per_kwh", "0.15 USD/kWh", 0.15, 0.15, 0.15, Spread::fixed},
       }) {
    const auto input = parse_input(*find_rule(key), text);
    ASSERT_TRUE(input) << text << ": " << input.error().message;
    EXPECT_DOUBLE_EQ(input->low, low) << text;
    EXPECT_DOUBLE_EQ(input->mid, mid) << text;
    EXPECT_DOUBLE_EQ(input->high, high) << text;
    EXPECT_EQ(input->spread, spread) << text;
  }
}

TEST(Inputs, AbsurdOnesAreRefusedWithTheAllowedRange) {
  struct Row {
    std::string_view key, text, says;
  };
  for (const auto& [key, text, says] : {
           Row{"price_usd", "-5", "$1.00 to $10,000,000"}, Row{"price_usd", "0", "allowed"},
           Row{"price_usd", "1800..1400", "empty range"},  Row{"price_usd", "1400EUR", "US dollars"},
           Row{"price_usd", "\xe2\x82\xac" "1400", "US dollars"}, Row{"price_usd", "", "US dollars"},
           Row{"price_usd", "..", "US dollars"},           Row{"price_usd", "1..2..3..4", "more than three"},
           Row{"price_usd", "nan", "US dollars"},          Row{"price_usd", "inf", "US dollars"},
           Row{"price_usd", "1,40", "US dollars"},         Row{"price_usd", "1,4000", "US dollars"},
           Row{"price_usd", ",400", "US dollars"},         Row{"price_usd", "1234,567", "US dollars"},
           Row{"price_usd", "1.400,50", "US dollars"},     Row{"hours_per_year", "often", "hours a year"},
           Row{"price_usd", "1e999", "US dollars"},        Row{"pue", "900%", "1 to 3"},
           Row{"pue", "9", "1 to 3"},                      Row{"pue", "0.9", "1 to 3"},
           Row{"residual_fraction", "70", "0 % to 95 %"},  Row{"hours_per_year", "9000", "8,760"},
           Row{"power_w", "0", "0.5 W"},                   Row{"electricity_usd_per_kwh", "15", "/kWh"},
           Row{"life_years", "3.5..5 whole", "whole numbers"}, Row{"price_usd", "14$00", "US dollars"},
           Row{"price_usd", "1usd400", "US dollars"},
       }) {
    const auto input = parse_input(*find_rule(key), text);
    ASSERT_FALSE(input) << key << " " << text;
    EXPECT_EQ(input.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(input.error().message.find(says), std::string::npos) << input.error().message;
    EXPECT_NE(input.error().message.find("--"), std::string::npos);
  }
}

TEST(Inputs, ADrawFarFromTheRatingIsRefused) {
  PricedDevice h200;
  h200.name = "H200";
  h200.power_w = Fact<double>{700, {}};
  const Status slip = check_draw(h200, fixed_input("power_w", 4.5, {}));
  ASSERT_FALSE(slip);
  EXPECT_NE(slip.error().message.find("H200 is rated 700 W"), std::string::npos) << slip.error().message;
  EXPECT_NE(slip.error().message.find("35 W to 2,100 W"), std::string::npos) << slip.error().message;
  EXPECT_TRUE(check_draw(h200, fixed_input("power_w", 500, {})));
}

TEST(Inputs, EveryRuleOfTheDataIsSound) {
  ASSERT_GT(input_rules().size(), 40u);
  for (const auto& rule : input_rules()) {
    EXPECT_LT(rule.least, rule.most) << rule.key;
    EXPECT_EQ(find_rule(rule.key), &rule) << rule.key << " is there twice";
    EXPECT_FALSE(rule.label.empty() || rule.option.empty()) << rule.key;
  }
  ASSERT_EQ(places().size(), 2u);
  for (const auto& place : places()) {
    for (const auto& input : place.inputs) {
      EXPECT_TRUE(check_input(input)) << place.id << " " << input.key;
      EXPECT_FALSE(input.source.ref.empty()) << place.id << " " << input.key;
    }
    for (const auto& scaled : place.scaled) {
      EXPECT_NE(find_rule(scaled.key), nullptr) << scaled.key;
      EXPECT_LE(scaled.low, scaled.mid);
      EXPECT_LE(scaled.mid, scaled.high);
    }
  }
  ASSERT_EQ(scenarios().size(), 4u);
}

TEST(Inputs, AgeOfADate) {
  EXPECT_EQ(age_in_days("2026-06-15", "2026-11-24"), 162);
  EXPECT_EQ(age_in_days("2024-02-28", "2024-03-01"), 2);   // a leap year
  EXPECT_EQ(age_in_days("2026-06", "2026-07-01"), 1);
  EXPECT_EQ(age_in_days("2025", "2026-01-01"), 1);
  for (const auto* bad : {"", "June", "2026-13", "2026-02-30", "26-01-01", "2026-01-01-01"})
    EXPECT_EQ(age_in_days(bad, "2026-01-01"), std::nullopt) << bad;
}

TEST(Inputs, OnlyOldPricesAreFlagged) {
  const auto dated = [](const char* date) { return Source{Origin::catalogued, "x", date, Confidence::single}; };
  std::vector<Input> inputs{fixed_input("price_usd", 1500, dated("2024-01-01")), fixed_input("cloud_usd_per_hour", 1, dated("2026-11-01")),
                            fixed_input("pue", 1.3, dated("2020"))};
  const auto notes = mark_stale(inputs, {"2026-11-24", 180});
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].code, "stale-price");
  EXPECT_TRUE(inputs[0].stale);
  EXPECT_FALSE(inputs[1].stale || inputs[2].stale);
}

TEST(Assume, TheCheapestOfferOfEveryProvider) {
  std::vector<RentalOffer> offers(3);
  offers[0] = {.id = "a1", .provider = "A", .instance = {}, .region = {}, .count = 1, .on_demand_usd_per_hour = 3.0, .reserved_usd_per_hour = {}, .spot_usd_per_hour = 1.0, .source = {}, .as_of = "2026-06-15", .stale = false, .notes = {}};
  offers[1] = offers[0];
  offers[1].on_demand_usd_per_hour = 2.0;
  offers[2] = offers[0];
  offers[2].provider = "B";
  offers[2].on_demand_usd_per_hour = 4.0;
  offers[2].as_of = "2026-01-01";
  const auto rent = rent_on_demand(offers);
  ASSERT_TRUE(rent);
  EXPECT_DOUBLE_EQ(rent->mid, 3.0);      // median of 2 and 4
  EXPECT_DOUBLE_EQ(rent->low, 2.2);
  EXPECT_EQ(rent->source.date, "2026-01-01");
  EXPECT_FALSE(rent_reserved(offers));
  EXPECT_FALSE(rent_on_demand({}));
}

// Old prices are off by factors; they count only where there are not two others, and so do their dates.
TEST(Assume, StaleOffersCountOnlyWhereFewOthersAre) {
  const auto of = [](const char* provider, double usd, const char* as_of, bool stale) {
    RentalOffer offer;
    offer.provider = provider;
    offer.on_demand_usd_per_hour = usd;
    offer.as_of = as_of;
    offer.stale = stale;
    return offer;
  };
  const std::vector<RentalOffer> offers{of("A", 2, "2026-10-01", false), of("B", 3, "2026-09-01", false), of("B", 9, "2023", true), of("C", 10, "2024-05", true)};
  const auto young = rent_on_demand(offers);
  ASSERT_TRUE(young);
  EXPECT_DOUBLE_EQ(young->mid, 2.5);
  EXPECT_EQ(young->source.date, "2026-09-01");
  const auto few = rent_on_demand(std::vector<RentalOffer>{offers[0], offers[3]});
  ASSERT_TRUE(few);
  EXPECT_DOUBLE_EQ(few->mid, 6);
  EXPECT_EQ(few->source.date, "2024-05");
}

TEST(Assume, WhatNobodyKnowsIsLeftOut) {
  PricedDevice device;
  device.power_w = Fact<double>{100, {}};
  const auto inputs = assumed_inputs(device, *find_place("home"), {});
  EXPECT_EQ(find_input(inputs, "price_usd"), nullptr);
  EXPECT_EQ(find_input(inputs, "cloud_usd_per_hour"), nullptr);
  ASSERT_NE(find_input(inputs, "power_w"), nullptr);
  EXPECT_DOUBLE_EQ(find_input(inputs, "power_w")->high, 125);
  // A given price is the system's, and what hangs on it follows.
  const std::vector<Input> given{fixed_input("price_usd", 1000, {})};
  const auto with_price = assumed_inputs(device, *find_place("home"), given);
  EXPECT_DOUBLE_EQ(find_input(with_price, "price_usd")->mid, 1000);
  EXPECT_DOUBLE_EQ(find_input(with_price, "maintenance_usd_per_year")->high, 50);
}

TEST(Random, IsEvenBetween0And1) {
  Random random(7);
  double sum = 0, squares = 0;
  constexpr int k_draws = 100000;
  for (int i = 0; i < k_draws; ++i) {
    const double u = random.unit();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u;
    squares += u * u;
  }
  EXPECT_NEAR(sum / k_draws, 0.5, 0.005);
  EXPECT_NEAR(squares / k_draws, 1.0 / 3, 0.005);
}

TEST(Random, QuantilesOfTheSpreads) {
  const Input triangle = range_input("price_usd", 10, 20, 40, {});
  EXPECT_DOUBLE_EQ(quantile(triangle, 0), 10);
  EXPECT_DOUBLE_EQ(quantile(triangle, 1.0 / 3), 20);        // the mode splits the area 10 : 20
  EXPECT_NEAR(quantile(triangle, 0.999999999), 40, 1e-2);
  Input flat = triangle;
  flat.spread = Spread::uniform;
  EXPECT_DOUBLE_EQ(quantile(flat, 0.25), 17.5);
  Input whole = range_input("life_years", 3, 4, 5, {});
  whole.spread = Spread::whole;
  EXPECT_DOUBLE_EQ(quantile(whole, 0.3), 3);
  EXPECT_DOUBLE_EQ(quantile(whole, 0.4), 4);
  EXPECT_DOUBLE_EQ(quantile(whole, 0.999), 5);
}

TEST(Simulation, DrawsHaveBounds) {
  Question question;
  question.inputs = {fixed_input("price_usd", 5, {})};
  question.outcome = [](std::span<const double> values) { return values[0]; };
  EXPECT_FALSE(explore(question, {1, 1}));
  EXPECT_FALSE(explore(question, {2'000'000'000, 1}));
  const auto same = explore(question, {100, 1});
  ASSERT_TRUE(same);
  EXPECT_EQ(same->p10, 5);
  EXPECT_EQ(same->p90, 5);
  EXPECT_TRUE(same->influences.empty());
}

// A figure that grows with an input has the correlation 1 with it; where half the draws are tied at infinity their mean
// rank takes an eighth off the variance of ranks, so that sqrt(1 - 1/8) is left.
TEST(Simulation, RanksAndQuantilesOfKnownShapes) {
  Question question;
  question.inputs = {range_input("price_usd", 100, 150, 200, {}), range_input("power_w", 10, 20, 60, {})};
  question.inputs[0].spread = Spread::uniform;
  const std::vector<Figure> outcomes{[](std::span<const double> v) { return v[0]; }, [](std::span<const double> v) { return -v[0] / 3; },
                                     [](std::span<const double> v) { return v[0] < 150 ? v[0] : HUGE_VAL; }};
  const auto all = explore_each(question, outcomes, {20000, 7});
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 3u);
  for (const auto& one : *all) {
    EXPECT_TRUE(std::is_sorted(one.sorted_outcomes.begin(), one.sorted_outcomes.end()));
    EXPECT_EQ(one.influences.front().input, "price_usd");
    EXPECT_NEAR(one.influences.back().rank_correlation, 0, 0.03);
  }
  EXPECT_DOUBLE_EQ((*all)[0].influences.front().rank_correlation, 1);
  EXPECT_DOUBLE_EQ((*all)[1].influences.front().rank_correlation, -1);
  EXPECT_NEAR((*all)[2].influences.front().rank_correlation, std::sqrt(7.0 / 8), 0.01);
  EXPECT_NEAR((*all)[0].p10, 110, 0.7);
  EXPECT_NEAR((*all)[0].p90, 190, 0.7);
  EXPECT_TRUE(std::isinf((*all)[2].p90));
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    question.outcome = outcomes[i];
    const auto alone = explore(question, {20000, 7});
    ASSERT_TRUE(alone);
    EXPECT_EQ(alone->sorted_outcomes, (*all)[i].sorted_outcomes);
  }
}

}  // namespace
}  // namespace hardscape::cost
