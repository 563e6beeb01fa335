#include "hardscape/provenance.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hardscape {
namespace {

constexpr std::array<std::pair<Origin, std::string_view>, 6> k_origins{{{Origin::assumed, "assumed"},
                                                                        {Origin::estimated, "estimated"},
                                                                        {Origin::catalogued, "catalogued"},
                                                                        {Origin::reported, "reported"},
                                                                        {Origin::calibrated, "calibrated"},
                                                                        {Origin::measured, "measured"}}};
constexpr std::array<std::pair<Confidence, std::string_view>, 4> k_confidences{{{Confidence::unstated, "unstated"},
                                                                                {Confidence::unverified, "unverified"},
                                                                                {Confidence::single, "single"},
                                                                                {Confidence::agreed, "agreed"}}};

template <class Table, class Enum>
std::string_view name_in(const Table& table, Enum value) {
  for (const auto& [key, name] : table)
    if (key == value) return name;
  return {};
}

template <class Enum, class Table>
std::optional<Enum> value_in(const Table& table, std::string_view text) {
  for (const auto& [key, name] : table)
    if (name == text) return key;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Origin origin) { return name_in(k_origins, origin); }
std::string_view to_string(Confidence confidence) { return name_in(k_confidences, confidence); }
std::optional<Origin> origin_from(std::string_view name) { return value_in<Origin>(k_origins, name); }
std::optional<Confidence> confidence_from(std::string_view name) { return value_in<Confidence>(k_confidences, name); }

std::string_view basis_name(Origin origin) {
  switch (origin) {
    case Origin::measured: return "measured";
    case Origin::calibrated: return "calibrated";
    case Origin::reported:
    case Origin::catalogued: return "catalogue";
    case Origin::estimated:
    case Origin::assumed: return "assumed";
  }
  return "assumed";
}

Origin weakest(Origin a, Origin b) { return std::min(a, b); }

}  // namespace hardscape
