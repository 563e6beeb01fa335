#include "hardscape/network.hpp"

namespace hardscape {

Seconds all_reduce_time(double message, int devices, const Link& link) {
  if (devices <= 1) return Seconds{0};
  const double steps = 2.0 * (devices - 1);
  return Seconds{steps * link.latency.value + steps / devices * message / link.bandwidth.value};
}

}  // namespace hardscape
