// Text without any word of our field: splitting, trimming, numbers, distance between words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hardscape {

bool is_digit(char c);  // of ASCII
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);   // keeps empty fields
std::vector<std::string_view> split_words(std::string_view text);             // by white space, no empty ones
std::vector<std::string_view> split_lines(std::string_view text);             // without line ends (\n, \r\n)
std::string to_lower(std::string_view text);                                  // ASCII
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);
bool equal_ignoring_case(std::string_view a, std::string_view b);
bool contains_ignoring_case(std::string_view text, std::string_view part);

// The whole text must be a number; nothing otherwise, nothing on overflow.
std::optional<std::int64_t> parse_integer(std::string_view text, int base = 10);
std::optional<std::uint64_t> parse_unsigned(std::string_view text, int base = 10);
std::optional<double> parse_number(std::string_view text);

// "cpu2" before "cpu10".
bool natural_less(std::string_view a, std::string_view b);

// Edit distance with transpositions, for "did you mean".
std::size_t edit_distance(std::string_view a, std::string_view b);
// The candidates nearest to a misspelt word, best first, none that is too far.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates, std::size_t most = 3);

// Text as people put it on a screen: no control characters, no invalid UTF-8 (each replaced by '?').
std::string printable(std::string_view text);

// "a, b and c".
std::string join_words(const std::vector<std::string>& words, std::string_view last = "and");

}  // namespace hardscape
