#include "cli/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <deque>
#include <type_traits>

namespace hardscape::cli {
namespace {

CLI::Option& of(void* native) { return *static_cast<CLI::Option*>(native); }

CLI::Validator not_negative() {
  return {[](std::string& text) { return text.find('-') == std::string::npos ? std::string() : "\"" + text + "\" is negative; expected a number from 0 up"; }, ""};
}

// A shell's variable that holds nothing would otherwise take the default where something else was meant.
std::optional<std::string> empty_option(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const auto& given = option->results();
    if (option->get_expected_min() > 0 && std::find(given.begin(), given.end(), "") != given.end()) return option->get_name();
  }
  for (const CLI::App* chosen : app.get_subcommands())
    if (auto name = empty_option(*chosen)) return name;
  return std::nullopt;
}

}  // namespace

Option* Option::required() {
  of(native_).required();
  return this;
}
Option* Option::one_of(std::vector<std::string> words) {
  of(native_).check(CLI::IsMember(std::move(words)));
  return this;
}
Option* Option::within(int least, int most) {
  of(native_).check(CLI::Range(least, most));
  return this;
}
Option* Option::within(double least, double most) {
  of(native_).check(CLI::Range(least, most));
  return this;
}
Option* Option::expected(int least, int most) {
  of(native_).expected(least, most);
  return this;
}
Option* Option::delimiter(char mark) {
  of(native_).delimiter(mark);
  return this;
}
Option* Option::needs(const std::string& other) {
  of(native_).needs(other);
  return this;
}
Option* Option::excludes(const Option* other) {
  of(native_).excludes(&of(other->native_));
  return this;
}
Option* Option::group(const std::string& title) {
  of(native_).group(title);
  return this;
}
Option* Option::type_name(const std::string& word) {
  of(native_).type_name(word);
  return this;
}
Option* Option::default_str(const std::string& text) {
  of(native_).default_str(text);
  return this;
}
Option* Option::capture_default_str() {
  of(native_).capture_default_str();
  return this;
}

Option::operator bool() const { return of(native_).count() > 0; }

struct Options::Native {
  std::unique_ptr<CLI::App> owned;
  CLI::App* app = nullptr;
  std::deque<Option> options;
  std::vector<std::unique_ptr<Options>> subcommands;
};

Options::Options(const std::string& description, const std::string& name) : native_(std::make_unique<Native>()) {
  native_->owned = std::make_unique<CLI::App>(description, name);
  native_->app = native_->owned.get();
}
Options::Options(std::unique_ptr<Native> native) : native_(std::move(native)) {}
Options::~Options() = default;

Option* Options::keep(void* option) { return &native_->options.emplace_back(Option(option)); }

template <class Value>
Option* Options::add_option(const std::string& names, Value& value, const std::string& help) {
  CLI::Option* made = native_->app->add_option(names, value, help);
  // "-1" would be read as the largest number there is.
  if constexpr (std::is_same_v<Value, std::uint64_t> || std::is_same_v<Value, std::optional<std::uint64_t>>) made->check(not_negative());
  return keep(made);
}

// The kinds of value there are; a new one is a line here.
template Option* Options::add_option(const std::string&, std::string&, const std::string&);
template Option* Options::add_option(const std::string&, int&, const std::string&);
template Option* Options::add_option(const std::string&, std::int64_t&, const std::string&);
template Option* Options::add_option(const std::string&, std::uint64_t&, const std::string&);
template Option* Options::add_option(const std::string&, double&, const std::string&);
template Option* Options::add_option(const std::string&, std::optional<std::string>&, const std::string&);
template Option* Options::add_option(const std::string&, std::optional<std::uint64_t>&, const std::string&);
template Option* Options::add_option(const std::string&, std::optional<double>&, const std::string&);
template Option* Options::add_option(const std::string&, std::optional<int>&, const std::string&);
template Option* Options::add_option(const std::string&, std::vector<std::string>&, const std::string&);
template Option* Options::add_option(const std::string&, std::vector<double>&, const std::string&);

Option* Options::add_flag(const std::string& names, bool& value, const std::string& help) {
  return keep(native_->app->add_flag(names, value, help));
}

Options* Options::add_subcommand(const std::string& name, const std::string& description) {
  auto native = std::make_unique<Native>();
  native->app = native_->app->add_subcommand(name, description);
  native_->subcommands.push_back(std::unique_ptr<Options>(new Options(std::move(native))));
  return native_->subcommands.back().get();
}

void Options::require_subcommand(int least, int most) {
  native_->app->require_subcommand(static_cast<std::size_t>(least), static_cast<std::size_t>(most));
}
void Options::fallthrough() { native_->app->fallthrough(); }
bool Options::chosen() const { return native_->app->parsed(); }
std::size_t Options::count(const std::string& name) const { return native_->app->count(name); }

bool Options::any_given(std::string_view but_group, std::string_view but_name) const {
  for (const CLI::Option* option : native_->app->get_options())
    if (option->count() > 0 && option->get_group() != but_group && option->get_name() != but_name) return true;
  return false;
}

std::optional<Options::Ending> Options::parse(const std::vector<std::string>& args) {
  try {
    // CLI11 takes them last first.
    native_->app->parse(std::vector<std::string>(args.rbegin(), args.rend()));
  } catch (const CLI::CallForHelp&) {
    return Ending{true, native_->app->help()};
  } catch (const CLI::ParseError& error) {
    return Ending{false, error.what()};
  }
  if (const auto name = empty_option(*native_->app)) return Ending{false, *name + " is empty; leave it out or give it a value"};
  return std::nullopt;
}

std::string Options::name() const { return native_->app->get_name(); }

}  // namespace hardscape::cli
