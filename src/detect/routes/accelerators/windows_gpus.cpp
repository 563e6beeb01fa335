#ifdef _WIN32

#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>

#include <d3d12.h>
#include <dxgi1_4.h>

#include <array>
#include <cstring>

#include "detect/routes/accelerators/routes_of_accelerators.hpp"
#include "detect/routes/accelerators/windows_adapters.hpp"

namespace hardscape {
namespace {

constexpr UINT k_most_adapters = 64;

// Keeps one reference of a COM object.
template <class Interface>
class Com {
 public:
  Com() = default;
  ~Com() {
    if (object_ != nullptr) object_->Release();
  }
  Com(const Com&) = delete;
  Com& operator=(const Com&) = delete;
  Interface* operator->() const { return object_; }
  Interface* get() const { return object_; }
  Interface** receive() { return &object_; }
  void** receive_any() { return reinterpret_cast<void**>(&object_); }

 private:
  Interface* object_ = nullptr;
};

template <class Function>
Function* function_of(const char* library, const char* name) {
  const HMODULE module = ::LoadLibraryExA(library, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (module == nullptr) return nullptr;
  Function* found = nullptr;
  const FARPROC address = ::GetProcAddress(module, name);
  std::memcpy(&found, &address, sizeof found);
  return found;
}

std::string narrow(const wchar_t* text) {
  std::array<char, 512> out{};
  const int length = ::WideCharToMultiByte(CP_UTF8, 0, text, -1, out.data(), static_cast<int>(out.size()), nullptr, nullptr);
  return length > 0 ? std::string(out.data()) : std::string();
}

// Whether the adapter works in the processor's memory; only Direct3D says so outright.
bool is_unified(IDXGIAdapter1* adapter) {
  using Create = HRESULT WINAPI(IUnknown*, D3D_FEATURE_LEVEL, REFIID, void**);
  static const auto create = function_of<Create>("d3d12.dll", "D3D12CreateDevice");
  Com<ID3D12Device> device;
  if (create == nullptr || FAILED(create(adapter, D3D_FEATURE_LEVEL_11_0, __uuidof(ID3D12Device), device.receive_any())))
    return false;
  D3D12_FEATURE_DATA_ARCHITECTURE architecture{};
  return SUCCEEDED(device->CheckFeatureSupport(D3D12_FEATURE_ARCHITECTURE, &architecture, sizeof architecture)) && architecture.UMA;
}

void learn_budget(IDXGIAdapter1* adapter, WindowsAdapter& known) {
  Com<IDXGIAdapter3> third;
  DXGI_QUERY_VIDEO_MEMORY_INFO memory{};
  if (FAILED(adapter->QueryInterface(__uuidof(IDXGIAdapter3), third.receive_any())) ||
      FAILED(third->QueryVideoMemoryInfo(0, DXGI_MEMORY_SEGMENT_GROUP_LOCAL, &memory)))
    return;
  if (memory.Budget > memory.CurrentUsage) known.free = Bytes{static_cast<std::int64_t>(memory.Budget - memory.CurrentUsage)};
}

std::vector<WindowsAdapter> dxgi_adapters() {
  using Create = HRESULT WINAPI(REFIID, void**);
  std::vector<WindowsAdapter> adapters;
  auto* create = function_of<Create>("dxgi.dll", "CreateDXGIFactory1");
  Com<IDXGIFactory1> factory;
  if (create == nullptr || FAILED(create(__uuidof(IDXGIFactory1), factory.receive_any()))) return adapters;
  for (UINT index = 0; index < k_most_adapters; ++index) {
    Com<IDXGIAdapter1> adapter;
    if (factory->EnumAdapters1(index, adapter.receive()) != S_OK) break;
    DXGI_ADAPTER_DESC1 about{};
    if (FAILED(adapter->GetDesc1(&about))) continue;
    WindowsAdapter known;
    known.name = narrow(about.Description);
    known.luid = std::uint64_t{static_cast<std::uint32_t>(about.AdapterLuid.HighPart)} << 32 | about.AdapterLuid.LowPart;
    known.vendor_id = static_cast<std::uint16_t>(about.VendorId);
    known.device_id = static_cast<std::uint16_t>(about.DeviceId);
    if (about.DedicatedVideoMemory > 0) known.dedicated = Bytes{static_cast<std::int64_t>(about.DedicatedVideoMemory)};
    if (about.SharedSystemMemory > 0) known.shared = Bytes{static_cast<std::int64_t>(about.SharedSystemMemory)};
    known.is_software = (about.Flags & DXGI_ADAPTER_FLAG_SOFTWARE) != 0;
    if (!known.is_software) {
      known.is_unified = is_unified(adapter.get());
      learn_budget(adapter.get(), known);
    }
    adapters.push_back(std::move(known));
  }
  return adapters;
}

// Name and memory of every display adapter that a driver is installed for.
std::vector<WindowsAdapter> registry_adapters() {
  std::vector<WindowsAdapter> adapters;
  const std::string display = "SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\";
  for (UINT index = 0; index < k_most_adapters; ++index) {
    std::array<char, 8> number{};
    ::wsprintfA(number.data(), "%04u", index);
    const std::string key = display + number.data();
    std::array<char, 512> name{};
    DWORD size = static_cast<DWORD>(name.size() - 1);
    if (::RegGetValueA(HKEY_LOCAL_MACHINE, key.c_str(), "DriverDesc", RRF_RT_REG_SZ, nullptr, name.data(), &size) != ERROR_SUCCESS) continue;
    std::uint64_t bytes = 0;
    size = sizeof bytes;
    if (::RegGetValueA(HKEY_LOCAL_MACHINE, key.c_str(), "HardwareInformation.qwMemorySize", RRF_RT_ANY, nullptr, &bytes, &size) != ERROR_SUCCESS) continue;
    WindowsAdapter known;
    known.name = name.data();
    if (bytes > 0 && bytes < (std::uint64_t{1} << 50)) known.dedicated = Bytes{static_cast<std::int64_t>(bytes)};
    adapters.push_back(std::move(known));
  }
  return adapters;
}

}  // namespace

void observe_windows_gpus(const Host& host, const DetectOptions&, Sightings& seen) {
  if (!host.is_live) return;
  add_windows_adapters(merge_adapters(dxgi_adapters(), registry_adapters()), seen);
}

}  // namespace hardscape

#endif  // _WIN32
