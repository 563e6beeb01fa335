// A recorded machine that was packed by scripts/machine_tree.py, laid out in a folder of its own.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "support/read_whole.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape {

// The bytes of one escaped line; `complete` says whether a newline follows.
inline std::string unescape_line(std::string_view line, bool& complete) {
  std::string out;
  complete = true;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      out += line[i];
    } else if (line[i + 1] == 'x' && i + 3 < line.size()) {
      out += static_cast<char>(parse_unsigned(line.substr(i + 2, 2), 16).value_or(0));
      i += 3;
    } else if (line[i + 1] == 'c' && i + 2 == line.size()) {
      complete = false;
      ++i;
    } else {
      out += line[++i];
    }
  }
  return out;
}

// Thousands of small files are quick to make in memory only.
inline std::filesystem::path folder_for_small_files() {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code error;
  const bool usable = std::filesystem::is_directory(memory, error) && ::access(memory.c_str(), W_OK) == 0;
  return usable ? memory : std::filesystem::temp_directory_path();
}

class PackedMachine {
 public:
  // `tree` is the path of a tree.txt; see docs/formats/machine_tree.md.
  explicit PackedMachine(const std::string& tree) {
    const std::string text = read_whole(tree);
    const auto lines = split(text, '\n');
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::string_view line = lines[i];
      if (line.empty()) continue;
      if (line.ends_with(" |")) {
        std::string body;
        while (i + 1 < lines.size() && lines[i + 1].starts_with("| ")) append(body, lines[++i].substr(2));
        folder_.write(line.substr(0, line.size() - 2), body);
      } else if (const auto equals = line.find(" = "); equals != std::string_view::npos) {
        std::string body;
        append(body, line.substr(equals + 3));
        folder_.write(line.substr(0, equals), body);
      } else if (const auto arrow = line.find(" -> "); arrow != std::string_view::npos) {
        folder_.link(line.substr(0, arrow), line.substr(arrow + 4));
      } else if (line.ends_with('/')) {
        std::filesystem::create_directories(folder_ / line.substr(1));
      }
    }
  }

  const std::string& root() const { return folder_.path(); }
  const TemporaryFolder& folder() const { return folder_; }

 private:
  static void append(std::string& body, std::string_view line) {
    bool complete = true;
    body += unescape_line(line, complete);
    if (complete) body += '\n';
  }

  TemporaryFolder folder_{folder_for_small_files()};
};

// The folders of tests/machines, by name.
inline std::vector<std::string> packed_machines() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(HARDSCAPE_SOURCE_DIR) + "/tests/machines")) {
    if (std::filesystem::exists(entry.path() / "tree.txt")) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace hardscape
