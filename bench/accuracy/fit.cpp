#include "fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "predict/parameters.hpp"
#include "predict/step.hpp"

namespace hardscape::accuracy {
namespace {

using predict::Parameter;

enum class Space { share, positive };  // logit of (value - least) below 1, or logarithm of (value - least)

struct Prior {
  std::string_view name;
  Space space;
  double least;   // physics: the value cannot be below
  double mean;    // value, not its transform
  double spread;  // of the transform
};

// Means are the published constants where there are any (aiconfigurator and InferSim: 0.8 of memory bandwidth), else
// round numbers of the right size; a spread of 0.7 is a factor of two.
constexpr std::array k_decode_priors{
    Prior{"memory_efficiency", Space::share, 0, 0.84, 0.5}, Prior{"unit_bytes", Space::positive, 0, 8, 0.5},
    Prior{"kv_efficiency", Space::share, 0, 0.6, 0.7},
    Prior{"dequantise", Space::positive, 0, 0.5, 0.7},      Prior{"k_quant_factor", Space::positive, 0, 1.5, 0.5},
    Prior{"layer_s", Space::positive, 0, 40e-6, 0.8},
    Prior{"token_s", Space::positive, 0, 0.3e-3, 0.7},      Prior{"expert_layer_s", Space::positive, 0, 40e-6, 0.8},
};
constexpr std::array k_prefill_priors{
    Prior{"vector_cost", Space::positive, 0, 0.4, 1.0},        Prior{"matrix_cost", Space::positive, 0.5, 1.0, 0.7},
    Prior{"vector_cost_f16", Space::positive, 0, 0.2, 1.0},    Prior{"matrix_cost_f16", Space::positive, 1, 1.3, 0.7},
    Prior{"k_quant_factor", Space::positive, 0, 1.0, 0.3},     Prior{"dequantise_traffic", Space::positive, 0, 0.5, 1.0},
    Prior{"layer_s", Space::positive, 0, 100e-6, 1.0},         Prior{"attention_cost", Space::positive, 0, 3, 0.8},
    Prior{"attention_traffic", Space::positive, 0, 1.5, 0.8},  Prior{"query_tile", Space::positive, 0, 32, 0.8},
    Prior{"half_tokens", Space::positive, 0, 30, 0.8},
    Prior{"half_expert_tokens", Space::positive, 0, 20, 0.8},  Prior{"expert_token_s", Space::positive, 0, 1e-6, 1.0},
};
// Processors unpack with integer instructions of their vector width, counted in ggml's x86 kernels: 0.3 micro-operations a
// weight of Q4_K at three a cycle, as shares of the FP32 rate; two threads of one core share it.
// What their cores draw of the memory's rate differs: nearly all of two channels, less than half of a wide unified one.
constexpr std::array k_processor_priors{
    Prior{"memory_efficiency", Space::share, 0, 0.6, 1.0},
    Prior{"layer_s", Space::positive, 0, 40e-6, 0.4},
    Prior{"dequantise", Space::positive, 0, 0.8, 0.25},
    Prior{"k_quant_factor", Space::positive, 0, 1.3, 0.2},
};
constexpr std::array k_architecture_priors{
    Prior{"memory", Space::positive, 0, 1, 0.3},
    Prior{"overhead", Space::positive, 0, 1, 0.35},
};
constexpr std::array k_architecture_api_priors{Prior{"prefill", Space::positive, 0, 1, 0.4}};
constexpr double k_like = 1.0;       // a back end built like another is nearer to it than to the common prior
constexpr double k_scale = 0.10;     // residuals beyond this count linearly
constexpr int k_sweeps = 12;
constexpr int k_steps = 2;
constexpr double k_nudge = 1e-4;
constexpr double k_longest_stride = 0.7;

double to_free(const Prior& prior, double value) {
  const double x = std::max(value - prior.least, 1e-12);
  return prior.space == Space::share ? std::log(x / std::max(1e-9, 1 - x)) : std::log(x);
}
double to_value(const Prior& prior, double free) {
  return prior.least + (prior.space == Space::share ? 1 / (1 + std::exp(-free)) : std::exp(free));
}

// One number under fit.
struct Knob {
  double* value = nullptr;
  const Prior* prior = nullptr;
  double mean = 0;    // free
  double spread = 1;  // free

