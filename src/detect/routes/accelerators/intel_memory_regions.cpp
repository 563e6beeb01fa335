#include "detect/routes/accelerators/intel_memory_regions.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#ifdef __linux__
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>
#endif

namespace hardscape {
namespace {

template <class T>
T at(std::span<const std::byte> bytes, std::size_t offset) {
  T value{};
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

constexpr std::uint64_t k_absurd = std::uint64_t{1} << 50;

struct Layout {
  std::size_t header;       // bytes before the first region
  std::size_t region;       // bytes of a region
  std::size_t total;        // offset of its size
  std::size_t free_or_used; // offset of what is free (i915) or used (xe)
  bool tells_used;
  const char* source;
};

// struct drm_i915_memory_region_info: class, instance (u16 each), rsvd u32, probed_size u64, unallocated_size u64,
// rsvd1[8]; after a header of num_regions u32 and rsvd[3].
constexpr Layout k_i915{16, 88, 8, 16, false, "i915 memory regions (ioctl)"};
// struct drm_xe_mem_region: mem_class, instance (u16 each), min_page_size u32, total_size, used, cpu_visible_size,
// cpu_visible_used (u64 each), reserved[6]; after a header of num_mem_regions u32 and pad u32.
constexpr Layout k_xe{8, 88, 8, 16, true, "xe memory regions (ioctl)"};

std::optional<IntelMemoryRegions> decode(std::span<const std::byte> answer, const Layout& layout) {
  if (answer.size() < layout.header) return std::nullopt;
  const auto count = at<std::uint32_t>(answer, 0);
  if (count == 0 || count > 64 || answer.size() < layout.header + count * layout.region) return std::nullopt;
  std::uint64_t device = 0;
  std::uint64_t device_free = 0;
  std::uint64_t system = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto region = answer.subspan(layout.header + i * layout.region, layout.region);
    const auto total = at<std::uint64_t>(region, layout.total);
    const auto second = at<std::uint64_t>(region, layout.free_or_used);
    if (total > k_absurd) return std::nullopt;
    // Class 0 is system memory and 1 the device's own, in both drivers.
    if (at<std::uint16_t>(region, 0) == 0) {
      system += total;
    } else if (at<std::uint16_t>(region, 0) == 1) {
      device += total;
      device_free += layout.tells_used ? total - std::min(total, second) : std::min(total, second);
    }
  }
  if (device == 0 && system == 0) return std::nullopt;
  IntelMemoryRegions regions;
  regions.device = Bytes{static_cast<std::int64_t>(device)};
  regions.system = Bytes{static_cast<std::int64_t>(system)};
  // Both drivers answer "all of it" to unprivileged programs.
  if (device > 0 && device_free > 0 && device_free < device) regions.device_free = Bytes{static_cast<std::int64_t>(device_free)};
  regions.source = layout.source;
  return regions;
}

#ifdef __linux__
// drm.h and the two drivers' headers: DRM_IOWR(0x40 + number, struct).
struct I915QueryItem {
  std::uint64_t query_id;
  std::int32_t length;
  std::uint32_t flags;
  std::uint64_t data_ptr;
};
struct I915Query {
  std::uint32_t num_items;
  std::uint32_t flags;
  std::uint64_t items_ptr;
};
struct XeDeviceQuery {
  std::uint64_t extensions;
  std::uint32_t query;
  std::uint32_t size;
  std::uint64_t data;
  std::uint64_t reserved[2];
};
static_assert(sizeof(I915QueryItem) == 24 && sizeof(I915Query) == 16 && sizeof(XeDeviceQuery) == 40);
constexpr unsigned long k_i915_query = _IOWR('d', 0x40 + 0x39, I915Query);
constexpr unsigned long k_xe_device_query = _IOWR('d', 0x40 + 0x00, XeDeviceQuery);
constexpr std::uint64_t k_i915_memory_regions = 4;
constexpr std::uint32_t k_xe_mem_regions = 1;
constexpr std::size_t k_most_bytes = 65536;

std::uint64_t address_of(void* p) { return reinterpret_cast<std::uintptr_t>(p); }

std::vector<std::byte> ask_i915(int fd) {
  I915QueryItem item{k_i915_memory_regions, 0, 0, 0};
  I915Query query{1, 0, address_of(&item)};
  if (::ioctl(fd, k_i915_query, &query) != 0 || item.length <= 0 || static_cast<std::size_t>(item.length) > k_most_bytes) return {};
  std::vector<std::byte> answer(static_cast<std::size_t>(item.length));
  item.data_ptr = address_of(answer.data());
  if (::ioctl(fd, k_i915_query, &query) != 0 || item.length <= 0) return {};
  return answer;
}

std::vector<std::byte> ask_xe(int fd) {
  XeDeviceQuery query{0, k_xe_mem_regions, 0, 0, {0, 0}};
  if (::ioctl(fd, k_xe_device_query, &query) != 0 || query.size == 0 || query.size > k_most_bytes) return {};
  std::vector<std::byte> answer(query.size);
  query.data = address_of(answer.data());
  if (::ioctl(fd, k_xe_device_query, &query) != 0) return {};
  return answer;
}
#endif

}  // namespace

std::optional<IntelMemoryRegions> decode_i915_regions(std::span<const std::byte> answer) { return decode(answer, k_i915); }
std::optional<IntelMemoryRegions> decode_xe_regions(std::span<const std::byte> answer) { return decode(answer, k_xe); }

std::optional<IntelMemoryRegions> ask_intel_memory_regions([[maybe_unused]] const std::string& render_node,
                                                           [[maybe_unused]] const std::string& driver) {
#ifdef __linux__
  if (driver != "i915" && driver != "xe") return std::nullopt;
  const int fd = ::open(render_node.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  const auto answer = driver == "xe" ? ask_xe(fd) : ask_i915(fd);
  ::close(fd);
  return driver == "xe" ? decode_xe_regions(answer) : decode_i915_regions(answer);
#else
  return std::nullopt;
#endif
}

}  // namespace hardscape
