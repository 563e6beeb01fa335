// Numbers as people read them.
#pragma once

#include <optional>
#include <string>

#include "hardscape/provenance.hpp"
#include "hardscape/units.hpp"

namespace hardscape::select {

std::string say_usd(double usd);                      // "$1,234", "$0.42"
std::string say_usd(const Estimate& usd);             // "$900 to $1,300"; one number when they agree
std::string say_bytes(Bytes bytes);                   // "5.6 GB"
std::string say_speed(const Estimate& per_second);    // "45 (38 to 52) tokens/s"
std::string say_number(double value);                 // three significant digits, thousands separated

}  // namespace hardscape::select
