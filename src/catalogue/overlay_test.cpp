#include <gtest/gtest.h>

#include "hardscape/catalogue.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape {
namespace {

constexpr const char* k_head = R"({"schema": "hardscape.catalogue/1", "devices": [)";

TEST(Overlay, ReplacesAndAdds) {
  const TemporaryFolder folder;
  folder.write("mine.json", std::string(k_head) +
                                R"({"id": "rtx-4090", "name": "My card", "vendor": "NVIDIA", "class": "consumer-gpu", "memory_bytes": [51539607552],
                                    "bandwidth_bytes_per_s": {"value": 1.1e12, "source": "own", "confidence": "single", "date": "2026-11-01"},
                                    "source": "own", "confidence": "unverified"},
                                   {"id": "my-card", "name": "Foo 9000", "class": "consumer-gpu", "aliases": ["Foo"], "source": "own"}],
                                   "sources": [{"id": "own", "title": "My notes"}]})");
  const auto catalogue = Catalogue::with_overlay(folder.path());
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  const auto size = Catalogue::built_in().devices().size();
  EXPECT_EQ(catalogue->devices().size(), size + 1);
  const auto* card = catalogue->find_device("rtx-4090");
  ASSERT_NE(card, nullptr);
  EXPECT_EQ(card->name, "My card");
  EXPECT_EQ(card->bandwidth->source.date, "2026-11-01");
  EXPECT_EQ(card->bandwidth->source.confidence, Confidence::single);
  EXPECT_FALSE(card->fp16);  // a record replaces the whole record
  EXPECT_EQ(catalogue->look_up("foo").matches.size(), 1u);
  EXPECT_NE(catalogue->find_source("own:page 3"), nullptr);
  EXPECT_NE(catalogue->find_source("tpudb"), nullptr);
}

TEST(Overlay, OnePriceStandsInForTheRecordsOwn) {
  const TemporaryFolder folder;
  const Catalogue before = Catalogue::built_in();
  const auto* offer = &before.offers().front();
  folder.write("mine.json", R"({"prices": [
    {"id": "rtx-4090", "price_usd": 1850, "price_low_usd": 1800, "price_high_usd": 1900, "source": "my shop", "date": "2026-11-20"},
    {"id": "host-desktop", "price_usd": 700, "source": "my shop", "date": "2026-11-20"},
    {"id": ")" + offer->id + R"(", "on_demand_usd_per_hour": 0.42, "source": "contract", "date": "2026-11"}]})");
  const auto catalogue = Catalogue::with_overlay(folder.path());
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  const auto *card = catalogue->find_device("rtx-4090"), *old = before.find_device("rtx-4090");
  ASSERT_TRUE(card != nullptr && old != nullptr && card->price);
  EXPECT_EQ(card->price->value, Usd{1850});
  EXPECT_EQ(card->price->source.ref, "my shop");
  EXPECT_EQ(card->price->source.date, "2026-11-20");
  EXPECT_EQ(card->price_high, Usd{1900});
  EXPECT_EQ(card->fp16, old->fp16);   // the rest of the record stays
  EXPECT_EQ(catalogue->offers().front().on_demand->value, UsdPerHour{0.42});
  EXPECT_EQ(catalogue->offers().front().device_id, offer->device_id);
  EXPECT_EQ(catalogue->prices().size(), 3u);
}

struct Broken {
  const char* text;
  std::vector<const char*> says;  // besides the file's name
};

