// The catalogue's models against figures that others published or measured.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "hardscape/catalogue.hpp"
#include "hardscape/gguf.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_name.hpp"
#include "hardscape/model_record.hpp"
#include "hardscape/precision_table.hpp"
#include "support/gguf_writer.hpp"
#include "support/parsed.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape {
namespace {

using nlohmann::json;

json data(const std::string& name) {
  return parsed_file("tests/models/" + name);
}

ModelShape shape_named(const std::string& id) {
  static const Catalogue catalogue = Catalogue::built_in();
  const ModelRecord* record = catalogue.find_model(id);
  EXPECT_NE(record, nullptr) << id;
  auto shape = shape_of(*record);
  EXPECT_TRUE(shape) << shape.error().message;
  return *shape;
}

// Keys and values of the tokens that a layer sees, without padding: what tools other than llama.cpp count.
std::int64_t unpadded_kv(const ModelShape& shape, std::int64_t tokens) {
  std::int64_t sum = 0;
  for (const LayerShape& l : shape.layers) {
    if (l.mtp || !l.attention || l.attention->shares_kv_of) continue;
    const AttentionShape& a = *l.attention;
    sum += 2 * (a.key_width() + a.value_width()) * (a.window > 0 ? std::min<std::int64_t>(tokens, a.window) : tokens);
  }
  return sum;
}

std::int64_t part_of(const ModelShape& shape, const std::string& part, const MemoryOptions& o) {
  if (part == "kv_unpadded") return unpadded_kv(shape, o.context);
  if (part == "kv_without_indexer") return unpadded_kv(shape, o.context);
  if (part == "kv_per_token_without_indexer") return unpadded_kv(shape, 2) - unpadded_kv(shape, 1);
  if (part == "kv_per_token") {
    MemoryOptions more = o;
    more.context = 512;
    MemoryOptions less = o;
    less.context = 256;
    return (cache_need(shape, more)->kv - cache_need(shape, less)->kv).value / 256;
  }
  const auto need = cache_need(shape, o);
  EXPECT_TRUE(need);
  if (part == "kv") return need->kv.value;
  if (part == "recurrent") return need->recurrent.value;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < shape.layers.size(); ++i) {
    const auto& a = shape.layers[i].attention;
    if (a && (a->kind == AttentionKind::sliding) == (part == "kv_sliding")) sum += need->layers[i].kv.value;
  }
  return sum;
}

TEST(Models, NoNameOfTheCatalogueIsTakenForAQuantisation) {
  const Catalogue catalogue = Catalogue::built_in();
  for (const ModelRecord& record : catalogue.models()) {
    std::vector<std::string> names{record.id, record.name};
    names.insert(names.end(), record.aliases.begin(), record.aliases.end());
    names.insert(names.end(), record.same_shape.begin(), record.same_shape.end());
    for (const std::string& name : names) {
      const auto split = split_model_name(name);
      ASSERT_TRUE(split) << name << split.error().message;
      EXPECT_EQ(split->name, name);
    }
  }
}

TEST(Caches, AreWhatOthersMeasuredOrPublished) {
  const json document = data("kv_vectors.json");
  ASSERT_GE(document["vectors"].size(), 31U);
  for (const json& v : document["vectors"]) {
    MemoryOptions o;
    o.context = v.value("context", 4096);
    o.parallel = v.value("parallel", 1);
    o.unified = v.value("unified", false);
    o.kv_type_k = o.kv_type_v = v.value("kv_type", "f16");
    const std::int64_t got = part_of(shape_named(v["model"]), v["part"], o);
    EXPECT_LE(std::abs(got - v["expected_bytes"].get<std::int64_t>()), v.value("tolerance_bytes", std::int64_t{0}))
        << v["id"] << ": got " << got;
  }
}

