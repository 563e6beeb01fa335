#include <algorithm>
#include <numeric>

#include "fit/layout.hpp"
#include "hardscape/fit.hpp"

namespace hardscape {
namespace {

using layout::Cut;
using layout::Filled;
using layout::Load;
using layout::Model;
using Pools = std::vector<const MemoryPool*>;

constexpr int k_balance_steps = 20;  // halvings: the fullest device is then within a millionth of the best

bool host_known(const MemoryView& memory) { return memory.host.total.value > 0; }

Bytes budget(const MemoryPool& pool, bool with_headroom) {
  return Bytes{std::max<std::int64_t>(0, pool.free.value - (with_headroom ? pool.headroom.value : 0))};
}

std::vector<Bytes> budgets(const Pools& pools, bool with_headroom, double share = 1) {
  std::vector<Bytes> all;
  for (const auto* pool : pools) all.push_back(Bytes{static_cast<std::int64_t>(share * static_cast<double>(budget(*pool, with_headroom).value))});
  return all;
}

// One candidate: which devices, what is cut off, how it fills them.
struct Attempt {
  Pools pools;
  Cut cut;
  Filled filled;
  MemoryParts host;
  Bytes host_short{0};
};

class Placer {
 public:
  Placer(const MemoryView& memory, const WeightDemand& weights, const StateDemand& state)
      : memory_(memory), model_(weights, state) {}

  Placement run(bool cpu_only) {
    Placement best = on_host();
    if (cpu_only || memory_.devices.empty()) return best;
    // Accelerators that are there and stand idle are not what anybody means by "fits".
    best.verdict = std::min(best.verdict, Verdict::offload);
    for (const Pools& group : groups()) {
      std::optional<Placement> next = on_group(group);
      if (!next) continue;
      if (is_better(*next, best)) std::swap(*next, best);
      if (best.missing_for_device.value == 0) best.missing_for_device = next->missing_for_device;
    }
    return best;
  }

 private:
  const MemoryView& memory_;
  Model model_;

  bool is_better(const Placement& a, const Placement& b) const {
    if (a.verdict != b.verdict) return a.verdict > b.verdict;
    if (a.verdict != Verdict::no) return a.device_layers > b.device_layers;
    const bool b_is_unknown_host = !host_known(memory_) && b.missing_on == memory_.host.device;
    return b_is_unknown_host || a.missing < b.missing;
  }

  std::vector<Pools> groups() const {
    std::vector<Pools> all;
    for (const MemoryPool& pool : memory_.devices) {
      const auto same = std::find_if(all.begin(), all.end(), [&](const Pools& g) { return g[0]->group == pool.group; });
      if (same == all.end()) all.push_back({&pool});
      else same->push_back(&pool);
    }
    return all;
  }

  // The host's bytes and what it lacks, counting what accelerators take of shared memory.
  void weigh_host(Attempt& attempt) const {
    const bool unified = !attempt.pools.empty() && attempt.pools[0]->unified;
    attempt.host = model_.host(attempt.cut, memory_.host, unified);
    if (!host_known(memory_)) {
      const bool only_tables = attempt.cut.host_layers == 0 && attempt.cut.expert_layers == 0;
      attempt.host_short = only_tables ? Bytes{0} : attempt.host.total();
      return;
    }
    Bytes taken = attempt.host.total();
    for (std::size_t d = 0; d < attempt.pools.size(); ++d) {
      const MemoryPool& pool = *attempt.pools[d];
      if (pool.unified && attempt.filled.loads[d].bytes > pool.own) taken += attempt.filled.loads[d].bytes - pool.own;
    }
    if (taken > memory_.host.free) attempt.host_short = taken - memory_.host.free;
  }

  Attempt attempt(const Pools& pools, const Cut& cut, bool with_headroom) const {
    Attempt made{pools, cut, model_.fill(pools, budgets(pools, with_headroom), cut), {}, {}};
    weigh_host(made);
    return made;
  }
  static bool works(const Attempt& made) { return made.filled.overflow.value == 0 && made.host_short.value == 0; }

  // Evens the load out: the smallest share of every device's free memory that is enough.
  void balance(Attempt& made, bool with_headroom) const {
    if (made.pools.size() < 2) return;
    double low = 0, high = 1;
    for (int step = 0; step < k_balance_steps; ++step) {
      const double middle = (low + high) / 2;
      Filled filled = model_.fill(made.pools, budgets(made.pools, with_headroom, middle), made.cut);
      if (filled.overflow.value == 0) {
        high = middle;
        made.filled = std::move(filled);
      } else {
        low = middle;
      }
    }
  }

  // The `count` devices with most free memory, in the machine's order.
  static Pools roomiest(const Pools& group, std::size_t count) {
    std::vector<std::size_t> order(group.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return group[a]->free > group[b]->free; });
    order.resize(count);
    std::sort(order.begin(), order.end());
    Pools chosen;
    for (const auto i : order) chosen.push_back(group[i]);
    return chosen;
  }

  // All layers on as few devices as hold them.
  std::optional<Placement> complete(const Pools& group, bool with_headroom) const {
    for (std::size_t count = 1; count <= group.size(); ++count) {
      Attempt made = attempt(roomiest(group, count), {}, with_headroom);
      if (!works(made)) continue;
      balance(made, with_headroom);
      return tell(made, with_headroom ? Verdict::fits : Verdict::tight);
    }
    return std::nullopt;
  }

