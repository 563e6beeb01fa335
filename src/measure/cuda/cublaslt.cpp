#include "measure/cuda/cublaslt.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "measure/accelerator/vendor_library.hpp"

namespace hardscape::cuda::blas {
namespace {

struct StatusRow {
  Status status;
  const char* name;
};

constexpr StatusRow k_statuses[] = {
    {1, "CUBLAS_STATUS_NOT_INITIALIZED"}, {3, "CUBLAS_STATUS_ALLOC_FAILED"},      {7, "CUBLAS_STATUS_INVALID_VALUE"},
    {8, "CUBLAS_STATUS_ARCH_MISMATCH"},   {11, "CUBLAS_STATUS_MAPPING_ERROR"},    {13, "CUBLAS_STATUS_EXECUTION_FAILED"},
    {14, "CUBLAS_STATUS_INTERNAL_ERROR"}, {15, "CUBLAS_STATUS_NOT_SUPPORTED"},    {16, "CUBLAS_STATUS_LICENSE_ERROR"},
};

constexpr const char* k_files[] = {"libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so.11"};

// Folders below which Python keeps packages, each with python3.X folders.
void add_python(const Host& host, const std::string& prefix, std::vector<std::string>& folders) {
  for (const std::string& version : host.files.list(prefix)) {
    if (version.rfind("python3", 0) != 0) continue;
    for (const char* const packages : {"/site-packages", "/dist-packages"}) {
      const std::string nvidia = prefix + "/" + version + packages + "/nvidia";
      for (const char* const part : {"/cu13/lib", "/cublas/lib"}) {
        if (host.files.exists(nvidia + part)) folders.push_back(nvidia + part);
      }
    }
  }
}

Api symbols(Library library, std::string& missing) {
  Api api;
  api.library = std::move(library);
  measuring::SymbolReader find(api.library);
  find(api.create, "cublasLtCreate");
  find(api.destroy, "cublasLtDestroy");
  find(api.get_version, "cublasLtGetVersion");
  find(api.operation_create, "cublasLtMatmulDescCreate");
  find(api.operation_set, "cublasLtMatmulDescSetAttribute");
  find(api.operation_destroy, "cublasLtMatmulDescDestroy");
  find(api.layout_create, "cublasLtMatrixLayoutCreate");
  find(api.layout_destroy, "cublasLtMatrixLayoutDestroy");
  find(api.preference_create, "cublasLtMatmulPreferenceCreate");
  find(api.preference_set, "cublasLtMatmulPreferenceSetAttribute");
  find(api.preference_destroy, "cublasLtMatmulPreferenceDestroy");
  find(api.get_heuristic, "cublasLtMatmulAlgoGetHeuristic");
  find(api.matmul, "cublasLtMatmul");
  if (!find.missing().empty()) missing = fmt::format("{} lacks {}", api.library.name(), find.missing());
  return api;
}

}  // namespace

std::string Api::version() const {
  const std::size_t number = get_version();
  // 11.x.y is written 11xyy; from 12 on there are two digits more.
  if (number >= 100'000) return fmt::format("cuBLASLt {}.{}.{}", number / 10'000, number / 100 % 100, number % 100);
  return fmt::format("cuBLASLt {}.{}.{}", number / 1000, number / 100 % 10, number % 100);
}

std::vector<std::string> library_names(const Host& host) {
  std::vector<std::string> folders{"/usr/local/cuda/lib64", "/usr/local/cuda/targets/sbsa-linux/lib", "/opt/cuda/lib64", "/opt/conda/lib"};
  for (const char* const variable : {"CONDA_PREFIX", "VIRTUAL_ENV", "CUDA_HOME", "CUDA_PATH"}) {
    const auto prefix = host.environment(variable);
    if (!prefix || prefix->empty()) continue;
    folders.push_back(*prefix + "/lib");
    folders.push_back(*prefix + "/lib64");
    add_python(host, *prefix + "/lib", folders);
  }
  for (const char* const prefix : {"/usr/local/lib", "/usr/lib", "/opt/conda/lib"}) add_python(host, prefix, folders);
  for (const char* const ollama : {"/usr/local/lib/ollama", "/usr/lib/ollama"}) {
    for (const std::string& name : host.files.list(ollama)) {
      if (name.rfind("cuda", 0) == 0) folders.push_back(std::string(ollama) + "/" + name);
    }
  }
  std::vector<std::string> names;
  for (const char* const file : k_files) {
    names.emplace_back(file);
    for (const std::string& folder : folders) {
      if (host.files.exists(folder + "/" + file)) names.push_back(folder + "/" + file);
    }
  }
  names.insert(names.end(), {"cublasLt64_13.dll", "cublasLt64_12.dll", "cublasLt64_11.dll"});
  return names;
}

std::vector<Api> load_all(const LibraryLoader& libraries, const std::vector<std::string>& names, std::string& why) {
  std::vector<Api> found;
  std::string lacking;
  for (const std::string& name : names) {
    auto library = libraries({name});
    if (!library) continue;
    std::string missing;
    Api api = symbols(*std::move(library), missing);
    if (missing.empty()) found.push_back(std::move(api));
    else if (lacking.empty()) lacking = missing;
  }
  if (found.empty()) why = lacking.empty() ? "cuBLASLt is not installed" : lacking;
  return found;
}

std::string status_name(Status status) {
  for (const StatusRow& row : k_statuses) {
    if (row.status == status) return row.name;
  }
  return fmt::format("cuBLAS status {}", status);
}

Error failure(Status status, std::string_view doing) {
  const ErrorCode code = status == k_not_supported || status == 8 ? ErrorCode::unsupported : status == 3 ? ErrorCode::unavailable : ErrorCode::io;
  return {code, fmt::format("{}: {}", doing, status_name(status))};
}

}  // namespace hardscape::cuda::blas
