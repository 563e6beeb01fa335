#include "engine/llama_model.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.hpp"
#include "engine/stopwatch.hpp"

namespace hardscape {
namespace {

// The engine's last complaint, for the end of our sentence.
std::string reason() {
  const std::string log = take_engine_log();
  std::string_view last;
  for (const auto line : split_lines(log))
    if (!trim(line).empty() && line.find("failed to load model") == std::string_view::npos) last = line;
  return last.empty() ? "" : ": " + printable(trim(last));
}

struct KvType {
  std::string_view name;
  ggml_type type;
};
constexpr std::array<KvType, 7> k_kv_types{{{"f16", GGML_TYPE_F16}, {"bf16", GGML_TYPE_BF16}, {"f32", GGML_TYPE_F32},
                                            {"q8_0", GGML_TYPE_Q8_0}, {"q5_1", GGML_TYPE_Q5_1}, {"q5_0", GGML_TYPE_Q5_0},
                                            {"q4_0", GGML_TYPE_Q4_0}}};

// Threads that wait between tokens. Without a pool of its own a build without OpenMP starts and joins its threads for
// every token, which costs a small model a twentieth of its speed.
std::shared_ptr<ggml_threadpool> threads_of(const std::shared_ptr<const LlamaApi>& api, int count) {
  using Make = ggml_threadpool* (*)(ggml_threadpool_params*);
  using Free = void (*)(ggml_threadpool*);
  for (std::size_t i = 0; i < api->ggml_backend_dev_count(); ++i) {
    ggml_backend_dev_t device = api->ggml_backend_dev_get(i);
    ggml_backend_dev_props props{};
    api->ggml_backend_dev_get_props(device, &props);
    if (props.type != GGML_BACKEND_DEVICE_TYPE_CPU) continue;
    ggml_backend_reg_t reg = api->ggml_backend_dev_backend_reg(device);
    const auto make = reinterpret_cast<Make>(api->ggml_backend_reg_get_proc_address(reg, "ggml_threadpool_new"));
    const auto free = reinterpret_cast<Free>(api->ggml_backend_reg_get_proc_address(reg, "ggml_threadpool_free"));
    if (make == nullptr || free == nullptr) continue;
    ggml_threadpool_params params = api->ggml_threadpool_params_default(count);
    if (ggml_threadpool* pool = make(&params)) return {pool, [api, free](ggml_threadpool* p) { free(p); }};
  }
  return nullptr;
}

}  // namespace

Result<LlamaRun> LlamaRun::open(std::shared_ptr<const LlamaApi> api, const BenchOptions& options, int context_tokens,
                                const StopRequested& stop) {
  const auto kv = std::find_if(k_kv_types.begin(), k_kv_types.end(), [&](const KvType& t) { return t.name == options.kv_type; });
  if (kv == k_kv_types.end())
    return Error{ErrorCode::invalid_argument, "unknown KV cache type \"" + options.kv_type + "\"; expected f16, bf16, f32, q8_0, q5_1, q5_0 or q4_0"};

  LlamaRun run;
  run.api_ = api;
  run.path_ = options.model_path;
  run.batch_ = options.batch;
  run.stop_ = std::make_shared<StopRequested>(stop);
  take_engine_log();
  take_flash_attention();

  llama_model_params model_params = api->llama_model_default_params();
  model_params.n_gpu_layers = options.cpu_only ? 0 : options.gpu_layers.value_or(-1);
  ggml_backend_dev_t no_device = nullptr;
  if (options.cpu_only) model_params.devices = &no_device;  // an empty list: not even the KV cache goes to a GPU
  model_params.progress_callback = [](float, void* user) {
    const auto& asked = *static_cast<const StopRequested*>(user);
    return !(asked && asked());
  };
  model_params.progress_callback_user_data = run.stop_.get();

  const auto start = std::chrono::steady_clock::now();
  llama_model* model = api->llama_model_load_from_file(options.model_path.c_str(), model_params);
  if (model == nullptr) {
    if (stop && stop()) return Error{ErrorCode::timeout, "stopped while loading " + options.model_path};
    return Error{ErrorCode::malformed, "loading " + options.model_path + reason()};
  }
  run.model_ = std::shared_ptr<llama_model>(model, [api](llama_model* m) { api->llama_model_free(m); });
  if (!api->llama_model_has_decoder(model))
    return Error{ErrorCode::unsupported, options.model_path + " has no decoder; only text-generating models can be benchmarked"};

  llama_context_params context_params = api->llama_context_default_params();
  context_params.n_ctx = static_cast<std::uint32_t>(context_tokens);
  context_params.n_batch = static_cast<std::uint32_t>(options.batch);
  context_params.n_ubatch = static_cast<std::uint32_t>(std::min(options.ubatch, options.batch));
  if (options.threads) context_params.n_threads = context_params.n_threads_batch = *options.threads;
  context_params.type_k = kv->type;
  context_params.type_v = kv->type;
  if (options.flash_attention)
    context_params.flash_attn_type = *options.flash_attention ? LLAMA_FLASH_ATTN_TYPE_ENABLED : LLAMA_FLASH_ATTN_TYPE_DISABLED;
  context_params.offload_kqv = !options.cpu_only;
  context_params.no_perf = true;
  context_params.abort_callback = [](void* user) {
    const auto& asked = *static_cast<const StopRequested*>(user);
    return asked && asked();
  };
  context_params.abort_callback_data = run.stop_.get();
  llama_context* context = api->llama_init_from_model(model, context_params);
  if (context == nullptr)
    return Error{ErrorCode::invalid_argument, "making a context of " + std::to_string(context_tokens) + " tokens for " +
                                                  options.model_path + reason() + "; try a smaller --prompt-tokens or --depth"};
  run.context_ = std::shared_ptr<llama_context>(context, [api](llama_context* c) { api->llama_free(c); });
  run.flash_attention_ = options.flash_attention ? options.flash_attention : take_flash_attention();
  if (options.threads) run.threads_ = threads_of(api, *options.threads);
  if (run.threads_) api->llama_attach_threadpool(context, run.threads_.get(), nullptr);
  run.load_seconds_ = seconds_since(start);
  return run;
}

BenchModel LlamaRun::describe() const {
  BenchModel out;
  out.path = path_;
  std::array<char, 256> text{};
  if (api_->llama_model_desc(model_.get(), text.data(), text.size()) > 0) out.description = printable(text.data());
  if (api_->llama_model_meta_val_str(model_.get(), "general.architecture", text.data(), text.size()) > 0) out.architecture = printable(text.data());
  if (api_->llama_model_meta_val_str(model_.get(), "hardscape.synthetic", text.data(), text.size()) > 0) out.synthetic = true;
  out.params = static_cast<std::int64_t>(api_->llama_model_n_params(model_.get()));
  out.weights = Bytes{static_cast<std::int64_t>(api_->llama_model_size(model_.get()))};
  return out;
}

std::vector<llama_token> LlamaRun::tokenize(const std::string& text) const {
  const llama_vocab* vocab = api_->llama_model_get_vocab(model_.get());
  std::vector<llama_token> tokens(text.size() + 16);
  const std::int32_t count = api_->llama_tokenize(vocab, text.data(), static_cast<std::int32_t>(text.size()), tokens.data(),
                                                  static_cast<std::int32_t>(tokens.size()), true, true);
  tokens.resize(static_cast<std::size_t>(std::max(count, 0)));
  return tokens;
}

std::string LlamaRun::text_of(const std::vector<llama_token>& tokens) const {
  const llama_vocab* vocab = api_->llama_model_get_vocab(model_.get());
  std::string out;
  std::array<char, 256> piece;
  for (const llama_token token : tokens) {
    const std::int32_t length = api_->llama_token_to_piece(vocab, token, piece.data(), static_cast<std::int32_t>(piece.size()), 0, false);
    if (length > 0) out.append(piece.data(), static_cast<std::size_t>(length));
  }
  return out;
}

int LlamaRun::vocabulary() const { return api_->llama_vocab_n_tokens(api_->llama_model_get_vocab(model_.get())); }

llama_token LlamaRun::first_token() const { return std::max(0, api_->llama_vocab_bos(api_->llama_model_get_vocab(model_.get()))); }

bool LlamaRun::ends(llama_token token) const { return api_->llama_vocab_is_eog(api_->llama_model_get_vocab(model_.get()), token); }

void LlamaRun::forget() { api_->llama_memory_clear(api_->llama_get_memory(context_.get()), false); }

Status LlamaRun::prefill(std::vector<llama_token>& tokens) {
  for (std::size_t from = 0; from < tokens.size(); from += static_cast<std::size_t>(batch_)) {
    const auto count = static_cast<std::int32_t>(std::min<std::size_t>(tokens.size() - from, static_cast<std::size_t>(batch_)));
    const std::int32_t status = api_->llama_decode(context_.get(), api_->llama_batch_get_one(tokens.data() + from, count));
    if (status != 0) {
      if (*stop_ && (*stop_)()) return Error{ErrorCode::timeout, "stopped by request"};
      return Error{ErrorCode::unavailable, "prefill of " + std::to_string(count) + " tokens failed with status " + std::to_string(status) + reason()};
    }
  }
  api_->llama_synchronize(context_.get());
  return Done{};
}

Status LlamaRun::step(llama_token token) {
  const std::int32_t status = api_->llama_decode(context_.get(), api_->llama_batch_get_one(&token, 1));
  if (status != 0) {
    if (*stop_ && (*stop_)()) return Error{ErrorCode::timeout, "stopped by request"};
    return Error{ErrorCode::unavailable, "decoding a token failed with status " + std::to_string(status) + reason()};
  }
  api_->llama_synchronize(context_.get());
  return Done{};
}

llama_token LlamaRun::best_token() const {
  const float* logits = api_->llama_get_logits_ith(context_.get(), -1);
  if (logits == nullptr) return 0;
  return static_cast<llama_token>(std::max_element(logits, logits + vocabulary()) - logits);
}

std::vector<std::uint8_t> LlamaRun::save_state() const {
  std::vector<std::uint8_t> state(api_->llama_state_seq_get_size(context_.get(), 0));
  state.resize(api_->llama_state_seq_get_data(context_.get(), state.data(), state.size(), 0));
  return state;
}

bool LlamaRun::restore_state(const std::vector<std::uint8_t>& state) {
  return !state.empty() && api_->llama_state_seq_set_data(context_.get(), state.data(), state.size(), 0) > 0;
}

}  // namespace hardscape
