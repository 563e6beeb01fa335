#include "select/judge.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "hardscape/cost_break_even.hpp"
#include "hardscape/cost_tco.hpp"

namespace hardscape::select {
namespace {

constexpr double k_days_per_year = 365;
// A limit that is missed outright rather than by an amount counts as this much overshoot.
constexpr double k_outright = 0.5;
// A phone in a rack is nobody's near miss.
constexpr double k_absurd = 1000;

void miss(Judgement& judgement, Limit limit, double overshoot) {
  judgement.broken |= limit;
  judgement.overshoot += overshoot;
}

// By the cost engine, as what leaves the purse: the purchase and its electricity, or the rent; neither interest nor
// resale, and off when not in use. Reused machines are charged for their electricity, rented ones are not.
std::optional<Estimate> cost_over_years(const AskedQuestion& asked, const Candidate& c, Watts load) {
  const Question& q = asked.question;
  const double hours = *q.hours_per_day * k_days_per_year;
  const auto at = [](const Estimate& price, auto total) {
    return Estimate{total(price.low), total(price.mid), total(price.high), price.basis};
  };
  if (c.usd_per_hour) {
    cost::Terms terms;
    return at(*c.usd_per_hour, [&](double usd_per_hour) {
      terms.cloud_usd_per_hour = usd_per_hour;
      return cost::cloud_cost_per_year(terms, hours) * q.years;
    });
  }
  if (!c.usd) return std::nullopt;
  cost::BuildTerms terms;
  terms.power_w = load.value;
  terms.hours_per_year = hours;
  terms.electricity_usd_per_kwh = q.electricity->value;
  terms.pue = asked.pue;
  terms.life_years = q.years;
  const double running = cost::total_cost(terms, {}, q.years).total();
  return at(*c.usd, [&](double usd) { return usd + running; });
}

void judge_money(const Question& q, const Candidate& c, Judgement& j) {
  if (c.usd_per_hour) {
    const double monthly = c.usd_per_hour->high * hours_per_month(q);
    if (q.monthly_budget) {
      j.need_usd = 0;
      if (monthly > q.monthly_budget->value) {
        miss(j, k_monthly, q.monthly_budget->value > 0 ? monthly / q.monthly_budget->value - 1 : k_outright);
      }
    } else {
      j.need_usd = j.over_years->high;
      if (q.budget && j.need_usd > q.budget->value) {
        miss(j, k_budget, q.budget->value > 0 ? j.need_usd / q.budget->value - 1 : k_outright);
      }
    }
    return;
  }
  if (!c.usd) {
    miss(j, k_price, k_outright);
    return;
  }
  j.need_usd = c.usd->high;
  if (q.budget && j.need_usd > q.budget->value) {
    miss(j, k_budget, q.budget->value > 0 ? j.need_usd / q.budget->value - 1 : 1 + j.need_usd / 1000);
  }
}

// Forms that have a place there by default; a rack server at home is asked for with --size server, a phone
// with --portable or by its system.
bool belongs(const Question& q, Form form) {
  if (q.use_case == UseCase::edge) return form <= Form::board || form == Form::mini;
  if (q.location == Location::mobile) return form <= Form::laptop;
  if (q.location == Location::datacenter) return form >= Form::workstation;
  if (form == Form::phone)
    return q.limits.portable || q.priority == Priority::portability || q.limits.size == Form::phone || q.limits.os == "android" || q.limits.os == "ios";
  return form != Form::server || (q.limits.size && *q.limits.size >= Form::server);
}

// Who names a place and a sum to spend there wants a machine; rent is then offered beside the answer only.
bool rent_is_welcome(const Question& q) {
  if (q.use_case == UseCase::edge || q.location == Location::mobile) return false;
  return q.location == Location::datacenter || q.monthly_budget.has_value();
}

void judge_place(const Question& q, const Candidate& c, Judgement& j) {
  const bool rented = c.usd_per_hour.has_value();
  if (q.limits.must_own && rented) miss(j, k_own, k_outright);
  if (q.limits.must_rent && !rented) miss(j, k_rent, k_outright);
  if (rented) {
    if (!q.limits.must_rent && !rent_is_welcome(q)) miss(j, k_place, k_outright);
    if (q.limits.portable || q.priority == Priority::portability) miss(j, k_portable, k_outright);
    return;
  }
  if (!c.owned && !belongs(q, c.form)) miss(j, k_place, q.location == Location::datacenter ? k_absurd : k_outright);
  if (q.limits.size && c.form > *q.limits.size) miss(j, k_size, k_outright);
  if (!c.portable && (q.limits.portable || q.priority == Priority::portability)) miss(j, k_portable, k_outright);
  if (q.limits.noise && c.noise > *q.limits.noise) miss(j, k_noise, k_outright);
  if (q.limits.circuit && c.peak > *q.limits.circuit) miss(j, k_circuit, c.peak / *q.limits.circuit - 1);
}

void judge_taste(const Question& q, const Candidate& c, Judgement& j) {
  const auto& vendors = q.limits.vendors;
  if (!vendors.empty() && std::none_of(vendors.begin(), vendors.end(), [&](const std::string& v) {
        return equal_ignoring_case(v, c.vendor);
      })) {
    miss(j, k_vendor, k_outright);
  }
  if (q.limits.os && std::find(c.systems.begin(), c.systems.end(), *q.limits.os) == c.systems.end()) {
    miss(j, k_os, k_outright);
  }
}

void judge_work(const AskedQuestion& asked, const Performance& p, Judgement& j) {
  const Question& q = asked.question;
  if (p.decode) j.decode = p.decode->mid;
  const bool trains = q.use_case == UseCase::training || q.use_case == UseCase::both;
  if (p.training && trains) j.training = p.training->mid;
  j.speed = q.use_case == UseCase::training ? j.training
            : q.use_case == UseCase::both   ? std::sqrt(j.decode * j.training)
                                            : j.decode;
  if (!p.fits || !p.decode) {
    const bool sizes_known = p.needed.value > 0 && p.available.value > 0;
    miss(j, k_memory, sizes_known ? std::max(0.01, p.needed / p.available - 1) : k_outright);
    return;
  }
  // The speed is that of one request; the machine writes for all of them at once.
  if (j.decode > 0 && j.load.value > 0) j.joules = j.load.value / (j.decode * q.concurrency);
  const double wish = q.wanted ? q.wanted->value : asked.reading_speed.value;
  j.reads = j.decode >= wish;
  if (q.wanted && !j.reads) miss(j, k_speed, wish / std::max(j.decode, 1e-6) - 1);
  if (trains && !p.training) miss(j, k_training, k_outright);
}

}  // namespace

double hours_per_month(const Question& question) { return *question.hours_per_day * k_days_per_year / 12; }

Judgement judge(const AskedQuestion& asked, std::size_t index, const Candidate& candidate, const Performance& performance) {
  Judgement j;
  j.index = index;
  const bool all_busy = performance.split == WorkSplit::tensor || performance.split == WorkSplit::copies;
  j.load = all_busy && candidate.load_together.value > 0 ? candidate.load_together : candidate.load;
  j.over_years = cost_over_years(asked, candidate, j.load);
  judge_money(asked.question, candidate, j);
  judge_place(asked.question, candidate, j);
  judge_taste(asked.question, candidate, j);
  judge_work(asked, performance, j);
  return j;
}

}  // namespace hardscape::select
