#include "llm/data_file.hpp"

namespace hardscape::llm {

std::string DataRow::value(std::string_view key, std::string_view otherwise) const {
  const auto found = value_.find(key);
  return std::string(found && found->is_text() ? found->text() : otherwise);
}

bool DataRow::value(std::string_view key, bool otherwise) const {
  const auto found = value_.find(key);
  return found && found->is_flag() ? found->flag() : otherwise;
}

std::int64_t DataRow::value(std::string_view key, std::int64_t otherwise) const {
  const auto found = value_.find(key);
  return found ? found->integer().value_or(otherwise) : otherwise;
}

int DataRow::value(std::string_view key, int otherwise) const {
  return static_cast<int>(value(key, static_cast<std::int64_t>(otherwise)));
}

double DataRow::value(std::string_view key, double otherwise) const {
  const auto found = value_.find(key);
  return found && found->is_number() ? found->number() : otherwise;
}

std::vector<std::string> DataRow::texts(std::string_view key) const {
  std::vector<std::string> out;
  if (const auto found = value_.find(key)) {
    for (const auto element : found->elements()) out.emplace_back(element.text());
  }
  return out;
}

std::vector<int> DataRow::integers(std::string_view key) const {
  std::vector<int> out;
  if (const auto found = value_.find(key)) {
    for (const auto element : found->elements()) out.push_back(static_cast<int>(element.integer().value_or(0)));
  }
  return out;
}

std::vector<DataRow> DataRow::rows(std::string_view key) const {
  std::vector<DataRow> out;
  if (const auto found = value_.find(key)) {
    for (const auto element : found->elements()) out.emplace_back(element);
  }
  return out;
}

std::optional<DataRow> DataRow::object(std::string_view key) const {
  const auto found = value_.find(key);
  return found && found->is_object() ? std::optional(DataRow(*found)) : std::nullopt;
}

}  // namespace hardscape::llm
