#include <algorithm>
#include <filesystem>

#include "facts/json_writing.hpp"
#include "hardscape/history.hpp"
#include "store/sqlite_handle.hpp"

namespace hardscape {
namespace {

// "hscp": tells our file from another program's database.
constexpr int k_application_id = 0x68736370;
// Raised when a reader of the old layout could misread the new one; added columns do not raise it.
constexpr int k_schema_version = 1;

constexpr std::string_view k_columns = "id, at, kind, machine, machine_name, subject, document";

Result<std::int64_t> pragma(sqlite3* db, const std::string& name) {
  auto statement = SqlStatement::prepare(db, "PRAGMA " + name);
  if (!statement) return statement.error();
  const auto row = statement->step();
  if (!row) return row.error();
  return *row ? statement->number(0) : 0;
}

HistoryEntry entry_of(const SqlStatement& row) {
  HistoryEntry entry;
  entry.id = row.number(0);
  entry.when = row.text(1);
  entry.kind = row.text(2);
  entry.machine = row.text(3);
  entry.machine_name = row.text(4);
  entry.subject = row.text(5);
  entry.document = row.text(6);
  return entry;
}

// The layout's version; fails when the file is not ours or newer than we are.
Result<std::int64_t> check_layout(sqlite3* db, const std::string& path) {
  const auto version = pragma(db, "user_version");
  if (!version) return version.error();
  const auto application = pragma(db, "application_id");
  if (!application) return application.error();
  if (*version > k_schema_version)
    return Error{ErrorCode::unsupported, "the history was written by a newer hardscape (layout " + std::to_string(*version) +
                                             ", this program knows " + std::to_string(k_schema_version) + "); update hardscape or set HARDSCAPE_HISTORY to another file"};
  const auto tables = pragma(db, "schema_version");
  if (!tables) return tables.error();
  if (*tables != 0 && *application != k_application_id)
    return Error{ErrorCode::malformed, path + " is another program's database; set HARDSCAPE_HISTORY to another file"};
  return *version;
}

Status prepare_schema(sqlite3* db, const std::string& path) {
  const auto version = check_layout(db, path);
  if (!version) return version.error();
  if (*version == k_schema_version) return Done{};
  return execute(db, "BEGIN IMMEDIATE;"
                     "CREATE TABLE IF NOT EXISTS result (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, kind TEXT NOT NULL,"
                     " machine TEXT NOT NULL, machine_name TEXT NOT NULL, subject TEXT NOT NULL, document TEXT NOT NULL);"
                     "CREATE INDEX IF NOT EXISTS result_by_machine ON result (machine, kind, at);"
                     "PRAGMA application_id = " + std::to_string(k_application_id) + ";"
                     "PRAGMA user_version = " + std::to_string(k_schema_version) + "; COMMIT;");
}

}  // namespace

struct History::Database {
  DatabaseHandle handle;
};

Result<History> History::open(const std::string& path) {
  std::error_code error;
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error) return Error{ErrorCode::io, "making the history's folder " + folder.string() + ": " + error.message()};
  sqlite3* raw = nullptr;
  const int status = ::sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr);
  auto database = std::make_shared<Database>();
  database->handle.reset(raw);
  if (status != SQLITE_OK) return database_error(raw, "opening the history " + path);
  ::sqlite3_busy_timeout(raw, 5000);
  // FULL: a committed entry is on the disk, not only in the log's cache.
  for (const auto* sql : {"PRAGMA journal_mode = WAL;", "PRAGMA synchronous = FULL;"})
    if (auto done = execute(raw, sql); !done) return std::move(done).error().within("opening the history " + path);
  if (auto done = prepare_schema(raw, path); !done) return std::move(done).error().within("opening the history " + path);
  History out;
  out.database_ = std::move(database);
  return out;
}

Result<std::optional<History>> History::look_into(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::optional<History>();
  sqlite3* raw = nullptr;
  const int status = ::sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  auto database = std::make_shared<Database>();
  database->handle.reset(raw);
  if (status != SQLITE_OK) return database_error(raw, "opening the history " + path);
  ::sqlite3_busy_timeout(raw, 1000);
  const auto version = check_layout(raw, path);
  if (!version) return version.error().within("opening the history " + path);
  if (*version == 0) return std::optional<History>();  // made, and not yet written to
  History out;
  out.database_ = std::move(database);
  return std::optional<History>(std::move(out));
}

Result<std::int64_t> History::add(const HistoryEntry& entry) {
  auto ids = add_all({entry});
  if (!ids) return ids.error();
  return ids->front();
}

