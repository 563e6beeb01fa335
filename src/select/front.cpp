#include "select/front.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace hardscape::select {
namespace {

constexpr double k_never = std::numeric_limits<double>::infinity();

double joules(const Judgement& j) { return j.joules.value_or(k_never); }
double cost(const Judgement& j) { return j.over_years ? j.over_years->mid : k_never; }

bool cheaper_first(const Judgement& a, const Judgement& b) {
  return std::tuple(a.need_usd, cost(a), joules(a), -a.decode, -a.training, a.index) <
         std::tuple(b.need_usd, cost(b), joules(b), -b.decode, -b.training, b.index);
}

// What a priority wants more of. Balanced weighs a doubling of speed as much as halving cost and energy together
// by a half each: speed is felt with every answer, money and heat only now and then.
double merit(const Judgement& j, Priority priority) {
  constexpr double k_cost_weight = 0.5;
  constexpr double k_energy_weight = 0.25;
  switch (priority) {
    case Priority::speed:
    case Priority::portability: return j.speed;
    case Priority::cost: return -cost(j);
    case Priority::efficiency: return -joules(j);
    case Priority::balanced: break;
  }
  return std::log(std::max(j.speed, 1e-9)) - k_cost_weight * std::log(std::max(cost(j), 1.0)) -
         k_energy_weight * std::log(std::min(joules(j), 1e9));
}

}  // namespace

bool dominates(const Judgement& a, const Judgement& b) {
  const bool as_good = a.need_usd <= b.need_usd && cost(a) <= cost(b) && a.decode >= b.decode && a.training >= b.training &&
                       joules(a) <= joules(b);
  const bool better = a.need_usd < b.need_usd || cost(a) < cost(b) || a.decode > b.decode || a.training > b.training ||
                      joules(a) < joules(b);
  return as_good && better;
}

std::vector<Judgement> pareto_front(std::vector<Judgement> eligible) {
  std::sort(eligible.begin(), eligible.end(), cheaper_first);
  std::vector<Judgement> front;
  for (const Judgement& j : eligible) {
    const bool beaten = std::any_of(front.begin(), front.end(), [&](const Judgement& f) { return dominates(f, j); });
    if (!beaten) front.push_back(j);
  }
  return front;
}

std::optional<Judgement> pick(const std::vector<Judgement>& front, Priority priority) {
  const bool any_reads = std::any_of(front.begin(), front.end(), [](const Judgement& j) { return j.reads; });
  std::optional<Judgement> best;
  for (const Judgement& j : front) {
    if (any_reads && !j.reads) continue;
    if (!best) {
      best = j;
      continue;
    }
    const bool slower = j.decode < best->decode || j.training < best->training;
    if (!slower && merit(j, priority) > merit(*best, priority)) best = j;
  }
  return best;
}

}  // namespace hardscape::select
