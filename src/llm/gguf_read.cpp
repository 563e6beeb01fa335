#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <unordered_set>

#include "base/text.hpp"
#include "hardscape/gguf.hpp"
#include "llm/byte_cursor.hpp"

namespace hardscape {
namespace {

constexpr std::uint32_t k_magic = 0x46554747;  // "GGUF"
constexpr std::uint64_t k_kept_text = 4096;
constexpr std::uint64_t k_kept_numbers = 4096;
constexpr std::size_t k_kept_strings = 8;
constexpr std::uint64_t k_longest_name = 1024;
constexpr std::uint64_t k_most_alignment = std::uint64_t{1} << 24;

enum class ValueType : std::uint32_t { u8, i8, u16, i16, u32, i32, f32, boolean, string, array, u64, i64, f64 };

struct ValueTypeRow {
  const char* name;
  int bytes;  // 0: not of a fixed width
};
constexpr ValueTypeRow k_value_types[] = {
    {"u8", 1},   {"i8", 1},     {"u16", 2},   {"i16", 2}, {"u32", 4}, {"i32", 4}, {"f32", 4},
    {"bool", 1}, {"string", 0}, {"array", 0}, {"u64", 8}, {"i64", 8}, {"f64", 8},
};

class GgufReader {
 public:
  GgufReader(const ByteSource& source, const GgufOptions& options)
      : source_(source), options_(options), cursor_(source) {}

  Result<GgufHeader> run() {
    if (Status s = preamble(); !s) return std::move(s).error();
    for (std::uint64_t i = 0; i < entries_; ++i) {
      if (Status s = entry(i); !s) return std::move(s).error();
    }
    if (Status s = alignment(); !s) return std::move(s).error();
    for (std::uint64_t i = 0; i < tensors_; ++i) {
      if (Status s = tensor(i); !s) return std::move(s).error();
    }
    if (Status s = data(); !s) return std::move(s).error();
    return std::move(header_);
  }

 private:
  Error bad(std::string_view field, std::string_view what, ErrorCode code = ErrorCode::malformed) const {
    return {code, fmt::format("{}: byte {}: {}: {}", source_.name, field_offset_, field, what)};
  }
  Error ends(std::string_view field) const {
    return bad(field, fmt::format("the file ends at {} bytes, in the middle of this field", source_.size));
  }

  template <class T>
  Status number(std::string_view field, T& value) {
    field_offset_ = cursor_.offset();
    if (!cursor_.number(value)) return ends(field);
    return Done{};
  }

  Status text(std::string_view field, std::uint64_t longest, std::uint64_t keep, std::string& into) {
    std::uint64_t length = 0;
    if (Status s = number(field, length); !s) return s;
    if (length > cursor_.left()) {
      return bad(field, fmt::format("its length is {}, but only {} bytes are left", length, cursor_.left()));
    }
    if (length > longest) return bad(field, fmt::format("its length is {}, expected at most {}", length, longest));
    if (!cursor_.text(length, keep, into)) return ends(field);
    return Done{};
  }

  Status preamble() {
    header_.file_bytes = source_.size;
    std::uint32_t magic = 0;
    if (Status s = number("magic", magic); !s) return s;
    if (magic != k_magic) return bad("magic", "expected the letters GGUF; this is no GGUF file");
    if (Status s = number("version", header_.version); !s) return s;
    if (header_.version == 0) return bad("version", "is 0, expected 2 or 3");
    if ((header_.version & 0xFFFFU) == 0) {
      return bad("version", "the file is big-endian, which neither llama.cpp nor this program reads",
                 ErrorCode::unsupported);
    }
    if (header_.version == 1) {
      return bad("version", "is 1, which llama.cpp no longer reads; convert the model again", ErrorCode::unsupported);
    }
    if (header_.version > 3) {
      return bad("version", fmt::format("is {}, expected 2 or 3", header_.version), ErrorCode::unsupported);
    }
    if (Status s = number("tensor count", tensors_); !s) return s;
    // The shortest tensor: name length, number of dimensions, one dimension, type, offset.
    if (tensors_ > cursor_.left() / 32) {
      return bad("tensor count", fmt::format("is {}, more than fit in the {} bytes left", tensors_, cursor_.left()));
    }
    if (Status s = number("metadata count", entries_); !s) return s;
    if (entries_ > cursor_.left() / 13) {
      return bad("metadata count", fmt::format("is {}, more than fit in the {} bytes left", entries_, cursor_.left()));
    }
    return Done{};
  }

