// SQLite's handles with destructors; sqlite3.h stays out of every other header.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "hardscape/result.hpp"

namespace hardscape {

struct CloseDatabase {
  void operator()(sqlite3* db) const { ::sqlite3_close_v2(db); }
};
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;

// A prepared statement; bind in order, step until false.
class SqlStatement {
 public:
  static Result<SqlStatement> prepare(sqlite3* db, std::string_view sql);

  void bind(std::string_view text);
  void bind(std::int64_t number);
  // True: a row is there. False: done. Error: the database refused.
  Result<bool> step();
  std::string text(int column) const;
  std::int64_t number(int column) const;
  void again();  // for another execution with other values

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { ::sqlite3_finalize(statement); }
  };
  sqlite3* db_ = nullptr;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int next_ = 1;
};

// Runs statements that return nothing.
Status execute(sqlite3* db, const std::string& sql);
Error database_error(sqlite3* db, std::string_view doing);

}  // namespace hardscape
