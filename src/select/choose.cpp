#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "hardscape/select.hpp"
#include "select/front.hpp"
#include "select/judge.hpp"
#include "select/say.hpp"
#include "select/warnings.hpp"

namespace hardscape {
namespace {

using select::Judgement;

constexpr std::size_t k_most_alternatives = 4;
constexpr std::size_t k_most_rejected = 5;
constexpr std::size_t k_most_clashes = 4;
constexpr std::size_t k_most_of_a_kind = 4;   // near misses that break the same limits
// Predictions this close could change places when measured.
constexpr double k_close = 0.65;

class Chooser {
 public:
  Chooser(const AskedQuestion& asked, std::span<const Candidate> candidates, std::span<const Performance> performances)
      : asked_(asked), candidates_(candidates), performances_(performances) {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const Judgement j = select::judge(asked, i, candidates[i], performances[i]);
      (j.broken == 0 ? eligible_ : broken_).push_back(j);
    }
    front_ = select::pareto_front(eligible_);
    chosen_ = select::pick(front_, asked.question.priority);
  }

  Recommendation tell() const {
    Recommendation r;
    r.asked = asked_;
    r.considered = static_cast<int>(candidates_.size());
    for (const Performance& p : performances_) {
      if (!p.model.empty()) r.model = p.model;
      if (!r.model.empty()) break;
    }
    if (chosen_) {
      r.primary = option(*chosen_);
      if (auto text = payback()) r.primary->warnings.push_back(*std::move(text));
      if (auto text = better_rent()) r.primary->warnings.push_back(*std::move(text));
      if (auto text = thriftier()) r.primary->warnings.push_back(*std::move(text));
      for (const Judgement& j : alternatives()) r.alternatives.push_back(option(j));
    } else {
      r.clashes = clashes();
    }
    r.rejected = rejected();
    r.worth_measuring = worth_measuring();
    return r;
  }

 private:
  const Candidate& candidate(const Judgement& j) const { return candidates_[j.index]; }
  const Performance& performance(const Judgement& j) const { return performances_[j.index]; }

  std::vector<std::string> why(const Judgement& j) const {
    const Question& q = asked_.question;
    const Candidate& c = candidate(j);
    const Performance& p = performance(j);
    std::vector<std::string> said;
    said.push_back(fmt::format("{} at {} with {} tokens of context needs {}; a model may use {} of its memory.", p.model,
                               p.quant, p.context, select::say_bytes(p.needed), select::say_bytes(p.available)));
    const std::string with = p.engine.empty() ? "" : " with " + p.engine;
    const std::string bound = with + (p.bound.empty() ? "" : ", held back by " + p.bound);
    said.push_back(q.concurrency == 1 ? fmt::format("{} predicted for one request{}.", select::say_speed(*p.decode), bound)
                                      : fmt::format("{} predicted for each of {} requests at once, {} for all together{}.", select::say_speed(*p.decode),
                                                    q.concurrency, select::say_number(p.decode->mid * q.concurrency), bound));
    if (j.training > 0) {
      said.push_back(fmt::format("Fine-tunes it with {} at about {}.", p.training_method, select::say_speed(*p.training)));
    }
    if (c.usd_per_hour) {
      said.push_back(fmt::format("{} an hour, {} a month at {:g} h a day, {} over {:g} years.", select::say_usd(*c.usd_per_hour),
                                 select::say_usd(c.usd_per_hour->mid * select::hours_per_month(q)), *q.hours_per_day,
                                 select::say_usd(j.over_years->mid), q.years));
    } else if (c.owned && c.usd->high <= 0) {
      said.push_back("It is there already.");
    } else {
      std::string money = fmt::format("{} to buy", select::say_usd(*c.usd));
      if (q.budget) {
        const double left = q.budget->value - c.usd->high;
        money += left < 1 ? std::string(", just within the budget") : fmt::format(", at least {} under the budget", select::say_usd(left));
      }
      said.push_back(money + fmt::format("; {} over {:g} years with electricity at {:g} h a day.",
                                         select::say_usd(j.over_years->mid), q.years, *q.hours_per_day));
    }
    if (j.joules) {
      said.push_back(fmt::format("{:.0f} W while answering, {} J a token.", j.load.value, select::say_number(*j.joules)));
    }
    if (p.larger_quant) said.push_back(fmt::format("{} would fit as well.", *p.larger_quant));
    return said;
  }

  Option option(const Judgement& j) const {
    Option o{candidate(j), performance(j), j.over_years, j.joules, why(j), {}};
    o.candidate.load = j.load;
    o.warnings = select::warnings_for(asked_, j, o.candidate, o.performance);
    if (const auto text = select::overspending(asked_, j, front_, candidates_)) o.warnings.push_back(*text);
    return o;
  }

