// The benchmark on the embedded engine: load, warm up until it is steady, then runs that nobody disturbed.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>

#include "base/statistics.hpp"
#include "base/text.hpp"
#include "engine/energy.hpp"
#include "engine/llama_model.hpp"
#include "engine/stopwatch.hpp"
#include "hardscape/gguf.hpp"
#include "hardscape/load_guard.hpp"
#include "hardscape/model_memory.hpp"
#include "host/nvml_abi.hpp"

namespace hardscape {
namespace {

constexpr int k_deep = 256;  // tokens in context from which attention is felt

std::optional<Bytes> device_memory_in_use(const LlamaApi& api) {
  std::int64_t used = 0;
  bool any = false;
  for (std::size_t i = 0; i < api.ggml_backend_dev_count(); ++i) {
    ggml_backend_dev_props props{};
    api.ggml_backend_dev_get_props(api.ggml_backend_dev_get(i), &props);
    if (props.type != GGML_BACKEND_DEVICE_TYPE_GPU || props.memory_total == 0) continue;
    used += static_cast<std::int64_t>(props.memory_total - props.memory_free);
    any = true;
  }
  return any ? std::optional<Bytes>(Bytes{used}) : std::nullopt;
}

// VmHWM of /proc/self/status: the largest resident set since the process began.
Bytes peak_resident(const Host& host) {
  const auto text = host.files.read("/proc/self/status").value_or("");
  for (const auto line : split_lines(text)) {
    const auto words = split_words(line);
    if (words.size() >= 2 && words[0] == "VmHWM:") return Bytes{parse_integer(words[1]).value_or(0) * k_kib};
  }
  return Bytes{0};
}

class Bench {
 public:
  Bench(const Host& host, LlamaRun& run, const BenchOptions& options, const std::optional<GpuWatch>& cards, const StopRequested& stop)
      : host_(host), run_(run), options_(options), cards_(cards), stop_(stop), random_(42) {
    if (options.prompt) {
      prompt_ = run.tokenize(*options.prompt);
    } else {
      prompt_ = random_tokens(options.prompt_tokens);
    }
  }

  int prompt_tokens() const { return static_cast<int>(prompt_.size()); }
  const std::vector<llama_token>& generated() const { return generated_; }

  Result<BenchSample> once(int max_tokens) {
    if (auto ready = to_depth(); !ready) return ready.error();
    BenchSample sample;
    const LoadReading before = read_load();
    const auto start = Clock::now();
    if (auto done = run_.prefill(prompt_); !done) return done.error();
    const auto prefilled = Clock::now();
    llama_token token = choose();
    const auto chosen = Clock::now();
    const EnergyReading energy_before = read_energy(host_, cards_);
    const auto first = Clock::now();
    generated_.assign(1, token);
    while (static_cast<int>(generated_.size()) < max_tokens) {
      if (options_.prompt && run_.ends(token)) break;
      if (auto done = run_.step(token); !done) return done.error();
      token = choose();
      generated_.push_back(token);
      if (stop_ && stop_()) return Error{ErrorCode::timeout, "stopped by request"};
    }
    const auto end = Clock::now();
    sample.energy_j = energy_between(energy_before, read_energy(host_, cards_), cards_.has_value());
    sample.prefill_s = seconds_between(start, prefilled);
    sample.time_to_first_token_s = seconds_between(start, chosen);
    sample.decode_s = seconds_between(first, end);
    sample.total_s = seconds_between(start, end);
    sample.prompt_tokens = prompt_tokens();
    sample.generated_tokens = static_cast<int>(generated_.size());
    sample.disturbed = between(before, read_load()).disturbed();
    return sample;
  }

  // Until two runs differ by less than 2 %, at most four times: caches, clocks and graph capture settle.
  Status warm_up() {
    double last = 0;
    for (int i = 0; i < 4; ++i) {
      const auto sample = once(std::min(options_.max_tokens, 8));
      if (!sample) return sample.error();
      if (last > 0 && std::abs(sample->total_s - last) < 0.02 * last) break;
      last = sample->total_s;
    }
    return Done{};
  }

