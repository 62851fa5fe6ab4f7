#!/usr/bin/env python3
"""versions.py ATTAIN [FIRST [COUNT]]: random plans of two or three versions against an evaluator of fractions.

Written from "continues" in grammar/REFERENCE.md. A version pays the rows of its days; a formula of a period, or of the year, of the
rows up to a day, is calculated with the rules of one version; in the period of a change, a version pays what its formula comes to
at the end of its days, less what it comes to at the end of the days before."""
import datetime, os, random, subprocess, sys, tempfile
from fractions import Fraction as F

def day(m, d): return datetime.date(2026, m, d)
def cents(x):
    sign = -1 if x < 0 else 1
    return sign * ((abs(x) * 100 + F(1, 2)) // 1)

class Version:
    def __init__(self, r, old=None):
        pick = lambda name, make: getattr(old, name) if old and r.random() < .4 else make()
        self.rate = pick("rate", lambda: F(r.randint(1, 12), 100))
        self.step = pick("step", lambda: r.randint(3, 20) * 100)
        self.above = pick("above", lambda: F(r.randint(3, 15), 100))
        self.line = pick("line", lambda: F(r.randint(1, 9), 100))
        self.goal = pick("goal", lambda: r.randint(2, 20) * 100)
        self.bonus = pick("bonus", lambda: r.randint(1, 9) * 10)
        self.salary = pick("salary", lambda: r.randint(1, 9) * 100)
        self.cap = pick("cap", lambda: r.choice([None, 40, 90, 200]))
        self.least = pick("least", lambda: r.choice([0, 0, 100, 400]))
        self.to_date = pick("to_date", lambda: F(r.randint(1, 5), 100))
        self.extra = pick("extra", lambda: r.random() < .6)
        self.hold = pick("hold", lambda: F(r.choice([0, 10, 33, 50, 100]), 100))
        self.pot = pick("pot", lambda: F(r.randint(1, 20), 100))
        self.cash = pick("cash", lambda: r.random() < .5)
        self.partner = pick("partner", lambda: F(r.choice([0, 0, 30, 100]), 100))
        self.equally = pick("equally", lambda: r.random() < .5)

    def text(self, name, first, last, before):
        out = f'''policy "{name}"
  effective from {first} to {last}
  currency  USD
  period    month

'''
        if before: out += f'continues "{before}.attain"\n\n'
        out += f'''payee rep from "reps.csv" {{ id text key }}
data deal from "deals.csv" {{ id text key  rep rep  amount money  closed_on date  paid_on date optional  partner rep }}
credit booking from deal {'where amount >= $%d' % self.least if self.least else ''} to rep on closed_on amount deal.amount
credit cash from deal {'where paid_on is not missing' if self.cash else ''} to rep on {'paid_on' if self.cash else 'closed_on'} amount deal.amount
credit shared from deal to rep at {(1 - self.partner) * 100}%{', partner at %s%%' % (self.partner * 100) if self.partner else ''} on closed_on amount deal.amount
measure cashed = sum of amount from cash
measure n_cash = count from cash
measure share = sum of amount from shared
param rate = {self.rate * 100}%
rates tiers {{ from $0: 2%  from ${self.step}: {self.above * 100}% }}
measure bookings = sum of amount from booking
measure reached = bookings / ${self.goal}
pay commission on bookings = rate
pay tiered = bookings through tiers
pay slices on bookings = 1% up to ${self.step} + {self.above * 100}% over ${self.step}
pay line per booking = {self.line * 100}% of amount
pay bonus = ${self.bonus} when reached >= 100%
pay year_bonus = {self.to_date * 100}% of ytd(bookings)
pay salary = ${self.salary}
pay by_cash on cashed = {self.above * 100}%
pay by_count = $1 * n_cash
pay by_share on share = {self.line * 100}%
pay to_date on bookings cumulative over year = 1% up to ${self.step} + {self.above * 100}% over ${self.step}
pay deal_by_deal per booking cumulative over year = 1% of amount up to ${self.step} + {self.above * 100}% of amount over ${self.step}
pay quarterly on bookings each quarter = 1% up to ${self.step} + {self.above * 100}% over ${self.step}
pay climbing on bookings by booking in order = 1% up to ${self.step} + {self.above * 100}% over ${self.step}
pay divided on bookings by booking = rate
pool pot on bookings = {self.pot * 100}% up to ${self.step} + {self.above * 100}% over ${self.step} split {"equally" if self.equally else "by contribution"}
'''
        if self.extra: out += "pay extra = 1% of bookings\n"
        if self.cap is not None: out += f"cap tiered at ${self.cap}\n"
        if self.hold: out += f"hold {self.hold * 100}% of line until deal.paid_on\n"
        return out

    def value(self, what, sums, year):
        """The exact value of a component from the bookings of the period and of the year to date, both up to one day."""
        if what == "commission": return self.rate * sums
        if what == "by_cash": return self.above * sums
        if what == "by_share": return self.line * sums
        if what == "divided": return self.rate * sums
        tier = min(sums, self.step), max(sums - self.step, 0)
        if what == "tiered": return F(2, 100) * tier[0] + self.above * tier[1]
        if what in ("slices", "climbing", "quarterly", "to_date"): return F(1, 100) * tier[0] + self.above * tier[1]
        if what == "pot": return self.pot * tier[0] + self.above * tier[1]
        if what == "bonus": return F(self.bonus if sums >= self.goal else 0)
        if what == "year_bonus": return self.to_date * year
        if what == "extra": return F(1, 100) * sums if self.extra else F(0)
        assert False, what

def allot(exact, total):
    """The largest-remainder method: cents that add up to the total, in proportion to `exact`; a tie goes to the smaller key."""
    whole = sum(exact.values(), F(0))
    if not whole: return {k: 0 for k in exact}
    parts = {k: total * v / whole for k, v in exact.items()}
    cut = {k: int(v // 1) for k, v in parts.items()}
    for k in sorted(parts, key=lambda k: (cut[k] - parts[k], k))[:int(total - sum(cut.values()))]: cut[k] += 1
    return cut

def month_after(m): return day(m + 1, 1) if m < 12 else day(12, 31) + datetime.timedelta(1)

def held(versions, starts, rows, lines, rep):
    """A hold is rounded once for a month, and divided among its deals. A version that differs has a hold of its own."""
    of = lambda d: max(i for i in range(len(starts)) if starts[i] <= d)
    same = 1
    while same < len(versions) and versions[same].hold == versions[0].hold: same += 1
    group = lambda d: 0 if of(d) < same else of(d)
    for m in range(1, 13):
        for g in range(len(versions)):
            share = versions[g].hold
            part = {x[0]: F(lines.get((rep, m, "line", x[0]), 0)) for x in rows if x[3].month == m and group(x[3]) == g}
            if not share or not part: continue
            keep = allot({k: v * share for k, v in part.items()}, cents(sum(part.values(), F(0)) * share / 100))
            for x in rows:
                if not keep.get(x[0]): continue
                again = x[4].month if x[4] and x[4].year == 2026 else 99 if x[4] is None else 13
                if again <= m: continue
                lines[rep, m, "held", x[0]] = lines.get((rep, m, "held", x[0]), 0) - keep[x[0]]
                if again <= 12: lines[rep, again, "held", x[0]] = lines.get((rep, again, "held", x[0]), 0) + keep[x[0]]

def whole_period(what, versions, starts, ends, first, after, sums):
    """Each version's formula at the end of its days, less the same formula at the end of the days before."""
    total = F(0)
    for i, v in enumerate(versions):
        if starts[i] >= after or ends[i] <= first: continue
        end, start = min(ends[i], after), max(starts[i], first)
        total += v.value(what, *sums(end))
        if start > first: total -= v.value(what, *sums(start))
    return total

def credit_day(versions, starts, x):
    """The day on which a row counts: that of the first version, unless it comes later; each row counts once. A version that has the
    same credit as all before it leaves the day as it is."""
    own = lambda v: x[4] if v.cash else x[3]
    counts, same = own(versions[0]), True
    for i, v in list(enumerate(versions))[1:]:
        same = same and v.cash == versions[0].cash
        if same or (counts and counts < starts[i]): continue
        counts = max(own(v), starts[i]) if own(v) else None
    return counts

def expected(versions, starts, deals, through):
    lines = {}
    ends = starts[1:] + [day(12, 31) + datetime.timedelta(1)]
    of = lambda d: max(i for i in range(len(starts)) if starts[i] <= d)
    counted = [x for x in deals if x[2] >= versions[of(x[3])].least]
    for m in range(1, through + 1):
        first, after = day(m, 1), month_after(m)
        last = versions[of(after - datetime.timedelta(1))]
        all_rows = lambda to: (sum((x[2] for x in counted if first <= x[3] < to), F(0)), F(0))
        pot = cents(whole_period("pot", versions, starts, ends, first, after, all_rows))
        weight = {rep: F(1) if last.equally else sum((x[2] for x in counted if x[1] == rep and first <= x[3] < after), F(0)) for rep in ("ana", "ben")}
        for rep, part in allot(weight, pot).items(): lines[rep, m, "pot", ""] = part
    for rep in ("ana", "ben"):
        rows = sorted((x for x in counted if x[1] == rep), key=lambda x: (x[3], x[0]))
        before, total, exact, paid = 0, F(0), F(0), 0
        for x in rows:
            v = versions[of(x[3])]
            exact += v.value("slices", total + x[2], 0) - v.value("slices", total, 0)
            total += x[2]
            lines[rep, x[3].month, "deal_by_deal", x[0]] = cents(exact) - paid
            paid = cents(exact)
        cashed = [(d, x[2]) for x in deals if x[1] == rep and (d := credit_day(versions, starts, x)) and d.year == 2026]
        shared = [(x[3], x[2] * (1 - versions[of(x[3])].partner if who == 0 else versions[of(x[3])].partner)) for x in deals for who in (0, 1) if (x[1], x[5])[who] == rep]
        for m in range(1, through + 1):
            first, after = day(m, 1), month_after(m)
            last = versions[of(after - datetime.timedelta(1))]
            for what, rows_of in (("by_cash", cashed), ("by_share", shared)):
                day_sums = lambda to: (sum((a for d, a in rows_of if first <= d < to), F(0)), F(0))
                lines[rep, m, what, ""] = cents(whole_period(what, versions, starts, ends, first, after, day_sums))
            lines[rep, m, "by_count", ""] = 100 * len([1 for d, a in cashed if first <= d < after])
            def sums(to): return (sum((x[2] for x in rows if first <= x[3] < to), F(0)), sum((x[2] for x in rows if x[3] < to), F(0)))
            for what in ("commission", "tiered", "slices", "bonus", "year_bonus", "extra", "divided", "climbing"):
                total = whole_period(what, versions, starts, ends, first, after, sums)
                if what == "tiered" and last.cap is not None: total = min(total, F(last.cap))
                lines[rep, m, what, ""] = cents(total)
            year = lambda to: (sum((x[2] for x in rows if x[3] < to), F(0)), F(0))
            to_date = cents(whole_period("to_date", versions, starts, ends, day(1, 1), after, year))
            lines[rep, m, "to_date", ""] = to_date - before
            before = to_date
            if m % 3 == 0:
                since = day(m - 2, 1)
                quarter = lambda to: (sum((x[2] for x in rows if since <= x[3] < to), F(0)), F(0))
                lines[rep, m, "quarterly", ""] = cents(whole_period("quarterly", versions, starts, ends, since, after, quarter))
            lines[rep, m, "salary", ""] = cents(F(last.salary))
            for x in rows:
                if first <= x[3] < after: lines[rep, m, "line", x[0]] = cents(versions[of(x[3])].line * x[2])
        held(versions, starts, rows, lines, rep)
    return {k: v for k, v in lines.items() if v}

def one(attain, seed):
    r = random.Random(seed)
    n = r.choice([2, 2, 3])
    mid = r.random() < .6
    starts = [day(1, 1)] + sorted(day(m, r.randint(2, 28) if mid else 1) for m in r.sample(range(2, 12), n - 1))
    if n == 3 and r.random() < .3 and mid: starts[2] = starts[1] + datetime.timedelta(r.randint(1, 9))
    versions = [Version(r)]
    for _ in range(n - 1): versions.append(Version(r, versions[-1]))
    deals = [(f"d{i}", r.choice(["ana", "ben"]), F(r.randint(1, 90000), 100), day(r.randint(1, 12), r.randint(1, 28)), r.choice([None, day(r.randint(1, 12), r.randint(1, 28))]), r.choice(["ana", "ben"])) for i in range(r.randint(1, 60))]
    with tempfile.TemporaryDirectory() as folder:
        for i, v in enumerate(versions):
            last = starts[i + 1] - datetime.timedelta(1) if i + 1 < n else day(12, 31)
            with open(f"{folder}/v{i}.attain", "w") as file: file.write(v.text(f"V{i}", starts[i], last, f"v{i - 1}" if i else ""))
        with open(f"{folder}/reps.csv", "w") as file: file.write("id\nana\nben\n")
        with open(f"{folder}/deals.csv", "w") as file:
            file.write("id,rep,amount,closed_on,paid_on,partner\n" + "".join(f"{a},{b},{float(c):.2f},{d},{e or ''},{p}\n" for a, b, c, d, e, p in deals))
        done = subprocess.run([attain, "run", f"{folder}/v{n - 1}.attain", "--data", folder, "--format", "csv", "-q", "--through", "2026-12"], capture_output=True, text=True)
        got = {}
        for line in done.stdout.splitlines()[1:]:
            rep, period, what, key, amount, _ = line.split(",")
            what, key = "held" if what.startswith("hold line") else what, "" if what in ("divided", "climbing") else key
            got[rep, int(period[5:]), what, key] = got.get((rep, int(period[5:]), what, key), 0) + int(round(float(amount) * 100))
        got = {k: v for k, v in got.items() if v}
        want = {k: int(v) for k, v in expected(versions, starts, deals, 12).items()}
        if seed % 5 == 0: # the text of all versions is a policy that pays the same
            text = subprocess.run([attain, "dump", "policy", f"{folder}/v{n - 1}.attain"], capture_output=True, text=True).stdout
            with open(f"{folder}/all.attain", "w") as file: file.write(text)
            again = subprocess.run([attain, "run", f"{folder}/all.attain", "--data", folder, "--format", "csv", "-q", "--through", "2026-12"], capture_output=True, text=True)
            proof = subprocess.run([attain, "explain", f"{folder}/v{n - 1}.attain", "--data", folder, "--verify"], capture_output=True, text=True)
            if again.stdout != done.stdout or proof.returncode: print(f"seed {seed}: the text of all versions: {again.stderr[:500]} {proof.stdout[-300:]} {proof.stderr[-300:]}"); return None
        if done.returncode or got != want:
            print(f"seed {seed}: starts {starts}: {done.stderr[:800]}")
            for k in sorted(set(got) | set(want)):
                if got.get(k) != want.get(k) and got: print("  ", k, "paid", got.get(k), "expected", want.get(k))
            return None
        return len(want)

def main():
    attain, first, count = sys.argv[1], int((sys.argv + ["1"])[2]) if len(sys.argv) > 2 else 1, int(sys.argv[3]) if len(sys.argv) > 3 else 60
    lines = bad = 0
    for seed in range(first, first + count):
        n = one(os.path.abspath(attain), seed)
        bad += n is None
        lines += n or 0
    print(f"{count} plans of several versions, {lines} lines, {bad} differ")
    sys.exit(bad > 0)

main()
