#!/usr/bin/env python3
"""Our decode and prefill rates against llama-bench's, in alternating runs on the same llama.cpp libraries.

Both programs load the same files of --libraries, read the same model, use the same threads, tokens and depth. Each round
runs one process of ours and one of theirs, in turn the one or the other first, so that drift of the machine falls on
both. Reported is the median of the rounds' ratios ours/theirs. Exit status 1 when it is off by more than 2 %.
How to build llama-bench on the pinned libraries: bench/engine/README.md.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys


def ours(a, prompt, tokens, depth):
    command = [a.hardscape, "bench", "--model", a.model, "--prompt-tokens", str(prompt), "--max-tokens", str(tokens + 1), "--depth", str(depth),
               "--runs", str(a.runs), "--threads", str(a.threads), "--no-save", "--json", *a.options]
    environment = dict(os.environ, HARDSCAPE_LLAMA_DIR=a.libraries, HARDSCAPE_HISTORY="/nonexistent")
    document = json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    return document["prefill_tokens_per_s"]["median"], document["decode_tokens_per_s"]["median"]


def theirs(a, prompt, tokens, depth):
    # Prompt at our depth; answer from depth + prompt, as ours begins there.
    def one(n_prompt, n_gen, n_depth):
        command = [a.llama_bench, "-m", a.model, "-p", str(n_prompt), "-n", str(n_gen), "-d", str(n_depth), "-r", str(a.runs), "-t", str(a.threads),
                   "-o", "json"]
        out = subprocess.run(command, cwd=a.libraries, capture_output=True, check=True).stdout
        return statistics.median(json.loads(out)[0]["samples_ts"])
    decode = one(0, tokens, depth + prompt if prompt > 1 else depth)
    return (one(prompt, 0, depth) if prompt > 1 else None), decode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hardscape", required=True)
    parser.add_argument("--llama-bench", required=True)
    parser.add_argument("--libraries", required=True, help="folder of libllama and libggml that both load")
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--prompts", default="1,128", help="prompt lengths; 1 is decoding from an empty context")
    parser.add_argument("--depth", type=int, default=0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--options", default="", help="more options for ours")
    a = parser.parse_args()
    a.libraries, a.hardscape, a.llama_bench, a.model = (os.path.abspath(p) for p in (a.libraries, a.hardscape, a.llama_bench, a.model))
    a.options = a.options.split()
    bad = False
    for prompt in map(int, a.prompts.split(",")):
        ratios, rates = {"prefill": [], "decode": []}, {"prefill": [], "decode": []}
        for i in range(a.rounds):
            order = [ours, theirs] if i % 2 == 0 else [theirs, ours]
            got = {f.__name__: f(a, prompt, a.tokens, a.depth) for f in order}
            for k, what in enumerate(("prefill", "decode")):
                if got["theirs"][k]:
                    ratios[what].append(got["ours"][k] / got["theirs"][k])
                    rates[what].append((got["ours"][k], got["theirs"][k]))
        for what, values in ratios.items():
            if not values:
                continue
            middle = statistics.median(values)
            bad |= abs(middle - 1) > 0.02
            print(f"{what} prompt {prompt} depth {a.depth}: ours {statistics.median(r[0] for r in rates[what]):.2f} theirs "
                  f"{statistics.median(r[1] for r in rates[what]):.2f} tokens/s, ratio {middle:.4f} ({min(values):.3f}-{max(values):.3f}, {len(values)} rounds)", flush=True)
    sys.exit(bad)


if __name__ == "__main__":
    main()
