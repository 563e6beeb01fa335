// Files that the build put into the program.
#pragma once

#include <cstddef>
#include <string_view>

namespace hardscape {

struct EmbeddedFile {
  const char* name;   // relative to the folder it came from: "accelerators/nvidia.json"
  const char* begin;
  const char* end;

  std::string_view text() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

// Of the file with this name; empty when the build lacks it.
std::string_view embedded_text(std::string_view name);

extern const EmbeddedFile k_data_files[];
extern const std::size_t k_data_files_count;

}  // namespace hardscape
