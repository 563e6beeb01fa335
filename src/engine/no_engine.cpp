// What a build without llama.cpp answers.
#include "hardscape/bench.hpp"
#include "hardscape/synthetic.hpp"

namespace hardscape {
namespace {

Error missing() {
  return Error{ErrorCode::unavailable,
               "this hardscape was built without an inference engine; run scripts/setup-llama (or install llama.cpp with its "
               "headers) and build again, or benchmark a running server with --endpoint URL"};
}

}  // namespace

std::string engine_release(const Host&) { return {}; }
Result<BenchReport> run_bench(const Host&, const BenchOptions&, const BenchProgress&, const StopRequested&) { return missing(); }
Result<SyntheticFile> make_synthetic(const Host&, const ModelShape&, const std::string&, const std::string&, int, const BenchProgress&,
                                     const StopRequested&) {
  return missing();
}

}  // namespace hardscape
