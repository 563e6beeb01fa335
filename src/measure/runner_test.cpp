// The method, on a made-up clock and made-up probes.
#include "measure/runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace hardscape::measuring {
namespace {

// A machine whose time only passes when somebody works on it.
struct World {
  double now = 100;
  double others = 0;              // processors that other processes take
  double clock = 3e9;
  std::vector<std::string> order; // kernels in the order sampled
  int alive = 0;                  // workloads prepared and not released
  int most_alive = 0;
  bool known = true;
  double busy = 0, own = 0;

  void pass(double seconds) {
    now += seconds;
    own += seconds;
    busy += seconds * (1 + others);
  }
  Senses senses() {
    return {[this] { return now; },
            [this] {
              LoadReading r;
              r.at_s = now;
              r.busy_s = busy;
              r.own_s = own;
              r.known = known;
              return r;
            },
            [this] { return std::optional<double>(clock); }};
  }
};

struct Behaviour {
  double rate = 1e9;                            // work per second
  std::function<double(const World&, int)> factor;  // on the rate, by call
  std::optional<double> on_cpu;
  std::function<void(World&, int)> before;      // each call
  Status verdict = Done{};
  std::optional<Error> breaks;                  // in run
  double work = 1000;                           // one repetition
};

class Fake : public Workload {
 public:
  Fake(World& world, Behaviour behaviour, std::string kernel) : world_(world), behaviour_(std::move(behaviour)), kernel_(std::move(kernel)) {
    world_.most_alive = std::max(world_.most_alive, ++world_.alive);
  }
  ~Fake() override { --world_.alive; }
  Result<Timing> run(std::int64_t repetitions) override {
    if (behaviour_.breaks) return *behaviour_.breaks;
    const int call = calls_++;
    if (behaviour_.before) behaviour_.before(world_, call);
    world_.order.push_back(kernel_);
    const double work = behaviour_.work * static_cast<double>(repetitions);
    const double seconds = work / (behaviour_.rate * (behaviour_.factor ? behaviour_.factor(world_, call) : 1));
    world_.pass(seconds);
    return Timing{seconds, work, behaviour_.on_cpu, std::nullopt, ""};
  }
  Status verify() override { return behaviour_.verdict; }
  std::string method() const override { return "made up"; }

