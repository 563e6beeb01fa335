// A value, or the sentence that says why there is none.
//
// Result has the verbs of std::expected (C++23) so that it can become one. The library returns it
// everywhere a call can fail; nothing throws across a public boundary. Not thread-safe; plain value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace hardscape {

// What kind of failure it is; the command line turns it into an exit status (see exit_status.hpp).
enum class ErrorCode {
  not_found,         // a name or file that does not exist
  malformed,         // an input that was read but does not follow its format
  unsupported,       // well-formed, but nothing here knows how to treat it
  unavailable,       // an engine, device or server that is not here
  io,                // the system refused to read or write
  invalid_argument,  // the caller asked for something that makes no sense
  timeout,           // no answer within the limit
};

// Name of a code in lower case with underscores, for logs and tests.
std::string_view to_string(ErrorCode code);

// A failure as a sentence: what was being done, where, what was expected, what to try.
struct Error {
  ErrorCode code = ErrorCode::invalid_argument;
  std::string message;

  // The same error, prefixed with the place it happened in: "data/x.json: /devices/2: ...".
  Error within(std::string_view place) &&;
  Error within(std::string_view place) const&;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}          // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}      // NOLINT(google-explicit-constructor)

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // Undefined unless has_value().
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

  // Undefined unless !has_value().
  Error& error() & { return *std::get_if<1>(&state_); }
  const Error& error() const& { return *std::get_if<1>(&state_); }
  Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

  template <class U>
  T value_or(U&& other) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(other));
  }
  template <class U>
  T value_or(U&& other) && {
    return has_value() ? std::move(*this).value() : static_cast<T>(std::forward<U>(other));
  }

  // f(value) -> Result<U>, or this error.
  template <class F>
  auto and_then(F&& f) && -> std::invoke_result_t<F, T&&> {
    if (has_value()) return std::forward<F>(f)(std::move(*this).value());
    return std::move(*this).error();
  }

  // This value, or this error with its place in front.
  Result within(std::string_view place) && {
    if (has_value()) return std::move(*this);
    return std::move(*this).error().within(place);
  }

 private:
  std::variant<T, Error> state_;
};

// For calls that either succeed or fail and return nothing.
struct Done {
  friend bool operator==(Done, Done) = default;
};
using Status = Result<Done>;

}  // namespace hardscape
