// A loaded model and its context, with the few verbs a benchmark needs.
#pragma once

#include <memory>
#include <vector>

#include "engine/llama_api.hpp"
#include "hardscape/bench.hpp"

namespace hardscape {

class LlamaRun {
 public:
  // Loads the weights and makes a context that holds depth, prompt and answer.
  static Result<LlamaRun> open(std::shared_ptr<const LlamaApi> api, const BenchOptions& options, int context_tokens,
                               const StopRequested& stop);

  // Whether attention is fused; nothing where the engine does not say.
  std::optional<bool> flash_attention() const { return flash_attention_; }
  double load_seconds() const { return load_seconds_; }
  BenchModel describe() const;
  std::vector<llama_token> tokenize(const std::string& text) const;
  std::string text_of(const std::vector<llama_token>& tokens) const;
  int vocabulary() const;
  llama_token first_token() const;         // BOS, or 0 where the vocabulary has none
  bool ends(llama_token token) const;

  void forget();                           // empties the context
  Status prefill(std::vector<llama_token>& tokens);
  Status step(llama_token token);
  llama_token best_token() const;          // greedy choice from the last logits
  std::vector<std::uint8_t> save_state() const;
  bool restore_state(const std::vector<std::uint8_t>& state);

 private:
  std::shared_ptr<const LlamaApi> api_;
  std::shared_ptr<llama_model> model_;
  std::shared_ptr<ggml_threadpool> threads_;  // outlives the context that uses it
  std::shared_ptr<llama_context> context_;
  std::shared_ptr<StopRequested> stop_;    // at a stable address: llama.cpp keeps a pointer to it
  std::string path_;
  int batch_ = 2048;
  std::optional<bool> flash_attention_;
  double load_seconds_ = 0;
};

}  // namespace hardscape
