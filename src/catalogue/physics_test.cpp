// No catalogued figure may break physics or the definitions of the catalogue (dense rates, binary memory sizes).
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/text.hpp"
#include "hardscape/catalogue.hpp"
#include "support/catalogue.hpp"

namespace hardscape {
namespace {

TEST(Physics, BandwidthIsBusTimesRate) {
  int checked = 0;
  for (const auto& d : catalogue().devices()) {
    if (!d.memory_bus_bits || !d.memory_rate || !d.bandwidth) continue;
    ++checked;
    const double peak = d.memory_bus_bits->value / 8.0 * d.memory_rate->value.value;
    EXPECT_NEAR(d.bandwidth->value.value / peak, 1, 0.025) << d.id;
  }
  EXPECT_GT(checked, 60);
}

TEST(Physics, PowerMemoryAndYearsAreInRange) {
  for (const auto& d : catalogue().devices()) {
    // Sticks and modules below 5 W exist; nothing that plugs into a server does.
    if (d.power) {
      EXPECT_GE(d.power->value.value, d.device_class == "edge-accelerator" ? 1 : 5) << d.id;
      EXPECT_LE(d.power->value.value, 30'000) << d.id;
    }
    if (d.idle_power && d.inference_power && d.training_power) {
      EXPECT_LT(d.idle_power->value, d.inference_power->value) << d.id;
      EXPECT_LE(d.inference_power->value, d.training_power->value) << d.id;
      if (d.power) {
        EXPECT_LE(d.training_power->value, d.power->value) << d.id;
      }
    }
    if (d.bandwidth) {
      EXPECT_GT(in_gb_per_s(d.bandwidth->value), 5) << d.id;
      EXPECT_LT(in_gb_per_s(d.bandwidth->value), 25e6) << d.id;
    }
    for (const auto& option : d.memory_options) {
      EXPECT_GE(option.value.value, 1'000'000) << d.id;
      EXPECT_LE(in_gib(option.value), 1024) << d.id;
      if (d.usable_memory) {
        EXPECT_LE(d.usable_memory->value, d.memory_options.back().value) << d.id;
      }
    }
    if (!d.launch.empty()) {
      const auto year = parse_integer(std::string_view(d.launch).substr(0, 4));
      ASSERT_TRUE(year) << d.id;
      EXPECT_GE(*year, 2014) << d.id;
      EXPECT_LE(*year, 2027) << d.id;
    }
    if (d.msrp) {
      EXPECT_GE(d.msrp->value.value, 20) << d.id;
      EXPECT_LE(d.msrp->value.value, 100'000) << d.id;
    }
  }
}

double value_or_nan(const Known<FlopsPerSecond>& known) { return known ? known->value.value : std::nan(""); }

// A sparse figure is twice the dense one, so a ratio between precisions that its architecture cannot have shows it.
TEST(Physics, NoSparseFigureIsPassedOffAsDense) {
  int checked = 0;
  for (const auto& d : catalogue().devices()) {
    const double fp16 = value_or_nan(d.fp16);
    const double fp8 = value_or_nan(d.fp8);
    if (d.fp16 && d.bf16) {
      EXPECT_NEAR(value_or_nan(d.bf16) / fp16, 1, d.id == "mi100" || d.id == "gaudi3" ? 3 : 0.01) << d.id;
    }
    if (d.fp16 && d.fp8 && d.vendor != "AWS" && d.id != "gaudi3" && d.architecture != "Rubin") {
      ++checked;
      EXPECT_NEAR(fp8 / fp16, 2, 0.03) << d.id;
    }
    if (d.fp8 && d.fp4 && d.vendor == "NVIDIA") {
      EXPECT_GE(value_or_nan(d.fp4) / fp8, 1.9) << d.id;
    }
    if (d.fp8 && d.fp4 && d.vendor == "NVIDIA") {
      EXPECT_LE(value_or_nan(d.fp4) / fp8, 4.05) << d.id;
    }
    // Matrix units of FP32 accumulation: at most 16 times the vector FP32 rate anywhere, Volta to Blackwell Ultra 32.
    if (d.fp16 && d.fp32 && d.device_class != "cloud-accelerator") {
      EXPECT_LE(fp16 / value_or_nan(d.fp32), 35) << d.id;
    }
    if (d.fp16 && d.int8) {
      const double ratio = d.int8->value.value / fp16;
      // GeForce halves FP16 with FP32 accumulation but not INT8, Jetson's INT8 includes its DLAs, Pascal has slow FP16.
      const bool half_rate_fp16 = d.vendor == "NVIDIA" && d.device_class == "consumer-gpu";
      EXPECT_LE(ratio, half_rate_fp16 ? 4.05 : d.id == "groq-lpu-v1" || ratio > 100 ? 300 : d.unified_memory ? 4 : 2.05) << d.id;
    }
  }
  EXPECT_GT(checked, 50);
}

struct Peak {
  const char* id;
  double dense_fp16_tflops;
};

// Dense FP16 with FP32 accumulation as the vendors' data sheets print it (half of the figure marked "with sparsity").
TEST(Physics, FamousPeaksAreTheDenseOnes) {
  for (const auto& [id, tflops] : {Peak{"rtx-4090", 165.2}, Peak{"rtx-3090", 71.2}, Peak{"a100-sxm-80gb", 312}, Peak{"h100-sxm", 989.4},
                                   Peak{"h100-pcie", 756}, Peak{"l4", 121}, Peak{"l40s", 362}, Peak{"mi300x", 1307.4},
                                   Peak{"rx-7900-xtx", 122.8}, Peak{"t4", 65.1}, Peak{"v100-sxm2-32gb", 125}}) {
    const auto* device = catalogue().find_device(id);
    ASSERT_NE(device, nullptr) << id;
    ASSERT_TRUE(device->fp16) << id;
    EXPECT_NEAR(in_tflops(device->fp16->value), tflops, tflops * 0.005) << id;
  }
}

TEST(Physics, NpuRatesNeverStandInForTheGpu) {
  for (const auto& d : catalogue().devices()) {
    const std::set<std::string> with_npu{"apple-soc", "laptop-soc", "mobile-soc", "npu"};
    if (with_npu.count(d.device_class) > 0) {
      EXPECT_FALSE(d.int8) << d.id;
    }
  }
}

TEST(Physics, LinksCarryTwiceOneDirection) {
  int checked = 0;
  for (const auto& l : catalogue().interconnects()) {
    if (!l.per_direction || !l.total) continue;
    ++checked;
    EXPECT_NEAR(l.total->value.value / l.per_direction->value.value, 2, 1e-3) << l.id;
  }
  EXPECT_GT(checked, 40);
  for (const auto& d : catalogue().devices()) {
    if (!d.interconnect) continue;
    const auto* link = catalogue().find_interconnect(*d.interconnect);
    ASSERT_NE(link, nullptr) << d.id << ": " << *d.interconnect;
    if (d.interconnect_bandwidth && link->total && link->kind == "gpu-link" && link->id.rfind("nvlink", 0) == 0) {
      EXPECT_LE(d.interconnect_bandwidth->value.value, link->total->value.value * 1.001) << d.id;
    }
  }
}

TEST(Physics, PricesAndTariffsAreInRange) {
  for (const auto& o : catalogue().offers()) {
    if (o.on_demand) {
      EXPECT_GT(o.on_demand->value.value / o.count, 0.03) << o.id;
      EXPECT_LT(o.on_demand->value.value / o.count, 25) << o.id;
    }
    if (o.on_demand && o.spot && o.spot->value >= o.on_demand->value && o.spot->value.value != o.on_demand->value.value) {
      EXPECT_TRUE(o.suspect) << o.id;
    }
  }
  for (const auto& t : catalogue().tariffs()) {
    const auto& price = t.average ? t.average : t.residential;
    ASSERT_TRUE(price) << t.id;
    EXPECT_GT(price->value.value, 0.03) << t.id;
    EXPECT_LT(price->value.value, 0.6) << t.id;
    if (t.residential && t.industrial) {
      EXPECT_GT(t.residential->value, t.industrial->value) << t.id;
    }
  }
  for (const auto& g : catalogue().grids()) {
    EXPECT_GT(g.grams_per_kwh->value, 10) << g.id;
    EXPECT_LT(g.grams_per_kwh->value, 1100) << g.id;
  }
}

}  // namespace
}  // namespace hardscape
