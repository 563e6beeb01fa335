// Every recorded machine of this folder gives the counts of its expect.json.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <cstdlib>

#include "hardscape/detect.hpp"
#include "support/packed_machine.hpp"
#include "support/parsed.hpp"

namespace hardscape {
namespace {

// "8x32K+6x48K": the instances of each size, smaller sizes first; "size-absent" where the kernel does not say.
std::string caches_of(const Processor& processor, int level) {
  std::map<std::int64_t, int> instances;
  for (const Cache& cache : processor.caches) {
    if (cache.level == level && cache.type != "instruction") instances[cache.size ? cache.size->value : 0] += cache.instances;
  }
  std::string text;
  for (const auto& [size, count] : instances)
    text += fmt::format("{}{}x{}", text.empty() ? "" : "+", count, size > 0 ? fmt::format("{}K", size / 1024) : "size-absent");
  return text;
}

nlohmann::json summary(const Machine& machine) {
  nlohmann::json out;
  const Processor processor = machine.processors.empty() ? Processor{} : machine.processors.front();
  out["threads"] = processor.threads;
  out["cores"] = processor.cores;
  out["sockets"] = processor.sockets;
  out["numa_nodes"] = processor.numa_nodes;
  out["L1d"] = caches_of(processor, 1);
  out["L2"] = caches_of(processor, 2);
  out["L3"] = caches_of(processor, 3);
  out["memory_kib"] = machine.memory.total.value / 1024;
  out["name"] = processor.name;
  out["vendor"] = processor.vendor;
  out["architecture"] = processor.architecture;
  out["features"] = processor.features;
  out["kinds"] = nlohmann::json::array();
  for (const CoreKind& kind : processor.kinds) out["kinds"].push_back({{"name", kind.name}, {"cores", kind.cores}, {"threads", kind.threads}});
  out["board"] = machine.board.value_or("");
  out["virtualization"] = machine.os.virtualization.value_or("");
  out["memory_type"] = machine.memory.type ? machine.memory.type->value : "";
  out["memory_mts"] = machine.memory.rate ? machine.memory.rate->value.value / 1e6 : 0;
  out["memory_channels"] = machine.memory.channels.value_or(0);
  out["memory_gb_per_s"] = machine.memory.bandwidth ? machine.memory.bandwidth->value.value / 1e9 : 0;
  out["notes"] = nlohmann::json::array();
  for (const Note& note : machine.notes) out["notes"].push_back(note.code);
  out["accelerators"] = nlohmann::json::array();
  for (const Accelerator& device : machine.accelerators)
    out["accelerators"].push_back(fmt::format("{} {}", device.id, device.pci ? device.pci->address : device.name));
  return out;
}

class RecordedMachine : public testing::TestWithParam<std::string> {};

TEST_P(RecordedMachine, GivesTheCountsOfItsOrigin) {
  const std::string folder = std::string(HARDSCAPE_SOURCE_DIR) + "/tests/machines/" + GetParam();
  const PackedMachine packed(folder + "/tree.txt");
  const auto host = recorded_host(packed.root());
  ASSERT_TRUE(host) << host.error().message;
  const nlohmann::json found = summary(detect(*host));
  const auto expected = parsed(read_whole(folder + "/expect.json"));
  for (const auto& [key, value] : expected["expect"].items()) EXPECT_EQ(found[key], value) << key;
  // What the origin's own count says otherwise must be explained.
  for (const auto& [key, value] : expected["origin_says"].items()) {
    if (!expected["expect"].contains(key) || expected["expect"][key] == value) continue;
    EXPECT_TRUE(expected["differences"].contains(key)) << key << " differs from the origin's count and nobody says why";
  }
  EXPECT_TRUE(std::filesystem::exists(folder + "/ORIGIN.md"));
}

// Recording a recording loses nothing.
TEST_P(RecordedMachine, SurvivesRecordingAgain) {
  const PackedMachine packed(std::string(HARDSCAPE_SOURCE_DIR) + "/tests/machines/" + GetParam() + "/tree.txt");
  const TemporaryFolder work(folder_for_small_files());
  const auto host = recorded_host(packed.root());
  ASSERT_TRUE(host);
  const auto recorded = gather(*host, work / "again");
  ASSERT_TRUE(recorded) << recorded.error().message;
  const auto again = recorded_host(work / "again");
  ASSERT_TRUE(again);
  EXPECT_EQ(to_json(detect(*again)), to_json(*recorded));
}

INSTANTIATE_TEST_SUITE_P(Machines, RecordedMachine, testing::ValuesIn(packed_machines()), [](const auto& name) {
  std::string word = name.param;
  std::replace_if(word.begin(), word.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return word;
});

// Machines whose licence keeps them out of this repository. The variable names a folder with their archives and a
// MANIFEST.tsv; a column's leading number is the count.
TEST(ExtraMachines, GiveTheCountsOfTheirManifest) {
  const char* folder = std::getenv("HARDSCAPE_EXTRA_MACHINES");
  if (folder == nullptr) GTEST_SKIP() << "HARDSCAPE_EXTRA_MACHINES names no folder";
  const std::string manifest = read_whole(std::string(folder) + "/MANIFEST.tsv");
  int walked = 0;
  for (const std::string_view line : split_lines(manifest)) {
    const auto cells = split(line, '\t');
    if (cells.size() < 11 || !cells[0].starts_with("lscpu-")) continue;
    const TemporaryFolder work(folder_for_small_files());
    const std::string archive = std::string(folder) + '/' + std::string(cells[0]);
    ASSERT_EQ(std::system(fmt::format("tar -xf '{}' -C '{}' --strip-components=1", archive, work.path()).c_str()), 0) << archive;
    const auto host = recorded_host(work.path());
    ASSERT_TRUE(host);
    const nlohmann::json found = summary(detect(*host));
    const std::pair<const char*, std::size_t> columns[] = {{"threads", 7}, {"cores", 8}, {"sockets", 9}, {"numa_nodes", 10}};
    for (const auto& [key, column] : columns) {
      const std::string_view cell = cells[column];
      const auto count = parse_integer(cell.substr(0, cell.find_first_not_of("0123456789")));
      if (count) {
        EXPECT_EQ(found[key], *count) << cells[0] << ' ' << key;
      }
    }
    ++walked;
  }
  EXPECT_GT(walked, 0) << "no lscpu-* machine in " << folder;
}

}  // namespace
}  // namespace hardscape
