// The table of commands; a new one is a file in commands/ and a row in commands.cpp.
#pragma once

#include <span>
#include <string_view>

#include "cli/invocation.hpp"

namespace hardscape::cli {

struct Command {
  std::string_view name;
  std::string_view summary;       // what it answers, one line
  int (*run)(Invocation& call);
};

std::span<const Command> commands();
const Command* find_command(std::string_view name);

int run_overview(Invocation& call);  // hardscape without a command: the main job
int run_bench_command(Invocation& call);
int run_cost(Invocation& call);
int run_catalog(Invocation& call);
int run_detect(Invocation& call);
int run_fit(Invocation& call);
int run_history(Invocation& call);
int run_edge(Invocation& call);
int run_measure(Invocation& call);
int run_model(Invocation& call);
int run_predict(Invocation& call);
int run_select(Invocation& call);

}  // namespace hardscape::cli
