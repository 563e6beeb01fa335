#include "measure/accelerator/vendor_library.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <mutex>
#include <vector>

namespace hardscape::measuring {

Result<std::string> first_contact(const Host& host, const std::string& driver, const std::function<std::string()>& ask,
                                  std::chrono::milliseconds limit) {
  const auto work = [&](int to) {
    const std::string answer = ask();
    std::size_t done = 0;
    while (done < answer.size()) {
      const auto wrote = ::write(to, answer.data() + done, answer.size() - done);
      if (wrote <= 0) return;
      done += static_cast<std::size_t>(wrote);
    }
  };
  auto answer = host.child(work, limit);
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
