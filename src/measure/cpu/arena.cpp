#include "measure/cpu/arena.hpp"

#include <cstring>

#include "base/statistics.hpp"
#include "measure/cpu/kernels/memory_kernels.hpp"

namespace hardscape::measuring {
namespace {

std::size_t slice_begin(int thread, int threads, std::size_t chunks) {
  return chunks * static_cast<std::size_t>(thread) / static_cast<std::size_t>(threads);
}

// The pool again and again, each time from another place: no two chunks are the same.
void fill(double* to, std::size_t count, const std::vector<double>& pool, std::size_t shift) {
  for (std::size_t done = 0; done < count;) {
    const std::size_t from = shift % pool.size();
    const std::size_t now = std::min(count - done, pool.size() - from);
    std::memcpy(to + done, pool.data() + from, now * sizeof(double));
    done += now;
    shift += now + 1021;
  }
}

}  // namespace

std::vector<double> normal_pool(std::size_t count) {
  Splitmix random(20261124);
  std::vector<double> out(count);
  for (auto& x : out) x = random.normal();
  return out;
}

Result<std::shared_ptr<Arena>> Arena::make(std::size_t bytes, Team& team, bool zeros) {
  auto a = Pages::take(bytes);
  auto b = Pages::take(bytes);
  auto c = Pages::take(bytes);
  for (const auto* pages : {&a, &b, &c})
    if (!*pages) return pages->error();
  std::shared_ptr<Arena> out(new Arena(*std::move(a), *std::move(b), *std::move(c), bytes));

  const auto pool = zeros ? std::vector<double>(1 << 15, 0.0) : normal_pool(1 << 15);
  std::vector<std::uint64_t> sums(static_cast<std::size_t>(team.size()));
  team.run([&](int thread) {
    const std::size_t begin = slice_begin(thread, team.size(), out->chunks()), end = slice_begin(thread + 1, team.size(), out->chunks());
    constexpr std::size_t k_doubles = k_chunk / sizeof(double);
    std::uint64_t sum = 0;
    for (std::size_t chunk = begin; chunk < end; ++chunk) {
      fill(out->a() + chunk * k_doubles, k_doubles, pool, 7 * chunk);
      fill(out->b() + chunk * k_doubles, k_doubles, pool, 11 * chunk + 1);
      fill(out->c() + chunk * k_doubles, k_doubles, pool, 13 * chunk + 2);
      sum += k_memory_plain.read(out->b() + chunk * k_doubles, k_chunk);
    }
    sums[static_cast<std::size_t>(thread)] = sum;
  });
  for (const auto sum : sums) out->sum_of_b_ += sum;
  return out;
}

Slices::Slices(int threads, std::size_t chunks) : slices_(static_cast<std::size_t>(threads)) {
  for (int t = 0; t < threads; ++t) {
    auto& slice = slices_[static_cast<std::size_t>(t)];
    slice.begin = slice_begin(t, threads, chunks);
    slice.count = slice_begin(t + 1, threads, chunks) - slice.begin;
  }
}

void Slices::start(std::int64_t passes) {
  passes_ = passes;
  for (auto& slice : slices_) slice.next.store(0, std::memory_order_relaxed);
}

}  // namespace hardscape::measuring
