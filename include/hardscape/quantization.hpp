// Number formats of weights and caches: how many bytes a block of how many elements takes.
//
// The formats and the mixes (which tensor gets which format) are records in data/quantisations/. A mix is named as
// people name files: "Q4_K_M", "MXFP4", "AWQ-4bit". Pure functions over embedded data; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/result.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

// One element format. A row of n elements takes ceil(n / block_elements) * block_bytes.
struct NumberFormat {
  std::string name;  // as ggml prints it, in lower case: "q4_K" is "q4_k"
  int ggml_id = -1;  // number in GGUF files; -1 for formats that GGUF does not have
  int block_elements = 1;
  int block_bytes = 0;
  bool cache = false;  // llama.cpp accepts it for the KV cache

  double bits_per_element() const { return 8.0 * block_bytes / block_elements; }
  // Exact bytes of a row; the row is padded to whole blocks.
  std::int64_t row_bytes(std::int64_t elements) const {
    return (elements + block_elements - 1) / block_elements * block_bytes;
  }

  friend bool operator==(const NumberFormat&, const NumberFormat&) = default;
};

const std::vector<NumberFormat>& number_formats();
const NumberFormat* find_number_format(std::string_view name);  // in any case; null when unknown
const NumberFormat* number_format_by_ggml_id(int id);           // null when unknown or removed

// A way to store a whole model.
struct Quantization {
  std::string id;              // "Q4_K_M"
  std::string base;            // number format of most tensors
  std::string container;       // "gguf", "safetensors" or "mlx"
  std::string summary;         // one sentence for lists
  double bits_per_weight = 0;  // of a typical dense model, for sorting; exact bytes come from weights_of()
  std::vector<std::string> names;  // how uploads call it beside its id: "FP16", "GPTQ-Int4"

  friend bool operator==(const Quantization&, const Quantization&) = default;
};

const std::vector<Quantization>& quantizations();                      // most bits first
// By id or another name, in any case. The error lists the nearest ids.
Result<const Quantization*> find_quantization(std::string_view name);

}  // namespace hardscape
