#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/text.hpp"
#include "detect/scrub.hpp"
#include "hardscape/detect.hpp"

namespace hardscape {
namespace {

namespace fs = std::filesystem;

struct Recording {
  std::map<std::string, std::string, std::less<>> files;
  std::map<std::string, std::string, std::less<>> links;
  std::set<std::string, std::less<>> folders;
};

std::shared_ptr<const FileTree::Recorder> recorder_into(Recording& recording) {
  auto recorder = std::make_shared<FileTree::Recorder>();
  recorder->file = [&](std::string_view path, std::string_view text) {
    auto [entry, is_new] = recording.files.try_emplace(std::string(path), text);
    // Some files are read up to a point first and whole later.
    if (!is_new && entry->second.size() < text.size()) entry->second = text;
  };
  recorder->link = [&](std::string_view path, std::string_view target) {
    recording.links.emplace(std::string(path), std::string(target));
  };
  recorder->folder = [&](std::string_view path) { recording.folders.emplace(path); };
  return recorder;
}

// Folders below a listed folder, whether or not anything in them was read: their names count.
void add_entries(const FileTree& files, Recording& recording) {
  std::set<std::string, std::less<>> found;
  for (const std::string& folder : recording.folders) {
    for (const std::string& name : files.list(folder)) {
      const std::string path = folder + '/' + name;
      if (recording.links.contains(path)) continue;
      if (folder.starts_with("/dev")) {
        recording.files.try_emplace(path, "");  // a device node: that it is there is all there is to know
      } else if (files.exists(path + "/.")) {  // only a folder has that
        found.insert(path);
      }
    }
  }
  recording.folders.merge(found);
}

// Where a path lies once the recorded links on its way are followed, inside the root.
std::string resolve(const Recording& recording, const std::string& path, bool follow_last) {
  constexpr int k_most_links = 40;
  std::vector<std::string> todo;
  const auto push = [&](std::string_view text) {
    const auto parts = split(text, '/');
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      if (!part->empty() && *part != ".") todo.emplace_back(*part);
    }
  };
  push(path);
  std::string done;
  int followed = 0;
  while (!todo.empty()) {
    const std::string part = todo.back();
    todo.pop_back();
    if (part == "..") {
      done.resize(done.empty() ? 0 : done.rfind('/'));
      continue;
    }
    const std::string next = done + '/' + part;
    const auto link = recording.links.find(next);
    if (link == recording.links.end() || (todo.empty() && !follow_last) || ++followed > k_most_links) {
      done = next;
      continue;
    }
    if (link->second.starts_with('/')) done.clear();
    push(link->second);
  }
  return done.empty() ? "/" : done;
}

Status write_recording(const Recording& recording, const fs::path& root) {
  std::error_code error;
  const auto place = [&](const std::string& path, bool follow_last) {
    return root / fs::path(scrub_identifiers(resolve(recording, path, follow_last))).relative_path();
  };
  for (const std::string& folder : recording.folders) {
    fs::create_directories(place(folder, true), error);
    if (error) return Error{ErrorCode::io, "making the folder " + place(folder, true).string() + ": " + error.message()};
  }
  for (const auto& [path, text] : recording.files) {
    const auto kept = scrub(path, text);
    if (!kept) continue;
    const fs::path file = place(path, true);
    fs::create_directories(file.parent_path(), error);
    std::ofstream out(file, std::ios::binary);
    out << *kept;
    if (!out.flush()) return Error{ErrorCode::io, "writing " + file.string() + ": the system refused"};
  }
  for (const auto& [path, target] : recording.links) {
    const fs::path link = place(path, false);
    fs::create_directories(link.parent_path(), error);
    fs::create_symlink(scrub_identifiers(target), link, error);
    if (error && error != std::errc::file_exists)
      return Error{ErrorCode::io, "making the link " + link.string() + ": " + error.message()};
    error.clear();
  }
  return Done{};
}

}  // namespace

Result<Machine> gather(const Host& host, const std::string& folder, const DetectOptions& options) {
  std::error_code error;
  const fs::path target = fs::path(folder).lexically_normal();
  if (fs::exists(target, error) && !(fs::is_directory(target, error) && fs::is_empty(target, error))) {
    return Error{ErrorCode::invalid_argument,
                 "recording this machine in " + folder + ": the folder exists and is not empty; name a new one"};
  }
  Recording recording;
  Host watched = host;
  watched.files.set_recorder(recorder_into(recording));
  Machine machine = detect(watched, options);
  add_entries(host.files, recording);
  // What drivers and instructions said cannot be read from files again.
  if (host.is_live) recording.files["/hardscape/machine.json"] = to_json(machine);

  std::string name = target.string();
  while (name.size() > 1 && name.ends_with('/')) name.pop_back();
  const fs::path unfinished = name + ".unfinished-" + std::to_string(::getpid());
  fs::create_directories(unfinished, error);
  if (error) return Error{ErrorCode::io, "making the folder " + unfinished.string() + ": " + error.message()};
  auto written = write_recording(recording, unfinished);
  if (written) {
    fs::rename(unfinished, name, error);
    if (error) written = Error{ErrorCode::io, "moving the finished recording to " + name + ": " + error.message()};
  }
  if (!written) {
    fs::remove_all(unfinished, error);
    return written.error();
  }
  return machine;
}

}  // namespace hardscape
