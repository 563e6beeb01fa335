// NVIDIA's matrix library opened at run time: the part of its interface that is used here, declared by ourselves after
// cublasLt.h, library_types.h and cublas_api.h (the values are the same from version 11 to 13).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hardscape/host.hpp"
#include "measure/cuda/cuda_abi.hpp"

namespace hardscape::cuda::blas {

using Status = int;              // cublasStatus_t
using Handle = struct HandleTag*;
using Operation = struct OperationTag*;
using Layout = struct LayoutTag*;
using Preference = struct PreferenceTag*;

inline constexpr Status k_success = 0;
inline constexpr Status k_not_supported = 15;

// cudaDataType_t
inline constexpr int k_f32 = 0, k_f16 = 2, k_i8 = 3, k_i32 = 10, k_bf16 = 14, k_e4m3 = 28;
// cublasComputeType_t
inline constexpr int k_compute_f32 = 68, k_compute_i32 = 72, k_compute_tf32 = 77;
// cublasLtMatmulDescAttributes_t, cublasOperation_t
inline constexpr int k_transpose_a = 3, k_fast_accumulation = 25;
inline constexpr std::int32_t k_transposed = 1;
// cublasLtMatmulPreferenceAttributes_t
inline constexpr int k_most_workspace = 1;

struct Algorithm {
  std::uint64_t opaque[8];
};
struct Choice {
  Algorithm algorithm;
  std::size_t workspace;
  Status state;
  float waves;
  int reserved[4];
};
static_assert(sizeof(Algorithm) == 64 && sizeof(Choice) == 96 && offsetof(Choice, state) == 72);

using Create = Status(Handle*);
using Destroy = Status(Handle);
using GetVersion = std::size_t();
using OperationCreate = Status(Operation*, int compute, int scale_type);
using OperationSet = Status(Operation, int, const void*, std::size_t);
using OperationDestroy = Status(Operation);
using LayoutCreate = Status(Layout*, int type, std::uint64_t rows, std::uint64_t columns, std::int64_t leading);
using LayoutDestroy = Status(Layout);
using PreferenceCreate = Status(Preference*);
using PreferenceSet = Status(Preference, int, const void*, std::size_t);
using PreferenceDestroy = Status(Preference);
using GetHeuristic = Status(Handle, Operation, Layout, Layout, Layout, Layout, Preference, int, Choice*, int*);
using Matmul = Status(Handle, Operation, const void* alpha, const void* a, Layout, const void* b, Layout, const void* beta, const void* c,
                      Layout, void* d, Layout, const Algorithm*, void* workspace, std::size_t, Stream);

struct Api {
  Library library;
  Create* create = nullptr;
  Destroy* destroy = nullptr;
  GetVersion* get_version = nullptr;
  OperationCreate* operation_create = nullptr;
  OperationSet* operation_set = nullptr;
  OperationDestroy* operation_destroy = nullptr;
  LayoutCreate* layout_create = nullptr;
  LayoutDestroy* layout_destroy = nullptr;
  PreferenceCreate* preference_create = nullptr;
  PreferenceSet* preference_set = nullptr;
  PreferenceDestroy* preference_destroy = nullptr;
  GetHeuristic* get_heuristic = nullptr;
  Matmul* matmul = nullptr;

  // "cuBLASLt 13.0.2".
  std::string version() const;
};

// Where it may lie: the loader's path, the toolkit, Python's and Conda's packages, Ollama. Newest first.
std::vector<std::string> library_names(const Host& host);

// Every library that opens and has all functions, in the order of `names`: an older one may be the one that fits the
// driver. `why` says what the first lacked when there is none.
std::vector<Api> load_all(const LibraryLoader& libraries, const std::vector<std::string>& names, std::string& why);

// "CUBLAS_STATUS_NOT_SUPPORTED".
std::string status_name(Status status);
Error failure(Status status, std::string_view doing);

}  // namespace hardscape::cuda::blas
