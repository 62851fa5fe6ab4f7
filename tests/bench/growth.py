"""tests/bench/growth.py ATTAIN [--small] [CASE…]: time and memory of the program at a size and at twice the size.

Each case makes a policy and data of size n, and of size 2n, and runs one command on both. Time is the processor time of that
command alone, the least of several runs. The table shows both times, the largest memory, and how much each grows.

A case fails if doubling the size multiplies the time or the memory by more than MOST_RATIO, or if it breaks a limit of its own
in seconds or MB. Times below `least` are too short for a ratio. Such a case is doubled until its time can be compared, or
until the language allows no more. A bad ratio is measured again, because another program may have been in the way.

`--small` runs a part of the cases at a tenth of their sizes, without limits in seconds: for `make test`.
"""

import os
import resource
import shutil
import sys
import tempfile

MOST_RATIO = 2.6  # 2 is growth in proportion; the rest is for n log n, and for a machine that does other things, too
MOST_TIME = 60    # seconds, after which a command is stopped

CASES = []


class Case:
    """make(folder, n) writes the files of size n and returns the arguments of the command.

    seconds, megabytes: limits at 2n. status: the exit status that is right. most: the largest size that the language allows.
    small: it is a part of `--small`.
    """

    def __init__(self, make, name, size, seconds=None, megabytes=None, status=0, most=1 << 20, small=False):
        self.make, self.name, self.size, self.status, self.most = make, name, size, status, most
        self.seconds, self.megabytes, self.small = seconds, megabytes, small


def case(name, size, **options):
    def keep(make):
        CASES.append(Case(make, name, size, **options))
        return make
    return keep


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
        out.write(text if isinstance(text, str) else "".join(text))
    return os.path.join(folder, name)


HEAD = """policy "Growth"
  effective from 2026-01-01 to 2026-12-31
  currency  USD
  period    quarter

payee rep from "reps.csv" {
  id   text key
  name text label
  boss rep optional
}

data deal from "deals.csv" {
  id        text key
  rep       rep
  amount    money
  closed_on date
}

credit booking from deal
  to     rep
  on     closed_on
  amount amount

measure bookings = sum of amount from booking

pay commission on bookings =
    10% up to $1,000
  + 15% over $1,000
"""


def data(folder, payees=10, deals=20, boss=lambda i: ""):
    write(folder, "reps.csv", ["id,name,boss\n"] + [f"p{i},Payee {i},{boss(i)}\n" for i in range(payees)])
    write(folder, "deals.csv", ["id,rep,amount,closed_on\n"] +
          [f"d{i},p{i % payees},{100 + i % 977},2026-{i % 12 + 1:02}-15\n" for i in range(deals)])


def policy(folder, lines, head=HEAD, name="policy.attain"):
    return write(folder, name, [head, "\n"] + [line + "\n" for line in lines])


# ---------------------------------------------------------------- check and run

def credits(folder, n):
    data(folder)
    lines = []
    for i in range(n):
        lines += [f"credit c{i} from deal where amount > ${i} to rep on closed_on amount amount",
                  f"measure m{i} = sum of amount from c{i}",
                  f"pay p{i} = 1% of m{i}"]
    return policy(folder, lines)


@case("check: credits, each with a measure and a component", 7995, seconds=1.5, megabytes=300, small=True)
def _(folder, n):
    return ["check", credits(folder, n)]


@case("run: credits, each with a measure and a component", 7995, seconds=1.5, megabytes=300, small=True)
def _(folder, n):
    return ["run", credits(folder, n), "--format", "csv"]


@case("run: adjustments of total", 1000, small=True)
def _(folder, n):
    data(folder)
    return ["run", policy(folder, (f"adjust total = total + ${i % 7 + 1}" for i in range(n))), "--format", "csv"]


@case("run: adjustments of a component", 1000)
def _(folder, n):
    data(folder)
    return ["run", policy(folder, (f"adjust commission = commission + ${i % 7 + 1}" for i in range(n))),
            "--format", "csv"]


