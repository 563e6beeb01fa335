// The options and sub-commands of one command. CLI11 behind a wall: its header costs each file that includes it seconds
// of compiling, and only options.cpp does.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hardscape::cli {

// One option; handles live as long as their Options. Methods return the handle, so that they chain.
class Option {
 public:
  Option* required();
  Option* one_of(std::vector<std::string> words);
  Option* within(int least, int most);
  Option* within(double least, double most);
  Option* expected(int least, int most);        // how many values
  Option* delimiter(char mark);                 // several values in one argument
  Option* needs(const std::string& other);
  Option* excludes(const Option* other);
  Option* group(const std::string& title);      // heading in --help
  Option* type_name(const std::string& word);   // what stands for the value in --help
  Option* default_str(const std::string& text);
  Option* capture_default_str();                // shows the variable's value as the default
  explicit operator bool() const;               // it was given

 private:
  friend class Options;
  explicit Option(void* native) : native_(native) {}
  void* native_;
};

class Options {
 public:
  // What the command is for, and how it is called ("hardscape cost tco").
  Options(const std::string& description, const std::string& name);
  ~Options();
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  // `names` as "--long,-s", or "NAME" for a positional argument; the variable must outlive parse(). Values: texts,
  // whole numbers, numbers, optionals and vectors of them (see options.cpp for those there are).
  template <class Value>
  Option* add_option(const std::string& names, Value& value, const std::string& help = "");
  Option* add_flag(const std::string& names, bool& value, const std::string& help = "");

  Options* add_subcommand(const std::string& name, const std::string& description);
  void require_subcommand(int least, int most);
  void fallthrough();                           // options of the command also after a sub-command
  bool chosen() const;                          // this sub-command was called
  explicit operator bool() const { return chosen(); }

  std::size_t count(const std::string& name) const;
  // Whether an option was given, other than those of a group and those named.
  bool any_given(std::string_view but_group, std::string_view but_name) const;

  // Nothing when all is well.
  struct Ending {
    bool wanted_help = false;
    std::string message;                        // the help, or what was wrong
  };
  std::optional<Ending> parse(const std::vector<std::string>& args);
  std::string name() const;

 private:
  struct Native;
  explicit Options(std::unique_ptr<Native> native);
  Option* keep(void* option);
  std::unique_ptr<Native> native_;
};

}  // namespace hardscape::cli
