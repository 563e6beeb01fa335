#include "detect/cpu_features.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace hardscape {
namespace {

using enum CpuidRegister;
using enum VectorState;

// Intel SDM volume 2A "CPUID", AMD APM volume 3 appendix E; kernel words of arch/x86/include/asm/cpufeatures.h.
constexpr X86Feature k_x86[] = {
    {"sse4_2", "", 1, 0, ecx, 20, none},
    {"avx", "", 1, 0, ecx, 28, avx},
    {"f16c", "", 1, 0, ecx, 29, avx},
    {"fma", "", 1, 0, ecx, 12, avx},
    {"avx2", "", 7, 0, ebx, 5, avx},
    {"avx_vnni", "", 7, 1, eax, 4, avx},
    {"avx_vnni_int8", "", 7, 1, edx, 4, avx},
    {"avx_ne_convert", "", 7, 1, edx, 5, avx},
    {"avx512f", "", 7, 0, ebx, 16, avx512},
    {"avx512dq", "", 7, 0, ebx, 17, avx512},
    {"avx512bw", "", 7, 0, ebx, 30, avx512},
    {"avx512vl", "", 7, 0, ebx, 31, avx512},
    {"avx512_vbmi", "avx512vbmi", 7, 0, ecx, 1, avx512},
    {"avx512_vnni", "", 7, 0, ecx, 11, avx512},
    {"avx512_bf16", "", 7, 1, eax, 5, avx512},
    {"avx512_fp16", "", 7, 0, edx, 23, avx512},
    {"amx_tile", "", 7, 0, edx, 24, amx},
    {"amx_int8", "", 7, 0, edx, 25, amx},
    {"amx_bf16", "", 7, 0, edx, 22, amx},
    {"amx_fp16", "", 7, 1, eax, 21, amx},
};

struct Word {
  std::string_view architecture;  // prefix
  std::string_view kernel_word;
  std::string_view name;
};

// arch/arm64 and arch/arm HWCAP words, arch/s390, arch/loongarch.
constexpr Word k_words[] = {
    {"aarch64", "asimd", "neon"},     {"arm", "neon", "neon"},         {"aarch64", "asimdhp", "fp16"},
    {"aarch64", "asimddp", "dotprod"}, {"aarch64", "asimdfhm", "fhm"}, {"aarch64", "i8mm", "i8mm"},
    {"aarch64", "bf16", "bf16"},      {"aarch64", "sve", "sve"},       {"aarch64", "sve2", "sve2"},
    {"aarch64", "svei8mm", "svei8mm"}, {"aarch64", "svebf16", "svebf16"}, {"aarch64", "sme", "sme"},
    {"aarch64", "sme2", "sme2"},      {"s390", "vx", "vx"},            {"s390", "nnpa", "nnpa"},
    {"loongarch", "lsx", "lsx"},      {"loongarch", "lasx", "lasx"},
};

std::uint32_t value_of(const CpuidLeaf& leaf, CpuidRegister where) {
  switch (where) {
    case eax: return leaf.eax;
    case ebx: return leaf.ebx;
    case ecx: return leaf.ecx;
    case edx: return leaf.edx;
  }
  return 0;
}

// "rv64imafdcv_zvfh": single letters, then words after underscores.
std::vector<std::string> riscv(std::string_view isa) {
  std::vector<std::string> found;
  const auto parts = split(isa, '_');
  std::string_view letters = parts.empty() ? std::string_view{} : parts.front();
  if (letters.size() > 4 && letters.substr(4).find('v') != std::string_view::npos) found.emplace_back("rvv");
  for (const std::string_view part : parts) {
    if (part == "zvfh") found.emplace_back("zvfh");
  }
  return found;
}

struct VendorName {
  std::string_view id;
  std::string_view name;
};
constexpr VendorName k_vendors[] = {
    {"GenuineIntel", "Intel"}, {"AuthenticAMD", "AMD"}, {"HygonGenuine", "Hygon"},
    {"CentaurHauls", "Zhaoxin"}, {"Shanghai", "Zhaoxin"}, {"IBM/S390", "IBM"},
};

}  // namespace

std::string vendor_name(std::string_view id) {
  for (const VendorName& row : k_vendors) {
    if (id == row.id) return std::string(row.name);
  }
  return std::string(id);
}

std::span<const X86Feature> x86_features() { return k_x86; }

std::vector<std::string> x86_features_from_flags(std::string_view flags) {
  const auto words = split_words(flags);
  const std::set<std::string_view> present(words.begin(), words.end());
  std::vector<std::string> found;
  for (const X86Feature& row : k_x86) {
    if (present.contains(row.kernel_word.empty() ? row.name : row.kernel_word)) found.emplace_back(row.name);
  }
  return found;
}

std::vector<std::string> x86_features_from_cpuid(const Cpuid& cpuid, const std::function<bool(VectorState)>& usable) {
  std::vector<std::string> found;
  const auto highest = cpuid(0, 0);
  if (!highest) return found;
  const auto structured = highest->eax >= 7 ? cpuid(7, 0) : std::nullopt;
  for (const X86Feature& row : k_x86) {
    if (row.leaf > highest->eax || !usable(row.state)) continue;
    if (row.subleaf > 0 && (!structured || structured->eax < row.subleaf)) continue;
    const auto leaf = cpuid(row.leaf, row.subleaf);
    if (leaf && ((value_of(*leaf, row.where) >> row.bit) & 1U) != 0) found.emplace_back(row.name);
  }
  return found;
}

bool state_enabled(VectorState state, std::uint64_t xcr0) {
  constexpr std::uint64_t k_avx = 0x6;           // XMM and YMM
  constexpr std::uint64_t k_avx512 = 0xe6;       // and opmask, upper ZMM, ZMM16..31
  constexpr std::uint64_t k_amx = 0x60000;       // tile configuration and data
  switch (state) {
    case none: return true;
    case avx: return (xcr0 & k_avx) == k_avx;
    case avx512: return (xcr0 & k_avx512) == k_avx512;
    case amx: return (xcr0 & k_amx) == k_amx;
  }
  return false;
}

std::vector<std::string> features_from_text(std::string_view architecture, std::string_view line, std::string_view name) {
  if (architecture.starts_with("x86") || architecture.starts_with("i6")) return x86_features_from_flags(line);
  if (architecture.starts_with("riscv")) return riscv(line);
  std::vector<std::string> found;
  if (architecture.starts_with("ppc")) {
    // VSX came with POWER7, the matrix unit with POWER10 (Power ISA 2.06 and 3.1).
    const auto generation = name.starts_with("POWER") ? parse_integer(name.substr(5, name.find_first_not_of("0123456789", 5) - 5))
                                                      : std::nullopt;
    if (generation && *generation >= 7) found.emplace_back("vsx");
    if (generation && *generation >= 10) found.emplace_back("mma");
    return found;
  }
  const auto words = split_words(line);
  const std::set<std::string_view> present(words.begin(), words.end());
  for (const Word& row : k_words) {
    if (architecture.starts_with(row.architecture) && present.contains(row.kernel_word)) found.emplace_back(row.name);
  }
  return found;
}

}  // namespace hardscape
