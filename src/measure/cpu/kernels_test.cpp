// The loops compute what they say, on this processor; those it has no instructions for are left out.
#include <gtest/gtest.h>

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

#include <bit>
#include <cmath>

#include "base/statistics.hpp"
#include "measure/cpu/arena.hpp"
#include "measure/cpu/clock.hpp"
#include "measure/cpu/crew.hpp"
#include "measure/cpu/kernels/arithmetic_kernels.hpp"
#include "measure/cpu/kernels/chase.hpp"
#include "measure/cpu/kernels/memory_kernels.hpp"
#include "measure/cpu/reference.hpp"

namespace hardscape::measuring {
#if defined(__aarch64__)
int sve_bytes();
#endif
namespace {

TEST(Halves, GoThereAndBack) {
  for (const auto& [half, value] : std::vector<std::pair<std::uint16_t, float>>{{0x3c00, 1.0f}, {0xc000, -2.0f}, {0x3555, 0.333251953125f}, {0x7bff, 65504.0f}, {0x0400, 6.103515625e-5f}}) {
    EXPECT_EQ(half_to_float(half), value);  // IEEE 754 binary16
    EXPECT_EQ(float_to_half(value), half);
  }
  EXPECT_EQ(float_to_half(0), 0);
  EXPECT_EQ(float_to_half(1.9999f), 0x4000) << "rounding carries into the exponent";
  EXPECT_EQ(bf16_to_float(float_to_bf16(1.00390625f)), 1.0f) << "to even";
}

TEST(Clock, IsThatOfAProcessor) {
  const auto clock = measured_clock();
  if (!clock) GTEST_SKIP() << "no way to time it on this architecture";
  EXPECT_GT(*clock, 1e8);
  EXPECT_LT(*clock, 1e10);
}

TEST(Team, RunsOnceOnEachThread) {
  Team team({0, 0, 0});
  std::vector<int> calls(3);
  for (int i = 0; i < 50; ++i) {
    const auto timing = team.run([&](int t) { ++calls[static_cast<std::size_t>(t)]; });
    EXPECT_GE(timing.seconds, 0);
  }
  EXPECT_EQ(calls, (std::vector<int>{50, 50, 50}));
}

TEST(Slices, GiveEachChunkOncePerPass) {
  for (const int threads : {1, 3, 7}) {
    Slices slices(threads, 10);
    slices.start(4);
    std::vector<int> taken(10);
    for (int t = 0; t < threads; ++t) slices.take(t, [&](std::size_t chunk) { ++taken[chunk]; });
    EXPECT_EQ(taken, std::vector<int>(10, 4)) << threads;
  }
}

TEST(Slices, WorkWithFewerChunksThanThreads) {
  Slices slices(5, 2);
  slices.start(3);
  int taken = 0;
  for (int t = 0; t < 5; ++t) slices.take(t, [&](std::size_t) { ++taken; });
  EXPECT_EQ(taken, 6);
}

// What the compiler's run-time library says this processor and its system offer.
Processor this_processor() {
  Processor out;
#if defined(__x86_64__)
  const auto add = [&](bool has, const char* name) {
    if (has) out.features.emplace_back(name);
  };
  add(__builtin_cpu_supports("avx2") != 0, "avx2");
  add(__builtin_cpu_supports("fma") != 0, "fma");
  add(__builtin_cpu_supports("avx512f") != 0, "avx512f");
  add(__builtin_cpu_supports("avx512bw") != 0, "avx512bw");
  add(__builtin_cpu_supports("avx512vnni") != 0, "avx512_vnni");
  add(__builtin_cpu_supports("avx512bf16") != 0, "avx512_bf16");
#elif defined(__aarch64__)
  out.features.emplace_back("neon");
#if defined(__linux__)
  const unsigned long first = ::getauxval(AT_HWCAP), second = ::getauxval(AT_HWCAP2);
  const auto add = [&](bool has, const char* name) {
    if (has) out.features.emplace_back(name);
  };
  add((first & HWCAP_ASIMDHP) != 0, "fp16");
  add((first & HWCAP_ASIMDDP) != 0, "dotprod");
  add((first & HWCAP_SVE) != 0, "sve");
  add((second & HWCAP2_I8MM) != 0, "i8mm");
  add((second & HWCAP2_BF16) != 0, "bf16");
#endif
#endif
  return out;
}

std::vector<const MemoryKernels*> memory_kernels() {
#if defined(__x86_64__)
  const Processor processor = this_processor();
  std::vector<const MemoryKernels*> out{&k_memory_plain};
  for (const auto* k : {&k_memory_sse2, &k_memory_avx2, &k_memory_avx512})
    if (has_features(processor, k->needs)) out.push_back(k);
  return out;
#elif defined(__aarch64__)
  return {&k_memory_plain, &k_memory_neon};
#else
  return {&k_memory_plain};
#endif
}

TEST(MemoryKernels, MoveWhatTheyShould) {
  constexpr std::size_t k_bytes = 64 * 512, k_doubles = k_bytes / 8;
  auto a = Pages::take(k_bytes), b = Pages::take(k_bytes), c = Pages::take(k_bytes);
  ASSERT_TRUE(a && b && c);
  Splitmix random(1);
  std::uint64_t sum = 0, pattern[8];
  for (auto& word : pattern) word = random.next();
  alignas(64) std::uint64_t aligned[8];
  std::copy(pattern, pattern + 8, aligned);
  for (std::size_t i = 0; i < k_doubles; ++i) {
    b->as<double>()[i] = random.normal();
    c->as<double>()[i] = random.normal();
    sum += std::bit_cast<std::uint64_t>(b->as<double>()[i]);
  }
  const auto wipe = [&] { std::fill_n(a->as<double>(), k_doubles, 0.0); };
  for (const auto* k : memory_kernels()) {
    EXPECT_EQ(k->read(b->data(), k_bytes), sum) << k->name;
    for (const auto write : {k->write, k->write_around}) {
      if (write == nullptr) continue;
      wipe();
      write(a->data(), k_bytes, aligned);
      for (std::size_t i = 0; i < k_doubles; ++i) ASSERT_EQ(a->as<std::uint64_t>()[i], pattern[i % 8]) << k->name << ' ' << i;
    }
    for (const auto copy : {k->copy, k->copy_around}) {
      if (copy == nullptr) continue;
      wipe();
      copy(a->data(), b->data(), k_bytes);
      for (std::size_t i = 0; i < k_doubles; ++i) ASSERT_EQ(a->as<double>()[i], b->as<double>()[i]) << k->name << ' ' << i;
    }
    for (const auto triad : {k->triad, k->triad_around}) {
      if (triad == nullptr) continue;
      wipe();
      triad(a->as<double>(), b->as<double>(), c->as<double>(), 0.75, k_bytes);
      for (std::size_t i = 0; i < k_doubles; ++i) ASSERT_NEAR(a->as<double>()[i], b->as<double>()[i] + 0.75 * c->as<double>()[i], 1e-14) << k->name << ' ' << i;
    }
  }
}

TEST(Chase, FollowsTheChain) {
  const void* cells[5];
  for (std::size_t i = 0; i < 5; ++i) cells[i] = &cells[(i + 2) % 5];
  for (const int steps : {0, 1, 7, 8, 9, 23}) EXPECT_EQ(chase(cells, steps), &cells[(2 * static_cast<std::size_t>(steps)) % 5]) << steps;
}

// Every variant of every kernel that this processor has, bit for bit where rounding is fixed; and the check itself
// notices a wrong bit.
TEST(ArithmeticKernels, ComputeWhatPlainCodeComputes) {
  const Processor processor = this_processor();
  int tried = 0;
  for (const auto* at = k_arithmetic_kernels; *at != nullptr; ++at) {
    const auto& k = **at;
    if (k.register_bytes == 1024 || !has_features(processor, k.needs)) continue;
    std::size_t moved = std::max<std::size_t>(16, static_cast<std::size_t>(k.register_bytes));
#if defined(__aarch64__)
    if (k.register_bytes == 0) moved = static_cast<std::size_t>(sve_bytes());
#endif
    const auto data = chain_data(k, moved, 77);
    for (const auto& variant : k.variants) {
      if (variant.accumulators == 0) break;
      struct alignas(128) Desk {
        unsigned char accumulators[256 * k_most_accumulators];
        unsigned char operands[4 * k_operand_bytes];
      } desk;
      std::copy(data.accumulators.begin(), data.accumulators.end(), desk.accumulators);
      std::copy(data.operands.begin(), data.operands.end(), desk.operands);
      variant.run(desk.accumulators, desk.operands, 37);
      const auto right = check_chain(k, moved, variant.accumulators, 37, data.accumulators, data.operands, desk.accumulators);
      EXPECT_TRUE(right) << right.error().message;
      desk.accumulators[k.lane_bytes - 1] ^= 0x20;
      EXPECT_FALSE(check_chain(k, moved, variant.accumulators, 37, data.accumulators, data.operands, desk.accumulators)) << k.name;
      ++tried;
    }
  }
  EXPECT_GT(tried, 0);
}

}  // namespace
}  // namespace hardscape::measuring
