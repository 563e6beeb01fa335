#include "sample.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <map>

namespace hardscape::accuracy {
namespace {

SpeedRow as_question(const PublishedSpeed& row) {
  return {row.hardware, row.memory_gb, row.count, row.backend, row.model, row.params_b, row.active_params_b, row.quant, row.file_gib, row.test,
          row.context, row.source->built.empty() ? row.source->date : row.source->built};
}

// A machine that heat held back: its rows say what heat does, and nothing about its kind.
bool is_slowed(const PublishedSpeed& row) { return row.flag.find("slowed") != std::string::npos; }

double grade_weight(const std::string& grade) {
  if (grade.empty()) return 0.4;
  switch (grade[0]) {
    case 'A': return 1;
    case 'B': return 0.7;
    case 'C': return 0.4;
    default: return 0.25;
  }
}

}  // namespace

Samples collect(const Catalogue& catalogue) {
  Samples out;
  std::map<std::string, int> folds;
  SpeedRowResolver resolver(catalogue);
  for (const auto& row : published_speeds()) {
    if (!is_usable(row) && !is_slowed(row)) {
      ++out.unusable;
      continue;
    }
    auto question = resolver.resolve(as_question(row));
    if (!question) {
      out.refused.emplace_back(&row, question.error().message);
      continue;
    }
    if (const auto now = answer(*question); !now.tokens_per_s) {
      out.refused.emplace_back(&row, now.reason);
      continue;
    }
    Sample sample;
    sample.row = &row;
    sample.question = *std::move(question);
    sample.trusted = is_trusted(row);
    sample.fold = folds.emplace(sample.question.device_ids.front(), static_cast<int>(folds.size())).first->second;
    sample.device_class = row.count > 1 ? "multi-gpu" : std::string{to_string(sample.device().device_class)};
    sample.calibrated = std::numeric_limits<double>::quiet_NaN();
    (is_slowed(row) ? out.slowed : out.rows).push_back(std::move(sample));
  }
  out.folds = static_cast<int>(folds.size());
  std::map<std::string, int> crowd;
  const auto key = [](const Sample& s) {
    return s.question.device_ids.front() + s.question.backend.id + s.row->source->url + (s.question.prefill ? "p" : "d");
  };
  for (const auto& sample : out.rows) ++crowd[key(sample)];
  for (auto& sample : out.rows) {
    sample.weight = grade_weight(sample.row->source->grade) * std::pow(crowd[key(sample)], -0.7);
  }
  return out;
}

double predicted(const Sample& sample) {
  // The question keeps what the row's words switched on; the numbers are those of the tables now.
  SpeedQuestion question = sample.question;
  if (const Backend* table = find_backend(question.backend.id)) {
    question.backend.decode = table->decode;
    question.backend.prefill = table->prefill;
  }
  return answer(question).tokens_per_s->mid;
}

}  // namespace hardscape::accuracy
