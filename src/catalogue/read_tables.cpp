// The small tables: interconnects, runtimes, energy, sources.
#include "catalogue/kinds.hpp"
#include "catalogue/record_reader.hpp"

namespace hardscape {

void read_record(const JsonReader& reader, Interconnect& link) {
  RecordReader record(reader, Kind<Interconnect>::names.record);
  link.id = record.need_text("id");
  link.name = record.need_text("name");
  link.kind = record.need_text("kind");
  link.per_direction = record.known<BytesPerSecond>("per_direction_bytes_per_s");
  link.total = record.known<BytesPerSecond>("total_bytes_per_s");
  link.latency = record.known<Seconds>("latency_s");
  link.range = record.text("range");
  link.cost_per_port = record.known<Usd>("cost_per_port_usd");
  link.aliases = record.texts("aliases");
  link.notes = record.text("notes");
  link.superseded = record.superseded();
  record.finish();
}

void read_record(const JsonReader& reader, Runtime& runtime) {
  RecordReader record(reader, Kind<Runtime>::names.record);
  runtime.id = record.need_text("id");
  runtime.name = record.need_text("name");
  runtime.vendor = record.text("vendor");
  runtime.hardware = record.texts("hardware");
  runtime.formats = record.texts("formats");
  runtime.quantisations = record.texts("quantisations");
  runtime.llm_support = record.text("llm_support");
  runtime.licence = record.text("licence");
  runtime.platforms = record.texts("platforms");
  runtime.backends = record.texts("backends");
  runtime.aliases = record.texts("aliases");
  runtime.notes = record.text("notes");
  runtime.source = record.source();
  runtime.superseded = record.superseded();
  record.finish();
}

void read_record(const JsonReader& reader, HardwareFamily& family) {
  RecordReader record(reader, Kind<HardwareFamily>::names.record);
  family.id = record.need_text("id");
  family.name = record.need_text("name");
  family.aliases = record.texts("aliases");
  family.does = record.text("does");
  family.members = record.texts("members");
  family.classes = record.texts("classes");
  family.vendors = record.texts("vendors");
  family.architectures = record.texts("architectures");
  family.runtimes = record.texts("runtimes");
  family.notes = record.text("notes");
  family.source = record.source();
  family.superseded = record.superseded();
  record.finish();
}

void read_record(const JsonReader& reader, EnergyTariff& tariff) {
  RecordReader record(reader, Kind<EnergyTariff>::names.record);
  tariff.id = record.need_text("id");
  tariff.region = record.need_text("region");
  tariff.residential = record.known<UsdPerKilowattHour>("residential_usd_per_kwh");
  tariff.commercial = record.known<UsdPerKilowattHour>("commercial_usd_per_kwh");
  tariff.industrial = record.known<UsdPerKilowattHour>("industrial_usd_per_kwh");
  tariff.average = record.known<UsdPerKilowattHour>("average_usd_per_kwh");
  record.finish();
}

void read_record(const JsonReader& reader, GridCarbon& grid) {
  RecordReader record(reader, Kind<GridCarbon>::names.record);
  grid.id = record.need_text("id");
  grid.region = record.need_text("region");
  grid.grams_per_kwh = record.known_number("grams_per_kwh");
  record.finish();
}

void read_record(const JsonReader& reader, FacilityOverhead& facility) {
  RecordReader record(reader, Kind<FacilityOverhead>::names.record);
  facility.id = record.need_text("id");
  facility.name = record.need_text("name");
  facility.pue = record.known_number("pue");
  if (facility.pue && facility.pue->value < 1) record.fail("pue", "a number of at least 1");
  record.finish();
}

void read_record(const JsonReader& reader, PriceRecord& price) {
  RecordReader record(reader, Kind<PriceRecord>::names.record);
  price.id = record.need_text("id");
  price.price = record.known<Usd>("price_usd");
  const auto low = record.number("price_low_usd"), high = record.number("price_high_usd");
  if (low) price.price_low = Usd{*low};
  if (high) price.price_high = Usd{*high};
  if (low && high && *low > *high) record.fail("price_low_usd", "no more than price_high_usd");
  price.on_demand = record.known<UsdPerHour>("on_demand_usd_per_hour");
  if (price.price.has_value() == price.on_demand.has_value()) record.fail("price_usd", "one price: price_usd to buy or on_demand_usd_per_hour to rent");
  const Source& source = price.price ? price.price->source : price.on_demand ? price.on_demand->source : record.source();
  if (source.ref.empty()) record.fail("source", "who asks that price");
  if (source.date.empty()) record.fail("date", "the day of that price, YYYY-MM-DD");
  record.finish();
}

void read_record(const JsonReader& reader, SourceRecord& source) {
  RecordReader record(reader, Kind<SourceRecord>::names.record);
  source.id = record.need_text("id");
  source.title = record.need_text("title");
  source.url = record.text("url");
  source.date = record.source().date;
  source.licence = record.text("licence");
  source.notes = record.text("notes");
  record.finish();
}

}  // namespace hardscape
