#!/usr/bin/env python3
"""The payouts of bikes.attain, crm.attain, crm-managers.attain, and orders.attain, worked out without Attain.

    independent.py bikes|crm|crm-managers|orders DATA > expected.csv

Python's csv and fractions only: amounts are exact fractions of a dollar until a line is written, then rounded once, half away
from zero; pools are divided in cents by largest remainder, ties by the payee's key.
"""
import csv
import sys
from calendar import monthrange
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


def territories(folder):
    """Orders count in the territory in which the seller is on their day. The quota is that of the last day of the quarter."""
    homes, quotas = defaultdict(list), defaultdict(list)
    for r in rows(folder, "sales_territory_history.csv"):
        homes[r["business_entity_id"]].append((r["start_date"], r["end_date"] or "9999", r["territory_id"]))
    for r in rows(folder, "sales_person_quota_history.csv"):
        quotas[r["business_entity_id"]].append((r["quota_date"], Fraction(r["sales_quota"])))
    own = defaultdict(Fraction)
    for r in rows(folder, "sales_order.csv"):
        day, who = r["order_date"], r["sales_person_id"]
        home = [t for start, end, t in homes[who] if start <= day <= end]
        if r["gross_amount"] and "2011-06-01" <= day <= "2014-05-31" and home == [r["territory_id"]]:
            own[who, day[:4], (int(day[5:7]) - 1) // 3 + 1] += Fraction(r["gross_amount"])
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["payee", "period", "component", "line", "amount", "currency"])
    for r in sorted(rows(folder, "sales_person.csv"), key=lambda r: r["business_entity_id"]):
        key = r["business_entity_id"]
        for year, quarter in [(y, q) for y in range(2011, 2015) for q in range(1, 5) if (2011, 2) <= (y, q) <= (2014, 2)]:
            end = "%d-%s" % (year, ("03-31", "06-30", "09-30", "12-31")[quarter - 1])
            known = [quota for day, quota in sorted(quotas[key]) if day <= end]
            sold = own[key, str(year), quarter]
            lines = [("commission", Fraction(r["commission_pct"]) * sold),
                     ("bonus", 1000 * min(sold / known[-1], Fraction(2)) if known else Fraction(0))]
            for name, exact in lines:
                cents = floor(exact * 100 + Fraction(1, 2))
                if cents:
                    out.writerow([key, "%d-Q%d" % (year, quarter), name, "", "%d.%02d" % (cents // 100, cents % 100), "USD"])


def orders(folder):
    """Each order at the rate of its day, pay at that of the end of the quarter: rates are units of the other currency per dollar."""
    rates, code_of = {}, {}
    for r in rows(folder, "currency_rate.csv"):
        code_of[r["currency_rate_id"]] = r["to_currency"]
        rates.setdefault(r["to_currency"], []).append((r["rate_date"], Fraction(r["end_of_day_rate"])))
    for known in rates.values():
        known.sort()

    def per_dollar(code, day):
        return Fraction(1) if code == "USD" else [rate for since, rate in rates[code] if since <= day][-1]

    def mean(code, month):
        days = ["%s-%02d" % (month, d + 1) for d in range(monthrange(int(month[:4]), int(month[5:]))[1])]
        return sum((per_dollar(code, day) for day in days), Fraction(0)) / len(days)

    country = {r["territory_id"]: r["country_code"] for r in rows(folder, "sales_territory.csv")}
    home = {"CA": "CAD", "AU": "AUD", "GB": "GBP", "DE": "EUR", "FR": "EUR"}
    people = {r["business_entity_id"]: r for r in rows(folder, "sales_person.csv")}
    sold, euros, means = defaultdict(Fraction), defaultdict(Fraction), {}
    for r in rows(folder, "sales_order.csv"):
        if not r["gross_amount"] or r["sales_person_id"] not in people or not "2011-06-01" <= r["order_date"] <= "2014-05-31":
            continue
        day, month = r["order_date"], r["order_date"][:7]
        code = code_of[r["currency_rate_id"]] if r["currency_rate_id"] else "USD"
        at = r["sales_person_id"], day[:4], (int(day[5:7]) - 1) // 3 + 1
        sold[at] += Fraction(r["gross_amount"]) / per_dollar(code, day)
        if code == "EUR":
            euros[at] += Fraction(r["gross_amount"])
            continue
        for c in (code, "EUR"):
            if (c, month) not in means:
                means[c, month] = Fraction(1) if c == "USD" else mean(c, month)
        euros[at] += Fraction(r["gross_amount"]) / means[code, month] * means["EUR", month]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["payee", "period", "component", "line", "amount", "currency"])
    for key in sorted(people):
        code = home.get(country.get(people[key]["territory_id"]), "JPY" if key == "285" else "USD")
        digits = 0 if code == "JPY" else 2
        for year, quarter in [(y, q) for y in range(2011, 2015) for q in range(1, 5) if (2011, 2) <= (y, q) <= (2014, 2)]:
            end = "%d-%s" % (year, ("03-31", "06-30", "09-30", "12-31")[quarter - 1])
            to_date = sum((sold[key, str(year), q] for q in range(1, quarter + 1)), Fraction(0))
            lines = [("commission", Fraction(people[key]["commission_pct"]) * sold[key, str(year), quarter]), ("bonus", to_date / 1000),
                     ("mean", euros[key, str(year), quarter] / per_dollar("EUR", end) / 200)]
            for name, exact in lines:
                units = floor(exact * per_dollar(code, end) * 10 ** digits + Fraction(1, 2))
                if units:
                    amount = str(units) if digits == 0 else "%d.%02d" % (units // 100, units % 100)
                    out.writerow([key, "%d-Q%d" % (year, quarter), name, "", amount, code])


def crm_managers(folder):
    manager = {r["sales_agent"]: r["manager"] for r in rows(folder, "sales_teams.csv")}
    sums = defaultdict(Fraction)
    for r in won(folder):
        sums[manager[r["sales_agent"]], r["close_date"][:7]] += Fraction(r["close_value"])
    write([(*cell, 0, "override", "", cents(amount / 100)) for cell, amount in sums.items()])


{"bikes": bikes, "crm": crm, "crm-managers": crm_managers, "orders": orders, "territories": territories}[sys.argv[1]](sys.argv[2])
