// Walks every record of the built-in data: shape, sources, physics.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/embedded.hpp"
#include "base/text.hpp"
#include "catalogue/files.hpp"
#include "support/catalogue.hpp"

namespace hardscape {
namespace {

// Loading leaves broken files out; here they are failures.
template <class Record>
std::size_t read_all() {
  std::vector<Record> records;
  for (std::size_t i = 0; i < k_data_files_count; ++i) {
    const std::string_view name = k_data_files[i].name;
    if (name.substr(0, Kind<Record>::names.folder.size()) != Kind<Record>::names.folder) continue;
    const auto file = parse_catalogue_file(k_data_files[i].text(), std::string(name));
    EXPECT_TRUE(file) << file.error().message;
    if (!file) continue;
    const auto status = append_records(*file, records);
    EXPECT_TRUE(status) << status.error().message;
  }
  std::set<std::string> ids;
  for (const auto& record : records) EXPECT_TRUE(ids.insert(record.id).second) << record.id << " twice";
  return records.size();
}

TEST(Data, EveryFileIsReadWhole) {
  EXPECT_EQ(read_all<Device>(), catalogue().devices().size());
  EXPECT_EQ(read_all<ModelRecord>(), catalogue().models().size());
  EXPECT_EQ(read_all<CloudOffer>(), catalogue().offers().size());
  EXPECT_EQ(read_all<Interconnect>(), catalogue().interconnects().size());
  EXPECT_EQ(read_all<Runtime>(), catalogue().runtimes().size());
  EXPECT_EQ(read_all<HardwareFamily>(), catalogue().families().size());
  EXPECT_EQ(read_all<EnergyTariff>(), catalogue().tariffs().size());
  EXPECT_EQ(read_all<GridCarbon>(), catalogue().grids().size());
  EXPECT_EQ(read_all<FacilityOverhead>(), catalogue().facilities().size());
  EXPECT_EQ(read_all<SourceRecord>(), catalogue().sources().size());
}

// What the reference tables hold; more may be added, none may be lost.
TEST(Data, NothingIsLost) {
  EXPECT_GE(catalogue().devices().size(), 348u);
  EXPECT_GE(catalogue().models().size(), 134u);
  EXPECT_EQ(catalogue().offers().size(), 483u);
  EXPECT_EQ(catalogue().tariffs().size(), 35u);
}

void expect_source(const Source& source, const std::string& where) {
  EXPECT_EQ(source.origin, Origin::catalogued) << where;
  EXPECT_NE(source.confidence, Confidence::unstated) << where;
  ASSERT_FALSE(source.ref.empty()) << where;
  bool recalled = false;
  bool other = false;
  for (const auto part : split(source.ref, ';')) {
    const auto* record = catalogue().find_source(part);
    EXPECT_NE(record, nullptr) << where << ": " << part;
    if (record == nullptr) continue;
    (record->id.substr(0, 8) == "recalled" || record->id == "guide" || record->id == "derived" ? recalled : other) = true;
  }
  if (recalled && !other && source.ref.find("derived") == std::string::npos) {
    EXPECT_EQ(source.confidence, Confidence::unverified) << where << " rests on " << source.ref;
  }
  for (const char c : source.date) EXPECT_TRUE((c >= '0' && c <= '9') || c == '-') << where << ": " << source.date;
}

template <class T>
void expect_known(const Known<T>& known, const std::string& where) {
  if (known) expect_source(known->source, where);
}

TEST(Data, EveryValueHasASourceThatExists) {
  for (const auto& d : catalogue().devices()) {
    for (const auto& option : d.memory_options) expect_source(option.source, d.id);
    expect_known(d.memory_type, d.id + " memory_type");
    expect_known(d.bandwidth, d.id + " bandwidth");
    expect_known(d.fp32, d.id + " fp32");
    expect_known(d.fp16, d.id + " fp16");
    expect_known(d.bf16, d.id + " bf16");
    expect_known(d.fp8, d.id + " fp8");
    expect_known(d.fp4, d.id + " fp4");
    expect_known(d.int8, d.id + " int8");
    expect_known(d.npu_int8, d.id + " npu_int8");
    expect_known(d.power, d.id + " power");
    expect_known(d.msrp, d.id + " msrp");
    expect_known(d.price, d.id + " price");
    expect_known(d.usable_memory, d.id + " usable_memory");
    expect_known(d.interconnect_bandwidth, d.id + " interconnect");
    expect_known(d.idle_power, d.id + " idle_power");
    for (const auto& old : d.superseded) {
      EXPECT_FALSE(old.why.empty()) << d.id;
      EXPECT_NE(catalogue().find_source(old.source.ref), nullptr) << d.id << ": " << old.source.ref;
    }
  }
  for (const auto& m : catalogue().models()) {
    expect_source(m.source, m.id);
    if (m.gguf) expect_source(m.gguf->source, m.id + " gguf");
  }
  for (const auto& o : catalogue().offers()) {
    EXPECT_TRUE(o.on_demand || o.spot || o.reserved) << o.id;
    expect_known(o.on_demand, o.id);
    expect_known(o.spot, o.id);
    if (o.device_id) {
      EXPECT_NE(catalogue().find_device(*o.device_id), nullptr) << o.id;
    }
  }
  for (const auto& l : catalogue().interconnects()) {
    expect_known(l.per_direction, l.id);
    expect_known(l.total, l.id);
    expect_known(l.latency, l.id + " latency");
  }
  for (const auto& r : catalogue().runtimes()) expect_source(r.source, r.id);
  for (const auto& f : catalogue().families()) expect_source(f.source, f.id);
  for (const auto& t : catalogue().tariffs()) expect_known(t.average, t.id);
  for (const auto& g : catalogue().grids()) expect_known(g.grams_per_kwh, g.id);
  for (const auto& f : catalogue().facilities()) expect_known(f.pue, f.id);
}

TEST(Data, PciIdsDecideUpToNameAndMemory) {
  std::map<std::string, std::vector<const Device*>> owners;
  for (const auto& d : catalogue().devices())
    for (const auto& pci : d.pci_ids)
      owners[std::to_string(pci.vendor_id) + ":" + std::to_string(pci.device_id) + ":" +
             (pci.revision ? std::to_string(*pci.revision) : "-")].push_back(&d);
  // Products that share a PCI id differ in memory, or are told apart by the driver's name.
  const std::set<std::set<std::string>> told_apart_by_name{{"a2", "a16"}, {"mi250", "mi250x"}, {"rtx-4070", "rtx-4070-gddr6"}};
  for (const auto& [key, devices] : owners) {
    for (std::size_t i = 0; i < devices.size(); ++i) {
      for (std::size_t j = i + 1; j < devices.size(); ++j) {
        if (devices[i] == devices[j]) continue;
        const bool other_memory = !devices[i]->memory_options.empty() && !devices[j]->memory_options.empty() &&
                                  devices[i]->memory_options.back().value != devices[j]->memory_options.back().value;
        EXPECT_TRUE(other_memory || told_apart_by_name.count({devices[i]->id, devices[j]->id}) > 0 ||
                    (devices[i]->id == "mi50" && devices[j]->id == "mi60"))
            << key << ": " << devices[i]->id << " and " << devices[j]->id;
      }
    }
  }
}

}  // namespace
}  // namespace hardscape
