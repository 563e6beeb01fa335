#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hardscape/gguf.hpp"
#include "support/gguf_writer.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Result<GgufHeader> read(const GgufWriter& file, bool whole = true) {
  return read_gguf(bytes_of(file.bytes(), "x.gguf"), {.whole = whole});
}

GgufWriter small_llama() {
  GgufWriter w;
  w.preamble(3, 9);
  w.entry("general.architecture", "llama").entry("general.name", "Small");
  w.entry("llama.block_count", 1).entry("llama.context_length", 512).entry("llama.embedding_length", 64);
  w.entry("llama.feed_forward_length", 128).entry("llama.attention.head_count", 4).entry("llama.attention.head_count_kv", 2);
  w.entry("general.alignment", 32);
  w.tensor("token_embd.weight", {64, 100}, 8, 0);
  w.tensor("output_norm.weight", {64}, 0, 6816);
  w.tensor("blk.0.attn_q.weight", {64, 64}, 2, 7072);
  w.pad_to(32).zeros(7072 + 64 * 64 / 32 * 18);
  return w;
}

TEST(Gguf, ReadsAWholeFile) {
  const auto header = read(small_llama());
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->version, 3U);
  ASSERT_EQ(header->tensors.size(), 3U);
  EXPECT_EQ(header->tensors[0].bytes.value, 6800);  // 6400 elements in 200 blocks of 34 bytes
  EXPECT_EQ(header->parameters(), 6400 + 64 + 4096);
  const auto shape = shape_of(*header);
  ASSERT_TRUE(shape) << shape.error().message;
  EXPECT_EQ(shape->vocabulary, 100);
  EXPECT_TRUE(shape->tied_embeddings);
  EXPECT_EQ(weights_of(*header, *shape).layers.at(0).attention.value, 2304);
}

struct Wrong {
  const char* name;
  std::function<GgufWriter()> file;
  const char* expected;   // part of the message
};

GgufWriter with_tensor(const std::vector<std::int64_t>& dims, std::uint32_t type, std::uint64_t offset) {
  GgufWriter w;
  w.preamble(1, 1).entry("general.architecture", "llama").tensor("t", dims, type, offset).zeros(4096);
  return w;
}

TEST(Gguf, RefusesWrongFilesWithPlaceAndField) {
  const Wrong cases[] = {
      {"empty", [] { return GgufWriter(); }, "magic"},
      {"other magic", [] { return GgufWriter().number<std::uint32_t>(1).zeros(64); }, "no GGUF file"},
      {"version 0", [] { return GgufWriter().preamble(0, 0, 0).zeros(64); }, "version"},
      {"version 1", [] { return GgufWriter().preamble(0, 0, 1).zeros(64); }, "convert the model again"},
      {"version 9", [] { return GgufWriter().preamble(0, 0, 9).zeros(64); }, "expected 2 or 3"},
      {"big-endian", [] { return GgufWriter().preamble(0, 0, 0x03000000).zeros(64); }, "big-endian"},
      {"huge tensor count", [] { return GgufWriter().preamble(~0ULL, 0).zeros(64); }, "tensor count"},
      {"huge metadata count", [] { return GgufWriter().preamble(0, ~0ULL).zeros(64); }, "metadata count"},
      {"key longer than the file", [] { return GgufWriter().preamble(0, 1).number<std::uint64_t>(1ULL << 60).zeros(64); },
       "its length is 1152921504606846976"},
      {"value type 99", [] { return GgufWriter().preamble(0, 1).text("k").number<std::uint32_t>(99).zeros(64); },
       "value type 99"},
      {"array of 2^60", [] {
         return GgufWriter().preamble(0, 1).text("k").number<std::uint32_t>(9).number<std::uint32_t>(4).number<std::uint64_t>(1ULL << 60).zeros(64);
       }, "more than fit"},
      {"array in array", [] {
         return GgufWriter().preamble(0, 1).text("k").number<std::uint32_t>(9).number<std::uint32_t>(9).number<std::uint64_t>(1).zeros(64);
       }, "array inside an array"},
      {"a key twice", [] { return GgufWriter().preamble(0, 2).entry("k", 1).entry("k", 2).zeros(64); }, "occurs twice"},
      {"alignment 3", [] { return GgufWriter().preamble(0, 1).entry("general.alignment", 3).zeros(64); }, "power of two"},
      {"no dimensions", [] { return with_tensor({}, 0, 0); }, "0 dimensions"},
      {"five dimensions", [] { return with_tensor({1, 1, 1, 1, 1}, 0, 0); }, "5 dimensions"},
      {"a negative dimension", [] { return with_tensor({-4}, 0, 0); }, "dimension 0 is -4"},
      {"overflowing dimensions", [] { return with_tensor({1LL << 40, 1LL << 40}, 0, 0); }, "absurd"},
      {"type 4, removed", [] { return with_tensor({32}, 4, 0); }, "ggml type 4"},
      {"type 1000", [] { return with_tensor({32}, 1000, 0); }, "ggml type 1000"},
      {"row of half a block", [] { return with_tensor({48}, 2, 0); }, "blocks of 32"},
      {"misaligned", [] { return with_tensor({32}, 0, 16); }, "alignment 32"},
      {"gap", [] { return with_tensor({32}, 0, 64); }, "leaves a gap"},
      {"overlap", [] {
         return GgufWriter().preamble(2, 0).tensor("a", {64}, 0, 0).tensor("b", {64}, 0, 128).zeros(4096);
       }, "overlaps"},
      {"a tensor twice", [] {
         return GgufWriter().preamble(2, 0).tensor("a", {8}, 0, 0).tensor("a", {8}, 0, 32).zeros(4096);
       }, "occurs twice"},
      {"weights missing", [] { return with_tensor({1 << 20}, 0, 0); }, "incomplete"},
  };
  for (const Wrong& c : cases) {
    const auto header = read(c.file());
    ASSERT_FALSE(header) << c.name;
    EXPECT_THAT(header.error().message, AllOf(HasSubstr("x.gguf: byte "), HasSubstr(c.expected))) << c.name;
  }
}

