#!/usr/bin/env python3
"""tests/oracle/rewrites.py ATTAIN [--cases N] [--seed S]: a name never changes pay.

Each case draws a policy of random formulas, under `ytd`, `qtd`, `trailing`, `prior`, `cumulative`, `total`, in pools, and in caps. It
rewrites the policy: formulas get names (measures are split), and names are replaced by their formulas in parentheses (measures are merged).
Both policies must pay the same bytes. A case that differs leaves its files behind.

What a pool's own statement says is recalculated for the group. A named formula has to specify this, so a formula of a pool gets a name as
`recalculated(name)`.
"""
import random
import shutil
import sys
import tempfile

from common import arguments, attain_run, first_difference, save, table

HEADER = """policy "Rewritten" effective from 2026-01-01 to 2026-12-31 currency USD period month
payee rep from "reps.csv" { id text key  team text  base money  factor number  boss rep optional }
data deal from "deals.csv" { id text key  rep rep  amount money  closed date }
data target from "targets.csv" { rep rep  month period  amount money }
data goal from "goals.csv" { team text  month period  amount money }
data plan from "plan.csv" { rep rep  amount money }
data bill from "bills.csv" { rep rep  amount money  due_on date  paid_on date optional }
data receipt from "receipts.csv" { deal deal  amount money }
credit booking from deal to rep on closed amount deal.amount
credit upper from deal where level <= 2 to managers of rep at 10% / level on closed amount deal.amount
credit settled from deal to rep.boss otherwise rep on closed amount sum(receipt.amount) + $1 * count(receipt)
measure bookings = sum of amount from booking
measure deals = count from booking
measure size = average of amount from booking
measure quota = sum of amount from target to rep on month
measure goals = sum of amount from goal by team on month
measure market = sum of amount from deal on closed
measure annual = sum of amount from plan to rep
measure overdue = sum of amount from bill to rep where due_on <= period.end and (paid_on is missing or paid_on > period.end)
measure led = sum of amount from upper
measure cash = sum of amount from settled
rates tiers { from -100000%: 1%  from 50%: 4%  above 100%: 7.5% }
rates slices { from $0: 2%  from $100: 5%  from $250: 9% }
function twice(x money) money = x * 2
function best(x money, y money) money = if x > y then x else y
pay first = 5% of bookings
pay second on bookings = 3% up to quota + 8% over quota
"""


class Node:
    """A formula: text with `{}` for its parts, and what must be true where it is."""

    def __init__(self, kind, text, parts=(), name=None):
        self.kind, self.text, self.parts, self.name = kind, text, list(parts), name  # kind: "money", "number", "flag"

    def copy(self):
        return Node(self.kind, self.text, [p.copy() for p in self.parts], self.name)

    def show(self):
        return self.name if self.name else self.text.format(*(p.show() for p in self.parts))


