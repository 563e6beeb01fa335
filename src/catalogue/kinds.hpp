// The kinds of records: where they stand in the data files and who reads them.
#pragma once

#include <string_view>

#include "base/json_reading.hpp"
#include "hardscape/catalogue.hpp"

namespace hardscape {

// Name of a kind's list in a file, and of one of its records in a complaint. `folder` holds the built-in ones: a
// folder of data/ with a slash at its end, or one file.
struct KindNames {
  std::string_view list;
  std::string_view record;
  std::string_view folder;
};

template <class Record>
struct Kind;

// NOLINTBEGIN(bugprone-macro-parentheses): a type in parentheses is none
#define HARDSCAPE_KIND(Record, list_name, record_name, folder_name)            \
  template <>                                                                  \
  struct Kind<Record> {                                                        \
    static constexpr KindNames names{list_name, record_name, folder_name};     \
  };                                                                           \
  void read_record(const JsonReader& reader, Record& record)
// NOLINTEND(bugprone-macro-parentheses)

HARDSCAPE_KIND(Device, "devices", "device", "devices/");
HARDSCAPE_KIND(ModelRecord, "models", "model", "models/");
HARDSCAPE_KIND(CloudOffer, "offers", "offer", "clouds/");
HARDSCAPE_KIND(Interconnect, "interconnects", "interconnect", "interconnects.json");
HARDSCAPE_KIND(Runtime, "runtimes", "runtime", "runtimes.json");
HARDSCAPE_KIND(HardwareFamily, "families", "family", "families.json");
HARDSCAPE_KIND(EnergyTariff, "tariffs", "tariff", "power/");
HARDSCAPE_KIND(GridCarbon, "grids", "grid", "power/");
HARDSCAPE_KIND(FacilityOverhead, "facilities", "facility", "power/");
HARDSCAPE_KIND(SourceRecord, "sources", "source", "sources.json");
HARDSCAPE_KIND(PriceRecord, "prices", "price", "prices/");   // none is built in

#undef HARDSCAPE_KIND

}  // namespace hardscape
