#!/usr/bin/env python3
"""tests/oracle/currencies.py ATTAIN [--cases N] [--seed S]: random amounts in several currencies, paid by attain and by this file.

Rates are of one currency each or of pairs, of a day or of the mean of a span, in any order of rows and with days that have no rate. What is
due is worked out here with Python's fractions from the definitions in the reference: conversions, sums, caps, pools, draws, and the amounts
that are paid in the currency of each payee. Every explanation must add up, too.
"""
import csv
import io
import random
import sys
from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

from common import allotted, attain_run, rounded, save, table, try_cases, verified

CODES = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3, "CNY": 2}
OWN = "USD"
MONTHS = [(2026, m) for m in range(1, 7)]


class NoRate(Exception):
    """There is no rate on some day."""


class Rates:
    def __init__(self, r, pairs):
        self.pairs, self.rows = pairs, {}
        codes = [c for c in CODES if c != OWN]
        if pairs:
            keys = {(a, b) for a in CODES for b in CODES if a != b and r.random() < .35}
        else:
            keys = {(c, OWN) for c in codes}
        for key in sorted(keys):
            days = {date(2025, 12, 1) + timedelta(r.choice([0, r.randint(0, 60), r.randint(0, 210)])) for _ in range(r.randint(1, 12))}
            self.rows[key] = sorted((day, Fraction(r.randint(1, 40000), 10 ** r.randint(2, 5))) for day in days)

    def on(self, key, day):
        before = [rate for since, rate in self.rows.get(key, []) if since <= day]
        return before[-1] if before else None

    def pair(self, key, day, span):
        if not span:
            return self.on(key, day)
        first = date(day.year, {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[span], 1)
        month = {"month": day.month, "quarter": first.month + 2, "year": 12}[span]
        last = date(day.year, month, monthrange(day.year, month)[1])
        days = [self.on(key, first + timedelta(i)) for i in range((last - first).days + 1)]
        return None if None in days else sum(days, Fraction(0)) / len(days)

    def either(self, a, b, day, span):
        rate = self.pair((a, b), day, span)
        if rate is not None:
            return rate
        rate = self.pair((b, a), day, span)
        return None if rate is None else 1 / rate

    def factor(self, a, b, day, span=None):
        if a == b:
            return Fraction(1)
        rate = self.either(a, b, day, span)
        if rate is None and OWN not in (a, b):
            ways = self.either(a, OWN, day, span), self.either(OWN, b, day, span)
            rate = None if None in ways else ways[0] * ways[1]
        if rate is None:
            raise NoRate
        return rate

    def save(self, r, folder):
        rows = [(a, b, since, f"{float(rate):.5f}") for (a, b), days in self.rows.items() for since, rate in days]
        r.shuffle(rows)
        if self.pairs:
            table(folder, "fx.csv", "from,to,since,rate", rows)
        else:
            table(folder, "fx.csv", "currency,since,rate", [(a, since, rate) for a, _, since, rate in rows])


class Case:
    def __init__(self, seed, folder):
        r = self.r = random.Random(seed)
        self.folder = folder
        self.rates = Rates(r, r.random() < .4)
        self.span = r.choice([None, None, "month", "quarter", "year"])
        self.pays, self.how = r.random() < .7, r.choice(["half up", "half even", "down"])
        self.end = r.choice(["period.end", "period.start", "2026-03-15"])
        self.cap, self.draw, self.pool, self.later = (r.random() < .4 for _ in range(4))
        self.payees = {f"p{i}": r.choice(list(CODES)) for i in range(r.randint(2, 6))}
        self.deals = []
        for i in range(r.randint(5, 90)):
            code = r.choice(list(CODES))
            amount = Fraction(r.randint(-20000, 200000), 10 ** r.randint(0, 3))
            self.deals.append((f"d{i}", r.choice(list(self.payees)), code, amount, date(2026, 1, 1) + timedelta(r.randint(0, 180))))
        self.deals.append(("last", "p0", OWN, Fraction(10), date(2026, 6, 30)))
        self.write()

    def write(self):
        fields = "from text  to text" if self.rates.pairs else "currency text"
        rate = f"average fx(closed_on) over {self.span}" if self.span else "fx(closed_on)"
        text = f'policy "P"\n  effective from 2026-01-01 to 2026-12-31\n  currency {OWN}\n  period month\n  round {self.how} to cents\n'
        text += f"  pays rep in rep.currency at fx({self.end})\n" if self.pays else ""
        text += ('\npayee rep from "reps.csv" { id text key  currency text }\n'
                 f'exchange fx from "fx.csv" {{ {fields}  since date  rate number }}\n'
                 'data deal from "deals.csv" { id text key  rep rep  currency text  amount money in currency  closed_on date }\n'
                 f'credit booking from deal to rep on closed_on amount amount as {OWN} at {rate}\n'
                 'measure bookings = sum of amount from booking\n'
                 f"pay commission{' paid after 1 month' if self.later else ''} = 7.3% of bookings\n")
        text += "pool shared = 1% of bookings split equally\n" if self.pool else ""
        text += "cap commission at $500\n" if self.cap else ""
        text += "draw advance = $120 against commission\n" if self.draw else ""
        save(self.folder, "p.attain", text)
        self.rates.save(self.r, self.folder)
        table(self.folder, "reps.csv", "id,currency", self.payees.items())
        unit = lambda x: f"{float(x):.3f}".rstrip("0").rstrip(".")
        table(self.folder, "deals.csv", "id,rep,currency,amount,closed_on",
              [(i, p, code, self.r.choice(["{}", "{} " + code]).format(unit(a)), day) for i, p, code, a, day in self.deals])

    def bookings(self, payee, month):
        rows = [d for d in self.deals if d[1] == payee and (d[4].year, d[4].month) == month]
        return sum((a * self.rates.factor(code, OWN, day, self.span) for _, _, code, a, day in rows), Fraction(0))

    def paid(self, payee, month, exact):
        """The line of an amount: in the payee's currency, rounded once, and whether it is zero in both currencies."""
        code = self.payees[payee] if self.pays else OWN
        last = date(*month, monthrange(*month)[1])
        day = {"period.end": last, "period.start": date(*month, 1)}.get(self.end, date(2026, 3, 15))
        factor = self.rates.factor(OWN, code, day) if self.pays else 1
        return rounded(exact * factor, self.how, Fraction(1, 10 ** CODES[code])), code, rounded(exact, self.how)

    def expected(self):
        """By payee and month: the lines by component, or None where pay is withheld."""
        made = {}
        for month in MONTHS:
            for p in self.payees:
                try:
                    value = Fraction("0.073") * self.bookings(p, month)
                    if self.cap:
                        value = min(value, Fraction(500))
                    if self.draw:
                        value = max(rounded(value, self.how), Fraction(120))
                    made[p, month, "commission"] = self.paid(p, month, value)
                except NoRate:
                    made[p, month, "commission"] = None
                if not self.pool:
                    continue
                try:
                    whole = rounded(Fraction("0.01") * sum((self.bookings(k, month) for k in self.payees), Fraction(0)), self.how)
                    keys = sorted(self.payees)
                    part = allotted(int(whole * 100), [1] * len(keys))[keys.index(p)]
                    made[p, month, "shared"] = self.paid(p, month, Fraction(part, 100))
                except NoRate:
                    made[p, month, "shared"] = None
        out, in_run = {}, MONTHS  # what is paid later than that is not looked at
        for month in in_run:
            for p in self.payees:
                lines = {}
                before = (month[0], month[1] - 1)
                if (p, month if not self.later else before, "commission") in made:
                    lines["commission"] = made[p, month if not self.later else before, "commission"]
                if (p, month, "shared") in made:
                    lines["shared"] = made[p, month, "shared"]
                if all(x is not None for x in lines.values()):
                    out.update({(p, f"{month[0]}-{month[1]:02d}", c): x[:2] for c, x in lines.items() if x[0] or x[2]})
        return out


def check(attain, case):
    done = attain_run(attain, case.folder, "p.attain", "--no-tests", "--quiet", "--through", "2026-06")
    if done.returncode not in (0, 4):
        return "refused: " + done.stderr[:600], 0
    got = {(row["payee"], row["period"], row["component"]): (Fraction(row["amount"]), row["currency"])
           for row in csv.DictReader(io.StringIO(done.stdout))}
    want = case.expected()
    if got != want:
        key = min(k for k in set(got) | set(want) if got.get(k) != want.get(k))
        return f"{key}: {want.get(key)} is right, found {got.get(key)}", 0
    fault = verified(attain, case.folder, "p.attain", "--through", "2026-06")
    return ("explain: " + fault, 0) if fault else (None, len(want))


if __name__ == "__main__":
    sys.exit(try_cases(__doc__, 80, "currencies", "lines", Case, check))
