"""tests/forms/cases.py types|conditions: cases for `fuzz_run 0 1 FILE`, which runs each of them whole.

types: every type, and names that are no types, in every place where a type or a name can be written.
conditions: every comparison of two operands of every form, in every place where a condition can be written. The days have numbers that end in
each of the bytes that mark the forms of numbers. Some cases have each day of a year. Rows, choices, and periods have several values too.

A case is a policy with its files:  === NAME, then --- FILE for each file.
"""
import datetime
import itertools
import sys

HEAD = 'policy "Forms"\n  effective from 2026-01-01 to 2026-12-31\n  currency  USD\n  period    %s\n\n'
LUA = """function given(x) return x end
function two(x, y) return attain.number(2) end
function whole(c) return attain.number(3) end
"""


def case(name, policy, files):
    print(f"=== {name}\n--- policy.attain\n{policy}")
    for file, text in files.items():
        print(f"--- {file}\n{text.rstrip()}")


# ---- types

TYPES = [
    "number", "money", "money USD", "money EUR", "money XYZ", "text", "date", "period", "duration", "flag", 'one of ("a", "b")',
    'one of ("a", "a")', 'one of ()', "rep", "deal", "grade", "cell", "percent", "integer", "USD", "Date", "any", "list", "function", "lua",
    "month", "quarter", "total", "amount", "version", "key", "bookings", "base", "tiers", "matrix", "commission", "double", "booking",
    "`cell`", "`rep`", "rep.id", "optional", "nothing", "`one of`", "days", "months",
]  # fmt: skip

WHOLE = """payee rep from "reps.csv" {{
  id    text key
  name  text label
  {payee}
}}
data grade from "grades.csv" {{ id text key  factor number }}
data deal from "deals.csv" {{
  id     text key
  rep    rep
  amount money
  day    date
  kind   text
  {data}
}}
credit booking from deal {where} to {to} {on} amount {amount}
measure bookings = {measure}
param base = {param}
rates tiers {{ from {step}: 5% }}
table matrix by {keys} {{ {rows} }}
{functions}
pay commission {basis} = {pay}
{more}
"""
PLAIN = dict(
    payee="team text", data="", where="", to="rep", on="on day", amount="deal.amount", measure="sum of amount from booking", param="5%",
    step="0", keys="kind", rows='"a" | 1%  other | 2%', functions="function double(x number) number = 2 * x", basis="", pay="base of bookings",
    more="",
)  # fmt: skip


def value_of(kind):
    """A constant that a test may give for a field of this type."""
    return {
        "number": "1", "money": "$1", "money USD": "$1", "money EUR": "€1", "text": '"a"', "date": "2026-02-03", "period": "2026-Q1",
        "duration": "3 days", "flag": "yes",
    }.get(kind, '"a"')  # fmt: skip


def text_of(kind):
    return {"number": "1", "date": "2026-02-03", "period": "2026-Q1", "duration": "3", "flag": "yes", "rep": "ana", "deal": "d1", "grade": "g"}.get(
        kind, "1" if kind.startswith("money") else "a"
    )


