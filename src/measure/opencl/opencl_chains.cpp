#include "measure/opencl/opencl_chains.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "measure/accelerator/chain_reference.hpp"
#include "measure/accelerator/session_probes.hpp"
#include "measure/opencl/opencl_text.hpp"

namespace hardscape::opencl {
namespace {

using measuring::ChainType;
using measuring::Probe;
using measuring::Timing;
using measuring::Workload;

constexpr Uint k_verified_steps = 64;
constexpr Uint k_most_steps = 1u << 26;
constexpr double k_trial_s = 5e-4;    // long enough to rank the variants
constexpr double k_launch_s = 2e-3;   // hides the launch, far below any watchdog

struct Row {
  Arithmetic arithmetic;
  const char* kernel;
  const char* precision;
  const char* unit;
  int per_lane;                       // operations of one lane in one step
  const char* counting;
  std::size_t element_bytes;
};

constexpr Row k_rows[] = {
    {Arithmetic::fp32, "fp32_fma", "fp32", "flops", 2, "a fused multiply-add is two operations", 4},
    {Arithmetic::fp64, "fp64_fma", "fp64", "flops", 2, "a fused multiply-add is two operations", 8},
    {Arithmetic::fp16, "fp16_fma", "fp16", "flops", 2, "a fused multiply-add is two operations", 2},
    {Arithmetic::dot4, "int8_dot", "int8", "ops", 8, "four products and four sums a step", 4},
    {Arithmetic::char_mad, "int8_char", "int8", "ops", 2, "a product and a sum a step", 1},
};

std::vector<ChainVariant> variants_of(const DeviceInfo& info, Arithmetic arithmetic) {
  if (arithmetic == Arithmetic::dot4) return {{1, 4}, {1, 8}};
  if (arithmetic == Arithmetic::char_mad) {
    return info.is_cpu() ? std::vector<ChainVariant>{{16, 4}, {16, 8}} : std::vector<ChainVariant>{{4, 2}, {4, 4}};
  }
  // The widths are those of 256 and 512 bits on a processor; more chains than latency times pipes only cost registers.
  if (info.is_cpu()) {
    const int wide = arithmetic == Arithmetic::fp64 ? 8 : 16;
    return {{wide / 2, 8}, {wide / 2, 12}, {wide, 4}, {wide, 8}};
  }
  return {{1, 4}, {1, 8}, {2, 4}, {4, 2}, {4, 4}};
}

class ChainWorkload : public Workload {
 public:
  ChainWorkload(std::shared_ptr<Session> session, const ProbedDevice& device, const Row& row)
      : row_(row), arithmetic_(row.arithmetic), scale_(device.zeros ? 0.0f : 1.0f), session_(std::move(session)) {
    // Where fma() is emulated it costs many times a product and a sum.
    if (arithmetic_ == Arithmetic::fp32 && !device.info.has_fma_fp32) arithmetic_ = Arithmetic::fp32_mad;
    range_ = range_of(device.info, device.info.is_cpu() ? 2 : 16);
  }

  Status choose() {
    const DeviceInfo& info = session_->info();
    const std::vector<ChainVariant> variants = variants_of(info, row_.arithmetic);
    auto program = session_->build(chain_text(arithmetic_, variants), row_.arithmetic == Arithmetic::dot4 ? "-cl-std=CL3.0" : "");
    if (!program) return std::move(program).error();
    auto out = session_->buffer(range_.global * row_.element_bytes);
    if (!out) return std::move(out).error();
    out_ = *std::move(out);
    double best = 0;
    for (const ChainVariant& variant : variants) {
      auto kernel = session_->kernel(*program, variant.name().c_str());
      if (!kernel) return std::move(kernel).error();
      auto trial = steps_for(*kernel, k_trial_s);
      if (!trial) return std::move(trial).error();
      const double rate = work(variant, trial->steps) / trial->seconds;
      if (rate <= best) continue;
      best = rate;
      variant_ = variant;
      kernel_ = *std::move(kernel);
    }
    auto chosen = steps_for(kernel_, k_launch_s);
    if (!chosen) return std::move(chosen).error();
    steps_ = chosen->steps;
    return Done{};
  }

