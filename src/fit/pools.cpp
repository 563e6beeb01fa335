#include <fmt/format.h>

#include <algorithm>

#include "hardscape/fit_pools.hpp"

namespace hardscape {
namespace {

constexpr Bytes k_least_npu_memory{k_gib};  // below that it is a cache for vision networks, not a place for a model

Bytes less(Bytes a, Bytes b) { return Bytes{std::max<std::int64_t>(0, a.value - b.value)}; }

std::string gib(Bytes bytes) { return fmt::format("{:.1f} GiB", in_gib(bytes)); }

Source assumed() { return {Origin::assumed, "fit/policy.json", "", Confidence::unstated}; }
Source reported(std::string_view by) { return {Origin::reported, std::string(by), "", Confidence::unstated}; }

bool shares_memory(const Machine& machine) {
  return machine.memory.unified || std::any_of(machine.accelerators.begin(), machine.accelerators.end(), [](const auto& a) {
           return a.usable && a.memory.kind != MemoryKind::dedicated;
         });
}

MemoryPool host_pool(const Machine& machine, const FitPolicy& policy) {
  const Memory& memory = machine.memory;
  MemoryPool pool;
  pool.device = "cpu";
  pool.name = machine.processors.empty() || machine.processors[0].name.empty() ? "processor" : machine.processors[0].name;
  pool.host = true;
  pool.total = memory.limit ? std::min(memory.total, *memory.limit) : memory.total;
  pool.overhead = policy.host_overhead;
  // A figure that is not below the total (a machine of the catalogue, a broken container file system) says nothing.
  if (memory.available && *memory.available < memory.total) {
    pool.free = std::min(*memory.available, pool.total);
    pool.source = reported("available memory");
    pool.how = gib(pool.free) + " available now";
    if (memory.limit && *memory.limit <= *memory.available) pool.how = gib(pool.free) + " allowed by a limit on this process";
  } else {
    const Bytes kept = (shares_memory(machine) ? policy.unified_reserve : policy.host_reserve).of(pool.total);
    pool.free = less(pool.total, kept);
    pool.source = assumed();
    pool.how = fmt::format("{} less {} kept for the system", gib(pool.total), gib(kept));
  }
  pool.own = pool.free;
  pool.headroom = policy.host_headroom.of(pool.total);
  return pool;
}

Bytes device_reserve(const Machine& machine, const FitPolicy& policy) {
  const std::string& os = machine.os.name;
  if (os.find("Windows") != std::string::npos) return policy.device_reserve_windows;
  if (os.empty() || os == "catalogue" || os == "macOS" || os == "Android") return policy.device_reserve_other;
  return policy.device_reserve_linux;
}

void fill_dedicated(MemoryPool& pool, std::optional<Bytes> free, const Machine& machine, const FitPolicy& policy) {
  pool.overhead = policy.device_overhead;
  if (free) {
    pool.free = std::min(*free, pool.total);
    pool.source = reported("driver");
    pool.how = fmt::format("{} of {} free, says the driver", gib(pool.free), gib(pool.total));
  } else {
    const Bytes kept = device_reserve(machine, policy);
    pool.free = less(pool.total, kept);
    pool.source = assumed();
    pool.how = fmt::format("{} less {} kept for display and driver", gib(pool.total), gib(kept));
  }
  pool.own = pool.free;
}

// What the system lets an accelerator use of memory that it shares with the processor.
void fill_shared(MemoryPool& pool, const Accelerator& device, const MemoryPool& host, const Machine& machine,
                 const FitPolicy& policy) {
  pool.unified = true;
  pool.overhead = policy.unified_overhead;
  const Bytes memory = machine.memory.total;
  Bytes limit = pool.total;
  pool.source = device.memory.total->source;
  pool.how = "up to " + gib(limit);
  if (device.vendor == "Apple" && limit.value >= memory.value / 100 * 95) {
    const bool small = memory <= policy.apple_small_limit;
    limit = Bytes{static_cast<std::int64_t>((small ? policy.apple_small_fraction : policy.apple_large_fraction) *
                                            static_cast<double>(memory.value))};
    pool.how = fmt::format("{}, {} of memory, is Metal's limit", gib(limit), small ? "2/3" : "3/4");
    pool.source = {Origin::assumed, "apple-working-set", "", Confidence::unstated};
  }
  // A carve-out is not part of the kernel's total, so what exceeds that total cannot be the host's.
  pool.own = less(limit, memory);
  pool.free = std::min(limit, pool.own + host.free);
  if (device.memory.free && *device.memory.free < pool.free) {
    pool.free = *device.memory.free;
    pool.own = std::min(pool.own, pool.free);
    pool.source = reported("driver");
    pool.how += fmt::format(", {} free, says the driver", gib(pool.free));
  } else if (pool.free < limit) {
    pool.how += fmt::format(", {} free", gib(pool.free));
  }
}

bool holds_models(const Accelerator& device, MemoryView& view) {
  const std::string& name = device.name.empty() ? device.id : device.name;
  if (!device.usable) {
    view.notes.push_back({Severity::info, "device-unusable",
                          name + " is not counted: " + device.why_not.value_or("it cannot be used here"), std::nullopt});
    return false;
  }
  const bool known = device.memory.total && device.memory.total->value.value > 0;
  if (device.kind == AcceleratorKind::npu &&
      !(known && device.memory.kind == MemoryKind::dedicated && device.memory.total->value >= k_least_npu_memory))
    return false;
  if (!known)
    view.notes.push_back({Severity::warning, "device-memory-unknown",
                          name + " is not counted: nobody says how much memory it has", std::nullopt});
  return known;
}

void add_partitions(MemoryView& view, const MemoryPool& whole, const Accelerator& device, const Machine& machine,
                    const FitPolicy& policy) {
  const Bytes share = whole.total / static_cast<std::int64_t>(device.partitions.size());
  for (const Partition& part : device.partitions) {
    MemoryPool slice = whole;
    slice.device = device.id + "/" + part.id;
    if (!part.name.empty()) slice.name = device.name + " " + part.name;
    slice.total = part.memory.value_or(share);
    // One process sees one MIG instance; AMD's partitions are devices like any other.
    if (device.vendor == "NVIDIA") slice.group = device.vendor + "/" + slice.device;
    fill_dedicated(slice, std::nullopt, machine, policy);
    slice.headroom = policy.device_headroom.of(slice.total);
    view.devices.push_back(std::move(slice));
  }
}

}  // namespace

MemoryView memory_view(const Machine& machine, const FitPolicy& policy) {
  MemoryView view;
  view.host = host_pool(machine, policy);
  for (const Accelerator& device : machine.accelerators) {
    if (!holds_models(device, view)) continue;
    const bool with_host = device.memory.kind != MemoryKind::dedicated;
    MemoryPool pool;
    pool.device = device.id;
    pool.name = device.name;
    pool.total = device.memory.total->value;
    // Back ends leave an integrated GPU out when a card of the same vendor is there.
    pool.group = device.vendor + (with_host ? "/shared" : "");
    if (!device.partitions.empty()) {
      add_partitions(view, pool, device, machine, policy);
      continue;
    }
    if (with_host) {
      fill_shared(pool, device, view.host, machine, policy);
    } else {
      fill_dedicated(pool, device.memory.free, machine, policy);
    }
    pool.headroom = policy.device_headroom.of(pool.total);
    view.devices.push_back(std::move(pool));
  }
  return view;
}

}  // namespace hardscape
