// Sentences about one candidate: why it lost, and what would have to give.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/text.hpp"
#include "select/judge.hpp"
#include "select/say.hpp"

namespace hardscape::select {
namespace {

constexpr std::array<std::pair<Limit, std::string_view>, 15> k_names{{{k_budget, "budget"},
                                                                      {k_monthly, "monthly budget"},
                                                                      {k_memory, "model size"},
                                                                      {k_speed, "wanted speed"},
                                                                      {k_noise, "noise"},
                                                                      {k_circuit, "circuit power"},
                                                                      {k_size, "size"},
                                                                      {k_portable, "portability"},
                                                                      {k_vendor, "vendor"},
                                                                      {k_os, "operating system"},
                                                                      {k_own, "must own"},
                                                                      {k_rent, "must rent"},
                                                                      {k_place, "place of use"},
                                                                      {k_price, "price"},
                                                                      {k_training, "training"}}};

struct Sentences {
  std::string reason;
  std::string relaxation;
};

Sentences on_money(const AskedQuestion& asked, Limit limit, const Judgement& j, const Candidate& c) {
  const Question& q = asked.question;
  if (limit == k_price) {
    return {"nobody quotes a price for it", fmt::format("get a quote for {}", c.name)};
  }
  if (limit == k_monthly) {
    const double monthly = c.usd_per_hour->high * hours_per_month(q);
    return {fmt::format("costs {} a month at {:g} h a day, {} over the monthly budget", say_usd(monthly), *q.hours_per_day,
                        say_usd(monthly - q.monthly_budget->value)),
            fmt::format("a monthly budget of {} (or {:.1f} h of use a day)", say_usd(monthly),
                        *q.hours_per_day * q.monthly_budget->value / monthly)};
  }
  if (c.usd_per_hour) {
    return {fmt::format("{} an hour come to {} over {:g} years at {:g} h a day", say_usd(c.usd_per_hour->mid),
                        say_usd(j.need_usd), q.years, *q.hours_per_day),
            fmt::format("a budget of {}, or fewer hours", say_usd(j.need_usd))};
  }
  if (q.budget->value <= 0) return {fmt::format("costs {}, and nothing is to be bought", say_usd(*c.usd)), fmt::format("a budget of {}", say_usd(j.need_usd))};
  return {fmt::format("costs {}, up to {} over the budget", say_usd(*c.usd), say_usd(j.need_usd - q.budget->value)),
          fmt::format("a budget of {}", say_usd(j.need_usd))};
}

Sentences on_memory(const Performance& p) {
  if (p.needed.value <= 0 || p.available.value <= 0 || p.needed <= p.available) {
    const std::string why = p.why_not.empty() ? "its speed cannot be predicted" : p.why_not;
    return {why, "another model or device"};
  }
  return {fmt::format("does not fit: {} {} with {} tokens of context needs {}, a model may use {} there", p.model, p.quant,
                      p.context, say_bytes(p.needed), say_bytes(p.available)),
          fmt::format("a model, quantisation or context that needs at most {} instead of {}", say_bytes(p.available),
                      say_bytes(p.needed))};
}

Sentences on_limit(const AskedQuestion& asked, Limit limit, const Judgement& j, const Candidate& c, const Performance& p) {
  const Question& q = asked.question;
  switch (limit) {
    case k_budget:
    case k_monthly:
    case k_price: return on_money(asked, limit, j, c);
    case k_memory: return on_memory(p);
    case k_speed:
      return {fmt::format("predicted {}, below the {} wanted", say_speed(*p.decode), say_number(q.wanted->value)),
              fmt::format("a wanted speed of {} tokens/s", say_number(j.decode))};
    case k_noise:
      return {fmt::format("is {} under load", to_string(c.noise)), fmt::format("a machine that is {}", to_string(c.noise))};
    case k_circuit:
      return {fmt::format("draws up to {:.0f} W, the circuit carries {:.0f} W", c.peak.value, q.limits.circuit->value),
              fmt::format("a circuit that carries {:.0f} W", c.peak.value)};
    case k_size:
      return {fmt::format("is a {}", to_string(c.form)), fmt::format("room for a {}", to_string(c.form))};
    case k_portable: return {"does not run on a battery", "doing without portability"};
    case k_vendor:
      return {fmt::format("is made by {}", c.vendor), fmt::format("hardware by {}", c.vendor)};
    case k_os:
      return {fmt::format("runs {}, not {}", join_words(c.systems, "or"), printable(*q.limits.os)),
              fmt::format("another operating system: {}", join_words(c.systems, "or"))};
    case k_own: return {"is rented", "renting"};
    case k_rent: return {"is bought, not rented", "buying"};
    case k_place:
      if (c.usd_per_hour) {
        return {fmt::format("is rented: the work leaves the {}", q.use_case == UseCase::edge ? "device" : "house"),
                fmt::format("renting at {} an hour, {} over {:g} years", say_usd(c.usd_per_hour->mid), say_usd(j.over_years->mid),
                            q.years)};
      }
      return {fmt::format("is a {}, out of place for {} use at {}", to_string(c.form), to_string(q.use_case),
                          q.location == Location::datacenter ? "a datacenter" : std::string(to_string(q.location))),
              c.form == Form::phone ? std::string("a phone as the answer") : fmt::format("room for a {}", to_string(c.form))};
    case k_training:
      return {"has no memory for fine-tuning this model, even quantised with adapters", "training a smaller model"};
  }
  return {};
}

}  // namespace

std::vector<std::string> names_of(std::uint32_t limits) {
  std::vector<std::string> names;
  for (const auto& [limit, name] : k_names) {
    if ((limits & limit) != 0) names.emplace_back(name);
  }
  return names;
}

std::string reason_for(const AskedQuestion& asked, const Judgement& j, const Candidate& c, const Performance& p) {
  std::vector<std::string> all;
  for (const auto& [limit, name] : k_names) {
    if ((j.broken & limit) != 0) all.push_back(on_limit(asked, limit, j, c, p).reason);
  }
  return join_words(all);
}

std::string relaxation_for(const AskedQuestion& asked, const Judgement& j, const Candidate& c, const Performance& p) {
  std::vector<std::string> all;
  for (const auto& [limit, name] : k_names) {
    if ((j.broken & limit) != 0) all.push_back(on_limit(asked, limit, j, c, p).relaxation);
  }
  std::string sentence = fmt::format("{} would do with {}", c.name, join_words(all));
  if (p.fits && p.decode) sentence += fmt::format(": {} predicted", say_speed(*p.decode));
  return sentence + ".";
}

}  // namespace hardscape::select
