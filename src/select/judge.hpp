// Holds one candidate against the limits of a question and puts numbers on it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hardscape/select.hpp"

namespace hardscape::select {

// What a candidate can break; bits of Judgement::broken.
enum Limit : std::uint32_t {
  k_budget = 1u << 0,
  k_monthly = 1u << 1,
  k_memory = 1u << 2,
  k_speed = 1u << 3,
  k_noise = 1u << 4,
  k_circuit = 1u << 5,
  k_size = 1u << 6,
  k_portable = 1u << 7,
  k_vendor = 1u << 8,
  k_os = 1u << 9,
  k_own = 1u << 10,
  k_rent = 1u << 11,
  k_place = 1u << 12,
  k_price = 1u << 13,
  k_training = 1u << 14,
};

struct Judgement {
  std::size_t index = 0;
  std::uint32_t broken = 0;              // 0: may be chosen
  double overshoot = 0;                  // how far the broken limits are missed, summed; 0.1 is 10 %
  double need_usd = 0;                   // what must fit the budget, at the high end of the price
  std::optional<Estimate> over_years;
  double decode = 0;                     // tokens/s, mid; 0: unknown
  double training = 0;
  double speed = 0;                      // the one that the use case is about
  Watts load{0};                         // at the wall while it answers this question
  std::optional<double> joules;          // per token
  bool reads = false;                    // reaches the wanted or the reading speed
};

Judgement judge(const AskedQuestion& asked, std::size_t index, const Candidate& candidate, const Performance& performance);

double hours_per_month(const Question& question);

// "budget", "memory": the names that documents use.
std::vector<std::string> names_of(std::uint32_t limits);
// Why this candidate lost, in numbers.
std::string reason_for(const AskedQuestion& asked, const Judgement& judgement, const Candidate& candidate,
                       const Performance& performance);
// What would have to give for it to win.
std::string relaxation_for(const AskedQuestion& asked, const Judgement& judgement, const Candidate& candidate,
                           const Performance& performance);

}  // namespace hardscape::select