// Shapes that the catalogue does not have, from their published counts.
TEST(Caches, OfShapesGivenByHand) {
  ModelShape qwen;  // Qwen 3.8 2.4T-A95B: 23 attention and 69 gated DeltaNet layers
  for (int i = 0; i < 92; ++i) {
    LayerShape l;
    if (i % 4 == 3) {
      l.attention = AttentionShape{.heads = 64, .kv_heads = 4, .key_dim = 256, .value_dim = 256, .shares_kv_of = {}};
    } else {
      l.recurrent = RecurrentShape{RecurrentKind::gated_delta_net, 4, 20480, 16384, 128, 16, 128};
    }
    qwen.layers.push_back(l);
  }
  MemoryOptions o;
  o.context = 262144;
  const auto need = cache_need(qwen, o);
  ASSERT_TRUE(need);
  EXPECT_EQ(need->kv.value, 24696061952);
  // The other tool keeps four samples of the convolution in 16 bits; llama.cpp keeps three in 32.
  EXPECT_EQ(need->recurrent.value, 590118912 + 69 * 20480 * (3 * 4 - 4 * 2));
}

// DeepSeek-V4 by the sizes in llama_kv_cache_dsv4: a window of 128, entries for 4 and 128 tokens, index keys, and what
// the compressors keep. The published 1.6 T model compresses 30 layers 4 to 1 and 31 layers 128 to 1.
TEST(Caches, OfCompressedEntries) {
  MemoryOptions o;
  o.context = 131072;
  o.parallel = 2;
  const auto need = cache_need(shape_named("deepseek-v4-pro"), o);
  const std::int64_t window = 61LL * 768 * 512, fours = 30LL * (65536 / 4) * (512 + 128), hundreds = 31LL * (65536 / 128) * 512;
  EXPECT_EQ(need->kv.value, 2 * 2 * (window + fours + hundreds));
  const std::int64_t kept = 30LL * (2 * 8 * 1024 + 2 * 8 * 256) + 31LL * 2 * 128 * 512;
  EXPECT_EQ(need->recurrent.value, 2 * 4 * kept);
  // One cache for all changes nothing but how long a sequence may get.
  o.unified = true;
  o.context = 65536;
  EXPECT_EQ(cache_need(shape_named("deepseek-v4-pro"), o)->kv, need->kv);
}

// Verdicts of fitllm-engine 1.0 by its own reserves, which are not ours: 12 % of parameters, 15 % of the cache,
// 0.00003 GB a token and a fixed reserve; Macs keep 20 % free and GPUs 5 %.
TEST(Caches, LeadToFitllmsVerdictsWithItsReserves) {
  struct Row { const char* model; double params, bits, memory, reserve, headroom; bool fits; };
  const Row rows[] = {{"glm-5.2-744b-a40b", 753e9, 4, 512, 8, 0.2, true},
                      {"glm-5.2-744b-a40b", 753e9, 8, 512, 8, 0.2, false},
                      {"llama-3.1-8b", 8.03e9, 4.8944, 8, 2, 0.05, false}};
  for (const Row& row : rows) {
    constexpr double gib = 1073741824;
    const double weights = row.params * row.bits / 8 / gib;
    const double kv = static_cast<double>(unpadded_kv(shape_named(row.model), 8192)) / gib;
    const double total = weights * 1.12 + kv * 1.15 + 8192 * 0.00003 + row.reserve;
    EXPECT_EQ(total <= row.memory * (1 - row.headroom), row.fits) << row.model << " " << row.bits;
  }
}

TEST(Models, HaveThePublishedParameters) {
  const Catalogue catalogue = Catalogue::built_in();
  // Why some differ from the total that the catalogue checked: tensors that the check left out.
  const std::map<std::string, double> allowed = {
      {"deepseek-v3.2", 0.0014}, {"glm-5.1-744b-a40b", 0.0011}, {"minimax-m3", 0.0006},  // indexers
      {"gemma-3n-e4b", 0.0145},                                                          // AltUp, LAuReL
      {"gemma-4-e2b", 0.0055}, {"gemma-4-e4b", 0.0045},                                  // per-layer projections
      {"step-3.7-flash", 0.0065},                                                        // 96 heads in sliding layers
      {"smollm2-135m", 0.0045}};                                                         // the check is printed to 0.134
  int checked = 0, refused = 0, unknown = 0;
  for (const ModelRecord& r : catalogue.models()) {
    const auto shape = shape_of(r);
    if (!shape) {
      ++refused;
      EXPECT_EQ(shape.error().code, ErrorCode::unsupported) << r.id;
      continue;
    }
    ModelShape main = *shape;   // published counts leave out what only drafts
    std::erase_if(main.layers, [](const LayerShape& layer) { return layer.mtp; });
    const std::int64_t params = parameters_of(main);
    if (params == 0) {
      ++unknown;
      EXPECT_FALSE(shape->weights_unknown.empty()) << r.id;
      continue;
    }
    if (!r.checked_params) continue;
    const auto special = allowed.find(r.id);
    const double most = special != allowed.end() ? special->second : 0.0006;
    EXPECT_NEAR(static_cast<double>(params) / static_cast<double>(*r.checked_params), 1.0, most) << r.id;
    ++checked;
  }
  EXPECT_GE(checked, 129);
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(unknown, 0);
}

