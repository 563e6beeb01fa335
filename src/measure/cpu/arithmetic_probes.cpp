// Arithmetic rates in registers, each precision and instruction set; what one core does and what all do.
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>

#include "base/statistics.hpp"
#include "measure/cpu/crew.hpp"
#include "measure/cpu/kernels/arithmetic_kernels.hpp"
#include "measure/cpu/reference.hpp"
#include "measure/cpu/vector_units.hpp"

namespace hardscape::measuring {
#if defined(__aarch64__)
int sve_bytes();
#endif
namespace {

constexpr std::size_t k_tile_bytes = 1024;
constexpr std::int64_t k_block_turns = 8192;   // handed to a thread at a time: tens of microseconds

bool uses_tiles(const ArithmeticKernel& k) { return k.recipe == Recipe::tile_bytes || k.recipe == Recipe::tile_bf16; }

// Scalar kernels move whole registers of 16 bytes, and SVE says how long its own are.
std::size_t moved_bytes(const ArithmeticKernel& k) {
#if defined(__aarch64__)
  if (k.register_bytes == 0) return static_cast<std::size_t>(sve_bytes());
#endif
  return std::max<std::size_t>(16, static_cast<std::size_t>(k.register_bytes));
}

double work_of_step(const ArithmeticKernel& k) { return k.work > 0 ? k.work : 2.0 * static_cast<double>(moved_bytes(k)) / k.lane_bytes; }

// Linux hands the tiles' registers out to processes that ask (kernel documentation, x86/xstate).
bool may_use_tiles() {
#if defined(__linux__) && defined(__x86_64__)
  constexpr long k_request_permission = 0x1023, k_tile_data = 18;
  return ::syscall(SYS_arch_prctl, k_request_permission, k_tile_data) == 0;
#else
  return false;
#endif
}

struct alignas(128) Desk {   // of one thread
  unsigned char accumulators[k_most_accumulators * k_tile_bytes];
  unsigned char operands[4 * k_operand_bytes];
};

class ArithmeticWorkload final : public Workload {
 public:
  ArithmeticWorkload(const ArithmeticKernel& kernel, std::shared_ptr<Team> team, const std::shared_ptr<std::optional<int>>& choice, bool zeros)
      : kernel_(kernel), team_(std::move(team)), desks_(static_cast<std::size_t>(team_->size())), data_(chain_data(kernel, moved_bytes(kernel), 5)) {
    if (zeros) {
      std::fill(data_.operands.begin(), data_.operands.end(), static_cast<unsigned char>(0));
      std::fill(data_.accumulators.begin(), data_.accumulators.end(), static_cast<unsigned char>(0));
    }
    for (auto& desk : desks_) lay_out(desk);
    if (!*choice) *choice = choose();
    variant_ = **choice;
  }

  Result<Timing> run(std::int64_t repetitions) override {
    // Blocks are taken as they come, so that a slower kind of core does fewer of them.
    std::atomic<std::int64_t> next{0};
    const std::int64_t blocks = repetitions * team_->size();
    const auto& variant = kernel_.variants[variant_];
    Timing timing = team_->run([&](int thread) {
      Desk& desk = desks_[static_cast<std::size_t>(thread)];
      while (next.fetch_add(1, std::memory_order_relaxed) < blocks) variant.run(desk.accumulators, desk.operands, k_block_turns);
    });
    timing.work = static_cast<double>(blocks) * static_cast<double>(k_block_turns) * kernel_.steps * variant.accumulators * work_of_step(kernel_);
    return timing;
  }

  Status verify() override {
    constexpr int k_turns = 100;
    Desk& desk = desks_.front();
    lay_out(desk);
    const auto& variant = kernel_.variants[variant_];
    team_->run([&](int thread) {
      if (thread == 0) variant.run(desk.accumulators, desk.operands, k_turns);
    });
    return check_chain(kernel_, moved_bytes(kernel_), variant.accumulators, k_turns, data_.accumulators, data_.operands, desk.accumulators);
  }

  std::string method() const override {
    return std::string(kernel_.instruction) + ", " + std::to_string(kernel_.variants[variant_].accumulators) + " accumulators";
  }

