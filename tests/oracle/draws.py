#!/usr/bin/env python3
"""tests/oracle/draws.py ATTAIN [--cases N] [--seed S]: random draws against random components, over 24 months.

This file keeps a list of advances for each draw, oldest first, and repays, forgives, and settles as REFERENCE.md says. Every line must be equal,
and `explain --verify` must agree. A case that differs leaves its files behind.
"""
import csv
import io
import random
import sys
from fractions import Fraction

from common import attain_run, rounded, save, table, try_cases, verified

PAYEES = "abc"
MONTHS = [f"{2026 + i // 12}-{i % 12 + 1:02d}" for i in range(24)]
SPANS = {"quarter": 3, "half": 6, "year": 12}


def cents(x):
    return rounded(x)


class Draw:
    def __init__(self, r, name, against):
        self.name, self.against = name, against
        self.amount = r.choice([200, 300, 500, Fraction(24999, 100)])
        self.varying = r.random() < .2
        self.recoverable = r.random() < .8
        self.when = r.choice([None, None, None, "early", "low"])
        self.settle = r.choice([None, None, None, "quarter", "half", "year"])
        loan = self.recoverable
        self.most = r.choice([None, None, Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)]) if loan else None
        self.start = r.choice([None, None, "2026-05", "2026-08"]) if loan else None
        self.forgive = r.choice([None, None, 1, 2, 6]) if loan else None
        self.due = loan and r.random() < .3
        self.opening = loan and r.random() < .4

    def text(self):
        amount = "rep.draw_amount" if self.varying else f"${float(self.amount):.2f}"
        clauses = [f"draw {self.name} = {amount}", "recoverable" if self.recoverable else "", f"against {self.against}"]
        clauses.append({"early": "when period.start < 2026-09-01", "low": "when bookings < $900", None: ""}[self.when])
        if self.most:
            clauses.append(f"recover at most {self.most.numerator} / {self.most.denominator}")
        if self.start:
            clauses.append(f"recover from {self.start}")
        if self.due:
            clauses.append("due on rep.left_on")
        if self.opening:
            clauses.append(f"opening opened_{self.name}")
        if self.settle:
            clauses.append(f"settle each {self.settle}")
        if self.forgive:
            clauses.append(f"forgive after {self.forgive} months")
        return " ".join(c for c in clauses if c) + "\n"

    def applies(self, month, bookings):
        if self.when == "early":
            return month < "2026-09"
        return bookings < 900 if self.when == "low" else True

    def run(self, lines, bookings, payee):
        """What the draw makes of the lines of a payee, month by month."""
        loans = [[-1, payee["opened"][self.name]]] if self.opening else []
        out, span = [], Fraction(0)
        for i, month in enumerate(MONTHS):
            x, draws = lines[i], self.applies(month, bookings[i])
            amount = cents(payee["draw"]) if self.varying else self.amount
            owed = sum(loan[1] for loan in loans)
            if self.settle:
                span += x - amount if draws else 0
                pays, advance, above = amount if draws else x, Fraction(0), Fraction(0)
                if (i + 1) % SPANS[self.settle] == 0:
                    if self.recoverable and span < 0:
                        advance = -span
                    else:
                        pays += span
                        above = max(span, Fraction(0))
                    span = Fraction(0)
            else:
                advance = max(Fraction(0), amount - x) if draws else Fraction(0)
                above = max(Fraction(0), x - (amount if draws else 0))
                pays = x + advance
            if not self.recoverable:
                out.append(pays)
                continue
            taken = min(owed, cents(above * self.most) if self.most else above)
            if self.start and month < self.start:
                taken = Fraction(0)
            loans.append([i, advance])
            if self.due and payee["left"] and month >= payee["left"][:7]:
                taken = owed + advance
            out.append(pays - taken)
            for loan in loans:
                part = min(loan[1], taken)
                loan[1] -= part
                taken -= part
            if self.forgive:
                loans = [loan for loan in loans if loan[0] > i - self.forgive]
        return out