  // Rent that would have paid for as fast a machine before the years are over (guide, common failure modes).
  std::optional<std::string> payback() const {
    const Candidate& rented = candidate(*chosen_);
    if (!rented.usd_per_hour) return std::nullopt;
    const double monthly = rented.usd_per_hour->mid * select::hours_per_month(asked_.question);
    const Judgement* best = nullptr;
    for (const auto* list : {&eligible_, &broken_}) {
      for (const Judgement& j : *list) {
        if ((j.broken & ~(select::k_budget | select::k_rent)) != 0 || !candidate(j).usd || j.decode < chosen_->decode) continue;
        if (best == nullptr || candidate(j).usd->mid < candidate(*best).usd->mid) best = &j;
      }
    }
    if (best == nullptr || monthly <= 0) return std::nullopt;
    const double months = candidate(*best).usd->mid / monthly;
    if (months > asked_.question.years * 12) return std::nullopt;
    return fmt::format("The rent of {:.0f} months at {:g} h a day pays for {} ({}), which is as fast.", months,
                       *asked_.question.hours_per_day, candidate(*best).name, select::say_usd(*candidate(*best).usd));
  }

  // Rent is not chosen where a machine was asked for; that it would serve better is said all the same.
  std::optional<std::string> better_rent() const {
    const auto other = best_of_other_kind();
    if (!other || !candidate(*other).usd_per_hour || candidate(*chosen_).owned) return std::nullopt;
    if (other->decode <= chosen_->decode) return std::nullopt;
    const bool cheaper = other->over_years->mid < chosen_->over_years->mid;
    if (!cheaper && (chosen_->reads || !other->reads)) return std::nullopt;
    return fmt::format("{} would be {} ({} against {} tokens/s) and cost {} over {:g} years at {:g} h a day ({} against {}); "
                       "--must-rent or --monthly-budget chooses among rents.", candidate(*other).name,
                       cheaper ? "faster" : "fast enough to read along", select::say_number(other->decode),
                       select::say_number(chosen_->decode), cheaper ? "less" : "more", asked_.question.years,
                       *asked_.question.hours_per_day, select::say_usd(other->over_years->mid), select::say_usd(chosen_->over_years->mid));
  }

  // The choice never moves to something slower; whoever asked for thrift hears of what would be thriftier.
  std::optional<std::string> thriftier() const {
    const bool energy = asked_.question.priority == Priority::efficiency;
    if (!energy && asked_.question.priority != Priority::cost) return std::nullopt;
    const auto spent = [&](const Judgement& j) { return energy ? j.joules : j.over_years ? std::optional(j.over_years->mid) : std::nullopt; };
    const Judgement* best = nullptr;
    for (const Judgement& j : front_) {
      if (!spent(j) || (chosen_->reads && !j.reads)) continue;
      if (best == nullptr || *spent(j) < *spent(*best)) best = &j;
    }
    if (best == nullptr || !spent(*chosen_) || *spent(*best) >= *spent(*chosen_) || best->decode >= chosen_->decode) return std::nullopt;
    const std::string thrift = energy ? fmt::format("takes {} J a token instead of {}", select::say_number(*spent(*best)), select::say_number(*spent(*chosen_)))
                                      : fmt::format("costs {} over {:g} years instead of {}", select::say_usd(*spent(*best)), asked_.question.years,
                                                    select::say_usd(*spent(*chosen_)));
    return fmt::format("{} {}, and is slower ({} against {} tokens/s).", candidate(*best).name, thrift, select::say_number(best->decode),
                       select::say_number(chosen_->decode));
  }

  // What the other priorities would have chosen, and the best of the other kind (bought or rented).
  std::vector<Judgement> alternatives() const {
    std::vector<Judgement> found;
    std::set<std::size_t> taken{chosen_->index};
    const auto take = [&](const std::optional<Judgement>& j) {
      if (j && found.size() < k_most_alternatives && taken.insert(j->index).second) found.push_back(*j);
    };
    for (const Priority p : {Priority::balanced, Priority::cost, Priority::speed, Priority::efficiency}) {
      take(select::pick(front_, p));
    }
    if (found.size() == k_most_alternatives) found.pop_back();   // room for the other kind
    take(best_of_other_kind());
    for (const Judgement& j : front_) {
      if (j.reads) take(j);
    }
    return found;
  }

  // Rent beside a purchase and the other way round; rent within the budget counts although its place is elsewhere.
  std::optional<Judgement> best_of_other_kind() const {
    const bool rented = candidate(*chosen_).usd_per_hour.has_value();
    std::vector<Judgement> others;
    for (const Judgement& j : eligible_) {
      if (candidate(j).usd_per_hour.has_value() != rented) others.push_back(j);
    }
    if (!rented && !asked_.question.limits.must_own) {
      std::copy_if(broken_.begin(), broken_.end(), std::back_inserter(others), [&](const Judgement& j) {
        return j.broken == select::k_place && candidate(j).usd_per_hour.has_value();
      });
    }
    return select::pick(select::pareto_front(others), asked_.question.priority);
  }

