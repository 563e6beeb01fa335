#include "measure/accelerator/pcie_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"

namespace hardscape::measuring {
namespace {

struct Generation {
  double giga_transfers;
  const char* name;
  double payload;  // bits of data over bits on the line
};

constexpr Generation k_generations[] = {
    {2.5, "1.1", 0.8}, {5, "2.0", 0.8}, {8, "3.0", 128.0 / 130}, {16, "4.0", 128.0 / 130}, {32, "5.0", 128.0 / 130}, {64, "6.0", 242.0 / 256},
};

const Generation* generation_of(double giga_transfers) {
  for (const Generation& generation : k_generations) {
    if (giga_transfers == generation.giga_transfers) return &generation;
  }
  return nullptr;
}

// "16.0 GT/s PCIe", in older kernels "8 GT/s".
std::optional<double> speed(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const auto number = parse_number(std::string_view(*text).substr(0, text->find(' ')));
  if (!number || generation_of(*number) == nullptr) return std::nullopt;
  return *number;
}

std::optional<int> width(const FileTree& files, const std::string& path) {
  const auto lanes = files.read_number(path);
  if (!lanes || *lanes < 1 || *lanes > 32) return std::nullopt;
  return static_cast<int>(*lanes);
}

}  // namespace

std::optional<PcieLink> pcie_link(const FileTree& files, const std::string& address) {
  const std::string folder = "/sys/bus/pci/devices/" + address;
  const auto lanes = width(files, folder + "/current_link_width");
  auto fastest = speed(files.read_line(folder + "/max_link_speed"));
  if (!lanes || !fastest) return std::nullopt;
  // The slot may be of an older generation than the card.
  if (const auto now = speed(files.read_line(folder + "/current_link_speed"))) {
    const auto port = speed(files.read_line(folder + "/../max_link_speed"));
    if (port) fastest = std::max(*now, std::min(*fastest, *port));
  }
  return PcieLink{*fastest * 1e9, *lanes, width(files, folder + "/max_link_width")};
}

BytesPerSecond bandwidth_of(const PcieLink& link) {
  const Generation* const generation = generation_of(link.transfers_per_s / 1e9);
  return BytesPerSecond{link.transfers_per_s * link.lanes * (generation != nullptr ? generation->payload : 1.0) / 8};
}

std::string describe(const PcieLink& link) {
  const Generation* const generation = generation_of(link.transfers_per_s / 1e9);
  return fmt::format("PCIe {} x{}: {:g} GT/s a lane", generation != nullptr ? generation->name : "?", link.lanes, link.transfers_per_s / 1e9);
}

}  // namespace hardscape::measuring
