#!/usr/bin/env python3
"""Compares two payouts of random data with `attain explain --against` and `--against-payee`.

This program makes each version itself: it edits the CSV files so that two payees, or two periods, exchange deals, quota, or
tree, removes the adjustments from the policy, and reads plain `attain run`s. Its Shapley values, over all orders of the four
players, in fractions, must be the exact parts. The parts must be these, rounded by the largest-remainder method, and add up to
the difference of two plain runs. Usage: against.py ATTAIN [CASES [SEED]]
"""
import csv
import datetime
import itertools
import io
import json
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

POLICY = """policy "Random"
  effective from 2026-01-01 to 2026-12-31
  currency  USD
  period    quarter

payee rep from "reps.csv" {{ id text key  name text label  role text  team text  boss rep optional  goal money  own percent in points }}
data deal from "deals.csv" {{ id text key  rep rep  amount money  closed_on date }}
data target from "targets.csv" {{ rep rep  quarter period  amount money }}
credit booking from deal to rep on closed_on amount deal.amount
credit below from deal to managers of deal.rep on closed_on amount deal.amount
measure bookings = sum of amount from booking
measure under = sum of amount from below
measure quota = sum of amount from target to rep on quarter
pay commission on bookings = {low} up to quota + {high} over quota
pay override = {over} of under
pay bonus = rep.own of rep.goal when rep.role is "AE" and bookings > rep.goal
pay early = {early} of ytd(bookings) when period.index <= 2
pool team on bookings per team = 3% split by contribution
{adjustments}"""

ADJUSTMENTS = ["cap commission at $9,000", "floor commission at $2,000", "adjust commission = 110% of commission because \"fair\"",
               "draw advance = $5,000 recoverable against commission", "cap total at $15,000"]
PLAYERS = ["deals", "quota", "tree", "rates"]
REPS = ["ana", "ben", "cora", "dan", "eva", "finn"]
QUARTERS = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]


def first_day(quarter):
    return datetime.date(2026, 3 * (int(quarter[-1]) - 1) + 1, 1)


