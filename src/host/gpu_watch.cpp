#include "host/gpu_watch.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "host/child_text.hpp"
#include "host/nvml_abi.hpp"

namespace hardscape {
namespace {

using namespace nvml;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds k_first_contact{10'000};
constexpr std::chrono::seconds k_patience{1};

template <class Function, class... Arguments>
bool ask(const Library& library, const char* name, Arguments... arguments) {
  Function* const function = library.function<Function>(name);
  return function != nullptr && function(arguments...) == k_success;
}

struct Card {
  GpuRecord record;
  Device device = nullptr;
  std::optional<double> counter_joules;  // of the driver, when the watch began
  std::optional<double> joules;
  std::optional<double> watts;           // at the last look
  Clock::time_point looked{};
};

std::optional<double> counter_of(const Library& library, Device device) {
  unsigned long long millijoules = 0;
  if (!ask<GetLargeNumber>(library, "nvmlDeviceGetTotalEnergyConsumption", device, &millijoules)) return std::nullopt;
  return 1e-3 * static_cast<double>(millijoules);
}

std::optional<double> thousandths(const Library& library, const char* name, Device device) {
  unsigned value = 0;
  if (!ask<GetNumber>(library, name, device, &value)) return std::nullopt;
  return 1e-3 * value;
}

std::uint64_t reasons_of(const Library& library, Device device) {
  unsigned long long bits = 0;
  // Renamed by driver 530, under which the old name still works.
  if (ask<GetLargeNumber>(library, "nvmlDeviceGetCurrentClocksEventReasons", device, &bits) ||
      ask<GetLargeNumber>(library, "nvmlDeviceGetCurrentClocksThrottleReasons", device, &bits))
    return bits;
  return k_idle;
}

bool find(const Library& library, Card& card) {
  return ask<GetByBusId>(library, "nvmlDeviceGetHandleByPciBusId_v2", card.record.gpu.pci.c_str(), &card.device);
}

void look(const Library& library, Card& card) {
  const auto now = Clock::now();
  const auto watts = thousandths(library, "nvmlDeviceGetPowerUsage", card.device);
  if (card.counter_joules) {
    const auto counter = counter_of(library, card.device);
    card.joules = counter ? std::optional<double>(*counter - *card.counter_joules) : std::nullopt;
  } else if (watts && card.watts && card.joules) {
    *card.joules += 0.5 * (*watts + *card.watts) * std::chrono::duration<double>(now - card.looked).count();
  } else if (watts && !card.watts) {
    card.joules = 0;
  }
  card.watts = watts;
  card.looked = now;
  const std::uint64_t reasons = reasons_of(library, card.device);
  if ((reasons & k_idle) != 0) return;
  GpuRecord& record = card.record;
  ++record.busy;
  for (std::uint64_t bit = 1; bit <= k_power_brake; bit <<= 1) {
    if ((reasons & bit) == 0) continue;
    const auto known = std::find_if(record.slowed.begin(), record.slowed.end(), [&](const auto& s) { return s.first == bit; });
    if (known != record.slowed.end()) ++known->second;
    else record.slowed.emplace_back(bit, 1);
  }
  unsigned degrees = 0;
  if (ask<GetSensor>(library, "nvmlDeviceGetTemperature", card.device, k_die_sensor, &degrees))
    record.hottest_celsius = std::max(record.hottest_celsius.value_or(0), static_cast<double>(degrees));
  if (watts) record.most_watts = std::max(record.most_watts.value_or(0), *watts);
}

}  // namespace

namespace nvml {

std::vector<std::string> library_names() {
  // Never the name without a number: that may be the stub that comes with the CUDA toolkit.
  return {"/usr/lib/wsl/lib/libnvidia-ml.so.1", "libnvidia-ml.so.1", "/run/opengl-driver/lib/libnvidia-ml.so.1",
          "/usr/local/nvidia/lib64/libnvidia-ml.so.1", "/usr/local/nvidia/lib/libnvidia-ml.so.1"};
}

}  // namespace nvml

// The thread and the watch share it; a thread that hangs in the driver keeps its part and the library alive.
struct GpuWatch::State {
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    bool stop = false, ended = false;
    int asked = 0, answered = 0;
    std::vector<Card> cards;
  };
  std::shared_ptr<Shared> shared = std::make_shared<Shared>();
  std::thread thread;

