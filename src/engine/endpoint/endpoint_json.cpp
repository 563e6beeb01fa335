#include "facts/json_writing.hpp"
#include "hardscape/endpoint.hpp"

namespace hardscape {
namespace {

OrderedJson json_of(const Percentiles& p) {
  if (p.count == 0) return {};
  return {{"median", p.p50}, {"mean", p.mean}, {"p90", p.p90}, {"p95", p.p95}, {"p99", p.p99}, {"min", p.min}, {"max", p.max}, {"count", p.count}};
}

OrderedJson level_of(const EndpointLevel& level) {
  OrderedJson out{{"concurrency", level.concurrency > 0 ? OrderedJson(level.concurrency) : OrderedJson()},
                  {"rate_per_s", hardscape::json_of(level.rate)},
                  {"requests", level.requests}, {"errors", level.errors}, {"timeouts", level.timeouts}, {"duration_s", level.duration_s},
                  {"time_to_first_token_s", json_of(level.ttft_s)}, {"time_per_output_token_s", json_of(level.tpot_s)},
                  {"inter_token_latency_s", json_of(level.itl_s)}, {"end_to_end_s", json_of(level.e2e_s)},
                  {"output_tokens_per_s", level.output_tokens_per_s}, {"requests_per_s", level.requests_per_s},
                  {"goodput_per_s", hardscape::json_of(level.goodput_per_s)}, {"samples", OrderedJson::array()}};
  for (const auto& s : level.samples)
    out["samples"].push_back({{"outcome", std::string(to_string(s.outcome))}, {"reason", s.reason}, {"start_s", s.start_s}, {"ttft_s", s.ttft_s}, {"end_s", s.end_s},
                              {"prompt_tokens", s.prompt_tokens}, {"cached_tokens", s.cached_tokens}, {"output_tokens", s.output_tokens}, {"counted_by_server", s.counted}});
  return out;
}

}  // namespace

std::string to_json(const EndpointReport& report) {
  OrderedJson out{{"schema", "hardscape.bench/1"},
                  {"engine", {{"name", "endpoint"}, {"version", report.server}, {"backend", report.url}, {"devices", OrderedJson::array()}}},
                  {"model", {{"description", report.model}}},
                  {"options", {{"prompt_tokens", report.options.prompt_tokens}, {"max_tokens", report.options.max_tokens}, {"timeout_s", report.options.timeout_s},
                               {"ttft_limit_s", hardscape::json_of(report.options.ttft_limit_s)}, {"tpot_limit_s", hardscape::json_of(report.options.tpot_limit_s)},
                               {"seed", report.options.seed}}},
                  {"serving", OrderedJson::array()}, {"notes", OrderedJson::array()}};
  for (const auto& level : report.levels) out["serving"].push_back(level_of(level));
  for (const auto& note : report.notes)
    out["notes"].push_back({{"severity", std::string(to_string(note.severity))}, {"code", note.code}, {"message", note.message}, {"advice", hardscape::json_of(note.advice)}});
  return dump_document(out);
}

}  // namespace hardscape
