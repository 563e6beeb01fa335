// Chooses what to buy, rent or keep among candidates whose fit, speed and price are known.
//
// Candidates come in as plain values (recommend.hpp builds them from the catalogue); here they are held
// against the question's limits, the Pareto front is taken and one primary with alternatives is named.
// Pure; thread-safe. Method and guarantees: docs/models.md, section Select.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hardscape/machine.hpp"
#include "hardscape/network.hpp"
#include "hardscape/provenance.hpp"
#include "hardscape/select_question.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

// Something on the bill.
struct Part {
  std::string id;                     // of the catalogue, of data/hosts, or of a cloud offer
  bool offer = false;                 // rented
  std::string name;
  int count = 1;
  std::optional<Estimate> usd;        // for all of them; absent for what is owned or rented
  std::string price_note;             // where the price comes from, and what is doubtful about it
  std::string price_id = {};          // what a price of one's own is filed under, where that is not `id`

  friend bool operator==(const Part&, const Part&) = default;
};

// One thing that could be bought, rented or kept.
struct Candidate {
  std::string name;
  Form form = Form::desktop;
  std::vector<Part> parts;
  Machine machine;                           // what computes
  std::string machine_key;                   // equal keys compute equally
  int devices = 1;                           // that share the work
  std::optional<Estimate> usd;               // to be paid once; absent when rented; 0 when owned already
  std::optional<Estimate> usd_per_hour;      // when rented
  std::string rent_note;                     // provider, region, date of the price
  Link link;                                 // between its devices, one direction; 0: not known
  Watts load{0};                             // at the wall, under inference
  Watts load_together{0};                    // the same while all devices work on each token; 0: no more than that
  Watts peak{0};                             // what the circuit must carry
  Noise noise = Noise::audible;
  bool portable = false;
  bool owned = false;                        // already there
  bool assumed_price = false;                // part of the price is an assumption, said in its note
  std::string vendor;
  std::vector<std::string> systems;          // operating systems it runs
  std::vector<std::string> traits;           // "consumer-card", "used", "passive", "no-training", ... (data/select/mistakes.json)

  friend bool operator==(const Candidate&, const Candidate&) = default;
};

// How several devices share the work: layers take turns; all work on each token together; each has a whole model and a
// part of the requests.
enum class WorkSplit { one, layers, tensor, copies };

// How one candidate does on the model in question.
struct Performance {
  bool fits = false;
  bool tight = false;                        // fits with little to spare
  std::string model;                         // name
  std::string quant;
  int context = 0;
  Bytes needed{0};
  Bytes available{0};
  std::optional<Estimate> decode;            // tokens/s of one request
  std::optional<Estimate> prefill;           // tokens/s
  std::optional<Estimate> training;          // tokens/s of fine-tuning, where asked for
  std::string training_method;               // "full", "LoRA", "QLoRA"; empty: none fits
  std::string bound;                         // what holds decode back
  std::string engine;                        // that the speed is for, and how it splits: "vLLM, tensor parallel over 2 devices"
  WorkSplit split = WorkSplit::one;
  std::optional<std::string> larger_quant;   // a better one that fits as well
  std::string why_not;                       // a sentence, when it does not fit or cannot be predicted

  friend bool operator==(const Performance&, const Performance&) = default;
};

struct Option {
  Candidate candidate;
  Performance performance;
  std::optional<Estimate> over_years_usd;    // purchase and electricity, or rent, over the question's years
  std::optional<double> joules_per_token;
  std::vector<std::string> why;              // in numbers
  std::vector<std::string> warnings;

  friend bool operator==(const Option&, const Option&) = default;
};

struct Rejected {
  std::string name;
  std::string reason;

  friend bool operator==(const Rejected&, const Rejected&) = default;
};

// Limits that cannot hold together, and the least that would have to give.
struct Clash {
  std::vector<std::string> limits;           // "budget", "memory", "speed", "noise" ...
  std::string relaxation;                    // a sentence

  friend bool operator==(const Clash&, const Clash&) = default;
};

struct Recommendation {
  AskedQuestion asked;
  std::string model;                         // the model that stood for the size class
  std::optional<Option> primary;             // absent: nothing meets the limits, see clashes
  std::vector<Option> alternatives;          // from the Pareto front
  std::vector<Rejected> rejected;            // the nearest misses
  std::vector<Clash> clashes;                // only without a primary; the smallest relaxation first
  std::vector<std::string> worth_measuring;
  std::vector<std::string> notes;
  int considered = 0;                        // candidates looked at

  friend bool operator==(const Recommendation&, const Recommendation&) = default;
};

// `performances[i]` belongs to `candidates[i]`; the two have the same length.
Recommendation choose(const AskedQuestion& asked, std::span<const Candidate> candidates,
                      std::span<const Performance> performances);

// The document hardscape.select/1.
std::string to_json(const Recommendation& recommendation);

}  // namespace hardscape
