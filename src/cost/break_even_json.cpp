#include <cmath>

#include "cost/cost_json.hpp"
#include "hardscape/cost_break_even.hpp"

namespace hardscape::cost {
namespace {

void put_break_even(OrderedJson& json, double hours) {
  json["break_even_hours_per_year"] = json_number(hours);
  json["break_even_utilisation"] = json_number(hours / k_hours_per_year);
  json["never"] = std::isinf(hours);
}

}  // namespace

std::string to_json(const BreakEvenReport& report) {
  OrderedJson result = {{"name", report.name}};
  put_break_even(result, report.hours);
  result["hours_per_year"] = report.mid.hours_per_year;
  result["own_usd_per_year"] = report.own.total();
  result["own_parts_usd_per_year"] = {{"capital", report.own.capital},   {"energy", report.own.energy},
                                      {"idle_energy", report.own.idle_energy}, {"maintenance", report.own.maintenance},
                                      {"space", report.own.space},       {"staff", report.own.staff}};
  result["own_usd_per_hour"] =
      report.mid.hours_per_year > 0 ? OrderedJson(report.own.total() / report.mid.hours_per_year) : OrderedJson();
  result["own_usd_per_hour_if_never_idle"] = own_cost_per_year(report.mid, k_hours_per_year).total() / k_hours_per_year;
  result["cloud_usd_per_hour"] = report.mid.cloud_usd_per_hour;
  result["cloud_usd_per_year"] = report.cloud_usd;
  result["cheaper"] = report.own.total() < report.cloud_usd ? "own" : "cloud";
  result["payback_months"] = json_number(report.payback_months);

  OrderedJson rest;
  for (const auto& duty : report.duties)
    rest["scenarios"].push_back({{"name", duty.name}, {"hours_per_year", duty.hours}, {"cloud_usd_per_year", duty.cloud_usd},
                                 {"own_usd_per_year", duty.own_usd}, {"cheaper", duty.own_is_cheaper() ? "own" : "cloud"},
                                 {"saves_usd_per_year", std::fabs(duty.own_usd - duty.cloud_usd)}, {"own_wins", duty.own_wins}});
  for (const auto& demand : report.demands)
    rest["device_hours"].push_back({{"hours_per_year", demand.hours}, {"cloud_usd_per_year", demand.cloud_usd},
                                    {"best_owned_devices", demand.owned}, {"best_rented_hours", demand.rented_hours},
                                    {"best_usd_per_year", demand.best_usd}});
  for (const auto& rent : report.rents) {
    OrderedJson row = {{"term", rent.term}, {"usd_per_hour", rent.usd_per_hour}};
    put_break_even(row, rent.break_even_hours);
    row["remark"] = rent.remark;
    rest["terms"].push_back(std::move(row));
  }
  rest["offers"] = OrderedJson::array();
  for (const auto& compared : report.offers) {
    OrderedJson row = json_offer(compared.offer);
    put_break_even(row, compared.break_even_hours);
    rest["offers"].push_back(std::move(row));
  }
  return cost_document("break-even", report.inputs, OrderedJson::array({result}), report.flips, &report.exploration,
                       report.notes, rest);
}

}  // namespace hardscape::cost