TEST(Overlay, ComplaintsNameFileRecordAndKey) {
  const std::vector<Broken> cases{
      {R"({"devices": [{"id": "a", "name": "A", "class": "gpu", "memory_bytes": "24"}]})", {"device \"a\"", "memory_bytes", "array"}},
      {R"({"devices": [{"id": "a", "name": "A", "class": "gpu", "memory_bytes": [24.5]}]})", {"device \"a\"", "memory_bytes", "whole numbers"}},
      {R"({"devices": [{"id": "a", "name": "A", "class": "gpu", "power_w": -3}]})", {"device \"a\"", "power_w", "above 0"}},
      {R"({"devices": [{"id": "a", "name": "A", "class": "gpu", "power_w": 1e300}]})", {"device \"a\"", "power_w"}},
      {R"({"devices": [{"id": "a", "name": "A", "class": "gpu", "usable_memory_bytes": 1e20}]})", {"device \"a\"", "usable_memory_bytes"}},
      {R"({"devices": [{"id": "a", "name": "A", "class": "gpu", "bandwith_bytes_per_s": 3}]})",
       {"device \"a\"", "bandwith_bytes_per_s", "bandwidth_bytes_per_s"}},
      {R"({"devices": [{"id": "a", "name": "A", "class": "gpu", "power_w": {"source": "x"}}]})", {"device \"a\"", "value"}},
      {R"({"devices": [{"id": "a", "name": "A", "class": "gpu", "power_w": {"value": 3, "confidence": "very"}}]})", {"confidence", "unverified"}},
      {R"({"devices": [{"id": "a", "name": "A", "class": "gpu", "pci_ids": ["10de-2684"]}]})", {"device \"a\"", "pci_ids"}},
      {R"({"devices": [{"name": "A"}]})", {"/devices/0", "id"}},
      {R"({"devices": [{"id": "a", "name": "A", "class": "gpu"}, {"id": "a", "name": "B", "class": "gpu"}]})", {"/devices/1", "id", "twice"}},
      {R"({"devices": [3]})", {"/devices/0", "object"}},
      {R"({"devices": {}})", {"/devices", "array"}},
      {R"({"devcies": []})", {"devcies", "devices"}},
      {R"({"schema": "hardscape.catalogue/2"})", {"schema", "hardscape.catalogue/1"}},
      {R"([])", {"object"}},
      {R"({"models": [{"id": "m", "name": "M", "layers": 3000000000}]})", {"model \"m\"", "layers"}},
      {R"({"offers": [{"id": "o", "provider": "P", "count": 0}]})", {"offer \"o\"", "count"}},
      {R"({"facilities": [{"id": "f", "name": "F", "pue": 0.5}]})", {"facility \"f\"", "pue"}},
      {R"({"prices": [{"id": "rtx-409", "price_usd": 5, "source": "s", "date": "2026"}]})", {"rtx-409", "rtx-4090"}},
      {R"({"prices": [{"id": "rtx-4090", "price_usd": 5, "source": "s"}]})", {"price \"rtx-4090\"", "date"}},
      {R"({"prices": [{"id": "rtx-4090", "price_usd": 5, "date": "2026"}]})", {"price \"rtx-4090\"", "source"}},
      {R"({"prices": [{"id": "rtx-4090", "source": "s", "date": "2026"}]})", {"price \"rtx-4090\"", "price_usd"}},
      {R"({"prices": [{"id": "rtx-4090", "price_usd": -5, "source": "s", "date": "2026"}]})", {"price \"rtx-4090\"", "above 0"}},
      {R"({"prices": [{"id": "rtx-4090", "on_demand_usd_per_hour": 5, "source": "s", "date": "2026"}]})", {"rtx-4090", "rented"}},
      {"{\"devices\": [\n", {"2:1"}},
      {"\xff\xfe", {"JSON"}},
  };
  for (const auto& [text, says] : cases) {
    const TemporaryFolder folder;
    folder.write("mine.json", text);
    const auto catalogue = Catalogue::with_overlay(folder.path());
    ASSERT_FALSE(catalogue) << text;
    EXPECT_EQ(catalogue.error().code, ErrorCode::malformed) << text;
    EXPECT_NE(catalogue.error().message.find("mine.json"), std::string::npos) << catalogue.error().message;
    for (const auto* part : says) EXPECT_NE(catalogue.error().message.find(part), std::string::npos) << part << " in " << catalogue.error().message;
  }
}

TEST(Overlay, NeedsAFolder) {
  const auto catalogue = Catalogue::with_overlay("/no/such/folder");
  ASSERT_FALSE(catalogue);
  EXPECT_NE(catalogue.error().message.find("/no/such/folder"), std::string::npos);
  const TemporaryFolder empty;
  EXPECT_TRUE(Catalogue::with_overlay(empty.path()));
}

}  // namespace
}  // namespace hardscape