  Result<Timing> run(std::int64_t repetitions) override {
    if (auto set = set_steps(kernel_, steps_); !set) return std::move(set).error();
    auto seconds = session_->run(row_.kernel, kernel_, range_, repetitions);
    if (!seconds) return std::move(seconds).error();
    Timing timing;
    timing.seconds = *seconds;
    timing.work = static_cast<double>(repetitions) * work(variant_, steps_);
    return timing;
  }

  // A short launch of the kernel that was timed: chaos makes the smallest slip of a chain plain after 64 steps.
  Status verify() override {
    std::vector<unsigned char> out(range_.global * row_.element_bytes, 0xff);
    if (auto written = session_->write(out_, 0, out.size(), out.data()); !written) return written;
    if (auto set = set_steps(kernel_, k_verified_steps); !set) return set;
    if (auto ran = session_->run(row_.kernel, kernel_, range_, 1); !ran) return std::move(ran).error();
    if (auto read = session_->read(out_, 0, out.size(), out.data()); !read) return read;
    for (const std::size_t item : {std::size_t{0}, range_.global / 2, range_.global - 1}) {
      if (!is_right(item, out.data() + item * row_.element_bytes))
        return Error{ErrorCode::io, fmt::format("work-item {} of '{}' computed a wrong number; do not trust this device or its driver",
                                                item, row_.kernel)};
    }
    return Done{};
  }

  std::string method() const override {
    const char* const element = row_.arithmetic == Arithmetic::dot4 ? "dot product of 4 bytes" : arithmetic_ == Arithmetic::fp32_mad ? "mad float" : row_.precision;
    if (variant_.width == 1) return fmt::format("{}, {} chains", element, variant_.chains);
    return fmt::format("{} in vectors of {}, {} chains", element, variant_.width, variant_.chains);
  }

 private:
  struct Trial {
    Uint steps = 0;
    double seconds = 0;
  };

  double work(const ChainVariant& variant, Uint steps) const {
    return static_cast<double>(range_.global) * variant.width * variant.chains * row_.per_lane * steps;
  }

  Status set_steps(const Owned<Kernel>& kernel, Uint steps) const {
    const double constant = scale_ == 0 ? 0 : measuring::k_chain_constant;
    switch (arithmetic_) {
      case Arithmetic::fp64: return session_->arguments(kernel, out_, constant, steps, scale_);
      case Arithmetic::dot4: return session_->arguments(kernel, out_, scale_ == 0 ? Uint{0} : Uint{k_dot_factor}, steps, scale_);
      case Arithmetic::char_mad: return session_->arguments(kernel, out_, scale_ == 0 ? Int{0} : Int{k_char_constant}, steps, scale_);
      default: return session_->arguments(kernel, out_, static_cast<float>(constant), steps, scale_);
    }
  }

  Result<Trial> steps_for(const Owned<Kernel>& kernel, double least_s) const {
    Trial trial{64, 0};
    // The first launch also builds the kernel for this device.
    for (bool first = true;; first = false) {
      if (auto set = set_steps(kernel, trial.steps); !set) return std::move(set).error();
      auto seconds = session_->run(row_.kernel, kernel, range_, 1);
      if (!seconds) return std::move(seconds).error();
      trial.seconds = *seconds;
      if (first) continue;
      if (trial.seconds >= least_s || trial.steps >= k_most_steps) return trial;
      const double factor = std::clamp(1.2 * least_s / std::max(trial.seconds, 1e-9), 2.0, 16.0);
      trial.steps = std::min(k_most_steps, static_cast<Uint>(std::ceil(trial.steps * factor / k_unrolled)) * k_unrolled);
    }
  }

