#include "catalogue/names.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace hardscape {
namespace {

constexpr std::array<std::string_view, 37> k_vendor_words{
    "nvidia",   "amd",    "ati",       "intel",      "apple",     "qualcomm", "google", "samsung",     "mediatek", "geforce",
    "radeon",   "tesla",  "graphics",  "gpu",        "laptopgpu", "generation", "corporation", "inc",  "inc.",     "r",
    "tm",       "the",    "card",      "adapter",    "accelerator", "edition", "series", "nvidiacorporation", "gen", "integrated",
    "aws",      "amazon", "habana",    "processor",  "chip",      "platform", "soc"};
constexpr std::array<std::string_view, 12> k_family_words{"rtx", "gtx", "rx",     "arc",   "instinct",   "core",
                                                          "pro", "ai",  "quadro", "titan", "snapdragon", "data"};
constexpr std::array<std::string_view, 22> k_tuning_words{"instruct", "it",    "chat", "gguf", "hf",   "base",     "mlx",   "awq",
                                                          "gptq",     "int4",  "int8", "fp8",  "bf16", "fp16",     "nvfp4", "mxfp4",
                                                          "4bit",     "8bit",  "bnb",  "qat",  "latest", "preview"};

// Of models derived from another: parts taken out of it, or small ones that only help it.
constexpr std::array<std::string_view, 16> k_other_shape_words{"reap",  "pruned", "draft",   "drafter",   "dflash", "eagle", "eagle3", "mtp",
                                                               "dspark", "speculator", "assistant", "embedding", "reranker", "reward", "mmproj", "lora"};

bool letter(char c) { return c >= 'a' && c <= 'z'; }

// Runs of letters, digits and the characters of `also`; everything else separates.
std::vector<std::string> words_of(std::string_view name, std::string_view also) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : to_lower(name)) {
    if (letter(c) || is_digit(c) || also.find(c) != std::string_view::npos) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

template <class Keep>
std::string joined(const std::vector<std::string>& words, Keep keep) {
  std::string out;
  for (const auto& word : words)
    if (keep(word)) out += word;
  return out;
}

// Words of a device's name in one spelling: "Mobile" is a laptop's part, except in "Mobile Platform" of a phone's chip;
// "Gen3" is "Gen 3".
std::vector<std::string> device_words(std::string_view name) {
  auto words = words_of(name, "+.");
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto& word = words[i];
    if (word == "mobile") word = i + 1 < words.size() && words[i + 1] == "platform" ? "platform" : "laptop";
    if (word.size() > 3 && word.starts_with("gen") && std::all_of(word.begin() + 3, word.end(), is_digit)) word.erase(0, 3);
  }
  return words;
}

// "q4", "q8", "iq4" ... "k", "m", "xl": the pieces of a quantisation's name at the end of a file's.
bool starts_quantisation(std::string_view word) {
  const bool i = word.size() > 1 && word[0] == 'i' && word[1] == 'q';
  const std::string_view rest = word.substr(i ? 1 : 0);
  return rest.size() >= 2 && rest[0] == 'q' && std::all_of(rest.begin() + 1, rest.end(), is_digit);
}

void add(std::unordered_map<std::string, std::vector<const Device*>>& index, const std::string& key, const Device* device) {
  if (key.empty()) return;
  auto& list = index[key];
  if (std::find(list.begin(), list.end(), device) == list.end()) list.push_back(device);
}

}  // namespace

bool is_one_of(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string device_key(std::string_view name) {
  const auto words = device_words(name);
  auto key = joined(words, [](const std::string& word) { return !is_one_of(k_vendor_words, word); });
  return key.empty() ? joined(words, [](const std::string&) { return true; }) : key;
}

std::string short_device_key(std::string_view name) {
  return joined(device_words(name), [](const std::string& word) { return !is_one_of(k_vendor_words, word) && !is_one_of(k_family_words, word); });
}

namespace {

// The words of a model's name that tell it from others, of a file's name those before the quantisation.
std::vector<std::string> model_words(std::string_view name) {
  const auto slash = name.rfind('/');
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  if (name.size() > 5 && equal_ignoring_case(name.substr(name.size() - 5), ".gguf")) name.remove_suffix(5);
  auto words = words_of(name, ".");
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (!starts_quantisation(words[i])) continue;
    words.resize(i);
    if (words.size() > 1 && words.back() == "ud") words.pop_back();
  }
  while (words.size() > 1 && is_one_of(k_tuning_words, words.back())) words.pop_back();
  if (words.size() > 1 && (words.front() == "meta" || words.front() == "nvidia")) words.erase(words.begin());
  words.erase(std::remove_if(words.begin(), words.end(), [](const std::string& word) { return is_one_of(k_tuning_words, word) && word != "base"; }),
              words.end());
  return words;
}

// "27b", "0.6b", "a3b", "135m", "16e".
bool says_a_size(std::string_view word) {
  if (word.starts_with('a')) word.remove_prefix(1);
  return word.size() > 1 && (word.back() == 'b' || word.back() == 'm' || word.back() == 'e') &&
         word.substr(0, word.size() - 1).find_first_not_of("0123456789.x") == std::string_view::npos;
}

}  // namespace

std::string model_key(std::string_view name) {
  return joined(model_words(name), [](const std::string&) { return true; });
}

const ModelIndex::Entry* named_within(const ModelIndex& index, std::string_view name) {
  if (name.size() > k_longest_name) return nullptr;
  const auto words = model_words(name);
  if (std::any_of(words.begin(), words.end(), [](const std::string& word) { return is_one_of(k_other_shape_words, word); })) return nullptr;
  const auto sizes = std::count_if(words.begin(), words.end(), says_a_size);
  const ModelIndex::Entry* best = nullptr;
  std::size_t longest = 0;
  for (std::size_t first = 0; first < words.size(); ++first) {
    std::string key;
    std::ptrdiff_t within = 0;
    for (std::size_t i = first; i < words.size(); ++i) {
      key += words[i];
      if (says_a_size(words[i])) ++within;
      const auto found = within > 0 && within == sizes ? index.by_key.find(key) : index.by_key.end();
      if (found == index.by_key.end() || key.size() < longest) continue;
      const bool tie = key.size() == longest && best != nullptr && best->model != found->second.model;
      best = tie ? nullptr : &found->second;
      longest = key.size();
    }
  }
  return best;
}

DeviceIndex index_of(const std::vector<Device>& devices) {
  DeviceIndex index;
  index.by_key.reserve(devices.size() * 4);
  for (const auto& device : devices) {
    std::vector<std::string_view> names{device.id, device.name};
    names.insert(names.end(), device.aliases.begin(), device.aliases.end());
    for (const auto name : names) {
      add(index.by_key, device_key(name), &device);
      add(index.by_short_key, short_device_key(name), &device);
    }
    for (const auto& pci : device.pci_ids)
      index.by_pci[static_cast<std::uint32_t>(pci.vendor_id) << 16 | pci.device_id].push_back(&device);
  }
  return index;
}

ModelIndex index_of(const std::vector<ModelRecord>& models) {
  ModelIndex index;
  for (const auto& model : models) {
    for (const std::string_view name : {std::string_view(model.id), std::string_view(model.name), std::string_view(model.hf_id)})
      if (!name.empty()) index.by_key.insert({model_key(name), {&model, false}});
  }
  for (const auto& model : models)
    for (const auto& alias : model.aliases) index.by_key.insert({model_key(alias), {&model, false}});
  for (const auto& model : models)
    for (const auto& other : model.same_shape) index.by_key.insert({model_key(other), {&model, true}});
  return index;
}

}  // namespace hardscape
