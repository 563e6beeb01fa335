// What gguf-parser-go estimates of llama.cpp's memory, beside ours. Its weights and caches are exact, its compute buffers
// a rule of thumb: where they differ, what llama.cpp itself allocated decides, and the row says what is wrong.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "fit/demand.hpp"
#include "fit/layout.hpp"
#include "hardscape/catalogue.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_record.hpp"
#include "support/parsed.hpp"

namespace hardscape {
namespace {

using nlohmann::json;

const json& vectors() {
  static const json read = [] {
    return parsed_file("tests/models/gguf_parser.json");
  }();
  return read;
}

ModelShape catalogued_shape(const std::string& id) {
  static const Catalogue catalogue = Catalogue::built_in();
  const ModelRecord* record = catalogue.find_model(id);
  EXPECT_NE(record, nullptr) << id;
  return *shape_of(*record);
}

double mib(Bytes bytes) { return static_cast<double>(bytes.value) / k_mib; }

// What a model asks of memory, in the fit's own words.
struct Asked {
  WeightDemand weights;
  StateDemand state;

  Asked(const std::string& model, const std::string& quantization, std::int64_t context) {
    const ModelShape shape = catalogued_shape(model);
    FitQuestion question;
    question.flash_attention = false;
    weights = demand_of(shape, *weights_of(shape, quantization), question);
    state = *demand_of(shape, context, question);
  }
};

TEST(GgufParser, ComputeBuffersAreOursUnlessLlamaCppSaysOtherwise) {
  int within = 0;
  for (const json& row : vectors().at("compute_buffers")) {
    SCOPED_TRACE(row.dump());
    const ModelShape shape = catalogued_shape(row.at("model"));
    MemoryOptions o;
    o.context = row.at("context");
    o.flash_attention = row.at("flash_attention");
    const double ratio = mib(compute_buffers(shape, o).with_output) / row.at("mib").get<double>();
    o.gpu = false;
    EXPECT_NEAR(mib(compute_buffers(shape, o).with_output), row.at("llama_cpp_cpu_mib").get<double>(), 0.02);
    const bool close = std::abs(ratio - 1) <= 0.15;
    EXPECT_NE(close, row.contains("error")) << "ours is " << ratio << " of it";
    if (close) ++within;
  }
  EXPECT_GE(within, 9);
}

// One layer more on the device is as much more there, and less on the host, whatever each counts for the rest.
TEST(GgufParser, LaddersTakeAsManyBytesALayer) {
  for (const json& ladder : vectors().at("ladders")) {
    const Asked asked(ladder.at("model"), ladder.at("quantization"), ladder.at("context"));
    const layout::Model model(asked.weights, asked.state);
    const MemoryPool pool;
    std::set<std::int64_t> on_device, with_output, on_host;
    for (const json& rung : ladder.at("rungs")) {
      SCOPED_TRACE(ladder.at("of").get<std::string>() + " " + rung.dump());
      const int layers = rung.at("layers");
      if (layers == 0) continue;  // it counts no layer's workspace on an idle device, llama.cpp a whole one
      const layout::Cut cut{model.layers() - layers, 0};
      layout::Load load;
      load.first_layer = cut.host_layers;
      load.layers = layers;
      load.output = rung.at("output");
      const MemoryParts device = model.device(load, cut, pool, true);
      const std::int64_t more = rung.at("device_bytes").get<std::int64_t>() - device.total().value;
      if (load.output) {
        // It keeps the results there; llama.cpp, in host memory.
        with_output.insert(more - ladder.at("results_bytes").get<std::int64_t>() + asked.state.compute_output.value);
      } else {
        on_device.insert(more);
        if (cut.host_layers > 0 && !ladder.at("host_maps_weights").get<bool>())
          on_host.insert(rung.at("host_bytes").get<std::int64_t>() - model.host(cut, pool, false).total().value);
      }
    }
    EXPECT_EQ(on_device.size(), 1u) << ladder.at("of");
    EXPECT_EQ(with_output.size(), 1u) << ladder.at("of");
    EXPECT_EQ(on_host.size(), ladder.at("host_maps_weights").get<bool>() ? 0u : 1u) << ladder.at("of");
  }
}

TEST(GgufParser, SplitsPutAsManyBytesOnEachDevice) {
  const json& ladder = vectors().at("ladders").at(0);
  const Asked asked(ladder.at("model"), ladder.at("quantization"), ladder.at("context"));
  const layout::Model model(asked.weights, asked.state);
  for (const json& split : vectors().at("splits")) {
    SCOPED_TRACE(split.dump());
    int placed = 0;
    for (const json& device : split.at("devices")) placed += device.at(0).get<int>();
    const layout::Cut cut{model.layers() - placed, 0};
    layout::Load load;
    load.first_layer = cut.host_layers;
    for (const json& device : split.at("devices")) {
      load.layers = device.at(0);
      load.output = device.at(1);
      const MemoryParts parts = model.device(load, cut, MemoryPool{}, load.first_layer == 0);
      const std::int64_t results = load.output ? ladder.at("results_bytes").get<std::int64_t>() : 0;
      EXPECT_EQ((parts.weights + parts.kv).value, device.at(2).get<std::int64_t>() - results);
      load.first_layer += load.layers;
    }
  }
}

}  // namespace
}  // namespace hardscape
