#include <gtest/gtest.h>

#include "hardscape/catalogue.hpp"
#include "support/catalogue.hpp"

namespace hardscape {
namespace {

constexpr std::int64_t k_mib_size = k_mib;

Accelerator gpu(const char* name, double reported_mib, std::optional<PciAddress> pci = {}) {
  Accelerator a;
  a.id = "gpu0";
  a.name = name;
  a.usable = true;
  a.pci = std::move(pci);
  if (reported_mib > 0)
    a.memory.total = Fact<Bytes>{Bytes{static_cast<std::int64_t>(reported_mib * k_mib_size)}, {Origin::reported, "nvml", "", {}}};
  return a;
}

Accelerator resolved(Accelerator accelerator) {
  Machine machine;
  machine.memory.total = Bytes{64 * k_gib};
  machine.accelerators.push_back(std::move(accelerator));
  return resolve(std::move(machine), catalogue()).accelerators.front();
}

struct Sighting {
  const char* name;
  double mib;
  const char* id;
};

// Name and memory total as nvidia-smi and amdgpu report them.
TEST(Resolve, MemoryTellsVariantsApart) {
  for (const auto& [name, mib, id] :
       {Sighting{"NVIDIA H200", 143771, "h200-sxm"}, {"NVIDIA GeForce RTX 2080 SUPER", 8192, "rtx-2080-super"},
        {"NVIDIA GeForce RTX 4080 SUPER", 16376, "rtx-4080-super"}, {"NVIDIA GeForce RTX 3080", 10240, "rtx-3080"},
        {"NVIDIA GeForce RTX 3080", 12288, "rtx-3080-12gb"}, {"NVIDIA GeForce RTX 4060 Ti", 16380, "rtx-4060-ti-16gb"},
        {"NVIDIA GeForce RTX 4060 Ti", 8188, "rtx-4060-ti-8gb"}, {"NVIDIA GeForce RTX 3060", 12288, "rtx-3060-12gb"},
        {"NVIDIA A100 80GB PCIe", 81920, "a100-pcie-80gb"}, {"NVIDIA A100-SXM4-40GB", 40960, "a100-sxm-40gb"},
        {"Tesla T4", 15360, "t4"}, {"NVIDIA L40S", 46068, "l40s"}, {"NVIDIA H100 80GB HBM3", 81559, "h100-sxm"},
        {"NVIDIA GB200", 189471, "gb200"}, {"NVIDIA RTX PRO 6000 Blackwell Server Edition", 97887, "rtx-pro-6000-blackwell-server"},
        {"NVIDIA GeForce RTX 4090", 0, "rtx-4090"}}) {
    const auto accelerator = resolved(gpu(name, mib));
    ASSERT_TRUE(accelerator.catalogue_id) << name << " " << mib;
    EXPECT_EQ(*accelerator.catalogue_id, id) << name << " " << mib;
    EXPECT_TRUE(accelerator.bandwidth && accelerator.fp32 && accelerator.power_limit) << name;
  }
}

TEST(Resolve, APartitionHasItsShareOfTheCard) {
  for (const std::size_t listed : {8u, 7u}) {
    auto seen = gpu("AMD device 1002:74a1", 0, PciAddress{"0000:05:00.0", 0x1002, 0x74a1, {}, {}, {}});
    seen.vendor = "AMD";
    for (std::size_t i = 0; i < listed; ++i) seen.partitions.push_back({"p", "partition", std::nullopt});
    const auto accelerator = resolved(std::move(seen));
    EXPECT_EQ(accelerator.name, "AMD Instinct MI300X");
    ASSERT_TRUE(accelerator.memory.total);
    EXPECT_EQ(accelerator.memory.total->value, Bytes{24 * k_gib});
    EXPECT_EQ(accelerator.partitions.back().memory, Bytes{24 * k_gib});
  }
  auto sliced = gpu("NVIDIA H100 80GB HBM3", 0);
  sliced.vendor = "NVIDIA";
  sliced.partitions.push_back({"gpu-instance-1", "MIG 3g.40gb", std::nullopt});
  EXPECT_FALSE(resolved(std::move(sliced)).memory.total);
}

// Where the system has no list of names, the number names the device, and what only its driver knows is no riddle.
TEST(Resolve, NamesDevicesByTheirNumber) {
  Machine machine;
  machine.memory.total = Bytes{64 * k_gib};
  machine.accelerators.push_back(gpu("NVIDIA device 10de:2684", 0, PciAddress{"0000:01:00.0", 0x10de, 0x2684, {}, {}, {}}));
  machine.accelerators.push_back(gpu("AMD device 1002:7550", 0, PciAddress{"0000:03:00.0", 0x1002, 0x7550, {}, {}, {}}));
  machine.notes.push_back({Severity::info, "memory-size-unknown", "NVIDIA device 10de:2684: its memory size is only known to the driver.", {}});
  machine = resolve(std::move(machine), catalogue());
  EXPECT_EQ(machine.accelerators[0].name, "NVIDIA GeForce RTX 4090");
  EXPECT_EQ(machine.accelerators[1].name, "AMD Radeon RX 9070 GRE / AMD Radeon RX 9070 / AMD Radeon RX 9070 XT");
  for (const Note& note : machine.notes) EXPECT_NE(note.code, "memory-size-unknown");
}

TEST(Resolve, ABoardsRevisionIsNoPartOfItsName) {
  Machine machine;
  machine.memory.total = Bytes{8 * k_gib};
  machine.board = "Raspberry Pi 5 Model B Rev 1.1";
  machine = resolve(std::move(machine), catalogue());
  ASSERT_TRUE(machine.memory.bandwidth);
  EXPECT_NEAR(machine.memory.bandwidth->value.value / 1e9, 17.1, 0.1);
}

TEST(Resolve, WhatTheMachineReportsWins) {
  auto seen = gpu("NVIDIA GeForce RTX 4090", 24564);
  seen.power_limit = Fact<Watts>{Watts{320}, {Origin::reported, "nvml", "", {}}};
  const auto accelerator = resolved(std::move(seen));
  EXPECT_EQ(accelerator.power_limit->value, Watts{320});
  EXPECT_EQ(accelerator.memory.total->value, Bytes{24564 * k_mib_size});
  EXPECT_EQ(accelerator.memory.total->source.origin, Origin::reported);
  EXPECT_NEAR(in_gb_per_s(accelerator.bandwidth->value), 1008, 1e-6);
  EXPECT_EQ(accelerator.bandwidth->source.origin, Origin::catalogued);
  EXPECT_EQ(accelerator.compute_capability, "8.9");
}

TEST(Resolve, OneOfTwoDiesHasHalfOfTheCard) {
  PciAddress pci;
  pci.vendor_id = 0x1002;
  pci.device_id = 0x740c;
  auto seen = gpu("AMD Instinct MI250X", 65520, pci);
  const auto accelerator = resolved(std::move(seen));
  EXPECT_EQ(accelerator.catalogue_id, "mi250x");
  EXPECT_NEAR(in_gb_per_s(accelerator.bandwidth->value), 3277 / 2.0, 1);
  EXPECT_NEAR(in_tflops(accelerator.fp16->value), 383 / 2.0, 0.1);
}

TEST(Resolve, AmbiguousOnesGetOnlyWhatIsCertain) {
  Machine machine;
  machine.memory.total = Bytes{128 * k_gib};
  machine.memory.unified = true;
  Accelerator seen;
  seen.id = "gpu0";
  seen.name = "Apple M1 Max";
  seen.integrated = true;
  seen.memory.kind = MemoryKind::unified;
  machine.accelerators = {seen};
  machine = resolve(std::move(machine), catalogue());
  const auto& accelerator = machine.accelerators.front();
  EXPECT_FALSE(accelerator.catalogue_id);
  ASSERT_TRUE(accelerator.bandwidth);  // 24 and 32 cores share it
  EXPECT_FALSE(accelerator.fp16);
  ASSERT_EQ(machine.notes.size(), 1u);
  EXPECT_EQ(machine.notes.front().code, "ambiguous-device");
  EXPECT_TRUE(machine.memory.bandwidth);

  machine.notes.clear();
  machine.accelerators.front().compute_units = 32;
  machine = resolve(std::move(machine), catalogue());
  EXPECT_EQ(machine.accelerators.front().catalogue_id, "apple-m1-max-32");
  EXPECT_TRUE(machine.notes.empty());
}

TEST(Resolve, NeverGivesTheGpuTheRateOfTheNpu) {
  Accelerator seen;
  seen.id = "gpu0";
  seen.name = "AMD Radeon 8060S Graphics";
  seen.integrated = true;
  seen.memory.kind = MemoryKind::unified;
  EXPECT_FALSE(resolved(seen).int8);
  seen.kind = AcceleratorKind::npu;
  seen.name = "NPU";
  seen.pci = PciAddress{};
  seen.pci->vendor_id = 0x1022;
  seen.pci->device_id = 0x17f0;
  const auto npu = resolved(seen);
  EXPECT_EQ(npu.catalogue_id, "amd-xdna2");
  EXPECT_NEAR(in_tops(npu.int8->value), 50, 1e-9);
}

TEST(Resolve, UnknownDevicesStayAsTheyAre) {
  const auto accelerator = resolved(gpu("Radeon HD 7870", 2048));
  EXPECT_FALSE(accelerator.catalogue_id);
  EXPECT_FALSE(accelerator.bandwidth);
}

TEST(Resolve, ServersGetThePeakOfTheirChannelsButVirtualMachinesDoNot) {
  Machine machine;
  machine.memory.total = Bytes{512 * k_gib};
  Processor processor;
  processor.name = "AMD EPYC 9654 96-Core Processor";
  processor.sockets = 2;
  machine.processors = {processor};
  const auto bare = resolve(machine, catalogue());
  ASSERT_TRUE(bare.memory.bandwidth);
  EXPECT_NEAR(in_gb_per_s(bare.memory.bandwidth->value), 2 * 460.8, 0.1);
  EXPECT_EQ(bare.memory.bandwidth->source.origin, Origin::estimated);
  machine.os.virtualization = "kvm";
  EXPECT_FALSE(resolve(machine, catalogue()).memory.bandwidth);
}

Machine named(const char* name) {
  auto machine = machine_from_name(name, catalogue());
  EXPECT_TRUE(machine) << name << ": " << machine.error().message;
  return machine.value_or(Machine{});
}

TEST(MachineFromName, GraphicsCards) {
  const auto two = named("2x rtx-3090");
  ASSERT_EQ(two.accelerators.size(), 2u);
  EXPECT_EQ(two.accelerators[1].id, "gpu1");
  EXPECT_EQ(two.accelerators[0].catalogue_id, "rtx-3090");
  EXPECT_EQ(two.accelerators[0].memory.total->value, Bytes{24 * k_gib});
  EXPECT_TRUE(two.processors.empty());
  ASSERT_EQ(two.notes.size(), 1u);
  EXPECT_EQ(two.notes.front().code, "assumed-host");
  EXPECT_EQ(two.memory.total, Bytes{48 * k_gib});
  EXPECT_FALSE(two.memory.bandwidth);

  const auto server = named("4x h100-sxm + 2x epyc-9654:1024GB");
  EXPECT_EQ(server.accelerators.size(), 4u);
  ASSERT_EQ(server.processors.size(), 1u);
  EXPECT_EQ(server.processors.front().sockets, 2);
  EXPECT_EQ(server.memory.total, Bytes{1024 * k_gib});
  EXPECT_NEAR(in_gb_per_s(server.memory.bandwidth->value), 2 * 460.8, 0.1);
  EXPECT_TRUE(server.notes.empty());

  const auto dual = named("mi250x");
  ASSERT_EQ(dual.accelerators.size(), 2u);
  EXPECT_EQ(dual.accelerators[0].memory.total->value, Bytes{64 * k_gib});
}

TEST(MachineFromName, UnifiedMemoryHasTheSystemsLimit) {
  const auto mac = named("apple-m4-max-40:64GB");
  EXPECT_TRUE(mac.memory.unified);
  EXPECT_EQ(mac.memory.total, Bytes{64 * k_gib});
  ASSERT_FALSE(mac.accelerators.empty());
  EXPECT_EQ(mac.accelerators[0].memory.kind, MemoryKind::unified);
  EXPECT_NEAR(in_gib(mac.accelerators[0].memory.total->value), 48, 0.01);  // three quarters above 36 GB
  EXPECT_NEAR(in_gb_per_s(mac.accelerators[0].bandwidth->value), 546, 1e-6);
  const auto small = named("Apple M3 (10-core GPU)@16GB");
  EXPECT_NEAR(in_gib(small.accelerators[0].memory.total->value), 16 * 2.0 / 3, 0.01);
  const auto halo = named("Ryzen AI Max+ 395");
  EXPECT_NEAR(in_gib(halo.accelerators[0].memory.total->value), 64, 0.01);
  EXPECT_EQ(named("ryzen-ai-max-plus-395:64GB").memory.total, Bytes{64 * k_gib});
  EXPECT_EQ(named("Ryzen AI Max+ 395 32GB").memory.total, Bytes{32 * k_gib});
  EXPECT_EQ(named("M4 Max 64GB").memory.total, Bytes{64 * k_gib});
  EXPECT_EQ(named("DGX Spark").accelerators[0].catalogue_id, "dgx-spark-gb10");
  const auto pi = named("raspberry-pi-5:8GB");
  EXPECT_TRUE(pi.accelerators.empty());
  EXPECT_EQ(pi.memory.total, Bytes{8 * k_gib});
  EXPECT_EQ(named("apple-m4-max-40").memory.total, Bytes{128 * k_gib});
}

struct Refusal {
  const char* name;
  const char* says;
};

TEST(MachineFromName, RefusesWithWhatWouldDo) {
  for (const auto& [name, says] :
       {Refusal{"M3 Max", "which GPU-core count, 30 or 40?"}, Refusal{"rtx-4091", "rtx-4090"}, Refusal{"apple-m4-max-40:96GB", "48, 64 or 128 GB"},
        Refusal{"rtx-4090:48GB", "24 GB"}, {"RTX 4090 48GB", "rtx-4090 comes with 24 GB of memory, not 48"},
        {"M4 Pro 36GB", "come with 24, 48 or 64 GB"}, {"ryzen-ai-max-plus-395:256GB", "128 GB"}, {"Battlemage", "family of devices, such as arc-b570"}, Refusal{"0x rtx-4090", "count"}, Refusal{"99999x rtx-4090", "count"}, Refusal{"2x", "device is expected"},
        Refusal{"", "device is expected"}, Refusal{"rtx-4090 + ", "device is expected"}, Refusal{"rtx-4090:lots", "memory size"},
        Refusal{"2x apple-m4-max-40", "cluster"}, Refusal{"mi308x", "memory size is not known"}}) {
    const auto machine = machine_from_name(name, catalogue());
    ASSERT_FALSE(machine) << name;
    EXPECT_NE(machine.error().message.find(says), std::string::npos) << name << ": " << machine.error().message;
  }
}

// Every device that can stand in a machine makes one whose figures are the catalogue's own.
TEST(MachineFromName, TakesEveryDevice) {
  int made = 0;
  for (const auto& device : catalogue().devices()) {
    if (device.memory_options.empty() && device.device_class != "cpu" && device.device_class != "npu") continue;
    const auto machine = machine_from_name(device.id, catalogue());
    ASSERT_TRUE(machine) << device.id << ": " << machine.error().message;
    ++made;
    for (const auto& accelerator : machine->accelerators) {
      EXPECT_EQ(accelerator.catalogue_id, device.id);
      if (accelerator.bandwidth && !device.software_devices) {
        EXPECT_EQ(accelerator.bandwidth->value, device.bandwidth->value) << device.id;
      }
    }
  }
  EXPECT_GT(made, 330);
}

}  // namespace
}  // namespace hardscape
