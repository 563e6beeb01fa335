#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "hardscape/host.hpp"

namespace hardscape {
namespace {

Error system_error(std::string_view doing, const std::string& path) {
  return Error{errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
               std::string(doing) + " " + path + ": " + std::strerror(errno)};
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(fd) == 0;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Status write_file(const std::string& path, std::string_view text, bool replace) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0) {
    if (!replace) return Error{ErrorCode::io, "writing " + path + ": it exists already; choose another name or remove it"};
    // A pipe or a terminal is written in place: there is nothing to keep.
    if (!S_ISREG(info.st_mode)) {
      const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
      if (fd < 0) return system_error("writing", path);
      const bool done = write_all(fd, text) || errno == EINVAL;  // fsync means nothing on a pipe
      ::close(fd);
      return done ? Status(Done{}) : Status(system_error("writing", path));
    }
  }
  std::string temporary = path + ".XXXXXX";
#ifdef O_TMPFILE
  // Without a name until it is whole, so that not even kill -9 leaves a remnant.
  int fd = ::open(folder_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  const bool named = fd < 0;
  if (named) fd = ::mkstemp(temporary.data());
#else
  const bool named = true;
  int fd = ::mkstemp(temporary.data());
#endif
  if (fd < 0) return system_error("writing", path);
  const auto give_up = [&] {
    Error error = system_error("writing", path);
    ::close(fd);
    if (named) ::unlink(temporary.c_str());
    return error;
  };
  if (!write_all(fd, text)) return give_up();
#ifdef O_TMPFILE
  if (!named) {
    const std::string handle = "/proc/self/fd/" + std::to_string(fd);
    if (::linkat(AT_FDCWD, handle.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0) {
      ::close(fd);
      return Done{};
    }
    if (errno != EEXIST || !replace) return give_up();
    temporary = path + "." + std::to_string(::getpid()) + ".new";
    if (::linkat(AT_FDCWD, handle.c_str(), AT_FDCWD, temporary.c_str(), AT_SYMLINK_FOLLOW) != 0) return give_up();
  }
#endif
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    Error error = system_error("writing", path);
    ::close(fd);
    ::unlink(temporary.c_str());
    return error;
  }
  ::close(fd);
  return Done{};
}

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return system_error("reading", path);
  struct stat info {};
  if (::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    ::close(fd);
    return Error{ErrorCode::io, "reading " + path + ": it is a folder, expected a file"};
  }
  std::string text;
  char chunk[65536];
  for (;;) {
    const ssize_t got = ::read(fd, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      Error error = system_error("reading", path);
      ::close(fd);
      return error;
    }
    if (got == 0) break;
    text.append(chunk, static_cast<std::size_t>(got));
    if (text.size() > limit) {
      ::close(fd);
      return Error{ErrorCode::malformed, "reading " + path + ": larger than " + std::to_string(limit) + " bytes"};
    }
  }
  ::close(fd);
  return text;
}

}  // namespace hardscape
