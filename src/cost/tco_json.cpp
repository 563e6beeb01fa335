#include "cost/cost_json.hpp"
#include "facts/json_writing.hpp"
#include "hardscape/cost_tco.hpp"

namespace hardscape::cost {

std::string to_json(const TcoReport& report) {
  OrderedJson results = OrderedJson::array();
  for (const auto& span : report.spans) {
    const TotalCost& cost = span.cost;
    results.push_back({{"name", report.name},
                       {"years", cost.years},
                       {"total_usd", cost.total()},
                       {"parts_usd", {{"devices", cost.devices}, {"hosts", cost.hosts}, {"power_supplies", cost.power_supplies},
                                      {"network", cost.network}, {"cooling_hardware", cost.cooling_hardware},
                                      {"energy", cost.energy}, {"cooling_energy", cost.cooling_energy},
                                      {"maintenance", cost.maintenance}, {"space", cost.space}, {"staff", cost.staff},
                                      {"resale", -cost.resale}}},
                       {"electricity_share", span.electricity_share},
                       {"usd_per_useful_hour", json_of(span.usd_per_useful_hour)},
                       {"uncertainty", json_exploration(span.exploration)}});
  }
  const OrderedJson rest = {{"build", {{"devices", report.build.devices}, {"hosts", report.build.hosts()},
                                       {"peak_power_w", report.supply.peak_w}, {"sustained_power_w", report.sustained_w},
                                       {"power_supply_w", report.supply.rating_w}, {"power_supplies_per_host", report.supply.count}}}};
  return cost_document("tco", report.inputs, std::move(results), {}, nullptr, report.notes, rest);
}

}  // namespace hardscape::cost
