// What the guide's scripts really print (Python 3.11) and, for tables it prints without a script, the sums worked out
// from its own inputs.
#include <gtest/gtest.h>

#include <map>

#include "hardscape/cost_guide.hpp"

namespace hardscape::cost {
namespace {

struct Printed {
  std::string table;                      // start of its name
  std::string row;                        // first cell
  std::map<std::string, std::string> cells;
};

void expect_printed(std::string_view question, const std::vector<Printed>& rows) {
  const auto answer = guide_answer(question);
  ASSERT_TRUE(answer) << answer.error().message;
  for (const auto& expected : rows) {
    bool found = false;
    for (const auto& table : answer->tables) {
      if (table.name.rfind(expected.table, 0) != 0) continue;
      for (const auto& row : table.rows) {
        const auto* name = std::get_if<std::string>(&row[0]);
        if (name == nullptr || *name != expected.row) continue;
        found = true;
        for (std::size_t i = 1; i < row.size(); ++i) {
          const auto cell = expected.cells.find(table.columns[i].key);
          if (cell == expected.cells.end()) continue;
          const auto* number = std::get_if<double>(&row[i]);
          EXPECT_EQ(number != nullptr ? guide_number(*number, table.columns[i].decimals) : std::get<std::string>(row[i]), cell->second)
              << expected.table << " / " << expected.row << " / " << cell->first;
        }
      }
    }
    EXPECT_TRUE(found) << expected.table << " / " << expected.row;
  }
}

Printed device(std::string table, std::string name, std::string own, std::string hours, std::string power) {
  return {std::move(table), std::move(name),
          {{"own_usd_per_hour", std::move(own)}, {"break_even_hours_per_year", std::move(hours)}, {"power_usd_per_year", std::move(power)}}};
}

Printed duty(std::string table, std::string name, std::string cloud, std::string own, std::string cheaper, std::string saves) {
  return {std::move(table), std::move(name),
          {{"cloud_usd_per_year", std::move(cloud)}, {"own_usd_per_year", std::move(own)}, {"cheaper", std::move(cheaper)},
           {"saves_usd_per_year", std::move(saves)}}};
}

TEST(Guide, BreakEvenAsItsCodePrints) {
  const std::string usual = "Own or rent at $0.15", cheap = "Own or rent at $0.08";
  expect_printed("break-even", {
      device(usual, "RTX 4070", "0.119", "1,518", "263"),     device(usual, "RTX 4080 Super", "0.165", "1,220", "420"),
      device(usual, "RTX 4090", "0.202", "899", "591"),       device(usual, "A100 80GB", "0.706", "2,862", "526"),
      device(usual, "H100 80GB", "1.411", "3,900", "920"),    device(usual, "H200 141GB", "1.504", "2,926", "6"),
      device(usual, "L40 48GB", "0.496", "2,659", "394"),     device(usual, "H200 141GB (corrected)", "1.640", "3,017", "920"),
      device(cheap, "RTX 4070", "0.101", "1,461", "140"),     device(cheap, "RTX 4080 Super", "0.136", "1,174", "224"),
      device(cheap, "RTX 4090", "0.161", "867", "315"),       device(cheap, "A100 80GB", "0.669", "2,808", "280"),
      device(cheap, "H100 80GB", "1.348", "3,815", "491"),    device(cheap, "H200 141GB", "1.504", "2,926", "3"),
      device(cheap, "L40 48GB", "0.469", "2,610", "210"),
  });
}

TEST(Guide, ScenariosAsItsCodePrints) {
  const std::string usual = "RTX 4090 by use at $0.15", cheap = "RTX 4090 by use at $0.08";
  expect_printed("break-even", {
      duty(usual, "Hobby, 4 h a week", "250", "1,018", "cloud", "769"),
      duty(usual, "Part-time, 20 h a week", "1,248", "1,091", "own", "157"),
      duty(usual, "Full-time, 40 h a week", "2,496", "1,183", "own", "1,313"),
      duty(usual, "Always on", "10,512", "1,769", "own", "8,743"),
      duty(cheap, "Hobby, 4 h a week", "250", "1,010", "cloud", "760"),
      duty(cheap, "Part-time, 20 h a week", "1,248", "1,049", "own", "199"),
      duty(cheap, "Full-time, 40 h a week", "2,496", "1,097", "own", "1,399"),
      duty(cheap, "Always on", "10,512", "1,410", "own", "9,102"),
  });
}

TEST(Guide, SectionTenWorkedOut) {
  const std::string table = "Section 10";
  expect_printed("break-even", {
      {table, "RTX 4090 at home", {{"own_usd_per_year", "1,590"}, {"own_usd_per_hour", "0.182"}}},
      {table, "H100, power as printed", {{"own_usd_per_year", "33,017"}, {"own_usd_per_hour", "3.769"}, {"break_even_hours_per_year", "never"}}},
      {table, "H100, power worked out", {{"power_usd_per_year", "736"}, {"own_usd_per_year", "26,403"}, {"own_usd_per_hour", "3.014"}, {"break_even_hours_per_year", "never"}}},
  });
}

Printed load(std::string table, std::string name, std::string two, std::string eight, std::string always) {
  return {std::move(table), std::move(name),
          {{"two_hours_usd_per_year", std::move(two)}, {"eight_hours_usd_per_year", std::move(eight)}, {"always_on_usd_per_year", std::move(always)}}};
}

TEST(Guide, PowerAsItsCodePrints) {
  const std::string usual = "$ a year at $0.15", cheap = "$ a year at $0.06", draws = "Draw", matters = "When power";
  expect_printed("power", {
      load(usual, "RTX 4070 (inference)", "13", "53", "158"), load(usual, "RTX 4090 (inference)", "31", "123", "368"),
      load(usual, "RTX 4090 (training)", "49", "197", "591"), load(usual, "A100 (inference)", "27", "110", "328"),
      load(usual, "H100 (inference)", "38", "153", "460"),    load(usual, "H100 (training)", "77", "307", "920"),
      load(usual, "Apple M4 Max (inference)", "5", "20", "59"), load(usual, "Apple M4 Max (training)", "8", "31", "92"),
      load(usual, "Jetson Orin Nano", "1", "4", "13"),        load(usual, "Raspberry Pi 5", "1", "4", "11"),
      load(cheap, "RTX 4070 (inference)", "5", "21", "63"),   load(cheap, "RTX 4090 (inference)", "12", "49", "147"),
      load(cheap, "RTX 4090 (training)", "20", "79", "237"),  load(cheap, "A100 (inference)", "11", "44", "131"),
      load(cheap, "H100 (inference)", "15", "61", "184"),     load(cheap, "H100 (training)", "31", "123", "368"),
      load(cheap, "Apple M4 Max (inference)", "2", "8", "24"), load(cheap, "Apple M4 Max (training)", "3", "12", "37"),
      load(cheap, "Jetson Orin Nano", "0", "2", "5"),         load(cheap, "Raspberry Pi 5", "0", "1", "4"),
      {draws, "RTX 4070 Ti Super", {{"always_on_usd_per_year", "223"}, {"eight_hours_usd_per_year", "74"}}},
      {draws, "RTX 4080 Super", {{"always_on_usd_per_year", "263"}, {"eight_hours_usd_per_year", "88"}}},
      {draws, "Apple M3", {{"always_on_usd_per_year", "33"}, {"eight_hours_usd_per_year", "11"}}},
      {matters, "Home developer (RTX 4090)", {{"purchase_usd", "1,500"}, {"electricity_usd", "239"}, {"electricity_percent", "13.8"}}},
      {matters, "Small startup (4x RTX 4090 server)", {{"electricity_usd", "3,061"}, {"electricity_percent", "33.8"}}},
      {matters, "Data center (8x H100)", {{"electricity_usd", "15,305"}, {"electricity_percent", "5.6"}}},
  });
}

TEST(Guide, TotalsOfSectionNineteen) {
  const auto row = [](std::string table, std::string name, std::string total, std::string alone, std::string cooled) {
    return Printed{std::move(table), std::move(name), {{"total_usd", std::move(total)}, {"electricity_percent", std::move(alone)},
                                                       {"electricity_and_cooling_percent", std::move(cooled)}}};
  };
  expect_printed("tco", {
      row("3 years", "RTX 4070", "1,625", "49", "63"), row("3 years", "RTX 4090", "3,806", "47", "61"),
      row("3 years", "A100", "17,050", "9", "12"),     row("3 years", "H100", "35,587", "8", "10"),
      row("5 years", "RTX 4070", "2,308", "57", "74"), row("5 years", "RTX 4090", "5,343", "55", "72"),
      row("5 years", "A100", "18,416", "14", "19"),    row("5 years", "H100", "37,979", "12", "16"),
  });
}

TEST(Guide, DollarsPerTflop) {
  const auto bought = [](std::string name, std::string purchase, std::string always, std::string with_pue, std::string eight) {
    return Printed{"Bought, ", std::move(name), {{"purchase_usd_per_tflop", std::move(purchase)}, {"always_on_usd_per_tflop", std::move(always)},
                                                 {"always_on_with_pue_usd_per_tflop", std::move(with_pue)}, {"eight_hours_usd_per_tflop", std::move(eight)}}};
  };
  const auto rented = [](std::string name, std::string purchase, std::string cloud) {
    return Printed{"Bought or", std::move(name), {{"purchase_usd_per_tflop", std::move(purchase)}, {"cloud_usd_per_tflop_hour", std::move(cloud)}}};
  };
  expect_printed("per-tflop", {
      bought("RTX 4070", "10.34", "23.94", "28.02", "14.88"),          bought("RTX 4070 Ti Super", "12.16", "27.34", "31.90", "17.22"),
      bought("RTX 4080 Super", "12.77", "26.19", "30.21", "17.24"),    bought("RTX 4090", "9.15", "19.96", "23.21", "12.75"),
      bought("RX 7900 XTX", "11.48", "34.42", "41.30", "19.12"),       rented("A100 (80GB)", "48.08", "0.0064"),
      rented("H100 (80GB)", "32.32", "0.0030"),                        rented("H200 (141GB)", "38.38", "0.0045"),
      rented("L40", "55.25", "0.0083"),
  });
}

TEST(Guide, WorthItAsItsCodeReturns) {
  const auto answer = guide_answer("worth-it");
  ASSERT_TRUE(answer);
  const auto& rows = answer->tables.at(0).rows;
  ASSERT_EQ(rows.size(), 2u);
  const auto number = [&](std::size_t row, std::size_t column, int decimals) {
    return guide_number(std::get<double>(rows[row][column]), decimals);
  };
  EXPECT_EQ(number(0, 2, 0), "0");      // "Training savings: $0/mo"
  EXPECT_EQ(number(0, 3, 0), "2");      // "Extra power: $2/mo"
  EXPECT_EQ(number(0, 4, 0), "never");
  EXPECT_EQ(std::get<std::string>(rows[0][5]), "no");
  EXPECT_EQ(number(1, 4, 0), "1");      // "pays for itself in 1 months"
  EXPECT_EQ(number(1, 4, 2), "1.37");
  EXPECT_EQ(std::get<std::string>(rows[1][5]), "yes");
}

TEST(Guide, ServingLoadOfSectionTen) {
  expect_printed("tokens", {
      {"Section 10", "1 million a month, device kept on", {{"requests_per_s", "0.386"}, {"usd_per_month", "1,440"}}},
      {"Section 10", "10 a second, device kept on", {{"requests_per_month", "25,920,000"}}},
      {"Section 10", "10 a second, a twentieth of a device", {{"usd_per_month", "72"}}},
  });
}

TEST(Guide, EveryAnswerSaysWhatIsWrongWithIt) {
  for (const auto* question : {"break-even", "power", "tco", "per-tflop", "worth-it", "tokens"}) {
    const auto answer = guide_answer(question);
    ASSERT_TRUE(answer) << question;
    EXPECT_FALSE(answer->notes.empty()) << question;
    EXPECT_NE(to_json(*answer).find("\"basis\": \"guide\""), std::string::npos) << question;
  }
  EXPECT_FALSE(guide_answer("weather"));
}

}  // namespace
}  // namespace hardscape::cost
