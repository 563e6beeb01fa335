// NPUs, boards, names, access, visibility, Intel's answers, Windows and macOS lists. Trees here are synthetic.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "detect/routes/accelerators/apple_gpu.hpp"
#include "detect/routes/accelerators/device_access.hpp"
#include "detect/routes/accelerators/intel_memory_regions.hpp"
#include "detect/routes/accelerators/kfd.hpp"
#include "detect/routes/accelerators/known_devices.hpp"
#include "detect/routes/accelerators/pci_function.hpp"
#include "detect/routes/accelerators/pci_names.hpp"
#include "detect/routes/accelerators/visible_devices.hpp"
#include "detect/routes/accelerators/windows_adapters.hpp"
#include "hardscape/detect.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SyntheticMachine : public testing::Test {
 protected:
  void add_pci(const std::string& address, const std::string& class_code, const std::string& vendor, const std::string& device,
               const std::string& revision = "0x00", const std::string& driver = {}) {
    const std::string folder = "/sys/bus/pci/devices/" + address;
    root_.write(folder + "/class", class_code + "\n");
    root_.write(folder + "/vendor", vendor + "\n");
    root_.write(folder + "/device", device + "\n");
    root_.write(folder + "/revision", revision + "\n");
    if (!driver.empty()) root_.write(folder + "/uevent", "DRIVER=" + driver + "\n");
  }
  std::vector<Accelerator> found() const {
    const auto host = recorded_host(root_.path());
    EXPECT_TRUE(host);
    return detect(*host).accelerators;
  }
  TemporaryFolder root_;
};

// Reported bug 25: only display and accelerator classes are walked, and AMD's NPU (1180) and Coral (0880) are missed.
TEST_F(SyntheticMachine, Bug25NpusOfOddClassesAreFound) {
  add_pci("0000:c6:00.1", "0x118000", "0x1022", "0x17f0", "0x11", "amdxdna");
  add_pci("0000:00:0b.0", "0x120000", "0x8086", "0x7d1d", "0x04", "intel_vpu");
  add_pci("0000:05:00.0", "0x088000", "0x1ac1", "0x089a", "0x00", "apex");
  add_pci("0000:06:00.0", "0x0b4000", "0x1e60", "0x2864");
  root_.write("/sys/bus/usb/devices/1-2/idVendor", "18d1\n");
  root_.write("/sys/bus/usb/devices/1-2/idProduct", "9302\n");
  const auto devices = found();
  std::vector<std::string> names;
  names.reserve(devices.size());
  for (const Accelerator& device : devices) names.push_back(device.id + " " + device.name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("npu0 Hailo-8 or Hailo-8L", "npu1 Intel NPU (Meteor Lake)", "npu2 AMD XDNA 2 NPU (Strix Halo)",
                                                   "tpu0 Google Coral Edge TPU (PCIe)", "tpu1 Google Coral Edge TPU (USB)"));
  for (const Accelerator& device : devices) {
    EXPECT_EQ(device.usable, !device.why_not);
    if (device.vendor == "Hailo") {
      EXPECT_THAT(*device.why_not, HasSubstr("hailo_pci"));
    }
  }
}

TEST_F(SyntheticMachine, Bug1IntegratedGraphicsComeAfterTheCard) {
  add_pci("0000:00:02.0", "0x030000", "0x8086", "0xa780", "0x04", "i915");
  add_pci("0000:01:00.0", "0x030000", "0x10de", "0x2684", "0xa1", "nvidia");
  add_pci("0000:01:00.1", "0x040300", "0x10de", "0x22ba", "0xa1");
  const auto devices = found();
  ASSERT_EQ(devices.size(), 2u);
  EXPECT_EQ(devices[0].vendor, "NVIDIA");
  EXPECT_FALSE(devices[0].integrated);
  EXPECT_TRUE(devices[1].integrated);
  EXPECT_EQ(devices[1].memory.kind, MemoryKind::shared);
}

