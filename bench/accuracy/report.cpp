#include "report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "baselines.hpp"

namespace hardscape::accuracy {
namespace {

using Filter = std::function<bool(const Sample&)>;
constexpr std::size_t k_worst = 20;
constexpr double k_three_billion = 3e9;

double error_of(double log_ratio) { return std::abs(std::exp(log_ratio) - 1); }

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  const double at = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto above = std::min(below + 1, values.size() - 1);
  return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

std::string percent(double share) { return std::isnan(share) ? "-" : fmt::format("{:.1f} %", 100 * share); }

class Writer {
 public:
  Writer(const Samples& samples, const std::vector<bool>& inside) : samples_(samples), inside_(inside) {}

  void head(std::string_view first) {
    out_ += fmt::format("| {} | rows | median error | 90th percentile | bias | in interval |\n|---|---:|---:|---:|---:|---:|\n", first);
  }
  void line(std::string_view name, const Filter& filter) {
    std::vector<double> errors;
    std::vector<double> logs;
    std::size_t in = 0;
    for (std::size_t i = 0; i < samples_.rows.size(); ++i) {
      const auto& sample = samples_.rows[i];
      if (!filter(sample)) continue;
      errors.push_back(error_of(sample.log_ratio));
      logs.push_back(sample.log_ratio);
      if (inside_[i]) ++in;
    }
    if (errors.size() < 3) return;
    out_ += fmt::format("| {} | {} | {} | {} | {:+.1f} % | {} |\n", name, errors.size(), percent(quantile(errors, 0.5)),
                        percent(quantile(errors, 0.9)), 100 * (std::exp(quantile(logs, 0.5)) - 1),
                        percent(static_cast<double>(in) / static_cast<double>(errors.size())));
  }
  // A line for each value that a label takes.
  void by(const std::function<std::string(const Sample&)>& label, const Filter& filter) {
    std::set<std::string> labels;
    for (const auto& sample : samples_.rows)
      if (filter(sample)) labels.insert(label(sample));
    for (const auto& name : labels)
      line(name, [&](const Sample& s) { return filter(s) && label(s) == name; });
  }
  void text(std::string_view words) { out_ += words; }
  std::string take() { return std::move(out_); }

  const Samples& samples() const { return samples_; }