  bool is_right(std::size_t item, const unsigned char* got) const {
    const int lanes = variant_.width * variant_.chains;
    const std::uint64_t first = static_cast<std::uint64_t>(item) * static_cast<std::uint64_t>(lanes);
    const bool zeros = scale_ == 0;
    if (row_.arithmetic == Arithmetic::dot4) {
      Uint value = 0;
      std::memcpy(&value, got, sizeof value);
      return value == measuring::dot4_sum(first, variant_.chains, k_verified_steps, k_dot_factor, zeros, true);
    }
    if (row_.arithmetic == Arithmetic::char_mad)
      return *got == measuring::char_sum(first, lanes, k_verified_steps, k_char_constant, zeros);
    double value = 0;
    ChainType type = ChainType::fp64;
    double allowed = 1e-9;
    if (row_.arithmetic == Arithmetic::fp64) {
      std::memcpy(&value, got, sizeof value);
    } else if (row_.arithmetic == Arithmetic::fp32) {
      float narrow = 0;
      std::memcpy(&narrow, got, sizeof narrow);
      value = static_cast<double>(narrow);
      type = ChainType::fp32;
      allowed = 1e-4;
    } else {
      std::uint16_t bits = 0;
      std::memcpy(&bits, got, sizeof bits);
      value = measuring::half_from_bits(bits);
      type = ChainType::fp16;
      allowed = 0.008 * lanes;
    }
    // mad() rounds as the device likes, so only the chains' bounds are known: |x| <= 2 for |c| <= 2.
    if (arithmetic_ == Arithmetic::fp32_mad) return std::abs(value) <= 2.0 * lanes;
    return std::abs(value - measuring::chain_sum(type, first, variant_.width, variant_.chains, k_verified_steps, zeros)) <= allowed;
  }

  const Row& row_;
  Arithmetic arithmetic_;
  float scale_;
  std::shared_ptr<Session> session_;
  Range range_;
  Owned<Memory> out_;
  Owned<Kernel> kernel_;
  ChainVariant variant_;
  Uint steps_ = 0;
};

// Why a device cannot; empty when it can.
std::string lacking(const DeviceInfo& info, Arithmetic arithmetic) {
  if (arithmetic == Arithmetic::fp64 && !info.has_fp64) return "this device has no double precision (cl_khr_fp64)";
  if (arithmetic == Arithmetic::fp16 && !info.has_fp16) return "this device or its driver has no half precision (cl_khr_fp16)";
  return {};
}

}  // namespace

void add_chain_probes(const ProbedDevice& device, std::vector<Probe>& probes) {
  const bool has_dot = device.info.has("cl_khr_integer_dot_product");
  for (const Row& row : k_rows) {
    if (row.arithmetic == Arithmetic::dot4 && !has_dot) continue;
    if (row.arithmetic == Arithmetic::char_mad && has_dot) continue;
    Probe probe = measuring::rate_probe(device.id, "arithmetic", row.kernel, row.precision, row.unit, row.counting);
    // The record's FP16 and INT8 rates are those of matrix units, which OpenCL cannot reach.
    if (row.arithmetic == Arithmetic::fp32) probe.peak = device.fp32_peak;
    if (row.arithmetic == Arithmetic::fp16) probe.ceiling = device.fp16_peak;
    if (row.precision == std::string_view("int8")) probe.ceiling = device.int8_peak;
    probe.in_quick = row.arithmetic == Arithmetic::fp32;
    if (const std::string reason = lacking(device.info, row.arithmetic); !reason.empty()) {
      probe.refused = MeasureStatus::unsupported;
      probe.reason = reason;
    }
    probe.prepare = measuring::in_session([device] { return device.open(); }, &ChainWorkload::choose, device, std::cref(row));
    probes.push_back(std::move(probe));
  }
}

}  // namespace hardscape::opencl
