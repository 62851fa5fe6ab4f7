#!/usr/bin/env python3
"""tests/oracle/depends.py ATTAIN [SEED]: what `attain depends` does not list changes no pay.

In the policies of rules/ and tests/conformance/, the values of each column are exchanged among the rows. A component that is not
said to depend on the field must pay the same. Runs that withhold pay are left out: a value that cannot be calculated withholds
all components.
"""
import glob
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from impact import ROOT, TABLE, cases, read, write  # noqa: E402


def pay(attain, policy, folder):
    done = subprocess.run([attain, "run", policy, "--data", folder, "--format", "json", "--no-tests", "--quiet"], capture_output=True, text=True)
    if done.returncode != 0:
        return None
    out = {}
    for line in json.loads(done.stdout)["lines"]:
        out.setdefault(line["component"], []).append((line["payee"], line["period"], line.get("line", ""), str(line["amount"])))
    return {k: sorted(v) for k, v in out.items()}


def main():
    attain = os.path.abspath(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    checked = failed = 0
    with tempfile.TemporaryDirectory() as work:
        for policy, folder in cases():
            text = open(policy, encoding="utf-8").read()
            listed = subprocess.run([attain, "depends", policy, "--format", "json"], capture_output=True, text=True)
            before = pay(attain, policy, folder)
            if listed.returncode != 0 or before is None:
                continue
            depends = {(d["component"], d.get("table"), d["name"]) for d in json.loads(listed.stdout)["depends"] if d["kind"] == "field"}
            for name, file in TABLE.findall(text):
                name = name.strip("`")
                if not os.path.isfile(os.path.join(folder, file)):
                    continue
                rows = read(os.path.join(folder, file))
                for at, column in enumerate(rows[0]):
                    if not re.search(r'^[^#\n]*[\s{]`?%s`?\s' % re.escape(column), text, re.M) or (None, name, column) in depends:
                        continue
                    random_ = random.Random("%s %s %s %d" % (os.path.relpath(policy, ROOT), name, column, seed))
                    body = [list(r) for r in rows[1:] if len(r) == len(rows[0])]
                    values = [r[at] for r in body]
                    random_.shuffle(values)
                    if values == [r[at] for r in body]:
                        continue
                    for row, value in zip(body, values):
                        row[at] = value
                    new = os.path.join(work, "new")
                    shutil.rmtree(new, ignore_errors=True)
                    shutil.copytree(folder, new)
                    write(os.path.join(new, file), [rows[0]] + body)
                    after = pay(attain, policy, new)
                    if after is None:
                        continue
                    for component in set(before) | set(after):
                        if (component, name, column) in depends:
                            continue
                        checked += 1
                        if before.get(component) != after.get(component):
                            failed += 1
                            print("depends: %s: %s changes with %s.%s, and is not listed" % (os.path.relpath(policy, ROOT), component, name, column))
    print("depends: %d components and fields, %d that change pay without being listed" % (checked, failed))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