TEST(Weights, EqualFilesWhoseTensorsAreKnownToTheByte) {
  struct Row { const char* model; const char* quantization; std::int64_t bytes; double tolerance; };
  constexpr double hundredth_of_a_mib = 0.005 * 1048576;
  const Row rows[] = {
      {"llama-3.1-8b", "Q8_0", 8532934912, 0},                    // bartowski's file, from its header
      {"deepseek-r1-671b", "Q8_0", 713281210368, 0},              // unsloth's file, from its headers
      {"tinyllama-1.1b", "Q4_K_M", 667083079, hundredth_of_a_mib},  // llama-bench prints 636.18 MiB (ai-benchmarks #54)
      {"tinyllama-1.1b", "Q4_0", 635961344, 0.05 * 1048576},      // 606.5 MiB
  };
  for (const Row& row : rows) {
    const auto w = weights_of(shape_named(row.model), row.quantization);
    ASSERT_TRUE(w) << w.error().message;
    EXPECT_NEAR(static_cast<double>(w->total().value), static_cast<double>(row.bytes), row.tolerance) << row.model;
  }
}

// Published sizes are rounded to 0.01 GiB and hold the vocabulary too; what is further off is listed with its reason.
TEST(Weights, AreWithinHalfAPercentOfPublishedFiles) {
  const Catalogue catalogue = Catalogue::built_in();
  const json explained = data("published_sizes.json")["explained"];
  int rows = 0, close = 0;
  for (const ModelRecord& r : catalogue.models()) {
    if (!r.gguf) continue;
    const auto shape = shape_of(r);
    if (!shape || !shape->weights_unknown.empty()) continue;
    const auto compare = [&](const char* quantization, const std::optional<Bytes>& published) {
      if (!published) return;
      const bool native = r.native_quant == "mxfp4";
      const std::string key = r.id + " " + quantization;
      ModelShape stored = *shape;
      const bool untied = explained.contains(key) && explained[key].value("untied", false);
      if (untied) stored.tied_embeddings = false;
      const auto w = weights_of(stored, native ? "MXFP4" : quantization);
      ASSERT_TRUE(w);
      ++rows;
      constexpr double vocabulary_entry = 61;  // bytes of a token and its merges in Llama 3's header
      const double file = static_cast<double>(w->total().value) + vocabulary_entry * shape->vocabulary;
      const double off = std::abs(file - static_cast<double>(published->value)) - 0.0051 * static_cast<double>(k_gib);
      if (off <= 0.005 * static_cast<double>(published->value)) {
        ++close;
        EXPECT_TRUE(untied || !explained.contains(key)) << key << " needs no explanation any more";
      } else {
        EXPECT_TRUE(explained.contains(key) && !untied) << key << ": " << file / static_cast<double>(published->value) - 1;
      }
    };
    compare("Q4_K_M", r.gguf->q4_k_m);
    compare("Q8_0", r.gguf->q8_0);
  }
  EXPECT_GE(rows, 160);
  EXPECT_GE(close, rows * 3 / 4);
}

// Sizes that people's llama-bench runs printed, for 20 mixes.
TEST(Weights, AreWhatLlamaBenchPrints) {
  const json document = data("llama_bench_sizes.json");
  int close = 0;
  for (const json& row : document["rows"]) {
    const double printed = row["gib"];
    const auto w = weights_of(shape_named(row["model"]), row["quantization"].get<std::string>());
    ASSERT_TRUE(w) << row;
    const double off = std::abs(in_gib(w->total()) - printed);
    EXPECT_EQ(off > 0.0051 + 0.005 * printed, row.contains("why")) << row << ": " << in_gib(w->total());
    close += row.contains("why") ? 0 : 1;
  }
  EXPECT_GE(close, 75);
}

