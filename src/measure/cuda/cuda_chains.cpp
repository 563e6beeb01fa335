#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "measure/accelerator/chain_reference.hpp"
#include "measure/accelerator/session_probes.hpp"
#include "measure/cuda/cuda_probes.hpp"
#include "measure/cuda/cuda_text.hpp"

namespace hardscape::cuda {
namespace {

using measuring::ChainType;
using measuring::Probe;
using measuring::Timing;
using measuring::Workload;

constexpr unsigned k_block = 256;
constexpr unsigned k_blocks_per_unit = 8;
constexpr std::uint32_t k_verified_steps = 64;
constexpr std::uint32_t k_most_steps = 1u << 26;
constexpr std::uint32_t k_dot_factor = 0x5b7f3d69;
constexpr double k_launch_s = 2e-3;   // hides the launch, far below the watchdog of a display

struct Row {
  Chain chain;
  const char* kernel;
  const char* precision;
  const char* unit;
  int per_step;                // operations of one chain in one step
  int lanes;
  std::size_t bytes;           // of what a thread stores
  int least_capability;
  const char* counting;
};

constexpr Row k_rows[] = {
    {Chain::fp32, "fp32_fma", "fp32", "flops", 2, 1, 4, 50, "a fused multiply-add is two operations"},
    {Chain::fp64, "fp64_fma", "fp64", "flops", 2, 1, 8, 50, "a fused multiply-add is two operations"},
    {Chain::fp16x2, "fp16_fma", "fp16", "flops", 4, 2, 4, 53, "a fused multiply-add of a pair is four operations"},
    {Chain::dp4a, "int8_dp4a", "int8", "ops", 8, 1, 4, 61, "four products and four sums a step"},
};

class ChainWorkload : public Workload {
 public:
  ChainWorkload(std::shared_ptr<Session> session, const Row& row, bool zeros) : session_(std::move(session)), row_(row), zeros_(zeros) {
    grid_ = static_cast<unsigned>(session_->info().multiprocessors) * k_blocks_per_unit;
  }

  Status choose() {
    auto out = Buffer::take(session_, static_cast<std::uint64_t>(threads()) * row_.bytes);
    if (!out) return std::move(out).error();
    out_ = *std::move(out);
    double best = 0;
    for (const int chains : {2, 4, 8}) {
      auto kernel = Kernel::build(session_, chain_text(row_.chain, chains), "chain");
      if (!kernel) return std::move(kernel).error();
      std::uint32_t steps = 512;
      double seconds = 0;
      for (;;) {
        auto took = session_->time(row_.kernel, [&] { return enqueue(**kernel, steps); }, 1);
        if (!took) return std::move(took).error();
        seconds = *took;
        if (seconds >= k_launch_s || steps >= k_most_steps) break;
        const double factor = std::clamp(1.2 * k_launch_s / seconds, 2.0, 16.0);
        steps = std::min(k_most_steps, static_cast<std::uint32_t>(std::ceil(steps * factor / k_unrolled)) * k_unrolled);
      }
      const double rate = static_cast<double>(steps) * chains / seconds;
      if (rate <= best) continue;
      best = rate;
      chains_ = chains;
      steps_ = steps;
      kernel_ = *std::move(kernel);
    }
    return Done{};
  }

  Result<Timing> run(std::int64_t repetitions) override {
    auto seconds = session_->time(row_.kernel, [&] { return enqueue(*kernel_, steps_); }, repetitions);
    if (!seconds) return std::move(seconds).error();
    Timing timing;
    timing.seconds = *seconds;
    timing.work = static_cast<double>(repetitions) * static_cast<double>(threads()) * chains_ * row_.per_step * steps_;
    return timing;
  }

  // A short launch of the kernel that was timed: chaos makes the smallest slip of a chain plain after 64 steps.
  Status verify() override {
    std::vector<unsigned char> out(threads() * row_.bytes, 0xff);
    if (auto written = session_->to_device(out_.get(), out.data(), out.size()); !written) return written;
    if (auto ran = session_->time(row_.kernel, [&] { return enqueue(*kernel_, k_verified_steps); }, 1); !ran) return std::move(ran).error();
    if (auto read = session_->to_host(out.data(), out_.get(), out.size()); !read) return read;
    for (const std::size_t thread : {std::size_t{0}, threads() / 2, threads() - 1}) {
      if (!is_right(thread, out.data() + thread * row_.bytes))
        return Error{ErrorCode::io, fmt::format("thread {} of '{}' computed a wrong number; do not trust this device or its driver", thread, row_.kernel)};
    }
    return Done{};
  }

