#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <set>
#include <tuple>
#include <unordered_map>

#include "api/select_assess.hpp"
#include "api/select_candidates.hpp"
#include "api/select_model.hpp"
#include "base/text.hpp"
#include "hardscape/recommend.hpp"
#include "select/judge.hpp"
#include "select/say.hpp"

namespace hardscape {
namespace {

using api::ModelChoice;
using api::RequestLoad;

struct Assessed {
  ModelChoice model;
  std::vector<Performance> performances;   // of the candidates, in their order
};

bool may_be_linux(const Question& q) { return !q.limits.os || equal_ignoring_case(*q.limits.os, "linux"); }

RequestLoad load_of(const Question& q) { return {q.context, q.concurrency, may_be_linux(q)}; }

std::vector<Performance> assess_all(const std::vector<Candidate>& candidates, const ModelChoice& model, const RequestLoad& load) {
  std::unordered_map<std::string, std::size_t> done;   // many offers are of the same machine
  std::vector<Performance> all;
  all.reserve(candidates.size());
  for (const Candidate& c : candidates) {
    const auto [known, fresh] = done.emplace(c.machine_key, all.size());
    all.push_back(fresh ? api::assess(c, model, load) : all[known->second]);
  }
  return all;
}

}  // namespace

struct Adviser::State {
  Catalogue catalogue;
  std::once_flag built;
  std::vector<Candidate> candidates;
  std::mutex lock;
  std::map<std::tuple<std::string, std::string, int, int, bool>, std::shared_ptr<const Assessed>> assessed;

  explicit State(Catalogue c) : catalogue(std::move(c)) {}

  const std::vector<Candidate>& all() {
    std::call_once(built, [this] {
      candidates = api::things_to_buy(catalogue);
      auto rent = api::things_to_rent(catalogue);
      std::move(rent.begin(), rent.end(), std::back_inserter(candidates));
    });
    return candidates;
  }

  Result<std::shared_ptr<const Assessed>> assess(const Question& q) {
    const std::tuple key(q.model, q.quant, q.context, q.concurrency, may_be_linux(q));
    {
      const std::lock_guard hold(lock);
      const auto known = assessed.find(key);
      if (known != assessed.end()) return known->second;
    }
    auto model = api::choose_model(catalogue, q.model, q.quant);
    if (!model) return model.error();
    auto performances = assess_all(all(), *model, load_of(q));
    auto fresh = std::make_shared<const Assessed>(Assessed{*std::move(model), std::move(performances)});
    const std::lock_guard hold(lock);
    return assessed.emplace(key, std::move(fresh)).first->second;
  }

  // A misspelt vendor is a mistake of the question, not a market without an answer.
  Status check_vendors(const Question& q, std::span<const Candidate> market) const {
    std::set<std::string> known;
    for (const Candidate& c : market) {
      if (!c.vendor.empty()) known.insert(c.vendor);
    }
    for (const std::string& vendor : q.limits.vendors) {
      if (std::any_of(known.begin(), known.end(), [&](const std::string& k) { return equal_ignoring_case(k, vendor); })) continue;
      return Error{ErrorCode::invalid_argument, fmt::format("nothing here is made by \"{}\"; the vendors are {}", printable(vendor),
                                                            join_words(std::vector<std::string>(known.begin(), known.end()), "and"))};
    }
    return Done{};
  }

  // The largest smaller class that has an answer within the same limits, and the largest that is read as it comes.
  std::string smaller_class(const AskedQuestion& asked, const Assessed& now) {
    const auto sizes = api::size_classes();
    std::string said;
    for (auto size = sizes.rbegin(); size != sizes.rend(); ++size) {
      Question q = asked.question;
      q.model = *size;
      const auto other = assess(q);
      if (!other || (*other)->model.work.params >= now.model.work.params) continue;
      AskedQuestion smaller = asked;
      smaller.question.model = *size;
      const Recommendation r = choose(smaller, all(), (*other)->performances);
      if (!r.primary) continue;
      const double speed = r.primary->performance.decode->mid;
      const double wish = asked.question.wanted ? asked.question.wanted->value : asked.reading_speed.value;
      const std::string answer = fmt::format("{}: {}, {:.3g} tokens/s", *size, r.primary->candidate.name, speed);
      const bool first = said.empty();
      if (first) said = fmt::format("The largest size class with an answer within these limits is {}.", answer);
      if (speed >= wish) return first ? said : fmt::format("{} As fast as people read: {}.", said, answer);
    }
    return said;
  }

