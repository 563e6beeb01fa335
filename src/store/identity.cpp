#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hardscape/history.hpp"

namespace hardscape {
namespace {

// FNV-1a (Fowler, Noll, Vo), 64 bits: short, stable over releases, not for secrets.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return hash;
}

}  // namespace

Result<std::string> history_path(const Environment& environment) {
  if (const auto wish = environment("HARDSCAPE_HISTORY"); wish && !wish->empty()) return *wish;
  if (const auto data = environment("XDG_DATA_HOME"); data && !data->empty()) return *data + "/hardscape/history.db";
  if (const auto home = environment("HOME"); home && !home->empty()) return *home + "/.local/share/hardscape/history.db";
  return Error{ErrorCode::io, "finding the history: neither HARDSCAPE_HISTORY, XDG_DATA_HOME nor HOME is set"};
}

std::string machine_fingerprint(const Machine& machine) {
  std::string text;
  for (const auto& p : machine.processors) {
    text += fmt::format("cpu|{}|{}|{}|{}", p.name, p.architecture, p.cores, p.threads);
    // Guests of different hosts share a name ("AMD EPYC"); what the processor can do and its caches tell them apart.
    auto features = p.features;
    std::sort(features.begin(), features.end());
    for (const auto& feature : features) text += "|" + feature;
    for (const auto& cache : p.caches) text += fmt::format("|L{} {}", cache.level, cache.size ? cache.size->value : 0);
    text += "\n";
  }
  // To the gibibyte: the kernel's own share of memory changes from one update to the next.
  text += fmt::format("ram|{}\n", std::llround(in_gib(machine.memory.total)));
  for (const auto& a : machine.accelerators)
    text += fmt::format("acc|{}|{}|{}\n", a.vendor, a.catalogue_id.value_or(a.name), a.memory.total ? std::llround(in_gib(a.memory.total->value)) : -1);
  return fmt::format("{:016x}", hash_of(text));
}

std::string machine_title(const Machine& machine) {
  std::string out = machine.processors.empty() ? std::string("unknown processor") : machine.processors.front().name;
  if (machine.memory.total.value > 0) out += fmt::format(", {:.1f} GiB", in_gib(machine.memory.total));
  for (const auto& a : machine.accelerators)
    if (!a.integrated || a.usable) out += ", " + a.name;
  return out;
}

}  // namespace hardscape
