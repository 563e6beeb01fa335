#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "measure/accelerator/test_data.hpp"
#include "measure/accelerator/session_probes.hpp"
#include "measure/cuda/cuda_probes.hpp"
#include "measure/cuda/cuda_text.hpp"

namespace hardscape::cuda {
namespace {

using measuring::Probe;
using measuring::Timing;
using measuring::Workload;

enum class Traffic { read, write, copy, triad };

struct StreamRow {
  Traffic traffic;
  const char* kernel;   // of the result
  const char* function; // of the module
  int buffers;
  const char* counting;
};

constexpr StreamRow k_streams[] = {
    {Traffic::read, "read", "read_sum", 1, "bytes read"},
    {Traffic::write, "write", "write_pattern", 1, "bytes written"},
    {Traffic::copy, "copy", "copy", 2, "bytes read and bytes written"},
    {Traffic::triad, "triad", "triad", 3, "bytes of two reads and a write"},
};

constexpr std::uint64_t k_vector_bytes = 16;
constexpr float k_triad_factor = 0.7f;
constexpr std::uint32_t k_write_factor = 0x9e3779b1u;
constexpr std::uint64_t k_shift_of_second = 123'457;   // of the second buffer's numbers against the first's
constexpr int k_sampled_elements = 64;

// How a launch is divided.
struct Shape {
  unsigned block = 256;
  unsigned grid = 1;
  bool by_engine = false;   // cuMemcpyDtoD in place of a kernel
  std::string name;
};

struct Buffers {
  std::shared_ptr<Session> session;
  Buffer a, b, c, sums;
  std::uint64_t vectors = 0;
  std::vector<float> tile;
  bool zeros = false;
};

Result<std::shared_ptr<Buffers>> make_buffers(const ProbedDevice& device) {
  auto session = device.open();
  if (!session) return std::move(session).error();
  auto made = std::make_shared<Buffers>();
  made->session = *session;
  made->zeros = device.zeros;
  made->tile = random_tile(device.zeros);
  const std::uint64_t bytes = buffer_bytes(device, std::max<std::uint64_t>(std::uint64_t{1} << 30, 8 * device.info.l2), 3);
  made->vectors = bytes / k_vector_bytes;
  for (Buffer* const slot : {&made->a, &made->b, &made->c}) {
    auto buffer = Buffer::take(*session, bytes);
    if (!buffer) return std::move(buffer).error();
    *slot = *std::move(buffer);
  }
  auto sums = Buffer::take(*session, static_cast<std::uint64_t>(device.info.multiprocessors) * 32 * 1024 * sizeof(float));
  if (!sums) return std::move(sums).error();
  made->sums = *std::move(sums);
  const std::vector<float>& tile = made->tile;
  std::vector<float> shifted(tile.size());
  std::rotate_copy(tile.begin(), tile.begin() + static_cast<std::ptrdiff_t>(k_shift_of_second % tile.size()), tile.end(), shifted.begin());
  const std::size_t tile_bytes = tile.size() * sizeof(float);
  if (auto filled = (*session)->repeat(made->a.get(), bytes, tile.data(), tile_bytes); !filled) return std::move(filled).error();
  if (auto filled = (*session)->repeat(made->b.get(), bytes, shifted.data(), tile_bytes); !filled) return std::move(filled).error();
  if (auto filled = (*session)->repeat(made->c.get(), bytes, shifted.data(), tile_bytes); !filled) return std::move(filled).error();
  return made;
}

class StreamWorkload : public Workload {
 public:
  StreamWorkload(std::shared_ptr<Buffers> buffers, const StreamRow& row) : buffers_(std::move(buffers)), row_(row) {}

  // Tries each way of dividing the work and keeps the fastest.
  Status choose() {
    auto kernel = Kernel::build(buffers_->session, memory_text(), row_.function);
    if (!kernel) return std::move(kernel).error();
    kernel_ = *std::move(kernel);
    double best_s = 0;
    for (const Shape& shape : shapes()) {
      double seconds = 0;
      for (int pass = 0; pass < 2; ++pass) {
        auto took = on().time(row_.kernel, [&] { return enqueue(shape); }, pass == 0 ? 1 : 3);
        if (!took) return std::move(took).error();
        seconds = *took;
      }
      if (best_s != 0 && seconds >= best_s) continue;
      best_s = seconds;
      shape_ = shape;
    }
    return Done{};
  }

