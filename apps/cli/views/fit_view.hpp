// How answers about fit look to a person.
#pragma once

#include <string>
#include <vector>

#include "hardscape/advise.hpp"
#include "hardscape/document.hpp"

namespace hardscape::cli {

// One model on one machine: verdict, every byte on its device, what would help.
Document view_of_fit(const FitRow& row, const MemoryView& memory, bool explain);
// The best models of a machine.
Document view_of_models(const std::vector<FitRow>& rows, const MemoryView& memory, const std::string& use, bool explain);
// The devices that hold a model.
Document view_of_devices(const std::vector<FitRow>& rows, const std::string& model, const FitQuestion& question);

// "23.5 GiB", "512 MiB".
std::string bytes_text(Bytes bytes);
// "128K", "8192", "1M": binary thousands where they are whole.
std::string context_text(std::int64_t tokens);
// "38 (30-46)"; "-" when unknown.
std::string speed_text(const std::optional<Estimate>& speed);
Tone tone_of(Verdict verdict);

}  // namespace hardscape::cli
