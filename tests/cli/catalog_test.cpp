#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "support/cli_call.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape::cli {
namespace {

Outcome catalog(std::vector<std::string> args, bool terminal = false) {
  args.insert(args.begin(), "catalog");
  return call(std::move(args), terminal ? 80 : 0);
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(Catalog, EveryListFitsEightyColumns) {
  for (const auto* kind : {"devices", "families", "models", "offers", "interconnects", "runtimes", "tariffs", "grids", "facilities", "sources"}) {
    const auto outcome = catalog({"list", kind}, true);
    EXPECT_EQ(outcome.status, 0) << kind << outcome.err;
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << kind << ": " << line;
  }
}

TEST(Catalog, FiltersCombine) {
  const auto outcome = catalog({"list", "--vendor", "nvidia", "--class", "consumer-gpu", "--memory-min", "24", "--year", "2022-2023", "--price-max", "1700",
                             "--format", "csv"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(has(outcome.out, "rtx-4090,"));
  EXPECT_FALSE(has(outcome.out, "rtx-3090-ti,"));  // $1,999
  EXPECT_FALSE(has(outcome.out, "rtx-3090,"));     // 2020
  EXPECT_FALSE(has(outcome.out, "rx-7900-xtx,"));
  EXPECT_FALSE(has(outcome.out, "rtx-4090-d,"));   // no price known
}

TEST(Catalog, SortsByAnyFigure) {
  const auto outcome = catalog({"list", "--vendor", "Intel", "--sort", "bandwidth_bytes_per_s", "--descending", "--most", "1"});
  EXPECT_TRUE(has(outcome.out, "gaudi3")) << outcome.out;
  const auto wrong = catalog({"list", "--sort", "bandwith_bytes_per_s"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_TRUE(has(wrong.err, "did you mean \"bandwidth_bytes_per_s\"?")) << wrong.err;
}

TEST(Catalog, ShowsEachFigureWithItsSource) {
  const auto outcome = catalog({"show", "NVIDIA GeForce RTX 4090"});
  EXPECT_EQ(outcome.status, 0);
  for (const auto* part : {"1,008 GB/s", "tpudb:geforce-rtx-4090", "agreed", "unverified", "$1,500", "launched at $1,599", "guide:2, 2026-04"})
    EXPECT_TRUE(has(outcome.out, part)) << part << "\n" << outcome.out;
  const auto json = catalog({"show", "h200-sxm", "--json"});
  for (const auto* part : {"\"schema\": \"hardscape.catalog/1\"", "\"power_w\": 700", "\"superseded\"", "4.50 W", "\"confidence\": \"agreed\""})
    EXPECT_TRUE(has(json.out, part)) << part;
}

TEST(Catalog, ComparesRecordsOfOneKind) {
  const auto outcome = catalog({"compare", "rtx-4090", "7900 XTX"});
  EXPECT_TRUE(has(outcome.out, "second/first")) << outcome.out;
  EXPECT_TRUE(has(outcome.out, "0.95")) << outcome.out;  // 960 over 1008 GB/s
  EXPECT_EQ(catalog({"compare", "rtx-4090", "llama-3.1-8b"}).status, 2);
  EXPECT_EQ(catalog({"compare", "rtx-4090"}).status, 2);
}

TEST(Catalog, AsksAndSuggests) {
  EXPECT_TRUE(has(catalog({"show", "M3 Max"}).err, "which GPU-core count, 30 or 40?"));
  const auto unknown = catalog({"show", "rtx-4091"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_TRUE(has(unknown.err, "\"rtx-4090\"")) << unknown.err;
  EXPECT_TRUE(has(catalog({"list", "devises"}).err, "did you mean \"devices\"?"));
  EXPECT_EQ(catalog({"list", "--year", "soon"}).status, 2);
  EXPECT_EQ(catalog({"list", "--vendor", "nobody"}).status, 1);
  EXPECT_FALSE(has(catalog({"show", "x\x1b[2J"}).err, "\x1b"));
}

TEST(Catalog, AMalformedOverlayIsABadInput) {
  const TemporaryFolder folder;
  folder.write("mine.json", R"({"devices": [{"id": "foo", "name": "Foo", "class": "gpu", "power_w": "many"}]})");
  const auto outcome = catalog({"list", "--data", folder.path()});
  EXPECT_EQ(outcome.status, 3);
  for (const auto* part : {"mine.json", "foo", "power_w", "number"}) EXPECT_TRUE(has(outcome.err, part)) << outcome.err;
}

TEST(Catalog, SourcesAreListed) {
  const auto outcome = catalog({"sources"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(has(outcome.out, "tpudb"));
  EXPECT_TRUE(has(catalog({"show", "tpudb"}).out, "techpowerup.com"));
}

}  // namespace
}  // namespace hardscape::cli
