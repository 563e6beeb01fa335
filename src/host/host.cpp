#include "hardscape/host.hpp"

#include <dlfcn.h>

#include <cstdlib>

#include "host/child.hpp"
#include "host/cpuid.hpp"

namespace hardscape {

void* Library::symbol(const char* name) const { return handle_ ? ::dlsym(handle_.get(), name) : nullptr; }

namespace {

Result<Library> open_library(const std::vector<std::string>& names) {
  std::string reasons;
  for (const auto& name : names) {
    if (void* handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL))
      return Library(std::shared_ptr<void>(handle, [](void* h) { ::dlclose(h); }), name);
    const char* reason = ::dlerror();
    if (!reasons.empty()) reasons += "; ";
    reasons += reason != nullptr ? reason : name + ": no reason given";
  }
  return Error{ErrorCode::unavailable, "opening a vendor library: " + reasons};
}

std::optional<std::string> variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

}  // namespace

Result<Host> live_host() {
  auto files = FileTree::open("/");
  if (!files) return files.error();
  return Host{*std::move(files), variable, live_cpuid(), open_library, run_in_child, true};
}

Result<Host> recorded_host(const std::string& root) {
  auto files = FileTree::open(root);
  if (!files) return files.error();
  const auto refuse = [](const auto&...) {
    return Error{ErrorCode::unavailable, "this is a recorded machine; nothing runs on it"};
  };
  return Host{*std::move(files),
              [](std::string_view) { return std::optional<std::string>(); },
              Cpuid(),
              [refuse](const std::vector<std::string>&) { return Result<Library>(refuse()); },
              [refuse](const ChildWork&, std::chrono::milliseconds) { return Result<std::string>(refuse()); },
              false};
}

}  // namespace hardscape
