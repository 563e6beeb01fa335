#include "measure/cpu/cores.hpp"

#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <string>
#include <thread>

#include "base/text.hpp"

namespace hardscape::measuring {
namespace {

constexpr std::int64_t k_most_cpus = 8192;

bool holds(const std::vector<int>& sorted, int cpu) { return std::binary_search(sorted.begin(), sorted.end(), cpu); }

std::vector<int> siblings(const FileTree& files, int cpu) {
  const std::string folder = "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
  for (const char* name : {"core_cpus_list", "thread_siblings_list"})
    if (const auto text = files.read_line(folder + name)) return parse_cpu_list(*text);
  return {};
}

}  // namespace

std::vector<int> parse_cpu_list(std::string_view text) {
  std::vector<int> out;
  for (const auto part : split(trim(text), ',')) {
    const auto dash = part.find('-');
    const auto first = parse_integer(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_integer(part.substr(dash + 1));
    if (!first || !last || *first < 0 || *last < *first || *last >= k_most_cpus) return {};
    for (auto cpu = *first; cpu <= *last; ++cpu) out.push_back(static_cast<int>(cpu));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

CoreChoice choose_cores(const FileTree& files, const std::vector<int>& allowed, std::optional<int> most) {
  CoreChoice out;
  out.logical = static_cast<int>(allowed.size());
  std::vector<int> sorted = allowed;
  std::sort(sorted.begin(), sorted.end());
  std::vector<int> cores;
  for (const int cpu : sorted) {
    const auto same_core = siblings(files, cpu);
    const bool another_first = std::any_of(same_core.begin(), same_core.end(), [&](int other) { return other < cpu && holds(cores, other); });
    if (!another_first) cores.push_back(cpu);
  }

  for (const auto& name : files.list("/sys/devices/system/node")) {
    if (!name.starts_with("node") || !parse_integer(std::string_view(name).substr(4))) continue;
    std::vector<int> here;
    for (const int cpu : parse_cpu_list(files.read_line("/sys/devices/system/node/" + name + "/cpulist").value_or("")))
      if (holds(cores, cpu)) here.push_back(cpu);
    if (!here.empty()) out.nodes.push_back(std::move(here));
  }
  std::size_t in_nodes = 0;
  for (const auto& node : out.nodes) in_nodes += node.size();
  // Broken firmware tables put a processor into two nodes or none.
  if (in_nodes != cores.size()) out.nodes = {cores};

  const std::size_t wanted = most ? std::min(cores.size(), static_cast<std::size_t>(std::max(1, *most))) : cores.size();
  for (std::size_t total = cores.size(); total > wanted; --total)
    std::max_element(out.nodes.begin(), out.nodes.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); })->pop_back();
  std::erase_if(out.nodes, [](const auto& node) { return node.empty(); });
  for (const auto& node : out.nodes) out.cpus.insert(out.cpus.end(), node.begin(), node.end());
  std::sort(out.cpus.begin(), out.cpus.end());
  return out;
}

std::vector<int> allowed_cpus() {
  std::vector<int> out;
#ifdef __linux__
  // The kernel refuses a set smaller than its own; grow until it fits.
  for (int count = 1024; count <= k_most_cpus; count *= 2) {
    cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(count));
    const std::size_t size = CPU_ALLOC_SIZE(static_cast<std::size_t>(count));
    const bool known = set != nullptr && ::sched_getaffinity(0, size, set) == 0;
    if (known)
      for (int cpu = 0; cpu < count; ++cpu)
        if (CPU_ISSET_S(static_cast<std::size_t>(cpu), size, set)) out.push_back(cpu);
    CPU_FREE(set);
    if (known) return out;
  }
#endif
  const int count = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  for (int cpu = 0; cpu < count; ++cpu) out.push_back(cpu);
  return out;
}

}  // namespace hardscape::measuring
