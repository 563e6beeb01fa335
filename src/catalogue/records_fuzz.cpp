// libFuzzer target: a file of an overlay folder, read as each kind of record.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "catalogue/files.hpp"

namespace hardscape {
namespace {

template <class Record>
void read_as(const CatalogueFile& file) {
  std::vector<Record> records;
  (void)append_records(file, records);
}

}  // namespace
}  // namespace hardscape

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hardscape;
  const auto file = parse_catalogue_file({reinterpret_cast<const char*>(data), size}, "fuzz.json");
  if (!file) return 0;
  read_as<Device>(*file);
  read_as<ModelRecord>(*file);
  read_as<CloudOffer>(*file);
  read_as<Interconnect>(*file);
  read_as<Runtime>(*file);
  read_as<HardwareFamily>(*file);
  read_as<EnergyTariff>(*file);
  read_as<GridCarbon>(*file);
  read_as<FacilityOverhead>(*file);
  read_as<SourceRecord>(*file);
  return 0;
}
