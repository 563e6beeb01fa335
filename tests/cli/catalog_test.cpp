#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "cli/run.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape::cli {
namespace {

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome call(std::vector<std::string> args, bool terminal = false) {
  Outcome outcome;
  Streams streams;
  streams.out = [&](std::string_view text) { outcome.out += text; };
  streams.err = [&](std::string_view text) { outcome.err += text; };
  streams.in_line = [] { return std::string(); };
  streams.out_is_terminal = terminal;
  streams.width = 80;
  args.insert(args.begin(), "catalog");
  outcome.status = run(std::move(args), streams, [](std::string_view) { return std::nullopt; });
  return outcome;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(Catalog, EveryListFitsEightyColumns) {
  for (const auto* kind : {"devices", "models", "offers", "interconnects", "runtimes", "tariffs", "grids", "facilities", "sources"}) {
    const auto outcome = call({"list", kind, "--color", "never"}, true);
    EXPECT_EQ(outcome.status, 0) << kind << outcome.err;
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << kind << ": " << line;
  }
}

TEST(Catalog, FiltersCombine) {
  const auto outcome = call({"list", "--vendor", "nvidia", "--class", "consumer-gpu", "--memory-min", "24", "--year", "2022-2023", "--price-max", "1700",
                             "--format", "csv"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(has(outcome.out, "rtx-4090,"));
  EXPECT_FALSE(has(outcome.out, "rtx-3090-ti,"));  // $1,999
  EXPECT_FALSE(has(outcome.out, "rtx-3090,"));     // 2020
  EXPECT_FALSE(has(outcome.out, "rx-7900-xtx,"));
  EXPECT_FALSE(has(outcome.out, "rtx-4090-d,"));   // no price known
}

TEST(Catalog, SortsByAnyFigure) {
  const auto outcome = call({"list", "--vendor", "Intel", "--sort", "bandwidth_bytes_per_s", "--descending", "--most", "1"});
  EXPECT_TRUE(has(outcome.out, "gaudi3")) << outcome.out;
  const auto wrong = call({"list", "--sort", "bandwith_bytes_per_s"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_TRUE(has(wrong.err, "did you mean \"bandwidth_bytes_per_s\"?")) << wrong.err;
}

TEST(Catalog, ShowsEachFigureWithItsSource) {
  const auto outcome = call({"show", "NVIDIA GeForce RTX 4090"});
  EXPECT_EQ(outcome.status, 0);
  for (const auto* part : {"1,008 GB/s", "tpudb:geforce-rtx-4090", "agreed", "unverified", "$1,500", "launched at $1,599", "guide:2, 2026-04"})
    EXPECT_TRUE(has(outcome.out, part)) << part << "\n" << outcome.out;
  const auto json = call({"show", "h200-sxm", "--json"});
  for (const auto* part : {"\"schema\": \"hardscape.catalog/1\"", "\"power_w\": 700", "\"superseded\"", "4.50 W", "\"confidence\": \"agreed\""})
    EXPECT_TRUE(has(json.out, part)) << part;
}

TEST(Catalog, ComparesRecordsOfOneKind) {
  const auto outcome = call({"compare", "rtx-4090", "7900 XTX"});
  EXPECT_TRUE(has(outcome.out, "second/first")) << outcome.out;
  EXPECT_TRUE(has(outcome.out, "0.95")) << outcome.out;  // 960 over 1008 GB/s
  EXPECT_EQ(call({"compare", "rtx-4090", "llama-3.1-8b"}).status, 2);
  EXPECT_EQ(call({"compare", "rtx-4090"}).status, 2);
}

TEST(Catalog, AsksAndSuggests) {
  EXPECT_TRUE(has(call({"show", "M3 Max"}).err, "which GPU-core count, 30 or 40?"));
  const auto unknown = call({"show", "rtx-4091"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_TRUE(has(unknown.err, "\"rtx-4090\"")) << unknown.err;
  EXPECT_TRUE(has(call({"list", "devises"}).err, "did you mean \"devices\"?"));
  EXPECT_EQ(call({"list", "--year", "soon"}).status, 2);
  EXPECT_EQ(call({"list", "--vendor", "nobody"}).status, 1);
  EXPECT_FALSE(has(call({"show", "x\x1b[2J"}).err, "\x1b"));
}

TEST(Catalog, AMalformedOverlayIsABadInput) {
  const TemporaryFolder folder;
  folder.write("mine.json", R"({"devices": [{"id": "foo", "name": "Foo", "class": "gpu", "power_w": "many"}]})");
  const auto outcome = call({"list", "--data", folder.path()});
  EXPECT_EQ(outcome.status, 3);
  for (const auto* part : {"mine.json", "foo", "power_w", "number"}) EXPECT_TRUE(has(outcome.err, part)) << outcome.err;
}

TEST(Catalog, SourcesAreListed) {
  const auto outcome = call({"sources"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(has(outcome.out, "tpudb"));
  EXPECT_TRUE(has(call({"show", "tpudb"}).out, "techpowerup.com"));
}

}  // namespace
}  // namespace hardscape::cli
