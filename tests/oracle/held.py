#!/usr/bin/env python3
"""tests/oracle/held.py ATTAIN [--cases N] [--seed S]: random holds, releases, and clawbacks of random components, also after the plan.

Each part of a deal has a list of events by day and key, as REFERENCE.md says. Every payee and month must be equal, and so must what `--held`
lists, and `explain --verify` must agree. A case that differs leaves its files behind.
"""
import csv
import datetime
import io
import os
import random
import sys
from fractions import Fraction

from common import attain_run, rounded, save, table, try_cases, verified

PAYEES = "abc"
MONTHS = [f"2026-{i + 1:02d}" for i in range(12)]


def day(r, first="2026-01-01", days=500):
    return (datetime.date.fromisoformat(first) + datetime.timedelta(r.randrange(days))).isoformat()


def months_after(date, n):
    y, m, d = map(int, date.split("-"))
    y, m = y + (m - 1 + n) // 12, (m - 1 + n) % 12 + 1
    while True:
        try:
            return datetime.date(y, m, d).isoformat()
        except ValueError:
            d -= 1


def units(x):
    """An amount of money as whole cents, rounded half away from zero."""
    return int(rounded(x) * 100)


def allot(whole, weights):
    """Largest remainders of whole cents; ties to the first."""
    total = sum(weights)
    if total <= 0:
        return [0] * len(weights)
    exact = [Fraction(whole) * w / total for w in weights]
    parts = [int(x) for x in exact]
    left = whole - sum(parts)
    for i in sorted(range(len(weights)), key=lambda i: (-abs(exact[i] - parts[i]), i))[:abs(left)]:
        parts[i] += 1 if left > 0 else -1
    return parts


def held01(x):
    return min(max(x, Fraction(0)), Fraction(1))


