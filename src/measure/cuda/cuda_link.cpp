#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "measure/accelerator/session_probes.hpp"
#include "measure/accelerator/test_data.hpp"
#include "measure/cuda/cuda_probes.hpp"
#include "measure/cuda/cuda_text.hpp"

namespace hardscape::cuda {
namespace {

using measuring::CopyRow;
using measuring::Probe;
using measuring::Timing;
using measuring::Workload;

constexpr std::uint64_t k_copy_bytes = std::uint64_t{256} << 20;

class CopyWorkload : public Workload {
 public:
  CopyWorkload(std::shared_ptr<Session> session, const CopyRow& row, std::size_t bytes, bool zeros)
      : session_(std::move(session)), row_(row), bytes_(bytes), tile_(random_tile(zeros)) {}

  Status take() {
    auto buffer = Buffer::take(session_, bytes_);
    if (!buffer) return std::move(buffer).error();
    device_ = *std::move(buffer);
    if (row_.pinned) {
      auto pinned = PinnedBuffer::take(session_, bytes_);
      if (!pinned) return std::move(pinned).error();
      pinned_ = *std::move(pinned);
    } else {
      pageable_.resize(bytes_ / sizeof(float));
    }
    const std::size_t count = bytes_ / sizeof(float);
    for (std::size_t i = 0; i < count; i += tile_.size()) std::memcpy(numbers() + i, tile_.data(), std::min(tile_.size(), count - i) * sizeof(float));
    return session_->to_device(device_.get(), numbers(), bytes_);
  }

  Result<Timing> run(std::int64_t repetitions) override {
    const Api& api = session_->api();
    auto seconds = session_->time(
        row_.kernel,
        [&] {
          return row_.to_device ? api.copy_to_device_async(device_.get(), numbers(), bytes_, session_->stream())
                                : api.copy_to_host_async(numbers(), device_.get(), bytes_, session_->stream());
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
    const std::size_t count = bytes_ / sizeof(float);
    const float wrong = 1e9f;
    const auto place = [&](std::size_t k) { return k == 0 ? count - 1 : static_cast<std::size_t>(measuring::mixed(k) % count); };
    for (std::size_t k = 0; k < 64; ++k) {
      if (!row_.to_device) numbers()[place(k)] = wrong;
      else if (auto spoilt = session_->to_device(device_.get() + place(k) * sizeof(float), &wrong, sizeof wrong); !spoilt) return spoilt;
    }
    if (auto copied = run(1); !copied) return std::move(copied).error();
    for (std::size_t k = 0; k < 64; ++k) {
      float got = row_.to_device ? wrong : numbers()[place(k)];
      if (row_.to_device) {
        if (auto read = session_->to_host(&got, device_.get() + place(k) * sizeof(float), sizeof got); !read) return read;
      }
      if (got != tile_[place(k) % tile_.size()])
        return Error{ErrorCode::io, fmt::format("byte {} of {} came out wrong after a copy; do not trust this device or its link", place(k) * sizeof(float), bytes_)};
    }
    return Done{};
  }

  std::string method() const override { return row_.pinned ? "pinned host memory" : "ordinary host memory"; }

 private:
  float* numbers() { return row_.pinned ? static_cast<float*>(pinned_->get()) : pageable_.data(); }

  std::shared_ptr<Session> session_;
  const CopyRow& row_;
  std::size_t bytes_;
  std::vector<float> tile_;
  Buffer device_;
  std::unique_ptr<PinnedBuffer> pinned_;
  std::vector<float> pageable_;
};

class LaunchWorkload : public Workload {
 public:
  explicit LaunchWorkload(std::shared_ptr<Session> session) : session_(std::move(session)) {}

  Status build() {
    auto kernel = Kernel::build(session_, chain_text(Chain::dp4a, 1), "chain");
    if (!kernel) return std::move(kernel).error();
    kernel_ = *std::move(kernel);
    auto out = Buffer::take(session_, sizeof(std::uint32_t));
    if (!out) return std::move(out).error();
    out_ = *std::move(out);
    return Done{};
  }

  // By the host's clock: what a program waits for that launches and looks at the result.
  Result<Timing> run(std::int64_t repetitions) override {
    if (auto current = session_->make_current(); !current) return std::move(current).error();
    if (auto idle = session_->finish("launch"); !idle) return std::move(idle).error();
    const auto from = std::chrono::steady_clock::now();
    for (std::int64_t i = 0; i < repetitions; ++i) {
      if (auto launched = check(session_->api(), enqueue(0), "launch"); !launched) return std::move(launched).error();
      if (auto waited = session_->finish("launch"); !waited) return std::move(waited).error();
    }
    Timing timing;
    timing.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
    timing.work = static_cast<double>(repetitions);
    return timing;
  }

  Status verify() override {
    std::uint32_t got = 0xffffffff;
    if (auto spoilt = session_->to_device(out_.get(), &got, sizeof got); !spoilt) return spoilt;
    if (auto ran = run(1); !ran) return std::move(ran).error();
    if (auto read = session_->to_host(&got, out_.get(), sizeof got); !read) return read;
    if (got != 0) return Error{ErrorCode::io, "a launched kernel left no result; do not trust this device or its driver"};
    return Done{};
  }

 private:
  Code enqueue(std::uint32_t constant) const { return kernel_->launch(1, 1, out_.get(), std::uint32_t{k_unrolled}, constant, std::uint32_t{0}); }

  std::shared_ptr<Session> session_;
  std::shared_ptr<Kernel> kernel_;
  Buffer out_;
};

}  // namespace

void add_link_probes(const ProbedDevice& device, std::vector<Probe>& probes) {
  const auto open = [device] { return device.open(); };
  const auto bytes = static_cast<std::size_t>(buffer_bytes(device, k_copy_bytes, 4));
  for (const CopyRow& row : measuring::copy_rows()) {
    Probe probe = measuring::copy_probe(device.id, row, Bytes{static_cast<std::int64_t>(bytes)}, device.peaks.link);
    probe.prepare = measuring::in_session(open, &CopyWorkload::take, std::cref(row), bytes, device.zeros);
    probes.push_back(std::move(probe));
  }
  Probe launch = measuring::launch_probe(device.id, "one launch of a kernel of a few instructions and the wait for it, by the host's clock");
  launch.prepare = measuring::in_session(open, &LaunchWorkload::build);
  if (device.info.capability < 61) {
    launch.refused = MeasureStatus::unsupported;
    launch.reason = "the kernel that is launched needs compute capability 6.1";
  }
  probes.push_back(std::move(launch));
}

}  // namespace hardscape::cuda
