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
  runtime.notes = record.text("notes");
  runtime.source = record.source();
  runtime.superseded = record.superseded();
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
