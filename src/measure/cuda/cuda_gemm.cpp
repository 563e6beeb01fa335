#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "measure/accelerator/narrow_numbers.hpp"
#include "measure/accelerator/session_probes.hpp"
#include "measure/accelerator/test_data.hpp"
#include "measure/cuda/cuda_probes.hpp"

namespace hardscape::cuda {
namespace {

using measuring::NumberType;
using measuring::Probe;
using measuring::Timing;
using measuring::Workload;

constexpr int k_choices = 8;
constexpr std::uint64_t k_workspace_bytes = std::uint64_t{64} << 20;
constexpr std::uint64_t k_shift_of_b = 123'457;   // of B's numbers against A's
constexpr int k_sampled_products = 24;
constexpr std::uint64_t k_turns_bytes = std::uint64_t{8} << 30;

struct GemmRow {
  const char* kernel;
  const char* precision;
  const char* unit;
  NumberType in, out;
  int in_type, out_type;       // as cuBLASLt names them
  int compute, scale;
  int least_capability;
  double per_term;             // error allowed a term, against the deviation of a sum
  double of_result;            // rounding of the result
  const char* detail;
};

// The tensor cores keep TF32's ten bits, and add FP8's products in fewer bits than FP32 has.
constexpr GemmRow k_products[] = {
    {"gemm_bf16", "bf16", "flops", NumberType::bf16, NumberType::bf16, blas::k_bf16, blas::k_bf16, blas::k_compute_f32, blas::k_f32, 80, 1e-3, 0x1p-8, "sums in FP32"},
    {"gemm_fp16", "fp16", "flops", NumberType::fp16, NumberType::fp16, blas::k_f16, blas::k_f16, blas::k_compute_f32, blas::k_f32, 53, 1e-3, 0x1p-10, "sums in FP32"},
    {"gemm_fp8", "fp8", "flops", NumberType::fp8, NumberType::bf16, blas::k_e4m3, blas::k_bf16, blas::k_compute_f32, blas::k_f32, 89, 3e-2, 0x1p-8, "E4M3, fast accumulation"},
    {"gemm_int8", "int8", "ops", NumberType::int8, NumberType::int32, blas::k_i8, blas::k_i32, blas::k_compute_i32, blas::k_i32, 75, 0, 0, "sums in INT32"},
    {"gemm_tf32", "tf32", "flops", NumberType::fp32, NumberType::fp32, blas::k_f32, blas::k_f32, blas::k_compute_tf32, blas::k_f32, 80, 4e-3, 1e-6, "sums in FP32"},
    {"gemm_fp32", "fp32", "flops", NumberType::fp32, NumberType::fp32, blas::k_f32, blas::k_f32, blas::k_compute_f32, blas::k_f32, 50, 1e-4, 1e-6, "no tensor cores"},
};

template <class Handle>
class Held {
 public:
  explicit Held(blas::Status (*destroy)(Handle)) : destroy_(destroy) {}
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() {
    if (handle_ != nullptr) destroy_(handle_);
  }
  Handle* slot() { return &handle_; }
  Handle get() const { return handle_; }

 private:
  Handle handle_ = nullptr;
  blas::Status (*destroy_)(Handle);
};

class GemmWorkload : public Workload {
 public:
  GemmWorkload(std::shared_ptr<Session> session, std::shared_ptr<const blas::Api> library, const GemmRow& row, std::uint64_t size, bool zeros)
      : library_(std::move(library)), session_(std::move(session)), row_(row), size_(size), zeros_(zeros), handle_(library_->destroy),
        operation_(library_->operation_destroy), in_layout_(library_->layout_destroy), out_layout_(library_->layout_destroy),
        preference_(library_->preference_destroy) {}
  ~GemmWorkload() override {
    // The library's handles belong to the context.
    static_cast<void>(session_->make_current());
  }

  Status prepare() {
    if (auto current = session_->make_current(); !current) return current;
    if (auto described = describe(); !described) return described;
    const std::uint64_t count = size_ * size_;
    const std::uint64_t in_bytes = count * measuring::bytes_of(row_.in);
    for (const auto& [slot, bytes] : {std::pair(&a_, in_bytes), std::pair(&b_, in_bytes), std::pair(&d_, count * measuring::bytes_of(row_.out)),
                                      std::pair(&workspace_, k_workspace_bytes)}) {
      auto buffer = Buffer::take(session_, bytes);
      if (!buffer) return std::move(buffer).error();
      *slot = *std::move(buffer);
    }
    if (auto filled = fill(a_, in_bytes, 0); !filled) return filled;
    if (auto filled = fill(b_, in_bytes, k_shift_of_b); !filled) return filled;
    return choose();
  }

