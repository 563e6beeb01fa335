#include <gtest/gtest.h>


#include "support/cli_call.hpp"
#include "support/parsed.hpp"
#include "support/temporary_folder.hpp"

// oneDNN keeps thread-local data in threads of libgomp. The leak checker of g++ 12 works out a wrong address for it when it
// intercepts __tls_get_addr, and crashes there at the program's end ("Tracer caught signal 11").
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "intercept_tls_get_addr=0"; }

namespace hardscape::cli {
namespace {

// As short as it gets: what is looked at is the answer's form, not its figures.
std::vector<std::string> tiny(std::vector<std::string> more, const std::string& kernels = "memory,latency,arithmetic,gemm") {
  std::vector<std::string> out{"measure", "--quick", "--no-save", "--seconds", "0.05", "--memory-mib", "3", "--threads", "2", "--kernel", kernels};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

TEST(Measure, SaysWhatItMeasuredAsJson) {
  const auto outcome = call(tiny({"--json"}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto json = parsed(outcome.out);
  EXPECT_EQ(json["schema"], "hardscape.measure/1");
  bool triad = false;
  for (const auto& r : json["results"]) {
    EXPECT_TRUE(r["status"] == "ok" || !r["reason"].is_null()) << r.dump();
    EXPECT_GT(r["status"] == "ok" ? r["value"].get<double>() : 1, 0) << r.dump();
    if (r["device"] == "cpu" && r["kernel"] == "triad" && r["metric"] == "bandwidth") {
      triad = true;
      EXPECT_EQ(r["unit"], "bytes_per_s");
      EXPECT_LE(r["spread"]["low"].get<double>(), r["value"].get<double>());
      EXPECT_GE(r["spread"]["high"].get<double>(), r["value"].get<double>());
      EXPECT_GE(r["samples"].size(), 3u);
    }
  }
  EXPECT_TRUE(triad);
}

TEST(Measure, FitsAnEightyColumnTerminal) {
  const auto outcome = call(tiny({}), 80);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("Memory bandwidth"), std::string::npos);
  std::size_t begin = 0;
  while (begin < outcome.out.size()) {
    const auto end = outcome.out.find('\n', begin);
    EXPECT_LE(end - begin, 80u) << outcome.out.substr(begin, end - begin);
    begin = end + 1;
  }
}

TEST(Measure, MeasuresOnlyWhatIsAskedFor) {
  const auto outcome = call(tiny({"--device", "cpu", "--json"}, "triad"));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto json = parsed(outcome.out);
  EXPECT_FALSE(json["results"].empty());
  for (const auto& r : json["results"]) EXPECT_EQ(r["kernel"], "triad");
}

TEST(Measure, KnowsNoSuchKernelOrDevice) {
  const auto kernel = call(tiny({}, "traid"));
  EXPECT_EQ(kernel.status, 2);
  EXPECT_NE(kernel.err.find("triad"), std::string::npos) << kernel.err;
  const auto device = call(tiny({"--device", "toaster"}));
  EXPECT_EQ(device.status, 2);
  EXPECT_NE(device.err.find("cpu"), std::string::npos) << device.err;
}

TEST(Measure, ARecordingCannotBeMeasured) {
  TemporaryFolder root;
  for (const auto& other : std::vector<std::vector<std::string>>{{"--root", root.path()}, {"--machine", "rtx-4090"}}) {
    const auto outcome = call(tiny(other));
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.err.find("this computer"), std::string::npos) << outcome.err;
  }
}

TEST(Measure, CsvAndMarkdownHoldTheFigures) {
  EXPECT_NE(call(tiny({"--format", "csv"}, "triad")).out.find("triad"), std::string::npos);
  EXPECT_NE(call(tiny({"--format", "markdown"}, "triad")).out.find("| triad"), std::string::npos);
}

}  // namespace
}  // namespace hardscape::cli
