#include "llm/data_file.hpp"

#include "base/embedded.hpp"

namespace hardscape::llm {
namespace {

JsonDocument read(std::string_view name) {
  for (std::size_t i = 0; i < k_data_files_count; ++i) {
    if (k_data_files[i].name != name) continue;
    if (auto document = JsonDocument::parse(k_data_files[i].text(), name)) return *std::move(document);
  }
  return *JsonDocument::parse("{}", name);
}

}  // namespace

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

DataRow DataRow::object(std::string_view key) const {
  const auto found = value_.find(key);
  return found && found->is_object() ? DataRow(*found) : *this;
}

DataFile::DataFile(std::string_view name) : document_(read(name)) {}

}  // namespace hardscape::llm
