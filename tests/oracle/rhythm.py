#!/usr/bin/env python3
"""tests/oracle/rhythm.py ATTAIN [--cases N] [--seed S]: random statements `each quarter`, `each half`, and `each year` in policies of shorter periods.

Each case writes the same statements twice: with `each` in a policy of months, half months, or weeks, and without it in a policy of that
period. What they pay must be equal, line by line. Then `paid after` is added to one statement, and this file moves its lines by the calendar. `explain --verify` must
agree. A case that differs leaves its files behind.
"""
import csv
import datetime
import io
import random
import sys

import calendars
from common import attain_run, save, table, try_cases, verified

AMOUNTS = ["5% of bookings", "10% up to $300 + 20% over $300", "2% of (bookings - 50% of plan)", "$10 * attainment",
           "10% of (bookings - ifmissing(prior(bookings), $0))", "1% of trailing(bookings, 2)", "1% of trailing(bookings by period, 3)",
           "3% of ytd(bookings)", "3% of ytd(due by period)", "due", "10% of commission", "1% of ytd(commission)", "4% of big",
           "if attainment >= 80% then $100 else $1", "$1 * period.months", "1% of total(bookings)", "$3 * rank(bookings)", "owed",
           "1% of before", "1% of trailing(recalculated(due), 2)", "1% of most"]
LINES = ["10% of amount", "amount * attainment * 10%", "if running(bookings) > $100 then 10% of amount else 5% of amount", "$5"]
MEASURES = """measure bookings = sum of amount from booking
measure plan = sum of amount from quota to rep on month{spread}
measure attainment = if plan = $0 then 0 else bookings / plan
measure due{each} = 5% of (bookings up to $200) + 8% of (bookings over $200)
measure big = sum of amount from booking where amount > $50 and attainment > 50%
measure largest = max of amount from booking
measure most = ifmissing(largest, $0)
measure before = ifmissing(prior(due, 2), $7)
measure owed = max($0, ifmissing(prior(owed), $5) + bookings - 90% of plan)
pay commission on bookings = 5%
"""


