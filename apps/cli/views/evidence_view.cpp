#include "cli/views/evidence_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace hardscape::cli {

void add_evidence(Document& document, const std::vector<EvidenceUse>& used, const std::vector<Note>& notes, bool explain) {
  if (used.empty()) return;
  if (explain) {
    document.blocks.push_back(Heading{"Measured on this machine before", 2});
    Table table{"evidence", {{"entry", Align::right}, {"date"}, {"used as"}, {"what", Align::left, true}}, {}};
    for (const auto& u : used) table.rows.push_back({std::to_string(u.entry), u.when.substr(0, 10), u.use, u.what});
    document.blocks.push_back(std::move(table));
  } else {
    std::set<std::int64_t> entries;
    std::string last;
    for (const auto& u : used) {
      entries.insert(u.entry);
      last = std::max(last, u.when.substr(0, 10));
    }
    document.blocks.push_back(Paragraph{{fmt::format("Speeds rest on {} measurement{} of this machine, the last of {} (see --explain).", entries.size(),
                                                     entries.size() == 1 ? "" : "s", last), Tone::faint}});
  }
  if (!notes.empty()) document.blocks.push_back(NoteBlock{notes});
}

}  // namespace hardscape::cli
