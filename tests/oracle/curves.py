#!/usr/bin/env python3
"""tests/oracle/curves.py ATTAIN [--cases N] [--seed S] [--form NAME]: the curves of random policies against runs.

Each case is a random policy. `attain curve` gives the pay of one payee as a function of her bookings in April, or of the amount of her deal.
Then one run pays 1,000 such payees, each in a team of her own with two mates whose deals are fixed. Their bookings are the breakpoints of the
curve, its samples where it is not known, numbers a cent below and above them, and random ones between. After rounding, each payout must be what the curve gives: exactly, or
to one cent for components whose lines are rounded together with others (pools, lines of rows, and spans).
"""
import csv
import io
import json
import os
import random
import subprocess
import sys
from fractions import Fraction as F

from common import attain_run, arguments, decimal, percent, rounded, run_cases, save, table

TOP = 200000
POINTS = 1000
MATES = [("q", F(41000), F(9000)), ("r", F(17500), F(26000))]  # bookings in January and April


class Case:
    def __init__(self, seed, folder, only=None):
        self.r, self.folder = random.Random(seed), folder
        r = self.r
        self.quota = F(r.choice([30000, 50000, 80000]))
        self.before, self.after = F(r.randint(0, 60000)), F(r.randint(0, 3000000), 100)  # bookings in January and May
        self.months = r.choice([4, 5])  # the pay of April, or of April and May
        self.deal = self.events = self.late = False
        self.head, self.pays, self.tail, self.close = [], [], [], set()
        marks = sorted(r.sample(range(20, 300), 3))
        self.head.append("rates tiers { from 0%: " + percent(self.rate()) + "".join(
            f"  {r.choice(['from', 'above'])} {m}%: {percent(self.rate())}" for m in marks) + " }")
        self.head.append("rates line { at 0%: 1%" + "".join(f"  at {m}%: {percent(self.rate())}" for m in marks) + " }")
        self.head.append("table size by amount {\n  from $0 | 1%\n" + "".join(
            f"  {r.choice(['from', 'above'])} ${m * 500} | {percent(self.rate())}\n" for m in marks) + "}")
        forms = sorted(name[5:] for name in dir(self) if name.startswith("form_"))
        for name in [only] if only else r.sample(forms, r.randint(1, 3)):
            getattr(self, "form_" + name)()

    def rate(self):
        return F(self.r.randint(1, 1500), 10000)

    def dollars(self, low=0, high=60000):
        return f"${self.r.randint(low, high)}"

    # ---- formulas

    def money(self, depth=2):
        r = self.r
        if depth == 0:
            return r.choice(["bookings", "bookings", "ytd(bookings)", "trailing(bookings, 4)", "rep.quota", self.dollars()])
        a, b = (lambda: self.money(depth - 1)), (lambda: self.money(depth - 1))
        return r.choice([
            lambda: f"({a()} + {b()})", lambda: f"({a()} - {b()})", lambda: f"max({a()}, {b()})", lambda: f"min({a()}, {b()})",
            lambda: f"abs({a()} - {b()})", lambda: f"{percent(self.rate())} of {a()}", lambda: f"(if {self.condition()} then {a()} else {b()})",
            lambda: f"({percent(self.rate())} of (bookings up to {self.dollars()}) + {percent(self.rate())} of ({a()} over {self.dollars(30000)}))",
            lambda: "(bookings through tiers of rep.quota)", lambda: f"(tiers(attainment) of {a()})", lambda: f"(line(attainment) of {a()})",
            lambda: f"(size(bookings) of {a()})", lambda: f"(qtd(bookings) over {self.dollars()})"])()

    def condition(self):
        r = self.r
        return r.choice([lambda: f"bookings {r.choice(['>', '>=', '<', '<='])} {self.dollars(0, TOP)}",
                         lambda: f"attainment {r.choice(['>', '>='])} {r.randint(20, 200)}%",
                         lambda: f"not (bookings > {self.dollars()}) or ytd(bookings) >= {self.dollars(0, TOP)}",
                         lambda: f"bookings > {self.dollars()} and bookings < {self.dollars(60000, TOP)}"])()

    def pay(self, text, clauses="", close=False):
        name = f"c{len(self.pays)}"
        self.pays.append((name, f"pay {name}{clauses} = {text}"))
        if close:
            self.close.add(name)
        return name

    # ---- forms

    def form_formula(self):
        self.pay(f"{percent(self.rate())} of {self.money(3)}", " on bookings")
        self.pay(self.money(2), " on bookings")

    def form_product(self):
        self.pay("line(attainment) of bookings")
        self.pay("$100 * attainment * attainment - $40 * attainment")

    def form_quotient(self):
        self.pay(f"$1,000 * (bookings / (bookings + {self.dollars(1, 90000)}))")

    def form_gate(self):
        self.pay(f"{self.money(1)} when {self.condition()}", " on bookings")

    def form_limits(self):
        name = self.pay(self.money(2), " on bookings", close=True)
        kind, span = self.r.choice(["cap", "floor"]), self.r.choice(["", " per quarter", " per year"])
        self.tail.append(f"{kind} {name} at {self.dollars(500, 9000)}{span}")

    def form_draw(self):
        name = self.pay(f"{percent(self.rate())} of {self.money(1)}", " on bookings", close=True)
        self.tail.append(f"draw d_{name} = {self.dollars(500, 5000)} against {name} recoverable")

    def form_to_date(self):
        self.pay("bookings through tiers of rep.quota", " cumulative over year", close=True)

    def form_stairs(self):
        self.pay(f"$10 * rounddown(bookings / ${self.r.choice([7000, 12500])})")
        self.pay("2% of round(bookings, -3)")

    def form_pool(self):
        r, name = self.r, f"p{len(self.pays)}"
        how = r.choice(["by contribution", "equally", "by bookings"])
        base = " on bookings" if how == "by contribution" else ""
        amount = f"{percent(self.rate())}" if base else self.dollars(100, 5000)
        self.pays.append((name, f"pool {name} per team{base} = {amount} split {how}"))
        self.close.add(name)

    def form_limited_pool(self):
        name = f"p{len(self.pays)}"
        self.pays.append((name, f"pool {name} per team on bookings = {percent(self.rate())} split by contribution, at most {self.dollars(100, 4000)} each"))
        self.close.add(name)

    def form_level_pool(self):
        name = f"p{len(self.pays)}"
        self.pays.append((name, f"pool {name} per team = {self.dollars(1000, 90000)} split to level bookings / $50"))
        self.close.add(name)

    def form_rank(self):
        self.head.append("table place_pay by place { from 1 | $500\n from 2 | $300\n from 3 | $100 }")
        self.pay("place_pay(rank(bookings by team))")
        self.pay("1% of total(bookings by team)")

    def form_rows(self):
        self.deal = True
        self.pay(f"{percent(self.rate())} of amount + (if amount > {self.dollars()} then {self.dollars(1, 900)} else $0)", " per booking", close=True)
        self.pay("tiers(attainment) of amount", " per booking", close=True)
        self.head.append("measure big = max of amount from booking")
        self.pay(f"{percent(self.rate())} of ifmissing(big, $0)")

    def form_running(self):
        self.deal = True
        self.pay(f"{percent(self.rate())} of max(min(amount, {self.dollars(20000, 90000)} - running(bookings)), $0)", " per booking", close=True)

    def form_used(self):
        """What a row gets depends on what the rows before it got."""
        self.deal = True
        self.head.append(f"measure used = sum of max(min(amount, {self.dollars(20000, 90000)} - running(used)), $0) from booking")
        self.pay(f"{percent(self.rate())} of used")

    def form_line_of(self):
        """The line of another row, which may be the one that varies."""
        self.deal = True
        self.head.append("credit again from deal where first is not missing to rep on closed_on amount deal.amount")
        name = self.pay(f"{percent(self.rate())} of amount", " per booking", close=True)
        self.pay(f"10% of ifmissing({name} of first, $0) + 1% of amount", " per again", close=True)

    def form_late(self):
        """The deal of January is entered in April, which pays what it changes of the months before."""
        self.late, self.months, self.deal = True, 4, False
        self.pay("bookings through tiers of rep.quota", " cumulative over year", close=True)
        self.pay(f"{percent(self.rate())} of {self.money(1)}", " on bookings", close=True)

    def held(self, clauses=""):
        """A component with parts of rows, which wait, are released, or are taken back."""
        r = self.r
        self.deal = r.random() < 0.5
        self.events = True
        per = self.deal and r.random() < 0.5
        text = r.choice(["tiers(attainment) of amount", f"{percent(self.rate())} of amount"]) if per else self.money(1)
        return self.pay(text, " per booking" if per else r.choice([" on bookings", " on bookings by booking"]), close=True)

    def form_hold(self):
        name = self.held()
        self.tail.append(f"hold {self.r.randint(5, 50)}% of {name} until deal.paid_on" + self.r.choice(["", f" when {self.condition()}"]))
        if self.r.random() < 0.5:
            self.tail.append(f"hold {self.r.randint(5, 40)}% of {name} until deal.closed_on + 20 days at (if ytd(bookings) > {self.dollars()} then 100% else 30%)")

    def form_release(self):
        name = self.held()
        self.tail.append(f"release {name} with receipt on day at receipt.part")
        if self.r.random() < 0.5:
            self.tail.append(f"clawback {name} as paid on refund.day at refund.part")

    def form_clawback(self):
        name = self.held()
        self.tail.append(f"clawback {name} as {self.r.choice(['paid', 'rated now'])} on refund.day at refund.part")
        if self.r.random() < 0.5:
            self.tail.append(f"hold {self.r.randint(5, 50)}% of {name} until deal.paid_on")

    def form_hook(self):
        """A function in Lua, which is only sampled."""
        self.deal = self.r.random() < 0.5
        self.head.append('function nearest(amount money, step money) money from lua "nearest.lua"')
        self.pay(f"nearest({percent(self.rate())} of {self.money(1)}, {self.dollars(1, 90)})", " on bookings")
        self.pay(f"{percent(self.rate())} of ytd(nearest(bookings, $100) by period) when {self.condition()}")

    # ---- files

    def policy(self):
        return "\n".join([
            'policy "Curves" effective from 2026-01-01 to 2026-12-31 currency USD period month',
            'payee rep from "reps.csv" { id text key  team text  quota money }',
            'data deal from "deals.csv" { id text key  rep rep  first deal optional  amount money  closed_on date  paid_on date optional  entered_on date optional }',
            *(['data receipt from "receipts.csv" { id text key  deal deal  day date  part number }',
               'data refund from "refunds.csv" { id text key  deal deal  day date  part number }'] if self.events else []),
            "credit booking from deal to rep on closed_on amount deal.amount" + (" known from entered_on" if self.late else ""),
            "measure bookings = sum of amount from booking", "measure attainment = bookings / rep.quota",
            *self.head, *[text for _, text in self.pays], *self.tail, ""])

    def write(self, amounts):
        """One payee for each amount."""
        reps, deals = [], []
        for i, x in enumerate(amounts):
            reps.append((f"a{i:04d}", f"t{i:04d}", decimal(self.quota)))
            deals += [(f"j{i:04d}", f"a{i:04d}", "", decimal(self.before), "2026-01-10"), (f"d{i:04d}", f"a{i:04d}", "", decimal(x), "2026-04-10"),
                      (f"e{i:04d}", f"a{i:04d}", f"d{i:04d}", decimal(self.after), "2026-05-10")]
            if self.deal:
                deals += [(f"b{i:04d}", f"a{i:04d}", f"d{i:04d}", "8000.00", "2026-04-05"), (f"f{i:04d}", f"a{i:04d}", "", "23000.50", "2026-04-20")]
            for key, first, then in MATES:
                reps.append((f"{key}{i:04d}", f"t{i:04d}", "60000.00"))
                deals += [(f"{key}j{i:04d}", f"{key}{i:04d}", "", decimal(first), "2026-01-11"), (f"{key}d{i:04d}", f"{key}{i:04d}", "", decimal(then), "2026-04-11")]
        save(self.folder, "policy.attain", self.policy())
        save(self.folder, "nearest.lua", "function nearest(amount, step) return step * (amount / step):floor() end\n")
        table(self.folder, "reps.csv", "id,team,quota", reps)
        later = random.Random(7)  # the same for each payee, as far as the curve goes
        paid = {c: later.choice(["", "2026-03-20", "2026-04-15", "2026-05-03", "2026-06-20"]) for c in "jdebfqr"}
        table(self.folder, "deals.csv", "id,rep,first,amount,closed_on,paid_on,entered_on",
              [(*d, paid[d[0][0]], "2026-04-12" if d[0][0] == "j" else "") for d in deals])
        for name in ("receipt", "refund"):
            rows = [(c, later.choice(["2026-02-10", "2026-04-02", "2026-04-28", "2026-05-09"]), later.choice(["0.2", "0.5", "0.9"])) for c in "jdbe" for _ in range(2)]
            known = {d[0] for d in deals}
            table(self.folder, name + "s.csv", "id,deal,day,part", [(f"{name}{k}-{i}", f"{c}{i:04d}", day, part) for i in range(len(amounts))
                                                                    for k, (c, day, part) in enumerate(rows) if f"{c}{i:04d}" in known])


