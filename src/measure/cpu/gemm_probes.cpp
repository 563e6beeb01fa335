// Matrix products through the libraries that programs here would use: OpenBLAS, BLIS or MKL, and oneDNN.
#include <algorithm>
#include <cmath>

#include "base/statistics.hpp"
#include "hardscape/load_guard.hpp"
#include "measure/cpu/crew.hpp"
#include "measure/cpu/gemm_library.hpp"

namespace hardscape::measuring {
namespace {

constexpr std::int64_t k_side = 1024;   // of the square matrices: 12 MiB in FP32, a few milliseconds on a small machine
constexpr std::int64_t k_side_quick = 512;

struct Matrices {
  std::vector<unsigned char> a, b, c;
};

class GemmWorkload : public Workload {
 public:
  GemmWorkload(const GemmKind& kind, std::shared_ptr<const Gemm> gemm, std::int64_t side, bool zeros) : kind_(kind), gemm_(std::move(gemm)), side_(side) {
    const auto count = static_cast<std::size_t>(side * side);
    m_.a.resize(count * kind.input_bytes);
    m_.b.resize(count * kind.input_bytes);
    m_.c.resize(count * kind.output_bytes);
    Splitmix random(17);
    for (auto* matrix : {&m_.a, &m_.b})
      for (std::size_t i = 0; i < count && !zeros; ++i) put_number(kind, matrix == &m_.a, matrix->data(), i, random.normal());
  }

  Result<Timing> run(std::int64_t repetitions) override {
    const auto before = read_load();
    Timing timing;
    for (std::int64_t i = 0; i < repetitions; ++i)
      if (const auto done = gemm_->multiply(side_, m_.a.data(), m_.b.data(), m_.c.data()); !done) return done.error();
    timing.seconds = read_load().at_s - before.at_s;
    const auto n = static_cast<double>(side_);
    timing.work = 2 * n * n * n * static_cast<double>(repetitions);
    return timing;
  }

  // Some elements, each against a sum in double.
  Status verify() override {
    Splitmix random(23);
    for (int i = 0; i < 64; ++i) {
      const auto row = static_cast<std::size_t>(random.below(static_cast<std::uint64_t>(side_)));
      const auto column = static_cast<std::size_t>(random.below(static_cast<std::uint64_t>(side_)));
      const auto n = static_cast<std::size_t>(side_);
      double want = 0, size = 0;
      for (std::size_t k = 0; k < n; ++k) {
        const double term = number_at(kind_, true, m_.a.data(), row * n + k) * number_at(kind_, false, m_.b.data(), k * n + column);
        want += term;
        size += std::abs(term);
      }
      const double got = output_at(kind_, m_.c.data(), row * n + column);
      if (!(std::abs(got - want) <= kind_.tolerance * size))
        return Error{ErrorCode::malformed, "element " + std::to_string(row) + ", " + std::to_string(column) + " of the product is " + std::to_string(got) + " where " +
                                               std::to_string(want) + " is right"};
    }
    return Done{};
  }
  std::string method() const override { return gemm_->library + ", " + std::to_string(side_) + " x " + std::to_string(side_); }

 private:
  const GemmKind& kind_;
  std::shared_ptr<const Gemm> gemm_;
  std::int64_t side_;
  Matrices m_;
};

}  // namespace

void add_gemm_probes(const ProbeContext& context, const Crews& crews, DeviceProbes& out) {
  const bool quick = context.options.length == MeasureLength::quick;
  for (const auto& kind : gemm_kinds()) {
    Probe p;
    p.device = "cpu";
    p.kernel = kind.kernel;
    p.metric = "rate";
    p.unit = kind.unit;
    p.group = "gemm";
    p.precision = kind.precision;
    p.counting = "a multiplication and an addition are two operations";
    p.threads = crews.all->size();
    p.set = "gemm";
    p.share = 0.7;
    p.in_quick = std::string_view(kind.precision) == "fp32";
    p.sustained = p.in_quick;
    auto gemm = std::make_shared<Gemm>();
    if (const auto opened = open_gemm(context.host, kind, crews.all->size(), *gemm); !opened) {
      p.refused = MeasureStatus::unsupported;
      p.reason = opened.error().message;
    } else {
      p.prepare = [&kind, gemm, side = quick ? k_side_quick : k_side, zeros = context.options.zeros]() -> Result<std::unique_ptr<Workload>> {
        return std::unique_ptr<Workload>(new GemmWorkload(kind, gemm, side, zeros));
      };
    }
    out.probes.push_back(std::move(p));
  }
}

}  // namespace hardscape::measuring
