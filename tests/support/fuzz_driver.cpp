// Runs a fuzz target without libFuzzer: every file of a corpus, then inputs made from them by a fixed random sequence.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::string changed(std::string input, const std::vector<std::string>& corpus, std::mt19937& random) {
  const auto below = [&random](std::size_t n) { return n == 0 ? 0 : random() % n; };
  for (std::size_t i = 0, n = 1 + below(6); i < n && !input.empty(); ++i) {
    const std::size_t at = below(input.size());
    switch (below(6)) {
      case 0: input[at] = static_cast<char>(below(256)); break;
      case 1: input[at] = static_cast<char>(input[at] ^ (1 << below(8))); break;
      case 2: input.resize(at); break;
      case 3: input.insert(at, std::string(1 + below(16), static_cast<char>(below(2) * 255))); break;
      case 4: std::fill_n(input.begin() + static_cast<std::ptrdiff_t>(at), std::min<std::size_t>(8, input.size() - at), '\xff'); break;
      default: {
        const std::string& other = corpus[below(corpus.size())];
        input = input.substr(0, at) + other.substr(below(other.size()));
      }
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s CORPUS RUNS\n", argv[0]);
    return 2;
  }
  std::vector<std::string> corpus;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::ifstream file(entry.path(), std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (corpus.empty()) return 1;
  std::sort(corpus.begin(), corpus.end());
  for (const std::string& input : corpus) run(input);
  std::mt19937 random(1);
  const long runs = std::strtol(argv[2], nullptr, 10);
  for (long i = 0; i < runs; ++i) run(changed(corpus[random() % corpus.size()], corpus, random));
  std::printf("%zu files and %ld made inputs, no finding\n", corpus.size(), runs);
  return 0;
}
