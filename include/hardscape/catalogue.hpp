// The hardware, models, prices, interconnects and runtimes that the program knows, each number with its source.
//
// Read from the JSON records in data/ (embedded in the library) with an optional overlay folder of the user's.
// Loading is lazy per kind: asking for prices does not parse models. Plain values; a loaded Catalogue is
// immutable and may be shared between threads.
//
// Source::ref of a catalogued value is one or more entries "id" or "id:place in it", joined by "; ", whose ids are
// in sources() ("tpudb:geforce-rtx-4090.c3889; wp; epoch"). Memory sizes are binary, as chips are: "24 GB" is 24 GiB.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/machine.hpp"
#include "hardscape/model_record.hpp"
#include "hardscape/provenance.hpp"
#include "hardscape/result.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

// A figure that something else said and that is not the one to use: a vendor's sparse number, the guide's slip.
struct Superseded {
  std::string field;   // member of the record, by its key in the data file ("price_usd")
  std::string value;   // as it was printed there, with its unit
  Source source;
  std::string why;     // what is wrong with it

  friend bool operator==(const Superseded&, const Superseded&) = default;
};

struct PciMatch {
  std::uint16_t vendor_id = 0;
  std::uint16_t device_id = 0;
  std::optional<std::uint8_t> revision;              // when one id is several products
  std::optional<std::uint16_t> subsystem_device_id;

  friend bool operator==(const PciMatch&, const PciMatch&) = default;
};

// One product that computes: a GPU, an SoC, a CPU, an NPU, a board, a cloud-only chip. Rates are dense, and those of
// an SoC are its GPU's; the NPU beside it has a rate of its own.
struct Device {
  std::string id;             // "rtx-4090"
  std::string vendor;
  std::string name;           // "GeForce RTX 4090"
  std::string device_class;   // "consumer-gpu", "datacenter-gpu", "apple-soc", "cpu", "edge-board" ...
  std::string architecture;
  std::string launch;         // "2022-10", or a year; empty: unknown
  std::string status;         // "available", "announced", "expected", "cloud-only", "discontinued"

  std::vector<Fact<Bytes>> memory_options;   // purchasable sizes, ascending; one for a graphics card
  Known<Bytes> usable_memory;                // what its driver reports of the largest option, where a source says so
  std::optional<std::int64_t> software_devices;  // devices that software sees, when not one (MI250X: 2)
  Known<std::string> memory_type;
  Known<int> memory_bus_bits;
  Known<TransfersPerSecond> memory_rate;     // per pin
  Known<BytesPerSecond> bandwidth;
  bool unified_memory = false;

  Known<FlopsPerSecond> fp64;
  Known<FlopsPerSecond> fp32;                // vector units
  Known<FlopsPerSecond> fp16;                // matrix units where the device has them, FP32 accumulation
  Known<FlopsPerSecond> bf16;
  Known<FlopsPerSecond> fp8;
  Known<FlopsPerSecond> fp4;
  Known<OpsPerSecond> int8;
  Known<OpsPerSecond> npu_int8;              // of the neural engine or NPU in an SoC, as its vendor states it

  Known<Watts> power;                        // TDP or board power
  Known<Watts> idle_power;
  Known<Watts> inference_power;
  Known<Watts> training_power;
  Known<Usd> msrp;                           // launch price
  Known<Usd> price;                          // what it costs today, with low and high where known
  std::optional<Usd> price_low;
  std::optional<Usd> price_high;

  std::optional<std::int64_t> compute_units; // SMs, CUs, Xe cores, GPU cores; whatever its vendor counts
  Known<Hertz> boost_clock;

  std::optional<std::string> compute_capability;
  std::optional<std::string> gfx_target;
  std::optional<std::string> pcie;           // "4.0 x16"
  std::optional<std::string> form_factor;    // "SXM5", "OAM", where the name does not say it all
  std::optional<std::string> interconnect;   // id in interconnects: "nvlink-4"
  Known<BytesPerSecond> interconnect_bandwidth;  // both directions together, as vendors print it

