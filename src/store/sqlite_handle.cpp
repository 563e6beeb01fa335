#include "store/sqlite_handle.hpp"

namespace hardscape {

Error database_error(sqlite3* db, std::string_view doing) {
  const int code = ::sqlite3_errcode(db) & 0xff;
  const ErrorCode kind = code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? ErrorCode::malformed : ErrorCode::io;
  return Error{kind, std::string(doing) + ": " + ::sqlite3_errmsg(db)};
}

Status execute(sqlite3* db, const std::string& sql) {
  if (::sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return database_error(db, "changing the history");
  return Done{};
}

Result<SqlStatement> SqlStatement::prepare(sqlite3* db, std::string_view sql) {
  SqlStatement out;
  out.db_ = db;
  sqlite3_stmt* statement = nullptr;
  if (::sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK)
    return database_error(db, "asking the history");
  out.statement_.reset(statement);
  return out;
}

void SqlStatement::bind(std::string_view text) {
  // SQLITE_TRANSIENT is a cast in C; -1 as a destructor means: copy.
  ::sqlite3_bind_text64(statement_.get(), next_++, text.data(), text.size(), reinterpret_cast<sqlite3_destructor_type>(-1), SQLITE_UTF8);
}

void SqlStatement::bind(std::int64_t number) { ::sqlite3_bind_int64(statement_.get(), next_++, number); }

Result<bool> SqlStatement::step() {
  const int status = ::sqlite3_step(statement_.get());
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  return database_error(db_, "asking the history");
}

std::string SqlStatement::text(int column) const {
  const auto* bytes = static_cast<const char*>(::sqlite3_column_blob(statement_.get(), column));
  const int size = ::sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

std::int64_t SqlStatement::number(int column) const { return ::sqlite3_column_int64(statement_.get(), column); }

void SqlStatement::again() {
  ::sqlite3_reset(statement_.get());
  next_ = 1;
}

}  // namespace hardscape
