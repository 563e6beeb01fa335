#include "cli/commands/catalog_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace hardscape::cli {
namespace {

// A column of a list: a field's key and what to divide its number by.
struct ListColumn {
  std::string_view key;
  const char* title;
  double scale = 0;  // 0: the field's words
  bool may_shrink = false;
};

struct ListShape {
  std::string_view kind;
  std::vector<ListColumn> columns;
};

const std::vector<ListShape>& shapes() {
  static const std::vector<ListShape> all{
      {"devices",
       {{"id", "id"}, {"memory_bytes", "GiB", static_cast<double>(k_gib)}, {"bandwidth_bytes_per_s", "GB/s", 1e9},
        {"fp16_flops", "TFLOPS", 1e12}, {"power_w", "W", 1}, {"msrp_usd", "$", 1}, {"launch", "launch"}}},
      {"families", {{"id", "id"}, {"device_count", "devices", 1}, {"launch", "launch"}, {"does", "computes", 0, true}}},
      {"models",
       {{"id", "id"}, {"params", "10^9", 1e9}, {"active_params", "active", 1e9}, {"layers", "layers", 1},
        {"kv_bytes_per_token_f16", "KV KiB", 1024}, {"q4_k_m_bytes", "Q4 GiB", static_cast<double>(k_gib)},
        {"context_max_tokens", "context", 1}}},
      {"offers",
       {{"id", "id", 0, true}, {"device", "device"}, {"count", "n", 1}, {"on_demand_usd_per_hour", "$/h", 1}, {"spot_usd_per_hour", "spot", 1},
        {"usd_per_device_hour", "$/h each", 1}, {"date", "date"}}},
      {"interconnects",
       {{"id", "id"}, {"name", "name", 0, true}, {"per_direction_bytes_per_s", "GB/s", 1e9}, {"total_bytes_per_s", "two-way", 1e9},
        {"latency_s", "hop, us", 1e-6}, {"range", "range", 0, true}}},
      {"runtimes", {{"id", "id"}, {"vendor", "vendor"}, {"llm_support", "LLM"}, {"formats", "reads", 0, true}, {"licence", "licence", 0, true}}},
      {"tariffs",
       {{"id", "id"}, {"region", "region, $/kWh", 0, true}, {"residential_usd_per_kwh", "homes", 1}, {"commercial_usd_per_kwh", "businesses", 1},
        {"industrial_usd_per_kwh", "industry", 1}, {"average_usd_per_kwh", "average", 1}}},
      {"grids", {{"id", "id"}, {"region", "region"}, {"grams_per_kwh", "g CO2e/kWh", 1}}},
      {"facilities", {{"id", "id"}, {"name", "facility", 0, true}, {"pue", "PUE", 1}}},
      {"sources", {{"id", "id"}, {"title", "title", 0, true}, {"date", "date"}, {"licence", "licence", 0, true}}}};
  return all;
}

bool unverified(const RecordField& field) { return field.source && field.source->confidence == Confidence::unverified; }

std::string plain_number(double value) {
  if (value >= 1e7) return fmt::format("{:.3g}M", value / 1e6);
  if (value >= 1000) return fmt::format("{:.0f}", value);
  return fmt::format("{:.4g}", value);
}

std::string scaled_text(const RecordField& field, double scale) {
  if (const auto* number = std::get_if<double>(&field.value)) return plain_number(*number / scale);
  const auto* numbers = std::get_if<std::vector<double>>(&field.value);
  if (numbers == nullptr || numbers->empty()) return field.text;
  if (numbers->size() == 1) return plain_number(numbers->front() / scale);
  return plain_number(numbers->front() / scale) + (numbers->size() == 2 ? "/" : "-") + plain_number(numbers->back() / scale);
}

// The date of an offer is that of its price.
std::string date_of(const Record& record) {
  for (const auto& field : record.fields)
    if (field.source && !field.source->date.empty()) return field.source->date;
  return "";
}

Cell cell_of(const Record& record, const ListColumn& column) {
  if (column.key == "id") return record.id;
  const auto* field = record.find(column.key);
  if (field == nullptr && column.key == "date") return date_of(record);
  if (field == nullptr) return "";
  std::string text = column.scale > 0 ? scaled_text(*field, column.scale) : field->text;
  if (!unverified(*field)) return text;
  return Cell(text + "?", Tone::faint);
}

std::string raw_text(const RecordField::Value& value) {
  return std::visit(
      [](const auto& v) -> std::string {
        using Type = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<Type, std::string>) {
          return v;
        } else if constexpr (std::is_same_v<Type, double>) {
          return fmt::format("{:.15g}", v);
        } else if constexpr (std::is_same_v<Type, bool>) {
          return v ? "true" : "false";
        } else {
          std::string text;
          for (const auto& item : v) text += (text.empty() ? "" : "; ") + fmt::format("{}", item);
          return text;
        }
      },
      value);
}

