#include "api/select_assess.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "api/device_link.hpp"
#include "api/serving_way.hpp"

namespace hardscape::api {
namespace {

constexpr double k_tokens_generated = 256;   // over which the speed of an answer is averaged
constexpr double k_prompt_tokens = 512;

// Servers share one token's work over their cards; desktops split layers.
bool works_together(const Candidate& c) {
  return c.devices > 1 && (c.form == Form::server || c.form == Form::rented);
}

std::optional<Backend> backend_for(const Candidate& c, const ComputeDevice& device, std::string_view quant, bool on_processor) {
  if (works_together(c)) return serving_backend(device.vendor, "gpu");
  const std::string_view kind = on_processor ? "cpu" : engine_kind(device);
  auto usual = default_backend(device.vendor, kind, quant, device.architecture);
  if (!usual)
    if (auto named = resolve_backend("llama.cpp", device.vendor, kind)) usual = as_built(*std::move(named), "");
  if (!usual) {
    if (const Backend* plain = find_backend("llama.cpp/cpu")) usual = as_built(*plain, "");
  }
  return usual;
}

Bytes free_on_devices(const MemoryView& view) {
  if (view.devices.empty()) return view.host.free;
  return std::accumulate(view.devices.begin(), view.devices.end(), Bytes{0},
                         [](Bytes sum, const MemoryPool& pool) { return sum + pool.free; });
}

// What must be on the devices; the embedding table and the like stay with the host.
Bytes needed_on_devices(const Placement& placement) {
  Bytes sum{0};
  for (const DeviceShare& share : placement.devices) {
    if (!share.host) sum += share.bytes.total();
  }
  return sum;
}

Estimate of_one(const Estimate& all, int concurrency) {
  return {all.low / concurrency, all.mid / concurrency, all.high / concurrency, all.basis};
}

Split split_for(const Candidate& c, const Placement& placement) {
  Split split;
  const auto used = std::count_if(placement.devices.begin(), placement.devices.end(),
                                  [](const DeviceShare& d) { return !d.host && d.layers > 0; });
  split.count = std::max(1, static_cast<int>(used));
  if (works_together(c)) {
    split.kind = SplitKind::tensor;
    split.count = c.devices;
  }
  return split;
}

// With many requests at once, how an engine made for them would serve them.
std::vector<ServingWay> ways_to_serve(const Candidate& c, const ComputeDevice& device, const ModelChoice& model, const RequestLoad& load,
                                      const MemoryView& view) {
  if (load.concurrency < 2 || !load.on_linux || !model.shape || view.devices.empty()) return {};
  const auto engine = serving_engine(device, model.quant, c.machine.os.name);
  if (!engine) return {};
  Bytes least = view.devices.front().free;
  for (const MemoryPool& pool : view.devices) {
    if (pool.name != view.devices.front().name) return {};   // unlike cards would wait for each other
    least = std::min(least, pool.free);
  }
  return serving_ways(*engine, *model.shape, model.weights, least, static_cast<int>(view.devices.size()), load.context, load.concurrency);
}

WorkSplit work_split(const ServingWay& way) {
  if (way.copies > 1) return WorkSplit::copies;
  if (way.split.count < 2) return WorkSplit::one;
  return way.split.kind == SplitKind::tensor ? WorkSplit::tensor : WorkSplit::layers;
}

void add_training(const Candidate& c, const ModelChoice& model, const ComputeDevice& device, const MemoryView& view,
                  Performance& p) {
  const bool none = std::find(c.traits.begin(), c.traits.end(), "no-training") != c.traits.end();
  if (none || device.device_class == DeviceClass::cpu || device.device_class == DeviceClass::phone || view.devices.empty()) {
    return;
  }
  Bytes least = view.devices.front().free;
  for (const MemoryPool& pool : view.devices) least = std::min(least, pool.free);
  const bool linked = std::none_of(c.traits.begin(), c.traits.end(),
                                   [](const std::string& trait) { return trait == "layer-split" || trait == "pcie-link"; });
  const int count = static_cast<int>(view.devices.size());
  if (const auto speed = select::training_speed(model.trained, least, device.matrix, count, linked)) {
    p.training = speed->tokens_per_s;
    p.training_method = select::name_of(speed->method);
  }
}

}  // namespace

Performance assess(const Candidate& c, const ModelChoice& model, const RequestLoad& load) {
  Performance p;
  p.model = model.name;
  p.quant = model.quant;
  p.context = static_cast<int>(load.context);
  auto device = compute_device(c.machine);
  if (!device) {
    p.why_not = device.error().message;
    return p;
  }
  device->memory.reset();   // fit has the last word on room
  take_link(*device, c.link);
  const MemoryView view = memory_view(c.machine);
  p.available = free_on_devices(view);
  const auto placement = place_model(view, model, load.context, load.concurrency);
  if (!placement) {
    p.why_not = placement.error().message;
    return p;
  }
  p.needed = placement->memory.total();
  const bool on_processor = view.devices.empty();
  const Verdict good = on_processor && placement->verdict == Verdict::offload ? Verdict::fits : placement->verdict;
  p.fits = good == Verdict::fits || good == Verdict::tight;
  p.tight = good == Verdict::tight;
  if (!p.fits) {
    // What counts is the part that should be on the devices.
    if (p.needed <= p.available) p.needed = p.available + std::max(Bytes{1}, placement->missing_for_device);
    return p;
  }
  if (!on_processor) p.needed = needed_on_devices(*placement);
  const auto backend = backend_for(c, *device, model.quant, on_processor);
  if (!backend) {
    p.why_not = fmt::format("no engine here is known to run on {}", device->name);
    return p;
  }
  Workload work;
  work.context = static_cast<double>(load.context) / 2;   // half full on average
  work.tokens = k_tokens_generated;
  auto ways = ways_to_serve(c, *device, model, load, view);
  ways.insert(ways.begin(), ServingWay{*backend, split_for(c, *placement), 1});
  const ServingWay* best = &ways.front();
  for (const ServingWay& way : ways) {
    work.batch = way.batch(load.concurrency);
    const auto decode = predict_decode(*device, model.work, work, way.backend, way.split);
    if (!decode) {
      if (&way == &ways.front()) p.why_not = decode.error().message;
      continue;
    }
    const Estimate each = of_one(decode->tokens_per_s, work.batch);
    if (p.decode && each.mid <= p.decode->mid) continue;
    p.decode = each;
    p.bound = decode->bound;
    best = &way;
  }
  if (p.decode) p.why_not.clear();
  p.engine = say(*best);
  p.split = work_split(*best);
  work.context = 0;
  work.tokens = k_prompt_tokens;
  work.batch = 1;
  if (const auto prefill = predict_prefill(*device, model.work, work, best->backend, best->split)) p.prefill = prefill->tokens_per_s;
  add_training(c, model, *device, view, p);
  return p;
}

}  // namespace hardscape::api
