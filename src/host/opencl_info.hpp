// What an OpenCL device says of itself, to whoever has opened the loader.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "host/opencl_abi.hpp"

namespace hardscape::opencl {

// Nothing when the driver refuses, or answers in another size.
template <class T>
std::optional<T> value_of(GetDeviceInfo* get, Device device, Uint what) {
  T value{};
  std::size_t size = 0;
  if (get(device, what, sizeof value, &value, &size) != k_success || size != sizeof value) return std::nullopt;
  return value;
}

inline constexpr std::size_t k_most_text = 65536;

// Of a device or a platform, trimmed; empty when the driver refuses.
template <class Get, class Handle>
std::string text_of(Get* get, Handle handle, Uint what) {
  std::size_t size = 0;
  if (get(handle, what, 0, nullptr, &size) != k_success || size == 0 || size > k_most_text) return {};
  std::string text(size, '\0');
  if (get(handle, what, size, text.data(), nullptr) != k_success) return {};
  text.resize(std::min(text.find('\0'), text.size()));
  return std::string(trim(text));
}

// "0000:01:00.0", by Khronos' extension, NVIDIA's or AMD's; nothing when the driver knows none of them.
std::optional<std::string> pci_address_of(GetDeviceInfo* get, Device device);

}  // namespace hardscape::opencl
