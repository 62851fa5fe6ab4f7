#!/usr/bin/env python3
"""tests/oracle/years.py ATTAIN [--cases N] [--seed S] [--payees N] [--only …]: a plan of two years over random payees.

Two policies, of which the second continues the first in the middle of June 2026. They have cumulative tiers with a draw, paid as receipts
come in; a bonus each quarter against a dated quota; a team pool whose members move; pay by deal; clawbacks by the three methods; deals in
two currencies; people who come and go. This file computes every amount from REFERENCE.md with fractions, month by month and deal by deal.
The sums by payee, month, and component must be equal to the cent, and `explain --verify` must agree.
"""
import csv
import datetime
import io
import random
import sys
from fractions import Fraction as F

from common import allotted, arguments, attain_run, rounded, run_cases, save, table, verified

FIRST, LAST, CHANGE = datetime.date(2026, 1, 1), datetime.date(2027, 12, 31), datetime.date(2026, 6, 15)
MONTHS = [f"{2026 + i // 12}-{i % 12 + 1:02d}" for i in range(24)]
ACCELERATOR = [(0, F(5, 100)), (60000, F(8, 100)), (150000, F(11, 100))]
GROWTH = [(0, F(1, 100)), (5000, F(2, 100)), (12000, F(3, 100))]
DRAW = (F(500), F(700))
SPIFF = (F(1, 100), F(3, 200))
TEAMS = ["north", "south", "east"]
MECHANICS = ["pool", "release", "paid", "rated", "never", "history", "currency", "change", "coverage", "draw"]


def month_of(day):
    return (day.year - 2026) * 12 + day.month - 1


def end_of(month):
    year, of = 2026 + (month + 1) // 12, (month + 1) % 12 + 1
    return datetime.date(year, of, 1) - datetime.timedelta(1)


def tiered(x, tiers):
    """Each slice at its own rate; nothing for amounts below zero."""
    sum_, x = F(0), max(x, F(0))
    for i, (start, rate) in enumerate(tiers):
        stop = tiers[i + 1][0] if i + 1 < len(tiers) else x
        sum_ += rate * max(F(0), min(x, F(stop)) - start)
    return sum_


