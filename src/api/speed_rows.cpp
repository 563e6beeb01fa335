#include "hardscape/api_speed_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "api/device_link.hpp"
#include "api/speed_test_name.hpp"
#include "base/text.hpp"

namespace hardscape {
namespace {

constexpr double k_billion = 1e9;
// A benchmark's parameter count may differ from the record's by what it counts: vision tower, embeddings, "effective"
// parameters, a name's rounded figure. The name decides; a factor beyond this is another model of the same name.
constexpr double k_same_model = 3;
// Offloaded rows do not say what host they ran on: two channels of DDR5.
constexpr double k_usual_host_bandwidth = 80e9;
// llama.cpp benchmarks prompts of 2048 tokens with a micro-batch of as many (its scripts/bench-models.sh, -ub 2048); rows do not say it.
constexpr int k_raised_micro_batch = 2048;
constexpr double k_filled_memory = 0.9;  // by the layers that people of such rows leave on the device; assumed
constexpr double k_same_memory = 0.03;  // "24 GB" may be 24 GiB or a little less

std::string without_brackets(std::string_view text) {
  std::string out;
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (depth == 0) out += c;
    if (c == ')' && depth > 0) --depth;
  }
  return std::string{trim(out)};
}

std::string inside_brackets(std::string_view text) {
  const auto open = text.find('(');
  const auto close = text.find(')', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return {};
  return std::string{trim(text.substr(open + 1, close - open - 1))};
}

DeviceClass class_of(const Device& device, DeviceClass as_machine, std::string_view api) {
  if (api == "npu") return DeviceClass::npu;
  const std::string_view name = device.device_class;
  if (name == "mobile-soc") return DeviceClass::phone;
  if (name == "edge-board" || name == "edge-accelerator") return DeviceClass::board;
  if (name == "apple-soc") return api == "cpu" ? DeviceClass::cpu : DeviceClass::apple;
  if (api == "cpu") return DeviceClass::cpu;
  if (name == "laptop-soc") return DeviceClass::integrated_gpu;
  if (name == "consumer-gpu" || name == "workstation-gpu" || name == "datacenter-gpu") return DeviceClass::gpu;
  return as_machine;
}

std::string_view kind_of(const Device& device) {
  const std::string_view name = device.device_class;
  if (name == "npu") return "npu";
  if (name == "cpu") return "cpu";
  if (name == "laptop-soc") return "integrated";
  const bool cuda_board = device.compute_capability && contains_ignoring_case(device.vendor, "nvidia");
  if (name == "edge-board" && !cuda_board) return "cpu";
  if (name == "mobile-soc" && !contains_ignoring_case(device.vendor, "apple")) return "cpu";
  return "gpu";
}

// What the words beside the back end's name say: "(NPU)", "(CPU only)".
std::string hinted(std::string_view hardware, std::string_view backend) {
  std::string text{backend};
  const std::string inside = inside_brackets(hardware);
  if (!contains_ignoring_case(inside, "/"))
    for (const std::string_view word : {"npu", "cpu"})
      if (contains_ignoring_case(inside, word)) text += fmt::format(" {}", word);
  return text;
}

// "Raspberry Pi 5 16GB" -> "Raspberry Pi 5" and 16.
std::optional<std::pair<std::string, double>> without_memory(std::string_view text) {
  const std::string_view trimmed = trim(text);
  if (trimmed.size() < 4 || !equal_ignoring_case(trimmed.substr(trimmed.size() - 2), "GB")) return std::nullopt;
  const std::string_view front = trim(trimmed.substr(0, trimmed.size() - 2));
  const auto space = front.find_last_of(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto gigabytes = parse_number(front.substr(space + 1));
  if (!gigabytes || !(*gigabytes > 0)) return std::nullopt;
  return std::pair{std::string{trim(front.substr(0, space))}, *gigabytes};
}

// Of the devices that a name may mean, those sold with this much memory; all when that tells nothing.
std::vector<const Device*> with_memory(const std::vector<const Device*>& devices, std::optional<double> memory_gb) {
  if (!memory_gb || devices.size() < 2) return devices;
  std::vector<const Device*> out;
  for (const Device* device : devices)
    for (const auto& option : device->memory_options)
      if (std::abs(static_cast<double>(option.value.value) / static_cast<double>(k_gib) / *memory_gb - 1) < k_same_memory) {
        out.push_back(device);
        break;
      }
  return out.empty() ? devices : out;
}

// Of a back end that reads MLX's weights, "Q4" and "int4" are MLX's four bits and not llama.cpp's.
std::string quant_of(std::string_view quant, const Backend& backend) {
  if (std::find(backend.formats.begin(), backend.formats.end(), "mlx") == backend.formats.end()) return std::string(quant);
  const std::string name = to_lower(trim(quant));
  const std::string bits = name.starts_with("int") ? name.substr(3) : name.starts_with("q") ? name.substr(1) : std::string();
  return bits.size() == 1 && is_digit(bits[0]) ? bits + "bit" : std::string(quant);
}

// The last month that a text names, "2025-08..2026-04 (living table)" -> "2026-04"; of a year alone its last.
std::string month_of(std::string_view date) {
  const auto digits = [&](std::size_t at, std::size_t count) {
    if (at + count > date.size()) return false;
    for (std::size_t i = at; i < at + count; ++i)
      if (date[i] < '0' || date[i] > '9') return false;
    return true;
  };
  std::string month;
  for (std::size_t at = 0; at + 4 <= date.size(); ++at) {
    if (!digits(at, 4) || date.substr(at, 2) != "20") continue;
    const bool with_month = at + 7 <= date.size() && date[at + 4] == '-' && digits(at + 5, 2);
    month = with_month ? std::string{date.substr(at, 7)} : std::string{date.substr(at, 4)} + "-12";
    at += with_month ? 6 : 3;
  }
  return month;
}

}  // namespace

struct SpeedRowResolver::Cache {
  std::map<std::string, std::vector<const Device*>, std::less<>> devices;
  std::map<std::string, std::optional<Machine>, std::less<>> machines;
  std::map<std::string, const ModelRecord*, std::less<>> models;
};

SpeedRowResolver::SpeedRowResolver(Catalogue catalogue) : catalogue_(std::move(catalogue)), cache_(std::make_unique<Cache>()) {}
SpeedRowResolver::~SpeedRowResolver() = default;

Result<SpeedQuestion> SpeedRowResolver::resolve(const SpeedRow& row) {
  SpeedQuestion question;
  const auto test = parse_speed_test(row.test, row.context_or_prompt);
  if (!test) return test.error();
  question.prefill = test->prefill;
  question.offload = test->offload;
  question.work.context = test->context;
  question.work.tokens = test->tokens;
  if (row.count < 1) return Error{ErrorCode::invalid_argument, "count must be 1 or more."};

  auto [found, fresh] = cache_->devices.try_emplace(row.hardware);
  if (fresh) {
    found->second = catalogue_.look_up(row.hardware).matches;
    const std::string inside = inside_brackets(row.hardware);
    if (found->second.empty() && !inside.empty()) found->second = catalogue_.look_up(without_brackets(row.hardware)).matches;
    if (found->second.empty() && !inside.empty()) found->second = catalogue_.look_up(inside).matches;
    if (const auto parts = without_memory(row.hardware); found->second.empty() && parts)
      found->second = with_memory(catalogue_.look_up(parts->first).matches, parts->second);
  }
  // A processor of a series ("EPYC 9554") is known by the series' record.
  std::optional<ComputeDevice> processor;
  if (found->second.empty())
    if (const auto machine = machine_from_name(row.hardware, catalogue_))
      if (auto made = compute_device(*machine, "cpu0")) processor = *std::move(made);
  if (found->second.empty() && !processor)
    return Error{ErrorCode::not_found, fmt::format("The catalogue has no hardware called \"{}\".", row.hardware)};

  const auto candidates = with_memory(found->second, row.memory_gb);
  const std::string vendor = processor ? processor->vendor : candidates.front()->vendor;
  const std::string_view kind = processor ? "cpu" : kind_of(*candidates.front());
  const std::string text = hinted(row.hardware, row.backend);
  auto backend = row.backend.empty() ? default_backend(vendor, kind, row.quant, nullptr) : resolve_backend(text, vendor, kind);
  if (!backend) return Error{ErrorCode::not_found, fmt::format("No back end is known as \"{}\".", row.backend)};
  // The usual back end is one of today, whose ways are not those of an older row.
  if (row.backend.empty()) backend = *find_backend(backend->id);
  question.backend = as_built(*std::move(backend), month_of(row.date));
  if (question.prefill && question.work.tokens == k_raised_micro_batch)
    question.backend.micro_batch = std::max(question.backend.micro_batch, k_raised_micro_batch);
  question.split.count = row.count;
  if (question.backend.tensor_parallel || contains_ignoring_case(row.backend, "tensor")) question.split.kind = SplitKind::tensor;

  if (processor) {
    question.devices.push_back(*std::move(processor));
    question.device_ids.push_back(row.hardware);
  }
  std::optional<Error> why;
  for (const Device* device : candidates) {
    auto [made, new_machine] = cache_->machines.try_emplace(device->id);
    if (new_machine)
      if (auto machine = machine_from_name(device->id, catalogue_)) made->second = *std::move(machine);
    if (!made->second) {
      why = Error{ErrorCode::unavailable, fmt::format("No machine can be made of {}.", device->name)};
      continue;
    }
    const bool on_cpu = question.backend.api == "cpu";
    auto computes = compute_device(*made->second, on_cpu ? "cpu0" : "");
    if (!computes) {
      why = computes.error();
      continue;
    }
    computes->device_class = class_of(*device, computes->device_class, question.backend.api);
    if (row.count > 1) take_link(*computes, device_link(*device, row.count, catalogue_));
    question.devices.push_back(*std::move(computes));
    question.device_ids.push_back(device->id);
  }
  if (question.devices.empty()) return why ? *why : Error{ErrorCode::unavailable, "No device to predict for."};

  auto [model, new_model] = cache_->models.try_emplace(row.model, nullptr);
  if (new_model) model->second = catalogue_.look_up_model(row.model).match;
  std::optional<Bytes> file;
  if (row.file_gib) file = Bytes{static_cast<std::int64_t>(*row.file_gib * static_cast<double>(k_gib))};
  const ModelRecord* record = model->second;
  if (record != nullptr && row.params_b && record->params) {
    const double ratio = *row.params_b * k_billion / static_cast<double>(*record->params);
    if (ratio > k_same_model || ratio < 1 / k_same_model) record = nullptr;
  }
  std::optional<double> params;
  std::optional<double> active;
  if (row.params_b) params = *row.params_b * k_billion;
  if (row.active_params_b) active = *row.active_params_b * k_billion;
  const std::string quant = quant_of(row.quant, question.backend);
  auto work = record != nullptr ? model_work(*record, quant, file) : model_work(row.model, params, active, quant, file);
  if (!work) return work.error();
  question.model = *std::move(work);
  return question;
}

SpeedAnswer answer(const SpeedQuestion& question) {
  SpeedAnswer out;
  double logarithms = 0;
  int known = 0;
  Estimate all;
  for (const auto& device : question.devices) {
    Split split = question.split;
    ComputeDevice host;
    if (question.offload && device.memory) {
      host.name = "host";
      host.bandwidth = BytesPerSecond{k_usual_host_bandwidth};
      host.vector = FlopsPerSecond{1e12};
      host.matrix = host.vector;
      split.host = &host;
      const double there = k_filled_memory * static_cast<double>(device.memory->value) * split.count;
      split.host_share = std::clamp(1 - there / question.model.weight_bytes, 0.0, 1.0);
    }
    const auto speed = question.prefill ? predict_prefill(device, question.model, question.work, question.backend, split)
                                        : predict_decode(device, question.model, question.work, question.backend, split);
    if (!speed) {
      if (out.reason.empty()) out.reason = speed.error().message;
      continue;
    }
    const auto& now = speed->tokens_per_s;
    all = known == 0 ? now : Estimate{std::min(all.low, now.low), 0, std::max(all.high, now.high), weakest(all.basis, now.basis)};
    logarithms += std::log(now.mid);
    if (known++ == 0) out.bound = speed->bound;
  }
  if (known == 0) return out;
  all.mid = std::exp(logarithms / known);
  out.tokens_per_s = all;
  out.reason.clear();
  return out;
}

SpeedAnswer SpeedRowResolver::answer(const SpeedRow& row) {
  const auto question = resolve(row);
  if (question) return hardscape::answer(*question);
  SpeedAnswer out;
  out.reason = question.error().message;
  return out;
}

}  // namespace hardscape
