#include "cli/views/shell_text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <sstream>

namespace hardscape::cli {
namespace {

std::string said_by_shell(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 256> buffer{};
  while (pipe && std::fgets(buffer.data(), buffer.size(), pipe.get())) text += buffer.data();
  return text;
}

TEST(ShellText, WordsAreReadBackByTheShellAsTheyWere) {
  for (const std::string word : {"plain", "2x rtx-4090", "", "it's", "$(echo gone)", "a\"b`c`", "back\\slash", "*", "--root", "~", "a;b"})
    EXPECT_EQ(said_by_shell("printf %s " + shell_word(word)), word);
  EXPECT_EQ(shell_word("tests/machines/2arm-2c"), "tests/machines/2arm-2c");
}

TEST(ShellText, LongCommandsGoOnAfterABackslashAndMeanTheSame) {
  const std::string root = "recorded/a-folder-with-a-long-name --and a space/of-the-machine-in-the-corner";
  const std::string command = "printf '<%s>' --use code --context 8192 --root " + shell_word(root);
  const std::string lines = shell_lines(command, "  ", 60);
  EXPECT_EQ(said_by_shell(lines), "<--use><code><--context><8192><--root><" + root + ">");
  std::istringstream in(lines);
  std::size_t count = 0;
  for (std::string line; std::getline(in, line); ++count)
    if (line.find(root) == std::string::npos) {
      EXPECT_LE(line.size(), 60U) << line;
    }
  EXPECT_EQ(count, 2U);
  EXPECT_EQ(shell_lines("hardscape fit --use code", "  ", 60), "  hardscape fit --use code");
}

}  // namespace
}  // namespace hardscape::cli
