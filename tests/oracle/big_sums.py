#!/usr/bin/env python3
"""tests/oracle/big_sums.py ATTAIN [--cases N] [--seed S]: sums of amounts that 64 bits do not hold, in every output format.

Each line of pay is near 2^63 cents, of either sign, so that nearly every sum of two lines is beyond 64 bits. Old and new differ by two
params and, in half of the cases, by the data. Lines, sums, differences, percentages and the parts of each edit are calculated here with
Python's integers and fractions, and looked up in what attain writes. A case that differs leaves its files behind and says where.
"""
import argparse
import csv
import io
import itertools
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction as F

MOST = 2**63 - 1  # cents of one line
PERIODS = ["2026-01", "2026-02", "2026-03"]
KINDS = ["a", "b", "c"]

POLICY = """policy "Big"
  version   {version}
  effective from 2026-01-01 to 2026-03-31
  currency  USD
  period    month
payee rep from "reps.csv" {{ id text key }}
data deal from "deals.csv" {{ id text key  rep rep  kind text  amount money  closed date }}
param p = {p}%
param q = {q}%
credit booking from deal to rep on closed amount deal.amount
measure all = sum of amount from booking
measure ma = sum of amount from booking where kind is "a"
measure mb = sum of amount from booking where kind is "b"
pay a = p * q * ma
pay b = p * mb
pay c per booking = 1 * amount when kind is "c"
pay d = 0% of all
"""


def half_up(x):
    """A fraction to a whole number, half away from zero."""
    n = (2 * abs(x.numerator) + x.denominator) // (2 * x.denominator)
    return n if x >= 0 else -n


def decimal(cents, commas=False, plus=False):
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else "+" if plus and cents > 0 else ""
    return f"{sign}{whole:,}.{rest:02d}" if commas else f"{sign}{whole}.{rest:02d}"


def percent(part, whole):
    """As a diff shows a change: one decimal, but never nothing for something, nor 100.0% for less."""
    if whole == 0:
        return ""
    exact = F(part, abs(whole)) * 100
    tenths = half_up(abs(exact) * 10)
    if tenths == 0 and exact != 0:
        text = "<0.1"
    else:
        if tenths == 1000 and abs(exact) < 100:
            tenths = 999
        text = f"{tenths // 10:,}.{tenths % 10}"
    return ("-" if exact < 0 else "+" if exact > 0 else "") + text + "%"


def lines_of(deals, p, q):
    """Cents by (payee, period, component)."""
    pays = {}
    for (rep, period, kind), amount in deals.items():
        rate = F(p, 100) * F(q, 100) if kind == "a" else F(p, 100) if kind == "b" else F(1)
        pays[rep, period, kind] = half_up(rate * amount)
    return pays


