// Sends the requests: N in flight, or at the times of a Poisson process.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "base/statistics.hpp"
#include "engine/endpoint/client.hpp"
#include "engine/endpoint/curl_api.hpp"
#include "engine/stopwatch.hpp"

namespace hardscape {
namespace {

// Words that most vocabularies hold as one token each. A number in front makes every prompt another one, so that no
// server can answer from its prefix cache.
std::string made_up_prompt(int tokens, std::uint64_t seed) {
  static constexpr std::array<std::string_view, 16> k_words{"time", "water", "people", "house", "light", "city", "paper", "music",
                                                            "river", "table", "green", "small", "world", "night", "stone", "voice"};
  Splitmix random(seed);
  std::string out = std::to_string(random.next() % 1'000'000'000) + " Tell a long story with these words:";
  for (int i = 16; i < tokens; ++i) out += " " + std::string(k_words[random.below(k_words.size())]);
  return out;
}

class Level {
 public:
  Level(const EndpointClient& client, const EndpointOptions& options, ChatRequest shape, int count, const BenchProgress& progress, const StopRequested& stop)
      : client_(client), options_(options), shape_(std::move(shape)), samples_(static_cast<std::size_t>(count)), progress_(progress), asked_to_stop_(stop) {}

  EndpointLevel closed(int in_flight) {
    std::vector<std::thread> threads;
    for (int i = 0; i < std::min<int>(in_flight, static_cast<int>(samples_.size())); ++i)
      threads.emplace_back([this] {
        for (std::size_t mine = next_++; mine < samples_.size() && !stop_; mine = next_++) one(mine);
      });
    watch(threads);
    auto level = finish();
    level.concurrency = in_flight;
    return level;
  }

  EndpointLevel open(double rate) {
    const auto arrivals = poisson_arrivals(rate, static_cast<int>(samples_.size()), options_.seed);
    std::vector<std::thread> threads;
    std::thread pacer([&] {
      for (std::size_t i = 0; i < samples_.size() && !stop_; ++i) {
        while (!stop_ && seconds_since(start_) < arrivals[i]) std::this_thread::sleep_for(std::chrono::duration<double>(std::min(0.05, arrivals[i] - seconds_since(start_))));
        threads.emplace_back([this, i] { one(i); });
      }
    });
    std::vector<std::thread> only_pacer;
    only_pacer.push_back(std::move(pacer));
    watch(only_pacer);
    watch(threads);
    auto level = finish();
    level.rate = rate;
    return level;
  }

  bool stopped() const { return stop_; }

 private:
  void one(std::size_t index) {
    ChatRequest request = shape_;
    request.prompt = options_.prompt ? *options_.prompt : made_up_prompt(options_.prompt_tokens, options_.seed * 1'000'003 + index);
    const double start = seconds_since(start_);
    auto sample = client_.send(request, stop_);
    sample.start_s = start;
    samples_[index] = std::move(sample);
    const std::size_t done = ++done_;
    const std::lock_guard lock(mutex_);
    if (progress_) progress_(std::to_string(done) + " of " + std::to_string(samples_.size()) + " requests", static_cast<double>(done) / static_cast<double>(samples_.size() + 1));
  }

  // Joins, while the user's wish to stop is heard.
  void watch(std::vector<std::thread>& threads) {
    std::atomic<bool> over{false};
    std::thread listener([&] {
      while (!over) {
        if (asked_to_stop_ && asked_to_stop_()) stop_ = true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
    });
    for (auto& thread : threads) thread.join();
    over = true;
    listener.join();
  }

  EndpointLevel finish() { return summarize(std::move(samples_), seconds_since(start_), options_); }

  const EndpointClient& client_;
  const EndpointOptions& options_;
  ChatRequest shape_;
  std::vector<EndpointRequest> samples_;
  const BenchProgress& progress_;
  const StopRequested& asked_to_stop_;
  Clock::time_point start_ = Clock::now();
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> done_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
};

Status check(const EndpointOptions& o) {
  const auto refuse = [](std::string sentence) { return Error{ErrorCode::invalid_argument, std::move(sentence)}; };
  if (o.prompt_tokens < 1 || o.prompt_tokens > 1'000'000) return refuse("--prompt-tokens must be from 1 to 1000000");
  if (o.max_tokens < 2 || o.max_tokens > 1'000'000) return refuse("--max-tokens must be from 2 to 1000000");
  if (o.rate && !(*o.rate > 0 && *o.rate <= 10'000)) return refuse("--rate must be above 0 and at most 10000 requests per second");
  if (o.requests < 0 || o.requests > 100'000) return refuse("--requests must be from 1 to 100000");
  if (!(o.timeout_s > 0 && o.timeout_s <= 86'400)) return refuse("--timeout must be above 0 and at most 86400 seconds");
  for (const int c : o.concurrency)
    if (c < 1 || c > 1024) return refuse("--concurrency must be from 1 to 1024");
  return Done{};
}

}  // namespace

Result<EndpointReport> run_endpoint(const Host& host, const EndpointOptions& options, const BenchProgress& progress, const StopRequested& stop) {
  if (const auto valid = check(options); !valid) return valid.error();
  const auto url = parse_endpoint_url(options.url);
  if (!url) return url.error();
  auto curl = CurlApi::open(host);
  if (!curl) return curl.error();
  const EndpointClient client(*std::move(curl), *url, options.api_key, options.timeout_s);
  const auto listing = client.list();
  EndpointReport report;
  report.url = options.url;
  report.options = options;
  report.model = options.model;
  if (!listing && options.model.empty()) return listing.error();
  if (listing) {
    report.server = listing->server;
    if (report.model.empty()) {
      if (listing->models.empty()) return Error{ErrorCode::unavailable, options.url + " serves no model; name one with --model"};
      report.model = listing->models.front();
    }
  }

  // One request outside the measurement: the first pays for graph capture and caches, and tells whether the server
  // takes the fields that fix the length.
  if (progress) progress("warming up", 0);
  ChatRequest shape{report.model, options.prompt.value_or(made_up_prompt(options.prompt_tokens, options.seed)), options.max_tokens, true};
  const std::atomic<bool> never{false};
  long status = 0;
  EndpointRequest first = client.send(shape, never, &status);
  if (first.outcome == RequestOutcome::refused && (status == 400 || status == 422)) {
    shape.with_extensions = false;
    first = client.send(shape, never, &status);
    report.notes.push_back({Severity::warning, "strict-server", "The server refused ignore_eos and cache_prompt: answers may end early and prompts may be cached.", std::nullopt});
  }
  if (first.outcome != RequestOutcome::ok) return Error{ErrorCode::unavailable, "a first request to " + options.url + ": " + first.reason};

  const auto run_level = [&](int in_flight) -> bool {
    const int count = options.requests > 0 ? options.requests : std::max(8, 4 * std::max(1, in_flight));
    Level level(client, options, shape, count, progress, stop);
    report.levels.push_back(options.rate ? level.open(*options.rate) : level.closed(in_flight));
    return !level.stopped();
  };
  if (options.rate) {
    if (!run_level(0)) return Error{ErrorCode::timeout, "stopped by request"};
  } else {
    for (const int in_flight : options.concurrency)
      if (!run_level(in_flight)) return Error{ErrorCode::timeout, "stopped by request"};
  }
  bool counted = true, cached = false, shorter = false;
  for (const auto& level : report.levels)
    for (const auto& s : level.samples) {
      if (s.outcome != RequestOutcome::ok) continue;
      counted = counted && s.counted;
      cached = cached || s.cached_tokens > s.prompt_tokens / 10;
      shorter = shorter || (s.counted && s.output_tokens < options.max_tokens);
    }
  if (!counted) report.notes.push_back({Severity::warning, "chunks-counted", "The server sent no usage record, so chunks were counted as tokens; with speculative decoding that is too few.", std::nullopt});
  if (cached) report.notes.push_back({Severity::warning, "prefix-cache", "The server answered part of the prompts from its prefix cache: TTFT is better than for fresh prompts.", "Restart the server without prefix caching, or leave --prompt away."});
  if (shorter) report.notes.push_back({Severity::info, "short-answers", "Some answers ended before the length asked for.", std::nullopt});
  return report;
}

}  // namespace hardscape