  std::vector<Judgement> nearest_misses() const {
    std::vector<Judgement> near = broken_;
    std::sort(near.begin(), near.end(), [](const Judgement& a, const Judgement& b) {
      return std::tuple(std::popcount(a.broken), a.overshoot, -a.decode, a.index) <
             std::tuple(std::popcount(b.broken), b.overshoot, -b.decode, b.index);
    });
    return near;
  }

  std::vector<Rejected> rejected() const {
    std::vector<Rejected> found;
    std::map<std::uint32_t, std::size_t> of_kind;
    std::set<std::string> named;
    for (const Judgement& j : nearest_misses()) {
      if (found.size() >= k_most_rejected) break;
      if (chosen_ && (j.decode <= chosen_->decode || std::popcount(j.broken) > 1)) continue;   // would not have won anyway
      // Rent that only has the wrong place stands among the alternatives.
      const bool rent_elsewhere = candidate(j).usd_per_hour && (j.broken & select::k_place) != 0;
      if ((chosen_ && rent_elsewhere) || of_kind[j.broken] >= k_most_of_a_kind || !named.insert(candidate(j).name).second) continue;
      ++of_kind[j.broken];
      found.push_back({candidate(j).name,
                       select::reason_for(asked_, j, candidate(j), performance(j))});
    }
    return found;
  }

  std::vector<Clash> clashes() const {
    std::map<std::uint32_t, Judgement> nearest;   // by the set of limits that would have to give
    for (const Judgement& j : nearest_misses()) nearest.emplace(j.broken, j);
    std::vector<Judgement> least;
    for (const auto& [broken, j] : nearest) least.push_back(j);
    // A smaller model is another question, so it is offered last.
    const auto rank = [](const Judgement& j) {
      return std::tuple(std::popcount(j.broken), (j.broken & select::k_memory) != 0, j.overshoot);
    };
    std::sort(least.begin(), least.end(), [&](const Judgement& a, const Judgement& b) { return rank(a) < rank(b); });
    std::vector<Clash> found;
    for (const Judgement& j : least) {
      const bool smaller_set_known = std::any_of(nearest.begin(), nearest.end(), [&](const auto& n) {
        return n.first != j.broken && (n.first & j.broken) == n.first;
      });
      if (smaller_set_known) continue;
      // How fast it would be on a model that fits is not known here; the advice on smaller classes is (Adviser).
      if (asked_.question.wanted && (j.broken & select::k_memory) != 0 && least.size() > 1) continue;
      found.push_back({select::names_of(j.broken), select::relaxation_for(asked_, j, candidate(j), performance(j))});
      if (found.size() >= k_most_clashes) break;
    }
    return found;
  }

  // Speeds or prices whose intervals are wide enough to turn the answer.
  std::vector<std::string> worth_measuring() const {
    std::vector<std::string> found;
    if (!chosen_) return found;
    const Performance& mine = performance(*chosen_);
    std::set<std::string_view> machines;
    for (const Judgement& j : front_) {
      if (j.index == chosen_->index || j.need_usd > chosen_->need_usd || found.size() >= 2) continue;
      const Performance& other = performance(j);
      if (other.decode->mid < k_close * mine.decode->mid || !j.reads) continue;
      const auto& key = candidate(j).machine_key;
      if (key == candidate(*chosen_).machine_key || !machines.insert(key).second) continue;
      found.push_back(fmt::format("{} on {}: predicted {} against {} here, so a measured speed could turn the answer.",
                                  mine.model, candidate(j).name, select::say_speed(*other.decode),
                                  select::say_speed(*mine.decode)));
    }
    const Candidate& c = candidate(*chosen_);
    if (c.assumed_price && c.usd) {
      found.push_back(fmt::format("A quote for {}: the price here, {}, is partly assumed.", c.name, select::say_usd(*c.usd)));
    }
    for (const Judgement& j : nearest_misses()) {
      if ((j.broken != select::k_budget && j.broken != select::k_price) || found.size() >= 4) continue;
      const Candidate& near = candidate(j);
      if (j.broken == select::k_price) {
        if (j.decode <= chosen_->decode) continue;
        found.push_back(fmt::format("A price for {}: it would be faster ({}).", near.name,
                                    select::say_speed(*performance(j).decode)));
      } else if (near.usd && near.usd->low <= asked_.question.budget->value && j.decode > chosen_->decode) {
        found.push_back(fmt::format("The price of {} today ({}): at its low end it is within the budget, and faster ({}).",
                                    near.name, select::say_usd(*near.usd), select::say_speed(*performance(j).decode)));
      } else {
        continue;
      }
      break;
    }
    return found;
  }

  const AskedQuestion& asked_;
  std::span<const Candidate> candidates_;
  std::span<const Performance> performances_;
  std::vector<Judgement> eligible_, broken_, front_;
  std::optional<Judgement> chosen_;
};

}  // namespace

Recommendation choose(const AskedQuestion& asked, std::span<const Candidate> candidates,
                      std::span<const Performance> performances) {
  return Chooser(asked, candidates, performances).tell();
}

}  // namespace hardscape
