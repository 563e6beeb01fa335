#include "facts/json_writing.hpp"
#include "hardscape/history.hpp"

namespace hardscape {

std::string to_json(const std::vector<HistoryEntry>& entries) {
  OrderedJson out{{"schema", "hardscape.history/1"}, {"entries", OrderedJson::array()}};
  for (const auto& e : entries) {
    auto document = OrderedJson::parse(e.document, nullptr, false);
    out["entries"].push_back({{"id", e.id}, {"when", e.when}, {"kind", e.kind}, {"machine", e.machine}, {"machine_name", e.machine_name},
                              {"subject", e.subject}, {"document", document.is_discarded() ? OrderedJson(e.document) : std::move(document)}});
  }
  return dump_document(out);
}

Result<std::vector<HistoryEntry>> history_from_json(std::string_view text, std::string_view place) {
  const auto json = JsonDocument::parse(text, place);
  if (!json) return json.error();
  std::optional<Error> failure;
  const JsonReader root(json->root(), "", failure);
  if (root.text("schema").value_or("") != "hardscape.history/1")
    return Error{ErrorCode::malformed, std::string(place) + ": /schema: expected \"hardscape.history/1\", as `hardscape history export` writes it"};
  std::vector<HistoryEntry> out;
  for (const auto& e : root.array("entries")) {
    HistoryEntry entry;
    entry.when = e.need_text("when");
    entry.kind = e.need_text("kind");
    entry.machine = e.need_text("machine");
    entry.machine_name = e.text("machine_name").value_or("");
    entry.subject = e.need_text("subject");
    const auto document = e.object("document");
    if (!document) e.fail("document", "an object");
    if (failure) break;
    entry.document = document->json().dump();
    out.push_back(std::move(entry));
  }
  if (failure) return std::move(*failure).within(place);
  return out;
}

Result<std::vector<HistoryEntry>> history_from_llama_bench(std::string_view text, std::string_view place) {
  const auto json = JsonDocument::parse(text, place);
  if (!json) return json.error();
  const auto rows = json->root().elements();
  if (rows.empty())
    return Error{ErrorCode::malformed, std::string(place) + ": expected the array that `llama-bench -o json` prints"};
  std::optional<Error> failure;
  std::vector<HistoryEntry> out;
  std::size_t index = 0;
  for (const auto row : rows) {
    const JsonReader e(row, "/" + std::to_string(index++), failure);
    const auto prompt = e.need_integer("n_prompt");
    const auto generated = e.need_integer("n_gen");
    if (e.need_number("avg_ts") <= 0) e.fail("avg_ts", "a positive rate");
    HistoryEntry entry;
    entry.kind = "llama-bench";
    entry.when = e.need_text("test_time");
    entry.machine_name = e.text("cpu_info").value_or("") + (e.text("gpu_info").value_or("").empty() ? "" : ", " + *e.text("gpu_info"));
    entry.machine = "llama-bench:" + entry.machine_name;
    entry.subject = e.text("model_type").value_or("unknown model") + (generated > 0 ? " tg" + std::to_string(generated) : " pp" + std::to_string(prompt)) +
                    (e.integer("n_depth").value_or(0) > 0 ? " @ d" + std::to_string(*e.integer("n_depth")) : "");
    entry.document = row.dump();
    if (failure) return std::move(*failure).within(place);
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace hardscape
