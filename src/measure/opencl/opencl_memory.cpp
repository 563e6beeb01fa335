#include "measure/opencl/opencl_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "measure/accelerator/session_probes.hpp"
#include "measure/accelerator/test_data.hpp"
#include "measure/opencl/opencl_text.hpp"

namespace hardscape::opencl {
namespace {

using measuring::normal_at;
using measuring::Probe;
using measuring::Timing;
using measuring::Workload;

enum class Stream { read, write, copy, triad };

struct StreamRow {
  Stream stream;
  const char* kernel;
  int buffers;           // that each pass goes over
  const char* counting;
};

constexpr StreamRow k_streams[] = {
    {Stream::read, "read", 1, "bytes read"},
    {Stream::write, "write", 1, "bytes written"},
    {Stream::copy, "copy", 2, "bytes read and bytes written"},
    {Stream::triad, "triad", 3, "bytes of two reads and a write"},
};

constexpr float k_triad_factor = 0.7f;
constexpr Uint k_write_factor = 0x9e3779b1u;
constexpr std::uint64_t k_buffer_step = std::uint64_t{1} << 40;  // buffer b starts here in the sequence of numbers
constexpr int k_sampled = 64;

std::vector<int> widths_of(const DeviceInfo& info) { return info.is_cpu() ? std::vector{8, 16} : std::vector{1, 2, 4}; }
std::vector<std::size_t> groups_of(const DeviceInfo& info) {
  return info.is_cpu() ? std::vector<std::size_t>{1, 4} : std::vector<std::size_t>{8, 32};
}

// The buffers that the probes of one device use in turns.
struct Buffers {
  std::shared_ptr<Session> session;
  std::uint64_t floats = 0;
  bool zeros = false;
  Owned<Memory> a, b, c, sums;
  Owned<Program> program;
};

Result<std::shared_ptr<Buffers>> make_buffers(const ProbedDevice& device) {
  auto session = device.open();
  if (!session) return std::move(session).error();
  auto made = std::make_shared<Buffers>();
  made->session = *session;
  made->zeros = device.zeros;
  const Session& on = **session;
  const Range most = range_of(device.info, groups_of(device.info).back());
  const std::uint64_t bytes = buffer_bytes(device.info, device.memory);
  made->floats = bytes / sizeof(float);
  const auto take = [&](Owned<Memory>& slot, std::uint64_t size) -> Status {
    auto buffer = on.buffer(size);
    if (!buffer) return std::move(buffer).error();
    slot = *std::move(buffer);
    return Done{};
  };
  for (Owned<Memory>* const slot : {&made->a, &made->b, &made->c}) {
    if (auto taken = take(*slot, bytes); !taken) return std::move(taken).error();
  }
  if (auto taken = take(made->sums, most.global * sizeof(float)); !taken) return std::move(taken).error();
  auto program = on.build(memory_text(widths_of(device.info)), "");
  if (!program) return std::move(program).error();
  made->program = *std::move(program);
  auto fill = on.kernel(made->program, "fill");
  if (!fill) return std::move(fill).error();
  std::uint64_t first = 0;
  for (const Owned<Memory>* const buffer : {&made->a, &made->b, &made->c}) {
    if (auto set = on.arguments(*fill, *buffer, Ulong{made->floats}, Ulong{first}, Uint{device.zeros}); !set) return std::move(set).error();
    if (auto filled = on.run("filling a buffer", *fill, most, 1); !filled) return std::move(filled).error();
    first += k_buffer_step;
  }
  return made;
}

class StreamWorkload : public Workload {
 public:
  StreamWorkload(std::shared_ptr<Buffers> buffers, const StreamRow& row) : buffers_(std::move(buffers)), row_(row) {}

