// The history as people meet it: earlier results change predictions, and only those.
#include <gtest/gtest.h>

#include <fstream>

#include "cli/run.hpp"
#include "hardscape/history.hpp"
#include "hardscape/machine.hpp"
#include "support/parsed.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape::cli {
namespace {

class EvidenceCommands : public ::testing::Test {
 protected:
  void SetUp() override {
    Processor cpu;
    cpu.name = "AMD EPYC";
    cpu.architecture = "x86_64";
    cpu.cores = cpu.threads = 2;
    machine_.processors = {cpu};
    machine_.memory.total = Bytes{24 * k_gib};
    folder_.write("guest.json", to_json(machine_));
  }

  void save(const std::string& kind, const Json& document) {
    auto history = History::open(history_path());
    if (!history && history.error().code == ErrorCode::unavailable) GTEST_SKIP() << history.error().message;
    ASSERT_TRUE(history) << history.error().message;
    const auto id = history->add({0, "2026-11-24T10:00:00Z", kind, machine_fingerprint(machine_), "guest", "memory", document.dump()});
    ASSERT_TRUE(id);
  }

  void save_memory() {
    save("measure", {{"schema", "hardscape.measure/1"},
                     {"results", {{{"device", "cpu"}, {"kernel", "read"}, {"metric", "bandwidth"}, {"unit", "bytes_per_s"}, {"value", 32e9}}}}});
  }

  std::string history_path() const { return folder_ / "data/history.db"; }

  int call(std::vector<std::string> args, int width = 0) {
    out_.clear();
    err_.clear();
    Streams streams;
    streams.out = [&](std::string_view text) { out_ += text; };
    streams.err = [&](std::string_view text) { err_ += text; };
    streams.out_is_terminal = width > 0;
    if (width > 0) streams.width = width;
    args.insert(args.end(), {"--machine", folder_ / "guest.json"});
    return run(std::move(args), streams, [&](std::string_view name) { return name == "HARDSCAPE_HISTORY" ? std::optional<std::string>(history_path()) : std::nullopt; });
  }

  TemporaryFolder folder_;
  Machine machine_;
  std::string out_, err_;
};

TEST_F(EvidenceCommands, PredictUsesAndNamesTheMeasurement) {
  EXPECT_EQ(call({"predict", "--model", "llama-3.1-8b"}), 4);  // nobody knows the memory's speed
  EXPECT_FALSE(std::ifstream(history_path()).good());          // and looking did not make a history
  save_memory();
  ASSERT_EQ(call({"predict", "--model", "llama-3.1-8b", "--json"}), 0) << err_;
  const auto document = parsed(out_);
  const auto& row = document["results"][0];
  EXPECT_GT(row["decode_tokens_per_s"]["mid"], 1.0);
  ASSERT_EQ(row["evidence"].size(), 1u);
  EXPECT_EQ(row["evidence"][0]["use"], "bandwidth");
  EXPECT_EQ(row["evidence"][0]["when"], "2026-11-24T10:00:00Z");
  ASSERT_EQ(call({"predict", "--model", "llama-3.1-8b", "--explain"}, 80), 0);
  EXPECT_NE(out_.find("2026-11-24"), std::string::npos) << out_;
  EXPECT_NE(out_.find("32 GB/s"), std::string::npos) << out_;
  EXPECT_EQ(call({"predict", "--model", "llama-3.1-8b", "--no-history"}), 4);
}

TEST_F(EvidenceCommands, TheMainJobAndFitHaveSpeeds) {
  save_memory();
  ASSERT_EQ(call({"--json"}), 0);
  EXPECT_FALSE(parsed(out_)["best"]["decode_tokens_per_s"].is_null());
  ASSERT_EQ(call({"--json", "--no-history"}), 0);
  EXPECT_TRUE(parsed(out_)["best"]["decode_tokens_per_s"].is_null());
  ASSERT_EQ(call({"fit", "--model", "llama-3.1-8b"}), 0);
  EXPECT_NE(out_.find("Speeds rest on 1 measurement of this machine, the last of 2026-11-24"), std::string::npos) << out_;
}

TEST_F(EvidenceCommands, ABrokenHistoryIsARemarkAndOnlyWherePredictionsAreMade) {
  folder_.write("data/history.db", std::string(200, 'x'));
  EXPECT_EQ(call({"predict", "--model", "llama-3.1-8b"}), 4);
  EXPECT_NE(err_.find("predicting without earlier measurements"), std::string::npos) << err_;
  EXPECT_EQ(call({"fit", "--json"}), 0);
  EXPECT_NE(err_.find("predicting without earlier measurements"), std::string::npos) << err_;
  EXPECT_EQ(call({"detect", "--json"}), 0);
  EXPECT_EQ(err_, "");
}

TEST_F(EvidenceCommands, ReadingAnEmptyHistoryMakesNone) {
  EXPECT_EQ(call({"history", "list"}), 0) << err_;
  EXPECT_NE(out_.find("Nothing yet"), std::string::npos);
  EXPECT_EQ(call({"history", "export"}), 0) << err_;
  EXPECT_EQ(parsed(out_).at("entries").size(), 0U);
  EXPECT_EQ(call({"history", "show", "3"}), 3);
  EXPECT_NE(err_.find("nothing is kept yet"), std::string::npos) << err_;
  EXPECT_FALSE(std::ifstream(history_path()).good());
}

}  // namespace
}  // namespace hardscape::cli
