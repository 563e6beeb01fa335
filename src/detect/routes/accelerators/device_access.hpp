// May this user open the device nodes a program needs? Present, driven and usable are three things.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/host.hpp"

namespace hardscape {

struct NodeState {
  std::string path;
  bool exists = false;
  bool is_open_to_us = false;
};

NodeState node_state(const FileTree& files, const std::string& path);

// Why a program cannot open what it needs, and which group would let it; nothing when it can.
std::optional<std::string> access_refusal(const std::vector<NodeState>& nodes, bool in_container);

// Name of the render node of a device ("renderD128") below its sysfs folder; empty when it has none.
std::string render_node_of(const FileTree& files, const std::string& folder);

// All names that match a pattern with at most one '*' at its end: "/dev/accel/accel*".
std::vector<std::string> matching_nodes(const FileTree& files, std::string_view pattern);

}  // namespace hardscape
