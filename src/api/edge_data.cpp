#include "api/edge_data.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "base/json_reading.hpp"
#include "select/data_file.hpp"

namespace hardscape {
namespace {

std::string title_of(const std::string& source) {
  static const std::map<std::string, std::string> k_titles = [] {
    std::map<std::string, std::string> titles;
    const OrderedJson json = select::data_file("hosts/sources.json");
    for (const OrderedJson& s : json.at("sources")) titles[s.at("id")] = s.at("title");
    return titles;
  }();
  const auto found = k_titles.find(source);
  return found == k_titles.end() ? source : found->second;
}

Bytes gigabytes(double gb) { return Bytes{static_cast<std::int64_t>(gb * static_cast<double>(k_gib))}; }

std::vector<api::EdgeDevice> read_devices() {
  std::vector<api::EdgeDevice> read;
  const OrderedJson json = select::data_file("edge/devices.json");
  for (const OrderedJson& d : json.at("devices")) {
    api::EdgeDevice device;
    device.id = d.at("id");
    device.key = d.value("key", device.id);
    device.name = d.at("name");
    const double gb = d.at("memory_gb");
    device.memory = gigabytes(gb);
    device.usable = gigabytes(d.contains("usable_share") ? gb * d.at("usable_share").get<double>()
                                                         : gb - d.at("system_gb").get<double>());
    device.load = Watts{d.at("load_w").get<double>()};
    device.load_source = title_of(d.at("power_source"));
    device.runs_on = d.at("runs_on");
    device.npu = d.value("npu", "");
    device.note = d.value("note", "");
    device.preset = d.value("default", false);
    read.push_back(std::move(device));
  }
  return read;
}

}  // namespace

namespace api {

const std::vector<EdgeDevice>& edge_devices() {
  static const std::vector<EdgeDevice> k_devices = read_devices();
  return k_devices;
}

const std::vector<EdgeSpeed>& edge_speeds() {
  static const std::vector<EdgeSpeed> k_speeds = [] {
    std::vector<EdgeSpeed> read;
    const OrderedJson json = select::data_file("edge/measured.json");
    for (const OrderedJson& m : json.at("measured")) {
      read.push_back({m.at("device"), m.at("size"),
                      {TokensPerSecond{m.at("tokens_per_s").get<double>()}, m.at("model"), m.at("quant"), m.at("engine"),
                       m.at("url"), m.value("on", "") == "NPU", m.value("vendor_figure", false)}});
    }
    return read;
  }();
  return k_speeds;
}

}  // namespace api

const std::vector<NeuralProcessor>& neural_processors() {
  static const std::vector<NeuralProcessor> k_npus = [] {
    std::vector<NeuralProcessor> read;
    const OrderedJson json = select::data_file("edge/npus.json");
    for (const OrderedJson& n : json.at("npus")) {
      NeuralProcessor npu;
      npu.id = n.at("id");
      npu.name = n.at("name");
      npu.found_in = n.at("in");
      if (n.at("int8_tops").is_number()) npu.int8_tops = n.at("int8_tops").get<double>();
      npu.tops_note = n.at("tops_note");
      npu.language_models = n.at("language_models");
      npu.runs = n.at("runs");
      npu.cannot = n.at("cannot");
      npu.runtimes = n.at("runtimes").get<std::vector<std::string>>();
      npu.source = title_of(n.at("source"));
      read.push_back(std::move(npu));
    }
    return read;
  }();
  return k_npus;
}

std::vector<std::string> edge_device_keys() {
  std::vector<std::string> keys;
  for (const api::EdgeDevice& d : api::edge_devices()) keys.push_back(d.key);
  return keys;
}

}  // namespace hardscape
