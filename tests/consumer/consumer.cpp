// A program of somebody else: only what is installed.
#include <hardscape/detect.hpp>
#include <hardscape/version.hpp>

#include <cstdio>

int main() {
  const auto host = hardscape::live_host();
  if (!host) return 1;
  const auto machine = hardscape::detect(*host);
  std::printf("hardscape %s: %zu processors\n", std::string(hardscape::k_version).c_str(), machine.processors.size());
  return machine.os.name.empty() ? 1 : 0;
}
