#!/usr/bin/env python3
"""tests/oracle/policies.py ATTAIN [--cases N] [--seed S]: random policies on random data, paid by attain and by this file.

Each case draws a policy (period, rounding, credit with shares or managers, a handful of components) and rows for it. What is due is
worked out here with Python's fractions, from the definitions in the reference and nothing of the program's; every line of the output must
agree, byte for byte, for a random number of threads. A case that differs leaves its files behind and says where.
"""
import random
import shutil
import sys
import tempfile
from datetime import date, timedelta
from fractions import Fraction as F

from common import (CENT, Withheld, allotted, arguments, attain_run, decimal, divided, first_difference, limited, percent, raised, rounded, save,
                    table)


def through(x, steps, unit=F(1)):
    """Each slice of x at its own rate."""
    total = F(0)
    for k, (threshold, rate) in enumerate(steps):
        top = x if k + 1 == len(steps) else min(x, steps[k + 1][0] * unit)
        total += rate * max(top - threshold * unit, 0)
    return total


def part_of(x, r):
    """One cell of a percent field, with a sign: %, ‰, or bps. Zero may have none."""
    if x == 0 and r.random() < 0.5:
        return "0"
    parts, sign = r.choice([(100, "%"), (1000, "‰"), (10000, " bps")])
    return f"{int(x * parts)}{sign}"


# How a file may hold the part of a deal, by the type of its field.
PARTS = {
    "number": lambda x, r: decimal(x),
    "percent": part_of,
    "percent in points": lambda x, r: r.choice([str(int(x * 100)), decimal(x * 100), part_of(x, r)]),
    "percent as fractions": lambda x, r: r.choice([decimal(x), part_of(x, r)]),
}


