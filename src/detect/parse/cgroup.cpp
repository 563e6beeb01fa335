#include "detect/parse/cgroup.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace hardscape {
namespace {

struct Mount {
  std::string point;
  std::string root = "/";  // the part of the hierarchy that is mounted there
  std::string type;        // "cgroup", "cgroup2", "cpuset"
  std::string options;
};

constexpr std::size_t k_most_mounts = 4096;
constexpr std::size_t k_most_ancestors = 64;

// Mount points have octal escapes for white space.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      if (const auto code = parse_unsigned(text.substr(i + 1, 3), 8); code && *code < 128) {
        out += static_cast<char>(*code);
        i += 3;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::vector<Mount> parse_mounts(std::string_view text) {
  std::vector<Mount> mounts;
  for (const std::string_view line : split_lines(text)) {
    const auto words = split_words(line);
    Mount mount;
    const auto dash = std::find(words.begin(), words.end(), "-");
    if (dash != words.end() && words.size() >= 10 && words.end() - dash >= 4) {  // mountinfo
      mount = {unescape(words[4]), unescape(words[3]), std::string(dash[1]), std::string(dash[3])};
    } else if (words.size() >= 4) {
      mount = {unescape(words[1]), "/", std::string(words[2]), std::string(words[3])};
    }
    if (mount.type == "cgroup" || mount.type == "cgroup2" || mount.type == "cpuset") mounts.push_back(std::move(mount));
    if (mounts.size() == k_most_mounts) break;
  }
  return mounts;
}

bool lists(std::string_view options, std::string_view word) {
  for (const std::string_view option : split(options, ',')) {
    if (option == word) return true;
  }
  return false;
}

std::string_view name_of(CgroupController controller) {
  switch (controller) {
    case CgroupController::memory: return "memory";
    case CgroupController::cpuset: return "cpuset";
    case CgroupController::cpu: return "cpu";
  }
  return {};
}

// The folders of `path` and its ancestors below a mount that shows the hierarchy from `mount.root` on.
std::vector<std::string> ancestors(const Mount& mount, std::string_view path) {
  if (mount.root != "/" && path.starts_with(mount.root)) path = path.substr(mount.root.size());
  if (path.find("/..") != std::string_view::npos) path = "/";  // outside our cgroup namespace
  std::vector<std::string> folders;
  while (folders.size() < k_most_ancestors) {
    while (path.ends_with('/')) path.remove_suffix(1);
    folders.push_back((mount.point == "/" ? "" : mount.point) + std::string(path));
    const std::size_t slash = path.rfind('/');
    if (path.empty() || slash == std::string_view::npos) break;
    path = path.substr(0, slash);
  }
  return folders;
}

}  // namespace

std::vector<CgroupFolders> cgroup_folders(CgroupController controller, std::string_view self_cgroup,
                                          std::string_view self_cpuset, std::string_view mount_table) {
  std::optional<std::string> legacy;
  std::optional<std::string> unified;
  for (const std::string_view line : split_lines(self_cgroup)) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string_view path = line.substr(second + 1);
    if (controllers.empty()) unified = path;
    if (lists(controllers, name_of(controller))) legacy = path;
  }
  const std::string cpuset(trim(self_cpuset));
  if (controller == CgroupController::cpuset && cpuset.starts_with("/") && !legacy) {
    if (!unified) unified = cpuset;
    legacy = cpuset;
  }

  auto mounts = parse_mounts(mount_table);
  if (mounts.empty()) {
    mounts.push_back({"/sys/fs/cgroup", "/", "cgroup2", ""});
    mounts.push_back({"/sys/fs/cgroup/" + std::string(name_of(controller)), "/", "cgroup", std::string(name_of(controller))});
  }
  std::vector<CgroupFolders> found;
  for (const Mount& mount : mounts) {
    const bool own_file_system = mount.type == "cpuset" && controller == CgroupController::cpuset;
    if (legacy && (own_file_system || (mount.type == "cgroup" && lists(mount.options, name_of(controller)))))
      found.push_back({1, ancestors(mount, *legacy)});
  }
  for (const Mount& mount : mounts) {
    if (unified && mount.type == "cgroup2") found.push_back({2, ancestors(mount, *unified)});
  }
  return found;
}

std::optional<Bytes> parse_memory_limit(std::string_view text) {
  const auto value = parse_integer(trim(text));
  // Version 1 writes "no limit" as the largest whole number of pages.
  constexpr std::int64_t k_no_limit = std::int64_t{1} << 60;
  if (!value || *value <= 0 || *value >= k_no_limit) return std::nullopt;
  return Bytes{*value};
}

std::optional<double> parse_cpu_max(std::string_view text) {
  const auto words = split_words(text);
  if (words.size() != 2) return std::nullopt;
  const auto quota = parse_integer(words[0]);
  const auto period = parse_integer(words[1]);
  if (!quota || !period || *quota <= 0 || *period <= 0) return std::nullopt;
  return static_cast<double>(*quota) / static_cast<double>(*period);
}

std::optional<Bytes> parse_resource_limit(std::string_view limits, std::string_view name) {
  for (const std::string_view line : split_lines(limits)) {
    if (!line.starts_with(name)) continue;
    const auto words = split_words(line.substr(name.size()));
    return words.empty() ? std::nullopt : parse_memory_limit(words[0]);
  }
  return std::nullopt;
}

std::optional<Bytes> parse_memory_stat(std::string_view text, std::string_view key) {
  for (const std::string_view line : split_lines(text)) {
    const auto words = split_words(line);
    if (words.size() != 2 || words[0] != key) continue;
    const auto value = parse_integer(words[1]);
    if (!value || *value < 0) return std::nullopt;
    return Bytes{*value};
  }
  return std::nullopt;
}

}  // namespace hardscape
