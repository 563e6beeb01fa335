// From a machine to the devices that the speed model sees.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "hardscape/predict.hpp"
#include "predict/data_file.hpp"

namespace hardscape {
namespace {

constexpr std::string_view k_class_names[] = {"gpu", "integrated_gpu", "apple", "cpu", "board", "phone", "npu"};
constexpr double k_usual_hertz = 3e9;    // a processor whose clock nobody stated
constexpr double k_least_matrix = 0.5;   // below this share of the vector rate nobody uses the 16-bit units

struct ClassFacts {
  double vector_flop_per_byte = 20;
  double matrix_per_vector = 2;
  double link = 25e9;
  double link_latency = 6e-6;
};

struct DeviceTables {
  std::array<ClassFacts, std::size(k_class_names)> classes;
  std::vector<std::pair<std::string, double>> flop_per_cycle;  // by instruction set, best first
};

const DeviceTables& device_tables() {
  static const DeviceTables k_device_tables = [] {
    DeviceTables out;
    predict::DataFile file("backends/device_classes.json");
    const ClassFacts usual;
    for (const auto& record : file.root().array("classes"))
      for (std::size_t i = 0; i < out.classes.size(); ++i)
        if (record.text("class") == k_class_names[i])
          out.classes[i] = {record.number("vector_flop_per_byte").value_or(usual.vector_flop_per_byte),
                            record.number("matrix_per_vector").value_or(usual.matrix_per_vector),
                            record.number("link_bytes_per_s").value_or(usual.link),
                            record.number("link_latency_s").value_or(usual.link_latency)};
    for (const auto& record : file.root().array("processor_flop_per_cycle"))
      out.flop_per_cycle.emplace_back(record.text("feature").value_or(""), record.number("value").value_or(0));
    return out;
  }();
  return k_device_tables;
}

Error no_bandwidth(std::string_view name) {
  return {ErrorCode::unavailable,
          fmt::format("The memory bandwidth of {} is not known, so no speed can be told; write it into a saved machine document (memory/bandwidth_bytes_per_s) and name that with --machine.", name)};
}

void fill_from_class(ComputeDevice& device, double vector, double matrix) {
  const auto& facts = device_tables().classes[static_cast<std::size_t>(device.device_class)];
  // A board's class is that of its processor; a graphics processor on it computes like one.
  const bool board_gpu = device.device_class == DeviceClass::board && device.architecture != nullptr;
  const auto& rates = board_gpu ? device_tables().classes[static_cast<std::size_t>(DeviceClass::gpu)] : facts;
  device.rates_assumed = !(vector > 0);
  if (!(vector > 0)) vector = rates.vector_flop_per_byte * device.bandwidth.value;
  // A 16-bit rate far below FP32 (consumer Pascal) is one that engines avoid.
  const double usual = device.architecture != nullptr && device.architecture->matrix_per_vector > 0
                           ? device.architecture->matrix_per_vector : rates.matrix_per_vector;
  if (!(matrix > k_least_matrix * vector)) matrix = vector * (matrix > 0 ? 1 : usual);
  device.vector = FlopsPerSecond{vector};
  device.matrix = FlopsPerSecond{matrix};
  device.link = BytesPerSecond{facts.link};
  device.link_latency = Seconds{facts.link_latency};
}

DeviceClass class_of(const Machine& machine, const Accelerator& accelerator) {
  if (accelerator.kind == AcceleratorKind::npu) return DeviceClass::npu;
  // An iPhone's GPU runs the same Metal kernels as a Mac's; what phones' spreads tell is Android's drivers.
  if (contains_ignoring_case(accelerator.vendor, "apple")) return DeviceClass::apple;
  if (machine.os.name == "Android") return DeviceClass::phone;
  const bool shared = accelerator.integrated || accelerator.memory.kind != MemoryKind::dedicated;
  if (shared && contains_ignoring_case(accelerator.vendor, "nvidia")) return DeviceClass::board;
  return shared ? DeviceClass::integrated_gpu : DeviceClass::gpu;
}

// Tensor cores of consumer NVIDIA cards do FP16 with FP16 sums twice as fast as the rate that is printed, and INT8 at
// twice that again: half the integer rate is what engines see on all of them.
double matrix_rate(const Accelerator& accelerator, DeviceClass device_class) {
  const double fp16 = accelerator.fp16 ? accelerator.fp16->value.value : 0;
  const bool tensor_cores = contains_ignoring_case(accelerator.vendor, "nvidia") && device_class == DeviceClass::gpu;
  const double half_int8 = tensor_cores && accelerator.int8 ? accelerator.int8->value.value / 2 : 0;
  return std::max(fp16, half_int8);
}

Result<ComputeDevice> from_accelerator(const Machine& machine, const Accelerator& accelerator) {
  ComputeDevice device;
  device.id = accelerator.id;
  device.name = accelerator.name;
  device.vendor = accelerator.vendor;
  device.device_class = class_of(machine, accelerator);
  const bool shared = accelerator.integrated || accelerator.memory.kind != MemoryKind::dedicated;
  const auto& bandwidth = accelerator.bandwidth || !shared ? accelerator.bandwidth : machine.memory.bandwidth;
  if (!bandwidth || !(bandwidth->value.value > 0)) return no_bandwidth(accelerator.name);
  device.bandwidth = bandwidth->value;
  device.basis = bandwidth->source.origin;
  device.architecture = find_architecture(accelerator.vendor, accelerator.name, accelerator.compute_capability.value_or(""),
                                          accelerator.gfx_target.value_or(""));
  if (accelerator.memory.total) device.memory = accelerator.memory.total->value;
  // What the system keeps back of shared memory can be lifted; the whole of it cannot be exceeded.
  if (shared && device.memory) device.memory = std::max(*device.memory, machine.memory.total);
  fill_from_class(device, accelerator.fp32 ? accelerator.fp32->value.value : 0, matrix_rate(accelerator, device.device_class));
  // What is printed for them counts sums in FP32.
  if (accelerator.fp16 && accelerator.fp16->value < device.matrix) device.matrix_wide_sums = accelerator.fp16->value;
  if (device.architecture != nullptr) device.vector = FlopsPerSecond{device.vector.value * device.architecture->vector_share};
  return device;
}

double vector_rate(const Processor& processor) {
  const double hertz = processor.max_frequency ? processor.max_frequency->value.value : k_usual_hertz;
  for (const auto& [feature, per_cycle] : device_tables().flop_per_cycle)
    if (std::find(processor.features.begin(), processor.features.end(), feature) != processor.features.end())
      return per_cycle * hertz * processor.cores;
  return 0;
}

Result<ComputeDevice> from_processors(const Machine& machine) {
  ComputeDevice device;
  device.id = "cpu0";
  device.name = machine.processors.empty() ? "the processor" : machine.processors.front().name;
  device.vendor = machine.processors.empty() ? "" : machine.processors.front().vendor;
  const bool mobile = machine.os.name == "Android" || machine.os.name == "iOS";
  device.device_class = mobile ? DeviceClass::phone : machine.board ? DeviceClass::board : DeviceClass::cpu;
  const auto& bandwidth = machine.memory.bandwidth;
  if (!bandwidth || !(bandwidth->value.value > 0)) return no_bandwidth(device.name);
  device.bandwidth = bandwidth->value;
  device.basis = bandwidth->source.origin;
  if (machine.memory.total.value > 0) device.memory = machine.memory.limit ? std::min(*machine.memory.limit, machine.memory.total) : machine.memory.total;
  double vector = 0;
  for (const auto& processor : machine.processors) vector += vector_rate(processor);
  fill_from_class(device, vector, 0);
  return device;
}

}  // namespace

std::string_view to_string(DeviceClass device_class) { return k_class_names[static_cast<std::size_t>(device_class)]; }

std::vector<ComputeDevice> compute_devices(const Machine& machine) {
  std::vector<ComputeDevice> devices;
  for (const auto& accelerator : machine.accelerators)
    if (accelerator.usable)
      if (auto device = from_accelerator(machine, accelerator)) devices.push_back(std::move(*device));
  if (auto device = from_processors(machine)) devices.push_back(std::move(*device));
  return devices;
}

Result<ComputeDevice> compute_device(const Machine& machine, std::string_view id) {
  if (id == "cpu0" || id == "cpu") return from_processors(machine);
  std::optional<Error> why;
  std::optional<ComputeDevice> best;
  for (const auto& accelerator : machine.accelerators) {
    if (!id.empty() && accelerator.id != id) continue;
    if (id.empty() && (!accelerator.usable || accelerator.kind == AcceleratorKind::npu)) continue;
    auto device = from_accelerator(machine, accelerator);
    if (!device) {
      if (!why) why = device.error();
      continue;
    }
    if (!best || device->bandwidth > best->bandwidth) best = std::move(*device);
  }
  if (best) return *std::move(best);
  if (why) return *std::move(why);
  if (!id.empty()) return Error{ErrorCode::not_found, fmt::format("This machine has no device called \"{}\".", id)};
  return from_processors(machine);
}

}  // namespace hardscape
