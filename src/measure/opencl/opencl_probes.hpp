// What the OpenCL probes of one device share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "measure/opencl/opencl_session.hpp"
#include "measure/probe.hpp"

namespace hardscape::opencl {

// A device that is measured. Its session opens with the first probe that is prepared and lives as long as the
// list of probes: making a context takes a good part of a second.
struct ProbedDevice {
  std::string id;                               // "opencl0"
  Api api;
  DeviceInfo info;
  bool zeros = false;
  std::optional<Bytes> memory;                  // at most so much for buffers
  std::optional<measuring::Peak> bandwidth_peak, fp32_peak, fp16_peak, int8_peak, link_peak;
  std::shared_ptr<std::shared_ptr<Session>> session;

  Result<std::shared_ptr<Session>> open() const;
};

// How a launch is divided; the fastest of a few is found while preparing, for none is best everywhere.
struct LaunchShape {
  int width = 1;                                // lanes of a vector
  std::size_t groups_per_unit = 1;
  Range range;
};

// Groups of one on a processor, whose lanes are the vector's; of 256, where allowed, on the rest.
Range range_of(const DeviceInfo& info, std::size_t groups_per_unit);

}  // namespace hardscape::opencl