  // Tries each way of dividing the work and keeps the fastest.
  Status choose() {
    double best_s = 0;
    const DeviceInfo& info = on().info();
    for (const int width : widths_of(info)) {
      auto kernel = on().kernel(buffers_->program, fmt::format("{}_{}", row_.kernel, width).c_str());
      if (!kernel) return std::move(kernel).error();
      for (const std::size_t groups : groups_of(info)) {
        const LaunchShape shape{width, groups, range_of(info, groups)};
        if (auto set = set_arguments(*kernel, shape); !set) return set;
        double seconds = 0;
        for (int pass = 0; pass < 2; ++pass) {  // the first builds the kernel for this device and warms up
          auto took = on().run(row_.kernel, *kernel, shape.range, 1);
          if (!took) return std::move(took).error();
          seconds = *took;
        }
        if (best_s == 0 || seconds < best_s) {
          best_s = seconds;
          shape_ = shape;
        }
      }
      if (shape_.width == width) kernel_ = *std::move(kernel);
    }
    return set_arguments(kernel_, shape_);
  }

  Result<Timing> run(std::int64_t repetitions) override {
    auto seconds = on().run(row_.kernel, kernel_, shape_.range, repetitions);
    if (!seconds) return std::move(seconds).error();
    Timing timing;
    timing.seconds = *seconds;
    timing.work = static_cast<double>(repetitions) * static_cast<double>(vectors() * static_cast<std::uint64_t>(shape_.width)) *
                  sizeof(float) * row_.buffers;
    return timing;
  }

  Status verify() override { return row_.stream == Stream::read ? verify_sums() : verify_elements(); }

  std::string method() const override {
    return fmt::format("{}, {} x {} work-items per unit", vector_type("float", shape_.width), shape_.groups_per_unit, shape_.range.local);
  }

 private:
  const Session& on() const { return *buffers_->session; }
  std::uint64_t vectors() const { return buffers_->floats / static_cast<std::uint64_t>(shape_.width); }

  Ulong chunk(const LaunchShape& shape) const {
    if (!on().info().is_cpu()) return 0;
    const std::uint64_t vectors = buffers_->floats / static_cast<std::uint64_t>(shape.width);
    return (vectors + shape.range.global - 1) / shape.range.global;
  }

  Status set_arguments(const Owned<Kernel>& kernel, const LaunchShape& shape) const {
    const Ulong vectors = buffers_->floats / static_cast<std::uint64_t>(shape.width);
    const Ulong step = chunk(shape);
    const Buffers& of = *buffers_;
    switch (row_.stream) {
      case Stream::read: return on().arguments(kernel, of.a, of.sums, vectors, step);
      case Stream::write: return on().arguments(kernel, of.c, vectors, step, Uint{of.zeros});
      case Stream::copy: return on().arguments(kernel, of.a, of.c, vectors, step);
      case Stream::triad: return on().arguments(kernel, of.a, of.b, of.c, k_triad_factor, vectors, step);
    }
    return Done{};
  }

  double element(std::uint64_t i) const { return buffers_->zeros ? 0.0 : static_cast<double>(normal_at(i)); }

  // What element i of the target must hold; the tolerance allows for a fused product and sum.
  bool is_right(std::uint64_t i, float got) const {
    if (row_.stream == Stream::write) {
      Uint bits = 0;
      std::memcpy(&bits, &got, sizeof bits);
      return bits == (buffers_->zeros ? 0 : static_cast<Uint>(i / static_cast<std::uint64_t>(shape_.width)) * k_write_factor);
    }
    const double a = element(i);
    if (row_.stream == Stream::copy) return static_cast<double>(got) == a;
    const double b = static_cast<double>(k_triad_factor) * element(k_buffer_step + i);
    return std::abs(static_cast<double>(got) - (a + b)) <= 1e-6 * (std::abs(a) + std::abs(b));
  }

