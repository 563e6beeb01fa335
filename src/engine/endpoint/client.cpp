#include "engine/endpoint/client.hpp"

#include <chrono>
#include <functional>

#include "base/json_reading.hpp"
#include "base/text.hpp"
#include "engine/endpoint/chat_chunk.hpp"
#include "engine/endpoint/curl_api.hpp"
#include "engine/endpoint/event_stream.hpp"
#include "engine/stopwatch.hpp"
#include "facts/json_writing.hpp"

namespace hardscape {
namespace {

// One transfer on a connection of its own.
class Transfer {
 public:
  using Receive = std::function<bool(std::string_view)>;  // false ends the transfer

  Transfer(const CurlApi& api, const std::string& url, const std::optional<std::string>& api_key, double timeout_s) : api_(api), handle_(api.easy_init()) {
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_s * 1e3));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(timeout_s, 10.0) * 1e3));
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");  // a proxy in between would be measured too
    if (api_key) header("Authorization: Bearer " + *api_key);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() {
    if (handle_ != nullptr) api_.easy_cleanup(handle_);
    api_.slist_free_all(headers_);
  }

  void header(const std::string& line) { headers_ = api_.slist_append(headers_, line.c_str()); }

  void post(const std::string& body) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    set(CURLOPT_COPYPOSTFIELDS, body.c_str());
  }

  // Asks `stop` even while the server is silent.
  CURLcode run(Receive receive, const std::atomic<bool>* stop) {
    receive_ = std::move(receive);
    stop_ = stop;
    set(CURLOPT_HTTPHEADER, headers_);
    set(CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t size, std::size_t count, void* self) -> std::size_t {
      auto& transfer = *static_cast<Transfer*>(self);
      return transfer.receive_(std::string_view(data, size * count)) ? size * count : 0;
    });
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, +[](char* data, std::size_t size, std::size_t count, void* self) -> std::size_t {
      static_cast<Transfer*>(self)->on_header(std::string_view(data, size * count));
      return size * count;
    });
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, +[](void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) -> int {
      const auto* asked = static_cast<Transfer*>(self)->stop_;
      return asked != nullptr && *asked ? 1 : 0;
    });
    set(CURLOPT_XFERINFODATA, this);
    return handle_ == nullptr ? CURLE_FAILED_INIT : api_.easy_perform(handle_);
  }

  long status() const {
    long value = 0;
    if (handle_ != nullptr) api_.easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &value);
    return value;
  }
  const std::string& server() const { return server_; }
  std::string reason(CURLcode code) const { return api_.easy_strerror(code); }

 private:
  template <class T>
  void set(CURLoption option, T value) {
    if (handle_ != nullptr) api_.easy_setopt(handle_, option, value);
  }

  void on_header(std::string_view line) {
    if (starts_with_ignoring_case(line, "server:")) server_ = printable(trim(line.substr(7)));
  }

  const CurlApi& api_;
  CURL* handle_;
  curl_slist* headers_ = nullptr;
  Receive receive_;
  const std::atomic<bool>* stop_ = nullptr;
  std::string server_;
};

std::string body_of(const ChatRequest& request) {
  OrderedJson body{{"model", request.model},
                   {"messages", {{{"role", "user"}, {"content", request.prompt}}}},
                   {"max_tokens", request.max_tokens},
                   {"temperature", 0},
                   {"stream", true},
                   {"stream_options", {{"include_usage", true}}}};
  if (request.with_extensions) {
    body["ignore_eos"] = true;      // llama-server, vLLM: the length asked for is the length that comes
    body["cache_prompt"] = false;   // llama-server: a cached prefix would flatter the prompt speed
  }
  return dump_line(body);
}

// What came in so far, and when.
class Reading {
 public:
  explicit Reading(Clock::time_point start) : start_(start) {}

  // False ends the request.
  bool take(std::string_view bytes) {
    const bool fine = events_.feed(bytes, [this](std::string_view payload) { on_event(payload); });
    if (!fine) fail("an event longer than 1 MiB");
    return request.outcome == RequestOutcome::ok;
  }

  bool finished() const { return finished_; }
  bool any_text() const { return chunks_ > 0; }

  EndpointRequest request;

  void close() {
    request.end_s = last_text_s_ > 0 ? last_text_s_ : seconds_since(start_);
    if (!request.counted) request.output_tokens = chunks_;
  }