  // The same model with a quarter of the context, or of the requests at once, and again until there is an answer. Only
  // what breaks no other limit is looked at: the rest stays out whatever it would do.
  std::string smaller_load(const AskedQuestion& asked, const Assessed& now) {
    constexpr int k_step = 4, k_least_context = 2048;
    constexpr std::uint32_t k_of_the_load = select::k_memory | select::k_speed | select::k_training;
    std::vector<std::size_t> possible;
    for (std::size_t i = 0; i < all().size(); ++i) {
      if ((select::judge(asked, i, all()[i], now.performances[i]).broken & ~k_of_the_load) == 0) possible.push_back(i);
    }
    const auto first_answer = [&](int Question::*load, int least) -> std::string {
      AskedQuestion smaller = asked;
      for (int amount = asked.question.*load / k_step; amount >= least; amount /= k_step) {
        smaller.question.*load = amount;
        std::vector<Performance> performances(all().size());
        for (const std::size_t i : possible) performances[i] = api::assess(all()[i], now.model, load_of(smaller.question));
        const Recommendation r = choose(smaller, all(), performances);
        if (r.primary) return fmt::format("{}: {}, {:.3g} tokens/s for each request.", amount, r.primary->candidate.name, r.primary->performance.decode->mid);
      }
      return {};
    };
    const std::string context = first_answer(&Question::context, k_least_context), requests = first_answer(&Question::concurrency, 1);
    std::string said;
    if (!context.empty()) said = "Within these limits with fewer tokens of context, " + context;
    if (!requests.empty()) said += (said.empty() ? "Within these limits with fewer requests at once, " : " With fewer requests at once, ") + requests;
    return said;
  }

  // Whoever has a desktop PC already pays for its card alone, which is told where that is twice as fast.
  std::string card_alone(const AskedQuestion& asked, const Assessed& known, const Recommendation& r) {
    constexpr double k_worth_a_word = 2;
    if (!asked.question.budget || (r.primary && r.primary->candidate.usd_per_hour)) return {};
    const double beaten = r.primary ? k_worth_a_word * r.primary->performance.decode->mid : 0;
    std::optional<select::Judgement> best;
    for (std::size_t i = 0; i < all().size(); ++i) {
      const Candidate& c = all()[i];
      const bool is_card_in_desktop = c.form == Form::desktop && c.devices == 1 && c.parts.size() == 3;
      if (!is_card_in_desktop || c.parts.front().usd->high > asked.question.budget->value) continue;
      const select::Judgement j = select::judge(asked, i, c, known.performances[i]);
      if (j.broken == select::k_budget && j.decode > beaten && (!best || j.decode > best->decode)) best = j;
    }
    if (!best) return {};
    const Part& card = all()[best->index].parts.front();
    return fmt::format("If a desktop PC is there already: {} alone ({}) would answer at {}; ask with --upgrade on it.", card.name,
                       select::say_usd(*card.usd), select::say_speed(*known.performances[best->index].decode));
  }

  Recommendation tell(const AskedQuestion& asked, const Assessed& known, const std::vector<Candidate>& candidates_now,
                      const std::vector<Performance>& performances) {
    Recommendation r = choose(asked, candidates_now, performances);
    r.model = known.model.name;
    if (!known.model.note.empty()) r.notes.push_back(known.model.note);
    if (known.model.context_max && asked.question.context > *known.model.context_max) {
      r.notes.push_back(fmt::format("{} was trained for {} tokens of context; {} were asked for.", known.model.name,
                                    *known.model.context_max, asked.question.context));
    }
    if (!r.primary) {
      for (std::string& smaller : std::array{smaller_load(asked, known), smaller_class(asked, known)}) {
        if (!smaller.empty()) r.notes.push_back(std::move(smaller));
      }
    }
    return r;
  }
};

Adviser::Adviser(Catalogue catalogue) : state_(std::make_shared<State>(std::move(catalogue))) {}

const std::vector<Candidate>& Adviser::candidates() const { return state_->all(); }

Result<Recommendation> Adviser::recommend(const Question& question) const {
  const auto asked = with_defaults(question);
  if (!asked) return asked.error();
  if (const Status status = state_->check_vendors(asked->question, state_->all()); !status) return status.error();
  const auto known = state_->assess(asked->question);
  if (!known) return known.error();
  Recommendation r = state_->tell(*asked, **known, state_->all(), (*known)->performances);
  if (auto card = state_->card_alone(*asked, **known, r); !card.empty()) r.notes.push_back(std::move(card));
  return r;
}

Result<Recommendation> Adviser::recommend_upgrade(const Question& question, const Machine& mine) const {
  const auto asked = with_defaults(question);
  if (!asked) return asked.error();
  const auto known = state_->assess(asked->question);
  if (!known) return known.error();
  const auto kept = api::things_to_keep(state_->catalogue, mine);
  const auto kept_performances = assess_all(kept, (*known)->model, load_of(asked->question));
  std::vector<Candidate> candidates = kept;
  std::vector<Performance> performances = kept_performances;
  candidates.insert(candidates.end(), state_->all().begin(), state_->all().end());
  performances.insert(performances.end(), (*known)->performances.begin(), (*known)->performances.end());
  if (const Status status = state_->check_vendors(asked->question, candidates); !status) return status.error();
  Recommendation r = state_->tell(*asked, **known, candidates, performances);
  if (auto why = api::why_no_card(mine); !why.empty()) r.notes.push_back(std::move(why));
  return r;
}

Result<Recommendation> recommend(const Question& question) { return Adviser(Catalogue::built_in()).recommend(question); }

}  // namespace hardscape
