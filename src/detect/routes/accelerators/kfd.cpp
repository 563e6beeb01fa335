#include "detect/routes/accelerators/kfd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.hpp"

namespace hardscape {
namespace {

template <class F>
void for_each_property(std::string_view text, F&& f) {
  constexpr std::size_t k_most_lines = 512;
  std::size_t lines = 0;
  for (const std::string_view line : split_lines(text)) {
    if (++lines > k_most_lines) return;
    const auto words = split_words(line);
    if (words.size() != 2) continue;
    if (const auto value = parse_unsigned(words[1])) f(words[0], *value);
  }
}

template <class T>
void store(T& place, std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(std::numeric_limits<T>::max())) place = static_cast<T>(value);
}

}  // namespace

KfdNode parse_kfd_node(std::string_view properties) {
  KfdNode node;
  for_each_property(properties, [&](std::string_view key, std::uint64_t value) {
    if (key == "simd_count") store(node.simds, value);
    if (key == "simd_per_cu") store(node.simds_per_unit, value);
    if (key == "gfx_target_version") store(node.gfx_target_version, value);
    if (key == "vendor_id") store(node.vendor_id, value);
    if (key == "device_id") store(node.device_id, value);
    if (key == "location_id") store(node.location, value);
    if (key == "domain") store(node.domain, value);
    if (key == "unique_id") node.unique_id = value;
    if (key == "drm_render_minor") store(node.render_minor, value);
  });
  return node;
}

KfdBank parse_kfd_bank(std::string_view properties) {
  KfdBank bank;
  for_each_property(properties, [&](std::string_view key, std::uint64_t value) {
    if (key == "heap_type") store(bank.heap_type, value);
    if (key == "size_in_bytes" && value < (std::uint64_t{1} << 50)) bank.bytes = value;
    if (key == "width") store(bank.width_bits, value);
    if (key == "mem_clk_max") store(bank.clock_mhz, value);
  });
  return bank;
}

std::string gfx_target(int version) {
  const int major = version / 10000;
  const int minor = version / 100 % 100;
  const int step = version % 100;
  if (version <= 0 || major > 99 || minor > 15 || step > 15) return {};
  return fmt::format("gfx{}{:x}{:x}", major, minor, step);
}

int KfdDevice::compute_units_of_a_node() const {
  const KfdNode& node = nodes.front();
  return node.simds_per_unit > 0 ? node.simds / node.simds_per_unit : 0;
}

int partitions_of_mode(int listed) {
  for (const int count : {1, 2, 3, 4, 6, 8})
    if (count >= listed) return count;
  return listed;
}

std::optional<int> KfdDevice::compute_units() const {
  const int count = static_cast<int>(nodes.size());
  const int each = compute_units_of_a_node();
  if (each <= 0 || each > 4096 || count > 8 || partitions_of_mode(count) != count) return std::nullopt;
  return each * count;
}

std::optional<Bytes> KfdDevice::memory() const {
  std::uint64_t sum = 0;
  for (const KfdNode& node : nodes) {
    for (const KfdBank& bank : node.banks) {
      if (bank.heap_type == 1 || bank.heap_type == 2) sum += bank.bytes;
    }
  }
  if (sum == 0 || sum > (std::uint64_t{1} << 50)) return std::nullopt;
  return Bytes{static_cast<std::int64_t>(sum)};
}

std::vector<KfdDevice> kfd_devices(const std::vector<KfdNode>& nodes) {
  std::vector<KfdDevice> devices;
  for (const KfdNode& node : nodes) {
    if (!node.is_gpu()) continue;
    const auto same = std::find_if(devices.begin(), devices.end(), [&](const KfdDevice& device) {
      const KfdNode& first = device.nodes.front();
      if (node.unique_id != 0 || first.unique_id != 0) return node.unique_id == first.unique_id && node.domain == first.domain;
      return node.domain == first.domain && node.location == first.location;
    });
    if (same != devices.end()) {
      same->nodes.push_back(node);
      continue;
    }
    KfdDevice device;
    // Partitions differ in the function number alone.
    device.address = fmt::format("{:04x}:{:02x}:{:02x}.0", node.domain, node.location >> 8 & 0xff, node.location >> 3 & 0x1f);
    const auto taken = std::count_if(devices.begin(), devices.end(), [&](const KfdDevice& other) {
      return other.address.substr(0, device.address.size()) == device.address;
    });
    if (taken > 0) device.address += fmt::format("#{}", taken + 1);
    device.nodes.push_back(node);
    devices.push_back(std::move(device));
  }
  return devices;
}

}  // namespace hardscape
