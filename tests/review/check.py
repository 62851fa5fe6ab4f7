#!/usr/bin/env python3
"""tests/review/check.py ATTAIN: a made-up change of pay, as reviewers see it.

For several seeds, pay by person, quarter, and component, the sums by role, and the Shapley value of each edit are
calculated here, from the numbers of generate.py, with fractions and over all orders of the five edits. They must be equal
to what `diff` writes, and the first screen of each format must show who loses, how much, and by which edit.
"""
import csv
import html
import io
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
from fractions import Fraction

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import generate  # noqa: E402

SEEDS = (1, 2, 3)
# The edits in the order of the policy: (name, old, new).
EDITS = (("rate", Fraction(10, 100), Fraction(94, 1000)), ("over", Fraction(6, 100), Fraction(5, 100)),
         ("gate", Fraction(1), Fraction(105, 100)), ("override", Fraction(2, 100), Fraction(24, 1000)),
         ("cap", 2000, 1500))


def cents(amount):
    """Rounds halves up, as a payout line is rounded."""
    return (amount * 200 + 1) // 2


def pay(case, numbers):
    """In cents, by person, quarter, and component."""
    rows, quotas, deals = case
    lines = {}
    for person, _, role, _, _ in rows:
        team = {r[0] for r in rows if r[4] == person}
        for quarter in generate.QUARTERS:
            own = sum(d[2] for d in deals if d[1] == person and d[3] == quarter)
            of_team = sum(d[2] for d in deals if d[1] in team and d[3] == quarter)
            quota = quotas.get((person, quarter), 0)
            at = lambda component: (person, f"2026-Q{quarter}", component)
            if role == "account executive":
                lines[at("commission")] = cents(own * numbers["rate"])
                lines[at("accelerator")] = cents(min(max(own - quota, 0) * numbers["over"], numbers["cap"]))
                lines[at("bonus")] = 300000 if quota > 0 and own >= quota * numbers["gate"] else 0
            elif role == "manager":
                lines[at("override")] = cents(of_team * numbers["override"])
            else:
                lines[at("support")] = cents(own * Fraction(3, 100))
    return lines


def versions(case):
    """Pay of each choice of edits, by the set of their indexes."""
    out = {}
    for size in range(len(EDITS) + 1):
        for chosen in itertools.combinations(range(len(EDITS)), size):
            numbers = {name: new if i in chosen else old for i, (name, old, new) in enumerate(EDITS)}
            out[frozenset(chosen)] = pay(case, numbers)
    return out


def shapley(total):
    """The mean effect of each edit over all orders; `total` by set of edits."""
    orders = list(itertools.permutations(range(len(EDITS))))
    sums = [Fraction(0)] * len(EDITS)
    for order in orders:
        done = frozenset()
        for edit in order:
            sums[edit] += total[done | {edit}] - total[done]
            done |= {edit}
    return [s / len(orders) for s in sums]


