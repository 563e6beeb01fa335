#include "hardscape/edge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "api/edge_data.hpp"
#include "api/select_assess.hpp"
#include "api/select_machines.hpp"
#include "api/select_model.hpp"
#include "base/text.hpp"
#include "hardscape/model_name.hpp"

namespace hardscape {
namespace {

using api::EdgeDevice;
using api::ModelChoice;

const std::vector<std::string> k_default_sizes{"1.5B", "3B", "7B", "13B", "34B", "70B"};
constexpr double k_inference_share = 0.75;   // of a device's power limit, where nobody measured it

const EdgeDevice* find_edge_device(std::string_view key) {
  const auto& all = api::edge_devices();
  const auto found = std::find_if(all.begin(), all.end(), [&](const EdgeDevice& d) { return d.key == key; });
  return found == all.end() ? nullptr : &*found;
}

// Any device of the catalogue, with the largest memory it is sold with.
Result<EdgeDevice> from_catalogue(std::string_view name, const Catalogue& catalogue) {
  const Lookup found = catalogue.look_up(name);
  if (found.matches.size() != 1) {
    std::vector<std::string> names;
    for (const Device* d : found.matches) names.push_back(d->id);
    if (names.empty()) names = nearest(name, edge_device_keys());
    if (names.empty()) names = found.nearest;
    std::string sentence = found.matches.empty() ? fmt::format("no device here is called \"{}\"", printable(name))
                                                 : fmt::format("\"{}\" is several devices", printable(name));
    if (!names.empty()) sentence += "; say " + join_words(names, "or");
    return Error{ErrorCode::invalid_argument, sentence};
  }
  const Device& d = *found.matches.front();
  if (const EdgeDevice* known = find_edge_device(d.id)) return *known;
  EdgeDevice device;
  device.key = device.id = d.id;
  device.name = d.name;
  const auto memory = api::memory_of(d);
  if (!memory) {
    return Error{ErrorCode::invalid_argument, fmt::format("how much memory {} has is not known, so nothing can be fitted", d.name)};
  }
  device.memory = *memory;
  device.runs_on = "GPU";
  if (d.power) device.load = d.power->value * k_inference_share;
  device.load_source = "three quarters of its power limit, assumed";
  return device;
}

Machine machine_of(const EdgeDevice& device, const Device& chip) {
  if (!api::shares_memory(chip)) return api::machine_with_cards(chip, 1, Bytes{32 * k_gib});
  const bool phone = chip.device_class == "mobile-soc";
  const bool board = chip.device_class == "edge-board";
  const Form form = phone ? Form::phone : board ? Form::board : Form::laptop;
  Machine m = api::machine_around(chip, device.memory, form, device.runs_on == "CPU");
  if (device.usable.value > 0) {
    m.memory.available = device.usable;
    for (Accelerator& a : m.accelerators) a.memory.free = device.usable;
  }
  return m;
}

// Published speeds are of a size, whatever the quantisation that stands behind it.
std::string without_quantization(const std::string& size) {
  const auto named = split_model_name(size);
  return named ? named->name : size;
}

EdgeCell cell_of(const EdgeDevice& device, const Candidate& candidate, const std::string& size, const ModelChoice& model,
                 int context) {
  const Performance p = api::assess(candidate, model, {context, 1});
  EdgeCell cell;
  cell.size = size;
  cell.model = model.name;
  cell.quant = model.quant;
  cell.verdict = !p.fits ? "no" : p.tight ? "tight" : "fits";
  cell.needed = p.needed;
  if (p.fits) {
    cell.left = p.available - p.needed;
    cell.decode = p.decode;
    if (p.decode && device.load.value > 0) cell.joules_per_token = device.load.value / p.decode->mid;
  }
  cell.why_not = p.why_not;
  const std::string published = without_quantization(size);
  for (const api::EdgeSpeed& s : api::edge_speeds()) {
    const bool same_board = s.device == device.key || (s.device == device.id && device.key == device.id + "-coral");
    if (same_board && s.size == published) cell.published.push_back(s.speed);
  }
  return cell;
}

}  // namespace

Result<EdgeMatrix> edge_matrix(const EdgeQuestion& question, const Catalogue& catalogue) {
  constexpr int k_most_context = 10'000'000;
  if (question.context <= 0 || question.context > k_most_context) {
    return Error{ErrorCode::invalid_argument, "a context is a number of tokens from 1 up"};
  }
  EdgeMatrix matrix;
  matrix.question = question;
  matrix.sizes = question.models.empty() ? k_default_sizes : question.models;
  std::vector<EdgeDevice> devices;
  for (const std::string& name : question.devices) {
    if (const EdgeDevice* known = find_edge_device(name)) {
      devices.push_back(*known);
      continue;
    }
    auto found = from_catalogue(name, catalogue);
    if (!found) return found.error();
    devices.push_back(*std::move(found));
  }
  if (question.devices.empty()) {
    std::copy_if(api::edge_devices().begin(), api::edge_devices().end(), std::back_inserter(devices),
                 [](const EdgeDevice& d) { return d.preset; });
  }
  std::vector<ModelChoice> models;
  for (const std::string& size : matrix.sizes) {
    auto model = api::choose_model(catalogue, size, question.quant);
    if (!model) return model.error();
    models.push_back(*std::move(model));
  }
  std::set<std::string> wanted_npus;
  for (const EdgeDevice& device : devices) {
    const Device* chip = catalogue.find_device(device.id);
    if (chip == nullptr) continue;
    Candidate candidate;
    candidate.machine = machine_of(device, *chip);
    EdgeRow row{device.key, device.id, device.name, device.memory, device.usable, device.load, device.load_source,
                device.runs_on, device.npu, device.note, {}};
    for (std::size_t i = 0; i < models.size(); ++i) {
      row.cells.push_back(cell_of(device, candidate, matrix.sizes[i], models[i], question.context));
    }
    wanted_npus.insert(device.npu);
    matrix.rows.push_back(std::move(row));
  }
  for (const NeuralProcessor& npu : neural_processors()) {
    if (question.devices.empty() || wanted_npus.count(npu.id) > 0) matrix.npus.push_back(npu);
  }
  return matrix;
}

}  // namespace hardscape
