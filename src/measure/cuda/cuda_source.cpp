#include "measure/cuda/cuda_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "measure/accelerator/vendor_library.hpp"
#include "measure/cuda/cuda_probes.hpp"

namespace hardscape::cuda {
namespace {

using measuring::DeviceProbes;
using measuring::Probe;
using measuring::ProbeContext;

// What the child process tells: "absent", "none" or "failed" with a sentence, or "devices".
std::string greet(const LibraryLoader& libraries, const std::vector<std::string>& names) {
  const auto api = load(libraries, names);
  if (!api) return "absent\t" + api.error().message;
  if (const Code code = api->init(0); code != k_success)
    return (code == k_no_device ? "none\t" : "failed\t") + failure(*api, code, "starting CUDA").message;
  int count = 0;
  if (const Code code = api->device_get_count(&count); code != k_success) return "failed\t" + failure(*api, code, "counting CUDA devices").message;
  if (count < 1) return "none\tCUDA's driver is here but offers no device: check CUDA_VISIBLE_DEVICES";
  return "devices\t";
}

bool is_expected(const ProbeContext& context) {
  const auto& wishes = context.options.devices;
  const bool asked = std::any_of(wishes.begin(), wishes.end(), [](const std::string& wish) { return starts_with_ignoring_case(wish, "cuda"); });
  return asked || std::any_of(context.machine.accelerators.begin(), context.machine.accelerators.end(),
                              [](const Accelerator& a) { return a.kind == AcceleratorKind::gpu && contains_ignoring_case(a.vendor, "nvidia"); });
}

DeviceProbes refused(MeasureStatus status, std::string reason) {
  DeviceProbes out;
  out.devices.push_back({"cuda", "CUDA", "", "", std::nullopt});
  Probe probe;
  probe.device = "cuda";
  probe.kernel = "devices";
  probe.metric = "count";
  probe.group = "memory";
  probe.in_quick = true;
  probe.refused = status;
  probe.reason = std::move(reason);
  out.probes.push_back(std::move(probe));
  return out;
}

// The library that starts on this driver: the newest may want a newer one.
const blas::Api* working(const std::vector<blas::Api>& libraries, std::string& why) {
  for (const blas::Api& library : libraries) {
    blas::Handle handle = nullptr;
    const blas::Status status = library.create(&handle);
    if (status == blas::k_success) {
      library.destroy(handle);
      return &library;
    }
    if (why.empty()) why = blas::failure(status, fmt::format("starting {} ({})", library.version(), library.library.name())).message;
  }
  return nullptr;
}

void add_device(const ProbeContext& context, const Api& api, const DeviceInfo& info, const std::string& id, const std::string& software,
                const std::vector<blas::Api>& libraries, std::string why_no_blas, DeviceProbes& out) {
  const Accelerator* const known = info.is_mig() ? nullptr : measuring::matching(context.machine, info.pci, info.name);
  out.devices.push_back({id, info.name, software, known != nullptr ? known->id : "", std::nullopt});
  if (info.is_prohibited) {
    auto refusal = refused(MeasureStatus::skipped, "the compute mode of this device is 'prohibited'; nvidia-smi -c DEFAULT allows work on it");
    refusal.probes.front().device = id;
    out.probes.push_back(std::move(refusal.probes.front()));
    return;
  }
  ProbedDevice device;
  device.id = id;
  device.api = api;
  device.info = info;
  device.zeros = context.options.zeros;
  device.memory = context.options.memory;
  device.session = std::make_shared<std::shared_ptr<Session>>();
  device.peaks = measuring::peaks_of(known, context.host.files, info.pci);
  if (info.is_mig())
    out.notes.push_back({Severity::info, "mig-instance", fmt::format("{} is a slice of a GPU ({}): the vendor's figures are those of the whole, so none stand beside it.", id, info.name), std::nullopt});
  if (auto note = measuring::narrow_link(context.host.files, info.pci, id)) out.notes.push_back(*std::move(note));
  add_memory_probes(device, out.probes);
  // The library asks the device that is current whether it can work with it.
  const blas::Api* library = nullptr;
  if (auto session = device.open()) {
    if ((*session)->make_current()) library = working(libraries, why_no_blas);
  }
  if (library != nullptr) {
    measuring::keep_open(library->library);
    add_gemm_probes(device, *library, out.probes);
  } else {
    add_tile_probes(device, out.probes);
    out.notes.push_back({Severity::info, "no-cublaslt", fmt::format("{}: {}. Matrix products are timed with plain mma.sync kernels, which reach less than cuBLASLt on newer cards.", id, why_no_blas),
                         "install the CUDA toolkit's cuBLAS, or Python's nvidia-cublas package, of a version that the driver takes"});
  }
  add_chain_probes(device, out.probes);
  add_link_probes(device, out.probes);
}

}  // namespace

void refuse_below(int least_capability, const DeviceInfo& info, measuring::Probe& probe) {
  if (info.capability >= least_capability) return;
  probe.refused = MeasureStatus::unsupported;
  probe.reason = fmt::format("needs compute capability {}.{}; this device has {}.{}", least_capability / 10, least_capability % 10,
                             info.capability / 10, info.capability % 10);
}

Result<std::shared_ptr<Session>> ProbedDevice::open() const {
  if (*session) return *session;
  auto made = Session::open(api, info);
  if (made) *session = *made;
  return made;
}

DeviceProbes cuda_probes(const ProbeContext& context) { return cuda_probes(context, {library_names(), blas::library_names(context.host)}); }

DeviceProbes cuda_probes(const ProbeContext& context, const LibraryNames& names) {
  const auto answer = measuring::first_contact(context.host, "CUDA", [&] { return greet(context.host.libraries, names.driver); });
  if (!answer) return refused(MeasureStatus::failed, answer.error().message);
  const auto tab = answer->find('\t');
  const std::string_view kind = std::string_view(*answer).substr(0, tab);
  if (kind != "devices") {
    if (kind != "failed" && !is_expected(context)) return {};
    const std::string said = tab == std::string::npos ? std::string("no answer") : printable(std::string_view(*answer).substr(tab + 1));
    // The loader tells every place in which it found nothing; one sentence says as much.
    if (kind == "absent" && !contains_ignoring_case(said, " lacks "))
      return refused(MeasureStatus::unsupported, "NVIDIA's driver library libcuda.so.1 (WSL2: /usr/lib/wsl/lib) cannot be opened; install the NVIDIA driver, or give this container its libraries");
    if (kind == "absent") return refused(MeasureStatus::unsupported, said);
    return refused(kind == "none" ? MeasureStatus::unsupported : MeasureStatus::failed, said);
  }
  auto api = load(context.host.libraries, names.driver);
  if (!api) return refused(MeasureStatus::failed, api.error().message);
  measuring::keep_open(api->library);
  if (const Code code = api->init(0); code != k_success) return refused(MeasureStatus::failed, failure(*api, code, "starting CUDA").message);
  std::vector<std::string> complaints;
  const auto devices = list_devices(*api, complaints);
  if (!devices) return refused(MeasureStatus::failed, devices.error().message);
  DeviceProbes out;
  for (const std::string& complaint : complaints) out.notes.push_back({Severity::warning, "cuda-device", complaint, std::nullopt});
  int version = 0;
  static_cast<void>(api->driver_get_version(&version));
  const std::string software = fmt::format("CUDA {}.{} driver", version / 1000, version / 10 % 100);
  std::string why;
  const std::vector<blas::Api> libraries = blas::load_all(context.host.libraries, names.blas, why);
  for (std::size_t i = 0; i < devices->size(); ++i) add_device(context, *api, (*devices)[i], fmt::format("cuda{}", i), software, libraries, why, out);
  return out;
}

}  // namespace hardscape::cuda
