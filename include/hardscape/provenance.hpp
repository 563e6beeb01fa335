// Where a number comes from, and the one rule by which better evidence replaces worse.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hardscape {

// Ordered: a later origin is better evidence than an earlier one.
enum class Origin {
  assumed,     // a stated default that nobody looked up
  estimated,   // computed by a formula from other facts
  catalogued,  // a published figure: vendor sheet, paper, price list
  reported,    // the operating system, driver or firmware of this machine says so
  calibrated,  // computed, with a factor taken from measurements on this machine
  measured,    // timed on this machine
};

// How far a catalogued value can be trusted (reference codes of the data files).
enum class Confidence {
  unstated,
  unverified,  // recalled from a named document, not read again: always shown as unverified
  single,      // one source, or arithmetic on one
  agreed,      // two or more independent sources agree
};

std::string_view to_string(Origin origin);
std::string_view to_string(Confidence confidence);
std::optional<Origin> origin_from(std::string_view name);
std::optional<Confidence> confidence_from(std::string_view name);

// The four words of the JSON documents: measured, calibrated, catalogue, assumed.
std::string_view basis_name(Origin origin);
Origin weakest(Origin a, Origin b);

struct Source {
  Origin origin = Origin::assumed;
  std::string ref;   // id in data/sources.json, a path such as /proc/meminfo, a call, or a formula
  std::string date;  // ISO date (or year-month) the source speaks of; empty when unknown
  Confidence confidence = Confidence::unstated;

  friend bool operator==(const Source&, const Source&) = default;
};

template <class T>
struct Fact {
  T value{};
  Source source;

  friend bool operator==(const Fact&, const Fact&) = default;
};

// Absent means that nobody knows; it is never 0 and never a guess.
template <class T>
using Known = std::optional<Fact<T>>;

// Takes `news` unless what is known already rests on better evidence. Equal evidence: the first stays.
template <class T>
bool learn(Known<T>& known, Fact<T> news) {
  if (known && known->source.origin >= news.source.origin) return false;
  known = std::move(news);
  return true;
}

template <class T>
std::optional<T> value_of(const Known<T>& known) {
  if (!known) return std::nullopt;
  return known->value;
}

// low..high is meant to hold the truth 8 times in 10; basis is the weakest input's origin.
struct Estimate {
  double low = 0;
  double mid = 0;
  double high = 0;
  Origin basis = Origin::assumed;

  friend bool operator==(const Estimate&, const Estimate&) = default;
};

}  // namespace hardscape
