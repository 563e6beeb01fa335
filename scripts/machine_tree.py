#!/usr/bin/env python3
"""Packs a recorded machine (a folder made by `hardscape detect --gather DIR`) into one text file, and unpacks it.

One file a machine keeps thousands of tiny files out of the repository and shows in a diff what changed.
  /path = text          a file of one line
  /path |               a file of the lines that follow, each behind "| "
  /path -> target       a symbolic link
  /path/                a folder
In texts \\\\ is a backslash, \\xNN a byte, and \\c at the end means: no newline at the end. See docs/formats/machine_tree.md.
"""
import argparse
import os
import pathlib
import re
import sys

HEADER = b"# hardscape-tree 1\n"
NO_NEWLINE = re.compile(rb"(?:^|[^\\])(?:\\\\)*\\c$")


def escape(line):
    return re.sub(rb"[^\x20-\x7e\t]|\\", lambda m: b"\\\\" if m[0] == b"\\" else b"\\x%02x" % m[0][0], line)


def unescape(line):
    return re.sub(rb"\\(\\|x[0-9a-f]{2})", lambda m: b"\\" if m[1] == b"\\" else bytes([int(m[1][1:], 16)]), line)


def natural(path):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", path)]


def pack(folder):
    out = [HEADER]
    for base, folders, files in os.walk(folder):
        here = "/" + os.path.relpath(base, folder).removeprefix(".")
        here = here if here != "/" else ""
        if not folders and not files:
            out.append(f"{here}/\n".encode())
        for name in files + [f for f in folders if os.path.islink(os.path.join(base, f))]:
            path, real = f"{here}/{name}", os.path.join(base, name)
            if os.path.islink(real):
                out.append(f"{path} -> {os.readlink(real)}\n".encode())
                continue
            text = pathlib.Path(real).read_bytes()
            complete = text.endswith(b"\n")
            lines = [escape(line) for line in text.removesuffix(b"\n").split(b"\n")]
            if not complete:
                lines[-1] += b"\\c"
            if len(lines) == 1:
                out.append(path.encode() + b" = " + lines[0] + b"\n")
            else:
                out.append(path.encode() + b" |\n" + b"".join(b"| " + line + b"\n" for line in lines))
    return b"".join([HEADER] + sorted(out[1:], key=lambda entry: natural(entry.split(b"\n")[0].decode())))


def unpack(text, folder):
    root = pathlib.Path(folder)
    lines = text.split(b"\n")
    if lines[0] + b"\n" != HEADER:
        sys.exit("not a hardscape-tree 1 file")

    def write(path, parts):
        body = b"\n".join(unescape(p) for p in parts)
        body = body[:-2] if NO_NEWLINE.search(parts[-1]) else body + b"\n"
        target = root / path.decode().lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)

    i = 1
    while i < len(lines):
        line = lines[i]
        i += 1
        if not line:
            continue
        if line.endswith(b" |"):
            parts = []
            while i < len(lines) and lines[i].startswith(b"| "):
                parts.append(lines[i][2:])
                i += 1
            write(line[:-2], parts)
        elif b" = " in line:
            path, value = line.split(b" = ", 1)
            write(path, [value])
        elif b" -> " in line:
            path, target = line.decode().split(" -> ", 1)
            place = root / path.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(target)
        elif line.endswith(b"/"):
            (root / line.decode().strip("/")).mkdir(parents=True, exist_ok=True)
        else:
            sys.exit(f"line {i}: expected a file, a link or a folder: {line[:80]!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("action", choices=["pack", "unpack"])
    parser.add_argument("source", help="folder to pack, or tree.txt to unpack")
    parser.add_argument("target", help="tree.txt to write, or folder to make")
    args = parser.parse_args()
    if args.action == "pack":
        pathlib.Path(args.target).write_bytes(pack(args.source))
    else:
        unpack(pathlib.Path(args.source).read_bytes(), args.target)


if __name__ == "__main__":
    main()
