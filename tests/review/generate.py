#!/usr/bin/env python3
"""tests/review/generate.py SEED FOLDER: writes a made-up case for reviewers: 60 people, and two versions of a plan.

The new version has five edits. The four managers gain about 20%, the 55 account executives lose about 8%, and one
engineer is paid the same. In total, pay falls by a few percent, which hides both. Names and amounts are random, with the
seed: the same seed writes the same files. `case()` returns the data, from which check.py calculates pay by itself.

    old.attain, new.attain   the versions
    zero.attain              the new version, with an edit that divides by the quota, which is zero for two people
    people.csv, deals.csv, targets.csv
"""
import os
import random
import sys

QUARTERS = (1, 2)
GIVEN = ("Ada Ben Cleo Dan Eva Finn Gia Hugo Ivy Jon Kim Leo Mia Noa Omar Pia Quinn Rosa Sam Tara Uli Vera Wim Xia "
         "Yara Zoe").split()
FAMILY = ("Abbot Berg Costa Diaz Evans Fonseca Gruber Hansen Ito Jonas Klein Lund Mori Nagy Olsen Petit Quist Rossi "
          "Sato Toth Ueda Vogel Weber Xu Young Zhang").split()
TEAMS = ("east", "north", "south", "west")

POLICY = '''policy "Team sales"
  version   {version}
  effective from 2026-01-01 to 2026-12-31
  currency  USD
  period    quarter

payee rep from "people.csv" {{
  id      text key
  name    text label
  role    one of ("manager", "account executive", "engineer")
  team    text
  manager rep  optional  # empty for managers
}}

data deal from "deals.csv" {{
  id        text key
  rep       rep
  amount    money
  closed_on date
}}

data target from "targets.csv" {{
  rep     rep
  quarter period
  amount  money
}}

credit booking from deal
  to     rep
  on     closed_on
  amount deal.amount

# What the account executives of a team sell.
credit team_booking from deal
  to     managers of rep
  on     closed_on
  amount deal.amount

measure bookings      = sum of amount from booking
measure team_bookings = sum of amount from team_booking
measure quota         = sum of amount from target to rep on quarter

pay commission "Commission" on bookings = {rate}
  when rep.role = "account executive"

pay accelerator "Accelerator" on bookings = {over} over quota
  when rep.role = "account executive"

pay bonus "Quarterly bonus" = $3,000
  when rep.role = "account executive" and {gate}

pay override "Team override" = {override} of team_bookings
  when rep.role = "manager"

pay support "Support bonus" = 3% of bookings
  when rep.role = "engineer"

cap accelerator at {cap}
'''
OLD = {"version": 3, "rate": "10%", "over": "6%", "gate": "quota > $0 and bookings >= 100% of quota", "override": "2%",
       "cap": "$2,000"}
NEW = {"version": 3, "rate": "9.4%", "over": "5%", "gate": "quota > $0 and bookings >= 105% of quota",
       "override": "2.4%", "cap": "$1,500"}
ZERO = {**NEW, "gate": "bookings / quota >= 105%"}


def people(rng, sellers):
    names = [f"{g} {f}" for g in GIVEN for f in FAMILY] * (sellers // 600 + 1)
    rng.shuffle(names)
    rows = [(f"m{i + 1}", names.pop(), "manager", TEAMS[i], "") for i in range(4)]
    rows += [(f"a{i + 1:02}", names.pop(), "account executive", TEAMS[i % 4], f"m{i % 4 + 1}") for i in range(sellers)]
    return rows + [("e1", names.pop(), "engineer", "east", "")]


def case(seed, sellers=55):
    """People, quotas by person and quarter in dollars, and deals (id, person, dollars, quarter, day). Two account
    executives are on leave in the second quarter: they have no quota and no deals."""
    rng = random.Random(seed)
    rows = people(rng, sellers)
    quotas, deals = {}, []
    away = [(r[0], 2) for r in rng.sample(rows[4:4 + sellers], 2)]
    sellers = [(r[0], q) for r in rows if r[2] != "manager" for q in QUARTERS]
    for person, quarter in sellers:
        if (person, quarter) not in away:
            quota = quotas[person, quarter] = 1000 * rng.randint(80, 160)
            sold, reached = 0, quota * rng.randint(90, 130) // 100
            while sold < reached:
                amount = min(reached - sold, 100 * rng.randint(90, 600))
                month, day = 3 * quarter - rng.randint(0, 2), rng.randint(1, 28)
                deals.append((f"d{len(deals) + 1}", person, amount, quarter, f"2026-{month:02}-{day:02}"))
                sold += amount
    return rows, quotas, deals


def write(seed, folder, sellers=55):
    rows, quotas, deals = case(seed, sellers)
    os.makedirs(folder, exist_ok=True)

    def put(name, lines):
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as file:
            file.writelines(line + "\n" for line in lines)

    put("people.csv", ["id,name,role,team,manager"] + [",".join(r) for r in rows])
    put("deals.csv", ["id,rep,amount,closed_on"] + [f"{d},{p},{a},{day}" for d, p, a, _, day in deals])
    put("targets.csv", ["rep,quarter,amount"] + [f"{p},2026-Q{q},{a}" for (p, q), a in quotas.items()])
    put("old.attain", POLICY.format(**OLD).splitlines())
    put("new.attain", POLICY.format(**NEW).splitlines())
    put("zero.attain", POLICY.format(**ZERO).splitlines())


if __name__ == "__main__":
    write(int(sys.argv[1]), sys.argv[2])
