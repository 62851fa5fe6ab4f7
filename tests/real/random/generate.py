#!/usr/bin/env python3
"""Random data for policy.attain, the same for the same seed:  generate.py SEED FOLDER

Between two and eighteen payees in three teams, with managers or without, up to 900 deals, some of them returns, some dated outside
the effective range.
"""
import csv
import random
import sys
from datetime import date, timedelta

seed, folder = int(sys.argv[1]), sys.argv[2]
choose = random.Random(seed)
payees = ["r%02d" % i for i in range(2 + seed % 17)]
choose.shuffle(payees)


def write(name, header, rows):
    with open(folder + "/" + name, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header] + rows)


write("reps.csv", ["id", "team", "points", "annual", "manager"], [
    [payee, choose.choice("xyz"), choose.choice(["0", "1", "2.5", "3", "0.3"]), choose.choice(["30000", "45000.50", "60000"]),
     choose.choice(payees[:i]) if i and choose.random() < 0.8 else ""]
    for i, payee in enumerate(payees)])
write("targets.csv", ["rep", "year", "amount"],
      [[payee, "2027", choose.choice(["31000", "40000.01", "55555.55"])] for payee in payees])
write("deals.csv", ["id", "rep", "partner", "product", "amount", "closed"], [
    ["d%05d" % i, choose.choice(payees), choose.choice(payees) if choose.random() < 0.3 else "",
     choose.choice(["core", "cloud", "services"]),
     "%.2f" % (choose.choice([1, 1, 1, 1, -0.3]) * choose.randrange(1, 1500000) / 100),
     date(2026, 1, 20) + timedelta(days=choose.randrange(395))]
    for i in range(seed * 37 % 900)])
