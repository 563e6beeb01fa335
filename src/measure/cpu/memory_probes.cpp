// Bandwidth: read, write, copy, triad with every core, one thread, each NUMA node; the curve over working sets.
#include <algorithm>
#include <bit>
#include <cmath>

#include "base/statistics.hpp"
#include "base/text.hpp"
#include "measure/cpu/arena.hpp"
#include "measure/cpu/crew.hpp"
#include "measure/cpu/kernels/memory_kernels.hpp"

namespace hardscape::measuring {
namespace {

enum class Kind { read, write, copy, triad };
struct KindRow {
  Kind kind;
  const char* name;
  int arrays;
  const char* counting;
};
constexpr KindRow k_memory_kinds[] = {
    {Kind::read, "read", 1, "bytes read"},
    {Kind::write, "write", 1, "bytes written; no read of a line before it is written is counted"},
    {Kind::copy, "copy", 2, "bytes read and bytes written, as STREAM; no read of a line before it is written is counted"},
    {Kind::triad, "triad", 3, "two words read and one written, as STREAM; no read of a line before it is written is counted"},
};
constexpr double k_factor = 0.75;   // of the triad

// Widest first.
std::vector<const MemoryKernels*> usable_kernels(const Machine& machine) {
  std::vector<const MemoryKernels*> out;
#if defined(__x86_64__)
  const Processor processor = machine.processors.empty() ? Processor{} : machine.processors.front();
  for (const auto* kernels : {&k_memory_avx512, &k_memory_avx2, &k_memory_sse2})
    if (has_features(processor, kernels->needs)) out.push_back(kernels);
#elif defined(__aarch64__)
  static_cast<void>(machine);
  out.push_back(&k_memory_neon);
#endif
  out.push_back(&k_memory_plain);
  return out;
}

struct Variant {
  const MemoryKernels* kernels = nullptr;
  bool around = false;
  std::string name() const { return std::string(kernels->name) + (around ? ", stores past the caches" : ""); }
};

std::vector<Variant> variants_of(Kind kind, const std::vector<const MemoryKernels*>& kernels, bool few) {
  std::vector<Variant> out;
  for (const auto* k : kernels) {
    if (few && k != kernels.front() && !out.empty()) break;
    if (kind != Kind::read && k->write_around != nullptr) out.push_back({k, true});
    out.push_back({k, false});
  }
  return out;
}

// One for each crew: the arrays, and which variant of each kernel was fastest on them.
struct Place {
  std::shared_ptr<Crew> crew;
  std::size_t bytes = 0;
  bool zeros = false;
  bool few_variants = false;
  std::vector<const MemoryKernels*> kernels;
  std::weak_ptr<Arena> arena;
  std::shared_ptr<Place> arrays_of;                 // uses those of this place
  std::optional<Variant> fastest[4];

  Result<std::shared_ptr<Arena>> get() {
    if (arrays_of) return arrays_of->get();
    auto held = arena.lock();
    if (held) return held;
    auto made = Arena::make(bytes, *crew->team(), zeros);
    if (made) arena = *made;
    return made;
  }
};

class MemoryWorkload : public Workload {
 public:
  MemoryWorkload(const KindRow& row, std::shared_ptr<Place> place, std::shared_ptr<Arena> arena)
      : row_(row), place_(std::move(place)), arena_(std::move(arena)), team_(place_->crew->team()), slices_(team_->size(), arena_->chunks()),
        sums_(static_cast<std::size_t>(team_->size())) {
    const auto pool = place_->zeros ? std::vector<double>(8, 0.0) : normal_pool(8);
    for (std::size_t i = 0; i < 8; ++i) pattern_[i] = std::bit_cast<std::uint64_t>(pool[i]);
    auto& fastest = place_->fastest[static_cast<std::size_t>(row.kind)];
    if (!fastest) fastest = choose();
    variant_ = *fastest;
  }

  Result<Timing> run(std::int64_t repetitions) override {
    slices_.start(repetitions);
    std::fill(sums_.begin(), sums_.end(), Sum{});
    Timing timing = team_->run([&](int thread) {
      std::uint64_t sum = 0;
      slices_.take(thread, [&](std::size_t chunk) { sum += one(chunk); });
      sums_[static_cast<std::size_t>(thread)].value = sum;
    });
    timing.work = static_cast<double>(repetitions) * static_cast<double>(row_.arrays) * static_cast<double>(arena_->bytes());
    if (row_.kind == Kind::read) {
      std::uint64_t total = 0;
      for (const auto& sum : sums_) total += sum.value;
      if (total != arena_->sum_of_b() * static_cast<std::uint64_t>(repetitions))
        return Error{ErrorCode::malformed, "the sum of what was read is wrong: memory or processor is faulty"};
    }
    return timing;
  }

