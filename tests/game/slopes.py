#!/usr/bin/env python3
"""tests/game/slopes.py ATTAIN [--cases N] [--seed S]: effects of sales on the pay of others, by brute force.

Each case is a random policy of tests/oracle/policies.py. A deal of one payee is made larger by an amount, and the pay of all is compared.
Twice the amount must change pay twice as much, up to rounding; where it does not, a threshold is too near, and the pair is left out. The slopes
of `attain teamwork` must be the same, up to what rounding to cents can do.
"""
import json
import os
import re
import shutil
import sys
import tempfile
from fractions import Fraction as F

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from brute import Small, arguments, attain, credited, name_of, paid, period_of  # noqa: E402

STEP = 40


def total(pay, key):
    return pay[key][0]


def differs(case, folder):
    case.write(folder)
    last = max(period_of(case, d["closed_on"]) for d in credited(case.deals))
    case.end = name_of(case, last)
    before = paid(case, folder, case.deals, case.parts)
    code, text, error = attain(case, folder, "teamwork", "--no-tests", "--period", case.end, "--vary", "bookings")
    if code == 2 and "A1277" in error:
        return None, 0
    if code != 0 or before is None:
        return f"teamwork ends with {code}: {error[:500]}", 0
    result = json.loads(text)
    slopes = {(p["seller"], p["payee"]): p for p in result["pairs"]}
    checked = 0
    for seller in case.keys:
        at = next((i for i, d in enumerate(case.deals) if d in credited(case.deals) and d["rep"] == seller and period_of(case, d["closed_on"]) == last and d["amount"] > 1000), None)
        if at is None:
            continue
        for side, sign in (("above", 1), ("below", -1)):
            after = []
            for step in (STEP, 2 * STEP):
                deals = [dict(d) for d in case.deals]
                deals[at]["amount"] += sign * step
                after.append(paid(case, folder, deals, case.parts))
            if None in after:
                continue
            for key in case.keys:
                one, two = (total(a, key) - total(before, key) for a in after)
                noise = 60  # cents: each component rounds
                if any(a[key][1] != before[key][1] for a in after) or abs(two - 2 * one) > noise:
                    continue
                pair = slopes.get((seller, key))
                if pair and ("slope" not in pair[side] or F(pair[side]["jump"]) != 0):
                    continue
                slope = F(pair[side]["slope"]) if pair else F(0)
                checked += 1
                if abs(sign * two - slope * 2 * STEP * 100) > noise:
                    return f"{seller} -> {key} {side}: brute force {sign * two / 200 / STEP}, teamwork {float(slope)}", checked
    return None, checked


def main():
    options = arguments(__doc__, 12).parse_args()
    total_checked = done = 0
    seed = options.seed * 1000
    while done < options.cases:
        seed += 1
        case = Small(seed)
        other = re.search(r"^pay (best|lead|deal_pay|echo_deals|equally|from_day|from_ratio)\b", case.policy(), re.M)  # of the deal, not of the measure
        if not credited(case.deals) or other or case.share or case.levels:
            continue
        done += 1
        case.attain = options.attain
        folder = tempfile.mkdtemp(prefix="attain-slopes-")
        fault, n = differs(case, folder)
        if fault:
            print(f"seed {seed} differs; its files are in {folder}: {fault}")
            return 1
        shutil.rmtree(folder)
        total_checked += n
    print(f"{done} random policies, {total_checked} effects on pay: all as brute force finds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
