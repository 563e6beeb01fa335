// What is in a machine: the value that every later part reads (document hardscape.machine/1).
//
// Plain data, compared member by member. Counts say what is online and allowed for this process;
// what is offline or forbidden appears in notes. Unknown members are absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/provenance.hpp"
#include "hardscape/result.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

enum class Severity { info, warning, error };
std::string_view to_string(Severity severity);

// Something a person should know, and what to do about it.
struct Note {
  Severity severity = Severity::info;
  std::string code;                  // stable, lower case with dashes: "driver-mismatch"
  std::string message;               // a sentence
  std::optional<std::string> advice; // what to try next

  friend bool operator==(const Note&, const Note&) = default;
};

struct OperatingSystem {
  std::string name;                           // "Debian GNU/Linux", "macOS", "Windows", "Android"
  std::optional<std::string> version;
  std::optional<std::string> kernel;
  std::optional<std::string> virtualization;  // "kvm", "vmware", "wsl2" ...; absent on bare metal
  std::optional<std::string> container;       // "docker", "lxc", "kubernetes" ...

  friend bool operator==(const OperatingSystem&, const OperatingSystem&) = default;
};

struct Cache {
  int level = 0;
  std::string type;                 // "data", "instruction", "unified"
  std::optional<Bytes> size;        // of one instance; absent where the kernel does not say
  int instances = 0;

  friend bool operator==(const Cache&, const Cache&) = default;
};

// One kind of core of a hybrid processor: "performance", "efficiency", "low-power", or a design's name.
struct CoreKind {
  std::string name;
  int cores = 0;
  int threads = 0;

  friend bool operator==(const CoreKind&, const CoreKind&) = default;
};

struct Processor {
  std::string name;
  std::string vendor;
  std::string architecture;           // "x86_64", "aarch64", "riscv64" ...
  int sockets = 0;
  int cores = 0;                      // over all sockets, online and allowed
  int threads = 0;
  int numa_nodes = 0;                 // with memory for this process
  std::vector<std::string> features;  // instruction sets that matter here and that the system lets us use
  std::vector<Cache> caches;
  std::vector<CoreKind> kinds;        // empty unless the cores differ
  Known<Hertz> max_frequency;

  friend bool operator==(const Processor&, const Processor&) = default;
};

struct Memory {
  Bytes total;                       // usable by the kernel, without memory that belongs to a device
  std::optional<Bytes> available;    // what this process could take now without swapping
  std::optional<Bytes> limit;        // smallest limit set on this process (cgroup, rlimit); absent: none
  bool unified = false;              // shared with an accelerator at full speed
  Known<BytesPerSecond> bandwidth;   // theoretical or measured, see source
  std::optional<Bytes> swap;
  Known<std::string> type;           // "DDR5"
  Known<TransfersPerSecond> rate;
  std::optional<int> channels;

  friend bool operator==(const Memory&, const Memory&) = default;
};

struct PciAddress {
  std::string address;       // "0000:01:00.0"; the domain may have more than four digits
  std::uint16_t vendor_id = 0;
  std::uint16_t device_id = 0;
  std::optional<std::uint8_t> revision;
  std::optional<std::uint16_t> subsystem_vendor_id;
  std::optional<std::uint16_t> subsystem_device_id;

  friend bool operator==(const PciAddress&, const PciAddress&) = default;
};

enum class AcceleratorKind { gpu, npu, tpu };
enum class MemoryKind { dedicated, unified, shared };
std::string_view to_string(AcceleratorKind kind);
std::string_view to_string(MemoryKind kind);
std::optional<AcceleratorKind> accelerator_kind_from(std::string_view name);
std::optional<MemoryKind> memory_kind_from(std::string_view name);

struct AcceleratorMemory {
  MemoryKind kind = MemoryKind::dedicated;
  Known<Bytes> total;        // what the device may use; absent when only a lower bound is known
  std::optional<Bytes> free;

  friend bool operator==(const AcceleratorMemory&, const AcceleratorMemory&) = default;
};

// A slice of a device that is handed out on its own (MIG instance, CPX partition).
struct Partition {
  std::string id;
  std::string name;
  std::optional<Bytes> memory;

  friend bool operator==(const Partition&, const Partition&) = default;
};

struct Accelerator {
  std::string id;                        // "gpu0", "npu0": stable within one machine
  AcceleratorKind kind = AcceleratorKind::gpu;
  std::string vendor;
  std::string name;                      // as the driver says, else from the PCI id; all candidates if ambiguous
  std::optional<std::string> catalogue_id;
  bool integrated = false;               // shares the processor's memory by construction
  AcceleratorMemory memory;
  Known<BytesPerSecond> bandwidth;
  Known<FlopsPerSecond> fp32;
  Known<FlopsPerSecond> fp16;            // dense, the rate matrix work gets
  Known<OpsPerSecond> int8;              // dense
  Known<Watts> power_limit;
  std::optional<std::string> driver;
  std::optional<std::string> compute_capability;  // NVIDIA, "9.0"
  std::optional<std::string> gfx_target;          // AMD, "gfx942"
  std::optional<int> compute_units;
  std::optional<PciAddress> pci;
  std::optional<int> numa_node;
  bool usable = false;
  std::optional<std::string> why_not;    // a sentence, when not usable
  std::vector<Partition> partitions;

  friend bool operator==(const Accelerator&, const Accelerator&) = default;
};

struct Machine {
  OperatingSystem os;
  std::vector<Processor> processors;
  Memory memory;
  std::vector<Accelerator> accelerators;
  std::optional<std::string> board;
  std::vector<Note> notes;

  friend bool operator==(const Machine&, const Machine&) = default;
};

// The document hardscape.machine/1, two spaces of indentation, newline at the end.
std::string to_json(const Machine& machine);

// Reads what to_json wrote. `place` (a file name) goes in front of every complaint, which names the key.
Result<Machine> machine_from_json(std::string_view text, std::string_view place);

}  // namespace hardscape
