// The loops of MemoryKernels for a vector type V; included by one translation unit for each instruction set.
//
// V has: Word and Real (register types), k_bytes, load_words, load, store, store_words, add_words, fma, and, where
// k_around is true, stores past the caches and a fence.
#pragma once

#include "measure/cpu/kernels/memory_kernels.hpp"

namespace hardscape::measuring {
namespace {

template <class V>
std::uint64_t sum_of(typename V::Word x) {
  alignas(64) std::uint64_t words[V::k_bytes / 8];
  V::store_words(words, x);
  std::uint64_t total = 0;
  for (const auto word : words) total += word;
  return total;
}

template <class V>
std::uint64_t read_with(const void* from, std::size_t bytes) {
  const auto* at = static_cast<const unsigned char*>(from);
  const auto* end = at + bytes;
  typename V::Word s0 = V::zero(), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (; at < end; at += 8 * V::k_bytes) {
    s0 = V::add_words(s0, V::load_words(at));
    s1 = V::add_words(s1, V::load_words(at + V::k_bytes));
    s2 = V::add_words(s2, V::load_words(at + 2 * V::k_bytes));
    s3 = V::add_words(s3, V::load_words(at + 3 * V::k_bytes));
    s4 = V::add_words(s4, V::load_words(at + 4 * V::k_bytes));
    s5 = V::add_words(s5, V::load_words(at + 5 * V::k_bytes));
    s6 = V::add_words(s6, V::load_words(at + 6 * V::k_bytes));
    s7 = V::add_words(s7, V::load_words(at + 7 * V::k_bytes));
  }
  s0 = V::add_words(V::add_words(s0, s1), V::add_words(s2, s3));
  s4 = V::add_words(V::add_words(s4, s5), V::add_words(s6, s7));
  return sum_of<V>(V::add_words(s0, s4));
}

template <class V, bool Around>
void write_with(void* to, std::size_t bytes, const std::uint64_t* pattern) {
  auto* at = static_cast<unsigned char*>(to);
  auto* end = at + bytes;
  typename V::Word words[64 / V::k_bytes];
  for (std::size_t i = 0; i < 64 / V::k_bytes; ++i) words[i] = V::load_words(reinterpret_cast<const unsigned char*>(pattern) + i * V::k_bytes);
  for (; at < end; at += 64)
    for (std::size_t i = 0; i < 64 / V::k_bytes; ++i) {
      if constexpr (Around)
        V::stream_words(at + i * V::k_bytes, words[i]);
      else
        V::store_words(at + i * V::k_bytes, words[i]);
    }
  if constexpr (Around) V::fence();
}

template <class V, bool Around>
void copy_with(void* to, const void* from, std::size_t bytes) {
  auto* out = static_cast<unsigned char*>(to);
  const auto* in = static_cast<const unsigned char*>(from);
  for (std::size_t i = 0; i < bytes; i += 4 * V::k_bytes) {
    const auto a = V::load_words(in + i), b = V::load_words(in + i + V::k_bytes);
    const auto c = V::load_words(in + i + 2 * V::k_bytes), d = V::load_words(in + i + 3 * V::k_bytes);
    if constexpr (Around) {
      V::stream_words(out + i, a);
      V::stream_words(out + i + V::k_bytes, b);
      V::stream_words(out + i + 2 * V::k_bytes, c);
      V::stream_words(out + i + 3 * V::k_bytes, d);
    } else {
      V::store_words(out + i, a);
      V::store_words(out + i + V::k_bytes, b);
      V::store_words(out + i + 2 * V::k_bytes, c);
      V::store_words(out + i + 3 * V::k_bytes, d);
    }
  }
  if constexpr (Around) V::fence();
}

template <class V, bool Around>
void triad_with(double* to, const double* b, const double* c, double factor, std::size_t bytes) {
  constexpr std::size_t k_lanes = V::k_bytes / sizeof(double);
  const auto f = V::spread(factor);
  for (std::size_t i = 0; i < bytes / sizeof(double); i += 4 * k_lanes)
    for (std::size_t j = 0; j < 4; ++j) {
      const auto value = V::fma(f, V::load(c + i + j * k_lanes), V::load(b + i + j * k_lanes));
      if constexpr (Around)
        V::stream(to + i + j * k_lanes, value);
      else
        V::store(to + i + j * k_lanes, value);
    }
  if constexpr (Around) V::fence();
}

template <class V>
constexpr MemoryKernels kernels_with(const char* name, const char* needs) {
  if constexpr (V::k_around)
    return {name, needs, read_with<V>, write_with<V, false>, write_with<V, true>, copy_with<V, false>, copy_with<V, true>,
            triad_with<V, false>, triad_with<V, true>};
  else
    return {name, needs, read_with<V>, write_with<V, false>, nullptr, copy_with<V, false>, nullptr, triad_with<V, false>, nullptr};
}

}  // namespace
}  // namespace hardscape::measuring
