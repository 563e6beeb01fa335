// Quantities that only combine when it makes sense.
//
// Each is one number with its unit in the type: Bytes{4} + Watts{2} does not compile, and
// Bytes / BytesPerSecond is Seconds. GB is 10^9 and GiB is 2^30, spelled once, here.
// Arithmetic rates are dense; integer and floating-point rates are different types.
#pragma once

#include <compare>
#include <cstdint>

namespace hardscape {

template <class Tag, class Rep>
struct Quantity {
  using rep = Rep;
  Rep value{};

  constexpr Quantity() = default;
  constexpr explicit Quantity(Rep v) : value(v) {}

  friend constexpr auto operator<=>(Quantity, Quantity) = default;
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity{a.value + b.value}; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity{a.value - b.value}; }
  friend constexpr Quantity operator*(Quantity a, Rep k) { return Quantity{a.value * k}; }
  friend constexpr Quantity operator*(Rep k, Quantity a) { return Quantity{k * a.value}; }
  friend constexpr Quantity operator/(Quantity a, Rep k) { return Quantity{a.value / k}; }
  // Ratio of two like quantities; a plain number.
  friend constexpr double operator/(Quantity a, Quantity b) {
    return static_cast<double>(a.value) / static_cast<double>(b.value);
  }
  constexpr Quantity& operator+=(Quantity b) { value += b.value; return *this; }
  constexpr Quantity& operator-=(Quantity b) { value -= b.value; return *this; }
};

using Bytes = Quantity<struct BytesTag, std::int64_t>;                  // exact
using BytesPerSecond = Quantity<struct BytesPerSecondTag, double>;      // one direction unless named otherwise
using FlopsPerSecond = Quantity<struct FlopsPerSecondTag, double>;      // floating point, dense
using OpsPerSecond = Quantity<struct OpsPerSecondTag, double>;          // integer, dense
using Flop = Quantity<struct FlopTag, double>;                          // an amount of work
using Seconds = Quantity<struct SecondsTag, double>;
using Watts = Quantity<struct WattsTag, double>;
using Joules = Quantity<struct JoulesTag, double>;
using KilowattHours = Quantity<struct KilowattHoursTag, double>;
using Usd = Quantity<struct UsdTag, double>;
using UsdPerHour = Quantity<struct UsdPerHourTag, double>;
using UsdPerKilowattHour = Quantity<struct UsdPerKilowattHourTag, double>;
using TokensPerSecond = Quantity<struct TokensPerSecondTag, double>;
using Hertz = Quantity<struct HertzTag, double>;
using TransfersPerSecond = Quantity<struct TransfersPerSecondTag, double>;  // MT/s of a memory bus, times 10^6

constexpr Seconds operator/(Bytes a, BytesPerSecond b) { return Seconds{static_cast<double>(a.value) / b.value}; }
constexpr BytesPerSecond operator/(Bytes a, Seconds b) { return BytesPerSecond{static_cast<double>(a.value) / b.value}; }
constexpr Seconds operator/(Flop a, FlopsPerSecond b) { return Seconds{a.value / b.value}; }
constexpr FlopsPerSecond operator/(Flop a, Seconds b) { return FlopsPerSecond{a.value / b.value}; }
constexpr Joules operator*(Watts a, Seconds b) { return Joules{a.value * b.value}; }
constexpr KilowattHours to_kilowatt_hours(Joules a) { return KilowattHours{a.value / 3.6e6}; }
constexpr Usd operator*(KilowattHours a, UsdPerKilowattHour b) { return Usd{a.value * b.value}; }

inline constexpr std::int64_t k_kib = 1024;
inline constexpr std::int64_t k_mib = 1024 * k_kib;
inline constexpr std::int64_t k_gib = 1024 * k_mib;
inline constexpr double k_giga = 1e9;
inline constexpr double k_tera = 1e12;

constexpr double in_gib(Bytes b) { return static_cast<double>(b.value) / static_cast<double>(k_gib); }
constexpr double in_gb(Bytes b) { return static_cast<double>(b.value) / k_giga; }
constexpr double in_gb_per_s(BytesPerSecond b) { return b.value / k_giga; }
constexpr double in_tflops(FlopsPerSecond f) { return f.value / k_tera; }
constexpr double in_tops(OpsPerSecond o) { return o.value / k_tera; }

}  // namespace hardscape