PLACES = {
    "a field of payee": lambda t: dict(payee=f"x {t}"),
    "an optional field of payee": lambda t: dict(payee=f"x {t} optional", more='require rep.x is missing or 1 = 1 else "no"'),
    "a key of payee": lambda t: dict(payee=f"x {t} key"),
    "a label of payee": lambda t: dict(payee=f"x {t} label"),
    "a reference by a field": lambda t: dict(payee=f"code text x {t}", data=f"other rep by x y {t} by code"),
    "a field of data": lambda t: dict(data=f"x {t}"),
    "an optional field of data": lambda t: dict(data=f"x {t} optional"),
    "a field of data by id": lambda t: dict(data=f"x {t} by id"),
    "a key of data": lambda t: dict(data=f"x {t} key"),
    "a formatted field": lambda t: dict(data=f'x {t} from "X" format "DD/MM/YYYY"'),
    "a grouping field": lambda t: dict(payee=f"x {t}", more="pay pooled = rank(bookings by x) * $1\npool p by x = 2% of bookings split equally"),
    "a pool by a field": lambda t: dict(payee=f"x {t}", more="pool p on bookings = 1% of total(bookings by x) split by contribution"),
    "a parameter": lambda t: dict(functions=f"function double(x {t}) number = 2\nfunction same(x {t}) {t} = x", more="pay d = $1 * double(base)"),
    "a result": lambda t: dict(functions=f"function double(x number) {t} = x", more="pay d = double(base) * $1"),
    "a parameter of a hook": lambda t: dict(functions=f'function two(x {t}, y {t}) number from lua "f.lua"', more="pay d = $1 * two(base, base)"),
    "a cell beside it": lambda t: dict(functions=f'function two(x cell, y {t}) number from lua "f.lua"', more="pay d = $1 * two(cell, base)"),
    "a result of a hook": lambda t: dict(functions=f'function given(x {t}) {t} from lua "f.lua"', more="pay d = given(base)"),
    "a hook of a field": lambda t: dict(
        payee=f"x {t}", functions=f'function given(x {t}) {t} from lua "f.lua"', more="pay d = $1 when given(rep.x) = rep.x or 1 = 1"
    ),
    "a measure of a field": lambda t: dict(
        data=f"x {t}",
        more="measure a = sum of x from deal to rep on day\nmeasure b = min of x from deal to rep on day\n"
        "measure c = average of x from booking\nmeasure e = count from booking where deal.x = deal.x",
    ),
    "the least of a field": lambda t: dict(data=f"x {t}", more="measure b = min of x from deal to rep on day\npay q = $1 when b is missing or b = b"),
    "the most of a field": lambda t: dict(data=f"x {t} optional", more="measure b = max of x from deal to rep on day\npay q = $1 when b is not missing"),
    "to": lambda t: dict(data=f"x {t}", to="x"),
    "to, with a share": lambda t: dict(data=f"x {t}", to="rep at x"),
    "to managers of": lambda t: dict(payee=f"x {t} optional", to="rep, managers of rep at 5%"),
    "on": lambda t: dict(data=f"x {t}", on="on x"),
    "amount": lambda t: dict(data=f"x {t}", amount="x"),
    "where": lambda t: dict(data=f"x {t}", where="where x"),
    "where equal": lambda t: dict(data=f"x {t}", where="where x = x and x in (x, x)"),
    "spread per": lambda t: dict(more=f"measure s = sum of amount from deal to rep on day spread by {t}"),
    "per": lambda t: dict(more=f"measure s = sum of amount from deal to rep on day per {t}"),
    "pay per": lambda t: dict(basis=f"per {t}", pay="5% of amount"),
    "cumulative over": lambda t: dict(basis=f"on bookings cumulative over {t}", pay="5%"),
    "cap per": lambda t: dict(more=f"cap commission at $100 per {t}"),
    "applies to": lambda t: dict(payee=f"x {t}", more="applies to rep where rep.x = rep.x"),
    "a name in a formula": lambda t: dict(pay=f"5% of {t}"),
    "the basis": lambda t: dict(basis=f"on {t}", pay="5%"),
    "a table's field": lambda t: dict(data=f"x {t}", basis="per booking", pay="5% of amount when deal.x = deal.x"),
    "keys of a table": lambda t: dict(keys=t, rows=f"{value_of(t)} | 1%  other | 2%", more="pay m = matrix(base) * $1"),
    "two keys of a table": lambda t: dict(keys=f"kind, {t}", rows=f'| {value_of(t)}  "a" | 1%', more="pay m = matrix(base, base) * $1"),
    "a lookup of a field": lambda t: dict(payee=f"x {t}", rows=f"{value_of(t)} | 1%  other | 2%", more="pay m = matrix(rep.x) * $1"),
    "a step of rates": lambda t: dict(payee=f"x {t}", step=value_of(t), more="pay m = tiers(rep.x) * $1"),
    "through rates": lambda t: dict(payee=f"x {t}", more="pay m = rep.x through tiers"),
    "a param": lambda t: dict(param=value_of(t)),
    "a param by name": lambda t: dict(param=t),
    "a value in a table": lambda t: dict(rows=f"\"a\" | {value_of(t)}  other | {value_of(t)}", more='pay m = $1 when matrix("a") = matrix("b")'),
    "given in a test": lambda t: dict(
        payee=f"x {t}",
        more=f'test "t" {{ given rep {{ id: "ana", name: "A", x: {value_of(t)} }}  expect commission for "ana" in 2026-Q1 = {value_of(t)} }}',
    ),
    "missing in a test": lambda t: dict(payee=f"x {t} optional", more='test "t" { given rep { id: "ana", name: "A" }  expect total for "ana" in 2026-Q1 = $0 }'),
    "expected in a test": lambda t: dict(more=f'test "t" {{ given rep {{ id: "ana", name: "A", team: "e" }}  expect {t} for "ana" in 2026-Q1 = $0 }}'),
    "given for a type": lambda t: dict(more=f'test "t" {{ given {t} {{ id: "ana" }}  given param {t} = 3  expect total = $0 }}'),
    "expected of a field": lambda t: dict(
        data=f"x {t} optional",
        more="measure b = max of x from deal to rep on day\n"
        f'test "t" {{ given rep {{ id: "ana", name: "A", team: "e" }} given deal {{ id: "d", rep: "ana", amount: $1, day: 2026-01-02, kind: "a",'
        f' x: {value_of(t)} }} expect b for "ana" in 2026-Q1 = {value_of(t)} }}',
    ),
    "a date's part": lambda t: dict(payee=f"x {t}", more="pay m = $1 * year(rep.x)"),
    "days between": lambda t: dict(payee=f"x {t}", more="pay m = $1 * days(rep.x, period.start)"),
    "a text function": lambda t: dict(payee=f"x {t}", more='pay m = $1 when contains(lower(rep.x), "a")'),
    "added": lambda t: dict(payee=f"x {t}", more="pay m = $1 when rep.x + rep.x = rep.x"),
    "ifmissing": lambda t: dict(payee=f"x {t} optional", more="pay m = $1 when ifmissing(rep.x, rep.x) = rep.x\npay n = ifmissing(rep.x, $1)"),
    "a choice": lambda t: dict(payee=f"x {t}", more="pay m = if rep.x = rep.x then $1 else $2\npay n = if rep.x then rep.x else $1"),
    "scans": lambda t: dict(payee=f"x {t}", more="measure s = rep.x\npay m = ytd(s)\npay n = $1 * rank(s)\npay o = $1 when prior(s) = s"),
}


