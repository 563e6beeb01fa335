// Commands as people copy them from a screen into a POSIX shell.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hardscape::cli {

// One word of a command: quoted if the shell would take it apart or read something into it.
std::string shell_word(std::string_view word);

// A command on lines of at most `width` columns: where it is longer it goes on, after a backslash, with one of its options.
// An option with its value is never taken apart, so one that is longer than a line stays as long as it is.
std::string shell_lines(std::string_view command, std::string_view indent, std::size_t width);

}  // namespace hardscape::cli
