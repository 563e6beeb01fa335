#include "cli/commands/bench_endpoint.hpp"

#include <fmt/format.h>

#include <charconv>

#include "hardscape/suggest.hpp"

namespace hardscape::cli {
namespace {

std::string ms(double s) { return fmt::format("{:.1f}", 1e3 * s); }

Document document_of(const EndpointReport& r) {
  Document out{{Heading{"Benchmark of " + printable_text(r.url)}}};
  out.blocks.push_back(Pairs{{{"Model", printable_text(r.model)},
                              {"Work", fmt::format("about {} prompt tokens, {} generated", r.options.prompt_tokens, r.options.max_tokens)}}});
  Table table{"Serving", {{"in flight", Align::right}, {"ok", Align::right}, {"failed", Align::right}, {"TTFT p50", Align::right}, {"p99 ms", Align::right},
                          {"TPOT p50", Align::right}, {"p99 ms", Align::right}, {"ITL p99", Align::right}, {"tokens/s", Align::right}}, {}};
  for (const auto& l : r.levels)
    table.rows.push_back({l.rate ? fmt::format("{:.3g}/s", *l.rate) : std::to_string(l.concurrency), std::to_string(l.requests - l.errors),
                          Cell(std::to_string(l.errors), l.errors > 0 ? Tone::bad : Tone::plain), ms(l.ttft_s.p50), ms(l.ttft_s.p99), ms(l.tpot_s.p50), ms(l.tpot_s.p99),
                          ms(l.itl_s.p99), Cell(fmt::format("{:.1f}", l.output_tokens_per_s), Tone::strong)});
  out.blocks.push_back(table);
  Pairs more;
  for (const auto& l : r.levels)
    if (l.goodput_per_s)
      more.rows.push_back({"Goodput at " + (l.rate ? fmt::format("{:.3g}/s", *l.rate) : std::to_string(l.concurrency)),
                           fmt::format("{:.2f} of {:.2f} requests/s within the limits", *l.goodput_per_s, l.requests_per_s)});
  if (!more.rows.empty()) out.blocks.push_back(more);
  std::vector<Note> notes = r.notes;
  for (const auto& l : r.levels)
    for (const auto& s : l.samples)
      if (s.outcome != RequestOutcome::ok && notes.size() < 8)
        notes.push_back({Severity::warning, std::string(to_string(s.outcome)), "A request failed: " + s.reason, std::nullopt});
  out.blocks.push_back(NoteBlock{notes});
  return out;
}

}  // namespace

Result<std::vector<int>> concurrency_levels(const std::string& text) {
  std::vector<int> out;
  const char* at = text.data();
  const char* end = at + text.size();
  while (at < end) {
    int value = 0;
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc{} || value < 1 || value > 1024 || (stop != end && *stop != ','))
      return Error{ErrorCode::invalid_argument, "--concurrency \"" + printable_text(text) + "\": expected a number from 1 to 1024, or several with commas"};
    out.push_back(value);
    at = stop == end ? end : stop + 1;
  }
  if (out.empty()) return Error{ErrorCode::invalid_argument, "--concurrency is empty"};
  if (out.size() == 1 && text.find(',') == std::string::npos) {
    const int most = out[0];
    out.clear();
    for (int level = 1; level < most; level *= 2) out.push_back(level);
    out.push_back(most);
  }
  return out;
}

int run_bench_endpoint(Invocation& call, const EndpointOptions& options, const BenchProgress& progress, const StopRequested& stop) {
  const auto host = call.host();
  if (!host) return call.fail(host.error());
  const auto report = run_endpoint(*host, options, progress, stop);
  if (stop()) {
    call.streams().err("interrupted\n");
    return 130;
  }
  if (!report) return call.fail(report.error());
  return call.tell({.json = [&] { return to_json(*report); }, .document = [&] { return document_of(*report); }});
}

}  // namespace hardscape::cli
