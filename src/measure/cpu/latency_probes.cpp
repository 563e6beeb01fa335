// Latency: a random walk over cache lines, each load waiting for the one before.
#include <algorithm>

#include "base/statistics.hpp"
#include "measure/cpu/bench_plan.hpp"
#include "measure/cpu/crew.hpp"
#include "measure/cpu/kernels/chase.hpp"
#include "measure/cpu/pages.hpp"

namespace hardscape::measuring {
namespace {

constexpr std::size_t k_line = 128;   // two lines of 64: the neighbour that a prefetcher brings along is never asked for

class LatencyWorkload : public Workload {
 public:
  LatencyWorkload(std::shared_ptr<Team> team, Pages pages) : team_(std::move(team)), pages_(std::move(pages)), order_(pages_.bytes() / k_line) {
    // One cycle through all lines in random order (Fisher-Yates on the order of visits).
    team_->run([&](int) {
      Splitmix random(99);
      for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<std::uint32_t>(i);
      for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[static_cast<std::size_t>(random.below(i))]);
      for (std::size_t i = 0; i < order_.size(); ++i) *line(order_[i]) = line(order_[(i + 1) % order_.size()]);
    });
    at_ = line(order_[0]);
  }

  Result<Timing> run(std::int64_t repetitions) override {
    const std::int64_t steps = repetitions * 256;
    Timing timing = team_->run([&](int) { at_ = chase(at_, steps); });
    done_ += static_cast<std::uint64_t>(steps);
    if (at_ != line(order_[static_cast<std::size_t>(done_ % order_.size())]))
      return Error{ErrorCode::malformed, "the walk through memory ended in the wrong place: memory or processor is faulty"};
    timing.work = static_cast<double>(steps);
    return timing;
  }
  Status verify() override { return Done{}; }  // each run is checked

 private:
  const void** line(std::uint32_t index) const { return static_cast<const void**>(static_cast<void*>(pages_.data() + std::size_t{index} * k_line)); }

  std::shared_ptr<Team> team_;
  Pages pages_;
  std::vector<std::uint32_t> order_;
  const void* const* at_ = nullptr;
  std::uint64_t done_ = 0;
};

Probe latency_probe(const Crews& crews, std::string metric, std::size_t bytes) {
  Probe p;
  p.device = "cpu";
  p.kernel = "latency";
  p.metric = std::move(metric);
  p.unit = "s";
  p.group = "latency";
  p.counting = "one load that waits for the one before, in random order over pairs of cache lines";
  p.threads = 1;
  p.working_set = Bytes{static_cast<std::int64_t>(bytes)};
  p.figure = Figure::time;
  p.set = "latency";
  p.sample_s = 0.01;
  p.share = 0.4;
  p.prepare = [crew = crews.one, bytes]() -> Result<std::unique_ptr<Workload>> {
    auto pages = Pages::take(bytes);
    if (!pages) return pages.error();
    return std::unique_ptr<Workload>(new LatencyWorkload(crew->team(), *std::move(pages)));
  };
  return p;
}

}  // namespace

void add_latency_probes(const ProbeContext& context, const Crews& crews, DeviceProbes& out) {
  constexpr std::size_t k_most = std::size_t{1} << 30, k_unknown = std::size_t{128} << 20;
  const auto caches = context.machine.processors.empty() ? std::vector<CacheSize>{} : data_caches(context.machine.processors.front());
  const std::size_t room = array_size(context.machine, context.options).bytes;
  const std::size_t memory = std::min({k_most, room, caches.empty() ? k_unknown : std::max(k_unknown / 2, 4 * caches.back().of_one)});
  auto dram = latency_probe(crews, "latency", memory);
  dram.in_quick = true;
  dram.share = 0.6;
  out.probes.push_back(std::move(dram));
  for (const auto& cache : caches)
    if (cache.of_one / 2 < memory && cache.of_one / 2 >= 1024)
      out.probes.push_back(latency_probe(crews, "latency_l" + std::to_string(cache.level), cache.of_one / 2 / k_line * k_line));
}

}  // namespace hardscape::measuring
