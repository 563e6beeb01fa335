// The address of a server.
#pragma once

#include <string>
#include <string_view>

#include "hardscape/result.hpp"

namespace hardscape {

struct EndpointUrl {
  std::string host;
  int port = 80;      // 443 for https
  std::string base;   // "http://HOST:PORT/v1", without a slash at the end
};

Result<EndpointUrl> parse_endpoint_url(std::string_view text);

}  // namespace hardscape