  ~State() {
    if (!thread.joinable()) return;
    std::unique_lock lock(shared->mutex);
    shared->stop = true;
    shared->changed.notify_all();
    const bool ended = shared->changed.wait_for(lock, k_patience, [&] { return shared->ended; });
    lock.unlock();
    if (ended) thread.join();
    else thread.detach();
  }

  static void run(const std::shared_ptr<Shared>& shared, const Library& library, std::chrono::milliseconds interval) {
    std::unique_lock lock(shared->mutex);
    std::vector<Card> cards = shared->cards;
    while (!shared->stop) {
      const int asked = shared->asked;
      lock.unlock();
      for (Card& card : cards) look(library, card);
      lock.lock();
      shared->cards = cards;
      shared->answered = asked;
      shared->changed.notify_all();
      shared->changed.wait_for(lock, interval, [&] { return shared->stop || shared->asked > asked; });
    }
    lock.unlock();
    ask<Shutdown>(library, "nvmlShutdown");
    lock.lock();
    shared->ended = true;
    shared->changed.notify_all();
  }
};

Result<GpuWatch> GpuWatch::start(const Host& host, const std::vector<WatchedGpu>& gpus, const std::vector<std::string>& libraries, std::chrono::milliseconds interval) {
  const auto answer = text_from_child(host, k_first_contact, [&] {
    const auto library = host.libraries(libraries);
    if (!library) return "-" + library.error().message;
    if (!ask<Init>(*library, "nvmlInit_v2")) return std::string("-NVML does not start; see hardscape detect");
    for (const auto& gpu : gpus) {
      Card card;
      card.record.gpu = gpu;
      if (!find(*library, card)) return "-NVML knows no GPU at " + gpu.pci;
      look(*library, card);
    }
    return std::string("+");
  });
  if (!answer) return Error(answer.error()).within("asking NVML");
  if (*answer != "+") return Error{ErrorCode::unavailable, answer->empty() ? "NVML gave no answer" : answer->substr(1)};

  const auto library = host.libraries(libraries);
  if (!library) return library.error();
  if (!ask<Init>(*library, "nvmlInit_v2")) return Error{ErrorCode::unavailable, "NVML does not start"};
  auto state = std::make_shared<State>();
  for (const auto& gpu : gpus) {
    Card card;
    card.record.gpu = gpu;
    if (!find(*library, card)) return Error{ErrorCode::unavailable, "NVML knows no GPU at " + gpu.pci};
    card.counter_joules = counter_of(*library, card.device);
    card.record.limit_watts = thousandths(*library, "nvmlDeviceGetEnforcedPowerLimit", card.device);
    state->shared->cards.push_back(std::move(card));
  }
  state->thread = std::thread([shared = state->shared, library = *library, interval] { State::run(shared, library, interval); });
  return GpuWatch(std::move(state));
}

std::optional<double> GpuWatch::joules() const {
  auto& shared = *state_->shared;
  std::unique_lock lock(shared.mutex);
  const int question = ++shared.asked;
  shared.changed.notify_all();
  if (!shared.changed.wait_for(lock, k_patience, [&] { return shared.answered >= question; })) return std::nullopt;
  double sum = 0;
  for (const Card& card : shared.cards) {
    if (!card.joules) return std::nullopt;
    sum += *card.joules;
  }
  return sum;
}

std::vector<GpuRecord> GpuWatch::records() const {
  const std::scoped_lock lock(state_->shared->mutex);
  std::vector<GpuRecord> out;
  for (const Card& card : state_->shared->cards) out.push_back(card.record);
  return out;
}

}  // namespace hardscape