  Result<Timing> run(std::int64_t repetitions) override {
    auto seconds = time(choice_, repetitions);
    if (!seconds) return std::move(seconds).error();
    const auto n = static_cast<double>(size_);
    Timing timing;
    timing.seconds = *seconds;
    timing.work = static_cast<double>(repetitions) * 2 * n * n * n;
    return timing;
  }

  // Sampled elements against sums in double precision of the numbers as they were rounded.
  Status verify() override {
    const std::size_t width = measuring::bytes_of(row_.out);
    const auto place = [&](int k) { return k == 0 ? 0 : k == 1 ? size_ * size_ - 1 : measuring::mixed(static_cast<std::uint64_t>(k)) % (size_ * size_); };
    const std::array<unsigned char, 8> wrong{0x37, 0x13, 0x7d, 0x7a, 0, 0, 0, 0};
    for (int k = 0; k < k_sampled_products; ++k) {
      if (auto spoilt = session_->to_device(d_.get() + place(k) * width, wrong.data(), width); !spoilt) return spoilt;
    }
    if (auto ran = time(choice_, 1); !ran) return std::move(ran).error();
    for (int k = 0; k < k_sampled_products; ++k) {
      std::array<unsigned char, 8> raw{};
      if (auto read = session_->to_host(raw.data(), d_.get() + place(k) * width, width); !read) return read;
      const double got = measuring::read(raw.data(), row_.out);
      const std::uint64_t i = place(k) % size_;
      const std::uint64_t j = place(k) / size_;
      double expected = 0;
      double squares = 0;
      for (std::uint64_t l = 0; l < size_; ++l) {
        const double term = number(l + i * size_, 0) * number(l + j * size_, k_shift_of_b);
        expected += term;
        squares += term * term;
      }
      const double allowed = row_.per_term * std::sqrt(squares) + row_.of_result * std::abs(expected);
      if (!(std::abs(got - expected) <= allowed))
        return Error{ErrorCode::io, fmt::format("element ({}, {}) of a product in {} is {} where {} is right; do not trust this device or its driver", i, j,
                                                row_.precision, got, expected)};
    }
    return Done{};
  }

  std::string method() const override {
    return fmt::format("{}, {} x {} x {}, {}, fastest of {} algorithms", library_->version(), size_, size_, size_, row_.detail, tried_);
  }

 private:
  Status called(blas::Status status, const char* doing) const {
    if (status == blas::k_success) return Done{};
    return blas::failure(status, fmt::format("{} for {} on {}", doing, row_.precision, session_->info().name));
  }

  // D = A^T B, column by column: the form that every type has.
  Status describe() {
    if (auto made = called(library_->create(handle_.slot()), "starting cuBLASLt"); !made) return made;
    if (auto made = called(library_->operation_create(operation_.slot(), row_.compute, row_.scale), "describing a product"); !made) return made;
    const std::int32_t transposed = blas::k_transposed;
    if (auto set = called(library_->operation_set(operation_.get(), blas::k_transpose_a, &transposed, sizeof transposed), "describing a product"); !set) return set;
    if (row_.in == NumberType::fp8) {
      const std::int8_t fast = 1;
      if (auto set = called(library_->operation_set(operation_.get(), blas::k_fast_accumulation, &fast, sizeof fast), "asking for fast accumulation"); !set) return set;
    }
    const auto leading = static_cast<std::int64_t>(size_);
    if (auto made = called(library_->layout_create(in_layout_.slot(), row_.in_type, size_, size_, leading), "describing a matrix"); !made) return made;
    if (auto made = called(library_->layout_create(out_layout_.slot(), row_.out_type, size_, size_, leading), "describing a matrix"); !made) return made;
    if (auto made = called(library_->preference_create(preference_.slot()), "making a preference"); !made) return made;
    const std::size_t most = k_workspace_bytes;
    return called(library_->preference_set(preference_.get(), blas::k_most_workspace, &most, sizeof most), "making a preference");
  }

  Status fill(const Buffer& buffer, std::uint64_t bytes, std::uint64_t shift) {
    const std::vector<float>& numbers = random_tile(zeros_);
    if (rounded_.empty()) {
      for (const float value : numbers) measuring::append(rounded_, row_.in, static_cast<double>(value));
    }
    std::vector<unsigned char> shifted(rounded_.size());
    const auto width = static_cast<std::ptrdiff_t>(measuring::bytes_of(row_.in));
    std::rotate_copy(rounded_.begin(), rounded_.begin() + static_cast<std::ptrdiff_t>(shift) * width, rounded_.end(), shifted.begin());
    return session_->repeat(buffer.get(), bytes, shifted.data(), shifted.size());
  }

  double number(std::uint64_t i, std::uint64_t shift) const {
    const std::size_t width = measuring::bytes_of(row_.in);
    const std::size_t count = rounded_.size() / width;
    return measuring::read(rounded_.data() + static_cast<std::size_t>((i + shift) % count) * width, row_.in);
  }

