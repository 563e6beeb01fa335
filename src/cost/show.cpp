#include <fmt/format.h>

#include <array>
#include <cmath>

#include "hardscape/cost.hpp"

namespace hardscape::cost {
namespace {

// Digits so that a reader can compare: whole dollars from 100 up, cents below, finer for small rates.
std::string grouped(double value, int decimals) {
  std::string digits = fmt::format("{:.{}f}", std::fabs(value), decimals);
  const auto point = std::min(digits.find('.'), digits.size());
  for (std::size_t at = point; at > 3; at -= 3) digits.insert(at - 3, ",");
  const bool zero = digits.find_first_not_of("0.,") == std::string::npos;
  return (std::signbit(value) && !zero ? "-" : "") + digits;
}

std::string money(double value, int least_decimals) {
  const double size = std::fabs(value);
  const int decimals = size >= 100 ? 0 : size >= 1 || size == 0 ? 2 : 4;
  const std::string text = grouped(value, std::max(decimals, least_decimals));
  return text[0] == '-' ? "-$" + text.substr(1) : "$" + text;
}

struct ShownUnit {
  std::string_view unit, text;
};
constexpr std::array k_shown_units{
    ShownUnit{"years", " years"},       ShownUnit{"hours_per_year", " h/year"}, ShownUnit{"hours_per_day", " h/day"},
    ShownUnit{"hours", " h"},           ShownUnit{"hours_per_month", " h/month"}, ShownUnit{"per_hour", " per hour"},
    ShownUnit{"w", " W"},               ShownUnit{"ratio", ""},                 ShownUnit{"tokens_per_s", " tok/s"},
    ShownUnit{"tokens", " tokens"},     ShownUnit{"g_per_kwh", " g/kWh"},
};

}  // namespace

std::string show(std::string_view unit, double value) {
  if (std::isinf(value)) return value > 0 ? "never" : "always";
  if (std::isnan(value)) return "unknown";
  if (unit == "usd") return money(value, 0);
  if (unit == "usd_per_hour") return money(value, std::fabs(value) < 1 ? 4 : 2) + "/h";
  if (unit == "usd_per_kwh") return money(value, 3) + "/kWh";
  if (unit == "usd_per_year") return money(value, 0) + "/year";
  if (unit == "usd_per_mtok") return money(value, 2) + "/Mtok";
  if (unit == "usd_per_w") return money(value, 2) + "/W";
  if (unit == "fraction") return fmt::format("{:.4g} %", value * 100);
  std::string number =
      std::fabs(value) >= 1000 ? grouped(value, 0) : fmt::format("{:.4g}", value);
  for (const auto& row : k_shown_units)
    if (row.unit == unit) return number + std::string(row.text);
  return number;
}

}  // namespace hardscape::cost
