// Taking out of recorded files what identifies a machine or a person.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hardscape {

// The text to keep of a file; nothing when the whole file names one machine (a serial number, a UUID, a MAC
// address, an asset tag). Elsewhere UUIDs and MAC addresses become zeros of the same length, lines that hold serial
// numbers go, and tables that list all of the system (mounts, process status) keep only the lines detection needs.
std::optional<std::string> scrub(std::string_view path, std::string_view text);

// UUIDs, MAC addresses and digests as zeros; the length stays.
std::string scrub_identifiers(std::string_view text);

}  // namespace hardscape
