// Placement on machines drawn with round numbers, so that every byte can be checked by hand.
#include <gtest/gtest.h>

#include "hardscape/fit.hpp"

namespace hardscape {
namespace {

constexpr Bytes gib(std::int64_t n) { return Bytes{n * k_gib}; }

MemoryPool card(std::string id, std::int64_t free, std::string group = "NVIDIA") {
  MemoryPool pool;
  pool.device = std::move(id);
  pool.group = std::move(group);
  pool.total = pool.free = pool.own = gib(free);
  pool.overhead = gib(1);
  return pool;
}

MemoryView machine(std::int64_t host, std::vector<MemoryPool> devices) {
  MemoryView view;
  view.host.device = "cpu";
  view.host.host = true;
  view.host.total = view.host.free = view.host.own = gib(host);
  view.devices = std::move(devices);
  return view;
}

// 10 layers of 2 GiB, of which `experts` are routed experts, 1 GiB of state each, table and head 1 GiB each.
WeightDemand weights(std::int64_t experts = 0) {
  WeightDemand demand;
  demand.layers.assign(10, {gib(2 - experts), gib(experts)});
  demand.input = demand.output = gib(1);
  return demand;
}

StateDemand state(std::int64_t kv = 1) {
  StateDemand demand;
  demand.layers.assign(10, {gib(kv), Bytes{0}});
  demand.compute = gib(1);
  return demand;
}

const DeviceShare& share(const Placement& placement, std::string_view device) {
  for (const auto& one : placement.devices)
    if (one.device == device) return one;
  static const DeviceShare none;
  return none;
}

TEST(Place, AllOnOneCard) {
  // 10 * (2 + 1) + head 1 + compute 1 + runtime 1 = 33.
  const Placement fits = place(machine(4, {card("gpu0", 33)}), weights(), state());
  EXPECT_EQ(fits.verdict, Verdict::fits);
  EXPECT_EQ(fits.device_layers, 10);
  EXPECT_EQ(share(fits, "gpu0").bytes.total(), gib(33));
  EXPECT_EQ(share(fits, "cpu").bytes.total(), gib(1));
}

// Prompts are multiplied on the card with copies of the host's experts, one tensor at a time.
TEST(Place, ExpertsOnTheHostAreLentToTheFirstCard) {
  WeightDemand lent = weights(1);
  for (LayerBytes& layer : lent.layers) layer.lent = Bytes{k_gib / 2};
  // 10 * (1 + 1) + head 1 + compute 1 + runtime 1 = 23, 1 more for each layer whose experts are there.
  for (const auto& [free, expert_layers] : {std::pair{33, 0}, std::pair{30, 4}, std::pair{24, 10}}) {
    const Placement placed = place(machine(64, {card("gpu0", free)}), lent, state());
    EXPECT_EQ(share(placed, "cpu").expert_layers, expert_layers) << free;
    EXPECT_EQ(share(placed, "gpu0").bytes.compute, Bytes{k_gib + (expert_layers > 0 ? k_gib / 2 : 0)}) << free;
  }
}

TEST(Place, TightWithoutHeadroom) {
  auto pool = card("gpu0", 34);
  pool.headroom = gib(2);
  EXPECT_EQ(place(machine(4, {pool}), weights(), state()).verdict, Verdict::tight);
  pool.headroom = gib(1);
  EXPECT_EQ(place(machine(4, {pool}), weights(), state()).verdict, Verdict::fits);
}

TEST(Place, OneByteMore) {
  auto pool = card("gpu0", 33);
  pool.free = pool.free - Bytes{1};
  const Placement placed = place(machine(40, {pool}), weights(), state());
  EXPECT_EQ(placed.verdict, Verdict::offload);
  EXPECT_EQ(placed.device_layers, 9);
  EXPECT_EQ(placed.missing_for_device, Bytes{1});
  EXPECT_EQ(share(placed, "cpu").layers, 1);
  // Table, one layer with its state, and a compute buffer of its own.
  EXPECT_EQ(share(placed, "cpu").bytes.total(), gib(1 + 3 + 1));
}

TEST(Place, SplitsByFreeMemory) {
  // 8 layers fit beside 4: (free - 2) / 3 each, the head with the second.
  const Placement placed = place(machine(4, {card("gpu0", 26), card("gpu1", 9)}), weights(), state());
  EXPECT_EQ(placed.verdict, Verdict::fits);
  EXPECT_EQ(share(placed, "gpu0").layers, 8);
  EXPECT_EQ(share(placed, "gpu1").layers, 2);
  EXPECT_EQ(share(placed, "gpu1").bytes.total(), gib(2 * 3 + 1 + 2));
}

TEST(Place, EvensTheLoad) {
  const Placement placed = place(machine(4, {card("gpu0", 30), card("gpu1", 30)}), weights(), state());
  EXPECT_EQ(share(placed, "gpu0").layers, 5);
  EXPECT_EQ(share(placed, "gpu1").layers, 5);
}

TEST(Place, UsesNoMoreCardsThanItNeeds) {
  const Placement placed = place(machine(4, {card("gpu0", 40), card("gpu1", 48)}), weights(), state());
  EXPECT_EQ(placed.devices.size(), 2u);
  EXPECT_EQ(share(placed, "gpu1").layers, 10);
}

TEST(Place, VendorsDoNotShareAModel) {
  const Placement placed = place(machine(2, {card("gpu0", 20), card("gpu1", 20, "AMD")}), weights(), state());
  EXPECT_EQ(placed.verdict, Verdict::no);
  EXPECT_EQ(place(machine(2, {card("gpu0", 20), card("gpu1", 20)}), weights(), state()).verdict, Verdict::fits);
}

TEST(Place, ExpertsGoToTheHostFirst) {
  // A layer is 1 dense + 1 experts + 1 state. 30 - 3 = 27 of 30 + head 1: four layers give up their experts.
  const Placement placed = place(machine(10, {card("gpu0", 29)}), weights(1), state());
  EXPECT_EQ(placed.verdict, Verdict::offload);
  EXPECT_TRUE(placed.experts_on_host);
  EXPECT_EQ(placed.device_layers, 10);
  EXPECT_EQ(share(placed, "cpu").expert_layers, 4);
  EXPECT_EQ(share(placed, "cpu").layers, 0);
}

TEST(Place, SaysWhatIsMissing) {
  // On the processor alone 20 + 2 + 10 + 1 = 33.
  const Placement placed = place(machine(30, {}), weights(), state());
  EXPECT_EQ(placed.verdict, Verdict::no);
  EXPECT_EQ(placed.missing, gib(3));
  EXPECT_EQ(place(machine(33, {}), weights(), state()).verdict, Verdict::fits);
}

TEST(Place, SharedMemoryIsCountedOnce) {
  auto pool = card("gpu0", 33, "Apple/shared");
  pool.unified = true;
  pool.own = Bytes{0};
  EXPECT_EQ(place(machine(32, {pool}), weights(), state()).verdict, Verdict::no);
  EXPECT_EQ(place(machine(33, {pool}), weights(), state()).device_layers, 0);  // without the accelerator's runtime
  EXPECT_EQ(place(machine(34, {pool}), weights(), state()).verdict, Verdict::fits);
  // What belongs to the accelerator alone does not burden the host.
  pool.own = gib(33);
  EXPECT_EQ(place(machine(1, {pool}), weights(), state()).verdict, Verdict::fits);
}

TEST(Place, HostThatNobodyKnows) {
  MemoryView view = machine(0, {card("gpu0", 33)});
  EXPECT_EQ(place(view, weights(), state()).verdict, Verdict::fits);
  view.devices[0].free = gib(30);
  const Placement no = place(view, weights(), state());
  EXPECT_EQ(no.verdict, Verdict::no);
  EXPECT_EQ(no.missing, gib(3));
  EXPECT_EQ(no.missing_on, "gpu0");
}

// Physics: for every machine of a grid, sums and limits hold, and more memory never worsens the verdict.
TEST(Place, HoldsItsPromisesOnAGrid) {
  for (std::int64_t experts = 0; experts <= 1; ++experts)
    for (int cards = 0; cards <= 3; ++cards) {
      for (std::int64_t host = 1; host <= 40; host += 3) {
        Verdict before = Verdict::no;
        for (std::int64_t free = 2; free <= 40; ++free) {
          std::vector<MemoryPool> pools;
          for (int i = 0; i < cards; ++i) {
            pools.push_back(card("gpu" + std::to_string(i), free + i));
            pools.back().headroom = gib(2);
          }
          const auto demand = weights(experts);
          const auto cache = state();
          const Placement placed = place(machine(host, pools), demand, cache);
          MemoryParts sum;
          for (const auto& one : placed.devices) {
            sum += one.bytes;
            if (placed.verdict != Verdict::no) {
              EXPECT_LE(one.bytes.total(), one.free) << one.device;
            }
          }
          EXPECT_EQ(sum, placed.memory);
          if (placed.verdict != Verdict::no) {
            EXPECT_EQ(placed.memory.weights, gib(22));
            EXPECT_EQ(placed.memory.kv, gib(10));
          } else {
            EXPECT_GT(placed.missing.value, 0);
          }
          EXPECT_GE(placed.verdict, before) << "cards " << cards << " host " << host << " free " << free;
          before = placed.verdict;
        }
      }
    }
}

TEST(LargestContext, IsTheLargest) {
  // 1 MiB of state per token and layer of ten; 33 - 2 - 21 = 10 GiB for it: 1024 tokens.
  const auto state_at = [](std::int64_t context) {
    StateDemand demand;
    demand.layers.assign(10, {Bytes{context * k_mib}, Bytes{0}});
    demand.compute = gib(1);
    return demand;
  };
  const auto view = machine(2, {card("gpu0", 33)});
  EXPECT_EQ(largest_context(view, weights(), state_at, 256, 100000), 1024);
  EXPECT_EQ(largest_context(view, weights(), state_at, 256, 1000), 1000);
  EXPECT_EQ(largest_context(view, weights(), state_at, 2048, 100000), std::nullopt);
}

}  // namespace
}  // namespace hardscape
