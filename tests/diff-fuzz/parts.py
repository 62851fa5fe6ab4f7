"""tests/diff-fuzz/parts.py ATTAIN [SEED [CASES [NAME]]]: what diff says that each edit causes, against runs of every version in between.

The policies are those of tests/oracle: draws, holds, releases, clawbacks, late rows, contests, currencies, histories, coverage. One to three of
their statements are changed or taken out. This file runs every combination of the changes, and averages over all orders of them. What diff
attributes to an edit must be that average, less than a cent off, and the edits of a row must add up to its difference.
"""
import csv
import importlib
import io
import itertools
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction

attain = sys.argv[1]
seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
cases = int(sys.argv[3]) if len(sys.argv) > 3 else 12
only = sys.argv[4] if len(sys.argv) > 4 else None
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))

NAMES = ["draws", "held", "late", "contests", "currencies", "people"]
DROPPED = re.compile(r"(cap|floor|draw|hold|release|clawback|adjust|carry)\b")
FIGURE = re.compile(r"(?<![\w.\"-])\$?\d+(?:\.\d+)?%?(?![\w\"-])")
CLAUSES = [(" as paid on", " as rated now on"), (" as rated now on", " as paid on"), (" recoverable", ""), (" within 60 ", " within 20 "), (" within 90 ", " within 30 "),
           (" at 50%", ""), (" settle each quarter", " settle each half"), (" settle each half", ""), (" ties share", " ties all"), (" ties all", " ties share"),
           (" until gone", ""), (" known from entered", ""), (" split equally", " split by contribution"), (" paid after 1 month", ""), (" per year", ""),
           (" per year", " per quarter"), (' where rep.role is "AE"', ""), (" except from leave.first to leave.last", ""), (" to rep.left", ""),
           ("prorated(rep.quota)", "rep.quota"), (" due on rep.left_on", ""), (" recover from 2026-05", " recover from 2026-03"), (" by booking", ""),
           (" cumulative over year", ""), (" when deal.amount > $500", ""), (" by team", ""), ("rank(", "5 * rank("), (" per booking = ", " per booking = 2 * ")]


def changes(text, r):
    """Edits of lines: (number of the line, new text), one to a statement, since changes of a statement are one edit."""
    out, begun = {}, 0
    lines = text.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith(("credit ", "applies ")))
    for number, line in enumerate(lines):
        if number < start or not line.strip():
            continue
        begun = begun if line.startswith(" ") else number
        found = [(number, line.replace(a, b, 1)) for a, b in CLAUSES if a in line]
        if DROPPED.match(line):
            found.append((number, ""))
        for at in FIGURE.finditer(line):
            figure = at.group().strip("$%")
            new = f"{float(figure) * r.choice([.5, 2, 1.5]):.2f}".rstrip("0").rstrip(".")
            if "." in figure or "%" in at.group() or "$" in at.group():
                found.append((number, line[:at.start()] + at.group().replace(figure, new) + line[at.end():]))
        if found:
            out[begun] = r.choice(found + [out[begun]] if begun in out else found)
    chosen = r.sample(sorted(out), min(len(out), r.randint(1, 3)))
    return [out[n] for n in sorted(chosen)]


def version(text, edits):
    lines = text.split("\n")
    for number, new in edits:
        lines[number] = new
    return "\n".join(lines)


