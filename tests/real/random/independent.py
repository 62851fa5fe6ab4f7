#!/usr/bin/env python3
"""The payouts of policy.attain worked out without Attain:  independent.py FOLDER > expected.csv

Python's fractions only. Written from the policy's sentences, cell by cell, and not from the way the interpreter goes about it.
"""
import csv
import sys
from collections import defaultdict
from datetime import date
from fractions import Fraction as F
from math import floor

folder = sys.argv[1]
ZERO = F(0)


def rows(name):
    with open(folder + "/" + name, newline="") as file:
        return list(csv.DictReader(file))


def cents(amount):
    """Half to the even cent."""
    exact = F(amount) * 100
    n = floor(exact)
    rest = exact - n
    return n + 1 if rest > F(1, 2) or (rest == F(1, 2) and n % 2) else n


def allot(whole, weights):
    """Parts of `whole` cents for members in the order of their keys; what is left over goes to the largest remainders."""
    weights = [max(w, ZERO) for w in weights]
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    exact = [abs(whole) * w / total for w in weights]
    parts = [floor(e) for e in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[:abs(whole) - sum(parts)]:
        parts[i] += 1
    return [-p if whole < 0 else p for p in parts]


def over(x, bound):
    return max(x - bound, ZERO)


def up_to(x, bound):
    return max(min(x, bound), ZERO)


def between(x, low, high):
    return max(min(x, high) - low, ZERO)


def through(x, steps, unit=F(1)):
    tops = [start * unit for start, _ in steps[1:]] + [None]
    return sum((over(x if top is None else min(x, top), start * unit) * rate for (start, rate), top in zip(steps, tops)), ZERO)


SIZES = [(F(0), F("0.015")), (F(3000), F("0.0225")), (F(8000), F("0.03125"))]
YEARLY = [(F(0), F("0.05")), (F(1, 2), F("0.07")), (F(1), F("0.11"))]
PRIZE = {1: F("300.33"), 2: F("200.22"), 3: F("100.11")}
ORDER = ["commission", "retro", "size", "run", "evened", "team", "company", "equal", "of_year", "of_quarter", "contest", "override",
         "rolling", "growth", "mixed", "part", "cap size", "floor total", "cap total"]

# ---- who, when, how much
reps = {r["id"]: r for r in rows("reps.csv")}
payees = sorted(reps)
teams = defaultdict(list)
for k in payees:
    teams[reps[k]["team"]].append(k)
annual_quota = {r["rep"]: F(r["amount"]) for r in rows("targets.csv")}
credited, shared, below = defaultdict(list), defaultdict(F), defaultdict(F)
for deal in rows("deals.csv"):
    year, month, _ = map(int, deal["closed"].split("-"))
    p = (year - 2026) * 12 + month - 2  # periods from February 2026
    if not 0 <= p < 12:
        continue
    amount = F(deal["amount"])
    if deal["product"] != "services" or amount > 100:
        counted = amount / 3 if deal["product"] == "services" else amount
        credited[deal["rep"], p].append((deal["closed"], deal["id"], counted, deal["product"]))
    if deal["partner"]:
        shared[deal["rep"], p] += amount * F("0.7")
        shared[deal["partner"], p] += amount * F("0.3")
    manager = reps[deal["rep"]]["manager"]
    while manager:
        below[manager, p] += amount * F("0.017")
        manager = reps[manager]["manager"]


def first_day(p):
    return date(2026 + (p + 1) // 12, (p + 1) % 12 + 1, 1)


days = [(first_day(p + 1) - first_day(p)).days for p in range(12)]
bookings = {(k, p): sum((c[2] for c in credited[k, p]), ZERO) for k in payees for p in range(12)}
cloud = {(k, p): sum(c[3] == "cloud" for c in credited[k, p]) for k in payees for p in range(12)}


def bookings_of(k, first, last):
    return sum((bookings[k, p] for p in range(max(first, 0), last + 1)), ZERO)


def pools(p):
    parts = defaultdict(int)
    for members in teams.values():
        whole = cents(sum(bookings[k, p] for k in members) * F("0.037"))
        for k, n in zip(members, allot(whole, [bookings[k, p] for k in members])):
            parts["team", k] = n
        whole = cents(sum(bookings_of(k, 0, p) for k in members) * F("0.0033"))
        if sum(cloud[k, p] for k in members) >= 3:
            for k, n in zip(members, allot(whole, [F(1)] * len(members))):
                parts["equal", k] = n
    whole = cents(sum(shared[k, p] for k in payees) / 7)
    for k, n in zip(payees, allot(whole, [F(reps[k]["points"]) for k in payees])):
        parts["company", k] = n
    return parts


# ---- cell by cell
earned_year, earned_quarter = defaultdict(int), defaultdict(int)
commission_earned, commission_paid = defaultdict(F), defaultdict(int)  # in the year: exact, and in cents
lines = []
for p in range(12):
    parts = pools(p)
    for k in payees:
        sold, points = bookings[k, p], F(reps[k]["points"])
        quota, even_quota = annual_quota[k] * days[p] / sum(days), annual_quota[k] / 12
        attainment = sold / quota
        mates = teams[reps[k]["team"]]
        team_sold = sum(bookings[m, p] for m in mates)
        amounts = [c[2] for c in credited[k, p]]
        v = {name: parts[name, k] for name in ("team", "equal", "company")}

        commission = (up_to(sold, quota) * F("0.1") + over(sold, quota) * F("0.15")
                                + between(sold, quota / 5, quota * F("0.7")) * F("0.02"))
        rate = "0" if attainment < 0 else "0.04" if attainment < F("0.8") else "0.0625" if attainment <= 1 else "0.09"
        retro = F(rate) * sold if sold > 0 else ZERO
        v["evened"] = cents(over(sold, even_quota) / 100)
        year = cents(through(bookings_of(k, 0, p), YEARLY, F(reps[k]["annual"])))
        v["of_year"], earned_year[k] = year - earned_year[k], year
        if p % 3 == 0:
            earned_quarter[k] = 0
        quarter = cents(over(bookings_of(k, p - p % 3, p), F(9000)) * F("0.011"))
        v["of_quarter"], earned_quarter[k] = quarter - earned_quarter[k], quarter
        place = 1 + sum(bookings[m, p] > sold for m in mates)
        v["contest"] = cents(PRIZE.get(place, ZERO)) if sold > 0 else 0
        v["override"] = cents(below[k, p])
        v["rolling"] = cents(bookings_of(k, p - 2, p) / 1000)
        v["growth"] = cents(over(sold, bookings[k, p - 2] if p >= 2 else F(1000)) * F("0.005"))
        mean = sum(amounts) / len(amounts) if amounts else F(100)
        v["mixed"] = cents(max(amounts, default=ZERO) * F("0.007") + mean * F("0.003"))
        v["part"] = cents(sold / team_sold * 50) if team_sold > 0 else 0

        size, run, so_far = [], [], ZERO
        for _, key, amount, _ in sorted(credited[k, p]):
            size.append((key, cents(through(amount, SIZES))))
            run.append((key, cents(through(so_far + amount, SIZES) - through(so_far, SIZES))))
            so_far += amount

        # Adjustments, in the order of the policy.
        # Exact until the line is written. With a cap of the year, a line is the year to date less the lines before.
        commission_earned[k] += min(commission, F(700))
        v["commission"] = cents(min(commission_earned[k], F(3000))) - commission_paid[k]
        commission_paid[k] += v["commission"]
        if cloud[k, p] > 0:
            v["evened"] = max(v["evened"], 100)
        if points >= 3:
            retro -= F(v["commission"], 1000)
        v["retro"] = cents(retro)
        sizes = sum(n for _, n in size)
        v["cap size"] = min(sizes, 15000) - sizes
        total = sum(v.values()) + sizes + sum(n for _, n in run)
        v["floor total"] = max(total, 50000) - total
        total += v["floor total"]
        v["cap total"] = min(total, 250000) - total

        for order, name in enumerate(ORDER):
            for key, n in sorted(size) if name == "size" else sorted(run) if name == "run" else [("", v[name])]:
                if n:
                    lines.append((k, p, order, name, key, n))

print("payee,period,component,line,amount,currency")
for k, p, _, name, key, n in sorted(lines):
    print("%s,%s,%s,%s,%s%d.%02d,USD" % (k, first_day(p).isoformat()[:7], name, key, "-" if n < 0 else "", abs(n) // 100, abs(n) % 100))
