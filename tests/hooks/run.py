#!/usr/bin/env python3
"""tests/hooks/run.py ATTAIN [NAME…]: what a hook pays or says depends on its arguments alone.

Each attack of attacks.lua is called for 400 payees, once for a row and once for the payee, with 1, 2, and 4
threads, with the rows in both orders and shuffled, and with every second call left out. Each payee must get the
same bytes: the same lines, or the same reason why nothing is paid. Then each attack runs in 20 processes, which
have other addresses and other seeds: all that is printed must be the same. Attacks on the limits are heavy and
run with fewer calls. The hooks of rules/hooks run over their own data in every order of rows.
"""
import csv, json, os, random, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
RULES = os.path.join(HERE, "..", "..", "rules", "hooks")
ROWS, VALUES, FILE_BYTES, PROCESSES, PROCESSES_HEAVY = 400, 40, 1 << 21, 20, 4
LIMITS = ["--hook-steps", "400000", "--hook-memory", "1"]
POLICY = """policy "Hooks"
  version   1
  effective from 2026-01-01 to 2026-03-31
  currency  USD
  period    quarter

payee rep from "reps.csv" {
  id text key
  n  number
}

data deal from "deals.csv" {
  id        text key
  rep       rep
  n         number
  pad       text
  closed_on date
}

function f(x number, key text) number from lua "f.lua"

credit booking from deal
  to     rep
  on     closed_on
  amount $1 * f(n, id)

measure bookings = sum of amount from booking

pay deals = bookings
pay own   = $1 * f(rep.n, rep.id)
"""


def attacks():
    """The blocks of attacks.lua: (name, text), with `refused` or `heavy` in the name."""
    text = open(os.path.join(HERE, "attacks.lua"), encoding="utf-8").read()
    for block in text.split("\n--# ")[1:]:
        name, body = block.split("\n", 1)
        yield name, body


