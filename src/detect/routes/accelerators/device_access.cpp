#include "detect/routes/accelerators/device_access.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace hardscape {
namespace {

// Groups that distributions give to these nodes (systemd's 50-udev-default.rules).
std::string_view group_of(std::string_view path) {
  if (path.starts_with("/dev/dri/card")) return "video";
  if (path.starts_with("/dev/apex")) return "apex";
  return "render";
}

}  // namespace

NodeState node_state(const FileTree& files, const std::string& path) {
  return {path, files.exists(path), files.is_accessible(path)};
}

std::optional<std::string> access_refusal(const std::vector<NodeState>& nodes, bool in_container) {
  for (const NodeState& node : nodes) {
    if (!node.exists) {
      return in_container ? fmt::format("{} is not in this container; pass the device to it (--device={}).", node.path, node.path)
                          : fmt::format("{} does not exist; its driver did not come up.", node.path);
    }
    if (!node.is_open_to_us) {
      return fmt::format("This user may not open {}; join the group that owns it (sudo usermod -aG {} $USER) and log in again.",
                         node.path, group_of(node.path));
    }
  }
  return std::nullopt;
}

std::string render_node_of(const FileTree& files, const std::string& folder) {
  for (const std::string& name : files.list(folder + "/drm")) {
    if (name.starts_with("renderD")) return name;
  }
  return {};
}

std::vector<std::string> matching_nodes(const FileTree& files, std::string_view pattern) {
  std::vector<std::string> paths;
  const auto slash = pattern.rfind('/');
  if (slash == std::string_view::npos || !pattern.ends_with('*')) {
    if (files.exists(pattern)) paths.emplace_back(pattern);
    return paths;
  }
  const std::string folder(pattern.substr(0, slash));
  const std::string_view start = pattern.substr(slash + 1, pattern.size() - slash - 2);
  for (const std::string& name : files.list(folder)) {
    if (name.starts_with(start)) paths.push_back(folder + '/' + name);
  }
  return paths;
}

}  // namespace hardscape