// Rebuilds a header-only GGUF, all parts, from what is known of a published one.
void write_parts(const json& d, const TemporaryFolder& folder) {
  const auto parts = d["parts"].get<std::uint32_t>();
  for (std::uint32_t p = 0; p < parts; ++p) {
    GgufWriter w;
    const json& tensors = d["tensors"][p];
    const bool split = parts > 1;
    std::uint64_t entries = p == 0 ? d["metadata"].size() : 2;
    if (split) ++entries;
    w.preamble(tensors.size(), entries);
    if (split) w.text("split.no").number<std::uint32_t>(2).number(static_cast<std::uint16_t>(p));
    if (p > 0) {
      w.text("split.count").number<std::uint32_t>(2).number(static_cast<std::uint16_t>(parts));
      w.text("split.tensors.count").number<std::uint32_t>(5).number(d["expected"]["tensors"].get<std::int32_t>());
    } else {
      for (const json& e : d["metadata"]) {
        const auto type = e[1].get<std::uint32_t>();
        w.text(e[0].get<std::string>()).number(type);
        const json& v = e[2];
        switch (type) {
          case 2: w.number(v.get<std::uint16_t>()); break;
          case 4: w.number(v.get<std::uint32_t>()); break;
          case 5: w.number(v.get<std::int32_t>()); break;
          case 6: w.number(v.get<float>()); break;
          case 7: w.number(static_cast<std::uint8_t>(v.get<bool>())); break;
          case 8: w.text(v.get<std::string>()); break;
          case 9: {
            const auto element = v["type"].get<std::uint32_t>();
            const auto count = v["count"].get<std::uint64_t>(), bytes = v["bytes"].get<std::uint64_t>();
            w.number(element).number(count);
            if (element != 8) {
              w.zeros(static_cast<std::size_t>(bytes));
              break;
            }
            // Strings of even length that together take as many bytes as the real ones.
            const std::uint64_t letters = bytes - 8 * count;
            for (std::uint64_t i = 0; i < count; ++i) w.text(std::string(letters / count + (i < letters % count ? 1 : 0), 'x'));
            break;
          }
          default: FAIL() << "value type " << type;
        }
      }
    }
    for (const json& t : tensors) w.tensor(t[0].get<std::string>(), t[1].get<std::vector<std::int64_t>>(), t[2], t[3]);
    char name[64];
    std::snprintf(name, sizeof name, split ? "m-%05u-of-%05u.gguf" : "m.gguf", p + 1, parts);
    folder.write(name, w.bytes());
  }
}

TEST(PublishedHeaders, AreReadToTheLastKey) {
  struct Row { const char* name; const char* file; };
  for (const Row row : {Row{"llama-3.1-8b-q8_0", "m.gguf"}, Row{"deepseek-r1-q8_0", "m-00003-of-00015.gguf"},
                        Row{"deepseek-r1-bf16", "m-00030-of-00030.gguf"}}) {
    const json d = data(std::string("gguf_headers/") + row.name + ".json");
    TemporaryFolder folder;
    write_parts(d, folder);
    const auto header = read_gguf_file(folder / row.file, {.whole = false});
    ASSERT_TRUE(header) << header.error().message;
    EXPECT_EQ(static_cast<std::int64_t>(header->tensors.size()), d["expected"]["tensors"].get<std::int64_t>());
    EXPECT_EQ(header->parameters(), d["expected"]["parameters"].get<std::int64_t>());
    EXPECT_EQ(header->tensor_bytes().value, d["expected"]["tensor_bytes"].get<std::int64_t>());
    for (const json& e : d["metadata"]) EXPECT_NE(header->find(e[0].get<std::string>()), nullptr) << e[0];
    const auto shape = shape_of(*header);
    ASSERT_TRUE(shape) << shape.error().message;
    EXPECT_EQ(weights_of(*header, *shape).total().value, d["expected"]["tensor_bytes"].get<std::int64_t>());
  }
}