def last_day(quarter):
    n = int(quarter[-1])
    return datetime.date(2026 + n // 4, 3 * n % 12 + 1, 1) - datetime.timedelta(1)


def quarter_of(day):
    return f"2026-Q{(day.month - 1) // 3 + 1}"


# ---- data: three tables as lists of dicts

def make(rng):
    reps = []
    for i, r in enumerate(REPS):
        boss = rng.choice(REPS[:i] + [""]) if i else ""
        reps.append({"id": r, "name": r.title(), "role": rng.choice(["AE", "SE"]), "team": rng.choice(["east", "west"]), "boss": boss,
                     "goal": rng.randrange(5, 60) * 1000, "own": rng.randrange(1, 9)})
    deals = [{"id": f"d{i:03d}", "rep": rng.choice(REPS), "amount": rng.randrange(100, 40000), "closed_on":
              datetime.date(2026, 1, 1) + datetime.timedelta(rng.randrange(365))} for i in range(rng.randrange(15, 60))]
    targets = [{"rep": r, "quarter": q, "amount": rng.randrange(5, 90) * 1000} for r in REPS for q in QUARTERS]
    return {"reps": reps, "deals": deals, "targets": targets}


def copy(data):
    return {name: [dict(row) for row in rows] for name, rows in data.items()}


def write(folder, policy, data):
    with open(os.path.join(folder, "p.attain"), "w") as f:
        f.write(policy)
    for name, rows in data.items():
        with open(os.path.join(folder, name + ".csv"), "w", newline="") as f:
            out = csv.DictWriter(f, rows[0].keys())
            out.writeheader()
            out.writerows(rows)


# ---- exchanges

def swapped_payees(data, a, b, players):
    """Ana and Ben exchange what belongs to the players."""
    out, pi = copy(data), {a: b, b: a}
    old = {r["id"]: r for r in data["reps"]}
    for name, player in (("deals", "deals"), ("targets", "quota")):
        for row in out[name] if player in players else []:
            row["rep"] = pi.get(row["rep"], row["rep"])
    for row in out["reps"]:
        twin = old[pi.get(row["id"], row["id"])]
        if "quota" in players:
            row["goal"] = twin["goal"]
        if "tree" in players:
            row["team"] = twin["team"]
            row["boss"] = pi.get(twin["boss"], twin["boss"])
    return out


def moved(day, p, q):
    """The same number of days after the start of the other quarter, and at most its last day."""
    for a, b in ((p, q), (q, p)):
        if quarter_of(day) == a:
            return min(first_day(b) + (day - first_day(a)), last_day(b))
    return day


def swapped_periods(data, payee, p, q, players):
    """The quarters exchange what belongs to the players: rows of others are the tree."""
    out, pi = copy(data), {p: q, q: p}
    for row in out["deals"]:
        if ("deals" if row["rep"] == payee else "tree") in players:
            row["closed_on"] = moved(row["closed_on"], p, q)
    for row in out["targets"]:
        if ("quota" if row["rep"] == payee else "tree") in players:
            row["quarter"] = pi.get(row["quarter"], row["quarter"])
    return out


# ---- runs

def run(attain, folder, *more):
    return subprocess.run([attain, *more], cwd=folder, capture_output=True, text=True)


def pay_of(attain, folder, payee, period):
    """Cents. All four quarters are paid, whatever the rows are."""
    done = run(attain, folder, "run", "p.attain", "--format", "csv", "--quiet", "--no-tests", "--through", "2026-Q4")
    if done.returncode:
        raise SystemExit(f"run: {done.returncode} {done.stderr}")
    return sum(int(Fraction(r["amount"]) * 100) for r in csv.DictReader(io.StringIO(done.stdout))
               if r["payee"] == payee and r["period"] == period)


def versions_of(attain, folder, data, policy, here, there):
    """Earned cents by the set of players that are those of the other payout."""
    found = {}
    for n in range(5):
        for other in itertools.combinations(PLAYERS, n):
            cell = there if "rates" in other else here
            players = [k for k in PLAYERS[:3] if (k in other) != ("rates" in other)]
            if here[0] == there[0]:
                changed = swapped_periods(data, here[0], here[1], there[1], players)
            else:
                changed = swapped_payees(data, here[0], there[0], players)
            write(folder, policy, changed)
            found[frozenset(other)] = pay_of(attain, folder, *cell)
    return found


def shapley(versions):
    """The average over all orders of what each player changes, other payout to this one."""
    parts = dict.fromkeys(PLAYERS, Fraction(0))
    for order in itertools.permutations(PLAYERS):
        taken = set()
        for k in order:
            before = versions[frozenset(taken)]
            taken.add(k)
            parts[k] += Fraction(before - versions[frozenset(taken)], 24)
    return parts


def rounded(parts, whole):
    """Whole cents that add up: the largest remainders first, then the first part."""
    names = list(parts)
    out = {k: parts[k].numerator // parts[k].denominator for k in names}
    order = sorted(names, key=lambda k: (out[k] - parts[k], names.index(k)))
    for k in order[: whole - sum(out.values())]:
        out[k] += 1
    return out


def check(attain, rng, number):
    data = make(rng)
    rates = {"low": f"{rng.randrange(3, 9)}%", "high": f"{rng.randrange(9, 17)}.3%", "over": f"{rng.randrange(1, 4)}%",
             "early": f"{rng.randrange(1, 3)}%"}
    bare = POLICY.format(adjustments="", **rates)
    full = POLICY.format(adjustments="\n".join(sorted(rng.sample(ADJUSTMENTS, rng.randrange(0, 3)), key=ADJUSTMENTS.index)) + "\n", **rates)
    payee, period = rng.choice(REPS), rng.choice(QUARTERS)
    if rng.random() < 0.5:
        other = (payee, rng.choice([q for q in QUARTERS if q != period]))
        options = ["--against", other[1]]
    else:
        other = (rng.choice([r for r in REPS if r != payee]), period)
        options = ["--against-payee", other[0]]
    with tempfile.TemporaryDirectory() as folder:
        write(folder, full, data)
        paid = [pay_of(attain, folder, *cell) for cell in ((payee, period), other)]
        done = run(attain, folder, "explain", "p.attain", "--payee", payee, "--period", period, *options, "--format", "json")
        if done.returncode not in (0,):
            return f"exit status {done.returncode}: {done.stderr}"
        got = json.loads(done.stdout)
        versions = versions_of(attain, folder, data, bare, (payee, period), other)
    exact = shapley(versions)
    earned = versions[frozenset()], versions[frozenset(PLAYERS)]
    exact["adjustments"] = Fraction((paid[0] - earned[0]) - (paid[1] - earned[1]))
    wanted = rounded(exact, paid[0] - paid[1])
    faults = []
    for part in got["parts"]:
        if Fraction(part["exact"]) != exact[part["name"]]:
            faults.append(f"{part['name']}: {part['exact']}, expected {exact[part['name']]}")
        if Fraction(part["amount"]) * 100 != wanted[part["name"]]:
            faults.append(f"{part['name']}: {part['amount']}, expected {wanted[part['name']]} cents")
    if sum(Fraction(p["amount"]) for p in got["parts"]) * 100 != paid[0] - paid[1]:
        faults.append("the parts do not add up")
    for version in got["versions"]:
        if Fraction(version["earned"]) * 100 != versions[frozenset(version["other"])]:
            faults.append(f"{version}: expected {versions[frozenset(version['other'])]} cents")
    return f"case {number}, {payee} {period} {options}: " + "\n  ".join(faults) if faults else None, exact


def main():
    attain = os.path.abspath(sys.argv[1])
    cases, seed = int(sys.argv[2]) if len(sys.argv) > 2 else 40, int(sys.argv[3]) if len(sys.argv) > 3 else 1
    rng, wrong, moves = random.Random(seed), 0, dict.fromkeys(PLAYERS + ["adjustments"], 0)
    for number in range(cases):
        found = check(attain, rng, number)
        fault, exact = found if isinstance(found, tuple) else (found, {})
        if fault:
            wrong += 1
            print(fault)
        for k, part in exact.items():
            moves[k] += part != 0
    print(f"against: {cases} cases, {wrong} wrong; with a part: " + ", ".join(f"{k} {n}" for k, n in moves.items()))
    rare = cases >= 30 and min(moves.values()) < cases // 10
    if rare:
        print("a part is nearly never there, so it is not tested")
    return 1 if wrong or rare else 0


if __name__ == "__main__":
    sys.exit(main())