  Status scalar(std::string_view field, ValueType type, GgufValue& value) {
    switch (type) {
      case ValueType::u8:
        return unsigned_number<std::uint8_t>(field, value);
      case ValueType::u16:
        return unsigned_number<std::uint16_t>(field, value);
      case ValueType::u32:
        return unsigned_number<std::uint32_t>(field, value);
      case ValueType::u64:
        return unsigned_number<std::uint64_t>(field, value);
      case ValueType::i8:
        return signed_number<std::int8_t>(field, value);
      case ValueType::i16:
        return signed_number<std::int16_t>(field, value);
      case ValueType::i32:
        return signed_number<std::int32_t>(field, value);
      case ValueType::i64:
        return signed_number<std::int64_t>(field, value);
      case ValueType::f32: {
        float f = 0;
        if (Status s = number(field, f); !s) return s;
        value = static_cast<double>(f);
        return Done{};
      }
      case ValueType::f64: {
        double f = 0;
        if (Status s = number(field, f); !s) return s;
        value = f;
        return Done{};
      }
      case ValueType::boolean: {
        std::uint8_t b = 0;
        if (Status s = number(field, b); !s) return s;
        value = b != 0;
        return Done{};
      }
      case ValueType::string: {
        std::string kept;
        if (Status s = text(field, std::numeric_limits<std::uint64_t>::max(), k_kept_text, kept); !s) return s;
        value = std::move(kept);
        return Done{};
      }
      case ValueType::array:
        break;
    }
    return bad(field, "an array inside an array is not supported", ErrorCode::unsupported);
  }

  template <class T>
  Status unsigned_number(std::string_view field, GgufValue& value) {
    T n = 0;
    if (Status s = number(field, n); !s) return s;
    value = std::uint64_t{n};
    return Done{};
  }
  template <class T>
  Status signed_number(std::string_view field, GgufValue& value) {
    T n = 0;
    if (Status s = number(field, n); !s) return s;
    value = std::int64_t{n};
    return Done{};
  }

  Status value_type(std::string_view field, ValueType& type) {
    std::uint32_t id = 0;
    if (Status s = number(field, id); !s) return s;
    if (id >= std::size(k_value_types)) {
      return bad(field, fmt::format("value type {} is not known, expected 0 to {}", id, std::size(k_value_types) - 1),
                 ErrorCode::unsupported);
    }
    type = static_cast<ValueType>(id);
    return Done{};
  }

  Status array(std::string_view field, GgufArray& a) {
    ValueType type{};
    if (Status s = value_type(field, type); !s) return s;
    const ValueTypeRow& row = k_value_types[static_cast<std::size_t>(type)];
    a.element_type = row.name;
    if (Status s = number(field, a.count); !s) return s;
    if (type == ValueType::array) {
      return bad(field, "an array inside an array is not supported", ErrorCode::unsupported);
    }
    const std::uint64_t least = row.bytes > 0 ? static_cast<std::uint64_t>(row.bytes) : 8;
    if (a.count > cursor_.left() / least) {
      return bad(field, fmt::format("it has {} elements, more than fit in the {} bytes left", a.count, cursor_.left()));
    }
    if (type == ValueType::string) {
      for (std::uint64_t i = 0; i < a.count; ++i) {
        std::string kept;
        const bool keep = a.strings.size() < k_kept_strings;
        if (Status s = text(field, std::numeric_limits<std::uint64_t>::max(), keep ? 256 : 0, kept); !s) return s;
        if (keep) a.strings.push_back(std::move(kept));
      }
      return Done{};
    }
    if (a.count > k_kept_numbers) {
      if (!cursor_.skip(a.count * least)) return ends(field);
      return Done{};
    }
    a.numbers.reserve(static_cast<std::size_t>(a.count));
    for (std::uint64_t i = 0; i < a.count; ++i) {
      GgufValue value;
      if (Status s = scalar(field, type, value); !s) return s;
      a.numbers.push_back(std::visit(
          [](const auto& v) -> double {
            if constexpr (std::is_arithmetic_v<std::decay_t<decltype(v)>>) return static_cast<double>(v);
            return 0;
          },
          value));
    }
    return Done{};
  }

  Status entry(std::uint64_t index) {
    GgufEntry e;
    if (Status s = text(fmt::format("key of metadata entry {}", index), 65535, 65535, e.key); !s) return s;
    const std::string field = fmt::format("metadata '{}'", printable(e.key));
    if (e.key.empty()) return bad(fmt::format("metadata entry {}", index), "its key is empty");
    if (!keys_.insert(e.key).second) return bad(field, "the key occurs twice");
    ValueType type{};
    if (Status s = value_type(field, type); !s) return s;
    e.type = k_value_types[static_cast<std::size_t>(type)].name;
    if (type == ValueType::array) {
      GgufArray a;
      if (Status s = array(field, a); !s) return s;
      e.value = std::move(a);
    } else if (Status s = scalar(field, type, e.value); !s) {
      return s;
    }
    header_.metadata.push_back(std::move(e));
    return Done{};
  }

  Status alignment() {
    if (header_.find("general.alignment") == nullptr) return Done{};
    const std::optional<std::int64_t> n = header_.integer("general.alignment");
    if (!n || *n <= 0 || !std::has_single_bit(static_cast<std::uint64_t>(*n)) ||
        static_cast<std::uint64_t>(*n) > k_most_alignment) {
      return bad("metadata 'general.alignment'", fmt::format("expected a power of two up to {}", k_most_alignment));
    }
    header_.alignment = static_cast<std::uint64_t>(*n);
    return Done{};
  }

