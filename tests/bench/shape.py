"""tests/bench/shape.py ATTAIN PROGRAMS ROWS PAYEES: what commands about the shape of a plan cost, as multiples of one run.

The promise is 20 runs on a million deals and a thousand payees, for a plan with tiers, a pool, and two ranks. Times are processor time
of the command alone, with all of its threads, and the least of some runs. `game` tries many choices for each deal, so its line also
shows how many there are.
"""
import json
import os
import resource
import subprocess
import sys
import tempfile

PROMISE = 20
TIMES = 3

RANKS = """
measure place = rank(bookings)
measure near  = rank(bookings by team)

table prize_for by place {
  1     | $3,000
  2     | $2,000
  3     | $1,000
  other | $0
}

pay prize = prize_for(place) when bookings > $0
pay best  = $500 when near = 1 and bookings > $0
"""


def spent():
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime


def measure(command, times):
    best, out = None, b""
    for _ in range(times):
        if best is not None and best > 5:
            break
        before = spent()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}: status {done.returncode}\n{done.stderr.decode()}")
        took = spent() - before
        best, out = took if best is None or took < best else best, done.stdout
    return best, out


def commands(plan, data, few):
    on = [plan, "--data", data]
    yield "curve", ["curve", *on, "--vary", "bookings"]
    yield "solve", ["solve", *on, "--vary", "bookings", "--payee", "r00001", "--period", "2026-03", "--so-that", "total >= 1000"]
    yield "model, at 80%, 100%, and 120%", ["model", *on, "--vary", "bookings", "--of", "quota"]
    yield "teamwork", ["teamwork", *on]
    yield "fairness", ["fairness", *on]
    yield "depends", ["depends", plan]
    yield "impact of 20 rows", ["impact", *on, "--rows", f"deal={few}"]


def head(path, out, rows, mark):
    with open(path, encoding="utf-8") as lines, open(out, "w", encoding="utf-8") as to:
        for number, line in zip(range(rows + 1), lines):
            to.write(mark + line if number else line)


def choices(text):
    kinds = json.loads(text)["kinds"]
    return sum(kind["tried"] for kind in (kinds.values() if isinstance(kinds, dict) else kinds))


def main():
    attain, programs, rows, payees = sys.argv[1:5]
    here = os.path.dirname(os.path.abspath(__file__))
    with tempfile.TemporaryDirectory() as work:
        data, few = os.path.join(work, "data"), os.path.join(work, "few.csv")
        os.mkdir(data)
        subprocess.run([os.path.join(programs, "generate"), data, rows, payees], check=True)
        head(os.path.join(data, "deals.csv"), few, 20, "x")
        tiers, ranks = os.path.join(here, "tiers.attain"), os.path.join(work, "ranks.attain")
        with open(tiers, encoding="utf-8") as text, open(ranks, "w", encoding="utf-8") as out:
            out.write(text.read() + RANKS)
        print(f"{rows} deals, {payees} payees, as multiples of one run (promise: {PROMISE})")
        for name, plan in (("tiers and a pool", tiers), ("the same with ranks", ranks)):
            run, _ = measure([attain, "run", plan, "--data", data, "--format", "csv"], TIMES)
            print(f"{name}: one run takes {run:.2f} s")
            for command, arguments in commands(plan, data, few):
                took, _ = measure([attain, *arguments], TIMES)
                print(f"  {command:32} {took / run:7.1f}{'   more than promised' if took > PROMISE * run else ''}", flush=True)
            if plan is tiers:
                took, text = measure([attain, "game", plan, "--data", data, "--format", "json"], 1)
                n = choices(text)
                print(f"  {'game':32} {took / run:7.1f}   {n} choices, {took / n * 1e6:.2f} microseconds each", flush=True)


main()
