#include "cli/commands/bench_references.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "hardscape/predict_published.hpp"

namespace hardscape::cli {
namespace {

bool names(const std::string& hardware, const Machine& machine, bool on_processor) {
  // The published name whole, up to the words that drivers and kernels add. A part of it is not enough: a guest's
  // "AMD EPYC" is no "AMD EPYC 9334", and an "RTX 4070 Ti" is no "RTX 4070".
  const auto same = [&](const std::string& name) {
    const auto at = name.find(hardware);
    if (hardware.empty() || at == std::string::npos) return false;
    const std::string_view rest = std::string_view(name).substr(at + hardware.size());
    constexpr std::array<std::string_view, 6> k_added{" w/", " with", " @", " CPU", " Processor", " ("};
    return rest.empty() || std::any_of(k_added.begin(), k_added.end(), [&](std::string_view word) { return rest.starts_with(word); });
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
