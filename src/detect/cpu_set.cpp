#include "detect/cpu_set.hpp"

#include <algorithm>
#include <bit>

#include "base/text.hpp"

namespace hardscape {
namespace {

constexpr int k_bits = 64;

std::size_t word_of(int cpu) { return static_cast<std::size_t>(cpu / k_bits); }
std::uint64_t bit_of(int cpu) { return std::uint64_t{1} << (cpu % k_bits); }

}  // namespace

CpuSet CpuSet::of(std::initializer_list<int> cpus) {
  CpuSet set;
  for (const int cpu : cpus) set.add(cpu);
  return set;
}

CpuSet CpuSet::range(int first, int last) {
  CpuSet set;
  for (int cpu = std::max(first, 0); cpu <= std::min(last, k_limit - 1); ++cpu) set.add(cpu);
  return set;
}

void CpuSet::add(int cpu) {
  if (cpu < 0 || cpu >= k_limit) return;
  if (words_.size() <= word_of(cpu)) words_.resize(word_of(cpu) + 1);
  words_[word_of(cpu)] |= bit_of(cpu);
}

void CpuSet::remove(int cpu) {
  if (!contains(cpu)) return;
  words_[word_of(cpu)] &= ~bit_of(cpu);
  trim();
}

bool CpuSet::contains(int cpu) const {
  return cpu >= 0 && word_of(cpu) < words_.size() && (words_[word_of(cpu)] & bit_of(cpu)) != 0;
}

bool CpuSet::empty() const { return words_.empty(); }

int CpuSet::count() const {
  int total = 0;
  for (const std::uint64_t word : words_) total += std::popcount(word);
  return total;
}

int CpuSet::first() const { return next(-1); }

int CpuSet::next(int after) const {
  const int from = after + 1;
  for (std::size_t i = word_of(from); i < words_.size(); ++i) {
    std::uint64_t word = words_[i];
    if (i == word_of(from)) word &= ~std::uint64_t{0} << (from % k_bits);
    if (word != 0) return static_cast<int>(i) * k_bits + std::countr_zero(word);
  }
  return -1;
}

bool CpuSet::intersects(const CpuSet& other) const {
  const std::size_t common = std::min(words_.size(), other.words_.size());
  for (std::size_t i = 0; i < common; ++i) {
    if ((words_[i] & other.words_[i]) != 0) return true;
  }
  return false;
}

bool CpuSet::contains_all(const CpuSet& other) const { return (other - *this).empty(); }

CpuSet CpuSet::operator&(const CpuSet& other) const {
  CpuSet result = *this;
  result.words_.resize(std::min(words_.size(), other.words_.size()));
  for (std::size_t i = 0; i < result.words_.size(); ++i) result.words_[i] &= other.words_[i];
  result.trim();
  return result;
}

CpuSet CpuSet::operator|(const CpuSet& other) const {
  CpuSet result = *this;
  result |= other;
  return result;
}

CpuSet& CpuSet::operator|=(const CpuSet& other) {
  if (words_.size() < other.words_.size()) words_.resize(other.words_.size());
  for (std::size_t i = 0; i < other.words_.size(); ++i) words_[i] |= other.words_[i];
  return *this;
}

CpuSet CpuSet::operator-(const CpuSet& other) const {
  CpuSet result = *this;
  const std::size_t common = std::min(words_.size(), other.words_.size());
  for (std::size_t i = 0; i < common; ++i) result.words_[i] &= ~other.words_[i];
  result.trim();
  return result;
}

void CpuSet::trim() {
  while (!words_.empty() && words_.back() == 0) words_.pop_back();
}

std::optional<CpuSet> parse_cpu_list(std::string_view text) {
  CpuSet set;
  text = trim(text);
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view field = trim(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    const std::size_t dash = field.find('-');
    const auto first = parse_unsigned(field.substr(0, dash));
    if (!first) return std::nullopt;
    if (dash == std::string_view::npos) {
      if (*first < CpuSet::k_limit) set.add(static_cast<int>(*first));
      continue;
    }
    const std::size_t colon = field.find(':', dash);
    const auto last = parse_unsigned(field.substr(dash + 1, colon == std::string_view::npos ? colon : colon - dash - 1));
    if (!last || *last < *first) return std::nullopt;
    std::uint64_t used = 1;
    std::uint64_t group = 1;
    if (colon != std::string_view::npos) {
      const std::string_view stride = field.substr(colon + 1);
      const std::size_t slash = stride.find('/');
      if (slash == std::string_view::npos) return std::nullopt;
      const auto u = parse_unsigned(stride.substr(0, slash));
      const auto g = parse_unsigned(stride.substr(slash + 1));
      if (!u || !g || *u == 0 || *g < *u || *g > CpuSet::k_limit) return std::nullopt;
      used = *u;
      group = *g;
    }
    const std::uint64_t end = std::min<std::uint64_t>(*last, CpuSet::k_limit - 1);
    for (std::uint64_t cpu = *first; cpu <= end; ++cpu) {
      if ((cpu - *first) % group < used) set.add(static_cast<int>(cpu));
    }
  }
  return set;
}

std::optional<CpuSet> parse_cpu_mask(std::string_view text) {
  text = trim(text);
  if (text.empty()) return std::nullopt;
  CpuSet set;
  int position = 0;  // of the next 32-bit word, from the least significant
  while (true) {
    const std::size_t comma = text.rfind(',');
    const std::string_view word = comma == std::string_view::npos ? text : text.substr(comma + 1);
    if (word.empty()) return std::nullopt;
    // One word may hold more than 32 bits when the kernel wrote no commas (old ones, and some tools' copies).
    int bit = position;
    for (std::size_t i = word.size(); i-- > 0;) {
      const auto digit = parse_unsigned(word.substr(i, 1), 16);
      if (!digit) return std::nullopt;
      for (int k = 0; k < 4; ++k) {
        if (((*digit >> k) & 1U) != 0 && bit < CpuSet::k_limit) set.add(bit + k);
      }
      if (bit < CpuSet::k_limit) bit += 4;
    }
    if (comma == std::string_view::npos) return set;
    if (position < CpuSet::k_limit) position += 32;
    text = text.substr(0, comma);
  }
}

std::string to_list(const CpuSet& set) {
  std::string text;
  for (int first = set.first(); first >= 0;) {
    int last = first;
    while (set.contains(last + 1)) ++last;
    if (!text.empty()) text += ',';
    text += std::to_string(first);
    if (last > first) text += '-' + std::to_string(last);
    first = set.next(last);
  }
  return text;
}

}  // namespace hardscape