  Status verify() override {
    // The other kernels write to the same array: do it once more, and look at places all over it.
    if (const auto again = run(1); !again) return again.error();
    Splitmix random(7);
    const std::size_t doubles = arena_->bytes() / sizeof(double);
    for (int i = 0; i < 4096 && row_.kind != Kind::read; ++i) {
      const auto at = static_cast<std::size_t>(random.below(doubles));
      const double b = arena_->b()[at], c = arena_->c()[at], got = arena_->a()[at];
      const double want = row_.kind == Kind::write ? std::bit_cast<double>(pattern_[at % 8]) : row_.kind == Kind::copy ? b : b + k_factor * c;
      const double slack = row_.kind == Kind::triad ? 1e-14 * (std::abs(b) + std::abs(c)) : 0;
      if (!(std::abs(got - want) <= slack))
        return Error{ErrorCode::malformed, "element " + std::to_string(at) + " is " + std::to_string(got) + " where " + std::to_string(want) + " was written"};
    }
    return Done{};
  }

  std::string method() const override { return variant_.name(); }

 private:
  struct alignas(128) Sum {
    std::uint64_t value = 0;
  };

  std::uint64_t one(std::size_t chunk) const {
    constexpr std::size_t k_doubles = k_chunk / sizeof(double);
    double* a = arena_->a() + chunk * k_doubles;
    const double* b = arena_->b() + chunk * k_doubles;
    const MemoryKernels& k = *variant_.kernels;
    switch (row_.kind) {
      case Kind::read: return k.read(b, k_chunk);
      case Kind::write: (variant_.around ? k.write_around : k.write)(a, k_chunk, pattern_); break;
      case Kind::copy: (variant_.around ? k.copy_around : k.copy)(a, b, k_chunk); break;
      case Kind::triad: (variant_.around ? k.triad_around : k.triad)(a, b, arena_->c() + chunk * k_doubles, k_factor, k_chunk); break;
    }
    return 0;
  }

  Variant choose() {
    const auto candidates = variants_of(row_.kind, place_->kernels, place_->few_variants);
    Variant best;
    double best_s = 0;
    for (int round = 0; round < 2; ++round)
      for (const auto& candidate : candidates) {
        variant_ = candidate;
        const auto timing = run(1);
        if (timing && (best.kernels == nullptr || timing->seconds < best_s)) best = candidate, best_s = timing->seconds;
      }
    return best.kernels != nullptr ? best : candidates.front();
  }

  const KindRow& row_;
  std::shared_ptr<Place> place_;
  std::shared_ptr<Arena> arena_;
  std::shared_ptr<Team> team_;
  Slices slices_;
  std::vector<Sum> sums_;
  alignas(64) std::uint64_t pattern_[8] = {};
  Variant variant_;
};

// One thread reading a working set again and again.
class CurveWorkload : public Workload {
 public:
  CurveWorkload(std::shared_ptr<Team> team, Pages pages, const MemoryKernels& kernels, bool zeros)
      : team_(std::move(team)), pages_(std::move(pages)), kernels_(kernels) {
    const auto pool = zeros ? std::vector<double>(4096, 0.0) : normal_pool(4096);
    team_->run([&](int) {
      for (std::size_t i = 0; i < pages_.bytes() / sizeof(double); ++i) pages_.as<double>()[i] = pool[(i + i / 4096) % 4096];
    });
    sum_ = k_memory_plain.read(pages_.data(), pages_.bytes());
  }
  Result<Timing> run(std::int64_t repetitions) override {
    std::uint64_t sum = 0;
    Timing timing = team_->run([&](int) {
      for (std::int64_t i = 0; i < repetitions; ++i) sum += kernels_.read(pages_.data(), pages_.bytes());
    });
    if (sum != sum_ * static_cast<std::uint64_t>(repetitions))
      return Error{ErrorCode::malformed, "the sum of what was read is wrong: memory or processor is faulty"};
    timing.work = static_cast<double>(repetitions) * static_cast<double>(pages_.bytes());
    return timing;
  }
  Status verify() override { return Done{}; }  // each run is checked
  std::string method() const override { return kernels_.name; }

