#!/usr/bin/env python3
"""Includes point one way: every part sees only the parts in its row. Run by ctest."""
import pathlib
import re
import sys

SEES = {
    "base": "", "facts": "base", "host": "base",
    "catalogue": "base facts", "llm": "base facts", "network": "base facts", "cost": "base facts", "report": "base facts",
    "detect": "base facts host", "measure": "base facts host", "store": "base facts host",
    "engine": "base facts host llm", "fit": "base facts llm", "predict": "base facts llm network",
    "select": "base facts fit predict cost llm network",
    "plan": "base facts network predict cost select",
    "api": "base facts host catalogue llm network cost report detect measure store engine fit predict select plan",
}
# Public headers belong to a part: by their own name, or by this table.
HEADER = {"result": "base", "units": "base", "suggest": "base", "version": "base",
          "provenance": "facts", "machine": "facts", "model_record": "facts", "model_shape": "facts",
          "processor_quota": "detect", "recommend": "api", "edge": "api",
          "document": "report", "advise": "api", "evidence": "api", "overview": "api", "load_guard": "host", "bench": "engine",
          "endpoint": "engine", "synthetic": "engine", "history": "store", "measurement": "measure",
          "model_memory": "llm", "weight_layout": "llm", "model_work": "llm", "quantization": "llm", "gguf": "llm", "safetensors": "llm",
          "model_json": "llm", "model_name": "llm", "precision_table": "llm"}
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)


def owner(header):
    stem = pathlib.PurePath(header).stem
    return HEADER.get(stem) or next((p for p in SEES if stem == p or stem.startswith(p + "_")), stem)


def complaints(root):
    for file in sorted([*root.glob("src/**/*.[ch]pp"), *root.glob("include/**/*.hpp"), *root.glob("apps/**/*.[ch]pp")]):
        place = file.relative_to(root).parts
        public = place[0] == "include"
        part = owner(file.name) if public else place[1]
        if place[0] != "apps" and part not in SEES:
            yield f"{file.relative_to(root)}: belongs to no part (see HEADER in this script)"
            continue
        test = file.stem.endswith(("_test", "_fuzz"))
        for name in INCLUDE.findall(file.read_text()):
            if test and name.startswith("support/"):
                continue
            if name.startswith("hardscape/"):
                target = owner(name)
            elif place[0] == "apps":
                target = None if name.startswith(place[1] + "/") else name
            elif public:
                target = name  # a public header may not reach inside
            else:
                target = name.split("/")[0]
            if place[0] == "apps":
                if target is not None and not name.startswith("hardscape/"):
                    yield f"{file.relative_to(root)}: apps see public headers only, not \"{name}\""
            elif target not in SEES:
                yield f"{file.relative_to(root)}: \"{name}\" belongs to no part (see HEADER in this script)"
            elif target != part and target not in SEES[part].split():
                yield f"{file.relative_to(root)}: {part} may not see {target} (\"{name}\")"


found = list(complaints(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
print("\n".join(found) if found else "layers hold")
sys.exit(bool(found))
