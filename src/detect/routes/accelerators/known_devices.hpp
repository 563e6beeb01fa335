// What the numbers of accelerators mean (data/detection/pci_accelerators.json, amd_gpus.json).
//
// Each table is read when the first candidate asks for it and kept. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/machine.hpp"

namespace hardscape {

struct KnownAccelerator {
  AcceleratorKind kind = AcceleratorKind::npu;
  std::string name;
  std::string driver;       // of the kernel; empty when any will do
  std::string device_node;  // patterns of the file a program opens, separated by '|'
  bool is_unverified = false;
};

// By vendor, device and, where the table distinguishes them, revision.
std::optional<KnownAccelerator> known_accelerator(const PciAddress& pci);

// "NVIDIA"; "vendor 0x1234" when nobody knows it.
std::string vendor_name(std::uint16_t vendor_id);
bool makes_gpus(std::uint16_t vendor_id);
// Server management and virtual displays: what it is, when it is one.
std::optional<std::string> display_without_compute(const PciAddress& pci);
// Coprocessors that no inference program uses any more.
std::optional<std::string> not_for_models(const PciAddress& pci);

// Data transfers on the memory bus for each cycle of the clock that the driver reports.
struct MemoryClocking {
  std::string memory;  // "HBM3"
  int transfers = 0;
};
std::optional<MemoryClocking> amd_memory_clocking(std::string_view gfx_target);
// Kernels before 5.14 do not say gfx_target_version; the node's name or the device id does.
std::optional<std::string> amd_target_of(std::string_view node_name, std::uint16_t device_id);
// Generations that the compute drivers never served.
std::optional<std::string> amd_without_compute(std::uint16_t device_id);

}  // namespace hardscape
