// Reads one record of a catalogue file: values with their source, and no key that nobody asked for.
//
// A value is written plainly (it then has the record's source, date and confidence) or as an object
// {"value", "source", "date", "confidence", "note"} whose members override the record's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/json_reading.hpp"
#include "hardscape/catalogue.hpp"

namespace hardscape {

class RecordReader {
 public:
  // `kind` and the record's id go into every complaint.
  RecordReader(const JsonReader& reader, std::string_view kind);

  const Source& source() const { return source_; }

  std::string text(std::string_view key);           // empty when absent
  std::string need_text(std::string_view key);
  std::optional<std::string> maybe_text(std::string_view key);
  std::optional<bool> flag(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key);  // not negative
  std::optional<int> small(std::string_view key);             // fits an int
  std::optional<double> number(std::string_view key);         // not negative

  Known<std::string> known_text(std::string_view key);
  Known<double> known_number(std::string_view key);           // above zero

  // A quantity above zero, in the unit that its key ends in.
  template <class Quantity>
  Known<Quantity> known(std::string_view key) {
    const auto fact = known_number(key);
    if (!fact) return std::nullopt;
    if (std::is_integral_v<typename Quantity::rep> && !(fact->value < 9e18)) {
      fail(key, "a number below 9 x 10^18");
      return std::nullopt;
    }
    return Fact<Quantity>{Quantity{static_cast<typename Quantity::rep>(fact->value)}, fact->source};
  }
  std::vector<Fact<Bytes>> byte_options(std::string_view key);
  std::vector<Superseded> superseded();
  std::optional<JsonReader> object(std::string_view key);
  std::vector<JsonReader> array(std::string_view key);

  // Source, date and confidence of this object, those of the record where it has none.
  Source source_of(const JsonReader& value) const;
  void fail(std::string_view key, std::string_view expected) const { reader_.fail(key, expected); }
  // Fails on a key that no call above asked for.
  void finish();

 private:
  // The member of this name that is not null, and that it was asked for.
  std::optional<JsonValue> find(std::string_view key);

  JsonReader reader_;
  struct Member {
    std::string_view key;
    JsonValue value;
    bool asked_for = false;
  };
  std::vector<Member> members_;
  std::uint64_t marks_ = 0;  // one bit a key that is there (mark_of): most keys that are asked for are absent from most records
  Source source_;
  std::vector<std::string_view> keys_;
};

// Letters of the data files: A, B and C of the reference are agreed, single and unverified.
Confidence read_confidence(const JsonReader& reader, Confidence otherwise);

}  // namespace hardscape
