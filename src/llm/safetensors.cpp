#include "hardscape/safetensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>

#include "base/json_reading.hpp"
#include "base/text.hpp"
#include "llm/byte_cursor.hpp"

namespace hardscape {
namespace {

using nlohmann::json;

// The format's own limit on its header.
constexpr std::uint64_t k_longest_header = 100'000'000;
constexpr std::uint64_t k_longest_index = 100'000'000;

struct TypeRow {
  std::string_view name;
  int bits;
};
constexpr TypeRow k_types[] = {
    {"BOOL", 8}, {"U8", 8},   {"I8", 8},    {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"U16", 16},
    {"I16", 16}, {"F16", 16}, {"BF16", 16}, {"U32", 32},    {"I32", 32},    {"F32", 32},    {"U64", 64},
    {"I64", 64}, {"F64", 64}, {"C64", 64},  {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6},
};

const TypeRow* type_row(std::string_view name) {
  const auto* row =
      std::find_if(std::begin(k_types), std::end(k_types), [&](const TypeRow& r) { return r.name == name; });
  return row == std::end(k_types) ? nullptr : row;
}

std::string tensor_field(std::string_view name) { return fmt::format("tensor '{}'", printable(name)); }

Error bad(const ByteSource& s, std::uint64_t offset, std::string_view field, std::string_view what) {
  return {ErrorCode::malformed, fmt::format("{}: byte {}: {}: {}", s.name, offset, field, what)};
}

Result<SafeTensor> tensor_from(const ByteSource& source, const std::string& name, const json& row) {
  const auto refuse = [&](std::string_view what) { return bad(source, 8, tensor_field(name), what); };
  if (!row.is_object()) return refuse("expected an object with dtype, shape and data_offsets");
  SafeTensor t;
  t.name = name;
  const auto type = row.find("dtype"), shape = row.find("shape"), offsets = row.find("data_offsets");
  if (type == row.end() || !type->is_string()) return refuse("'dtype' is missing or is not a string");
  t.type = type->get<std::string>();
  const TypeRow* known = type_row(t.type);
  if (known == nullptr) return refuse(fmt::format("dtype '{}' is not known", printable(t.type)));
  if (shape == row.end() || !shape->is_array() || shape->size() > 16)
    return refuse("'shape' is missing or is no list of at most 16");
  std::uint64_t elements = 1;
  constexpr std::uint64_t most = std::uint64_t{1} << 56;
  for (const json& n : *shape) {
    if (!n.is_number_unsigned()) return refuse("'shape' holds something that is no count");
    const auto v = n.get<std::uint64_t>();
    if (v > 0 && elements > most / v) return refuse("the product of its shape is absurd");
    elements *= v;
    t.shape.push_back(static_cast<std::int64_t>(std::min(v, most)));
  }
  if (offsets == row.end() || !offsets->is_array() || offsets->size() != 2 || !(*offsets)[0].is_number_unsigned() ||
      !(*offsets)[1].is_number_unsigned()) {
    return refuse("'data_offsets' is missing or is no pair of offsets");
  }
  t.begin = (*offsets)[0].get<std::uint64_t>();
  t.end = (*offsets)[1].get<std::uint64_t>();
  if (t.end < t.begin) return refuse(fmt::format("its data ends at {} before it begins at {}", t.end, t.begin));
  const std::uint64_t bytes = (elements * static_cast<std::uint64_t>(known->bits) + 7) / 8;
  if (t.end - t.begin != bytes) {
    return refuse(
        fmt::format("its data has {} bytes, expected {} for its shape in {}", t.end - t.begin, bytes, t.type));
  }
  return t;
}

Result<std::string> whole_text(const ByteSource& source, std::uint64_t longest) {
  if (source.size > longest) {
    return Error{ErrorCode::malformed,
                 fmt::format("{}: it has {} bytes, expected at most {}", source.name, source.size, longest)};
  }
  std::string text(static_cast<std::size_t>(source.size), '\0');
  text.resize(source.read(0, text.data(), text.size()));
  return text;
}

}  // namespace

std::int64_t SafeTensor::elements() const {
  std::int64_t n = 1;
  for (const std::int64_t d : shape) n *= d;
  return n;
}

Bytes SafetensorsHeader::tensor_bytes() const {
  Bytes sum;
  for (const SafeTensor& t : tensors) sum += t.bytes();
  return sum;
}

std::int64_t SafetensorsHeader::parameters() const {
  std::int64_t sum = 0;
  for (const SafeTensor& t : tensors) sum += t.elements();
  return sum;
}

std::map<std::string, Bytes> SafetensorsHeader::by_type() const {
  std::map<std::string, Bytes> sums;
  for (const SafeTensor& t : tensors) sums[t.type] += t.bytes();
  return sums;
}

Result<SafetensorsHeader> read_safetensors(const ByteSource& source, const SafetensorsOptions& options) {
  llm::ByteCursor cursor(source);
  std::uint64_t length = 0;
  if (!cursor.number(length))
    return bad(source, 0, "header length", fmt::format("the file ends at {} bytes", source.size));
  if (length > cursor.left()) {
    return bad(source, 0, "header length", fmt::format("is {}, but only {} bytes are left", length, cursor.left()));
  }
  if (length > k_longest_header) {
    return bad(source, 0, "header length", fmt::format("is {}, expected at most {}", length, k_longest_header));
  }
  std::string text;
  if (!cursor.text(length, length, text)) return bad(source, 8, "header", "it cannot be read to its end");
  std::set<std::string> seen;
  std::string twice;
  const auto watch_keys = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth == 1 && event == json::parse_event_t::key && !seen.insert(parsed.get<std::string>()).second) {
      twice = parsed.get<std::string>();
    }
    return true;
  };
  const json document = json::parse(text, watch_keys, false);
  if (document.is_discarded() || !document.is_object()) return bad(source, 8, "header", "it is no JSON object");
  if (!twice.empty()) return bad(source, 8, tensor_field(twice), "the name occurs twice");

  SafetensorsHeader header;
  header.file_bytes = source.size;
  for (const auto& [name, row] : document.items()) {
    if (name == "__metadata__") continue;
    Result<SafeTensor> t = tensor_from(source, name, row);
    if (!t) return std::move(t).error();
    header.tensors.push_back(std::move(*t));
  }
  std::sort(header.tensors.begin(), header.tensors.end(), [](const SafeTensor& a, const SafeTensor& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t expected = 0;
  for (const SafeTensor& t : header.tensors) {
    if (t.begin != expected) {
      return bad(source, 8 + length + std::min(t.begin, source.size), tensor_field(t.name),
                 fmt::format("its data begins at {}, expected {}: it {} the tensor before it", t.begin, expected,
                             t.begin < expected ? "overlaps" : "leaves a gap after"));
    }
    expected = t.end;
  }
  if (expected > (std::uint64_t{1} << 62)) return bad(source, 8, "data", "the tensors together are absurdly large");
  if (options.whole && expected > cursor.left()) {
    return bad(source, 8 + length, "data",
               fmt::format("it has {} bytes, expected {}: the file is incomplete", cursor.left(), expected));
  }
  return header;
}

Result<SafetensorsHeader> read_safetensors_file(const std::string& path, const SafetensorsOptions& options) {
  Result<ByteSource> source = open_bytes(path);
  if (!source) return std::move(source).error();
  if (!path.ends_with(".json")) return read_safetensors(*source, options);

  Result<std::string> text = whole_text(*source, k_longest_index);
  if (!text) return std::move(text).error();
  const json index = parse_json(*text, path).value_or(json());
  if (!index.is_object() || !index.contains("weight_map") || !index["weight_map"].is_object() ||
      index["weight_map"].empty()) {
    return Error{ErrorCode::malformed, fmt::format("{}: expected an object with a 'weight_map' that names tensors", path)};
  }
  std::set<std::string> files;
  for (const auto& [tensor, file] : index["weight_map"].items()) {
    if (!file.is_string())
      return Error{ErrorCode::malformed, fmt::format("{}: weight_map/{} is no file name", path, printable(tensor))};
    const auto name = file.get<std::string>();
    if (name.empty() || name.find('/') != std::string::npos || name.find('\\') != std::string::npos || name == "..") {
      return Error{ErrorCode::malformed, fmt::format("{}: weight_map/{} names '{}', expected a file in the same folder",
                                                     path, printable(tensor), printable(name))};
    }
    files.insert(name);
  }
  SafetensorsHeader whole;
  whole.files = 0;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  for (const std::string& file : files) {
    const std::string part = (folder / file).string();
    Result<ByteSource> part_source = open_bytes(part);
    if (!part_source) return std::move(part_source).error().within(path);
    Result<SafetensorsHeader> header = read_safetensors(*part_source, options);
    if (!header) return header;
    whole.file_bytes += header->file_bytes;
    ++whole.files;
    whole.tensors.insert(whole.tensors.end(), std::make_move_iterator(header->tensors.begin()),
                         std::make_move_iterator(header->tensors.end()));
  }
  if (whole.tensors.size() != index["weight_map"].size()) {
    return Error{ErrorCode::malformed, fmt::format("{}: weight_map names {} tensors, but the files hold {}", path,
                                                   index["weight_map"].size(), whole.tensors.size())};
  }
  return whole;
}

}  // namespace hardscape
