#include "measure/runner.hpp"

#include <algorithm>
#include <cmath>

#include "base/statistics.hpp"
#include "measure/sampling.hpp"

namespace hardscape::measuring {
namespace {

constexpr double k_overtime = 1.1;   // of the budget, to replace disturbed samples

MeasureStatus status_for(const Error& error) {
  if (error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout) return MeasureStatus::skipped;
  return error.code == ErrorCode::unsupported ? MeasureStatus::unsupported : MeasureStatus::failed;
}

class Run {
 public:
  Run(const std::vector<Probe>& probes, const Schedule& schedule, const Senses& senses, const MeasureProgress& progress, const StopRequested& stop)
      : schedule_(schedule), senses_(senses), progress_(progress), stop_(stop) {
    for (const auto& probe : probes) states_.emplace_back(probe);
    start_ = senses_.now();
  }

  Measured go() {
    const double for_sustained = schedule_.sustained_s * static_cast<double>(count_sustained());
    deadline_ = start_ + std::max(0.3 * schedule_.budget_s, schedule_.budget_s - for_sustained);
    for (int i = 0; i < schedule_.allocations && !stopped(); ++i) once_through(schedule_.allocations - i);

    Measured out;
    std::vector<double> clocks;
    for (auto& state : states_) {
      mark_clock_drift(state.samples);
      auto result = summarise(*state.probe, state.samples, schedule_.fewest);
      result.method = state.method;
      if (state.failure) {
        result.status = state.status;
        result.reason = *state.failure;
        if (result.status == MeasureStatus::failed) result.value.reset(), result.fraction_of_peak.reset();
      } else if (!state.probe->refused && state.samples.empty()) {
        result.status = MeasureStatus::skipped;
        result.reason = stopped() ? "stopped before its turn" : "no time was left for it";
      }
      if (result.clock_hz) clocks.push_back(*result.clock_hz);
      out.results.push_back(std::move(result));
    }
    if (schedule_.sustained_s > 0)
      for (const auto& state : states_)
        if (state.probe->sustained && !state.failure && !state.probe->refused && !stopped()) hold(*state.probe, out);
    if (!clocks.empty()) out.clock_hz = median_of(clocks);
    out.stopped = stopped();
    return out;
  }

 private:
  struct State {
    explicit State(const Probe& what) : probe(&what) {}
    const Probe* probe;
    std::vector<Sample> samples;
    std::int64_t repetitions = 1;
    std::unique_ptr<Workload> workload;
    std::string method;
    std::optional<std::string> failure;
    MeasureStatus status = MeasureStatus::ok;
  };
  using Set = std::vector<State*>;

  bool stopped() { return stopped_ = stopped_ || (stop_ && stop_()); }

  void say(const State& state) {
    if (!progress_) return;
    const double done = (senses_.now() - start_) / schedule_.budget_s;
    progress_(state.probe->device + ": " + state.probe->group + ", " + state.probe->kernel, std::clamp(done, 0.0, 0.99));
  }

  std::size_t count_sustained() const {
    return static_cast<std::size_t>(std::count_if(states_.begin(), states_.end(), [](const State& s) { return s.probe->sustained && !s.probe->refused; }));
  }

  void fail(State& state, const Error& error) {
    state.failure = error.message;
    state.status = status_for(error);
    state.workload.reset();
  }

  bool has_quiet_ones(const Set& set) const {
    return std::all_of(set.begin(), set.end(), [&](const State* state) {
      return std::count_if(state->samples.begin(), state->samples.end(), [](const Sample& s) { return !s.disturbed; }) >= schedule_.fewest;
    });
  }

  // Every set once, each with its share of the time that is left for `rounds_left` such passes.
  void once_through(int passes_left) {
    std::vector<Set> sets;
    double shares = 0;
    for (auto& state : states_) {
      if (state.probe->refused || state.failure) continue;
      shares += state.probe->share;
      const auto same = std::find_if(sets.begin(), sets.end(), [&](const Set& s) {
        return s.front()->probe->device == state.probe->device && s.front()->probe->set == state.probe->set;
      });
      (same == sets.end() ? sets.emplace_back() : *same).push_back(&state);
    }
    const double pass_end = senses_.now() + std::max(0.0, deadline_ - senses_.now()) / passes_left;
    for (auto& set : sets) {
      if (stopped()) return;
      double ours = 0;
      for (const State* state : set) ours += state->probe->share;
      const double left = std::max(0.0, pass_end - senses_.now());
      measure_set(set, senses_.now() + left * ours / shares);
      shares -= ours;
    }
  }

