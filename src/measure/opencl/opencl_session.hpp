// One OpenCL device in use: context and queue, kernels built from text, buffers, timed launches.
//
// Everything is released by destructors, in the right order: what a session made keeps it alive. Used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "measure/opencl/opencl_devices.hpp"

namespace hardscape::opencl {

// A handle that is released once, by the function of its kind.
template <class Handle>
class Owned {
 public:
  Owned() = default;
  Owned(Handle handle, Int (*release)(Handle)) : handle_(handle), release_(release) {}
  Owned(Owned&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)), release_(other.release_) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(release_, other.release_);
    return *this;
  }
  ~Owned() {
    if (handle_ != nullptr) release_(handle_);
  }
  Handle get() const { return handle_; }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  Handle handle_ = nullptr;
  Int (*release_)(Handle) = nullptr;
};

// A launch: how many work-items, in groups of how many.
struct Range {
  std::size_t global = 1;
  std::size_t local = 1;
};

class Session {
 public:
  static Result<std::shared_ptr<Session>> open(const Api& api, const DeviceInfo& info);

  const DeviceInfo& info() const { return info_; }
  const Api& api() const { return api_; }
  Queue queue() const { return queue_.get(); }

  // The error ends with the first lines of the compiler's log.
  Result<Owned<Program>> build(std::string_view source, const std::string& options) const;
  Result<Owned<Kernel>> kernel(const Owned<Program>& program, const char* name) const;
  Result<Owned<Memory>> buffer(std::uint64_t bytes, Bitfield flags = k_mem_read_write) const;

  Status argument(const Owned<Kernel>& kernel, Uint index, std::size_t size, const void* value) const;
  // All arguments in order; buffers as Owned<Memory>, numbers as their exact OpenCL type.
  template <class... Values>
  Status arguments(const Owned<Kernel>& kernel, const Values&... values) const {
    Uint index = 0;
    Status status = Done{};
    const auto set = [&](const auto& value) {
      if (!status) return;
      if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Owned<Memory>>) {
        const Memory memory = value.get();
        status = argument(kernel, index++, sizeof memory, &memory);  // NOLINT(bugprone-sizeof-expression): the handle is passed
      } else {
        status = argument(kernel, index++, sizeof value, &value);
      }
    };
    (set(values), ...);
    return status;
  }

  Status write(const Owned<Memory>& buffer, std::uint64_t offset, std::size_t bytes, const void* from) const;
  Status read(const Owned<Memory>& buffer, std::uint64_t offset, std::size_t bytes, void* to) const;

  // Enqueues one command; `event` is null or where its event goes.
  using Command = std::function<Int(Event* event)>;
  // Seconds that `repetitions` of a command took: by the device's own clock from the start of the first to the end of
  // the last, or by the host's clock when the device's makes no sense.
  Result<double> time(std::string_view doing, const Command& command, std::int64_t repetitions) const;
  Result<double> run(std::string_view doing, const Owned<Kernel>& kernel, Range range, std::int64_t repetitions) const;
  Status finish() const;
  // The host's clock around a command that is waited for each time.
  Result<double> round_trips(std::string_view doing, const Owned<Kernel>& kernel, Range range, std::int64_t repetitions) const;

 private:
  Session(Api api, DeviceInfo info) : api_(std::move(api)), info_(std::move(info)) {}
  Int enqueue(const Owned<Kernel>& kernel, Range range, Event* event) const;

  Api api_;
  DeviceInfo info_;
  Owned<Context> context_;
  Owned<Queue> queue_;
};

// Which of two clocks to believe, in seconds: the device's, unless it is absent, longer than what passed on the host,
// or less than half of it although the host had time to see it. Never the one that flatters.
double believable(std::optional<double> device_s, double host_s);

}  // namespace hardscape::opencl
