#!/usr/bin/env python3
"""How long hardscape takes to say what it says, beside its peers: whole processes, taken in turn, as ratios.

    cmake --workflow --preset release
    bench/start_time.py build/release/apps/cli/hardscape [--runs 40] [--machine ROOT]...

Every round runs each command once (A B C A B C ...), so that a drift of the machine meets all of them. Printed are the
median of each and the median of the ratios within rounds. Peers that are not installed are left out.
Packages: util-linux (lscpu), hwloc (lstopo), fastfetch where Debian has it, g++ (the empty program).
"""
import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("program")
parser.add_argument("--runs", type=int, default=40)
parser.add_argument("--machine", action="append", default=[], help="folder of a recorded machine (scripts/machine_tree.py unpack)")
options = parser.parse_args()


def timed(command):
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return 1e3 * (time.perf_counter() - start)


def compare(title, commands):
    commands = {name: command for name, command in commands.items() if shutil.which(command[0])}
    first = next(iter(commands))
    for command in commands.values():
        timed(command)
    rounds = [{name: timed(command) for name, command in commands.items()} for _ in range(options.runs)]
    print(f"\n{title} ({options.runs} rounds)")
    for name in commands:
        median = statistics.median(r[name] for r in rounds)
        ratio = statistics.median(r[first] / r[name] for r in rounds)
        print(f"  {name:34} {median:8.2f} ms" + ("" if name == first else f"   ours is {ratio:5.2f} times"))


with tempfile.TemporaryDirectory() as folder:
    empty = os.path.join(folder, "empty")
    source = os.path.join(folder, "empty.cpp")
    with open(source, "w", encoding="ascii") as file:
        file.write("#include <string>\nint main(int n, char** a) { std::string s(a[0]); return s.size() == static_cast<unsigned>(-n); }\n")
    subprocess.run(["g++", "-O2", source, "-o", empty], check=True)
    compare("start", {"hardscape --version": [options.program, "--version"], "an empty C++ program": [empty]})
    compare("this machine", {
        "hardscape detect --json": [options.program, "detect", "--json"],
        "lscpu -J": ["lscpu", "-J"],
        "lstopo-no-graphics (with PCI)": ["lstopo-no-graphics"],
        "fastfetch": ["fastfetch"],
    })
    for root in options.machine:
        compare(root, {"hardscape detect --json": [options.program, "detect", "--json", "--root", root], "lscpu -s": ["lscpu", "-s", root]})

child = subprocess.Popen([options.program, "detect", "--json"], stdout=subprocess.DEVNULL)
_, _, usage = os.wait4(child.pid, 0)
print(f"\npeak memory of hardscape detect: {usage.ru_maxrss / 1024:.1f} MB")
