#include "measure/accelerator/vendor_library.hpp"

#include <fmt/format.h>

#include <mutex>
#include <vector>

#include "host/child_text.hpp"

namespace hardscape::measuring {

Result<std::string> first_contact(const Host& host, const std::string& driver, const std::function<std::string()>& ask,
                                  std::chrono::milliseconds limit) {
  auto answer = text_from_child(host, limit, ask);
  if (!answer) return std::move(answer).error().within(fmt::format("{} did not start", driver));
  return answer;
}

void keep_open(const Library& library) {
  static std::mutex lock;
  static std::vector<Library>* const kept = new std::vector<Library>;
  const std::lock_guard<std::mutex> held(lock);
  for (const Library& other : *kept) {
    if (other.name() == library.name()) return;
  }
  kept->push_back(library);
}

}  // namespace hardscape::measuring