 private:
  std::shared_ptr<Team> team_;
  Pages pages_;
  const MemoryKernels& kernels_;
  std::uint64_t sum_ = 0;
};

Probe memory_probe(const KindRow& row, const std::shared_ptr<Place>& place, const std::string& suffix, std::string set) {
  Probe p;
  p.device = "cpu";
  p.kernel = row.name;
  p.metric = "bandwidth" + suffix;
  p.unit = "bytes_per_s";
  p.group = "memory";
  p.counting = row.counting;
  p.threads = place->crew->size();
  p.working_set = Bytes{static_cast<std::int64_t>(place->bytes) * row.arrays};
  p.set = std::move(set);
  p.prepare = [&row, place]() -> Result<std::unique_ptr<Workload>> {
    auto arena = place->get();
    if (!arena) return arena.error();
    return std::unique_ptr<Workload>(new MemoryWorkload(row, place, *arena));
  };
  return p;
}

std::string size_name(std::size_t bytes) {
  if (bytes >= (std::size_t{1} << 20) && bytes % (std::size_t{1} << 20) == 0) return std::to_string(bytes >> 20) + "mib";
  return std::to_string(bytes >> 10) + "kib";
}

void add_curve(const ProbeContext& context, const Crews& crews, const std::vector<const MemoryKernels*>& kernels, std::size_t most, DeviceProbes& out) {
  if (context.machine.processors.empty()) return;
  const bool dense = context.options.length == MeasureLength::longer;
  const bool zeros = context.options.zeros;
  for (const std::size_t bytes : curve_sizes(data_caches(context.machine.processors.front()), dense, most)) {
    Probe p;
    p.device = "cpu";
    p.kernel = "cache_read";
    p.metric = "bandwidth_at_" + size_name(bytes);
    p.unit = "bytes_per_s";
    p.group = "cache";
    p.counting = "bytes read by one thread, the same working set again and again";
    p.threads = 1;
    p.working_set = Bytes{static_cast<std::int64_t>(bytes)};
    p.set = "cache";
    p.sample_s = 0.01;
    p.share = 0.4;
    p.prepare = [crew = crews.one, bytes, &kernel = *kernels.front(), zeros]() -> Result<std::unique_ptr<Workload>> {
      auto pages = Pages::take(bytes);
      if (!pages) return pages.error();
      return std::unique_ptr<Workload>(new CurveWorkload(crew->team(), *std::move(pages), kernel, zeros));
    };
    out.probes.push_back(std::move(p));
  }
}

}  // namespace

void add_memory_probes(const ProbeContext& context, const Crews& crews, DeviceProbes& out) {
  const auto kernels = usable_kernels(context.machine);
  const ArraySize size = array_size(context.machine, context.options);
  const bool quick = context.options.length == MeasureLength::quick;
  const auto place_for = [&](const std::shared_ptr<Crew>& crew, std::size_t bytes) {
    auto place = std::make_shared<Place>();
    place->crew = crew;
    place->bytes = bytes;
    place->zeros = context.options.zeros;
    place->few_variants = quick;
    place->kernels = kernels;
    return place;
  };
  const auto all = place_for(crews.all, size.bytes);
  std::vector<std::shared_ptr<Place>> nodes;
  for (const auto& crew : crews.nodes)
    nodes.push_back(place_for(crew, std::max(k_chunk, size.bytes / crews.nodes.size() / k_chunk * k_chunk)));
  // One thread must not read another node's memory: that would measure the link between them.
  const auto one = place_for(crews.one, nodes.empty() ? size.bytes : nodes.front()->bytes);
  one->arrays_of = nodes.empty() ? all : nodes.front();

  std::optional<Peak> peak;
  if (const auto& known = context.machine.memory.bandwidth; known && known->source.origin < Origin::calibrated)
    peak = Peak{known->value.value, "theoretical bandwidth of the memory (" + known->source.ref + ")"};
  for (const auto& row : k_memory_kinds) {
    auto p = memory_probe(row, all, "", "memory");
    p.in_quick = true;
    p.sustained = row.kind == Kind::read;
    p.peak = peak;
    out.probes.push_back(std::move(p));
  }
  if (crews.all->size() > 1)
    for (const auto& row : k_memory_kinds) {
      auto p = memory_probe(row, one, "_one_thread", nodes.empty() ? "memory" : "node0");
      p.in_quick = row.kind == Kind::read;
      p.ceiling = peak;
      out.probes.push_back(std::move(p));
    }
  for (std::size_t node = 0; node < nodes.size(); ++node)
    for (const auto& row : k_memory_kinds)
      if (row.kind == Kind::read || row.kind == Kind::triad)
        out.probes.push_back(memory_probe(row, nodes[node], "_node" + std::to_string(node), "node" + std::to_string(node)));
  if (size.times_cache > 0 && size.times_cache < 4)
    out.notes.push_back({Severity::warning, "arrays-small", "The arrays are only " + std::to_string(size.times_cache).substr(0, 4) +
                         " times as large as the last-level caches, because no more memory is free: bandwidth may be that of a cache in part.",
                         "Free memory, or raise the limit of this container, and measure again."});
  add_curve(context, crews, kernels, 3 * size.bytes, out);
}

}  // namespace hardscape::measuring
