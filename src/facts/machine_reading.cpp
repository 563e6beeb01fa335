#include <map>

#include "base/text.hpp"
#include "facts/json_writing.hpp"
#include "hardscape/machine.hpp"

namespace hardscape {
namespace {

class Reader {
 public:
  Reader(const JsonReader& root, std::optional<Error>& failure) : root_(root), failure_(failure) {
    if (const auto found = root.object("sources")) {
      for (const auto& [pointer, value] : found->json().members())
        if (value.is_object()) sources_[std::string(pointer)] = source_from(JsonReader(value, "/sources", failure_));
    }
  }

  Machine machine() {
    Machine out;
    if (const auto os = root_.object("os")) {
      out.os.name = os->need_text("name");
      out.os.version = os->text("version");
      out.os.kernel = os->text("kernel");
      out.os.virtualization = os->text("virtualization");
      out.os.container = os->text("container");
    }
    for (const auto& p : root_.array("processors")) out.processors.push_back(processor(p));
    if (const auto memory = root_.object("memory")) out.memory = read_memory(*memory);
    for (const auto& a : root_.array("accelerators")) out.accelerators.push_back(accelerator(a));
    out.board = root_.text("board");
    for (const auto& n : root_.array("notes")) {
      Note note;
      for (const auto severity : {Severity::info, Severity::warning, Severity::error})
        if (to_string(severity) == n.need_text("severity")) note.severity = severity;
      note.code = n.need_text("code");
      note.message = n.need_text("message");
      note.advice = n.text("advice");
      out.notes.push_back(std::move(note));
    }
    return out;
  }

 private:
  // A value without a recorded source was written by a person or another program: it is what they report.
  Source source_at(const JsonReader& at, std::string_view key) const {
    const auto found = sources_.find(at.pointer() + "/" + std::string(key));
    return found != sources_.end() ? found->second : Source{Origin::reported, "machine document", "", Confidence::unstated};
  }

  template <class Q>
  Known<Q> positive(const JsonReader& at, std::string_view key) const {
    const auto value = at.number(key);
    if (!value) return std::nullopt;
    if (*value <= 0 || *value > 1e18) {
      at.fail(key, "a positive number (null when it is not known)");
      return std::nullopt;
    }
    return Fact<Q>{Q{static_cast<typename Q::rep>(*value)}, source_at(at, key)};
  }

  std::optional<Bytes> bytes(const JsonReader& at, std::string_view key) const {
    const auto value = at.integer(key);
    if (!value) return std::nullopt;
    if (*value < 0) {
      at.fail(key, "a number of bytes that is not negative");
      return std::nullopt;
    }
    return Bytes{*value};
  }

  int count(const JsonReader& at, std::string_view key) const {
    const auto value = at.integer(key).value_or(0);
    if (value < 0 || value > 1'000'000) at.fail(key, "a count from 0 to 1000000");
    return static_cast<int>(value);
  }

  Processor processor(const JsonReader& p) const {
    Processor out;
    out.name = p.text("name").value_or("");
    out.vendor = p.text("vendor").value_or("");
    out.architecture = p.text("architecture").value_or("");
    out.sockets = count(p, "sockets");
    out.cores = count(p, "cores");
    out.threads = count(p, "threads");
    out.numa_nodes = count(p, "numa_nodes");
    out.features = p.texts("features");
    for (const auto& c : p.array("caches"))
      out.caches.push_back({count(c, "level"), c.text("type").value_or(""), bytes(c, "size_bytes"), count(c, "instances")});
    for (const auto& k : p.array("kinds"))
      out.kinds.push_back({k.need_text("name"), count(k, "cores"), count(k, "threads")});
    out.max_frequency = positive<Hertz>(p, "max_frequency_hz");
    return out;
  }

  Memory read_memory(const JsonReader& m) const {
    Memory out;
    out.total = bytes(m, "total_bytes").value_or(Bytes{0});
    out.available = bytes(m, "available_bytes");
    out.limit = bytes(m, "limit_bytes");
    out.unified = m.flag("unified").value_or(false);
    out.bandwidth = positive<BytesPerSecond>(m, "bandwidth_bytes_per_s");
    out.swap = bytes(m, "swap_bytes");
    if (auto type = m.text("type")) out.type = Fact<std::string>{*std::move(type), source_at(m, "type")};
    out.rate = positive<TransfersPerSecond>(m, "transfers_per_s");
    if (m.has("channels")) out.channels = count(m, "channels");
    return out;
  }

