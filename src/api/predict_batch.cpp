#include <fmt/format.h>

#include <algorithm>

#include "api/csv.hpp"
#include "base/text.hpp"
#include "hardscape/api_predict.hpp"

namespace hardscape {
namespace {

constexpr std::size_t k_absent = static_cast<std::size_t>(-1);

class Header {
 public:
  explicit Header(const CsvRow& row) : row_(row) {}

  std::size_t find(std::string_view name) const {
    const auto at = std::find_if(row_.begin(), row_.end(), [&](const std::string& field) { return trim(field) == name; });
    return at == row_.end() ? k_absent : static_cast<std::size_t>(at - row_.begin());
  }

 private:
  const CsvRow& row_;
};

std::string text_of(const CsvRow& row, std::size_t column) {
  return column == k_absent ? std::string{} : std::string{trim(row[column])};
}

// Empty is unknown; something else that is not a positive number is said so.
Result<std::optional<double>> number_of(const CsvRow& row, std::size_t column, std::string_view name) {
  const std::string text = text_of(row, column);
  if (text.empty()) return std::optional<double>{};
  const auto value = parse_number(text);
  if (!value || !(*value > 0) || *value > 1e9)
    return Error{ErrorCode::invalid_argument, fmt::format("{} \"{}\" is not a positive number.", name, printable(text))};
  return value;
}

struct Columns {
  std::size_t hardware, memory, count, backend, model, params, active, quant, file, test, context, date;
};

SpeedAnswer answer_row(const CsvRow& row, const Columns& c, SpeedRowResolver& resolver) {
  SpeedRow question;
  question.hardware = text_of(row, c.hardware);
  question.backend = text_of(row, c.backend);
  question.model = text_of(row, c.model);
  question.quant = text_of(row, c.quant);
  question.test = text_of(row, c.test);
  question.context_or_prompt = text_of(row, c.context);
  question.date = text_of(row, c.date);
  const auto memory = number_of(row, c.memory, "memory_gb");
  const auto count = number_of(row, c.count, "count");
  const auto params = number_of(row, c.params, "params_b");
  const auto active = number_of(row, c.active, "active_params_b");
  const auto file = number_of(row, c.file, "file_gib");
  for (const auto* number : {&memory, &count, &params, &active, &file})
    if (!*number) return {std::nullopt, "", number->error().message};
  question.count = count->has_value() ? static_cast<int>(std::min(**count, 65536.0)) : 1;
  question.memory_gb = *memory;
  question.params_b = *params;
  question.active_params_b = *active;
  question.file_gib = *file;
  return resolver.answer(question);
}

std::string figure(double value) { return fmt::format("{:.4g}", value); }

}  // namespace

Result<std::string> predict_batch(std::string_view csv, std::string_view place, SpeedRowResolver& resolver) {
  const auto rows = parse_csv(csv, place);
  if (!rows) return rows.error();
  if (rows->empty())
    return Error{ErrorCode::malformed, fmt::format("{}: line 1: a header is expected (hardware,count,backend,model,...), found nothing", place)};
  const Header header(rows->front());
  const Columns columns{header.find("hardware"), header.find("memory_gb"), header.find("count"),           header.find("backend"), header.find("model"),
                        header.find("params_b"), header.find("active_params_b"), header.find("quant"),   header.find("file_gib"),
                        header.find("test"),     header.find("context_or_prompt"), header.find("source_date")};
  for (const auto& [name, column] : {std::pair{"hardware", columns.hardware}, {"model", columns.model}, {"test", columns.test}})
    if (column == k_absent)
      return Error{ErrorCode::malformed, fmt::format("{}: line 1: the header has no column \"{}\"", place, name)};
  CsvRow line = rows->front();
  for (const char* name : {"predicted_low", "predicted_mid", "predicted_high", "bound", "reason"}) line.emplace_back(name);
  std::string out = csv_line(line);
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const auto answer = answer_row((*rows)[i], columns, resolver);
    line = (*rows)[i];
    const auto& estimate = answer.tokens_per_s;
    line.push_back(estimate ? figure(estimate->low) : "");
    line.push_back(estimate ? figure(estimate->mid) : "");
    line.push_back(estimate ? figure(estimate->high) : "");
    line.push_back(answer.bound);
    line.push_back(answer.reason);
    out += csv_line(line);
  }
  return out;
}

}  // namespace hardscape
