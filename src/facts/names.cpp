#include "hardscape/machine.hpp"

namespace hardscape {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "info";
}

std::string_view to_string(AcceleratorKind kind) {
  switch (kind) {
    case AcceleratorKind::gpu: return "gpu";
    case AcceleratorKind::npu: return "npu";
    case AcceleratorKind::tpu: return "tpu";
  }
  return "gpu";
}

std::string_view to_string(MemoryKind kind) {
  switch (kind) {
    case MemoryKind::dedicated: return "dedicated";
    case MemoryKind::unified: return "unified";
    case MemoryKind::shared: return "shared";
  }
  return "dedicated";
}

std::optional<AcceleratorKind> accelerator_kind_from(std::string_view name) {
  for (const auto kind : {AcceleratorKind::gpu, AcceleratorKind::npu, AcceleratorKind::tpu})
    if (to_string(kind) == name) return kind;
  return std::nullopt;
}

std::optional<MemoryKind> memory_kind_from(std::string_view name) {
  for (const auto kind : {MemoryKind::dedicated, MemoryKind::unified, MemoryKind::shared})
    if (to_string(kind) == name) return kind;
  return std::nullopt;
}

}  // namespace hardscape
