// Routes to accelerators. The PCI walk makes the records; the others add what drivers know, and devices off PCI.
#pragma once

#include "detect/sightings.hpp"
#include "hardscape/detect.hpp"

namespace hardscape {

// In this order; each is in the file of its name.
void observe_pci_accelerators(const Host& host, const DetectOptions& options, Sightings& seen);
void observe_amd_gpus(const Host& host, const DetectOptions& options, Sightings& seen);       // sysfs and KFD
void observe_intel_gpus(const Host& host, const DetectOptions& options, Sightings& seen);
void observe_nvidia_gpus(const Host& host, const DetectOptions& options, Sightings& seen);    // /proc, NVML, CUDA
void observe_npus(const Host& host, const DetectOptions& options, Sightings& seen);           // PCI, USB, platform
void observe_board_gpus(const Host& host, const DetectOptions& options, Sightings& seen);     // device tree
void observe_other_interfaces(const Host& host, const DetectOptions& options, Sightings& seen);  // Vulkan, OpenCL
void observe_visible_devices(const Host& host, const DetectOptions& options, Sightings& seen);

// Compiled on their own systems only.
void observe_apple_gpu(const Host& host, const DetectOptions& options, Sightings& seen);      // IOKit, Metal
void observe_windows_gpus(const Host& host, const DetectOptions& options, Sightings& seen);   // DXGI, the registry

}  // namespace hardscape
