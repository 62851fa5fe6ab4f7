#!/usr/bin/env python3
"""tests/oracle/contests.py ATTAIN [--cases N] [--seed S]: random contests with ties, and deals paid by the payee's own result, over 24 months.

Prizes and rates follow SEMANTICS.md (contests and ties, deal by deal on one's own result), with Python's fractions. Every line must be equal, and
`explain --verify` must agree. A case that differs leaves its files behind. Some cases are in the year 9999.
"""
import csv
import io
import random
import sys
from fractions import Fraction as F

from common import allotted, attain_run, divided, rounded, save, table, try_cases, verified

PAYEES = ["p1", "p2", "p3", "p4", "p5", "p6"]


class Contest:
    """A component that pays prizes by place."""

    def __init__(self, r, name):
        self.name = name
        self.ties = r.choice(["share", "share", "all", "first by reached"])
        self.by = r.random() < .3
        self.least = r.choice([None, None, 0, 100, 200])
        self.shape = r.choice(["table", "table", "if", "when", "rates", "pool"])
        self.prizes = [F(r.choice([50000, 30001, 10000, 333, 1, 0]), 100) for _ in range(r.randint(1, 5))]
        self.shares = [F(r.choice([50, 30, 20, 10]), 100) for _ in range(r.randint(1, 4))]
        self.each = r.choice(["", "", "", " each quarter"])
        self.named = r.random() < .4

    def measure(self):
        return "value_q" if self.each else "value"

    def rank(self):
        where = f" where {self.measure()} >= ${self.least}" if self.least is not None else ""
        ties = self.ties + ("_q" if self.each and "first" in self.ties else "")
        return f"rank({self.measure()}{' by team' if self.by else ''}{where}) ties {ties}"

    def text(self):
        n, text = self.name, ""
        place = self.rank()
        if self.named:
            text += f"measure place_{n}{self.each} = {place}\n"
            place = f"place_{n}"
        last = len(self.prizes) + 1
        if self.shape in ("table", "pool"):
            rows = self.prizes if self.shape == "table" else self.shares
            show = (lambda x: f"${float(x):.2f}") if self.shape == "table" else (lambda x: f"{int(x * 100)}%")
            text += f"table t_{n} by place {{ " + "  ".join(f"{i + 1} | {show(x)}" for i, x in enumerate(rows)) + f"  other | {show(F(0))} }}\n"
        if self.shape == "rates":
            steps = [f"from {i + 1}: {int(x * 100)}%" for i, x in enumerate(self.shares)] + [f"from {len(self.shares) + 1}: 0%"]
            text += f"rates t_{n} {{ {'  '.join(steps)} }}\n"
        if self.shape == "table":
            return text + f"pay {n}{self.each} = t_{n}({place})\n"
        if self.shape == "if":
            return text + f"pay {n}{self.each} = if {place} < {last} then ${float(self.prizes[0]):.2f} else $0.10\n"
        if self.shape == "when":
            return text + f"pay {n}{self.each} = ${float(self.prizes[0]):.2f} when {place} = 1\n"
        if self.shape == "rates":
            return text + f"pay {n}{self.each} = t_{n}({place}) of $77.77\n"
        return text + f"pool {n}{self.each} = $100.01 split by t_{n}({place})\n"

    def at(self, place):
        """What a place gives: money, or a share."""
        if self.shape == "table":
            return self.prizes[place - 1] if place <= len(self.prizes) else F(0)
        if self.shape == "if":
            return self.prizes[0] if place < len(self.prizes) + 1 else F(1, 10)
        if self.shape == "when":
            return self.prizes[0] if place == 1 else F(0)
        return self.shares[place - 1] if place <= len(self.shares) else F(0)

    def pay(self, values, days, teams):
        """By payee: what the contest pays, exactly."""
        out = {p: F(0) for p in PAYEES}
        money = self.shape in ("table", "if", "when")
        for group in sorted(set(teams.values())) if self.by else [None]:
            in_it = [p for p in PAYEES if (group is None or teams[p] == group) and (self.least is None or values[p] >= self.least)]
            key = lambda p: (-values[p], days[p] or "9999-99") if "first" in self.ties else -values[p]
            in_it.sort(key=key)
            i = 0
            while i < len(in_it):
                j = i
                while j < len(in_it) and key(in_it[j]) == key(in_it[i]):
                    j += 1
                tied = sorted(in_it[i:j])
                if self.ties == "all" or len(tied) == 1:
                    for p in tied:
                        out[p] = self.at(i + 1)
                elif money:
                    whole = sum(self.at(k + 1) for k in range(i, j))
                    for p, part in zip(tied, allotted(int(whole * 100), [1] * len(tied))):
                        out[p] = F(part, 100)
                else:
                    for p in tied:
                        out[p] = sum(self.at(k + 1) for k in range(i, j)) / len(tied)
                i = j
        if self.shape == "rates":
            return {p: x * F(7777, 100) for p, x in out.items()}
        if self.shape == "pool":
            return dict(zip(PAYEES, (F(c, 100) for c in allotted(10001, [out[p] for p in PAYEES]))))
        return out


