#include <fmt/format.h>

#include <filesystem>
#include <unordered_set>

#include "base/text.hpp"
#include "hardscape/gguf.hpp"

namespace hardscape {
namespace {

constexpr int k_most_parts = 4096;

struct SplitName {
  std::string prefix;
  int number = 0;  // from 1
  int count = 0;
};

// "model-00002-of-00005.gguf"; nothing when the name is of another form.
std::optional<SplitName> split_name(const std::string& path) {
  constexpr std::string_view suffix = ".gguf";
  constexpr std::size_t tail = 5 + 4 + 5 + suffix.size();  // 00002-of-00005.gguf
  if (path.size() <= tail + 1 || !path.ends_with(suffix)) return std::nullopt;
  const std::string_view end = std::string_view(path).substr(path.size() - tail);
  if (end.substr(5, 4) != "-of-" || path[path.size() - tail - 1] != '-') return std::nullopt;
  const auto number = parse_unsigned(end.substr(0, 5)), count = parse_unsigned(end.substr(9, 5));
  if (!number || !count || *count == 0 || *number == 0 || *number > *count) return std::nullopt;
  return SplitName{path.substr(0, path.size() - tail - 1), static_cast<int>(*number), static_cast<int>(*count)};
}

Result<GgufHeader> read_part(const std::string& path, const GgufOptions& options) {
  Result<ByteSource> source = open_bytes(path);
  if (!source) return std::move(source).error();
  return read_gguf(*source, options);
}

}  // namespace

Result<GgufHeader> read_gguf_file(const std::string& path, const GgufOptions& options) {
  Result<GgufHeader> named = read_part(path, options);
  if (!named) return named;
  const std::int64_t count = named->integer("split.count").value_or(0);
  if (count <= 1) return named;
  if (count > k_most_parts) {
    return Error{ErrorCode::malformed,
                 fmt::format("{}: metadata 'split.count' is {}, expected at most {}", path, count, k_most_parts)};
  }
  const std::optional<SplitName> name = split_name(path);
  if (!name || name->count != count) {
    return Error{
        ErrorCode::malformed,
        fmt::format("{}: it is part {} of a model in {} parts, but its name does not end in -NNNNN-of-{:05}.gguf, "
                    "so the other parts cannot be found",
                    path, named->integer("split.no").value_or(0) + 1, count, count)};
  }
  GgufHeader whole;
  std::unordered_set<std::string> names;
  for (int part = 1; part <= count; ++part) {
    const std::string part_path = fmt::format("{}-{:05}-of-{:05}.gguf", name->prefix, part, count);
    Result<GgufHeader> header = read_part(part_path, options);
    if (!header) {
      if (header.error().code != ErrorCode::not_found) return header;
      return Error{ErrorCode::malformed, fmt::format("{}: part {} of {} is missing; it should lie beside the others",
                                                     part_path, part, count)};
    }
    const std::int64_t number = header->integer("split.no").value_or(-1);
    if (number != part - 1 || header->integer("split.count").value_or(0) != count) {
      return Error{
          ErrorCode::malformed,
          fmt::format("{}: metadata 'split.no' is {} of {}, expected {} of {}: parts of different models or a part "
                      "under another's name",
                      part_path, number, header->integer("split.count").value_or(0), part - 1, count)};
    }
    for (GgufTensor& t : header->tensors) {
      if (!names.insert(t.name).second) {
        return Error{ErrorCode::malformed,
                     fmt::format("{}: tensor '{}' is in an earlier part as well", part_path, printable(t.name))};
      }
      t.part = part - 1;
    }
    if (part == 1) {
      whole = std::move(*header);
      continue;
    }
    whole.file_bytes += header->file_bytes;
    whole.tensors.insert(whole.tensors.end(), std::make_move_iterator(header->tensors.begin()),
                         std::make_move_iterator(header->tensors.end()));
  }
  whole.parts = static_cast<int>(count);
  const std::int64_t expected = whole.integer("split.tensors.count").value_or(-1);
  if (expected >= 0 && expected != static_cast<std::int64_t>(whole.tensors.size())) {
    return Error{ErrorCode::malformed,
                 fmt::format("{}: metadata 'split.tensors.count' is {}, but the parts hold {} tensors", path, expected,
                             whole.tensors.size())};
  }
  return whole;
}

}  // namespace hardscape
