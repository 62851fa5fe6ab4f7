#!/usr/bin/env python3
"""tests/oracle/past.py ATTAIN [--cases N] [--seed S]: random policies whose measures and components read their own past.

Each case draws measures and components that refer to one another. A reference to the same period leads to an earlier statement only. A
reference to the period before (`prior`) may lead to any, also to the statement itself. Rows of a credit may depend on the rows before them
(`running`). This file calculates what is due with Python's fractions, period by period, from the definitions in the reference and nothing of
the program's. Every line of the output must agree, byte for byte, for a random number of threads, and `explain --verify` must agree. A case
that differs leaves its files behind.
"""
import random
import shutil
import sys
import tempfile
from fractions import Fraction as F

from common import Withheld, allotted, arguments, attain_run, decimal, first_difference, rounded, save, table, verified


def money(x):
    sign = "-" if x < 0 else ""
    return f"{sign}${abs(x) // 100:,}.{abs(x) % 100:02d}"


# ---- expressions: (text, function of the world and the cell). A cell is a payee or a group, and a period.

class Case:
    def __init__(self, seed):
        self.r = r = random.Random(seed)
        self.n_periods = r.choice([1, 2, 5, 12, 15, 30])
        self.payees = [f"p{i}" for i in range(r.randint(1, 5))]
        self.team = {p: r.choice("xyz") for p in self.payees}
        self.base = {p: r.choice([0, 0, 100, 2500]) * 100 for p in self.payees}
        self.deals = []
        for i in range(r.choice([0, 3, 20, 60])):
            month, day = r.randrange(self.n_periods), r.choice([1, 1, 5, 9, 28])
            self.deals.append((f"d{r.randrange(10**6):06d}-{i}", r.choice(self.payees), r.randint(-300, 3000) * 10, month, day))
        self.memo = {}
        self.longest = 0  # bits of a denominator: numbers of more than 10,000 digits are too large for attain (LIMITS.md)
        self.measures = []  # (name, text, function, of_group)
        self.components = []  # (name, statement, function in cents)
        self.draw_rows()
        self.names = [f"m{i}" for i in range(r.randint(1, 5))]
        self.payee_only = set()
        texts = [self.draw_measure(i) for i in range(len(self.names))]
        self.spread_payee_only()
        self.measure_texts = [f"measure {n} = {t}" for n, t in zip(self.names, texts)]
        self.draw_components()

    # ---- values

    def value(self, name, who, period):
        key = (name, who, period)
        if key not in self.memo:
            try:
                self.memo[key] = self.functions[name](who, period)
            except Withheld:
                self.memo[key] = None
        if self.memo[key] is None:
            raise Withheld
        self.longest = max(self.longest, self.memo[key].denominator.bit_length())
        return self.memo[key]

    def members(self, who):
        """A payee alone, or the payees of a team; `*` is everyone."""
        if who in self.team:
            return [who]
        return [p for p in self.payees if who == "*" or self.team[p] == who[1:]]

    def bookings(self, who, period):
        return F(sum(a for _, p, a, m, _ in self.deals if p in self.members(who) and m == period))

    # ---- rows

    def draw_rows(self):
        """Measures of a credit: limited by what the rows before used up."""
        r = self.r
        self.functions = {"bookings": self.bookings}
        self.row_texts = ["measure bookings = sum of amount from booking"]
        cap, least, most = r.choice([1000, 5000, 20000]), r.choice([-500, 0]), r.choice([1, 2, 4])
        kind = r.choice(["none", "one", "two", "count", "divide"])
        rows = {"used": [], "freed": []}
        if kind == "one":
            self.row_texts.append(f"measure used = sum of max({money(least)}, min(amount, {money(cap)} - running(used))) from booking")
            rows["used"] = lambda a, before: max(F(least), min(F(a), cap - before["used"]))
        elif kind == "two":
            self.row_texts.append(f"measure used = sum of min(amount, {money(cap)} - running(used) + running(freed)) from booking")
            self.row_texts.append("measure freed = sum of 10% of max($0, running(used) - amount) from booking")
            rows["used"] = lambda a, before: min(F(a), cap - before["used"] + before["freed"])
            rows["freed"] = lambda a, before: max(F(0), before["used"] - a) / 10
        elif kind == "count":
            self.row_texts.append(f"measure used = count from booking where running(used) < {most} and amount > {money(least)}")
            rows["used"] = lambda a, before: F(1) if before["used"] < most and a > least else F(0)
        elif kind == "divide":  # by zero where the rows before gave what this row takes away
            self.deals = [(k, p, r.choice([-1000, 0, 1000, 2000]), m, d) for k, p, _, m, d in self.deals]
            self.row_texts.append("measure used = sum of amount * max(-1, min(1, $10 / (running(used) + amount))) from booking")

            def part(a, before):
                if before["used"] + a == 0:
                    raise Withheld
                return a * max(F(-1), min(F(1), 1000 / (before["used"] + a)))
            rows["used"] = part
        self.row_kind, self.rows = kind, {n: f for n, f in rows.items() if f}
        for name in self.rows:
            self.functions[name] = lambda who, period, name=name: sum((self.cell_rows(p, period)[name] for p in self.members(who)), F(0))

    def cell_rows(self, payee, period):
        before = {n: F(0) for n in self.rows}
        for _, _, a, _, _ in sorted((d for d in self.deals if d[1] == payee and d[3] == period), key=lambda d: (d[4], d[0])):
            gave = {n: f(a, before) for n, f in self.rows.items()}
            before = {n: before[n] + gave[n] for n in self.rows}
        return before

    # ---- formulas

    def draw(self, i, depth):
        """(text, function) of money; `i`: only measures before it may be used in the same period."""
        r = self.r
        kind = r.choice(["bookings", "const", "prior", "prior", "prior", "now", "base", "total", "year", "used"] if depth == 0 else
                        ["add", "sub", "sub", "max", "min", "times", "if", "ratio", "prior", "bookings"])
        if kind == "const":
            c = r.choice([0, 10000, 33333, -5000, 250])
            return money(c), lambda w, p: F(c)
        if kind == "prior":
            return self.prior(r.choice(self.names))
        if kind == "now" and i > 0:
            name = self.names[r.randrange(i)]
            self.uses.add(name)
            return name, lambda w, p: self.value(name, w, p)
        if kind == "base" and self.rich:
            return "base", lambda w, p: F(sum(self.base[m] for m in self.members(w)))
        if kind == "total" and self.rich:
            return self.total(i)
        if kind == "year":
            return self.year(r.choice(self.names))
        if kind == "used" and self.rows and self.row_kind != "count":
            name = r.choice(list(self.rows))
            return name, lambda w, p: self.value(name, w, p)
        if depth == 0 or kind == "bookings":
            return "bookings", self.bookings
        return self.operator(kind, i, depth)

    def operator(self, kind, i, depth):
        r = self.r
        at, a = self.draw(i, depth - 1)
        bt, b = self.draw(i, depth - 1)
        if kind == "times":
            rate = r.choice([10, 50, 90, 100, 33])
            return f"{rate}% of ({at})", lambda w, p: F(rate, 100) * a(w, p)
        if kind == "ratio":
            ct, c = self.draw(i, 0)
            if bt == money(0):  # a division by a literal zero is an error of the policy
                bt, b = "bookings", self.bookings

            def ratio(w, p):
                x, y, z = a(w, p), b(w, p), c(w, p)
                if y == 0:
                    raise Withheld
                return x * max(F(-2), min(F(2), z / y))
            return f"({at}) * max(-2, min(2, ({ct}) / ({bt})))", ratio
        if kind == "if":
            ct, c = self.draw(i, 0)
            return f"(if {ct} > {money(1000)} then {at} else {bt})", lambda w, p: a(w, p) if c(w, p) > 1000 else b(w, p)
        if kind in ("max", "min"):
            f = max if kind == "max" else min
            return f"{kind}({at}, {bt})", lambda w, p: f(a(w, p), b(w, p))
        if kind == "add":
            return f"({at} + {bt})", lambda w, p: a(w, p) + b(w, p)
        return f"({at} - ({bt}))", lambda w, p: a(w, p) - b(w, p)

    def prior(self, name):
        back, c = self.r.choice([1, 1, 1, 2, 3]), self.r.choice([0, 0, 5000])
        self.uses.add(name)
        n = "" if back == 1 and self.r.random() < 0.8 else f", {back}"
        return f"ifmissing(prior({name}{n}), {money(c)})", lambda w, p: self.value(name, w, p - back) if p >= back else F(c)

    def year(self, name):
        """The sum of the values of the year to date, in the period before. The first period of a year reads the whole year before."""
        self.uses.add(name)
        return (f"ifmissing(prior(ytd({name} by period)), $0)",
                lambda w, p: sum((self.value(name, w, q) for q in range((p - 1) // 12 * 12, p)), F(0)) if p > 0 else F(0))

    def total(self, i):
        """The team's sum of a measure before this one, or of any measure in the period before."""
        r = self.r
        by, group = r.choice([(" by team", lambda w: "@" + self.team.get(w, w[1:])), ("", lambda w: "*")])
        if by:
            self.payee_only.add(self.names[i])  # everyone has no team
        if i > 0 and r.random() < 0.5:
            name = self.names[r.randrange(i)]
            self.uses.add(name)
            return f"total(sum({name} by member){by})", lambda w, p: sum((self.value(name, m, p) for m in self.members(group(w))), F(0))
        name = r.choice(self.names)
        self.uses.add(name)
        return (f"ifmissing(prior(total(sum({name} by member){by})), $0)",
                lambda w, p: sum((self.value(name, m, p - 1) for m in self.members(group(w))), F(0)) if p > 0 else F(0))

    def draw_measure(self, i):
        """Every measure has `bookings` in it, so that its value to date is a sum over the periods."""
        self.uses, self.rich = set(), self.r.random() < 0.5
        text, f = self.draw(i, self.r.choice([1, 2, 2, 3]))
        keep = self.r.choice([1, 10, 50])
        limit = self.r.choice([10**6, 10**7])
        g = lambda w, p: max(F(-limit), min(F(limit), f(w, p) + F(keep, 100) * self.bookings(w, p)))
        name = self.names[i]
        self.functions[name] = g
        self.of = getattr(self, "of", {})
        self.of[name] = self.uses
        return f"max({money(-limit)}, min({money(limit)}, {text} + {keep}% of bookings))"

    def spread_payee_only(self):
        """A measure that uses one that needs a team needs a team, too."""
        again = True
        while again:
            again = False
            for name, uses in self.of.items():
                if name not in self.payee_only and uses & self.payee_only:
                    self.payee_only.add(name)
                    again = True

    # ---- components

    def pay(self, name, statement, f):
        """Components are rounded; other formulas see the rounded amount."""
        self.functions[name] = lambda w, p: F(cents_of(f(w, p))) if w in self.team else sum((self.value(name, m, p) for m in self.members(w)), F(0))
        self.components.append(name)
        self.statements.append(statement)

    def draw_components(self):
        r = self.r
        self.statements = []
        for i, name in enumerate(self.names):
            if r.random() < 0.6:
                self.pay(f"c{i}", f"pay c{i} = {name}", lambda w, p, name=name: self.value(name, w, p))
        if r.random() < 0.7:
            limit = r.choice([0, 3000, 77777])
            self.pay("own", f"pay own = min(10% of bookings, {money(limit)} - ifmissing(prior(own), $0))",
                     lambda w, p: min(self.bookings(w, p) / 10, F(limit) - (self.value("own", w, p - 1) if p else 0)))
        if self.rows:
            self.statements.append(f"pay row = {'$1 * used' if self.row_kind == 'count' else 'used'}")
            self.components.append("row")
            unit = 100 if self.row_kind == "count" else 1
            self.functions["row"] = lambda w, p: F(cents_of(self.value("used", w, p) * unit))
        if r.random() < 0.7:
            name, by = r.choice(self.names), r.choice([" per team", ""])
            self.pool(by, name, r.random() < 0.5 or (not by and name in self.payee_only))
        if not self.components:
            self.pay("c", "pay c = bookings", self.bookings)

    def pool(self, by, name, summed):
        """The amount of the group less half of what the pool gave before; equal shares."""
        text = f"sum({name} by member)" if summed else f"recalculated({name})"
        self.statements.append(f"pool pot{by} = {text} - 50% of ifmissing(prior(pot), $0) split equally")
        self.components.append("pot")
        group = (lambda w: "@" + self.team[w]) if by else (lambda w: "*")

        def share(w, p):
            g = group(w)
            before = sum((self.value("pot", m, p - 1) for m in self.members(g)), F(0)) if p else F(0)
            now = sum((self.value(name, m, p) for m in self.members(g)), F(0)) if summed else self.value(name, g, p)
            parts = allotted(cents_of(now - before / 2), [1] * len(self.members(g)))
            return F(parts[sorted(self.members(g)).index(w)])
        self.functions["pot"] = share

    # ---- files

    def policy(self):
        return "\n".join([
            'policy "Past"', "  effective from 2026-01-01 to 2029-12-31", "  currency USD", "  period month", "",
            'payee rep from "reps.csv" { id text key  team text  base money }',
            'data deal from "deals.csv" { id text key  rep rep  amount money  closed_on date }',
            "credit booking from deal to rep on closed_on amount deal.amount", ""] + self.row_texts + self.measure_texts + self.statements) + "\n"

    def write(self, folder):
        def month(m):
            return f"{2026 + m // 12}-{m % 12 + 1:02d}"
        save(folder, "policy.attain", self.policy())
        table(folder, "reps.csv", "id,team,base", [(p, self.team[p], decimal(F(self.base[p], 100))) for p in self.payees])
        table(folder, "deals.csv", "id,rep,amount,closed_on",
              [(k, p, decimal(F(a, 100)), f"{month(m)}-{d:02d}") for k, p, a, m, d in self.deals])
        last = max((m for _, _, _, m, _ in self.deals), default=0)  # without rows, the first period
        lines, withheld = [], 0
        for p in sorted(self.payees):
            for m in range(last + 1):
                try:
                    amounts = [(c, self.value(c, p, m)) for c in self.components]
                except Withheld:
                    withheld += 1
                    continue
                lines += [f"{p},{month(m)},{c},,{decimal(a / 100)},USD" for c, a in
                          amounts if a != 0]
        return lines, withheld


def cents_of(x):
    """Amounts are in cents here, so a component is rounded to a whole number."""
    return int(rounded(x, unit=F(1)))


def run(attain, seed, explain):
    folder = tempfile.mkdtemp(prefix=f"past-{seed}-")
    case = Case(seed)
    lines, withheld = case.write(folder)
    through = [] if case.deals else ["--through", "2026-01"]  # no row shows how far to pay
    threads = str(random.Random(seed).choice([1, 2, 4]))
    done = attain_run(attain, folder, "policy.attain", "--quiet", "--threads", threads, *through)
    if case.longest > 12000:  # a product of such numbers can be too large
        shutil.rmtree(folder)
        return True, withheld
    want, got = "\n".join(lines), "\n".join(done.stdout.splitlines()[1:])
    fault = None
    if done.returncode != (4 if withheld else 0) or got != want:
        fault = done.stderr[:2000] + first_difference(want, got)
    elif explain and case.deals:
        fault = verified(attain, folder, "policy.attain", "--all")
    if fault:
        print(f"case {seed} in {folder} differs (exit status {done.returncode}): {fault}")
        return False, withheld
    shutil.rmtree(folder)
    return True, withheld


def main():
    options = arguments(__doc__, 150).parse_args()
    failed = withheld = 0
    for seed in range(options.seed, options.seed + options.cases):
        good, w = run(options.attain, seed, seed % 3 == 0)
        failed += not good
        withheld += w
        if failed > 3:
            break
    print(f"past: {options.cases} policies, {withheld} payouts withheld, {failed} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