class Case:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.measures = {}   # name: Node
        self.flags = {}      # name: (reads other periods, belongs to one payee)
        self.statements = []  # (text with {}, [Node], whether it is of a group)
        for i in range(self.r.randint(1, 5)):
            self.draw_measure(f"m{i}")
        for i in range(self.r.randint(1, 5)):
            self.draw_statement(i)
        self.settle()

    # ---- formulas. past: `prior` and other periods are allowed. alone: so is what belongs to one payee. team: so are totals of a team

    def draw_measure(self, name):
        past, alone = self.r.random() < 0.4, self.r.random() < 0.4
        self.measures[name] = self.draw(self.r.choice(["money", "money", "number", "flag"]), self.r.choice([1, 2, 3]), past, alone, alone)
        self.flags[name] = (past, alone)

    def named(self, kind, past, alone, team):
        fits = [n for n, m in self.measures.items() if m.kind == kind and (past or not self.flags[n][0]) and (alone and team or not self.flags[n][1])]
        return Node(kind, "", name=self.r.choice(fits)) if fits else None

    def draw(self, kind, depth, past=True, alone=True, team=True):
        def sub(kind, past=past, alone=alone, team=team):
            return self.draw(kind, depth - 1, past, alone, team)
        r = self.r
        if r.random() < (0.4 if depth else 0.25):
            name = self.named(kind, past, alone, team)
            if name:
                return name
        if kind == "flag":
            if depth == 0 or r.random() < 0.4:
                word = r.choice([">", ">=", "<", "<="])
                return Node("flag", r.choice(["bookings", "quota", "ifmissing(size, $50)"]) + f" {word} ${r.randint(0, 300)}")
            pick = r.randrange(4)
            if pick == 0:
                return Node("flag", "({}) > ({})", [sub("money"), sub("money")])
            if pick == 1:
                return Node("flag", "({}) >= ({})", [sub("number"), sub("number")])
            return Node("flag", r.choice(["({}) and ({})", "({}) or ({})"]), [sub("flag"), sub("flag")])
        if kind == "number":
            return self.draw_number(depth, past, alone, team, sub)
        return self.draw_money(depth, past, alone, team, sub)

    def draw_number(self, depth, past, alone, team, sub):
        r = self.r
        if depth == 0:
            return Node("number", r.choice(["deals", "deals", "2", "30%"] + (["rep.factor"] if alone else [])))
        pick = r.randrange(9)
        if pick == 0 and alone:
            return Node("number", r.choice(["rank({})", "rank({} by team)"]), [sub("money")])
        if pick == 1 and alone:
            part = sub("money")
            return Node("number", "(if total(sum({} by member)) = $0 then 0 else share({}))", [part, part.copy()])
        if pick <= 3:
            part = self.draw("money", 0, past, alone, team)
            return Node("number", "(if ({}) = $0 then 0 else ({}) / ({}))", [part, sub("money"), part.copy()])
        if pick == 4:
            return Node("number", "tiers({})", [sub("number")])
        if pick == 5:
            return Node("number", "(if {} then {} else {})", [sub("flag"), sub("number"), sub("number")])
        if pick == 6 and past:
            return Node("number", "ifmissing(prior({}), 1)", [sub("number")])
        return Node("number", r.choice(["({}) + ({})", "({}) * ({})", "max({}, {})"]), [sub("number"), sub("number")])

    def draw_money(self, depth, past, alone, team, sub):
        r = self.r
        if depth == 0:
            return Node("money", r.choice(["bookings", "bookings", "quota", "rep.base", "first", "second", "annual", "total(market)", "overdue", "led", "cash", f"${r.randint(0, 400)}"]
                                          + (["goals", "market"] if alone else [])))
        pick = r.randrange(16)
        if pick == 0 and past:
            return self.timed(sub)
        if pick == 1 and past:
            text = r.choice(["prior({})", "prior({})", "({}) as of 2026-02-10", "({}) as of (period.start - 40 days)", "({}) as of 2026-03"])
            return Node("money", f"ifmissing({text}, ${r.choice([0, 0, 7])})", [sub("money")])
        if pick == 2:
            return self.recalculated_to_date(past, sub)
        if pick == 3:
            return Node("money", "total(recalculated({}))", [sub("money", alone=False, team=False)])
        if pick == 4 and team:
            return Node("money", "total(recalculated({}) by team)", [sub("money", alone=False)])
        if pick == 5:
            return Node("money", r.choice(["total(sum({} by member) by team)", "total(sum({} by member))"] if team else ["total(sum({} by member))"]),
                        [sub("money", alone=True, team=True)])
        if pick == 6:
            return Node("money", "(if {} then {} else {})", [sub("flag"), sub("money"), sub("money")])
        if pick == 7:
            return Node("money", "({}) * ({})", [sub("money"), sub("number")])
        if pick == 8:
            return Node("money", r.choice(["twice({})", "({}) through slices", "abs({})", "-({})"]), [sub("money")])
        if pick == 9:
            return Node("money", r.choice(["best({}, {})", "max({}, {})", "min({}, {})"]), [sub("money"), sub("money")])
        if pick == 10:
            return Node("money", f"{r.randint(1, 150)}% of ({{}}) {r.choice(['over', 'up to'])} ({{}})", [sub("money"), sub("money")])
        if pick == 11:
            return Node("money", f"{r.randint(1, 150)}% of ({{}})", [sub("money")])
        return Node("money", r.choice(["({}) + ({})", "({}) - ({})"]), [sub("money"), sub("money")])

    def timed(self, sub):
        return Node("money", self.r.choice(["ytd({} by period)", "qtd({} by period)", "htd({} by period)", "trailing({} by period, 2)"]),
                    [self.dated(sub("money"))])

    def dated(self, node):
        """`by period` of a value without a date is an error: a sum with rows is not one."""
        return Node("money", "({}) + bookings", [node])

    def recalculated_to_date(self, past, sub):
        if not past:
            return sub("money")
        return Node("money", self.r.choice(["ytd({} by year)", "qtd({} by quarter)", "htd({} by half)", "trailing(recalculated({}), 2)"]),
                    [sub("money", past=False)])

    # ---- statements

    def draw_statement(self, i):
        r = self.r
        kind = r.choice(["pay", "pay", "cumulative", "pool", "pool", "cap", "split", "on", "each", "each"])
        depth = r.choice([1, 2, 3])
        if kind == "cap":
            word = r.choice(["cap first at {}", "floor first at {}", "adjust first = {}", "cap first at {} per year", "cap total at {}"])
            self.statements.append((word, [self.draw("money", depth)], False))
        elif kind == "pool":
            by = r.choice(["", " per team"])
            self.statements.append((f"pool c{i}{by} = {{}} split equally when {{}}",
                                    [self.draw("money", depth, True, False, by != ""), self.draw("flag", 1, True, False, by != "")], True))
        elif kind == "split":
            self.statements.append((f"pool c{i} = $100 split by {{}} among rep where {{}}", [self.draw("money", depth), self.draw("flag", 1)], False))
        elif kind == "on":
            self.statements.append((f"pay c{i} on {{}} = {{}} when {{}}", [self.draw("money", depth), self.draw("number", 1), self.draw("flag", 1)], False))
        elif kind == "cumulative":
            self.statements.append((f"pay c{i} cumulative over {r.choice(['year', 'quarter', 'half'])} = {{}}", [self.draw("money", depth, False)], False))
        elif kind == "each":
            later = r.choice(["", "", " paid after 1 month"])
            self.statements.append((f"pay c{i} each {r.choice(['quarter', 'half'])}{later} = {{}}", [self.draw("money", depth)], False))
        else:
            self.statements.append((f"pay c{i} = {{}}", [self.draw("money", depth)], False))

    # ---- rewrites

    def places(self):
        """(list, index, whether the formula is a pool's own) of every formula and part of one."""
        found = []

        def walk(parts, group):
            for i, node in enumerate(parts):
                found.append((parts, i, group))
                settled = any(word in node.text for word in ("total(", "by member", "recalculated("))
                walk(node.parts, (group or node.kind == "flag") and not settled)
        self.tops = {name: [node] for name, node in self.measures.items()}
        for top in self.tops.values():
            walk(top, False)
        for _, nodes, group in self.statements:
            walk(nodes, group)
        return found

    def settle(self):
        """Specifies the reading of names in the text of a pool, and in conditions, which a pool may use."""
        for parts, i, group in self.places():
            if group and parts[i].name and parts[i].kind != "flag":
                parts[i] = Node(parts[i].kind, "recalculated({})", [parts[i]])
        for name, top in self.tops.items():
            self.measures[name] = top[0]

    def rewrite(self, n):
        """n times, a formula gets a name, or a name becomes its formula."""
        for _ in range(n):
            self.places_now = self.places()
            names = [(p, i) for p, i, _ in self.places_now if p[i].name]
            if names and self.r.random() < 0.5:
                parts, i = self.r.choice(names)
                parts[i] = Node(parts[i].kind, "({})", [self.measures[parts[i].name].copy()])
            else:
                # `(…) through slices` and `ytd(…)` keep their own form; every formula may be a measure
                parts, i, group = self.r.choice([(p, i, g) for p, i, g in self.places_now if not p[i].name])
                name = f"n{len(self.measures)}"
                self.measures[name] = parts[i]
                self.tops[name] = [parts[i]]
                named = Node(parts[i].kind, "", name=name)
                parts[i] = named
            self.settle()

    def policy(self):
        lines = [f"measure {name} = {node.show()}" for name, node in self.measures.items()]
        self.r.shuffle(lines)
        lines += [text.format(*(n.show() for n in nodes)) for text, nodes, _ in sorted(self.statements, key=lambda s: s[0].startswith(("cap total", "adjust total")))]
        return HEADER + "\n".join(lines) + "\n"

    def data(self, folder):
        r = self.r
        reps = [f"r{i}" for i in range(r.randint(1, 5))]
        months = r.choice([1, 2, 4, 7])
        table(folder, "reps.csv", "id,team,base,factor,boss", [(k, r.choice("xy"), r.randint(0, 200), r.choice(["0.5", "1", "2"]), r.choice(reps[:i] + [""]))
                                                               for i, k in enumerate(reps)])
        deals = [(f"d{i}", r.choice(reps), r.randint(-50, 300), f"2026-{r.randint(1, months):02d}-{r.randint(1, 28):02d}") for i in range(r.choice([1, 5, 20]))]
        table(folder, "deals.csv", "id,rep,amount,closed", deals)
        table(folder, "receipts.csv", "deal,amount", [(r.choice(deals)[0], r.randint(0, 100)) for _ in range(r.choice([0, 5, 20]))])
        day = lambda: f"2026-{r.randint(1, months):02d}-{r.randint(1, 28):02d}"
        table(folder, "bills.csv", "rep,amount,due_on,paid_on", [(r.choice(reps), r.randint(0, 100), day(), r.choice(["", day()])) for _ in range(r.choice([0, 5, 20]))])
        table(folder, "targets.csv", "rep,month,amount", [(k, f"2026-{m + 1:02d}", r.randint(0, 200)) for k in reps for m in range(months) if r.random() < 0.7])
        table(folder, "goals.csv", "team,month,amount", [(t, f"2026-{m + 1:02d}", r.randint(0, 400)) for t in "xy" for m in range(months) if r.random() < 0.7])
        table(folder, "plan.csv", "rep,amount", [(k, r.randint(0, 2000)) for k in reps if r.random() < 0.7])


