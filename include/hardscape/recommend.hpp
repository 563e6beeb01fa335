// What to buy, rent or keep for a model and a budget, in one call.
//
// Candidates are built from the catalogue (cards with a host around them, complete computers, boards, phones, cloud
// offers, and what is there already), fitted and predicted once per model, and chosen among by select.hpp.
// An Adviser may be shared between threads; what it has worked out for a model it keeps.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/catalogue.hpp"
#include "hardscape/machine.hpp"
#include "hardscape/result.hpp"
#include "hardscape/select.hpp"
#include "hardscape/select_question.hpp"

namespace hardscape {

class Adviser {
 public:
  explicit Adviser(Catalogue catalogue);

  // Errors: a number that makes no sense, a model that nobody knows (with the nearest names). That nothing meets
  // the limits is no error: the recommendation then has no primary, but clashes.
  Result<Recommendation> recommend(const Question& question) const;
  // The same with `mine` as a base: it may be kept as it is, and cards may be added to it.
  Result<Recommendation> recommend_upgrade(const Question& question, const Machine& mine) const;

  // Everything that could be chosen.
  const std::vector<Candidate>& candidates() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// With the built-in catalogue.
Result<Recommendation> recommend(const Question& question);

}  // namespace hardscape
