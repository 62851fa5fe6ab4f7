#!/usr/bin/env python3
"""tests/oracle/model.py ATTAIN [COUNT [SEED]]: `attain model` against its own calculations, on random policies and data.

Each policy has two quarters and some of these rules: a rate, slices, tiers of the attainment, a rate that is the attainment, a kicker,
a cap of a component and of the total, a floor, sums of the year, and a pool of a team. Quotas are a field or a history, and some are
missing. The costs at the points, the expected value, the costs of teams, and the exact curves are calculated here with Python's
fractions, from the rules in words. A run on data in which everyone has reached the share pays the same, to the cent of each line.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction as F

HEAD = '''policy "Model"
  effective from 2026-01-01 to 2026-12-31
  currency  USD
  period    quarter

payee rep from "reps.csv" {{ id text key  team text{field} }}
{history}data deal from "deals.csv" {{ id text key  rep rep  amount money  closed_on date }}
credit booking from deal to rep on closed_on amount deal.amount
measure bookings = sum of amount from booking
measure attainment = if rep.quota is missing then 0% else if rep.quota = $0 then 0% else bookings / rep.quota
rates tiers {{ {tiers} }}
'''
ENDS = ["2026-03-31", "2026-06-30"]
DAYS = ["2026-02-10", "2026-05-10"]


def cents(x):
    sign = -1 if x < 0 else 1
    return sign * F((abs(x) * 200 + 1) // 2, 100)


def percent(x):
    return "%s%%" % (float(x * 100) if x * 100 != int(x * 100) else int(x * 100))


class Plan:
    """Rules as text, and as functions of what the payees sold: sold[period][payee]."""

    def __init__(self, rng):
        self.pays, self.after, self.pool = [], [], None
        self.thresholds = sorted(rng.sample([F(1, 2), F(3, 5), F(4, 5), F(1), F(11, 10), F(6, 5)], 2))
        self.rates = [F(rng.randint(1, 12), 100) for _ in range(3)]
        kinds = rng.sample(["rate", "slices", "tiers", "square", "kicker", "year"], rng.randint(1, 4))
        for i, kind in enumerate(kinds):
            self.pays.append(("p%d" % i,) + getattr(self, kind)(rng))
        if rng.random() < 0.4:
            limit = F(rng.choice([500, 2000, 6000, 12000]))
            self.after.append(("cap p0 at $%d" % limit, 0, lambda x, limit=limit: min(x, limit)))
        if rng.random() < 0.3:
            limit = F(rng.choice([100, 900]))
            self.after.append(("floor p0 at $%d" % limit, 0, lambda x, limit=limit: max(x, limit)))
        if rng.random() < 0.3:
            self.pool = F(rng.randint(1, 5), 100)
        self.most = F(rng.choice([3000, 9000, 20000])) if rng.random() < 0.4 else None

    def rate(self, rng):
        rate = F(rng.randint(1, 15), 100)
        return "%s of bookings" % percent(rate), lambda b, a, year: rate * b

    def slices(self, rng):
        low, high, at = F(rng.randint(1, 9), 100), F(rng.randint(1, 15), 100), F(rng.choice([10000, 30000, 45000]))
        text = "%s of (bookings up to $%d) + %s of (bookings over $%d)" % (percent(low), at, percent(high), at)
        return text, lambda b, a, year: low * min(b, at) + high * max(b - at, F(0))

    def tiers(self, rng):
        first, second = self.thresholds
        return "tiers(attainment) of bookings", lambda b, a, year: self.rates[(a >= first) + (a >= second)] * b

    def square(self, rng):
        rate = F(rng.randint(1, 9), 100)
        return "%s of (bookings * attainment)" % percent(rate), lambda b, a, year: rate * b * a

    def kicker(self, rng):
        at, pays = rng.choice([F(4, 5), F(1), F(6, 5)]), F(rng.randint(1, 40) * 50)
        return "$%d when attainment >= %s" % (pays, percent(at)), lambda b, a, year: pays if a >= at else F(0)

    def year(self, rng):
        rate = F(rng.randint(1, 5), 100)
        return "%s of ytd(bookings)" % percent(rate), lambda b, a, year: rate * year

    def text(self, dated):
        first, second = map(percent, self.thresholds)
        tiers = "from 0%%: %s from %s: %s from %s: %s" % (percent(self.rates[0]), first, percent(self.rates[1]), second, percent(self.rates[2]))
        history = 'history goal of rep from "goals.csv" { rep rep  since date  quota money optional }\n' if dated else ""
        out = HEAD.format(field="" if dated else "  quota money optional", history=history, tiers=tiers)
        out += "".join("pay %s = %s\n" % (name, text) for name, text, _ in self.pays)
        out += "".join(text + "\n" for text, _, _ in self.after)
        if self.pool is not None:
            out += "pool share per team on bookings = %s split by contribution\n" % percent(self.pool)
        if self.most is not None:
            out += "cap total at $%d\n" % self.most
        return out

    def lines(self, people, quotas, sold, period):
        """Of each payee: the amounts of the components, and the change of the cap of the total, before rounding."""
        out = []
        for i, (_, team) in enumerate(people):
            b, quota = sold[period][i], quotas[period][i]
            a = F(0) if not quota else b / quota
            year = sum(sold[q][i] for q in range(period + 1))
            amounts = [pay(b, a, year) for _, _, pay in self.pays]
            for _, at, change in self.after:
                amounts[at] = change(amounts[at])
            if self.pool is not None:
                group = [max(sold[period][k], F(0)) for k, other in enumerate(people) if other[1] == team]
                whole = self.pool * sum(sold[period][k] for k, other in enumerate(people) if other[1] == team)
                amounts.append(whole * b / sum(group) if sum(group) > 0 else F(0))
            total = sum(amounts)
            if self.most is not None:
                amounts.append(min(total, self.most) - total)
            out.append(amounts)
        return out

    def costs(self, people, quotas, sold):
        return [sum(sum(self.lines(people, quotas, sold, p)[i]) for p in range(2)) for i in range(len(people))]


def assumed(quotas, sold, x):
    return [[s if q is None else x * q for s, q in zip(sold[p], quotas[p])] for p in range(2)]


def write(folder, name, head, rows):
    with open(os.path.join(folder, name), "w") as out:
        out.write(head + "\n" + "".join(",".join(map(str, r)) + "\n" for r in rows))


def write_deals(folder, people, sold):
    write(folder, "deals.csv", "id,rep,amount,closed_on",
          [("d%d-%d" % (p, i), people[i][0], "%.2f" % sold[p][i], DAYS[p]) for p in range(2) for i in range(len(people))])


def expect(what, got, wanted):
    if got != wanted:
        raise AssertionError("%s: got %s, expected %s" % (what, got, wanted))


def call(attain, *arguments):
    done = subprocess.run([attain, *arguments], capture_output=True, text=True)
    expect("exit status " + done.stderr[:300], done.returncode, 0)
    return done.stdout


def end(value, high):
    return F(value) if isinstance(value, str) else F(value["between"][high])


def value_at(piece, x):
    num = sum(F(c) * x ** k for k, c in enumerate(piece["numerator"]))
    return num / sum(F(c) * x ** k for k, c in enumerate(piece["denominator"]))


def check_curve(curve, cost, rng, low, high):
    """Every piece, at its ends if it has them, next to them, and at random numbers between them."""
    expect("begin", F(curve[0]["from"]), low)
    expect("end", F(curve[-1]["to"]), high)
    for before, after in zip(curve, curve[1:]):
        expect("no gap", before["to"], after["from"])
        expect("each number once", before["with_to"] + after["with_from"], 1)
    for piece in curve:
        a, b = end(piece["from"], 1), end(piece["to"], 0)
        at = [a] if piece["with_from"] and isinstance(piece["from"], str) else []
        at += [b] if piece["with_to"] and isinstance(piece["to"], str) else []
        if a < b:
            at += [a + (b - a) * F(1, 10 ** 9), b - (b - a) * F(1, 10 ** 9)]
            at += [a + (b - a) * F(rng.randint(1, 9999), 10000) for _ in range(6)]
        for x in at:
            expect("the curve at %s" % x, value_at(piece, x), cost(x))


def check(attain, folder, rng):
    plan, dated = Plan(rng), rng.random() < 0.3
    people = [("p%d" % i, rng.choice(["east", "west"])) for i in range(rng.randint(1, 6))]
    quota = lambda: None if rng.random() < 0.1 else F(rng.choice([0, 10000, 20000, 20000, 37500, 50000]))
    quotas = [[quota() for _ in people]]
    quotas.append([quota() for _ in people] if dated else quotas[0])
    sold = [[F(rng.randint(0, 90000)) + F(rng.randint(0, 99), 100) for _ in people] for _ in range(2)]
    if all(q is None for row in quotas for q in row):
        return
    path = os.path.join(folder, "plan.attain")
    with open(path, "w") as out:
        out.write(plan.text(dated))
    show = lambda q: "" if q is None else q
    if dated:
        write(folder, "reps.csv", "id,team", people)
        write(folder, "goals.csv", "rep,since,quota", [(who, day, show(quotas[p][i])) for i, (who, _) in enumerate(people)
                                                      for p, day in enumerate(["2025-01-01", "2026-06-30"])])
    else:
        write(folder, "reps.csv", "id,team,quota", [(who, team, show(quotas[0][i])) for i, (who, team) in enumerate(people)])
    write_deals(folder, people, sold)

    def cost(x, team=None):
        each = plan.costs(people, quotas, assumed(quotas, sold, x))
        return sum((c for c, (_, t) in zip(each, people) if team in (None, t)), F(0))
    low, high = F(rng.randint(0, 70), 100), F(rng.randint(90, 200), 100)
    between = "%s..%s" % (percent(low), percent(high))
    arguments = ["model", path, "--vary", "bookings", "--through", "2026-Q2", "--format", "json"]
    report = json.loads(call(attain, *arguments, "--attainment", between, "--by", "team"))
    points = [low] + [x for x in (F(4, 5), F(1), F(6, 5)) if low < x < high] + [high]
    expect("points", [F(x) for x in report["attainments"]], points)
    side = report["policies"][0]
    expect("costs", [F(c) for c in side["costs"]], [cost(x) for x in points])
    expect("unknown", side["unknown"], [0] * len(points))
    lacking = sum(1 for i in range(len(people)) if None in (quotas[0][i], quotas[1][i]))
    expect("without a target", side["without_target"], lacking)
    expect("is exact", side["curve_is_exact"], True)
    check_curve(side["curve"], cost, rng, low, high)
    expect("teams", sorted(g["value"] for g in side["groups"]), sorted({t for _, t in people}))
    for group in side["groups"]:
        expect(group["value"], [F(c) for c in group["costs"]], [cost(x, group["value"]) for x in points])
        check_curve(group["curve"], lambda x: cost(x, group["value"]), rng, low, high)
    # a distribution
    shares = rng.sample(range(20, 200), 3)
    weights = [rng.randint(1, 50), rng.randint(1, 40)]
    weights.append(100 - sum(weights))
    write(folder, "dist.csv", "attainment,probability", [("%d%%" % s, "%d%%" % w) for s, w in zip(shares, weights)])
    side = json.loads(call(attain, *arguments, "--distribution", os.path.join(folder, "dist.csv")))["policies"][0]
    expect("expected value", F(side["expected"]), sum(F(w, 100) * cost(F(s, 100)) for s, w in zip(shares, weights)))
    # a run on data in which everyone has reached the share
    x = F(rng.randint(0, 200), 100)
    reached = assumed(quotas, sold, x)
    write_deals(folder, people, reached)
    rows = call(attain, "run", path, "--through", "2026-Q2", "--format", "csv").splitlines()[1:]
    paid = sum(F(row.split(",")[4]) for row in rows)
    lines = [amounts for p in range(2) for amounts in plan.lines(people, quotas, reached, p)]
    if plan.pool is None and plan.most is None:
        expect("run", paid, sum(cents(a) for amounts in lines for a in amounts))
    expect("run is near", abs(paid - cost(x)) <= F(1, 100) * sum(len(amounts) for amounts in lines), True)


def main():
    attain = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 150
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for case in range(count):
            try:
                check(attain, folder, random.Random(seed * 1000003 + case))
            except AssertionError as error:
                failed += 1
                print("model: case %d of seed %d: %s" % (case, seed, error))
                if failed > 5:
                    break
    print("model: %d policies, %d failed" % (count, failed))
    sys.exit(1 if failed else 0)


main()