  double get() const { return to_free(*prior, *value); }
  void set(double free) { *value = to_value(*prior, free); }
};

struct Block {
  std::vector<Knob> knobs;
  std::vector<Sample*> samples;
  Block* parent = nullptr;
};

template <class Owner, std::size_t N>
void add_knobs(Block& block, Owner& owner, std::span<const Parameter<Owner>> parameters, const std::array<Prior, N>& priors,
               std::span<const Prior> instead = {}) {
  for (const auto& parameter : parameters)
    for (const auto& usual : priors)
      if (usual.name == parameter.name) {
        const auto own = std::find_if(instead.begin(), instead.end(), [&](const Prior& p) { return p.name == usual.name; });
        const Prior& prior = own == instead.end() ? usual : *own;
        owner.*parameter.member = prior.mean;
        block.knobs.push_back({&(owner.*parameter.member), &prior, to_free(prior, prior.mean), prior.spread});
      }
}

double log_ratio(const Sample& sample) {
  const auto& q = sample.question;
  // The row's own copy keeps what its words switched on; the numbers come from the table under fit.
  thread_local Backend backend;
  backend.engine = q.backend.engine;
  backend.api = q.backend.api;
  backend.built = q.backend.built;
  backend.fused_attention = q.backend.fused_attention;
  backend.matrix_units = q.backend.matrix_units;
  backend.micro_batch = q.backend.micro_batch;
  backend.launches = q.backend.launches;
  const Backend* table = find_backend(q.backend.id);
  backend.decode = table->decode;
  backend.prefill = table->prefill;
  const auto step = q.prefill ? predict::prefill_step(sample.device(), q.model, q.work, backend, q.split, {})
                              : predict::decode_step(sample.device(), q.model, q.work, backend, q.split, {});
  return std::log(step.tokens / step.total() / sample.row->tokens_per_s);
}

// Solves a x = b for a small symmetric positive matrix.
std::vector<double> solve(std::vector<std::vector<double>> a, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t r = i + 1; r < n; ++r) {
      const double f = a[r][i] / a[i][i];
      for (std::size_t c = i; c < n; ++c) a[r][c] -= f * a[i][c];
      b[r] -= f * b[i];
    }
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t c = i + 1; c < n; ++c) b[i] -= a[i][c] * b[c];
    b[i] /= a[i][i];
  }
  return b;
}

// A Gauss-Newton step with weights that make large residuals count linearly.
void improve(Block& block) {
  const std::size_t n = block.knobs.size();
  std::vector<std::vector<double>> a(n, std::vector<double>(n, 0.0));
  std::vector<double> b(n, 0.0);
  for (std::size_t k = 0; k < n; ++k) {
    const auto& knob = block.knobs[k];
    const double precision = 1 / (knob.spread * knob.spread);
    const double mean = block.parent != nullptr ? block.parent->knobs[k].get() : knob.mean;
    const double tight = block.parent != nullptr ? precision / (k_like * k_like) : precision;
    a[k][k] += tight;
    b[k] += tight * (mean - knob.get());
  }
  std::vector<double> base(block.samples.size());
  for (std::size_t i = 0; i < base.size(); ++i) base[i] = log_ratio(*block.samples[i]);
  std::vector<std::vector<double>> slope(n, std::vector<double>(base.size()));
  for (std::size_t k = 0; k < n; ++k) {
    auto& knob = block.knobs[k];
    const double here = knob.get();
    knob.set(here + k_nudge);
    for (std::size_t i = 0; i < base.size(); ++i) slope[k][i] = (log_ratio(*block.samples[i]) - base[i]) / k_nudge;
    knob.set(here);
  }
  for (std::size_t i = 0; i < base.size(); ++i) {
    const double r = base[i] / k_scale;
    const double w = block.samples[i]->weight / (k_scale * k_scale) / std::sqrt(1 + r * r);
    for (std::size_t k = 0; k < n; ++k) {
      b[k] -= w * slope[k][i] * base[i];
      for (std::size_t l = 0; l < n; ++l) a[k][l] += w * slope[k][i] * slope[l][i];
    }
  }
  const auto stride = solve(std::move(a), std::move(b));
  for (std::size_t k = 0; k < n; ++k)
    block.knobs[k].set(block.knobs[k].get() + std::clamp(stride[k], -k_longest_stride, k_longest_stride));
}

}  // namespace

