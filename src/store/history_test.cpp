#include "hardscape/history.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "support/temporary_folder.hpp"

namespace hardscape {
namespace {

HistoryEntry sample(std::string subject) {
  return {0, "2026-11-24T08:15:30Z", "bench", "00ff", "AMD EPYC", std::move(subject), R"({"schema":"hardscape.bench/1","x":1})"};
}

class Store : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = History::open(path());
    if (!opened && opened.error().code == ErrorCode::unavailable) GTEST_SKIP() << opened.error().message;
    ASSERT_TRUE(opened) << opened.error().message;
  }
  std::string path() const { return folder / "deep/er/history.db"; }
  TemporaryFolder folder;
};

TEST_F(Store, KeepsWhatItWasGiven) {
  auto history = *History::open(path());
  const auto id = history.add(sample("llama 8B Q4_K_M"));
  ASSERT_TRUE(id);
  auto entry = *History::open(path())->get(*id);
  auto expected = sample("llama 8B Q4_K_M");
  expected.id = *id;
  EXPECT_EQ(entry, expected);
  EXPECT_EQ(history.list({"", "", "8b q4", 10})->size(), 1u);
  EXPECT_EQ(history.list({"measure", "", "", 10})->size(), 0u);
  EXPECT_EQ(history.get(99).error().code, ErrorCode::invalid_argument);
}

TEST_F(Store, KnowsWhatCameBackFromAnExport) {
  auto history = *History::open(path());
  ASSERT_TRUE(history.add_all({sample("one"), sample("two")}));
  auto exported = *history_from_json(to_json(*history.list()), "export");
  EXPECT_TRUE(history.unknown_of(exported)->empty());
  exported[0].document = R"({"schema":"hardscape.bench/1","x":2})";
  exported[1].when = "2026-11-25T08:15:30Z";
  EXPECT_EQ(history.unknown_of(exported)->size(), 2u);
}

TEST_F(Store, KillNineLosesNothingThatWasReportedAsSaved) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto history = History::open(path());
    for (int i = 0; history && i < 100000; ++i) {
      const auto id = history->add(sample("run " + std::to_string(i)));
      if (!id || ::write(ends[1], "x", 1) != 1) break;
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  char byte = 0;
  std::size_t reported = 0;
  while (reported < 40 && ::read(ends[0], &byte, 1) == 1) ++reported;
  ::kill(child, SIGKILL);
  while (::read(ends[0], &byte, 1) == 1) ++reported;
  ::waitpid(child, nullptr, 0);
  ::close(ends[0]);
  const auto entries = History::open(path())->list({"", "", "", 1000000});
  ASSERT_TRUE(entries);
  EXPECT_GE(reported, 40u);
  EXPECT_GE(entries->size(), reported);
  EXPECT_LE(entries->size(), reported + 1);  // one may have been saved and not yet reported
}

TEST_F(Store, ANewerLayoutIsRefusedWithAClearWord) {
  { auto history = *History::open(path()); }
  // user_version is the big-endian word at offset 60 of the file (sqlite.org/fileformat2.html).
  std::filesystem::remove(path() + "-wal");
  std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(60);
  file.write("\0\0\0\x63", 4);
  file.close();
  const auto reopened = History::open(path());
  ASSERT_FALSE(reopened);
  EXPECT_EQ(reopened.error().code, ErrorCode::unsupported);
  EXPECT_NE(reopened.error().message.find("newer hardscape"), std::string::npos);
}

TEST_F(Store, AFileThatIsNoDatabaseIsLeftAlone) {
  folder.write("notes.txt", "this is a text of mine, long enough to be mistaken for a header of some database or other ........");
  const auto opened = History::open(folder / "notes.txt");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::malformed);
  EXPECT_EQ(read_file(folder / "notes.txt")->substr(0, 14), "this is a text");
}

TEST_F(Store, LookingIntoMakesNothing) {
  const std::string nowhere = folder / "not/there.db";
  const auto nothing = History::look_into(nowhere);
  ASSERT_TRUE(nothing);
  EXPECT_FALSE(nothing->has_value());
  EXPECT_FALSE(std::filesystem::exists(folder / "not"));
  folder.write("notes.txt", "this is a text of mine, long enough to be mistaken for a header of some database or other ........");
  EXPECT_FALSE(History::look_into(folder / "notes.txt"));
}