def types():
    for place, change in PLACES.items():
        for kind in TYPES:
            parts = PLAIN | change(kind)
            policy = HEAD % "quarter" + WHOLE.format(**parts)
            x = text_of(kind)
            files = {
                "reps.csv": f"id,name,team,x,code\nana,Ana,east,{x},c1\nben,Ben,west,,c2\n",
                "grades.csv": "id,factor\ng,2\n",
                "deals.csv": f"id,rep,amount,day,kind,x,X,other,y\nd1,ana,1000,2026-01-05,a,{x},03/02/2026,ana,ana\nd2,ben,500,2026-05-05,b,{x},,ben,\n",
                "f.lua": LUA,
            }
            case(f"{place}: {kind}", policy, files)


# ---- conditions

OPERANDS = {
    "number": (["n", "m", "o_n"], ["3", "0.5", "123456789012345678.25"], ["bookings / $7", "count_of"]),
    "percent": (["share"], ["50%"], ["attainment"]),
    "money": (["pay", "o_pay"], ["$100", "$99999999999999.99"], ["bookings", "quota"]),
    "text": (["t", "o_t"], ['"t2"', '""'], []),
    "date": (["d", "e", "o_d"], ["2026-10-12", "2026-02-28"], ["period.start", "period.end"]),
    "period": (["p", "o_p"], ["2026-H2", "2026-Q3", "2026-05"], ["period"]),
    "flag": (["f", "o_f"], ["yes"], []),
    "choice": (["c", "o_c"], ['"c2"', '"c3"'], []),
    "reference": (["r", "o_r"], ['"g2"'], []),
}
FIELDS = """  n number  m number  o_n number optional  share number  pay money  o_pay money optional  t text  o_t text optional
  d date  e date  o_d date optional  p period  o_p period optional  f flag  o_f flag optional
  c one of ("c0", "c1", "c2", "c3", "c4")  o_c one of ("c0", "c1", "c2", "c3", "c4") optional  r grade  o_r grade optional
"""
OPS = ["=", "<>", "<", "<=", ">", ">=", "is", "is not"]


