"""tests/oracle/common.py: what the programs of this folder share: arguments, files, the command, and the arithmetic of payout lines.

Nothing here comes from the program: rounding and division follow the reference (policy, rounding, pools), with Python's fractions.
"""
import argparse
import csv
import io
import os
import shutil
import subprocess
import tempfile
from fractions import Fraction as F

CENT = F(1, 100)


class Withheld(Exception):
    """The value does not exist: divided by zero, missing, or below the first tier."""


def rounded(x, how="half up", unit=CENT):
    """To a multiple of the unit, by the rule of a policy."""
    size = abs(x) / unit
    whole = size.numerator // size.denominator
    rest = size - whole
    if how == "half up":
        whole += rest >= F(1, 2)
    elif how == "half even":
        whole += rest > F(1, 2) or (rest == F(1, 2) and whole % 2 == 1)
    return (whole if x >= 0 else -whole) * unit


def allotted(whole, weights):
    """Whole numbers that sum to the whole: largest remainder, ties to the first; no one where there is no weight."""
    weights = [max(w, 0) for w in weights]
    if sum(weights) == 0:
        return [0] * len(weights)
    exact = [abs(whole) * w / F(sum(weights)) for w in weights]
    parts = [e.numerator // e.denominator for e in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: abs(whole) - sum(parts)]:
        parts[i] += 1
    return [p if whole >= 0 else -p for p in parts]


def divided(exact, how="half up", unit=CENT):
    """Amounts of one row in units that add up to their rounded sum; the largest remainders first, then the first."""
    whole = sum(exact, F(0))
    sign = -1 if whole < 0 else 1
    shares = [sign * x / unit for x in exact]
    parts = [x.numerator // x.denominator for x in shares]
    left = int(rounded(abs(whole), how, unit) / unit) - sum(parts)
    for i in sorted(range(len(shares)), key=lambda i: parts[i] - shares[i])[:left]:
        parts[i] += 1
    return [sign * c * unit for c in parts]


def by_deal(attain, folder, policy, amounts):
    """What is wrong with the parts of rows: of each payee, month, and component, they add up to the amounts; None if nothing is."""
    done = attain_run(attain, folder, policy, "--no-tests", "--quiet", "--by", "deal")
    if done.returncode:
        return "by deal: " + done.stderr[:300]
    sums = {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        key = row["payee"], row["period"], row["component"]
        sums[key] = sums.get(key, F(0)) + F(row["amount"])
    wrong = [k for k in set(sums) | set(amounts) if sums.get(k, 0) != amounts.get(k, 0)]
    return f"by deal: {min(wrong)}: {sums.get(min(wrong), 0)} of {amounts.get(min(wrong), 0)}" if wrong else None


def limited(whole, weights, limit):
    """Shares of a pool with a limit: the excess goes to the others again and again. Whole numbers."""
    weights, full = [max(x, F(0)) for x in weights], set()
    while whole > 0:
        rest, others = whole - limit * len(full), sum(w for i, w in enumerate(weights) if i not in full)
        over = [i for i, w in enumerate(weights) if w > 0 and i not in full and rest * w >= limit * others]
        if not over:
            break
        full.update(over)
    rest = whole - limit * len(full)
    others = [0 if i in full else w for i, w in enumerate(weights)]
    parts = allotted(rest, others) if any(others) else [0] * len(others)
    return [limit if i in full else x for i, x in enumerate(parts)]


def raised(whole, have, targets):
    """Shares of a pool that raises its members to one level of have / target. Amounts in units; whole numbers."""
    low = list(range(len(have)))
    while True:
        level = (whole + sum(have[i] for i in low)) / F(sum(targets[i] for i in low))
        above = [i for i in low if have[i] > level * targets[i]]
        if not above:
            break
        low = [i for i in low if i not in above]
    return allotted(whole, [level * t - h if i in low else 0 for i, (h, t) in enumerate(zip(have, targets))]) if whole else [0] * len(have)


def decimal(x):
    """A fraction of hundredths as a file holds it."""
    cents = abs(x) * 100
    assert F(cents).denominator == 1
    return f"{'-' if x < 0 else ''}{int(cents) // 100}.{int(cents) % 100:02d}"


def percent(x):
    return f"{float(x * 100):.4f}".rstrip("0").rstrip(".") + "%"


def arguments(description, cases):
    """The parser of a program with random cases: the case of seed S is the same forever."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("attain")
    parser.add_argument("--cases", type=int, default=cases)
    parser.add_argument("--seed", type=int, default=1)
    return parser


def save(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def table(folder, name, head, rows):
    """A file of comma-separated values."""
    save(folder, name, head + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))


def attain_run(attain, folder, policy, *options):
    """Runs a policy on the files of the folder; the answer has returncode, stdout, and stderr."""
    command = [attain, "run", os.path.join(folder, policy), "--data", folder, "--format", "csv", *options]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)


def verified(attain, folder, policy, *options):
    """None, or what explain says about an explanation that does not add up."""
    command = [attain, "explain", os.path.join(folder, policy), "--data", folder, "--verify", *options]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
    return None if done.returncode in (0, 4) else (done.stdout[-300:] + done.stderr[-2000:])


def first_difference(want, got):
    """Two lines, or a sentence: where two outputs begin to differ."""
    pairs = zip(want.splitlines() + ["-"], got.splitlines() + ["-"])
    return next((f"  expected {a}\n  got      {b}" for a, b in pairs if a != b), "  one ends before the other")


def try_cases(description, cases, name, counted, case, check):
    """The main function of a program with random cases: `case(seed, folder)` is written, and `check(attain, case)` returns a fault or None,
    and a count. Returns the exit status."""
    options = arguments(description, cases).parse_args()
    return run_cases(options, name, f"policies, {{}} {counted}", case, check)


def run_cases(options, name, counted, case, check):
    """Runs the cases of `options`. `counted` names what is counted, with {} for the number. A case that differs leaves its files behind."""
    wrong = total = 0
    for i in range(options.cases):
        folder = tempfile.mkdtemp(prefix=f"{name}-{i}-")
        fault, n = check(options.attain, case(options.seed * 100000 + i, folder))
        total += n
        if fault:
            wrong += 1
            print(f"case {i} in {folder}: {fault}")
        else:
            shutil.rmtree(folder)
    print(f"{name}: {options.cases} {counted.format(total)}, {wrong} differ")
    return 1 if wrong else 0