 private:
  void lay_out(Desk& desk) const {
    std::memcpy(desk.accumulators, data_.accumulators.data(), data_.accumulators.size());
    std::memcpy(desk.operands, data_.operands.data(), data_.operands.size());
  }

  // How many accumulators hide the latency depends on the core: the fastest of a few.
  int choose() {
    int best = 0;
    double best_rate = 0;
    for (int round = 0; round < 3; ++round)
      for (int i = 0; i < 5 && kernel_.variants[i].accumulators > 0; ++i) {
        variant_ = i;
        constexpr std::int64_t k_blocks = 24;
        const auto timing = run(k_blocks);
        if (timing && timing->work / timing->seconds > best_rate) best = i, best_rate = timing->work / timing->seconds;
      }
    return best;
  }

  const ArithmeticKernel& kernel_;
  std::shared_ptr<Team> team_;
  std::vector<Desk> desks_;
  ChainData data_;
  int variant_ = 0;
};

struct Bounds {
  std::optional<Peak> peak, ceiling;
};

// Operations a cycle. A kernel of one instruction a step has the peak of the units it runs on.
Bounds bounds_of(const ArithmeticKernel& k, const std::optional<VectorUnits>& units, int threads) {
  Bounds out;
  const bool one_instruction = k.recipe == Recipe::fma || k.recipe == Recipe::half_fma || k.recipe == Recipe::bf16_pairs ||
                               (k.recipe == Recipe::bytes_us && std::string_view(k.name).ends_with("vnni"));
  const std::string cores = std::to_string(threads) + (threads == 1 ? " core" : " cores");
  const auto per_cycle = [](double x) { return std::to_string(static_cast<long>(std::lround(x))); };
  if (units && one_instruction) {
    const double width = 8.0 * k.register_bytes;
    const double per_core = units->units * work_of_step(k) * std::min(1.0, units->unit_bits / width);
    Peak peak{threads * per_core, cores + " x " + (units->up_to ? "up to " : "") + per_cycle(per_core) + " a cycle (" + units->core + ")"};
    // Some cores do BF16 products at half rate; then this bounds it and is no peak to be compared with.
    (k.recipe == Recipe::bf16_pairs || units->up_to ? out.ceiling : out.peak) = std::move(peak);
    return out;
  }
  if (uses_tiles(k)) {
    // A product of two full tiles takes 16 cycles (Intel, Optimization Reference Manual, Intel AMX).
    const double per_core = work_of_step(k) / 16;
    out.peak = Peak{threads * per_core, cores + " x " + per_cycle(per_core) + " a cycle (AMX)"};
    return out;
  }
#if defined(__x86_64__)
  constexpr double k_most_steps = 2;
#else
  constexpr double k_most_steps = 6;
#endif
  const double per_core = k_most_steps * work_of_step(k);
  out.ceiling = Peak{threads * per_core, cores + " x " + per_cycle(per_core) + " a cycle, which no core known to us exceeds"};
  return out;
}

bool is_usable(const ArithmeticKernel& k, const Processor& processor) { return has_features(processor, k.needs); }

Probe arithmetic_probe(const ProbeContext& context, const ArithmeticKernel& k, const std::shared_ptr<Crew>& crew, std::string metric,
                       const std::optional<VectorUnits>& units) {
  Probe p;
  p.device = "cpu";
  p.kernel = k.name;
  p.metric = std::move(metric);
  p.unit = k.unit;
  p.group = "arithmetic";
  p.precision = k.precision;
  p.counting = "a multiplication and an addition are two operations";
  p.threads = crew->size();
  p.set = "arithmetic";
  p.per_clock = true;
  p.sample_s = 0.015;
  p.share = 0.7;
  const auto bounds = bounds_of(k, units, crew->size());
  p.peak = bounds.peak;
  p.ceiling = bounds.ceiling;
  p.prepare = [&k, crew, choice = std::make_shared<std::optional<int>>(), zeros = context.options.zeros]() -> Result<std::unique_ptr<Workload>> {
    if (uses_tiles(k) && !may_use_tiles()) return Error{ErrorCode::unsupported, "the system does not let this process use the matrix tiles"};
    return std::unique_ptr<Workload>(new ArithmeticWorkload(k, crew->team(), choice, zeros));
  };
  return p;
}

#if defined(__x86_64__)
class ConversionWorkload : public Workload {
 public:
  explicit ConversionWorkload(std::shared_ptr<Team> team) : team_(std::move(team)), sums_(static_cast<std::size_t>(team_->size())) {
    Splitmix random(3);
    for (auto& half : data_.halves) half = float_to_half(static_cast<float>(random.normal()));
  }
  Result<Timing> run(std::int64_t repetitions) override {
    Timing timing = team_->run([&](int thread) { sums_[static_cast<std::size_t>(thread)].value = convert_halves(data_.halves, k_count, 16 * repetitions); });
    timing.work = 16.0 * static_cast<double>(repetitions) * k_count * team_->size();
    return timing;
  }
  Status verify() override {
    team_->run([&](int thread) { sums_[static_cast<std::size_t>(thread)].value = convert_halves(data_.halves, k_count, 1); });
    double want = 0;
    for (const auto half : data_.halves) want += double{half_to_float(half)};
    for (const auto& sum : sums_)
      if (!(std::abs(double{sum.value} - want) < 0.05)) return Error{ErrorCode::malformed, "the converted numbers add up to " + std::to_string(sum.value) + " where " + std::to_string(want) + " is right"};
    return Done{};
  }
  std::string method() const override { return "vcvtph2ps, 256 bits, from the first cache"; }

