#include <gtest/gtest.h>

#include "engine/energy.hpp"
#include "hardscape/bench.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape {
namespace {

TEST(DefaultThreads, AreTheFastCoresWithinTheQuota) {
  const struct {
    int cores, performance;
    std::optional<double> quota;
    int threads;
  } rows[] = {{8, 0, {}, 8}, {24, 8, {}, 8}, {64, 0, 4.0, 4}, {64, 0, 1.5, 1}, {64, 0, 0.5, 1}, {4, 0, 16.0, 4}, {0, 0, {}, 1}};
  for (const auto& row : rows) {
    Machine machine;
    Processor processor;
    processor.cores = row.cores;
    processor.threads = 2 * row.cores;
    if (row.performance > 0) {
      CoreKind fast;
      fast.name = "performance";
      fast.cores = row.performance;
      processor.kinds.push_back(fast);
    }
    machine.processors = {processor};
    EXPECT_EQ(default_threads(machine, row.quota), row.threads) << row.cores << ' ' << row.performance;
  }
}

TEST(Quantisation, IsReadFromTheEnginesWords) {
  const std::pair<const char*, const char*> rows[] = {{"llama 8B Q4_K - Medium", "Q4_K_M"}, {"qwen3 0.6B Q4_K - Small", "Q4_K_S"}, {"llama 1B Q8_0", "Q8_0"}, {"llama ?B F16", "F16"}};
  for (const auto& [description, quantisation] : rows) EXPECT_EQ(quantisation_in(description), quantisation);
}

// Two packages, of which one counter runs over, and a part of a package, which must not count twice.
TEST(Energy, IsThatOfAllPackages) {
  TemporaryFolder root;
  const auto zone = [&](const std::string& name, const char* energy) {
    root.write("/sys/class/powercap/" + name + "/energy_uj", energy);
    root.write("/sys/class/powercap/" + name + "/max_energy_range_uj", "262143328850");
  };
  auto host = *live_host();
  const auto read = [&] {
    host.files = *FileTree::open(root.path());
    return read_energy(host, std::nullopt);
  };
  EXPECT_FALSE(read().packages);
  EXPECT_EQ(energy_name(read()), "");
  zone("intel-rapl:0", "1000000");
  zone("intel-rapl:1", "262143328850");
  zone("intel-rapl:0:0", "0");
  const auto before = read();
  zone("intel-rapl:0", "3000000");
  zone("intel-rapl:1", "500000");
  zone("intel-rapl:0:0", "900000");
  const auto after = read();
  EXPECT_NEAR(energy_between(before, after, false).value_or(0), 2.5, 1e-9);
  EXPECT_EQ(energy_name(after), "processor package");
}

TEST(Energy, OfCardsIsAddedAndNeverLeftOut) {
  PackageEnergy first, second;
  first.packages = {{1'000'000, 0}};
  second.packages = {{2'000'000, 0}};
  EXPECT_DOUBLE_EQ(*energy_between({first, 100.0}, {second, 130.0}, true), 31);
  EXPECT_DOUBLE_EQ(*energy_between({std::nullopt, 100.0}, {std::nullopt, 130.0}, true), 30);
  EXPECT_FALSE(energy_between({first, 100.0}, {second, std::nullopt}, true));
  EXPECT_FALSE(energy_between({std::nullopt, std::nullopt}, {std::nullopt, std::nullopt}, false));
  EXPECT_EQ(energy_name({first, 1.0}), "processor package and GPU");
  EXPECT_EQ(energy_name({std::nullopt, 1.0}), "GPU");
}

}  // namespace
}  // namespace hardscape
