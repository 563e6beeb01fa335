#include "facts/json_writing.hpp"

namespace hardscape {

std::string dump_document(const OrderedJson& document) {
  return document.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

std::string dump_line(const OrderedJson& document) { return document.dump(-1, ' ', false, OrderedJson::error_handler_t::replace); }

OrderedJson json_of(const Source& source) {
  OrderedJson out{{"origin", std::string(to_string(source.origin))}};
  if (!source.ref.empty()) out["ref"] = source.ref;
  if (!source.date.empty()) out["date"] = source.date;
  if (source.confidence != Confidence::unstated) out["confidence"] = std::string(to_string(source.confidence));
  return out;
}

Source source_from(const JsonReader& reader) {
  Source source;
  source.origin = origin_from(reader.text("origin").value_or("")).value_or(Origin::assumed);
  source.ref = reader.text("ref").value_or("");
  source.date = reader.text("date").value_or("");
  source.confidence = confidence_from(reader.text("confidence").value_or("")).value_or(Confidence::unstated);
  return source;
}

}  // namespace hardscape