 private:
  World& world_;
  Behaviour behaviour_;
  std::string kernel_;
  int calls_ = 0;
};

Probe probe(World& world, const std::string& kernel, const Behaviour& behaviour, std::string metric = "rate") {
  Probe out;
  out.device = "fake";
  out.kernel = kernel;
  out.metric = std::move(metric);
  out.unit = "flops";
  out.group = "arithmetic";
  out.set = "all";
  out.prepare = [&world, kernel, behaviour]() -> Result<std::unique_ptr<Workload>> { return std::unique_ptr<Workload>(new Fake(world, behaviour, kernel)); };
  return out;
}

Schedule short_schedule() {
  Schedule out;
  out.budget_s = 4;
  return out;
}

Behaviour at(double rate) {
  Behaviour out;
  out.rate = rate;
  return out;
}

TEST(Runner, FindsTheRateAndKeepsEverySample) {
  World world;
  const auto measured = run_probes({probe(world, "a", at(2e9))}, short_schedule(), world.senses());
  ASSERT_EQ(measured.results.size(), 1u);
  const auto& r = measured.results[0];
  EXPECT_EQ(r.status, MeasureStatus::ok);
  EXPECT_NEAR(r.value.value_or(0), 2e9, 1);
  EXPECT_GE(r.samples.size(), 20u);
  EXPECT_EQ(r.method, "made up");
  EXPECT_TRUE(r.discarded.empty());
  EXPECT_EQ(r.reason, "");
  EXPECT_EQ(world.alive, 0);
}

TEST(Runner, StaysWithinItsTime) {
  World world;
  std::vector<Probe> probes;
  for (int i = 0; i < 12; ++i) {
    probes.push_back(probe(world, "k" + std::to_string(i), at(1e9 * (i + 1))));
    probes.back().set = i % 2 == 0 ? "even" : "odd";
  }
  run_probes(probes, short_schedule(), world.senses());
  EXPECT_LE(world.now - 100, 4.4);
  EXPECT_GE(world.now - 100, 3.6);
}

TEST(Runner, SizesSamplesByTime) {
  World world;
  std::vector<double> lengths;
  auto fast = at(1e12);
  double last = world.now;
  fast.before = [&](World& w, int) { lengths.push_back(w.now - last), last = w.now; };
  run_probes({probe(world, "fast", fast)}, short_schedule(), world.senses());
  EXPECT_GE(lengths.back(), 0.014);
  EXPECT_LE(lengths.back(), 0.05);
}

TEST(Runner, TakesTurns) {
  World world;
  auto schedule = short_schedule();
  schedule.most = 3;
  run_probes({probe(world, "a", at(1e9)), probe(world, "b", at(1e9)), probe(world, "c", at(1e9))}, schedule, world.senses());
  const std::vector<std::string> last(world.order.end() - 9, world.order.end());
  EXPECT_THAT(last, testing::ElementsAre("a", "b", "c", "a", "b", "c", "a", "b", "c"));
  EXPECT_EQ(world.most_alive, 3);
}

TEST(Runner, PreparesOneSetAtATime) {
  World world;
  auto a = probe(world, "a", at(1e9)), b = probe(world, "b", at(1e9));
  b.set = "other";
  run_probes({a, b}, short_schedule(), world.senses());
  EXPECT_EQ(world.most_alive, 1);
}

TEST(Runner, AllocatesAnewInEachPass) {
  World world;
  int prepared = 0;
  auto a = probe(world, "a", at(1e9));
  const auto inner = a.prepare;
  a.prepare = [&, inner] { return ++prepared, inner(); };
  auto schedule = short_schedule();
  schedule.allocations = 3;
  run_probes({a}, schedule, world.senses());
  EXPECT_EQ(prepared, 3);
}

TEST(Runner, RepeatsWhatOthersDisturbed) {
  World world;
  auto shaken = at(1e9);
  // Others come for a while, and halve the rate while they are there.
  shaken.before = [](World& w, int call) { w.others = call >= 20 && call < 60 ? 1 : 0; };
  shaken.factor = [](const World& w, int) { return w.others > 0 ? 0.5 : 1.0; };
  const auto measured = run_probes({probe(world, "a", shaken)}, short_schedule(), world.senses());
  const auto& r = measured.results[0];
  EXPECT_NEAR(r.value.value_or(0), 1e9, 1);
  EXPECT_FALSE(r.discarded.empty());
  EXPECT_THAT(r.samples, testing::Each(testing::DoubleNear(1e9, 1)));
  EXPECT_EQ(r.reason, "");
}

TEST(Runner, SaysWhenItWasNeverQuiet) {
  World world;
  world.others = 0.5;
  const auto measured = run_probes({probe(world, "a", at(1e9))}, short_schedule(), world.senses());
  EXPECT_TRUE(measured.results[0].value);
  EXPECT_NE(measured.results[0].reason.find("other processes"), std::string::npos) << measured.results[0].reason;
  EXPECT_LE(world.now - 100, 6);
}

TEST(Runner, NoticesThatAThreadLostItsProcessor) {
  World world;
  auto lost = at(1e9);
  lost.on_cpu = 0.8;
  const auto measured = run_probes({probe(world, "a", lost)}, short_schedule(), world.senses());
  EXPECT_NE(measured.results[0].reason.find("lost its processor"), std::string::npos);
}

TEST(Runner, DiscardsSamplesTakenAtAnotherClock) {
  World world;
  auto slowed = at(1e9);
  slowed.before = [](World& w, int call) { w.clock = call % 5 == 4 ? 2.4e9 : 3e9; };
  slowed.factor = [](const World& w, int) { return w.clock / 3e9; };
  const auto r = run_probes({probe(world, "a", slowed)}, short_schedule(), world.senses()).results[0];
  EXPECT_NEAR(r.value.value_or(0), 1e9, 1);
  EXPECT_GE(r.discarded.size(), 3u);
}

TEST(Runner, DoesNotHoldTheProcessorsClockAgainstADevice) {
  World world;
  auto idle = at(1e9);
  idle.before = [](World& w, int call) { w.clock = call % 5 == 4 ? 2.4e9 : 3e9; };
  auto card = probe(world, "a", idle);
  card.has_own_clock = true;
  const auto r = run_probes({card}, short_schedule(), world.senses()).results[0];
  EXPECT_TRUE(r.discarded.empty());
  EXPECT_FALSE(r.clock_hz);
}

TEST(Runner, WarmsUpUntilSteady) {
  World world;
  auto cold = at(1e9);
  cold.factor = [](const World&, int call) { return call < 12 ? 0.3 + 0.05 * call : 1.0; };
  const auto r = run_probes({probe(world, "a", cold)}, short_schedule(), world.senses()).results[0];
  EXPECT_THAT(r.samples, testing::Each(testing::DoubleNear(1e9, 1)));
}

TEST(Runner, AWrongResultIsNoMeasurement) {
  World world;
  auto wrong = at(1e9);
  wrong.verdict = Error{ErrorCode::malformed, "element 7 is 3, expected 4"};
  const auto r = run_probes({probe(world, "a", wrong)}, short_schedule(), world.senses()).results[0];
  EXPECT_EQ(r.status, MeasureStatus::failed);
  EXPECT_FALSE(r.value);
  EXPECT_NE(r.reason.find("element 7"), std::string::npos);
}

TEST(Runner, TellsWhatFailedFromWhatIsMissing) {
  const std::vector<std::pair<ErrorCode, MeasureStatus>> cases{{ErrorCode::unavailable, MeasureStatus::skipped},
                                                               {ErrorCode::unsupported, MeasureStatus::unsupported},
                                                               {ErrorCode::io, MeasureStatus::failed}};
  for (const auto& [code, status] : cases) {
    World world;
    auto a = probe(world, "a", at(1e9)), b = probe(world, "b", at(1e9));
    a.prepare = [code = code]() -> Result<std::unique_ptr<Workload>> { return Error{code, "no memory for it"}; };
    const auto measured = run_probes({a, b}, short_schedule(), world.senses());
    EXPECT_EQ(measured.results[0].status, status);
    EXPECT_EQ(measured.results[0].reason, "no memory for it");
    EXPECT_TRUE(measured.results[1].value) << "the others go on";
  }
}

TEST(Runner, ARefusedProbeIsAResultWithAReason) {
  World world;
  auto a = probe(world, "a", at(1e9));
  a.refused = MeasureStatus::unsupported;
  a.reason = "this processor has no AMX";
  a.prepare = nullptr;
  const auto r = run_probes({a}, short_schedule(), world.senses()).results[0];
  EXPECT_EQ(r.status, MeasureStatus::unsupported);
  EXPECT_EQ(r.reason, "this processor has no AMX");
  EXPECT_FALSE(r.value);
}

TEST(Runner, StopsAndReleases) {
  World world;
  auto a = at(1e9);
  bool stop = false;
  a.before = [&](World&, int call) { stop = call == 10; };
  const auto measured = run_probes({probe(world, "a", a), probe(world, "b", at(1e9))}, short_schedule(), world.senses(), {}, [&] { return stop; });
  EXPECT_TRUE(measured.stopped);
  EXPECT_EQ(world.alive, 0);
}

TEST(Runner, ANonsenseTimingFailsTheProbeOnly) {
  World world;
  auto nonsense = at(1e9);
  nonsense.work = std::nan("");
  const auto measured = run_probes({probe(world, "a", nonsense), probe(world, "b", at(1e9))}, short_schedule(), world.senses());
  EXPECT_EQ(measured.results[0].status, MeasureStatus::failed);
  EXPECT_EQ(measured.results[1].status, MeasureStatus::ok);
}

TEST(Runner, FindsTheSustainedRate) {
  World world;
  auto hot = at(1e9);
  hot.factor = [](const World& w, int) { return w.now < 111 ? 1.0 : 0.7; };
  auto p = probe(world, "a", hot);
  p.sustained = true;
  Schedule schedule;
  schedule.budget_s = 20;
  schedule.sustained_s = 12;
  schedule.most = 100000;
  const auto measured = run_probes({p}, schedule, world.senses());
  ASSERT_EQ(measured.results.size(), 2u);
  EXPECT_EQ(measured.results[1].metric, "rate_sustained");
  EXPECT_NEAR(measured.results[1].value.value_or(0), 0.7e9, 1e6);
  ASSERT_EQ(measured.notes.size(), 1u);
  EXPECT_EQ(measured.notes[0].code, "rate-falls");
}

TEST(Runner, LatencyIsTimeForOneAccess) {
  World world;
  auto p = probe(world, "latency", at(1e7), "latency");
  p.unit = "s";
  p.figure = Figure::time;
  const auto r = run_probes({p}, short_schedule(), world.senses()).results[0];
  EXPECT_NEAR(r.value.value_or(0), 1e-7, 1e-12);
}

MeasurementResult result(std::string kernel, std::string metric, double value, int threads = 1) {
  MeasurementResult r;
  r.device = "fake";
  r.kernel = std::move(kernel);
  r.metric = std::move(metric);
  r.unit = "flops";
  r.value = value;
  r.threads = threads;
  return r;
}

TEST(Doubt, SaysWhatIsAboveThePeak) {
  World world;
  auto p = probe(world, "fma", at(1));
  p.peak = Peak{100, "2 cores x 25 per s"};
  for (const auto& [value, doubted] : std::vector<std::pair<double, bool>>{{99, false}, {101.9, false}, {103, true}, {250, true}}) {
    std::vector<MeasurementResult> results{result("fma", "rate", value)};
    const auto notes = doubt({p}, results);
    EXPECT_EQ(!notes.empty(), doubted) << value;
    EXPECT_EQ(!results[0].reason.empty(), doubted) << value;
    for (const auto& note : notes) EXPECT_EQ(note.severity, Severity::warning);
  }
}

TEST(Doubt, ACeilingIsForPlausibilityOnly) {
  World world;
  auto p = probe(world, "fma", at(1));
  p.ceiling = Peak{100, "no core does more"};
  std::vector<MeasurementResult> results{result("fma", "rate", 150)};
  EXPECT_EQ(doubt({p}, results).size(), 1u);
  EXPECT_FALSE(summarise(p, {{150, false, "", {}}}, 1).fraction_of_peak);
}

TEST(Doubt, ManyThreadsAreNotSlowerThanOne) {
  std::vector<MeasurementResult> results{result("read", "rate", 90, 8), result("read", "rate_one_thread", 100)};
  ASSERT_EQ(doubt({}, results).size(), 1u);
  results[0].value = 96;
  EXPECT_TRUE(doubt({}, results).empty());
}

TEST(Doubt, TwoModesAreSaid) {
  auto r = result("read", "rate", 100, 2);
  for (int i = 0; i < 10; ++i) r.samples.push_back(i % 2 == 0 ? 70 : 110);
  std::vector<MeasurementResult> results{r};
  const auto notes = doubt({}, results);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].code, "unsteady");
}

}  // namespace
}  // namespace hardscape::measuring
