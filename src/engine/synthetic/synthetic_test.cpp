#include "hardscape/synthetic.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "engine/synthetic/file_plan.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape {
namespace {

TEST(GgufWriter, LeavesNothingBehindWhenItIsStopped) {
  const TemporaryFolder folder;
  const std::vector<TensorPlan> tensors{{"a", {1024, 1024}, 0, 4u << 20}};
  const auto header = gguf_header({{"general.architecture", std::string("llama")}}, tensors);
  EXPECT_EQ(header.size() % k_gguf_alignment, 0u);
  const auto fill = [](const TensorPlan&, std::uint64_t, std::uint64_t most, std::string& out) { out.append(most, 'x'); };
  const auto stopped = write_gguf(folder / "m.gguf", header, tensors, fill, {}, [] { return true; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::timeout);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  ASSERT_TRUE(write_gguf(folder / "m.gguf", header, tensors, fill, {}, {}));
  EXPECT_EQ(std::filesystem::file_size(folder / "m.gguf"), gguf_file_bytes(header, tensors));
}

TEST(GgufWriter, AFullDiskIsSaidBeforeTheFirstByte) {
  const TemporaryFolder folder;
  const std::vector<TensorPlan> tensors{{"a", {1}, 0, std::uint64_t{1} << 60}};
  const auto result = write_gguf(folder / "m.gguf", gguf_header({}, tensors), tensors, {}, {}, {});
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("bytes and the disk has"), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace hardscape