class Check:
    def __init__(self, attain, seed, folder):
        self.attain, self.seed, self.folder, self.failed, self.passed = attain, seed, folder, 0, 0
        self.case = generate.case(seed)
        self.versions = versions(self.case)
        self.old, self.new = self.versions[frozenset()], self.versions[frozenset(range(len(EDITS)))]
        self.role = {row[0]: row[2] for row in self.case[0]}
        generate.write(seed, folder)

    def that(self, name, good, why=""):
        self.passed += bool(good)
        if not good:
            self.failed += 1
            print(f"FAILED seed {self.seed}: {name}\n    {why}")

    def same(self, name, got, expected):
        self.that(name, got == expected, f"got      {got}\n    expected {expected}")

    def run(self, *arguments, new="new.attain", status=0):
        got = subprocess.run([self.attain, "diff", "old.attain", new, *arguments], cwd=self.folder, capture_output=True,
                             text=True, check=False)
        self.that(f"exit status of {' '.join(arguments)}", got.returncode == status, f"{got.returncode}: {got.stderr}")
        return got.stdout

    def change(self, role):
        """(old, new, how many) of the people of a role."""
        keys = [k for k in self.old if self.role[k[0]] == role]
        return sum(self.old[k] for k in keys), sum(self.new[k] for k in keys), len({k[0] for k in keys})

    def story(self):
        """What the case is about: it must not change unnoticed."""
        for role, people, low, high in (("manager", 4, 0.19, 0.21), ("account executive", 55, -0.09, -0.07)):
            old, new, n = self.change(role)
            self.that(f"{role}: about as described", n == people and low <= (new - old) / old <= high, (old, new, n))
        total = sum(self.old.values()), sum(self.new.values())
        self.that("a small net", -0.06 < (total[1] - total[0]) / total[0] < -0.03, total)

    def amounts(self):
        rows = csv.DictReader(io.StringIO(self.run("--format", "csv")))
        got = {(r["payee"], r["period"], r["component"]): (r["old"], r["new"]) for r in rows}
        text = lambda minor: f"{minor // 100}.{minor % 100:02}"
        self.same("every difference", got, {k: (text(self.old[k]), text(self.new[k])) for k in self.old
                                            if self.old[k] != self.new[k]})

    def effects(self):
        total = {chosen: sum(lines.values()) for chosen, lines in self.versions.items()}
        causes = json.loads(self.run("--attribution", "--format", "json"))["causes"]
        got = [Fraction(c["amount"]) * 100 for c in causes]
        # An effect is divided among rows by whole cents, so it may differ by less than a cent for each.
        for edit, (one, other) in enumerate(zip(got, shapley(total))):
            self.that(f"effect of edit {edit + 1}", abs(one - other) <= 60, (float(one), float(other)))
        self.same("effects add up", sum(got), sum(self.new.values()) - sum(self.old.values()))


    def first_screens(self):
        """The first screen of each format names who loses and who gains, how much, and by which edit."""
        money = lambda minor: f"{'-' if minor < 0 else ''}{abs(minor) // 100:,}.{abs(minor) % 100:02}"
        ae, manager = self.change("account executive"), self.change("manager")
        total = {chosen: sum(lines.values()) for chosen, lines in self.versions.items()}
        effects = shapley(total)
        worst, best = effects.index(min(effects)), effects.index(max(effects))
        wanted = ["55", "account executive", money(ae[0] - ae[1]), "4", "manager", money(manager[1] - manager[0]),
                  "①②③④⑤"[worst], "①②③④⑤"[best]]
        zero = [r[0] for r in self.case[0] if r[2] == "account executive" and (r[0], 2) not in self.case[1]]
        for form, screen in SCREENS.items():
            text = screen(self.run("--format", form))
            for part in wanted:
                self.that(f"{form}: {part} on the first screen", part in text, text)
            line = screen(self.run("--format", form, new="zero.attain", status=4)).split("\n\n")[0]
            for part in ["③"] + zero:
                self.that(f"{form}: {part} in the verdict of a division by zero", part in line, line)
        # Every written format has every limit, with its bound and its value, also if standard error is lost.
        limits = ("total < -1%", "any payee < -50%", "withheld > 0")
        for form in SCREENS:
            asked = [word for limit in limits for word in ("--fail-if", limit)]
            text = html.unescape(self.run("--format", form, *asked, status=6)).replace("\\", "")
            for limit in limits:
                self.that(f"{form}: the limit {limit}", limit in text, text[:2000])


def plain(page):
    """The text of the decision block of a page."""
    block = page[page.index('<section id="decision"'):]
    block = block[:block.index("</section>")]
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"</(h2|p)>", "\n\n", block)))


# What a reader sees first: 24 lines of 80 columns, the first lines of a comment on a pull request, the block of a page
# (tests/web measures it in a browser), and the first members of an object.
SCREENS = {
    "table": lambda text: re.sub(r"\n(?!\n)", " ", "\n".join(text.split("\n")[:24])).replace("  ", "\n\n"),
    "md": lambda text: "\n".join(text.split("\n")[:14]),
    "html": plain,
    "json": lambda text: "\n".join(text.split("\n")[2:7]).replace(",\n", ",\n\n"),
}


def many(attain):
    """20,000 payees: every format for people stays small, and names the CSV, which has everything."""
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        generate.write(4, folder, 19995)
        for form, most, told in (("html", 5_000_000, "--format csv"), ("md", 65_000, "--format csv"), ("table", 65_000, "--format csv"),
                                 ("csv", None, "payee,period,component,old,new,delta")):
            got = subprocess.run([attain, "diff", "old.attain", "new.attain", "--format", form], cwd=folder, capture_output=True,
                                 check=False)
            text = got.stdout.decode()
            good = got.returncode == 0 and (most is None or len(got.stdout) < most) and told in text
            good = good and (form != "csv" or len({line.split(",")[0] for line in text.splitlines()}) == 20000)
            passed, failed = passed + good, failed + (not good)
            if not good:
                print(f"FAILED 20,000 payees, {form}: {len(got.stdout)} bytes, status {got.returncode}: {got.stderr.decode()}")
    return passed, failed


def main():
    attain = os.path.abspath(sys.argv[1])
    passed, failed = many(attain)
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            check = Check(attain, seed, folder)
            check.story()
            check.amounts()
            check.effects()
            check.first_screens()
            passed, failed = passed + check.passed, failed + check.failed
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
