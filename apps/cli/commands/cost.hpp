// What the cost commands share: options made from the engine's input rules, and blocks that all their answers show.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "hardscape/api_cost.hpp"
#include "hardscape/cost_guide.hpp"
#include "hardscape/cost_simulation.hpp"

namespace hardscape::cli {

// A question about money; a new one is a file cost_<name>.cpp and a row in cost.cpp.
struct CostCommand {
  std::string_view name;
  std::string_view summary;
  int (*run)(Invocation& call);
};
int run_cost_per_tflop(Invocation& call);
int run_cost_break_even(Invocation& call);
int run_cost_tco(Invocation& call);
int run_cost_power(Invocation& call);
int run_cost_tokens(Invocation& call);
int run_cost_worth_it(Invocation& call);

// Reads the clouds' offers, and the models where they will be asked for, in a thread of its own while the devices are
// read here; both wait for each other where they meet.
class ReadAhead {
 public:
  ReadAhead(const Catalogue& catalogue, bool models);
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

 private:
  std::thread reading_;
};

std::string usd(double value);  // with cents where they matter

struct CostOptions {
  std::map<std::string, std::string> texts;   // inputs as given, by key
  std::string basis = "truth";
  std::string place;                          // empty: what is usual for the device
  std::string region;
  std::string as_of;                          // empty: today
  int stale_after_days = 180;
  cost::SimulationOptions simulation;

  void add_to(Options& app);
  // One option for each key; what it may be stands in its help.
  void add_inputs(Options& app, std::span<const std::string> keys);
  bool guide() const { return basis == "guide"; }
  cost::Freshness freshness() const;
  Result<std::vector<cost::Input>> given() const;
  // The place asked for, or the one usual for the device.
  Result<const cost::Place*> place_for(const cost::PricedDevice& device) const;
  // The place's assumptions, the device, the region and what was given, in that order of weight.
  Result<std::vector<cost::Input>> inputs_for(const cost::PricedDevice& device, const Catalogue& catalogue,
                                              std::span<const cost::Input> given) const;
};

// `--basis guide` takes no inputs of its own; answers with the guide's tables.
int tell_guide(Invocation& call, const CostOptions& options, std::string_view question);

// Blocks of a document.
// The inputs with their dates; explained, where each comes from as well.
void add_inputs(Document& document, std::span<const cost::Input> inputs, bool explain);
Table sensitivity_table(const cost::Exploration& exploration, std::span<const cost::Flip> flips);
std::string spread_sentence(const cost::Exploration& exploration, std::string_view unit);
std::string percent(double share);          // "62 %"
std::string hours_text(double hours);       // "1,234 h", "never"
void add_notes(Document& document, std::vector<Note> notes);

}  // namespace hardscape::cli
