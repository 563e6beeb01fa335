#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "measure/accelerator/narrow_numbers.hpp"
#include "measure/accelerator/session_probes.hpp"
#include "measure/cuda/cuda_probes.hpp"
#include "measure/cuda/cuda_text.hpp"

namespace hardscape::cuda {
namespace {

using measuring::NumberType;
using measuring::Probe;
using measuring::Timing;
using measuring::Workload;

constexpr unsigned k_tile_block = 256;
constexpr unsigned k_tile_blocks_per_unit = 4;
constexpr std::size_t k_lane_words = 6;
constexpr std::size_t k_words = 32 * k_lane_words;
constexpr std::uint32_t k_verified_tile_steps = 16;
constexpr std::uint32_t k_most_tile_steps = 1u << 24;
constexpr double k_tile_launch_s = 2e-3;

struct TileRow {
  Tile tile;
  const char* kernel;
  const char* precision;
  const char* unit;
  NumberType type;
};

constexpr TileRow k_tiles[] = {
    {Tile::fp16, "mma_fp16", "fp16", "flops", NumberType::fp16}, {Tile::bf16, "mma_bf16", "bf16", "flops", NumberType::bf16},
    {Tile::tf32, "mma_tf32", "tf32", "flops", NumberType::fp32}, {Tile::fp8, "mma_fp8", "fp8", "flops", NumberType::fp8},
    {Tile::int8, "mma_int8", "int8", "ops", NumberType::int8},
};

class TileWorkload : public Workload {
 public:
  TileWorkload(std::shared_ptr<Session> session, const TileRow& row, bool zeros) : session_(std::move(session)), row_(row), zeros_(zeros) {
    grid_ = static_cast<unsigned>(session_->info().multiprocessors) * k_tile_blocks_per_unit;
  }

  Status choose() {
    auto out = Buffer::take(session_, std::uint64_t{grid_} * k_tile_block * sizeof(std::uint32_t));
    if (!out) return std::move(out).error();
    out_ = *std::move(out);
    auto data = Buffer::take(session_, k_words * sizeof(std::uint32_t));
    if (!data) return std::move(data).error();
    data_ = *std::move(data);
    if (auto filled = fill(false); !filled) return filled;
    double best = 0;
    for (const int accumulators : {4, 8}) {
      auto kernel = Kernel::build(session_, tile_text(row_.tile, accumulators), "tiles");
      if (!kernel) return std::move(kernel).error();
      std::uint32_t steps = 256;
      double seconds = 0;
      for (;;) {
        auto took = session_->time(row_.kernel, [&] { return enqueue(**kernel, steps); }, 1);
        if (!took) return std::move(took).error();
        seconds = *took;
        if (seconds >= k_tile_launch_s || steps >= k_most_tile_steps) break;
        steps = std::min(k_most_tile_steps, static_cast<std::uint32_t>(steps * std::clamp(1.2 * k_tile_launch_s / seconds, 2.0, 16.0)));
      }
      const double rate = static_cast<double>(steps) * accumulators / seconds;
      if (rate <= best) continue;
      best = rate;
      accumulators_ = accumulators;
      steps_ = steps;
      kernel_ = *std::move(kernel);
    }
    return Done{};
  }

  Result<Timing> run(std::int64_t repetitions) override {
    auto seconds = session_->time(row_.kernel, [&] { return enqueue(*kernel_, steps_); }, repetitions);
    if (!seconds) return std::move(seconds).error();
    const TileShape shape = shape_of(row_.tile);
    const double warps = static_cast<double>(grid_) * k_tile_block / 32;
    Timing timing;
    timing.seconds = *seconds;
    timing.work = static_cast<double>(repetitions) * warps * accumulators_ * steps_ * 2.0 * shape.m * shape.n * shape.k;
    return timing;
  }

  // With all numbers alike every element of a product is k times their square, wherever the hardware keeps it.
  Status verify() override {
    if (auto filled = fill(true); !filled) return filled;
    if (auto ran = session_->time(row_.kernel, [&] { return enqueue(*kernel_, k_verified_tile_steps); }, 1); !ran) return std::move(ran).error();
    std::uint32_t word = 0;
    if (auto read = session_->to_host(&word, out_.get() + (std::uint64_t{grid_} * k_tile_block - 1) * sizeof word, sizeof word); !read) return read;
    const int count = 4 * accumulators_;
    std::vector<unsigned char> one;
    measuring::append(one, row_.type, zeros_ ? 0 : k_alike);
    const double x = measuring::read(one.data(), row_.type);
    const double expected = count * (static_cast<double>(k_verified_tile_steps) * shape_of(row_.tile).k * x * x) + count * (count - 1) / 2.0;
    double got = 0;
    if (row_.tile == Tile::int8) {
      got = static_cast<double>(static_cast<std::int32_t>(word));
    } else {
      float narrow = 0;
      std::memcpy(&narrow, &word, sizeof narrow);
      got = static_cast<double>(narrow);
    }
    if (got != expected)
      return Error{ErrorCode::io, fmt::format("'{}' gave {} where {} is right; do not trust this device or its driver", row_.kernel, got, expected)};
    return fill(false);
  }

  std::string method() const override { return fmt::format("mma.sync, {} tiles a warp; cuBLASLt would reach more on newer cards", accumulators_); }

 private:
  static constexpr double k_alike = 2;  // exact in every type; so are the sums

  Code enqueue(const Kernel& kernel, std::uint32_t steps) const { return kernel.launch(grid_, k_tile_block, out_.get(), data_.get(), steps); }

  Status fill(bool alike) {
    const std::vector<float>& tile = random_tile(zeros_);
    const std::size_t count = k_words * 4 / measuring::bytes_of(row_.type);
    std::vector<unsigned char> bytes;
    for (std::size_t i = 0; i < count; ++i) measuring::append(bytes, row_.type, alike && !zeros_ ? k_alike : static_cast<double>(tile[i]));
    return session_->to_device(data_.get(), bytes.data(), bytes.size());
  }

  std::shared_ptr<Session> session_;
  const TileRow& row_;
  bool zeros_;
  unsigned grid_ = 1;
  Buffer out_, data_;
  std::shared_ptr<Kernel> kernel_;
  int accumulators_ = 0;
  std::uint32_t steps_ = 0;
};

}  // namespace

void add_tile_probes(const ProbedDevice& device, std::vector<Probe>& probes) {
  for (const TileRow& row : k_tiles) {
    Probe probe = measuring::rate_probe(device.id, "gemm", row.kernel, row.precision, row.unit, k_product_counting);
    if (row.tile == Tile::fp16 || row.tile == Tile::bf16) probe.peak = device.peaks.fp16;
    if (row.tile == Tile::int8) probe.peak = device.peaks.int8;
    probe.in_quick = row.tile == Tile::bf16;
    probe.set = device.id + " tiles";
    refuse_below(shape_of(row.tile).least_capability, device.info, probe);
    probe.prepare = measuring::in_session([device] { return device.open(); }, &TileWorkload::choose, std::cref(row), device.zeros);
    probes.push_back(std::move(probe));
  }
}

}  // namespace hardscape::cuda
