// KEY=value lines of /etc/os-release, uevent files and the udev database.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace hardscape {

// Values without their quotes; empty lines, comments and lines without '=' are left out; the last of equal keys
// wins. At most 4096 keys. `prefix` ("E:") must start a line and is taken off.
std::map<std::string, std::string, std::less<>> parse_key_values(std::string_view text, std::string_view prefix = {});

}  // namespace hardscape
