#include "detect/parse/cpuinfo.hpp"

#include <map>

#include "base/text.hpp"

namespace hardscape {
namespace {

std::optional<int> small_number(std::string_view text) {
  const bool hex = text.starts_with("0x");
  const auto value = hex ? parse_integer(text.substr(2), 16) : parse_integer(text);
  if (!value || *value < 0 || *value > 0x7fffffff) return std::nullopt;
  return static_cast<int>(*value);
}

bool has_word(std::string_view words, std::string_view word) {
  for (const std::string_view w : split_words(words)) {
    if (w == word) return true;
  }
  return false;
}

// What the text tells about the instruction set it was written on.
std::string architecture_of(const std::map<std::string, std::string, std::less<>>& first) {
  const auto value = [&](std::string_view key) {
    const auto found = first.find(key);
    return found == first.end() ? std::string_view{} : std::string_view(found->second);
  };
  if (!value("flags").empty()) return has_word(value("flags"), "lm") ? "x86_64" : "i686";
  if (const auto arm = value("CPU architecture"); !arm.empty()) {
    if (arm == "AArch64" || value("Processor").find("aarch64") != std::string_view::npos) return "aarch64";
    return parse_integer(arm.substr(0, 1)).value_or(0) >= 8 ? "aarch64" : "armv7l";
  }
  if (const auto isa = value("isa"); isa.starts_with("rv")) return isa.starts_with("rv32") ? "riscv32" : "riscv64";
  if (const auto cpu = value("cpu"); cpu.starts_with("POWER") || cpu.starts_with("PPC"))
    return cpu.find("POWER8") != cpu.npos || cpu.find("POWER9") != cpu.npos || cpu.find("POWER1") != cpu.npos ? "ppc64le"
                                                                                                         : "ppc64";
  if (value("vendor_id") == "IBM/S390") return "s390x";
  if (value("arch") == "IA-64") return "ia64";
  if (value("cpu").find("Sparc") != std::string_view::npos || !value("ncpus active").empty()) return "sparc64";
  if (value("CPU Family").starts_with("Loongson") || value("system type").find("Loongson") != std::string_view::npos ||
      value("ISA").starts_with("loongarch"))
    return "loongarch64";
  if (value("cpu").starts_with("Cell")) return "ppc64";
  return {};
}

}  // namespace

Cpuinfo parse_cpuinfo(std::string_view text) {
  Cpuinfo info;
  std::map<std::string, std::string, std::less<>> first;  // the first value of each key
  bool in_block = false;
  for (std::string_view line : split_lines(text)) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    if (key.empty()) continue;
    // "Processor : ARMv7 ..." heads old ARM texts and is no number.
    if (key == "processor" && small_number(value)) {
      if (info.processors.size() >= CpuSet::k_limit) break;
      info.processors.push_back({});
      info.processors.back().number = *small_number(value);
      in_block = true;
      continue;
    }
    // s390: "processor 0: version = 00, ..." names the number in the key.
    if (key.starts_with("processor ") && small_number(trim(key.substr(10)))) {
      if (info.processors.size() >= CpuSet::k_limit) break;
      info.processors.push_back({});
      info.processors.back().number = *small_number(trim(key.substr(10)));
      continue;
    }
    if (in_block) {
      CpuinfoProcessor& processor = info.processors.back();
      if (key == "physical id") processor.physical_id = small_number(value);
      if (key == "core id") processor.core_id = small_number(value);
      if (key == "CPU implementer") processor.implementer = small_number(value);
      if (key == "CPU part") processor.part = small_number(value);
    }
    if (value.empty()) continue;
    if (first.size() < 256) first.try_emplace(std::string(key), value.substr(0, 16384));
  }
  const auto take = [&](std::initializer_list<std::string_view> keys) -> std::string {
    for (const std::string_view key : keys) {
      if (const auto found = first.find(key); found != first.end()) return found->second;
    }
    return {};
  };
  info.vendor_id = take({"vendor_id", "vendor"});
  info.name = take({"model name", "Model Name", "cpu model", "cpu"});
  info.hardware = take({"Hardware"});
  info.model = take({"Model"});
  info.revision = take({"Revision"});
  info.flags = take({"flags", "Features", "features", "isa"});
  info.architecture = architecture_of(first);
  info.hypervisor = info.architecture.starts_with("x86") && has_word(info.flags, "hypervisor");
  // "POWER9, altivec supported": the second half is no name.
  if (const std::size_t comma = info.name.find(','); info.architecture.starts_with("ppc") && comma != std::string::npos)
    info.name.resize(comma);
  // ARM kernels write "ARMv7 Processor rev 1 (v7l)" there, which names nothing.
  if (info.name.find("Processor rev") != std::string::npos) info.name.clear();
  return info;
}

CpuinfoTopology topology_of(const Cpuinfo& info) {
  CpuinfoTopology topology;
  std::map<std::pair<int, int>, CpuSet> cores;
  std::map<int, CpuSet> packages;
  for (const CpuinfoProcessor& processor : info.processors) {
    if (processor.number >= CpuSet::k_limit) continue;
    topology.online.add(processor.number);
    const int package = processor.physical_id.value_or(0);
    packages[package].add(processor.number);
    // Without a core id each logical processor is a core of its own.
    const int core = processor.core_id ? *processor.core_id : -1 - processor.number;
    cores[{package, core}].add(processor.number);
  }
  for (auto& [key, cpus] : cores) topology.cores.push_back(std::move(cpus));
  for (auto& [key, cpus] : packages) topology.packages.push_back(std::move(cpus));
  return topology;
}

}  // namespace hardscape