 private:
  static constexpr std::size_t k_count = 4096;
  struct alignas(64) Data {
    std::uint16_t halves[k_count];
  };
  struct alignas(128) Sum {
    float value = 0;
  };
  std::shared_ptr<Team> team_;
  Data data_{};
  std::vector<Sum> sums_;
};

void add_conversion(const Crews& crews, const Processor& processor, DeviceProbes& out) {
  if (!has_features(processor, "f16c avx2")) return;
  Probe p;
  p.device = "cpu";
  p.kernel = "fp16_to_fp32";
  p.metric = "rate";
  p.unit = "values_per_s";
  p.group = "arithmetic";
  p.counting = "FP16 numbers widened to FP32, which is how a processor without FP16 arithmetic computes with them";
  p.threads = crews.all->size();
  p.set = "arithmetic";
  p.sample_s = 0.015;
  p.share = 0.5;
  p.per_clock = true;
  p.ceiling = Peak{16.0 * crews.all->size(), std::to_string(crews.all->size()) + " cores x 16 a cycle, which no core known to us exceeds"};
  p.prepare = [crew = crews.all]() -> Result<std::unique_ptr<Workload>> { return std::unique_ptr<Workload>(new ConversionWorkload(crew->team())); };
  out.probes.push_back(std::move(p));
}
#endif

}  // namespace

void add_arithmetic_probes(const ProbeContext& context, const Crews& crews, DeviceProbes& out) {
  if (context.machine.processors.empty()) return;
  const Processor& processor = context.machine.processors.front();
  const auto units = vector_units(processor, core_model(context.host.cpuid));
  for (const auto* at = k_arithmetic_kernels; *at != nullptr; ++at) {
    const ArithmeticKernel& k = **at;
    auto p = arithmetic_probe(context, k, crews.all, "rate", units);
    if (!is_usable(k, processor)) {
      p.refused = MeasureStatus::unsupported;
      p.reason = "needs " + std::string(k.needs) + ", which this processor or its system does not offer";
      out.probes.push_back(std::move(p));
      continue;
    }
    bool widest = true;
    for (const auto* later = at + 1; *later != nullptr; ++later)
      widest = widest && !(std::string_view((*later)->precision) == k.precision && is_usable(**later, processor));
    p.in_quick = widest;
    p.sustained = widest && std::string_view(k.precision) == "fp32";
    out.probes.push_back(std::move(p));
    if (widest && crews.all->size() > 1) out.probes.push_back(arithmetic_probe(context, k, crews.one, "rate_one_thread", units));
  }
#if defined(__x86_64__)
  add_conversion(crews, processor, out);
#endif
}

}  // namespace hardscape::measuring
