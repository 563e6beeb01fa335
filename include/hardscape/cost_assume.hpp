// Inputs for a device from what is known of it, its offers, and the assumptions of a place.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "hardscape/cost.hpp"

namespace hardscape::cost {

// Everything that the place and the device tell, with `given` on top. What nobody knows is left out: a device without a
// price has no price_usd. Ranges multiply end by end. A given price_usd or power_w is the system's and is not scaled.
std::vector<Input> assumed_inputs(const PricedDevice& device, const Place& place, std::span<const Input> given);

// The rent of one device: every provider's cheapest on-demand offer; low and high hold eight providers in ten, mid is
// their median. Stale offers count only where fewer than two providers have others. Nothing when nobody rents it out.
// Reserved and spot prices likewise.
std::optional<Input> rent_on_demand(std::span<const RentalOffer> offers);
std::optional<Input> rent_spot(std::span<const RentalOffer> offers);
std::optional<Input> rent_reserved(std::span<const RentalOffer> offers);

// "home" for what people put under a desk, "datacenter" for the rest.
const Place& usual_place(const PricedDevice& device);

// A given draw far from the device's rating is a slip of the pen: between a twentieth and three times it is allowed.
Status check_draw(const PricedDevice& device, const Input& power);

}  // namespace hardscape::cost
