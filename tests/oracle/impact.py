#!/usr/bin/env python3
"""tests/oracle/impact.py ATTAIN [ROUNDS [SEED]]: what changes is in what `attain impact` lists.

Rows of the policies in rules/ and tests/conformance/ are changed, added, and removed at random. Both runs are compared line by
line. Each payee, period, and component that differs must be in the list that was made before the second run.
"""
import csv
import datetime
import glob
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TABLE = re.compile(r'^\s*(?:payee|data|history|exchange)\s+(\S+)(?:\s+of\s+\S+)?\s+from\s+"([^"]+)"', re.M)


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def mutate(random_, column, value, others):
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        day = datetime.date.fromisoformat(value) + datetime.timedelta(days=random_.choice([-95, -31, -1, 1, 20, 60, 120]))
        return day.isoformat()
    if re.fullmatch(r"-?\d+(\.\d+)?", value) and random_.random() < 0.7:
        return str(round(float(value) * random_.choice([0.5, 0.9, 1.1, 2, 3])))
    return random_.choice(others)


def change(random_, rows, key):
    """The rows after the change, and the rows of the file."""
    head, body = rows[0], [list(r) for r in rows[1:]]
    if not body:
        return None, None
    kind = random_.choice(["edit", "edit", "add", "remove"]) if key is not None else random_.choice(["add", "remove"])
    row = random_.randrange(len(body))
    if kind == "remove":
        return [head] + body[:row] + body[row + 1:], [head, body[row]]
    new = list(body[row])
    for _ in range(random_.choice([1, 1, 2, 4])):
        at = random_.randrange(len(head))
        if at == key:
            continue
        new[at] = mutate(random_, at, new[at], [r[at] for r in body if len(r) == len(head)])
    if kind == "add":
        if key is not None:
            new[key] = "new_%d" % random_.randrange(1000)
        return [head] + body + [new], [head, new]
    body[row] = new
    return [head] + body, [head, new]


def pay(attain, policies, folder):
    done = subprocess.run([attain, "run"] + policies + ["--data", folder, "--format", "json", "--zeros", "--no-tests", "--quiet"], capture_output=True, text=True)
    if done.returncode not in (0, 4):
        return None
    out = {}
    for line in json.loads(done.stdout)["lines"]:
        at = (line["payee"], line["period"], line["component"])
        out.setdefault(at, []).append((str(line["amount"]), line.get("line", "")))
    return {k: sorted(v) for k, v in out.items()}


def differs(before, after):
    """Zero, absent, and withheld pay: a line of zero that comes or goes is a change of nothing that is paid."""
    def real(lines):
        return [x for x in lines if float(x[0]) != 0]
    return [k for k in set(before) | set(after) if real(before.get(k, [])) != real(after.get(k, []))]


def cases():
    for policy in sorted(glob.glob(os.path.join(ROOT, "rules", "*", "policy.attain"))):
        folder = os.path.join(os.path.dirname(policy), "data")
        if os.path.isdir(folder):
            yield policy, folder
    for policy in sorted(glob.glob(os.path.join(ROOT, "tests", "conformance", "*", "policy.attain"))):
        yield policy, os.path.dirname(policy)


def main():
    attain = os.path.abspath(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    checked = failed = wide = listed = 0
    with tempfile.TemporaryDirectory() as work:
        for policy, folder in cases():
            text = open(policy, encoding="utf-8").read()
            tables = [(name.strip("`"), file) for name, file in TABLE.findall(text)]
            before = None
            for round_ in range(rounds):
                random_ = random.Random("%s %d %d" % (os.path.relpath(policy, ROOT), seed, round_))
                usable = [(n, f) for n, f in tables if os.path.isfile(os.path.join(folder, f))]
                if not usable:
                    break
                name, file = random_.choice(usable)
                declared = re.search(r'^\s*(?:payee|data|history|exchange)\s+`?%s`?[^{]*\{(.*?)\}' % re.escape(name), text, re.M | re.S)
                rows = read(os.path.join(folder, file))
                key = None
                found = re.search(r'^\s*`?([^\s`]+)`?\s+(?:text|number)\s+key\b(?:\s+from\s+"([^"]+)")?', declared.group(1), re.M) if declared else None
                if found and (found.group(2) or found.group(1)) in rows[0]:
                    key = rows[0].index(found.group(2) or found.group(1))
                if found and key is None:
                    continue
                after_rows, changed = change(random_, rows, key)
                if after_rows is None:
                    continue
                new = os.path.join(work, "new")
                shutil.rmtree(new, ignore_errors=True)
                shutil.copytree(folder, new)
                write(os.path.join(new, file), after_rows)
                write(os.path.join(work, "changed.csv"), changed)
                if before is None:
                    before = pay(attain, [policy], folder)
                after = pay(attain, [policy], new) if before is not None else None
                if after is None:
                    continue
                done = subprocess.run([attain, "impact", policy, "--data", folder, "--rows", "%s=%s" % (name, os.path.join(work, "changed.csv")),
                                       "--format", "json", "--quiet"], capture_output=True, text=True)
                where = "%s, table %s, round %d" % (os.path.relpath(policy, ROOT), name, round_)
                if done.returncode != 0:
                    print("impact: %s: status %d\n%s" % (where, done.returncode, done.stderr[:600]))
                    failed += done.returncode not in (2, 3)
                    continue
                report = json.loads(done.stdout)
                spans = {(a["payee"], a["component"]): a for a in report["affected"]}
                checked += 1
                wide += report["payees"] == report["of_payees"]
                listed += len(spans)
                for payee, period, component in sorted(differs(before, after)):
                    span = spans.get((payee, component))
                    if not span or period < span["from"] or (span["through"] and period > span["through"]):
                        failed += 1
                        print("impact: %s: %s, %s, %s changes, and is not listed\n  %s\n  %s" % (where, payee, period, component, changed, span))
                        break
    print("impact: %d changes, %d not in the list; everyone listed in %d" % (checked, failed, wide))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