def run(attain, seed):
    """None: the policy as drawn is refused. Else whether both pay the same."""
    case = Case(seed)
    folder = tempfile.mkdtemp(prefix=f"rewrites-{seed}-")
    case.data(folder)
    save(folder, "drawn.attain", case.policy())
    drawn = attain_run(attain, folder, "drawn.attain", "--quiet", "--threads", "1")
    if drawn.returncode not in (0, 4):
        shutil.rmtree(folder)
        return None, drawn.stderr
    case.rewrite(case.r.choice([1, 3, 10]))
    save(folder, "rewritten.attain", case.policy())
    now = attain_run(attain, folder, "rewritten.attain", "--quiet", "--threads", str(case.r.choice([1, 3])))
    if (now.returncode, now.stdout) == (drawn.returncode, drawn.stdout):
        shutil.rmtree(folder)
        return True, ""
    print(f"seed {seed}: the policies of {folder} pay differently (exit status {drawn.returncode} and {now.returncode})\n{now.stderr[:1500]}")
    print(first_difference(drawn.stdout, now.stdout))
    return False, now.stderr


def main():
    parser = arguments(__doc__, 300)
    parser.add_argument("--refused", action="store_true", help="print why a drawn policy is refused")
    options = parser.parse_args()
    same = refused = failed = 0
    for seed in range(options.seed, options.seed + options.cases):
        result, said = run(options.attain, seed)
        refused += result is None
        same += result is True
        failed += result is False
        if result is None and options.refused:
            print(seed, said[:700])
        if failed > 3:
            break
    print(f"rewrites: {same} policies pay the same after they are rewritten, {failed} do not, {refused} are refused")
    return 1 if failed or (options.cases > 50 and same * 2 < options.cases) else 0


if __name__ == "__main__":
    sys.exit(main())
