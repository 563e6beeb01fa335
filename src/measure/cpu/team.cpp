#include "measure/cpu/team.hpp"

#include <pthread.h>
#ifdef __linux__
#include <sched.h>
#endif
#include <time.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "measure/cpu/clock.hpp"

namespace hardscape::measuring {
namespace {

double seconds_of(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

void pin_to(int cpu) {
#ifdef __linux__
  cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(cpu) + 1);
  if (set == nullptr) return;
  const std::size_t size = CPU_ALLOC_SIZE(static_cast<std::size_t>(cpu) + 1);
  CPU_ZERO_S(size, set);
  CPU_SET_S(static_cast<std::size_t>(cpu), size, set);
  // A processor that went offline meanwhile: then the scheduler chooses, and the guard sees what that does.
  ::pthread_setaffinity_np(::pthread_self(), size, set);
  CPU_FREE(set);
#else
  static_cast<void>(cpu);
#endif
}

struct alignas(128) Record {
  double start = 0, end = 0, on_cpu = 1, clock_hz = 0;
};

}  // namespace

struct Team::Shared {
  std::mutex mutex;
  std::condition_variable begin, done;
  const std::function<void(int)>* work = nullptr;
  std::uint64_t turn = 0;
  int running = 0;
  bool leave = false;
  std::atomic<int> arrived{0};
  std::vector<Record> records;
  std::vector<std::thread> threads;

  void serve(int index, int count) {
    std::uint64_t seen = 0;
    for (;;) {
      std::unique_lock lock(mutex);
      begin.wait(lock, [&] { return leave || turn != seen; });
      if (leave) return;
      seen = turn;
      const auto& mine = *work;
      lock.unlock();

      // Everybody awake before anybody starts; a thread that is held up gives way to the others meanwhile.
      arrived.fetch_add(1);
      for (int spins = 0; arrived.load(std::memory_order_acquire) < count; ++spins)
        if (spins > 2000) std::this_thread::yield();
      Record& record = records[static_cast<std::size_t>(index)];
      const double cpu_before = seconds_of(CLOCK_THREAD_CPUTIME_ID);
      record.start = seconds_of(CLOCK_MONOTONIC);
      mine(index);
      record.end = seconds_of(CLOCK_MONOTONIC);
      const double passed = record.end - record.start;
      // Below some milliseconds the two clocks are read too far apart to be compared.
      record.on_cpu = passed > 0.004 ? (seconds_of(CLOCK_THREAD_CPUTIME_ID) - cpu_before) / passed : 1;
      record.clock_hz = measured_clock().value_or(0);

      lock.lock();
      if (--running == 0) done.notify_one();
    }
  }
};

Team::Team(std::vector<int> cpus) : cpus_(std::move(cpus)), shared_(std::make_unique<Shared>()) {
  shared_->records.resize(cpus_.size());
  for (int i = 0; i < size(); ++i)
    shared_->threads.emplace_back([this, i] {
      pin_to(cpus_[static_cast<std::size_t>(i)]);
      shared_->serve(i, size());
    });
}

Team::~Team() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->leave = true;
  }
  shared_->begin.notify_all();
  for (auto& thread : shared_->threads) thread.join();
}

Timing Team::run(const std::function<void(int)>& work) {
  Shared& s = *shared_;
  {
    const std::lock_guard lock(s.mutex);
    s.work = &work;
    s.running = size();
    s.arrived = 0;
    ++s.turn;
  }
  s.begin.notify_all();
  {
    std::unique_lock lock(s.mutex);
    s.done.wait(lock, [&] { return s.running == 0; });
  }
  Timing out;
  double start = s.records.front().start, end = 0, clocks = 0, least = 1;
  for (const auto& r : s.records) {
    start = std::min(start, r.start);
    end = std::max(end, r.end);
    least = std::min(least, r.on_cpu);
    clocks += r.clock_hz;
  }
  out.seconds = end - start;
  out.on_cpu = least;
  if (clocks > 0) out.clock_hz = clocks / static_cast<double>(s.records.size());
  return out;
}

}  // namespace hardscape::measuring