def parts_of(keys, versions, n):
    """Shapley values by key: versions[choice] holds the amounts; each part floored, then by largest remainder."""
    out = {}
    for key in keys:
        exact = [F(0)] * n
        for order in itertools.permutations(range(n)):
            made = 0
            for k in order:
                exact[k] += versions[made | 1 << k].get(key, 0) - versions[made].get(key, 0)
                made |= 1 << k
        exact = [x / math.factorial(n) for x in exact]
        parts = [x.numerator // x.denominator for x in exact]
        left = versions[(1 << n) - 1].get(key, 0) - versions[0].get(key, 0) - sum(parts)
        for i in sorted(range(n), key=lambda i: (parts[i] - exact[i], i))[:left]:
            parts[i] += 1
        out[key] = parts
    return out


def draw_amount(r):
    size = r.choice([MOST, MOST - r.randrange(1000), MOST - r.randrange(10**12), r.randrange(MOST), r.randrange(10**6)])
    return r.choice([1, 1, 1, -1]) * size


class Case:
    def __init__(self, attain, seed, folder):
        self.attain, self.folder = attain, folder
        r = self.r = random.Random(seed)
        self.reps = [f"r{i:02d}" for i in range(r.choice([2, 3, 17, 40]))]
        self.deals = [self.draw_deals(), None]
        self.two_data = r.random() < 0.5
        self.deals[1] = self.draw_deals() if self.two_data else self.deals[0]
        self.rates = [(100, 100), (r.choice([99, 50, 1]), r.choice([-100, -50, 99]))]
        os.makedirs(folder, exist_ok=True)
        for i, name in enumerate(("old", "new")):
            p, q = self.rates[i]
            self.write(f"{name}.attain", POLICY.format(version=i + 1, p=p, q=q))
            self.write(f"{name}/reps.csv", "id\n" + "".join(f"{rep}\n" for rep in self.reps))
            rows = [
                f"{rep}-{period}-{kind},{rep},{kind},{decimal(amount)},{period}-15\n"
                for (rep, period, kind), amount in self.deals[i].items()
            ]
            r.shuffle(rows)
            self.write(f"{name}/deals.csv", "id,rep,kind,amount,closed\n" + "".join(rows))

    def draw_deals(self):
        r = self.r
        keys = itertools.product(self.reps, PERIODS, KINDS)
        return {key: draw_amount(r) for key in keys if r.random() < 0.8}

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def run(self, *args, status=0):
        got = subprocess.run([self.attain, *args], cwd=self.folder, capture_output=True, text=True, timeout=120)
        self.say(got.returncode == status, f"{' '.join(args)}: exit status {got.returncode}, not {status}\n{got.stderr}")
        return got.stdout

    def say(self, holds, what):
        if not holds:
            raise AssertionError(what)

    def has(self, text, *wanted):
        for want in wanted:
            self.say(want in text, f"not found: {want}")

    def check_run(self, i, name):
        pays = {key: cents for key, cents in lines_of(self.deals[i], *self.rates[i]).items() if cents}
        policy, data = f"{name}.attain", ["--data", name]
        want = [
            [rep, period, kind, f"{rep}-{period}-{kind}" if kind == "c" else "", decimal(cents), "USD"]
            for (rep, period, kind), cents in sorted(pays.items())
        ]
        got = list(csv.reader(io.StringIO(self.run("run", policy, *data, "--format", "csv"))))[1:]
        self.say(got == want, f"run --format csv of {name}")
        by_payee = {rep: sum(c for k, c in pays.items() if k[0] == rep) for rep in {k[0] for k in pays}}
        by_kind = {kind: sum(c for k, c in pays.items() if k[2] == kind) for kind in KINDS}
        total = sum(pays.values())
        out = json.loads(self.run("run", policy, *data, "--format", "json"))
        self.say({p["payee"]: p["amount"] for p in out["payees"]} == {k: decimal(v) for k, v in by_payee.items()}, "payees")
        self.say({c["component"]: c["amount"] for c in out["components"]} == {"d": "0.00", **{k: decimal(v) for k, v in by_kind.items()}}, "sums")
        self.say(out["totals"] == [{"amount": decimal(total), "currency": "USD"}], "totals")
        table = self.run("run", policy, *data)
        self.has(table, f"Paid: {decimal(total, True)} USD to {len(by_payee)} payees in {len(pays)} lines, up to ")
        self.has(table, *[decimal(v, True) for v in [*by_payee.values(), *by_kind.values()]])
        for period in PERIODS:
            self.has(table, decimal(sum(c for k, c in pays.items() if k[1] == period), True))
        self.check_explained(policy, data, pays, by_payee)

    def check_explained(self, policy, data, pays, by_payee):
        self.has(self.run("explain", policy, *data, "--verify"), " 0 that do not add up")
        rep = self.r.choice(sorted(by_payee))
        money = lambda cents: f"{'-' if cents < 0 else ''}${decimal(abs(cents), True)}"
        cells = {p: sum(c for k, c in pays.items() if k[:2] == (rep, p)) for p in PERIODS}
        text = self.run("explain", policy, *data, "--payee", rep)
        self.has(text, *[f"{rep}, {p}: {money(cents)}" for p, cents in cells.items()])
        text = self.run("explain", policy, *data, "--payee", rep, "--format", "md")
        self.has(text, *[f"{money(cents)}".replace("-", "") for cents in cells.values()])
        out = json.loads(self.run("explain", policy, *data, "--payee", rep, "--format", "json"))
        self.say({s["period"]: s["amount"] for s in out} == {p: decimal(c) for p, c in cells.items()}, "explain json")
        page = self.run("statement", policy, *data, "--payee", rep)
        self.has(page, *[money(c) for c in [*cells.values(), by_payee[rep]]])

    def check_diff(self):
        old, new = (lines_of(self.deals[i], *self.rates[i]) for i in (0, 1))
        keys = sorted(k for k in {*old, *new} if old.get(k, 0) or new.get(k, 0))
        delta = {k: new.get(k, 0) - old.get(k, 0) for k in keys}
        args = ["diff", "old.attain", "new.attain", "--data", "new"]
        if self.two_data:
            args += ["--old-data", "old"]
        n = 3 if self.two_data else 2
        rates = list(zip(*self.rates))
        versions = [
            lines_of(self.deals[1 if not self.two_data else choice >> 2 & 1], rates[0][choice & 1], rates[1][choice >> 1 & 1])
            for choice in range(1 << n)
        ]
        parts = parts_of(keys, versions, n)
        got = [row[:3] + row[3:] for row in list(csv.reader(io.StringIO(self.run(*args, "--format", "csv"))))[1:]]
        want = [[*k, decimal(old.get(k, 0)), decimal(new.get(k, 0)), decimal(delta[k])] for k in keys if delta[k]]
        self.say(got == want, "diff --format csv")
        got = [[*row[:3], row[4]] for row in list(csv.reader(io.StringIO(self.run(*args, "--attribution", "--format", "csv"))))[1:]]
        want = [[*k, decimal(part)] for k in keys for part in parts[k] if part]
        self.say(got == want, "diff --attribution --format csv")
        out = json.loads(self.run(*args, "--attribution", "--format", "json"))
        totals = [sum(old.values()), sum(new.values())]
        credited = [sum(d.values()) for d in self.deals]
        self.say([out["credited_old"], out["credited_new"]] == [decimal(c) for c in credited], "credited")
        self.say([out[k] for k in ("old", "new", "delta")] == [decimal(x) for x in [*totals, totals[1] - totals[0]]], "totals")
        self.say([c["amount"] for c in out["causes"]] == [decimal(sum(parts[k][i] for k in keys)) for i in range(n)], "causes")
        self.say([row["parts"] for row in out["rows"]] == [[decimal(x) for x in parts[k]] for k in keys], "parts")
        pays = {rep: [sum(v for k, v in x.items() if k[0] == rep) for x in (old, new)] for rep in self.reps}
        kinds = {kind: [sum(v for k, v in x.items() if k[2] == kind) for x in (old, new)] for kind in KINDS}
        cells = {
            (rep, p): [sum(v for k, v in x.items() if k[:2] == (rep, p)) for x in (old, new)] for rep in self.reps for p in PERIODS
        }
        more = sum(b > a for a, b in pays.values())
        less = sum(b < a for a, b in pays.values())
        self.say([out["more"], out["less"]] == [more, less], "who gets more")
        change = totals[1] - totals[0]
        share = percent(change, totals[0])
        head = f"{decimal(change, True, True)}" + (f" ({share})" if share else "")
        named = [f"{rep}" for rep in self.reps]
        table = " ".join(self.run(*args, "--attribution").split())  # its paragraphs are wrapped
        self.has(table, f"pay {decimal(totals[0], True)} → {decimal(totals[1], True)}, {head}")
        cost = " → ".join(percent(t if c > 0 else -t, c).lstrip("+") for t, c in zip(totals, credited))
        self.has(table, f"cost of commission (share of credited sales): {cost} ")
        markdown = self.run(*args, "--attribution", "--format", "md")
        self.has(markdown, f"**, {decimal(totals[0], True)} USD → {decimal(totals[1], True)} USD, {head}, up to ")
        page = self.run(*args, "--format", "html")
        rows = [c for c in (re.findall(r'<td class="num([^"]*)">([^<]*)</td>', row) for row in re.findall(r"<tr>.*?</tr>", page)) if len(c) > 2]
        for a, b in [*kinds.values(), *(pays[rep] for rep in named[:20] if pays[rep][0] != pays[rep][1])]:
            row = [decimal(a, True), decimal(b, True), decimal(b - a, True, True)]
            kind = " up" if b > a else " down"
            self.say(a == b or any(c[0] == (kind, row[2]) and [x[1] for x in c[-2:]] == row[:2] for c in rows), f"not in a row of the page: {row}")
            if len(self.reps) <= 20:
                self.has(table, " ".join(row))
                self.has(markdown, " | ".join(row))
        for rep, (a, b) in pays.items():
            self.has(page, f'data-old="{a}" data-new="{b}"')
            if a != b and len(self.reps) <= 20 and a:
                self.has(markdown, f"| {decimal(b - a, True, True)} | {percent(b - a, a)} |".replace("<", "&lt;"))
        for i in range(n):
            amount = decimal(sum(parts[k][i] for k in keys), True, True)
            self.has(table, amount)
            self.has(markdown, amount)
            self.has(page, amount)
        self.check_limits(args, totals, pays, cells, change)

    def check_limits(self, args, totals, pays, cells, change):
        args = [*args, "--format", "csv"]
        exact = decimal(change)
        self.run(*args, "--fail-if", f"total > {exact}", "--fail-if", f"total < {exact}")
        self.run(*args, "--fail-if", f"total >= {exact}", status=6)
        self.run(*args, "--fail-if", f"total <= {exact}", status=6)
        changes = [b - a for a, b in [*pays.values(), *cells.values()]]
        self.run(*args, "--fail-if", f"any payee > {decimal(max(changes + [0]))}")
        self.run(*args, "--fail-if", f"any payee >= {decimal(max(changes))}", status=6)
        self.run(*args, "--fail-if", f"any payee < {decimal(min(changes + [0]))}")
        self.run(*args, "--fail-if", f"any payee <= {decimal(min(changes))}", status=6)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("attain")
    parser.add_argument("--cases", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    base = tempfile.mkdtemp(prefix="attain-big-")
    for i in range(options.cases):
        folder = os.path.join(base, f"case-{i}")
        case = Case(os.path.abspath(options.attain), options.seed * 1000003 + i, folder)
        try:
            case.check_run(0, "old")
            case.check_run(1, "new")
            case.check_diff()
        except AssertionError as wrong:
            print(f"case {i} (its files are in {folder}): {wrong}")
            sys.exit(1)
    shutil.rmtree(base)
    print(f"{options.cases} cases of sums beyond 64 bits: all as calculated with Python's integers")


main()
