#pragma once

#include "cli/invocation.hpp"

namespace hardscape::cli {

// hardscape model inspect FILE
int run_model_inspect(Invocation& call);

}  // namespace hardscape::cli
