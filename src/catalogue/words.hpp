// Quantities in words: "1,008 GB/s", "165.2 TFLOPS", "$1,599".
#pragma once

#include <string>
#include <vector>

#include "hardscape/units.hpp"

namespace hardscape {

std::string with_thousands(double value, int decimals = 0);
std::string words_of(Bytes size);
std::string words_of(BytesPerSecond rate);
std::string words_of(FlopsPerSecond rate);
std::string words_of(OpsPerSecond rate);
std::string words_of(Watts power);
std::string words_of(Usd price);
std::string words_of(UsdPerHour price);
std::string words_of(UsdPerKilowattHour price);
std::string words_of(Hertz clock);
std::string words_of(TransfersPerSecond rate);
std::string words_of(Seconds time);
std::string count_words(double count);  // "8.03 billion"

}  // namespace hardscape
