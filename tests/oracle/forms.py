#!/usr/bin/env python3
"""tests/oracle/forms.py ATTAIN [--cases N] [--seed S] [--form NAME]: random policies of the forms that policies.py does not draw.

Each case draws a calendar (months, weeks, half months, fiscal years of weeks), a unit of rounding, and some forms. A form writes its tables
and statements, and calculates here what is due, with Python's fractions, from the definitions in the reference and nothing of the program's.
The text may be in full-width characters. Every line of the output must agree, byte for byte, and sometimes `explain --verify` must, too. A
case that differs leaves its files behind.
"""
import random
import shutil
import sys
import tempfile
from datetime import date, timedelta
from fractions import Fraction as F

import calendars
from common import (CENT, Withheld, allotted, arguments, attain_run, decimal, divided, first_difference, limited, percent, raised, rounded, save,
                    table, verified)

TEAMS = ["north", "south", "ost"]


def wide(text, r):
    """The same text as a Chinese keyboard may write it, outside quoted text."""
    out, quoted, curly = "", False, False
    for c in text:
        if c == '"':
            quoted = not quoted
            curly = r.random() < 0.5 if quoted else curly
            out += ("“" if quoted else "”") if curly else '"'
        elif not quoted and c in "(){},:;%=><+-*/$0123456789." and r.random() < 0.3:
            out += chr(ord(c) + 0xFEE0)
        else:
            out += c
    return out


def amount_cell(x, r):
    """An amount as a spreadsheet or a person may write it."""
    plain, sign, cents = decimal(abs(x)), "-" if x < 0 else "", int(abs(x) * 100)
    grouped = f"{cents // 100:,}.{cents % 100:02d}"
    wan = f"{cents // 10**6}.{cents % 10**6:06d}".rstrip("0").rstrip(".")
    shapes = [sign + plain, f'"{sign}{grouped}"', f"{sign}${plain}", f'"{sign}${grouped}"', f"{sign}{wan}万", f"{sign}{plain} USD"]
    shapes += [f"({plain})", f'"($ {grouped})"', f"（{plain}）"] if x < 0 else []
    text = r.choice(shapes)
    if r.random() < 0.3:  # full-width digits and marks; a comma that separates cells stays
        text = "".join(chr(ord(c) + 0xFEE0) if c in "0123456789.-$()" else c for c in text)
    return text


