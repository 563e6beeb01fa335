#include <array>
#include <cstring>

#include "base/text.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

struct Sign {
  std::string_view text;
  std::string_view name;
};

// Vendor strings of the hypervisor's cpuid leaf.
constexpr Sign k_leaves[] = {
    {"KVMKVMKVM", "kvm"},       {"Linux KVM Hv", "kvm"},      {"VMwareVMware", "vmware"}, {"Microsoft Hv", "hyper-v"},
    {"XenVMMXenVMM", "xen"},    {"VBoxVBoxVBox", "virtualbox"}, {"TCGTCGTCGTCG", "qemu"},  {"prl hyperv", "parallels"},
    {"bhyve bhyve", "bhyve"},   {"ACRNACRNACRN", "acrn"},      {"QNXQVMBSQG", "qnx"},      {"SRESRESRESRE", "lockheed"},
};

// What the firmware tables call a virtual machine's maker or product.
constexpr Sign k_products[] = {
    {"VMware", "vmware"},         {"VirtualBox", "virtualbox"}, {"innotek GmbH", "virtualbox"}, {"Parallels", "parallels"},
    {"Amazon EC2", "kvm"},        {"Google Compute Engine", "kvm"}, {"KVM", "kvm"},          {"QEMU", "qemu"},
    {"Standard PC (", "qemu"},    {"Bochs", "bochs"},           {"Xen", "xen"},               {"BHYVE", "bhyve"},
    {"OpenStack", "kvm"},         {"Apple Virtualization", "apple"}, {"Alibaba Cloud ECS", "kvm"},
};

std::optional<std::string> by_leaf(const Cpuid& cpuid) {
  if (!cpuid) return std::nullopt;
  const auto features = cpuid(1, 0);
  if (!features || (features->ecx >> 31) == 0) return std::nullopt;
  const auto leaf = cpuid(0x40000000, 0);
  if (!leaf) return "unknown";
  std::array<char, 13> name{};
  std::memcpy(name.data(), &leaf->ebx, 4);
  std::memcpy(name.data() + 4, &leaf->ecx, 4);
  std::memcpy(name.data() + 8, &leaf->edx, 4);
  for (const Sign& sign : k_leaves) {
    if (std::string_view(name.data()) == sign.text) return std::string(sign.name);
  }
  return "unknown";
}

std::optional<std::string> by_firmware(const FileTree& files) {
  for (const char* file : {"sys_vendor", "product_name", "board_vendor", "bios_vendor"}) {
    const auto text = files.read_line(std::string("/sys/class/dmi/id/") + file);
    if (!text) continue;
    for (const Sign& sign : k_products) {
      if (text->find(sign.text) != std::string::npos) return std::string(sign.name);
    }
    // Surface computers are Microsoft's too.
    if (*text == "Virtual Machine") return "hyper-v";
  }
  return std::nullopt;
}

std::optional<std::string> find_virtualization(const Host& host, const Sightings& seen) {
  const FileTree& files = host.files;
  if (seen.os.kernel && contains_ignoring_case(*seen.os.kernel, "microsoft")) return "wsl2";
  if (auto leaf = by_leaf(host.cpuid); leaf && *leaf != "unknown") return leaf;
  if (const auto type = files.read_line("/sys/hypervisor/type")) {
    // The first domain of Xen runs on the hardware itself.
    const auto abilities = files.read("/proc/xen/capabilities", 256);
    if (*type != "xen" || !abilities || abilities->find("control_d") == std::string::npos) return *type;
  }
  if (auto firmware = by_firmware(files)) return firmware;
  if (const auto tree = files.read_line("/proc/device-tree/hypervisor/compatible")) {
    if (tree->find("kvm") != std::string::npos) return "kvm";
    if (tree->find("xen") != std::string::npos) return "xen";
  }
  if (const auto mainframe = files.read("/proc/sysinfo", 16384)) {
    for (const std::string_view line : split_lines(*mainframe)) {
      if (!line.starts_with("VM00 Control Program:")) continue;
      return line.find("KVM") != std::string_view::npos ? "kvm" : "z/vm";
    }
  }
  if (seen.cpuinfo.hypervisor) return "unknown hypervisor";
  return std::nullopt;
}

std::optional<std::string> find_container(const Host& host) {
  const FileTree& files = host.files;
  if (host.environment && host.environment("KUBERNETES_SERVICE_HOST")) return "kubernetes";
  if (const auto word = files.read_line("/run/systemd/container")) return *word;
  // Read, so that a recording has them; both may be empty.
  if (files.read("/.dockerenv", 1)) return "docker";
  if (files.read("/run/.containerenv", 1)) return "podman";
  if (host.environment) {
    if (const auto word = host.environment("container"); word && !word->empty() && word->size() < 32) return *word;
  }
  const auto groups = files.read("/proc/self/cgroup", 65536);
  if (!groups) return std::nullopt;
  constexpr Sign k_paths[] = {{"kubepods", "kubernetes"}, {"/docker", "docker"},   {"libpod", "podman"},
                              {"/lxc", "lxc"},            {"/machine.slice/machine-", "systemd-nspawn"}};
  for (const Sign& sign : k_paths) {
    if (groups->find(sign.text) != std::string::npos) return std::string(sign.name);
  }
  return std::nullopt;
}

}  // namespace

void observe_virtualization(const Host& host, const DetectOptions&, Sightings& seen) {
  seen.os.virtualization = find_virtualization(host, seen);
  seen.os.container = find_container(host);
  if (seen.os.virtualization == "wsl2") {
    seen.note(Severity::info, "wsl2-memory",
              "This is WSL2: memory and processors are what Windows gives to the Linux side, not the whole computer.",
              "Set memory= and processors= in %UserProfile%\\.wslconfig and run wsl --shutdown to give it more.");
  }
}

}  // namespace hardscape
