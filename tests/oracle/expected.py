#!/usr/bin/env python3
"""Changes one field of random data and asks `attain explain --expected` for the pay of the data before the change.

The true change must be in the list each time, and first in four of five cases. Pay comes from the evaluator below, in
fractions, and the run of the changed data must agree with it. Usage: expected.py ATTAIN [CASES [SEED]]
"""
import csv
import datetime
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

payee rep from "reps.csv" { id text key  team text  quota money }
data deal from "deals.csv" { id text key  rep rep  product text  amount money  share percent  closed_on date }
credit booking from deal to rep on closed_on
  amount if product is "services" then 50%% of amount * share else amount * share
measure bookings = sum of amount from booking
pay commission on bookings = %(low)s up to quota + %(high)s over quota
cap commission at $%(cap)s
"""

PRODUCTS = ["core", "cloud", "services"]
REPS = ["ana", "ben", "cora", "dan", "eva"]
FIELDS = ["id", "rep", "product", "amount", "share", "closed_on"]


def cents(value):
    """Half up, of an amount that is not negative."""
    return int(value * 100 + Fraction(1, 2))


def quarter(day):
    return (day.month - 1) // 3 + 1


def credited(d):
    part = Fraction(d["amount"], 100) * Fraction(d["share"], 100)
    return part / 2 if d["product"] == "services" else part


def pay(deals, reps, rates, rep, period):
    bookings = Fraction(0)
    for d in deals:
        if d["rep"] == rep and quarter(d["closed_on"]) == period:
            bookings += credited(d)
    quota = Fraction(reps[rep]["quota"])
    amount = rates["low"] * min(bookings, quota) + rates["high"] * max(bookings - quota, 0)
    return cents(min(amount, rates["cap"]))


def write_policy(path, rates):
    text = {"low": f"{float(rates['low'] * 100):g}%", "high": f"{float(rates['high'] * 100):g}%",
            "cap": f"{rates['cap']:,}"}
    with open(path, "w") as f:
        f.write(POLICY % text)


def write_data(folder, deals, reps):
    with open(os.path.join(folder, "reps.csv"), "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["id", "team", "quota"])
        for key, r in reps.items():
            out.writerow([key, r["team"], r["quota"]])
    with open(os.path.join(folder, "deals.csv"), "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(FIELDS)
        for d in deals:
            out.writerow([d["id"], d["rep"], d["product"], f"{d['amount'] // 100}.{d['amount'] % 100:02d}",
                          f"{d['share']}%", d["closed_on"]])


def make(rng):
    reps = {r: {"team": rng.choice(["east", "west"]), "quota": rng.randrange(40, 160) * 1000} for r in REPS}
    deals = []
    for i in range(rng.randrange(25, 60)):
        dollars = rng.choice([lambda: rng.randrange(20, 400) * 100, lambda: rng.randrange(2000, 40000)])()
        deals.append({"id": f"d{i:03d}", "rep": rng.choice(REPS), "product": rng.choice(PRODUCTS),
                      "amount": dollars * 100 + rng.choice([0, 0, 0, rng.randrange(100)]),
                      "share": rng.choice([100, 100, 100, 50, 60, 40]),
                      "closed_on": datetime.date(2026, 1, 1) + datetime.timedelta(rng.randrange(365))})
    rates = {"low": Fraction(rng.randrange(3, 9), 100), "high": Fraction(rng.randrange(9, 16), 100),
             "cap": rng.randrange(8, 30) * 1000}
    return deals, reps, rates


def mistype(rng, cents_):
    """A number with a typing error: two digits swapped, one digit wrong, or a zero too many or too few."""
    dollars, rest = divmod(cents_, 100)
    text = list(str(dollars))
    kind = rng.randrange(4)
    i = rng.randrange(len(text) - 1)
    if kind == 0:
        text[i], text[i + 1] = text[i + 1], text[i]
    elif kind == 1:
        text[i] = rng.choice([c for c in "123456789" if c != text[i]])
    elif kind == 2:
        text.append("0")
    else:
        del text[i]
    return int("".join(text)) * 100 + rest if text and int("".join(text)) else cents_


def spoil(rng, kind, deals, reps, rep, period):
    """The data with one error. Returns it, and a test whether a change of the list is the one that corrects it."""
    bad = [dict(d) for d in deals]
    bad_reps = {k: dict(v) for k, v in reps.items()}
    own = [d for d in bad if d["rep"] == rep and quarter(d["closed_on"]) == period]
    if not own and kind not in ("owner in", "day in"):
        return None
    true = rng.choice(own) if own else None
    field = None
    if kind == "missing":
        bad.remove(true)
        known = {d["id"]: d for d in bad}

        def is_it(c):  # as much of it is credited: other shares of other amounts are the same
            if c["kind"] != "missing":
                return False
            cents_ = round(float(c["after"].replace(",", "")) * 100)
            return abs(credited(dict(known[c["row"]], amount=cents_)) - credited(true)) < 1
        return bad, bad_reps, is_it
    if kind == "twice":
        copy = dict(true, id="d900")
        bad.append(copy)
        return bad, bad_reps, lambda c: c["kind"] == "extra" and c["row"] in (true["id"], "d900")
    if kind == "amount":
        field, old = "amount", f"{true['amount'] / 100:,.2f}"
        true["amount"] = mistype(rng, true["amount"])
    elif kind == "product":
        field, old = "product", true["product"]
        true["product"] = rng.choice([p for p in PRODUCTS if p != old])
    elif kind == "share":
        field, old = "share", f"{true['share']}%"
        true["share"] = rng.choice([s for s in (100, 50, 60, 40, 30, 80) if s != true["share"]])
    elif kind == "owner in":  # a deal of the payee is booked for another one
        if not own:
            return None
        field, old = "rep", rep
        true["rep"] = rng.choice([r for r in REPS if r != rep])
    elif kind == "owner out":  # a deal of another one is booked for the payee
        others = [d for d in bad if d["rep"] != rep and quarter(d["closed_on"]) == period]
        if not others:
            return None
        true = rng.choice(others)
        field, old = "rep", None
        true["rep"] = rep
    elif kind == "day in":  # a deal of the period is booked in another one
        if not own:
            return None
        field, old = "closed_on", None
        true["closed_on"] = move(rng, true["closed_on"])
    elif kind == "day out":
        others = [d for d in bad if d["rep"] == rep and quarter(d["closed_on"]) != period]
        near = [d for d in others if quarter(move(random.Random(1), d["closed_on"])) == period]
        if not near:
            return None
        true = rng.choice(near)
        field, old = "closed_on", None
        true["closed_on"] = move(random.Random(1), true["closed_on"])
    elif kind == "quota":
        was = bad_reps[rep]["quota"]
        bad_reps[rep]["quota"] = rng.randrange(40, 160) * 1000
        return bad, bad_reps, lambda c: (c["kind"] == "field" and c["field"] == "quota" and c["row"] == rep and
                                         (c["many"] or abs(float(c["after"].replace(",", "")) - was) < 10))
    return bad, bad_reps, lambda c: (c["kind"] == "field" and c["row"] == true["id"] and c["field"] == field and
                                     (old is None or field in ("rep", "amount") or c["after"] == old or
                                      c["others"] > 0))


def move(rng, day):
    """To a day next to the other side of the nearer end of the quarter, as when a deal is booked late or early."""
    first = datetime.date(2026, 3 * (quarter(day) - 1) + 1, 1)
    last = (first + datetime.timedelta(95)).replace(day=1)
    back = (day - first).days < (last - day).days
    if (back and first.month == 1) or (not back and last.year > 2026):
        back = not back
    return first - datetime.timedelta(rng.randrange(1, 6)) if back else last + datetime.timedelta(rng.randrange(5))


DATA_KINDS = ["missing", "twice", "amount", "product", "share", "owner in", "owner out", "day in", "day out", "quota"]
RATE_KINDS = ["rate", "cap"]


def ask(attain, folder, rep, period, amount, more):
    command = [attain, "explain", "policy.attain", "-f", "json", "--payee", rep, "--period", f"2026-Q{period}",
               "--expected", f"{amount // 100}.{amount % 100:02d}"] + more
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr)
        sys.exit("the command failed: " + " ".join(command))
    return json.loads(done.stdout)


def one(attain, rng, kind, folder):
    """None: the change does not change the pay of the payee. Otherwise whether it is listed, and whether it is first."""
    deals, reps, rates = make(rng)
    rep, period = rng.choice(REPS), rng.randrange(1, 5)
    more = []
    if kind in RATE_KINDS:
        bad, bad_reps, earlier = deals, reps, dict(rates)
        if kind == "cap":
            earlier["cap"] = rng.randrange(2, 20) * 500
            rates = dict(rates, cap=rng.randrange(2, 20) * 500)
        else:
            earlier[rng.choice(["low", "high"])] = Fraction(rng.randrange(3, 16), 100)
        wanted, right = pay(deals, reps, earlier, rep, period), lambda c: c["kind"] == "edit"
        write_policy(os.path.join(folder, "old.attain"), dict(earlier))
        more = ["--old", "old.attain"]
    else:
        spoilt = spoil(rng, kind, deals, reps, rep, period)
        if not spoilt:
            return None
        bad, bad_reps, right = spoilt
        wanted = pay(deals, reps, rates, rep, period)
    paid = pay(bad, bad_reps, rates, rep, period)
    if wanted == paid:
        return None
    write_policy(os.path.join(folder, "policy.attain"), rates)
    write_data(folder, bad, bad_reps)
    answer = ask(attain, folder, rep, period, wanted, more)
    if answer["paid"] != f"{paid // 100}.{paid % 100:02d}":
        sys.exit(f"{kind}: the run pays {answer['paid']}, and the evaluator {paid}")
    if any(c["amount"] != answer["expected"] for c in answer["matches"]):
        sys.exit(f"{kind}: a change of the list does not give the amount")
    listed = [right(c) for c in answer["matches"]]
    return any(listed), bool(listed) and listed[0], answer


def main():
    attain, cases = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 60
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 7)
    kinds = DATA_KINDS + (RATE_KINDS if "--no-old" not in sys.argv else [])
    counts = {k: [0, 0, 0] for k in kinds}
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for i in range(cases):
            kind = kinds[i % len(kinds)]
            result = None
            while result is None:
                result = one(attain, rng, kind, folder)
            listed, first, answer = result
            counts[kind][0] += 1
            counts[kind][1] += listed
            counts[kind][2] += first
            if not listed or "-v" in sys.argv and not first:
                bad += not listed
                print(f"case {i}, {kind}: the true change is not {'first' if listed else 'in the list'}")
                if "-v" in sys.argv:
                    print(json.dumps(answer["matches"][:4], indent=1))
    total = [sum(c[k] for c in counts.values()) for k in range(3)]
    for kind, c in counts.items():
        print(f"  {kind}: {c[0]} cases, {c[1]} listed, {c[2]} first")
    print(f"{total[0]} cases, {total[1]} with the true change in the list, {total[2]} with it first")
    if total[1] != total[0] or total[2] * 5 < total[0] * 4:
        sys.exit("the true change must be in the list each time, and first in four of five cases")


if __name__ == "__main__":
    main()
