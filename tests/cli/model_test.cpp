// model as a user meets it: exit status, documents, what is on the screen.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "support/cli_call.hpp"
#include "support/gguf_writer.hpp"
#include "support/golden.hpp"
#include "support/parsed.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape::cli {
namespace {

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::size_t columns = 0;
    for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    widest = std::max(widest, columns);
  }
  return widest;
}

GgufWriter small_llama() {
  GgufWriter w;
  w.preamble(3, 8);
  w.entry("general.architecture", "llama").entry("general.name", "Small");
  w.entry("llama.block_count", 1).entry("llama.context_length", 512).entry("llama.embedding_length", 64);
  w.entry("llama.feed_forward_length", 128).entry("llama.attention.head_count", 4).entry("llama.attention.head_count_kv", 2);
  w.tensor("token_embd.weight", {64, 100}, 8, 0);
  w.tensor("output_norm.weight", {64}, 0, 6816);
  w.tensor("blk.0.attn_q.weight", {64, 64}, 2, 7072);
  w.pad_to(32).zeros(7072 + 64 * 64 / 32 * 18);
  return w;
}

TEST(Model, StatusSaysWhatWasWrong) {
  EXPECT_EQ(call({"model", "show", "llama-3.1-8b"}).status, 0);
  EXPECT_EQ(call({"model", "show", "lama-3.1-8b"}).status, 3);
  EXPECT_EQ(call({"model", "show"}).status, 2);
  EXPECT_EQ(call({"model", "show", "llama-3.1-8b", "--context", "0"}).status, 2);
  EXPECT_EQ(call({"model", "show", "llama-3.1-8b", "--context", "-5"}).status, 2);
  EXPECT_EQ(call({"model", "show", "llama-3.1-8b", "--kv-type", "q9"}).status, 2);
  EXPECT_EQ(call({"model", "show", "llama-3.1-8b", "--quant", "Q99"}).status, 2);
  EXPECT_EQ(call({"model", "memory", "--params", "many"}).status, 2);
  EXPECT_EQ(call({"model", "inspect", "/nonexistent.gguf"}).status, 3);
  EXPECT_EQ(call({"model", "list", "--family", "nobody"}).status, 1);
}

Json memory_of(std::vector<std::string> args) {
  args.emplace_back("--json");
  return parsed(call(args).out).at("memory");
}

TEST(Model, CountsWhatRunsBesideIt) {
  const std::vector<std::string> plain{"model", "show", "gemma-3-4b", "--context", "8192"};
  const auto with = [&plain](std::vector<std::string> more) {
    more.insert(more.begin(), plain.begin(), plain.end());
    return memory_of(more);
  };
  const auto total = memory_of(plain).at("total_bytes").get<std::int64_t>();
  const Json vision = with({"--vision"});
  EXPECT_EQ(vision.at("total_bytes").get<std::int64_t>() - total, vision.at("vision_bytes"));
  const Json drafted = with({"--draft-model", "gemma-3-270m"});
  EXPECT_EQ(drafted.at("total_bytes").get<std::int64_t>() - total, drafted.at("draft_bytes"));
  EXPECT_EQ(drafted.at("draft_bytes"), memory_of({"model", "show", "gemma-3-270m", "--context", "8192"}).at("total_bytes"));

  const TemporaryFolder folder;
  GgufWriter tower;
  tower.preamble(1, 1).entry("general.architecture", "clip").tensor("v.patch_embd.weight", {64, 64}, 1, 0);
  tower.pad_to(32).zeros(64 * 64 * 2);
  folder.write("mmproj.gguf", tower.bytes());
  EXPECT_EQ(with({"--mmproj", folder / "mmproj.gguf"}).at("vision_bytes"), 64 * 64 * 2);
  folder.write("small.gguf", small_llama().bytes());
  const auto wrong = call({"model", "show", "gemma-3-4b", "--mmproj", folder / "small.gguf"});
  EXPECT_EQ(wrong.status, 3);
  EXPECT_NE(wrong.err.find("expected 'clip'"), std::string::npos) << wrong.err;
  EXPECT_EQ(call({"model", "show", "gemma-3-4b", "--draft-model", "nobody"}).status, 3);
}

TEST(Model, ServerKeepsFewerLogits) {
  const Json all = memory_of({"model", "show", "qwen3-4b"}), server = memory_of({"model", "show", "qwen3-4b", "--server"});
  const std::int64_t logits = 151936LL * 512 * 4;
  EXPECT_LT(server.at("compute_bytes").get<std::int64_t>(), all.at("compute_bytes").get<std::int64_t>() - logits / 2);
}

TEST(Model, ShowAddsUp) {
  const auto outcome = call({"model", "show", "llama-3.1-8b", "--context", "8192", "--json"});
  const Json memory = parsed(outcome.out).at("memory");
  EXPECT_EQ(memory.at("kv_bytes"), 1073741824);  // 8192 tokens of 128 KiB
  EXPECT_GT(memory.at("total_bytes").get<std::int64_t>(),
            memory.at("weights_bytes").get<std::int64_t>() + memory.at("kv_bytes").get<std::int64_t>());
}

TEST(Model, ShowOnTheScreen) {
  expect_golden("model_show.txt", call({"model", "show", "llama-3.1-8b", "--context", "8192", "--kv-type", "q8_0"}).out);
  expect_golden("model_show_hybrid.txt", call({"model", "show", "qwen3-next-80b-a3b", "--context", "32768", "--parallel", "4"}).out);
}

TEST(Model, MemoryOnTheScreen) {
  expect_golden("model_memory.txt", call({"model", "memory", "--params", "70e9", "--devices", "guide"}).out);
}

TEST(Model, InspectOnTheScreen) {
  const TemporaryFolder folder;
  std::ofstream(folder / "small.gguf", std::ios::binary) << small_llama().bytes();
  std::string text = call({"model", "inspect", folder / "small.gguf", "--context", "512"}).out;
  for (std::size_t at; (at = text.find(folder.path())) != std::string::npos;) text.replace(at, folder.path().size(), "FOLDER");
  expect_golden("model_inspect.txt", text);
}

TEST(Model, ListStaysWithinTheTerminal) {
  const auto outcome = call({"model", "list"}, 80);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_LE(widest_line(outcome.out), 80u);
  EXPECT_NE(outcome.out.find("llama-2-7b"), std::string::npos);
}

}  // namespace
}  // namespace hardscape::cli