  std::vector<std::string> aliases;          // as drivers, shops and people write it
  std::vector<PciMatch> pci_ids;
  std::vector<std::string> processors;       // names the kernel gives its processor, with * and ?: "*EPYC 9??4*"
  std::optional<std::string> variant_of;     // id that people mean when they leave out memory size or form factor
  std::string notes;
  std::vector<Superseded> superseded;

  friend bool operator==(const Device&, const Device&) = default;
};

// One way to rent one or more devices.
struct CloudOffer {
  std::string id;
  std::string provider;
  std::string instance;
  std::string gpu;                          // as the provider writes it
  std::optional<std::string> device_id;     // the catalogue device, when it can be told
  int count = 1;                            // devices in one instance
  std::string region;
  Known<UsdPerHour> on_demand;              // for the whole instance
  Known<UsdPerHour> spot;
  Known<UsdPerHour> reserved;
  bool per_device = false;                  // the price is of one device whatever `count` says
  bool excludes_host = false;               // processor and memory are billed apart
  bool suspect = false;                     // the source contradicts itself; see notes
  std::string notes;

  friend bool operator==(const CloudOffer&, const CloudOffer&) = default;
};

struct Interconnect {
  std::string id;                           // "nvlink-4", "infiniband-ndr", "ethernet-400g", "pcie-5-x16"
  std::string name;
  std::string kind;                         // "gpu-link", "bus", "fabric", "ethernet", "coherent"
  Known<BytesPerSecond> per_direction;
  Known<BytesPerSecond> total;              // both directions
  Known<Seconds> latency;
  std::string range;                        // "within a node", "100 m", "rack"
  Known<Usd> cost_per_port;
  std::vector<std::string> aliases;
  std::string notes;
  std::vector<Superseded> superseded;

  friend bool operator==(const Interconnect&, const Interconnect&) = default;
};

// A program or library that runs models.
struct Runtime {
  std::string id;                           // "llama.cpp"
  std::string name;
  std::string vendor;
  std::vector<std::string> hardware;        // "nvidia-gpu", "amd-gpu", "apple-gpu", "x86-cpu", "qualcomm-npu" ...
  std::vector<std::string> formats;         // what it reads: "gguf", "safetensors", "onnx"
  std::vector<std::string> quantisations;
  std::string llm_support;                  // "full", "partial", "none"
  std::string licence;
  std::vector<std::string> platforms;       // "linux", "windows", "macos", "android", "ios"
  std::vector<std::string> backends;        // execution providers, plug-ins
  std::vector<std::string> aliases;
  std::string notes;
  Source source;
  std::vector<Superseded> superseded;

  friend bool operator==(const Runtime&, const Runtime&) = default;
};

// A name for many devices: a kind of hardware ("GPU"), a generation ("RTX 50 series") or a unit that chips contain
// ("Adreno GPU"). Its figures are ranges over its members.
struct HardwareFamily {
  std::string id;                           // "gpu", "rtx-50-series", "hexagon-npu"
  std::string name;
  std::vector<std::string> aliases;
  std::string does;                         // what it computes and what it is used for
  // A member is named in `members`, or fits each of the lists below that is not empty.
  std::vector<std::string> members;         // ids of devices
  std::vector<std::string> classes;
  std::vector<std::string> vendors;
  std::vector<std::string> architectures;
  std::vector<std::string> runtimes;        // ids of runtimes that use it
  std::string notes;
  Source source;
  std::vector<Superseded> superseded;

  friend bool operator==(const HardwareFamily&, const HardwareFamily&) = default;
};

// What electricity costs in a place, by kind of customer.
struct EnergyTariff {
  std::string id;                           // "us-ny", "us-average"
  std::string region;                       // "New York, USA"
  Known<UsdPerKilowattHour> residential;
  Known<UsdPerKilowattHour> commercial;
  Known<UsdPerKilowattHour> industrial;
  Known<UsdPerKilowattHour> average;        // over all customers

  friend bool operator==(const EnergyTariff&, const EnergyTariff&) = default;
};

// Grams of CO2-equivalent per kWh of a country's grid.
struct GridCarbon {
  std::string id;                           // "usa", "deu"
  std::string region;
  Known<double> grams_per_kwh;

  friend bool operator==(const GridCarbon&, const GridCarbon&) = default;
};

