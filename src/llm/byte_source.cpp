#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

#include "llm/byte_cursor.hpp"

namespace hardscape {
namespace {

constexpr std::size_t k_window = std::size_t{256} * 1024;

}  // namespace

Result<ByteSource> open_bytes(const std::string& path) {
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::status(path, code);
  if (code || !std::filesystem::exists(status)) {
    return Error{ErrorCode::not_found, fmt::format("{}: there is no such file", path)};
  }
  if (!std::filesystem::is_regular_file(status)) {
    return Error{ErrorCode::io, fmt::format("{}: not a regular file", path)};
  }
  const std::uintmax_t size = std::filesystem::file_size(path, code);
  if (code) return Error{ErrorCode::io, fmt::format("{}: its size cannot be read: {}", path, code.message())};
  auto stream = std::make_shared<std::ifstream>(path, std::ios::binary);
  if (!*stream) return Error{ErrorCode::io, fmt::format("{}: cannot be opened for reading", path)};
  ByteSource source{path, size, nullptr};
  source.read = [stream](std::uint64_t offset, char* into, std::size_t count) -> std::size_t {
    stream->clear();
    stream->seekg(static_cast<std::streamoff>(offset));
    stream->read(into, static_cast<std::streamsize>(count));
    return static_cast<std::size_t>(std::max<std::streamsize>(0, stream->gcount()));
  };
  return source;
}

ByteSource bytes_of(std::string_view text, std::string name) {
  ByteSource source{std::move(name), text.size(), nullptr};
  source.read = [text](std::uint64_t offset, char* into, std::size_t count) -> std::size_t {
    if (offset >= text.size()) return 0;
    const std::size_t n = std::min<std::size_t>(count, text.size() - static_cast<std::size_t>(offset));
    std::copy_n(text.data() + offset, n, into);
    return n;
  };
  return source;
}

namespace llm {

bool ByteCursor::fill(std::size_t count) {
  if (count > left()) return false;
  if (offset_ >= begin_ && offset_ + count <= begin_ + window_.size()) return true;
  const std::uint64_t want = std::min<std::uint64_t>(std::max<std::size_t>(count, k_window), left());
  window_.resize(static_cast<std::size_t>(want));
  begin_ = offset_;
  window_.resize(source_.read(offset_, window_.data(), window_.size()));
  return window_.size() >= count;
}

bool ByteCursor::text(std::uint64_t length, std::uint64_t keep, std::string& into) {
  if (length > left()) return false;
  const auto kept = static_cast<std::size_t>(std::min(length, keep));
  if (kept > 0 && !fill(kept)) return false;
  into.assign(window_.data() + (kept > 0 ? offset_ - begin_ : 0), kept);
  offset_ += length;
  return true;
}

}  // namespace llm
}  // namespace hardscape
