#include "measure/opencl/opencl_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "measure/accelerator/device_match.hpp"
#include "measure/accelerator/vendor_library.hpp"
#include "measure/opencl/opencl_chains.hpp"
#include "measure/opencl/opencl_link.hpp"
#include "measure/opencl/opencl_memory.hpp"

namespace hardscape::opencl {
namespace {

using measuring::DeviceProbes;
using measuring::Probe;
using measuring::ProbeContext;

constexpr std::size_t k_group_most = 256;

// What the child process tells, so that this one need not open drivers that it will not measure: "absent" or "failed"
// with a sentence, or one line a device.
std::string greet(const LibraryLoader& libraries, const std::vector<std::string>& names) {
  const auto api = load(libraries, names);
  if (!api) return "absent\t" + api.error().message;
  const auto list = list_devices(*api);
  if (!list) return "failed\t" + list.error().message;
  std::string answer;
  for (const DeviceInfo& info : list->devices) answer += fmt::format("device\t{}\t{}\t{}\n", info.is_cpu() ? "cpu" : "other", info.platform, info.name);
  return answer;
}

struct Greeting {
  bool is_cpu = false;
  std::string platform;
  std::string name;
};

bool was_asked_for(const MeasureOptions& options) {
  return std::any_of(options.devices.begin(), options.devices.end(), [](const std::string& wish) { return starts_with_ignoring_case(wish, "opencl"); });
}

DeviceProbes refused(MeasureStatus status, std::string reason) {
  DeviceProbes probes;
  probes.devices.push_back({"opencl", "OpenCL", "", "", std::nullopt});
  Probe probe;
  probe.device = "opencl";
  probe.kernel = "devices";
  probe.metric = "count";
  probe.group = "memory";
  probe.refused = status;
  probe.reason = std::move(reason);
  probes.probes.push_back(std::move(probe));
  return probes;
}

// Why a device is left to another kind; empty when OpenCL is the way to measure it.
std::string better_measured_by(const Greeting& device) {
  if (device.is_cpu) return "the processor's own code";
  return contains_ignoring_case(device.platform, "nvidia") ? "CUDA" : "";
}

void add_device(const ProbeContext& context, const Api& api, const DeviceInfo& info, const std::string& id, DeviceProbes& out) {
  const Accelerator* const known = info.is_cpu() ? nullptr : measuring::matching(context.machine, info.pci, info.name);
  out.devices.push_back({id, info.name, fmt::format("{}, driver {}", info.platform, info.driver), info.is_cpu() ? "cpu" : known != nullptr ? known->id : "", std::nullopt});
  ProbedDevice device;
  device.id = id;
  device.api = api;
  device.info = info;
  device.zeros = context.options.zeros;
  device.memory = context.options.memory;
  device.session = std::make_shared<std::shared_ptr<Session>>();
  if (!info.is_cpu()) {
    const auto peaks = measuring::peaks_of(known, context.host.files, info.pci);
    device.bandwidth_peak = peaks.bandwidth;
    device.fp32_peak = peaks.fp32;
    device.fp16_peak = peaks.fp16;
    device.int8_peak = peaks.int8;
    device.link_peak = peaks.link;
    if (auto note = measuring::narrow_link(context.host.files, info.pci, id)) out.notes.push_back(*std::move(note));
  }
  const std::size_t first = out.probes.size();
  add_memory_probes(device, out.probes);
  add_chain_probes(device, out.probes);
  add_link_probes(device, out.probes);
  std::string why;
  if (!info.available) why = "the driver says that the device is not available; another program may hold it";
  else if (!info.has_compiler) why = "this OpenCL driver cannot build kernels from source";
  if (why.empty()) return;
  for (std::size_t i = first; i < out.probes.size(); ++i) {
    out.probes[i].refused = info.available ? MeasureStatus::unsupported : MeasureStatus::skipped;
    out.probes[i].reason = why;
  }
}

}  // namespace

Range range_of(const DeviceInfo& info, std::size_t groups_per_unit) {
  const std::size_t local = info.is_cpu() ? 1 : std::min(k_group_most, info.work_group_most);
  return {static_cast<std::size_t>(info.compute_units) * groups_per_unit * local, local};
}

Result<std::shared_ptr<Session>> ProbedDevice::open() const {
  if (*session) return *session;
  auto made = Session::open(api, info);
  if (made) *session = *made;
  return made;
}

DeviceProbes opencl_probes(const ProbeContext& context) { return opencl_probes(context, library_names()); }

DeviceProbes opencl_probes(const ProbeContext& context, const std::vector<std::string>& names) {
  const bool asked = was_asked_for(context.options);
  const auto answer = measuring::first_contact(context.host, "OpenCL", [&] { return greet(context.host.libraries, names); });
  if (!answer) return refused(MeasureStatus::failed, answer.error().message);
  std::vector<Greeting> greetings;
  for (const std::string_view line : split_lines(*answer)) {
    const auto fields = split(line, '\t');
    if (fields.size() == 2 && fields[0] == "failed") return refused(MeasureStatus::failed, printable(fields[1]));
    if (fields.size() == 2 && fields[0] == "absent") {
      if (!asked) return {};
      return refused(MeasureStatus::unsupported, "there is no OpenCL here: " + printable(fields[1]));
    }
    if (fields.size() == 4) greetings.push_back({fields[1] == "cpu", std::string(fields[2]), std::string(fields[3])});
  }
  if (greetings.empty()) {
    if (!asked) return {};
    return refused(MeasureStatus::unsupported, "OpenCL's loader is here, but no driver offers a device; install the vendor's OpenCL driver, or pocl for the processor");
  }
  DeviceProbes out;
  std::vector<bool> wanted;
  for (std::size_t i = 0; i < greetings.size(); ++i) {
    const Greeting& device = greetings[i];
    const std::string better = asked ? std::string() : better_measured_by(device);
    wanted.push_back(better.empty());
    if (better.empty()) continue;
    out.notes.push_back({Severity::info, "opencl-not-measured", fmt::format("OpenCL also offers {} ({}); {} measures it better.", device.name, device.platform, better),
                         fmt::format("--device opencl{} measures it through OpenCL", i)});
  }
  if (std::find(wanted.begin(), wanted.end(), true) == wanted.end()) return out;
  auto api = load(context.host.libraries, names);
  if (!api) return refused(MeasureStatus::failed, api.error().message);
  measuring::keep_open(api->library);
  const auto list = list_devices(*api);
  if (!list) return refused(MeasureStatus::failed, list.error().message);
  for (const std::string& complaint : list->complaints) out.notes.push_back({Severity::warning, "opencl-platform", complaint, std::nullopt});
  for (std::size_t i = 0; i < list->devices.size(); ++i) {
    if (i >= wanted.size() || wanted[i]) add_device(context, *api, list->devices[i], fmt::format("opencl{}", i), out);
  }
  return out;
}

}  // namespace hardscape::opencl