class Case:
    def __init__(self, seed, folder):
        r = self.r = random.Random(seed)
        self.folder = folder
        self.shape = r.choice(["cell", "cell", "by", "lines", "pool"])
        self.rate = r.choice(["10%", "3.33%", "12.5%"])
        self.tiers = self.shape != "lines" and r.random() < .4
        self.cap = r.choice([None, None, 150, 300]) if self.shape in ("cell", "by") else None
        self.holds = [(r.choice([10, 25, 33, 50]), r.choice(["paid", "later"]), r.choice([None, None, 50]), r.choice([None, None, "large"]))
                      for _ in range(r.choice([0, 1, 1, 2]))]
        self.release = r.random() < .5
        self.claws = [(r.choice(["refunds", "cancelled"]), r.choice(["paid", "paid", "rated now"]),
                       r.choice([None, 60, 90]), r.choice([None, None, "early"])) for _ in range(r.choice([0, 1, 1, 2]))]
        if not self.holds and not self.release and not self.claws:
            self.release = True
        self.after = r.choice([None, 100, 200]) if self.shape == "cell" and not self.holds and not self.release and self.claws else None
        self.deals = []
        for i in range(r.randint(4, 30)):
            closed = f"{r.choice(MONTHS)}-{r.randint(1, 28):02d}"
            self.deals.append({"id": f"d{i:02d}", "rep": r.choice(PAYEES), "amount": Fraction(r.randint(-30000, 300000), 100), "closed": closed,
                               "paid": r.choice(["", day(r), day(r, closed, 90)]), "cancelled": r.choice(["", "", day(r, closed, 150), day(r)])})
        self.receipts = [{"id": f"r{i:03d}", "deal": r.choice(self.deals)["id"], "day": day(r), "share": Fraction(r.randint(-40, 120), 100)}
                         for i in range(r.randint(0, 60))]
        self.refunds = [{"id": f"f{i:03d}", "deal": r.choice(self.deals)["id"], "day": day(r), "share": Fraction(r.randint(1, 90), 100)}
                        for i in range(r.randint(0, 20))]
        self.write()

    def write(self):
        formula = f"{self.rate} up to $2,000 + 20% over $2,000" if self.tiers else self.rate
        by = " by booking" if self.shape == "by" else ""
        name = "commission"
        pay = {"lines": f"pay commission per booking = {self.rate} of amount\n",
               "pool": f"pool commission on bookings = {formula}\n  split equally\n"}.get(self.shape, f"pay commission on bookings{by} = {formula}\n")
        text = ('policy "P"\n  effective from 2026-01-01 to 2026-12-31\n  currency USD\n  period month\n\npayee rep from "reps.csv" { id text key }\n'
                'data deal from "deals.csv" { id text key  rep rep  amount money  closed_on date  paid_on date optional  cancelled_on date optional }\n'
                'data receipt from "receipts.csv" { id text key  deal deal  day date  share number }\n'
                'data refund from "refunds.csv" { id text key  deal deal  day date  share number }\n'
                'credit booking from deal to rep on closed_on amount deal.amount\n')
        if self.shape != "lines":
            text += "measure bookings = sum of amount from booking\n"
        text += pay
        if self.cap:
            text += f"cap {name} at ${self.cap}\n"
        for share, until, at, when in self.holds:
            text += f"hold {share}% of {name} until " + {"paid": "deal.paid_on", "later": "deal.closed_on + 4 months"}[until]
            text += (f" at {at}%" if at else "") + (" when deal.amount > $500" if when else "") + "\n"
        if self.release:
            text += f"release {name} with receipt on receipt.day at receipt.share\n"
        for cause, method, within, when in self.claws:
            on = "refund.day" if cause == "refunds" else "deal.cancelled_on"
            conds = [f"{on} within {within} days of deal.closed_on"] if within else []
            conds += ["period.start < 2026-07-01"] if when else []
            text += f"clawback {name} as {method} on {on}" + (" at refund.share" if cause == "refunds" else "")
            text += (" when " + " and ".join(conds) if conds else "") + "\n"
        if self.after:
            text += f"cap {name} at ${self.after}\n"
        save(self.folder, "p.attain", text)
        table(self.folder, "reps.csv", "id", [(p,) for p in PAYEES])
        table(self.folder, "deals.csv", "id,rep,amount,closed_on,paid_on,cancelled_on",
              [(d["id"], d["rep"], f"{float(d['amount']):.2f}", d["closed"], d["paid"], d["cancelled"]) for d in self.deals])
        for name_, rows in (("receipts", self.receipts), ("refunds", self.refunds)):
            table(self.folder, name_ + ".csv", "id,deal,day,share", [(x["id"], x["deal"], x["day"], f"{float(x['share']):.2f}") for x in rows])

    def value(self, bookings):
        rate = Fraction(self.rate[:-1]) / 100
        if not self.tiers:
            return rate * bookings
        if bookings <= 2000:
            return rate * max(bookings, Fraction(0))  # a slice starts at zero
        return rate * 2000 + Fraction(1, 5) * (bookings - 2000)

    def cells(self):
        """For each payee and month: the deals, their parts in cents, and the value in cents."""
        out = {}
        for m in MONTHS:
            group = sorted((d for d in self.deals if d["closed"][:7] == m), key=lambda d: d["id"])
            pool = units(self.value(sum((d["amount"] for d in group), Fraction(0)))) if self.shape == "pool" else 0
            shares = allot(pool, [1] * len(PAYEES))
            for k, p in enumerate(PAYEES):
                deals = group if self.shape == "pool" else [d for d in group if d["rep"] == p]
                if self.shape == "lines":
                    parts = [units(Fraction(self.rate[:-1]) / 100 * d["amount"]) for d in deals]
                    value = sum(parts)
                else:
                    x = self.value(sum((d["amount"] for d in deals), Fraction(0)))
                    value = shares[k] if self.shape == "pool" else units(min(x, Fraction(self.cap)) if self.cap else x)
                    parts = allot(value, [max(d["amount"], Fraction(0)) for d in deals])
                out[p, m] = deals, parts, value
        return out

    def events(self, d):
        """Of a deal, in order of day, key, and statement: (day, key, statement, kind, share)."""
        out, n = [], 0
        for k, (share, until, at, when) in enumerate(self.holds):
            date = d["paid"] if until == "paid" else months_after(d["closed"], 4)
            if date and not (when and d["amount"] <= 500):
                out.append((date, d["id"], n, "hold", k))
            n += 1
        if self.release:
            out += [(x["day"], x["id"], n, "release", x["share"]) for x in self.receipts if x["deal"] == d["id"]]
            n += 1
        for cause, method, within, when in self.claws:
            rows = ([(x["day"], x["id"], x["share"]) for x in self.refunds if x["deal"] == d["id"]] if cause == "refunds"
                    else [(d["cancelled"], d["id"], Fraction(1))] if d["cancelled"] else [])
            for date, key, share in rows:
                days = abs((datetime.date.fromisoformat(date) - datetime.date.fromisoformat(d["closed"])).days)
                if not within or days <= within:
                    out.append((date, key, n, method, (share, when)))
            n += 1
        return sorted(out, key=lambda e: e[:3])

    def run(self):
        """(payments by payee and month, held by payee, deal, and statement)."""
        cells, paid, held = self.cells(), {}, {}
        for (p, m), (deals, parts, value) in cells.items():
            paid[p, m] = paid.get((p, m), 0) + value - sum(x for x in parts if x > 0)
            tranches, left = [], [max(x, 0) for x in parts]
            for share, until, at, when in self.holds:
                mask = [not when or d["amount"] > 500 for d in deals]
                all_ = sum(x for x, ok in zip(parts, mask) if ok and x > 0)
                room = [x if ok else 0 for x, ok in zip(left, mask)]
                whole = min(units(Fraction(share * all_, 10000)), sum(room))
                own = allot(whole, room)
                left = [x - y for x, y in zip(left, own)]
                tranches.append(own)
            for i, d in enumerate(deals):
                if parts[i] > 0:
                    self.part(cells, paid, held, p, m, d, parts[i], [t[i] for t in tranches], left[i])
        return paid, held

    def part(self, cells, paid, held, p, m, d, whole, tranches, rest):
        opened, released, taken, kept = Fraction(0 if self.release else rest), Fraction(0), Fraction(0), Fraction(1)

        def to_date():
            x = (opened + (rest * held01(released) if self.release else 0)) * kept
            return units(x / 100)

        now, came = to_date(), set()
        paid[p, m] += now
        for date, key, statement, kind, what in self.events(d):
            month = max(date[:7], m)
            if kind == "hold":
                opened += Fraction(tranches[what] * (self.holds[what][2] or 100), 100)
                came.add(what)
            elif kind == "release":
                released += what
            else:
                share, when = what
                if when and month >= "2026-07":
                    continue
                more = held01(taken + share) - held01(taken)
                taken += share
                kept -= more * (self.now(cells, p, month, d, whole, m) if kind == "rated now" else 1)
            paid[p, month] = paid.get((p, month), 0) + to_date() - now
            now = to_date()
        for k, tranche in enumerate(tranches):
            if k not in came:
                held[p, d["id"], k] = units(tranche * kept / 100)
        if self.release:
            held[p, d["id"], "rest"] = units(rest * (1 - held01(released)) * kept / 100)

    def now(self, cells, p, month, d, whole, earned):
        """What the part would be at the rate of the month, or of the last one with a net credit above zero, as a multiple of it."""
        for m in reversed([x for x in MONTHS if earned <= x <= month]):
            deals, _, value = cells[p, m]
            credited = sum((x["amount"] for x in deals), Fraction(0))
            if credited > 0:
                return d["amount"] * value / credited / whole
        return Fraction(1)