@case("run: measures, each of the one before", 10000)
def _(folder, n):
    data(folder)
    lines = ["measure m0 = bookings"] + [f"measure m{i} = m{i - 1} + ${i}" for i in range(1, n)]
    return ["run", policy(folder, lines + [f"pay last = 1% of m{n - 1}"]), "--format", "csv"]


@case("run: params", 20000)
def _(folder, n):
    data(folder)
    return ["run", policy(folder, (f"param x{i} = ${i}" for i in range(n))), "--format", "csv"]


@case("run: sums of many terms", 200, most=400)
def _(folder, n):
    data(folder)
    terms = " +\n  ".join(f"min(bookings, ${i})" for i in range(n))
    return ["run", policy(folder, (f"pay long{k} = ${k} + " + terms for k in range(20))), "--format", "csv"]


@case("run: parentheses inside each other", 60, most=240)
def _(folder, n):
    data(folder)
    inside = "bookings"
    for i in range(n):
        inside = f"({inside} + ${i % 3})"
    return ["run", policy(folder, (f"pay long{k} = ${k} + " + inside for k in range(20))), "--format", "csv"]


@case("check: tests of the policy", 4000)
def _(folder, n):
    lines = []
    for i in range(n):
        lines += [f'test "t{i}" {{', '  given rep  { id: "a", name: "A" }',
                  f'  given deal {{ id: "d", rep: "a", amount: ${i}, closed_on: 2026-01-05 }}',
                  '  expect bookings for "a" in 2026-Q1 = ' + f"${i}", "}"]
    return ["check", policy(folder, lines)]


@case("test: tests of the policy", 300)
def _(folder, n):
    lines = []
    for i in range(n):
        lines += [f'test "t{i}" {{', '  given rep  { id: "a", name: "A" }',
                  f'  given deal {{ id: "d", rep: "a", amount: ${i}, closed_on: 2026-01-05 }}',
                  '  expect bookings for "a" in 2026-Q1 = ' + f"${i}", "}"]
    return ["test", policy(folder, lines)]


@case("test: rows given in one test", 2000)
def _(folder, n):
    lines = ['test "rows" {', '  given rep  { id: "a", name: "A" }']
    lines += [f'  given deal {{ id: "d{i}", rep: "a", amount: $1, closed_on: 2026-01-05 }}' for i in range(n)]
    return ["test", policy(folder, lines + [f'  expect bookings for "a" in 2026-Q1 = ${n}', "}"])]


@case("run: rows of a table in the policy", 4000, small=True)
def _(folder, n):
    data(folder)
    lines = ["table bonus by name {"] + [f'  "Payee {i}" | ${i}' for i in range(n)] + ["}"]
    return ["run", policy(folder, lines + ["pay extra = bonus(name)"]), "--format", "csv"]


@case("run: columns of a table in the policy", 1000, small=True)
def _(folder, n):
    data(folder)
    head = "  | " + " | ".join(f'"p{i}"' for i in range(n))
    lines = ["table bonus by name, id {", head]
    lines += [f'  "Payee {k}" | ' + " | ".join(f"${i}" for i in range(n)) for k in range(10)] + ["}"]
    return ["run", policy(folder, lines + ["pay extra = bonus(name, id)"]), "--format", "csv"]


@case("run: tiers", 4000)
def _(folder, n):
    data(folder)
    lines = ["rates tiers {"] + [f"  from ${i}: {i // 100}.{i % 100:02}%" for i in range(n)] + ["}"]
    return ["run", policy(folder, lines + ["pay extra = bookings through tiers"]), "--format", "csv"]


@case("check: files that a policy uses", 480, most=960)
def _(folder, n):
    for i in range(n):
        write(folder, f"u{i}.attain", f"param x{i} = ${i}\n")
    uses = "".join(f'use "u{i}.attain"\n' for i in range(n))
    return ["check", write(folder, "policy.attain", HEAD.replace("payee rep", uses + "\npayee rep", 1))]


