// Widths of text on a terminal: cutting, padding and wrapping by columns, not bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hardscape {

// Columns a UTF-8 text takes; wide East Asian characters count two, combining marks none.
std::size_t display_width(std::string_view text);
// At most `width` columns; what is cut ends in an ellipsis ("..." without unicode).
std::string cut_to(std::string_view text, std::size_t width, bool unicode);
std::string pad_right(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);
// Lines of at most `width` columns, broken at spaces (or inside a word longer than a line); width 0: one line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

}  // namespace hardscape
