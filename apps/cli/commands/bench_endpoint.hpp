// The part of `bench` that talks to a server.
#pragma once

#include <string>
#include <vector>

#include "cli/invocation.hpp"
#include "hardscape/endpoint.hpp"

namespace hardscape::cli {

// "8" means 1, 2, 4, 8; "1,3,5" means just these.
Result<std::vector<int>> concurrency_levels(const std::string& text);

int run_bench_endpoint(Invocation& call, const EndpointOptions& options, const BenchProgress& progress, const StopRequested& stop);

}  // namespace hardscape::cli