class Case:
    def __init__(self, seed, only=None):
        self.r = r = random.Random(seed)
        self.calendar, self.first, self.last = calendars.draw(r)
        self.all = self.calendar.periods(self.first, self.last + timedelta(1500))
        self.all = [p for p in self.all if p.end >= self.first]
        self.how, self.unit, self.unit_text = r.choice(["half up", "half even", "down"]), *r.choice(
            [(CENT, "cents"), (CENT, "cents"), (F(1), "dollars"), (F(1, 20), "$0.05"), (F(5), "$5"), (F(100), "$100")])
        self.keys = [f"{c}{r.randint(0, 9)}" for c in "abcdefgh"[: r.randint(1, 8)]]
        self.by_key = sorted(self.keys)
        self.team = {k: r.choice(TEAMS) for k in self.keys}
        self.boss = {k: r.choice(self.keys[:i]) if i and r.random() < 0.7 else "" for i, k in enumerate(self.keys)}
        self.hired = {k: self.day(-200, 50) for k in self.keys}
        self.score = {k: F(r.randint(0, 1200), 10) for k in self.keys}
        self.goal = {k: F(r.choice([0, 100, 2500, 999])) for k in self.keys}
        self.draw_deals()
        self.head, self.statements, self.tables, self.pays, self.events, self.adjust = [], [], [], [], [], None
        forms = sorted(name[5:] for name in dir(self) if name.startswith("form_"))
        for name in [only] if only else r.sample(forms, r.randint(1, 5)):
            getattr(self, "form_" + name)()
        if r.random() < 0.4:
            self.limit_total()
        self.has_event = bool(self.events or self.inside)  # otherwise, --through names the first period, and ends moved lines, too
        self.n = max([self.index(d) for d in self.events + [d["closed_on"] for d in self.inside]] or [0]) + 1

    # ---- data

    def day(self, low=-20, high=400):
        return self.first + timedelta(self.r.randint(low, min(high, (self.last - self.first).days + 20)))

    def money(self, low=-2000, high=100000):
        return F(self.r.randint(low, high), self.r.choice([1, 10, 100]))

    def draw_deals(self):
        r, self.deals = self.r, []
        high = r.choice([30, 100, 400])
        for i in range(r.choice([0, 2, 10, 40])):
            closed = self.day(high=high)
            self.deals.append({"id": f"d{i:02d}", "rep": r.choice(self.keys), "partner": r.choice(self.keys + ["", "", ""]), "amount": self.money(),
                               "closed_on": closed, "signed_on": closed - timedelta(r.randint(-5, 90)), "margin": F(r.randint(0, 120), 100)})
        self.deals = list({d["id"]: d for d in self.deals}.values())
        self.inside = [d for d in self.deals if self.first <= d["closed_on"] <= self.last]

    def index(self, d):
        """The period of a day, or -1 outside the effective range."""
        if not self.first <= d <= self.last:
            return -1
        return next(i for i, p in enumerate(self.all) if p.start <= d <= p.end)

    def booked(self, k, p):
        return [d for d in self.inside if d["rep"] == k and self.index(d["closed_on"]) == p]

    def sold(self, k, p):
        return sum((d["amount"] for d in self.booked(k, p)), F(0))

    def span(self, p, level):
        """The periods of the same quarter, half, or year, up to this one."""
        return [q for q in range(p + 1) if getattr(self.all[q], level) == getattr(self.all[p], level)]

    def mates(self, k):
        return [o for o in self.by_key if self.team[o] == self.team[k]]

    def round(self, x):
        return rounded(x, self.how, self.unit)

    def rate(self):
        return F(self.r.randint(1, 3000), 10000)

    # ---- statements: text, and the lines of a payee and a period

    def pay(self, name, text, due, clauses=""):
        """A component of one line, from an exact amount."""
        self.statements.append(f"pay {name}{clauses} = {text}")
        self.pays.append((name, lambda k, p: [("", self.round(due(k, p)))]))

    def pool(self, name, text, parts):
        """parts(team or None, period): whole units by member."""
        self.statements.append(f"pool {name} = {text}" if " = " not in text else f"pool {name} {text}")
        self.pays.append((name, lambda k, p: [("", parts(k, p) * self.unit)]))

    # ---- forms

    def form_stock(self):
        r, rows = self.r, []
        for i in range(r.randint(0, 15)):
            due = self.day(-100, 300)
            rows.append((f"i{i}", r.choice(self.keys), self.money(0), due, due + timedelta(r.randint(-20, 150)) if r.random() < 0.6 else ""))
        self.tables.append(("invoices.csv", "id,rep,amount,due_on,paid_on", [(a, b, decimal(c), d, e) for a, b, c, d, e in rows]))
        self.head.append('data invoice from "invoices.csv" { id text key  rep rep  amount money  due_on date  paid_on date optional }')
        late = r.choice([0, 0, 30])
        where = f"due_on <= period.end{f' - {late} days' if late else ''} and (paid_on is missing or paid_on > period.end)"
        for name, text in [("overdue", "sum of amount"), ("late_days", "sum of days(due_on, period.end)"), ("worst", "max of amount"), ("bills", "count")]:
            self.head.append(f"measure {name} = {text} from invoice to rep where {where}")
        self.head.append("measure staff = count from rep where hired <= period.end")

        def there(k, p):
            end = self.all[p].end
            return [(amount, (end - due).days) for _, rep, amount, due, paid in rows
                    if rep == k and due <= end - timedelta(late) and (paid == "" or paid > end)]
        overdue = lambda k, p: sum((a for a, _ in there(k, p)), F(0))
        a, b = self.rate(), self.rate()
        self.pay("stock", f"-{percent(a)} of overdue + $1 * bills + {percent(b)} of ifmissing(worst, $7)",
                 lambda k, p: -a * overdue(k, p) + len(there(k, p)) + b * max((x for x, _ in there(k, p)), default=F(7)))
        self.pay("stock_days", "$0.01 * late_days", lambda k, p: F(sum(d for _, d in there(k, p)), 100))
        self.pay("stock_to_date", f"{percent(a)} of ytd(overdue) + {percent(b)} of qtd(overdue by period) + trailing(overdue, 2) / 3 - ifmissing(prior(overdue), $9)",
                 lambda k, p: a * overdue(k, p) + b * sum(overdue(k, q) for q in self.span(p, "quarter")) + overdue(k, p) / 3 - (overdue(k, p - 1) if p else 9))
        self.pay("headcount", "$10 * staff", lambda k, p: F(10 * sum(self.hired[o] <= self.all[p].end for o in self.keys)))
        self.pool("stock_pool", f"per team = {percent(b)} of overdue split equally", lambda k, p: dict(zip(self.mates(k), allotted(
            int(self.round(b * sum(overdue(o, p) for o in self.mates(k))) / self.unit), [1] * len(self.mates(k)))))[k])

    def form_level(self):
        r = self.r
        most, own, first, other = r.choice([1, 2, 9]), F(r.randint(0, 100), 100), self.rate(), self.rate()
        where = f"where level <= {most} " if most < 9 else ""
        self.head += [f"credit below from deal {where}to rep at {percent(own)}, managers of rep at choose {{ when level = 1: {percent(first)}  otherwise: {percent(other)} / level }} on closed_on amount deal.amount",
                      "measure direct = sum of amount from below where level = 1", "measure farther = sum of amount * level from below where level > 1",
                      "measure below_all = sum of amount from below"]

        def chain(deal):
            k, level, out = deal["rep"], 0, []
            while k and level <= most:
                out.append((k, level, deal["amount"] * (own if level == 0 else first if level == 1 else other / level)))
                k, level = self.boss[k], level + 1
            return out
        mine = lambda k, p: [(d, level, x) for d in self.inside if self.index(d["closed_on"]) == p for o, level, x in chain(d) if o == k]
        self.pay("direct_pay", "direct + farther / 3", lambda k, p: sum((x if level == 1 else x * level / 3 for _, level, x in mine(k, p) if level), F(0)))
        a = self.rate()
        self.lines("below_lines", f"{percent(a)} of amount", "below", lambda p: [
            (d["id"], sorted((o, a * x) for o, _, x in chain(d))) for d in self.inside if self.index(d["closed_on"]) == p])
        self.lines("below_running", "running(below_all) / 7", "below", lambda p: [
            (d["id"], sorted((o, sum((x for e, _, x in mine(o, p) if (e["closed_on"], e["id"]) < (d["closed_on"], d["id"])), F(0)) / 7)
                             for o, _, _ in chain(d))) for d in self.inside if self.index(d["closed_on"]) == p])

    def lines(self, name, text, credit, rows):
        """rows(period): (key, [(payee, exact)]) of each row; the lines of a row are rounded together."""
        self.statements.append(f"pay {name} per {credit} = {text}")
        memo = {}

        def own(k, p):
            if p not in memo:
                memo[p] = [(key, o, x) for key, of in rows(p) for (o, _), x in zip(of, divided([x for _, x in of], self.how, self.unit))]
            return sorted((key, x) for key, o, x in memo[p] if o == k)
        self.pays.append((name, own))

    def form_line_of(self):
        """Lines that read the lines of other rows of their table, also later ones, and of a table to which they refer."""
        r, a, b, c = self.r, self.rate(), self.rate(), self.rate()
        share, least = F(r.randint(0, 100), 100), F(r.choice([-9999, 50, 1000]))
        ids = [f"s{i:02d}" for i in range(r.randint(0, 15))]
        sales = {key: {"rep": r.choice(self.keys), "other": r.choice(self.keys + [""]), "first": r.choice(ids + ["", ""]), "amount": self.money(),
                       "on": self.day()} for key in ids}
        sold = {key: s for key, s in sales.items() if s["other"] not in ("", s["rep"]) and self.index(s["on"]) >= 0}
        visits = [(f"v{i:02d}", r.choice(self.keys), r.choice(ids), self.day()) for i in range(r.randint(0, 10))] if ids else []
        rows = list(sales.items())
        r.shuffle(rows)
        self.tables += [("sales.csv", "id,rep,other,first,amount,sold_on", [(k, s["rep"], s["other"], s["first"], decimal(s["amount"]), s["on"]) for k, s in rows]),
                        ("visits.csv", "id,rep,sale,done_on", visits)]
        self.head += ['data sale from "sales.csv" { id text key  rep rep  other rep optional  first sale optional  amount money  sold_on date }',
                      'data visit from "visits.csv" { id text key  rep rep  sale sale  done_on date }',
                      f"credit sold from sale where other is not missing and other is not rep to rep at {percent(share)}, other at {percent(1 - share)} on sold_on amount sale.amount",
                      "credit visited from visit to rep on done_on",
                      "measure lines_read = sum of sold_lines of first from sold where first is not missing"]
        self.events += [s["on"] for s in sold.values()] + [v[3] for v in visits if self.index(v[3]) >= 0]

        def parts(s):
            return sorted([(s["rep"], share), (s["other"], 1 - share)])
        line = {}
        for key, s in sold.items():
            if s["amount"] > least:
                of = parts(s)
                line.update(zip([(key, k) for k, _ in of], divided([a * x * s["amount"] for _, x in of], self.how, self.unit)))
        due = lambda p: [(key, s) for key, s in sorted(sold.items()) if self.index(s["on"]) == p]
        when = "" if least < 0 and r.random() < 0.5 else f" when sale.amount > {'-' if least < 0 else ''}${decimal(abs(least))}"
        self.lines("sold_lines", f"{percent(a)} of amount", "sold", lambda p: [
            (key, [(k, a * x * s["amount"] if s["amount"] > least else F(0)) for k, x in parts(s)]) for key, s in due(p)])
        self.statements[-1] += when
        self.lines("second", f"{percent(b)} of ifmissing(-sold_lines of first, $3)", "sold", lambda p: [
            (key, [(k, b * (-line.get((s["first"], k), F(0)) if s["first"] else 3)) for k, _ in parts(s)]) for key, s in due(p)])
        self.lines("visit_pay", f"{percent(c)} of sold_lines of sale", "visited", lambda p: [
            (key, [(k, c * line.get((sale, k), F(0)))]) for key, k, sale, on in visits if self.index(on) == p])
        self.pay("read_pay", "lines_read / 7", lambda k, p: sum(
            (line.get((s["first"], k), F(0)) for _, s in due(p) if k in dict(parts(s)) and s["first"]), F(0)) / 7)

    def form_keys(self):
        r, kinds = self.r, ["red", "blue"]
        rows = [(k, kind, p, r.randint(0, 90)) for k in self.keys for kind in kinds for p in range(min(len(self.all), 12)) if r.random() < 0.5]
        r.shuffle(rows)
        self.head += ['data staffing from "staffing.csv" { rep rep  kind text  slot period  seats units  key rep, kind, slot }',
                      'measure seats = sum of seats from staffing where kind is not "blue" to rep on slot', "measure every_seat = sum of seats from staffing to rep on slot"]
        self.tables.append(("staffing.csv", "rep,kind,slot,seats", [(k, kind, self.all[p].name, n) for k, kind, p, n in rows]))
        seats = lambda k, p, kinds: sum(n for o, kind, q, n in rows if o == k and q == p and kind in kinds)
        self.pay("seat_pay", "$3 * seats + $1 * ytd(every_seat) / 7", lambda k, p: 3 * seats(k, p, ["red"]) + sum(F(seats(k, q, kinds), 7) for q in self.span(p, "year")))

    def form_points(self):
        r = self.r
        rising = lambda: [F(x, 10) for x in sorted(r.sample(range(-200, 900), r.randint(2, 5)))]
        words = lambda n: [r.choice(["at", "at", "from"]) for _ in range(n)]
        x, y = rising(), rising()
        xw, yw = words(len(x)), words(len(y))
        cells = [[F(r.randint(-500, 5000), 10) for _ in y] for _ in x]
        line = [F(r.randint(0, 20000), 10000) for _ in x]
        keys = lambda w, v: [f"{a} {decimal(b)}" for a, b in zip(w, v)]
        grid = "\n".join(f"  {a} | " + " | ".join(f"${decimal(c)}" if c >= 0 else f"-${decimal(-c)}" for c in row) for a, row in zip(keys(xw, x), cells))
        self.head += [f"table grid by here, there {{\n  | {' | '.join(keys(yw, y))}\n{grid}\n}}",
                      "table curve by here {\n" + "\n".join(f"  {a} | {percent(c)}" for a, c in zip(keys(xw, x), line)) + "\n}"]

        def weights(words, marks, value):
            """{place: weight} on one side."""
            reached = [i for i, mark in enumerate(marks) if value >= mark]
            if not reached:
                raise Withheld
            i = reached[-1]
            if i + 1 == len(marks) or words[i] != "at" or words[i + 1] != "at":
                return {i: F(1)}
            part = (value - marks[i]) / (marks[i + 1] - marks[i])
            return {i: 1 - part, i + 1: part}
        lowest = lambda v: f"max({decimal(v[0])}, " if r.random() < 0.95 else "("
        xt, yt = lowest(x), lowest(y)
        at = lambda text, v, value: max(v[0], value) if text.startswith("max") else value
        down, across = (lambda k, p: self.sold(k, p) / 100), (lambda k, p: self.score[k])
        self.pay("grid_pay", f"grid({xt}bookings / $100), {yt}rep.score))", lambda k, p: sum(
            (u * v * cells[i][j] for i, u in weights(xw, x, at(xt, x, down(k, p))).items() for j, v in weights(yw, y, at(yt, y, across(k, p))).items()), F(0)))
        self.pay("curve_pay", f"curve({xt}bookings / $100)) of $123", lambda k, p: sum(
            (u * line[i] for i, u in weights(xw, x, at(xt, x, down(k, p))).items()), F(0)) * 123)

    def form_limits(self):
        """Caps and floors over spans, of a component and of lines, in units of the rounding."""
        r, a = self.r, self.rate()
        levels = [s for s in ("quarter", "half", "year") if self.longer(s)]
        draw = lambda kinds: (r.choice(kinds), F(r.randint(0, 9000), r.choice([1, 7])) if r.random() < 0.6 else self.rate(), r.choice([""] + levels), r.random() < 0.3)
        steps = [draw(["cap", "floor"]) for _ in range(r.choice([1, 1, 2, 3]))]
        self.statements.append(f"pay kept = {percent(a)} of bookings")
        self.adjusts = getattr(self, "adjusts", [])

        def text(name, step):
            kind, x, span, gate = step
            limit = f"{percent(rounded(x, unit=F(1, 10000)))} of bookings" if x < 1 else f"${decimal(rounded(x))}"
            self.adjusts.append(f"{kind} {name} at {limit}{' per ' + span if span else ''}{' when bookings > $50' if gate else ''}")
        for step in steps:
            text("kept", step)

        def apply(k, p, exact, step):
            kind, x, span, gate = step
            out = []
            for q in range(p + 1):
                of = self.span(q, span) if span else [q]
                sold = sum(self.sold(k, i) for i in of)
                limit = rounded(x, unit=F(1, 10000)) * sold if x < 1 else rounded(x)
                now = exact[q]
                if not gate or self.sold(k, q) > 50:
                    earned, given = sum((exact[i] for i in of), F(0)), sum((out[i] for i in of[:-1]), F(0))
                    if kind == "floor":
                        now = max(earned, limit) - given
                    else:  # over a span, a cap takes nothing back
                        now = max(min(earned, limit) - given, min(now, 0)) if span else min(now, limit)
                out.append(now)
            return out

        def to_line(k, p, exact, used):
            spans = [s for _, _, s, _ in used if s]
            of = self.span(p, max(spans, key=["quarter", "half", "year"].index)) if spans else [p]
            before = self.round(sum((exact[i] for i in of[:-1]), F(0))) if len(of) > 1 else 0
            return self.round(sum((exact[i] for i in of), F(0))) - before

        def kept(k, p):
            exact = [a * self.sold(k, q) for q in range(p + 1)]
            for step in steps:
                exact = apply(k, p, exact, step)
            return [("", to_line(k, p, exact, steps))]
        self.pays.append(("kept", kept))
        b, step = self.rate(), draw(["cap", "floor"])
        self.lines("kept_lines", f"{percent(b)} of amount", "booking", lambda p: [
            (d["id"], [(d["rep"], b * d["amount"])]) for d in self.inside if self.index(d["closed_on"]) == p])
        text("kept_lines", step)
        own = self.pays[-1][1]

        def changed(k, p):
            sums = [sum((x for _, x in own(k, q)), F(0)) for q in range(p + 1)]
            return [("", to_line(k, p, apply(k, p, sums, step), [step]) - sums[p])]
        self.adjust = (f"{step[0]} kept_lines", changed)

    def longer(self, span):
        kind = self.calendar.kind
        return not ((kind == "quarter" and span == "quarter") or (kind == "half" and span != "year"))

    def limit_total(self):
        most = F(self.r.randint(0, 500))
        self.total = most
        self.last_statement = f"cap total at ${decimal(most)}"

    def form_fields(self):
        """Percentages of deals, points of payees, and units."""
        a = self.rate()
        self.lines("margin_pay", f"{percent(a)} * margin of amount", "booking", lambda p: [
            (d["id"], [(d["rep"], a * d["margin"] * d["amount"])]) for d in self.inside if self.index(d["closed_on"]) == p])
        self.head.append("measure margins = sum of margin * amount from booking")
        self.pay("score_pay", "$2 * max(rep.score - 80, 0) + $1 * (rep.score / 100) + margins / 9", lambda k, p: 2 * max(self.score[k] - 80, 0) + self.score[k] / 100
                 + sum((d["margin"] * d["amount"] for d in self.booked(k, p)), F(0)) / 9)

    def form_rows(self):
        r = self.r
        contracts = [(f"c{i}", r.choice(self.keys), F(r.choice([0, 100, 250, 1000]))) for i in range(r.randint(0, 8))]
        receipts = [(r.choice(contracts)[0], F(r.randint(0, 60000), 100), self.day(), r.choice(["bank", "cash"]))
                    for _ in range(r.randint(0, 25))] if contracts else []
        self.head += ['data contract from "contracts.csv" { id text key  rep rep  total money }',
                      'data receipt from "receipts.csv" { contract contract  amount money  paid_on date  way text }',
                      'credit collected from contract where sum(receipt.amount) >= total and max(receipt.paid_on) is not missing to rep on max(receipt.paid_on)'
                      ' amount total + $1 * count(receipt where way is "bank") + ifmissing(average(receipt.amount where amount > $50), $2)',
                      "measure collections = sum of amount from collected"]
        self.tables += [("contracts.csv", "id,rep,total", [(a, b, decimal(c)) for a, b, c in contracts]),
                        ("receipts.csv", "contract,amount,paid_on,way", [(a, decimal(b), c, d) for a, b, c, d in receipts])]
        paid = []
        for key, rep, total in contracts:
            of = [x for x in receipts if x[0] == key]
            if not of or sum(x[1] for x in of) < total or self.index(max(x[2] for x in of)) < 0:
                continue
            large = [x[1] for x in of if x[1] > 50]
            amount = total + sum(x[3] == "bank" for x in of) + (sum(large) / len(large) if large else F(2))
            paid.append((key, rep, self.index(max(x[2] for x in of)), amount, of))
            self.events.append(max(x[2] for x in of))
        a = self.rate()
        self.pay("collected_pay", f"{percent(a)} of collections", lambda k, p: a * sum((x for _, rep, q, x, _ in paid if (rep, q) == (k, p)), F(0)))
        self.lines("receipt_lines", 'sum(receipt.amount where way is "cash" and amount < contract.total) / 8 + $1 * days(ifmissing(min(receipt.paid_on), 2026-01-01), ifmissing(max(receipt.paid_on), 2026-01-01))', "collected", lambda p: [
            (key, [(rep, sum((x[1] for x in of if x[3] == "cash" and x[1] < next(c[2] for c in contracts if c[0] == key)), F(0)) / 8
                    + (max(x[2] for x in of) - min(x[2] for x in of)).days)]) for key, rep, q, _, of in paid if q == p])

    def form_as_of(self):
        fixed, back = self.day(), self.r.choice([10, 40, 100])

        def at(k, d, now):
            q = next((i for i, q in enumerate(self.all) if q.start <= d <= q.end), None)
            return None if q is None or q > now else self.sold(k, q)
        self.lines("signed_rate", "ifmissing(bookings as of deal.signed_on, $7) / 9 + amount / 11", "booking", lambda p: [
            (d["id"], [(d["rep"], (F(7) if at(d["rep"], d["signed_on"], p) is None else at(d["rep"], d["signed_on"], p)) / 9 + d["amount"] / 11)])
            for d in self.inside if self.index(d["closed_on"]) == p])
        or_else = lambda x, y: y if x is None else x
        self.pay("back_then", f"10% of ifmissing(bookings as of {fixed}, $3) + 1% of ifmissing(bookings as of (period.start - {back} days), $5)",
                 lambda k, p: or_else(at(k, fixed, p), F(3)) / 10 + or_else(at(k, self.all[p].start - timedelta(back), p), F(5)) / 100)

    def form_pools(self):
        """Pools of teams: a limit, a part, a level, fixed shares by payee, and members without a value."""
        r, a, b = self.r, self.rate(), F(self.r.randint(0, 120), 100)
        limit, lift, among = self.money(0, 4000), F(r.randint(0, 3000)), F(r.randint(0, 90))
        whole = lambda k, p: int(self.round(a * sum(self.sold(o, p) for o in self.mates(k))) / self.unit)

        def part(k, p):
            all_of = whole(k, p)
            return max(min(int(self.round(b * F(all_of) * self.unit) / self.unit), all_of), 0)
        of = lambda k, parts: dict(zip(self.mates(k), parts))[k]
        sold = lambda k, p: [self.sold(o, p) for o in self.mates(k)]
        self.statements.append(f"pool big per team on bookings = {percent(a)} split by contribution, at most ${decimal(limit)} each")
        self.pays.append(("big", lambda k, p: [("", self.unit * of(k, limited(whole(k, p) - part(k, p), sold(k, p), int(limit / self.unit))
                                                                     if whole(k, p) >= 0 else allotted(whole(k, p) - part(k, p), sold(k, p))))]))
        self.statements.append(f"pool small from big = {percent(b)} split equally among rep where score >= {decimal(among)}")
        self.pays.append(("small", lambda k, p: [("", self.unit * of(k, allotted(part(k, p), [1 if self.score[o] >= among else 0 for o in self.mates(k)])))]))
        self.statements.append(f"pool lifted per team = ${decimal(lift)} split to level bookings / $50")
        units = lambda x: int(self.round(x) / self.unit)
        self.pays.append(("lifted", lambda k, p: [("", self.unit * of(k, raised(units(lift), [x / self.unit for x in sold(k, p)], [50] * len(self.mates(k)))))]))
        self.head.append("measure reached = bookings / rep.goal")
        known = lambda k: [o for o in self.mates(k) if self.goal[o]]
        self.statements.append("pool known per team = $99.98 split by reached ignoring missing")
        self.pays.append(("known", lambda k, p: [("", self.unit * dict(zip(self.mates(k), allotted(
            units(F(9998, 100)), [self.sold(o, p) / self.goal[o] if self.goal[o] else 0 for o in self.mates(k)])))[k])]))
        value = lambda o, p: self.sold(o, p) / self.goal[o]
        self.pay("places", "if rep.goal > $0 then $1 * rank(reached by team ignoring missing) else $0",
                 lambda k, p: F(1 + sum(value(o, p) > value(k, p) for o in known(k))) if self.goal[k] else F(0))
        self.pay("sums", "$1 * total(sum(reached by member) by team ignoring missing)", lambda k, p: sum((value(o, p) for o in known(k)), F(0)))

    def form_otherwise(self):
        house, part = self.r.choice(self.keys), F(self.r.randint(1, 100), 100)
        self.head += [f'credit led from deal to partner otherwise rep.manager otherwise "{house}" at {percent(part)} on closed_on amount deal.amount',
                      "measure leads = sum of amount from led"]
        leads = lambda k, p: [d for d in self.inside if self.index(d["closed_on"]) == p and (d["partner"] or self.boss[d["rep"]] or house) == k]
        self.pay("lead_pay", "leads / 3", lambda k, p: sum((part * d["amount"] / 3 for d in leads(k, p)), F(0)))
        self.lines("lead_lines", "10% of amount", "led", lambda p: [(d["id"], [(k, part * d["amount"] / 10)]) for k in self.keys for d in leads(k, p)])

    def form_spread(self):
        """Values of quarters in shorter periods, and a group's value by another name."""
        r, level = self.r, self.r.choice(["quarter", "year"])
        if not self.longer(level):
            return
        spans = sorted({getattr(p, level) for p in self.all[:40] if p.start + timedelta(3) >= self.first})  # others are before the range
        name = lambda s: f"{s[0]}-Q{s[1] + 1}" if level == "quarter" else f"{s}"
        rows = [(r.choice(TEAMS), s, self.money(0, 50000)) for s in spans[:5] for _ in range(2) if r.random() < 0.8]
        self.tables.append(("plans.csv", "area,span,amount", [(a, name(s), decimal(x)) for a, s, x in rows]))
        self.head += ['data plan from "plans.csv" { area text  span period  amount money }']
        for m, how in [("even", "spread evenly"), ("daily", "spread by days"), ("once", f"per {level}")]:
            self.head.append(f"measure {m} = sum of amount from plan by area is rep.team on span {how}")
        whole = lambda k, p: sum((x for a, s, x in rows if a == self.team[k] and s == getattr(self.all[p], level)), F(0))
        every = self.calendar.periods(self.first - timedelta(800), self.last + timedelta(800))

        def parts(k, p):
            of = [q for q in every if getattr(q, level) == getattr(self.all[p], level)]
            days = lambda q: (q.end - q.start).days + 1
            return whole(k, p) / len(of), whole(k, p) * days(self.all[p]) / sum(days(q) for q in of)
        self.pay("even_pay", "10% of even", lambda k, p: parts(k, p)[0] / 10)
        self.pay("daily_pay", "10% of daily", lambda k, p: parts(k, p)[1] / 10)
        self.pay("once_pay", "10% of once", lambda k, p: whole(k, p) / 10)
        self.pool("plan_pool", "per team = 1% of once split equally", lambda k, p: dict(zip(self.mates(k), allotted(
            int(self.round(whole(k, p) / 100) / self.unit), [1] * len(self.mates(k)))))[k])

    def form_rhythm(self):
        """A statement of a longer rhythm, and lines that are paid later."""
        r = self.r
        level = r.choice([s for s in ("quarter", "half", "year") if self.longer(s)])
        a, b = self.rate(), self.rate()
        in_range = lambda p: [q for q in range(len(self.all)) if self.all[q].start <= self.last and getattr(self.all[q], level) == getattr(self.all[p], level)]
        sold = lambda k, of: sum((self.sold(k, q) for q in of), F(0))

        def due(k, p):
            of = in_range(p)
            if p != of[-1]:
                return F(0)
            before = sold(k, in_range(of[0] - 1)) if of[0] > 0 else F(5)
            return a * sold(k, of) + b * before
        clauses = f" each {level}"
        n, unit = r.choice([(0, ""), (1, "month"), (30, "days"), (2, "periods"), (3, "weeks"), (1, "period"), (2, "months"), (45, "days")])
        if n:
            clauses += f" paid after {n} {unit}"
        self.statements.append(f"pay rhythm{clauses} = {percent(a)} of bookings + {percent(b)} of ifmissing(prior(bookings), $5)")

        def target(p):
            if not n:
                return p
            if unit.startswith("period"):
                return p + n
            d = self.all[p].end
            if unit.startswith("month"):
                y, m = d.year + (d.month + n - 1) // 12, (d.month + n - 1) % 12 + 1
                d = min(date(y, m, 1) + timedelta(d.day - 1), calendars.month_end(y, m))
            else:
                d += timedelta(n * (7 if unit == "weeks" else 1))
            return next(i for i, q in enumerate(self.all) if q.start <= d <= q.end)
        self.pays.append(("rhythm", lambda k, p: [("", sum((self.round(due(k, q)) for q in range(min(p + 1, self.n)) if target(q) == p), F(0)))]))
        self.moves = bool(n)

    def form_cumulative(self):
        """Lines of deals on a running total. A line is the rounded pay to date with the deal, less the rounded pay to date before it."""
        r = self.r
        level = r.choice([s for s in ("quarter", "half", "year") if self.longer(s)])
        share = F(r.randint(1, 100), 100)
        self.head.append(f"credit duo from deal where partner is not missing and partner is not rep to rep at {percent(share)}, partner at {percent(1 - share)} on closed_on amount deal.amount")
        low, a, b, c = self.money(0, 60000), self.rate(), self.rate(), self.money(1, 900)
        self.head.append(f"rates climb {{ from $0: {percent(a)}  above ${decimal(low)}: {percent(b)} }}")
        slices = lambda x: a * min(max(x, F(0)), low) + b * max(x - low, F(0))
        # the formula, and what it gives for a total, of the amount and of the base, at a deal
        text, f = r.choice([
            ("= amount through climb", lambda t, m, d: slices(t)),
            (f"= (if amount > ${decimal(low)} then {percent(a)} else {percent(b)}) * amount", lambda t, m, d: t * (a if t > low else b)),
            (f"= max(${decimal(c)}, {percent(a)} of amount)", lambda t, m, d: max(c, a * t) if t else F(0)),
            (f"= if amount >= ${decimal(low)} then ${decimal(c)} else $0", lambda t, m, d: c if t >= low and t else F(0)),
            ("= margin of amount", lambda t, m, d: d["margin"] * t),
            (f"on deal.amount * deal.margin = {percent(a)} up to ${decimal(low)} + {percent(b)} over ${decimal(low)}", lambda t, m, d: slices(m)),
        ])
        when, holds = r.choice([("", lambda d: True), (" when margin >= 50%", lambda d: d["margin"] >= F(1, 2)), (" when deal.amount > $100", lambda d: d["amount"] > 100)])
        credit = r.choice(["booking", "duo"])
        base = text.startswith("on")
        clause, formula = text.split("=", 1) if base else ("", text[2:])
        self.statements.append(f"pay to_date per {credit} {clause}cumulative over {level} = {formula.strip()}{when}")

        def part(k, d):
            if credit == "booking":
                return F(1) if d["rep"] == k else None
            if not d["partner"] or d["partner"] == d["rep"]:
                return None
            return share if d["rep"] == k else 1 - share if d["partner"] == k else None

        def own(k, p):
            out, t, m, e = [], F(0), F(0), F(0)
            for d in sorted(self.inside, key=lambda d: (d["closed_on"], d["id"])):
                q, of = self.index(d["closed_on"]), part(k, d)
                if of is None or q > p or getattr(self.all[q], level) != getattr(self.all[p], level) or not holds(d):
                    continue
                u, n = t + of * d["amount"], m + d["amount"] * d["margin"]
                x = f(u, n, d) - f(t, m, d)
                if q == p:
                    out.append((d["id"], self.round(e + x) - self.round(e)))
                t, m, e = u, n, e + x
            return sorted(out)
        self.pays.append(("to_date", own))

    # ---- the whole policy

    def policy(self):
        units = f'policy "Forms"\n  effective from {self.first} to {self.last}\n  currency USD\n{self.calendar.clauses()}  round {self.how} to {self.unit_text}\n'
        self.percent = self.r.choice(["percent", "percent in points", "percent as fractions"])
        units += f'payee rep from "reps.csv" {{ id text key  team text  manager rep optional  hired date  score points  goal money }}\n' \
                 f'data deal from "deals.csv" {{ id text key  rep rep  partner rep optional  amount money  closed_on date  signed_on date  margin {self.percent} }}\n' \
                 "credit booking from deal to rep on closed_on amount deal.amount\nmeasure bookings = sum of amount from booking\n"
        text = units + "\n".join(self.head + ["pay plain = 1% of bookings"] + self.statements + getattr(self, "adjusts", [])
                                 + [getattr(self, "last_statement", "")]) + "\n"
        return wide(text, self.r) if self.r.random() < 0.3 else text

    def write(self, folder):
        save(folder, "policy.attain", self.policy())
        part = {"percent": lambda x: f"{int(x * 100)}%", "percent in points": lambda x: str(int(x * 100)), "percent as fractions": decimal}[self.percent]
        table(folder, "reps.csv", "id,team,manager,hired,score,goal", [(k, self.team[k], self.boss[k], self.hired[k], decimal(self.score[k]), decimal(self.goal[k])) for k in self.keys])
        cell = decimal if self.r.random() < 0.5 else lambda x: amount_cell(x, self.r)
        table(folder, "deals.csv", "id,rep,partner,amount,closed_on,signed_on,margin", [
            (d["id"], d["rep"], d["partner"], cell(d["amount"]), d["closed_on"], d["signed_on"], part(d["margin"])) for d in self.deals])
        for name, head, rows in self.tables:
            table(folder, name, head, rows)

    def cell(self, k, p):
        """All lines of a payee and a period, or none if one of them has no value."""
        out = []
        try:
            if p >= self.n:  # only lines that were moved here
                return [(name, line, x) for name, own in self.pays if name == "rhythm" for line, x in own(k, p)]
            out = [("plain", "", self.round(self.sold(k, p) / 100))]
            out += [(name, line, x) for name, own in self.pays for line, x in own(k, p)]
            if self.adjust:
                out += [(self.adjust[0], line, x) for line, x in self.adjust[1](k, p)]
        except Withheld:
            return []
        if hasattr(self, "total"):
            paid = sum(x for _, _, x in out)
            out.append(("cap total", "", self.round(min(paid, self.total)) - paid if paid > self.total else F(0)))
        return out

    def expected(self):
        out = "payee,period,component,line,amount,currency\n"
        for k in self.by_key:
            for p in range(self.n + 14 if getattr(self, "moves", False) and self.has_event else self.n):
                out += "".join(f"{k},{self.all[p].name},{name},{line},{decimal(x)},USD\n" for name, line, x in self.cell(k, p) if x != 0)
        return out


