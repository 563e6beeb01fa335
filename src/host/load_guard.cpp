#include "hardscape/load_guard.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace hardscape {

LoadReading read_load() {
  LoadReading out;
  out.at_s = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
    out.own_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    out.preempted = usage.ru_nivcsw;
    out.major_faults = usage.ru_majflt;
  }
#ifdef __linux__
  // man 5 proc: cpu user nice system idle iowait irq softirq steal guest guest_nice; guest is part of user.
  if (std::FILE* file = std::fopen("/proc/stat", "re")) {
    unsigned long long user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0;
    if (std::fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &system, &idle, &iowait, &irq, &softirq, &steal) == 8) {
      const double tick = 1.0 / static_cast<double>(::sysconf(_SC_CLK_TCK));
      out.busy_s = static_cast<double>(user + nice + system + irq + softirq) * tick;
      out.steal_s = static_cast<double>(steal) * tick;
      out.known = true;
    }
    std::fclose(file);
  }
#endif
  return out;
}

Disturbance between(const LoadReading& before, const LoadReading& after) {
  Disturbance out;
  const double passed = after.at_s - before.at_s;
  // The kernel counts in ticks of 10 ms: over a shorter time a single tick says nothing.
  out.known = before.known && after.known && passed >= 0.05;
  out.preempted = after.preempted - before.preempted;
  out.major_faults = after.major_faults - before.major_faults;
  if (!out.known) return out;
  constexpr double k_tick_s = 0.01;
  const double others = (after.busy_s - before.busy_s) - (after.own_s - before.own_s) - k_tick_s;
  out.others_share = std::max(0.0, others) / passed;
  out.steal_share = std::max(0.0, after.steal_s - before.steal_s) / passed;
  return out;
}

}  // namespace hardscape
