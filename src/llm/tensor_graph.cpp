#include "llm/tensor_graph.hpp"

#include <algorithm>
#include <limits>

namespace hardscape::llm {
namespace {

class FreeList {
 public:
  std::int64_t take(std::int64_t bytes) {
    std::size_t chosen = blocks_.size() - 1;  // the open end, unless a gap is large enough
    std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i + 1 < blocks_.size(); ++i) {
      if (blocks_[i].bytes >= bytes && blocks_[i].bytes <= smallest) {
        chosen = i;
        smallest = blocks_[i].bytes;
      }
    }
    Block& block = blocks_[chosen];
    const std::int64_t offset = block.offset;
    block.offset += bytes;
    block.bytes -= bytes;
    if (block.bytes == 0) blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(chosen));
    peak_ = std::max(peak_, offset + bytes);
    return offset;
  }

  void give_back(std::int64_t offset, std::int64_t bytes) {
    const auto next = std::lower_bound(blocks_.begin(), blocks_.end(), offset,
                                       [](const Block& b, std::int64_t at) { return b.offset < at; });
    const bool joins_next = next != blocks_.end() && offset + bytes == next->offset;
    if (next != blocks_.begin()) {
      const auto before = next - 1;
      if (before->offset + before->bytes == offset) {
        before->bytes += bytes;
        if (joins_next) {
          before->bytes += next->bytes;
          blocks_.erase(next);
        }
        return;
      }
    }
    if (joins_next) {
      next->offset = offset;
      next->bytes += bytes;
      return;
    }
    blocks_.insert(next, Block{offset, bytes});
  }

  std::int64_t peak() const { return peak_; }

 private:
  struct Block {
    std::int64_t offset = 0;
    std::int64_t bytes = 0;
  };
  std::vector<Block> blocks_{{0, std::numeric_limits<std::int64_t>::max() / 2}};
  std::int64_t peak_ = 0;
};

struct Use {
  std::int64_t offset = 0;
  std::int32_t readers = 0;
  std::int32_t views = 0;
  bool held = false;
};

}  // namespace

TensorGraph::Id TensorGraph::add(std::int64_t bytes, std::initializer_list<Id> sources) {
  Tensor t;
  t.bytes = bytes;
  for (const Id s : sources) {
    if (s != k_elsewhere && t.source_count < k_most_sources) t.sources[t.source_count++] = s;
  }
  tensors_.push_back(t);
  return static_cast<Id>(tensors_.size() - 1);
}

TensorGraph::Id TensorGraph::input(std::int64_t bytes) {
  const Id id = add(bytes, {});
  tensors_.back().is_input = true;
  return id;
}

TensorGraph::Id TensorGraph::node(std::int64_t bytes, std::initializer_list<Id> sources) { return add(bytes, sources); }

TensorGraph::Id TensorGraph::in_place(std::int64_t bytes, std::initializer_list<Id> sources) {
  const Id id = add(bytes, sources);
  tensors_.back().may_overwrite = true;
  return id;
}

TensorGraph::Id TensorGraph::view(Id of) {
  if (of == k_elsewhere) return k_elsewhere;
  const Tensor& source = tensors_[static_cast<std::size_t>(of)];
  const Id owner = source.is_view ? source.owner : of;
  const Id id = add(0, {of});
  tensors_.back().is_view = true;
  tensors_.back().owner = owner;
  return id;
}

void TensorGraph::keep(Id output) { tensors_[static_cast<std::size_t>(output)].is_output = true; }

void TensorGraph::expand(Id id) {
  if (id == k_elsewhere || tensors_[static_cast<std::size_t>(id)].visited) return;
  Tensor& t = tensors_[static_cast<std::size_t>(id)];
  t.visited = true;
  for (std::size_t s = 0; s < t.source_count; ++s) expand(t.sources[s]);
  (t.is_input ? inputs_ : order_).push_back(id);
}

TensorGraph::Peak TensorGraph::peak(std::int64_t alignment) const {
  FreeList memory;
  Peak peak;
  std::vector<Use> uses(tensors_.size());
  const auto use = [&](Id id) -> Use& { return uses[static_cast<std::size_t>(id)]; };
  const auto room = [&](const Tensor& t) { return (t.bytes + alignment - 1) / alignment * alignment; };
  const auto give_back = [&](Id id) {
    const Tensor& t = tensors_[static_cast<std::size_t>(id)];
    if (!use(id).held || t.is_output) return;
    memory.give_back(use(id).offset, room(t));
    use(id).held = false;
  };
  const auto take = [&](Id id) {
    const Tensor& t = tensors_[static_cast<std::size_t>(id)];
    if (t.is_view || t.bytes == 0) return;
    use(id).held = true;
    for (std::size_t s = 0; t.may_overwrite && s < t.source_count; ++s) {
      const Id from = t.sources[s];
      const Tensor& source = tensors_[static_cast<std::size_t>(from)];
      const Use& used = use(from);
      if (!used.held || source.is_output || source.bytes != t.bytes || used.readers != 1 || used.views != 0) continue;
      use(id).offset = used.offset;
      use(from).held = false;
      return;
    }
    use(id).offset = memory.take(room(t));
  };

  for (const Id id : inputs_) take(id);
  for (const Id id : order_) {
    const Tensor& t = tensors_[static_cast<std::size_t>(id)];
    if (t.is_view) ++use(t.owner).views;
    for (std::size_t s = 0; s < t.source_count; ++s) ++use(t.sources[s]).readers;
  }
  for (const Id id : order_) {
    const Tensor& t = tensors_[static_cast<std::size_t>(id)];
    peak.before_last = memory.peak();
    take(id);
    for (std::size_t s = 0; s < t.source_count; ++s) {
      const Id from = t.sources[s];
      if (--use(from).readers > 0 || use(from).views > 0) continue;
      const Tensor& source = tensors_[static_cast<std::size_t>(from)];
      if (!source.is_view) {
        give_back(from);
      } else if (Use& owner = use(source.owner); --owner.views == 0 && owner.readers == 0) {
        give_back(source.owner);
      }
    }
  }
  peak.bytes = memory.peak();
  return peak;
}

}  // namespace hardscape::llm