std::string noun(std::string_view kind, std::size_t count) {
  std::string text(kind);
  if (count == 1) text = kind == "facilities" ? "facility" : text.substr(0, text.size() - 1);
  return fmt::format("{} {}", count, text);
}

Cell confidence_cell(const Source& source) {
  return Cell(std::string(to_string(source.confidence)), source.confidence == Confidence::unverified ? Tone::warn
                                                         : source.confidence == Confidence::agreed   ? Tone::good
                                                                                                     : Tone::plain);
}

Table figures_table(const Record& record) {
  Table table{"Figures", {{"figure"}, {"value"}, {"source", Align::left, true}, {"date"}, {"confidence"}}, {}};
  for (const auto& field : record.fields)
    if (field.source) table.rows.push_back({field.label, field.text, field.source->ref, field.source->date, confidence_cell(*field.source)});
  return table;
}

Table superseded_table(const Record& record) {
  Table table{"Superseded figures", {{"figure"}, {"printed", Align::left, true}, {"where"}, {"what is wrong with it", Align::left, true}}, {}};
  for (const auto& old : record.superseded) {
    const auto* field = record.find(old.field);
    table.rows.push_back({field == nullptr ? old.field : field->label, old.value, old.source.ref + (old.source.date.empty() ? "" : ", " + old.source.date), old.why});
  }
  return table;
}

Bullets sources_of(const Record& record, const Catalogue& catalogue) {
  std::set<std::string> ids;
  for (const auto& field : record.fields) {
    if (!field.source) continue;
    std::string_view rest = field.source->ref;
    while (!rest.empty()) {
      const auto end = rest.find("; ");
      const auto part = rest.substr(0, end);
      ids.insert(std::string(part.substr(0, part.find(':'))));
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 2);
    }
  }
  Bullets bullets;
  for (const auto& id : ids)
    if (const auto* source = catalogue.find_source(id)) bullets.items.emplace_back(id + ": " + source->title);
  return bullets;
}

}  // namespace

Document list_view(std::string_view kind, const std::vector<Record>& records) {
  Document document{{Heading{noun(kind, records.size())}}};
  const auto shape = std::find_if(shapes().begin(), shapes().end(), [&](const ListShape& s) { return s.kind == kind; });
  if (shape == shapes().end() || records.empty()) return document;
  Table table;
  table.name = std::string(kind);
  for (const auto& column : shape->columns)
    table.columns.push_back({column.title, column.scale > 0 ? Align::right : Align::left, column.may_shrink});
  bool doubtful = false;
  for (const auto& record : records) {
    std::vector<Cell> row;
    for (const auto& column : shape->columns) {
      row.push_back(cell_of(record, column));
      const auto* field = record.find(column.key);
      doubtful = doubtful || (field != nullptr && unverified(*field));
    }
    table.rows.push_back(std::move(row));
  }
  document.blocks.push_back(std::move(table));
  if (kind == "devices") document.blocks.push_back(Paragraph{"TFLOPS are dense FP16, on matrix units where the device has them; $ is the list price at launch."});
  if (doubtful) document.blocks.push_back(Paragraph{"? unverified: rests on a recalled document or on the guide alone."});
  return document;
}

