// The header of a GGUF file: metadata and tensors, never the weights.
//
// GGUF is foreign data: every count and length is checked against the file's real size before it is believed, memory
// is bounded by it, and an error names the byte offset and the field. Versions 2 and 3, little-endian. Not
// thread-safe per source; separate sources are independent.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hardscape/model_memory.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/result.hpp"

namespace hardscape {

// Bytes that can be read from anywhere: a file, memory, a download.
struct ByteSource {
  std::string name;        // for messages
  std::uint64_t size = 0;  // real size; nothing beyond it exists
  // Reads up to `count` bytes at `offset`; returns how many came, less only at the end or on an error.
  std::function<std::size_t(std::uint64_t offset, char* into, std::size_t count)> read;
};
Result<ByteSource> open_bytes(const std::string& path);
// The text must outlive the source.
ByteSource bytes_of(std::string_view text, std::string name);

// An array keeps its length, its numbers when there are few enough to be per-layer lists, and its first strings.
struct GgufArray {
  std::string element_type;  // "i32", "string" ...
  std::uint64_t count = 0;
  std::vector<double> numbers;       // all of them, or none when there are more than 4096
  std::vector<std::string> strings;  // at most the first eight
};
using GgufValue = std::variant<std::int64_t, std::uint64_t, double, bool, std::string, GgufArray>;

struct GgufEntry {
  std::string key;
  std::string type;  // "u32", "string", "array" ...
  GgufValue value;   // strings longer than 4096 bytes are cut
};

struct GgufTensor {
  std::string name;
  int n_dims = 0;
  std::array<std::int64_t, 4> dims{1, 1, 1, 1};
  const NumberFormat* format = nullptr;
  std::uint64_t offset = 0;  // in the data part of its file
  Bytes bytes;
  int part = 0;  // which file of a split model

  std::int64_t elements() const { return dims[0] * dims[1] * dims[2] * dims[3]; }
};

struct GgufHeader {
  std::uint32_t version = 0;
  std::uint64_t alignment = 32;
  std::vector<GgufEntry> metadata;
  std::vector<GgufTensor> tensors;
  std::uint64_t data_offset = 0;  // where the weights start
  std::uint64_t file_bytes = 0;   // of all parts
  std::uint64_t padding = 0;      // between the header and the weights
  int parts = 1;

  const GgufEntry* find(std::string_view key) const;
  std::optional<std::int64_t> integer(std::string_view key) const;
  std::optional<std::string> text(std::string_view key) const;
  Bytes tensor_bytes() const;
  std::int64_t parameters() const;
};

struct GgufOptions {
  bool whole = true;  // the weights must be there too; false: the header alone will do
};

Result<GgufHeader> read_gguf(const ByteSource& source, const GgufOptions& options = {});
// A file by path, with all parts of a split model (name-00001-of-00003.gguf); any part may be named.
Result<GgufHeader> read_gguf_file(const std::string& path, const GgufOptions& options = {});

// The shape that the metadata describes, and the weights as the file has them.
Result<ModelShape> shape_of(const GgufHeader& header);
ModelWeights weights_of(const GgufHeader& header, const ModelShape& shape);

}  // namespace hardscape
