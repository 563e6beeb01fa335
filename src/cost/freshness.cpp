#include <fmt/format.h>

#include "base/text.hpp"
#include "hardscape/cost.hpp"

namespace hardscape::cost {
namespace {

// Days since 0000-03-01 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
int day_number(int year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const int era = year / 400;
  const int year_of_era = year - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
}

int days_in(int year, int month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

std::optional<int> last_day(std::string_view date) {
  const auto parts = split(date, '-');
  if (parts.empty() || parts.size() > 3 || parts[0].size() != 4) return std::nullopt;
  const auto year = parse_integer(parts[0]);
  const auto month = parts.size() > 1 ? parse_integer(parts[1]) : std::optional<std::int64_t>(12);
  if (!year || !month || *year < 1900 || *year > 2999 || *month < 1 || *month > 12) return std::nullopt;
  const int y = static_cast<int>(*year), m = static_cast<int>(*month);
  const auto day = parts.size() > 2 ? parse_integer(parts[2]) : std::optional<std::int64_t>(days_in(y, m));
  if (!day || *day < 1 || *day > days_in(y, m)) return std::nullopt;
  return day_number(y, m, static_cast<int>(*day));
}

}  // namespace

std::optional<int> age_in_days(std::string_view date, std::string_view today) {
  const auto from = last_day(date), to = last_day(today);
  if (!from || !to) return std::nullopt;
  return *to - *from;
}

std::vector<Note> mark_stale(std::vector<Input>& inputs, const Freshness& freshness) {
  std::vector<Note> notes;
  for (auto& input : inputs) {
    const InputRule* rule = find_rule(input.key);
    if (rule == nullptr || rule->unit.rfind("usd", 0) != 0) continue;
    if (input.source.origin == Origin::assumed) continue;   // an assumption has no day on which it was a price
    const auto age = age_in_days(input.source.date, freshness.today);
    input.stale = age && *age > freshness.stale_after_days;
    if (!input.stale) continue;
    notes.push_back({Severity::warning, "stale-price",
                     fmt::format("{}: its source is of {}, {} days old.", rule->label, input.source.date, *age),
                     "Give today's with --" + rule->option + "."});
  }
  return notes;
}

}  // namespace hardscape::cost