TEST_F(SyntheticMachine, DisplaysWithoutComputeAreNoAccelerators) {
  add_pci("0000:05:00.0", "0x030000", "0x1a03", "0x2000", "0x30", "ast");
  add_pci("0000:00:01.0", "0x030000", "0x1af4", "0x1050");
  add_pci("0000:00:03.0", "0x030000", "0x15ad", "0x0405");
  add_pci("0000:09:00.1", "0x038000", "0x1002", "0x5c63");
  EXPECT_TRUE(found().empty());
}

TEST_F(SyntheticMachine, DriversThatCannotComputeAreSaid) {
  add_pci("0000:01:00.0", "0x030000", "0x10de", "0x2684", "0xa1", "nouveau");
  add_pci("10000:02:00.0", "0x030000", "0x10de", "0x2684", "0xa1", "vfio-pci");
  const auto devices = found();
  ASSERT_EQ(devices.size(), 2u);
  EXPECT_THAT(*devices[0].why_not, HasSubstr("nouveau"));
  EXPECT_THAT(*devices[1].why_not, HasSubstr("virtual machine"));
  EXPECT_EQ(devices[1].pci->address, "10000:02:00.0");
}

TEST_F(SyntheticMachine, JetsonOrinHasTheMachinesMemory) {
  using namespace std::string_literals;
  root_.write("/proc/device-tree/model", "NVIDIA Jetson AGX Orin Developer Kit\0"s);
  root_.write("/proc/device-tree/compatible", "nvidia,p3737-0000+p3701-0000\0nvidia,tegra234\0"s);
  root_.write("/proc/meminfo", "MemTotal: 31243712 kB\nMemAvailable: 20000000 kB\n");
  const auto devices = found();
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_TRUE(devices[0].usable);
  EXPECT_EQ(devices[0].driver, "nvgpu");
  EXPECT_EQ(devices[0].compute_capability, "8.7");
  EXPECT_EQ(devices[0].memory.kind, MemoryKind::unified);
  EXPECT_EQ(devices[0].memory.total->value, Bytes{31243712LL * 1024});
  EXPECT_EQ(devices[0].memory.free, Bytes{20000000LL * 1024});
}

TEST_F(SyntheticMachine, AMacWithAsahiLinuxHasTheMachinesMemory) {
  using namespace std::string_literals;
  root_.write("/proc/device-tree/compatible", "apple,j314s\0apple,t6000\0apple,arm-platform\0"s);
  root_.write("/proc/meminfo", "MemTotal: 32000000 kB\n");
  root_.write("/sys/class/drm/renderD128/device/of_node/compatible", "apple,agx-t6000\0apple,agx-g13x\0"s);
  const auto devices = found();
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_EQ(devices[0].name, "Apple M1 Pro (Asahi)");
  EXPECT_EQ(devices[0].memory.kind, MemoryKind::unified);
  EXPECT_EQ(devices[0].memory.total->value, Bytes{32000000LL * 1024});
}

TEST_F(SyntheticMachine, BoardsShowTheirGpuAndNpu) {
  using namespace std::string_literals;
  root_.write("/proc/device-tree/compatible", "xunlong,orangepi-5\0rockchip,rk3588s\0"s);
  root_.write("/proc/device-tree/npu@fdab0000/status", "okay\0"s);
  root_.write("/sys/class/devfreq/fdab0000.npu/cur_freq", "1000000000\n");
  root_.write("/sys/class/drm/renderD128/device/uevent", "DRIVER=panthor\nOF_COMPATIBLE_0=rockchip,rk3588-mali\nOF_COMPATIBLE_N=1\n");
  const auto devices = found();
  ASSERT_EQ(devices.size(), 2u);
  EXPECT_EQ(devices[0].name, "Arm Mali-G610");
  EXPECT_EQ(devices[1].name, "Rockchip RK3588s NPU");
  EXPECT_EQ(devices[1].driver, "rknpu");
}

TEST_F(SyntheticMachine, RaspberryPiGraphicsAreNotForModels) {
  using namespace std::string_literals;
  root_.write("/proc/device-tree/compatible", "raspberrypi,5-model-b\0brcm,bcm2712\0"s);
  root_.write("/sys/class/drm/renderD128/device/uevent", "DRIVER=v3d\nOF_COMPATIBLE_0=brcm,2712-v3d\n");
  const auto devices = found();
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_FALSE(devices[0].usable);
}

