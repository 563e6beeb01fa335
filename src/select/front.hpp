// The Pareto front of what may be chosen, and the one of it that a priority asks for.
#pragma once

#include <optional>
#include <vector>

#include "select/judge.hpp"

namespace hardscape::select {

// Is `a` at least as good as `b` in money now, money over the years, speed, training speed and energy, and
// better in one? An unknown energy is never better.
bool dominates(const Judgement& a, const Judgement& b);

// Those that nothing dominates, cheapest first.
std::vector<Judgement> pareto_front(std::vector<Judgement> eligible);

// Walks the front from cheap to dear and moves on only to what serves the priority better and is not slower;
// so a larger budget never leads to a slower answer, and the answer is always on the front.
std::optional<Judgement> pick(const std::vector<Judgement>& front, Priority priority);

}  // namespace hardscape::select
