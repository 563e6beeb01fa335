// Keeps what was measured in the history of this machine.
#pragma once

#include <string>

#include "cli/invocation.hpp"

namespace hardscape::cli {

// `document` is the result as JSON. A result that cannot be kept has been shown all the same: the remark says why.
void keep_result(const Invocation& call, const Machine& machine, std::string kind, std::string subject, std::string document);

}  // namespace hardscape::cli
