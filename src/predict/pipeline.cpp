#include "predict/pipeline.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hardscape::predict {
namespace {

constexpr std::size_t k_copies = 4;      // of an engine's inputs, so micro-batches under way (ggml: GGML_SCHED_MAX_COPIES)
constexpr std::size_t k_followed = 24;   // micro-batches; from there on the pace is that of the last ones
constexpr double k_products = 7;         // a layer: queries, keys, values, output, gate, up and down

// Times in units of what a device spends on one micro-batch.
class Pipeline {
 public:
  Pipeline(std::size_t devices, double queue) : starts_(devices), queue_(queue) {}

  // The end of the next micro-batch on the last device.
  double next() {
    double ready = 0;
    const std::size_t run = starts_.front().size();
    for (auto& starts : starts_) {
      if (run >= k_copies) host_ = std::max(host_, starts[run - k_copies] + 1);
      // The first command finds a place when all but a queue's length of those before it are done.
      if (queue_ > 0) host_ = std::max(host_, done_at(starts, static_cast<double>(run) - queue_));
      starts.push_back(std::max({host_, ready, run > 0 ? starts.back() + 1 : 0}));
      ready = starts.back() + 1;
      if (queue_ > 0) host_ = std::max(host_, done_at(starts, static_cast<double>(run) + 1 - queue_));
    }
    return ready;
  }

 private:
  // When a device has done this many micro-batches' worth of commands.
  static double done_at(const std::vector<double>& starts, double work) {
    if (work <= 0) return 0;
    const double whole = std::ceil(work) - 1;
    return starts[static_cast<std::size_t>(whole)] + work - whole;
  }

  std::vector<std::vector<double>> starts_;  // of each micro-batch, by device
  double queue_;
  double host_ = 0;                          // when the thread that hands out commands goes on
};

}  // namespace

double pipeline_length(double runs, int devices, double queue) {
  if (devices <= 1) return runs;
  Pipeline pipeline(static_cast<std::size_t>(devices), queue);
  const auto followed = static_cast<std::size_t>(std::min<double>(std::max(1.0, runs), k_followed));
  double end = 0;
  double earlier = 0;
  for (std::size_t run = 0; run < followed; ++run) {
    end = pipeline.next();
    if (run + 1 + k_copies == followed) earlier = end;
  }
  return end + (runs - static_cast<double>(followed)) * (followed > k_copies ? (end - earlier) / k_copies : 0);
}

double commands_per_layer(const Launches& launches, bool fused_attention, bool wide_weights) {
  return (fused_attention ? launches.layer_fused : launches.layer) + k_products * (wide_weights ? launches.product_f16 : launches.product);
}

}  // namespace hardscape::predict