  std::optional<PciAddress> pci(const JsonReader& a) const {
    const auto p = a.object("pci");
    if (!p) return std::nullopt;
    const auto id = [&](std::string_view key, std::uint64_t most) -> std::optional<std::uint64_t> {
      const auto text = p->text(key);
      if (!text) return std::nullopt;
      const auto value = parse_unsigned(*text, 16);
      if (!value || *value > most) p->fail(key, "a hexadecimal id");
      return value;
    };
    PciAddress out;
    out.address = p->need_text("address");
    out.vendor_id = static_cast<std::uint16_t>(id("vendor_id", 0xffff).value_or(0));
    out.device_id = static_cast<std::uint16_t>(id("device_id", 0xffff).value_or(0));
    if (const auto v = id("revision", 0xff)) out.revision = static_cast<std::uint8_t>(*v);
    if (const auto v = id("subsystem_vendor_id", 0xffff)) out.subsystem_vendor_id = static_cast<std::uint16_t>(*v);
    if (const auto v = id("subsystem_device_id", 0xffff)) out.subsystem_device_id = static_cast<std::uint16_t>(*v);
    return out;
  }

  Accelerator accelerator(const JsonReader& a) const {
    Accelerator out;
    out.id = a.need_text("id");
    const auto kind = accelerator_kind_from(a.need_text("kind"));
    if (!kind) a.fail("kind", "gpu, npu or tpu");
    out.kind = kind.value_or(AcceleratorKind::gpu);
    out.vendor = a.text("vendor").value_or("");
    out.name = a.need_text("name");
    out.catalogue_id = a.text("catalogue_id");
    out.integrated = a.flag("integrated").value_or(false);
    if (const auto m = a.object("memory")) {
      const auto memory_kind = memory_kind_from(m->need_text("kind"));
      if (!memory_kind) m->fail("kind", "dedicated, unified or shared");
      out.memory.kind = memory_kind.value_or(MemoryKind::dedicated);
      out.memory.total = positive<Bytes>(*m, "total_bytes");
      out.memory.free = bytes(*m, "free_bytes");
    }
    out.bandwidth = positive<BytesPerSecond>(a, "bandwidth_bytes_per_s");
    out.fp32 = positive<FlopsPerSecond>(a, "fp32_flops");
    out.fp16 = positive<FlopsPerSecond>(a, "fp16_flops");
    out.int8 = positive<OpsPerSecond>(a, "int8_ops");
    out.power_limit = positive<Watts>(a, "power_limit_w");
    out.driver = a.text("driver");
    out.compute_capability = a.text("compute_capability");
    out.gfx_target = a.text("gfx_target");
    if (a.has("compute_units")) out.compute_units = count(a, "compute_units");
    if (a.has("numa_node")) out.numa_node = count(a, "numa_node");
    out.pci = pci(a);
    out.usable = a.flag("usable").value_or(false);
    out.why_not = a.text("why_not");
    for (const auto& p : a.array("partitions"))
      out.partitions.push_back({p.need_text("id"), p.text("name").value_or(""), bytes(p, "memory_bytes")});
    return out;
  }

  const JsonReader& root_;
  std::optional<Error>& failure_;
  std::map<std::string, Source> sources_;
};

}  // namespace

Result<Machine> machine_from_json(std::string_view text, std::string_view place) {
  const auto json = JsonDocument::parse(text, place);
  if (!json) return json.error();
  std::optional<Error> failure;
  const JsonReader root(json->root(), "", failure);
  if (!json->root().is_object() || root.text("schema").value_or("") != "hardscape.machine/1")
    return Error{ErrorCode::malformed, std::string(place) +
                                           ": /schema: expected \"hardscape.machine/1\"; a machine document is what "
                                           "`hardscape detect --json` writes"};
  Machine machine = Reader(root, failure).machine();
  if (failure) return std::move(*failure).within(place);
  return machine;
}

}  // namespace hardscape
