#include "cli/keep_result.hpp"

#include <fmt/chrono.h>

#include <ctime>

#include "hardscape/history.hpp"

namespace hardscape::cli {

void keep_result(const Invocation& call, const Machine& machine, std::string kind, std::string subject, std::string document) {
  const auto path = history_path(call.environment());
  auto history = path ? History::open(*path) : Result<History>(path.error());
  HistoryEntry entry;
  entry.when = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  entry.kind = std::move(kind);
  entry.machine = machine_fingerprint(machine);
  entry.machine_name = machine_title(machine);
  entry.subject = std::move(subject);
  entry.document = std::move(document);
  const auto id = history ? history->add(entry) : Result<std::int64_t>(history.error());
  if (!id)
    call.remark("hardscape: the result was not kept: " + id.error().message);
  else
    call.remark("kept as entry " + std::to_string(*id) + " of the history");
}

}  // namespace hardscape::cli