# ---- curves

def number(text):
    return F(text)


class Curve:
    def __init__(self, curve):
        self.pieces = curve["pieces"]
        self.samples = {F(s["x"]): F(s["pay"]) if "pay" in s else F(0) for s in curve.get("samples", [])}

    def ends(self):
        """Where pieces begin, and the ends of the intervals of those that are not rational."""
        for p in self.pieces:
            yield from [F(p["from"])] if isinstance(p["from"], str) else map(F, p["from"]["between"])
        yield from self.samples

    def at(self, x):
        """The pay at x, or None where it is not known on which side of a number x is."""
        for p in self.pieces:
            inside = True
            for end, with_it, sign in ((p["from"], p["with_from"], 1), (p["to"], p["with_to"], -1)):
                if isinstance(end, str):
                    off = (x - F(end)) * sign
                    inside &= off > 0 or (off == 0 and with_it)
                else:
                    low, high = map(F, end["between"])
                    if low <= x <= high:
                        return "?"
                    inside &= x > high if sign > 0 else x < low
            if inside:
                if p["pay"] != "function":
                    return p["pay"]
                top, bottom = (sum((F(c) * x**k for k, c in enumerate(p[name])), F(0)) for name in ("numerator", "denominator"))
                return top / bottom
        return "nowhere"


