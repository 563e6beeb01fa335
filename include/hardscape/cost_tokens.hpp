// What a million tokens cost: made on an owned device, on a rented one, and bought from an API.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hardscape/cost.hpp"
#include "hardscape/cost_break_even.hpp"

namespace hardscape::cost {

// Prompt tokens are priced at the prompt's speed and output tokens at the output's; a request takes one after the other.
// The hours of Terms are those in which tokens are made: 8,760 times the utilisation.
struct TokenTerms : Terms {
  double prompt_tokens_per_s = 0, output_tokens_per_s = 0;   // of the whole device, all requests together
  double utilisation = 1;                                    // share of the year spent on tokens
  double prompt_tokens_per_request = 0, output_tokens_per_request = 1;
  double api_prompt_usd_per_mtok = 0, api_output_usd_per_mtok = 0;
};

struct TokenPrice {
  double prompt_usd_per_mtok = 0, output_usd_per_mtok = 0;
  double request_usd = 0;
  double blended_usd_per_mtok = 0;   // over all tokens of a request
};
TokenPrice token_price(const TokenTerms& terms, double usd_per_hour_of_work);
double own_usd_per_hour_of_work(const TokenTerms& terms);

struct TokensQuestion {
  std::string name;
  std::vector<Input> inputs;
  SimulationOptions simulation;
};

struct TokensReport {
  struct Way {
    std::string name;                 // "own", "cloud, paid only for work", "cloud, always on", "API"
    double usd_per_hour = 0;          // of work; 0 for the API
    TokenPrice price;
  };
  std::string name;
  std::vector<Input> inputs;
  TokenTerms mid;
  std::vector<Way> ways;              // cheapest request first
  bool prompts_priced = true;         // by own and cloud; nobody told how fast they are read otherwise
  std::optional<double> utilisation_to_beat_api;     // of the owned device; above 1: never
  double tokens_per_year = 0;
  std::optional<Exploration> exploration;   // of the owned device's blended price; the first side is owning
  std::vector<Flip> flips;
  std::vector<Note> notes;
};

// Ways whose inputs nobody knows are left out: no price, no own; no rent, no cloud; no API price, no API.
// Errors: nothing to price at all, an input out of its range, no speed.
Result<TokensReport> tokens(const TokensQuestion& question);
std::string to_json(const TokensReport& report);

}  // namespace hardscape::cost
