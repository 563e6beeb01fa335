// What the probes of one processor share: its teams of threads, started when the first probe needs one.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "hardscape/machine.hpp"
#include "measure/cpu/cores.hpp"
#include "measure/cpu/team.hpp"

namespace hardscape::measuring {

// Threads on these processors; the same team for all who hold it at a time.
class Crew {
 public:
  explicit Crew(std::vector<int> cpus) : cpus_(std::move(cpus)) {}
  int size() const { return static_cast<int>(cpus_.size()); }
  std::shared_ptr<Team> team() {
    auto team = team_.lock();
    if (!team) team_ = team = std::make_shared<Team>(cpus_);
    return team;
  }

 private:
  std::vector<int> cpus_;
  std::weak_ptr<Team> team_;
};

struct Crews {
  std::shared_ptr<Crew> one, all;
  std::vector<std::shared_ptr<Crew>> nodes;   // empty unless there are several
};

// "avx2 fma": all of them.
bool has_features(const Processor& processor, std::string_view needs);

void add_memory_probes(const ProbeContext& context, const Crews& crews, DeviceProbes& out);
void add_latency_probes(const ProbeContext& context, const Crews& crews, DeviceProbes& out);
void add_arithmetic_probes(const ProbeContext& context, const Crews& crews, DeviceProbes& out);
void add_gemm_probes(const ProbeContext& context, const Crews& crews, DeviceProbes& out);

}  // namespace hardscape::measuring
