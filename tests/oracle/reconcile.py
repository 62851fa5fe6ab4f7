#!/usr/bin/env python3
"""Payouts of correct data, next to those of data with one error: `attain reconcile` has to find the error.

The payouts of the other system come from the evaluator of expected.py, in fractions. Every payout that differs must be
classified as the error says, in four of five cases by the change that corrects all of them. The numbers of equal and
different payouts must be those of the evaluator. Usage: reconcile.py ATTAIN [CASES [SEED]]
"""
import csv
import json
import os
import random
import subprocess
import sys
import tempfile

import expected

TYPES = {"missing": "line", "twice": "line", "amount": "value", "product": "value", "share": "value",
         "owner in": "owner", "owner out": "owner", "day in": "period", "day out": "period", "quota": "value",
         "rate": "rate", "cap": "rate"}


def all_pay(deals, reps, rates):
    return {(r, q): expected.pay(deals, reps, rates, r, q) for r in reps for q in range(1, 5)}


def run(attain, folder, more):
    command = [attain, "reconcile", "policy.attain", "-f", "json", "--with", "old.csv", "--through", "2026-Q4"] + more
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 6):
        print(done.stderr)
        sys.exit("the command failed")
    return json.loads(done.stdout), done.returncode


def one(attain, rng, kind, folder):
    deals, reps, rates = expected.make(rng)
    rep, period = rng.choice(expected.REPS), rng.randrange(1, 5)
    bad, bad_reps, more, true_rates = deals, reps, [], rates
    if kind in ("rate", "cap"):
        true_rates = dict(rates, low=rates["low"] + expected.Fraction(1, 100)) if kind == "rate" else \
            dict(rates, cap=rng.randrange(2, 8) * 500)
        expected.write_policy(os.path.join(folder, "old.attain"), true_rates)
        more = ["--old", "old.attain"]
    elif kind != "none":
        spoilt = expected.spoil(rng, kind, deals, reps, rep, period)
        if not spoilt:
            return None
        bad, bad_reps, _ = spoilt
    theirs, ours = all_pay(deals, reps, true_rates), all_pay(bad, bad_reps, rates)
    different = {k for k in theirs if abs(theirs[k] - ours[k]) > 1}
    if not different and kind != "none":
        return None
    expected.write_policy(os.path.join(folder, "policy.attain"), rates)
    expected.write_data(folder, bad, bad_reps)
    with open(os.path.join(folder, "old.csv"), "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["payee", "period", "amount"])
        for (r, q), amount in theirs.items():
            out.writerow([r, f"2026-Q{q}", f"{amount // 100}.{amount % 100:02d}"])
    made, status = run(attain, folder, more)
    found = {(p["payee"], int(p["period"][-1])) for p in made["list"] if p["status"] == "different"}
    if found != different or made["go"] != (not different) or status != (6 if different else 0):
        sys.exit(f"{kind}: other payouts differ than those of the evaluator")
    if made["different"] + made["equal"] + made["within"] != len(made["list"]):
        sys.exit(f"{kind}: the counts do not add up")
    types = [c["type"] for c in made["causes"]]
    return all(t == TYPES.get(kind) for t in types) and len(types) <= 1, made


def main():
    attain, cases = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 65
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 5)
    kinds = list(TYPES) + ["none"]
    counts = {k: [0, 0] for k in kinds}
    with tempfile.TemporaryDirectory() as folder:
        for i in range(cases):
            kind, result = kinds[i % len(kinds)], None
            while result is None:
                result = one(attain, rng, kind, folder)
            counts[kind][0] += 1
            counts[kind][1] += result[0]
            if "-v" in sys.argv and not result[0]:
                print(kind, json.dumps(result[1]["causes"], indent=1))
    n, right = (sum(c[k] for c in counts.values()) for k in range(2))
    print(", ".join(f"{kind} {c[1]}/{c[0]}" for kind, c in counts.items()))
    print(f"{n} cases, {right} with one cause of the right type")
    if right * 5 < n * 4:
        sys.exit("one cause of the right type must explain all differences in four of five cases")


if __name__ == "__main__":
    main()
