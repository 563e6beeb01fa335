#include "measure/accelerator/device_match.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "measure/accelerator/pcie_link.hpp"
#include "measure/accelerator/vendor_library.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape::measuring {
namespace {

using testing::HasSubstr;

constexpr const char* k_folder = "/sys/bus/pci/devices/0000:01:00.0/";

FileTree files_of(const TemporaryFolder& root) {
  auto files = FileTree::open(root.path());
  EXPECT_TRUE(files);
  return *files;
}

TEST(PcieLink, HasTheBandwidthThatPciSigGives) {
  // PCI-SIG's table of throughput, one direction, in GB/s.
  const struct {
    const char* speed;
    int lanes;
    double gb_per_s;
  } rows[] = {{"2.5 GT/s PCIe", 1, 0.25}, {"5.0 GT/s PCIe", 16, 8.0},     {"8.0 GT/s PCIe", 8, 7.877},
              {"16.0 GT/s PCIe", 16, 31.508}, {"32.0 GT/s PCIe", 16, 63.015}, {"64.0 GT/s PCIe", 16, 121.0}};
  for (const auto& row : rows) {
    TemporaryFolder root;
    root.write(std::string(k_folder) + "max_link_speed", std::string(row.speed) + "\n");
    root.write(std::string(k_folder) + "current_link_width", std::to_string(row.lanes) + "\n");
    const auto link = pcie_link(files_of(root), "0000:01:00.0");
    ASSERT_TRUE(link) << row.speed;
    EXPECT_NEAR(bandwidth_of(*link).value / 1e9, row.gb_per_s, 0.001 * row.gb_per_s) << row.speed;
  }
}

TEST(PcieLink, SaysNothingWhereTheKernelDoesNot) {
  for (const auto& [speed, width] : {std::pair("Unknown", "16"), std::pair("16.0 GT/s PCIe", "0"), std::pair("16.0 GT/s PCIe", "255"),
                                     std::pair("-5 GT/s", "8"), std::pair("", "")}) {
    TemporaryFolder root;
    root.write(std::string(k_folder) + "max_link_speed", speed);
    root.write(std::string(k_folder) + "current_link_width", width);
    EXPECT_FALSE(pcie_link(files_of(root), "0000:01:00.0")) << speed << ' ' << width;
  }
}

TEST(PcieLink, NarrowOneIsNoted) {
  TemporaryFolder root;
  root.write(std::string(k_folder) + "max_link_speed", "16.0 GT/s PCIe\n");
  root.write(std::string(k_folder) + "current_link_width", "4\n");
  root.write(std::string(k_folder) + "max_link_width", "16\n");
  const auto note = narrow_link(files_of(root), "0000:01:00.0", "cuda0");
  ASSERT_TRUE(note);
  EXPECT_THAT(note->message, HasSubstr("cuda0 runs on 4 of its 16"));
  root.write(std::string(k_folder) + "current_link_width", "16\n");
  EXPECT_FALSE(narrow_link(files_of(root), "0000:01:00.0", "cuda0"));
  EXPECT_FALSE(narrow_link(files_of(root), std::nullopt, "cuda0"));
}

TEST(DeviceMatch, GoesByAddressThenByAnUnambiguousName) {
  Machine machine;
  for (const char* const address : {"0000:01:00.0", "0000:02:00.0"}) {
    Accelerator accelerator;
    accelerator.name = "NVIDIA H200";
    accelerator.pci = PciAddress{address, 0x10de, 0x2335, {}, {}, {}};
    machine.accelerators.push_back(accelerator);
  }
  EXPECT_EQ(matching(machine, "0000:02:00.0", "whatever"), &machine.accelerators[1]);
  EXPECT_EQ(matching(machine, "0000:03:00.0", "NVIDIA H200"), nullptr);
  EXPECT_EQ(matching(machine, std::nullopt, "NVIDIA H200"), nullptr);  // two of them
  machine.accelerators.pop_back();
  EXPECT_EQ(matching(machine, std::nullopt, "nvidia h200"), &machine.accelerators[0]);
  EXPECT_EQ(matching(machine, std::nullopt, ""), nullptr);
}

TEST(FirstContact, OutlivesADriverThatHangsOrCrashes) {
  const auto host = live_host();
  ASSERT_TRUE(host);
  const auto hung = first_contact(*host, "CUDA", [] { return ::sleep(60), std::string(); }, std::chrono::milliseconds(100));
  ASSERT_FALSE(hung);
  EXPECT_THAT(hung.error().message, HasSubstr("CUDA did not start"));
  EXPECT_EQ(hung.error().code, ErrorCode::timeout);
  const auto crashed = first_contact(*host, "CUDA", [] { ::kill(::getpid(), SIGKILL); return std::string(); });
  ASSERT_FALSE(crashed);
  EXPECT_THAT(crashed.error().message, HasSubstr("crashed"));
  const auto answer = first_contact(*host, "CUDA", [] { return std::string("devices\t1"); });
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, "devices\t1");
}

}  // namespace
}  // namespace hardscape::measuring
