// What the probes of every accelerator have in common, whichever driver's session they run in.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "measure/probe.hpp"

namespace hardscape::measuring {

// For Probe::prepare: opens a session (`open` gives a Result of one), makes the work in it and lets `ready` allocate and
// choose what it needs.
template <class Work, class Open, class... Arguments>
std::function<Result<std::unique_ptr<Workload>>()> in_session(Open open, Status (Work::*ready)(), Arguments... arguments) {
  return [=]() -> Result<std::unique_ptr<Workload>> {
    auto session = open();
    if (!session) return std::move(session).error();
    auto work = std::make_unique<Work>(*std::move(session), arguments...);
    if (auto done = (work.get()->*ready)(); !done) return std::move(done).error();
    return std::unique_ptr<Workload>(std::move(work));
  };
}

// The same with something that probes share (`open` makes it) for as long as one of their workloads lives.
template <class Shared, class Open>
auto shared_by_probes(Open open) {
  return [open, kept = std::make_shared<std::weak_ptr<Shared>>()]() -> Result<std::shared_ptr<Shared>> {
    if (auto there = kept->lock()) return there;
    auto made = open();
    if (made) *kept = *made;
    return made;
  };
}

// Copies between the host's memory and a device's.
struct CopyRow {
  const char* kernel;
  const char* metric;
  bool to_device;
  bool pinned;
};
std::span<const CopyRow> copy_rows();

// All but prepare().
Probe copy_probe(const std::string& device, const CopyRow& row, Bytes bytes, const std::optional<Peak>& link);
Probe launch_probe(const std::string& device, std::string counting);
// The bandwidth of a device's memory, and a rate of arithmetic; again all but prepare(), and a rate's peak.
Probe stream_probe(const std::string& device, const char* kernel, const char* counting, const std::optional<Peak>& bandwidth);
Probe rate_probe(const std::string& device, const char* group, const char* kernel, const char* precision, const char* unit,
                 const char* counting);

}  // namespace hardscape::measuring
