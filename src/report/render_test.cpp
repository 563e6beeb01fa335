#include <gtest/gtest.h>

#include "hardscape/document.hpp"
#include "report/layout.hpp"

namespace hardscape {
namespace {

Document sample() {
  Document d;
  d.blocks.push_back(Heading{"Machine"});
  d.blocks.push_back(Pairs{{{"CPU", "AMD EPYC"}, {"Memory", "23.5 GiB, 23.3 GiB free"}}});
  d.blocks.push_back(Table{"", {{"Model", Align::left, true}, {"tok/s", Align::right}},
                           {{"Llama 3.1 8B, a name that is much too long for the room", Cell("12.5", Tone::good)}, {"a|b", "3"}}});
  d.blocks.push_back(Bullets{{"first", "second"}});
  d.blocks.push_back(NoteBlock{{{Severity::warning, "x", "One channel is filled.", "Add a module."}}});
  d.blocks.push_back(NoteBlock{});
  return d;
}

TEST(Render, TextFitsItsWidth) {
  TextStyle style;
  style.width = 40;
  style.unicode = false;
  EXPECT_EQ(render_text(sample(), style),
            "Machine\n"
            "----------------------------------------\n"
            "  CPU     AMD EPYC\n"
            "  Memory  23.5 GiB, 23.3 GiB free\n"
            "\n"
            "Model                              tok/s\n"
            "----------------------------------------\n"
            "Llama 3.1 8B, a name that is m...   12.5\n"
            "a|b                                    3\n"
            "\n"
            "  * first\n"
            "  * second\n"
            "\n"
            "  ! One channel is filled.\n"
            "    -> Add a module.\n");
}

TEST(Render, APipeCutsNothing) {
  TextStyle style;
  style.width = 0;
  style.unicode = false;
  EXPECT_NE(render_text(sample(), style).find("much too long for the room"), std::string::npos);
}

TEST(Render, NoLineIsWiderThanTheTerminal) {
  for (const int width : {24, 40, 80, 132}) {
    TextStyle style;
    style.width = width;
    const std::string text = render_text(sample(), style);
    std::size_t from = 0;
    while (from < text.size()) {
      const std::size_t end = text.find('\n', from);
      EXPECT_LE(display_width(std::string_view(text).substr(from, end - from)), static_cast<std::size_t>(width));
      from = end + 1;
    }
  }
}

TEST(Render, ColoursOnlyWhenAsked) {
  TextStyle style;
  EXPECT_EQ(render_text(sample(), style).find('\x1b'), std::string::npos);
  style.color = true;
  EXPECT_NE(render_text(sample(), style).find("\x1b[32m"), std::string::npos);
}

TEST(Render, MarkdownEscapesItsBars) {
  const std::string text = render_markdown(sample());
  EXPECT_NE(text.find("| a\\|b | 3 |"), std::string::npos) << text;
  EXPECT_NE(text.find("| --- | ---: |"), std::string::npos);
}

TEST(Render, CsvQuotesItsFields) {
  Document d;
  d.blocks.push_back(Table{"", {{"name"}, {"n"}}, {{"a, \"b\"", "1"}}});
  EXPECT_EQ(render_csv(d), "name,n\n\"a, \"\"b\"\"\",1\n");
}

TEST(Layout, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("\xC3\xA9"), 1u);
  EXPECT_EQ(display_width("\xE4\xB8\xAD"), 2u);
  EXPECT_EQ(cut_to("abcdef", 4, false), "a...");
  EXPECT_EQ(wrap("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap("abcdefghij", 4), (std::vector<std::string>{"abcd", "efgh", "ij"}));
}

}  // namespace
}  // namespace hardscape
