// Machines made of catalogue devices, as fit and predict want them.
#pragma once

#include <optional>
#include <string_view>

#include "hardscape/catalogue.hpp"
#include "hardscape/machine.hpp"
#include "hardscape/select_question.hpp"

namespace hardscape::api {

// Memory of its own, or shared with the processor.
bool shares_memory(const Device& device);

// `count` cards in a host with `host_memory`.
Machine machine_with_cards(const Device& card, int count, Bytes host_memory);
// A computer, board or phone around one chip; `on_processor`: its GPU is not used for language models.
Machine machine_around(const Device& chip, Bytes memory, Form form, bool on_processor);
// The same machine with further cards.
Machine with_cards(Machine machine, const Device& card, int count);

// The memory of one card, where the catalogue knows it.
std::optional<Bytes> memory_of(const Device& device);

// Servers share each token's work by attention heads, whose number two, four and eight divide and three does not.
inline bool splits_evenly(int devices) { return devices > 0 && (devices & (devices - 1)) == 0; }

}  // namespace hardscape::api
