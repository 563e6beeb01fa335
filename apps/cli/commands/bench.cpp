#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/commands/bench_endpoint.hpp"
#include "cli/commands/bench_model.hpp"
#include "cli/commands/bench_references.hpp"
#include "cli/commands/bench_synthetic.hpp"
#include "cli/interruption.hpp"
#include "cli/keep_result.hpp"
#include "cli/options.hpp"
#include "hardscape/bench.hpp"
#include "hardscape/processor_quota.hpp"

namespace hardscape::cli {
namespace {

std::optional<Bytes> memory_for_us(const Machine& machine) {
  std::optional<Bytes> out = machine.memory.available;
  if (machine.memory.limit && (!out || *machine.memory.limit < *out)) out = machine.memory.limit;
  return out;
}

std::string rate(double value) { return value >= 100 ? fmt::format("{:.0f}", value) : fmt::format("{:.2f}", value); }
std::string duration(double s) { return s < 1 ? fmt::format("{:.1f} ms", s * 1e3) : fmt::format("{:.2f} s", s); }

Document document_of(const BenchReport& r) {
  Document out;
  out.blocks.push_back(Heading{"Benchmark of " + (r.model.description.empty() ? r.model.path : r.model.description)});
  Pairs facts;
  facts.rows.push_back({"Engine", fmt::format("{} {} on {}, {} threads", r.engine.name, r.engine.version, r.engine.backend, r.engine.threads)});
  facts.rows.push_back({"Model", fmt::format("{:.2f} GiB of weights, {:.2f}B parameters", in_gib(r.model.weights), static_cast<double>(r.model.params) / 1e9)});
  if (r.extrapolation) {
    std::string points;
    for (const auto& p : r.extrapolation->points)
      points += fmt::format("{}{} layers {:.2f} tokens/s", points.empty() ? "" : ", ", p.layers, 1 / p.decode_s);
    facts.rows.push_back({"Extrapolated", fmt::format("to {} layers from {}; min and max hold the truth 8 times in 10", r.extrapolation->layers, points)});
  }
  facts.rows.push_back({"Work", fmt::format("{} prompt tokens at depth {}, then {} generated from depth {}{}", r.prompt_tokens, r.options.depth, r.generated_tokens, r.options.depth + r.prompt_tokens, r.extrapolation ? "" : fmt::format(", {} runs", r.samples.size()))});
  if (r.flash_attention) facts.rows.push_back({"Attention", fmt::format("flash attention {}, {}", *r.flash_attention ? "on" : "off", r.options.flash_attention ? "as asked" : "as the engine chose")});
  if (!r.extrapolation) facts.rows.push_back({"Load", duration(r.load_s)});
  if (r.peak_memory.value > 0) facts.rows.push_back({"Peak memory", fmt::format("{:.2f} GiB resident", in_gib(r.peak_memory))});
  if (r.peak_device_memory) facts.rows.push_back({"Device memory", fmt::format("{:.2f} GiB more than before", in_gib(*r.peak_device_memory))});
  if (r.joules_per_token) facts.rows.push_back({"Energy", fmt::format("{:.2f} J per token ({})", *r.joules_per_token, r.energy_of)});
  if (r.memory_roof)
    facts.rows.push_back({"Memory roof", fmt::format("{:.0f} % of {:.1f} GB/s {} ({}{}), {:.2f} GB a token", 100 * r.memory_roof->share, in_gb_per_s(r.memory_roof->bandwidth),
                                                     r.memory_roof->kernel, r.memory_roof->source, r.memory_roof->disturbed ? ", disturbed" : "", in_gb(*r.bytes_per_token))});
  out.blocks.push_back(facts);

  Table table{"", {{"Measured"}, {"median", Align::right}, {"mean", Align::right}, {"stddev", Align::right}, {"min", Align::right}, {"max", Align::right}, {"unit"}}, {}};
  const auto row = [&](std::string name, const BenchStatistic& s, std::string unit, auto show) {
    table.rows.push_back({std::move(name), Cell(show(s.median), Tone::strong), show(s.mean), show(s.stddev), show(s.min), show(s.max), std::move(unit)});
  };
  row("Prefill", r.prefill_tokens_per_s, "tokens/s", rate);
  row("Decode", r.decode_tokens_per_s, "tokens/s", rate);
  const auto ms = [](double s) { return fmt::format("{:.1f}", s * 1e3); };
  row("Time to first token", r.time_to_first_token_s, "ms", ms);
  row("Total", r.total_s, "ms", ms);
  out.blocks.push_back(table);

  if (!r.references.empty()) {
    Table references{"Closest published measurements", {{"Hardware", Align::left, true}, {"Back end", Align::left, true}, {"Model", Align::left, true}, {"tokens/s", Align::right}, {"ours/theirs", Align::right}, {""}}, {}};
    for (const auto& ref : r.references)
      references.rows.push_back({ref.hardware, ref.backend, ref.model + " " + ref.quant, rate(ref.tokens_per_s), fmt::format("{:.2f}", ref.ratio),
                                 ref.similar_hardware ? Cell("similar to your hardware", Tone::good) : Cell()});
    out.blocks.push_back(Heading{references.name, 2});
    out.blocks.push_back(references);
  }
  if (r.text) {
    out.blocks.push_back(Heading{"Generated", 2});
    out.blocks.push_back(Preformatted{*r.text});
  }
  out.blocks.push_back(NoteBlock{r.notes});
  return out;
}

void keep_bench(const Invocation& call, const BenchReport& report, const Machine& machine) {
  keep_result(call, machine, "bench",
              report.model.catalogue_id.empty() ? report.model.description : report.model.catalogue_id + " " + report.model.quant,
              to_json(report, machine));
}

}  // namespace

int run_bench_command(Invocation& call) {
  Options app{"Real inference on this machine, timed", "hardscape bench"};
  BenchOptions options;
  std::string prompt;
  int threads = 0, gpu_layers = -1;
  std::string flash;
  app.add_option("--model,-m", options.model_path, "GGUF file (with --endpoint: the name of the model there)");
  auto* prompt_option = app.add_option("--prompt,-p", prompt, "Text to continue; else random tokens");
  app.add_option("--prompt-tokens", options.prompt_tokens, "Random prompt tokens")->capture_default_str()->excludes(prompt_option);
  app.add_option("--max-tokens,-n", options.max_tokens, "Tokens to generate")->capture_default_str();
  app.add_option("--runs,-r", options.runs, "Timed runs")->capture_default_str();
  app.add_option("--depth,-d", options.depth, "Tokens already in context")->capture_default_str();
  app.add_option("--threads,-t", threads, "Threads (default: the performance cores this process may use)");
  app.add_flag("--cpu-only", options.cpu_only, "Leave GPUs alone");
  auto* layers_option = app.add_option("--gpu-layers", gpu_layers, "Layers on the GPU (default: all)");
  app.add_option("--batch", options.batch, "Logical batch")->capture_default_str();
  app.add_option("--ubatch", options.ubatch, "Physical batch")->capture_default_str();
  app.add_option("--kv-type", options.kv_type, "KV cache type")->capture_default_str();
  app.add_option("--flash-attention", flash, "on, off or auto")->one_of({"on", "off", "auto"});
  SyntheticWish synthetic;
  app.add_option("--synthetic", synthetic.model, "MODEL[:QUANT] of the catalogue with random weights, no download; one too large for this machine is extrapolated");
  app.add_flag("--extrapolate", synthetic.extrapolate, "From two shorter versions even where the whole fits")->needs("--synthetic");
  app.add_option("--fill", synthetic.fill, "Number of the filling of the random weights; even ones have outliers")->needs("--synthetic")->within(1, 1000);
  EndpointOptions endpoint;
  std::string concurrency = "1";
  double rate = 0, ttft_ms = 0, tpot_ms = 0;
  const std::string serving = "A running server";
  app.add_option("--endpoint", endpoint.url, "Benchmark this OpenAI-compatible server: http://HOST:PORT")->group(serving);
  app.add_option("--concurrency", concurrency, "Requests in flight: 8 means 1, 2, 4, 8; 1,3 means these")->group(serving);
  auto* rate_option = app.add_option("--rate", rate, "Poisson arrivals per second instead")->group(serving);
  app.add_option("--requests", endpoint.requests, "Requests per level (default: four per request in flight)")->group(serving);
  app.add_option("--timeout", endpoint.timeout_s, "Seconds for one request")->capture_default_str()->group(serving);
  auto* ttft_option = app.add_option("--ttft-limit", ttft_ms, "Milliseconds; counts goodput")->group(serving);
  auto* tpot_option = app.add_option("--tpot-limit", tpot_ms, "Milliseconds; counts goodput")->group(serving);
  app.add_option("--seed", endpoint.seed, "Of made-up prompts and arrivals")->capture_default_str()->group(serving);
  bool forget = false;
  app.add_flag("--no-save", forget, "Do not keep the result in the history");
  if (const auto over = call.parse(app)) return *over;
  if (*prompt_option) options.prompt = prompt;
  if (*layers_option) options.gpu_layers = gpu_layers;
  if (flash == "on" || flash == "off") options.flash_attention = flash == "on";
  if (!call.globals().machine.empty() || !call.globals().root.empty())
    return call.fail(Error{ErrorCode::invalid_argument, "bench times this computer; --machine and --root name another (see predict)"});

  const bool draw = call.streams().err_is_terminal && !call.globals().quiet;
  const BenchProgress progress = [&](std::string_view what, double done) {
    if (!draw) return;
    // A line that wraps could not be wiped away again.
    const auto room = static_cast<std::size_t>(std::max(20, call.streams().width - 8));
    call.streams().err(done >= 1 ? std::string("\r\x1b[K") : fmt::format("\r\x1b[K{:3.0f} %  {}", 100 * done, what.substr(0, room)));
  };
  const Interruption interruption;
  const StopRequested stop = [] { return Interruption::came(); };
  if (!endpoint.url.empty()) {
    const auto levels = concurrency_levels(concurrency);
    if (!levels) return call.fail(levels.error());
    endpoint.concurrency = *levels;
    endpoint.model = options.model_path;
    endpoint.prompt = options.prompt;
    endpoint.prompt_tokens = options.prompt_tokens;
    endpoint.max_tokens = options.max_tokens;
    endpoint.api_key = call.environment()("OPENAI_API_KEY");
    if (*rate_option) endpoint.rate = rate;
    if (*ttft_option) endpoint.ttft_limit_s = ttft_ms / 1e3;
    if (*tpot_option) endpoint.tpot_limit_s = tpot_ms / 1e3;
    return run_bench_endpoint(call, endpoint, progress, stop);
  }

  const auto host = call.host();
  if (!host) return call.fail(host.error());
  const auto known = call.informed_machine();
  if (!known) return call.fail(known.error());
  const Machine* machine = &known->machine;
  options.threads_by_default = threads == 0;
  options.threads = threads != 0 ? threads : default_threads(*machine, processor_quota(*host));
  options.memory_available = memory_for_us(*machine);
  if (!synthetic.model.empty() && !options.model_path.empty())
    return call.fail(Error{ErrorCode::invalid_argument, "--model and --synthetic name two models; give one of them"});

  auto report = synthetic.model.empty() ? run_bench(*host, options, progress, stop) : run_synthetic(call, *host, synthetic, options, progress, stop);
  if (Interruption::came()) {
    call.streams().err(draw ? "\r\x1b[Kinterrupted\n" : "interrupted\n");
    return 130;
  }
  if (!report) {
    if (draw) call.streams().err("\r\x1b[K");
    return call.fail(report.error());
  }
  if (const auto catalogue = call.catalogue()) describe_model(*report, *catalogue, *machine, *host, known->evidence, stop);
  report->references = references_of(*report, *machine);
  if (!forget) keep_bench(call, *report, *machine);
  return call.tell({.json = [&] { return to_json(*report, *machine); }, .document = [&] { return document_of(*report); }});
}

}  // namespace hardscape::cli
