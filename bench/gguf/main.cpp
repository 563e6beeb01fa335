// How long a GGUF header of a model with 150,000 words and 1,000 tensors takes; to stay below 10 ms and 50 MB, from the
// file's first megabytes. Writes a sparse file of 26 GB into the folder for temporary files and removes it.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "engine/synthetic/gguf_writer.hpp"
#include "hardscape/gguf.hpp"

namespace {

using namespace hardscape;

constexpr int k_words = 150'000;
constexpr int k_layers = 111;  // of nine tensors each, and one for the embedding

// Header and size of the file. Called in a process of its own, whose memory is not the reader's.
std::string header_text(std::uint64_t& file_bytes) {
  std::vector<std::string> words, merges;
  std::vector<std::int32_t> types(k_words, 1);
  for (int i = 0; i < k_words; ++i) {
    words.push_back("word" + std::to_string(i));
    merges.push_back("wo rd" + std::to_string(i));
  }
  std::vector<GgufKey> keys{{"general.architecture", std::string("llama")},
                            {"llama.block_count", std::uint32_t{k_layers}},
                            {"llama.context_length", std::uint32_t{131072}},
                            {"llama.embedding_length", std::uint32_t{4096}},
                            {"llama.feed_forward_length", std::uint32_t{14336}},
                            {"llama.attention.head_count", std::uint32_t{32}},
                            {"llama.attention.head_count_kv", std::uint32_t{8}},
                            {"tokenizer.ggml.tokens", std::move(words)},
                            {"tokenizer.ggml.token_type", std::move(types)},
                            {"tokenizer.ggml.merges", std::move(merges)}};
  constexpr std::uint32_t q8_0 = 8;
  std::vector<TensorPlan> tensors{{"token_embd.weight", {4096, k_words}, q8_0, std::uint64_t{4096} * k_words / 32 * 34}};
  const std::pair<const char*, std::vector<std::int64_t>> kinds[] = {
      {"attn_norm", {4096}},         {"attn_q", {4096, 4096}},   {"attn_k", {4096, 1024}},   {"attn_v", {4096, 1024}},
      {"attn_output", {4096, 4096}}, {"ffn_norm", {4096}},       {"ffn_gate", {4096, 14336}}, {"ffn_up", {4096, 14336}},
      {"ffn_down", {14336, 4096}}};
  for (int layer = 0; layer < k_layers; ++layer) {
    for (const auto& [kind, dims] : kinds) {
      const std::int64_t elements = dims[0] * (dims.size() > 1 ? dims[1] : 1);
      tensors.push_back({"blk." + std::to_string(layer) + "." + kind + ".weight", dims, q8_0,
                         static_cast<std::uint64_t>(elements) / 32 * 34});
    }
  }
  std::string header = gguf_header(keys, tensors);
  file_bytes = gguf_file_bytes(header, tensors);
  return header;
}

}  // namespace

int main() {
  const auto path = std::filesystem::temp_directory_path() / ("hardscape_gguf_bench_" + std::to_string(::getpid()) + ".gguf");
  const pid_t writer = ::fork();
  if (writer == 0) {
    std::uint64_t file_bytes = 0;
    std::ofstream(path, std::ios::binary) << header_text(file_bytes);
    std::error_code failed;
    std::filesystem::resize_file(path, file_bytes, failed);
    if (failed) std::printf("%s: %s\n", path.c_str(), failed.message().c_str());
    ::_exit(failed ? 1 : 0);
  }
  int status = 1;
  if (writer < 0 || ::waitpid(writer, &status, 0) != writer || status != 0) return 1;
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  double best = 1e9;
  std::size_t tensors = 0;
  std::uint64_t furthest = 0, header_bytes = 0, file_bytes = 0;
  for (int round = 0; round < 20; ++round) {
    const auto start = std::chrono::steady_clock::now();
    auto source = open_bytes(path.string());
    if (!source) return std::puts(source.error().message.c_str()), 1;
    const auto read = source->read;
    source->read = [&](std::uint64_t offset, char* into, std::size_t count) {
      furthest = std::max(furthest, offset + count);
      return read(offset, into, count);
    };
    const auto header = read_gguf(*source);
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
    if (!header) return std::puts(header.error().message.c_str()), 1;
    tensors = header->tensors.size();
    header_bytes = header->data_offset;
    file_bytes = header->file_bytes;
    best = std::min(best, taken.count());
  }
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  std::printf("%d words, %zu tensors, header of %.1f MB in a file of %.1f GB: %.2f ms (best of 20)\n", k_words, tensors,
              static_cast<double>(header_bytes) / 1e6, static_cast<double>(file_bytes) / 1e9, best);
  std::printf("read up to byte %llu; peak memory %.1f MB, of which reading added %.1f MB\n",
              static_cast<unsigned long long>(furthest), static_cast<double>(after.ru_maxrss) / 1e3,
              static_cast<double>(after.ru_maxrss - before.ru_maxrss) / 1e3);
  return 0;
}
