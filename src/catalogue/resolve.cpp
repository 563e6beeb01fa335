#include "hardscape/catalogue.hpp"

namespace hardscape {

Machine resolve(Machine machine, const Catalogue&) { return machine; }

Result<Machine> machine_from_name(std::string_view name, const Catalogue&) {
  return Error{ErrorCode::invalid_argument, "unknown machine " + std::string(name)};
}

}  // namespace hardscape
