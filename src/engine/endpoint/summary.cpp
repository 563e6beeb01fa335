#include <algorithm>
#include <cmath>

#include "base/statistics.hpp"
#include "hardscape/endpoint.hpp"

namespace hardscape {

std::string_view to_string(RequestOutcome outcome) {
  switch (outcome) {
    case RequestOutcome::ok: return "ok";
    case RequestOutcome::refused: return "refused";
    case RequestOutcome::timeout: return "timeout";
    case RequestOutcome::cut_off: return "cut_off";
    case RequestOutcome::nonsense: return "nonsense";
  }
  return "ok";
}

Percentiles percentiles_of(const std::vector<double>& values) {
  Percentiles out;
  if (values.empty()) return out;
  out.count = values.size();
  out.p50 = quantile_of(values, 0.50);
  out.p90 = quantile_of(values, 0.90);
  out.p95 = quantile_of(values, 0.95);
  out.p99 = quantile_of(values, 0.99);
  out.mean = mean_of(values);
  out.min = *std::min_element(values.begin(), values.end());
  out.max = *std::max_element(values.begin(), values.end());
  return out;
}

std::vector<double> poisson_arrivals(double rate, int count, std::uint64_t seed) {
  Splitmix random(seed);
  std::vector<double> out;
  double at = 0;
  for (int i = 0; i < count; ++i) {
    out.push_back(at);
    at += -std::log(1 - random.uniform()) / rate;
  }
  return out;
}

EndpointLevel summarize(std::vector<EndpointRequest> samples, double duration_s, const EndpointOptions& options) {
  EndpointLevel level;
  level.requests = static_cast<int>(samples.size());
  level.duration_s = duration_s;
  std::vector<double> ttft, tpot, itl, e2e;
  double tokens = 0;
  int good = 0, done = 0;
  for (const auto& s : samples) {
    if (s.outcome == RequestOutcome::timeout) ++level.timeouts;
    if (s.outcome != RequestOutcome::ok) {
      ++level.errors;
      continue;
    }
    ++done;
    ttft.push_back(s.ttft_s);
    e2e.push_back(s.end_s);
    itl.insert(itl.end(), s.gaps_s.begin(), s.gaps_s.end());
    std::optional<double> per_token;
    if (s.output_tokens > 1) per_token = (s.end_s - s.ttft_s) / (s.output_tokens - 1);
    if (per_token) tpot.push_back(*per_token);
    tokens += s.output_tokens;
    const bool fast_start = !options.ttft_limit_s || s.ttft_s <= *options.ttft_limit_s;
    const bool fast_on = !options.tpot_limit_s || !per_token || *per_token <= *options.tpot_limit_s;
    good += fast_start && fast_on;
  }
  level.ttft_s = percentiles_of(ttft);
  level.tpot_s = percentiles_of(tpot);
  level.itl_s = percentiles_of(itl);
  level.e2e_s = percentiles_of(e2e);
  if (duration_s > 0) {
    level.output_tokens_per_s = tokens / duration_s;
    level.requests_per_s = done / duration_s;
    if (options.ttft_limit_s || options.tpot_limit_s) level.goodput_per_s = good / duration_s;
  }
  level.samples = std::move(samples);
  return level;
}

}  // namespace hardscape