def write_rows(folder, ids):
    """One payee and one deal for each id. The rows are long, because each thread reads at least 256 KB."""
    pad = "x" * (FILE_BYTES // len(ids))
    os.mkdir(folder)
    with open(os.path.join(folder, "reps.csv"), "w") as reps, open(os.path.join(folder, "deals.csv"), "w") as deals:
        reps.write("id,n\n")
        deals.write("id,rep,n,pad,closed_on\n")
        for i in ids:
            reps.write(f"p{i},{i % VALUES + 1}\n")
            deals.write(f"d{i},p{i},{i % VALUES + 1},{pad},2026-01-05\n")


def make_data(folder):
    """The data, by name, and the (data, threads) to compare with heavy attacks and with the others."""
    ids, heavy = list(range(ROWS)), list(range(VALUES))
    shuffled = ids[:]
    random.Random(7).shuffle(shuffled)
    for name, order in (("forward", ids), ("backward", ids[::-1]), ("shuffled", shuffled), ("skipped", ids[::2]),
                        ("few", heavy), ("few backward", heavy[::-1])):
        write_rows(os.path.join(folder, name), order)
    return ([("few backward", 4), ("few", 2)],
            [("forward", 2), ("forward", 4), ("backward", 1), ("backward", 4), ("shuffled", 2), ("skipped", 4)])


def run(attain, folder, data, threads, form):
    return subprocess.run([attain, "run", os.path.join(folder, "plan.attain"), "--data", data, "--format", form,
                           "--threads", str(threads), "--limit", "1000000"] + LIMITS,
                          capture_output=True, timeout=300)


def by_payee(result):
    """What each payee gets: lines and reasons, without the numbers of rows, which depend on their order."""
    out = {}
    report = json.loads(result.stdout)
    for line in report["lines"]:
        out.setdefault((line["payee"], line["period"]), []).append((line["component"], line["line"], line["amount"]))
    for cell in report["withheld"]:
        out.setdefault((cell["payee"], cell["period"]), []).append((cell["code"], cell["reason"]))
    return out


def differences(first, other, wanted=lambda payee: True):
    for key in sorted(set(first) | set(other)):
        if wanted(key[0]) and first.get(key) != other.get(key):
            return f"{key[0]} gets {first.get(key)} and {other.get(key)}"
    return None


def in_every_order(attain, folder, data, base, variants):
    first = run(attain, folder, os.path.join(data, base), 1, "json")
    if first.returncode not in (0, 4):
        return f"status {first.returncode}: {first.stderr.decode()[:500]}"
    expected = by_payee(first)
    for name, threads in variants:
        wanted = (lambda payee: int(payee[1:]) % 2 == 0) if name == "skipped" else (lambda payee: True)
        different = differences(expected, by_payee(run(attain, folder, os.path.join(data, name), threads, "json")), wanted)
        if different:
            return f"{name} with {threads} threads: {different}"
    return None


def in_every_process(attain, folder, data, processes=PROCESSES):
    """The same bytes in each process."""
    first = run(attain, folder, data, 1, "table")
    for _ in range(processes - 1):
        other = run(attain, folder, data, 1, "table")
        if (first.stdout, first.stderr, first.returncode) != (other.stdout, other.stderr, other.returncode):
            return f"two processes print\n{first.stderr.decode()[:800]}\nand\n{other.stderr.decode()[:800]}"
    return None


def one_attack(attain, top, variants, name, text):
    folder = tempfile.mkdtemp(dir=top)
    with open(os.path.join(folder, "plan.attain"), "w") as plan, open(os.path.join(folder, "f.lua"), "w") as lua:
        plan.write(POLICY)
        lua.write(text)
    few = os.path.join(top, "few")
    if name.startswith("refused "):
        result = run(attain, folder, few, 1, "table")
        if result.returncode != 1 or b"A1003" not in result.stderr:
            return f"status {result.returncode}, not refused"
        return in_every_process(attain, folder, few)
    if name.startswith("heavy "):
        return (in_every_order(attain, folder, top, "few", variants[0])
                or in_every_process(attain, folder, few, PROCESSES_HEAVY))
    return in_every_order(attain, folder, top, "forward", variants[1]) or in_every_process(attain, folder, few)


def shuffle_files(source, target, seed):
    """Copies a folder of CSV files with their rows in another order."""
    os.mkdir(target)
    for name in os.listdir(source):
        with open(os.path.join(source, name), newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        body = rows[1:]
        if seed:
            random.Random(seed).shuffle(body)
        else:
            body.reverse()
        with open(os.path.join(target, name), "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows[:1] + body)


def one_rule(attain, top, name):
    folder = os.path.join(RULES, name)
    command = [attain, "run", os.path.join(folder, "policy.attain"), "--format", "json"]
    first = by_payee(subprocess.run(command + ["--data", os.path.join(folder, "data")], capture_output=True))
    for seed in range(3):
        data = os.path.join(top, f"rule-{name}-{seed}")
        shuffle_files(os.path.join(folder, "data"), data, seed)
        for threads in ("1", "4"):
            other = subprocess.run(command + ["--data", data, "--threads", threads], capture_output=True)
            different = differences(first, by_payee(other))
            if different:
                return f"rows in order {seed}, {threads} threads: {different}"
    return None if first else "nothing is paid"


def main():
    attain, only = os.path.abspath(sys.argv[1]), sys.argv[2:]
    with tempfile.TemporaryDirectory() as top:
        variants = make_data(top)
        jobs = [(name, lambda n=name, t=text: one_attack(attain, top, variants, n, t)) for name, text in attacks()]
        jobs += [(name, lambda n=name: one_rule(attain, top, n)) for name in sorted(os.listdir(RULES))
                 if os.path.isdir(os.path.join(RULES, name))]
        jobs = [job for job in jobs if not only or job[0] in only]
        with ThreadPoolExecutor(max_workers=2) as pool:
            results = list(pool.map(lambda job: (job[0], job[1]()), jobs))
    failed = [(name, why) for name, why in results if why]
    for name, why in failed:
        print(f"FAILED {name}: {why}\n    again: python3 tests/hooks/run.py {attain} '{name}'")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
