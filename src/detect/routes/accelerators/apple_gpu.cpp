#include "detect/routes/accelerators/apple_gpu.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace hardscape {

AppleGpu parse_ioreg(std::string_view text) {
  AppleGpu gpu;
  for (const std::string_view line : split_lines(text)) {
    if (line.find("H11ANE") != std::string_view::npos || line.find("<class AppleH") != std::string_view::npos)
      gpu.has_neural_engine = true;
    const auto equals = line.find(" = ");
    if (equals == std::string_view::npos) continue;
    const std::string_view key = line.substr(0, equals);
    std::string_view value = trim(line.substr(equals + 3));
    if (key.ends_with("\"gpu-core-count\"") && !gpu.cores) {
      if (const auto cores = parse_integer(value); cores && *cores > 0 && *cores < 4096) gpu.cores = static_cast<int>(*cores);
    }
    if (key.ends_with("\"model\"") && gpu.model.empty() && value.find("Apple") != std::string_view::npos) {
      while (!value.empty() && (value.front() == '"' || value.front() == '<')) value.remove_prefix(1);
      while (!value.empty() && (value.back() == '"' || value.back() == '>')) value.remove_suffix(1);
      gpu.model = printable(value.substr(0, 128));
    }
  }
  return gpu;
}

Fact<Bytes> apple_gpu_limit(Bytes memory, std::optional<Bytes> recommended, std::int64_t wired_limit_mb) {
  if (recommended && recommended->value > 0)
    return {std::min(*recommended, memory), {Origin::reported, "Metal recommendedMaxWorkingSetSize", "", Confidence::unstated}};
  if (wired_limit_mb > 0 && wired_limit_mb < memory.value / k_mib)
    return {Bytes{wired_limit_mb * k_mib}, {Origin::reported, "iogpu.wired_limit_mb", "", Confidence::unstated}};
  const bool is_small = memory.value <= 36 * k_gib;
  return {is_small ? memory * 2 / 3 : memory * 3 / 4,
          {Origin::estimated, is_small ? "two thirds of memory (default of macOS up to 36 GiB)" : "three quarters of memory (default of macOS above 36 GiB)",
           "", Confidence::unstated}};
}

std::int64_t wired_limit_mb(std::string_view sysctl) {
  constexpr std::string_view k_key = "iogpu.wired_limit_mb";
  for (const std::string_view line : split_lines(sysctl))
    if (line.starts_with(k_key) && line.size() > k_key.size())
      return std::max<std::int64_t>(parse_integer(trim(line.substr(k_key.size() + 1))).value_or(0), 0);
  return 0;
}

void add_apple_gpu(const AppleGpu& gpu, const Fact<Bytes>& limit, Sightings& seen) {
  if (!gpu.cores) return;
  Accelerator& device = seen.accelerator("platform:apple-gpu").device;
  device.kind = AcceleratorKind::gpu;
  device.vendor = "Apple";
  device.name = !gpu.model.empty() ? gpu.model : seen.processor.name.value_or("Apple GPU");
  device.integrated = true;
  device.compute_units = gpu.cores;
  device.memory.kind = MemoryKind::unified;
  learn(device.memory.total, limit);
  if (seen.memory.available) device.memory.free = std::min(*seen.memory.available, limit.value);
  device.usable = true;
  if (!gpu.has_neural_engine) return;
  Accelerator& engine = seen.accelerator("platform:apple-ane").device;
  engine.kind = AcceleratorKind::npu;
  engine.vendor = "Apple";
  engine.name = "Apple Neural Engine";
  engine.integrated = true;
  engine.memory.kind = MemoryKind::shared;
  engine.usable = true;
}

}  // namespace hardscape