  Result<Timing> run(std::int64_t repetitions) override {
    auto seconds = on().time(row_.kernel, [&] { return enqueue(shape_); }, repetitions);
    if (!seconds) return std::move(seconds).error();
    Timing timing;
    timing.seconds = *seconds;
    timing.work = static_cast<double>(repetitions) * static_cast<double>(buffers_->vectors * k_vector_bytes) * row_.buffers;
    return timing;
  }

  Status verify() override { return row_.traffic == Traffic::read ? verify_sums() : verify_elements(); }
  std::string method() const override { return shape_.name; }

 private:
  const Session& on() const { return *buffers_->session; }

  std::vector<Shape> shapes() const {
    std::vector<Shape> shapes;
    const auto units = static_cast<unsigned>(on().info().multiprocessors);
    for (const unsigned block : {256u, 512u, 1024u}) {
      const std::uint64_t tiles = buffers_->vectors / (4ull * block);
      // One block a tile; not for sums, which would then be a good part of the traffic.
      if (row_.traffic != Traffic::read) shapes.push_back({block, static_cast<unsigned>(std::min<std::uint64_t>(tiles, 0x7fffffff)), false, fmt::format("a block of {} threads for each {} KiB", block, 64 * block / 1024)});
      for (const unsigned threads : {2048u, 8192u}) {
        const std::uint64_t grid = std::min<std::uint64_t>(tiles, std::uint64_t{units} * (threads / block));
        shapes.push_back({block, static_cast<unsigned>(grid), false, fmt::format("blocks of {} threads, {} threads a multiprocessor", block, threads)});
      }
    }
    if (row_.traffic == Traffic::copy) shapes.push_back({0, 0, true, "cuMemcpyDtoD"});
    return shapes;
  }

  Code enqueue(const Shape& shape) const {
    const Buffers& of = *buffers_;
    const std::uint64_t vectors = of.vectors;
    if (shape.by_engine) return on().api().copy_on_device_async(of.c.get(), of.a.get(), static_cast<std::size_t>(vectors * k_vector_bytes), on().stream());
    switch (row_.traffic) {
      case Traffic::read: return kernel_->launch(shape.grid, shape.block, of.a.get(), of.sums.get(), vectors);
      case Traffic::write: return kernel_->launch(shape.grid, shape.block, of.c.get(), vectors, of.zeros ? std::uint32_t{0} : k_write_factor);
      case Traffic::copy: return kernel_->launch(shape.grid, shape.block, of.a.get(), of.c.get(), vectors);
      case Traffic::triad: return kernel_->launch(shape.grid, shape.block, of.a.get(), of.b.get(), of.c.get(), k_triad_factor, vectors);
    }
    return k_success;
  }

  double element(std::uint64_t i, std::uint64_t shift) const {
    return static_cast<double>(buffers_->tile[static_cast<std::size_t>((i % buffers_->tile.size() + shift) % buffers_->tile.size())]);
  }

  bool is_right(std::uint64_t i, float got) const {
    if (row_.traffic == Traffic::write) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &got, sizeof bits);
      return bits == (buffers_->zeros ? 0 : static_cast<std::uint32_t>(i / 4) * k_write_factor);
    }
    const double a = element(i, 0);
    if (row_.traffic == Traffic::copy) return static_cast<double>(got) == a;
    const double b = static_cast<double>(k_triad_factor) * element(i, k_shift_of_second);
    return std::abs(static_cast<double>(got) - (a + b)) <= 1e-6 * (std::abs(a) + std::abs(b));
  }

