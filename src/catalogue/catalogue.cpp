#include "hardscape/catalogue.hpp"

namespace hardscape {

struct Catalogue::Data {};

Catalogue Catalogue::built_in() { return {}; }
Result<Catalogue> Catalogue::with_overlay(const std::string& folder) {
  return Error{ErrorCode::not_found, "reading the overlay folder " + folder + ": not there"};
}
Machine resolve(Machine machine, const Catalogue&) { return machine; }
Result<Machine> machine_from_name(std::string_view name, const Catalogue&) {
  return Error{ErrorCode::invalid_argument, "unknown machine " + std::string(name)};
}

}  // namespace hardscape
