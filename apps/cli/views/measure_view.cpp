#include "cli/views/measure_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace hardscape::cli {
namespace {

constexpr std::string_view k_one_thread = "_one_thread";

struct Scale {
  double factor;
  const char* unit;
};

Scale scale_of(const std::string& unit, double value) {
  if (unit == "bytes_per_s") return value >= 1e12 ? Scale{1e-12, "TB/s"} : Scale{1e-9, "GB/s"};
  if (unit == "flops") return value >= 1e12 ? Scale{1e-12, "TFLOP/s"} : Scale{1e-9, "GFLOP/s"};
  if (unit == "ops") return value >= 1e12 ? Scale{1e-12, "TOP/s"} : Scale{1e-9, "GOP/s"};
  if (unit == "s") return value >= 1e-6 ? Scale{1e6, "us"} : Scale{1e9, "ns"};
  if (unit == "values_per_s") return Scale{1e-9, "G values/s"};
  return {1, unit.c_str()};
}

std::string digits(double x) { return x >= 100 ? fmt::format("{:.0f}", x) : x >= 10 ? fmt::format("{:.1f}", x) : fmt::format("{:.2f}", x); }

std::string figure(const MeasurementResult& r) {
  const auto scale = scale_of(r.unit, *r.value);
  return digits(*r.value * scale.factor) + " " + scale.unit;
}

std::string interval(const MeasurementResult& r) {
  if (!r.spread) return "";
  const auto scale = scale_of(r.unit, *r.value);
  return digits(r.spread->low * scale.factor) + "-" + digits(r.spread->high * scale.factor);
}

Cell share(const MeasurementResult& r) {
  if (!r.fraction_of_peak) return {};
  const double f = *r.fraction_of_peak;
  return {fmt::format("{:.0f} %", 100 * f), f > 1.02 ? Tone::bad : f >= 0.8 ? Tone::good : f >= 0.5 ? Tone::plain : Tone::warn};
}

std::string size_text(Bytes b) {
  if (b.value >= k_gib) return fmt::format("{:.3g} GiB", in_gib(b));
  if (b.value >= k_mib) return fmt::format("{:.4g} MiB", static_cast<double>(b.value) / static_cast<double>(k_mib));
  return fmt::format("{:.4g} KiB", static_cast<double>(b.value) / static_cast<double>(k_kib));
}

std::string title_of(const std::string& group) {
  if (group == "memory") return "Memory bandwidth";
  if (group == "cache") return "Caches: one thread reading a working set again and again";
  if (group == "latency") return "Latency of one load";
  if (group == "arithmetic") return "Arithmetic, in registers";
  if (group == "gemm") return "Matrix products";
  if (group == "link") return "Between host and device";
  return group;
}

// "bandwidth_node0_sustained" says more than the kernel's name; the main metric says nothing.
std::string label_of(const MeasurementResult& r) {
  if (r.group == "cache" && r.working_set) return size_text(*r.working_set);
  if (r.group == "latency") {
    const auto level = r.metric.find("_l");
    return (level == std::string::npos ? "memory" : "L" + r.metric.substr(level + 2)) + (r.working_set ? ", " + size_text(*r.working_set) : "");
  }
  const auto more = r.metric.find('_');
  std::string name = r.kernel;
  std::replace(name.begin(), name.end(), '_', ' ');
  if (more == std::string::npos || r.metric.ends_with(k_one_thread)) return name;
  std::string rest = r.metric.substr(more + 1);
  std::replace(rest.begin(), rest.end(), '_', ' ');
  return name + ", " + rest;
}

const MeasurementResult* one_thread_of(const MeasurementReport& report, const MeasurementResult& like) {
  for (const auto& r : report.results)
    if (r.device == like.device && r.kernel == like.kernel && r.metric == like.metric + std::string(k_one_thread) && r.value) return &r;
  return nullptr;
}

// Of processors a one-thread figure stands beside the others, unless there is none to stand beside.
bool stands_beside(const MeasurementReport& report, const MeasurementResult& r) {
  if (!r.metric.ends_with(k_one_thread)) return false;
  const auto main = r.metric.substr(0, r.metric.size() - k_one_thread.size());
  return std::any_of(report.results.begin(), report.results.end(),
                     [&](const MeasurementResult& o) { return o.device == r.device && o.kernel == r.kernel && o.metric == main && o.value; });
}

void add_group(const MeasurementReport& report, const std::string& device, const std::string& group, Document& out) {
  bool peaks = false, ones = false;
  std::vector<const MeasurementResult*> rows;
  for (const auto& r : report.results) {
    if (r.device != device || r.group != group || !r.value || stands_beside(report, r)) continue;
    rows.push_back(&r);
    peaks = peaks || r.fraction_of_peak;
    ones = ones || one_thread_of(report, r) != nullptr;
  }
  if (rows.empty()) return;
  Table table{device + " " + group, {{"", Align::left, true}, {"median", Align::right}, {"95 % interval", Align::right}}, {}};
  if (peaks) table.columns.push_back({"of peak", Align::right});
  if (ones) table.columns.push_back({"one thread", Align::right});
  for (const auto* r : rows) {
    std::vector<Cell> cells{label_of(*r) + (r->disturbed ? " ~" : ""), Cell(figure(*r), Tone::strong), Cell(interval(*r), Tone::faint)};
    if (peaks) cells.push_back(share(*r));
    if (ones) {
      const auto* one = one_thread_of(report, *r);
      cells.push_back(one != nullptr ? Cell(figure(*one)) : Cell());
    }
    table.rows.push_back(std::move(cells));
  }
  out.blocks.push_back(Heading{title_of(group), 2});
  out.blocks.push_back(std::move(table));
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

void add_missing(const MeasurementReport& report, const std::string& device, Document& out) {
  std::vector<std::string> kernels;
  Bullets troubles;
  for (const auto& r : report.results) {
    if (r.device != device) continue;
    if (r.status == MeasureStatus::unsupported && r.group == "arithmetic")
      kernels.push_back(r.kernel);
    else if (r.status != MeasureStatus::ok)
      troubles.items.push_back({r.kernel + (r.metric.ends_with(k_one_thread) ? " (one thread)" : "") + ": " + std::string(to_string(r.status)) + ": " + r.reason,
                                r.status == MeasureStatus::failed ? Tone::bad : Tone::faint});
    else if (!r.reason.empty() && !r.disturbed)
      troubles.items.push_back({r.kernel + (r.metric.ends_with(k_one_thread) ? " (one thread)" : "") + ": " + r.reason, Tone::warn});
  }
  if (std::any_of(report.results.begin(), report.results.end(), [&](const MeasurementResult& r) { return r.device == device && r.disturbed; }))
    troubles.items.push_back({"~: disturbed by others, taken all the same", Tone::warn});
  if (!kernels.empty()) troubles.items.push_back({"This processor has no instructions for: " + fmt::format("{}", fmt::join(kernels, ", ")), Tone::faint});
  if (!troubles.items.empty()) out.blocks.push_back(std::move(troubles));
}

void add_origins(const MeasurementReport& report, Document& out) {
  Table table{"origins", {{"figure", Align::left, true}, {"how", Align::left, true}, {"counted", Align::left, true}, {"peak", Align::left, true}}, {}};
  for (const auto& r : report.results)
    if (r.value)
      table.rows.push_back({r.kernel + " " + r.metric, fmt::format("{} samples{}{}", r.samples.size(), r.method.empty() ? "" : ", ", r.method), r.counting, r.peak_basis});
  out.blocks.push_back(Heading{"Where these numbers come from", 2});
  out.blocks.push_back(std::move(table));
}

}  // namespace

std::string precision_sentence(const MeasurementReport& report, const std::string& device) {
  std::vector<const PrecisionRate*> lower;
  const PrecisionRate* base = nullptr;
  for (const auto& p : report.precisions) {
    if (p.device != device) continue;
    if (p.precision == "fp32") base = &p;
    if (p.precision != "fp32" && p.precision != "fp64") lower.push_back(&p);
  }
  if (base == nullptr) return "";
  std::string times;
  const PrecisionRate* best = nullptr;
  for (const auto* p : lower) {
    if (!p->times_fp32) continue;
    times += fmt::format("{}{} {:.1f}x", times.empty() ? "" : ", ", upper(p->precision), *p->times_fp32);
    if (best == nullptr || *p->times_fp32 > *best->times_fp32) best = p;
  }
  const bool doubtful = std::any_of(report.precisions.begin(), report.precisions.end(), [&](const PrecisionRate& p) {
    return p.device == device && std::any_of(report.results.begin(), report.results.end(), [&](const MeasurementResult& r) { return r.device == device && r.kernel == p.kernel && r.disturbed; });
  });
  if (doubtful && best != nullptr) return "Others disturbed these rates: measure again on a quiet machine before judging whether lower precision pays.";
  if (best == nullptr) return "Only FP32 was measured here: lower precision would save memory, not computing time.";
  const std::string against = "Against FP32 this device computes " + times;
  if (*best->times_fp32 >= 3) return against + ": who computes in FP32 here leaves most of it unused.";
  if (*best->times_fp32 >= 1.3) return against + ": lower precision pays in computing as well as in memory.";
  return against + ": lower precision saves memory here, not computing time.";
}

Document document_of(const MeasurementReport& report, const Machine& machine, bool explain) {
  Document out;
  for (const auto& device : report.devices) {
    out.blocks.push_back(Heading{"Measured: " + (device.name.empty() ? device.id : device.name)});
    Pairs facts;
    if (device.id == "cpu") {
      int threads = 0;
      for (const auto& r : report.results)
        if (r.device == device.id) threads = std::max(threads, r.threads.value_or(0));
      if (threads > 0) facts.rows.push_back({"Threads", fmt::format("{}, one on each core", threads)});
      if (machine.os.virtualization) facts.rows.push_back({"Runs in", *machine.os.virtualization + " virtual machine: neighbours are not visible"});
    }
    if (!device.hardware.empty() && device.hardware != device.id) facts.rows.push_back({"Is", device.hardware + " of this machine"});
    if (!device.software.empty()) facts.rows.push_back({"Software", device.software});
    if (device.clock_hz) facts.rows.push_back({"Clock", fmt::format("{:.2f} GHz, measured meanwhile", *device.clock_hz / 1e9)});
    if (!facts.rows.empty()) out.blocks.push_back(std::move(facts));
    std::vector<std::string> groups;
    for (const auto& r : report.results)
      if (r.device == device.id && std::find(groups.begin(), groups.end(), r.group) == groups.end()) groups.push_back(r.group);
    for (const auto& group : groups) add_group(report, device.id, group, out);
    if (const auto sentence = precision_sentence(report, device.id); !sentence.empty()) {
      out.blocks.push_back(Heading{"Are the fast units used?", 2});
      out.blocks.push_back(Paragraph{sentence});
    }
    add_missing(report, device.id, out);
  }
  if (explain) add_origins(report, out);
  if (!report.notes.empty()) out.blocks.push_back(NoteBlock{report.notes});
  return out;
}

}  // namespace hardscape::cli