TEST_F(Store, NewestKeepsAFewOfEachSubject) {
  auto history = *History::open(path());
  for (int i = 0; i < 5; ++i)
    for (const char* subject : {"a", "b"}) {
      auto entry = sample(subject);
      entry.when = "2026-11-24T08:15:3" + std::to_string(i) + "Z";
      ASSERT_TRUE(history.add(entry));
    }
  auto other = sample("a");
  other.machine = "another";
  ASSERT_TRUE(history.add(other));
  const auto reader = History::look_into(path());
  ASSERT_TRUE(reader && reader->has_value());
  const auto entries = (*reader)->newest("00ff", 2, 10);
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_EQ(entries->size(), 4u);
  for (const auto& e : *entries) {
    EXPECT_EQ(e.machine, "00ff");
    EXPECT_GE(e.when, "2026-11-24T08:15:33Z");
  }
  EXPECT_EQ((*reader)->newest("00ff", 2, 3)->size(), 3u);
}

TEST_F(Store, AllOrNone) {
  auto history = *History::open(path());
  const auto ids = history.add_all({sample("a"), sample("b")});
  ASSERT_TRUE(ids);
  EXPECT_EQ(ids->size(), 2u);
  EXPECT_EQ(history.list()->size(), 2u);
}

TEST(HistoryJson, ReadsBackWhatItWrote) {
  const std::vector<HistoryEntry> entries{sample("a"), sample("b")};
  const auto back = history_from_json(to_json(entries), "x.json");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, entries);
}

TEST(HistoryJson, NamesTheKeyThatIsWrong) {
  const auto result = history_from_json(R"({"schema":"hardscape.history/1","entries":[{"when":"x","kind":"bench","machine":"m","subject":"s","document":3}]})", "x.json");
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("x.json: /entries/0/document"), std::string::npos) << result.error().message;
}

// Shortened from the output of llama-bench v0.5.0; field names as its source lists them.
TEST(HistoryJson, TakesLlamaBench) {
  const auto entries = history_from_llama_bench(R"([{"build_commit":"de3ff81","cpu_info":"AMD EPYC","gpu_info":"","model_type":"llama 1B Q4_0",
    "n_prompt":0,"n_gen":128,"n_depth":0,"test_time":"2026-11-22T06:05:00Z","avg_ns":1,"avg_ts":60.8,"stddev_ts":0.6,"samples_ts":[60.2,61.4]}])", "b.json");
  ASSERT_TRUE(entries) << entries.error().message;
  EXPECT_EQ(entries->front().subject, "llama 1B Q4_0 tg128");
  EXPECT_FALSE(history_from_llama_bench("[]", "b.json"));
  EXPECT_FALSE(history_from_llama_bench(R"([{"n_prompt":1,"n_gen":1,"avg_ts":-3,"test_time":"x"}])", "b.json"));
}

TEST(Identity, IsOfTheHardwareNotOfTheMoment) {
  Machine machine;
  Processor cpu;
  cpu.name = "AMD EPYC";
  cpu.cores = 2;
  machine.processors = {cpu};
  machine.memory.total = Bytes{24 * k_gib - 300 * k_mib};
  const auto before = machine_fingerprint(machine);
  machine.os.kernel = "6.18";
  machine.memory.available = Bytes{1};
  machine.memory.total = Bytes{24 * k_gib - 310 * k_mib};
  EXPECT_EQ(machine_fingerprint(machine), before);
  machine.processors[0].cores = 4;
  EXPECT_NE(machine_fingerprint(machine), before);
  // Two guests of one name, on hosts of two generations.
  machine.processors[0].cores = 2;
  machine.processors[0].features = {"avx2", "avx512f"};
  EXPECT_NE(machine_fingerprint(machine), before);
}

TEST(Identity, FindsTheUsersFolder) {
  const auto with = [](std::string_view wanted, std::string value) {
    return [wanted, value = std::move(value)](std::string_view name) { return name == wanted ? std::optional<std::string>(value) : std::nullopt; };
  };
  EXPECT_EQ(*history_path(with("HOME", "/home/a")), "/home/a/.local/share/hardscape/history.db");
  EXPECT_EQ(*history_path(with("XDG_DATA_HOME", "/d")), "/d/hardscape/history.db");
  EXPECT_EQ(*history_path(with("HARDSCAPE_HISTORY", "/h.db")), "/h.db");
  EXPECT_FALSE(history_path(with("X", "")));
}

}  // namespace
}  // namespace hardscape