@case("check: large files that a policy uses", 50, small=True)
def _(folder, n):
    for i in range(n):
        write(folder, f"u{i}.attain", [f"param x{i}_{k} = ${k}\n" for k in range(400)])
    uses = "".join(f'use "u{i}.attain"\n' for i in range(n))
    return ["check", write(folder, "policy.attain", HEAD.replace("payee rep", uses + "\npayee rep", 1))]


@case("check: fields of a table", 2000)
def _(folder, n):
    fields = "".join(f"  f{i} money\n" for i in range(n))
    return ["check", policy(folder, ['data wide from "wide.csv" {', "  id text key", fields + "}"])]


@case("run: columns of a file", 2000)
def _(folder, n):
    data(folder)
    write(folder, "wide.csv", ["id,rep,day," + ",".join(f"f{i}" for i in range(n)) + "\n"] +
          [f"w{k},p{k},2026-01-05," + ",".join(str(i) for i in range(n)) + "\n" for k in range(10)])
    fields = "".join(f"  f{i} money\n" for i in range(n))
    return ["run", policy(folder, ['data wide from "wide.csv" {', "  id text key", "  rep rep", "  day date", fields + "}",
                                   "credit w from wide to rep on day amount " + " + ".join(f"f{i}" for i in range(200)),
                                   "measure ws = sum of amount from w", "pay pw = 1% of ws"]), "--format", "csv"]


@case("run: fields that are summed", 500, small=True)
def _(folder, n):
    data(folder)
    write(folder, "wide.csv", ["id,rep,day," + ",".join(f"f{i}" for i in range(n)) + "\n"] +
          [f"w{k},p{k},2026-01-05," + ",".join(str(i) for i in range(n)) + "\n" for k in range(10)])
    fields = "".join(f"  f{i} money\n" for i in range(n))
    lines = ['data wide from "wide.csv" {', "  id text key", "  rep rep", "  day date", fields + "}",
             "credit w from wide to rep on day"]
    for i in range(n):
        lines += [f"measure w{i} = sum of f{i} from w", f"pay pw{i} = 1% of w{i}"]
    return ["run", policy(folder, lines), "--format", "csv"]


@case("check: diagnostics", 20000, status=1, small=True)
def _(folder, n):
    return ["check", policy(folder, (f"measure m{i} = nothing{i}" for i in range(n))), "--limit", "10"]


@case("run: bad rows", 40000, status=3)
def _(folder, n):
    data(folder, payees=10, deals=n)
    text = open(os.path.join(folder, "deals.csv"), encoding="utf-8").read().replace("-15\n", "-77\n")
    write(folder, "deals.csv", text)
    return ["run", policy(folder, []), "--format", "csv"]


@case("run: bad rows that are skipped", 40000, small=True)
def _(folder, n):
    data(folder, payees=10, deals=n)
    text = open(os.path.join(folder, "deals.csv"), encoding="utf-8").read().replace("-15\n", "-77\n")
    write(folder, "deals.csv", text)
    return ["run", policy(folder, []), "--skip-bad-rows", "--format", "csv"]


@case("run: --skip-bad-rows along a chain of managers", 500, small=True)
def _(folder, n):
    # Each payee's boss is the next one, and the last one's boss does not exist: one row after the other goes.
    data(folder, payees=n, deals=n, boss=lambda i: f"p{i + 1}" if i + 1 < n else "nobody")
    return ["run", policy(folder, []), "--skip-bad-rows", "--format", "csv"]


@case("run: payees", 20000, small=True)
def _(folder, n):
    data(folder, payees=n, deals=2 * n)
    return ["run", policy(folder, []), "--format", "csv"]


@case("run: payees, as JSON", 20000)
def _(folder, n):
    data(folder, payees=n, deals=2 * n)
    return ["run", policy(folder, []), "--format", "json"]


@case("run: payees, as a table", 20000)
def _(folder, n):
    data(folder, payees=n, deals=2 * n)
    return ["run", policy(folder, [])]


@case("run: periods", 1000)
def _(folder, n):
    data(folder, payees=20)
    head = HEAD.replace("2026-12-31", f"{2025 + n // 12}-12-31").replace("quarter", "month")
    return ["run", policy(folder, ["pay trail = 1% of trailing(bookings, 12)"], head=head), "--zeros", "--format", "csv",
            "--through", f"{2025 + n // 12}-12"]


