#include "catalogue/files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/embedded.hpp"
#include "base/text.hpp"

namespace hardscape {
namespace {

constexpr std::string_view k_schema = "hardscape.catalogue/1";
constexpr std::uintmax_t k_largest_file = 64u << 20;

constexpr std::array k_lists{Kind<Device>::names.list,       Kind<ModelRecord>::names.list,  Kind<CloudOffer>::names.list,
                             Kind<Interconnect>::names.list, Kind<Runtime>::names.list,      Kind<HardwareFamily>::names.list,
                             Kind<EnergyTariff>::names.list, Kind<GridCarbon>::names.list,   Kind<FacilityOverhead>::names.list,
                             Kind<SourceRecord>::names.list, Kind<PriceRecord>::names.list};

std::optional<Error> wrong_top(JsonValue json, const std::string& place) {
  const auto malformed = [&](std::string what) { return Error{ErrorCode::malformed, place + ": " + std::move(what)}; };
  if (!json.is_object()) return malformed("expected an object with lists of records");
  for (const auto& [key, value] : json.members()) {
    if (key == "schema") {
      if (value.text() != k_schema)
        return malformed("/schema: expected \"" + std::string(k_schema) + "\"");
      continue;
    }
    if (std::find(k_lists.begin(), k_lists.end(), key) == k_lists.end())
      return malformed("/" + printable(key) + ": no such list; expected " +
                       join_words(std::vector<std::string>(k_lists.begin(), k_lists.end()), "or"));
  }
  return std::nullopt;
}

Result<std::string> read_whole(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return Error{ErrorCode::io, path.string() + ": cannot be read: " + error.message()};
  if (size > k_largest_file) return Error{ErrorCode::malformed, path.string() + ": larger than 64 MiB; expected catalogue records"};
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return Error{ErrorCode::io, path.string() + ": cannot be read"};
  return std::move(text).str();
}

}  // namespace

Result<CatalogueFile> parse_catalogue_file(std::string_view text, std::string place) {
  auto json = JsonDocument::parse(text, place);
  if (!json) return std::move(json).error();
  if (auto wrong = wrong_top(json->root(), place)) return std::move(*wrong);
  return CatalogueFile{std::move(place), std::move(*json)};
}

std::vector<CatalogueFile> embedded_files(std::string_view folder) {
  std::vector<CatalogueFile> files;
  for (std::size_t i = 0; i < k_data_files_count; ++i) {
    const std::string_view name = k_data_files[i].name;
    if (name.substr(0, folder.size()) != folder) continue;
    if (auto file = parse_catalogue_file(k_data_files[i].text(), "data/" + std::string(name))) files.push_back(std::move(*file));
  }
  return files;
}

Result<std::vector<CatalogueFile>> overlay_files(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(folder, error))
    return Error{ErrorCode::io, "reading catalogue records from " + folder + ": not a folder; expected one with *.json files"};
  std::vector<fs::path> paths;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".json" && it->is_regular_file(error)) paths.push_back(it->path());
  if (error) return Error{ErrorCode::io, "reading catalogue records from " + folder + ": " + error.message()};
  std::sort(paths.begin(), paths.end());
  std::vector<CatalogueFile> files;
  for (const auto& path : paths) {
    auto text = read_whole(path);
    if (!text) return std::move(text).error();
    auto file = parse_catalogue_file(*text, path.string());
    if (!file) return std::move(file).error();
    files.push_back(std::move(*file));
  }
  return files;
}

}  // namespace hardscape
