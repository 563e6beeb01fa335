// What a build without libcurl answers.
#include "hardscape/endpoint.hpp"

namespace hardscape {

Result<EndpointReport> run_endpoint(const Host&, const EndpointOptions&, const BenchProgress&, const StopRequested&) {
  return Error{ErrorCode::unavailable, "this hardscape was built without libcurl, so it cannot talk to servers; install libcurl4-openssl-dev and build again"};
}

}  // namespace hardscape