Document sheet_view(std::string_view kind, const std::vector<Record>& records) {
  std::vector<std::string> keys;
  for (const auto& record : records)
    for (const auto& field : record.fields)
      if (std::find(keys.begin(), keys.end(), field.key) == keys.end()) keys.push_back(field.key);
  Table table;
  table.name = std::string(kind);
  table.columns.push_back({"id"});
  for (const auto& key : keys) table.columns.push_back({key});
  table.columns.push_back({"date"});
  table.columns.push_back({"unverified"});
  for (const auto& record : records) {
    std::vector<Cell> row{record.id};
    std::string doubtful;
    for (const auto& key : keys) {
      const auto* field = record.find(key);
      row.push_back(field == nullptr ? Cell() : Cell(raw_text(field->value)));
      if (field != nullptr && unverified(*field)) doubtful += (doubtful.empty() ? "" : "; ") + key;
    }
    row.push_back(date_of(record));
    row.push_back(doubtful);
    table.rows.push_back(std::move(row));
  }
  return {{std::move(table)}};
}

Document record_view(const Record& record, const Catalogue& catalogue) {
  Document document{{Heading{record.name.empty() ? record.id : record.name}}};
  Pairs pairs{{{"id", record.id}}};
  for (const auto& field : record.fields)
    if (!field.source && field.text != record.name) pairs.rows.push_back({field.label, field.text});
  document.blocks.push_back(std::move(pairs));
  if (auto table = figures_table(record); !table.rows.empty()) document.blocks.push_back(std::move(table));
  if (!record.notes.empty()) document.blocks.push_back(Paragraph{record.notes});
  if (!record.superseded.empty()) {
    document.blocks.push_back(Heading{"Printed elsewhere, and not to be used", 2});
    document.blocks.push_back(superseded_table(record));
  }
  if (auto bullets = sources_of(record, catalogue); !bullets.items.empty()) {
    document.blocks.push_back(Heading{"Sources", 2});
    document.blocks.push_back(std::move(bullets));
  }
  return document;
}

Document comparison_view(const std::vector<Record>& records) {
  Document document{{Heading{"Comparison"}}};
  Table table;
  table.name = "Comparison";
  table.columns.push_back({""});
  for (const auto& record : records) table.columns.push_back({record.id, Align::right});
  const bool two = records.size() == 2;
  if (two) table.columns.push_back({"second/first", Align::right});
  std::vector<const RecordField*> seen;
  bool doubtful = false;
  for (const auto& record : records)
    for (const auto& field : record.fields)
      if (std::none_of(seen.begin(), seen.end(), [&](const RecordField* f) { return f->key == field.key; })) seen.push_back(&field);
  constexpr std::array<std::string_view, 4> k_left_out{"aliases", "pci_ids", "processors", "same_shape"};
  for (const auto* field : seen) {
    if (std::find(k_left_out.begin(), k_left_out.end(), field->key) != k_left_out.end()) continue;
    std::vector<Cell> row{field->label};
    std::vector<double> numbers;
    for (const auto& record : records) {
      const auto* found = record.find(field->key);
      if (found == nullptr) {
        row.push_back("");
        continue;
      }
      doubtful = doubtful || unverified(*found);
      row.push_back(unverified(*found) ? Cell(found->text + "?", Tone::faint) : Cell(found->text));
      if (const auto* number = std::get_if<double>(&found->value)) numbers.push_back(*number);
    }
    if (two) row.push_back(numbers.size() == 2 && numbers[0] > 0 ? Cell(fmt::format("{:.2f}", numbers[1] / numbers[0])) : Cell());
    table.rows.push_back(std::move(row));
  }
  document.blocks.push_back(std::move(table));
  if (doubtful) document.blocks.push_back(Paragraph{"? unverified: rests on a recalled document or on the guide alone."});
  return document;
}

}  // namespace hardscape::cli
