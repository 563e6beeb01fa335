#include "detect/parse/macos_sysctl.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"

namespace hardscape {
namespace {

class Values {
 public:
  explicit Values(std::string_view text) {
    constexpr std::size_t k_most = 8192;
    for (const std::string_view line : split_lines(text)) {
      // "sysctl -a" writes "key: value", some copies "key = value".
      const std::size_t end = line.find_first_of(":=");
      if (end == std::string_view::npos || values_.size() >= k_most) continue;
      values_.try_emplace(std::string(trim(line.substr(0, end))), trim(line.substr(end + 1)));
    }
  }
  std::string text(const std::string& key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? std::string() : found->second;
  }
  std::optional<std::int64_t> number(const std::string& key) const {
    const auto value = parse_integer(text(key));
    return value && *value >= 0 ? value : std::nullopt;
  }
  int count(const std::string& key, int otherwise = 0) const {
    const auto value = number(key);
    return value && *value > 0 && *value <= 4096 ? static_cast<int>(*value) : otherwise;
  }
  bool is_set(const std::string& key) const { return number(key).value_or(0) == 1; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

struct Feature {
  const char* key;
  const char* name;
};
constexpr Feature k_features[] = {
    {"hw.optional.neon", "neon"},
    {"hw.optional.AdvSIMD", "neon"},
    {"hw.optional.arm.AdvSIMD", "neon"},
    {"hw.optional.arm.FEAT_FP16", "fp16"},
    {"hw.optional.arm.FEAT_DotProd", "dotprod"},
    {"hw.optional.arm.FEAT_FHM", "fhm"},
    {"hw.optional.arm.FEAT_I8MM", "i8mm"},
    {"hw.optional.arm.FEAT_BF16", "bf16"},
    {"hw.optional.arm.FEAT_SME", "sme"},
    {"hw.optional.arm.FEAT_SME2", "sme2"},
    {"hw.optional.sse4_2", "sse4_2"},
    {"hw.optional.avx1_0", "avx"},
    {"hw.optional.f16c", "f16c"},
    {"hw.optional.fma", "fma"},
    {"hw.optional.avx2_0", "avx2"},
    {"hw.optional.avx512f", "avx512f"},
    {"hw.optional.avx512dq", "avx512dq"},
    {"hw.optional.avx512bw", "avx512bw"},
    {"hw.optional.avx512vl", "avx512vl"},
    {"hw.optional.avx512vbmi", "avx512_vbmi"},
};

std::optional<Bytes> size_of(std::optional<std::int64_t> value) {
  if (!value || *value <= 0) return std::nullopt;
  return Bytes{*value};
}

// Processors first .. first + count - 1, `each` to a group.
std::vector<CpuSet> groups_of(int first, int count, int each) {
  std::vector<CpuSet> groups;
  for (int at = first; at < first + count; at += std::max(each, 1))
    groups.push_back(CpuSet::range(at, std::min(at + std::max(each, 1), first + count) - 1));
  return groups;
}

void add_caches(TopologySighting& topology, int level, const char* type, std::optional<Bytes> size, std::vector<CpuSet> groups) {
  if (!size) return;
  for (CpuSet& group : groups) topology.caches.push_back({level, type, size, std::move(group)});
}

// One level of performance: processors from `first` on.
int add_level(const Values& values, const std::string& prefix, const char* fallback_name, int first, TopologySighting& topology) {
  const int cores = values.count(prefix + "physicalcpu");
  const int threads = std::max(values.count(prefix + "logicalcpu", cores), cores);
  if (cores == 0) return first;
  const int per_core = std::max(threads / cores, 1);
  for (CpuSet& core : groups_of(first, threads, per_core)) topology.cores.push_back(std::move(core));
  add_caches(topology, 1, "instruction", size_of(values.number(prefix + "l1icachesize")), groups_of(first, threads, per_core));
  add_caches(topology, 1, "data", size_of(values.number(prefix + "l1dcachesize")), groups_of(first, threads, per_core));
  add_caches(topology, 2, "unified", size_of(values.number(prefix + "l2cachesize")),
             groups_of(first, threads, values.count(prefix + "cpusperl2", per_core)));
  if (fallback_name != nullptr) {
    std::string name = to_lower(values.text(prefix + "name"));
    if (name.empty()) name = fallback_name;
    topology.kinds.push_back({name, CpuSet::range(first, first + threads - 1)});
  }
  return first + threads;
}

}  // namespace

void parse_macos_sysctl(std::string_view text, Sightings& seen) {
  const Values values(text);
  const int threads = values.count("hw.logicalcpu", values.count("hw.ncpu"));
  if (threads == 0) return;
  TopologySighting& topology = seen.topology;
  topology.route = "sysctl";

  const int levels = values.count("hw.nperflevels", 1);
  if (levels > 1 && levels <= 8) {
    int next = 0;
    for (int level = 0; level < levels; ++level)
      next = add_level(values, "hw.perflevel" + std::to_string(level) + '.', level == 0 ? "performance" : "efficiency", next, topology);
    topology.online = CpuSet::range(0, next - 1);
  }
  if (topology.online.empty()) {
    add_level(values, "hw.", nullptr, 0, topology);
    topology.online = CpuSet::range(0, threads - 1);
    if (topology.cores.empty()) topology.cores = groups_of(0, threads, 1);
    const int packages = values.count("hw.packages", 1);
    add_caches(topology, 3, "unified", size_of(values.number("hw.l3cachesize")), groups_of(0, threads, threads / packages));
  }
  topology.present = topology.online;
  const int packages = values.count("hw.packages", 1);
  topology.packages = groups_of(0, topology.online.count(), std::max(topology.online.count() / packages, 1));

  seen.os.name = "macOS";
  if (const auto version = values.text("kern.osproductversion"); !version.empty()) seen.os.version = version;
  if (const auto kernel = values.text("kern.osrelease"); !kernel.empty()) seen.os.kernel = "Darwin " + kernel;
  if (values.is_set("kern.hv_vmm_present")) seen.os.virtualization = "apple";
  if (const auto model = values.text("hw.model"); !model.empty()) seen.board = "Apple " + model;
  const std::string brand = values.text("machdep.cpu.brand_string");
  if (!brand.empty()) seen.processor.name = brand;
  seen.processor.vendor = brand.substr(0, brand.find_first_of(" ("));
  seen.processor.architecture = brand.starts_with("Apple") || values.is_set("hw.optional.arm64") ? "aarch64" : "x86_64";
  for (const Feature& feature : k_features) {
    auto& known = seen.processor.features;
    if (values.is_set(feature.key) && std::find(known.begin(), known.end(), feature.name) == known.end())
      known.emplace_back(feature.name);
  }
  seen.memory.total = size_of(values.number("hw.memsize_usable"));
  if (!seen.memory.total) seen.memory.total = size_of(values.number("hw.memsize"));
  if (values.is_set("sysctl.proc_translated")) {
    seen.note(Severity::warning, "translated",
              "This program runs translated from x86 by Rosetta; the processor can do more than is shown here.",
              "Use the build for Apple silicon.");
  }
}

}  // namespace hardscape
