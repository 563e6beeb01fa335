// What a build without SQLite answers.
#include "hardscape/history.hpp"

namespace hardscape {

struct History::Database {};

namespace {

Error missing() { return Error{ErrorCode::unavailable, "this hardscape was built without SQLite, so it keeps no history; install libsqlite3-dev and build again"}; }

}  // namespace

Result<History> History::open(const std::string&) { return missing(); }
// Without SQLite nothing was kept, so there is nothing to look into.
Result<std::optional<History>> History::look_into(const std::string&) { return std::optional<History>(); }
Result<std::vector<HistoryEntry>> History::newest(const std::string&, int, int) const { return missing(); }
Result<std::int64_t> History::add(const HistoryEntry&) { return missing(); }
Result<std::vector<std::int64_t>> History::add_all(const std::vector<HistoryEntry>&) { return missing(); }
Result<std::vector<HistoryEntry>> History::unknown_of(const std::vector<HistoryEntry>&) const { return missing(); }
Result<std::vector<HistoryEntry>> History::list(const HistoryFilter&) const { return missing(); }
Result<HistoryEntry> History::get(std::int64_t) const { return missing(); }

}  // namespace hardscape
