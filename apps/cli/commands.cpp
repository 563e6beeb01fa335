#include "cli/commands.hpp"

#include <array>

namespace hardscape::cli {
namespace {

constexpr std::array k_commands{
    Command{"bench", "How fast real inference is on this machine", run_bench_command},
    Command{"catalog", "The hardware, models and prices that the program knows", run_catalog},
    Command{"cost", "What it costs: purchase, energy, cloud, and when the answer flips", run_cost},
    Command{"detect", "What is in this machine", run_detect},
    Command{"edge", "Which models run on phones and boards", run_edge},
    Command{"fit", "Which models run on a machine, where, and how fast", run_fit},
    Command{"history", "Earlier measurements and benchmarks of this machine", run_history},
    Command{"measure", "What the silicon gives: bandwidth, latency, arithmetic rates", run_measure},
    Command{"model", "What a model needs: weights, KV cache, state, buffers", run_model},
    Command{"predict", "How fast a model would run, and how sure that is", run_predict},
    Command{"select", "What to buy, rent or keep", run_select},
};

}  // namespace

std::span<const Command> commands() { return k_commands; }

const Command* find_command(std::string_view name) {
  for (const auto& command : k_commands)
    if (command.name == name) return &command;
  return nullptr;
}

}  // namespace hardscape::cli
