// Every table of the hardware guide is in the catalogue, with the right figures and the guide's own kept beside them;
// names resolve as drivers, tools, shops and people write them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>

#include "base/text.hpp"
#include "hardscape/catalogue_fields.hpp"
#include "support/catalogue.hpp"

namespace hardscape {
namespace {

using Row = std::vector<std::string>;

std::vector<Row> rows_of(const std::string& name, std::size_t columns) {
  std::ifstream in(std::string(HARDSCAPE_SOURCE_DIR) + "/tests/catalogue/" + name);
  std::vector<Row> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    Row row;
    for (const auto field : split(line, '\t')) row.emplace_back(field);
    EXPECT_EQ(row.size(), columns) << line;
    if (row.size() == columns) rows.push_back(std::move(row));
  }
  return rows;
}

std::set<std::string> words_in(const std::string& text) {
  std::set<std::string> words;
  for (const auto word : split_words(text))
    if (word != "-") words.emplace(word);
  return words;
}

std::set<std::string> ids_of(const Lookup& found) {
  std::set<std::string> ids;
  for (const auto* device : found.matches) ids.insert(device->id);
  return ids;
}

TEST(Spellings, ResolveToTheDeviceMeantOrAsk) {
  const auto rows = rows_of("spellings.tsv", 2);
  EXPECT_GT(rows.size(), 330u);
  for (const auto& row : rows) {
    const auto found = catalogue().look_up(row[0]);
    EXPECT_EQ(ids_of(found), words_in(row[1])) << row[0];
    EXPECT_EQ(found.question.empty(), found.matches.size() < 2) << row[0];
  }
}

struct Figure {
  const char* name;
  const char* key;
  double scale;
};
constexpr Figure k_figures[]{{"memory_gib", "memory_bytes", static_cast<double>(k_gib)},
                             {"fp32_tflops", "fp32_flops", 1e12},
                             {"fp16_tflops", "fp16_flops", 1e12},
                             {"int8_tops", "int8_ops", 1e12},
                             {"npu_tops", "npu_int8_ops", 1e12},
                             {"bandwidth_gb_per_s", "bandwidth_bytes_per_s", 1e9},
                             {"per_direction_gb_per_s", "per_direction_bytes_per_s", 1e9},
                             {"total_gb_per_s", "total_bytes_per_s", 1e9},
                             {"power_w", "power_w", 1},
                             {"idle_power_w", "idle_power_w", 1},
                             {"inference_power_w", "inference_power_w", 1},
                             {"training_power_w", "training_power_w", 1},
                             {"msrp_usd", "msrp_usd", 1}};

std::vector<double> numbers_of(const Record& record, const char* key) {
  const auto* field = record.find(key);
  if (field == nullptr) return {};
  if (const auto* number = std::get_if<double>(&field->value)) return {*number};
  const auto* numbers = std::get_if<std::vector<double>>(&field->value);
  return numbers == nullptr ? std::vector<double>{} : *numbers;
}

// "memory_gib=48,64,128": all of these; one number may be one of several options. Within half a percent, as the guide
// and its errata round.
void expect_figure(const Record& record, const std::string& text, const std::string& where) {
  const auto equals = text.find('=');
  const auto figure = std::find_if(std::begin(k_figures), std::end(k_figures), [&](const Figure& f) { return text.substr(0, equals) == f.name; });
  ASSERT_NE(figure, std::end(k_figures)) << where << ": " << text;
  const auto numbers = numbers_of(record, figure->key);
  const std::string wanted = text.substr(equals + 1);
  const auto parts = split(wanted, ',');
  if (parts.size() > 1) {
    EXPECT_EQ(numbers.size(), parts.size()) << where << ": " << text;
  }
  for (const auto part : parts) {
    const double value = parse_number(part).value_or(0) * figure->scale;
    EXPECT_TRUE(std::any_of(numbers.begin(), numbers.end(), [&](double number) { return std::abs(number - value) <= 0.005 * value; }))
        << where << ": " << text << ", not " << (numbers.empty() ? 0 : numbers.front() / figure->scale);
  }
}

// "msrp_usd:$1,500": the guide's own figure, dated, with what is wrong with it.
void expect_kept(const Record& record, const std::string& text, const std::string& where) {
  const auto colon = text.find(':');
  const bool kept = std::any_of(record.superseded.begin(), record.superseded.end(), [&](const Superseded& old) {
    return old.field == text.substr(0, colon) && contains_ignoring_case(old.value, text.substr(colon + 1)) &&
           old.source.ref.starts_with("guide:") && old.source.date == "2026-04" && !old.why.empty();
  });
  EXPECT_TRUE(kept) << where << ": " << text << " is not kept";
}

// The record that `catalog show` would show, or those that it would ask about.
std::vector<Record> records_named(const std::string& name, bool& refused) {
  const auto found = catalogue().look_up(name);
  std::vector<Record> records;
  for (const auto* device : found.matches) records.push_back(*find_record(catalogue(), "devices", device->id));
  refused = !found.contradiction.empty();
  if (records.empty() && !refused)
    if (auto record = find_named_record(catalogue(), "", name)) records.push_back(std::move(*record));
  return records;
}

TEST(Guide, EveryTableIsInTheCatalogue) {
  const auto rows = rows_of("guide.tsv", 5);
  EXPECT_GT(rows.size(), 180u);
  std::map<std::string, int> in_section;
  for (const auto& row : rows) {
    ++in_section[row[0]];
    const std::string where = "section " + row[0] + ", \"" + row[1] + "\"";
    bool refused = false;
    const auto records = records_named(row[1], refused);
    std::set<std::string> ids;
    for (const auto& record : records) ids.insert((record.kind == "devices" ? "" : record.kind + "/") + record.id);
    EXPECT_EQ(ids, words_in(row[2])) << where;
    EXPECT_EQ(refused, row[2] == "-") << where;
    for (const auto& record : records) {
      for (const auto& figure : words_in(row[3])) expect_figure(record, figure, where);
      if (!row[4].empty())
        for (const auto kept : split(row[4], '|')) expect_kept(record, std::string(kept), where);
    }
  }
  for (const int section : {1, 2, 3, 4, 6, 7, 9, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22})
    EXPECT_GT(in_section[std::to_string(section)], 0) << "section " << section;
}

TEST(Families, HaveMembersThatExist) {
  for (const auto& family : catalogue().families()) {
    for (const auto& id : family.members) EXPECT_NE(catalogue().find_device(id), nullptr) << family.id << ": " << id;
    for (const auto& id : family.runtimes) EXPECT_NE(catalogue().find_runtime(id), nullptr) << family.id << ": " << id;
    EXPECT_EQ(catalogue().members_of(family).empty(), family.id == "fpga") << family.id;
  }
}

// One name is one record: an alias of a link that is also a runtime's would hide one of them.
TEST(Families, NamesOfOtherRecordsAreUnique) {
  std::map<std::string, std::string> owners;
  const auto claim = [&](const std::string& name, const std::string& owner) {
    std::string key;
    for (const char c : to_lower(name))
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) key += c;
    const auto [at, fresh] = owners.emplace(key, owner);
    EXPECT_TRUE(fresh || at->second == owner) << name << ": " << at->second << " and " << owner;
  };
  const auto claim_all = [&](const auto& records, const char* kind) {
    for (const auto& record : records) {
      claim(record.id, kind + record.id);
      claim(record.name, kind + record.id);
      for (const auto& alias : record.aliases) claim(alias, kind + record.id);
    }
  };
  claim_all(catalogue().families(), "families/");
  claim_all(catalogue().interconnects(), "interconnects/");
  claim_all(catalogue().runtimes(), "runtimes/");
}

}  // namespace
}  // namespace hardscape