class Case:
    def __init__(self, seed, folder):
        self.r = random.Random(seed)
        self.folder = folder
        self.own, self.calendar = self.r.choice([("month", calendars.Months("month")), ("month", calendars.Months("month")),
                                                 ("semimonth", calendars.Months("semimonth")), ("month", calendars.Weeks("4-4-5", datetime.date(2026, 2, 1), "month")),
                                                 ("week", calendars.Weeks("4-5-4", datetime.date(2025, 12, 28), "week"))])
        self.kind = self.r.choice(["quarter", "quarter", "half", "year"] + ["month"] * (self.own != "month"))
        self.start = self.r.choice(["2026-01-01", "2026-01-01", "2026-02-01", "2026-05-01"])
        self.end = self.r.choice(["2026-12-31", "2026-12-31", "2026-11-30", "2027-04-30"])
        self.weeks = isinstance(self.calendar, calendars.Weeks)
        self.fiscal = self.calendar.clauses().split("\n", 1)[1] if self.weeks else self.r.choice(["", "", "  fiscal year from february\n"])
        if self.weeks:  # whole months: a part of a month has its part of a value that is spread, and the longer policy all of it
            months = calendars.Weeks(self.calendar.pattern, self.calendar.anchor, "month").periods(self.calendar.anchor, datetime.date(2027, 6, 30))
            self.start, self.end = months[self.r.choice([0, 0, 1, 4])].start, months[self.r.choice([11, 11, 10, 14])].end
        self.all = self.calendar.periods(datetime.date(2025, 12, 1), datetime.date(2028, 12, 31))
        self.place = {p.name: i for i, p in enumerate(self.all)}
        self.named = self.r.random() < .6
        self.statements = "".join(self.statement(i) for i in range(self.r.randint(1, 4)))
        self.delay = self.r.choice(["1 month", "2 months", "30 days", "45 days", "1 period", "3 periods"])
        self.write_data()

    def statement(self, i):
        r, kind = self.r, self.r.random()
        when = r.choice(["", "", "\n  when attainment >= 50%", "\n  when bookings > $100"])
        amount = r.choice(AMOUNTS)
        on = " on bookings" if "up to" in amount else ""
        if kind < .5:
            text = f"pay p{i}{on}@EACH@ = {amount}{when}\n"
        elif kind < .62:
            amount = AMOUNTS[r.randint(0, 1)]
            on = " on bookings" if "up to" in amount else ""
            span = "" if self.kind == "year" else " cumulative over year"
            text = f"pay p{i}{on}{span}@EACH@ = {amount}{when}\n"
        elif kind < .8:
            text = f"pay p{i} per booking@EACH@ = {r.choice(LINES)}{when}\n"
        else:
            amount = r.choice(["5% of bookings", "recalculated(due)", "10% of commission"])
            split = r.choice(["split by bookings", "split equally", "split by attainment + 1"])
            text = f"pool p{i}@EACH@ = {amount} {split}\n"
        if r.random() < .4:
            per = "" if self.kind == "year" or r.random() < .5 else " per year"
            text += f"{r.choice(['cap', 'floor'])} p{i} at {r.choice(['$20', '$50', '5% of plan', '3% of bookings'])}{per}\n"
        if r.random() < .2:
            text += f'adjust p{i} = 50% of p{i} when attainment < 120% because "x"\n'
        return text

    def policy(self, name, period, each, delay=""):
        named = each if self.named else ""
        statements = self.statements.replace("@EACH@", each + delay, 1).replace("@EACH@", each)
        save(self.folder, name, f'policy "P"\n  effective from {self.start} to {self.end}\n  currency USD\n  period {period}\n{self.fiscal}\n'
             'payee rep from "reps.csv" { id text key }\n'
             'data deal from "deals.csv" { id text key  rep rep  amount money  closed_on date }\n'
             'data quota from "quotas.csv" { rep rep  month period  amount money }\n'
             'credit booking from deal to rep on closed_on amount deal.amount\n'
             + MEASURES.format(each=named, spread="" if period == "year" else " spread evenly") + statements)

    def write_data(self):
        r, months = self.r, [(y, m) for y in (2026, 2027) for m in range(1, 13)][:16]
        table(self.folder, "reps.csv", "id", "abc")
        deals = []
        for i in range(r.randint(5, 60)):
            y, m = r.choice(months)
            deals.append((f"d{i}", r.choice("abc"), r.choice([20, 40, 60, 100, 150, -30]), f"{y}-{m:02d}-{r.randint(1, 28):02d}"))
        table(self.folder, "deals.csv", "id,rep,amount,closed_on", deals)
        names = [f"{y}-{m:02d}" for y, m in months]
        if self.weeks:
            names = [f"{self.calendar.name(y)}-P{m:02d}" for y in range(2) for m in range(1, 13)][:16]
        table(self.folder, "quotas.csv", "rep,month,amount", [(rep, name, r.choice([50, 100, 20])) for rep in "abc" for name in names if r.random() < .9])

    def moved(self, period):
        """The period in which a line of the period is paid."""
        n, unit = self.delay.split()
        at = self.place[period]
        if unit.startswith("period"):
            return self.all[at + int(n)].name
        day = self.all[at].end
        if unit.startswith("day"):
            day += datetime.timedelta(days=int(n))
        else:
            y, m = day.year + (day.month + int(n) - 1) // 12, (day.month + int(n) - 1) % 12 + 1
            day = min(datetime.date(y, m, 1) + datetime.timedelta(day.day - 1), calendars.month_end(y, m))
        return next(p.name for p in self.all if p.start <= day <= p.end)


def run(attain, folder, name):
    done = attain_run(attain, folder, name, "--no-tests", "--quiet", "--through", "2030")
    if done.returncode not in (0, 4):
        return None
    return [row for row in csv.DictReader(io.StringIO(done.stdout)) if float(row["amount"]) != 0]


def by_line(rows):
    out = {}
    for row in rows:
        if row["component"] != "commission":
            out.setdefault((row["payee"], row["component"], row["line"]), []).append(row["amount"])
    return out


def check(attain, case):
    each = " each " + case.kind
    case.policy("short.attain", case.own, each)
    case.policy("longer.attain", case.kind, "")
    case.policy("moved.attain", case.own, each, " paid after " + case.delay)
    months, longer, moved = (run(attain, case.folder, name) for name in ("short.attain", "longer.attain", "moved.attain"))
    if months is None or longer is None or moved is None:
        return "refused", 0
    if by_line(months) != by_line(longer):
        return "a statement pays another amount than in a policy of its period", 0
    own = {"p0", "cap p0", "floor p0", "adjust p0"}
    want = sorted((row["payee"], case.moved(row["period"]) if row["component"] in own else row["period"], row["component"], row["line"],
                   row["amount"]) for row in months)
    got = sorted((row["payee"], row["period"], row["component"], row["line"], row["amount"]) for row in moved)
    sums = {}
    for payee, period, component, line, amount in want:
        sums.setdefault((payee, period, component, line), []).append(amount)
    unlike = [key for key, amounts in sums.items() if len(amounts) > 1 and not key[3]]
    if not unlike and want != got:
        return "a line is not paid in the right period", 0
    verify = verified(attain, case.folder, "moved.attain", "--through", "2030")
    if verify:
        return "explain: " + verify, 0
    return None, len(months) + len(moved)


if __name__ == "__main__":
    sys.exit(try_cases(__doc__, 60, "rhythm", "payout lines", Case, check))
