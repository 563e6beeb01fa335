// One CUDA device in use: its primary context, a stream, two events, modules from PTX text, memory, timed work.
//
// Everything is released by destructors; what a session made keeps it alive. Used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "measure/cuda/cuda_library.hpp"

namespace hardscape::cuda {

struct DeviceInfo {
  Ordinal ordinal = 0;
  std::string name;
  std::optional<std::string> pci;   // "0000:01:00.0"
  int capability = 0;               // 90 is 9.0
  int multiprocessors = 1;
  std::uint64_t memory = 0;         // bytes
  std::uint64_t l2 = 0;             // bytes
  bool integrated = false;
  bool is_prohibited = false;       // nvidia-smi -c PROHIBITED

  bool is_mig() const { return name.find(" MIG ") != std::string::npos; }
};

// Needs init(). A device that does not answer is left out and named in `complaints`.
Result<std::vector<DeviceInfo>> list_devices(const Api& api, std::vector<std::string>& complaints);

class Session : public std::enable_shared_from_this<Session> {
 public:
  static Result<std::shared_ptr<Session>> open(const Api& api, const DeviceInfo& info);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  const DeviceInfo& info() const { return info_; }
  const Api& api() const { return api_; }
  Stream stream() const { return stream_; }
  Status make_current() const;

  Status to_device(Pointer to, const void* from, std::size_t bytes) const;
  Status to_host(void* to, Pointer from, std::size_t bytes) const;
  // Fills `bytes` by repeating the bytes of `tile`.
  Status repeat(Pointer to, std::uint64_t bytes, const void* tile, std::size_t tile_bytes) const;

  // Enqueues one piece of work on stream().
  using Command = std::function<Code()>;
  // Seconds between two events around `repetitions` of a command.
  Result<double> time(std::string_view doing, const Command& command, std::int64_t repetitions) const;
  Status finish(std::string_view doing) const;

 private:
  Session(Api api, DeviceInfo info) : api_(std::move(api)), info_(std::move(info)) {}

  Api api_;
  DeviceInfo info_;
  Context context_ = nullptr;
  Stream stream_ = nullptr;
  Event start_ = nullptr;
  Event end_ = nullptr;
};

// Device memory.
class Buffer {
 public:
  Buffer() = default;
  static Result<Buffer> take(std::shared_ptr<const Session> session, std::uint64_t bytes);
  Buffer(Buffer&& other) noexcept : session_(std::move(other.session_)), at_(std::exchange(other.at_, 0)), bytes_(other.bytes_) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(session_, other.session_);
    std::swap(at_, other.at_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Buffer();
  Pointer get() const { return at_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::shared_ptr<const Session> session_;
  Pointer at_ = 0;
  std::uint64_t bytes_ = 0;
};

// Page-locked host memory.
class PinnedBuffer {
 public:
  static Result<std::unique_ptr<PinnedBuffer>> take(std::shared_ptr<const Session> session, std::size_t bytes);
  PinnedBuffer(const PinnedBuffer&) = delete;
  PinnedBuffer& operator=(const PinnedBuffer&) = delete;
  ~PinnedBuffer();
  void* get() const { return at_; }

 private:
  PinnedBuffer(std::shared_ptr<const Session> session, void* at) : session_(std::move(session)), at_(at) {}
  std::shared_ptr<const Session> session_;
  void* at_;
};

// A kernel with the module that holds it.
class Kernel {
 public:
  // The error ends with the driver's log.
  static Result<std::shared_ptr<Kernel>> build(std::shared_ptr<const Session> session, const std::string& ptx, const char* name);
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  ~Kernel();

  // Arguments by value, of the exact types of the kernel's parameters.
  template <class... Values>
  Code launch(unsigned grid, unsigned block, Values... values) const {
    void* arguments[] = {&values...};
    return launch_with(grid, block, arguments);
  }

 private:
  explicit Kernel(std::shared_ptr<const Session> session) : session_(std::move(session)) {}
  Code launch_with(unsigned grid, unsigned block, void** arguments) const;

  std::shared_ptr<const Session> session_;
  Module module_ = nullptr;
  Function function_ = nullptr;
};

}  // namespace hardscape::cuda
