#!/usr/bin/env python3
"""How long each question of `hardscape cost` takes, whole processes, beside the 20 ms that it may and `--version`.

    cmake --workflow --preset release
    bench/cost_time.py build/release/apps/cli/hardscape [--runs 20]

Every round asks each question once, so that a drift of the machine meets all of them. Printed are the least and the median
of each, and the least as a share of 20 ms: the least is what the program needs, the median has the machine's other work in
it. Two hundred thousand draws have a second.
"""
import argparse
import statistics
import subprocess
import time

QUESTIONS = {
    "per-tflop": ["per-tflop"],
    "per-tflop --model": ["per-tflop", "--model", "llama-3.1-8b"],
    "break-even": ["break-even", "h100-sxm"],
    "tco": ["tco", "4x", "rtx-4090"],
    "power": ["power", "rtx-4090"],
    "tokens": ["tokens", "rtx-4090", "--speed", "60"],
    "tokens --model": ["tokens", "h100-sxm", "--model", "llama-3.3-70b:Q4_K_M"],
    "worth-it": ["worth-it", "rtx-4070", "rtx-4090"],
}
LIMIT_MS = 20.0

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("program")
parser.add_argument("--runs", type=int, default=20)
options = parser.parse_args()


def timed(arguments):
    start = time.perf_counter()
    subprocess.run([options.program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return 1e3 * (time.perf_counter() - start)


commands = {"--version": ["--version"], **{name: ["cost", *rest] for name, rest in QUESTIONS.items()}}
rounds = [{name: timed(command) for name, command in commands.items()} for _ in range(options.runs)]
for name in commands:
    times = [r[name] for r in rounds]
    print(f"  {name:20} least {min(times):6.2f} ms, median {statistics.median(times):6.2f} ms, least of the limit {min(times) / LIMIT_MS:5.2f}")
draws = [timed(["cost", "tokens", "h100-sxm", "--model", "llama-3.3-70b", "--draws", "200000"]) for _ in range(3)]
print(f"  200,000 draws        least {min(draws):6.0f} ms")
