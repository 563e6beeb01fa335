// One streamed request to a chat-completions server, timed.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "engine/endpoint/url.hpp"
#include "hardscape/endpoint.hpp"

namespace hardscape {

struct ChatRequest {
  std::string model;
  std::string prompt;
  int max_tokens = 64;
  bool with_extensions = true;   // ignore_eos and cache_prompt, which strict servers refuse
};

struct CurlApi;

class EndpointClient {
 public:
  EndpointClient(std::shared_ptr<const CurlApi> curl, EndpointUrl url, std::optional<std::string> api_key, double timeout_s)
      : curl_(std::move(curl)), url_(std::move(url)), api_key_(std::move(api_key)), timeout_s_(timeout_s) {}

  // What GET /models says: ids, and the server's name.
  struct Listing {
    std::vector<std::string> models;
    std::string server;
  };
  Result<Listing> list() const;
  // Thread-safe: every call has a connection of its own. `http_status` gets the status when the server refused.
  EndpointRequest send(const ChatRequest& request, const std::atomic<bool>& stop, long* http_status = nullptr) const;

 private:
  std::shared_ptr<const CurlApi> curl_;
  EndpointUrl url_;
  std::optional<std::string> api_key_;
  double timeout_s_;
};

}  // namespace hardscape