  // Spoils the target at some places, runs once more and looks there.
  Status verify_elements() {
    const std::uint64_t count = buffers_->vectors * (k_vector_bytes / sizeof(float));
    const auto place = [&](int k) { return k == 0 ? 0 : k == 1 ? count - 1 : measuring::mixed(static_cast<std::uint64_t>(k)) % count; };
    const std::uint32_t wrong = 0x7fc0dead;
    for (int k = 0; k < k_sampled_elements; ++k) {
      if (auto written = on().to_device(buffers_->c.get() + place(k) * sizeof(float), &wrong, sizeof wrong); !written) return written;
    }
    if (auto ran = on().time(row_.kernel, [&] { return enqueue(shape_); }, 1); !ran) return std::move(ran).error();
    for (int k = 0; k < k_sampled_elements; ++k) {
      float got = 0;
      if (auto read = on().to_host(&got, buffers_->c.get() + place(k) * sizeof(float), sizeof got); !read) return read;
      if (!is_right(place(k), got))
        return Error{ErrorCode::io, fmt::format("element {} of {} came out wrong after '{}'; do not trust this device or its driver", place(k), count, row_.kernel)};
    }
    return Done{};
  }

  Status verify_sums() {
    std::vector<float> sums(static_cast<std::size_t>(shape_.grid) * shape_.block, std::nanf(""));
    const std::size_t bytes = sums.size() * sizeof(float);
    if (auto written = on().to_device(buffers_->sums.get(), sums.data(), bytes); !written) return written;
    if (auto ran = on().time(row_.kernel, [&] { return enqueue(shape_); }, 1); !ran) return std::move(ran).error();
    if (auto read = on().to_host(sums.data(), buffers_->sums.get(), bytes); !read) return read;
    const std::uint64_t tile = 4ull * shape_.block;
    for (const std::size_t thread : {std::size_t{0}, sums.size() / 2, sums.size() - 1}) {
      double expected = 0;
      std::uint64_t summed = 0;
      const std::uint64_t first = thread / shape_.block * tile + thread % shape_.block;
      for (std::uint64_t v = first; v < buffers_->vectors; v += tile * shape_.grid) {
        for (std::uint64_t part = 0; part < 4; ++part) {
          for (std::uint64_t lane = 0; lane < 4; ++lane) expected += element((v + part * shape_.block) * 4 + lane, 0);
        }
        summed += 16;
      }
      const double allowed = 1e-3 * std::sqrt(static_cast<double>(summed) + 1);
      if (!(std::abs(static_cast<double>(sums[thread]) - expected) <= allowed))
        return Error{ErrorCode::io, fmt::format("thread {} summed to {} where {:.4f} is right; do not trust this device or its driver", thread, sums[thread], expected)};
    }
    return Done{};
  }

  std::shared_ptr<Buffers> buffers_;
  const StreamRow& row_;
  std::shared_ptr<Kernel> kernel_;
  Shape shape_;
};

}  // namespace

std::uint64_t buffer_bytes(const ProbedDevice& device, std::uint64_t wanted, std::uint64_t count) {
  std::uint64_t bytes = std::min(wanted, std::uint64_t{4} << 30);
  if (device.info.memory != 0) bytes = std::min(bytes, device.info.memory / (2 * count));
  if (device.memory && device.memory->value > 0) bytes = std::min(bytes, static_cast<std::uint64_t>(device.memory->value) / count);
  return std::max<std::uint64_t>(bytes / k_tile_bytes, 1) * k_tile_bytes;
}

const std::vector<float>& random_tile(bool zeros) {
  constexpr std::size_t k_count = 1'048'573;
  static const std::vector<float> k_zeros(k_count);
  static const std::vector<float> k_numbers = [] {
    std::vector<float> numbers(k_count);
    for (std::size_t i = 0; i < k_count; ++i) numbers[i] = measuring::normal_at(i);
    return numbers;
  }();
  return zeros ? k_zeros : k_numbers;
}

void add_memory_probes(const ProbedDevice& device, std::vector<Probe>& probes) {
  const auto buffers = measuring::shared_by_probes<Buffers>([device] { return make_buffers(device); });
  for (const StreamRow& row : k_streams) {
    Probe probe = measuring::stream_probe(device.id, row.kernel, row.counting, device.peaks.bandwidth);
    probe.in_quick = row.traffic == Traffic::copy;
    probe.prepare = measuring::in_session(buffers, &StreamWorkload::choose, std::cref(row));
    probes.push_back(std::move(probe));
  }
}

}  // namespace hardscape::cuda