class Case:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.forms = random.Random(seed + 1)  # of its own, so that the policies of known seeds stay as they are
        self.part_type = self.forms.choice(list(PARTS))
        self.echo = self.forms.random() < 0.5
        self.draw_people()
        self.draw_rows()
        self.draw_tables()
        self.credit()
        self.draw_components()

    # ---- data

    def draw_people(self):
        r = self.r
        self.months = r.choice([1, 3])
        self.how = r.choice(["half up", "half even", "down"])
        self.keys = [f"r{r.randint(0, 99):02d}{c}" for c in "abcdefghi"[: r.randint(1, 9)]]
        r.shuffle(self.keys)
        self.team = {k: r.choice(["x", "y", "zé"]) for k in self.keys}
        self.joined = {k: date(2026, 1, 1) + timedelta(self.forms.randint(-20, 200)) if self.forms.random() < 0.8 else None for k in self.keys}
        self.manager = {k: r.choice(self.keys[:i]) if i and r.random() < 0.7 else "" for i, k in enumerate(self.keys)}
        self.by_key = sorted(self.keys, key=str.encode)

    def draw_rows(self):
        r = self.r
        self.deals = []
        for i in range(r.randint(0, 120)):
            amount = F(r.randint(-2000, r.choice([5000, 500000, 10**9])), r.choice([1, 10, 100]))
            self.deals.append({
                "id": f"d{r.randint(0, 999)}_{i}", "rep": r.choice(self.keys), "product": r.choice(["core", "plus", "odd"]),
                "region": r.choice(["east", "west"]), "amount": amount, "closed_on": date(2026, 1, 1) + timedelta(r.randint(-3, 200)),
                "won": r.random() < 0.7, "part": F(r.randint(0, 100), 100)})
        self.targets = [(k, p, F(r.randint(0, 200000), r.choice([1, 100])))
                        for k in self.keys for p in range(12 // self.months) if r.random() < 0.5]

        self.team_goals = [(r.choice(["x", "y", "zé", "w"]), p, F(r.randint(0, 9000), r.choice([1, 10])))
                           for p in range(12 // self.months) for _ in range(r.choice([0, 1, 4]))]
        self.draw_parts()

    def draw_parts(self):
        """Partners of deals, and a table of people who share deals."""
        r = self.r
        self.parts = []
        for deal in self.deals:
            deal["partner"] = r.choice(self.keys) if r.random() < 0.3 else ""
            for rep in r.sample(self.keys, min(len(self.keys), r.choice([0, 0, 1, 2, 3]))):
                self.parts.append((deal, rep, F(r.randint(-5, 10), r.choice([1, 2]))))
        r.shuffle(self.parts)

    def of_deal(self, deal, least=None):
        """The weights of the rows of self.parts that refer to the deal."""
        return [w for d, _, w in self.parts if d is deal and (least is None or w >= least)]

    def draw_tables(self):
        r = self.r
        marks = sorted(r.sample(range(1, 300), 2))
        self.steps = [(F(t, 100), F(r.randint(0, 2500), 10000)) for t in [0] + marks]
        self.above = [False, r.random() < 0.5, r.random() < 0.5]
        # Points and tiers mixed: (word, threshold, rate), rising; the first starts below what most payees sell.
        rising = sorted(r.sample(range(-50, 900), r.randint(2, 6)))
        self.curve = [(r.choice(("at", "at", "from")), F(t, 10), F(r.randint(0, 30000), 10000)) for t in rising]
        self.sizes = [(F(t), F(r.randint(0, 500), 10000)) for t in [0] + sorted(r.sample(range(1, 100000), 3))]
        self.matrix = {(p, g): F(r.randint(0, 1500), 10000) for p in ("core", "plus", "other") for g in ("east", "other")}
        self.rate = [F(r.randint(0, 3000), 10000) for _ in range(10)]

    # ---- what is credited

    def receivers(self, deal):
        out = [(deal["rep"], deal["part"] if self.share else F(1))]
        above = self.manager[deal["rep"]] if self.levels else ""
        while above:
            out.append((above, F(1, 10)))
            above = self.manager[above]
        return out

    def credit(self):
        self.share, self.levels = self.r.random() < 0.4, self.r.random() < 0.3
        self.items = {}
        last = -1  # targets and goals of coming periods are no events
        for deal in self.deals:
            if not deal["won"] or deal["closed_on"].year != 2026:
                continue
            period = (deal["closed_on"].month - 1) // self.months
            last = max(last, period)
            for key, share in self.receivers(deal):
                self.items.setdefault((key, period), []).append((deal, deal["amount"] * share))
        self.asked = last < 0  # no row shows how far to pay: --through names the first period
        self.periods = max(last, 0) + 1
        self.sold = {(k, p): sum((a for _, a in self.items.get((k, p), [])), F(0)) for k in self.keys for p in range(self.periods)}
        self.split, self.led = {}, {}
        for deal, rep, _ in self.parts:
            weights = self.of_deal(deal)
            if deal["won"] and deal["closed_on"].year == 2026 and sum(weights) > 2:
                cell = rep, (deal["closed_on"].month - 1) // self.months
                self.split[cell] = self.split.get(cell, F(0)) + deal["amount"] / len(weights) + max(weights) - len(self.of_deal(deal, 1))
        for deal in self.deals:
            if deal["won"] and deal["closed_on"].year == 2026:
                cell = deal["partner"] or deal["rep"], (deal["closed_on"].month - 1) // self.months
                self.led[cell] = self.led.get(cell, F(0)) + deal["amount"]
        self.quota = {cell: F(0) for cell in self.sold}
        for key, period, amount in self.targets:
            if (key, period) in self.quota:
                self.quota[key, period] += amount

    # ---- components: text, and what is due for a payee and a period

    def step(self, x):
        reached = None
        for (threshold, rate), above in zip(self.steps, self.above):
            if x > threshold if above else x >= threshold:
                reached = rate
        if reached is None:
            raise Withheld
        return reached

    def attained(self, k, p):
        if self.quota[k, p] == 0:
            raise Withheld
        return self.sold[k, p] / self.quota[k, p]

    def on_curve(self, x):
        """The rate at x: on a straight line between two adjacent points, otherwise that of the last threshold reached."""
        reached = [i for i, (_, threshold, _) in enumerate(self.curve) if x >= threshold]
        if not reached:
            raise Withheld
        i = reached[-1]
        word, low, rate = self.curve[i]
        if word == "at" and i + 1 < len(self.curve) and self.curve[i + 1][0] == "at":
            _, high, other = self.curve[i + 1]
            return rate + (other - rate) * (x - low) / (high - low)
        return rate

    def ranked(self, k, p, others):
        return 1 + sum(self.sold[o, p] > self.sold[k, p] for o in others)

    def mates(self, k):
        return [o for o in self.by_key if self.team[o] == self.team[k]]

    def most(self, k, p):
        return max((a for _, a in self.items.get((k, p), [])), default=F(5))

    def goal(self, team, p):
        return sum((amount for t, q, amount in self.team_goals if (t, q) == (team, p)), F(0))

    def since(self, k, p, first):
        return sum(self.sold[k, q] for q in range(first, p + 1))

    def above_quota(self, k, first, last):
        return max(sum(self.sold[k, q] - self.quota[k, q] for q in range(first, last + 1)), F(0))

    def formulas(self):
        a, sold, quota = self.rate, self.sold, self.quota
        quarter = 3 // self.months
        return [
            ("slices", f" on bookings = {percent(a[0])} up to quota + {percent(a[1])} over quota",
             lambda k, p: a[0] * max(min(sold[k, p], quota[k, p]), 0) + a[1] * max(sold[k, p] - quota[k, p], 0)),
            ("whole", " = if quota > $0 and bookings >= $0 then tiers(bookings / quota) of bookings else $0",
             lambda k, p: self.step(sold[k, p] / quota[k, p]) * sold[k, p] if quota[k, p] > 0 and sold[k, p] >= 0 else F(0)),
            ("open", " = tiers(bookings / quota) of $1,000", lambda k, p: self.step(self.attained(k, p)) * 1000),
            ("marginal", " = bookings through tiers of quota", lambda k, p: through(sold[k, p], self.steps, quota[k, p])),
            ("curved", " = curve(bookings / $1,000) of $777", lambda k, p: self.on_curve(sold[k, p] / 1000) * 777),
            ("change", f" = {percent(a[3])} of (bookings - ifmissing(prior(bookings), $3))",
             lambda k, p: a[3] * (sold[k, p] - (sold[k, p - 1] if p else 3))),
            ("window", f" = {percent(a[4])} of qtd(bookings) / 3 + {percent(a[5])} of trailing(bookings, 2)",
             lambda k, p: a[4] * self.since(k, p, p // quarter * quarter) / 3 + a[5] * self.since(k, p, max(p - 1, 0))),
            ("readings", f" = ytd(extra by period) / 3 + {percent(a[1])} of ytd(extra by year) + {percent(a[2])} of trailing(recalculated(extra), 2)"
             f" - {percent(a[3])} of trailing(bookings over quota by period, 2)",
             lambda k, p: sum(self.above_quota(k, q, q) for q in range(p + 1)) / 3 + a[1] * self.above_quota(k, 0, p)
             + a[2] * self.above_quota(k, max(p - 1, 0), p) - a[3] * sum(self.above_quota(k, q, q) for q in range(max(p - 1, 0), p + 1))),
            ("place", " = $10 * rank(bookings by team) + $1 * rank(bookings)",
             lambda k, p: F(10 * self.ranked(k, p, self.mates(k)) + self.ranked(k, p, self.keys))),
            ("best", f" = {percent(a[6])} of ifmissing(top, $5) when n > 1",
             lambda k, p: a[6] * self.most(k, p) if len(self.items.get((k, p), [])) > 1 else F(0)),
            ("team_part", f" = {percent(a[7])} of total(bookings by team) - 0.01% of total(bookings)",
             lambda k, p: a[7] * sum(sold[o, p] for o in self.mates(k)) - F(1, 10000) * sum(sold[o, p] for o in self.keys)),
            ("goal", f" = {percent(a[9])} of team_goal over {percent(a[8])} of bookings",
             lambda k, p: a[9] * max(self.goal(self.team[k], p) - a[8] * sold[k, p], 0)),
            ("equally", f" = {percent(a[9])} of shared", lambda k, p: a[9] * self.split.get((k, p), 0)),
            ("lead", f" = {percent(a[9])} of lead_sales / 3", lambda k, p: a[9] * self.led.get((k, p), F(0)) / 3),
        ]

    def draw_components(self):
        r = self.r
        every = self.formulas()
        self.pays = [every[i] for i in sorted(r.sample(range(len(every)), r.randint(1, 5)))]
        self.per_deal, self.gate, self.pool = r.random() < 0.6, r.random() < 0.3, r.random() < 0.6
        self.pools = r.random() < 0.5
        self.limit, self.lift, self.fixed = F(r.randint(0, 60000), 100), r.randint(0, 300000), F(r.randint(0, 20), 100)
        self.cumulative = r.random() < 0.4
        self.limits = [self.draw_limit() for _ in range(r.choice([0, 0, 1, 1, 2, 3]))]

    def draw_limit(self):
        """A kind, an amount, a span or none, and whether it has a condition."""
        r = self.r
        kind, gate = r.choice(["cap", "floor", "adjust"]), r.random() < 0.3
        if kind == "adjust":
            return kind, F(r.randint(1, 20000), 10000), "", gate
        spans = ["", "year"] + (["quarter"] if self.months == 1 else [])
        return kind, F(r.randint(1, 300000), 100), r.choice(spans), gate

    def policy(self):
        steps = " ".join(f"{'above' if up else 'from'} {percent(t)}: {percent(v)}" for (t, v), up in zip(self.steps, self.above))
        sizes = " ".join(f"from ${t}: {percent(v)}" for t, v in self.sizes)
        curve = " ".join(f"{word} {decimal(t)}: {percent(v)}" for word, t, v in self.curve)
        rows = "".join(f"  {p if p == 'other' else chr(34) + p + chr(34)} | {percent(self.matrix[p, 'east'])} | {percent(self.matrix[p, 'other'])}\n"
                       for p in ("core", "plus", "other"))
        to = "rep at part" if self.share else "rep"
        to += ", managers of rep at 10%" if self.levels else ""
        out = f"""policy "Random" effective from 2026-01-01 to 2026-12-31 currency USD period {'month' if self.months == 1 else 'quarter'} round {self.how} to cents
payee rep from "reps.csv" {{ id text key  team text  manager rep optional  joined date optional }}
data deal from "deals.csv" {{ id text key  rep rep  product text  region one of ("east", "west")  amount money  closed_on date  won flag  part {self.part_type}  partner rep optional }}
data part from "parts.csv" {{ deal deal  rep rep  weight number }}
data target from "quotas.csv" {{ rep rep  slot period  amount money }}
credit booking from deal where won to {to} on closed_on amount amount
credit jointly from part where deal.won and sum(part.weight by deal) > 2 to rep at 1 / count(part by deal) on deal.closed_on
  amount deal.amount + $1 * count(part by deal) * (ifmissing(max(part.weight by deal), 0) - count(part by deal where part.weight >= 1))
measure shared = sum of amount from jointly
credit led from deal where won to partner otherwise rep on closed_on amount amount
measure lead_sales = sum of amount from led
data goals from "goals.csv" {{ squad text  slot period  amount money }}
measure team_goal = sum of amount from goals by squad is rep.team on slot
measure bookings = sum of amount from booking
measure quota = sum of amount from target to rep on slot
measure top = max of amount from booking
measure extra = bookings over quota
measure n = count from booking
rates tiers {{ {steps} }}
rates size {{ {sizes} }}
rates curve {{ {curve} }}
table matrix by product, region {{
  | "east" | other
{rows}}}
"""
        out += "".join(f"pay {name}{text}\n" for name, text, _ in self.pays)
        if self.cumulative:
            out += f"pay to_date cumulative over year = {percent(self.rate[2])} of bookings / 7\n"
            out += "pay named cumulative over year = extra\npay written cumulative over year = bookings over quota\n"
        if self.per_deal:
            gate = " when bookings > $100" if self.gate else ""
            out += f"pay deal_pay per booking = matrix(product, region) of amount + (amount through size){gate}\n"
        if self.pool:
            out += f"pool team on bookings = {percent(self.rate[8])} split by contribution\n"
        if self.pools:
            out += f"pool limited on bookings = {percent(self.rate[8])} split by contribution, at most ${decimal(self.limit)} each\n"
            out += "pool second from limited = 30% split equally among rep where bookings > $100\n"
            out += f"pool raised = ${decimal(F(self.lift, 100))} split to level bookings / $1,000\n"
            out += f"pool fixed = $99.97 split at {percent(self.fixed)} per team\n"
        first = self.pays[0][0]
        if self.echo:
            out += f"pay echo = paid({first}) / 3\npay echo_before = ifmissing(prior(lines), $7) / 3\nmeasure lines = paid({first})\n"
            out += f"pay echo_year = {percent(self.rate[1])} of ytd(lines)\npool echo_pool = 7% of paid({first}) split equally\n"
        if self.echo:
            out += f"pay from_day = ifmissing(since(bookings over $1,000 by period, rep.joined), $9) / 7 + {percent(self.rate[2])} of ifmissing(since(bookings, rep.joined), $8)\n"
            out += f"pay from_ratio = $1 * max(-9, min(9, ifmissing(since(attained, rep.joined), 3)))\nmeasure attained = if quota = $0 then 0 else bookings / quota\n"
        if self.echo and self.per_deal:
            out += "pay echo_deals = paid(deal_pay) / 3\n"
        for kind, amount, span, gate in self.limits:
            text = f"{percent(amount)} of {first}" if kind == "adjust" else f"${decimal(amount)}"
            out += f"{kind} {first} {'=' if kind == 'adjust' else 'at'} {text}{' per ' + span if span else ''}{' when bookings > $50' if gate else ''}\n"
        return out

    # ---- what is due

    def start(self, p, span):
        """The first period of the year or quarter of this one."""
        return p // (3 // self.months) * (3 // self.months) if span == "quarter" else 0

    def adjusted(self, k, p, exact):
        """The exact amounts of the periods so far, each limited in turn, and then the line of the last one."""
        for kind, amount, span, gate in self.limits:
            out, on = [], [not gate or self.sold[k, q] > 50 for q in range(p + 1)]
            for q in range(p + 1):
                now = exact[q]
                if on[q] and kind == "adjust":
                    now = amount * now
                elif on[q]:
                    first = self.start(q, span) if span else q
                    earned, given = sum(exact[first:q + 1], F(0)), sum(out[first:q], F(0))
                    if kind == "floor":
                        now = max(earned, amount) - given
                    else:
                        now = max(min(earned, amount) - given, min(now, 0))
                out.append(now)
            exact = out
        spans = [span for _, _, span, _ in self.limits if span]
        first = self.start(p, "year" if "year" in spans else "quarter") if spans else p
        before = rounded(sum(exact[first:p], F(0)), self.how) if first < p else 0
        return rounded(sum(exact[first:p + 1], F(0)), self.how) - before

    def capped(self, k, p, due):
        """Over a longer span, a period without a value takes the later ones of the span with it."""
        spans = [span for _, _, span, _ in self.limits if span]
        first = min([self.start(p, span) for span in spans], default=p)
        exact = []
        for q in range(p + 1):
            try:
                exact.append(due(k, q))
            except Withheld:
                if q >= first:
                    raise
                exact.append(F(0))  # of an earlier span
        return self.adjusted(k, p, exact)

    def cell(self, k, p):
        out, failed = [], False
        for i, (name, _, due) in enumerate(self.pays):
            try:
                value = rounded(due(k, p), self.how)
                out.append((name, "", self.capped(k, p, due) if i == 0 else value))
            except Withheld:
                failed = True
        if self.cumulative:
            now = rounded(self.rate[2] * self.since(k, p, 0) / 7, self.how)
            before = rounded(self.rate[2] * self.since(k, p - 1, 0) / 7, self.how) if p else 0
            out.append(("to_date", "", now - before))
            now = rounded(self.above_quota(k, 0, p), self.how)
            before = rounded(self.above_quota(k, 0, p - 1), self.how) if p else 0
            out += [("named", "", now - before), ("written", "", now - before)]
        if self.per_deal:
            lines = [(deal, cents) for payee, deal, cents in self.deal_lines(p) if payee == k]
            out += [("deal_pay", key, value) for key, value in sorted(lines, key=lambda line: (line[0].encode(), line[1]))]
        if self.pool:
            mates = self.mates(k)
            whole = rounded(self.rate[8] * sum(self.sold[o, p] for o in mates), self.how)
            parts = allotted(int(whole * 100), [self.sold[o, p] for o in mates])
            out.append(("team", "", parts[mates.index(k)] * CENT))
        if self.pools:
            out += [(name, "", parts[self.by_key.index(k)] * CENT) for name, parts in self.shared(p)]
        try:
            out += [(name, "", value) for name, value in self.echoes(k, p, out)] if self.echo else []
        except Withheld:
            failed = True
        return [] if failed else out

    def echoes(self, k, p, lines):
        """What reads paid(x): of the first component, which the limits change, and of the lines of deals."""
        paid = lambda k, p: self.capped(k, p, self.pays[0][2])
        yield "echo", rounded(paid(k, p) / 3, self.how)
        yield "echo_before", rounded((paid(k, p - 1) if p else F(7)) / 3, self.how)
        yield "echo_year", rounded(self.rate[1] * sum(paid(k, q) for q in range(p + 1)), self.how)
        whole = rounded(F(7, 100) * sum(paid(o, p) for o in self.by_key), self.how)
        yield "echo_pool", allotted(int(whole * 100), [1] * len(self.by_key))[self.by_key.index(k)] * CENT
        yield from self.from_day(k, p)
        if self.per_deal:
            yield "echo_deals", rounded(sum((v for name, _, v in lines if name == "deal_pay"), F(0)) / 3, self.how)

    def from_day(self, k, p):
        """Values of the rows from a day of the payee on; a target counts from the first day of its period."""
        day = self.joined[k]
        if not day:
            yield "from_day", rounded(F(9, 7) + self.rate[2] * 8, self.how)
            yield "from_ratio", F(3)
            return
        sold = [sum((a for deal, a in self.items.get((k, q), []) if deal["closed_on"] >= day), F(0)) for q in range(p + 1)]
        yield "from_day", rounded(sum(max(x - 1000, F(0)) for x in sold) / 7 + self.rate[2] * sum(sold), self.how)
        quota = sum((a for key, q, a in self.targets if key == k and q <= p and date(2026, q * self.months + 1, 1) >= day), F(0))
        yield "from_ratio", rounded(max(F(-9), min(F(9), sum(sold) / quota if quota else F(0))), self.how)

    def deal_lines(self, p):
        """Each line of `per booking`: the lines of all who are paid for a deal are rounded together."""
        deals = {}
        for k in self.by_key:
            if self.gate and self.sold[k, p] <= 100:
                continue
            for deal, amount in self.items.get((k, p), []):
                rate = self.matrix[deal["product"] if deal["product"] != "odd" else "other", deal["region"] if deal["region"] == "east" else "other"]
                deals.setdefault(deal["id"], []).append((k, rate * amount + through(amount, self.sizes)))
        for deal, lines in deals.items():
            for (k, _), cents in zip(lines, divided([exact for _, exact in lines], self.how)):
                yield k, deal, cents

    def shared(self, p):
        """The pools that all share, in cents: the excess over a limit goes to the others again and again."""
        sold = [self.sold[k, p] for k in self.by_key]
        whole = int(rounded(self.rate[8] * sum(sold), self.how) * 100)
        second = max(min(int(rounded(F(whole, 100) * F(30, 100), self.how) * 100), whole), 0)
        few = [1 if x > 100 else 0 for x in sold]
        yield "limited", limited(whole - second, sold, int(self.limit * 100))
        yield "second", allotted(second, few) if any(few) else [0] * len(few)
        yield "raised", raised(self.lift, [100 * x for x in sold], [1] * len(sold))
        teams = [len(self.mates(k)) for k in self.by_key]
        parts = [self.fixed / n for n in teams]
        yield "fixed", allotted(9997, parts + [1 - sum(parts)])[:-1]

    def expected(self):
        out = "payee,period,component,line,amount,currency\n"
        for k in self.by_key:
            for p in range(self.periods):
                name = f"2026-{p + 1:02d}" if self.months == 1 else f"2026-Q{p + 1}"
                for component, key, value in self.cell(k, p):
                    if value != 0:
                        out += f"{k},{name},{component},{key},{decimal(value)},USD\n"
        return out

    def write(self, folder):
        save(folder, "policy.attain", self.policy())
        table(folder, "reps.csv", "id,team,manager,joined", [(k, self.team[k], self.manager[k], self.joined[k] or "") for k in self.keys])
        slot = "2026-{:02d}" if self.months == 1 else "2026-Q{}"
        table(folder, "goals.csv", "squad,slot,amount", [(t, slot.format(p + 1), decimal(v)) for t, p, v in self.team_goals])
        table(folder, "parts.csv", "deal,rep,weight", [(d["id"], rep, decimal(w)) for d, rep, w in self.parts])
        table(folder, "deals.csv", "id,rep,product,region,amount,closed_on,won,part,partner",
              [(d["id"], d["rep"], d["product"], d["region"], decimal(d["amount"]), str(d["closed_on"]), "yes" if d["won"] else "no", PARTS[self.part_type](d["part"], self.forms), d["partner"])
               for d in self.deals])
        slot = "2026-{:02d}" if self.months == 1 else "2026-Q{}"
        table(folder, "quotas.csv", "rep,slot,amount", [(k, slot.format(p + 1), decimal(v)) for k, p, v in self.targets])


def differs(attain, seed):
    case = Case(seed)
    folder = tempfile.mkdtemp(prefix="attain-policies-")
    case.write(folder)
    through = ["--through", "2026-01" if case.months == 1 else "2026-Q1"] if case.asked else []
    got = attain_run(attain, folder, "policy.attain", "--threads", str(case.r.randint(1, 3)), *through)
    want = case.expected()
    if got.returncode in (0, 4) and got.stdout == want:
        shutil.rmtree(folder)
        return len(want.splitlines()) - 1
    print(f"seed {seed} differs; its files are in {folder}\n{got.stderr[:1000]}\n{first_difference(want, got.stdout)}")
    return -1


def main():
    options = arguments(__doc__, 300).parse_args()
    lines = 0
    for seed in range(options.seed, options.seed + options.cases):
        n = differs(options.attain, seed)
        if n < 0:
            return 1
        lines += n
    print(f"{options.cases} random policies, {lines} payout lines: all as worked out with Python's fractions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
