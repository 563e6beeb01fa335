#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text.hpp"
#include "hardscape/cost.hpp"

namespace hardscape::cost {
namespace {

std::string option_of(const InputRule& rule) { return "--" + rule.option; }

std::string allowed(const InputRule& rule) {
  return show(rule.unit, rule.least) + " to " + show(rule.unit, rule.most);
}

Error refuse(const InputRule& rule, std::string_view option, const std::string& what) {
  return {ErrorCode::invalid_argument,
          fmt::format("{}: {}; allowed is {}, as a number or a range LOW..HIGH",
                      option.empty() ? option_of(rule) : std::string(option), what, allowed(rule))};
}

// Suffixes that people write after a number, by unit of the rule, with what they multiply by.
struct Suffix {
  std::string_view unit, text;
  double factor;
};
constexpr std::array k_suffixes{
    Suffix{"usd", "k", 1e3},           Suffix{"usd", "m", 1e6},
    Suffix{"w", "kw", 1e3},            Suffix{"w", "mw", 1e6},
    Suffix{"w", "w", 1},               Suffix{"fraction", "%", 0.01},
    Suffix{"usd_per_kwh", "/kwh", 1},  Suffix{"usd_per_hour", "/h", 1},
    Suffix{"usd_per_hour", "/hr", 1},  Suffix{"usd_per_hour", "/hour", 1},
    Suffix{"usd_per_year", "/yr", 1},  Suffix{"usd_per_year", "/year", 1},
    Suffix{"usd_per_year", "k", 1e3},  Suffix{"years", "y", 1},
    Suffix{"years", "years", 1},       Suffix{"hours_per_year", "h", 1},
    Suffix{"hours_per_year", "%", k_hours_per_year / 100},
    Suffix{"hours", "h", 1},           Suffix{"hours_per_day", "h", 1},
    Suffix{"hours_per_month", "h", 1}, Suffix{"tokens_per_s", "tok/s", 1},
    Suffix{"tokens_per_s", "k", 1e3},  Suffix{"g_per_kwh", "g/kwh", 1},
    Suffix{"g_per_kwh", "g", 1},       Suffix{"ratio", "x", 1},
    Suffix{"ratio", "%", 0.01},
};

// What a number of that unit is called in a complaint; "a number" alone for the rest.
struct UnitWords {
  std::string_view unit, words;
};
constexpr std::array k_unit_words{
    UnitWords{"w", "watts"},
    UnitWords{"fraction", "per cent"},
    UnitWords{"years", "years"},
    UnitWords{"hours", "hours"},
    UnitWords{"hours_per_day", "hours a day"},
    UnitWords{"hours_per_month", "hours a month"},
    UnitWords{"hours_per_year", "hours a year, or per cent of it"},
    UnitWords{"tokens", "tokens"},
    UnitWords{"tokens_per_s", "tokens a second"},
    UnitWords{"g_per_kwh", "grams per kWh"},
};

std::string a_number_of(const InputRule& rule) {
  if (rule.unit.rfind("usd", 0) == 0) return "an amount in US dollars (convert other currencies first)";
  const auto found = std::find_if(k_unit_words.begin(), k_unit_words.end(), [&](const UnitWords& u) { return u.unit == rule.unit; });
  return found == k_unit_words.end() ? "a number" : "a number of " + std::string(found->words);
}

// "1,400" and "12,000.50", as amounts are printed here; anything else stays as it is and is refused.
std::string without_grouping(std::string word) {
  constexpr std::size_t k_group = 3;
  const std::size_t end = std::min(word.find('.'), word.size());
  const std::size_t first = word.find(',');
  if (first == std::string::npos || first == 0 || first > k_group || end <= first || (end - first) % (k_group + 1) != 0) return word;
  for (std::size_t at = first; at < end; at += k_group + 1)
    if (word[at] != ',') return word;
  if (std::count(word.begin(), word.end(), ',') != std::ptrdiff_t((end - first) / (k_group + 1))) return word;
  std::erase(word, ',');
  return word;
}

// Money is in US dollars; a cent sign, another currency or its code is a mistake that costs money.
std::optional<double> one_number(const InputRule& rule, std::string_view text) {
  std::string word = to_lower(trim(text));
  const bool money = rule.unit.rfind("usd", 0) == 0;
  if (money && word.rfind("usd", 0) == 0) word.erase(0, 3);
  if (money && !word.empty() && word[0] == '$') word.erase(0, 1);
  word = std::string(trim(word));
  if (money) {   // after the number: "1500 usd", "0.15 $/kwh"
    for (const std::string_view name : {"usd", "$"})
      if (const auto at = word.find(name); at != std::string::npos && at > 0 && (at + name.size() == word.size() || word[at + name.size()] == '/'))
        word.erase(at, name.size());
  }
  double factor = 1;
  std::size_t longest = 0;
  for (const auto& suffix : k_suffixes) {
    if (suffix.unit != rule.unit || word.size() <= suffix.text.size() || suffix.text.size() <= longest) continue;
    if (word.compare(word.size() - suffix.text.size(), suffix.text.size(), suffix.text) != 0) continue;
    longest = suffix.text.size();
    factor = suffix.factor;
  }
  word = std::string(trim(word.substr(0, word.size() - longest)));
  const auto number = parse_number(without_grouping(std::move(word)));
  if (!number || !std::isfinite(*number)) return std::nullopt;
  return *number * factor;
}

std::vector<std::string_view> split_range(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t at = text.find(".."); at != std::string_view::npos; at = text.find("..")) {
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + 2);
  }
  parts.push_back(text);
  return parts;
}

}  // namespace