@case("run: payees that are asked for", 2000, small=True)
def _(folder, n):
    data(folder, payees=n, deals=2 * n)
    return ["run", policy(folder, []), "--format", "csv"] + [word for i in range(n) for word in ("--payee", f"p{i}")]


# ---------------------------------------------------------------- rows in several periods, recipients, and tables

BILLS = """
data bill from "bills.csv" {
  id      text key
  rep     rep
  amount  money
  due_on  date
  paid_on date optional
}
measure overdue = sum of amount from bill to rep
  where due_on <= period.end and (paid_on is missing or paid_on > period.end)
pay late = 1% of overdue
"""

RECEIPTS = """
data receipt from "receipts.csv" {
  deal   deal
  amount money
  got    date
}
credit settled from deal
  where  sum(receipt.amount by deal) >= amount and max(receipt.got by deal) is not missing
  to     rep
  on     max(receipt.got by deal)
  amount amount
pay done per settled = $1 * count(receipt by deal)
"""


@case("run: rows that count in every period", 100000, small=True)
def _(folder, n):
    data(folder)
    write(folder, "bills.csv", ["id,rep,amount,due_on,paid_on\n"] +
          [f"b{i},p{i % 10},{100 + i % 977},2026-{i % 12 + 1:02}-15,{f'2026-{i % 12 + 1:02}-28' if i % 3 else ''}\n"
           for i in range(n)])
    return ["run", policy(folder, [BILLS], head=HEAD.replace("quarter", "month")), "--format", "csv"]


