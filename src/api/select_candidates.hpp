// Everything that could be bought, rented or kept, as candidates.
#pragma once

#include <string>
#include <vector>

#include "hardscape/catalogue.hpp"
#include "hardscape/machine.hpp"
#include "hardscape/select.hpp"

namespace hardscape::api {

// Cards with a host around them and complete computers, boards and phones (data/hosts).
std::vector<Candidate> things_to_buy(const Catalogue& catalogue);
// Cloud offers with a price of this or last year and devices that the catalogue knows.
std::vector<Candidate> things_to_rent(const Catalogue& catalogue);
// The machine as it is, and with cards added where it can take some.
std::vector<Candidate> things_to_keep(const Catalogue& catalogue, const Machine& mine);

// Why no card can be added to this machine, as a sentence; empty where one can.
std::string why_no_card(const Machine& mine);

}  // namespace hardscape::api
