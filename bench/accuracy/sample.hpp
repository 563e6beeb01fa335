// One published measurement with everything the speed model needs to predict it.
#pragma once

#include <string>
#include <vector>

#include "hardscape/api_speed_rows.hpp"
#include "hardscape/predict_published.hpp"

namespace hardscape::accuracy {

struct Sample {
  const PublishedSpeed* row = nullptr;
  SpeedQuestion question;
  bool trusted = false;
  double weight = 1;      // many rows of one device count less each
  int fold = 0;           // a device and all of its rows are left out together
  std::string device_class;
  double log_ratio = 0;   // ln(predicted / measured), from parameters that never saw this device
  double calibrated = 0;  // the same after three points of its machine; NaN where there are too few rows

  const ComputeDevice& device() const { return question.devices.front(); }
};

// Usable rows that can be predicted; the others with their reasons.
struct Samples {
  std::vector<Sample> rows;
  std::vector<Sample> slowed;  // of machines that heat held back: neither fitted to nor counted
  std::vector<std::pair<const PublishedSpeed*, std::string>> refused;
  std::size_t unusable = 0;
  int folds = 0;          // as many as devices
};
Samples collect(const Catalogue& catalogue);

double predicted(const Sample& sample);

}  // namespace hardscape::accuracy
