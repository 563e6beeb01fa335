#include "hardscape/catalogue.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "catalogue/lists.hpp"
#include "catalogue/prices.hpp"

namespace hardscape {
namespace {

template <class... Records>
Status append_all(const CatalogueFile& file, std::vector<Records>&... lists) {
  Status status = Done{};
  ((status = status ? append_records(file, lists) : std::move(status)), ...);
  return status;
}

// "llama" of "llama-3.1-8b".
std::string family_of(std::string_view id) {
  const auto letters = std::find_if_not(id.begin(), id.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return {id.begin(), letters};
}

}  // namespace

Catalogue Catalogue::built_in() {
  Catalogue catalogue;
  catalogue.data_ = std::make_shared<const Data>();
  return catalogue;
}

Result<Catalogue> Catalogue::with_overlay(const std::string& folder) {
  const auto files = overlay_files(folder);
  if (!files) return files.error();
  const auto data = std::make_shared<Data>();
  std::vector<std::string> price_files;   // where each price stands
  for (const auto& file : *files) {
    const auto status = append_all(file, data->devices.overlay, data->models.overlay, data->offers.overlay,
                                   data->interconnects.overlay, data->runtimes.overlay, data->families.overlay,
                                   data->tariffs.overlay, data->grids.overlay, data->facilities.overlay, data->sources.overlay,
                                   data->prices.overlay);
    if (!status) return status.error();
    price_files.resize(data->prices.overlay.size(), file.place);
  }
  if (auto status = take_prices(data->prices, price_files, data->devices, data->offers); !status) return status.error();
  Catalogue catalogue;
  catalogue.data_ = data;
  return catalogue;
}

std::span<const Device> Catalogue::devices() const { return data_->devices.records(); }
std::span<const ModelRecord> Catalogue::models() const { return data_->models.records(); }
std::span<const CloudOffer> Catalogue::offers() const { return data_->offers.records(); }
std::span<const Interconnect> Catalogue::interconnects() const { return data_->interconnects.records(); }
std::span<const Runtime> Catalogue::runtimes() const { return data_->runtimes.records(); }
std::span<const HardwareFamily> Catalogue::families() const { return data_->families.records(); }
std::span<const EnergyTariff> Catalogue::tariffs() const { return data_->tariffs.records(); }
std::span<const GridCarbon> Catalogue::grids() const { return data_->grids.records(); }
std::span<const FacilityOverhead> Catalogue::facilities() const { return data_->facilities.records(); }
std::span<const SourceRecord> Catalogue::sources() const { return data_->sources.records(); }
std::span<const PriceRecord> Catalogue::prices() const { return data_->prices.records(); }

const Device* Catalogue::find_device(std::string_view id) const { return data_->devices.find(id); }
const ModelRecord* Catalogue::find_model(std::string_view id) const { return data_->models.find(id); }
const Interconnect* Catalogue::find_interconnect(std::string_view id) const { return data_->interconnects.find(id); }
const Runtime* Catalogue::find_runtime(std::string_view id) const { return data_->runtimes.find(id); }
const SourceRecord* Catalogue::find_source(std::string_view id) const {
  return data_->sources.find(trim(id.substr(0, id.find(':'))));
}

ModelLookup Catalogue::look_up_model(std::string_view name) const {
  ModelLookup answer;
  if (const auto* model = find_model(name)) {
    answer.match = model;
    return answer;
  }
  const auto& index = data_->model_index().by_key;
  auto found = index.find(model_key(name));
  // "bartowski_Qwen3-4B": files named after who uploaded them.
  if (const auto line = name.find('_'); found == index.end() && line != std::string_view::npos)
    found = index.find(model_key(name.substr(line + 1)));
  if (found != index.end()) {
    answer.match = found->second.model;
    if (found->second.same_shape)
      answer.note = "taken as " + answer.match->name + ", whose weights and KV have the same sizes; its context may differ";
    return answer;
  }
  if (const auto* part = named_within(data_->model_index(), name); part != nullptr) {
    answer.match = part->model;
    answer.note = "taken as " + answer.match->name + ", which its name contains: one trained further has the same sizes";
    return answer;
  }
  std::vector<std::string> ids;
  for (const auto& model : models()) ids.push_back(model.id);
  constexpr std::size_t k_most = 5;
  answer.nearest = nearest(to_lower(name), ids, k_most);
  if (answer.nearest.empty()) {   // "lama3": too short for any id, yet near the name of a family
    std::vector<std::string> families;
    families.reserve(ids.size());
    for (const auto& id : ids) families.push_back(family_of(id));
    const std::string family = family_of(to_lower(name));
    const auto near = family.size() < 3 ? std::vector<std::string>{} : nearest(family, families, 1);
    if (!near.empty()) answer.nearest = nearest(near.front(), ids, k_most);
  }
  return answer;
}

}  // namespace hardscape
