// What is sold: the records of data/hosts as values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/catalogue.hpp"
#include "hardscape/select.hpp"

namespace hardscape::api {

struct CardPrice {
  std::string id;
  Estimate usd;
  std::string note;                 // source and date, for people
  bool assumed = false;
  std::vector<std::string> traits;
};

struct CardHost {
  std::string id, name, note;
  Estimate usd;
  bool assumed = false;
  Form form = Form::desktop;
  Noise noise = Noise::audible;
  int min_cards = 1, max_cards = 1;
  Watts max_card{0}, idle_part{0}, peak_part{0};   // of one card; of the rest under inference; at worst
  Bytes memory{0};
  int lanes = 16;                                  // of PCI Express for each card
  std::vector<std::string> takes;                  // device classes
  std::vector<std::string> systems;
};

struct PowerSupply {
  std::string id;
  Watts rated{0};
  Estimate usd;
  std::string note = "assumed";
};

struct Computer {
  std::string id, name, device, note, vendor;
  Bytes memory{0};
  Form form = Form::mini;
  Estimate usd;
  bool assumed = false;
  Noise noise = Noise::quiet;
  Watts load{0}, peak{0};
  bool portable = false;
  std::vector<std::string> systems, traits;
};

struct Stock {
  std::map<std::string, std::vector<std::string>> card_traits;   // by catalogue id
  std::vector<CardHost> hosts;
  std::vector<std::string> baseboard_ids;
  std::vector<PowerSupply> supplies;    // by rating
  double supply_margin = 1.25, supply_efficiency = 0.9;
  double inference_share = 0.75;        // of a card's power limit while answering
  std::vector<int> counts;
  std::vector<Computer> computers;

  // The price of a card today, or nothing when nobody quotes one; the catalogue tells the titles of sources.
  std::optional<CardPrice> price_of(const Device& device, const Catalogue& catalogue) const;
  // Watts of `count` cards while they answer: those of a server share each token's work, others take turns.
  double busy_watts(double rated, int count, bool share_the_work) const;
  // The smallest supply, or pair of the largest, that carries these watts with the margin.
  Part supply_for(Watts peak) const;
};

// As the records of data/hosts have it, and with the prices that the catalogue's user laid over it.
const Stock& stock();
Stock stock_at_prices_of(const Catalogue& catalogue);

}  // namespace hardscape::api
