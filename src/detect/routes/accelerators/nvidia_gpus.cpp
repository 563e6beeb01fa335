#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/pci_vendors.hpp"
#include "detect/routes/accelerators/nvidia_apply.hpp"
#include "detect/routes/accelerators/nvidia_driver.hpp"
#include "detect/routes/accelerators/nvml_query.hpp"
#include "detect/routes/accelerators/pci_function.hpp"
#include "detect/routes/accelerators/routes_of_accelerators.hpp"
#include "host/child_text.hpp"
#include "host/nvml_abi.hpp"

namespace hardscape {
namespace {

const std::string k_driver = "/proc/driver/nvidia";

bool is_nvidia(const AcceleratorSighting& sighting) {
  return sighting.device.kind == AcceleratorKind::gpu && sighting.device.pci && sighting.device.pci->vendor_id == pci::k_nvidia;
}

bool is_wsl(const FileTree& files) { return files.exists("/dev/dxg") && files.exists("/usr/lib/wsl/lib/libnvidia-ml.so.1"); }

// The kernel driver's own list; without a PCI tree (POWER9 dumps, sandboxes) it makes the records.
void read_driver_files(const FileTree& files, const std::string& version, Sightings& seen) {
  for (const std::string& address : files.list(k_driver + "/gpus")) {
    if (!is_pci_address(address)) continue;
    AcceleratorSighting& sighting = seen.accelerator(to_lower(address));
    Accelerator& device = sighting.device;
    if (!device.pci) {
      device.kind = AcceleratorKind::gpu;
      device.vendor = "NVIDIA";
      device.name = "NVIDIA GPU";
      PciAddress pci;
      pci.address = to_lower(address);
      pci.vendor_id = pci::k_nvidia;
      device.pci = pci;
      device.driver = "nvidia";
      device.usable = true;
    }
    const auto text = files.read(k_driver + "/gpus/" + address + "/information", 8192);
    const NvidiaInformation information = parse_nvidia_information(text.value_or(""));
    if (!information.model.empty()) device.name = starts_with_ignoring_case(information.model, "NVIDIA") ? information.model : "NVIDIA " + information.model;
    if (information.is_excluded) {
      device.usable = false;
      device.why_not = "It is excluded by a parameter of NVIDIA's kernel driver.";
    }
  }
  // Device memory that the kernel manages as a NUMA node has its size in the node's status.
  for (const DeviceNodeSighting& node : seen.device_nodes) {
    if (AcceleratorSighting* sighting = seen.find_accelerator(to_lower(node.accelerator)); sighting != nullptr && node.size && node.size->value > 0) {
      learn(sighting->device.memory.total,
            Fact<Bytes>{*node.size, Source{Origin::reported, k_driver + "/gpus/" + node.accelerator + "/numa_status", "", Confidence::unstated}});
    }
  }
  if (version.empty()) return;
  for (AcceleratorSighting& sighting : seen.accelerators) {
    if (is_nvidia(sighting) && sighting.device.driver == "nvidia") sighting.device.driver = "nvidia " + version;
  }
}

bool nodes_are_missing(const FileTree& files) { return !files.exists("/dev/nvidiactl") && !files.exists("/dev/nvhost-gpu") && !files.exists("/dev/nvgpu"); }

void refuse_all(Sightings& seen, const std::string& why) {
  for (AcceleratorSighting& sighting : seen.accelerators) {
    if (!is_nvidia(sighting) || !sighting.device.usable) continue;
    sighting.device.usable = false;
    sighting.device.why_not = why;
  }
}

bool any_without_memory(const Sightings& seen) {
  return std::any_of(seen.accelerators.begin(), seen.accelerators.end(), [](const AcceleratorSighting& sighting) {
    return is_nvidia(sighting) && !sighting.is_asleep && sighting.device.usable && !sighting.device.memory.total &&
           !sighting.uses_system_memory && sighting.device.partitions.empty();
  });
}

void note_silent_driver(const Error& error, std::chrono::milliseconds limit, Sightings& seen) {
  const bool is_late = error.code == ErrorCode::timeout;
  seen.note(Severity::warning, is_late ? "driver-did-not-answer" : "driver-crashed",
            is_late ? fmt::format("NVIDIA's driver did not answer within {:.1f} s; what is shown comes from the kernel's files.",
                                  static_cast<double>(limit.count()) / 1000)
                    : "NVIDIA's library crashed when asked (" + error.message + "); what is shown comes from the kernel's files.",
            is_late ? "Turn persistence mode on (sudo nvidia-smi -pm 1) and try again; if nvidia-smi hangs too, look for Xid lines in dmesg and reboot."
                    : "Run nvidia-smi; if it crashes too, reinstall the driver.");
}

void ask_libraries(const Host& host, const DetectOptions& options, const std::string& version, Sightings& seen) {
  std::vector<std::string> awake;
  std::size_t asleep = 0;
  for (const AcceleratorSighting& sighting : seen.accelerators) {
    if (!is_nvidia(sighting)) continue;
    if (sighting.is_asleep) ++asleep;
    else awake.push_back(sighting.key);
  }
  if (asleep > 0) {
    seen.note(Severity::info, "gpu-asleep",
              fmt::format("{} NVIDIA GPU{} powered down and {} not woken; memory and speed come from its name alone.", asleep,
                          asleep == 1 ? " is" : "s are", asleep == 1 ? "was" : "were"),
              "Run nvidia-smi once to wake it, then detect again.");
    if (awake.empty()) return;
  } else {
    awake.clear();  // ask for all of them
  }
  // Both libraries share the limit: a slow driver must not cost it twice.
  const auto start = std::chrono::steady_clock::now();
  const auto text = text_from_child(host, options.library_limit, [&] { return query_nvml(host.libraries, nvml::library_names(), awake); });
  if (!text) return note_silent_driver(text.error(), options.library_limit, seen);
  const NvmlReport report = parse_nvml_report(*text);
  if (!report.has_library) {
    seen.note(Severity::warning, "nvidia-library-missing", "NVIDIA's management library (libnvidia-ml.so.1) could not be opened.",
              "Install the driver's libraries, or start the container with --gpus all.");
    refuse_all(seen, "NVIDIA's driver libraries are missing here.");
  }
  apply_nvml_report(report, version, seen);
  // Starting CUDA wakes every card, and a driver that refused NVML will refuse it too.
  if (asleep > 0 || report.failure != 0 || !any_without_memory(seen)) return;
  const auto left = options.library_limit - std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  if (left <= std::chrono::milliseconds(0)) return;
  const auto answer = text_from_child(host, left, [&] { return query_cuda(host.libraries, cuda_library_names()); });
  if (answer) apply_cuda_report(parse_cuda_report(*answer), seen);
}

}  // namespace

void observe_nvidia_gpus(const Host& host, const DetectOptions& options, Sightings& seen) {
  const bool has_driver = host.files.exists(k_driver);
  const bool has_gpu = std::any_of(seen.accelerators.begin(), seen.accelerators.end(), is_nvidia);
  const bool wsl = !has_driver && is_wsl(host.files);
  if (!has_driver && !has_gpu && !wsl) return;

  const auto version_text = host.files.read(k_driver + "/version", 4096);
  const std::string version = nvidia_kernel_version(version_text.value_or("")).value_or("");
  if (has_driver) read_driver_files(host.files, version, seen);

  if (host.is_live && !wsl && nodes_are_missing(host.files)) {
    refuse_all(seen, seen.os.container ? "It is not passed to this container (no /dev/nvidia*); start the container with --gpus all."
                                       : "NVIDIA's device files (/dev/nvidia*) are missing; its driver did not come up.");
  } else if (host.is_live && options.vendor_libraries && (has_driver || wsl)) {
    const auto start = std::chrono::steady_clock::now();
    ask_libraries(host, options, version, seen);
    seen.library_time += std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  }
}

}  // namespace hardscape
