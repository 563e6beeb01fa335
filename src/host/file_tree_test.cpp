#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hardscape/host.hpp"
#include "host/path_walk.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape {
namespace {

class Tree : public ::testing::Test {
 protected:
  Tree() {
    outside.write("secret", "not yours");
    inside.write("/proc/meminfo", "MemTotal: 1 kB\n");
    inside.write("/sys/a/b/value", "42\n");
    inside.write("/sys/a/b/hex", "0x2a\n");
    inside.write("/sys/a/b/words", "many words\n");
    inside.link("/sys/relative", "a/b/value");
    inside.link("/sys/absolute", "/proc/meminfo");
    inside.link("/sys/above", "../../../../../../proc/meminfo");
    inside.link("/sys/escape", outside / "secret");
    inside.link("/sys/dots", "../../../../../../../../.." + (outside / "secret"));
    inside.link("/sys/loop", "loop");
    inside.link("/sys/driver", "../../bus/pci/drivers/nvidia");
  }

  FileTree tree() const { return *FileTree::open(inside.path()); }

  TemporaryFolder inside;
  TemporaryFolder outside;
};

TEST_F(Tree, ReadsBelowItsRoot) {
  EXPECT_EQ(tree().read("/proc/meminfo"), "MemTotal: 1 kB\n");
  EXPECT_EQ(tree().read_line("/proc/meminfo"), "MemTotal: 1 kB");
  EXPECT_EQ(tree().read_number("/sys/a/b/value"), 42);
  EXPECT_EQ(tree().read_number("/sys/a/b/hex"), 42);
  EXPECT_FALSE(tree().read_number("/sys/a/b/words"));
  EXPECT_FALSE(tree().read("/sys/a/b"));
  EXPECT_FALSE(tree().read("/nothing/here"));
  EXPECT_EQ(tree().link_name("/sys/driver"), "nvidia");
}

TEST_F(Tree, LinksStayInside) {
  EXPECT_EQ(tree().read("/sys/relative"), "42\n");
  EXPECT_EQ(tree().read("/sys/absolute"), "MemTotal: 1 kB\n");
  EXPECT_EQ(tree().read("/sys/above"), "MemTotal: 1 kB\n");
  EXPECT_FALSE(tree().read("/sys/escape"));
  EXPECT_FALSE(tree().read("/sys/dots"));
  EXPECT_FALSE(tree().read("/sys/loop"));
  EXPECT_FALSE(tree().read("/../../../../../../../.." + (outside / "secret")));
}

// The walk for kernels without openat2 answers the same.
TEST_F(Tree, TheWalkWithoutOpenat2AnswersTheSame) {
  const int root = ::open(inside.path().c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_GE(root, 0);
  for (const std::string path : {"/proc/meminfo", "/sys/relative", "/sys/absolute", "/sys/above", "/sys/escape", "/sys/dots",
                                 "/sys/loop", "/nothing", "/proc/../sys/a/b/value", "/"}) {
    const int fd = open_walking(root, path, O_RDONLY | O_NONBLOCK);
    const bool folder = path == "/";
    EXPECT_EQ(fd >= 0, folder || tree().read(path).has_value()) << path;
    if (fd >= 0) ::close(fd);
  }
  ::close(root);
}

TEST_F(Tree, AFifoDoesNotHang) {
  ASSERT_EQ(::mkfifo((inside / "pipe").c_str(), 0600), 0);
  EXPECT_FALSE(tree().read("/pipe"));
}

TEST_F(Tree, AnEndlessLineIsCut) {
  const std::string big = inside / "big";
  inside.write("/big", "");
  ASSERT_EQ(::truncate(big.c_str(), off_t{4} << 30), 0);
  EXPECT_EQ(tree().read("/big")->size(), FileTree::k_read_limit);
}

TEST_F(Tree, ListsInNaturalOrder) {
  inside.write("/cpu/cpu10", "");
  inside.write("/cpu/cpu2", "");
  EXPECT_EQ(tree().list("/cpu"), (std::vector<std::string>{"cpu2", "cpu10"}));
  EXPECT_TRUE(tree().list("/proc/meminfo").empty());
}

TEST(FileTreeOpen, AMissingRootIsASentence) {
  const auto result = FileTree::open("/no/such/root");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::not_found);
  EXPECT_NE(result.error().message.find("/no/such/root"), std::string::npos);
}

}  // namespace
}  // namespace hardscape
