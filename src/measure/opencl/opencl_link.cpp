#include "measure/opencl/opencl_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "measure/accelerator/session_probes.hpp"
#include "measure/accelerator/test_data.hpp"

namespace hardscape::opencl {
namespace {

using measuring::normal_at;
using measuring::CopyRow;
using measuring::Probe;
using measuring::Timing;
using measuring::Workload;

constexpr std::size_t k_tile = 1u << 20;  // floats that differ before they repeat

std::size_t copy_bytes(const ProbedDevice& device) {
  auto bytes = static_cast<std::uint64_t>(device.info.is_cpu() ? 64 * k_mib : 256 * k_mib);
  if (device.info.memory != 0) bytes = std::min<std::uint64_t>(bytes, device.info.memory / 8);
  if (device.info.allocation_most != 0) bytes = std::min<std::uint64_t>(bytes, device.info.allocation_most);
  if (device.memory && device.memory->value > 0) bytes = std::min(bytes, static_cast<std::uint64_t>(device.memory->value) / 2);
  return static_cast<std::size_t>(std::max<std::uint64_t>(bytes, k_mib));
}

// Host memory that the driver made ready for the device's copy engine: a mapped buffer of its own.
class PinnedMemory {
 public:
  static Result<std::unique_ptr<PinnedMemory>> take(std::shared_ptr<Session> session, std::size_t bytes) {
    auto buffer = session->buffer(bytes, k_mem_read_write | k_mem_alloc_host);
    if (!buffer) return std::move(buffer).error();
    Int code = k_success;
    void* const at = session->api().enqueue_map(session->queue(), buffer->get(), 1, k_map_read | k_map_write, 0, bytes, 0, nullptr, nullptr, &code);
    if (code != k_success || at == nullptr) return failure(code, "mapping pinned host memory");
    return std::unique_ptr<PinnedMemory>(new PinnedMemory(std::move(session), *std::move(buffer), at));
  }
  PinnedMemory(const PinnedMemory&) = delete;
  PinnedMemory& operator=(const PinnedMemory&) = delete;
  ~PinnedMemory() {
    session_->api().enqueue_unmap(session_->queue(), buffer_.get(), at_, 0, nullptr, nullptr);
    static_cast<void>(session_->finish());
  }
  void* get() const { return at_; }

 private:
  PinnedMemory(std::shared_ptr<Session> session, Owned<Memory> buffer, void* at)
      : session_(std::move(session)), buffer_(std::move(buffer)), at_(at) {}

  std::shared_ptr<Session> session_;
  Owned<Memory> buffer_;
  void* at_;
};

class CopyWorkload : public Workload {
 public:
  CopyWorkload(std::shared_ptr<Session> session, const CopyRow& row, std::size_t bytes, bool zeros)
      : session_(std::move(session)), row_(row), bytes_(bytes), zeros_(zeros) {}

  Status take() {
    auto buffer = session_->buffer(bytes_);
    if (!buffer) return std::move(buffer).error();
    device_ = *std::move(buffer);
    if (row_.pinned) {
      auto pinned = PinnedMemory::take(session_, bytes_);
      if (!pinned) return std::move(pinned).error();
      pinned_ = *std::move(pinned);
    } else {
      pageable_.resize(bytes_ / sizeof(float));
    }
    auto* const numbers = static_cast<float*>(host());
    const std::size_t count = bytes_ / sizeof(float);
    for (std::size_t i = 0; i < std::min(count, k_tile); ++i) numbers[i] = element(i);
    for (std::size_t i = k_tile; i < count; i += k_tile) std::memcpy(numbers + i, numbers, std::min(k_tile, count - i) * sizeof(float));
    return session_->write(device_, 0, bytes_, host());
  }

  Result<Timing> run(std::int64_t repetitions) override {
    const auto& api = session_->api();
    auto seconds = session_->time(
        row_.kernel,
        [&](Event* event) {
          return row_.to_device ? api.enqueue_write(session_->queue(), device_.get(), 0, 0, bytes_, host(), 0, nullptr, event)
                                : api.enqueue_read(session_->queue(), device_.get(), 0, 0, bytes_, host(), 0, nullptr, event);
        },
        repetitions);
    if (!seconds) return std::move(seconds).error();
    Timing timing;
    timing.seconds = *seconds;
    timing.work = static_cast<double>(repetitions) * static_cast<double>(bytes_);
    return timing;
  }

