#include "detect/parse/smbios.hpp"

#include <gtest/gtest.h>

namespace hardscape {
namespace {

// Two DDR5 modules of an AMD desktop, in the words of systemd's dmi_memory_id (rule 70-memory.rules).
constexpr const char* k_udev =
    "I:12345\nE:MEMORY_ARRAY_NUM_DEVICES=4\n"
    "E:MEMORY_DEVICE_0_PRESENT=0\nE:MEMORY_DEVICE_0_LOCATOR=DIMM 0\nE:MEMORY_DEVICE_0_BANK_LOCATOR=P0 CHANNEL A\n"
    "E:MEMORY_DEVICE_1_SIZE=34359738368\nE:MEMORY_DEVICE_1_TYPE=DDR5\nE:MEMORY_DEVICE_1_DATA_WIDTH=64\n"
    "E:MEMORY_DEVICE_1_LOCATOR=DIMM 1\nE:MEMORY_DEVICE_1_BANK_LOCATOR=P0 CHANNEL A\n"
    "E:MEMORY_DEVICE_1_SPEED_MTS=5600\nE:MEMORY_DEVICE_1_CONFIGURED_SPEED_MTS=4800\n"
    "E:MEMORY_DEVICE_2_PRESENT=0\n"
    "E:MEMORY_DEVICE_3_SIZE=34359738368\nE:MEMORY_DEVICE_3_TYPE=DDR5\nE:MEMORY_DEVICE_3_DATA_WIDTH=64\n"
    "E:MEMORY_DEVICE_3_LOCATOR=DIMM 1\nE:MEMORY_DEVICE_3_BANK_LOCATOR=P0 CHANNEL B\n"
    "E:MEMORY_DEVICE_3_SPEED_MTS=5600\nE:MEMORY_DEVICE_3_CONFIGURED_SPEED_MTS=4800\n";

TEST(SmbiosTest, ReadsTheUdevDatabase) {
  const auto devices = parse_udev_memory(k_udev);
  ASSERT_EQ(devices.size(), 4U);
  EXPECT_TRUE(devices[0].is_empty);
  const MemoryLayout layout = layout_of(devices);
  EXPECT_EQ(layout.type, "DDR5");
  EXPECT_EQ(layout.rate, TransfersPerSecond{4800e6}) << "what it runs at, not what it is sold as";
  EXPECT_EQ(layout.channels, 2);
  EXPECT_EQ(layout.bus_bits, 128);
}

MemoryDevice module(const char* locator, int width = 64, const char* type = "DDR4", const char* bank = "") {
  MemoryDevice device;
  device.size = Bytes{k_gib};
  device.type = type;
  device.rate = TransfersPerSecond{3200e6};
  device.data_width_bits = width;
  device.locator = locator;
  device.bank = bank;
  return device;
}

TEST(SmbiosTest, CountsChannelsByTheirNamesOrNotAtAll) {
  const struct {
    std::vector<MemoryDevice> devices;
    std::optional<int> channels;
    std::optional<int> bits;
  } cases[] = {
      {{module("DIMM_A1"), module("DIMM_A2"), module("DIMM_B1"), module("DIMM_B2")}, 2, 128},
      {{module("Controller0-ChannelA-DIMM0"), module("Controller1-ChannelA-DIMM0")}, 2, 128},
      {{module("CPU1_DIMM_A1"), module("CPU2_DIMM_A1")}, 2, 128},
      {{module("DIMM 0"), module("DIMM 1"), module("DIMM 2"), module("DIMM 3")}, std::nullopt, std::nullopt},
      // Dell: the letter is the processor, the number the slot; the DCS8000Z in tests/machines has four channels each.
      {{module("DIMM_A1"), module("DIMM_A2"), module("DIMM_A3"), module("DIMM_A4"), module("DIMM_B1"), module("DIMM_B2"),
        module("DIMM_B3"), module("DIMM_B4")}, std::nullopt, std::nullopt},
      {{module("DIMM 0", 64, "DDR4", "P0 CHANNEL A"), module("DIMM 0", 64, "DDR4", "P1 CHANNEL A")}, 2, 128},
      {{module("CPU0 DIMM 1", 64, "DDR4", "CHANNEL A"), module("CPU1 DIMM 1", 64, "DDR4", "CHANNEL A")}, 2, 128},
      {{module("DIMM 0")}, 1, 64},
      // Soldered: eight chips of 16 bits are a bus of 128.
      {std::vector<MemoryDevice>(8, module("Motherboard", 16, "LPDDR5")), 8, 128},
  };
  for (const auto& c : cases) {
    const MemoryLayout layout = layout_of(c.devices);
    EXPECT_EQ(layout.channels, c.channels) << c.devices[0].locator;
    EXPECT_EQ(layout.bus_bits, c.bits) << c.devices[0].locator;
  }
  EXPECT_FALSE(layout_of({}).rate);
}

// One structure of type 17 (DSP0134 7.18), 32 GiB DDR5 at 4800 MT/s, made by hand: synthetic.
std::string structure() {
  std::string s(0x22, '\0');
  s[0] = 17;
  s[1] = 0x22;
  s[0x0a] = 64;
  s[0x0d] = static_cast<char>(0x7f);
  s[0x0c] = static_cast<char>(0xff);
  s.resize(0x20, '\0');
  s[1] = 0x22;
  s += std::string("\xc0\x12", 2);  // 4800
  s[0x10] = 1;
  s[0x11] = 2;
  s[0x12] = 0x22;
  s[0x18] = 3;
  s[0x1d] = static_cast<char>(0x80);  // 0x8000 MiB in the extended size
  return s + std::string("DIMM_A1\0BANK 0\0SN4711\0\0", 23);
}

TEST(SmbiosTest, ReadsATableAndTakesOutSerialNumbers) {
  const std::string table = structure() + structure();
  const auto devices = parse_smbios(table);
  ASSERT_EQ(devices.size(), 2U);
  EXPECT_EQ(devices[0].size, Bytes{32 * k_gib});
  EXPECT_EQ(devices[0].type, "DDR5");
  EXPECT_EQ(devices[0].rate, TransfersPerSecond{4800e6});
  EXPECT_EQ(devices[0].locator, "DIMM_A1");
  const std::string scrubbed = scrub_smbios(table, true);
  EXPECT_EQ(scrubbed.find("SN4711"), std::string::npos);
  EXPECT_EQ(parse_smbios(scrubbed).size(), 2U);
}

TEST(SmbiosTest, SurvivesEveryTruncation) {
  const std::string table = structure() + structure();
  for (std::size_t length = 0; length < table.size(); ++length) {
    EXPECT_LE(parse_smbios(table.substr(0, length)).size(), 2U);
    scrub_smbios(table.substr(0, length), true);
  }
}

}  // namespace
}  // namespace hardscape
