// Inputs by key, as members of a plain struct of numbers, so that a draw is a handful of stores.
#pragma once

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/cost.hpp"

namespace hardscape::cost {

template <class T>
struct Field {
  std::string_view key;
  double T::*member;
  bool needed = true;   // else the struct's own default stands in
};

template <class T>
class Binding {
 public:
  // Errors: a needed input that is missing, named with the option that gives it; an input out of its range.
  static Result<Binding> make(std::span<const Field<T>> fields, std::span<const Input> inputs) {
    Binding binding;
    for (const auto& field : fields) {
      const Input* input = find_input(inputs, field.key);
      if (input == nullptr && !field.needed) continue;
      if (input == nullptr) {
        const InputRule* rule = find_rule(field.key);
        return Error{ErrorCode::invalid_argument,
                     rule == nullptr ? fmt::format("there is no cost input \"{}\"", field.key)
                                     : fmt::format("nobody told the {}{}, and the catalogue does not know it; give --{}",
                                                   static_cast<char>(rule->label[0] | 0x20), rule->label.substr(1), rule->option)};
      }
      if (auto status = check_input(*input); !status) return status.error();
      binding.inputs_.push_back(*input);
      binding.members_.push_back(field.member);
    }
    return binding;
  }

  const std::vector<Input>& inputs() const { return inputs_; }

  T operator()(std::span<const double> values) const {
    T made;
    for (std::size_t i = 0; i < members_.size(); ++i) made.*members_[i] = values[i];
    return made;
  }
  T mid() const {
    T made;
    for (std::size_t i = 0; i < members_.size(); ++i) made.*members_[i] = inputs_[i].mid;
    return made;
  }

 private:
  std::vector<Input> inputs_;
  std::vector<double T::*> members_;
};

}  // namespace hardscape::cost
