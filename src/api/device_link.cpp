#include "api/device_link.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace hardscape {
namespace {

constexpr double k_reached = 0.8;               // of a link's rate (20.6 of 25 GB/s a lane of NVLink 4; models.md)
constexpr Seconds k_collective{6.6e-6};         // of a ring collective, beside its 2(n-1) hops (NCCL's tuner, low-latency protocol)
constexpr int k_most_lanes = 16;
constexpr BytesPerSecond k_most_bridged{600e9};  // both directions, of a bridge between two cards in slots

}  // namespace

Link device_link(const Device& device, int count, const Catalogue& catalogue) {
  if (count < 2) return {};
  const bool bridged = device.pcie && device.interconnect_bandwidth && !(k_most_bridged < device.interconnect_bandwidth->value);
  if (!device.interconnect_bandwidth || (bridged && count > 2)) return slot_link(device, k_most_lanes, catalogue);
  Link link{BytesPerSecond{device.interconnect_bandwidth->value.value / 2 * k_reached}, {}};
  if (const auto* known = device.interconnect ? catalogue.find_interconnect(*device.interconnect) : nullptr; known != nullptr && known->latency)
    link.latency = known->latency->value + k_collective * (1.0 / (2.0 * (count - 1)));
  return link;
}

Link slot_link(const Device& device, int lanes, const Catalogue& catalogue) {
  if (!device.pcie) return {};
  // "4.0 x16" is pcie-4-x16 of the table.
  const std::string_view text = *device.pcie;
  const auto dot = text.find('.');
  const auto mark = text.find(" x");
  if (dot == std::string_view::npos || mark == std::string_view::npos) return {};
  const auto own = parse_unsigned(text.substr(mark + 2), 10);
  if (!own) return {};
  const auto used = std::min<std::uint64_t>(*own, static_cast<std::uint64_t>(lanes));
  const auto* known = catalogue.find_interconnect(fmt::format("pcie-{}-x{}", text.substr(0, dot), used));
  if (known == nullptr || !known->per_direction) return {};
  return {BytesPerSecond{known->per_direction->value.value * k_reached}, {}};
}

void take_link(ComputeDevice& computes, const Link& link) {
  if (link.bandwidth.value > 0) computes.link = link.bandwidth;
  if (link.latency.value > 0) computes.link_latency = link.latency;
}

}  // namespace hardscape
