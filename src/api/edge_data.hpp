// The records of data/edge as values.
#pragma once

#include <string>
#include <vector>

#include "hardscape/edge.hpp"

namespace hardscape::api {

struct EdgeDevice {
  std::string key, id, name;
  Bytes memory{0};
  Bytes usable{0};
  Watts load{0};
  std::string load_source, runs_on, npu, note;
  bool preset = false;     // in the default view
};

struct EdgeSpeed {
  std::string device, size;
  PublishedEdgeSpeed speed;
};

const std::vector<EdgeDevice>& edge_devices();
const std::vector<EdgeSpeed>& edge_speeds();

}  // namespace hardscape::api
