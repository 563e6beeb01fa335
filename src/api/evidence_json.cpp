#include "api/evidence_json.hpp"

namespace hardscape {

OrderedJson json_of(const std::vector<EvidenceUse>& used) {
  OrderedJson out = OrderedJson::array();
  for (const auto& u : used) out.push_back({{"entry", u.entry}, {"when", u.when}, {"use", u.use}, {"what", u.what}});
  return out;
}

}  // namespace hardscape
