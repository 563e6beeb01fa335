#!/usr/bin/env python3
"""Does speed depend on the numbers in the weights? The same shapes with three fillings, in turn.

For each model: filling 1 and 3 (normal numbers of two seeds) and 2 (a thousandth of outliers, twenty times as wide, as
trained weights have), runs interleaved round by round. Reported is each filling's median decode and prefill rate over
filling 1's, with the spread of filling 1 against itself from round to round: equal means within that noise.
Models are made in XDG_CACHE_HOME. Exit status 1 when a ratio is off by more than the noise and by more than 3 %.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys


def run(a, model, fill):
    command = [a.hardscape, "bench", "--synthetic", model, "--fill", str(fill), "--prompt-tokens", str(a.prompt), "--max-tokens", str(a.tokens),
               "--runs", "1", "--no-save", "--no-history", "--json"]
    d = json.loads(subprocess.run(command, capture_output=True, check=True, env=dict(os.environ)).stdout)
    return d["decode_tokens_per_s"]["median"], d["prefill_tokens_per_s"]["median"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hardscape", required=True)
    parser.add_argument("--models", default="smollm2-135m:Q8_0,smollm2-135m:Q4_K_M,qwen3-0.6b:Q4_K_M")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--prompt", type=int, default=64)
    parser.add_argument("--tokens", type=int, default=48)
    a = parser.parse_args()
    bad = False
    for model in a.models.split(","):
        rates = {1: [], 2: [], 3: []}
        for i in range(a.rounds):
            for fill in sorted(rates, reverse=i % 2 == 1):
                rates[fill].append(run(a, model, fill))
        for k, what in enumerate(("decode", "prefill")):
            ones = [r[k] for r in rates[1]]
            middle = statistics.median(ones)
            noise = (max(ones) - min(ones)) / middle / 2
            ratios = {fill: statistics.median(r[k] for r in rates[fill]) / middle for fill in (2, 3)}
            bad |= any(abs(r - 1) > max(noise, 0.03) for r in ratios.values())
            print(f"{model} {what}: {middle:.2f} tokens/s, noise +-{100 * noise:.1f} %, outliers {ratios[2]:.3f}, other seed {ratios[3]:.3f}", flush=True)
    sys.exit(bad)


if __name__ == "__main__":
    main()
