// What the routes saw, before anybody decides what it means: the plain value between observing and assembling.
//
// Routes only add to it; they never look at what another route concluded except through these members.
// assemble() turns it into a Machine without touching the world.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/cpu_set.hpp"
#include "detect/parse/cpuinfo.hpp"
#include "hardscape/machine.hpp"

namespace hardscape {

struct CacheSighting {
  int level = 0;
  std::string type;           // "data", "instruction", "unified"
  std::optional<Bytes> size;
  CpuSet shared;              // the logical processors behind this instance
};

struct NumaNodeSighting {
  int id = 0;
  CpuSet cpus;
  std::optional<Bytes> memory;  // as the node's own meminfo says; not to be summed, it can be wrong
};

// Logical processors of one kind of core.
struct CoreKindSighting {
  std::string name;
  CpuSet cpus;
};

// Sets are of online processors, whether allowed to us or not.
struct TopologySighting {
  std::string route;            // who said so; empty: nobody yet
  CpuSet present;
  CpuSet online;
  std::vector<CpuSet> cores;     // disjoint
  std::vector<CpuSet> packages;  // disjoint
  std::vector<CacheSighting> caches;
  std::vector<NumaNodeSighting> nodes;
  std::vector<CoreKindSighting> kinds;
};

// Why a set of processors or an amount of memory is less than the hardware has.
struct AllowedSighting {
  std::optional<CpuSet> cpus;    // affinity mask and cpusets together
  std::optional<CpuSet> nodes;
  std::optional<double> cpu_quota;           // processors' worth of time, from cpu.max of every ancestor
  std::optional<Bytes> memory_limit;         // smallest of all ancestors and resource limits
  std::optional<Bytes> memory_limit_used;    // of the cgroup that sets it
  std::string memory_limit_path;
};

struct ProcessorSighting {
  std::optional<std::string> name;
  std::optional<std::string> vendor;
  std::optional<std::string> architecture;
  std::vector<std::string> features;
  Known<Hertz> max_frequency;
};

struct MemorySighting {
  std::optional<Bytes> total;       // as the kernel counts it
  std::optional<Bytes> available;
  std::optional<Bytes> swap;
  Known<std::string> type;
  Known<TransfersPerSecond> rate;
  std::optional<int> channels;
  std::optional<int> bus_bits;      // all channels together
  Known<BytesPerSecond> bandwidth;  // when somebody says it outright
};

// Memory of a device that the kernel lists as a NUMA node and counts in MemTotal (POWER9 with V100, Grace).
struct DeviceNodeSighting {
  int node = -1;
  std::optional<Bytes> size;
  std::string accelerator;   // key of the accelerator it belongs to
};

// One physical device. The key is its PCI address ("0000:01:00.0") or, off PCI, its device-tree node or the
// platform's word for it; routes that see the same device add to the same record.
struct AcceleratorSighting {
  std::string key;
  Accelerator device;        // `id` is given by assemble()

  std::string folder;                  // of its attributes in sysfs; empty when it has none
  bool is_asleep = false;              // powered down: nobody may ask its driver, that would wake it
  std::string uuid;                    // the driver's own, to match visible-device variables; never reported
  bool uses_system_memory = false;     // all of it: total and free are the machine's
  std::optional<Bytes> carve_out;      // set aside by firmware for the device, outside the kernel's total
  std::optional<Bytes> carve_out_used;
  std::optional<Bytes> mappable;       // most system memory that the driver lets the device use besides
  std::string mappable_source;
  std::optional<Bytes> memory_at_least;  // of a card's own, when nobody says the size
};

struct Sightings {
  OperatingSystem os;
  Cpuinfo cpuinfo;                 // empty where there is no /proc/cpuinfo
  TopologySighting topology;
  AllowedSighting allowed;
  ProcessorSighting processor;
  MemorySighting memory;
  std::vector<AcceleratorSighting> accelerators;
  std::vector<DeviceNodeSighting> device_nodes;
  std::optional<std::string> board;
  std::vector<std::string> device_tree_compatible;  // "nvidia,tegra234", most specific first
  std::vector<Note> notes;
  std::chrono::milliseconds library_time{0};  // spent waiting for vendor libraries, which all share one limit

  // The record of this key, made when there is none yet.
  AcceleratorSighting& accelerator(std::string_view key);
  AcceleratorSighting* find_accelerator(std::string_view key);
  void note(Severity severity, std::string_view code, std::string message, std::optional<std::string> advice = {});
};

}  // namespace hardscape