  void measure_set(Set& set, double until) {
    for (State* state : set) {
      if (stopped()) return;
      say(*state);
      auto workload = state->probe->prepare();
      if (!workload)
        fail(*state, workload.error());
      else
        state->workload = *std::move(workload);
    }
    std::erase_if(set, [](const State* s) { return s->workload == nullptr; });
    const double each = std::max(0.0, until - senses_.now()) / static_cast<double>(std::max<std::size_t>(1, set.size()));
    for (State* state : set) {
      if (stopped()) break;
      say(*state);
      const auto warm = warm_up(*state->workload, *state->probe, schedule_, each * schedule_.warm_up_share, state->repetitions, senses_);
      if (!warm) fail(*state, warm.error());
    }
    std::erase_if(set, [](const State* s) { return s->workload == nullptr; });
    take_turns(set, until);
    for (State* state : set) {
      state->method = state->workload->method();
      if (const auto right = state->workload->verify(); !right) fail(*state, right.error());
    }
    for (State* state : set) state->workload.reset();
  }

  void take_turns(Set& set, double until) {
    Window window(senses_, schedule_.window_s);
    for (int round = 0; round < schedule_.most && !set.empty(); ++round) {
      // Enough quiet samples first; but a machine that is never quiet must still give an answer.
      const bool late = senses_.now() > start_ + k_overtime * schedule_.budget_s;
      if (senses_.now() >= until && round >= (late || has_quiet_ones(set) ? schedule_.fewest : 3 * schedule_.fewest)) break;
      for (State* state : set) {
        if (stopped()) return window.close();
        say(*state);
        auto sample = take_sample(*state->workload, *state->probe, state->repetitions, senses_);
        if (!sample) {
          fail(*state, sample.error());
          continue;
        }
        state->samples.push_back(*std::move(sample));
        window.add(state->samples, state->samples.size() - 1);
      }
      window.look();
      std::erase_if(set, [](const State* s) { return s->workload == nullptr; });
    }
    window.close();
  }

  // One probe for many seconds: what remains when the boost is over and the heat is there.
  void hold(const Probe& probe, Measured& out) {
    State state(probe);
    say(state);
    auto workload = probe.prepare();
    if (!workload) return;
    state.workload = *std::move(workload);
    const double until = senses_.now() + schedule_.sustained_s;
    if (!warm_up(*state.workload, probe, schedule_, 0.1, state.repetitions, senses_)) return;
    {
      Window window(senses_, schedule_.window_s);
      while (senses_.now() < until && !stopped()) {
        say(state);
        auto sample = take_sample(*state.workload, probe, state.repetitions, senses_);
        if (!sample) return;
        sample->clock_hz.reset();  // a falling clock is what is looked for here
        if (sample->why == "the clock moved") sample->disturbed = false;
        state.samples.push_back(*std::move(sample));
        window.add(state.samples, state.samples.size() - 1);
        window.look();
      }
      window.close();
    }
    if (state.samples.size() < 9) return;
    const std::ptrdiff_t third = static_cast<std::ptrdiff_t>(state.samples.size() / 3);
    const std::vector<Sample> first(state.samples.begin(), state.samples.begin() + third);
    const std::vector<Sample> last(state.samples.end() - third, state.samples.end());
    const auto early = summarise(probe, first, schedule_.fewest);
    auto late = summarise(probe, last, schedule_.fewest);
    late.metric += "_sustained";
    late.method = state.workload->method();
    if (!state.workload->verify()) return;
    constexpr double k_falls = 0.95;
    if (*late.value < k_falls * *early.value)
      out.notes.push_back({Severity::warning, "rate-falls", probe.device + " " + probe.kernel + " falls to " +
                           std::to_string(static_cast<int>(std::lround(100 * *late.value / *early.value))) + " % of its first rate when it is held for " +
                           std::to_string(static_cast<int>(schedule_.sustained_s)) + " s: heat or a power limit.",
                           "Plan with the sustained figure; better cooling or a higher power limit may raise it."});
    out.results.push_back(std::move(late));
  }

  Schedule schedule_;
  const Senses& senses_;
  const MeasureProgress& progress_;
  const StopRequested& stop_;
  std::vector<State> states_;
  double start_ = 0;
  double deadline_ = 0;
  bool stopped_ = false;
};

}  // namespace

Schedule schedule_for(const MeasureOptions& options) {
  Schedule out;
  switch (options.length) {
    case MeasureLength::quick:
      out.budget_s = 1.4;
      out.most = 20;
      break;
    case MeasureLength::normal:
      out.budget_s = 8;
      break;
    case MeasureLength::longer:
      out.budget_s = 60;
      out.allocations = 3;
      out.most = 100'000;
      out.steady = 0.01;
      out.sustained_s = 10;
      break;
  }
  if (options.seconds) out.budget_s = *options.seconds;
  out.sustained_s = std::min(out.sustained_s, 0.15 * out.budget_s);
  return out;
}

Measured run_probes(const std::vector<Probe>& probes, const Schedule& schedule, const Senses& senses, const MeasureProgress& progress,
                    const StopRequested& stop) {
  return Run(probes, schedule, senses, progress, stop).go();
}

}  // namespace hardscape::measuring