// Power usage effectiveness: energy into the building over energy into the machines, at least 1.
struct FacilityOverhead {
  std::string id;                           // "industry-2024", "google"
  std::string name;
  Known<double> pue;

  friend bool operator==(const FacilityOverhead&, const FacilityOverhead&) = default;
};

// An entry of data/sources.json.
struct SourceRecord {
  std::string id;
  std::string title;
  std::string url;
  std::string date;      // date read, or the date it speaks of
  std::string licence;
  std::string notes;

  friend bool operator==(const SourceRecord&, const SourceRecord&) = default;
};

// The answer to a name that people or drivers wrote.
struct Lookup {
  std::vector<const Device*> matches;        // one: resolved; several: ambiguous ("M3 Max"); none: see nearest
  std::vector<std::string> nearest;          // ids that look alike, best first
  std::string question;                      // what to ask when ambiguous: "which GPU-core count, 30 or 40?"
  std::optional<Bytes> memory;               // the size that the name states ("M4 Max 64GB")
  std::string contradiction;                 // why the devices so named are not meant: "sold with 24 GB, not with 48 GB"
};

// The same for models.
struct ModelLookup {
  const ModelRecord* match = nullptr;
  std::vector<std::string> nearest;          // ids that look alike, best first, when there is no match
  std::optional<std::string> note;           // when another model's record stands in for it (same shape)
};

// What its user pays for something that is known by that id: a device, a cloud's offer, or a host, supply or computer of
// data/hosts. An overlay's list "prices" has them; each stands in place of the price that the record itself has.
struct PriceRecord {
  std::string id;
  Known<Usd> price;                // of one, with low and high where it is a range
  std::optional<Usd> price_low;
  std::optional<Usd> price_high;
  Known<UsdPerHour> on_demand;     // of an offer, as its record counts (per device or per instance)

  friend bool operator==(const PriceRecord&, const PriceRecord&) = default;
};

class Catalogue {
 public:
  // The embedded records only.
  static Catalogue built_in();
  // With the records of a folder on top: same ids replace, new ids add, prices amend. Errors name file, record and key.
  static Result<Catalogue> with_overlay(const std::string& folder);

  std::span<const Device> devices() const;
  std::span<const ModelRecord> models() const;
  std::span<const CloudOffer> offers() const;
  std::span<const Interconnect> interconnects() const;
  std::span<const Runtime> runtimes() const;
  std::span<const HardwareFamily> families() const;
  std::span<const EnergyTariff> tariffs() const;
  std::span<const GridCarbon> grids() const;
  std::span<const FacilityOverhead> facilities() const;
  std::span<const SourceRecord> sources() const;
  std::span<const PriceRecord> prices() const;               // of the overlay; devices and offers have taken theirs

  const Device* find_device(std::string_view id) const;      // exact id
  Lookup look_up(std::string_view name) const;                // ids, names, aliases as written by anybody
  // Devices with this PCI id; several where one id is several products and revision and subsystem do not decide.
  std::vector<const Device*> by_pci(const PciAddress& pci) const;
  const ModelRecord* find_model(std::string_view id) const;   // exact id
  // "llama-3.1-8b", "Llama 3.1 8B", "meta-llama/Llama-3.1-8B-Instruct", "llama3.1:8b", "Llama-3.1-8B-Instruct-Q4_K_M".
  ModelLookup look_up_model(std::string_view name) const;
  const Interconnect* find_interconnect(std::string_view id) const;
  const Runtime* find_runtime(std::string_view id) const;
  const HardwareFamily* family_named(std::string_view name) const;   // id, name or alias as written by anybody
  std::vector<const Device*> members_of(const HardwareFamily& family) const;
  const SourceRecord* find_source(std::string_view id) const;  // "tpudb" or "tpudb:place in it"

 private:
  struct Data;
  std::shared_ptr<const Data> data_;
};

// The machine with the specifications of its devices filled in from the catalogue (facts of the machine itself win).
Machine resolve(Machine machine, const Catalogue& catalogue);

// A machine made of catalogue parts: "rtx-4090", "2x rtx-3090", "apple-m4-max-40", "4x h100 + epyc-9654".
Result<Machine> machine_from_name(std::string_view name, const Catalogue& catalogue);

}  // namespace hardscape