def run(folder, name, *options):
    done = subprocess.run([attain, name, *options, "--data", folder, "--format", "csv"], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def amounts(folder, text, name):
    """Minor units by payee, period, and component; None where the version is refused."""
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    code, out, _ = run(folder, "run", path)
    if code not in (0, 4):
        return None
    sums = {}
    for row in csv.DictReader(io.StringIO(out)):
        key = row["payee"], row["period"], row["component"]
        sums[key] = sums.get(key, Fraction(0)) + Fraction(row["amount"]) * 100
    return sums


def shapley(versions, n):
    """By edit, then by row: the average of what the edit adds over all orders."""
    rows = {key for sums in versions.values() for key in sums}
    out = [{} for _ in range(n)]
    for order in itertools.permutations(range(n)):
        have = frozenset()
        for edit in order:
            after = have | {edit}
            for key in rows:
                moved = versions[after].get(key, 0) - versions[have].get(key, 0)
                if moved:
                    out[edit][key] = out[edit].get(key, Fraction(0)) + Fraction(moved) / math.factorial(n)
            have = after
    return out


def near(part, exact):
    return all(abs(part.get(key, 0) - exact.get(key, 0)) < 1 for key in {*part, *exact})


def compare(folder, text, edits):
    """What is wrong, in words; empty where all is well; None where a version is refused."""
    text = re.sub(r"^ *pays .*\n", "\n", text, flags=re.M)
    versions = {}
    for n in range(len(edits) + 1):
        for chosen in itertools.combinations(range(len(edits)), n):
            sums = amounts(folder, version(text, [edits[i] for i in chosen]), f"v{''.join(map(str, chosen))}.attain")
            if sums is None:
                return None
            versions[frozenset(chosen)] = sums
    name = "v" + "".join(map(str, range(len(edits)))) + ".attain"
    before, after = os.path.join(folder, "v.attain"), os.path.join(folder, name)
    code, out, told = run(folder, "diff", before, after, "--attribution")
    if code not in (0, 4) or "in between" in told:
        return f"diff ends with {code}: {told[:600]}"
    parts = {}
    for row in csv.DictReader(io.StringIO(out)):
        part = parts.setdefault(row["edit"], {})
        key = row["payee"], row["period"], row["component"]
        part[key] = part.get(key, 0) + Fraction(row["amount"]) * 100
    first, last = versions[frozenset()], versions[frozenset(range(len(edits)))]
    rows = {*first, *last, *(key for part in parts.values() for key in part)}
    moved = {key: last.get(key, Fraction(0)) - first.get(key, 0) for key in rows}
    for key in rows:
        found = sum((part.get(key, 0) for part in parts.values()), Fraction(0))
        if found != moved[key]:
            return f"the parts of {key} add up to {found} cents, and not to {moved[key]}"
    # Of rows that do not differ, diff lists some.
    exact = [{key: x for key, x in one.items() if moved.get(key)} for one in shapley(versions, len(edits))]
    parts = {edit: {key: x for key, x in one.items() if moved[key]} for edit, one in parts.items()}
    parts = {edit: one for edit, one in parts.items() if one}
    if len(parts) > len(edits):  # one change of the text is several edits
        return "" if len(edits) == 1 else None
    for order in itertools.permutations(range(len(edits)), len(parts)):
        rest = [i for i in range(len(edits)) if i not in order]
        if all(near(part, exact[i]) for part, i in zip(parts.values(), order)) and all(near({}, exact[i]) for i in rest):
            return ""
    return f"diff attributes {shown(parts.items(), exact)}, the versions {shown(enumerate(exact), parts.values())}"


def shown(own, other):
    """The rows of each edit that no edit of the other has."""
    out = {}
    for edit, part in own:
        best = min(other, key=lambda x: sum(abs(part.get(key, 0) - x.get(key, 0)) >= 1 for key in {*part, *x}), default={})
        out[edit] = sorted((key, f"{float(part.get(key, 0)):.2f}") for key in {*part, *best} if abs(part.get(key, 0) - best.get(key, 0)) >= 1)[:4]
    return out


def main():
    passed = failed = refused = 0
    for name in NAMES:
        if only not in (None, name):
            continue
        for number in range(cases):
            folder = tempfile.mkdtemp(prefix=f"parts-{name}-{number}-")
            case = seed * 1000 + number
            importlib.import_module(name).Case(case, folder)
            with open(os.path.join(folder, "p.attain"), encoding="utf-8") as file:
                text = file.read()
            edits = changes(text, random.Random(f"{name} {case}"))
            wrong = compare(folder, text, edits)
            passed, refused = passed + (wrong == ""), refused + (wrong is None)
            if wrong:
                failed += 1
                print(f"FAILED {name}, case {case}, in {folder}: {wrong}")
                for at, new in edits:
                    print(f"    {text.split(chr(10))[at]}\n    -> {new}")
            else:
                shutil.rmtree(folder)
    print(f"diff parts: {passed} passed, {failed} failed, {refused} changes that are refused passed over")
    return 1 if failed or not passed else 0


sys.exit(main())