def curve_of(attain, case, component):
    vary = "deal:d0000.amount" if case.deal else "bookings"
    span = ["--period", "2026-04"] if case.months == 4 else ["--from", "2026-04", "--through", "2026-05"]
    done = subprocess.run([attain, "curve", os.path.join(case.folder, "policy.attain"), "--data", case.folder, "--vary", vary, "--component", component,
                           "--between", f"0..{TOP}", "--payee", "a0000", "--sample", "12", "-f", "json", *span], capture_output=True, text=True, timeout=120)
    if done.returncode == 2 and "A1262" in done.stderr:  # x does not affect it
        return None
    if done.returncode:
        return f"curve ends with {done.returncode}: {done.stderr[:600]}"
    curves = json.loads(done.stdout)["versions"][0]["curves"]
    return Curve(curves[0]) if curves else None


def amounts_of(case, curves):
    cents = set()
    for curve in curves:
        for x in curve.ends():
            floor = (x * 100).numerator // (x * 100).denominator
            cents |= {floor - 1, floor, floor + 1, floor + 2}
    near = sorted(c for c in cents if 0 <= c <= TOP * 100)
    if len(near) > POINTS // 2:  # stairs have many
        near = case.r.sample(near, POINTS // 2)
    return [F(c, 100) for c in near] + [F(case.r.randint(0, TOP * 100), 100) for _ in range(POINTS)]


def differs(attain, case):
    case.write([F(20000)])
    curves = {}
    for name, _ in case.pays:
        curve = curve_of(attain, case, name)
        if isinstance(curve, str):
            return f"{name}: {curve}", 0
        if curve:
            curves[name] = curve
    amounts = amounts_of(case, curves.values())
    case.write(amounts)
    done = attain_run(attain, case.folder, "policy.attain", "--quiet", "--no-tests", "--through", "2026-05")
    if done.returncode not in (0, 4):
        return f"run ends with {done.returncode}: {done.stderr[:600]}", 0
    paid = {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        if row["payee"][0] == "a" and row["period"] in (["2026-04"] if case.months == 4 else ["2026-04", "2026-05"]):
            key = int(row["payee"][1:]), row["component"]
            paid[key] = paid.get(key, F(0)) + F(row["amount"])
    checked = 0
    for name, curve in curves.items():
        for i, x in enumerate(amounts):
            pay, own = curve.at(x), paid.get((i, name), F(0))
            if pay == "?" or (pay == "withheld" and own == 0):
                continue
            if x == 0 and case.events and not case.deal:  # a row of zero has no part; on the curve, rows are as they are
                continue
            if pay == "unknown" and curve.samples and "nearest.lua" in "".join(case.head):  # between samples, nothing is known
                if x in curve.samples and curve.samples[x] != own:
                    return f"{name} at {x}: the sample is {curve.samples[x]}, the run pays {own}", checked
                checked += x in curve.samples
                continue
            if isinstance(pay, str):
                return f"{name} at {x}: the curve is {pay}, the run pays {own}", checked
            off = abs(own - (rounded(pay) if case.months == 4 else pay))
            most = F(0) if case.months == 4 and name not in case.close else F(2, 100) if name in case.close else F(1, 100)
            if off > most:
                return f"{name} at {float(x)}: the curve gives {float(pay)}, the run pays {own}", checked
            checked += 1
    return None, checked


def main():
    parser = arguments(__doc__, 30)
    parser.add_argument("--form")
    options = parser.parse_args()
    return run_cases(options, "curves", "policies, {} payouts on curves", lambda seed, folder: Case(seed, folder, options.form), differs)


if __name__ == "__main__":
    sys.exit(main())
