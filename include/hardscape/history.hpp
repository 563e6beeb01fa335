// Earlier measurements and benchmarks, kept in one SQLite file of the user's.
//
// What add() reported as saved survives a crash or kill -9. One History per thread; several processes may share the
// file. Errors: io (cannot open or write), malformed (not a history), unsupported (written by a newer program),
// unavailable (built without SQLite).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/host.hpp"
#include "hardscape/machine.hpp"
#include "hardscape/result.hpp"

namespace hardscape {

struct HistoryEntry {
  std::int64_t id = 0;           // given by add()
  std::string when;              // UTC, "2026-11-24T08:15:30Z"
  std::string kind;              // "bench", "measure", "llama-bench"
  std::string machine;           // machine_fingerprint()
  std::string machine_name;      // for people
  std::string subject;           // model, or what was measured
  std::string document;          // the JSON document, whole

  friend bool operator==(const HistoryEntry&, const HistoryEntry&) = default;
};

struct HistoryFilter {
  std::string kind;              // empty: all
  std::string machine;           // fingerprint; empty: all
  std::string subject;           // part of it, in any case; empty: all
  int most = 1000;               // newest first
};

class History {
 public:
  // Opens, or makes with its folders.
  static Result<History> open(const std::string& path);
  // Opens what is there, to read only; nothing when there is no such file. Makes and changes nothing.
  static Result<std::optional<History>> look_into(const std::string& path);

  Result<std::int64_t> add(const HistoryEntry& entry);
  // All or none.
  Result<std::vector<std::int64_t>> add_all(const std::vector<HistoryEntry>& entries);
  // Those of the entries that are not here: same time, kind, machine, subject and document, whatever the id.
  Result<std::vector<HistoryEntry>> unknown_of(const std::vector<HistoryEntry>& entries) const;
  Result<std::vector<HistoryEntry>> list(const HistoryFilter& filter = {}) const;
  Result<HistoryEntry> get(std::int64_t id) const;
  // What is worth reading as evidence, newest first: of each kind and subject on this machine at most `each`, at
  // most `most` in all.
  Result<std::vector<HistoryEntry>> newest(const std::string& machine, int each, int most) const;

 private:
  struct Database;
  std::shared_ptr<Database> database_;
};

// HARDSCAPE_HISTORY, else hardscape/history.db in XDG_DATA_HOME, else in ~/.local/share.
Result<std::string> history_path(const Environment& environment);

// The same for the same hardware, whatever its name, load or software.
std::string machine_fingerprint(const Machine& machine);
// "AMD EPYC, 23.5 GiB, NVIDIA H200".
std::string machine_title(const Machine& machine);

// One figure of an entry, or the same figure of two.
struct HistoryFigure {
  std::string what;              // "decode", "prefill", "cpu copy bandwidth"
  std::string unit;
  std::optional<double> first;
  std::optional<double> second;
};
// The figures a document holds, in its order; empty for a document of a kind that we do not know.
std::vector<HistoryFigure> figures_of(const HistoryEntry& entry);
// The figures of both, matched by name and unit; what only one has keeps the other absent.
std::vector<HistoryFigure> compare(const HistoryEntry& first, const HistoryEntry& second);

// One text of many entries (document hardscape.history/1) and back; reading checks every field.
std::string to_json(const std::vector<HistoryEntry>& entries);
Result<std::vector<HistoryEntry>> history_from_json(std::string_view text, std::string_view place);
// What `llama-bench -o json` prints: one entry a test.
Result<std::vector<HistoryEntry>> history_from_llama_bench(std::string_view text, std::string_view place);

}  // namespace hardscape
