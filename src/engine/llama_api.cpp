#include "engine/llama_api.hpp"

#include "hardscape/bench.hpp"

#include <unistd.h>

#include <array>
#include <vector>

namespace hardscape {
namespace {

std::string& engine_log() {
  static std::string log;
  return log;
}

std::optional<bool>& flash_attention_seen() {
  static std::optional<bool> seen;
  return seen;
}

void keep_log(ggml_log_level level, const char* text, void*) {
  constexpr std::size_t k_most = 16384;
  const std::string_view line(text);
  if (line.find("Flash Attention enabled") != std::string_view::npos) flash_attention_seen() = true;
  if (line.find("Flash Attention not supported") != std::string_view::npos) flash_attention_seen() = false;
  if (level != GGML_LOG_LEVEL_ERROR && level != GGML_LOG_LEVEL_WARN) return;
  if (engine_log().size() < k_most) engine_log() += text;
}

std::string program_folder() {
  std::array<char, 4096> path;
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) return {};
  const std::string text(path.data(), static_cast<std::size_t>(length));
  return text.substr(0, text.rfind('/'));
}

// Where the libraries may lie, in order: the user's word, beside the program, where the build found them.
std::vector<std::string> folders(const Host& host) {
  std::vector<std::string> out;
  if (const auto wish = host.environment("HARDSCAPE_LLAMA_DIR")) out.push_back(*wish);
  if (const auto beside = program_folder(); !beside.empty()) out.push_back(beside + "/../lib/hardscape");
  out.emplace_back(HARDSCAPE_LLAMA_LIBRARY_DIR);
  return out;
}

constexpr std::array<const char*, 3> k_file_names{"libllama.v0.5.0.so", "libllama.so", "libllama.so.0"};

Result<Library> open_library(const Host& host, std::string& folder) {
  std::optional<Error> failure;
  for (const auto& candidate : folders(host)) {
    for (const auto* name : k_file_names) {
      const std::string path = candidate + "/" + name;
      if (::access(path.c_str(), R_OK) != 0) continue;
      auto library = host.libraries({path});
      if (library) {
        folder = candidate;
        return library;
      }
      failure = library.error();
    }
  }
  if (failure) return *failure;
  return host.libraries({k_file_names.begin(), k_file_names.end()});
}

}  // namespace

std::string engine_release(const Host& host) {
  constexpr std::string_view k_before = "libllama.v", k_after = ".so";
  for (const auto& folder : folders(host)) {
    for (const std::string_view name : k_file_names) {
      if (::access((folder + "/" + std::string(name)).c_str(), R_OK) != 0) continue;
      const bool versioned = name.substr(0, k_before.size()) == k_before;
      return versioned ? std::string(name.substr(k_before.size(), name.size() - k_before.size() - k_after.size())) : std::string();
    }
  }
  return {};
}

std::optional<bool> take_flash_attention() { return std::exchange(flash_attention_seen(), std::nullopt); }

std::string take_engine_log() { return std::exchange(engine_log(), {}); }

Result<std::shared_ptr<const LlamaApi>> LlamaApi::open(const Host& host) {
  static std::shared_ptr<const LlamaApi> opened;
  if (opened) return opened;
  auto api = std::make_shared<LlamaApi>();
  auto library = open_library(host, api->folder);
  if (!library)
    return std::move(library).error().within(
        "opening llama.cpp (run scripts/setup-llama and build again, install it, or name its folder in HARDSCAPE_LLAMA_DIR)");
  api->library = *std::move(library);
  std::string missing;
#define HARDSCAPE_FIND(name)                                                     \
  api->name = api->library.function<std::remove_pointer_t<decltype(api->name)>>(#name); \
  if (api->name == nullptr) missing += std::string(missing.empty() ? "" : ", ") + #name;
  HARDSCAPE_LLAMA_FUNCTIONS(HARDSCAPE_FIND)
#undef HARDSCAPE_FIND
  if (!missing.empty())
    return Error{ErrorCode::unavailable, "the llama.cpp library " + api->library.name() + " lacks " + missing +
                                             "; it is another release than the one this program was built for"};
  api->llama_log_set(keep_log, nullptr);
  api->ggml_backend_load_all_from_path(api->folder.empty() ? nullptr : api->folder.c_str());
  api->llama_backend_init();
  opened = api;
  return opened;
}

}  // namespace hardscape
