#include "catalogue/fill.hpp"

#include "catalogue/match.hpp"

namespace hardscape {
namespace {

// The value of a member that all devices have and agree on.
template <class Value>
Known<Value> agreed(const std::vector<const Device*>& devices, Known<Value> Device::* member) {
  const auto& first = devices.front()->*member;
  if (!first) return std::nullopt;
  for (const auto* device : devices)
    if (!(device->*member) || !((device->*member)->value == first->value)) return std::nullopt;
  return first;
}

template <class Value>
void take(Known<Value>& known, Known<Value> news, double share) {
  if (!news) return;
  if (share < 1) {
    news->value = Value{static_cast<typename Value::rep>(static_cast<double>(news->value.value) * share)};
    news->source.ref += "; derived:share of one of the devices that software sees";
  }
  learn(known, std::move(*news));
}

template <class Value>
void take_text(std::optional<Value>& known, const std::vector<const Device*>& devices, std::optional<Value> Device::* member) {
  if (known) return;
  for (const auto* device : devices)
    if (device->*member != devices.front()->*member) return;
  known = devices.front()->*member;
}

// AMD divides a card equally among the partitions of a mode, of which a listing may miss one. What NVIDIA's instances
// have is theirs to say.
void share_among_partitions(Accelerator& accelerator, const Device& device) {
  if (accelerator.memory.total || accelerator.vendor != "AMD") return;
  std::int64_t count = 8;
  for (const std::int64_t mode : {6, 4, 3, 2})
    if (mode >= static_cast<std::int64_t>(accelerator.partitions.size())) count = mode;
  take(accelerator.memory.total, Known<Bytes>(device.memory_options[0]), 1 / static_cast<double>(count));
  for (Partition& partition : accelerator.partitions)
    if (!partition.memory) partition.memory = accelerator.memory.total->value;
}

void fill_memory(Accelerator& accelerator, const Device& device, double share) {
  if (accelerator.memory.kind != MemoryKind::dedicated || device.unified_memory || device.memory_options.size() != 1) return;
  if (!accelerator.partitions.empty()) return share_among_partitions(accelerator, device);
  take(accelerator.memory.total, device.usable_memory ? device.usable_memory : Known<Bytes>(device.memory_options[0]), share);
}

}  // namespace

void fill(Accelerator& accelerator, const std::vector<const Device*>& devices) {
  if (devices.empty()) return;
  const Device& device = *devices.front();
  if (devices.size() == 1) {
    accelerator.catalogue_id = device.id;
    fill_memory(accelerator, device, share_of(device, accelerator));
  }
  const double share = share_of(device, accelerator);
  take(accelerator.bandwidth, agreed(devices, &Device::bandwidth), share);
  if (accelerator.kind == AcceleratorKind::npu) {
    take(accelerator.int8, agreed(devices, &Device::npu_int8), share);
    if (device.device_class != "npu") take(accelerator.int8, agreed(devices, &Device::int8), share);
    return;
  }
  take(accelerator.fp32, agreed(devices, &Device::fp32), share);
  take(accelerator.fp16, agreed(devices, &Device::fp16), share);
  if (accelerator.kind == AcceleratorKind::tpu) take(accelerator.fp16, agreed(devices, &Device::bf16), share);
  take(accelerator.int8, agreed(devices, &Device::int8), share);
  take(accelerator.power_limit, agreed(devices, &Device::power), share);
  take_text(accelerator.compute_capability, devices, &Device::compute_capability);
  take_text(accelerator.gfx_target, devices, &Device::gfx_target);
}

}  // namespace hardscape
