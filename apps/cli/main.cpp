#include "cli/run.hpp"

int main(int argc, char** argv) { return hardscape::cli::run_process(argc, argv); }