  // The smallest cut of a kind that leaves no more on the devices than they hold; -1 when none does.
  template <class MakeCut>
  int least(const Pools& group, int most, MakeCut make) const {
    int low = 1, high = most + 1;
    while (low < high) {
      const int middle = low + (high - low) / 2;
      if (model_.fill(group, budgets(group, false), make(middle)).overflow.value == 0) high = middle;
      else low = middle + 1;
    }
    return low <= most ? low : -1;
  }

  // Nothing when not even one layer finds room there.
  std::optional<Placement> on_group(const Pools& group) const {
    if (auto all = complete(group, true)) return all;
    if (auto all = complete(group, false)) return all;
    const Attempt whole = attempt(group, {}, false);
    std::optional<Placement> nearest;
    const auto consider = [&](const Cut& cut) -> std::optional<Placement> {
      Attempt made = attempt(group, cut, false);
      balance(made, false);
      Placement told = tell(made, works(made) ? Verdict::offload : Verdict::no);
      told.missing_for_device = whole.filled.overflow;
      if (told.verdict == Verdict::offload) return told;
      if (!nearest || told.missing < nearest->missing) nearest = std::move(told);
      return std::nullopt;
    };
    const int count = model_.layers();
    if (model_.has_experts()) {
      if (const int k = least(group, count, [](int n) { return Cut{0, n}; }); k > 0)
        if (auto placed = consider({0, k})) return placed;
    }
    if (const int m = least(group, count - 1, [](int n) { return Cut{n, 0}; }); m > 0)
      if (auto placed = consider({m, 0})) return placed;
    if (model_.has_experts()) {
      if (const int m = least(group, count - 1, [&](int n) { return Cut{n, count}; }); m > 0)
        if (auto placed = consider({m, count - m})) return placed;
    }
    if (host_known(memory_)) return nearest;
    Placement told = tell(whole, Verdict::no);
    told.missing_for_device = told.missing = whole.filled.overflow;
    told.missing_on = group.back()->device;
    return told;
  }

  Placement on_host() const {
    Attempt made;
    made.cut = {model_.layers(), 0};
    weigh_host(made);
    const bool roomy = made.host.total() + memory_.host.headroom <= memory_.host.free;
    return tell(made, made.host_short.value > 0 ? Verdict::no : roomy ? Verdict::fits : Verdict::tight);
  }

  Placement tell(const Attempt& made, Verdict verdict) const {
    Placement told;
    told.verdict = verdict;
    told.layers = model_.layers();
    bool first = true;
    std::optional<Bytes> spare;
    for (std::size_t d = 0; d < made.pools.size(); ++d) {
      const Load& load = made.filled.loads[d];
      if (load.layers == 0 && !load.output) continue;
      const MemoryPool& pool = *made.pools[d];
      DeviceShare share;
      share.device = pool.device;
      share.name = pool.name;
      share.bytes = model_.device(load, made.cut, pool, first);
      share.free = pool.free;
      share.first_layer = load.first_layer;
      share.layers = load.layers;
      first = false;
      told.device_layers += load.layers;
      const Bytes left = pool.free - share.bytes.total();
      if (!spare || left < *spare) spare = left;
      told.devices.push_back(std::move(share));
    }
    DeviceShare host;
    host.device = memory_.host.device;
    host.name = memory_.host.name;
    host.host = true;
    host.bytes = made.host;
    host.free = memory_.host.free;
    host.layers = made.cut.host_layers;
    host.expert_layers = made.cut.expert_layers;
    if (!spare) spare = host.free - host.bytes.total();
    told.devices.push_back(std::move(host));
    told.experts_on_host = made.cut.expert_layers > 0;
    for (const DeviceShare& share : told.devices) told.memory += share.bytes;
    if (verdict == Verdict::no) {
      told.missing = made.host_short;
      told.missing_on = memory_.host.device;
    } else {
      told.spare = Bytes{std::max<std::int64_t>(0, spare->value)};
    }
    return told;
  }
};

}  // namespace

MemoryParts& MemoryParts::operator+=(const MemoryParts& other) {
  weights += other.weights;
  kv += other.kv;
  recurrent += other.recurrent;
  compute += other.compute;
  overhead += other.overhead;
  return *this;
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::no: return "no";
    case Verdict::offload: return "offload";
    case Verdict::tight: return "tight";
    case Verdict::fits: return "fits";
  }
  return "no";
}

Placement place(const MemoryView& memory, const WeightDemand& weights, const StateDemand& state, bool cpu_only) {
  return Placer(memory, weights, state).run(cpu_only);
}

std::optional<std::int64_t> largest_context(const MemoryView& memory, const WeightDemand& weights,
                                            const std::function<StateDemand(std::int64_t)>& state_at, std::int64_t least,
                                            std::int64_t most, bool cpu_only) {
  constexpr std::int64_t k_step = 256;  // cells are allocated in so many
  const auto verdict_at = [&](std::int64_t context) { return place(memory, weights, state_at(context), cpu_only).verdict; };
  least = std::min(least, most);
  const Verdict wanted = verdict_at(least);
  if (wanted == Verdict::no) return std::nullopt;
  if (verdict_at(most) >= wanted) return most;
  std::int64_t low = least / k_step, high = most / k_step + 1;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    if (middle * k_step < most && verdict_at(std::max(least, middle * k_step)) >= wanted) low = middle;
    else high = middle;
  }
  return std::max(least, low * k_step);
}

}  // namespace hardscape