Result<std::vector<std::int64_t>> History::add_all(const std::vector<HistoryEntry>& entries) {
  sqlite3* db = database_->handle.get();
  if (auto begun = execute(db, "BEGIN IMMEDIATE;"); !begun) return begun.error();
  const auto fill = [&]() -> Result<std::vector<std::int64_t>> {
    auto insert = SqlStatement::prepare(db, "INSERT INTO result (at, kind, machine, machine_name, subject, document) VALUES (?, ?, ?, ?, ?, ?)");
    if (!insert) return insert.error();
    std::vector<std::int64_t> ids;
    for (const auto& entry : entries) {
      insert->again();
      for (const auto* text : {&entry.when, &entry.kind, &entry.machine, &entry.machine_name, &entry.subject, &entry.document}) insert->bind(*text);
      if (auto done = insert->step(); !done) return done.error();
      ids.push_back(::sqlite3_last_insert_rowid(db));
    }
    return ids;
  };
  auto ids = fill();
  if (!ids) {
    execute(db, "ROLLBACK;").has_value();
    return ids;
  }
  if (auto done = execute(db, "COMMIT;"); !done) {
    execute(db, "ROLLBACK;").has_value();
    return done.error();
  }
  return ids;
}

namespace {

Result<std::vector<HistoryEntry>> all_of(SqlStatement& rows) {
  std::vector<HistoryEntry> out;
  for (;;) {
    const auto row = rows.step();
    if (!row) return row.error();
    if (!*row) return out;
    out.push_back(entry_of(rows));
  }
}

}  // namespace

Result<std::vector<HistoryEntry>> History::unknown_of(const std::vector<HistoryEntry>& entries) const {
  std::vector<HistoryEntry> out;
  for (const auto& entry : entries) {
    auto rows = SqlStatement::prepare(database_->handle.get(),
                                      "SELECT " + std::string(k_columns) + " FROM result WHERE machine = ?1 AND kind = ?2 AND at = ?3 AND subject = ?4");
    if (!rows) return rows.error();
    for (const auto* text : {&entry.machine, &entry.kind, &entry.when, &entry.subject}) rows->bind(*text);
    const auto alike = all_of(*rows);
    if (!alike) return alike.error();
    // An export writes numbers and blanks its own way.
    const auto document = Json::parse(entry.document, nullptr, false);
    if (std::none_of(alike->begin(), alike->end(), [&](const HistoryEntry& e) { return Json::parse(e.document, nullptr, false) == document; })) out.push_back(entry);
  }
  return out;
}

Result<std::vector<HistoryEntry>> History::list(const HistoryFilter& filter) const {
  auto rows = SqlStatement::prepare(database_->handle.get(),
                                    "SELECT " + std::string(k_columns) + " FROM result WHERE (?1 = '' OR kind = ?1) AND (?2 = '' OR machine = ?2)"
                                    " AND (?3 = '' OR instr(lower(subject), lower(?3)) > 0) ORDER BY at DESC, id DESC LIMIT ?4");
  if (!rows) return rows.error();
  for (const auto* text : {&filter.kind, &filter.machine, &filter.subject}) rows->bind(*text);
  rows->bind(std::int64_t{filter.most});
  return all_of(*rows);
}

Result<std::vector<HistoryEntry>> History::newest(const std::string& machine, int each, int most) const {
  auto rows = SqlStatement::prepare(database_->handle.get(),
                                    "SELECT " + std::string(k_columns) + " FROM result WHERE id IN (SELECT id FROM (SELECT id, at, row_number() OVER"
                                    " (PARTITION BY kind, subject ORDER BY at DESC, id DESC) AS place FROM result WHERE machine = ?1 AND kind IN ('bench', 'measure'))"
                                    " WHERE place <= ?2 ORDER BY at DESC, id DESC LIMIT ?3) ORDER BY at DESC, id DESC");
  if (!rows) return rows.error();
  rows->bind(machine);
  rows->bind(std::int64_t{each});
  rows->bind(std::int64_t{most});
  return all_of(*rows);
}

Result<HistoryEntry> History::get(std::int64_t id) const {
  auto rows = SqlStatement::prepare(database_->handle.get(), "SELECT " + std::string(k_columns) + " FROM result WHERE id = ?");
  if (!rows) return rows.error();
  rows->bind(id);
  const auto row = rows->step();
  if (!row) return row.error();
  if (!*row) return Error{ErrorCode::invalid_argument, "the history has no entry " + std::to_string(id) + "; see `hardscape history list`"};
  return entry_of(*rows);
}

}  // namespace hardscape
