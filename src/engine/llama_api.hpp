// The functions of llama.cpp that we call, found in its libraries at run time.
//
// Only the types come from its headers (MIT); nothing is linked, so that no other command waits for it.
#pragma once

#include <ggml-backend.h>
#include <llama.h>

#include <memory>
#include <optional>
#include <string>

#include "hardscape/host.hpp"

namespace hardscape {

// Every function once: the member, the lookup and its type come from this list.
#define HARDSCAPE_LLAMA_FUNCTIONS(X)                                                                                  \
  X(ggml_quantize_chunk)                                                                                              \
  X(ggml_threadpool_params_default)                                                                                   \
  X(llama_attach_threadpool)                                                                                          \
  X(ggml_row_size)                                                                                                    \
  X(ggml_backend_load_all_from_path)                                                                                  \
  X(ggml_backend_dev_count)                                                                                           \
  X(ggml_backend_dev_get)                                                                                             \
  X(ggml_backend_dev_get_props)                                                                                       \
  X(ggml_backend_dev_backend_reg)                                                                                     \
  X(ggml_backend_dev_memory)                                                                                          \
  X(ggml_backend_reg_name)                                                                                            \
  X(ggml_backend_reg_get_proc_address)                                                                                \
  X(llama_version)                                                                                                    \
  X(llama_log_set)                                                                                                    \
  X(llama_backend_init)                                                                                               \
  X(llama_model_default_params)                                                                                       \
  X(llama_context_default_params)                                                                                     \
  X(llama_model_load_from_file)                                                                                       \
  X(llama_model_free)                                                                                                 \
  X(llama_init_from_model)                                                                                            \
  X(llama_free)                                                                                                       \
  X(llama_model_desc)                                                                                                 \
  X(llama_model_size)                                                                                                 \
  X(llama_model_n_params)                                                                                             \
  X(llama_model_meta_val_str)                                                                                         \
  X(llama_model_get_vocab)                                                                                            \
  X(llama_model_has_decoder)                                                                                          \
  X(llama_vocab_n_tokens)                                                                                             \
  X(llama_vocab_bos)                                                                                                  \
  X(llama_vocab_type)                                                                                                 \
  X(llama_vocab_is_eog)                                                                                               \
  X(llama_tokenize)                                                                                                   \
  X(llama_token_to_piece)                                                                                             \
  X(llama_get_memory)                                                                                                 \
  X(llama_memory_clear)                                                                                               \
  X(llama_decode)                                                                                                     \
  X(llama_synchronize)                                                                                                \
  X(llama_batch_get_one)                                                                                              \
  X(llama_get_logits_ith)                                                                                             \
  X(llama_state_seq_get_size)                                                                                         \
  X(llama_state_seq_get_data)                                                                                         \
  X(llama_state_seq_set_data)

struct LlamaApi {
#define HARDSCAPE_DECLARE(name) decltype(&::name) name = nullptr;  // NOLINT(bugprone-macro-parentheses): it declares the name
  HARDSCAPE_LLAMA_FUNCTIONS(HARDSCAPE_DECLARE)
#undef HARDSCAPE_DECLARE
  Library library;
  std::string folder;  // where its back ends lie; empty: the system's

  // Opens the libraries and lets them register their back ends; done once a process.
  static Result<std::shared_ptr<const LlamaApi>> open(const Host& host);
};

// Whether the context made last uses flash attention, as its log says; nothing when it said nothing.
std::optional<bool> take_flash_attention();
// What llama.cpp logged as warnings and errors since the last call, for our own sentences. Not thread-safe.
std::string take_engine_log();

}  // namespace hardscape
