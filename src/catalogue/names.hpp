// Names as drivers, shops and people write them, made comparable, and the indexes over them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hardscape/catalogue.hpp"

namespace hardscape {

// Longer than any name of a device or model; text beyond it is no name, and looking for it would cost.
inline constexpr std::size_t k_longest_name = 120;

bool is_one_of(std::span<const std::string_view> words, std::string_view word);

// Lower case without vendor words, marks and punctuation: "NVIDIA GeForce RTX 4090" and "rtx-4090" are "rtx4090".
std::string device_key(std::string_view name);
// Without family words as well: "4090".
std::string short_device_key(std::string_view name);
// Without organisation, tuning and file words: "Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf" is "llama3.18b".
std::string model_key(std::string_view name);

struct DeviceIndex {
  std::unordered_map<std::string, std::vector<const Device*>> by_key;        // ids, names, aliases
  std::unordered_map<std::string, std::vector<const Device*>> by_short_key;
  std::unordered_map<std::uint32_t, std::vector<const Device*>> by_pci;      // vendor << 16 | device
};

struct ModelIndex {
  struct Entry {
    const ModelRecord* model = nullptr;
    bool same_shape = false;  // the name is another model's
  };
  std::unordered_map<std::string, Entry> by_key;
};

// The entry that a longer name contains, as derived models' names do: "allura-org_Qwen3.5-27B-Anko" contains Qwen3.5 27B.
// The part must say a size, no other word of the name may, and none may say that layers were taken out or that it is a
// small helper of that model. Null where there is none, or two of the same length.
const ModelIndex::Entry* named_within(const ModelIndex& index, std::string_view name);

// Pointers into `devices` or `models`, which must outlive the index.
DeviceIndex index_of(const std::vector<Device>& devices);
ModelIndex index_of(const std::vector<ModelRecord>& models);

}  // namespace hardscape
