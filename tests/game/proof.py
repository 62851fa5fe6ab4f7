#!/usr/bin/env python3
"""tests/game/proof.py ATTAIN [--cases N] [--seed S]: tries to refute each proof that helping never hurts.

Each case is a random policy of which `attain teamwork` proves that no pay falls when others sell more, whatever the data. The proof is made from
the policy alone, so new data is drawn several times. A random deal becomes larger, by a little or by much, and both runs are compared. No
other payee may lose more than what rounding each line to cents, and dividing the cents of a pool, can do.
"""
import json
import os
import shutil
import sys
import tempfile
from fractions import Fraction as F

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from brute import Plain, Small, arguments, attain, credited, paid  # noqa: E402

CENTS = 12 * 8  # periods, and lines in each


class Provable(Plain):
    """Rules of which many only grow with what others sell, and some that do not."""

    def forms_of_pay(self):
        f = self.forms
        rate = f"{f.randint(1, 999)}.{f.randint(0, 99):02d}%"
        return [f"pay {{}} = {rate} of total(bookings by team)", "pay {} = 2.5% of (total(bookings by team) over $3,000)",
                f"pool {{}} on bookings = {rate} split equally", "pool {} on bookings per team = 2.3% split equally",
                "pool {} = $500 + 1% of max($0, bookings) split equally", "pay {} = 7% of weighted", "pay {} on bookings = bookings through tiers of quota",
                "pay {} = 5% of ytd(bookings)", "pay {} = if total(bookings) >= $9,000 then $250 else $0", "pay {} = $20 * total(n by team)",
                "pay {} = 1% of prior_team", "pay {} = if total(bookings by team) > $500 then 3% of max($0, bookings) else $0",
                "pay {} = tiers(total(bookings) / $10,000) of $300", "pay {} = max($100, 1% of total(apart by team)) - $7",
                "pay {} = $1,000 - max($0, $400 - 1% of total(bookings))", "pay {} = $100 - 1% of min($500, total(bookings by team))",
                "pool {} on bookings = 1.7% split by contribution", "pay {} = $100 * rank(bookings by team)",
                "pay {} = bookings * (total(bookings by team) / $100,000)", "pay {} = $50 * (bookings / max($1, total(bookings)))"]

    def policy(self):
        text = super().policy()
        head = text[:text.index("\npay c0") if "\npay c0" in text else text.index("\npool c0")]
        lines = [head, "measure prior_team = ifmissing(prior(total(bookings by team)), $0)"]
        chosen = self.forms.sample(self.forms_of_pay(), self.forms.choice([1, 1, 2, 3]))
        lines += [form.format(f"c{i}") for i, form in enumerate(chosen)]
        if self.forms.random() < 0.4:
            lines.append(self.forms.choice(["cap c0 at $700", "floor c0 at $45.45", "cap total at $2,500", "adjust total = 110% of total when total > $500",
                                            "floor total at $77.77 per year", "cap c0 at $900 per year"]))
        return "\n".join(lines) + "\n"


def is_proved(case, folder):
    code, text, error = attain(case, folder, "teamwork", "--no-tests")
    if code == 2:  # no measure of money grows
        return False
    if code != 0:
        raise SystemExit(f"teamwork ends with {code}: {error[:500]}{open(os.path.join(folder, 'policy.attain'), encoding='utf-8').read()}")
    return json.loads(text)["helping_never_hurts"] == "proved"


def loses(case, folder):
    """A sentence, or None."""
    before = paid(case, folder, case.deals, case.parts)
    if before is None:
        return None
    for _ in range(6):
        deal = case.forms.choice(credited(case.deals))
        more = case.forms.choice([F(1), F(100), F(12345), F(1000000)])
        after = paid(case, folder, [dict(d, amount=d["amount"] + more) if d is deal else d for d in case.deals], case.parts)
        if after is None:
            continue
        for key in case.keys:
            same = before[key][1] == after[key][1]
            if key != deal["rep"] and same and after[key][0] < before[key][0] - CENTS:
                return f"{key} is paid {before[key][0]} cents, and {after[key][0]} when {deal['id']} is ${more} larger"
    return None


def main():
    options = arguments(__doc__, 30).parse_args()
    seed, proved, drawn = options.seed * 1000, 0, 0
    while proved < options.cases:
        seed += 1
        kind = Small if seed % 9 == 0 else Provable
        case = kind(seed)
        case.attain, case.end = options.attain, "2026-12" if case.months == 1 else "2026-Q4"
        if not credited(case.deals):
            continue
        drawn += 1
        folder = tempfile.mkdtemp(prefix="attain-proof-")
        case.write(folder)
        if is_proved(case, folder):
            fault = loses(case, folder)
            proved += 1
            if fault:
                print(f"seed {seed}: helping is proved never to hurt, but it does; the files are in {folder}: {fault}")
                return 1
        shutil.rmtree(folder)
        if drawn > 20 * options.cases:
            print(f"only {proved} of {drawn} policies are proved")
            return 1
    print(f"{proved} of {drawn} random policies: no one loses where helping is proved never to hurt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
