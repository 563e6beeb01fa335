#include "base/embedded.hpp"

namespace hardscape {

std::string_view embedded_text(std::string_view name) {
  for (std::size_t i = 0; i < k_data_files_count; ++i)
    if (name == k_data_files[i].name) return k_data_files[i].text();
  return {};
}

}  // namespace hardscape
