#!/usr/bin/env python3
"""tests/oracle/late.py ATTAIN [--cases N] [--seed S]: random credits that become known late, are corrected, or are canceled, over 12 months.

For each month, this file evaluates all months from the start with the rows that were known at its end, literally, and pays the difference to
the amount that the months before paid, in some cases in the currency of each payee. Every line must be equal, and `explain --verify` must agree. A case that differs leaves its files behind.
"""
import calendar
import csv
import datetime
import io
import random
import sys
from fractions import Fraction as F

from common import allotted, by_deal, attain_run, decimal, rounded, save, table, try_cases, verified

MONTHS = [f"2026-{i + 1:02d}" for i in range(12)]
PAYEES = "abc"
TEAM = {"a": "x", "b": "x", "c": "y"}
DRAW = F(300)


def month_of(day):
    """The index of the month, negative before the plan; None: never."""
    return None if day.year == 9999 else (day.year - 2026) * 12 + day.month - 1


def end_of(i):
    year, month = 2026 + i // 12, i % 12 + 1
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def name_of(i):
    return f"{2026 + i // 12}-{i % 12 + 1:02d}"


class Case:
    def __init__(self, seed, folder):
        r = self.r = random.Random(seed)
        self.folder = folder
        self.shape = r.choice(["flat", "tiers", "cumulative", "lines", "year", "rank"])
        plain = self.shape != "lines"  # on lines of their own, an adjustment is a component
        self.cap = r.choice([None, None, "month", "year"]) if plain else None
        self.floor = plain and r.random() < .2
        self.draw = plain and r.random() < .4
        self.pool = r.random() < .5
        self.delay = r.choice([0, 0, 0, 1, 2])
        self.total = not self.delay and r.random() < .25
        self.pays = {}
        if self.shape != "cumulative" and self.cap != "year" and r.random() < .4:
            self.pays = {p: r.choice(["USD", "JPY", "KWD"]) for p in PAYEES}
            self.rates = {code: [F(r.randint(1, 9999), 1000) for _ in range(12)] for code in ("JPY", "KWD")}
        self.deals = [self.deal(i) for i in range(r.choice([3, 12, 40]))]
        if r.random() < .5:
            self.correct()
        self.last = max(i for i in range(12) if i == 0 or any(month_of(d["on"]) == i and self.ever(d) for d in self.deals))
        self.write()

    def deal(self, i):
        r = self.r
        on = datetime.date(2026, r.randint(1, 10), r.randint(1, 28))
        known = r.choice([None, None, on, on + datetime.timedelta(r.randint(0, 90)), on - datetime.timedelta(r.randint(1, 60))])
        if r.random() < .03:
            known = r.choice([datetime.date(9999, 12, 31), datetime.date(2024, 2, 29)])
        until = None if r.random() < .7 else (known or on) + datetime.timedelta(r.randint(-40, 120) if known is None or known.year < 9999 else 0)
        if r.random() < .03:
            until = datetime.date(9999, 12, 31)
        return {"id": f"d{i:02d}", "rep": r.choice(PAYEES), "amount": F(r.randint(-20000, 120000), 100), "on": on, "known": known, "until": until}

    def correct(self):
        """Some rows end, and others begin on the same day."""
        for d in list(self.deals):
            if d["until"] and d["until"].year < 9999 and self.r.random() < .6:
                self.deals.append({**d, "id": d["id"] + "x", "known": d["until"], "until": None, "amount": d["amount"] + F(self.r.randint(-5000, 5000), 100),
                                   "rep": self.r.choice(PAYEES)})

    def seen(self, d, i):
        """Whether a run that looks from the end of month i sees the deal."""
        day = end_of(i)
        known = d["known"] is None or (d["known"].year < 9999 and d["known"] <= day)
        return known and not (d["until"] is not None and d["until"].year < 9999 and d["until"] <= day)

    def ever(self, d):
        first = month_of(d["on"])
        return any(self.seen(d, i) for i in range(first, 60))

    def write(self):
        pay = {"flat": "pay commission = 7% of bookings\n",
               "tiers": "pay commission = 5% of bookings up to $500 + 9% of bookings over $500\n",
               "cumulative": "pay commission cumulative over year = 5% of bookings up to $1,500 + 9% of bookings over $1,500\n",
               "year": "pay commission = 4% of ytd(bookings) / 3\n",
               "rank": "pay commission = 5% of bookings + (if rank(bookings) = 1 then $40 else $0)\n",
               "lines": "pay commission per booking = 7% of amount\n"}[self.shape]
        if self.delay:
            pay = pay.replace("pay commission", f"pay commission{' per booking' * (self.shape == 'lines')}").replace(" per booking per booking", " per booking")
            head, tail = pay.split(" = ", 1)
            pay = f"{head} paid after {self.delay} month{'s' * (self.delay > 1)} = {tail}"
        text = ('policy "P"\n  effective from 2026-01-01 to 2026-12-31\n  currency USD\n  period month\n\n'
                'payee rep from "reps.csv" { id text key  team text }\n'
                'data deal from "deals.csv" { id text key  rep rep  amount money  closed date  entered date optional  gone date optional }\n'
                'credit booking from deal to rep on closed amount deal.amount known from entered until gone\n'
                'measure bookings = sum of amount from booking\n') + pay
        text += {None: "", "month": "cap commission at $60\n", "year": "cap commission at $120 per year\n"}[self.cap]
        if self.floor:
            text += "floor commission at $5\n"
        if self.draw:
            text += f"draw advance = ${int(DRAW)} recoverable against commission\n"
        if self.pool:
            text += "pool shared per team = 3% of bookings split by max(bookings, $0)\n"
        if self.total:
            text += "cap total at $200\n"
        if self.pays:
            text = text.replace("period month\n", "period month\n  pays rep in rep.currency at fx(period.start)\n", 1).replace("team text }", "team text  currency text }", 1)
            text += 'exchange fx from "fx.csv" { currency text  since date  rate number }\n'
            table(self.folder, "fx.csv", "currency,since,rate",
                  [(code, name_of(i) + "-01", f"{float(rate):.3f}") for code, rates in self.rates.items() for i, rate in enumerate(rates)])
        save(self.folder, "p.attain", text)
        table(self.folder, "reps.csv", "id,team,currency", [(p, team, self.pays.get(p, "USD")) for p, team in TEAM.items()])
        table(self.folder, "deals.csv", "id,rep,amount,closed,entered,gone",
              [(d["id"], d["rep"], decimal(d["amount"]), d["on"], d["known"] or "", d["until"] or "") for d in self.deals])

    def local(self, p, i, x):
        """An amount of the policy's currency in that of the payee, at the rate of month i."""
        code = self.pays.get(p, "USD")
        unit = F(1, 10 ** {"USD": 2, "JPY": 0, "KWD": 3}[code])
        return rounded(x if code == "USD" else x / self.rates[code][i], unit=unit)

    # ---- one evaluation

    def formula(self, x, first):
        return {"flat": lambda: F(7, 100) * x,
                "tiers": lambda: F(5, 100) * max(min(x, F(500)), 0) + F(9, 100) * max(x - 500, 0),
                "cumulative": lambda: F(5, 100) * max(min(x, F(1500)), 0) + F(9, 100) * max(x - 1500, 0),
                "year": lambda: F(4, 100) * x / 3,
                "rank": lambda: F(5, 100) * x + (40 if first else 0)}[self.shape]()

    def component(self, rows, t):
        """The commission of each payee for the months up to t, exact, or in cents for lines."""
        out = {}
        sums = {p: [sum((d["amount"] for d in rows if d["rep"] == p and month_of(d["on"]) == i), F(0)) for i in range(t + 1)] for p in PAYEES}
        for p in PAYEES:
            exact, lines, before = [], [], F(0)
            for i in range(t + 1):
                x = sums[p][i]
                if self.shape in ("cumulative", "year"):
                    x = sum(sums[p][:i + 1], F(0))
                if self.shape == "lines":
                    exact.append(sum((rounded(F(7, 100) * d["amount"]) for d in rows if d["rep"] == p and month_of(d["on"]) == i), F(0)))
                    continue
                value = self.formula(x, all(sums[p][i] >= sums[q][i] for q in PAYEES))
                if self.shape == "cumulative":
                    value, before = value - before, value
                exact.append(value)
            out[p] = exact
        return sums, out

    def evaluate(self, t):
        """All lines of the months up to t, as known at the end of month t: by payee and month of payment, then by component."""
        rows = [d for d in self.deals if self.seen(d, t)]
        sums, exact = self.component(rows, min(t, self.last))
        lines = {}
        for p in PAYEES:
            earned = left = owed = F(0)
            whole = F(0)  # of what has been rounded, over the longest span
            to_date = self.shape == "cumulative" or self.cap == "year"
            done = F(0)
            for i, x in enumerate(exact[p]):
                if self.cap == "month":
                    x = min(x, F(60))
                if self.cap == "year":
                    earned += x
                    x, left = max(min(earned, F(120)) - left, min(x, F(0))), left + max(min(earned, F(120)) - left, min(x, F(0)))
                if self.floor:
                    x = max(x, F(5))
                if to_date:
                    done += x
                    line = rounded(done) - whole
                    whole += line
                else:
                    line = rounded(x)
                if self.draw:
                    advance = max(DRAW - line, F(0))
                    taken = min(owed, max(line - DRAW, F(0)))
                    owed += advance - taken
                    line += advance - taken
                local = line
                if self.pays and self.shape == "lines":  # each row by itself
                    local = sum((self.local(p, i, rounded(F(7, 100) * d["amount"])) for d in rows if d["rep"] == p and month_of(d["on"]) == i), F(0))
                elif self.pays:
                    local = self.local(p, i, line if self.draw else x)
                lines[p, i] = {"commission": line, "at": i + self.delay, "local": local}
        if self.pool:
            for team in "xy":
                members = [p for p in PAYEES if TEAM[p] == team]
                for i in range(min(t, self.last) + 1):
                    amount = rounded(F(3, 100) * sum(sums[p][i] for p in members)) * 100
                    for p, part in zip(members, allotted(int(amount), [max(sums[p][i], 0) for p in members])):
                        lines[p, i]["shared"] = F(part, 100)
        paid, usd = {}, {}
        for (p, i), line in lines.items():
            usd.setdefault((p, line["at"]), {})["commission"] = line["commission"]
            paid.setdefault((p, line["at"]), {})["commission"] = line["local"]
            if self.pool:
                usd.setdefault((p, i), {})["shared"] = line["shared"]
                paid.setdefault((p, i), {})["shared"] = self.local(p, i, line["shared"])
        if self.total:
            for i in range(min(t, self.last) + 1):
                for p in PAYEES:
                    cut = min(F(200) - sum(usd.setdefault((p, i), {}).values(), F(0)), F(0))
                    paid.setdefault((p, i), {})["cap total"] = self.local(p, i, cut)
        return {k: v for k, v in paid.items() if k[1] <= t}

    def expected(self):
        events = [month_of(x) for d in self.deals if self.ever(d) for x in (d["known"], d["until"]) if x]
        end = max([self.last + self.delay] + [e for e in events if e is not None])
        paid, out = {}, {}
        for t in range(end + 1):
            for key, now in self.evaluate(t).items():
                for component, amount in now.items():
                    old = paid.get((key, component), F(0))
                    if amount != old:
                        what = out.setdefault((key[0], name_of(t), component, "" if key[1] == t else name_of(key[1])), F(0))
                        out[key[0], name_of(t), component, "" if key[1] == t else name_of(key[1])] = what + amount - old
                    paid[key, component] = amount
        return {k: v for k, v in out.items() if v}


