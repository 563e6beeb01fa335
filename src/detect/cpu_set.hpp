// A set of logical processor numbers (also of NUMA node numbers), and the two texts the kernel writes one in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hardscape {

class CpuSet {
 public:
  // Numbers from here on are ignored: no Linux kernel is built for more, and a broken file must not cost time.
  static constexpr int k_limit = 8192;

  CpuSet() = default;
  static CpuSet of(std::initializer_list<int> cpus);
  static CpuSet range(int first, int last);

  void add(int cpu);
  void remove(int cpu);
  bool contains(int cpu) const;
  bool empty() const;
  int count() const;
  int first() const;  // -1 when empty
  int next(int after) const;  // the smallest one above `after`; -1 when there is none

  bool intersects(const CpuSet& other) const;
  bool contains_all(const CpuSet& other) const;
  CpuSet operator&(const CpuSet& other) const;
  CpuSet operator|(const CpuSet& other) const;
  CpuSet operator-(const CpuSet& other) const;
  CpuSet& operator|=(const CpuSet& other);
  friend bool operator==(const CpuSet& a, const CpuSet& b) = default;

  // Calls f(cpu) in ascending order.
  template <class F>
  void for_each(F&& f) const {
    for (int cpu = first(); cpu >= 0; cpu = next(cpu)) f(cpu);
  }

 private:
  void trim();
  std::vector<std::uint64_t> words_;  // without zero words at the end, so that == compares sets
};

// "0-3,8" or "0-30:2/4"; nothing when the text is not a list. An empty text is the empty set.
std::optional<CpuSet> parse_cpu_list(std::string_view text);
// "0000ffff,00000000", most significant word first; nothing when the text is not a mask.
std::optional<CpuSet> parse_cpu_mask(std::string_view text);
// "0-3,8".
std::string to_list(const CpuSet& set);

}  // namespace hardscape
