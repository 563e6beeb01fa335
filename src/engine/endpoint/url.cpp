#include "engine/endpoint/url.hpp"

#include "base/text.hpp"

namespace hardscape {

Result<EndpointUrl> parse_endpoint_url(std::string_view text) {
  const auto refuse = [&](std::string_view what) {
    return Error{ErrorCode::invalid_argument, "the address \"" + printable(text) + "\" " + std::string(what) + "; expected http://HOST:PORT or https://, with or without /v1"};
  };
  const bool secure = starts_with_ignoring_case(text, "https://");
  if (secure || starts_with_ignoring_case(text, "http://")) text.remove_prefix(secure ? 8 : 7);
  if (text.find("://") != std::string_view::npos) return refuse("has an unknown scheme");
  EndpointUrl out;
  out.port = secure ? 443 : 80;
  const auto slash = text.find('/');
  std::string_view authority = text.substr(0, slash);
  std::string_view path = slash == std::string_view::npos ? std::string_view() : text.substr(slash);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  std::size_t colon = authority.rfind(':');
  if (!authority.empty() && authority.front() == '[') {
    const auto bracket = authority.find(']');
    if (bracket == std::string_view::npos) return refuse("has an open bracket");
    out.host = std::string(authority.substr(1, bracket - 1));
    colon = bracket + 1 < authority.size() && authority[bracket + 1] == ':' ? bracket + 1 : std::string_view::npos;
  } else {
    out.host = std::string(authority.substr(0, colon));
  }
  if (colon != std::string_view::npos) {
    const auto port = parse_integer(authority.substr(colon + 1));
    if (!port || *port < 1 || *port > 65535) return refuse("has no valid port");
    out.port = static_cast<int>(*port);
  }
  if (out.host.empty() || out.host.find_first_of(" \t@?#") != std::string::npos) return refuse("names no host");
  out.base = std::string(secure ? "https://" : "http://") + std::string(authority) + (path.empty() ? "/v1" : std::string(path));
  return out;
}

}  // namespace hardscape
