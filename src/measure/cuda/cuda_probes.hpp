// What the CUDA probes of one device share, and the lists of them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "measure/accelerator/device_match.hpp"
#include "measure/cuda/cublaslt.hpp"
#include "measure/cuda/cuda_session.hpp"
#include "measure/probe.hpp"

namespace hardscape::cuda {

// A device that is measured. Its session opens with the first probe that is prepared and lives as long as the
// list of probes: making a context takes a good part of a second.
struct ProbedDevice {
  std::string id;                               // "cuda0"
  Api api;
  DeviceInfo info;
  bool zeros = false;
  std::optional<Bytes> memory;                  // at most so much for buffers
  measuring::DevicePeaks peaks;
  std::shared_ptr<std::shared_ptr<Session>> session;

  Result<std::shared_ptr<Session>> open() const;
};

// Bytes of one of `count` buffers of equal size: `wanted`, less on a small device or by the user's limit; a multiple of
// the kernels' tile.
std::uint64_t buffer_bytes(const ProbedDevice& device, std::uint64_t wanted, std::uint64_t count);

// Random numbers, close to normal, as FP32; a prime number of them, so that rows of a matrix differ. Zeros on request.
const std::vector<float>& random_tile(bool zeros);

inline constexpr const char* k_product_counting = "a product and a sum are two operations; dense";
// Refuses a probe on a device below a compute capability (80 is 8.0), with the reason.
void refuse_below(int least_capability, const DeviceInfo& info, measuring::Probe& probe);

// Bandwidth of the device's memory: read, write, copy, triad.
void add_memory_probes(const ProbedDevice& device, std::vector<measuring::Probe>& probes);
// Rates of chains of fused multiply-adds, and of 8-bit dot products.
void add_chain_probes(const ProbedDevice& device, std::vector<measuring::Probe>& probes);
// Copies between host and device, and what a launch costs.
void add_link_probes(const ProbedDevice& device, std::vector<measuring::Probe>& probes);
// Matrix products of the tensor cores by mma.sync, where cuBLASLt is not there.
void add_tile_probes(const ProbedDevice& device, std::vector<measuring::Probe>& probes);

// Matrix products of the tensor cores through cuBLASLt.
void add_gemm_probes(const ProbedDevice& device, const blas::Api& library, std::vector<measuring::Probe>& probes);

}  // namespace hardscape::cuda
