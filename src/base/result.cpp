#include "hardscape/result.hpp"

namespace hardscape {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::malformed: return "malformed";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::io: return "io";
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::timeout: return "timeout";
  }
  return "invalid_argument";
}

Error Error::within(std::string_view place) && {
  message.insert(0, std::string(place) + ": ");
  return std::move(*this);
}

Error Error::within(std::string_view place) const& { return Error(*this).within(place); }

}  // namespace hardscape
