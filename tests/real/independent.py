#!/usr/bin/env python3
"""The payouts of bikes.attain, crm.attain and crm-managers.attain, worked out without Attain.

    independent.py bikes|crm|crm-managers DATA > expected.csv

Python's csv and fractions only: amounts are exact fractions of a dollar until a line is written, then rounded once, half away
from zero; pools are divided in cents by largest remainder, ties by the payee's key.
"""
import csv
import sys
from collections import defaultdict
from fractions import Fraction
from math import floor


def rows(folder, name):
    with open(folder + "/" + name, encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def cents(amount):
    """Whole cents, half away from zero."""
    n = floor(abs(amount) * 100 + Fraction(1, 2))
    return n if amount >= 0 else -n


def allot(whole, weights):
    """Parts in cents of `whole` cents by key, in proportion to the weights above zero."""
    total = sum(w for w in weights.values() if w > 0)
    if total == 0 or whole == 0:
        return {}
    assert whole > 0
    exact = {k: whole * max(w, Fraction(0)) / total for k, w in weights.items()}
    parts = {k: floor(e) for k, e in exact.items()}
    left = whole - sum(parts.values())
    for k in sorted(exact, key=lambda k: (-(exact[k] - parts[k]), k))[:left]:
        parts[k] += 1
    return parts


def write(lines):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["payee", "period", "component", "line", "amount", "currency"])
    for payee, period, order, component, line, n in sorted(lines):
        if n:
            sign = "-" if n < 0 else ""
            out.writerow([payee, period, component, line, "%s%d.%02d" % (sign, abs(n) // 100, abs(n) % 100), "USD"])


def bikes(folder):
    people = {r["employee_id"]: r["key"] for r in rows(folder, "salespeople.csv")}
    group = {r["key"]: r["group"] for r in rows(folder, "territories.csv")}
    goal = defaultdict(list)
    for r in rows(folder, "targets.csv"):
        goal[people[r["employee_id"]], r["month"][:7]].append(Fraction(r["amount"]))
    sales = defaultdict(Fraction)
    by_group = defaultdict(lambda: defaultdict(Fraction))
    lines = []
    for r in rows(folder, "sales.csv"):
        if not "2017-07-01" <= r["order_date"] <= "2020-05-31":
            continue
        cell = r["salesperson"], r["order_date"][:7]
        amount, margin = Fraction(r["amount"]), Fraction(r["amount"]) - Fraction(r["cost"])
        sales[cell] += amount
        by_group[cell[1], group[r["territory"]]][cell[0]] += amount
        if margin > 0:
            lines.append((*cell, 5, "margin_share", r["line"], cents(margin * 2 / 100)))
    for (payee, period), amount in sales.items():
        if goal[payee, period]:
            most = sum(goal[payee, period])
            low = max(min(amount, most), 0)
            high = max(amount - most, 0)
            lines.append((payee, period, 0, "commission", "", cents(low / 100 + high * 3 / 100)))
        else:
            lines.append((payee, period, 1, "untargeted", "", cents(amount / 100)))
    pools = {"North America": (2, "america"), "Europe": (3, "europe"), "Pacific": (4, "pacific")}
    for (period, name), members in by_group.items():
        order, component = pools[name]
        for payee, n in allot(cents(sum(members.values()) / 200), members).items():
            lines.append((payee, period, order, component, "", n))
    write(lines)


RATES = {"GTX Basic": "3", "GTX Pro": "5", "GTX Plus Basic": "4", "GTX Plus Pro": "5.5", "MG Special": "2",
         "MG Advanced": "4.25", "GTK 500": "7"}


def won(folder):
    for r in rows(folder, "sales_pipeline.csv"):
        if r["deal_stage"] == "Won" and "2017-01-01" <= r["close_date"] <= "2017-12-31":
            yield r


def crm(folder):
    lines = []
    for r in won(folder):
        product = "GTX Pro" if r["product"] == "GTXPro" else r["product"]
        pay = Fraction(r["close_value"]) * Fraction(RATES[product]) / 100
        lines.append((r["sales_agent"], r["close_date"][:7], 0, "commission", r["opportunity_id"], cents(pay)))
    write(lines)


def crm_managers(folder):
    manager = {r["sales_agent"]: r["manager"] for r in rows(folder, "sales_teams.csv")}
    sums = defaultdict(Fraction)
    for r in won(folder):
        sums[manager[r["sales_agent"]], r["close_date"][:7]] += Fraction(r["close_value"])
    write([(*cell, 0, "override", "", cents(amount / 100)) for cell, amount in sums.items()])


{"bikes": bikes, "crm": crm, "crm-managers": crm_managers}[sys.argv[1]](sys.argv[2])