  // Spoils the target at some places, copies once more and looks there.
  Status verify() override {
    auto* const numbers = static_cast<float*>(host());
    const std::size_t count = bytes_ / sizeof(float);
    const float wrong = 1e9f;
    const auto place = [&](std::size_t k) { return k == 0 ? count - 1 : static_cast<std::size_t>(measuring::mixed(k) % count); };
    for (std::size_t k = 0; k < 64; ++k) {
      if (!row_.to_device) numbers[place(k)] = wrong;
      else if (auto spoilt = session_->write(device_, place(k) * sizeof(float), sizeof wrong, &wrong); !spoilt) return spoilt;
    }
    if (auto copied = run(1); !copied) return std::move(copied).error();
    for (std::size_t k = 0; k < 64; ++k) {
      float got = row_.to_device ? wrong : numbers[place(k)];
      if (row_.to_device) {
        if (auto read = session_->read(device_, place(k) * sizeof(float), sizeof got, &got); !read) return read;
      }
      if (got != element(place(k) % k_tile))
        return Error{ErrorCode::io, fmt::format("byte {} of {} came out wrong after a copy; do not trust this device or its link",
                                                place(k) * sizeof(float), bytes_)};
    }
    return Done{};
  }

  std::string method() const override { return row_.pinned ? "pinned host memory" : "ordinary host memory"; }

 private:
  void* host() { return row_.pinned ? pinned_->get() : pageable_.data(); }
  float element(std::size_t i) const { return zeros_ ? 0.0f : normal_at(i); }

  std::shared_ptr<Session> session_;
  const CopyRow& row_;
  std::size_t bytes_;
  bool zeros_;
  Owned<Memory> device_;
  std::unique_ptr<PinnedMemory> pinned_;
  std::vector<float> pageable_;
};

class LaunchWorkload : public Workload {
 public:
  explicit LaunchWorkload(std::shared_ptr<Session> session) : session_(std::move(session)) {}

  Status build() {
    auto program = session_->build("kernel void nothing(global uint* out, uint x) { if (get_global_id(0) == 0) out[0] = x; }", "");
    if (!program) return std::move(program).error();
    auto kernel = session_->kernel(*program, "nothing");
    if (!kernel) return std::move(kernel).error();
    kernel_ = *std::move(kernel);
    auto out = session_->buffer(sizeof(Uint));
    if (!out) return std::move(out).error();
    out_ = *std::move(out);
    return session_->arguments(kernel_, out_, Uint{1});
  }

  Result<Timing> run(std::int64_t repetitions) override {
    auto seconds = session_->round_trips("launch", kernel_, {1, 1}, repetitions);
    if (!seconds) return std::move(seconds).error();
    Timing timing;
    timing.seconds = *seconds;
    timing.work = static_cast<double>(repetitions);
    return timing;
  }

  Status verify() override {
    const Uint expected = 0x600df00d;
    if (auto set = session_->arguments(kernel_, out_, expected); !set) return set;
    if (auto ran = session_->run("launch", kernel_, {1, 1}, 1); !ran) return std::move(ran).error();
    Uint got = 0;
    if (auto read = session_->read(out_, 0, sizeof got, &got); !read) return read;
    if (got != expected) return Error{ErrorCode::io, "a launched kernel left no result; do not trust this device or its driver"};
    return Done{};
  }

 private:
  std::shared_ptr<Session> session_;
  Owned<Kernel> kernel_;
  Owned<Memory> out_;
};

}  // namespace

void add_link_probes(const ProbedDevice& device, std::vector<Probe>& probes) {
  const auto open = [device] { return device.open(); };
  const std::size_t bytes = copy_bytes(device);
  for (const CopyRow& row : measuring::copy_rows()) {
    Probe probe = measuring::copy_probe(device.id, row, Bytes{static_cast<std::int64_t>(bytes)}, device.link_peak);
    probe.prepare = measuring::in_session(open, &CopyWorkload::take, std::cref(row), bytes, device.zeros);
    probes.push_back(std::move(probe));
  }
  Probe launch = measuring::launch_probe(device.id, "one launch of an empty kernel and the wait for it, by the host's clock");
  launch.prepare = measuring::in_session(open, &LaunchWorkload::build);
  probes.push_back(std::move(launch));
}

}  // namespace hardscape::opencl