@case("run: rows that refer to a row", 100000, small=True)
def _(folder, n):
    data(folder, deals=n // 4)
    write(folder, "receipts.csv", ["deal,amount,got\n"] +
          [f"d{i % (n // 4)},{50 + i % 500},2026-{i % 12 + 1:02}-20\n" for i in range(n)])
    return ["run", policy(folder, [RECEIPTS]), "--format", "csv"]


@case("run: rows that are split", 100000, small=True)
def _(folder, n):
    data(folder, payees=100, deals=n, boss=lambda i: f"p{i // 2}" if i else "")
    return ["run", policy(folder, ["credit both from deal to rep at 60%, managers of rep at 10% on closed_on amount amount",
                                   "pay part per both = 1% of amount"]), "--format", "csv"]


@case("run: rows for each level of managers", 50000)
def _(folder, n):
    data(folder, payees=100, deals=n, boss=lambda i: f"p{i // 2}" if i else "")
    return ["run", policy(folder, ["credit upward from deal to managers of rep at 10% / (level + 1) on closed_on amount amount",
                                   "pay part per upward = 1% of amount"]), "--format", "csv"]


@case("run: weeks, longer rhythms, and moved lines", 2000, small=True)
def _(folder, n):
    data(folder, payees=n, deals=4 * n)
    head = HEAD.replace("period    quarter", "period    week from monday")
    return ["run", policy(folder, ["pay bonus each quarter paid after 2 weeks = 1% of bookings",
                                   "pay year = 1% of ytd(bookings) when bookings > $0"], head=head),
            "--format", "csv", "--through", "2026-W53"]


@case("run: texts that are compared with a filter", 100000, small=True)
def _(folder, n):
    data(folder)
    write(folder, "notes.csv", ["id,rep,kind,day\n"] + [f"n{i},p{i % 10},Kind {i},2026-01-05\n" for i in range(n)] +
          ["x,p1,open,2026-01-05\n"])
    return ["run", policy(folder, ['data note from "notes.csv" { id text key  rep rep  kind text  day date }',
                                   'credit opened from note to rep on day where kind is "open"',
                                   "measure opens = count from opened", "pay each_one = $1 * opens"]), "--format", "csv"]


@case("run: values of a key of two fields", 100000)
def _(folder, n):
    data(folder, payees=n // 4)
    write(folder, "goals.csv", ["rep,quarter,amount\n"] +
          [f"p{i // 4},2026-Q{i % 4 + 1},{100 + i % 977}\n" for i in range(n)])
    return ["run", policy(folder, ['data goal from "goals.csv" { rep rep  quarter period  amount money  key rep, quarter }',
                                   "measure quota = sum of amount from goal on quarter",
                                   "pay reached = $5 when bookings >= quota and quota > $0"]), "--format", "csv"]


# ---------------------------------------------------------------- fmt

@case("fmt: statements with comments", 20000, small=True)
def _(folder, n):
    lines = []
    for i in range(n):
        lines += [f"# about {i}", f"param x{i} = ${i}  # behind {i}"]
    return ["fmt", policy(folder, lines)]


@case("fmt: comments after each other", 40000)
def _(folder, n):
    return ["fmt", policy(folder, (f"# {i}" for i in range(n)))]


@case("fmt: a policy of MB", 6)
def _(folder, n):
    lines = []
    for i in range(n * 13000):
        lines += [f"measure m{i} = sum of amount from booking where amount > ${i}", ""]
    return ["fmt", policy(folder, lines)]


@case("fmt: sums of many terms, with comments", 200, most=400)
def _(folder, n):
    return ["fmt", policy(folder, (f"measure long{k} =\n    $0" + "".join(f"\n  + min(bookings, ${i})  # {i}" for i in range(n))
                                   for k in range(20)))]


@case("fmt: long products", 200, most=400, small=True)
def _(folder, n):
    return ["fmt", policy(folder, (f"measure long{k} = bookings * " + " *\n".join(str(i + 1) for i in range(n))
                                   for k in range(20)))]


@case("fmt: choices inside each other", 100, most=400)
def _(folder, n):
    inside = "bookings"
    for i in range(n):
        inside = f"if bookings > ${i} then ${i} else {inside}"
    return ["fmt", policy(folder, (f"measure long{k} = " + inside for k in range(20)))]


@case("fmt: choices of a field", 10000, small=True)
def _(folder, n):
    choices = ", ".join(f'"c{i}"' for i in range(n))
    return ["fmt", policy(folder, [f"data other from \"o.csv\" {{ id text key  kind one of ({choices}) }}"])]


@case("fmt: rows of a table in the policy", 10000)
def _(folder, n):
    lines = ["table bonus by name {"] + [f'  "p{i:05}" | ${i % 10}' for i in range(n)] + ["}"]
    return ["fmt", policy(folder, lines)]


@case("fmt: columns of a table in the policy", 4000, small=True)
def _(folder, n):
    head = "  | " + " | ".join(f'"p{i}"' for i in range(n))
    lines = ["table bonus by name, id {", head]
    lines += [f'  "p{k}" | ' + " | ".join(f"${i}" for i in range(n)) for k in range(4)] + ["}"]
    return ["fmt", policy(folder, lines)]


@case("fmt: pairs of one given row", 4000)
def _(folder, n):
    pairs = ", ".join(f"f{i}: {i}" for i in range(n))
    return ["fmt", policy(folder, ['test "wide" {', f"  given deal {{ {pairs} }}", "}"])]


@case("fmt: tests of the policy", 4000, small=True)
def _(folder, n):
    lines = []
    for i in range(n):
        lines += [f'test "t{i}" {{', f'  given rep {{ id: "a", name: "A" }}  # {i}',
                  '  expect bookings for "a" in 2026-Q1 = ' + f"${i}", "}"]
    return ["fmt", policy(folder, lines)]


# ---------------------------------------------------------------- diff

def two(folder, before, after, *options):
    return ["diff", policy(folder, before, name="old.attain"), policy(folder, after, name="new.attain"),
            "--data", folder, *options]


@case("diff: changed params", 16000, small=True)
def _(folder, n):
    data(folder)
    return two(folder, (f"param x{i} = ${i}" for i in range(n)), (f"param x{i} = ${i + 1}" for i in range(n)))


@case("diff: params in another order", 16000)
def _(folder, n):
    data(folder)
    return two(folder, (f"param x{i} = ${i}" for i in range(n)), (f"param x{i} = ${i}" for i in reversed(range(n))))


@case("diff: added and removed params", 16000)
def _(folder, n):
    data(folder)
    return two(folder, (f"param x{i} = ${i}" for i in range(n)), (f"param y{i} = ${i}" for i in range(n)))


@case("diff: changed components", 500)
def _(folder, n):
    data(folder)
    return two(folder, (f"pay p{i} = 1% of bookings" for i in range(n)), (f"pay p{i} = 2% of bookings" for i in range(n)))


@case("diff: credits, each with a measure and a component", 1000, most=16000, small=True)
def _(folder, n):
    os.rename(credits(folder, n), os.path.join(folder, "old.attain"))
    new = credits(folder, n).replace("policy.attain", "new.attain")
    text = open(os.path.join(folder, "policy.attain"), encoding="utf-8").read()
    write(folder, "new.attain", text.replace("= 1% of m", "= 2% of m"))
    return ["diff", os.path.join(folder, "old.attain"), new, "--data", folder]


@case("diff: tables", 500, small=True)
def _(folder, n):
    data(folder)
    tables = [[line for i in range(n) for line in
               (f"table t{i} by name {{", f'  "Payee {i}" | ${i + k}', "  other | $0", "}", f"pay p{i} = t{i}(name)")]
              for k in (0, 1)]
    return two(folder, tables[0], tables[1])


@case("diff: the same caps in another order", 500, small=True)
def _(folder, n):
    data(folder)
    return two(folder, (f"cap commission at ${i + 10}" for i in range(n)),
               (f"cap commission at ${i + 10}" for i in reversed(range(n))))


@case("diff: changed tiers", 2000)
def _(folder, n):
    data(folder)
    tiers = [["rates tiers {"] + [f"  from ${i}: {(i + k) // 100}.{(i + k) % 100:02}%" for i in range(n)] +
             ["}", "pay extra = bookings through tiers"] for k in (0, 1)]
    return two(folder, tiers[0], tiers[1])


@case("diff: moved tiers", 2000, small=True)
def _(folder, n):
    data(folder)
    tiers = [["rates tiers {"] + [f"  from ${2 * i + k}: {i // 100}.{i % 100:02}%" for i in range(n)] +
             ["}", "pay extra = bookings through tiers"] for k in (0, 1)]
    return two(folder, tiers[0], tiers[1])


@case("diff: changed rows of a table", 2000)
def _(folder, n):
    data(folder)
    rows = [["table bonus by name {"] + [f'  "Payee {i}" | ${i + k}' for i in range(n)] +
            ["}", "pay extra = bonus(name)"] for k in (0, 1)]
    return two(folder, rows[0], rows[1])


for kind in ("table", "csv", "json", "html", "md"):
    @case(f"diff: payees, as {kind}", 20000)
    def _(folder, n, kind=kind):
        data(folder, payees=n, deals=4 * n)
        return two(folder, [], ["pay extra = 1% of bookings"], "--format", kind)


@case("diff: payees and a limit", 10000)
def _(folder, n):
    data(folder, payees=n, deals=4 * n)
    return two(folder, [], ["pay extra = 1% of bookings"], "--fail-if", "any payee > +1000%")


# ---------------------------------------------------------------- explain and statement

for kind in ("text", "md", "json"):
    @case(f"explain: payees, as {kind}", 20000 if kind == "text" else 5000, small=kind == "text")
    def _(folder, n, kind=kind):
        data(folder, payees=n, deals=4 * n)
        return ["explain", policy(folder, []), "--format", kind]


@case("explain: payees that are withheld", 5000, status=4, small=True)
def _(folder, n):
    data(folder, payees=n, deals=4 * n)
    return ["explain", policy(folder, ["pay ratio = $1 * (bookings / (bookings - bookings))"])]


@case("explain: one payee of many", 20000, small=True)
def _(folder, n):
    data(folder, payees=n, deals=2 * n)
    return ["explain", policy(folder, []), "--payee", "p7"]


@case("explain: payees that are verified", 5000, small=True)
def _(folder, n):
    data(folder, payees=n, deals=4 * n)
    return ["explain", policy(folder, []), "--verify"]


@case("explain: payees of one pool", 1000, small=True)
def _(folder, n):
    data(folder, payees=n, deals=4 * n)
    return ["explain", policy(folder, ["pool all on bookings = 2% split by contribution"])]


@case("explain: payees by rank", 1000, small=True)
def _(folder, n):
    data(folder, payees=n, deals=4 * n)
    return ["explain", policy(folder, ["measure place = rank(bookings)", "pay top = $100 when place <= 10"])]


@case("explain: components", 500)
def _(folder, n):
    data(folder)
    return ["explain", policy(folder, (f"pay p{i} = {i % 9 + 1}% of bookings" for i in range(n)))]


@case("explain: measures", 1000)
def _(folder, n):
    data(folder)
    lines = []
    for i in range(n):
        lines += [f"measure m{i} = bookings + ${i}", f"pay p{i} = 1% of m{i}"]
    return ["explain", policy(folder, lines), "--payee", "p1"]


@case("explain: credits, each with a measure and a component", 1000, most=16000, small=True)
def _(folder, n):
    return ["explain", credits(folder, n), "--payee", "p1"]


@case("explain: components with a line for each deal", 200)
def _(folder, n):
    data(folder)
    return ["explain", policy(folder, (f"pay p{i} per booking = {i % 9 + 1}% of amount" for i in range(n)))]


@case("explain: rows of one payee", 20000)
def _(folder, n):
    data(folder, payees=2, deals=n)
    return ["explain", policy(folder, []), "--all"]


@case("explain: periods", 500)
def _(folder, n):
    data(folder, payees=4)
    head = HEAD.replace("2026-12-31", f"{2025 + n // 12}-12-31").replace("quarter", "month")
    write(folder, "deals.csv", ["id,rep,amount,closed_on\n"] +
          [f"d{i},p{i % 4},{100 + i % 977},{2026 + i // 12}-{i % 12 + 1:02}-15\n" for i in range(n // 12 * 12)])
    return ["explain", policy(folder, ["pay trail = 1% of trailing(bookings, 12)"], head=head)]


@case("statement: payees, a page each", 1000)
def _(folder, n):
    data(folder, payees=n, deals=4 * n)
    out = os.path.join(folder, "pages") + "/"
    return ["statement", policy(folder, []), "--out", out]


@case("statement: periods", 500, small=True)
def _(folder, n):
    data(folder, payees=4)
    head = HEAD.replace("2026-12-31", f"{2025 + n // 12}-12-31").replace("quarter", "month")
    write(folder, "deals.csv", ["id,rep,amount,closed_on\n"] +
          [f"d{i},p0,{100 + i % 977},{2026 + i // 12}-{i % 12 + 1:02}-15\n" for i in range(n // 12 * 12)])
    return ["statement", policy(folder, [], head=head), "--payee", "p0"]


# ---------------------------------------------------------------- the shape of a plan

RANKS = ["measure place = rank(bookings)", "pay top = $100 when place <= 3", "pool all on bookings = 2% split by contribution"]


@case("curve: deals of payees with ranks", 100000, small=True)
def _(folder, n):
    data(folder, payees=50, deals=n)
    return ["curve", policy(folder, RANKS), "--vary", "bookings"]


@case("teamwork: deals of payees with ranks", 100000, small=True)
def _(folder, n):
    data(folder, payees=50, deals=n)
    return ["teamwork", policy(folder, RANKS)]


@case("curve: payees, of whom each passes all others", 500, seconds=4)
def _(folder, n):
    write(folder, "reps.csv", ["id,name,boss\n"] + [f"p{i},Payee {i},\n" for i in range(n)])
    write(folder, "deals.csv", ["id,rep,amount,closed_on\n"] + [f"d{i},p{i},{100 + i},2026-02-15\n" for i in range(n)])
    return ["curve", policy(folder, RANKS[:2]), "--vary", "bookings", "--payee", "p0", "--payee", "p1"]


@case("fairness: deals", 100000)
def _(folder, n):
    data(folder, payees=50, deals=n)
    return ["fairness", policy(folder, [])]


@case("game: deals", 10000, small=True)
def _(folder, n):
    data(folder, payees=50, deals=n)
    return ["game", policy(folder, []), "--format", "json"]


@case("impact: deals", 100000)
def _(folder, n):
    data(folder, payees=50, deals=n)
    few = write(folder, "few.csv", "id,rep,amount,closed_on\nx,p1,100,2026-02-15\n")
    return ["impact", policy(folder, []), "--rows", f"deal={few}"]


# ---------------------------------------------------------------- measuring

def run_once(attain, arguments, folder):
    """Returns processor seconds, MB, and the exit status. What the program prints is dropped, its errors go into a file."""
    child = os.fork()
    if child == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(os.open(os.path.join(folder, "errors"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
            resource.setrlimit(resource.RLIMIT_CPU, (MOST_TIME, MOST_TIME))
            os.execv(attain, [attain] + arguments)
        finally:
            os._exit(127)
    _, status, usage = os.wait4(child, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def measure(attain, job, size, runs):
    """Returns the least time and the most memory, or what went wrong."""
    folder = tempfile.mkdtemp(prefix="attain-growth-")
    try:
        arguments = job.make(folder, size)
        best, memory = float("inf"), 0.0
        for _ in range(runs):
            seconds, megabytes, code = run_once(attain, arguments, folder)
            if code != job.status:
                with open(os.path.join(folder, "errors"), encoding="utf-8", errors="replace") as errors:
                    return None, f"exit status {code} at size {size}: {errors.read(300)}"
            best, memory = min(best, seconds), max(memory, megabytes)
            if best > 5:
                break
        return (best, memory), ""
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def faults(job, first, second, least, limits):
    (t1, m1), (t2, m2) = first, second
    wrong = []
    if t2 > MOST_RATIO * t1 and t2 > least:
        wrong.append("time")
    if m2 > MOST_RATIO * m1:
        wrong.append("memory")
    if limits and job.seconds and t2 > job.seconds:
        wrong.append(f"over {job.seconds} s")
    if job.megabytes and m2 > job.megabytes:
        wrong.append(f"over {job.megabytes} MB")
    return wrong


def judge(attain, job, size, least, runs, limits):
    for _ in range(3):
        first, error = measure(attain, job, size, runs)
        second = None
        while not error:
            second, error = measure(attain, job, 2 * size, runs)
            if error or second[0] >= least or 4 * size > job.most or (limits and job.seconds):
                break
            first, size = second, 2 * size
        if error:
            return size, None, None, [error.strip()]
        wrong = faults(job, first, second, least, limits)
        if not wrong or second[0] > 10:
            break
    return size, first, second, wrong


def main():
    names = [a for a in sys.argv[1:] if a != "--small"]
    small = "--small" in sys.argv
    attain, wanted = os.path.abspath(names[0]), names[1:]
    runs = int(os.environ.get("RUNS", "2" if small else "3"))
    failed = passed = 0
    print(f"  {'case':<53} {'n':>6} {'time n':>8} {'2n':>8} {'ratio':>6} {'MB 2n':>6} {'ratio':>6}  required")
    for job in CASES:
        if (wanted and not any(w in job.name for w in wanted)) or (small and not job.small):
            continue
        size = max(1, job.size // 10) if small else job.size
        size, first, second, wrong = judge(attain, job, size, 0.03 if small else 0.04, runs, not small)
        required = f"{job.seconds} s, {job.megabytes} MB" if job.seconds and not small else f"ratios to {MOST_RATIO}"
        verdict = "ok" if not wrong else f"not ok ({', '.join(wrong)})"
        if second is None:
            print(f"  {job.name:<53} {size:>6} {verdict}", flush=True)
        else:
            (t1, m1), (t2, m2) = first, second
            print(f"  {job.name:<53} {size:>6} {t1:>7.3f}s {t2:>7.3f}s {t2 / max(t1, 1e-4):>6.2f} {m2:>6.0f} {m2 / m1:>6.2f}"
                  f"  {required}: {verdict}", flush=True)
        failed, passed = failed + bool(wrong), passed + (not wrong)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
