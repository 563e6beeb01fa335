// The parts of measuring that need no silicon: selection, sizes, the document's shape.
#include "hardscape/measurement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>


#include "measure/cpu/bench_plan.hpp"
#include "measure/cpu/cores.hpp"
#include "measure/cpu/vector_units.hpp"
#include "measure/selection.hpp"
#include "support/parsed.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape::measuring {
namespace {

using testing::ElementsAre;

TEST(CpuList, ReadsWhatTheKernelWrites) {
  EXPECT_THAT(parse_cpu_list("0-3,8\n"), ElementsAre(0, 1, 2, 3, 8));
  EXPECT_THAT(parse_cpu_list("5"), ElementsAre(5));
  EXPECT_THAT(parse_cpu_list("3,1,1"), ElementsAre(1, 3));
  for (const char* bad : {"", "a", "3-1", "-1", "0-99999999999", "1,,2", "0-8192", "1-2-3"}) EXPECT_TRUE(parse_cpu_list(bad).empty()) << bad;
}

void core(const TemporaryFolder& root, int cpu, std::string_view siblings) {
  root.write("sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/core_cpus_list", siblings);
}

TEST(Cores, OneThreadOnEachCoreAndNode) {
  TemporaryFolder root;
  // Two nodes of two cores of two threads each, numbered as Linux numbers them.
  for (int cpu = 0; cpu < 4; ++cpu) {
    const std::string both = std::to_string(cpu) + "," + std::to_string(cpu + 4);
    core(root, cpu, both);
    core(root, cpu + 4, both);
  }
  root.write("sys/devices/system/node/node0/cpulist", "0-1,4-5\n");
  root.write("sys/devices/system/node/node1/cpulist", "2-3,6-7\n");
  const auto files = FileTree::open(root.path());
  ASSERT_TRUE(files);
  const auto all = choose_cores(*files, {0, 1, 2, 3, 4, 5, 6, 7}, std::nullopt);
  EXPECT_THAT(all.cpus, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(all.nodes, ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3)));
  EXPECT_EQ(all.logical, 8);
  // A process that may only use second threads still gets one on each core.
  EXPECT_THAT(choose_cores(*files, {5, 6, 7}, std::nullopt).cpus, ElementsAre(5, 6, 7));
  // Fewer threads are spread over the nodes.
  EXPECT_THAT(choose_cores(*files, {0, 1, 2, 3}, 2).nodes, ElementsAre(testing::SizeIs(1), testing::SizeIs(1)));
  EXPECT_THAT(choose_cores(*files, {0, 1, 2, 3}, 100).cpus, testing::SizeIs(4));
}

TEST(Cores, BrokenNodeTablesAreOneNode) {
  TemporaryFolder root;
  root.write("sys/devices/system/node/node0/cpulist", "0-1\n");
  root.write("sys/devices/system/node/node1/cpulist", "1\n");
  const auto files = FileTree::open(root.path());
  ASSERT_TRUE(files);
  EXPECT_THAT(choose_cores(*files, {0, 1}, std::nullopt).nodes, ElementsAre(ElementsAre(0, 1)));
}

Machine machine_with(std::vector<Cache> caches, std::int64_t available) {
  Machine machine;
  machine.processors.emplace_back();
  machine.processors[0].caches = std::move(caches);
  machine.memory.available = Bytes{available};
  return machine;
}

TEST(ArraySize, FollowsTheRuleOfStreamAndTheMemoryThatIsFree) {
  const std::vector<Cache> epyc{{1, "data", Bytes{32 * k_kib}, 64}, {1, "instruction", Bytes{32 * k_kib}, 64}, {2, "unified", Bytes{512 * k_kib}, 64}, {3, "unified", Bytes{32 * k_mib}, 8}};
  EXPECT_EQ(array_size(machine_with(epyc, 256 * k_gib), {}).bytes, std::size_t{1024} << 20);  // 4 x 8 x 32 MiB
  EXPECT_DOUBLE_EQ(array_size(machine_with(epyc, 256 * k_gib), {}).times_cache, 4);
  EXPECT_LE(3 * array_size(machine_with(epyc, 1 * k_gib), {}).bytes, std::size_t{259} << 20);
  EXPECT_LT(array_size(machine_with(epyc, 1 * k_gib), {}).times_cache, 4);
  EXPECT_EQ(array_size(machine_with({}, 256 * k_gib), {}).bytes, std::size_t{256} << 20);     // nobody knows the caches
  EXPECT_EQ(array_size(machine_with(epyc, 0), {}).bytes, k_chunk);
  MeasureOptions small;
  small.memory = Bytes{6 * k_mib};
  EXPECT_EQ(array_size(machine_with(epyc, 256 * k_gib), small).bytes, std::size_t{2} << 20);
  auto limited = machine_with(epyc, 256 * k_gib);
  limited.memory.limit = Bytes{512 * k_mib};
  EXPECT_LE(3 * array_size(limited, {}).bytes, std::size_t{131} << 20);
}

