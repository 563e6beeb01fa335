// A graph of tensors with their lifetimes, and the memory that ggml's graph allocator gives it.
//
// Rules read from llama.cpp v0.5.0, ggml/src/ggml-alloc.c and ggml.c: nodes run depth first, inputs get room before all
// others, a tensor is freed after its last reader, the smallest free block that is large enough is taken, and some
// operations overwrite a source that nobody else reads. Sizes in bytes; plain values, thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace hardscape::llm {

class TensorGraph {
 public:
  using Id = std::int32_t;
  static constexpr Id k_elsewhere = -1;  // a weight or a cache: lies in another buffer

  Id input(std::int64_t bytes);
  Id node(std::int64_t bytes, std::initializer_list<Id> sources);
  // Takes over the room of the first source of the same size that nobody else reads.
  Id in_place(std::int64_t bytes, std::initializer_list<Id> sources);
  Id view(Id of);
  bool is_view(Id id) const { return tensors_[static_cast<std::size_t>(id)].is_view; }
  Id owner(Id view) const { return tensors_[static_cast<std::size_t>(view)].owner; }
  void keep(Id output);  // never freed and never overwritten
  // Puts what a tensor needs into the order of execution, and then itself.
  void expand(Id id);

  // Bytes of the buffer that holds everything expanded so far, and of one that holds all but the last tensor.
  struct Peak {
    std::int64_t bytes = 0;
    std::int64_t before_last = 0;
  };
  Peak peak(std::int64_t alignment) const;

 private:
  static constexpr std::size_t k_most_sources = 6;
  struct Tensor {
    std::int64_t bytes = 0;
    std::array<Id, k_most_sources> sources{};
    std::uint8_t source_count = 0;
    Id owner = k_elsewhere;  // of a view: the tensor whose room it is
    bool is_view = false, is_input = false, may_overwrite = false, is_output = false, visited = false;
  };

  Id add(std::int64_t bytes, std::initializer_list<Id> sources);

  std::vector<Tensor> tensors_;
  std::vector<Id> inputs_, order_;
};

}  // namespace hardscape::llm