class Case:
    def __init__(self, seed, folder):
        r = self.r = random.Random(seed)
        self.folder = folder
        self.shape = r.choice(["cell", "cell", "lines", "total"])
        self.rate = r.choice(["10%", "33.3%", "12.5%"])
        self.cap = r.random() < .3
        self.halve = r.random() < .3 and self.shape == "cell"
        against = "total" if self.shape == "total" else "commission"
        self.draws = [Draw(r, f"advance{k}", against) for k in range(r.choice([1, 1, 1, 2]))]
        self.later = r.random() < .3 and self.shape == "cell"
        self.payees = {}
        for p in PAYEES:
            self.payees[p] = {"left": r.choice(["", "", "2026-11-15", "2027-06-30"]), "draw": r.choice([150, 250, 400]),
                              "opened": {d.name: Fraction(r.choice([0, 100, 12345]), 100) for d in self.draws}}
        self.deals = [(f"d{i}", r.choice(PAYEES), Fraction(r.randint(-100000, 400000), 100), f"{r.choice(MONTHS)}-{r.randint(1, 28):02d}")
                      for i in range(r.randint(20, 120))]
        self.write()

    def write(self):
        pay = f"pay commission per booking = {self.rate} of amount\n" if self.shape == "lines" else f"pay commission = {self.rate} of bookings\n"
        text = ('policy "P"\n  effective from 2026-01-01 to 2027-12-31\n  currency USD\n  period month\n\n'
                'payee rep from "reps.csv" { id text key  left_on date optional  draw_amount money }\n'
                'data deal from "deals.csv" { id text key  rep rep  amount money  closed_on date }\n'
                'data opened from "opened.csv" { rep rep  balance text  amount money }\n'
                'credit booking from deal to rep on closed_on amount deal.amount\n'
                'measure bookings = sum of amount from booking\n')
        for d in self.draws:
            text += f'measure opened_{d.name} = sum of amount from opened where balance is "{d.name}" to rep\n'
        text += pay
        if self.cap:
            text += "cap commission at $700\n"
        if self.halve:
            text += 'adjust commission = 50% of commission because "x"\n'
        text += "".join(d.text() for d in self.draws)
        if self.later:
            text += "cap commission at $600\n"
        save(self.folder, "p.attain", text)
        table(self.folder, "reps.csv", "id,left_on,draw_amount", [(p, v["left"], v["draw"]) for p, v in self.payees.items()])
        table(self.folder, "deals.csv", "id,rep,amount,closed_on", [(i, p, f"{float(a):.2f}", day) for i, p, a, day in self.deals])
        table(self.folder, "opened.csv", "rep,balance,amount", [(p, name, f"{float(x):.2f}") for p, v in self.payees.items()
                                                                for name, x in v["opened"].items()])

    def expected(self):
        """The sum of all lines of each payee and month."""
        rate, out = Fraction(self.rate[:-1]) / 100, {}
        for p, payee in self.payees.items():
            rows = {m: [d[2] for d in self.deals if d[1] == p and d[3][:7] == m] for m in MONTHS}
            bookings = [sum(rows[m], Fraction(0)) for m in MONTHS]
            if self.shape == "lines":
                lines = [sum((cents(rate * x) for x in rows[m]), Fraction(0)) for m in MONTHS]
            else:
                lines = [rate * x for x in bookings]
            if self.cap:
                lines = [min(x, Fraction(700)) for x in lines]
            if self.halve:
                lines = [x / 2 for x in lines]
            lines = [cents(x) for x in lines]
            for d in self.draws:
                lines = d.run(lines, bookings, payee)
            if self.later:
                lines = [min(x, Fraction(600)) for x in lines]
            for m, x in zip(MONTHS, lines):
                if x:
                    out[p, m] = x
        return out


def check(attain, case):
    done = attain_run(attain, case.folder, "p.attain", "--no-tests", "--quiet", "--through", "2027-12")
    if done.returncode:
        return "refused: " + done.stderr[:300], 0
    got = {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        key = row["payee"], row["period"]
        got[key] = got.get(key, Fraction(0)) + Fraction(row["amount"])
    got, want = {k: v for k, v in got.items() if v}, case.expected()
    if got != want:
        key = min(k for k in set(got) | set(want) if got.get(k) != want.get(k))
        return f"{key}: {float(want.get(key, 0)):.2f} is right, found {float(got.get(key, 0)):.2f}", 0
    fault = verified(attain, case.folder, "p.attain", "--through", "2027-12")
    return ("explain: " + fault, 0) if fault else (None, len(want))


if __name__ == "__main__":
    sys.exit(try_cases(__doc__, 60, "draws", "payee-months", Case, check))
