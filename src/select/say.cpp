#include "select/say.hpp"

#include <fmt/format.h>

#include <cmath>

namespace hardscape::select {
namespace {

std::string with_thousands(double value) {
  std::string digits = fmt::format("{:.0f}", value);
  for (std::size_t at = digits.size(); at > 3 && digits[at - 4] != '-';) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

}  // namespace

std::string say_number(double value) {
  const double size = std::fabs(value);
  if (size >= 1000) return with_thousands(value);
  if (size >= 100) return fmt::format("{:.0f}", value);
  if (size >= 10) return fmt::format("{:.3g}", value);
  return fmt::format("{:.2g}", value);
}

std::string say_usd(double usd) {
  if (std::fabs(usd) < 10) return fmt::format("${:.2f}", usd);
  return "$" + with_thousands(usd);
}

std::string say_usd(const Estimate& usd) {
  const std::string low = say_usd(usd.low);
  const std::string high = say_usd(usd.high);
  return low == high ? low : low + " to " + high;
}

std::string say_bytes(Bytes bytes) { return fmt::format("{:.1f} GB", in_gb(bytes)); }

std::string say_speed(const Estimate& per_second) {
  return fmt::format("{} ({} to {}) tokens/s", say_number(per_second.mid), say_number(per_second.low),
                     say_number(per_second.high));
}

}  // namespace hardscape::select
