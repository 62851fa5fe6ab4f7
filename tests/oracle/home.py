#!/usr/bin/env python3
"""tests/oracle/home.py ATTAIN [--cases N] [--seed S]: random holds, releases, and clawbacks that are paid in the currency of each payee.

The parts of deals are those of held.py, in cents of the policy's currency. Here they are converted as REFERENCE.md says: what is paid of a part
to date, at the rate of the month in which it was earned, and everything else at the rate of its own month. `explain --verify` must agree.
"""
import csv
import io
import sys
from calendar import monthrange
from fractions import Fraction

import held
from common import attain_run, by_deal, rounded, save, table, try_cases, verified
from held import MONTHS, PAYEES, allot, held01, units

CODES = {"USD": 2, "JPY": 0, "KWD": 3, "EUR": 2}


class Case(held.Case):
    def write(self):
        r = self.r
        self.money = {p: r.choice(list(CODES)) for p in PAYEES}
        self.rates = {code: {m: Fraction(r.randint(1, 9999), 10 ** r.randint(2, 4)) for m in ["2025-12"] + MONTHS if m == "2025-12" or r.random() < .6}
                      for code in CODES if code != "USD"}
        self.delay = r.choice([0, 0, 1, 2]) if not self.after else 0
        super().write()
        with open(f"{self.folder}/p.attain", encoding="utf-8") as file:
            text = file.read()
        text = text.replace("  period month\n", "  period month\n  pays rep in rep.currency at fx(period.end)\n").replace("{ id text key }", "{ id text key  currency text }", 1)
        text = text.replace("data deal ", 'exchange fx from "fx.csv" { currency text  since date  rate number }\ndata deal ', 1)
        later = f" paid after {self.delay} month{'s' * (self.delay > 1)}" if self.delay else ""
        for word in ("pay commission per booking", "pay commission on bookings by booking", "pay commission on bookings", "pool commission on bookings"):
            if word in text:
                where = text.index(word) + len(word)
                text = text[:where] + later + text[where:]
                break
        save(self.folder, "p.attain", text)
        table(self.folder, "reps.csv", "id,currency", self.money.items())
        table(self.folder, "fx.csv", "currency,since,rate",
              [(code, m + "-01", f"{float(rate):.4f}") for code, rows in self.rates.items() for m, rate in rows.items()])

    def local(self, p, month, cents):
        """Cents in units of the payee's currency, at the rate of the end of the month."""
        code = self.money[p]
        if code == "USD":
            return Fraction(cents, 100)
        rate = self.rates[code][max(m for m in self.rates[code] if m <= month)]
        return rounded(Fraction(cents, 100) / rate, unit=Fraction(1, 10 ** CODES[code]))

    def run(self):
        cells, self.out = self.cells(), {}
        self.cents = {}
        for (p, m), (deals, parts, value) in cells.items():
            for x in [x for x in parts if x <= 0] + [value - sum(parts)]:
                self.pay(p, m, m, 0, x)
            tranches, left = [], [max(x, 0) for x in parts]
            for share, until, at, when in self.holds:
                mask = [not when or d["amount"] > 500 for d in deals]
                room = [x if ok else 0 for x, ok in zip(left, mask)]
                whole = min(units(Fraction(share * sum(x for x, ok in zip(parts, mask) if ok and x > 0), 10000)), sum(room))
                own = allot(whole, room)
                left = [x - y for x, y in zip(left, own)]
                tranches.append(own)
            for i, d in enumerate(deals):
                if parts[i] > 0:
                    self.path(cells, p, m, d, parts[i], [t[i] for t in tranches], left[i])
        last = max(d["closed"] for d in self.deals)[:7]
        for (p, m), cents in list(self.cents.items()):
            if self.after and m <= last and cents > self.after * 100:
                self.pay(p, m, m, 0, self.after * 100 - cents)

    def pay(self, p, earned, month, before, after):
        year, i = int(month[:4]), int(month[5:]) - 1 + self.delay
        key = p, f"{year + i // 12}-{i % 12 + 1:02d}"
        self.out[key] = self.out.get(key, Fraction(0)) + self.local(p, earned, after) - self.local(p, earned, before)
        self.cents[p, month] = self.cents.get((p, month), 0) + after - before

    def path(self, cells, p, m, d, whole, tranches, rest):
        opened, released, taken, kept = Fraction(0 if self.release else rest), Fraction(0), Fraction(0), Fraction(1)
        now = units(opened / 100)
        self.pay(p, m, m, 0, now)
        for date, _, _, kind, what in self.events(d):
            month = max(date[:7], m)
            if kind == "hold":
                opened += Fraction(tranches[what] * (self.holds[what][2] or 100), 100)
            elif kind == "release":
                released += what
            elif what[1] and month >= "2026-07":
                continue
            else:
                more = held01(taken + what[0]) - held01(taken)
                taken += what[0]
                kept -= more * (self.now(cells, p, month, d, whole, m) if kind == "rated now" else 1)
            after = units((opened + (rest * held01(released) if self.release else 0)) * kept / 100)
            self.pay(p, m, month, now, after)
            now = after


def check(attain, case):
    done = attain_run(attain, case.folder, "p.attain", "--no-tests", "--quiet")
    if done.returncode:
        return "refused: " + done.stderr[:300], 0
    got, sums = {}, {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        key = row["payee"], row["period"]
        got[key] = got.get(key, Fraction(0)) + Fraction(row["amount"])
        of = row["payee"], row["period"], row["component"]
        sums[of] = sums.get(of, Fraction(0)) + Fraction(row["amount"])
        if row["currency"] != case.money[row["payee"]]:
            return f"{key}: paid in {row['currency']}", 0
    case.run()
    got, want = ({k: v for k, v in x.items() if v} for x in (got, case.out))
    if got != want:
        key = min(k for k in set(got) | set(want) if got.get(k) != want.get(k))
        return f"{key}: {float(want.get(key, 0)):.3f} {case.money[key[0]]} is right, found {float(got.get(key, 0)):.3f}", 0
    fault = by_deal(attain, case.folder, "p.attain", sums) or verified(attain, case.folder, "p.attain")
    return ("explain: " + fault, 0) if fault else (None, len(want))


if __name__ == "__main__":
    sys.exit(try_cases(__doc__, 80, "home", "payee-months", Case, check))