def run(attain, seed, only):
    """The number of lines, or -1."""
    case = Case(seed, only)
    folder = tempfile.mkdtemp(prefix=f"forms-{seed}-")
    case.write(folder)
    through = [] if case.has_event else ["--through", case.all[0].name]
    done = attain_run(attain, folder, "policy.attain", "--quiet", "--no-tests", "--threads", str(case.r.randint(1, 3)), *through)
    want, fault = case.expected(), None
    if done.returncode not in (0, 4) or done.stdout != want:
        fault = f"exit status {done.returncode}\n{done.stderr[:1500]}\n{first_difference(want, done.stdout)}"
    elif seed % 4 == 0 and not through:
        fault = verified(attain, folder, "policy.attain")
    if fault:
        print(f"seed {seed} in {folder} differs: {fault}")
        return -1
    shutil.rmtree(folder)
    return len(want.splitlines()) - 1


def main():
    parser = arguments(__doc__, 200)
    parser.add_argument("--form", help="this form alone")
    options = parser.parse_args()
    failed = lines = 0
    for seed in range(options.seed, options.seed + options.cases):
        n = run(options.attain, seed, options.form)
        failed += n < 0
        lines += max(n, 0)
        if failed > 3:
            break
    print(f"forms: {options.cases} policies, {lines} payout lines, {failed} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