def check(attain, case):
    done = attain_run(attain, case.folder, "p.attain", "--no-tests", "--quiet")
    if done.returncode and "A0855" in done.stderr and not any(case.ever(d) for d in case.deals):
        return None, 0  # no row is ever known
    if done.returncode:
        return "refused: " + done.stderr[:300], 0
    got, want = {}, case.expected()
    if case.shape == "lines":  # corrections name the row: by payee, month, and component
        want_by, want = want, {}
        for k, v in want_by.items():
            want[k[:3] + ("",) if k[2] == "commission" else k] = want.get(k[:3] + ("",) if k[2] == "commission" else k, F(0)) + v
    for row in csv.DictReader(io.StringIO(done.stdout)):
        of = "" if case.shape == "lines" and row["component"] == "commission" else row["line"]
        key = row["payee"], row["period"], row["component"], of
        got[key] = got.get(key, F(0)) + F(row["amount"])
    sums = {}
    for k, v in got.items():
        sums[k[:3]] = sums.get(k[:3], F(0)) + v
    got, want = {k: v for k, v in got.items() if v}, {k: v for k, v in want.items() if v}
    if got != want:
        key = min(k for k in set(got) | set(want) if got.get(k) != want.get(k))
        return f"{key}: {float(want.get(key, 0)):.2f} is right, found {float(got.get(key, 0)):.2f}", 0
    fault = by_deal(attain, case.folder, "p.attain", sums) or verified(attain, case.folder, "p.attain")
    return ("explain: " + fault, 0) if fault else (None, len(want))


if __name__ == "__main__":
    sys.exit(try_cases(__doc__, 80, "late", "lines", Case, check))
