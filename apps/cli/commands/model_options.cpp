#include "cli/commands/model_options.hpp"
#include "cli/model_input.hpp"
#include "cli/options.hpp"

#include <algorithm>

namespace hardscape::cli {

void ModelOptions::add_to(Options& app) {
  app.add_option("--context", context, "Tokens over all sequences")->type_name("N");
  app.add_option("--parallel", parallel, "Sequences at once")->type_name("N");
  app.add_flag("--unified", unified, "One cache for all sequences instead of one each");
  app.add_option("--kv-type", kv_type, "Type of the KV cache: f16, q8_0, q4_0 ...")->type_name("T");
  app.add_option("--kv-type-k", kv_type_k, "Type of the keys alone")->type_name("T");
  app.add_option("--kv-type-v", kv_type_v, "Type of the values alone")->type_name("T");
  app.add_flag("--no-flash-attention", no_flash_attention, "As on devices without flash attention");
  app.add_flag("--swa-full", swa_full, "Keep the whole context in sliding-window layers");
  app.add_option("--batch", batch, "Tokens of a batch")->type_name("N");
  app.add_option("--ubatch", ubatch, "Tokens of a micro-batch")->type_name("N");
  app.add_flag("--server", server, "As llama-server: logits of one token a sequence, not of all in a micro-batch");
  app.add_flag("--vision", vision, "With the vision tower and its projector");
  app.add_option("--mmproj", mmproj, "The same, as this file has them")->type_name("FILE.gguf");
  app.add_flag("--mtp", mtp, "With the layers that draft further tokens, where the file has them");
  app.add_option("--draft-model", draft_model, "A smaller model that drafts beside it")->type_name("ID|FILE");
}

void ModelOptions::add_quantization_to(Options& app) {
  app.add_option("--quant", quantization, "How the weights are stored: Q4_K_M, Q8_0, BF16, AWQ-4bit ...")
      ->type_name("Q");
}

Result<MemoryOptions> ModelOptions::memory(std::int64_t context_max) const {
  constexpr std::int64_t usual = 8192;
  MemoryOptions o;
  if (context <= 0 && context != k_unset) {
    return Error{ErrorCode::invalid_argument, "--context: expected a positive number of tokens"};
  }
  o.context = context != k_unset ? context : context_max > 0 ? std::min(usual, context_max) : usual;
  o.parallel = parallel;
  o.unified = unified;
  o.flash_attention = !no_flash_attention;
  o.swa_full = swa_full;
  const std::string both = kv_type.empty() ? "f16" : kv_type;
  o.kv_type_k = kv_type_k.empty() ? both : kv_type_k;
  o.kv_type_v = kv_type_v.empty() ? both : kv_type_v;
  o.batch = batch;
  o.ubatch = ubatch;
  o.vision = vision || !mmproj.empty();
  o.mtp = mtp;
  if (server) o.outputs = parallel;
  return o;
}

Status ModelOptions::put_vision(ModelShape& shape) const {
  if (mmproj.empty()) return Done{};
  const auto tower = read_mmproj(mmproj);
  if (!tower) return tower.error();
  shape.vision = *tower;
  return Done{};
}

}  // namespace hardscape::cli