void fit(std::vector<Sample>& samples, const std::function<bool(const Sample&)>& use) {
  std::map<std::string, Block> decode;
  std::map<std::string, Block> prefill;
  std::map<std::string, Block> architecture;
  std::map<std::string, Block> on_api;
  for (auto& row : predict::editable_backends()) {
    add_knobs(decode[row.id], row.decode, predict::decode_parameters(), k_decode_priors,
              row.api == "cpu" ? std::span<const Prior>{k_processor_priors} : std::span<const Prior>{});
    add_knobs(prefill[row.id], row.prefill, predict::prefill_parameters(), k_prefill_priors);
    if (!row.like.empty()) {
      decode[row.id].parent = &decode.at(row.like);
      prefill[row.id].parent = &prefill.at(row.like);
    }
  }
  for (auto& row : predict::editable_architectures()) {
    add_knobs(architecture[row.id], row, predict::architecture_parameters(), k_architecture_priors);
    for (auto& api : row.on_api)
      add_knobs(on_api[row.id + "/" + api.api], api, predict::architecture_api_parameters(), k_architecture_api_priors);
  }
  for (auto& sample : samples) {
    if (!use(sample) || sample.question.devices.size() != 1) continue;
    (sample.question.prefill ? prefill : decode)[sample.question.backend.id].samples.push_back(&sample);
    if (const auto* kind = sample.device().architecture; kind != nullptr) {
      if (sample.question.prefill) on_api[kind->id + "/" + sample.question.backend.api].samples.push_back(&sample);
      else architecture[kind->id].samples.push_back(&sample);
    }
  }
  // Parents before children: the table lists them in that order.
  for (int sweep = 0; sweep < k_sweeps; ++sweep) {
    for (const auto& row : backends()) {
      for (int step = 0; step < k_steps; ++step) {
        improve(decode[row.id]);
        improve(prefill[row.id]);
      }
    }
    for (auto& [id, block] : architecture) improve(block);
    for (auto& [id, block] : on_api) improve(block);
  }
}

std::string parameters_as_json(const std::vector<Sample>& samples) {
  std::map<std::string, int> decode_rows;
  std::map<std::string, int> prefill_rows;
  for (const auto& sample : samples) ++(sample.question.prefill ? prefill_rows : decode_rows)[sample.question.backend.id];
  const auto rounded = [](double value) { return std::stod(fmt::format("{:.3g}", value)); };
  nlohmann::ordered_json out;
  out["schema"] = "hardscape.backend_parameters/1";
  out["note"] = "Written by the accuracy bench (bench/accuracy); see docs/accuracy.md. Shares are of the device's peak.";
  for (const auto& row : backends()) {
    auto& record = out["backends"][row.id];
    for (const auto& p : predict::decode_parameters()) record["decode"][std::string{p.name}] = rounded(row.decode.*p.member);
    for (const auto& p : predict::prefill_parameters()) record["prefill"][std::string{p.name}] = rounded(row.prefill.*p.member);
    record["rows"] = {{"decode", decode_rows[row.id]}, {"prefill", prefill_rows[row.id]}};
  }
  for (const auto& row : architectures()) {
    auto& record = out["architectures"][row.id];
    for (const auto& p : predict::architecture_parameters()) record[std::string{p.name}] = rounded(row.*p.member);
    for (const auto& api : row.on_api)
      for (const auto& p : predict::architecture_api_parameters())
        if (const double value = rounded(api.*p.member); value != 1) record["on_api"][api.api][std::string{p.name}] = value;
  }
  return out.dump(1) + "\n";
}

}  // namespace hardscape::accuracy
