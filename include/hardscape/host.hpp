// The seams to the world: files, processes, libraries, the cpuid instruction, the clock.
//
// One plain Host of them is passed down as const Host&; there are no globals. Detection against a
// recorded machine uses the same code with another Host. Thread-safe unless a member says otherwise.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/result.hpp"

namespace hardscape {

// Files below one root. Paths are absolute within it ("/proc/meminfo"). Symbolic links are followed but
// never out of the root; only regular files are read, and at most `k_read_limit` bytes of each.
class FileTree {
 public:
  static constexpr std::size_t k_read_limit = 4u << 20;

  static Result<FileTree> open(const std::string& root);

  bool is_live() const { return live_; }
  const std::string& root() const { return root_; }

  // The whole text; nothing when absent, unreadable or not a regular file. NULs are kept.
  std::optional<std::string> read(std::string_view path, std::size_t limit = k_read_limit) const;
  // The same without trailing white space and NULs; nothing when that leaves it empty.
  std::optional<std::string> read_line(std::string_view path) const;
  // A whole number in decimal (or hexadecimal with 0x); nothing when it is anything else or overflows.
  std::optional<std::int64_t> read_number(std::string_view path) const;
  // Names in a folder in natural order ("cpu2" before "cpu10"), without . and ..; empty when absent.
  std::vector<std::string> list(std::string_view path) const;
  // Last component of a link's target ("nvidia" for .../driver -> ../../bus/pci/drivers/nvidia).
  std::optional<std::string> link_name(std::string_view path) const;
  std::optional<std::string> link_target(std::string_view path) const;
  bool exists(std::string_view path) const;
  // May this process open it for reading and writing? Device nodes; never opens them.
  bool is_accessible(std::string_view path) const;

  // Called with each path and text that read() returned and each link target; used by --gather.
  struct Recorder {
    std::function<void(std::string_view path, std::string_view text)> file;
    std::function<void(std::string_view path, std::string_view target)> link;
    std::function<void(std::string_view path)> folder;
  };
  void set_recorder(std::shared_ptr<const Recorder> recorder) { recorder_ = std::move(recorder); }

 private:
  std::string root_;
  bool live_ = false;
  std::shared_ptr<const int> descriptor_;
  std::shared_ptr<const Recorder> recorder_;
};

// Leaves of the cpuid instruction, or of a recording of it; absent where the architecture has none.
struct CpuidLeaf {
  std::uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
};
using Cpuid = std::function<std::optional<CpuidLeaf>(std::uint32_t leaf, std::uint32_t subleaf)>;

// Environment variables by name, as the process (or a test) has them.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

// A shared library opened at run time; closes when the last copy goes.
class Library {
 public:
  Library() = default;
  explicit Library(std::shared_ptr<void> handle, std::string name) : handle_(std::move(handle)), name_(std::move(name)) {}
  explicit operator bool() const { return handle_ != nullptr; }
  const std::string& name() const { return name_; }
  // Null when the library lacks it.
  void* symbol(const char* name) const;
  template <class Function>
  Function* function(const char* name) const {
    return reinterpret_cast<Function*>(symbol(name));
  }

 private:
  std::shared_ptr<void> handle_;
  std::string name_;
};

// Opens the first of `names` that the loader finds.
using LibraryLoader = std::function<Result<Library>(const std::vector<std::string>& names)>;

// Runs `work` in a child process and returns the bytes it wrote to the given descriptor, or an error when
// it crashed or took longer than the limit (it is then killed). For vendor libraries that may hang.
using ChildWork = std::function<void(int write_descriptor)>;
using ChildRunner = std::function<Result<std::string>(const ChildWork& work, std::chrono::milliseconds limit)>;

struct Host {
  FileTree files;
  Environment environment;
  Cpuid cpuid;                      // empty when the machine is a recording without leaves
  LibraryLoader libraries;          // fails with `unavailable` on a recording
  ChildRunner child;
  bool is_live = false;             // this computer, not a recording
};

// This computer.
Result<Host> live_host();
// A recorded machine below `root`: files only; nothing of this computer leaks in.
Result<Host> recorded_host(const std::string& root);

// Writes a whole file or nothing: readers see the old content or the new one, and a crash or Ctrl-C leaves
// no half-written file. `replace` false refuses an existing file.
Status write_file(const std::string& path, std::string_view text, bool replace = true);
// The text of a file the user named; an error says what was wrong and with which file.
Result<std::string> read_file(const std::string& path, std::size_t limit = 1u << 30);

}  // namespace hardscape
