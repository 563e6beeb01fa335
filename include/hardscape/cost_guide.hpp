// The guide's own sums on the guide's own inputs, digit for digit, through this engine's formulas.
//
// They are here to be compared with, not to be believed: every set of tables comes with what is wrong in it.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hardscape/cost.hpp"

namespace hardscape::cost {

struct GuideTable {
  struct Column {
    std::string key;          // of the JSON documents
    std::string title;
    int decimals = 0;
    bool text = false;
  };
  using Cell = std::variant<std::string, double>;   // +infinity: never
  std::string name;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};

struct GuideAnswer {
  std::string question;             // "break-even", "power" ...
  std::vector<Input> inputs;        // the guide's assumptions
  std::vector<GuideTable> tables;
  std::vector<Note> notes;          // where the guide and the truth differ
};

// Errors: `question` is none of break-even, power, tco, per-tflop, worth-it, tokens.
Result<GuideAnswer> guide_answer(std::string_view question);

// The text of a number as the guide's scripts print it: rounded half to even, thousands grouped.
std::string guide_number(double value, int decimals);

std::string to_json(const GuideAnswer& answer);

}  // namespace hardscape::cost