 private:
  void fail(std::string reason) {
    if (request.outcome != RequestOutcome::ok) return;
    request.outcome = RequestOutcome::nonsense;
    request.reason = std::move(reason);
  }

  void on_event(std::string_view payload) {
    if (payload == "[DONE]") {
      finished_ = true;
      return;
    }
    const auto chunk = read_chat_chunk(payload);
    if (!chunk) return fail(chunk.error().message);
    if (chunk->error) return fail("the server reported: " + *chunk->error);
    if (chunk->has_text) {
      const double now = seconds_since(start_);
      if (chunks_ == 0) {
        request.ttft_s = now;
      } else {
        request.gaps_s.push_back(now - last_text_s_);
      }
      last_text_s_ = now;
      ++chunks_;
    }
    if (chunk->prompt_tokens) request.prompt_tokens = *chunk->prompt_tokens;
    if (chunk->cached_tokens) request.cached_tokens = *chunk->cached_tokens;
    if (chunk->output_tokens) {
      request.output_tokens = *chunk->output_tokens;
      request.counted = true;
    }
  }

  Clock::time_point start_;
  EventStream events_;
  double last_text_s_ = 0;
  int chunks_ = 0;
  bool finished_ = false;
};

}  // namespace

Result<EndpointClient::Listing> EndpointClient::list() const {
  const std::string where = url_.base + "/models";
  Transfer transfer(*curl_, where, api_key_, std::min(timeout_s_, 10.0));
  constexpr std::size_t k_longest_listing = 16u << 20;
  std::string body;
  const CURLcode code = transfer.run(
      [&](std::string_view bytes) {
        body += bytes;
        return body.size() <= k_longest_listing;
      },
      nullptr);
  if (code != CURLE_OK) return Error{ErrorCode::unavailable, "asking " + where + ": " + transfer.reason(code) + "; is the server running there?"};
  if (transfer.status() != 200)
    return Error{ErrorCode::unavailable, "asking " + where + ": the server answered with status " + std::to_string(transfer.status())};
  const auto json = JsonDocument::parse(body, where);
  if (!json) return json.error();
  std::optional<Error> failure;
  const JsonReader root(json->root(), "", failure);
  Listing out;
  out.server = transfer.server();
  for (const auto& model : root.array("data")) out.models.push_back(model.need_text("id"));
  if (failure) return std::move(*failure).within(where);
  return out;
}

EndpointRequest EndpointClient::send(const ChatRequest& request, const std::atomic<bool>& stop, long* http_status) const {
  Transfer transfer(*curl_, url_.base + "/chat/completions", api_key_, timeout_s_);
  transfer.header("Content-Type: application/json");
  transfer.header("Accept: text/event-stream");
  transfer.header("Expect:");  // no extra round trip before a long prompt
  transfer.post(body_of(request));
  Reading reading(Clock::now());
  std::string refusal;
  const CURLcode code = transfer.run(
      [&](std::string_view bytes) {
        if (transfer.status() == 200) return reading.take(bytes);
        if (refusal.size() < 400) refusal += bytes.substr(0, 400);
        return true;
      },
      &stop);
  if (http_status != nullptr) *http_status = transfer.status();

  EndpointRequest& out = reading.request;
  if (out.outcome == RequestOutcome::ok) {
    if (code == CURLE_OPERATION_TIMEDOUT) {
      out.outcome = RequestOutcome::timeout;
      out.reason = "no complete answer within the time limit";
    } else if (transfer.status() != 0 && transfer.status() != 200) {
      out.outcome = RequestOutcome::refused;
      out.reason = "the server answered with status " + std::to_string(transfer.status()) + ": " + printable(refusal);
    } else if (code != CURLE_OK && !reading.finished()) {
      out.outcome = reading.any_text() ? RequestOutcome::cut_off : RequestOutcome::refused;
      out.reason = (reading.any_text() ? "the stream was cut off: " : "no answer: ") + transfer.reason(code);
    } else if (!reading.any_text()) {
      out.outcome = RequestOutcome::nonsense;
      out.reason = "the answer holds no text";
    } else if (!reading.finished() && !out.counted) {
      out.outcome = RequestOutcome::cut_off;
      out.reason = "the stream was cut off: it ended without [DONE] or a usage record";
    }
  }
  reading.close();
  return std::move(reading.request);
}

}  // namespace hardscape
