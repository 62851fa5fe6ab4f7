#!/usr/bin/env python3
"""tests/oracle/fairness.py ATTAIN [COUNT [SEED]]: `attain fairness` against its own calculations, on random data sets.

Pay, attainment, correlations, Gini coefficients, quartiles, groups, and the part of the rules are calculated here with
Python's fractions, from the rules in words: 4% (SDR) or 5% up to the quota, 10% over it, at most $8,000 a quarter,
1% more for those who were hired before July 2022, and 2% of negative sales taken back.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction as F

POLICY = '''policy "Fairness"
  effective from 2026-01-01 to 2026-12-31
  currency  USD
  period    quarter

payee rep from "reps.csv" {
  id     text key
  name   text label
  team   text
  role   one of ("AE", "SDR")
  gender text
  hired  date
}
data deal from "deals.csv" { id text key  rep rep  amount money  closed_on date }
data target from "quotas.csv" { rep rep  quarter period  amount money }

credit booking from deal to rep on closed_on amount deal.amount

measure bookings   = sum of amount from booking
measure quota      = sum of amount from target to rep on quarter
measure attainment = if quota = $0 then 0% else bookings / quota
measure base_rate  = if rep.role = "SDR" then 4% else 5%

pay commission = base_rate * (bookings up to quota) + 10% of (bookings over quota)
cap commission at $8,000
pay loyalty = 1% of max(bookings, $0) when rep.hired < 2022-07-01
pay chargeback = 2% of min(bookings, $0)
'''
LEAST = 5
CAP = F(8000)


def cents(x):
    sign = -1 if x < 0 else 1
    return sign * F((abs(x) * 200 + 1) // 2, 100)


def make(random_, case):
    people = [1, 2, 4, 5, 7, 12, 25, 40][case % 8] if case >= 3 else [1, 6, 9][case]
    reps, deals, quotas = [], [], []
    alike = case == 1 or random_.random() < 0.05
    refunds = random_.random() < 0.15
    for i in range(people):
        reps.append(dict(id="p%03d" % i, name="P %d" % i, team=random_.choice(["east", "west", "north", "south"]),
                         role=random_.choice(["AE", "AE", "SDR"]), gender=random_.choice("fm"),
                         hired="%d-%02d-%02d" % (random_.randint(2018, 2026), random_.randint(1, 6), random_.randint(1, 28))))
        for q in (1, 2):
            quota = random_.choice([0, 20000, 40000, 40000, 50000])
            quotas.append((reps[-1]["id"], q, 40000 if alike else quota))
            if alike:
                deals.append((reps[-1]["id"], q, F(40000)))
                continue
            for _ in range(random_.choice([0, 1, 1, 2, 3])):
                amount = F(random_.choice([quota, quota * 101 // 100, 39300, 40900, random_.randint(1, 90000)])) + F(random_.randint(0, 99), 100)
                deals.append((reps[-1]["id"], q, -amount if refunds and random_.random() < 0.2 else amount))
    if case == 2:
        deals = []
    return reps, deals, quotas


def pay_of(role, hired, bookings, quota):
    rate = F(4, 100) if role == "SDR" else F(5, 100)
    part = rate * max(min(bookings, quota), F(0)) + F(10, 100) * max(bookings - quota, F(0))
    loyalty = F(1, 100) * max(bookings, F(0)) if hired < "2022-07-01" else F(0)
    return cents(min(part, CAP)) + cents(loyalty) + cents(F(2, 100) * min(bookings, F(0))), part > CAP


def near(bookings, quota):
    return quota != 0 and abs(bookings - quota) * 50 <= quota


def ranks(values):
    return [F(sum(1 for w in values if w < v) * 2 + sum(1 for w in values if w == v) + 1, 2) for v in values]


def spearman(x, y):
    a, b = ranks(x), ranks(y)
    n = len(x)
    mean = F(n + 1, 2)
    xy = sum((u - mean) * (v - mean) for u, v in zip(a, b))
    xx = sum((u - mean) ** 2 for u in a)
    yy = sum((v - mean) ** 2 for v in b)
    return None if n < 2 or xx == 0 or yy == 0 else (1 if xy >= 0 else -1) * xy * xy / (xx * yy)


def kendall(x, y):
    n = len(x)
    same = opposite = tie_x = tie_y = 0
    for i in range(n):
        for j in range(i):
            product = (x[i] - x[j]) * (y[i] - y[j])
            same += product > 0
            opposite += product < 0
            tie_x += x[i] == x[j]
            tie_y += y[i] == y[j]
    pairs = n * (n - 1) // 2
    low = (pairs - tie_x) * (pairs - tie_y)
    value = None if n < 2 or low == 0 else (1 if same >= opposite else -1) * F((same - opposite) ** 2, low)
    return value, opposite, same + opposite


def gini(x):
    n = len(x)
    if n < 2 or min(x) < 0 or sum(x) == 0:
        return None
    return sum(abs(a - b) for a in x for b in x) / (2 * n * sum(x))


def quartile(x, part):
    x = sorted(x)
    at = F((len(x) - 1) * part, 4)
    low = int(at)
    return x[low] if at == low else x[low] + (x[low + 1] - x[low]) * (at - low)


def grouped(reps, label, pay, credited):
    """Groups that are shown, by label; how many people are hidden."""
    groups = {}
    for i, rep in enumerate(reps):
        groups.setdefault(label(rep), []).append(i)
    order = []  # of equal sizes, the group that was met first
    for size in sorted({len(m) for m in groups.values()}):
        order += [k for k in groups if len(groups[k]) == size]
    others, count, shown = [], 0, {}
    for key in order:
        if len(groups[key]) < LEAST or 0 < len(others) < LEAST:
            others += groups[key]
            count += 1
        else:
            shown[key] = groups[key]
    hidden = len(others)
    if hidden >= LEAST:
        shown["others (%d groups)" % count] = others
        hidden = 0
    out = {}
    for key, members in shown.items():
        out[key] = (len(members), sum(pay[i] for i in members), sum(credited[i] for i in members), members)
    return out, hidden


BANDS = [0, 1, 3, 5]


def band(rep):
    year, month, day = map(int, rep["hired"].split("-"))
    years = 2026 - year - ((month, day) > (6, 30))
    return max((i for i, low in enumerate(BANDS) if low <= years), default=0)


def tenures(reps):
    """The name of the group of each payee: bands from the shortest on, together until they have five people."""
    groups = []
    for b in range(4):
        n = sum(1 for r in reps if band(r) == b)
        if n == 0:
            continue
        if groups and groups[-1][1] < LEAST:
            groups[-1] = [groups[-1][0] + [b], groups[-1][1] + n]
        else:
            groups.append([[b], n])
    if len(groups) > 1 and groups[-1][1] < LEAST:
        groups[-2:] = [[groups[-2][0] + groups[-1][0], groups[-2][1] + groups[-1][1]]]
    names = {}
    for bands, _ in groups:
        low, high = BANDS[bands[0]], (BANDS + [None])[bands[-1] + 1]
        name = ("%d years and more" % low if high is None else "less than 1 year" if high == 1
                else "less than %d years" % high if low == 0 else "%d to %d years" % (low, high))
        names.update((b, name) for b in bands)
    return {r["id"]: names[band(r)] for r in reps}


def expect(what, got, wanted):
    if got != wanted:
        raise AssertionError("%s: got %s, expected %s" % (what, got, wanted))


def number(text):
    return F(text)


def check(attain, folder, random_, case):
    reps, deals, quotas = make(random_, case)
    with open(os.path.join(folder, "policy.attain"), "w") as out:
        out.write(POLICY)
    with open(os.path.join(folder, "reps.csv"), "w") as out:
        out.write("id,name,team,role,gender,hired\n" + "".join("%(id)s,%(name)s,%(team)s,%(role)s,%(gender)s,%(hired)s\n" % r for r in reps))
    with open(os.path.join(folder, "deals.csv"), "w") as out:
        out.write("id,rep,amount,closed_on\n")
        for i, (rep, q, amount) in enumerate(deals):
            out.write("d%d,%s,%.2f,2026-%02d-10\n" % (i, rep, amount, 3 * q - 1))
    with open(os.path.join(folder, "quotas.csv"), "w") as out:
        out.write("rep,quarter,amount\n" + "".join("%s,2026-Q%d,%d\n" % q for q in quotas))
    done = subprocess.run([attain, "fairness", os.path.join(folder, "policy.attain"), "--format", "json", "--through", "2026-Q2"],
                          capture_output=True, text=True)
    expect("exit status " + done.stderr, done.returncode, 0)
    report = json.loads(done.stdout)
    pay, credited, performance, caps, edges, other, amounts = [], [], [], 0, 0, [], {}
    for rep in reps:
        total, moved, sold, capped, close, reached = F(0), F(0), F(0), False, False, []
        for q in (1, 2):
            quota = sum((F(a) for who, when, a in quotas if who == rep["id"] and when == q), F(0))
            bookings = sum((a for who, when, a in deals if who == rep["id"] and when == q), F(0))
            amounts[len(pay), q] = (bookings, quota)
            amount, over = pay_of(rep["role"], rep["hired"], bookings, quota)
            total += amount
            moved += pay_of("SDR" if rep["role"] == "AE" else "AE", rep["hired"], bookings, quota)[0]
            sold += bookings
            capped |= over
            close |= near(bookings, quota)
            reached.append(F(0) if quota == 0 else bookings / quota)
        pay.append(total)
        other.append(moved)
        credited.append(sold)
        performance.append(sum(reached) / 2)
        caps += capped
        edges += close
    figures = {f["id"]: f for f in report["figures"]}
    value, opposite, pairs = kendall(performance, pay)

    def figure(name, field, wanted):
        got = figures[name].get(field)
        expect(name, None if got is None else number(got), wanted)
    figure("spearman", "signed_square", spearman(performance, pay))
    figure("kendall", "signed_square", value)
    figure("gini_pay", "value", gini(pay))
    figure("gini_contribution", "value", gini(credited))
    figure("median", "value", quartile(performance, 2))
    figure("median", "lower_quartile", quartile(performance, 1))
    figure("median", "upper_quartile", quartile(performance, 3))
    if len(reps) > 1:
        figure("inverted_pairs", "value", F(opposite))
        expect("pairs", figures["inverted_pairs"]["of"], pairs)
    figure("at_zero", "value", F(sum(1 for p in pay if p == 0)))
    figure("at_cap", "value", F(caps))
    figure("near_threshold", "value", F(edges))
    listed = [(p["payee"], p["other"]) for p in report["pairs"]]
    expect("pairs listed", len(listed), min(20, opposite))
    expect("no pair twice", len(set(listed)), len(listed))
    index = {r["id"]: i for i, r in enumerate(reps)}
    differences = sorted((pay[i] - pay[j] for i in range(len(reps)) for j in range(len(reps))
                          if performance[i] < performance[j] and pay[i] > pay[j]), reverse=True)
    expect("largest pairs", [pay[index[a]] - pay[index[b]] for a, b in listed], differences[:20])
    for a, b in listed:
        expect("inverted", performance[index[a]] < performance[index[b]], True)
    if len(reps) >= LEAST:
        expect("people in bins", sum(b["people"] for b in report["distribution"]), len(reps))
        expect("small bins", [b for b in report["distribution"] if b["people"] < LEAST], [])
        for b in report["distribution"]:
            inside = [p for p in performance if ("from" not in b or p >= number(b["from"])) and ("below" not in b or p < number(b["below"]))]
            expect("bin", len(inside), b["people"])
    else:
        expect("few", (report["distribution"], report["fields"]), ([], []))
    labels = {"team": lambda r: r["team"], "role": lambda r: r["role"], "gender": lambda r: r["gender"], "hired": lambda r: of_years[r["id"]]}
    of_years = tenures(reps)
    for field in report["fields"]:
        wanted, hidden = grouped(reps, labels[field["field"]], pay, credited)
        expect("hidden", field["hidden"], hidden)
        got = {g["group"]: (g["people"], number(g["pay"]), number(g["credited"])) for g in field["groups"]}
        expect(field["field"], got, {k: v[:3] for k, v in wanted.items()})
        rates = {k: v[1] / v[2] for k, v in wanted.items() if v[2] != 0 and not k.startswith("others (")}
        if len(rates) < 2:
            expect("gap", field.get("gap"), None)
            continue
        gap = field["gap"]
        expect("gap", number(gap["gap"]), max(rates.values()) - min(rates.values()))
        expect("gap", rates[gap["highest"]] - rates[gap["lowest"]], number(gap["gap"]))
        rules = F(0)
        if field["field"] == "role":
            low = wanted[gap["lowest"]]
            rules = sum(other[i] for i in low[3]) / low[2] - rates[gap["lowest"]]
        if field["field"] == "hired":
            days = sorted(reps[i]["hired"] for i in wanted[gap["highest"]][3])
            middle = days[(len(days) - 1) // 2][:8] + "01"
            expect("middle", gap["middle_date"], middle)
            low, total = wanted[gap["lowest"]], F(0)
            for i in low[3]:
                for q in (1, 2):
                    total += pay_of(reps[i]["role"], middle, *amounts[i, q])[0]
            rules = total / low[2] - rates[gap["lowest"]]
        expect("by", gap["by"], "run" if field["field"] in ("role", "hired") else "proof")
        expect("rules", number(gap["rules"]), rules)
        expect("data", number(gap["data"]), number(gap["gap"]) - rules)


def main():
    attain = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for case in range(count):
            try:
                check(attain, folder, random.Random(seed * 1000003 + case), case)
            except AssertionError as error:
                failed += 1
                print("fairness: data set %d of seed %d: %s" % (case, seed, error))
                if failed > 5:
                    break
    print("fairness: %d data sets, %d failed" % (count, failed))
    sys.exit(1 if failed else 0)


main()
