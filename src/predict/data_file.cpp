#include "predict/data_file.hpp"

#include "base/embedded.hpp"

namespace hardscape::predict {
namespace {

JsonDocument embedded_document(std::string_view name) {
  for (std::size_t i = 0; i < k_data_files_count; ++i) {
    if (name != k_data_files[i].name) continue;
    if (auto document = JsonDocument::parse(k_data_files[i].text(), name)) return *std::move(document);
  }
  return *JsonDocument::parse("{}", name);
}

}  // namespace

DataFile::DataFile(std::string_view name) : document_(embedded_document(name)) {}

}  // namespace hardscape::predict
