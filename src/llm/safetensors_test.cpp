#include "hardscape/safetensors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "support/temporary_folder.hpp"

namespace hardscape {
namespace {

using ::testing::HasSubstr;

std::string file_of(std::string_view header, std::size_t data) {
  const std::uint64_t length = header.size();
  std::string out(sizeof length, '\0');
  std::memcpy(out.data(), &length, sizeof length);
  out += header;
  return out.append(data, '\0');
}

Result<SafetensorsHeader> read(std::string_view header, std::size_t data, bool whole = true) {
  const std::string bytes = file_of(header, data);
  return read_safetensors(bytes_of(bytes, "x.safetensors"), {.whole = whole});
}

constexpr std::string_view k_two = R"({"__metadata__":{"format":"pt"},)"
                                   R"("a":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},)"
                                   R"("b":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[12,16]}})";

TEST(Safetensors, ReadsNamesTypesAndSizes) {
  const auto header = read(k_two, 16);
  ASSERT_TRUE(header) << header.error().message;
  ASSERT_EQ(header->tensors.size(), 2u);
  EXPECT_EQ(header->tensor_bytes().value, 16);
  EXPECT_EQ(header->parameters(), 10);
  EXPECT_EQ(header->by_type().at("BF16").value, 12);
  EXPECT_EQ(header->by_type().at("F8_E4M3").value, 4);
}

TEST(Safetensors, ReadsAHeaderWithoutItsData) {
  EXPECT_FALSE(read(k_two, 0));
  const auto header = read(k_two, 0, false);
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->tensor_bytes().value, 16);
}

TEST(Safetensors, RefusesWrongHeadersWithPlaceAndField) {
  struct Row {
    const char* header;
    const char* expected;
  };
  const Row rows[] = {
      {"[]", "it is no JSON object"},
      {"{", "it is no JSON object"},
      {R"({"a":3})", "tensor 'a'"},
      {R"({"a":{"dtype":"Q4_0","shape":[1],"data_offsets":[0,1]}})", "dtype 'Q4_0' is not known"},
      {R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "'shape'"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", "before it begins"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "expected 8"},
      {R"({"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,4]}})", "absurd"},
      {R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})",
       "occurs twice"},
      {R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})", "tensor 'b'"},
  };
  for (const Row& row : rows) {
    const auto header = read(row.header, 64, false);
    ASSERT_FALSE(header) << row.header;
    EXPECT_EQ(header.error().code, ErrorCode::malformed);
    EXPECT_THAT(header.error().message, HasSubstr(row.expected)) << row.header;
    EXPECT_THAT(header.error().message, HasSubstr("x.safetensors: byte ")) << row.header;
  }
  const auto cut = read_safetensors(bytes_of("\x10\0\0", "cut"));
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error().message, HasSubstr("header length"));
}

class SafetensorsIndex : public ::testing::Test {
 protected:
  TemporaryFolder folder_;

  void write(const std::string& name, const std::string& bytes) const { std::ofstream(folder_ / name, std::ios::binary) << bytes; }
  Result<SafetensorsHeader> read_index(const std::string& text) const {
    write("model.safetensors.index.json", text);
    return read_safetensors_file(folder_ / "model.safetensors.index.json");
  }
};

TEST_F(SafetensorsIndex, AddsUpItsFiles) {
  write("one.safetensors", file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8));
  write("two.safetensors", file_of(R"({"b":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}})", 12));
  const auto header = read_index(R"({"weight_map":{"a":"one.safetensors","b":"two.safetensors"}})");
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->files, 2);
  EXPECT_EQ(header->parameters(), 5);
  EXPECT_EQ(header->file_bytes,
            std::filesystem::file_size(folder_ / "one.safetensors") + std::filesystem::file_size(folder_ / "two.safetensors"));
}

TEST_F(SafetensorsIndex, StaysInItsFolderAndNamesWhatIsMissing) {
  struct Row {
    const char* text;
    const char* expected;
  };
  const Row rows[] = {{R"({"weight_map":{"a":"../one.safetensors"}})", "same folder"},
                      {R"({"weight_map":{"a":"/etc/passwd"}})", "same folder"},
                      {R"({"weight_map":{"a":7}})", "is no file name"},
                      {R"({"weight_map":[]})", "weight_map"},
                      {R"({"weight_map":{}})", "names tensors"},
                      {R"({"weight_map":{"a":"gone.safetensors"}})", "gone.safetensors"}};
  for (const Row& row : rows) {
    const auto header = read_index(row.text);
    ASSERT_FALSE(header) << row.text;
    EXPECT_THAT(header.error().message, HasSubstr(row.expected));
  }
}

}  // namespace
}  // namespace hardscape