TEST_F(SyntheticMachine, HostileFilesAreSurvived) {
  add_pci("0000:01:00.0", "0x99999999999999999999", "0x10de", "-1");
  add_pci("0000:02:00.0", "0x030000", "0x1002", "0x744c", "0xffff", "amdgpu");
  root_.write("/sys/bus/pci/devices/0000:02:00.0/mem_info_vram_total", "-17163091968\n");
  root_.write("/sys/class/kfd/kfd/topology/nodes/1/properties", "simd_count 99999999999999999999\nsimd_per_cu 0\nlocation_id 4294967295\nsimd_count 2147483647\n");
  for (const Accelerator& device : found()) EXPECT_FALSE(device.memory.total);
}

// Reported bug 21: six cards reported as one, or their memory as one card's.
TEST_F(SyntheticMachine, Bug21SixCardsAreSix) {
  root_.write("/proc/meminfo", "MemTotal: 131072000 kB\nMemAvailable: 120000000 kB\n");
  for (int card = 1; card <= 6; ++card) {
    const std::string address = "0000:0" + std::to_string(card) + ":00.0";
    add_pci(address, "0x030000", "0x1002", "0x67df", "0xe7", "amdgpu");
    root_.write("/sys/bus/pci/devices/" + address + "/mem_info_vram_total", "8589934592\n");
  }
  const auto devices = found();
  ASSERT_EQ(devices.size(), 6u);
  for (std::size_t i = 0; i < devices.size(); ++i) {
    EXPECT_EQ(devices[i].id, "gpu" + std::to_string(i));
    ASSERT_TRUE(devices[i].memory.total);
    EXPECT_EQ(devices[i].memory.total->value, Bytes{8 * k_gib});
  }
}

// Reported bug 12: a device that is there but not ours to open is listed with what would help.
TEST(Access, Bug12NamesTheGroup) {
  EXPECT_EQ(access_refusal({{"/dev/kfd", true, true}}, false), std::nullopt);
  EXPECT_THAT(*access_refusal({{"/dev/dri/renderD128", true, false}}, false), HasSubstr("-aG render"));
  EXPECT_THAT(*access_refusal({{"/dev/kfd", false, false}}, true), HasSubstr("container"));
}

TEST(Visible, IsReadAsTheRuntimesReadIt) {
  const std::vector<std::string> ids = {"GPU-aaaa", "GPU-bbbb", "GPU-cccc"};
  EXPECT_THAT(*visible_devices("", ids), ElementsAre(false, false, false));
  EXPECT_THAT(*visible_devices("-1", ids), ElementsAre(false, false, false));
  EXPECT_THAT(*visible_devices("2,0", ids), ElementsAre(true, false, true));
  EXPECT_THAT(*visible_devices("0,9,1", ids), ElementsAre(true, false, false));  // the first wrong one ends the list
  EXPECT_THAT(*visible_devices("GPU-bb", ids), ElementsAre(false, true, false));
  EXPECT_THAT(*visible_devices("all", ids), ElementsAre(true, true, true));
  EXPECT_EQ(visible_devices("MIG-0", ids), std::nullopt);
}

TEST(PciTexts, Names) {
  const std::string ids = "# comment\n10de  NVIDIA Corporation\n\t2684  AD102 [GeForce RTX 4090]\n\t\t10de 165b  X\n1102  Creative\n\t2684  Wrong\n";
  EXPECT_EQ(name_in_pci_ids("\n" + ids, 0x10de, 0x2684), "GeForce RTX 4090");
  EXPECT_EQ(name_in_pci_ids("\n" + ids, 0x10de, 0x9999), "");
}

// Reported bug 19: one id, several products.
TEST(PciTexts, Bug19OneNumberOfSeveralProductsNamesThemAll) {
  const std::string amd = "1.0.0\n7480,\tC1,\tAMD Radeon RX 7700S\n7480,\tC3,\tAMD Radeon RX 7600S\n";
  PciAddress pci;
  pci.device_id = 0x7480;
  EXPECT_THAT(names_in_amdgpu_ids(amd, pci), ElementsAre("AMD Radeon RX 7700S", "AMD Radeon RX 7600S"));
  pci.revision = 0xc3;
  EXPECT_THAT(names_in_amdgpu_ids(amd, pci), ElementsAre("AMD Radeon RX 7600S"));
}

