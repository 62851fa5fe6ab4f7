#!/usr/bin/env python3
"""tests/oracle/people.py ATTAIN [--cases N] [--seed S]: random histories and coverage: people who move, join, leave, and are on leave.

Teams, quotas, rates, and managers have dates, and the days on which a payee is covered come from fields and from a table of leaves. This file
asks of each day what holds on it, as REFERENCE.md says (history, days of coverage), with Python's fractions. Every amount must be equal, also
which payouts are withheld, and `explain --verify` must agree. A case that differs leaves its files behind.
"""
import calendar
import csv
import datetime
import io
import random
import sys
from fractions import Fraction as F

from common import allotted, attain_run, decimal, rounded, save, table, try_cases, verified, Withheld

PAYEES = "abcdef"
TEAMS = ("east", "west", "north")
FIRST, LAST = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)


def last_of(month):
    return datetime.date(2026, month, calendar.monthrange(2026, month)[1])


def days_of(month):
    return [datetime.date(2026, month, d + 1) for d in range(calendar.monthrange(2026, month)[1])]


class Case:
    def __init__(self, seed, folder):
        r = self.r = random.Random(seed)
        self.folder = folder
        self.groups = r.random() < .7  # every payee has a team on every day
        self.until, self.optional = r.random() < .4, r.random() < .4
        self.covered_days = r.choice([None, "dates", "dates", "leaves"])
        self.role = self.covered_days and r.random() < .3
        self.history = {p: self.rows(p) for p in PAYEES}
        self.people = {p: self.person() for p in PAYEES}
        self.leaves = [(p, d, d + datetime.timedelta(r.choice([0, 5, 40, 100]))) for p in PAYEES for d in [self.day()] if r.random() < .5]
        if r.random() < .4:  # a second leave, which may overlap with the first
            self.leaves += [(p, d, d + datetime.timedelta(r.randint(0, 50))) for p in PAYEES for d in [self.day()]]
        r.shuffle(self.leaves)
        self.deals = [(f"d{i:02d}", r.choice(PAYEES), F(r.randint(-30000, 200000), 100), self.day()) for i in range(r.choice([5, 30, 80]))]
        self.goals = [(t, m, r.randint(1, 50) * 100) for t in TEAMS for m in range(1, 13) if r.random() < .6]
        self.bonuses = [(f"b{i}", r.choice(TEAMS), self.day(), F(r.randint(1, 20000), 100)) for i in range(12)]
        names = ["west", "line", "direct", "override", "base", "year", "moved", "loan"] + ["on_quota", "fair", "old", "asof", "each_q", "sum_quota"]
        names += ["reached", "extra", "shared", "place", "team_total", "heads", "daily", "daily", "team_past", "team_sum", "team_year", "wide", "by_role", "heard"] if self.groups else []
        self.uses = set(r.sample(names, r.randint(3, 8)))
        self.uses |= {"reached"} if self.uses & {"wide", "by_role"} else set()
        self.uses |= {"extra"} if "heard" in self.uses else set()
        self.day_amount = r.choice(["rate", "flat", "to_date", "days", "goals", "extras"] + ([] if self.optional else ["quota", "quota"]))
        if self.day_amount == "goals" and "reached" not in self.uses or self.day_amount == "extras" and "extra" not in self.uses:
            self.day_amount = "rate"
        self.day_how = r.choice(["equally", "by contribution", "by rep.w", "by bookings * 2"] + ([] if self.optional else ["by rep.quota"]))
        if not self.covered_days:
            self.uses -= {"base"}
        self.how = r.choice(["equally", "by contribution", "by rep.w"])
        self.cap = r.choice([60, 150]) if r.random() < .4 else None
        self.write()

    def day(self):
        return FIRST + datetime.timedelta(self.r.randrange(365))

    def person(self):
        r, some = self.r, lambda p, x: x if r.random() < p else None
        hired = r.choice([datetime.date(2020, 1, 1), self.day(), last_of(r.randint(1, 12)), datetime.date(2026, r.randint(1, 12), 1)])
        return {"hired": hired, "left": some(.4, max(hired, self.day())), "role": r.choice(["AE", "AE", "SE"]), "w": r.randint(0, 4)}

    def rows(self, p):
        """Dated rows: since, until, team, quota, rate, manager. A manager comes before the payee, so there is no circle."""
        r = self.r
        n = r.choice([1, 1, 2, 3, 5])
        starts = sorted(r.sample(range(365), n))
        starts = [FIRST + datetime.timedelta(s) for s in starts]
        if self.groups or r.random() < .6:
            starts[0] = datetime.date(2025, 5, 1)
        if n > 1 and r.random() < .3:
            starts[1] = last_of(r.choice([3, 6, 9])) if starts[0] < datetime.date(2026, 3, 1) and n == 2 else starts[1]
        starts, out = sorted(set(starts)), []
        for i, since in enumerate(starts):
            end = starts[i + 1] - datetime.timedelta(1) if i + 1 < len(starts) else None
            if end is None and self.until and not self.groups and r.random() < .4:
                end = since + datetime.timedelta(r.randint(0, 90))
            quota = None if self.optional and r.random() < .3 else F(r.randint(10, 90) * 100)
            manager = r.choice(PAYEES[:PAYEES.index(p)] or [None])
            out.append((since, end, r.choice(TEAMS), quota, r.choice([1, 2, 5, 10]), manager if r.random() < .8 else None))
        return out

    def write(self):
        u = self.uses
        optional = " optional" if self.optional else ""
        quota = "ifmissing(rep.quota, $777)" if self.optional else "rep.quota"
        text = ('policy "P"\n  effective from 2026-01-01 to 2026-12-31\n  currency USD\n  period month\n\n'
                'payee rep from "reps.csv" { id text key  hired date  left date optional  role text  w number }\n'
                f'history assignment of rep from "assignments.csv" {{ rep rep  since date{"  until date optional" if self.until else ""}  team text  quota money{optional}  rate percent  manager rep optional }}\n'
                'data deal from "deals.csv" { id text key  rep rep  amount money  closed date }\n')
        if "reached" in u:
            text += 'data goal from "goals.csv" { team text  month period  amount money }\n'
        if "extra" in u:
            text += 'data bonus from "bonuses.csv" { id text key  team text  day date  amount money }\n'
        if self.covered_days == "leaves":
            text += 'data leave from "leaves.csv" { rep rep  first date  last date }\n'
        if self.covered_days:
            text += "applies to rep from rep.hired to rep.left" + (" except from leave.first to leave.last" if self.covered_days == "leaves" else "")
            text += (' where rep.role is "AE"' if self.role else "") + "\n"
        text += "credit booking from deal to rep on closed amount deal.amount\nmeasure bookings = sum of amount from booking\n"
        if "override" in u:
            text += ("credit chain from deal to managers of rep at if level = 1 then 10% else 1% on closed amount deal.amount\n"
                     "measure chained = sum of amount from chain\npay override = chained\n")
        if "direct" in u:
            text += ("credit direct_deal from deal where rep.manager is not missing to rep.manager on closed amount deal.amount\n"
                     "measure led = sum of amount from direct_deal\npay direct = 2% of led\n")
        text += 'measure in_west = sum of amount from booking where rep.team is "west"\npay west = 10% of in_west\n' if "west" in u else ""
        text += "pay line per booking = rep.rate of amount\n" if "line" in u else ""
        text += "pay base = $3,100 * covered.share\n" if "base" in u else ""
        text += "pay year = 1% of ytd(bookings)\n" if "year" in u else ""
        text += "pay moved paid after 1 month = 3% of bookings + $7\n" if "moved" in u else ""
        text += "pay loan = 5% of bookings\ndraw advance = $40 recoverable against loan\n" if "loan" in u else ""
        text += f"pay on_quota = $100 * (bookings / {quota})\n" if "on_quota" in u else ""
        text += "pay fair = $100 * (bookings / prorated(rep.quota))\n" if "fair" in u else ""
        text += 'pay old = $10 when ifmissing(rep.team as of 2026-02-15, "none") is "west"\n' if "old" in u else ""
        text += "pay asof = 1% of ifmissing(rep.quota as of period.start, $5)\n" if "asof" in u else ""
        text += f"pay each_q each quarter = $50 * (bookings / {quota})\n" if "each_q" in u else ""
        text += f"pay sum_quota = 1% of ytd({quota} by period)\n" if "sum_quota" in u else ""
        text += "measure goals = sum of amount from goal by team on month\npay reached = 1% of goals\n" if "reached" in u else ""
        text += "measure extras = sum of amount from bonus by team on day\npay extra = extras\n" if "extra" in u else ""
        text += f"pool shared per team on bookings = 7% split {self.how}\n" if "shared" in u else ""
        if "daily" in u:
            amount = {"rate": "7%", "flat": "$310", "to_date": "1% of ytd(bookings)", "days": "$3 * sum(covered.days by member)" if self.covered_days
                      else "$3 * sum(rep.w by member)", "quota": "3% of rep.quota", "goals": "2% of goals", "extras": "9% of extras"}[self.day_amount]
            text += f"pool daily per team by day on bookings = {amount} split {self.day_how}\n"
        text += "pay place = if rank(bookings by team) = 1 then $50 else $0\n" if "place" in u else ""
        text += "pay team_total = 0.5% of total(bookings by team)\n" if "team_total" in u else ""
        # A payee who moves had the totals of other teams. Rows of a period are the team's own in any group, and count once.
        text += "pay team_past = 0.5% of ifmissing(prior(total(bookings by team)), $0)\n" if "team_past" in u else ""
        text += "pay team_sum = 0.1% of ytd(total(bookings by team) by period)\n" if "team_sum" in u else ""
        text += "pay team_year = 0.1% of ytd(total(bookings by team) by year)\n" if "team_year" in u else ""
        text += "pool wide = 1% of goals split equally\n" if "wide" in u else ""
        text += "pay by_role = 1% of total(goals by role)\n" if "by_role" in u else ""
        text += "pay heard = 1% of total(sum(extras by member) by role)\n" if "heard" in u else ""
        text += "pay heads = $3 * total(sum(count_one by member) by team)\nmeasure count_one = 1 + 0 * (bookings / $1)\n" if "heads" in u else ""
        if self.cap and "west" in u:
            text += f"cap west at ${self.cap} per year\n"
        save(self.folder, "p.attain", text)
        table(self.folder, "reps.csv", "id,hired,left,role,w", [(p, v["hired"], v["left"] or "", v["role"], v["w"]) for p, v in self.people.items()])
        rows = [(p, *row) for p in PAYEES for row in self.history[p]]
        self.r.shuffle(rows)
        hold = [[p, since] + ([until if until and self.r.random() < .7 or until and not self.follows(p, until) else ""] if self.until else []) +
                [team, "" if quota is None else quota, f"{rate}%", manager or ""] for p, since, until, team, quota, rate, manager in rows]
        table(self.folder, "assignments.csv", "rep,since" + (",until" if self.until else "") + ",team,quota,rate,manager", hold)
        table(self.folder, "deals.csv", "id,rep,amount,closed", [(a, b, decimal(c), d) for a, b, c, d in self.deals])
        table(self.folder, "leaves.csv", "rep,first,last", self.leaves)
        table(self.folder, "goals.csv", "team,month,amount", [(t, f"2026-{m:02d}", a) for t, m, a in self.goals])
        table(self.folder, "bonuses.csv", "id,team,day,amount", [(a, b, c, decimal(d)) for a, b, c, d in self.bonuses])

    def follows(self, p, until):
        """Whether another row of the payee begins on the next day."""
        return any(row[0] == until + datetime.timedelta(1) for row in self.history[p])

    # ---- what holds on a day

    def on(self, p, day, field, must=True):
        row = next((x for x in self.history[p] if x[0] <= day and (x[1] is None or day <= x[1])), None)
        if row is None and must:
            raise Withheld
        return row and row[{"team": 2, "quota": 3, "rate": 4, "manager": 5}[field]]

    def covered(self, p, day):
        if not self.covered_days:
            return True
        who = self.people[p]
        inside = who["hired"] <= day and (who["left"] is None or day <= who["left"]) and not (self.role and who["role"] != "AE")
        return inside and not (self.covered_days == "leaves" and any(q == p and a <= day <= b for q, a, b in self.leaves))

    def any_day(self, p, months):
        return any(self.covered(p, d) for m in months for d in days_of(m))

    # ---- sums

    def sold(self, p, months):
        return sum((a for _, q, a, d in self.deals if q == p and d.month in months and self.covered(p, d)), F(0))

    def members(self, team, month):
        return [p for p in PAYEES if self.any_day(p, [month]) and self.on(p, last_of(month), "team") == team]

    def team_sold(self, team, month):
        return sum((self.sold(p, [month]) for p in self.members(team, month)), F(0))

    def goals_of(self, payees, month):
        """The goals of the teams in which the payees are at the end of the month, each once."""
        teams = {self.on(p, last_of(month), "team") for p in payees}
        return F(sum(a for t, k, a in self.goals if t in teams and k == month))

    def wide(self, m):
        """The pool of everyone."""
        payees = [p for p in PAYEES if self.any_day(p, [m])]
        cents = allotted(int(rounded(self.goals_of(payees, m) / 100) * 100), [1] * len(payees)) if payees else []
        return {p: F(c, 100) for p, c in zip(payees, cents)}

    def quota(self, p, day):
        if not self.optional:
            return self.on(p, day, "quota")
        found = self.on(p, day, "quota", must=False)
        return F(777) if found is None else found

    def chained(self, p, month):
        total = F(0)
        for _, q, amount, d in self.deals:
            level, at = 0, self.on(q, d, "manager", must=False)
            while at and d.month == month:
                level += 1
                if at == p and self.covered(p, d):
                    total += amount * (F(1, 10) if level == 1 else F(1, 100))
                at = self.on(at, d, "manager", must=False)
        return total

    def value(self, name, p, m):
        """The exact value of a component, or Withheld."""
        end, bookings = last_of(m), self.sold(p, [m])
        if name == "west":
            return sum((a for _, q, a, d in self.deals if q == p and d.month == m and self.covered(p, d) and self.on(p, d, "team") == "west"), F(0)) / 10
        if name == "direct":
            return F(2, 100) * sum((a for _, q, a, d in self.deals if d.month == m and self.on(q, d, "manager", must=False) == p and self.covered(p, d)), F(0))
        if name == "override":
            return self.chained(p, m)
        if name == "base":
            return 3100 * F(sum(self.covered(p, d) for d in days_of(m)), len(days_of(m)))
        if name == "year":
            return self.sold(p, range(1, m + 1)) / 100
        if name == "moved":
            return bookings * 3 / 100 + 7
        if name == "loan":
            return bookings / 20
        if name == "on_quota":
            return 100 * bookings / self.quota(p, end)
        if name == "fair":
            found = [self.on(p, d, "team", must=False) and (self.on(p, d, "quota") or F(0)) for d in days_of(m)]
            if all(x is None for x in found):
                raise Withheld
            mean = sum((x or F(0) for x in found), F(0)) / len(found)
            if not mean:
                raise Withheld
            return 100 * bookings / mean
        if name == "old":
            day = datetime.date(2026, 2, 15)
            return F(10 if self.on(p, day, "team", must=False) == "west" else 0)
        if name == "asof":
            found = self.on(p, datetime.date(2026, m, 1), "quota", must=False)
            return (F(5) if found is None else found) / 100
        if name == "sum_quota":
            return sum((self.quota(p, last_of(k)) for k in range(1, m + 1)), F(0)) / 100
        team = self.on(p, end, "team")
        if name == "reached":
            return F(sum(a for t, k, a in self.goals if t == team and k == m), 100)
        if name == "extra":
            return sum((a for _, t, d, a in self.bonuses if d.month == m and self.on(p, d, "team") == t), F(0))
        group = {q: self.sold(q, [m]) for q in self.members(team, m)}
        if name == "place":
            return F(50 if all(x <= bookings for x in group.values()) else 0)
        if name == "team_total":
            return sum(group.values(), F(0)) / 200
        if name == "heads":
            return F(3 * len(group))
        if name == "team_past":
            return self.team_sold(self.on(p, last_of(m - 1), "team"), m - 1) / 200 if m > 1 else F(0)
        if name == "team_sum":
            return sum((self.team_sold(self.on(p, last_of(k), "team"), k) for k in range(1, m + 1)), F(0)) / 1000
        if name == "team_year":
            return sum((self.team_sold(team, k) for k in range(1, m + 1)), F(0)) / 1000
        peers = [q for q in PAYEES if self.any_day(q, [m]) and self.people[q]["role"] == self.people[p]["role"]]
        if name == "by_role":
            return self.goals_of(peers, m) / 100
        if name == "heard":
            return sum((self.value("extra", q, m) for q in peers), F(0)) / 100
        assert False, name

    def pool(self, m):
        out = {}
        for team in TEAMS:
            group = self.members(team, m)
            sums = [self.sold(p, [m]) for p in group]
            whole = int(rounded(sum(sums, F(0)) * 7 / 100) * 100)
            weights = {"equally": [1] * len(group), "by contribution": sums, "by rep.w": [self.people[p]["w"] for p in group]}[self.how]
            for p, cents in zip(group, allotted(whole, weights) if group else []):
                out[p] = F(cents, 100)
        return out

    # ---- a pool by day: who is where on each day

    def stays(self, team, month):
        days = {p: [d for d in days_of(month) if self.covered(p, d) and self.on(p, d, "team") == team] for p in PAYEES}
        return {p: d for p, d in days.items() if d}

    def sold_in(self, p, team, month):
        return sum((a for _, q, a, d in self.deals if q == p and d.month == month and self.covered(p, d) and self.on(p, d, "team") == team), F(0))

    def present(self, team, day):
        """Whether a payee whom the policy covers at all is in the team on the day, and so receives its rows."""
        return any(self.any_day(p, range(1, 13)) and self.on(p, day, "team") == team for p in PAYEES)

    def of_day(self, team, m, stays):
        """The exact amount of the team."""
        part = {p: F(len(d), len(days_of(m))) for p, d in stays.items()}
        if self.day_amount in ("rate", "to_date"):
            months = [m] if self.day_amount == "rate" else range(1, m + 1)
            return sum((self.sold_in(p, team, k) for p in PAYEES for k in months), F(0)) * (7 if self.day_amount == "rate" else 1) / 100
        if self.day_amount == "flat":
            return F(310)
        if self.day_amount == "quota":
            return sum((self.on(p, d[-1], "quota") * part[p] for p, d in stays.items()), F(0)) * 3 / 100
        if self.day_amount == "days":
            each = {p: sum(self.covered(p, d) for d in days_of(m)) if self.covered_days else self.people[p]["w"] for p in stays}
            return 3 * sum((each[p] * part[p] for p in stays), F(0))
        if self.day_amount == "goals":
            return F(sum(a for t, k, a in self.goals if t == team and k == m and self.present(team, last_of(m))) * 2, 100)
        return sum((a for _, t, d, a in self.bonuses if t == team and d.month == m and self.present(team, d)), F(0)) * 9 / 100

    def daily(self, m):
        out = {p: F(0) for p in PAYEES}
        for team in TEAMS:
            stays = self.stays(team, m)
            if not stays:
                continue
            weight = {"equally": lambda p: len(stays[p]), "by contribution": lambda p: self.sold_in(p, team, m),
                      "by bookings * 2": lambda p: 2 * self.sold_in(p, team, m), "by rep.w": lambda p: self.people[p]["w"] * len(stays[p]),
                      "by rep.quota": lambda p: self.on(p, stays[p][-1], "quota") * len(stays[p])}[self.day_how]
            whole = int(rounded(self.of_day(team, m, stays)) * 100)
            for p, cents in zip(stays, allotted(whole, [weight(p) for p in stays])):
                out[p] += F(cents, 100)
        return out

    def expected(self):
        """The amounts, and the payees and months that are withheld."""
        out, withheld = {}, set()
        for p in PAYEES:
            owed, left, earned = F(0), F(0), F(0)  # of the loan, and to date under the cap
            lost = False  # a cap of the year needs every month before, also in a month without coverage
            for m in range(1, 13):
                lines, here = {}, self.any_day(p, [m])
                quarter = m % 3 == 0 and self.any_day(p, [m - 2, m - 1, m])
                if quarter and "each_q" in self.uses:
                    try:
                        lines[m, "each_q"] = rounded(50 * self.sold(p, [m - 2, m - 1, m]) / self.quota(p, last_of(m)))
                    except Withheld:
                        withheld.add((p, m))
                for name in sorted(self.uses - {"each_q", "shared", "line", "daily", "wide"}) if here else []:
                    try:
                        lines[m, name] = self.value(name, p, m)
                    except Withheld:
                        withheld.add((p, m))
                        lost = lost or self.cap and name == "west"
                if lost:
                    withheld.add((p, m))
                for _, q, amount, d in self.deals if "line" in self.uses else []:
                    if q == p and d.month == m and self.covered(p, d):
                        try:
                            lines[m, "line"] = lines.get((m, "line"), F(0)) + rounded(amount * self.on(p, d, "rate") / 100)
                        except Withheld:
                            withheld.add((p, m))
                if (m, "loan") in lines:
                    x = rounded(lines[m, "loan"])
                    taken = min(owed, max(x - 40, F(0)))
                    owed += max(40 - x, F(0)) - taken
                    lines[m, "loan"] = x + max(40 - x, F(0)) - taken
                if (m, "west") in lines and self.cap:
                    earned += lines[m, "west"]
                    to_date = rounded(min(earned, F(self.cap)))
                    lines[m, "west"], left = to_date - left, to_date
                if (m, "moved") in lines:
                    lines[m + 1, "moved"] = lines.pop((m, "moved"))
                if "shared" in self.uses and here:
                    lines[m, "shared"] = self.pool(m).get(p, F(0))
                if "wide" in self.uses and here:
                    lines[m, "wide"] = self.wide(m)[p]
                if "daily" in self.uses and here:
                    lines[m, "daily"] = self.daily(m)[p]
                for (month, name), x in lines.items():
                    out[p, f"{2026 + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}", name] = rounded(x)
        gone = {(p, f"2026-{m:02d}") for p, m in withheld}
        return {k: v for k, v in out.items() if v and k[:2] not in gone}, gone


def check(attain, case):
    done = attain_run(attain, case.folder, "p.attain", "--no-tests", "--through", "2027-01")
    if done.returncode not in (0, 4):
        return "refused: " + done.stderr[:1500], 0
    got = {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        key = row["payee"], row["period"], row["component"]
        got[key] = got.get(key, F(0)) + F(row["amount"])
    got = {k: v for k, v in got.items() if v}
    want, gone = case.expected()
    if got != want:
        k = min(k for k in set(got) | set(want) if got.get(k) != want.get(k))
        return f"{k}: {float(want.get(k, 0)):.2f} is right, found {float(got.get(k, 0)):.2f}; withheld {sorted(gone)[:4]}\n{done.stderr[:600]}", 0
    fault = verified(attain, case.folder, "p.attain", "--through", "2027-01")
    return ("explain: " + fault, 0) if fault else (None, len(want))


if __name__ == "__main__":
    sys.exit(try_cases(__doc__, 60, "people", "amounts", Case, check))
