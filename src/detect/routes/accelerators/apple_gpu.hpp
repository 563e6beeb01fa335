// Apple's GPU and Neural Engine: what IOKit and Metal say, read from their texts and values. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "detect/sightings.hpp"
#include "hardscape/provenance.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

struct AppleGpu {
  std::string model;               // "Apple M3 Max"
  std::optional<int> cores;
  bool has_neural_engine = false;
};

// The listing of `ioreg -l`, of which only the accelerator's model, gpu-core-count and the Neural Engine are read.
AppleGpu parse_ioreg(std::string_view text);

// How much of the machine's memory the GPU may take: Metal's recommendedMaxWorkingSetSize; else the administrator's
// iogpu.wired_limit_mb (0: not set); else two thirds of up to 36 GiB and three quarters of more, an estimate.
Fact<Bytes> apple_gpu_limit(Bytes memory, std::optional<Bytes> recommended, std::int64_t wired_limit_mb);

// The value of iogpu.wired_limit_mb in a listing of sysctl; 0 when it has none.
std::int64_t wired_limit_mb(std::string_view sysctl);

// The GPU in the machine's memory, as much of it as `limit` says, and the Neural Engine. Nothing on a Mac whose GPU
// counts no cores (Intel).
void add_apple_gpu(const AppleGpu& gpu, const Fact<Bytes>& limit, Sightings& seen);

}  // namespace hardscape