TEST(PciTexts, WindowsAndAddresses) {
  EXPECT_EQ(largest_memory_window("0x00000000f6000000 0x00000000f6ffffff 0x0000000000040200\n"
                                  "0x00000000e0000000 0x00000000efffffff 0x000000000014220c\n"),
            Bytes{268435456});
  EXPECT_EQ(largest_memory_window("0xffffffffffffffff 0x0 0x14220c\ngarbage\n"), std::nullopt);
  EXPECT_TRUE(is_pci_address("10000:e0:06.3"));
  EXPECT_FALSE(is_pci_address("0000:01:00"));
  EXPECT_FALSE(is_pci_address("0000:01:00.9"));
}

// Synthetic: an MI300X in DPX mode, with and without the sizes of its banks. One device of HIP has half of the card.
TEST_F(SyntheticMachine, APartitionedCardShowsTheMemoryOfAPartition) {
  add_pci("0000:05:00.0", "0x120000", "0x1002", "0x74a1", "0x00", "amdgpu");
  root_.write("/sys/bus/pci/devices/0000:05:00.0/mem_info_vram_total", "205822885888\n");
  for (const char* node : {"2", "3"})
    root_.write(std::string("/sys/class/kfd/kfd/topology/nodes/") + node + "/properties",
                "simd_count 608\nsimd_per_cu 4\ngfx_target_version 90402\nvendor_id 4098\ndevice_id 29857\nlocation_id 1280\n"
                "domain 0\ndrm_render_minor 128\nunique_id 77\n");
  for (const bool with_banks : {false, true}) {
    if (with_banks) {
      for (const char* node : {"2", "3"})
        root_.write(std::string("/sys/class/kfd/kfd/topology/nodes/") + node + "/mem_banks/0/properties",
                    "heap_type 1\nsize_in_bytes 102911442944\nwidth 8192\nmem_clk_max 1300\n");
    }
    const auto devices = found();
    ASSERT_EQ(devices.size(), 1u);
    ASSERT_EQ(devices[0].partitions.size(), 2u);
    EXPECT_EQ(devices[0].compute_units, 304);
    ASSERT_TRUE(devices[0].memory.total);
    EXPECT_EQ(devices[0].memory.total->value.value, 102911442944);
    EXPECT_EQ(devices[0].partitions[1].memory, Bytes{102911442944});
  }
}

// Reported bug 15: minor and stepping are hexadecimal.
TEST(Kfd, Bug15TargetsAreDecoded) {
  EXPECT_EQ(gfx_target(90402), "gfx942");
  EXPECT_EQ(gfx_target(90010), "gfx90a");
  EXPECT_EQ(gfx_target(110501), "gfx1151");
  EXPECT_EQ(gfx_target(100303), "gfx1033");
  EXPECT_EQ(gfx_target(0), "");
  EXPECT_EQ(gfx_target(-5), "");
}

// AMD's data sheets: MI300X 5.3 TB/s on 8192 bits at 1300 MHz; RX 7900 XTX 960 GB/s on 384 bits at 1249 MHz.
TEST(Kfd, TransfersForEachClockGiveTheSheetsBandwidth) {
  EXPECT_NEAR(8192 / 8.0 * 1300e6 * amd_memory_clocking("gfx942")->transfers / 1e12, 5.3, 0.05);
  EXPECT_NEAR(384 / 8.0 * 1249e6 * amd_memory_clocking("gfx1100")->transfers / 1e9, 960, 2);
  EXPECT_NEAR(4096 / 8.0 * 1600e6 * amd_memory_clocking("gfx90a")->transfers / 1e12, 1.6, 0.05);
  EXPECT_FALSE(amd_memory_clocking("gfx1103"));
}

