// The records of a catalogue, each kind read when it is first asked for.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "catalogue/files.hpp"
#include "catalogue/names.hpp"
#include "hardscape/catalogue.hpp"

namespace hardscape {

// Records of one kind with an index by id. `first()` may be called from several threads.
template <class Record>
class LazyList {
 public:
  // Set before the first call, then constant.
  std::vector<Record> overlay;
  std::function<void(std::vector<Record>&)> amend;  // the last word on the records, where it is set

  const std::vector<Record>& records() const {
    std::call_once(once_, [this] { load(); });
    return records_;
  }
  const Record* find(std::string_view id) const {
    records();
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &records_[found->second];
  }

 private:
  void load() const {
    const auto files = embedded_files(Kind<Record>::names.folder);
    std::size_t count = overlay.size();
    for (const auto& file : files)
      if (const auto list = file.json.root().find(Kind<Record>::names.list)) count += list->elements().size();
    records_.reserve(count);   // a record is kilobytes wide, and moving one costs as much as reading it
    for (const auto& file : files)
      static_cast<void>(append_records(file, records_));   // the data walk in the tests finds broken files
    if (!overlay.empty()) lay_over();
    if (amend) amend(records_);
    for (std::size_t i = 0; i < records_.size(); ++i) by_id_.emplace(records_[i].id, i);
  }

  void lay_over() const {
    std::unordered_map<std::string_view, std::size_t> at;
    for (std::size_t i = 0; i < records_.size(); ++i) at.emplace(records_[i].id, i);
    std::vector<Record> fresh;
    for (const auto& record : overlay) {
      const auto known = at.find(record.id);
      if (known == at.end())
        fresh.push_back(record);
      else
        records_[known->second] = record;
    }
    for (auto& record : fresh) records_.push_back(std::move(record));
  }

  mutable std::once_flag once_;
  mutable std::vector<Record> records_;
  mutable std::unordered_map<std::string_view, std::size_t> by_id_;  // into records_, which no longer moves
};

struct Catalogue::Data {
  LazyList<Device> devices;
  LazyList<ModelRecord> models;
  LazyList<CloudOffer> offers;
  LazyList<Interconnect> interconnects;
  LazyList<Runtime> runtimes;
  LazyList<HardwareFamily> families;
  LazyList<EnergyTariff> tariffs;
  LazyList<GridCarbon> grids;
  LazyList<FacilityOverhead> facilities;
  LazyList<SourceRecord> sources;
  LazyList<PriceRecord> prices;

  const DeviceIndex& device_index() const {
    std::call_once(device_index_once_, [this] { device_index_ = index_of(devices.records()); });
    return device_index_;
  }
  const ModelIndex& model_index() const {
    std::call_once(model_index_once_, [this] { model_index_ = index_of(models.records()); });
    return model_index_;
  }

 private:
  mutable std::once_flag device_index_once_;
  mutable std::once_flag model_index_once_;
  mutable DeviceIndex device_index_;
  mutable ModelIndex model_index_;
};

}  // namespace hardscape