TEST(CurveSizes, HitEachCacheAndGoBeyondTheLast) {
  const std::vector<CacheSize> caches{{1, 32 << 10, 64 << 10}, {2, 512 << 10, 1 << 20}, {3, 32 << 20, 32 << 20}};
  const auto sizes = curve_sizes(caches, false, std::size_t{1} << 40);
  EXPECT_TRUE(std::is_sorted(sizes.begin(), sizes.end()));
  for (const auto half : {std::size_t{16} << 10, std::size_t{256} << 10, std::size_t{16} << 20}) EXPECT_THAT(sizes, testing::Contains(half));
  EXPECT_EQ(sizes.back(), std::size_t{128} << 20);
  EXPECT_GT(curve_sizes(caches, true, std::size_t{1} << 40).size(), sizes.size());
  for (const auto size : sizes) EXPECT_EQ(size % 512, 0u) << "the loops go in steps of 512 bytes";
  EXPECT_TRUE(curve_sizes({}, false, 1 << 30).empty());
  EXPECT_LE(curve_sizes(caches, false, 1 << 20).back(), std::size_t{1} << 20);
}

TEST(DataCaches, SurviveNonsense) {
  Processor p;
  p.caches = {{0, "data", Bytes{1 << 20}, 1}, {3, "unified", Bytes{std::int64_t{1} << 60}, 1 << 30}, {2, "unified", std::nullopt, 4}, {1, "data", Bytes{-5}, 1}};
  const auto caches = data_caches(p);
  ASSERT_EQ(caches.size(), 1u);
  EXPECT_LE(caches[0].of_all, std::size_t{1} << 33);
}

TEST(CoreModel, ReadsExtendedFamilyAndModel) {
  const auto cpuid_of = [](std::uint32_t eax) {
    return [eax](std::uint32_t, std::uint32_t) { return std::optional<CpuidLeaf>(CpuidLeaf{eax, 0, 0, 0}); };
  };
  // EPYC 7763 (Milan, 00A00F11h), EPYC 9654 (Genoa, 00A10F11h), Xeon 8480 (000806F8h), from the vendors' identification lists.
  for (const auto& [eax, family, model, core, bits] : std::vector<std::tuple<std::uint32_t, int, int, std::string, int>>{
           {0x00A00F11, 25, 1, "Zen 3", 256}, {0x00A10F11, 25, 17, "Zen 4", 256}, {0x00B00F21, 26, 2, "Zen 5", 512}}) {
    const auto found = core_model(cpuid_of(eax));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->family, family);
    EXPECT_EQ(found->model, model);
    Processor p;
    p.vendor = "AMD";
    const auto units = vector_units(p, found);
    ASSERT_TRUE(units);
    EXPECT_EQ(units->core, core);
    EXPECT_EQ(units->unit_bits, bits);
    p.kinds.push_back({"performance", 4, 8});
    EXPECT_FALSE(vector_units(p, found)) << "two kinds of core have no one peak";
  }
  EXPECT_EQ(core_model(cpuid_of(0x000806F8))->model, 143);
  EXPECT_FALSE(core_model({}));
  EXPECT_FALSE(vector_units({}, CoreModel{99, 1}));
}

Probe named(std::string kernel, std::string group, std::string precision) {
  Probe p;
  p.device = "cpu";
  p.kernel = std::move(kernel);
  p.group = std::move(group);
  p.precision = std::move(precision);
  return p;
}

TEST(Selection, TakesKernelsGroupsAndPrecisions) {
  const std::vector<Probe> probes{named("triad", "memory", ""), named("fp32_avx2", "arithmetic", "fp32"), named("int8_avx2", "arithmetic", "int8")};
  EXPECT_TRUE(admits_kernel({}, probes[0]));
  EXPECT_TRUE(admits_kernel({"memory"}, probes[0]));
  EXPECT_TRUE(admits_kernel({"fp32"}, probes[1]));
  EXPECT_FALSE(admits_kernel({"fp32", "memory"}, probes[2]));
  EXPECT_TRUE(check_kernels({"int8", "triad"}, probes));
  const auto wrong = check_kernels({"traid"}, probes);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("did you mean \"triad\""), std::string::npos) << wrong.error().message;
  EXPECT_FALSE(check_kernels({""}, probes));
}