def check(attain, case):
    last = max(d["closed"] for d in case.deals)[:7]
    done = attain_run(attain, case.folder, "p.attain", "--no-tests", "--quiet", "--held", os.path.join(case.folder, "held.csv"))
    if done.returncode:
        return "refused: " + done.stderr[:300], 0
    got, after = {}, {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        key = row["payee"], row["period"]
        got[key] = got.get(key, Fraction(0)) + Fraction(row["amount"])
    paid, held = case.run()
    want = {k: Fraction(v, 100) for k, v in paid.items()}
    if case.after:
        want = {k: min(v, Fraction(case.after)) if k[1] <= last else v for k, v in want.items()}
    got, want = ({k: v for k, v in x.items() if v} for x in (got, want))
    if got != want:
        key = min(k for k in set(got) | set(want) if got.get(k) != want.get(k))
        return f"{key}: {float(want.get(key, 0)):.2f} is right, found {float(got.get(key, 0)):.2f}", 0
    sums = {}
    for (p, d, _), x in held.items():
        sums[p, d] = sums.get((p, d), Fraction(0)) + Fraction(x, 100)
    with open(os.path.join(case.folder, "held.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = row["payee"], row["line"]
            after[key] = after.get(key, Fraction(0)) + Fraction(row["held"])
    after, sums = ({k: v for k, v in x.items() if v} for x in (after, sums))
    if after != sums:
        key = min(k for k in set(after) | set(sums) if after.get(k) != sums.get(k))
        return f"held of {key}: {float(sums.get(key, 0)):.2f} is right, found {float(after.get(key, 0)):.2f}", 0
    fault = verified(attain, case.folder, "p.attain")
    return ("explain: " + fault, 0) if fault else (None, len(want))


if __name__ == "__main__":
    sys.exit(try_cases(__doc__, 80, "held", "payee-months", Case, check))
