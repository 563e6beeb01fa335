#include "hardscape/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "api/evidence_entry.hpp"
#include "hardscape/model_record.hpp"
#include "hardscape/model_shape.hpp"

namespace hardscape {
namespace {

constexpr std::string_view k_processor = "cpu";

// The best kernel for what decoding does: it reads. Kernels that write too move fewer bytes a second.
int rank_of(std::string_view kernel) { return kernel == "read" ? 3 : kernel == "triad" ? 2 : kernel == "copy" ? 1 : 0; }

// Of each device the newest entry that has a usable kernel, and its best kernel. An undisturbed one comes before all
// disturbed ones: what others took away is not the machine's.
std::vector<MeasuredBandwidth> best_of(const std::vector<MeasuredBandwidth>& all) {
  std::vector<MeasuredBandwidth> out;
  for (const auto& b : all) {
    if (rank_of(b.kernel) == 0) continue;
    const auto same = std::find_if(out.begin(), out.end(), [&](const MeasuredBandwidth& o) { return o.device == b.device; });
    if (same == out.end()) {
      out.push_back(b);
    } else if (same->disturbed != b.disturbed) {
      if (same->disturbed) *same = b;
    } else if (same->entry == b.entry) {
      const int ours = rank_of(b.kernel), theirs = rank_of(same->kernel);
      if (ours > theirs || (ours == theirs && b.value > same->value)) *same = b;
    }
  }
  return out;
}

Source source_of(const MeasuredBandwidth& b) {
  return {Origin::measured, fmt::format("history entry {}: memory {} of {}{}", b.entry, b.kernel, b.device, b.disturbed ? ", disturbed by others" : ""), b.when.substr(0, 10), Confidence::single};
}

// Returns whether a fact of the machine now rests on it.
bool put(Machine& machine, const MeasuredBandwidth& b) {
  if (b.device == k_processor) return learn(machine.memory.bandwidth, {b.value, source_of(b)});
  for (auto& a : machine.accelerators) {
    if (a.id != b.device) continue;
    // The published rate of a card is what the speed model's efficiencies are shares of.
    return !a.bandwidth && learn(a.bandwidth, {b.value, source_of(b)});
  }
  return false;
}

// Nobody measured memory, but models ran: it is at least as fast as the fastest of them read it.
void put_lower_bound(Machine& machine, const std::vector<MeasuredSpeed>& speeds) {
  const MeasuredSpeed* best = nullptr;
  double most = 0;
  for (const auto& m : speeds) {
    const Backend* backend = find_backend(m.backend);
    if (m.device != "cpu0" || backend == nullptr || !m.decode_tokens_per_s || !(m.work.params > 0)) continue;
    const double bytes = m.work.read_bytes + m.work.kv_bytes_per_token * m.decode.context;
    const double rate = m.decode_tokens_per_s->mid * bytes / backend->decode.memory_efficiency;
    if (rate <= most) continue;
    most = rate;
    best = &m;
  }
  if (best == nullptr) return;
  learn(machine.memory.bandwidth, {BytesPerSecond{most}, Source{Origin::calibrated, fmt::format("history entry {}: what decoding {} reads, over the share of memory speed it reaches elsewhere", best->entry, best->subject),
                                                               best->when.substr(0, 10), Confidence::single}});
}

std::vector<DeviceCalibration> calibrations_of(const Machine& machine, const std::vector<MeasuredSpeed>& speeds) {
  std::vector<DeviceCalibration> out;
  std::set<std::pair<std::string, std::string>> places;
  for (const auto& m : speeds) places.insert({m.device, m.backend});
  for (const auto& [id, backend_id] : places) {
    auto device = compute_device(machine, id);
    const Backend* row = find_backend(backend_id);
    if (!device || row == nullptr) continue;
    const Backend backend = as_built(*row, "");  // as predictions take it
    device->memory.reset();  // it did run
    std::vector<CalibrationPoint> points;
    DeviceCalibration one{id, backend_id, {}, {}};
    std::set<std::string> seen;
    for (const auto& m : speeds) {
      if (m.device != id || m.backend != backend_id) continue;
      // Of the same work the newest; disturbed ones only where there is nothing better.
      if (m.disturbed && std::any_of(speeds.begin(), speeds.end(), [&, &id = id, &backend_id = backend_id](const MeasuredSpeed& o) { return !o.disturbed && o.device == id && o.backend == backend_id; })) continue;
      if (!seen.insert(fmt::format("{}|{}|{:.0f}|{:.0f}", m.subject, m.work.quant, m.decode.context, m.prefill.tokens)).second) continue;
      Split split;
      split.count = m.devices;
      if (m.decode_tokens_per_s) points.push_back({m.work, m.decode, false, m.decode_tokens_per_s->mid, split});
      if (m.prefill_tokens_per_s) points.push_back({m.work, m.prefill, true, m.prefill_tokens_per_s->mid, split});
      one.entries.push_back(m.entry);
    }
    one.factors = calibrate(*device, backend, points);
    if (one.factors.decode_points + one.factors.prefill_points > 0) out.push_back(std::move(one));
  }
  return out;
}

void add_stale_note(Evidence& evidence, std::string_view engine_release) {
  std::set<std::string> old;
  for (const auto& m : evidence.speeds) {
    const std::string_view now = engine_release.empty() ? std::string_view(evidence.speeds.front().engine) : engine_release;
    if (m.engine.find(now) == std::string::npos) old.insert(m.engine);
  }
  if (old.empty()) return;
  std::string names;
  for (const auto& name : old) names += (names.empty() ? "" : ", ") + name;
  evidence.notes.push_back({Severity::info, "stale-evidence",
                            "Some of the benchmarks that these speeds rest on were run with " + names + ", not with the engine that is here now" +
                                (engine_release.empty() ? "." : " (" + std::string(engine_release) + ")."),
                            "Run `hardscape bench` again, or leave them out with --no-history."});
}

}  // namespace

const Calibration& Evidence::calibration_of(std::string_view device, std::string_view backend) const {
  static const Calibration k_none;
  for (const auto& c : calibrations)
    if (c.device == device && c.backend == backend) return c.factors;
  return k_none;
}

InformedMachine inform(Machine machine, const std::vector<HistoryEntry>& entries, const Catalogue& catalogue, std::string_view engine_release) {
  InformedMachine out{std::move(machine), {}};
  const std::string fingerprint = machine_fingerprint(out.machine);
  std::vector<MeasuredBandwidth> bandwidths;
  for (const auto& entry : entries) {
    if (entry.machine != fingerprint) continue;
    if (entry.kind == "measure" || entry.kind == "bench") {
      auto some = bandwidths_in(entry);
      bandwidths.insert(bandwidths.end(), some.begin(), some.end());
    }
    if (entry.kind == "bench")
      if (auto speed = speed_in(entry, out.machine, catalogue)) out.evidence.speeds.push_back(*std::move(speed));
  }
  out.evidence.shared_hardware = out.machine.os.virtualization.has_value();
  out.evidence.memory_roofs = best_of(bandwidths);
  for (const auto& b : out.evidence.memory_roofs)
    if (put(out.machine, b)) out.evidence.bandwidths.push_back(b);
  for (const auto& b : out.evidence.bandwidths)
    if (b.disturbed)
      out.evidence.notes.push_back({Severity::warning, "disturbed-evidence",
                                    fmt::format("The memory speed of {} was measured while others used this machine: it may be faster than is shown.", b.device),
                                    "Run `hardscape measure` again when the machine is quiet."});
  put_lower_bound(out.machine, out.evidence.speeds);
  out.evidence.calibrations = calibrations_of(out.machine, out.evidence.speeds);
  add_stale_note(out.evidence, engine_release);
  return out;
}

const ModelRecord* record_of_shape(const Catalogue& catalogue, std::string_view architecture, std::size_t layers, int hidden, std::int64_t params) {
  const ModelRecord* best = nullptr;
  double least = 0.01;
  for (const auto& record : catalogue.models()) {
    const auto published = record.checked_params ? record.checked_params : record.params;
    if (!published || *published <= 0 || params <= 0) continue;
    const double off = std::abs(std::log(static_cast<double>(*published) / static_cast<double>(params)));
    if (off >= least) continue;
    const auto shape = shape_of(record);
    if (!shape || shape->architecture != architecture || shape->layers.size() != layers || shape->hidden != hidden) continue;
    best = &record;
    least = off;
  }
  return best;
}

}  // namespace hardscape
