// hardscape.machine/1 as text. Each fact's origin goes into "sources", keyed by the JSON pointer of its value,
// so that a saved machine keeps its evidence without changing the documented keys.
#include "facts/json_writing.hpp"
#include "hardscape/machine.hpp"

#include <cstdio>

namespace hardscape {
namespace {

class Writer {
 public:
  explicit Writer(const Machine& machine) : machine_(machine) {}

  OrderedJson document() {
    OrderedJson out{{"schema", "hardscape.machine/1"}};
    out["os"] = {{"name", machine_.os.name},
                 {"version", json_of(machine_.os.version)},
                 {"kernel", json_of(machine_.os.kernel)},
                 {"virtualization", json_of(machine_.os.virtualization)},
                 {"container", json_of(machine_.os.container)}};
    out["processors"] = OrderedJson::array();
    for (std::size_t i = 0; i < machine_.processors.size(); ++i)
      out["processors"].push_back(processor(machine_.processors[i], "/processors/" + std::to_string(i)));
    out["memory"] = memory(machine_.memory);
    out["accelerators"] = OrderedJson::array();
    for (std::size_t i = 0; i < machine_.accelerators.size(); ++i)
      out["accelerators"].push_back(accelerator(machine_.accelerators[i], "/accelerators/" + std::to_string(i)));
    out["board"] = json_of(machine_.board);
    out["notes"] = OrderedJson::array();
    for (const auto& note : machine_.notes)
      out["notes"].push_back({{"severity", std::string(to_string(note.severity))},
                              {"code", note.code},
                              {"message", note.message},
                              {"advice", json_of(note.advice)}});
    if (!sources_.empty()) out["sources"] = std::move(sources_);
    return out;
  }

 private:
  template <class T>
  OrderedJson fact(const Known<T>& known, const std::string& pointer) {
    if (known) sources_[pointer] = json_of(known->source);
    return json_of(known);
  }

  OrderedJson processor(const Processor& p, const std::string& at) {
    OrderedJson out{{"name", p.name},       {"vendor", p.vendor}, {"architecture", p.architecture},
                    {"sockets", p.sockets}, {"cores", p.cores},   {"threads", p.threads},
                    {"numa_nodes", p.numa_nodes}, {"features", p.features}};
    out["caches"] = OrderedJson::array();
    for (const auto& cache : p.caches)
      out["caches"].push_back({{"level", cache.level}, {"type", cache.type}, {"size_bytes", json_of(cache.size)},
                               {"instances", cache.instances}});
    out["kinds"] = OrderedJson::array();
    for (const auto& kind : p.kinds)
      out["kinds"].push_back({{"name", kind.name}, {"cores", kind.cores}, {"threads", kind.threads}});
    if (p.max_frequency) out["max_frequency_hz"] = fact(p.max_frequency, at + "/max_frequency_hz");
    return out;
  }

  OrderedJson memory(const Memory& m) {
    OrderedJson out{{"total_bytes", m.total.value > 0 ? OrderedJson(m.total.value) : OrderedJson()},
                    {"available_bytes", json_of(m.available)},
                    {"limit_bytes", json_of(m.limit)},
                    {"unified", m.unified},
                    {"bandwidth_bytes_per_s", fact(m.bandwidth, "/memory/bandwidth_bytes_per_s")},
                    {"swap_bytes", json_of(m.swap)}};
    if (m.type) out["type"] = fact(m.type, "/memory/type");
    if (m.rate) out["transfers_per_s"] = fact(m.rate, "/memory/transfers_per_s");
    if (m.channels) out["channels"] = *m.channels;
    return out;
  }

  static OrderedJson pci(const std::optional<PciAddress>& p) {
    if (!p) return {};
    const auto hex = [](unsigned value) {
      char text[16];
      std::snprintf(text, sizeof text, "%04x", value);
      return std::string(text);
    };
    OrderedJson out{{"address", p->address}, {"vendor_id", hex(p->vendor_id)}, {"device_id", hex(p->device_id)}};
    if (p->revision) out["revision"] = hex(*p->revision).substr(2);
    if (p->subsystem_vendor_id) out["subsystem_vendor_id"] = hex(*p->subsystem_vendor_id);
    if (p->subsystem_device_id) out["subsystem_device_id"] = hex(*p->subsystem_device_id);
    return out;
  }

  OrderedJson accelerator(const Accelerator& a, const std::string& at) {
    OrderedJson out{{"id", a.id},
                    {"kind", std::string(to_string(a.kind))},
                    {"vendor", a.vendor},
                    {"name", a.name},
                    {"catalogue_id", json_of(a.catalogue_id)},
                    {"integrated", a.integrated},
                    {"memory", {{"kind", std::string(to_string(a.memory.kind))},
                                {"total_bytes", fact(a.memory.total, at + "/memory/total_bytes")},
                                {"free_bytes", json_of(a.memory.free)}}},
                    {"bandwidth_bytes_per_s", fact(a.bandwidth, at + "/bandwidth_bytes_per_s")},
                    {"fp32_flops", fact(a.fp32, at + "/fp32_flops")},
                    {"fp16_flops", fact(a.fp16, at + "/fp16_flops")},
                    {"int8_ops", fact(a.int8, at + "/int8_ops")},
                    {"power_limit_w", fact(a.power_limit, at + "/power_limit_w")},
                    {"driver", json_of(a.driver)},
                    {"compute_capability", json_of(a.compute_capability)},
                    {"gfx_target", json_of(a.gfx_target)},
                    {"pci", pci(a.pci)},
                    {"usable", a.usable},
                    {"why_not", json_of(a.why_not)}};
    if (a.compute_units) out["compute_units"] = *a.compute_units;
    if (a.numa_node) out["numa_node"] = *a.numa_node;
    if (!a.partitions.empty()) {
      out["partitions"] = OrderedJson::array();
      for (const auto& p : a.partitions)
        out["partitions"].push_back({{"id", p.id}, {"name", p.name}, {"memory_bytes", json_of(p.memory)}});
    }
    return out;
  }

  const Machine& machine_;
  OrderedJson sources_ = OrderedJson::object();
};

}  // namespace

OrderedJson json_of(const Machine& machine) { return Writer(machine).document(); }
std::string to_json(const Machine& machine) { return dump_document(json_of(machine)); }

}  // namespace hardscape
