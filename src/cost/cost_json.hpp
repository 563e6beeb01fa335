// The frame of hardscape.cost/1 that every answer shares. Infinite numbers ("never") become null.
#pragma once

#include <span>
#include <string>

#include "base/json_reading.hpp"
#include "hardscape/cost.hpp"
#include "hardscape/cost_simulation.hpp"

namespace hardscape::cost {

OrderedJson json_number(double value);
OrderedJson json_inputs(std::span<const Input> inputs);
OrderedJson json_flips(std::span<const Flip> flips);
OrderedJson json_exploration(const Exploration& exploration);
OrderedJson json_notes(std::span<const Note> notes);
OrderedJson json_offer(const RentalOffer& offer);

// {schema, question, basis, inputs, results, flips, uncertainty, notes} with what stands in `rest` after them.
std::string cost_document(std::string_view question, std::span<const Input> inputs, OrderedJson results,
                          std::span<const Flip> flips, const Exploration* exploration, std::span<const Note> notes,
                          const OrderedJson& rest = OrderedJson::object());

}  // namespace hardscape::cost