 private:
  std::vector<llama_token> random_tokens(int count) {
    std::vector<llama_token> out{run_.first_token()};
    while (static_cast<int>(out.size()) < count) out.push_back(random_token());
    return out;
  }

  llama_token random_token() { return static_cast<llama_token>(random_.below(static_cast<std::uint64_t>(std::max(1, run_.vocabulary())))); }

  // Random tokens where there is no text to continue: one token again and again would route a mixture of experts
  // to the same few of them.
  llama_token choose() { return options_.prompt ? run_.best_token() : random_token(); }

  Status to_depth() {
    run_.forget();
    if (options_.depth <= 0) return Done{};
    if (run_.restore_state(at_depth_)) return Done{};
    run_.forget();
    auto filler = random_tokens(options_.depth);
    if (auto done = run_.prefill(filler); !done) return done.error();
    at_depth_ = run_.save_state();
    return Done{};
  }

  const Host& host_;
  LlamaRun& run_;
  const BenchOptions& options_;
  const std::optional<GpuWatch>& cards_;
  const StopRequested& stop_;
  Splitmix random_;
  std::vector<llama_token> prompt_;
  std::vector<llama_token> generated_;
  std::vector<std::uint8_t> at_depth_;
};

EngineInfo describe(const LlamaApi& api) {
  EngineInfo out;
  out.name = "llama.cpp";
  if (const char* version = api.llama_version()) out.version = printable(version);
  for (std::size_t i = 0; i < api.ggml_backend_dev_count(); ++i) {
    ggml_backend_dev_t device = api.ggml_backend_dev_get(i);
    ggml_backend_dev_props props{};
    api.ggml_backend_dev_get_props(device, &props);
    ggml_backend_reg_t reg = api.ggml_backend_dev_backend_reg(device);
    EngineDevice entry;
    entry.name = props.name != nullptr ? props.name : "";
    entry.description = printable(props.description != nullptr ? props.description : "");
    if (props.device_id != nullptr) entry.pci = printable(props.device_id);
    entry.backend = api.ggml_backend_reg_name(reg);
    entry.kind = props.type == GGML_BACKEND_DEVICE_TYPE_CPU ? "cpu" : props.type == GGML_BACKEND_DEVICE_TYPE_GPU ? "gpu"
                 : props.type == GGML_BACKEND_DEVICE_TYPE_IGPU ? "igpu" : "accel";
    if (props.memory_total > 0) {
      entry.memory_total = Bytes{static_cast<std::int64_t>(props.memory_total)};
      entry.memory_free = Bytes{static_cast<std::int64_t>(props.memory_free)};
    }
    if (entry.kind == "cpu") {
      using GetFeatures = ggml_backend_feature* (*)(ggml_backend_reg_t);
      if (auto features = reinterpret_cast<GetFeatures>(api.ggml_backend_reg_get_proc_address(reg, "ggml_backend_get_features")))
        for (const ggml_backend_feature* f = features(reg); f != nullptr && f->name != nullptr; ++f)
          if (std::string_view(f->value) != "0") out.cpu_features.emplace_back(f->name);
    }
    if (out.backend.empty() && entry.kind == "gpu") out.backend = entry.backend;
    out.devices.push_back(std::move(entry));
  }
  if (out.backend.empty()) out.backend = "CPU";
  return out;
}

// The cards that the weights go to; nothing where there are none, and a note where they cannot be watched. Of a slice of
// a card (MIG) NVML tells only what the whole does.
std::optional<GpuWatch> watch_cards(const Host& host, const BenchOptions& options, const EngineInfo& engine, std::vector<Note>& notes) {
  std::vector<WatchedGpu> cards;
  for (const auto& device : engine.devices)
    if (device.backend == "CUDA" && !device.pci.empty() && device.description.find(" MIG ") == std::string::npos) cards.push_back({device.pci, device.name});
  if (options.cpu_only || cards.empty()) return std::nullopt;
  auto watch = GpuWatch::start(host, cards, nvml::library_names());
  if (watch) return *std::move(watch);
  notes.push_back({Severity::info, "gpu-not-watched", "Energy and throttling of the GPU are not known: " + watch.error().message + ".", std::nullopt});
  return std::nullopt;
}

// What the context takes beside the weights; nothing for a file whose shape we cannot read.
Bytes context_bytes(const BenchOptions& o, int context_tokens) {
  const auto header = read_gguf_file(o.model_path, {.whole = false});
  if (!header) return Bytes{0};
  const auto shape = shape_of(*header);
  if (!shape) return Bytes{0};
  MemoryOptions options;
  options.context = context_tokens;
  options.kv_type_k = options.kv_type_v = o.kv_type;
  options.flash_attention = o.flash_attention.value_or(true);
  options.batch = o.batch;
  options.ubatch = o.ubatch;
  options.gpu = false;
  const auto need = cache_need(*shape, options);
  return need ? need->total() : Bytes{0};
}

// Before loading: a model that does not fit would push everything else out of memory first and fail then.
Status check_file(const BenchOptions& o, int context_tokens, bool on_host) {
  std::error_code error;
  const auto size = std::filesystem::file_size(o.model_path, error);
  if (error) return Error{ErrorCode::not_found, "opening the model " + o.model_path + ": " + error.message()};
  if (!on_host || !o.memory_available) return Done{};
  const Bytes weights{static_cast<std::int64_t>(size)};
  const auto can_have = " and this process can have " + std::to_string(o.memory_available->value) + " bytes of memory; choose ";
  if (weights > *o.memory_available)
    return Error{ErrorCode::invalid_argument, o.model_path + " has " + std::to_string(size) + " bytes of weights" + can_have + "a smaller quantisation or model"};
  const Bytes context = context_bytes(o, context_tokens);
  if (weights + context > *o.memory_available)
    return Error{ErrorCode::invalid_argument, o.model_path + " has " + std::to_string(size) + " bytes of weights, a context of " + std::to_string(context_tokens) + " tokens takes " +
                                                  std::to_string(context.value) + " more" + can_have + "a smaller --depth, --prompt-tokens, --kv-type or --ubatch"};
  return Done{};
}

Status check(const BenchOptions& o) {
  const auto refuse = [](std::string sentence) { return Error{ErrorCode::invalid_argument, std::move(sentence)}; };
  if (o.model_path.empty()) return refuse("no model file was given; use --model FILE.gguf");
  if (o.prompt_tokens < 1 || o.prompt_tokens > 10'000'000) return refuse("--prompt-tokens must be from 1 to 10000000");
  if (o.max_tokens < 2 || o.max_tokens > 10'000'000) return refuse("--max-tokens must be from 2 to 10000000: the first token's time is not decode");
  if (o.runs < 1 || o.runs > 1000) return refuse("--runs must be from 1 to 1000");
  if (o.depth < 0 || o.depth > 10'000'000) return refuse("--depth must be from 0 to 10000000");
  if (o.threads && (*o.threads < 1 || *o.threads > 4096)) return refuse("--threads must be from 1 to 4096");
  if (o.batch < 1 || o.batch > 1'000'000) return refuse("--batch must be from 1 to 1000000");
  if (o.ubatch < 1 || o.ubatch > 1'000'000) return refuse("--ubatch must be from 1 to 1000000");
  if (o.cpu_only && o.gpu_layers.value_or(0) > 0) return refuse("--cpu-only and --gpu-layers contradict each other");
  return Done{};
}

BenchStatistic over(const std::vector<BenchSample>& samples, double (*value)(const BenchSample&)) {
  const bool any_quiet = std::any_of(samples.begin(), samples.end(), [](const BenchSample& s) { return !s.disturbed; });
  std::vector<double> values;
  for (const auto& sample : samples)
    if (!any_quiet || !sample.disturbed) values.push_back(value(sample));
  return statistic_of(values);
}

}  // namespace

Result<BenchReport> run_bench(const Host& host, const BenchOptions& options, const BenchProgress& progress, const StopRequested& stop) {
  if (const auto valid = check(options); !valid) return valid.error();
  const auto api = LlamaApi::open(host);
  if (!api) return api.error();

  const EngineInfo engine = describe(**api);
  const int prompt_room = options.prompt ? static_cast<int>(options.prompt->size()) + 16 : options.prompt_tokens;
  const int context_tokens = options.depth + prompt_room + options.max_tokens + 8;
  if (const auto fits = check_file(options, context_tokens, options.cpu_only || engine.backend == "CPU"); !fits) return fits.error();

  const auto say = [&](std::string_view what, double done) {
    if (progress) progress(what, done);
  };
  BenchReport report;
  const auto cards = watch_cards(host, options, engine, report.notes);
  say("loading " + options.model_path, 0);
  const auto device_memory_before = device_memory_in_use(**api);
  auto run = LlamaRun::open(*api, options, context_tokens, stop);
  if (!run) return run.error();

  report.options = options;
  report.engine = engine;
  if (options.cpu_only) report.engine.backend = "CPU";
  report.engine.threads = options.threads.value_or(0);
  report.model = run->describe();
  report.load_s = run->load_seconds();
  report.flash_attention = run->flash_attention();

  Bench bench(host, *run, options, cards, stop);
  if (bench.prompt_tokens() == 0) return Error{ErrorCode::invalid_argument, "the prompt has no tokens in this model's vocabulary"};
  say("warming up", 0);
  if (const auto warm = bench.warm_up(); !warm) return warm.error();

  const int most_repeats = options.runs;  // a machine that is never quiet must still give an answer
  for (int done = 0; done < options.runs;) {
    say("run " + std::to_string(done + 1) + " of " + std::to_string(options.runs), static_cast<double>(done) / options.runs);
    auto sample = bench.once(options.max_tokens);
    if (!sample) return sample.error();
    if (sample->disturbed && report.repeated < most_repeats) {
      ++report.repeated;
      continue;
    }
    report.samples.push_back(*sample);
    ++done;
  }

  report.prompt_tokens = bench.prompt_tokens();
  report.generated_tokens = report.samples.back().generated_tokens;
  report.time_to_first_token_s = over(report.samples, [](const BenchSample& s) { return s.time_to_first_token_s; });
  report.prefill_tokens_per_s = over(report.samples, [](const BenchSample& s) { return s.prompt_tokens / s.prefill_s; });
  report.decode_tokens_per_s = over(report.samples, [](const BenchSample& s) { return s.generated_tokens > 1 ? (s.generated_tokens - 1) / s.decode_s : 0.0; });
  report.total_s = over(report.samples, [](const BenchSample& s) { return s.total_s; });
  report.peak_memory = peak_resident(host);
  const auto device_memory = device_memory_in_use(**api);
  if (device_memory && device_memory_before && !options.cpu_only)
    report.peak_device_memory = Bytes{std::max<std::int64_t>(0, device_memory->value - device_memory_before->value)};
  double joules = 0;
  int tokens = 0;
  for (const auto& sample : report.samples)
    if (sample.energy_j) joules += *sample.energy_j, tokens += sample.generated_tokens - 1;
  if (tokens > 0) {
    report.joules_per_token = joules / tokens;
    report.energy_of = energy_name(read_energy(host, cards));
  }
  if (cards)
    for (const auto& record : cards->records())
      for (const auto& slow : slowdowns_of(record))
        report.notes.push_back({slow.expected ? Severity::info : Severity::warning, slow.code, slow.message, slow.advice});
  if (options.prompt) report.text = run->text_of(bench.generated());

  const auto disturbed = std::count_if(report.samples.begin(), report.samples.end(), [](const BenchSample& s) { return s.disturbed; });
  if (disturbed > 0)
    report.notes.push_back({Severity::warning, "disturbed", std::to_string(disturbed) + " of " + std::to_string(report.samples.size()) +
                            " runs were disturbed by other processes even after " + std::to_string(report.repeated) + " repetitions.",
                            "Stop what else runs on this machine and measure again."});
  if (report.model.synthetic)
    report.notes.push_back({Severity::info, "synthetic", "The weights are random: speed is that of a real model of this shape, text is noise.", std::nullopt});
  // Seen on processors only: the fused kernel is slower than the plain one once there is some context.
  if (report.engine.backend == "CPU" && report.flash_attention.value_or(false) && options.depth + report.prompt_tokens >= k_deep)
    report.notes.push_back({Severity::info, "flash-attention", "Flash attention is on, as the engine chose; on some processors decoding in a long context is faster without.",
                            "Compare with --flash-attention off."});
  say("done", 1);
  return report;
}

}  // namespace hardscape
