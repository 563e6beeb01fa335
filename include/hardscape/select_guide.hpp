// The guide's rule of thumb for what to buy: a decision table kept as data (data/select/guide_policy.json).
//
// It is reproduced as it stands, contradictions included, for people who want the short answer; `notes` says
// where an answer breaks its own budget or its own memory figure. `recommend` (select.hpp) is the real answer.
// Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hardscape/result.hpp"

namespace hardscape {

struct GuideQuestion {
  double budget_usd = 0;                 // 0: nothing to buy, rent only
  std::string use_case = "development";  // training, inference, both, development, edge
  std::string location = "home";         // home, office, datacenter, mobile
  std::string model_size = "7B";         // 3B, 7B, 13B, 34B, 70B, 180B
  std::string priority = "balanced";     // speed, cost, efficiency, portability, balanced

  friend bool operator==(const GuideQuestion&, const GuideQuestion&) = default;
};

struct GuideAnswer {
  std::string primary;
  std::string alternative;
  std::string estimated_cost;            // as the guide writes it, UTF-8
  std::vector<std::string> reasoning;
  std::vector<std::string> warnings;
  std::vector<std::string> notes;        // what is wrong with this answer

  friend bool operator==(const GuideAnswer&, const GuideAnswer&) = default;
};

// invalid_argument names the word that is not one of the table's and the ones that are.
Result<GuideAnswer> ask_guide(const GuideQuestion& question);

// The six size classes of the table, smallest first.
const std::vector<std::string>& guide_model_sizes();

// The document hardscape.select/1 in its guide form.
std::string to_json(const GuideQuestion& question, const GuideAnswer& answer);

}  // namespace hardscape
