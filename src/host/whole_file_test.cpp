#include <gtest/gtest.h>

#include "hardscape/host.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape {
namespace {

TEST(WholeFile, WritesReplacesAndRefuses) {
  const TemporaryFolder folder;
  const std::string file = folder / "a.json";
  ASSERT_TRUE(write_file(file, "one"));
  EXPECT_EQ(*read_file(file), "one");
  ASSERT_TRUE(write_file(file, "two"));
  EXPECT_EQ(*read_file(file), "two");
  EXPECT_FALSE(write_file(file, "three", false));
  EXPECT_EQ(*read_file(file), "two");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(WholeFile, ErrorsNameTheFile) {
  EXPECT_EQ(write_file("/no/such/folder/x", "").error().code, ErrorCode::not_found);
  EXPECT_NE(read_file("/no/such/file").error().message.find("/no/such/file"), std::string::npos);
  EXPECT_FALSE(read_file("/tmp"));
}

TEST(WholeFile, ReadsNoMoreThanItsLimit) {
  const TemporaryFolder folder;
  folder.write("big", std::string(1000, 'x'));
  EXPECT_EQ(read_file(folder / "big", 999).error().code, ErrorCode::malformed);
}

}  // namespace
}  // namespace hardscape
