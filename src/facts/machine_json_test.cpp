#include "hardscape/machine.hpp"

#include <gtest/gtest.h>

namespace hardscape {
namespace {

Machine sample() {
  const Source sysfs{Origin::reported, "/sys/x", "", Confidence::unstated};
  const Source sheet{Origin::catalogued, "nv-4090", "2022-10", Confidence::agreed};
  Machine m;
  m.os = {"Debian GNU/Linux", "12", "6.1.0", std::nullopt, "docker"};
  Processor p;
  p.name = "AMD Ryzen 9 7950X";
  p.vendor = "AMD";
  p.architecture = "x86_64";
  p.sockets = 1;
  p.cores = 16;
  p.threads = 32;
  p.numa_nodes = 1;
  p.features = {"avx2", "avx512f"};
  p.caches = {{1, "data", Bytes{32768}, 16}, {3, "unified", std::nullopt, 2}};
  p.kinds = {{"performance", 8, 16}};
  p.max_frequency = Fact<Hertz>{Hertz{5.7e9}, sysfs};
  m.processors = {p};
  m.memory.total = Bytes{64 * k_gib};
  m.memory.available = Bytes{60 * k_gib};
  m.memory.bandwidth = Fact<BytesPerSecond>{BytesPerSecond{83.2e9}, {Origin::estimated, "2 x 8 B x 5200 MT/s", "", Confidence::unstated}};
  m.memory.channels = 2;
  Accelerator a;
  a.id = "gpu0";
  a.vendor = "NVIDIA";
  a.name = "NVIDIA GeForce RTX 4090";
  a.catalogue_id = "rtx-4090";
  a.memory.total = Fact<Bytes>{Bytes{24 * k_gib}, sysfs};
  a.memory.free = Bytes{23 * k_gib};
  a.bandwidth = Fact<BytesPerSecond>{BytesPerSecond{1008e9}, sheet};
  a.compute_capability = "8.9";
  a.pci = PciAddress{"10000:01:00.0", 0x10de, 0x2684, 0xa1, 0x1043, std::nullopt};
  a.usable = true;
  a.partitions = {{"gpu0/1", "1g.5gb", Bytes{5 * k_gib}}};
  m.accelerators = {a};
  m.notes = {{Severity::warning, "one-channel", "Only one memory channel is filled.", "Add a second module."}};
  return m;
}

TEST(MachineJson, ReadsBackWhatItWrote) {
  const Machine machine = sample();
  const auto back = machine_from_json(to_json(machine), "saved.json");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, machine);
}

TEST(MachineJson, UnknownIsNullNeverZero) {
  const std::string text = to_json(Machine{});
  EXPECT_NE(text.find("\"total_bytes\": null"), std::string::npos) << text;
  EXPECT_EQ(text.find("\"total_bytes\": 0"), std::string::npos);
}

TEST(MachineJson, ComplaintsNameFileKeyAndWhatWasExpected) {
  const struct {
    const char* text;
    const char* complaint;
  } cases[] = {
      {"[]", "m.json: /schema: expected \"hardscape.machine/1\""},
      {R"({"schema": "hardscape.machine/1", "accelerators": [{"id": 3}]})", "m.json: /accelerators/0/id: expected a text, found 3"},
      {R"({"schema": "hardscape.machine/1", "memory": {"total_bytes": -1}})", "m.json: /memory/total_bytes: expected a number of bytes"},
      {R"({"schema": "hardscape.machine/1", "processors": [{"cores": 2000000}]})", "m.json: /processors/0/cores: expected a count"},
      {R"({"schema": "hardscape.machine/1", "accelerators": [{"id": "g", "name": "x", "kind": "fpga"}]})", "/accelerators/0/kind: expected gpu, npu or tpu"},
  };
  for (const auto& c : cases) {
    const auto result = machine_from_json(c.text, "m.json");
    ASSERT_FALSE(result) << c.text;
    EXPECT_EQ(result.error().code, ErrorCode::malformed);
    EXPECT_NE(result.error().message.find(c.complaint), std::string::npos) << result.error().message;
  }
}

TEST(MachineJson, ForeignBytesInNamesDoNotBreakTheDocument) {
  Machine machine;
  machine.board = "bad \xff name";
  EXPECT_TRUE(machine_from_json(to_json(machine), "x"));
}

}  // namespace
}  // namespace hardscape
