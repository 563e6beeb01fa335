#include "measure/accelerator/device_match.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "measure/accelerator/pcie_link.hpp"

namespace hardscape::measuring {
namespace {

bool same_name(const std::string& left, const std::string& right) {
  return !left.empty() && !right.empty() && (contains_ignoring_case(left, right) || contains_ignoring_case(right, left));
}

template <class Quantity>
std::optional<Peak> peak(const Known<Quantity>& known) {
  if (!known || !(known->value.value > 0)) return std::nullopt;
  return Peak{known->value.value, known->source.ref};
}

}  // namespace

const Accelerator* matching(const Machine& machine, const std::optional<std::string>& pci, const std::string& name) {
  const Accelerator* found = nullptr;
  for (const Accelerator& accelerator : machine.accelerators) {
    if (pci && accelerator.pci) {
      if (equal_ignoring_case(accelerator.pci->address, *pci)) return &accelerator;
      continue;
    }
    if (!same_name(accelerator.name, name)) continue;
    if (found != nullptr) return nullptr;
    found = &accelerator;
  }
  return found;
}

DevicePeaks peaks_of(const Accelerator* accelerator, const FileTree& files, const std::optional<std::string>& pci) {
  DevicePeaks peaks;
  if (accelerator != nullptr) {
    peaks.bandwidth = peak(accelerator->bandwidth);
    peaks.fp32 = peak(accelerator->fp32);
    peaks.fp16 = peak(accelerator->fp16);
    peaks.int8 = peak(accelerator->int8);
  }
  if (pci) {
    if (const auto link = pcie_link(files, *pci)) peaks.link = Peak{bandwidth_of(*link).value, describe(*link)};
  }
  return peaks;
}

std::optional<Note> narrow_link(const FileTree& files, const std::optional<std::string>& pci, const std::string& id) {
  if (!pci) return std::nullopt;
  const auto link = pcie_link(files, *pci);
  if (!link || !link->most_lanes || link->lanes >= *link->most_lanes) return std::nullopt;
  return Note{Severity::warning, "narrow-link",
              fmt::format("{} runs on {} of its {} PCI Express lanes: copies to and from it are that much slower", id, link->lanes, *link->most_lanes),
              "move it to a slot with all lanes, seat it again, or check the slot's setting in the firmware"};
}

}  // namespace hardscape::measuring
