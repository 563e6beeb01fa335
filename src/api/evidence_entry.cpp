#include "api/evidence_entry.hpp"

#include <algorithm>
#include <cmath>

#include "base/json_reading.hpp"
#include "hardscape/bench.hpp"

namespace hardscape {
namespace {

constexpr double k_most_bandwidth = 1e15;  // bytes/s; more is nonsense
constexpr double k_most_rate = 1e9;        // tokens/s
constexpr std::int64_t k_least_ubatch = 512;

double kv_bytes(std::string_view type) {
  return type == "q8_0" ? 1.0625 : type == "q4_0" ? 0.5625 : type == "q5_0" ? 0.6875 : type == "q5_1" ? 0.75 : type == "f32" ? 4 : 2;
}

std::optional<Estimate> rate_in(const JsonReader& root, std::string_view key) {
  const auto statistic = root.object(key);
  if (!statistic) return std::nullopt;
  const auto median = statistic->number("median");
  if (!median || !(*median > 0) || !(*median < k_most_rate)) return std::nullopt;
  Estimate out{statistic->number("min").value_or(*median), *median, statistic->number("max").value_or(*median), Origin::measured};
  if (!(out.low > 0) || out.low > out.mid) out.low = out.mid;
  if (!(out.high < k_most_rate) || out.high < out.mid) out.high = out.mid;
  return out;
}

// The machine's name ("gpu0") of what a measurement calls "cuda0". The processor is only what its own code measured: through
// OpenCL it is slower than it is.
std::string hardware_of(const JsonReader& root, const std::string& device) {
  if (device == "cpu") return device;
  for (const auto& d : root.array("devices"))
    if (d.text("id").value_or("") == device) {
      const auto hardware = d.text("hardware").value_or("");
      return hardware == "cpu" ? std::string() : std::string(hardware);
    }
  return {};
}

// Which of our devices and back ends the engine's word means.
bool place(MeasuredSpeed& out, const Machine& machine, const std::string& backend, const std::optional<JsonReader>& engine) {
  if (backend == "CPU" || backend == "BLAS") {
    out.device = "cpu0";
    out.backend = "llama.cpp/cpu";
    return true;
  }
  const auto gpu = std::find_if(machine.accelerators.begin(), machine.accelerators.end(),
                                [](const Accelerator& a) { return a.usable && a.kind == AcceleratorKind::gpu; });
  if (gpu == machine.accelerators.end()) return false;
  const auto row = resolve_backend("llama.cpp " + backend, gpu->vendor, gpu->integrated ? "integrated" : "gpu");
  if (!row || row->api == "cpu") return false;
  out.device = gpu->id;
  out.backend = row->id;
  int count = 0;
  if (engine)
    for (const auto& device : engine->array("devices"))
      if (device.text("kind").value_or("") == "gpu" && device.text("backend").value_or("") == backend) ++count;
  out.devices = std::max(1, count);
  return true;
}

}  // namespace

std::vector<MeasuredBandwidth> bandwidths_in(const HistoryEntry& entry) {
  std::vector<MeasuredBandwidth> out;
  const auto json = JsonDocument::parse(entry.document, "history");
  if (!json) return out;
  std::optional<Error> failure;
  const JsonReader root(json->root(), "", failure);
  const auto add = [&](std::string device, std::string kernel, double value, bool disturbed) {
    if (value > 0 && value < k_most_bandwidth && !device.empty()) out.push_back({entry.id, entry.when, std::move(device), std::move(kernel), BytesPerSecond{value}, disturbed});
  };
  if (root.text("schema").value_or("") == "hardscape.measure/1")
    for (const auto& r : root.array("results")) {
      if (r.text("metric").value_or("") != "bandwidth" || r.text("unit").value_or("") != "bytes_per_s" || r.text("status").value_or("ok") != "ok") continue;
      if (const auto value = r.number("value")) add(hardware_of(root, std::string(r.text("device").value_or(""))), r.text("kernel").value_or(""), *value, r.flag("disturbed").value_or(false));
    }
  if (root.text("schema").value_or("") == "hardscape.bench/1")
    if (const auto roof = root.object("memory_roof"))
      // Only what this very run measured; else it would be counted twice and look newer than it is.
      if (roof->text("source").value_or("") == "measured with this benchmark")
        add(roof->text("device").value_or(""), roof->text("kernel").value_or(""), roof->number("bandwidth_bytes_per_s").value_or(0), roof->flag("disturbed").value_or(false));
  if (failure) out.clear();
  return out;
}

std::optional<MeasuredSpeed> speed_in(const HistoryEntry& entry, const Machine& machine, const Catalogue& catalogue) {
  const auto json = JsonDocument::parse(entry.document, "history");
  if (!json) return std::nullopt;
  std::optional<Error> failure;
  const JsonReader root(json->root(), "", failure);
  if (root.text("schema").value_or("") != "hardscape.bench/1") return std::nullopt;
  const auto model = root.object("model");
  const auto options = root.object("options");
  const auto engine = root.object("engine");
  if (!model || !options || !engine) return std::nullopt;

  MeasuredSpeed out;
  out.entry = entry.id;
  out.when = entry.when;
  out.subject = entry.subject;
  out.engine = engine->text("name").value_or("") + " " + engine->text("version").value_or("");
  if (!place(out, machine, engine->text("backend").value_or(""), engine)) return std::nullopt;
  if (const auto layers = options->integer("gpu_layers"); layers && out.device != "cpu0") return std::nullopt;
  if (out.device == "cpu0" && !options->flag("threads_by_default").value_or(false) && engine->integer("threads").value_or(0) < default_threads(machine)) return std::nullopt;

  // Slower or faster by the user's own choice, not by the machine.
  if (options->text("flash_attention").value_or("auto") == "off") return std::nullopt;
  const std::string quant = model->text("quant").value_or("");
  const auto params = model->number("params");
  const auto bytes = model->number("weights_bytes");
  if (!params || !bytes || !(*params > 0) || !(*bytes > 0) || *bytes > 1e16) return std::nullopt;
  const Bytes file{static_cast<std::int64_t>(*bytes)};
  const ModelRecord* record = catalogue.find_model(model->text("catalogue_id").value_or(""));
  auto work = record != nullptr ? model_work(*record, quant, file)
                                : model_work(entry.subject, params, model->number("active_params"), quant, file);
  if (!work) return std::nullopt;
  if (record != nullptr) out.model = record->id;
  out.work = *std::move(work);

  const double depth = options->number("depth").value_or(0);
  const double prompt = root.number("prompt_tokens").value_or(0);
  const double generated = root.number("generated_tokens").value_or(0);
  if (!(depth >= 0 && depth < 1e8 && prompt >= 0 && prompt < 1e8 && generated >= 0 && generated < 1e8)) return std::nullopt;
  out.prefill.kv_bytes_per_element = out.decode.kv_bytes_per_element = kv_bytes(options->text("kv_type").value_or("f16"));
  out.prefill.context = depth;
  out.prefill.tokens = prompt;
  out.decode.context = depth + prompt;
  out.decode.tokens = generated;
  if (generated > 1) out.decode_tokens_per_s = rate_in(root, "decode_tokens_per_s");
  // A few tokens of prompt, or batches cut small, say nothing about prompts.
  if (prompt >= 16 && options->integer("ubatch").value_or(k_least_ubatch) >= std::min(k_least_ubatch, static_cast<std::int64_t>(prompt)))
    out.prefill_tokens_per_s = rate_in(root, "prefill_tokens_per_s");
  if (!out.decode_tokens_per_s && !out.prefill_tokens_per_s) return std::nullopt;
  const auto samples = root.array("samples");
  out.disturbed = !samples.empty() && std::all_of(samples.begin(), samples.end(), [](const JsonReader& s) { return s.flag("disturbed").value_or(false); });
  if (root.flag("extrapolated").value_or(false)) return std::nullopt;
  if (failure) return std::nullopt;
  return out;
}

}  // namespace hardscape
