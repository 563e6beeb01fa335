// Instruction sets that matter to AI work: how kernels spell them, where cpuid shows them, and what state the
// operating system must keep for them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/host.hpp"

namespace hardscape {

// Register state that must be enabled in XCR0 before the instructions may be used.
enum class VectorState { none, avx, avx512, amx };

enum class CpuidRegister { eax, ebx, ecx, edx };

struct X86Feature {
  std::string_view name;         // ours and the kernel's
  std::string_view kernel_word;  // when the kernel spells it differently; else empty
  std::uint32_t leaf;
  std::uint32_t subleaf;
  CpuidRegister where;
  int bit;
  VectorState state;
};
std::span<const X86Feature> x86_features();

// "Intel" for "GenuineIntel"; the word itself when it is not known.
std::string vendor_name(std::string_view id);

// By the kernel's "flags" line: present, and enabled by the kernel.
std::vector<std::string> x86_features_from_flags(std::string_view flags);
// By leaves; `usable` says which state is enabled.
std::vector<std::string> x86_features_from_cpuid(const Cpuid& cpuid, const std::function<bool(VectorState)>& usable);

// By XCR0, as xgetbv(0) returns it: may instructions of this state be used?
bool state_enabled(VectorState state, std::uint64_t xcr0);

// "Features" of 32- and 64-bit ARM, "isa" of RISC-V, "Features" of LoongArch, "features" of s390, and the name of a
// POWER processor: whatever line of /proc/cpuinfo the architecture has.
std::vector<std::string> features_from_text(std::string_view architecture, std::string_view line, std::string_view name);

}  // namespace hardscape
