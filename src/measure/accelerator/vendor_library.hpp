// The first contact with a vendor's driver, which may hang or crash.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "hardscape/host.hpp"

namespace hardscape::measuring {

inline constexpr std::chrono::milliseconds k_first_contact{10'000};

// Lets `ask` speak to the driver in a child process; its answer is a line or more. Only after that may this process
// open the library. An error is a sentence that begins with `driver`.
Result<std::string> first_contact(const Host& host, const std::string& driver, const std::function<std::string()>& ask,
                                  std::chrono::milliseconds limit = k_first_contact);

// Fills a table of functions from a library and remembers the first that is not there.
class SymbolReader {
 public:
  explicit SymbolReader(const Library& library) : library_(library) {}
  template <class Function>
  void operator()(Function*& slot, const char* name) {
    slot = library_.function<Function>(name);
    if (slot == nullptr && missing_.empty()) missing_ = name;
  }
  const std::string& missing() const { return missing_; }

 private:
  const Library& library_;
  std::string missing_;
};

// Drivers start threads and exit handlers that outlive us: once opened, a library stays until the process ends.
void keep_open(const Library& library);

}  // namespace hardscape::measuring