  Status tensor(std::uint64_t index) {
    GgufTensor t;
    if (Status s = text(fmt::format("name of tensor {}", index), k_longest_name, k_longest_name, t.name); !s) return s;
    const std::string field = fmt::format("tensor '{}'", printable(t.name));
    if (!names_.insert(t.name).second) return bad(field, "the name occurs twice");
    std::uint32_t dims = 0;
    if (Status s = number(field, dims); !s) return s;
    if (dims == 0 || dims > 4) return bad(field, fmt::format("has {} dimensions, expected 1 to 4", dims));
    t.n_dims = static_cast<int>(dims);
    std::int64_t elements = 1;
    for (std::uint32_t d = 0; d < dims; ++d) {
      std::int64_t& n = t.dims[d];
      if (Status s = number(field, n); !s) return s;
      if (n <= 0) return bad(field, fmt::format("dimension {} is {}, expected at least 1", d, n));
      // 2^56 elements of 8 bytes are still far from 64 bits.
      if (n > (std::int64_t{1} << 56) / elements) return bad(field, "the product of its dimensions is absurd");
      elements *= n;
    }
    std::uint32_t type = 0;
    if (Status s = number(field, type); !s) return s;
    t.format = type <= 0xFFFF ? number_format_by_ggml_id(static_cast<int>(type)) : nullptr;
    if (t.format == nullptr) {
      return bad(field, fmt::format("ggml type {} is not known, or was removed from GGUF", type),
                 ErrorCode::unsupported);
    }
    if (t.dims[0] % t.format->block_elements != 0) {
      return bad(field, fmt::format("rows of {} elements cannot be cut into blocks of {} ({})", t.dims[0],
                                    t.format->block_elements, t.format->name));
    }
    t.bytes = Bytes{elements / t.format->block_elements * t.format->block_bytes};
    if (Status s = number(field, t.offset); !s) return s;
    if (t.offset % header_.alignment != 0) {
      return bad(field,
                 fmt::format("its offset {} is not a multiple of the alignment {}", t.offset, header_.alignment));
    }
    if (t.offset != next_offset_) {
      return bad(field, fmt::format("its offset is {}, expected {}: it {} the tensor before it", t.offset, next_offset_,
                                    t.offset < next_offset_ ? "overlaps" : "leaves a gap after"));
    }
    next_offset_ += padded(static_cast<std::uint64_t>(t.bytes.value));
    if (next_offset_ > (std::uint64_t{1} << 62)) return bad(field, "the tensors together are absurdly large");
    header_.tensors.push_back(std::move(t));
    return Done{};
  }

  std::uint64_t padded(std::uint64_t n) const {
    return (n + header_.alignment - 1) / header_.alignment * header_.alignment;
  }

  Status data() {
    field_offset_ = cursor_.offset();
    header_.data_offset = padded(cursor_.offset());
    header_.padding = header_.data_offset - cursor_.offset();
    if (!options_.whole || header_.tensors.empty()) return Done{};
    const GgufTensor& last = header_.tensors.back();
    const std::uint64_t end = header_.data_offset + last.offset + static_cast<std::uint64_t>(last.bytes.value);
    if (end > source_.size) {
      return bad(
          fmt::format("data of tensor '{}'", printable(last.name)),
          fmt::format("the weights end at byte {}, but the file has {} bytes: it is incomplete", end, source_.size));
    }
    return Done{};
  }

  const ByteSource& source_;
  const GgufOptions& options_;
  llm::ByteCursor cursor_;
  GgufHeader header_;
  std::uint64_t field_offset_ = 0;
  std::uint64_t tensors_ = 0, entries_ = 0, next_offset_ = 0;
  std::unordered_set<std::string> keys_, names_;
};

}  // namespace

const GgufEntry* GgufHeader::find(std::string_view key) const {
  for (const GgufEntry& e : metadata) {
    if (e.key == key) return &e;
  }
  return nullptr;
}

std::optional<std::int64_t> GgufHeader::integer(std::string_view key) const {
  const GgufEntry* e = find(key);
  if (e == nullptr) return std::nullopt;
  if (const auto* i = std::get_if<std::int64_t>(&e->value)) return *i;
  if (const auto* u = std::get_if<std::uint64_t>(&e->value)) {
    if (*u <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return static_cast<std::int64_t>(*u);
  }
  return std::nullopt;
}

std::optional<std::string> GgufHeader::text(std::string_view key) const {
  const GgufEntry* e = find(key);
  if (e == nullptr) return std::nullopt;
  if (const auto* s = std::get_if<std::string>(&e->value)) return *s;
  return std::nullopt;
}

Bytes GgufHeader::tensor_bytes() const {
  Bytes sum;
  for (const GgufTensor& t : tensors) sum += t.bytes;
  return sum;
}

std::int64_t GgufHeader::parameters() const {
  std::int64_t sum = 0;
  for (const GgufTensor& t : tensors) sum += t.elements();
  return sum;
}

Result<GgufHeader> read_gguf(const ByteSource& source, const GgufOptions& options) {
  return GgufReader(source, options).run();
}

}  // namespace hardscape