class Own:
    """A component that pays each deal by what the earlier ones have earned."""

    def __init__(self, r, name, split):
        self.name, self.split = name, split
        self.span = r.choice(["", "quarter", "half", "year"])
        self.at = F(r.choice([2000, 5000, 12345]), 100)
        self.rates = r.choice([(10, 5), (3, 8), (12, 0)])
        self.part = r.choice([0, 0, 10])
        self.least = r.choice([None, None, 50])

    def text(self):
        run = f"running({self.name}{' by ' + self.span if self.span else ''})"
        more = f" + {run} / {self.part}" if self.part else ""
        when = f" when amount >= ${self.least}" if self.least else ""
        return f"pay {self.name} per booking = (if {run} < ${float(self.at):.2f} then {self.rates[0]}% else {self.rates[1]}%) of amount{more}{when}\n"

    def lines(self, deals, index):
        """By payee, period, and deal. With several recipients, what earlier deals earned is not rounded."""
        length = {"": 1, "quarter": 3, "half": 6, "year": 12}[self.span]
        found, exact, out = {}, {}, {}
        for deal, credits, day in sorted(deals, key=lambda d: (d[2], d[0])):
            for p, amount in credits:
                if self.least and amount < self.least:
                    continue
                key = p, index(day) // length
                had = found.get(key, F(0))
                x = amount * self.rates[0 if had < self.at else 1] / 100 + (had / self.part if self.part else 0)
                exact[deal, p] = x
                found[key] = had + (x if self.split else rounded(x))
        for deal, credits, day in deals:
            paid = sorted(p for p, _ in credits if (deal, p) in exact)
            parts = divided([exact[deal, p] for p in paid]) if self.split else [rounded(exact[deal, p]) for p in paid]
            for p, x in zip(paid, parts):
                out[p, index(day), deal] = x
        return out


class Case:
    def __init__(self, seed, folder):
        r = self.r = random.Random(seed)
        self.folder = folder
        self.year = r.choice([2026, 2026, 9998])
        self.months = [f"{self.year + i // 12}-{i % 12 + 1:02d}" for i in range(24)]
        self.split = r.random() < .3
        self.contests = [Contest(r, f"c{k}") for k in range(r.randint(1, 3))]
        self.owns = [Own(r, f"o{k}", self.split) for k in range(r.randint(1, 2))]
        self.teams = {p: r.choice(["east", "west"]) for p in PAYEES}
        amounts = [F(100), F(100), F(200), F(10001, 100), F(-100), F(r.randint(1, 50000), 100)]
        self.deals = []
        for i in range(r.randint(10, 80)):
            p, amount = r.choice(PAYEES), r.choice(amounts)
            credits = [(p, amount)]
            if self.split:
                other = r.choice([q for q in PAYEES if q != p])
                credits = [(p, amount * F(60, 100)), (other, amount * F(40, 100))]
            self.deals.append((f"d{i:03d}", credits, f"{r.choice(self.months)}-{r.randint(1, 28):02d}"))
        self.write()

    def write(self):
        to = "rep at 60%, other at 40%" if self.split else "rep"
        text = (f'policy "P"\n  effective from {self.year}-01-01 to {self.year + 1}-12-31\n  currency USD\n  period month\n\n'
                'payee rep from "reps.csv" { id text key  team text }\n'
                'data deal from "deals.csv" { id text key  rep rep  other rep  amount money  closed_on date }\n'
                f'credit booking from deal to {to} on closed_on amount deal.amount\n'
                'measure value = sum of amount from booking\nmeasure reached = max of closed_on from booking\n'
                'measure value_q each quarter = value\nmeasure reached_q each quarter = reached\n')
        text += "".join(c.text() for c in self.contests + self.owns)
        save(self.folder, "p.attain", text)
        table(self.folder, "reps.csv", "id,team", self.teams.items())
        rows = []
        for i, credits, day in self.deals:
            whole = sum(a for _, a in credits)
            rows.append((i, credits[0][0], credits[-1][0], f"{float(whole):.2f}", day))
        self.r.shuffle(rows)
        table(self.folder, "deals.csv", "id,rep,other,amount,closed_on", rows)

    def index(self, day):
        return self.months.index(day[:7])

    def expected(self):
        out = {}
        for c in self.contests:
            length = 3 if c.each else 1
            for first in range(0, 24, length):
                values, days = {p: F(0) for p in PAYEES}, {p: None for p in PAYEES}
                for _, credits, day in self.deals:
                    if not first <= self.index(day) < first + length:
                        continue
                    for p, amount in credits:
                        values[p] += amount
                        days[p] = max(days[p] or day, day)
                for p, x in c.pay(values, days, self.teams).items():
                    if rounded(x):
                        out[p, self.months[first + length - 1], c.name, ""] = rounded(x)
        for o in self.owns:
            for (p, month, deal), x in o.lines(self.deals, self.index).items():
                if x:
                    out[p, self.months[month], o.name, deal] = x
        return out


def check(attain, case):
    last = case.months[-1]
    done = attain_run(attain, case.folder, "p.attain", "--no-tests", "--quiet", "--through", last)
    if done.returncode:
        return "refused: " + done.stderr[:300], 0
    got = {(row["payee"], row["period"], row["component"], row["line"]): F(row["amount"]) for row in csv.DictReader(io.StringIO(done.stdout))}
    got, want = {k: v for k, v in got.items() if v}, case.expected()
    if got != want:
        key = min(k for k in set(got) | set(want) if got.get(k) != want.get(k))
        return f"{key}: {float(want.get(key, 0)):.2f} is right, found {float(got.get(key, 0)):.2f}", 0
    fault = verified(attain, case.folder, "p.attain", "--through", last)
    return ("explain: " + fault, 0) if fault else (None, len(want))


if __name__ == "__main__":
    sys.exit(try_cases(__doc__, 60, "contests", "lines", Case, check))
