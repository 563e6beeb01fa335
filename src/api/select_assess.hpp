// How one candidate does on one model: memory from fit, speed from predict, training from select.
#pragma once

#include "api/select_model.hpp"
#include "hardscape/select.hpp"

namespace hardscape::api {

struct RequestLoad {
  std::int64_t context = 4096;   // tokens of each request
  int concurrency = 1;
  bool on_linux = true;          // what it runs under may be Linux
};

Performance assess(const Candidate& candidate, const ModelChoice& model, const RequestLoad& work);

}  // namespace hardscape::api