std::string_view to_string(Spread spread) {
  switch (spread) {
    case Spread::fixed: return "fixed";
    case Spread::uniform: return "uniform";
    case Spread::triangular: return "triangular";
    case Spread::whole: return "whole";
  }
  return "fixed";
}

Input fixed_input(std::string_view key, double value, Source source) {
  return {std::string(key), value, value, value, Spread::fixed, std::move(source), false};
}

Input range_input(std::string_view key, double low, double mid, double high, Source source) {
  return {std::string(key), low, mid, high, low == high ? Spread::fixed : Spread::triangular, std::move(source), false};
}

Result<Input> parse_input(const InputRule& rule, std::string_view text, std::string_view option) {
  constexpr std::string_view k_whole = " whole";
  text = trim(text);
  const bool whole = text.size() > k_whole.size() && text.substr(text.size() - k_whole.size()) == k_whole;
  const auto parts = split_range(trim(whole ? text.substr(0, text.size() - k_whole.size()) : text));
  if (parts.size() > 3) return refuse(rule, option, fmt::format("\"{}\" has more than three numbers", printable(text)));
  std::vector<double> numbers;
  for (const auto part : parts) {
    const auto number = one_number(rule, part);
    if (!number) return refuse(rule, option, fmt::format("\"{}\" is not {}", printable(text), a_number_of(rule)));
    numbers.push_back(*number);
  }
  for (std::size_t i = 1; i < numbers.size(); ++i)
    if (numbers[i] < numbers[i - 1])
      return refuse(rule, option, fmt::format("\"{}\" is an empty range, its low end is above its high end", printable(text)));
  for (const double number : numbers)
    if (number < rule.least || number > rule.most)
      return refuse(rule, option, fmt::format("{} is out of bounds", show(rule.unit, number)));
  const Source given{Origin::reported, "given", "", Confidence::unstated};
  if (numbers.size() == 1 || numbers.front() == numbers.back()) return fixed_input(rule.key, numbers[0], given);
  if (whole) {
    if (numbers.front() != std::floor(numbers.front()) || numbers.back() != std::floor(numbers.back()))
      return refuse(rule, option, fmt::format("\"{}\" asks for whole numbers and has others", printable(text)));
    Input input = range_input(rule.key, numbers.front(), std::floor((numbers.front() + numbers.back()) / 2), numbers.back(), given);
    input.spread = Spread::whole;
    return input;
  }
  if (numbers.size() == 3) return range_input(rule.key, numbers[0], numbers[1], numbers[2], given);
  Input input = range_input(rule.key, numbers[0], (numbers[0] + numbers[1]) / 2, numbers[1], given);
  input.spread = Spread::uniform;
  return input;
}

Status check_input(const Input& input) {
  const InputRule* rule = find_rule(input.key);
  if (rule == nullptr) return Error{ErrorCode::invalid_argument, "there is no cost input \"" + input.key + "\""};
  for (const double value : {input.low, input.mid, input.high})
    if (!std::isfinite(value) || value < rule->least || value > rule->most)
      return refuse(*rule, {}, fmt::format("{} is out of bounds", show(rule->unit, value)));
  if (!(input.low <= input.mid && input.mid <= input.high)) return refuse(*rule, {}, "low, mid and high are not in order");
  return Done{};
}

Status check_within(const Input& input, double least, double most, std::string_view why) {
  if (auto status = check_input(input); !status) return status;
  if (input.low >= least && input.high <= most) return Done{};
  const InputRule& rule = *find_rule(input.key);
  return Error{ErrorCode::invalid_argument,
               fmt::format("{}: {} makes no sense, {}; allowed is {} to {}", option_of(rule),
                           show(rule.unit, input.low < least ? input.low : input.high), why, show(rule.unit, least),
                           show(rule.unit, most))};
}

const Input* find_input(std::span<const Input> inputs, std::string_view key) {
  const auto found = std::find_if(inputs.begin(), inputs.end(), [&](const Input& i) { return i.key == key; });
  return found == inputs.end() ? nullptr : &*found;
}

void put(std::vector<Input>& inputs, Input input) {
  const auto found = std::find_if(inputs.begin(), inputs.end(), [&](const Input& i) { return i.key == input.key; });
  if (found == inputs.end()) inputs.push_back(std::move(input));
  else *found = std::move(input);
}

}  // namespace hardscape::cost
