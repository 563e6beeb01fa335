#include "base/text.hpp"
#include "catalogue/kinds.hpp"
#include "catalogue/record_reader.hpp"

namespace hardscape {
namespace {

// "10de:2684", "1002:744c rev c8", "10de:1eb8 sub 12a2".
std::optional<PciMatch> pci_match(std::string_view text) {
  const auto words = split_words(text);
  if (words.empty() || words.size() % 2 == 0) return std::nullopt;
  const auto colon = words[0].find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto vendor = parse_unsigned(words[0].substr(0, colon), 16);
  const auto device = parse_unsigned(words[0].substr(colon + 1), 16);
  if (!vendor || !device || *vendor > 0xFFFF || *device > 0xFFFF) return std::nullopt;
  PciMatch match{static_cast<std::uint16_t>(*vendor), static_cast<std::uint16_t>(*device), {}, {}};
  for (std::size_t i = 1; i < words.size(); i += 2) {
    const auto value = parse_unsigned(words[i + 1], 16);
    if (!value) return std::nullopt;
    if (words[i] == "rev" && *value <= 0xFF)
      match.revision = static_cast<std::uint8_t>(*value);
    else if (words[i] == "sub" && *value <= 0xFFFF)
      match.subsystem_device_id = static_cast<std::uint16_t>(*value);
    else
      return std::nullopt;
  }
  return match;
}

void read_rates(RecordReader& record, Device& device) {
  device.fp64 = record.known<FlopsPerSecond>("fp64_flops");
  device.fp32 = record.known<FlopsPerSecond>("fp32_flops");
  device.fp16 = record.known<FlopsPerSecond>("fp16_flops");
  device.bf16 = record.known<FlopsPerSecond>("bf16_flops");
  device.fp8 = record.known<FlopsPerSecond>("fp8_flops");
  device.fp4 = record.known<FlopsPerSecond>("fp4_flops");
  device.int8 = record.known<OpsPerSecond>("int8_ops");
  device.npu_int8 = record.known<OpsPerSecond>("npu_int8_ops");
}

void read_price(RecordReader& record, Device& device) {
  device.msrp = record.known<Usd>("msrp_usd");
  device.price = record.known<Usd>("price_usd");
  const auto low = record.number("price_low_usd");
  const auto high = record.number("price_high_usd");
  if (low) device.price_low = Usd{*low};
  if (high) device.price_high = Usd{*high};
  if (low && high && *low > *high) record.fail("price_low_usd", "no more than price_high_usd");
}

}  // namespace

void read_record(const JsonReader& reader, Device& device) {
  RecordReader record(reader, Kind<Device>::names.record);
  device.id = record.need_text("id");
  device.vendor = record.text("vendor");
  device.name = record.need_text("name");
  device.device_class = record.need_text("class");
  device.architecture = record.text("architecture");
  device.launch = record.text("launch");
  device.status = record.maybe_text("status").value_or("available");
  device.memory_options = record.byte_options("memory_bytes");
  device.usable_memory = record.known<Bytes>("usable_memory_bytes");
  device.software_devices = record.integer("software_devices");
  device.memory_type = record.known_text("memory_type");
  if (const auto bits = record.known_number("memory_bus_bits"))
    device.memory_bus_bits = Fact<int>{static_cast<int>(bits->value < 1e6 ? bits->value : 0), bits->source};
  device.memory_rate = record.known<TransfersPerSecond>("memory_rate_transfers_per_s");
  device.bandwidth = record.known<BytesPerSecond>("bandwidth_bytes_per_s");
  device.unified_memory = record.flag("unified_memory").value_or(false);
  read_rates(record, device);
  device.power = record.known<Watts>("power_w");
  device.idle_power = record.known<Watts>("idle_power_w");
  device.inference_power = record.known<Watts>("inference_power_w");
  device.training_power = record.known<Watts>("training_power_w");
  read_price(record, device);
  device.compute_units = record.integer("compute_units");
  device.boost_clock = record.known<Hertz>("boost_clock_hz");
  device.compute_capability = record.maybe_text("compute_capability");
  device.gfx_target = record.maybe_text("gfx_target");
  device.pcie = record.maybe_text("pcie");
  device.form_factor = record.maybe_text("form_factor");
  device.interconnect = record.maybe_text("interconnect");
  device.interconnect_bandwidth = record.known<BytesPerSecond>("interconnect_bytes_per_s");
  device.aliases = record.texts("aliases");
  for (const auto& text : record.texts("pci_ids")) {
    if (const auto match = pci_match(text))
      device.pci_ids.push_back(*match);
    else
      record.fail("pci_ids", "texts such as \"10de:2684\" or \"1002:744c rev c8\"");
  }
  device.processors = record.texts("processors");
  device.variant_of = record.maybe_text("variant_of");
  device.notes = record.text("notes");
  device.superseded = record.superseded();
  record.finish();
}

}  // namespace hardscape
