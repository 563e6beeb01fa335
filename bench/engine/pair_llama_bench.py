#!/usr/bin/env python3
"""Our decode and prefill rates against llama-bench's, in alternating runs on the same llama.cpp libraries.

Both programs load the same files of --libraries, read the same model and use the same threads, batch, tokens, depth and
flash attention. A block is four processes in the order ours, theirs, theirs, ours (the next block the other way round),
so that a steady drift of the machine falls on both alike; its ratio is the one of the two sums. Reported is the median
of the blocks' ratios ours/theirs with its 95 % bootstrap interval. Blocks in which other processes or the hypervisor took
more than --others of the processors are repeated. --log keeps every block as a JSON line and counts the lines already there,
so that a run may be taken in pieces. Exit status 1 when a median is off by more than 2 %.
How to build llama-bench on the pinned libraries: bench/engine/README.md.
"""
import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time


def ours_command(a, prompt):
    return [a.hardscape, "bench", "--model", a.model, "--prompt-tokens", str(prompt), "--max-tokens", str(a.tokens + 1), "--runs", str(a.runs),
            "--threads", str(a.threads), "--flash-attention", a.flash_attention, "--no-save", "--json"]


def their_command(a, prompt):
    # The answer begins where the prompt ends, as ours does; a prompt of one token is an empty context.
    tests = ["-p", str(prompt), "-n", "0", "-d", "0"] if prompt > 1 else []
    decode = ["-p", "0", "-n", str(a.tokens), "-d", str(prompt if prompt > 1 else 0)]
    common = ["-m", a.model, "-r", str(a.runs), "-t", str(a.threads), "-fa", a.flash_attention, "-o", "json"]
    return [[a.llama_bench, *t, *common] for t in (tests, decode) if t]


def output(a, command):
    environment = dict(os.environ, HARDSCAPE_LLAMA_DIR=a.libraries, HARDSCAPE_HISTORY="/nonexistent")
    return json.loads(subprocess.run(command, env=environment, cwd=a.libraries, capture_output=True, check=True).stdout)


def ours(a, prompt):
    document = output(a, ours_command(a, prompt))
    decode = document["decode_tokens_per_s"]["median"]
    return {"decode": decode} if prompt == 1 else {"prefill": document["prefill_tokens_per_s"]["median"], "decode": decode}


def theirs(a, prompt):
    rates = [statistics.median(output(a, c)[0]["samples_ts"]) for c in their_command(a, prompt)]
    return dict(zip(("prefill", "decode") if prompt > 1 else ("decode",), rates))


def used():
    """Processor seconds of everybody (steal among them), and of our own children."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _, _, irq, soft, steal = map(int, file.readline().split()[1:9])
    t = os.times()
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK"), t.user + t.system + t.children_user + t.children_system


def block(a, prompt, first):
    second = theirs if first is ours else ours
    got = {"ours": [], "theirs": []}
    start, (all_before, own_before) = time.monotonic(), used()
    for f in (first, second, second, first):
        got[f.__name__].append(f(a, prompt))
    all_after, own_after = used()
    others = (all_after - all_before - own_after + own_before) / (time.monotonic() - start) / os.cpu_count()
    return {"prompt": prompt, "others": round(others, 4), "rates": {what: {who: [g[what] for g in values] for who, values in got.items()} for what in got["ours"][0]}}


def quiet(a, blocks):
    return [b for b in blocks if b["others"] <= a.others]


def interval(values):
    draw = random.Random(1)
    medians = sorted(statistics.median(draw.choices(values, k=len(values))) for _ in range(4000))
    return medians[100], medians[3899]


def report(a, blocks):
    bad, dropped, blocks = False, len(blocks) - len(quiet(a, blocks)), quiet(a, blocks)
    for prompt, what in sorted({(b["prompt"], what) for b in blocks for what in b["rates"]}):
        rates = [b["rates"][what] for b in blocks if b["prompt"] == prompt and what in b["rates"]]
        ratios = [sum(r["ours"]) / sum(r["theirs"]) for r in rates]
        middle = statistics.median(ratios)
        low, high = interval(ratios)
        bad |= abs(middle - 1) > 0.02
        print(f"{what} prompt {prompt}: ours {statistics.median(x for r in rates for x in r['ours']):.2f} theirs "
              f"{statistics.median(x for r in rates for x in r['theirs']):.2f} tokens/s, ratio {middle:.4f} ({low:.4f}-{high:.4f}, {len(ratios)} blocks)")
    print(f"{dropped} disturbed blocks left out")
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hardscape", required=True)
    parser.add_argument("--llama-bench", required=True)
    parser.add_argument("--libraries", required=True, help="folder of libllama and libggml that both load")
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--prompts", default="1,256", help="prompt lengths; 1 is decoding from an empty context")
    parser.add_argument("--flash-attention", default="on", choices=["on", "off"])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--blocks", type=int, default=10, help="of each prompt length, with those of the log")
    parser.add_argument("--seconds", type=float, default=1e9, help="begin no block after so long")
    parser.add_argument("--others", type=float, default=0.03, help="share of the processors that others may take")
    parser.add_argument("--log", help="file of blocks, added to")
    a = parser.parse_args()
    a.libraries, a.hardscape, a.llama_bench, a.model = (os.path.abspath(p) for p in (a.libraries, a.hardscape, a.llama_bench, a.model))
    start, blocks = time.monotonic(), []
    if a.log and os.path.exists(a.log):
        with open(a.log, encoding="utf-8") as file:
            blocks = [json.loads(line) for line in file]
    for prompt in map(int, a.prompts.split(",")):
        while (done := sum(b["prompt"] == prompt for b in quiet(a, blocks))) < a.blocks and time.monotonic() - start < a.seconds:
            blocks.append(block(a, prompt, ours if done % 2 == 0 else theirs))
            if a.log:
                with open(a.log, "a", encoding="utf-8") as file:
                    file.write(json.dumps(blocks[-1]) + "\n")
    sys.exit(report(a, blocks))


if __name__ == "__main__":
    main()
