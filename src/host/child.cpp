// Runs work that may hang or crash (vendor drivers) in a child process, with a limit.
#include "host/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace hardscape {
namespace {

constexpr std::size_t k_most_bytes = 16u << 20;

int milliseconds_left(std::chrono::steady_clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  return left.count() < 0 ? 0 : static_cast<int>(left.count());
}

// Waits for the child without blocking for ever: a driver stuck in the kernel ignores SIGKILL until it returns,
// and then init inherits the zombie.
std::optional<int> reap(pid_t child, std::chrono::steady_clock::time_point until) {
  int status = 0;
  for (;;) {
    const pid_t got = ::waitpid(child, &status, WNOHANG);
    if (got == child) return status;
    if (got < 0 && errno != EINTR) return std::nullopt;
    if (milliseconds_left(until) == 0) return std::nullopt;
    ::poll(nullptr, 0, 1);
  }
}

}  // namespace

Result<std::string> run_in_child(const ChildWork& work, std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return Error{ErrorCode::io, std::string("making a pipe: ") + std::strerror(errno)};
  ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  ::fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  const pid_t child = ::fork();
  if (child < 0) {
    ::close(ends[0]);
    ::close(ends[1]);
    return Error{ErrorCode::io, std::string("starting a child process: ") + std::strerror(errno)};
  }
  if (child == 0) {
    ::close(ends[0]);
    // What a vendor library prints is not part of our output.
    const int null = ::open("/dev/null", O_RDWR);
    if (null >= 0) {
      ::dup2(null, 0);
      ::dup2(null, 1);
      ::dup2(null, 2);
    }
    work(ends[1]);
    ::_exit(0);
  }
  ::close(ends[1]);

  std::string bytes;
  bool timed_out = false;
  std::array<char, 65536> chunk;
  for (;;) {
    pollfd waiting{ends[0], POLLIN, 0};
    const int ready = ::poll(&waiting, 1, milliseconds_left(until));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      timed_out = true;
      break;
    }
    const ssize_t got = ::read(ends[0], chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    bytes.append(chunk.data(), static_cast<std::size_t>(got));
    if (bytes.size() > k_most_bytes) {
      timed_out = true;
      break;
    }
  }
  ::close(ends[0]);
  if (timed_out) ::kill(child, SIGKILL);
  const auto status = reap(child, std::chrono::steady_clock::now() + std::chrono::milliseconds(timed_out ? 50 : 500));
  if (timed_out) return Error{ErrorCode::timeout, "no answer within " + std::to_string(limit.count()) + " ms"};
  if (!status) {
    ::kill(child, SIGKILL);
    return Error{ErrorCode::timeout, "the child process did not end"};
  }
  if (WIFSIGNALED(*status))
    return Error{ErrorCode::unavailable, std::string("crashed: ") + ::strsignal(WTERMSIG(*status))};
  if (WEXITSTATUS(*status) != 0)
    return Error{ErrorCode::unavailable, "ended with status " + std::to_string(WEXITSTATUS(*status))};
  return bytes;
}

}  // namespace hardscape
