#include "catalogue/words.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace hardscape {
namespace {

// Four significant digits without zeros that say nothing: 165.2, 71.16, 3350, 0.184.
std::string short_number(double value) {
  if (std::abs(value) >= 1000) return with_thousands(value);
  return fmt::format("{:.4g}", value);
}

struct Step {
  double size;
  const char* unit;
};

template <std::size_t N>
std::string scaled(double value, const std::array<Step, N>& steps) {
  for (const auto& [size, unit] : steps)
    if (value >= size * 0.9995) return short_number(value / size) + " " + unit;
  return short_number(value / steps.back().size) + " " + steps.back().unit;
}

}  // namespace

std::string with_thousands(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  auto end = text.find('.');
  if (end == std::string::npos) end = text.size();
  for (std::size_t at = end; at > (text[0] == '-' ? 4u : 3u);) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

// In the units in which it is round: memory in GiB, files and on-chip memory in GB.
std::string words_of(Bytes size) {
  const double bytes = static_cast<double>(size.value);
  if (size.value % 1024 != 0 || size.value < 1024)
    return scaled(bytes, std::array{Step{1e9, "GB"}, Step{1e6, "MB"}, Step{1e3, "kB"}, Step{1, "B"}});
  return scaled(bytes, std::array{Step{static_cast<double>(k_gib), "GiB"}, Step{static_cast<double>(k_mib), "MiB"},
                                  Step{static_cast<double>(k_kib), "KiB"}});
}
std::string words_of(BytesPerSecond rate) {
  return scaled(rate.value, std::array{Step{1e15, "PB/s"}, Step{1e9, "GB/s"}});
}
std::string words_of(FlopsPerSecond rate) { return short_number(in_tflops(rate)) + " TFLOPS"; }
std::string words_of(OpsPerSecond rate) { return short_number(in_tops(rate)) + " TOPS"; }
std::string words_of(Watts power) { return short_number(power.value) + " W"; }
std::string words_of(Usd price) { return "$" + with_thousands(price.value, std::abs(price.value) < 10 ? 2 : 0); }
std::string words_of(UsdPerHour price) { return fmt::format("${:.2f}/h", price.value); }
std::string words_of(UsdPerKilowattHour price) { return fmt::format("${:.4f}/kWh", price.value); }
std::string words_of(Hertz clock) { return scaled(clock.value, std::array{Step{1e9, "GHz"}, Step{1e6, "MHz"}}); }
std::string words_of(TransfersPerSecond rate) { return fmt::format("{:.0f} MT/s", rate.value / 1e6); }
std::string words_of(Seconds time) { return scaled(time.value, std::array{Step{1, "s"}, Step{1e-3, "ms"}, Step{1e-6, "us"}}); }

std::string count_words(double count) {
  if (count >= 1e9) return short_number(count / 1e9) + " billion";
  if (count >= 1e6) return short_number(count / 1e6) + " million";
  return with_thousands(count);
}

}  // namespace hardscape
