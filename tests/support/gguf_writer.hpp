// Builds GGUF headers in memory, right ones and wrong ones.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace hardscape {

class GgufWriter {
 public:
  template <class T>
  GgufWriter& number(T value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    bytes_.append(raw, sizeof(T));
    return *this;
  }
  GgufWriter& text(std::string_view value) {
    number<std::uint64_t>(value.size());
    bytes_.append(value);
    return *this;
  }
  GgufWriter& preamble(std::uint64_t tensors, std::uint64_t entries, std::uint32_t version = 3) {
    bytes_.append("GGUF");
    return number(version).number(tensors).number(entries);
  }
  GgufWriter& entry(std::string_view key, std::string_view value) { return text(key).number<std::uint32_t>(8).text(value); }
  GgufWriter& entry(std::string_view key, std::uint32_t value) { return text(key).number<std::uint32_t>(4).number(value); }
  GgufWriter& tensor(std::string_view name, const std::vector<std::int64_t>& dims, std::uint32_t type, std::uint64_t offset) {
    text(name).number(static_cast<std::uint32_t>(dims.size()));
    for (const std::int64_t d : dims) number(d);
    return number(type).number(offset);
  }
  GgufWriter& zeros(std::size_t count) {
    bytes_.append(count, '\0');
    return *this;
  }
  GgufWriter& pad_to(std::size_t alignment) { return zeros((alignment - bytes_.size() % alignment) % alignment); }

  std::size_t size() const { return bytes_.size(); }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace hardscape
