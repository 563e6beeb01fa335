#include "detect/routes/cpu_files.hpp"

namespace hardscape {

std::string cpu_file(int cpu, std::string_view name) {
  std::string path = k_cpu_root;
  path += "/cpu";
  path += std::to_string(cpu);
  path += '/';
  path += name;
  return path;
}

std::optional<CpuSet> read_cpu_set(const FileTree& files, const std::string& path) {
  if (const auto text = files.read(path, k_list_limit)) {
    if (auto mask = parse_cpu_mask(*text); mask && !mask->empty()) return mask;
  }
  // "shared_cpu_map" has the twin "shared_cpu_list", "core_cpus" has "core_cpus_list".
  std::string twin = path;
  if (twin.ends_with("_map")) twin.resize(twin.size() - 4);
  if (twin.ends_with("cpumap")) twin.resize(twin.size() - 3);
  twin += twin.ends_with("cpu") && !path.ends_with("_map") ? "list" : "_list";
  if (const auto text = files.read(twin, k_list_limit)) {
    if (auto list = parse_cpu_list(*text); list && !list->empty()) return list;
  }
  return std::nullopt;
}

}  // namespace hardscape
