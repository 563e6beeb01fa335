// What somebody wants to run and may spend: the question that `recommend` answers.
//
// Everything has a default, and `with_defaults` says which were taken. Plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/result.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

enum class UseCase { training, inference, both, development, edge };
enum class Location { home, office, datacenter, mobile };
enum class Priority { speed, cost, efficiency, portability, balanced };

// In the order of how much room and noise they ask for; `size` limits name one of these.
enum class Form { phone, board, laptop, mini, desktop, workstation, server, rented };
enum class Noise { silent, quiet, audible, loud };

std::string_view to_string(UseCase value);
std::string_view to_string(Location value);
std::string_view to_string(Priority value);
std::string_view to_string(Form value);
std::string_view to_string(Noise value);
// The error lists the words that are known.
Result<UseCase> use_case_from(std::string_view name);
Result<Location> location_from(std::string_view name);
Result<Priority> priority_from(std::string_view name);
Result<Form> form_from(std::string_view name);
Result<Noise> noise_from(std::string_view name);

struct Limits {
  std::optional<Noise> noise;               // loudest that is bearable
  std::optional<Watts> circuit;             // what the wall socket gives without pause
  std::optional<Form> size;                 // largest form that has a place
  bool portable = false;                    // runs on its own battery
  std::vector<std::string> vendors;         // of the part that computes; empty: any
  std::optional<std::string> os;            // linux, windows, macos, android, ios
  bool must_own = false;
  bool must_rent = false;

  friend bool operator==(const Limits&, const Limits&) = default;
};

struct Question {
  std::optional<Usd> budget;                // to buy with, or for all rent over the years; 0: nothing to buy
  std::optional<Usd> monthly_budget;        // for rent, beside the budget
  UseCase use_case = UseCase::inference;
  Location location = Location::home;
  Priority priority = Priority::balanced;
  std::string model = "7B";                 // a size class (3B 7B 13B 34B 70B 180B) or a model of the catalogue
  std::string quant = "Q4_K_M";
  int context = 4096;                       // tokens, for each of the requests at once
  int concurrency = 1;
  std::optional<TokensPerSecond> wanted;    // of one request; absent: reading speed, if anything reaches it
  std::optional<double> hours_per_day;      // of use
  double years = 3;                         // over which costs are added up
  std::optional<UsdPerKilowattHour> electricity;
  Limits limits;

  friend bool operator==(const Question&, const Question&) = default;
};

// The question with every open default filled in from data/select/defaults.json; what electricity costs there and what
// cooling adds are the cost engine's assumptions of the place (data/cost/places.json).
struct AskedQuestion {
  Question question;                        // hours_per_day, electricity and the circuit limit are set
  TokensPerSecond reading_speed{0};         // soft wish when nothing was wanted
  double pue = 1;                           // of the place: facility energy over machine energy
  std::vector<std::string> assumptions;     // one sentence for each default that matters

  friend bool operator==(const AskedQuestion&, const AskedQuestion&) = default;
};

// invalid_argument when a number makes no sense (negative, not finite, zero years).
Result<AskedQuestion> with_defaults(Question question);

}  // namespace hardscape
