"""tests/oracle/calendars.py: the periods of a policy, from the definitions in the reference (weeks and half months) and nothing else."""
from datetime import date, timedelta

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]


def day(text):
    return date.fromisoformat(text)


def month_end(y, m):
    return date(y + m // 12, m % 12 + 1, 1) - timedelta(1)


class Period:
    """name, start, end; and what it belongs to: month, quarter, half, year, each of which can be compared."""

    def __init__(self, name, start, end, year, month, index):
        self.name, self.start, self.end, self.index = name, start, end, index
        self.year, self.half, self.quarter, self.month = year, (year, (month - 1) // 6), (year, (month - 1) // 3), (year, month)


class Months:
    """Months, quarters, halves, years, half months, and weeks, in fiscal years that start in a month."""

    def __init__(self, kind, first_month=1, weekday=0, anchor=None):
        self.kind, self.first_month, self.weekday, self.anchor = kind, first_month, weekday, anchor

    def clauses(self):
        fiscal = f"  fiscal year from {MONTHS[self.first_month - 1]}\n" if self.first_month > 1 else ""
        return f"  period {self.text()}\n{fiscal}"

    def text(self):
        if self.kind == "week":
            return f"week from {WEEKDAYS[self.weekday]}"
        return f"{self.kind} weeks from {self.anchor}" if isinstance(self.kind, int) else self.kind

    def fiscal(self, y, m):
        """The fiscal year and the month in it, from 1. A fiscal year is named after the calendar year in which it ends."""
        shifted = (m - self.first_month) % 12 + 1
        return (y + (self.first_month > 1 and m >= self.first_month), shifted)

    def periods(self, first, last):
        return (self.weeks if self.kind == "week" or isinstance(self.kind, int) else self.by_month)(first, last)

    def by_month(self, first, last):
        out, y, m = [], first.year - 2, self.first_month
        size = {"month": 1, "semimonth": 1, "quarter": 3, "half": 6, "year": 12}[self.kind]
        while date(y, m, 1) <= last:
            fy, fm = self.fiscal(y, m)
            ey, em = y + (m + size - 2) // 12, (m + size - 2) % 12 + 1
            start, end = date(y, m, 1), month_end(ey, em)
            if self.kind == "semimonth":
                out.append(Period(f"{y}-{m:02d}-H1", start, date(y, m, 15), fy, fm, 2 * fm - 1))
                out.append(Period(f"{y}-{m:02d}-H2", date(y, m, 16), end, fy, fm, 2 * fm))
            else:
                name = {"month": f"{y}-{m:02d}", "quarter": f"{fy}-Q{(fm + 2) // 3}", "half": f"{fy}-H{(fm + 5) // 6}", "year": f"{fy}"}[self.kind]
                out.append(Period(name, start, end, fy, fm, (fm - 1) // size + 1))
            y, m = y + (m + size - 1) // 12, (m + size - 1) % 12 + 1
        return [p for p in out if p.end >= first and p.start <= last]

    def weeks(self, first, last):
        """Each week belongs to the year of its fourth day, and is numbered there. Several weeks have the name of their first week."""
        size = self.kind if isinstance(self.kind, int) else 1
        start = self.anchor or date(2024, 1, 1) + timedelta(self.weekday)
        start -= timedelta(7 * size * ((start - first).days // (7 * size) + 60))  # more than a year before
        out, seen = [], {}
        number = {}  # of each single week, counted within the year of its fourth day
        at = start
        while at <= last:
            year = (at + timedelta(3)).year
            number[at] = seen[year] = seen.get(year, 0) + 1
            at += timedelta(7)
        indexes = {}
        while start <= last:
            fourth = start + timedelta(3)
            fy, fm = self.fiscal(fourth.year, fourth.month)
            indexes[fy] = indexes.get(fy, 0) + 1
            out.append(Period(f"{fourth.year}-W{number[start]:02d}", start, start + timedelta(7 * size - 1), fy, fm, indexes[fy]))
            start += timedelta(7 * size)
        return [p for p in out if p.end >= first and p.start <= last]


class Weeks:
    """A fiscal year of 52 or 53 weeks, in months of 4 or 5 weeks."""

    def __init__(self, pattern, anchor, kind):
        self.pattern, self.anchor, self.kind = pattern, anchor, kind

    def clauses(self):
        return f"  period {self.kind}\n  fiscal weeks {self.pattern} from {self.anchor}\n"

    def start(self, years):
        """The day of the anchor's weekday that is nearest to the anniversary."""
        near = date(self.anchor.year + years, self.anchor.month, self.anchor.day)
        return min((near + timedelta(d) for d in range(-3, 4)), key=lambda d: (d.weekday() != self.anchor.weekday(), d))

    def name(self, years):
        """The month that starts nearest to the anchor is the first; the year is named after the year in which it ends."""
        a = self.anchor
        starts = [date(a.year + (a.month + k - 1) // 12, (a.month + k - 1) % 12 + 1, 1) for k in (0, 1)]
        first = min(starts, key=lambda d: abs((d - a).days))
        return first.year + years + (first.month > 1)

    def periods(self, first, last):
        out, lengths = [], [int(n) for n in self.pattern.split("-")] * 4
        for years in range(first.year - self.anchor.year - 2, last.year - self.anchor.year + 2):
            start, following, y, week = self.start(years), self.start(years + 1), self.name(years), 0
            for month, length in enumerate(lengths, 1):
                end = following if month == 12 else start + timedelta(7 * length)
                if self.kind == "week":
                    for k in range((end - start).days // 7):
                        week += 1
                        at = start + timedelta(7 * k)
                        out.append(Period(f"{y}-W{week:02d}", at, at + timedelta(6), y, month, week))
                elif self.kind == "month":
                    out.append(Period(f"{y}-P{month:02d}", start, end - timedelta(1), y, month, month))
                elif month % 3 == 1:
                    quarter = Period(f"{y}-Q{(month + 2) // 3}", start, end, y, month, (month + 2) // 3)
                if self.kind == "quarter" and month % 3 == 0:
                    quarter.end = end - timedelta(1)
                    out.append(quarter)
                start = end
        return [p for p in out if p.end >= first and p.start <= last]


def draw(r):
    """A calendar, and the first and last day of an effective range of several periods."""
    kind = r.choice(["month", "month", "quarter", "semimonth", "week", "weeks", "4-4-5", "4-5-4", "5-4-4"])
    first = day("2026-01-01") + timedelta(r.choice([0, 0, 31, r.randint(0, 120)]))
    fiscal = r.choice([1, 1, 4, 7, 10, 2])
    if "-" in kind:
        anchor = r.choice(["2026-02-01", "2025-12-28", "2026-01-25", "2025-09-28", "2026-06-30"])
        calendar = Weeks(kind, day(anchor), r.choice(["month", "month", "quarter", "week"]))
    elif kind == "week":
        calendar = Months("week", fiscal, r.randrange(7))
    elif kind == "weeks":
        calendar = Months(r.choice([2, 2, 3, 4]), fiscal, anchor=r.choice([day("2026-01-02"), day("2025-12-29"), day("2026-03-04")]))
    else:
        calendar = Months(kind, fiscal)
    long = calendar.kind in ("quarter", "month")
    last = first + timedelta(r.choice([364, 500, 600]) if long else r.randint(100, 250))
    return calendar, first, last
