#include "measure/selection.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "hardscape/suggest.hpp"

namespace hardscape::measuring {
namespace {

template <class Admits>
bool any_or_none(const std::vector<std::string>& wishes, Admits admits) {
  return wishes.empty() || std::any_of(wishes.begin(), wishes.end(), admits);
}

bool fits(std::string_view wish, const Probe& probe) {
  return probe.kernel.starts_with(wish) || probe.group == wish || probe.precision == wish;
}

void add_named(std::vector<std::string>& names, const std::string& name) {
  if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

bool admits_device(const std::vector<std::string>& wishes, std::string_view id) {
  return any_or_none(wishes, [&](const std::string& wish) { return id.starts_with(wish); });
}

bool admits_kind(const std::vector<std::string>& wishes, std::string_view kind) {
  return any_or_none(wishes, [&](const std::string& wish) { return kind.starts_with(wish) || std::string_view(wish).starts_with(kind); });
}

bool admits_kernel(const std::vector<std::string>& wishes, const Probe& probe) {
  return any_or_none(wishes, [&](const std::string& wish) { return fits(wish, probe); });
}

Status check_devices(const std::vector<std::string>& wishes) {
  for (const auto& wish : wishes) {
    const auto& sources = probe_sources();
    if (!wish.empty() && std::any_of(sources.begin(), sources.end(), [&](const ProbeSource& s) { return admits_kind({wish}, s.kind); })) continue;
    std::vector<std::string> kinds;
    for (const auto& source : sources) kinds.emplace_back(source.kind);
    return Error{ErrorCode::invalid_argument, "\"" + printable(wish) + "\" is no device that can be measured; they are called " +
                                                  join_words(kinds, "or") + ", numbered where there are several" + did_you_mean(wish, kinds)};
  }
  return Done{};
}

Status check_kernels(const std::vector<std::string>& wishes, const std::vector<Probe>& probes) {
  for (const auto& wish : wishes) {
    if (!wish.empty() && std::any_of(probes.begin(), probes.end(), [&](const Probe& p) { return fits(wish, p); })) continue;
    std::vector<std::string> names, groups;
    for (const auto& probe : probes) {
      add_named(groups, probe.group);
      add_named(groups, probe.precision);
      add_named(names, probe.kernel);
    }
    names.insert(names.end(), groups.begin(), groups.end());
    return Error{ErrorCode::invalid_argument, "\"" + printable(wish) + "\" is no kernel, group or precision here; groups and precisions are " +
                                                  join_words(groups) + did_you_mean(wish, names)};
  }
  return Done{};
}

std::vector<PrecisionRate> precisions_of(const std::vector<MeasurementResult>& results) {
  std::vector<PrecisionRate> out;
  for (const auto& r : results) {
    if (r.precision.empty() || !r.value || r.status != MeasureStatus::ok || r.metric != "rate") continue;
    const auto same = std::find_if(out.begin(), out.end(), [&](const PrecisionRate& p) { return p.device == r.device && p.precision == r.precision; });
    PrecisionRate rate{r.device, r.precision, r.kernel, r.unit, *r.value, std::nullopt};
    if (same == out.end())
      out.push_back(std::move(rate));
    else if (rate.rate > same->rate)
      *same = std::move(rate);
  }
  for (auto& p : out)
    for (const auto& base : out)
      if (base.device == p.device && base.precision == "fp32" && base.rate > 0) p.times_fp32 = p.rate / base.rate;
  return out;
}

}  // namespace hardscape::measuring
