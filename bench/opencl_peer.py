#!/usr/bin/env python3
"""OpenCL figures beside clpeak's (Debian's package), alternating in one run on one device.

Usage: bench/opencl_peer.py HARDSCAPE [ROUNDS]

Compares the best vector width of clpeak's global memory bandwidth and FP32 rate with our read bandwidth and fp32_fma;
prints each round, then the ratio of the medians. 1 means equal; below 0.9 we miss what clpeak reaches.
"""

import json
import re
import statistics
import subprocess
import sys


def clpeak():
    text = subprocess.run(["clpeak", "-p", "0", "-d", "0", "--global-bandwidth", "--compute-sp"], check=True,
                          capture_output=True, text=True).stdout
    best, section = {}, None
    for line in text.splitlines():
        if "(GBPS)" in line:
            section, scale = "read", 1e9
        elif "(GFLOPS)" in line:
            section, scale = "fp32_fma", 1e9
        found = re.match(r"\s*float\d*\s*:\s*([0-9.]+)", line)
        if found and section:
            best[section] = max(best.get(section, 0), float(found.group(1)) * scale)
    return best


def ours(program):
    answer = subprocess.run([program, "measure", "--device", "opencl0", "--kernel", "read", "--kernel", "fp32_fma", "--no-save", "--json"],
                            check=True, capture_output=True, text=True).stdout
    return {row["kernel"]: row["value"] for row in json.loads(answer)["results"] if row["status"] == "ok"}


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    theirs, mine = [], []
    for i in range(rounds):
        theirs.append(clpeak())
        mine.append(ours(sys.argv[1]))
        print(f"round {i + 1}: " + ", ".join(f"{k} {mine[-1][k] / 1e9:.1f} against clpeak {theirs[-1][k] / 1e9:.1f}" for k in theirs[-1]))
    for kernel in theirs[0]:
        ratio = statistics.median(m[kernel] for m in mine) / statistics.median(t[kernel] for t in theirs)
        print(f"{kernel}: ratio of medians {ratio:.2f}")


if __name__ == "__main__":
    main()
