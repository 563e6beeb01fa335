#include <fmt/format.h>

#include "catalogue/field_list.hpp"

namespace hardscape {
namespace {

void add_memory(FieldList& fields, const Device& d) {
  fields.group("Memory");
  std::vector<double> sizes;
  std::vector<std::string> words;
  for (const auto& option : d.memory_options) {
    sizes.push_back(static_cast<double>(option.value.value));
    words.push_back(words_of(option.value));
  }
  if (!sizes.empty()) fields.add("memory_bytes", "Memory", sizes, join_words(words, "or"), d.memory_options.front().source);
  fields.known("usable_memory_bytes", "As its driver reports", d.usable_memory)
      .known("memory_type", "Type", d.memory_type);
  if (d.memory_bus_bits)
    fields.number("memory_bus_bits", "Bus", static_cast<double>(d.memory_bus_bits->value), fmt::format("{} bits", d.memory_bus_bits->value),
                  d.memory_bus_bits->source);
  fields.known("memory_rate_transfers_per_s", "Rate", d.memory_rate)
      .known("bandwidth_bytes_per_s", "Bandwidth", d.bandwidth)
      .flag("unified_memory", "Shared by processor and GPU", d.unified_memory);
}

void add_rates(FieldList& fields, const Device& d) {
  fields.group("Dense arithmetic")
      .known("fp64_flops", "FP64", d.fp64)
      .known("fp32_flops", "FP32 (vector)", d.fp32)
      .known("fp16_flops", "FP16", d.fp16)
      .known("bf16_flops", "BF16", d.bf16)
      .known("fp8_flops", "FP8", d.fp8)
      .known("fp4_flops", "FP4", d.fp4)
      .known("int8_ops", "INT8", d.int8)
      .known("npu_int8_ops", "NPU", d.npu_int8)
      .count("compute_units", "Compute units", d.compute_units)
      .known("boost_clock_hz", "Boost clock", d.boost_clock);
}

std::string pci_text(const PciMatch& pci) {
  std::string text = fmt::format("{:04x}:{:04x}", pci.vendor_id, pci.device_id);
  if (pci.revision) text += fmt::format(" rev {:02x}", *pci.revision);
  if (pci.subsystem_device_id) text += fmt::format(" sub {:04x}", *pci.subsystem_device_id);
  return text;
}

std::optional<double> plain(const std::optional<Usd>& price) {
  return price ? std::optional<double>(price->value) : std::nullopt;
}

}  // namespace

Record record_from(const Device& d) {
  Record record{"devices", d.id, d.name, {}, d.superseded, d.notes, d.vendor, d.device_class, {}, {}, {}};
  FieldList fields(record);
  fields.text("vendor", "Vendor", d.vendor)
      .text("name", "Name", d.name)
      .text("class", "Class", d.device_class)
      .text("architecture", "Architecture", d.architecture)
      .text("launch", "Launched", d.launch)
      .text("status", "Status", d.status);
  add_memory(fields, d);
  add_rates(fields, d);
  fields.group("Power")
      .known("power_w", "TDP or board power", d.power)
      .known("idle_power_w", "Idle", d.idle_power)
      .known("inference_power_w", "In inference", d.inference_power)
      .known("training_power_w", "In training", d.training_power);
  fields.group("Price").known("msrp_usd", "List price at launch", d.msrp).known("price_usd", "Price seen", d.price);
  if (d.price && d.price_low && d.price_high)
    fields.number("price_low_usd", "from", plain(d.price_low), words_of(*d.price_low), d.price->source)
        .number("price_high_usd", "to", plain(d.price_high), words_of(*d.price_high), d.price->source);
  fields.group("Connections")
      .text("pcie", "PCI Express", d.pcie)
      .text("form_factor", "Form factor", d.form_factor)
      .text("interconnect", "Interconnect", d.interconnect)
      .known("interconnect_bytes_per_s", "Both ways together", d.interconnect_bandwidth);
  std::vector<std::string> pci;
  for (const auto& match : d.pci_ids) pci.push_back(pci_text(match));
  fields.group("Recognised by")
      .text("compute_capability", "Compute capability", d.compute_capability)
      .text("gfx_target", "GFX target", d.gfx_target)
      .texts("pci_ids", "PCI ids", pci)
      .texts("processors", "Processor names", d.processors)
      .texts("aliases", "Other names", d.aliases)
      .text("variant_of", "Variant of", d.variant_of)
      .count("software_devices", "Devices seen by software", d.software_devices);
  for (const auto& option : d.memory_options) record.memory_bytes.push_back(static_cast<double>(option.value.value));
  if (d.msrp) record.price_usd = d.msrp->value.value;
  if (!record.price_usd && d.price) record.price_usd = d.price->value.value;
  if (const auto year = parse_integer(std::string_view(d.launch).substr(0, 4))) record.year = static_cast<int>(*year);
  return record;
}

}  // namespace hardscape
