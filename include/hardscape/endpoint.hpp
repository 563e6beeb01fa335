// Benchmark of any OpenAI-compatible server by streaming: what a client feels, at 1..N requests in flight or at a
// given arrival rate (document hardscape.bench/1 with "serving").
//
// Definitions. TTFT: request sent to first token text (content or reasoning). TPOT: (end - first token) / (output
// tokens - 1), output tokens counted by the server's usage record, never by chunks. ITL: time between two chunks
// with text. Goodput: requests per second that met both limits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hardscape/bench.hpp"

namespace hardscape {

struct EndpointOptions {
  std::string url;                        // "http://127.0.0.1:8080", with or without /v1
  std::string model;                      // empty: the first one the server lists
  std::optional<std::string> api_key;
  std::optional<std::string> prompt;      // else made-up words, another text for each request
  int prompt_tokens = 256;                // about; what the server counted is reported
  int max_tokens = 64;
  std::vector<int> concurrency = {1};     // closed loop, one level after another
  std::optional<double> rate;             // open loop: Poisson arrivals per second, instead of concurrency
  int requests = 0;                       // per level; 0: four per request in flight, at least eight
  double timeout_s = 120;                 // for one request
  std::optional<double> ttft_limit_s;     // for goodput
  std::optional<double> tpot_limit_s;
  std::uint64_t seed = 1;                 // of prompts and arrivals
};

enum class RequestOutcome { ok, refused, timeout, cut_off, nonsense };
std::string_view to_string(RequestOutcome outcome);

struct EndpointRequest {
  RequestOutcome outcome = RequestOutcome::ok;
  std::string reason;                     // a sentence, when not ok
  double start_s = 0;                     // since the level began
  double ttft_s = 0;
  double end_s = 0;                       // since the request began
  std::vector<double> gaps_s;             // between chunks with text
  int prompt_tokens = 0;
  int cached_tokens = 0;                  // of the prompt, from the server's prefix cache
  int output_tokens = 0;
  bool counted = false;                   // the server sent usage; else chunks were counted and it is said so
};

struct Percentiles {
  double p50 = 0, p90 = 0, p95 = 0, p99 = 0, mean = 0, min = 0, max = 0;
  std::size_t count = 0;
};

struct EndpointLevel {
  int concurrency = 0;                    // 0: open loop
  std::optional<double> rate;
  int requests = 0, errors = 0, timeouts = 0;
  double duration_s = 0;
  Percentiles ttft_s, tpot_s, itl_s, e2e_s;
  double output_tokens_per_s = 0;         // all requests together
  double requests_per_s = 0;
  std::optional<double> goodput_per_s;
  std::vector<EndpointRequest> samples;
};

struct EndpointReport {
  std::string url, model, server;         // server: what its Server header says
  EndpointOptions options;
  std::vector<EndpointLevel> levels;
  std::vector<Note> notes;
};

Percentiles percentiles_of(const std::vector<double>& values);
// Figures of one level from its requests; pure.
EndpointLevel summarize(std::vector<EndpointRequest> samples, double duration_s, const EndpointOptions& options);
// Arrival times in seconds of a Poisson process; the same for the same seed everywhere.
std::vector<double> poisson_arrivals(double rate, int count, std::uint64_t seed);

// unavailable: nobody answers at the address; malformed: what answers is no such server.
Result<EndpointReport> run_endpoint(const Host& host, const EndpointOptions& options, const BenchProgress& progress = {},
                                    const StopRequested& stop = {});
std::string to_json(const EndpointReport& report);

}  // namespace hardscape
