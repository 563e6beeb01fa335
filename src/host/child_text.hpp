// Text that a child process made, for asking libraries that may hang or crash.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "hardscape/host.hpp"

namespace hardscape {

// What `ask` returns when run in a child; an error when it crashed or took longer than the limit.
Result<std::string> text_from_child(const Host& host, std::chrono::milliseconds limit, const std::function<std::string()>& ask);

}  // namespace hardscape
