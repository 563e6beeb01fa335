// The header of a safetensors file or of an index over several: names, types and sizes, never the weights.
//
// Foreign data: lengths are checked against the file's real size, an error names the byte offset or the tensor.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "hardscape/gguf.hpp"
#include "hardscape/result.hpp"

namespace hardscape {

struct SafeTensor {
  std::string name;
  std::string type;  // "BF16", "F8_E4M3", "I32" ...
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;  // in the data part
  std::uint64_t end = 0;

  Bytes bytes() const { return Bytes{static_cast<std::int64_t>(end - begin)}; }
  std::int64_t elements() const;
};

struct SafetensorsHeader {
  std::vector<SafeTensor> tensors;
  std::uint64_t file_bytes = 0;  // of all files
  int files = 1;

  Bytes tensor_bytes() const;
  std::int64_t parameters() const;
  std::map<std::string, Bytes> by_type() const;
};

struct SafetensorsOptions {
  bool whole = true;  // the data must be there too
};

Result<SafetensorsHeader> read_safetensors(const ByteSource& source, const SafetensorsOptions& options = {});
// model.safetensors, or model.safetensors.index.json with the files that it names beside it.
Result<SafetensorsHeader> read_safetensors_file(const std::string& path, const SafetensorsOptions& options = {});

}  // namespace hardscape
