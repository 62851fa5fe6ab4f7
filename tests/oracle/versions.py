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

    def text(self, name, first, last, before):
        out = f'''policy "{name}"
  effective from {first} to {last}
  currency  USD
  period    month

'''
        if before: out += f'continues "{before}.attain"\n\n'
        out += f'''payee rep from "reps.csv" {{ id text key }}
data deal from "deals.csv" {{ id text key  rep rep  amount money  closed_on date }}
credit booking from deal {'where amount >= $%d' % self.least if self.least else ''} to rep on closed_on amount deal.amount
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
'''
        if self.extra: out += "pay extra = 1% of bookings\n"
        if self.cap is not None: out += f"cap tiered at ${self.cap}\n"
        return out

    def value(self, what, sums, year):
        """The exact value of a component from the bookings of the period and of the year to date, both up to one day."""
        if what == "commission": return self.rate * sums
        tier = min(sums, self.step), max(sums - self.step, 0)
        if what == "tiered": return F(2, 100) * tier[0] + self.above * tier[1]
        if what == "slices": return F(1, 100) * tier[0] + self.above * tier[1]
        if what == "bonus": return F(self.bonus if sums >= self.goal else 0)
        if what == "year_bonus": return self.to_date * year
        if what == "extra": return F(1, 100) * sums if self.extra else F(0)
        assert False, what

def expected(versions, starts, deals, through):
    lines = {}
    ends = starts[1:] + [day(12, 31) + datetime.timedelta(1)]
    of = lambda d: max(i for i in range(len(starts)) if starts[i] <= d)
    for rep in ("ana", "ben"):
        rows = [x for x in deals if x[1] == rep and x[2] >= versions[of(x[3])].least]
        for m in range(1, through + 1):
            first, after = day(m, 1), day(m + 1, 1) if m < 12 else ends[-1]
            last = versions[of(after - datetime.timedelta(1))]
            def sums(to): return (sum((x[2] for x in rows if first <= x[3] < to), F(0)), sum((x[2] for x in rows if x[3] < to), F(0)))
            for what in ("commission", "tiered", "slices", "bonus", "year_bonus", "extra"):
                total = F(0)
                for i, v in enumerate(versions):
                    if starts[i] >= after or ends[i] <= first: continue
                    end, start = min(ends[i], after), max(starts[i], first)
                    total += v.value(what, *sums(end))
                    if start > first: total -= v.value(what, *sums(start))
                if what == "tiered" and last.cap is not None: total = min(total, F(last.cap))
                lines[rep, m, what, ""] = cents(total)
            lines[rep, m, "salary", ""] = cents(F(last.salary))
            for x in rows:
                if first <= x[3] < after: lines[rep, m, "line", x[0]] = cents(versions[of(x[3])].line * x[2])
    return {k: v for k, v in lines.items() if v}

def one(attain, seed):
    r = random.Random(seed)
    n = r.choice([2, 2, 3])
    mid = r.random() < .6
    starts = [day(1, 1)] + sorted(day(m, r.randint(2, 28) if mid else 1) for m in r.sample(range(2, 12), n - 1))
    if n == 3 and r.random() < .3 and mid: starts[2] = starts[1] + datetime.timedelta(r.randint(1, 9))
    versions = [Version(r)]
    for _ in range(n - 1): versions.append(Version(r, versions[-1]))
    deals = [(f"d{i}", r.choice(["ana", "ben"]), F(r.randint(1, 90000), 100), day(r.randint(1, 12), r.randint(1, 28))) for i in range(r.randint(1, 60))]
    with tempfile.TemporaryDirectory() as folder:
        for i, v in enumerate(versions):
            last = starts[i + 1] - datetime.timedelta(1) if i + 1 < n else day(12, 31)
            with open(f"{folder}/v{i}.attain", "w") as file: file.write(v.text(f"V{i}", starts[i], last, f"v{i - 1}" if i else ""))
        with open(f"{folder}/reps.csv", "w") as file: file.write("id\nana\nben\n")
        with open(f"{folder}/deals.csv", "w") as file:
            file.write("id,rep,amount,closed_on\n" + "".join(f"{a},{b},{float(c):.2f},{d}\n" for a, b, c, d in deals))
        done = subprocess.run([attain, "run", f"{folder}/v{n - 1}.attain", "--data", folder, "--format", "csv", "-q", "--through", "2026-12"], capture_output=True, text=True)
        got = {}
        for line in done.stdout.splitlines()[1:]:
            rep, period, what, key, amount, _ = line.split(",")
            got[rep, int(period[5:]), what, key] = int(round(float(amount) * 100))
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
                if got.get(k) != want.get(k): print("  ", k, "paid", got.get(k), "expected", want.get(k))
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
