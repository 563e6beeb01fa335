// CUDA's driver library as the second opinion, when NVML is missing or does not say the memory. Child process only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/host.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

struct CudaDevice {
  std::string address;             // "0000:01:00.0"; empty where there is no PCI
  std::string name;
  std::string compute_capability;
  std::optional<Bytes> total;
  std::optional<int> multiprocessors;
  bool integrated = false;
};

// Lines of "name<TAB>value" that parse_cuda_report reads.
std::string query_cuda(const LibraryLoader& libraries, const std::vector<std::string>& names);
std::vector<std::string> cuda_library_names();
std::vector<CudaDevice> parse_cuda_report(std::string_view text);

}  // namespace hardscape
