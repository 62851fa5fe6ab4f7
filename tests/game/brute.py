#!/usr/bin/env python3
"""tests/game/brute.py ATTAIN [--cases N] [--seed S]: what choices for deals gain, by brute force.

Each case is a random policy of tests/oracle/policies.py, or a simpler one of this file, with a few deals. This file lists the choices for each deal by itself, writes the data
with each of them, runs it with `attain run`, and takes the difference of what the owner and all others are paid. `attain game` must give the
same gains, to the cent, for the same choices, and no others.
"""
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from fractions import Fraction as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))
from common import arguments, table  # noqa: E402
from policies import Case  # noqa: E402

KINDS = ("period", "split", "merge", "owner")
MOST = 10


class Small(Case):
    """A case with at most `most` deals, whose amounts are all positive in half of the cases."""

    def draw_rows(self):
        super().draw_rows()
        self.deals = self.deals[: self.forms.choice([1, 4, 9, 14])]
        scale = self.forms.choice([None, 1000, 100000])  # near the thresholds of the tables
        for deal in self.deals:
            if scale:
                deal["amount"] = F(self.forms.randint(1, scale * 100), 100)
        self.draw_parts()


class Plain(Small):
    """A policy that adds up what deals are worth: its choices are calculated without runs."""

    def policy(self):
        f = self.forms
        period = "month" if self.months == 1 else "quarter"
        how = f.choice(["", " round half even to cents", " round down to cents"])
        where = f.choice(['region is "east"', 'product is not "core"', "amount > $900", 'rep.team is "x"'])
        lines = [f'policy "Plain" effective from 2026-01-01 to 2026-12-31 currency USD period {period}{how}',
                 'payee rep from "reps.csv" { id text key  team text  manager rep optional  joined date optional }',
                 'data deal from "deals.csv" { id text key  rep rep  product text  region text  amount money  closed_on date'
                 '  won flag  part percent as fractions  partner rep optional }',
                 'data target from "quotas.csv" { rep rep  slot period  amount money }',
                 "credit booking from deal where won to rep on closed_on amount amount",
                 f"credit special from deal where won and {where} to rep on closed_on amount amount / 3",
                 "measure apart = sum of amount from special",
                 "measure bookings = sum of amount from booking",
                 "measure quota = sum of amount from target to rep on slot",
                 "measure n = count from booking",
                 'measure core = sum of amount from booking where product is "core"',
                 "measure weighted = sum of matrix(product, region) of amount from booking",
                 "rates tiers { from 0%: 3.25% from 50%: 7.5% from 100%: 11% }",
                 "rates size { from $0: 1.3% from $900: 2.7% from $5,000: 0% from $60,000: 4.15% }",
                 'table matrix by product, region {', '  | "east" | other', '  "core" | 6.38% | 13.57%', "  other | 7.37% | 1.46%", "}"]
        forms = ["pay {} on bookings = bookings through tiers of quota", "pay {} = bookings through size", "pay {} = 7% of weighted",
                 "pay {} = tiers(if quota = $0 then 0 else bookings / quota) of bookings", "pay {} = 3.3% of core + 1% of bookings",
                 "pay {} = 2.77% of ytd(bookings)", "pay {} = 5% of ifmissing(prior(bookings), $7)", "pay {} = 1.11% of trailing(bookings, 2)",
                 "pay {} on bookings cumulative over year = bookings through size", "pay {} = $100 * rank(bookings by team)",
                 "pay {} = if rank(bookings) <= 2 then $333.33 else $0", "pay {} = 0.7% of total(bookings by team)",
                 "pool {} on bookings per team = 2.3% split by contribution", "pool {} on bookings = 1.7% split by contribution",
                 "pool {} = 2% of bookings split equally among rep where bookings > $100",
                 "pay {} = 6% of max($0, bookings - ifmissing(prior(bookings), $0))", "pay {} = 5% of (bookings over $2,000)", "pay {} = 4% of apart"]
        rare = ["pay {} = $12.34 * n", "pay {} per booking = 3.17% of amount", "pay {} per booking = amount through size",
                "pay {} = if bookings < $50 then $1 / (bookings / $1) * 3 else $0"]
        names = []
        for form in f.sample(forms, f.randint(1, 4)) + f.sample(rare, f.choice([0, 0, 1])):
            names.append(f"c{len(names)}")
            lines.append(form.format(names[-1]))
        own = [x for x, line in zip(names, [text for text in lines if text.startswith(("pay c", "pool c"))]) if " per booking" not in line]
        for name in f.sample(own, f.choice([0, 0, min(1, len(own))])):
            lines.append(f.choice(["cap {} at $700", "cap {} at $900 per year", "floor {} at $45.45", "cap {} at 5% of quota",
                                   "draw advance_{} = $150 against {} recoverable"]).format(name, name))
        if f.random() < 0.3:
            lines.append(f.choice(["cap total at $1,500", "floor total at $77.77 per year", "adjust total = 110% of total when total > $500"]))
        return "\n".join(lines) + "\n"


