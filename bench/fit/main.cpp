// How long a fit of every model in every quantisation on one machine takes; the figure to stay below is 50 ms.
#include <chrono>
#include <cstdio>

#include "fit/demand.hpp"
#include "hardscape/fit.hpp"
#include "hardscape/model_record.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/catalogue.hpp"
#include "hardscape/quantization.hpp"
#include "hardscape/weight_layout.hpp"

int main(int argc, char** argv) {
  using namespace hardscape;
  const Catalogue catalogue = Catalogue::built_in();
  const auto machine = machine_from_name(argc > 1 ? argv[1] : "rtx-4090", catalogue);
  if (!machine) return std::puts(machine.error().message.c_str()), 2;
  (void)catalogue.models();
  double best = 1e9;
  int placed = 0;
  for (int round = 0; round < 10; ++round) {
    const auto start = std::chrono::steady_clock::now();
    placed = 0;
    const MemoryView memory = memory_view(*machine);
    for (const ModelRecord& record : catalogue.models()) {
      const auto shape = shape_of(record);
      if (!shape) continue;
      FitQuestion question;
      question.context = 8192;
      const auto state = demand_of(*shape, *question.context, question);
      const auto layout = WeightLayout::of(*shape);
      if (!state || !layout) continue;
      for (const Quantization& mix : quantizations()) {
        const auto weights = layout->in(mix.id);
        if (!weights) continue;
        question.quant = mix.id;
        if (fit(memory, *shape, *weights, *state, question)) ++placed;
      }
    }
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
    best = std::min(best, taken.count());
  }
  std::printf("%d placements in %.1f ms, %.1f us each (best of 10)\n", placed, best, best * 1e3 / placed);
  return 0;
}
