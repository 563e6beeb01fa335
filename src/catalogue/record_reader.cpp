#include "catalogue/record_reader.hpp"

#include <algorithm>
#include <limits>

#include "base/text.hpp"

namespace hardscape {
namespace {

constexpr double k_most = 1e21;  // above any rate or size in the field, below trouble with whole numbers

std::string place_of(const JsonReader& reader, std::string_view kind) {
  const auto id = reader.json().find("id");
  if (!id || !id->is_text()) return reader.pointer() + " (" + std::string(kind) + " without an id)";
  return std::string(kind) + " \"" + printable(id->text()) + "\": " + reader.pointer();
}

// One of 64 bits, by its length and ends.
std::uint64_t mark_of(std::string_view key) {
  if (key.empty()) return 1;
  const auto letter = [&](std::size_t at) { return std::size_t{static_cast<unsigned char>(key[at])}; };
  return std::uint64_t{1} << ((key.size() * 7 + letter(0) * 5 + letter(key.size() / 2) * 3 + letter(key.size() - 1)) % 64);
}

}  // namespace

Confidence read_confidence(const JsonReader& reader, Confidence otherwise) {
  const auto text = reader.text("confidence");
  if (!text) return otherwise;
  const auto found = confidence_from(*text);
  if (!found) reader.fail("confidence", "agreed, single or unverified");
  return found.value_or(otherwise);
}

RecordReader::RecordReader(const JsonReader& reader, std::string_view kind) : reader_(reader.named(place_of(reader, kind))) {
  if (!reader_.json().is_object()) reader_.fail("", "an object");
  const auto members = reader_.json().members();
  members_.reserve(members.size());
  for (const auto& [key, value] : members) {
    members_.push_back({key, value});
    marks_ |= mark_of(key);
  }
  source_ = source_of(reader_);
  keys_.reserve(64);
  for (const auto* key : {"id", "source", "date", "confidence"}) find(key);
}

std::optional<JsonValue> RecordReader::find(std::string_view key) {
  keys_.push_back(key);
  if ((marks_ & mark_of(key)) == 0) return std::nullopt;
  const auto found = std::find_if(members_.begin(), members_.end(), [key](const Member& member) { return member.key == key; });
  if (found == members_.end()) return std::nullopt;
  found->asked_for = true;
  return found->value.is_null() ? std::nullopt : std::optional<JsonValue>(found->value);
}

Source RecordReader::source_of(const JsonReader& value) const {
  Source source = source_;
  source.origin = Origin::catalogued;
  if (auto ref = value.text("source")) {
    source.ref = std::move(*ref);
    source.date.clear();
  }
  if (auto date = value.text("date")) source.date = std::move(*date);
  source.confidence = read_confidence(value, source.confidence);
  return source;
}

std::string RecordReader::text(std::string_view key) { return maybe_text(key).value_or(""); }

std::string RecordReader::need_text(std::string_view key) {
  const auto value = find(key);
  auto found = value && value->is_text() ? std::string(value->text()) : reader_.need_text(key);
  if (found.empty()) reader_.fail(key, "a text that is not empty");
  return found;
}

std::optional<std::string> RecordReader::maybe_text(std::string_view key) {
  const auto found = find(key);
  if (found && found->is_text()) return std::string(found->text());
  return found ? reader_.text(key) : std::nullopt;
}

std::optional<bool> RecordReader::flag(std::string_view key) {
  return find(key) ? reader_.flag(key) : std::nullopt;
}

std::vector<std::string> RecordReader::texts(std::string_view key) {
  return find(key) ? reader_.texts(key) : std::vector<std::string>{};
}

std::optional<std::int64_t> RecordReader::integer(std::string_view key) {
  const auto found = find(key) ? reader_.integer(key) : std::nullopt;
  if (found && *found < 0) reader_.fail(key, "a whole number that is not negative");
  return found;
}

std::optional<int> RecordReader::small(std::string_view key) {
  const auto found = integer(key);
  if (!found) return std::nullopt;
  if (*found > std::numeric_limits<int>::max()) {
    reader_.fail(key, "a whole number below 2^31");
    return std::nullopt;
  }
  return static_cast<int>(*found);
}

std::optional<double> RecordReader::number(std::string_view key) {
  const auto found = find(key) ? reader_.number(key) : std::nullopt;
  if (found && !(*found >= 0 && *found < k_most)) reader_.fail(key, "a number from 0 to 10^21");
  return found;
}

Known<std::string> RecordReader::known_text(std::string_view key) {
  const auto found = find(key);
  if (!found) return std::nullopt;
  if (found->is_text()) return Fact<std::string>{std::string(found->text()), source_};
  const auto value = reader_.object(key);
  if (!value) return std::nullopt;
  return Fact<std::string>{value->need_text("value"), source_of(*value)};
}

Known<double> RecordReader::known_number(std::string_view key) {
  const auto found = find(key);
  if (!found) return std::nullopt;
  Fact<double> fact{0, source_};
  if (found->is_object()) {
    const auto value = reader_.object(key);
    fact.value = value->need_number("value");
    fact.source = source_of(*value);
  } else if (found->is_number()) {
    fact.value = found->number();
  }
  if (!(fact.value > 0 && fact.value < k_most)) reader_.fail(key, "a number above 0 and below 10^21");
  return fact;
}

std::vector<Fact<Bytes>> RecordReader::byte_options(std::string_view key) {
  std::vector<Fact<Bytes>> options;
  Source source = source_;
  std::vector<JsonReader> elements;
  const auto found = find(key);
  if (!found) return options;
  if (found->is_object()) {
    const auto value = reader_.object(key);
    source = source_of(*value);
    elements = value->array("value");
  } else {
    elements = reader_.array(key);
  }
  for (const auto& element : elements) {
    const auto bytes = element.json().integer();
    if (!bytes || *bytes <= 0 || *bytes >= std::int64_t{10'000'000'000'000'000} ||
        (!options.empty() && *bytes <= options.back().value.value)) {
      reader_.fail(key, "an array of whole numbers of bytes, ascending");
      return {};
    }
    options.push_back({Bytes{*bytes}, source});
  }
  return options;
}

std::vector<Superseded> RecordReader::superseded() {
  std::vector<Superseded> out;
  for (const auto& entry : array("superseded")) {
    Source source = source_of(entry);
    if (!entry.has("source")) entry.fail("source", "a text");
    out.push_back({entry.need_text("field"), entry.need_text("value"), std::move(source), entry.need_text("why")});
  }
  return out;
}

std::optional<JsonReader> RecordReader::object(std::string_view key) {
  return find(key) ? reader_.object(key) : std::nullopt;
}

std::vector<JsonReader> RecordReader::array(std::string_view key) {
  return find(key) ? reader_.array(key) : std::vector<JsonReader>{};
}

void RecordReader::finish() {
  if (!reader_.json().is_object()) return;
  for (const Member& member : members_) {
    if (member.asked_for || std::find(keys_.begin(), keys_.end(), member.key) != keys_.end()) continue;
    const std::vector<std::string> known(keys_.begin(), keys_.end());
    const auto near = nearest(std::string(member.key), known, 1);
    reader_.fail(member.key, near.empty() ? "no such key" : "no such key; \"" + near.front() + "\" is the nearest one");
  }
}

}  // namespace hardscape
