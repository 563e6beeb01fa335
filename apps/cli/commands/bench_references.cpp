#include "cli/commands/bench_references.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "hardscape/predict_published.hpp"

namespace hardscape::cli {
namespace {

// "llama 8B Q4_K - Medium" ends in what files call Q4_K_M.
std::string quantisation_in(const std::string& description) {
  std::string text = description;
  char size = 0;
  if (const auto dash = text.rfind(" - "); dash != std::string::npos && dash + 3 < text.size()) {
    size = text[dash + 3];
    text.resize(dash);
  }
  const auto space = text.rfind(' ');
  return text.substr(space == std::string::npos ? 0 : space + 1) + (size != 0 ? std::string("_") + size : "");
}

bool names(const std::string& hardware, const Machine& machine, bool on_processor) {
  const auto same = [&](const std::string& name) {
    return !name.empty() && (name.find(hardware) != std::string::npos || hardware.find(name) != std::string::npos);
  };
  if (on_processor) return std::any_of(machine.processors.begin(), machine.processors.end(), [&](const Processor& p) { return same(p.name); });
  return std::any_of(machine.accelerators.begin(), machine.accelerators.end(), [&](const Accelerator& a) { return same(a.name); });
}

}  // namespace

std::vector<BenchReference> references_of(const BenchReport& report, const Machine& machine, std::size_t most) {
  const bool on_processor = report.engine.backend == "CPU";
  const std::string quant = quantisation_in(report.model.description);
  struct Match {
    bool similar;
    double distance;
    const PublishedSpeed* row;
  };
  std::vector<Match> matches;
  for (const auto& row : published_speeds()) {
    if (!is_usable(row) || row.test.rfind("tg", 0) != 0 || row.quant != quant || !row.params_b || row.tokens_per_s <= 0) continue;
    const double distance = std::fabs(std::log(*row.params_b * 1e9 / static_cast<double>(std::max<std::int64_t>(1, report.model.params))));
    if (distance > 0.1) continue;
    const bool similar = names(row.hardware, machine, on_processor);
    if (!similar && (row.kind == "cpu") != on_processor) continue;
    matches.push_back({similar, distance, &row});
  }
  std::stable_sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
    return a.similar != b.similar ? a.similar : a.distance < b.distance;
  });
  std::vector<BenchReference> out;
  std::set<std::string> seen;
  for (const auto& match : matches) {
    if (out.size() == most) break;
    const PublishedSpeed& row = *match.row;
    if (!seen.insert(row.hardware).second) continue;
    BenchReference reference{row.hardware, row.backend, row.model, row.quant, "", "", row.tokens_per_s, report.decode_tokens_per_s.median / row.tokens_per_s, match.similar};
    if (row.source != nullptr) {
      reference.source = row.source->url;
      reference.date = row.source->date;
    }
    out.push_back(std::move(reference));
  }
  return out;
}

}  // namespace hardscape::cli