  // The library's first guess can be twice as slow as its fifth, so all are timed.
  Status choose() {
    std::array<blas::Choice, k_choices> choices{};
    int got = 0;
    if (auto asked = called(library_->get_heuristic(handle_.get(), operation_.get(), in_layout_.get(), in_layout_.get(), out_layout_.get(), out_layout_.get(),
                                                   preference_.get(), k_choices, choices.data(), &got), "asking for algorithms"); !asked)
      return asked;
    double best_s = 0;
    Error last{ErrorCode::unsupported, fmt::format("{} offers no algorithm for {} on {}", library_->version(), row_.precision, session_->info().name)};
    for (int i = 0; i < std::clamp(got, 0, k_choices); ++i) {
      const blas::Choice& choice = choices[static_cast<std::size_t>(i)];
      if (choice.state != blas::k_success || choice.workspace > k_workspace_bytes) continue;
      double seconds = 0;
      bool runs = true;
      for (int pass = 0; pass < 2 && runs; ++pass) {
        auto took = time(choice, 1);
        if (took) seconds = *took;
        else last = took.error();
        runs = took.has_value();
      }
      if (!runs) continue;
      ++tried_;
      if (best_s != 0 && seconds >= best_s) continue;
      best_s = seconds;
      choice_ = choice;
    }
    if (best_s == 0) return last;
    return Done{};
  }

  Result<double> time(const blas::Choice& choice, std::int64_t repetitions) {
    const float one = 1, none = 0;
    const std::int32_t whole_one = 1, whole_none = 0;
    const bool whole = row_.scale == blas::k_i32;
    blas::Status status = blas::k_success;
    auto seconds = session_->time(
        row_.kernel,
        [&]() -> Code {
          const blas::Status called = library_->matmul(
              handle_.get(), operation_.get(), whole ? static_cast<const void*>(&whole_one) : &one, at(a_), in_layout_.get(), at(b_), in_layout_.get(),
              whole ? static_cast<const void*>(&whole_none) : &none, at(d_), out_layout_.get(), at(d_), out_layout_.get(), &choice.algorithm, at(workspace_),
              static_cast<std::size_t>(workspace_.bytes()), session_->stream());
          if (called != blas::k_success) status = called;
          return cuda::k_success;
        },
        repetitions);
    if (status != blas::k_success) return blas::failure(status, fmt::format("multiplying in {} on {}", row_.precision, session_->info().name));
    return seconds;
  }

  static void* at(const Buffer& buffer) { return reinterpret_cast<void*>(static_cast<std::uintptr_t>(buffer.get())); }

  std::shared_ptr<const blas::Api> library_;
  std::shared_ptr<Session> session_;
  const GemmRow& row_;
  std::uint64_t size_;
  bool zeros_;
  Buffer a_, b_, d_, workspace_;
  std::vector<unsigned char> rounded_;
  Held<blas::Handle> handle_;
  Held<blas::Operation> operation_;
  Held<blas::Layout> in_layout_, out_layout_;
  Held<blas::Preference> preference_;
  blas::Choice choice_{};
  int tried_ = 0;
};

// Large enough to fill the device, small enough for its memory: a multiple of 256.
std::uint64_t size_for(const ProbedDevice& device) {
  std::uint64_t size = device.info.multiprocessors >= 60 ? 8192 : 4096;
  std::uint64_t most = device.info.memory / 2;
  if (device.memory && device.memory->value > 0) most = std::min(most, static_cast<std::uint64_t>(device.memory->value));
  while (size > 256 && 12 * size * size > most) size /= 2;
  return size;
}

}  // namespace

void add_gemm_probes(const ProbedDevice& device, const blas::Api& library, std::vector<Probe>& probes) {
  const auto shared = std::make_shared<const blas::Api>(library);
  for (const GemmRow& row : k_products) {
    Probe probe = measuring::rate_probe(device.id, "gemm", row.kernel, row.precision, row.unit, k_product_counting);
    if (row.in == NumberType::fp16 || row.in == NumberType::bf16) probe.peak = device.peaks.fp16;
    if (row.in == NumberType::int8) probe.peak = device.peaks.int8;
    if (row.compute == blas::k_compute_f32 && row.in == NumberType::fp32) probe.peak = device.peaks.fp32;
    probe.in_quick = row.in == NumberType::bf16;
    probe.sustained = row.in == NumberType::bf16;
    // In turns, so that precisions are compared at one temperature; one after the other where memory is short.
    probe.set = device.info.memory >= k_turns_bytes ? device.id + " gemm" : device.id + " " + row.kernel;
    refuse_below(row.least_capability, device.info, probe);
    probe.prepare = measuring::in_session([device] { return device.open(); }, &GemmWorkload::prepare, shared, std::cref(row), size_for(device), device.zeros);
    probes.push_back(std::move(probe));
  }
}

}  // namespace hardscape::cuda
