// Names as drivers, shops and people write them.
#include <gtest/gtest.h>

#include "catalogue/match.hpp"
#include "hardscape/catalogue.hpp"
#include "support/catalogue.hpp"

namespace hardscape {
namespace {

std::string ids_of(const std::vector<const Device*>& devices) {
  std::string text;
  for (const auto* device : devices) text += (text.empty() ? "" : " ") + device->id;
  return text;
}

struct Spelling {
  const char* written;
  const char* ids;  // separated by spaces
};

TEST(DeviceNames, ResolveAsPeopleAndDriversWriteThem) {
  for (const auto& [written, ids] : {
           Spelling{"rtx-4090", "rtx-4090"}, {"4090", "rtx-4090"}, {"RTX 4090", "rtx-4090"}, {"NVIDIA GeForce RTX 4090", "rtx-4090"},
           {"geforce rtx 4090 d", "rtx-4090-d"}, {"NVIDIA GeForce RTX 4090 Laptop GPU", "rtx-4090-laptop"},
           {"NVIDIA GeForce RTX 2080 SUPER", "rtx-2080-super"}, {"NVIDIA GeForce RTX 4080 SUPER", "rtx-4080-super"},
           {"Tesla T4", "t4"}, {"NVIDIA T4", "t4"}, {"H100 SXM", "h100-sxm"}, {"NVIDIA H100 80GB HBM3", "h100-sxm"},
           {"NVIDIA H100 PCIe", "h100-pcie"}, {"NVIDIA H100 NVL", "h100-nvl"}, {"NVIDIA H200", "h200-sxm"}, {"h200", "h200-sxm"},
           {"A100-SXM4-80GB", "a100-sxm-80gb"}, {"NVIDIA A100-SXM4-40GB", "a100-sxm-40gb"}, {"NVIDIA A100 80GB PCIe", "a100-pcie-80gb"},
           {"Tesla V100-SXM2-16GB", "v100-sxm2-16gb"}, {"Tesla P40", "p40"}, {"NVIDIA L40S", "l40s"}, {"NVIDIA GB10", "dgx-spark-gb10"},
           {"NVIDIA RTX 6000 Ada Generation", "rtx-6000-ada"}, {"A6000", "rtx-a6000"}, {"NVIDIA RTX A6000", "rtx-a6000"},
           {"Quadro RTX 8000", "quadro-rtx-8000"}, {"NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "rtx-pro-6000-blackwell"},
           {"NVIDIA A16", "a16"}, {"7900 XTX", "rx-7900-xtx"}, {"AMD Radeon RX 7900 XTX", "rx-7900-xtx"},
           {"AMD Instinct MI300X", "mi300x"}, {"MI300X", "mi300x"}, {"AMD Radeon PRO W7700", "radeon-pro-w7700"},
           {"AMD Ryzen AI Max+ 395", "ryzen-ai-max-plus-395"}, {"AMD Radeon 8060S Graphics", "ryzen-ai-max-plus-395"}, {"Strix Halo", "ryzen-ai-max-plus-395"},
           {"Intel Arc B580", "arc-b580"}, {"Intel(R) Arc(TM) A750 Graphics", "arc-a750"}, {"RTX 3080", "rtx-3080"},
           {"Apple M4 Max (40-core GPU)", "apple-m4-max-40"}, {"apple-m4-max-40", "apple-m4-max-40"}, {"m4-max-40c", "apple-m4-max-40"},
           {"Apple M1 (7-core GPU)", "apple-m1-7"}, {"Raspberry Pi 5", "raspberry-pi-5"}, {"Jetson Orin Nano Super", "jetson-orin-nano-super"},
           {"TPU v4e", "tpu-v4"}, {"Snapdragon 8 Elite", "snapdragon-8-elite"}, {"Google Coral TPU", "coral-edge-tpu"},
           {"M3 Max", "apple-m3-max-30 apple-m3-max-40"}, {"Apple M2", "apple-m2-8 apple-m2-10"}, {"RTX 4060 Ti", "rtx-4060-ti-16gb rtx-4060-ti-8gb"},
           {"AMD EPYC 9654 96-Core Processor", "epyc-9004"}, {"7950X", "ryzen-9-7950x"}, {"AMD Instinct MI250X / MI250", "mi250 mi250x"},
           {"GroqChip", "groq-lpu-v1"}, {"Coral USB", "coral-edge-tpu"}, {"RK3588", "orange-pi-5-plus radxa-rock-5b"},
           {"Cerebras WSE-3", "cerebras-cs3"}, {"8 Elite", "snapdragon-8-elite"}, {"Pi 5", "raspberry-pi-5"},
           {"Intel(R) Arc(TM) B580 Graphics", "arc-b580"}, {"NVIDIA Jetson AGX Orin Developer Kit", "jetson-agx-orin-64gb"},
           {"Apple M1 Pro (Asahi)", "apple-m1-pro-14 apple-m1-pro-16"}, {"AMD Radeon 780M Graphics", "ryzen-7-8840hs"},
           {"A100 80GB", "a100-pcie-80gb a100-sxm-80gb"}, {"H100", "h100-pcie h100-sxm h100-nvl"}}) {
    EXPECT_EQ(ids_of(catalogue().look_up(written).matches), ids) << written;
  }
}

TEST(DeviceNames, AskWhatIsMissing) {
  EXPECT_EQ(catalogue().look_up("M3 Max").question, "which GPU-core count, 30 or 40?");
  EXPECT_EQ(catalogue().look_up("RTX 4060 Ti").question, "which memory size, 8 or 16 GB?");
  EXPECT_NE(catalogue().look_up("H100").question.find("h100-nvl"), std::string::npos);
  EXPECT_TRUE(catalogue().look_up("rtx-4090").question.empty());
}

TEST(DeviceNames, UnknownOnesGetTheNearestIds) {
  const auto answer = catalogue().look_up("rtx-4091");
  EXPECT_TRUE(answer.matches.empty());
  ASSERT_FALSE(answer.nearest.empty());
  EXPECT_EQ(answer.nearest.front(), "rtx-4090");
  EXPECT_TRUE(catalogue().look_up("").matches.empty());
  EXPECT_TRUE(catalogue().look_up(std::string(100'000, 'x')).nearest.empty());
  EXPECT_TRUE(catalogue().look_up("Matrox G200").matches.empty());
}

// The CPU name that the kernel prints in /proc/cpuinfo.
TEST(ProcessorNames, BelongToTheirFamily) {
  for (const auto& [written, id] : {Spelling{"AMD EPYC 9654 96-Core Processor", "epyc-9004"}, {"AMD EPYC 7763 64-Core Processor", "epyc-7003"},
                                    {"AMD EPYC 9755 128-Core Processor", "epyc-9005"}, {"AMD EPYC 7451 24-Core Processor", "epyc-7001"},
                                    {"Intel(R) Xeon(R) Platinum 8480+", "xeon-sapphire-rapids"}, {"Intel(R) Xeon(R) Platinum 8580", "xeon-emerald-rapids"},
                                    {"Intel(R) Xeon(R) CPU Max 9460", "xeon-max-9480"}, {"AMD Ryzen 9 7950X 16-Core Processor", "ryzen-9-7950x"}}) {
    Processor processor;
    processor.name = written;
    const auto* device = device_of(processor, catalogue());
    ASSERT_NE(device, nullptr) << written;
    EXPECT_EQ(device->id, id) << written;
  }
  Processor other;
  other.name = "Intel(R) Core(TM)2 Quad CPU Q8400";
  EXPECT_EQ(device_of(other, catalogue()), nullptr);
}

TEST(Patterns, StarsAndQuestionMarks) {
  EXPECT_TRUE(fits_pattern("AMD EPYC 9654", "*epyc 9??4*"));
  EXPECT_FALSE(fits_pattern("AMD EPYC 9655", "*epyc 9??4"));
  EXPECT_TRUE(fits_pattern("", "*"));
  EXPECT_FALSE(fits_pattern("", "?"));
  EXPECT_TRUE(fits_pattern("aab", "*ab"));
}

struct PciCase {
  std::uint16_t vendor;
  std::uint16_t device;
  int revision;  // -1: not known
  const char* ids;
};

// From the recorded machines: the id, the revision, and what the card is.
TEST(PciIds, NameTheCard) {
  for (const auto& [vendor, device, revision, ids] :
       {PciCase{0x10de, 0x2684, -1, "rtx-4090"}, PciCase{0x10de, 0x2330, -1, "h100-sxm"}, PciCase{0x10de, 0x2335, -1, "h200-sxm"},
        PciCase{0x10de, 0x1e81, -1, "rtx-2080-super"}, PciCase{0x10de, 0x2702, -1, "rtx-4080-super"}, PciCase{0x10de, 0x1eb8, -1, "t4"},
        PciCase{0x1002, 0x7550, 0xc0, "rx-9070-xt"}, PciCase{0x1002, 0x7550, 0xc3, "rx-9070"}, PciCase{0x1002, 0x744c, 0xc8, "rx-7900-xtx"},
        PciCase{0x1002, 0x73ff, 0xc7, "rx-6600"}, PciCase{0x1002, 0x7480, 0xc3, ""}, PciCase{0x1002, 0x7480, 0xcf, "rx-7600"},
        PciCase{0x8086, 0xe20b, -1, "arc-b580"}, PciCase{0x8086, 0x56a5, -1, "arc-a380"}, PciCase{0x1002, 0x1586, 0xc1, "ryzen-ai-max-plus-395"},
        PciCase{0x1002, 0x7550, -1, "rx-9070-gre rx-9070 rx-9070-xt"}, PciCase{0x1022, 0x17f0, -1, "amd-xdna2"}, PciCase{0x8086, 0x643e, -1, "intel-npu-4"},
        PciCase{0x10de, 0x2d04, -1, "rtx-5060-ti-16gb rtx-5060-ti-8gb"}}) {
    PciAddress pci;
    pci.vendor_id = vendor;
    pci.device_id = device;
    if (revision >= 0) pci.revision = static_cast<std::uint8_t>(revision);
    EXPECT_EQ(ids_of(catalogue().by_pci(pci)), ids) << std::hex << vendor << ":" << device << " " << revision;
  }
}

}  // namespace
}  // namespace hardscape