def attain(case, folder, *options):
    command = [case.attain, *options, os.path.join(folder, "policy.attain"), "--data", folder, "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300)
    return done.returncode, done.stdout, done.stderr


def paid(case, folder, deals, parts):
    """By payee: (cents, payouts that are withheld). None: it cannot be run."""
    rows = [(d["id"], d["rep"], d["product"], d["region"], exact(d["amount"]), str(d["closed_on"]),
             "yes" if d["won"] else "no", f"{float(d['part'] * 100):.0f}%", d["partner"]) for d in deals]
    table(folder, "deals.csv", "id,rep,product,region,amount,closed_on,won,part,partner", rows)
    code, out, _ = attain(case, folder, "run", "--through", case.end)
    if code not in (0, 4):
        return None
    result = json.loads(out)
    pay = {k: [0, 0] for k in case.keys}
    for line in result["lines"]:
        pay[line["payee"]][0] += int(round(F(line["amount"]) * 100))
    for cell in result["withheld"]:
        pay[cell["payee"]][1] += 1
    return pay


def exact(x):
    """A fraction of ten-thousandths as a file holds it."""
    units = abs(x) * 10000
    assert units.denominator == 1
    return f"{'-' if x < 0 else ''}{int(units) // 10000}.{int(units) % 10000:04d}"


def period_of(case, day):
    return (day.month - 1) // case.months


def name_of(case, p):
    return f"2026-{p + 1:02d}" if case.months == 1 else f"2026-Q{p + 1}"


def first_day(case, p):
    month = p * case.months
    return date(2026 + month // 12, month % 12 + 1, 1)


def half(x):
    """The first half, cut to the decimals of the whole."""
    digits = next(n for n in range(19) if (x * 10 ** n).denominator == 1)
    cut = abs(x) / 2 * 10 ** digits
    return (1 if x >= 0 else -1) * F(int(cut), 10 ** digits)


def choices(case, deals, at, rank):
    """Yields (kind, parameter, deals, new owner)."""
    deal = deals[at]

    def other(**fields):
        changed = [dict(d) for d in deals]
        changed[at].update(fields)
        return changed

    p = period_of(case, deal["closed_on"])
    for by in range(-case.within, case.within + 1):
        if by == 0 or p + by < 0 or p + by >= 12 // case.months:
            continue
        day = first_day(case, p + by) if by > 0 else first_day(case, p + by + 1) - timedelta(1)
        yield "period", str(day), other(closed_on=day), None
    low = half(deal["amount"])
    split = other(amount=low)
    split.insert(at + 1, dict(deal, id=deal["id"] + "-2", amount=deal["amount"] - low))
    yield "split", None, split, None
    same = [d for d in credited(deals) if d["rep"] == deal["rep"] and period_of(case, d["closed_on"]) == p and d is not deal]
    for partner in sorted(same, key=lambda d: -d["amount"])[:MOST]:
        merged = other(amount=deal["amount"] + partner["amount"])
        merged = [d for d in merged if d["id"] != partner["id"]]
        yield "merge", partner["id"], merged, None
    for key in [k for k in rank if k != deal["rep"]][:MOST]:
        yield "owner", key, other(rep=key), key


def credited(deals):
    return [d for d in deals if d["won"] and d["closed_on"].year == 2026]


def brute(case, folder):
    """What the game must say."""
    deals = case.deals
    case.end = name_of(case, max(period_of(case, d["closed_on"]) for d in credited(deals)))
    ordinary = paid(case, folder, deals, case.parts)
    rank = sorted(case.keys, key=lambda k: (-ordinary[k][0], k.encode()))
    last = max(period_of(case, d["closed_on"]) for d in credited(deals)) + case.within
    case.end = name_of(case, min(last, 12 // case.months - 1))
    before = paid(case, folder, deals, case.parts)
    gains, tried, out = {}, dict.fromkeys(KINDS, 0), {"impossible": 0, "withheld": 0}
    for at, deal in enumerate(deals):
        if deal not in credited(deals):
            continue
        for kind, what, changed, owner in choices(case, deals, at, rank):
            tried[kind] += 1
            after = paid(case, folder, changed, case.parts)
            if after is None:
                out["impossible"] += 1
                continue
            if any(after[k][1] != before[k][1] for k in case.keys):
                out["withheld"] += 1
                continue
            gain = sum(after[k][0] - before[k][0] for k in {deal["rep"], owner or deal["rep"]})
            rest = sum(after[k][0] - before[k][0] for k in case.keys) - gain
            if gain > 0:
                gains[deal["id"], kind, what] = gain, rest
    best = {}
    for (key, kind, _), (gain, _) in gains.items():
        owner = next(d["rep"] for d in deals if d["id"] == key)
        if kind != "owner":
            best[owner] = max(best.get(owner, 0), gain)
    alone = len({key for key, kind, _ in gains if kind != "owner"})
    return gains, tried, out, sum(best.values()), sum(p for p, _ in ordinary.values()), alone


def cents(text):
    return int(round(F(text) * 100))


def differs(case, folder):
    """A sentence, or None; and how many choices."""
    case.write(folder)
    game_folder = folder + "-game"
    shutil.copytree(folder, game_folder)
    case.end = None
    gains, tried, out, best, pay, alone = brute(case, folder)
    rows = [(d["id"], d["rep"], d["product"], d["region"], exact(d["amount"]), str(d["closed_on"]), "yes" if d["won"] else "no",
             f"{float(d['part'] * 100):.0f}%", d["partner"]) for d in case.deals]
    table(game_folder, "deals.csv", "id,rep,product,region,amount,closed_on,won,part,partner", rows)
    code, text, error = attain(case, game_folder, "game", "--no-tests", "--within", str(case.within))
    if code != 0:
        return f"game ends with {code}: {error[:500]}", 0
    game = json.loads(text)
    got = {}
    for c in game["choices"]:
        what = {"period": c.get("day"), "split": None, "merge": c.get("with"), "owner": c.get("to")}[c["kind"]]
        got[c["deal"], c["kind"], what] = cents(c["gain"]), cents(c["others"])
    if [c["gain"] for c in game["choices"]] != sorted((c["gain"] for c in game["choices"]), key=lambda g: -F(g)):
        return "the gains are not in order", 0
    for key in set(gains) | set(got):
        if gains.get(key) != got.get(key):
            return f"{key}: brute force {gains.get(key)}, game {got.get(key)}", 0
    kinds = {k["kind"]: k for k in game["kinds"]}
    if {k: kinds[k]["tried"] for k in KINDS} != tried:
        return f"tried {tried}, game { {k: kinds[k]['tried'] for k in KINDS} }", 0
    for name, n in out.items():
        if sum(k[name] for k in game["kinds"]) != n:
            return f"{name}: brute force {n}, game {sum(k[name] for k in game['kinds'])}", 0
    if (cents(game["gain"]), cents(game["pay"]), game["deals_gaining"]) != (best, pay, alone):
        return f"sum: brute force {best, pay, alone}, game {game['gain'], game['pay'], game['deals_gaining']}", 0
    shutil.rmtree(game_folder)
    return None, sum(tried.values())


def main():
    options = arguments(__doc__, 12).parse_args()
    total = done = 0
    seed = options.seed * 1000
    while done < options.cases:
        seed += 1
        case = (Small if seed % 3 == 0 else Plain)(seed)
        if not credited(case.deals):
            continue
        done += 1
        case.attain, case.within = options.attain, case.forms.choice([1, 1, 2])
        folder = tempfile.mkdtemp(prefix="attain-game-")
        fault, n = differs(case, folder)
        if fault:
            print(f"seed {seed} differs; its files are in {folder}-game: {fault}")
            return 1
        shutil.rmtree(folder)
        total += n
    print(f"{done} random policies, {total} choices for deals: all gain what brute force finds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