// gguf-parser's increments for one more layer on a GPU: its KV cache and, where they are read in, its weights.
TEST(Layers, TakeWhatGgufParserCounts) {
  MemoryOptions o;
  o.context = 8192;
  for (const char* id : {"llama-3.1-8b", "llama-3.3-70b"}) {
    EXPECT_EQ(cache_need(shape_named(id), o)->layers.at(1).kv.value, 33554432) << id;
  }
  o.context = 32768;
  const ModelShape qwen = shape_named("qwen2.5-32b");
  const auto weights = weights_of(qwen, "BF16");
  EXPECT_EQ(cache_need(qwen, o)->layers.at(1).kv.value, 134217728);
  EXPECT_EQ(weights->layers.at(1).total().value, 975245312);
}

TEST(PrecisionTable, IsTheGuides) {
  struct Row { double params; const char* precision; double model, total; std::vector<std::string> fits; };
  const Row rows[] = {
      {7e9, "FP32 (full)", 26.1, 31.3, {"M4 Max (64GB)", "A100 (80GB)"}},
      {7e9, "FP16 (half)", 13.0, 15.6, {"RTX 4090 (24GB)", "M4 Max (64GB)"}},
      {7e9, "INT3 (aggressive)", 2.4, 2.9, {"RTX 4070 (12GB)", "RTX 4090 (24GB)"}},
      {13e9, "INT8", 12.1, 14.5, {"RTX 4090 (24GB)", "M4 Max (64GB)"}},
      {34e9, "FP32 (full)", 126.7, 152.0, {}},
      {34e9, "INT4 (AWQ/GGUF)", 15.8, 19.0, {"RTX 4090 (24GB)", "M4 Max (64GB)"}},
      {70e9, "FP16 (half)", 130.4, 156.5, {}},
      {70e9, "INT8", 65.2, 78.2, {"A100 (80GB)", "H200 (141GB)"}},
      {70e9, "INT4 (AWQ/GGUF)", 32.6, 39.1, {"M4 Max (64GB)", "A100 (80GB)"}},
  };
  for (const Row& row : rows) {
    const PrecisionTable table = precision_table(row.params, guide_places());
    const auto found = std::find_if(table.rows.begin(), table.rows.end(), [&](const PrecisionRow& r) { return r.precision == row.precision; });
    ASSERT_NE(found, table.rows.end());
    EXPECT_NEAR(in_gib(found->model), row.model, 0.0501);
    EXPECT_NEAR(in_gib(found->total), row.total, 0.0501);
    EXPECT_EQ(found->fits_in, row.fits);
  }
}

TEST(Work, FollowsPhysics) {
  const ModelShape dense = shape_named("llama-3.1-8b"), moe = shape_named("qwen3-30b-a3b");
  const auto q4 = weights_of(dense, "Q4_K_M"), q8 = weights_of(dense, "Q8_0"), experts = weights_of(moe, "Q8_0");
  EXPECT_GT(decode_reads(dense, *q8, 1024).total(), decode_reads(dense, *q4, 1024).total());
  EXPECT_EQ((decode_reads(dense, *q4, 2048).kv - decode_reads(dense, *q4, 1024).kv).value, std::int64_t{131072} * 1024);
  // All weights but the embedding table are read once, or nearly so for many sequences of a model with experts.
  EXPECT_EQ((decode_reads(dense, *q8, 0).weights() - decode_reads(dense, *q8, 0).embedding_rows + q8->token_embedding), q8->total());
  EXPECT_LT(decode_reads(moe, *experts, 0).active_experts.value * 15, experts->total().value);
  EXPECT_GT(decode_reads(moe, *experts, 0, 256).active_experts.value, experts->total().value * 9 / 10);
  // Two operations a parameter that a token meets.
  const double linear = pass_flops(dense, 1, 0).linear.value + pass_flops(dense, 1, 0).output_head.value;
  EXPECT_NEAR(linear / (2.0 * static_cast<double>(active_parameters_of(dense))), 1.0, 0.001);
}

}  // namespace
}  // namespace hardscape
