// The prices of an overlay, laid on the records they are of.
#pragma once

#include <span>
#include <string>

#include "catalogue/lists.hpp"
#include "hardscape/result.hpp"

namespace hardscape {

// Has devices and offers take the prices of their ids when they are read. `files` are those that each price stands in,
// for complaints. Errors: an id that nothing has.
Status take_prices(const LazyList<PriceRecord>& own, std::span<const std::string> files, LazyList<Device>& devices, LazyList<CloudOffer>& offers);

}  // namespace hardscape