def bare(name, table):
    return f"{table}.{name}" if name.isidentifier() and name not in ("bookings", "attainment", "count_of", "quota", "period") else name


def conditions(table, cell):
    """Conditions on fields of the table; where `cell`, on measures and the period as well."""
    for kind, (fields, literals, measures) in OPERANDS.items():
        left = [f"{table}.{x}" for x in fields] + (measures if cell else [])
        for op, x in itertools.product(OPS, left):
            if op in ("<", "<=", ">", ">=") and kind in ("flag", "choice", "reference"):
                continue
            for y in left[:1] + left[1:3][-1:] + literals[:1] + ([measures[0]] if cell and measures else []):
                a, b = x, y
                if "o_" in a and kind != "reference":
                    a = f"ifmissing({a}, {literals[0]})"
                if "o_" in a or "o_" in b:
                    yield kind, f"{b} is not missing and {x} is not missing and {x} {op} {b}"
                else:
                    yield kind, f"not ({b} {op} {a}) and {a} {op} {b}" if x == left[-1] else f"{a} {op} {b}"
        for x in left:
            yield kind, f"{x} is missing"
            yield kind, f"{left[0]} in ({', '.join(literals)})"
    yield "date", f"{table}.d within 90 days of {table}.e"
    yield "date", f"{table}.d + 30 days <= {table}.e"
    yield "date", f"days({table}.d, {table}.e) >= 5"
    yield "date", f"year({table}.d) = 2026 or month({table}.e) < 7"
    yield "text", f'contains(lower({table}.t), "2")'


BASE = """payee rep from "reps.csv" {{
  id text key
{fields}}}
data grade from "grades.csv" {{ id text key  factor number }}
data deal from "deals.csv" {{
  id text key  rep rep  amount money  day date
{fields}}}
credit booking from deal to rep on day amount deal.amount
measure bookings = sum of amount from booking
measure count_of = count from booking
measure quota = $70
measure attainment = bookings / quota
pay commission = 5% of bookings
"""
CELL = {
    "pay when": "pay x{i} = ${i} when {c}",
    "pay of a rate when": "pay x{i} on bookings = 5% over $50 when {c}",
    "pool when": "pool x{i} = $100 split equally when {c}",
    "cap when": "pay x{i} = $10\ncap x{i} at $5 when {c}",
    "floor when": "pay x{i} = $10\nfloor x{i} at $15 when {c}",
    "adjust when": 'pay x{i} = $10\nadjust x{i} = x{i} + $1 when {c} because "forms"',
    "if": "pay x{i} = if {c} then bookings else $3",
    "choose": "pay x{i} = choose {{ when {c}: $2  when bookings > $5: $3  otherwise: $4 }}",
    "a measure": "measure m{i} = if {c} then 2 else 1\npay x{i} = $1 * m{i}",
}
ROW = {
    "credit where": "credit x{i} from deal where {c} to rep on day amount deal.amount\nmeasure m{i} = sum of amount from x{i}\npay x{i}p = 5% of m{i}",
    "measure where": "measure m{i} = sum of amount from booking where {c}\npay x{i} = 5% of m{i}",
    "pay per credit": "pay x{i} per booking = 5% of amount when {c}",
    "if of a row": "credit x{i} from deal to rep on day amount if {c} then deal.amount else $1\nmeasure m{i} = sum of amount from x{i}\npay x{i}p = m{i}",
}


