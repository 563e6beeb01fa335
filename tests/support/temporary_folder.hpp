// A folder of its own for one test, gone with it.
#pragma once

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace hardscape {

class TemporaryFolder {
 public:
  TemporaryFolder() : TemporaryFolder(std::filesystem::temp_directory_path()) {}
  explicit TemporaryFolder(const std::filesystem::path& parent) {
    std::string pattern = (parent / "hardscape-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

  // Writes a file below the folder, making the folders it needs.
  void write(std::string_view name, std::string_view text) const {
    const std::filesystem::path file = std::filesystem::path(path_) / std::filesystem::path(name).relative_path();
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  void link(std::string_view name, std::string_view target) const {
    const std::filesystem::path file = std::filesystem::path(path_) / std::filesystem::path(name).relative_path();
    std::filesystem::create_directories(file.parent_path());
    std::filesystem::create_symlink(std::filesystem::path(target), file);
  }

 private:
  std::string path_;
};

}  // namespace hardscape
