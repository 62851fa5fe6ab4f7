#!/usr/bin/env python3
"""tests/oracle/curves_rules.py ATTAIN [--cases N] [--seed S]: curves of the policies of rules/ against runs.

For each policy with data, the amount of a row of its first data table varies. The pay of all periods together, of each payee on a curve, must be
what a run pays with that amount in the file, up to what rounding each line can do. The amounts are random ones, and some at and around
breakpoints. Each policy has N rows.
"""
import csv
import glob
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction as F

from common import arguments, decimal
from curves import Curve

TOP = 150000
RULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "rules")


def amounts_of(text):
    """Table, file, and the headers of the key and of an amount, of the first data table; or None."""
    found = re.search(r'data\s+(\S+)\s+from\s+"([^"]+)"\s*\{(.*?)\}', text, re.S)
    if not found:
        return None
    table, file, body = found.groups()
    fields = [f for f in (re.split(r"\n", body) if "\n" in body else re.split(r"  +", body)) if f.strip()]
    key = [f for f in fields if re.search(r"\bkey\b", f)]
    money = [f for f in fields if re.search(r"\bmoney\b", f) and "optional" not in f]
    if not key or not money:
        return None

    def header(field):
        quoted = re.search(r'"([^"]+)"', field)
        return quoted.group(1) if quoted else field.split()[0]
    return table, file, header(key[0]), header(money[0]), money[0].split()[0]


def run(attain, command, policy, data, *options):
    return subprocess.run([attain, command, policy, "--data", data, "-q", *options], capture_output=True, text=True, timeout=120)


def differs(attain, policy, r):
    """What is wrong with the curves of one row, or None; and how many payouts were compared."""
    folder = os.path.dirname(policy)
    data, known = os.path.join(folder, "data"), amounts_of(open(policy, encoding="utf-8").read())
    if not os.path.isdir(data) or not known:
        return None, 0
    table, file, key, amount, field = known
    rows = list(csv.reader(open(os.path.join(data, file), encoding="utf-8")))
    paid = list(csv.DictReader(open(os.path.join(folder, "expected.csv"), encoding="utf-8")))
    if key not in rows[0] or amount not in rows[0] or not paid:
        return None, 0
    periods = sorted({line["period"] for line in paid})
    span = ["--from", periods[0], "--through", periods[-1]]
    row = r.choice([x for x in rows[1:] if x])
    name = f"{table}:{row[rows[0].index(key)]}.{field}"
    done = run(attain, "curve", policy, data, "--vary", name, "--between", f"0..{TOP}", "-f", "json", *span)
    if done.returncode:  # such as a row that pays no one
        return (None if done.returncode in (1, 2, 3) else f"{name}: curve ends with {done.returncode}"), 0
    made = json.loads(done.stdout)["versions"][0]["curves"]
    curves = [Curve(c) for c in made]
    ends = [x for c in curves for x in c.ends()]
    xs = [F(r.randint(0, TOP * 100), 100) for _ in range(5)]
    xs += [F(int(x * 100) + off, 100) for x in r.sample(ends, min(2, len(ends))) for off in (-1, 0, 1)]
    checked, copy = 0, tempfile.mkdtemp(prefix="curves-rules-")
    shutil.copytree(data, os.path.join(copy, "data"))
    for x in (x for x in xs if 0 <= x <= TOP):
        with open(os.path.join(copy, "data", file), "w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([decimal(x) if y is row and i == rows[0].index(amount) else v for i, v in enumerate(y)] for y in rows)
        pays = run(attain, "run", policy, os.path.join(copy, "data"), "-f", "csv", "--no-tests", *span)
        if pays.returncode:  # refused, or something is withheld
            continue
        lines = list(csv.DictReader(io.StringIO(pays.stdout)))
        for curve, of in zip(curves, made):
            for payee in of["payees"]:
                pay, own = curve.at(x), [F(line["amount"]) for line in lines if line["payee"] == payee]
                if isinstance(pay, str):
                    continue
                checked += 1
                if abs(pay - sum(own)) > F(len(own) + 2, 100):
                    return f"{name} at {float(x)}: the curve of {payee} gives {float(pay)}, the run {float(sum(own))}; files in {copy}", checked
    shutil.rmtree(copy)
    return None, checked


def main():
    options = arguments(__doc__, 1).parse_args()
    r, checked, wrong = random.Random(options.seed), 0, 0
    policies = sorted(glob.glob(os.path.join(RULES, "*", "policy.attain")) + glob.glob(os.path.join(RULES, "hooks", "*", "policy.attain")))
    for policy in policies * options.cases:
        fault, n = differs(options.attain, policy, r)
        checked += n
        if fault:
            wrong += 1
            print(f"{os.path.relpath(policy, RULES)}: {fault}")
    print(f"curves of {len(policies)} policies in rules/, {checked} payouts, {wrong} differ")
    return 1 if wrong or checked < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