def choice(k):
    return f"c{k % 5}"


def row(i, dates):
    d = dates[i % len(dates)]
    e = dates[(i * 7 + 3) % len(dates)]
    periods = ["2026-Q1", "2026-05", "2026-H2", "2026", "2025-Q4", "2026-H1"]
    optional = i % 3 != 0
    money = [0, 1, 100, -5, 99999999999999.99, 12.34][i % 6]
    values = [
        i - 3, 10**15 + i, i / 4 if optional else "", f"{i % 3 * 50}%", money, money if optional else "", f"t{i % 4}", f"t{i % 3}" if optional else "",
        d, e, e if optional else "", periods[i % 6], periods[(i + 2) % 6] if optional else "", ["yes", "no"][i % 2], "yes" if optional else "",
        choice(i), choice(i + 1) if optional else "", f"g{i % 5}", f"g{(i + 2) % 5}" if optional else "",
    ]  # fmt: skip
    return ",".join(str(v) for v in values)


HEADER = "n,m,o_n,share,pay,o_pay,t,o_t,d,e,o_d,p,o_p,f,o_f,c,o_c,r,o_r"


def data(n, dates):
    reps = [f"id,{HEADER}"] + [f"p{i:03},{row(i, dates)}" for i in range(n)]
    deals = [f"id,rep,amount,day,{HEADER}"]
    deals += [f"d{i:03},p{i:03},{(i * 37) % 200}.5,{dates[i % len(dates)]},{row(i + 1, dates)}" for i in range(n)]
    return {"reps.csv": "\n".join(reps), "deals.csv": "\n".join(deals), "grades.csv": "id,factor\n" + "\n".join(f"g{i},{i}" for i in range(5))}


def all_conditions():
    year = [(datetime.date(2026, 1, 1) + datetime.timedelta(k)).isoformat() for k in range(365)]
    spread = [d for d in year if (datetime.date.fromisoformat(d) - datetime.date(1970, 1, 1)).days % 256 in (1, 2, 3, 200)][:6]
    whole, few = data(366, year), data(len(spread), spread)
    periods = itertools.cycle(["year", "half", "quarter"])
    for places, table, cell in ((CELL, "rep", True), (ROW, "deal", False)):
        for place, form in places.items():
            by_kind = {}
            for kind, condition in conditions(table, cell):
                by_kind.setdefault(kind, []).append(condition)
            for kind, found in by_kind.items():
                found = list(dict.fromkeys(found))
                for at in range(0, len(found), 12):
                    statements = [form.format(i=i + 1, c=c) for i, c in enumerate(found[at : at + 12])]
                    period = next(periods)
                    policy = HEAD % period + BASE.format(fields=FIELDS) + "\n".join(statements)
                    case(f"{place}: {kind} {at}", policy, few)
            if place in ("pay when", "measure where"):
                days = [c for c in by_kind["date"] if "<=" in c and "not" not in c][:3]
                statements = [form.format(i=i + 1, c=c) for i, c in enumerate(days)]
                case(f"{place}: every day of a year", HEAD % "year" + BASE.format(fields=FIELDS) + "\n".join(statements), whole)
    for kind, (fields, literals, _) in OPERANDS.items():
        for field in fields:
            x = f"rep.{field}" if "o_" not in field else f"ifmissing(rep.{field}, {literals[0]})"
            for place, extra in {
                "applies to": f"applies to rep where {x} = {literals[0]}",
                "require": f'require {x} <> {literals[0]} or 1 = 1 else "no"',
                "a table": f"table k by key_ {{ {literals[0]} | $1  other | $2 }}\npay x = k({x})",
                "steps of a table": f"table k by key_ {{ from {literals[0]} | $1  other | $2 }}\npay x = k({x})",
                "rates": f"rates k {{ from {literals[0]}: 1% }}\npay x = $1 * k({x})",
            }.items():
                case(f"{place}: {kind} {field}", HEAD % "quarter" + BASE.format(fields=FIELDS) + extra, few)


{"types": types, "conditions": all_conditions}[sys.argv[1]]()