  std::string method() const override { return fmt::format("{} chains, {} threads a multiprocessor", chains_, k_block * k_blocks_per_unit); }

 private:
  std::size_t threads() const { return static_cast<std::size_t>(grid_) * k_block; }

  Code enqueue(const Kernel& kernel, std::uint32_t steps) const {
    const std::uint32_t scale = zeros_ ? 0 : 1;
    const double c = zeros_ ? 0 : measuring::k_chain_constant;
    switch (row_.chain) {
      case Chain::fp64: return kernel.launch(grid_, k_block, out_.get(), steps, c, scale);
      case Chain::fp32: return kernel.launch(grid_, k_block, out_.get(), steps, static_cast<float>(c), scale);
      case Chain::fp16x2: return kernel.launch(grid_, k_block, out_.get(), steps, std::uint32_t{measuring::half_bits(c)} * 0x10001u, scale);
      case Chain::dp4a: return kernel.launch(grid_, k_block, out_.get(), steps, zeros_ ? std::uint32_t{0} : k_dot_factor, scale);
    }
    return k_success;
  }

  bool is_right(std::size_t thread, const unsigned char* got) const {
    const std::uint64_t first = static_cast<std::uint64_t>(thread) * static_cast<std::uint64_t>(chains_ * row_.lanes);
    std::uint32_t word = 0;
    std::memcpy(&word, got, sizeof word);
    switch (row_.chain) {
      case Chain::dp4a: return word == measuring::dot4_sum(first, chains_, k_verified_steps, k_dot_factor, zeros_, false);
      case Chain::fp32: {
        float value = 0;
        std::memcpy(&value, got, sizeof value);
        return static_cast<double>(value) == measuring::chain_sum(ChainType::fp32, first, 1, chains_, k_verified_steps, zeros_);
      }
      case Chain::fp64: {
        double value = 0;
        std::memcpy(&value, got, sizeof value);
        return value == measuring::chain_sum(ChainType::fp64, first, 1, chains_, k_verified_steps, zeros_);
      }
      case Chain::fp16x2:
        // The two lanes are summed apart.
        for (int lane = 0; lane < 2; ++lane) {
          double expected = 0;
          for (int chain = 0; chain < chains_; ++chain) {
            const std::uint64_t k = first + static_cast<std::uint64_t>(2 * chain + lane);
            const double end = zeros_ ? 0 : measuring::chain_after(ChainType::fp16, measuring::chain_start(k), measuring::k_chain_constant, k_verified_steps);
            expected = chain == 0 ? end : measuring::rounded_to_half(expected + end);
          }
          if (measuring::half_from_bits(static_cast<std::uint16_t>(word >> (16 * lane))) != expected) return false;
        }
        return true;
    }
    return false;
  }

  std::shared_ptr<Session> session_;
  const Row& row_;
  bool zeros_;
  unsigned grid_ = 1;
  Buffer out_;
  std::shared_ptr<Kernel> kernel_;
  int chains_ = 0;
  std::uint32_t steps_ = 0;
};

}  // namespace

void add_chain_probes(const ProbedDevice& device, std::vector<Probe>& probes) {
  for (const Row& row : k_rows) {
    Probe probe = measuring::rate_probe(device.id, "arithmetic", row.kernel, row.precision, row.unit, row.counting);
    // The record's FP16 and INT8 rates are those of the tensor cores, which these kernels do not use.
    if (row.chain == Chain::fp32) probe.peak = device.peaks.fp32;
    if (row.chain == Chain::fp16x2) probe.ceiling = device.peaks.fp16;
    if (row.chain == Chain::dp4a) probe.ceiling = device.peaks.int8;
    probe.in_quick = row.chain == Chain::fp32;
    probe.sustained = row.chain == Chain::fp32;
    if (device.info.capability < row.least_capability) {
      probe.refused = MeasureStatus::unsupported;
      probe.reason = fmt::format("compute capability {}.{} has no such instruction", device.info.capability / 10, device.info.capability % 10);
    }
    probe.prepare = measuring::in_session([device] { return device.open(); }, &ChainWorkload::choose, std::cref(row), device.zeros);
    probes.push_back(std::move(probe));
  }
}

}  // namespace hardscape::cuda
