#include "measure/opencl/opencl_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/text.hpp"

namespace hardscape::opencl {
namespace {

constexpr std::size_t k_most_log = 1u << 20;
constexpr std::size_t k_log_shown = 400;
// So deep a queue hides the launches and still lets a stop request through soon.
constexpr std::int64_t k_queue_depth = 256;

double now_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

std::optional<Ulong> stamp(const Api& api, const Owned<Event>& event, Uint which) {
  Ulong nanoseconds = 0;
  if (!event || api.get_profiling_info(event.get(), which, sizeof nanoseconds, &nanoseconds, nullptr) != k_success) return std::nullopt;
  return nanoseconds;
}

std::string build_log(const Api& api, Program program, Device device) {
  std::size_t size = 0;
  if (api.get_build_info(program, device, k_build_log, 0, nullptr, &size) != k_success || size == 0) return {};
  size = std::min(size, k_most_log);
  std::string log(size, '\0');
  if (api.get_build_info(program, device, k_build_log, size, log.data(), nullptr) != k_success) return {};
  log.resize(std::min(log.find('\0'), log.size()));
  return printable(trim(std::string_view(log).substr(0, k_log_shown)));
}

}  // namespace

double believable(std::optional<double> device_s, double host_s) {
  if (!device_s || *device_s <= 0 || *device_s > host_s * 1.01 + 5e-5) return host_s;
  if (host_s > 2e-3 && *device_s < host_s / 2) return host_s;
  return *device_s;
}

Result<std::shared_ptr<Session>> Session::open(const Api& api, const DeviceInfo& info) {
  std::shared_ptr<Session> session(new Session(api, info));
  Int code = k_success;
  const Context context = api.create_context(nullptr, 1, &info.device, nullptr, nullptr, &code);
  if (context == nullptr) return failure(code, fmt::format("making an OpenCL context on {}", info.name));
  session->context_ = Owned<Context>(context, api.release_context);
  Queue queue = api.create_queue(context, info.device, k_queue_profiling, &code);
  // Some devices offer no profiling; the host's clock does then.
  if (queue == nullptr) queue = api.create_queue(context, info.device, 0, &code);
  if (queue == nullptr) return failure(code, fmt::format("making an OpenCL command queue on {}", info.name));
  session->queue_ = Owned<Queue>(queue, api.release_queue);
  return session;
}

Result<Owned<Program>> Session::build(std::string_view source, const std::string& options) const {
  Int code = k_success;
  const char* text = source.data();
  const std::size_t length = source.size();
  const Program made = api_.create_program(context_.get(), 1, &text, &length, &code);
  if (made == nullptr) return failure(code, "handing a kernel's text to OpenCL");
  Owned<Program> program(made, api_.release_program);
  code = api_.build_program(made, 1, &info_.device, (options + " -w").c_str(), nullptr, nullptr);
  if (code == k_success) return program;
  Error error = failure(code, fmt::format("building a kernel for {}", info_.name));
  if (const std::string log = build_log(api_, made, info_.device); !log.empty()) error.message += ": " + log;
  // A kernel that does not build is no lack of memory: the device fails, it is not skipped.
  error.code = ErrorCode::io;
  return error;
}

Result<Owned<Kernel>> Session::kernel(const Owned<Program>& program, const char* name) const {
  Int code = k_success;
  const Kernel kernel = api_.create_kernel(program.get(), name, &code);
  if (kernel == nullptr) return failure(code, fmt::format("finding the kernel '{}'", name));
  return Owned<Kernel>(kernel, api_.release_kernel);
}

Result<Owned<Memory>> Session::buffer(std::uint64_t bytes, Bitfield flags) const {
  Int code = k_success;
  const Memory memory = api_.create_buffer(context_.get(), flags, static_cast<std::size_t>(bytes), nullptr, &code);
  if (memory == nullptr) return failure(code, fmt::format("taking {:.1f} MiB on {}", static_cast<double>(bytes) / static_cast<double>(k_mib), info_.name));
  return Owned<Memory>(memory, api_.release_memory);
}

Status Session::argument(const Owned<Kernel>& kernel, Uint index, std::size_t size, const void* value) const {
  return check(api_.set_kernel_arg(kernel.get(), index, size, value), fmt::format("setting argument {} of a kernel", index));
}

Status Session::write(const Owned<Memory>& buffer, std::uint64_t offset, std::size_t bytes, const void* from) const {
  return check(api_.enqueue_write(queue_.get(), buffer.get(), 1, static_cast<std::size_t>(offset), bytes, from, 0, nullptr, nullptr),
               "copying to the device");
}

Status Session::read(const Owned<Memory>& buffer, std::uint64_t offset, std::size_t bytes, void* to) const {
  return check(api_.enqueue_read(queue_.get(), buffer.get(), 1, static_cast<std::size_t>(offset), bytes, to, 0, nullptr, nullptr),
               "copying from the device");
}

Int Session::enqueue(const Owned<Kernel>& kernel, Range range, Event* event) const {
  return api_.enqueue_kernel(queue_.get(), kernel.get(), 1, nullptr, &range.global, &range.local, 0, nullptr, event);
}

Status Session::finish() const { return check(api_.finish(queue_.get()), "waiting for the device"); }

Result<double> Session::time(std::string_view doing, const Command& command, std::int64_t repetitions) const {
  if (auto idle = finish(); !idle) return std::move(idle).error();
  double seconds = 0;
  for (std::int64_t done = 0; done < repetitions; done += k_queue_depth) {
    const std::int64_t count = std::min(k_queue_depth, repetitions - done);
    Owned<Event> first;
    Owned<Event> last;
    const double from_s = now_s();
    for (std::int64_t i = 0; i < count; ++i) {
      const bool timed = i == 0 || i == count - 1;
      Event event = nullptr;
      if (const Int code = command(timed ? &event : nullptr); code != k_success) {
        // The error is the command's; what waiting says about the commands before it is of no use.
        static_cast<void>(finish());
        return failure(code, doing);
      }
      if (i == count - 1) last = Owned<Event>(event, api_.release_event);
      else if (timed) first = Owned<Event>(event, api_.release_event);
    }
    if (auto waited = finish(); !waited) return std::move(waited).error().within(doing);
    const double host_s = now_s() - from_s;
    const auto start = stamp(api_, count == 1 ? last : first, k_profiling_start);
    const auto end = stamp(api_, last, k_profiling_end);
    std::optional<double> device_s;
    if (start && end && *end > *start) device_s = static_cast<double>(*end - *start) * 1e-9;
    seconds += believable(device_s, host_s);
  }
  return seconds;
}

Result<double> Session::run(std::string_view doing, const Owned<Kernel>& kernel, Range range, std::int64_t repetitions) const {
  return time(doing, [&](Event* event) { return enqueue(kernel, range, event); }, repetitions);
}

Result<double> Session::round_trips(std::string_view doing, const Owned<Kernel>& kernel, Range range, std::int64_t repetitions) const {
  if (auto idle = finish(); !idle) return std::move(idle).error();
  const double from_s = now_s();
  for (std::int64_t i = 0; i < repetitions; ++i) {
    if (auto code = check(enqueue(kernel, range, nullptr), doing); !code) return std::move(code).error();
    if (auto waited = finish(); !waited) return std::move(waited).error();
  }
  return now_s() - from_s;
}

}  // namespace hardscape::opencl
