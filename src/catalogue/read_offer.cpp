#include <algorithm>

#include "catalogue/kinds.hpp"
#include "catalogue/record_reader.hpp"

namespace hardscape {

void read_record(const JsonReader& reader, CloudOffer& offer) {
  RecordReader record(reader, Kind<CloudOffer>::names.record);
  offer.id = record.need_text("id");
  offer.provider = record.need_text("provider");
  offer.instance = record.text("instance");
  offer.gpu = record.text("gpu");
  offer.device_id = record.maybe_text("device");
  offer.count = record.small("count").value_or(1);
  if (offer.count < 1) record.fail("count", "at least 1");
  offer.region = record.text("region");
  offer.on_demand = record.known<UsdPerHour>("on_demand_usd_per_hour");
  offer.spot = record.known<UsdPerHour>("spot_usd_per_hour");
  offer.reserved = record.known<UsdPerHour>("reserved_usd_per_hour");
  offer.per_device = record.flag("per_device").value_or(false);
  offer.excludes_host = record.flag("excludes_host").value_or(false);
  offer.suspect = record.flag("suspect").value_or(false);
  offer.notes = record.text("notes");
  record.finish();
}

}  // namespace hardscape