TEST(Selection, DevicesByKindOrNumber) {
  EXPECT_TRUE(admits_kind({"cuda"}, "cuda"));
  EXPECT_TRUE(admits_kind({"cuda1"}, "cuda"));
  EXPECT_FALSE(admits_kind({"cpu"}, "cuda"));
  EXPECT_TRUE(admits_device({"cuda"}, "cuda0"));
  EXPECT_FALSE(admits_device({"cuda1"}, "cuda0"));
  const auto wrong = check_devices({"cpuu"});
  EXPECT_TRUE(wrong || wrong.error().code == ErrorCode::invalid_argument);
  EXPECT_NE(check_devices({"dpu"}).error().message.find("cpu"), std::string::npos);
}

TEST(Precisions, AreTheFastestOfEachAgainstFp32) {
  const auto result = [](std::string kernel, std::string precision, double value, std::string metric = "rate") {
    MeasurementResult r;
    r.device = "cpu";
    r.kernel = std::move(kernel);
    r.precision = std::move(precision);
    r.metric = std::move(metric);
    r.unit = "flops";
    r.value = value;
    return r;
  };
  auto failed = result("bf16_amx", "bf16", 9e12);
  failed.status = MeasureStatus::failed;
  const auto rates = precisions_of({result("fp32_sse2", "fp32", 1e11), result("fp32_avx2", "fp32", 2e11), result("int8_avx2", "int8", 4e11),
                                    result("fp32_avx2", "fp32", 9e11, "rate_one_thread"), failed, result("read", "", 1e12)});
  ASSERT_EQ(rates.size(), 2u);
  EXPECT_EQ(rates[0].kernel, "fp32_avx2");
  EXPECT_DOUBLE_EQ(rates[1].times_fp32.value_or(0), 2);
}

TEST(Measure, RefusesARecordedMachine) {
  TemporaryFolder root;
  const auto host = recorded_host(root.path());
  ASSERT_TRUE(host);
  const auto report = measure(*host, {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(report.error().message.find("recorded"), std::string::npos);
}

TEST(Measure, RefusesOptionsThatMakeNoSense) {
  const auto host = live_host();
  ASSERT_TRUE(host);
  MeasureOptions options;
  for (const int threads : {0, -1, 5000}) {
    options.threads = threads;
    EXPECT_FALSE(measure(*host, {}, options));
  }
  options = {};
  options.seconds = -1;
  EXPECT_FALSE(measure(*host, {}, options));
}

// The keys that design promises, and nothing of them missing.
TEST(Document, HasItsKeys) {
  MeasurementReport report;
  MeasurementResult r;
  r.device = "cpu";
  r.kernel = "triad";
  r.metric = "bandwidth";
  r.unit = "bytes_per_s";
  r.value = 4e10;
  r.spread = MeasureSpread{3.9e10, 4.1e10};
  r.samples = {3.9e10, 4e10, 4.1e10};
  r.peak = 5e10;
  r.fraction_of_peak = 0.8;
  report.results.push_back(r);
  r = {};
  r.device = "cpu";
  r.kernel = "bf16_amx";
  r.status = MeasureStatus::unsupported;
  r.reason = "no AMX";
  report.results.push_back(r);
  const auto json = parsed(to_json(report, Machine{}));
  EXPECT_EQ(json["schema"], "hardscape.measure/1");
  EXPECT_EQ(json["machine"]["schema"], "hardscape.machine/1");
  for (const auto& result : json["results"])
    for (const char* key : {"device", "kernel", "metric", "unit", "value", "spread", "samples", "peak", "fraction_of_peak", "status", "reason"})
      EXPECT_TRUE(result.contains(key)) << key;
  EXPECT_EQ(json["results"][0]["value"], 4e10);
  EXPECT_EQ(json["results"][0]["spread"]["low"], 3.9e10);
  EXPECT_EQ(json["results"][0]["samples"].size(), 3u);
  EXPECT_TRUE(json["results"][0]["reason"].is_null());
  EXPECT_TRUE(json["results"][1]["value"].is_null());
  EXPECT_TRUE(json["results"][1]["peak"].is_null());
  EXPECT_EQ(json["results"][1]["status"], "unsupported");
}

}  // namespace
}  // namespace hardscape::measuring
