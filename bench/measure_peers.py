#!/usr/bin/env python3
"""hardscape measure beside its peers, taken in turn in one run, as ratios.

    cmake --workflow --preset release
    apt-get install likwid mbw libopenblas0         # for the comparison only
    bench/measure_peers.py build/release/apps/cli/hardscape [--rounds 10] [--megabytes 384]

Every round measures each tool once (A B C A B C ...), so that a drift of the machine meets all of them. Printed are each
tool's median and best, and the median over rounds of ours against the best peer of that round with its 95 % bootstrap
interval. Nothing else should run
meanwhile. Peers that are not installed are left out. likwid's "stream" kernels are STREAM's triad; its "triad" has four
streams. mbw counts one direction, STREAM both: its figure is doubled.
Targets: triad at least 0.97 of the best peer, FP32 at least 0.95 of the best known kernel.
"""
import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("program")
parser.add_argument("--rounds", type=int, default=10)
parser.add_argument("--only", default="triad,copy,fp32", help="comparisons to make, to take them in pieces")
parser.add_argument("--megabytes", type=int, default=384, help="of a peer's arrays together; at least twelve times the last cache")
parser.add_argument("--seconds", type=float, default=1.5, help="for our share of a round")
options = parser.parse_args()
threads = len(os.sched_getaffinity(0))
with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
    flags = re.search(r"^flags\s*:(.*)$", file.read(), re.M)
flags = flags.group(1).split() if flags else []
wide = "avx512" if "avx512f" in flags else "avx" if "avx2" in flags else "sse"
fma = "_fma" if "fma" in flags else ""


def output(command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, text=True)
    return result.stdout


def ours(kernel, metric):
    def measure():
        text = output([options.program, "measure", "--json", "--no-save", "--quiet", "--device", "cpu", "--kernel", kernel, "--seconds", str(options.seconds)])
        for r in json.loads(text)["results"]:
            if r["kernel"] == kernel and r["metric"] == metric and r["value"]:
                return r["value"]
        return None
    return measure


def likwid(test, work, field, factor, length=("-s", "1")):
    def measure():
        match = re.search(field + r":\s*([0-9.eE+]+)", output(["likwid-bench", "-t", test, "-w", work, *length]))
        return float(match.group(1)) * factor if match else None
    return measure if shutil.which("likwid-bench") else None


def mbw():
    text = output(["mbw", "-q", "-n", "5", "-t", "0", str(options.megabytes // 2)])
    match = re.search(r"AVG.*Copy:\s*([0-9.]+)\s*MiB/s", text)
    return 2 * float(match.group(1)) * 2**20 if match else None


def interval(values):
    draw = random.Random(1)
    medians = sorted(statistics.median(draw.choices(values, k=len(values))) for _ in range(4000))
    return medians[100], medians[3899]


def compare(title, unit, factor, tools, target):
    if title.lower() not in options.only.split(","):
        return
    tools = {name: tool for name, tool in tools.items() if tool is not None}
    rounds = [{name: tool() for name, tool in tools.items()} for _ in range(options.rounds)]
    rounds = [{name: value for name, value in r.items() if value} for r in rounds]
    print(f"\n{title} ({options.rounds} rounds, {threads} threads)")
    for name in tools:
        values = [r[name] for r in rounds if name in r]
        if values:
            print(f"  {name:42} median {statistics.median(values) * factor:8.1f}   best {max(values) * factor:8.1f} {unit}")
        else:
            print(f"  {name:42} gave no figure")
    ratios = [r["hardscape"] / max(v for n, v in r.items() if n != "hardscape") for r in rounds if "hardscape" in r and len(r) > 1]
    if ratios:
        best_ratio = max(r["hardscape"] for r in rounds if "hardscape" in r) / max(v for r in rounds for n, v in r.items() if n != "hardscape")
        print(f"  ours / best peer of the round: median {statistics.median(ratios):.3f} ({interval(ratios)[0]:.3f}-{interval(ratios)[1]:.3f}), best / best {best_ratio:.3f}; target {target}")


group = f"S0:{options.megabytes}MB:{threads}"
passes = ("-i", "30")   # over all arrays: a few tenths of a second; by -s it would calibrate for seconds first
compare("Triad", "GB/s", 1e-9, {
    "hardscape": ours("triad", "bandwidth"),
    f"likwid stream_mem_{wide}{fma}": likwid(f"stream_mem_{wide}{fma}", group, "MByte/s", 1e6, passes),
    f"likwid stream_{wide}{fma}": likwid(f"stream_{wide}{fma}", group, "MByte/s", 1e6, passes),
}, 0.97)
compare("Copy", "GB/s", 1e-9, {
    "hardscape": ours("copy", "bandwidth"),
    f"likwid copy_mem_{wide}": likwid(f"copy_mem_{wide}", group, "MByte/s", 1e6, passes),
    "mbw memcpy, one thread, doubled": mbw if shutil.which("mbw") else None,
}, 0.97)
name = "fp32_avx512" if wide == "avx512" else "fp32_avx2" if wide == "avx" else "fp32_sse2"
compare("FP32", "GFLOP/s", 1e-9, {
    "hardscape": ours(name, "rate"),
    f"likwid peakflops_sp_{wide}{fma}": likwid(f"peakflops_sp_{wide}{fma}", f"S0:{16 * threads}kB:{threads}", "MFlops/s", 1e6),
    "OpenBLAS or MKL sgemm, called by hardscape": ours("gemm_fp32", "rate"),
}, 0.95)
