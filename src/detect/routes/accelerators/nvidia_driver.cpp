#include "detect/routes/accelerators/nvidia_driver.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace hardscape {
namespace {

struct Failure {
  int code;
  std::string_view note;
  std::string_view message;
  std::string_view advice;
};

// Codes of nvml.h and what users were told to do about them in NVIDIA's and runtimes' issue trackers.
constexpr Failure k_failures[] = {
    {4, "nvidia-no-permission", "NVIDIA's driver refuses this user.", "Check the permissions of /dev/nvidia* and of the container."},
    {9, "nvidia-driver-not-loaded", "NVIDIA's kernel driver is not loaded.",
     "Run sudo modprobe nvidia; if that fails, reinstall the driver for the running kernel (and enrol its key with Secure Boot)."},
    {12, "nvidia-library-missing", "A library of NVIDIA's driver is missing.",
     "Install the driver's libraries (libnvidia-ml.so.1), or start the container with --gpus all."},
    {13, "nvidia-library-old", "NVIDIA's library lacks a function; it is too old.", "Update the driver."},
    {15, "nvidia-gpu-lost", "A GPU fell off the bus or cannot be reached.", "Look for Xid lines in dmesg; power-cycle the machine."},
    {17, "nvidia-blocked", "The operating system or a cgroup blocks the GPU's device files.",
     "Allow /dev/nvidia* in the container's device rules, or restart the container after systemctl daemon-reload."},
    {999, "nvidia-unknown-error", "NVIDIA's driver answers with an unknown error, as after a suspend or a reload of the container's cgroups.",
     "Restart the container; on bare metal run sudo rmmod nvidia_uvm && sudo modprobe nvidia_uvm, or reboot."},
};

struct Tegra {
  std::string_view compatible;
  std::string_view compute_capability;
};

// CUDA programming guide, table of compute capabilities: Jetson modules.
constexpr Tegra k_tegras[] = {
    {"nvidia,tegra210", "5.3"}, {"nvidia,tegra186", "6.2"}, {"nvidia,tegra194", "7.2"},
    {"nvidia,tegra234", "8.7"}, {"nvidia,tegra264", "11.0"},
};

bool is_version(std::string_view word) {
  const auto dots = std::count(word.begin(), word.end(), '.');
  return dots >= 1 && dots <= 3 && word.size() >= 5 && word.size() <= 24 && word.front() != '.' && word.back() != '.' &&
         std::all_of(word.begin(), word.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

}  // namespace

std::optional<std::string> nvidia_kernel_version(std::string_view text) {
  for (const std::string_view line : split_lines(text.substr(0, 4096))) {
    if (!line.starts_with("NVRM")) continue;
    for (const std::string_view word : split_words(line)) {
      if (is_version(word)) return std::string(word);
    }
  }
  return std::nullopt;
}

NvidiaInformation parse_nvidia_information(std::string_view text) {
  NvidiaInformation information;
  for (const std::string_view line : split_lines(text.substr(0, 8192))) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, colon));
    const std::string value = printable(trim(line.substr(colon + 1)));
    if (key == "Model" && value != "Unknown") information.model = value;
    if (key == "GPU UUID") information.uuid = value;
    if (key == "GPU Excluded") information.is_excluded = value == "Yes";
  }
  return information;
}

Note nvml_failure_note(int code, std::string_view kernel, std::string_view library) {
  if (code == 18) {
    const auto or_unknown = [](std::string_view version) { return version.empty() ? std::string_view("unknown") : version; };
    return {Severity::warning, "driver-mismatch",
            fmt::format("NVIDIA's kernel driver is version {} and its library is version {}; they have to be the same.",
                        or_unknown(kernel), or_unknown(library)),
            "Reboot (usual after an update); in a container use an image without its own driver libraries."};
  }
  for (const Failure& failure : k_failures) {
    if (failure.code == code)
      return {Severity::warning, std::string(failure.note), std::string(failure.message), std::string(failure.advice)};
  }
  return {Severity::warning, "nvidia-error", fmt::format("NVIDIA's driver answers with error {}.", code), "Run nvidia-smi to see what it says."};
}

std::string mig_profile(std::string_view name) {
  const auto at = name.rfind("MIG ");
  if (at == std::string_view::npos) return {};
  std::string_view profile = trim(name.substr(at + 4));
  const auto dot = profile.find("c.");
  if (dot != std::string_view::npos && dot > 0 && parse_integer(profile.substr(0, dot))) profile.remove_prefix(dot + 2);
  return std::string(profile);
}

std::string tegra_compute_capability(std::string_view compatible) {
  for (const Tegra& tegra : k_tegras) {
    if (tegra.compatible == compatible) return std::string(tegra.compute_capability);
  }
  return {};
}

}  // namespace hardscape