class Payee:
    def __init__(self, r, i, uses):
        self.id = f"p{i:04d}"
        whole = "coverage" not in uses or r.random() < .7
        self.hired = FIRST if whole else FIRST + datetime.timedelta(r.randint(0, 500))
        self.left = None
        if "coverage" in uses and r.random() < .2:
            self.left = min(LAST, self.hired + datetime.timedelta(r.randint(20, 600)))
        days = sorted({FIRST} | {FIRST + datetime.timedelta(r.randint(1, 729)) for _ in range(r.choice([0, 0, 1, 2]) if "history" in uses else 0)})
        self.stays = [(day, r.choice(TEAMS), F(r.choice([9000, 15000, 24000]))) for day in days]

    def covered(self, month):
        start = datetime.date(2026 + month // 12, month % 12 + 1, 1)
        return self.hired <= end_of(month) and (self.left is None or self.left >= start)

    def works(self, day):
        return self.hired <= day and (self.left is None or day <= self.left)

    def stay(self, day):
        return [s for s in self.stays if s[0] <= day][-1]


class Deal:
    """A sale, with what happens to it later."""

    def __init__(self, r, i, rep, uses):
        self.id, self.rep = f"d{i:06d}", rep
        stop = rep.left or LAST
        self.closed = rep.hired + datetime.timedelta(r.randint(0, (stop - rep.hired).days))
        self.currency = "EUR" if "currency" in uses and r.random() < .3 else "USD"
        self.amount = F(r.randint(2000, 900000), 100)
        self.refund = r.random() < .05
        if self.refund:
            self.amount = -self.amount / 4
            self.amount = F(int(self.amount * 100), 100)
        self.cancelled, self.lost = None, F(0)
        if r.random() < .12 and not self.refund:
            self.cancelled = self.closed + datetime.timedelta(r.randint(0, 250))
            self.lost = F(r.choice([100, 100, 50, 30, 12]), 100)
            if self.cancelled > LAST:
                self.cancelled = None
        self.receipts = []
        left, day = F(1), self.closed
        for _ in range(r.choice([0, 1, 1, 2, 2, 3])):
            day = day + datetime.timedelta(r.randint(0, 90))
            part = r.choice([left, left / 2, F(r.randint(1, 60), 100), F(6, 5), F(-3, 10)])
            part = F(int(part * 10000), 10000)
            if day == self.cancelled:
                continue
            if day <= LAST:
                self.receipts.append((day, f"{self.id}-{len(self.receipts)}", part))
                left -= part


class Case:
    def __init__(self, seed, folder, payees, uses):
        r = random.Random(seed)
        self.folder, self.uses = folder, uses
        self.payees = [Payee(r, i, uses) for i in range(payees)]
        self.rates = [FIRST]
        while self.rates[-1] < LAST:
            self.rates.append(self.rates[-1] + datetime.timedelta(r.randint(1, 45)))
        self.rates = [(day, F(r.randint(10000, 12500), 10000)) for day in self.rates]
        self.deals = []
        for rep in self.payees:
            for _ in range(r.choice([3, 20, 40])):
                self.deals.append(Deal(r, len(self.deals), rep, uses))
        r.shuffle(self.deals)
        self.write()

    # ---- files

    def write(self):
        uses, change = self.uses, "change" in self.uses
        money = "money in currency" if "currency" in uses else "money"
        amount = "(amount as USD at fx(closed_on))" if "currency" in uses else "amount"
        base = (
            'payee rep from "reps.csv" { id text key  hired date  left date optional }\n'
            'history assignment of rep from "assignments.csv" { rep rep  since date  team text  quota money }\n'
            f'data deal from "deals.csv" {{ id text key  rep rep  amount {money}  currency text  closed_on date  cancelled_on date optional  lost number }}\n'
        )
        if "release" in uses:
            base += 'data receipt from "receipts.csv" { id text key  deal deal  received_on date  part number }\n'
        if "currency" in uses:
            base += 'exchange fx from "fx.csv" { currency text  since date  rate number }\n'
        if "coverage" in uses:
            base += "applies to rep from rep.hired to rep.left\n"
        base += f"credit booking from deal to rep on closed_on amount {amount}\nmeasure bookings = sum of amount from booking\n"
        for name, tiers in (("accelerator", ACCELERATOR), ("growth_rates", GROWTH)):
            base += f"rates {name} {{\n" + "".join(f"  from ${start}: {float(rate * 100):g}%\n" for start, rate in tiers) + "}\n"

        def rules(version):
            text = "pay commission on bookings by booking cumulative over year = bookings through accelerator\n"
            text += f"pay spiff per booking = {float(SPIFF[version] * 100):g}% of amount\n"
            text += "pay growth on bookings by booking = bookings through growth_rates\n"
            text += "pay extra on bookings by booking = bookings through growth_rates\n"
            text += "pay kicker on bookings each quarter = 2% when bookings >= rep.quota\n"
            if "pool" in uses:
                text += "pool team on bookings = 1% split by contribution\n"
            if "draw" in uses:
                text += f"draw advance = ${DRAW[version]} against commission recoverable\n"
            if "release" in uses:
                text += "release commission with receipt on received_on at receipt.part\n"
            if "paid" in uses:
                text += "clawback commission as paid on deal.cancelled_on at deal.lost when deal.cancelled_on within 180 days of deal.closed_on\n"
            if "rated" in uses:
                text += "clawback extra as rated now on deal.cancelled_on at deal.lost\n"
            if "never" in uses:
                text += "clawback growth as never sold on deal.cancelled_on\n"
            return text

        def head(name, start, stop):
            return f'policy "{name}"\n  effective from {start} to {stop}\n  currency USD\n  period month\n\n'

        if change:
            save(self.folder, "h1.attain", head("One", FIRST, CHANGE - datetime.timedelta(1)) + base + rules(0))
            save(self.folder, "p.attain", head("Two", CHANGE, LAST) + 'continues "h1.attain"\n' + base + rules(1))
        else:
            save(self.folder, "p.attain", head("Two", FIRST, LAST) + base + rules(1))
        table(self.folder, "reps.csv", "id,hired,left", [(p.id, p.hired, p.left or "") for p in self.payees])
        table(self.folder, "assignments.csv", "rep,since,team,quota", [(p.id, day, team, quota) for p in self.payees for day, team, quota in p.stays])
        table(self.folder, "deals.csv", "id,rep,amount,currency,closed_on,cancelled_on,lost",
              [(d.id, d.rep.id, f"{float(d.amount):.2f}", d.currency, d.closed, d.cancelled or "", float(d.lost)) for d in self.deals])
        table(self.folder, "receipts.csv", "id,deal,received_on,part", [(key, d.id, day, float(part)) for d in self.deals for day, key, part in d.receipts])
        table(self.folder, "fx.csv", "currency,since,rate", [("EUR", day, float(rate)) for day, rate in self.rates])

    # ---- amounts

    def usd(self, deal):
        return deal.amount * ([x for day, x in self.rates if day <= deal.closed][-1] if deal.currency == "EUR" else 1)

    def version(self, day):
        return 1 if "change" not in self.uses or day >= CHANGE else 0

    def commission(self, rep, deals, pay):
        """To date over the year, raised to the draw, divided among the month's deals, paid as receipts come in, taken back as paid."""
        todate = before = owed = F(0)
        for m in range(24):
            if m % 12 == 0:
                todate = before = F(0)
            rows = sorted((d for d in deals if month_of(d.closed) == m), key=lambda d: d.id)
            todate += sum((self.usd(d) for d in rows), F(0))
            line = rounded(tiered(todate, ACCELERATOR)) - before
            before += line
            if not rep.covered(m):
                continue
            if "draw" in self.uses:
                draw = DRAW[self.version(end_of(m) if rep.left is None else min(end_of(m), rep.left))]
                advance = max(F(0), draw - line)
                back = min(owed, max(F(0), line - draw))
                owed += advance - back
                line += advance - back
            weights = [self.usd(d) for d in rows]
            parts = [F(c, 100) for c in allotted(int(line * 100), weights)]
            if not any(w > 0 for w in weights):
                pay("commission", m, line)
            for deal, part in zip(rows, parts):
                self.follow(deal, m, part, pay)

    def follow(self, deal, month, part, pay):
        """A part after each event of its deal, in order."""
        held = "release" in self.uses and part > 0  # a part below zero is never held
        events = [(day, key, "receipt", x) for day, key, x in deal.receipts] if held else []
        if "paid" in self.uses and deal.cancelled and (deal.cancelled - deal.closed).days <= 180:
            events.append((deal.cancelled, deal.id, "cancelled", deal.lost))
        received, lost = F(0), F(0)
        paid = F(0) if held else part
        pay("commission", month, paid)
        for day, _, what, x in sorted(events):
            if what == "receipt":
                received += x
            else:
                lost += x
            share = min(F(1), max(F(0), received)) if held else F(1)
            todate = rounded(part * share * (1 - min(F(1), max(F(0), lost))))
            pay("commission", max(month, month_of(day)), todate - paid)
            paid = todate

    def spiff(self, rep, deals, pay):
        for d in deals:
            pay("spiff", month_of(d.closed), rounded(SPIFF[self.version(d.closed)] * self.usd(d)))

    def extra(self, rep, deals, pay):
        """As growth. A cancellation takes back the deal at the rate of its own month, or of the last one with sales."""
        sums = [sum((self.usd(d) for d in deals if month_of(d.closed) == m), F(0)) for m in range(24)]
        lines = [rounded(tiered(x, GROWTH)) for x in sums]
        part = {}
        for m in range(24):
            pay("extra", m, lines[m])
            rows = sorted((d for d in deals if month_of(d.closed) == m), key=lambda d: d.id)
            part.update(zip((d.id for d in rows), (F(c, 100) for c in allotted(int(lines[m] * 100), [self.usd(d) for d in rows]))))
        for d in deals:
            if "rated" in self.uses and d.cancelled:
                m = now = month_of(d.cancelled)
                while m >= 0 and sums[m] <= 0:
                    m -= 1
                if m < 0:
                    m = month_of(d.closed)
                if part[d.id] > 0:
                    left = rounded(part[d.id] - lines[m] / sums[m] * self.usd(d) * d.lost)
                    pay("extra", now, left - part[d.id])

    def growth(self, rep, deals, pay):
        paid = [F(0)] * 24
        for now in range(24):
            known = [d for d in deals if not ("never" in self.uses and d.cancelled and d.cancelled <= end_of(now))]
            for m in range(now + 1):
                amount = rounded(tiered(sum((self.usd(d) for d in known if month_of(d.closed) == m), F(0)), GROWTH))
                pay("growth", now, amount - paid[m])
                paid[m] = amount

    def kicker(self, rep, deals, pay):
        for m in range(2, 24, 3):
            bookings = sum((self.usd(d) for d in deals if m - 2 <= month_of(d.closed) <= m), F(0))
            covered = any(rep.covered(k) for k in (m - 2, m - 1, m))  # on a day of the quarter
            if covered and bookings >= rep.stay(end_of(m))[2]:
                pay("kicker", m, rounded(bookings * 2 / 100))

    def expected(self):
        out = {}
        deals = {p.id: [] for p in self.payees}
        for d in self.deals:
            deals[d.rep.id].append(d)
        for p in self.payees:
            def pay(component, month, amount, p=p):
                if amount:
                    key = p.id, MONTHS[month], component
                    out[key] = out.get(key, F(0)) + amount
            for rule in (self.commission, self.spiff, self.growth, self.extra, self.kicker):
                rule(p, deals[p.id], pay)
        for m in range(24 if "pool" in self.uses else 0):
            for team in TEAMS:
                members = [p for p in self.payees if p.covered(m) and p.stay(end_of(m))[1] == team]
                sums = [sum((self.usd(d) for d in deals[p.id] if month_of(d.closed) == m), F(0)) for p in members]
                pool = rounded(sum(sums, F(0)) / 100)
                for p, cents in zip(members, allotted(int(pool * 100), sums)):
                    if cents:
                        out[p.id, MONTHS[m], "team"] = F(cents, 100)
        return {k: v for k, v in out.items() if v}


def check(attain, case, verify):
    done = attain_run(attain, case.folder, "p.attain", "--no-tests", "--quiet", "--through", "2027-12")
    if done.returncode:
        return "refused: " + done.stderr[:1500], 0
    got = {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        key = row["payee"], row["period"], row["component"]
        got[key] = got.get(key, F(0)) + F(row["amount"])
    got, want = {k: v for k, v in got.items() if v}, case.expected()
    wrong = sorted(k for k in set(got) | set(want) if got.get(k) != want.get(k))
    if wrong:
        by = {}
        for k in wrong:
            by[k[2]] = by.get(k[2], 0) + 1
        k = wrong[0]
        return f"{by}: {k}: {float(want.get(k, 0)):.2f} is right, found {float(got.get(k, 0)):.2f}", 0
    fault = verify and verified(attain, case.folder, "p.attain", "--through", "2027-12")
    return ("explain: " + fault, 0) if fault else (None, len(want))


def main():
    parser = arguments(__doc__, 1)
    parser.add_argument("--payees", type=int, default=300)
    parser.add_argument("--only", default=",".join(MECHANICS), help="mechanics, separated by commas")
    parser.add_argument("--no-verify", action="store_true")
    options = parser.parse_args()
    mechanics = options.only.split(",")
    return run_cases(options, "years", f"plans of {options.payees} payees, {{}} amounts",
                     lambda seed, folder: Case(seed, folder, options.payees, mechanics),
                     lambda attain, case: check(attain, case, not options.no_verify))


if __name__ == "__main__":
    sys.exit(main())