std::vector<std::byte> regions(std::size_t header, const std::vector<std::array<std::uint64_t, 3>>& rows) {
  std::vector<std::byte> bytes(header + rows.size() * 88);
  const auto count = static_cast<std::uint32_t>(rows.size());
  std::memcpy(bytes.data(), &count, sizeof count);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto kind = static_cast<std::uint16_t>(rows[i][0]);
    std::memcpy(bytes.data() + header + i * 88, &kind, sizeof kind);
    std::memcpy(bytes.data() + header + i * 88 + 8, &rows[i][1], 16);
  }
  return bytes;
}

TEST(IntelRegions, AreDecodedAndTilesAdded) {
  const auto xe = decode_xe_regions(regions(8, {{0, 16u << 30, 0}, {1, 6ull << 30, 1ull << 30}, {1, 6ull << 30, 0}}));
  ASSERT_TRUE(xe);
  EXPECT_EQ(xe->device, Bytes{12 * k_gib});
  EXPECT_EQ(xe->device_free, Bytes{11 * k_gib});
  const auto i915 = decode_i915_regions(regions(16, {{0, 8ull << 30, 8ull << 30}}));
  ASSERT_TRUE(i915);
  EXPECT_EQ(i915->device, Bytes{0});
  EXPECT_EQ(i915->system, Bytes{8 * k_gib});
  auto cut = regions(8, {{1, 6ull << 30, 0}});
  cut.resize(40);
  EXPECT_FALSE(decode_xe_regions(cut));
  EXPECT_FALSE(decode_xe_regions({}));
  EXPECT_FALSE(decode_xe_regions(regions(8, {{1, ~0ull, 0}})));
}

// Reported bug 2, with the pair of lists in llmfit's tests: 32-bit sizes stop at 4 GB, the registry's do not.
TEST(WindowsAdapters, Bug2SaturatedSizesAreUnknown) {
  const auto controllers = parse_adapter_sizes("NVIDIA GeForce RTX 4070|12884901888\nAMD Radeon 780M Graphics|2147483648\n"
                                               "AMD Radeon AI PRO R9700|4293918720\nAMD Radeon PRO V710|4293918720\n\n"
                                               "Malformed Adapter|not-a-number\nMissing AdapterRAM\n");
  ASSERT_EQ(controllers.size(), 4u);
  EXPECT_FALSE(controllers[3].dedicated);
  const auto registry = parse_adapter_sizes("AMD Radeon PRO V710|30064771072\nNVIDIA GeForce RTX 4070|12884901888\n\n"
                                            "Malformed Adapter|not-a-number\nZero Adapter|0\n|1073741824\nMissing separator\n");
  ASSERT_EQ(registry.size(), 2u);
  const auto merged = merge_adapters(controllers, registry);
  ASSERT_EQ(merged.size(), 4u);
  EXPECT_EQ(merged[3].dedicated, Bytes{30064771072});
  EXPECT_FALSE(merged[2].dedicated);  // the registry does not know it: unknown, not 4 GB
}

TEST(WindowsAdapters, AreOnceEach) {
  WindowsAdapter card;
  card.name = "A";
  card.luid = 7;
  WindowsAdapter software = card;
  software.luid = 8;
  software.is_software = true;
  EXPECT_EQ(merge_adapters({card, card, software}, {}).size(), 1u);
}

// Reported bug 5: the whole memory, or a fixed share, taken for what the GPU may use.
TEST(AppleGpus, Bug5LimitFollowsTheSystem) {
  EXPECT_EQ(apple_gpu_limit(Bytes{128 * k_gib}, Bytes{115448725504}, 0).value, Bytes{115448725504});
  EXPECT_EQ(apple_gpu_limit(Bytes{64 * k_gib}, std::nullopt, 57344).value, Bytes{56 * k_gib});
  EXPECT_EQ(apple_gpu_limit(Bytes{24 * k_gib}, std::nullopt, 0).value, Bytes{16 * k_gib});
  const auto large = apple_gpu_limit(Bytes{128 * k_gib}, std::nullopt, 0);
  EXPECT_EQ(large.value, Bytes{96 * k_gib});
  EXPECT_EQ(large.source.origin, Origin::estimated);
}