TEST(Gguf, RefusesEveryTruncation) {
  const GgufWriter whole = small_llama();
  for (std::size_t n = 0; n < whole.size(); n += n < 700 ? 1 : 97) {
    const std::string part = whole.bytes().substr(0, n);
    EXPECT_FALSE(read_gguf(bytes_of(part, "x"))) << n;
  }
}

TEST(Gguf, TakesAHeaderAloneWhenAsked) {
  EXPECT_TRUE(read(with_tensor({1 << 20}, 0, 0), false));
}

TEST(Gguf, RefusesAnUnknownArchitectureWithASentence) {
  const auto header = read(GgufWriter().preamble(0, 1).entry("general.architecture", "soothsayer").zeros(64));
  ASSERT_TRUE(header);
  const auto shape = shape_of(*header);
  ASSERT_FALSE(shape);
  EXPECT_EQ(shape.error().code, ErrorCode::unsupported);
  EXPECT_THAT(shape.error().message, HasSubstr("'soothsayer' is not known"));
}

GgufWriter part(std::uint32_t number, std::uint32_t count, std::string_view tensor) {
  GgufWriter w;
  w.preamble(1, 3).entry("split.no", number).entry("split.count", count).entry("split.tensors.count", count);
  w.tensor(tensor, {8}, 0, 0).pad_to(32).zeros(32);
  return w;
}

TEST(GgufSplit, JoinsPartsAndRefusesWrongOnes) {
  TemporaryFolder folder;
  folder.write("m-00001-of-00002.gguf", part(0, 2, "a").bytes());
  EXPECT_THAT(read_gguf_file(folder / "m-00001-of-00002.gguf").error().message, HasSubstr("part 2 of 2 is missing"));
  folder.write("m-00002-of-00002.gguf", part(1, 2, "b").bytes());
  const auto whole = read_gguf_file(folder / "m-00002-of-00002.gguf");
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->tensors.size(), 2U);
  EXPECT_EQ(whole->parts, 2);
  folder.write("m-00002-of-00002.gguf", part(0, 2, "b").bytes());
  EXPECT_THAT(read_gguf_file(folder / "m-00001-of-00002.gguf").error().message, HasSubstr("'split.no' is 0"));
  folder.write("m-00002-of-00002.gguf", part(1, 2, "a").bytes());
  EXPECT_THAT(read_gguf_file(folder / "m-00001-of-00002.gguf").error().message, HasSubstr("in an earlier part"));
  folder.write("alone.gguf", part(0, 2, "a").bytes());
  EXPECT_THAT(read_gguf_file(folder / "alone.gguf").error().message, HasSubstr("its name does not end in"));
}

}  // namespace
}  // namespace hardscape
