// Writes GGUF version 3 files: keys, tensor table, then tensor data in pieces as it is made.
// Layout after docs/gguf.md of the ggml project.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hardscape/result.hpp"

namespace hardscape {

struct GgufKey {
  using Value = std::variant<std::uint32_t, float, bool, std::string, std::vector<std::int32_t>, std::vector<float>, std::vector<std::string>,
                             std::vector<bool>>;
  std::string name;
  Value value;
};

struct TensorPlan {
  std::string name;
  std::vector<std::int64_t> dims;  // fastest first
  std::uint32_t type = 0;          // ggml_type
  std::uint64_t bytes = 0;
};

constexpr std::uint64_t k_gguf_alignment = 32;

// Everything before the tensor data, padded to the alignment.
std::string gguf_header(const std::vector<GgufKey>& keys, const std::vector<TensorPlan>& tensors);
// Size of the whole file.
std::uint64_t gguf_file_bytes(const std::string& header, const std::vector<TensorPlan>& tensors);

// Gives the next bytes of a tensor: `offset` of its data, at most `most` of them; appends to `out`.
using TensorSource = std::function<void(const TensorPlan& tensor, std::uint64_t offset, std::uint64_t most, std::string& out)>;

// Writes path whole or not at all: into path.partial first, which is removed on every failure.
// io: not enough room (checked before the first byte), or the system's word. timeout: `stop` said so.
Status write_gguf(const std::string& path, const std::string& header, const std::vector<TensorPlan>& tensors, const TensorSource& source,
                  const std::function<void(double done)>& progress, const std::function<bool()>& stop);

}  // namespace hardscape
