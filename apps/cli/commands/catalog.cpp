#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/commands/catalog_views.hpp"
#include "cli/options.hpp"
#include "hardscape/suggest.hpp"

namespace hardscape::cli {
namespace {

struct ListOptions {
  std::string kind = "devices";
  RecordFilter filter;
  std::optional<double> memory_min_gb;
  std::optional<double> memory_max_gb;
  std::string year;  // "2024" or "2022-2024"
  std::string sort;
  bool descending = false;
  std::optional<std::size_t> most;
};

std::vector<std::string> kind_names() { return {record_kinds().begin(), record_kinds().end()}; }

Error unknown_kind(const std::string& kind) {
  std::string known;
  for (const auto& name : kind_names()) known += (known.empty() ? "" : ", ") + name;
  return {ErrorCode::invalid_argument, "there is no kind \"" + printable_text(kind) + "\"" + did_you_mean(kind, kind_names()) + "; the kinds are " + known};
}

bool is_kind(const std::string& kind) {
  return std::find(record_kinds().begin(), record_kinds().end(), kind) != record_kinds().end();
}

// "2024", "2022-2024", "2022-", "-2024".
Status read_years(const std::string& text, RecordFilter& filter) {
  if (text.empty()) return Done{};
  const auto dash = text.find('-');
  const auto year = [](const std::string& part) -> std::optional<int> {
    if (part.size() != 4 || !std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    return std::stoi(part);
  };
  const std::string first = text.substr(0, dash);
  const std::string last = dash == std::string::npos ? first : text.substr(dash + 1);
  filter.year_min = year(first);
  filter.year_max = year(last);
  const bool fine = (filter.year_min || (first.empty() && dash == 0)) && (filter.year_max || (last.empty() && dash != std::string::npos)) &&
                    (filter.year_min || filter.year_max);
  if (!fine) return Error{ErrorCode::invalid_argument, "--year: expected a year or a range such as 2022-2024, not \"" + printable_text(text) + "\""};
  return Done{};
}

// The record that a person means; by exact id in any kind, else as a device's or a model's name.
Result<Record> record_meant(const Catalogue& catalogue, const std::string& kind, const std::string& name) {
  if (auto record = find_record(catalogue, kind, name)) return std::move(*record);
  const auto wrong = [&](std::string what) { return Error{ErrorCode::invalid_argument, "\"" + printable_text(name) + "\" " + std::move(what)}; };
  Lookup found;
  if (kind.empty() || kind == "devices") {
    found = catalogue.look_up(name);
    if (found.matches.size() == 1) return *find_record(catalogue, "devices", found.matches.front()->id);
    if (!found.matches.empty()) {
      std::string ids;
      for (const auto* device : found.matches) ids += (ids.empty() ? "" : ", ") + device->id;
      return wrong("is several devices: " + found.question + " Their ids: " + ids);
    }
  }
  if (!found.contradiction.empty()) return wrong("is not in the catalogue: " + found.contradiction);
  if (auto record = find_named_record(catalogue, kind, name)) return std::move(*record);
  if (kind.empty() || kind == "models")
    if (const auto model = catalogue.look_up_model(name); model.match != nullptr) return *find_record(catalogue, "models", model.match->id);
  std::vector<std::string> ids;
  for (const auto candidate : record_kinds())
    if (kind.empty() || kind == candidate)
      for (const auto& record : records_of(catalogue, candidate)) ids.push_back(record.id);
  return wrong("is not in the catalogue" + did_you_mean(name, ids));
}

int list(Invocation& call, const Catalogue& catalogue, ListOptions options) {
  if (!is_kind(options.kind)) return call.fail(unknown_kind(options.kind));
  const double gib = static_cast<double>(k_gib);
  if (options.memory_min_gb) options.filter.memory_min_bytes = *options.memory_min_gb * gib;
  if (options.memory_max_gb) options.filter.memory_max_bytes = *options.memory_max_gb * gib;
  if (const auto done = read_years(options.year, options.filter); !done) return call.fail(done.error());
  auto records = records_of(catalogue, options.kind);
  records.erase(std::remove_if(records.begin(), records.end(), [&](const Record& r) { return !passes(r, options.filter); }), records.end());
  if (!options.sort.empty() && !records.empty() && !sort_by(records, options.sort, options.descending)) {
    std::vector<std::string> keys{"id"};
    for (const auto& record : records)
      for (const auto& field : record.fields)
        if (std::find(keys.begin(), keys.end(), field.key) == keys.end()) keys.push_back(field.key);
    std::string known;
    for (const auto& key : keys) known += (known.empty() ? "" : ", ") + key;
    return call.fail({ErrorCode::invalid_argument, "--sort: no record has \"" + printable_text(options.sort) + "\"" +
                                                       did_you_mean(options.sort, keys) + "; there are " + known});
  }
  const std::size_t found = records.size();
  if (options.most && records.size() > *options.most) records.resize(*options.most);
  return call.tell({.json = [&] { return to_json(options.kind, records); },
                    .document =
                        [&] {
                          if (call.globals().format == "csv") return sheet_view(options.kind, records);
                          auto document = list_view(options.kind, records);
                          if (records.empty()) document.blocks.push_back(Paragraph{"Nothing in the catalogue meets all of this."});
                          if (found > records.size())
                            document.blocks.push_back(Paragraph{fmt::format("The first {} of {}.", records.size(), found)});
                          return document;
                        },
                    .status = records.empty() ? k_no : k_yes});
}

int show(Invocation& call, const Catalogue& catalogue, const std::string& kind, const std::vector<std::string>& names) {
  if (!kind.empty() && !is_kind(kind)) return call.fail(unknown_kind(kind));
  std::vector<Record> records;
  for (const auto& name : names) {
    auto record = record_meant(catalogue, kind, name);
    if (!record) return call.fail(record.error());
    records.push_back(std::move(*record));
  }
  return call.tell({.json = [&] { return to_json(records.front().kind, records); },
                    .document =
                        [&] {
                          Document document;
                          for (const auto& record : records)
                            for (auto& block : record_view(record, catalogue).blocks) document.blocks.push_back(std::move(block));
                          return document;
                        }});
}

int compare(Invocation& call, const Catalogue& catalogue, const std::vector<std::string>& names) {
  std::vector<Record> records;
  for (const auto& name : names) {
    auto record = record_meant(catalogue, "", name);
    if (!record) return call.fail(record.error());
    if (!records.empty() && record->kind != records.front().kind)
      return call.fail({ErrorCode::invalid_argument, record->id + " is one of the " + record->kind + " and " + records.front().id +
                                                         " one of the " + records.front().kind + "; compare records of one kind"});
    records.push_back(std::move(*record));
  }
  return call.tell({.json = [&] { return to_json(records.front().kind, records); },
                    .document = [&] { return call.globals().format == "csv" ? sheet_view(records.front().kind, records) : comparison_view(records); }});
}

}  // namespace

int run_catalog(Invocation& call) {
  Options app{"The hardware, models, prices, interconnects and runtimes that the program knows", "hardscape catalog"};
  app.require_subcommand(1, 1);
  app.fallthrough();
  ListOptions options;
  std::string kind;
  std::vector<std::string> names;
  std::string kinds;
  for (const auto& name : kind_names()) kinds += (kinds.empty() ? "" : ", ") + name;
  auto* list_app = app.add_subcommand("list", "Records of one kind, filtered and sorted");
  list_app->add_option("KIND,--kind", options.kind, kinds)->capture_default_str();
  list_app->add_option("--vendor", options.filter.vendor, "Vendor, provider or family");
  list_app->add_option("--class", options.filter.class_name, "consumer-gpu, datacenter-gpu, apple-soc ...");
  list_app->add_option("--name", options.filter.text, "Part of an id, name or alias");
  list_app->add_option("--memory-min", options.memory_min_gb, "GB of memory at least (of a model: of its Q4_K_M file)");
  list_app->add_option("--memory-max", options.memory_max_gb, "GB of memory at most");
  list_app->add_option("--price-min", options.filter.price_min_usd, "USD at least (of an offer: per device and hour)");
  list_app->add_option("--price-max", options.filter.price_max_usd, "USD at most");
  list_app->add_option("--year", options.year, "Year of launch or of the price: 2024, 2022-2024, 2025-");
  list_app->add_option("--sort", options.sort, "Key of a field, such as bandwidth_bytes_per_s");
  list_app->add_flag("--descending", options.descending, "Largest first");
  list_app->add_option("--most", options.most, "At most this many");
  auto* show_app = app.add_subcommand("show", "One record or several, each figure with its source");
  show_app->add_option("ID", names, "Id or name")->required();
  show_app->add_option("--kind", kind, kinds);
  auto* compare_app = app.add_subcommand("compare", "Records side by side");
  compare_app->add_option("ID", names, "Ids or names")->required()->expected(2, 12);
  auto* sources_app = app.add_subcommand("sources", "Where the figures come from");
  if (const auto over = call.parse(app)) return *over;

  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  if (*show_app) return show(call, *catalogue, kind, names);
  if (*compare_app) return compare(call, *catalogue, names);
  if (*sources_app) options.kind = "sources";
  (void)list_app;
  return list(call, *catalogue, std::move(options));
}

}  // namespace hardscape::cli
