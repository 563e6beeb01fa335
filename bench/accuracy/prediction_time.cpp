// How long predictions take: one, and the catalogue's devices x models x formats, on one core.
#include <fmt/format.h>

#include <chrono>
#include <string_view>

#include "hardscape/catalogue.hpp"
#include "hardscape/predict.hpp"

int main() {
  using namespace hardscape;
  using Clock = std::chrono::steady_clock;
  constexpr std::string_view k_formats[] = {"Q3_K_M", "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "F16"};
  const auto seconds = [](Clock::time_point since) { return std::chrono::duration<double>(Clock::now() - since).count(); };

  auto start = Clock::now();
  const auto catalogue = Catalogue::built_in();
  std::vector<ComputeDevice> devices;
  for (const auto& device : catalogue.devices())
    if (auto machine = machine_from_name(device.id, catalogue))
      if (auto computes = compute_device(*machine)) devices.push_back(*std::move(computes));
  const double reading = seconds(start);

  start = Clock::now();
  std::size_t answers = 0;
  std::size_t refused = 0;
  for (const auto& record : catalogue.models()) {
    for (const auto format : k_formats) {
      const auto model = model_work(record, format);
      if (!model) continue;
      for (const auto& device : devices) {
        const auto backend = default_backend(device.vendor, device.device_class == DeviceClass::cpu ? "cpu" : "gpu");
        if (!backend) continue;
        Workload work;
        work.context = 4096;
        const auto decode = predict_decode(device, *model, work, *backend);
        work.context = 0;
        work.tokens = 4096;
        const auto prefill = predict_prefill(device, *model, work, *backend);
        ++(decode && prefill ? answers : refused);
      }
    }
  }
  const double sweep = seconds(start);
  fmt::print("catalogue read and {} devices made in {:.0f} ms\n", devices.size(), 1e3 * reading);
  fmt::print("{} combinations answered, {} refused with a reason in {:.2f} s: {:.2f} us each (decode and prefill)\n", answers, refused,
             sweep, 1e6 * sweep / static_cast<double>(answers + refused));
  return 0;
}