TEST(AppleGpus, RegistryListingIsRead) {
  const AppleGpu gpu = parse_ioreg("  | | \"gpu-core-count\" = 40\n  | | \"model\" = \"Apple M3 Max\"\n  +-o H11ANEIn  <class H11ANEIn>\n");
  EXPECT_EQ(gpu.model, "Apple M3 Max");
  EXPECT_EQ(gpu.cores, 40);
  EXPECT_TRUE(gpu.has_neural_engine);
  EXPECT_FALSE(parse_ioreg("\"gpu-core-count\" = -7\n").cores);
}

TEST_F(SyntheticMachine, AMacIsReadFromItsListings) {
  root_.write("/macos/sysctl.txt", "hw.logicalcpu: 16\nhw.physicalcpu: 16\nhw.packages: 1\nhw.memsize: 68719476736\n"
                                   "machdep.cpu.brand_string: Apple M4 Max\niogpu.wired_limit_mb: 57344\n");
  root_.write("/macos/ioreg.txt", "  | | \"gpu-core-count\" = 40\n  | | \"model\" = \"Apple M4 Max\"\n  +-o H11ANEIn  <class H11ANEIn>\n");
  const auto devices = found();
  ASSERT_EQ(devices.size(), 2u);
  EXPECT_EQ(devices[0].name, "Apple M4 Max");
  EXPECT_EQ(devices[0].compute_units, 40);
  EXPECT_EQ(devices[0].memory.kind, MemoryKind::unified);
  ASSERT_TRUE(devices[0].memory.total);
  EXPECT_EQ(devices[0].memory.total->value, Bytes{56 * k_gib});
  EXPECT_EQ(devices[1].kind, AcceleratorKind::npu);
}

TEST(AppleGpus, AnIntelMacHasNone) {
  Sightings seen;
  add_apple_gpu(parse_ioreg("  | | \"model\" = \"Intel Iris Plus Graphics\"\n"), apple_gpu_limit(Bytes{16 * k_gib}, std::nullopt, 0), seen);
  EXPECT_TRUE(seen.accelerators.empty());
}

TEST(AppleGpus, TheWiredLimitIsRead) {
  EXPECT_EQ(wired_limit_mb("kern.osrelease: 24.1.0\niogpu.wired_limit_mb: 122880\n"), 122880);
  EXPECT_EQ(wired_limit_mb("iogpu.wired_limit_mb: -5\n"), 0);
  EXPECT_EQ(wired_limit_mb("iogpu.wired_limit_mb"), 0);
}

// DXGI calls what firmware set aside for a processor's graphics "dedicated"; the memory it really has is shared.
TEST(WindowsAdapters, ProcessorGraphicsShareTheMemory) {
  WindowsAdapter graphics;
  graphics.name = "Intel(R) Iris(R) Xe Graphics";
  graphics.vendor_id = 0x8086;
  graphics.dedicated = Bytes{128 * k_mib};
  graphics.shared = Bytes{8 * k_gib};
  graphics.is_unified = true;
  WindowsAdapter card;
  card.name = "NVIDIA GeForce RTX 4070";
  card.vendor_id = 0x10de;
  card.dedicated = Bytes{12 * k_gib};
  card.free = Bytes{11 * k_gib};
  Sightings seen;
  add_windows_adapters({graphics, card}, seen);
  ASSERT_EQ(seen.accelerators.size(), 2u);
  EXPECT_TRUE(seen.accelerators[0].device.integrated);
  EXPECT_FALSE(seen.accelerators[0].device.memory.total);  // assemble() adds what the driver lets it map
  EXPECT_EQ(seen.accelerators[0].mappable, Bytes{8 * k_gib});
  EXPECT_EQ(seen.accelerators[1].device.memory.total->value, Bytes{12 * k_gib});
  EXPECT_EQ(seen.accelerators[1].device.memory.free, Bytes{11 * k_gib});
  // A second route to the same card adds nothing.
  add_windows_adapters({card}, seen);
  EXPECT_EQ(seen.accelerators.size(), 2u);
}

}  // namespace
}  // namespace hardscape
