#include "measure/cuda/cuda_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "hardscape/units.hpp"

namespace hardscape::cuda {
namespace {

constexpr int k_most_devices = 64;
constexpr std::size_t k_log_bytes = 4096;
constexpr std::size_t k_log_shown = 400;

double in_mib(std::uint64_t bytes) { return static_cast<double>(bytes) / static_cast<double>(k_mib); }

}  // namespace

Result<std::vector<DeviceInfo>> list_devices(const Api& api, std::vector<std::string>& complaints) {
  int count = 0;
  if (auto counted = check(api, api.device_get_count(&count), "counting CUDA devices"); !counted) return std::move(counted).error();
  std::vector<DeviceInfo> devices;
  for (int i = 0; i < std::min(count, k_most_devices); ++i) {
    DeviceInfo info;
    if (auto got = check(api, api.device_get(&info.ordinal, i), fmt::format("asking for CUDA device {}", i)); !got) {
      complaints.push_back(got.error().message);
      continue;
    }
    std::array<char, 256> text{};
    const auto ask = [&](DeviceGetText* function) {
      text.fill('\0');
      return function(text.data(), static_cast<int>(text.size()) - 1, info.ordinal) == k_success ? printable(text.data()) : std::string();
    };
    info.name = ask(api.device_get_name);
    if (info.name.empty()) info.name = "NVIDIA GPU";
    if (const std::string address = to_lower(ask(api.device_get_pci)); !address.empty()) info.pci = address;
    std::size_t memory = 0;
    if (api.device_total_mem(&memory, info.ordinal) == k_success) info.memory = memory;
    const auto attribute = [&](int which, int otherwise) {
      int value = 0;
      return api.device_get_attribute(&value, which, info.ordinal) == k_success && value > 0 ? value : otherwise;
    };
    info.capability = attribute(k_major, 0) * 10 + attribute(k_minor, 0);
    info.multiprocessors = std::min(attribute(k_multiprocessors, 1), 65536);
    info.l2 = static_cast<std::uint64_t>(attribute(k_l2_bytes, 0));
    info.integrated = attribute(k_integrated, 0) == 1;
    info.is_prohibited = attribute(k_compute_mode, 0) == 2;
    devices.push_back(std::move(info));
  }
  return devices;
}

Result<std::shared_ptr<Session>> Session::open(const Api& api, const DeviceInfo& info) {
  std::shared_ptr<Session> session(new Session(api, info));
  Session& made = *session;
  if (auto got = check(api, api.context_retain(&made.context_, info.ordinal), fmt::format("opening {}", info.name)); !got) {
    made.context_ = nullptr;
    return std::move(got).error();
  }
  if (auto got = made.make_current(); !got) return std::move(got).error();
  if (auto got = check(api, api.stream_create(&made.stream_, k_stream_non_blocking), "making a CUDA stream"); !got) return std::move(got).error();
  for (Event* const event : {&made.start_, &made.end_}) {
    if (auto got = check(api, api.event_create(event, 0), "making a CUDA event"); !got) return std::move(got).error();
  }
  return session;
}

Session::~Session() {
  if (context_ == nullptr) return;
  api_.context_set_current(context_);
  for (const Event event : {start_, end_}) {
    if (event != nullptr) api_.event_destroy(event);
  }
  if (stream_ != nullptr) api_.stream_destroy(stream_);
  api_.context_set_current(nullptr);
  api_.context_release(info_.ordinal);
}

Status Session::make_current() const { return check(api_, api_.context_set_current(context_), fmt::format("turning to {}", info_.name)); }

Status Session::finish(std::string_view doing) const { return check(api_, api_.stream_synchronize(stream_), doing); }

Status Session::to_device(Pointer to, const void* from, std::size_t bytes) const {
  if (auto current = make_current(); !current) return current;
  // On our stream: the plain copy may return before its bytes arrive, and work on a stream of one's own does not wait.
  if (auto copied = check(api_, api_.copy_to_device_async(to, from, bytes, stream_), "copying to the device"); !copied) return copied;
  return finish("copying to the device");
}

Status Session::to_host(void* to, Pointer from, std::size_t bytes) const {
  if (auto current = make_current(); !current) return current;
  // Work on a stream of one's own does not wait for this copy by itself.
  if (auto waited = finish("waiting for the device"); !waited) return waited;
  return check(api_, api_.copy_to_host(to, from, bytes), "copying from the device");
}

Status Session::repeat(Pointer to, std::uint64_t bytes, const void* tile, std::size_t tile_bytes) const {
  std::uint64_t done = std::min<std::uint64_t>(bytes, tile_bytes);
  if (auto copied = to_device(to, tile, static_cast<std::size_t>(done)); !copied) return copied;
  // Each copy takes a whole number of tiles, so the pattern goes on unbroken.
  while (done < bytes) {
    const std::uint64_t next = std::min(done, bytes - done);
    if (auto copied = check(api_, api_.copy_on_device_async(to + done, to, static_cast<std::size_t>(next), stream_), "filling device memory"); !copied) return copied;
    done += next;
  }
  return finish("filling device memory");
}

Result<double> Session::time(std::string_view doing, const Command& command, std::int64_t repetitions) const {
  if (auto current = make_current(); !current) return std::move(current).error();
  if (auto idle = finish(doing); !idle) return std::move(idle).error();
  if (auto got = check(api_, api_.event_record(start_, stream_), doing); !got) return std::move(got).error();
  for (std::int64_t i = 0; i < repetitions; ++i) {
    if (auto got = check(api_, command(), doing); !got) return std::move(got).error();
  }
  if (auto got = check(api_, api_.event_record(end_, stream_), doing); !got) return std::move(got).error();
  if (auto got = check(api_, api_.event_synchronize(end_), doing); !got) return std::move(got).error();
  float milliseconds = 0;
  if (auto got = check(api_, api_.event_elapsed(&milliseconds, start_, end_), doing); !got) return std::move(got).error();
  if (!(milliseconds > 0)) return Error{ErrorCode::io, fmt::format("{}: the device's clock says that no time passed", doing)};
  return static_cast<double>(milliseconds) * 1e-3;
}

Result<Buffer> Buffer::take(std::shared_ptr<const Session> session, std::uint64_t bytes) {
  if (auto current = session->make_current(); !current) return std::move(current).error();
  Buffer buffer;
  const Code code = session->api().mem_alloc(&buffer.at_, static_cast<std::size_t>(bytes));
  if (code != k_success) {
    buffer.at_ = 0;
    return failure(session->api(), code, fmt::format("taking {:.1f} MiB on {}", in_mib(bytes), session->info().name));
  }
  buffer.bytes_ = bytes;
  buffer.session_ = std::move(session);
  return buffer;
}

Buffer::~Buffer() {
  if (at_ == 0 || !session_) return;
  static_cast<void>(session_->make_current());
  session_->api().mem_free(at_);
}

Result<std::unique_ptr<PinnedBuffer>> PinnedBuffer::take(std::shared_ptr<const Session> session, std::size_t bytes) {
  if (auto current = session->make_current(); !current) return std::move(current).error();
  void* at = nullptr;
  const Code code = session->api().mem_host_alloc(&at, bytes, 0);
  if (code != k_success) return failure(session->api(), code, fmt::format("pinning {:.1f} MiB of host memory", in_mib(bytes)));
  return std::unique_ptr<PinnedBuffer>(new PinnedBuffer(std::move(session), at));
}

PinnedBuffer::~PinnedBuffer() {
  static_cast<void>(session_->make_current());
  session_->api().mem_free_host(at_);
}

Result<std::shared_ptr<Kernel>> Kernel::build(std::shared_ptr<const Session> session, const std::string& ptx, const char* name) {
  if (auto current = session->make_current(); !current) return std::move(current).error();
  const Api& api = session->api();
  const std::string device = session->info().name;
  std::shared_ptr<Kernel> kernel(new Kernel(std::move(session)));
  std::string log(k_log_bytes, '\0');
  std::array<int, 2> options{k_jit_error_log, k_jit_error_log_bytes};
  std::array<void*, 2> values{log.data(), reinterpret_cast<void*>(std::uintptr_t{k_log_bytes})};
  const Code code = api.module_load(&kernel->module_, ptx.c_str(), static_cast<unsigned>(options.size()), options.data(), values.data());
  if (code != k_success) {
    kernel->module_ = nullptr;
    Error error = failure(api, code, fmt::format("building '{}' for {}", name, device));
    log.resize(std::min(log.find('\0'), log.size()));
    if (const auto said = trim(std::string_view(log).substr(0, k_log_shown)); !said.empty()) error.message += ": " + printable(said);
    return error;
  }
  if (auto found = check(api, api.module_get_function(&kernel->function_, kernel->module_, name), fmt::format("finding the kernel '{}'", name)); !found)
    return std::move(found).error();
  return kernel;
}

Kernel::~Kernel() {
  if (module_ == nullptr) return;
  static_cast<void>(session_->make_current());
  session_->api().module_unload(module_);
}

Code Kernel::launch_with(unsigned grid, unsigned block, void** arguments) const {
  return session_->api().launch_kernel(function_, grid, 1, 1, block, 1, 1, 0, session_->stream(), arguments, nullptr);
}

}  // namespace hardscape::cuda
