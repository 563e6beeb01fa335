#include "engine/synthetic/gguf_writer.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <type_traits>

namespace hardscape {
namespace {

// gguf_metadata_value_type
enum : std::uint32_t { k_int32 = 5, k_uint32 = 4, k_float32 = 6, k_bool = 7, k_string = 8, k_array = 9 };

template <class T>
void put(std::string& out, T value) {
  static_assert(std::is_arithmetic_v<T>);
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);  // GGUF is little-endian, as every machine we build for
  out.append(bytes, sizeof value);
}

void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint64_t>(text.size()));
  out += text;
}

struct PutValue {
  std::string& out;

  void operator()(std::uint32_t v) const { put(out, std::uint32_t{k_uint32}), put(out, v); }
  void operator()(float v) const { put(out, std::uint32_t{k_float32}), put(out, v); }
  void operator()(bool v) const { put(out, std::uint32_t{k_bool}), put(out, static_cast<std::uint8_t>(v)); }
  void operator()(const std::string& v) const { put(out, std::uint32_t{k_string}), put_text(out, v); }
  void operator()(const std::vector<std::int32_t>& v) const {
    array(k_int32, v.size());
    for (const auto x : v) put(out, x);
  }
  void operator()(const std::vector<float>& v) const {
    array(k_float32, v.size());
    for (const auto x : v) put(out, x);
  }
  void operator()(const std::vector<std::string>& v) const {
    array(k_string, v.size());
    for (const auto& x : v) put_text(out, x);
  }
  void operator()(const std::vector<bool>& v) const {
    array(k_bool, v.size());
    for (const bool x : v) put(out, static_cast<std::uint8_t>(x));
  }

  void array(std::uint32_t type, std::size_t count) const {
    put(out, std::uint32_t{k_array});
    put(out, type);
    put(out, static_cast<std::uint64_t>(count));
  }
};

std::uint64_t padded(std::uint64_t bytes) { return (bytes + k_gguf_alignment - 1) / k_gguf_alignment * k_gguf_alignment; }

// A file that is gone unless it was kept.
class PartialFile {
 public:
  explicit PartialFile(std::string path) : path_(std::move(path)), fd_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {}
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  ~PartialFile() {
    if (fd_ < 0) return;
    ::close(fd_);
    if (!kept_) ::unlink(path_.c_str());
  }

  bool is_open() const { return fd_ >= 0; }
  bool write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(fd_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
  bool keep_as(const std::string& final_path) {
    kept_ = ::fsync(fd_) == 0 && ::rename(path_.c_str(), final_path.c_str()) == 0;
    return kept_;
  }

 private:
  std::string path_;
  int fd_;
  bool kept_ = false;
};

}  // namespace

std::string gguf_header(const std::vector<GgufKey>& keys, const std::vector<TensorPlan>& tensors) {
  std::string out = "GGUF";
  put(out, std::uint32_t{3});
  put(out, static_cast<std::uint64_t>(tensors.size()));
  put(out, static_cast<std::uint64_t>(keys.size()));
  for (const auto& key : keys) {
    put_text(out, key.name);
    std::visit(PutValue{out}, key.value);
  }
  std::uint64_t offset = 0;
  for (const auto& tensor : tensors) {
    put_text(out, tensor.name);
    put(out, static_cast<std::uint32_t>(tensor.dims.size()));
    for (const auto dim : tensor.dims) put(out, static_cast<std::uint64_t>(dim));
    put(out, tensor.type);
    put(out, offset);
    offset += padded(tensor.bytes);
  }
  out.resize(padded(out.size()), '\0');
  return out;
}

std::uint64_t gguf_file_bytes(const std::string& header, const std::vector<TensorPlan>& tensors) {
  std::uint64_t bytes = header.size();
  for (const auto& tensor : tensors) bytes += padded(tensor.bytes);
  return bytes;
}

Status write_gguf(const std::string& path, const std::string& header, const std::vector<TensorPlan>& tensors, const TensorSource& source,
                  const std::function<void(double)>& progress, const std::function<bool()>& stop) {
  const auto folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::uint64_t whole = gguf_file_bytes(header, tensors);
  struct statvfs room {};
  if (::statvfs(folder.c_str(), &room) == 0) {
    const std::uint64_t free_bytes = static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize;
    if (free_bytes < whole + (whole >> 6))
      return Error{ErrorCode::io, "writing " + path + ": it needs " + std::to_string(whole) + " bytes and the disk has " + std::to_string(free_bytes) +
                                      " free; make room, or choose another folder with XDG_CACHE_HOME"};
  }
  PartialFile file(path + ".partial");
  const auto failed = [&] { return Error{ErrorCode::io, "writing " + path + ": " + std::strerror(errno)}; };
  if (!file.is_open() || !file.write(header)) return failed();
  std::uint64_t written = header.size();
  std::string piece;
  for (const auto& tensor : tensors) {
    for (std::uint64_t offset = 0; offset < tensor.bytes;) {
      if (stop && stop()) return Error{ErrorCode::timeout, "stopped while writing " + path + "; nothing was kept"};
      constexpr std::uint64_t k_piece = 4u << 20;
      piece.clear();
      source(tensor, offset, std::min(k_piece, tensor.bytes - offset), piece);
      if (!file.write(piece)) return failed();
      offset += piece.size();
      written += piece.size();
      if (progress) progress(static_cast<double>(written) / static_cast<double>(whole));
    }
    if (!file.write(std::string(padded(tensor.bytes) - tensor.bytes, '\0'))) return failed();
  }
  if (!file.keep_as(path)) return failed();
  return Done{};
}

}  // namespace hardscape
