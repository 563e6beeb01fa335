// Opening a path below a folder without openat2: link by link, never above the folder.
#pragma once

#include <string_view>

namespace hardscape {

// Like openat2 with RESOLVE_IN_ROOT: absolute targets start at `root`, ".." stops there, at most 40 links.
// Returns a descriptor or -1.
int open_walking(int root, std::string_view path, int flags);

}  // namespace hardscape
