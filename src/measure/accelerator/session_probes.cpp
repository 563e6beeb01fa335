#include "measure/accelerator/session_probes.hpp"

namespace hardscape::measuring {
namespace {

constexpr CopyRow k_copies[] = {
    {"host_to_device", "bandwidth", true, true},
    {"device_to_host", "bandwidth", false, true},
    {"host_to_device", "bandwidth_pageable", true, false},
    {"device_to_host", "bandwidth_pageable", false, false},
};

Probe probe_of(const std::string& device) {
  Probe probe;
  probe.device = device;
  probe.has_own_clock = true;
  return probe;
}

}  // namespace

std::span<const CopyRow> copy_rows() { return k_copies; }

Probe copy_probe(const std::string& device, const CopyRow& row, Bytes bytes, const std::optional<Peak>& link) {
  Probe probe = probe_of(device);
  probe.kernel = row.kernel;
  probe.metric = row.metric;
  probe.unit = "bytes_per_s";
  probe.group = "link";
  probe.counting = "bytes copied";
  probe.working_set = bytes;
  probe.peak = link;
  probe.set = device + " link";
  probe.share = 0.5;
  return probe;
}

Probe launch_probe(const std::string& device, std::string counting) {
  Probe probe = probe_of(device);
  probe.kernel = "launch";
  probe.metric = "latency";
  probe.unit = "s";
  probe.group = "latency";
  probe.counting = std::move(counting);
  probe.figure = Figure::time;
  probe.set = device + " link";
  probe.share = 0.3;
  return probe;
}

Probe stream_probe(const std::string& device, const char* kernel, const char* counting, const std::optional<Peak>& bandwidth) {
  Probe probe = probe_of(device);
  probe.kernel = kernel;
  probe.metric = "bandwidth";
  probe.unit = "bytes_per_s";
  probe.group = "memory";
  probe.counting = counting;
  probe.peak = bandwidth;
  probe.set = device + " memory";
  return probe;
}

Probe rate_probe(const std::string& device, const char* group, const char* kernel, const char* precision, const char* unit,
                 const char* counting) {
  Probe probe = probe_of(device);
  probe.kernel = kernel;
  probe.metric = "rate";
  probe.unit = unit;
  probe.group = group;
  probe.precision = precision;
  probe.counting = counting;
  probe.set = device + " " + group;
  return probe;
}

}  // namespace hardscape::measuring