 private:
  const Samples& samples_;
  const std::vector<bool>& inside_;
  std::string out_;
};

bool decode(const Sample& s) { return !s.question.prefill; }
bool prefill(const Sample& s) { return s.question.prefill; }
bool gpu_or_apple(const Sample& s) { return s.device_class == "gpu" || s.device_class == "apple" || s.device_class == "integrated_gpu"; }
bool dense_3b(const Sample& s) { return !s.question.model.experts && s.question.model.params >= k_three_billion; }

std::string depth_label(const Sample& s) {
  const double context = s.question.work.context + (s.question.prefill ? s.question.work.tokens : s.question.work.tokens / 2);
  if (context < 300) return "1: below 300";
  if (context < 2000) return "2: 300 to 2000";
  if (context < 9000) return "3: 2000 to 9000";
  return "4: above 9000";
}

void baselines(Writer& writer) {
  writer.text("\n## Against simpler rules\n\nDecode, trusted rows, the same rows for each pair.\n\n"
              "| rule | rows | its median error | ours | its 90th percentile | ours |\n|---|---:|---:|---:|---:|---:|\n");
  struct Rule {
    const char* name;
    std::optional<double> (*say)(const Sample&);
  };
  constexpr Rule k_rules[] = {{"bandwidth over bytes", bandwidth_rule},
                              {"llmfit 1.1.10's formula", llmfit_formula},
                              {"the guide's table", guide_table}};
  std::string lines;
  for (const auto& rule : k_rules) {
    std::vector<double> theirs;
    std::vector<double> ours;
    for (const auto& sample : writer.samples().rows) {
      if (!sample.trusted || sample.question.prefill) continue;
      const auto said = rule.say(sample);
      if (!said) continue;
      theirs.push_back(error_of(std::log(*said / sample.row->tokens_per_s)));
      ours.push_back(error_of(sample.log_ratio));
    }
    lines += fmt::format("| {} | {} | {} | {} | {} | {} |\n", rule.name, theirs.size(), percent(quantile(theirs, 0.5)),
                         percent(quantile(ours, 0.5)), percent(quantile(theirs, 0.9)), percent(quantile(ours, 0.9)));
  }
  writer.text(lines);
}

void calibration(Writer& writer) {
  struct Line {
    std::string_view name;
    bool (*counts)(const Sample&);
  };
  constexpr Line k_lines[] = {
      {"all usable", [](const Sample&) { return true; }},
      {"trusted", [](const Sample& s) { return s.trusted; }},
      {"trusted, GPUs and Apple chips", [](const Sample& s) { return s.trusted && gpu_or_apple(s); }},
      {"trusted, dense >= 3B, GPUs and Apple chips", [](const Sample& s) { return s.trusted && gpu_or_apple(s) && dense_3b(s); }},
  };
  std::string lines = "\n## After three points of the same machine\n\n"
                      "Where one source has at least six decode rows of one device and back end, three of them (the smallest, "
                      "the middle and the largest model) calibrate; the error is that of the others.\n\n"
                      "| rows | rows | machines | median before | after | 90th percentile before | after |\n"
                      "|---|---:|---:|---:|---:|---:|---:|\n";
  for (const auto& line : k_lines) {
    std::vector<double> before;
    std::vector<double> after;
    std::set<std::string> machines;
    for (const auto& sample : writer.samples().rows) {
      if (std::isnan(sample.calibrated) || !line.counts(sample)) continue;
      before.push_back(error_of(sample.log_ratio));
      after.push_back(error_of(sample.calibrated));
      machines.insert(sample.question.device_ids.front() + sample.question.backend.id + sample.row->source->url);
    }
    lines += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", line.name, after.size(), machines.size(),
                         percent(quantile(before, 0.5)), percent(quantile(after, 0.5)), percent(quantile(before, 0.9)),
                         percent(quantile(after, 0.9)));
  }
  writer.text(lines);
}

// What heat took from machines without a fan, by back end.
void slowed(Writer& writer) {
  std::map<std::string, std::vector<double>> groups;
  for (const auto& s : writer.samples().slowed)
    groups[fmt::format("{} | {} | {}", s.row->hardware, s.question.backend.id, s.question.prefill ? "prefill" : "decode")].push_back(std::exp(-s.log_ratio));
  if (groups.empty()) return;
  std::string lines = "\n## Machines that heat held back\n\n"
                      "Rows of machines that say so of themselves, measured over predicted; no other table counts them.\n\n"
                      "| device | back end | phase | rows | lowest | median | highest |\n|---|---|---|---:|---:|---:|---:|\n";
  for (auto& [name, ratios] : groups)
    lines += fmt::format("| {} | {} | {:.2f} | {:.2f} | {:.2f} |\n", name, ratios.size(), quantile(ratios, 0), quantile(ratios, 0.5), quantile(ratios, 1));
  writer.text(lines);
}

// Why a row lies far off, from bench/accuracy/explanations.json.
std::string explanation(const Sample& sample) {
  static const nlohmann::json k_file = [] {
    std::ifstream file(HARDSCAPE_SOURCE_DIR "/bench/accuracy/explanations.json");
    return nlohmann::json::parse(file, nullptr, false);
  }();
  if (!k_file.is_object()) return {};
  for (const auto& record : k_file["explanations"]) {
    const auto says = [&](const char* key, const std::string& text) { return text.find(record.value(key, "")) != std::string::npos; };
    if (says("hardware", sample.row->hardware) && says("backend", sample.row->backend) && says("model", sample.row->model) &&
        says("context", sample.row->context) && says("quant", sample.row->quant) &&
        says("phase", sample.question.prefill ? "prefill" : "decode"))
      return record.value("why", "");
  }
  return "not explained";
}

void worst(Writer& writer) {
  std::vector<const Sample*> rows;
  for (const auto& sample : writer.samples().rows)
    if (sample.trusted) rows.push_back(&sample);
  std::sort(rows.begin(), rows.end(),
            [](const Sample* a, const Sample* b) { return std::abs(a->log_ratio) > std::abs(b->log_ratio); });
  std::string lines =
      "\n## The worst rows\n\nTrusted rows, at most two of one device, back end and phase.\n\n"
      "| hardware | back end | model | test | measured | predicted | error | why |\n|---|---|---|---|---:|---:|---:|---|\n";
  std::map<std::string, int> seen;
  std::size_t count = 0;
  for (const auto* sample : rows) {
    if (++seen[sample->row->hardware + sample->question.backend.id + (sample->question.prefill ? "p" : "d")] > 2) continue;
    const auto& row = *sample->row;
    const double said = row.tokens_per_s * std::exp(sample->log_ratio);
    lines += fmt::format("| {}{} | {} | {} {} | {} {} | {:.1f} | {:.1f} | {:+.0f} % | {} |\n",
                         row.count > 1 ? fmt::format("{}x ", row.count) : "", row.hardware, row.backend, row.model, row.quant,
                         row.test, row.context, row.tokens_per_s, said, 100 * (said / row.tokens_per_s - 1), explanation(*sample));
    if (++count == k_worst) break;
  }
  writer.text(lines);
}

void refused(Writer& writer) {
  std::map<std::string, int> reasons;
  for (const auto& [row, reason] : writer.samples().refused) {
    const bool hardware = reason.find("catalogue has no hardware") != std::string::npos;
    const bool fits = reason.find("GiB") != std::string::npos;
    const bool size = reason.find("follows from nothing") != std::string::npos;
    const bool bandwidth = reason.find("bandwidth") != std::string::npos;
    ++reasons[hardware ? "hardware that the catalogue does not have"
              : fits   ? "model larger than the device's memory"
              : size   ? "size of the model not stated"
              : bandwidth ? "memory bandwidth not published"
                          : "other: " + reason];
  }
  std::string lines = "\n## Rows without a prediction\n\n| reason | rows |\n|---|---:|\n";
  for (const auto& [reason, count] : reasons) lines += fmt::format("| {} | {} |\n", reason, count);
  lines += fmt::format("| flagged, batched or offloaded: not used | {} |\n", writer.samples().unusable);
  writer.text(lines);
}

}  // namespace