  Status verify_elements() {
    const std::uint64_t count = vectors() * static_cast<std::uint64_t>(shape_.width);
    const auto place = [&](int k) { return k == 0 ? 0 : k == 1 ? count - 1 : measuring::mixed(static_cast<std::uint64_t>(k)) % count; };
    const Uint wrong = 0x7fc0dead;
    for (int k = 0; k < k_sampled; ++k) {
      if (auto written = on().write(buffers_->c, place(k) * sizeof(float), sizeof wrong, &wrong); !written) return written;
    }
    if (auto ran = on().run(row_.kernel, kernel_, shape_.range, 1); !ran) return std::move(ran).error();
    for (int k = 0; k < k_sampled; ++k) {
      float got = 0;
      if (auto read = on().read(buffers_->c, place(k) * sizeof(float), sizeof got, &got); !read) return read;
      if (!is_right(place(k), got))
        return Error{ErrorCode::io, fmt::format("element {} of {} came out wrong after '{}'; do not trust this device or its driver",
                                                place(k), count, row_.kernel)};
    }
    return Done{};
  }

  Status verify_sums() {
    std::vector<float> sums(shape_.range.global, std::nanf(""));
    const std::size_t bytes = sums.size() * sizeof(float);
    if (auto written = on().write(buffers_->sums, 0, bytes, sums.data()); !written) return written;
    if (auto ran = on().run(row_.kernel, kernel_, shape_.range, 1); !ran) return std::move(ran).error();
    if (auto read = on().read(buffers_->sums, 0, bytes, sums.data()); !read) return read;
    const auto width = static_cast<std::uint64_t>(shape_.width);
    const std::uint64_t row = chunk(shape_);
    for (const std::size_t item : {std::size_t{0}, sums.size() / 2, sums.size() - 1}) {
      double expected = 0;
      std::uint64_t summed = 0;
      const std::uint64_t from = row != 0 ? item * row : item;
      const std::uint64_t end = row != 0 ? std::min(vectors(), from + row) : vectors();
      for (std::uint64_t v = from; v < end; v += row != 0 ? 1 : sums.size()) {
        for (std::uint64_t lane = 0; lane < width; ++lane) expected += element(v * width + lane);
        summed += width;
      }
      // FP32 sums of n numbers around 0 stray by far less than their own deviation, the square root of n.
      const double allowed = 1e-3 * std::sqrt(static_cast<double>(summed) + 1);
      if (!(std::abs(static_cast<double>(sums[item]) - expected) <= allowed))
        return Error{ErrorCode::io, fmt::format("work-item {} summed to {} where {:.4f} is right; do not trust this device or its driver",
                                                item, sums[item], expected)};
    }
    return Done{};
  }

  std::shared_ptr<Buffers> buffers_;
  const StreamRow& row_;
  Owned<Kernel> kernel_;
  LaunchShape shape_;
};

}  // namespace

std::uint64_t buffer_bytes(const DeviceInfo& info, std::optional<Bytes> most) {
  const auto mib = static_cast<std::uint64_t>(k_mib);
  std::uint64_t bytes = std::max<std::uint64_t>(8 * info.cache, (info.is_cpu() ? 256 : 1024) * mib);
  bytes = std::min(bytes, 4096 * mib);
  if (info.memory != 0) bytes = std::min<std::uint64_t>(bytes, info.memory / (info.is_cpu() ? 16 : 5));
  if (info.allocation_most != 0) bytes = std::min<std::uint64_t>(bytes, info.allocation_most);
  if (most && most->value > 0) bytes = std::min(bytes, static_cast<std::uint64_t>(most->value) / 3);
  return std::max(bytes / mib, std::uint64_t{1}) * mib;
}

void add_memory_probes(const ProbedDevice& device, std::vector<Probe>& probes) {
  const auto buffers = measuring::shared_by_probes<Buffers>([device] { return make_buffers(device); });
  for (const StreamRow& row : k_streams) {
    Probe probe = measuring::stream_probe(device.id, row.kernel, row.counting, device.bandwidth_peak);
    probe.working_set = Bytes{static_cast<std::int64_t>(buffer_bytes(device.info, device.memory)) * row.buffers};
    probe.in_quick = row.stream == Stream::copy;
    probe.prepare = measuring::in_session(buffers, &StreamWorkload::choose, std::cref(row));
    probes.push_back(std::move(probe));
  }
}

}  // namespace hardscape::opencl