std::string report(const Samples& samples, const std::vector<bool>& inside) {
  Writer writer(samples, inside);
  writer.text("## Summary\n\n");
  writer.head("rows");
  writer.line("decode, dense >= 3B, GPUs and Apple chips, trusted",
              [](const Sample& s) { return decode(s) && s.trusted && gpu_or_apple(s) && dense_3b(s); });
  writer.line("decode, trusted", [](const Sample& s) { return decode(s) && s.trusted; });
  writer.line("decode, all usable", decode);
  writer.line("prefill, trusted", [](const Sample& s) { return prefill(s) && s.trusted; });
  writer.line("prefill, all usable", prefill);
  writer.line("prefill, without integrated graphics",
              [](const Sample& s) { return prefill(s) && s.device_class != "integrated_gpu"; });
  baselines(writer);
  calibration(writer);
  slowed(writer);
  for (const bool filling : {false, true}) {
    const Filter phase = filling ? prefill : decode;
    const std::string_view name = filling ? "Prefill" : "Decode";
    writer.text(fmt::format("\n## {} by device class\n\n", name));
    writer.head("class");
    const auto device_class = [](const Sample& s) { return s.device_class; };
    writer.by(device_class, phase);
    writer.by([&](const Sample& s) { return device_class(s) + ", trusted"; }, [&](const Sample& s) { return phase(s) && s.trusted; });
    writer.text(fmt::format("\n## {} by back end\n\n", name));
    writer.head("back end");
    writer.by([](const Sample& s) { return s.question.backend.id; }, phase);
    writer.text(fmt::format("\n## {} by architecture\n\n", name));
    writer.head("architecture");
    writer.by([](const Sample& s) { return s.device().architecture == nullptr ? std::string{"other"} : s.device().architecture->id; }, phase);
    writer.text(fmt::format("\n## {} by weight format\n\n", name));
    writer.head("format");
    writer.by([](const Sample& s) { return std::string{to_string(s.question.model.weights)}; }, phase);
    writer.text(fmt::format("\n## {} by kind of model\n\n", name));
    writer.head("model");
    writer.by([](const Sample& s) { return std::string{s.question.model.experts ? "mixture of experts" : s.question.model.params < k_three_billion ? "dense below 3B" : "dense from 3B"}; }, phase);
    writer.text(fmt::format("\n## {} by context\n\n", name));
    writer.head("tokens");
    writer.by(depth_label, phase);
  }
  worst(writer);
  refused(writer);
  return writer.take();
}

}  // namespace hardscape::accuracy
