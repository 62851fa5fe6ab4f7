"""tests/diff-fuzz/edit.py ATTAIN [SEED [ROUNDS [POLICY]]]: random edits of the policies in rules/, and what diff says of them.

For each: old and new of `attain diff` are what `attain run` pays for the two versions, and the parts of each row that
its edits caused add up to the row's difference, to the cent.
"""
import csv
import io
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

attain = sys.argv[1]
seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 4
only = sys.argv[4] if len(sys.argv) > 4 else None
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "rules")

FIGURE = re.compile(r"(?<![\w.-])\$?\d[\d,]*(?:\.\d+)?(?:%|k|m)?(?![\w-])")
HEADER = re.compile(r"\s*(policy|version|effective|currency|period|payee|data)\b")


def places(lines):
    """Where something can be changed: figures, and whole caps and floors; not in headers, tables of data and tests."""
    inside = False
    for number, line in enumerate(lines):
        code = line.split("#")[0]
        if line.startswith("test "):
            inside = True
        if inside:
            inside = not line.startswith("}")
            continue
        if HEADER.match(code):
            continue
        for found in FIGURE.finditer(code):
            yield number, found.start(), found.end()
        if re.match(r"(cap|floor)\b", code):
            yield number, 0, 0


def edited(text, rnd):
    lines = text.split("\n")
    all_places = list(places(lines))
    for number, start, end in sorted(rnd.sample(all_places, min(len(all_places), rnd.randint(1, 4))), reverse=True):
        line = lines[number]
        if end == 0:
            lines[number] = ""
        else:
            parts = re.match(r"(\$?)([\d,.]+)(.*)", line[start:end])
            figure = Decimal(parts.group(2).replace(",", "")) * rnd.choice([Decimal("0.8"), Decimal("0.9"), Decimal("1.25"), Decimal(2)])
            shown = f"{figure:.2f}".rstrip("0").rstrip(".") or "1"
            lines[number] = line[:start] + parts.group(1) + shown + parts.group(3) + line[end:]
    return "\n".join(lines)


def run(*arguments):
    done = subprocess.run([attain, *arguments], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def rows(text):
    return csv.DictReader(io.StringIO(text))


def sums(text, amount):
    out = {}
    for row in rows(text):
        key = (row["payee"], row["period"], row["component"])
        out[key] = out.get(key, Decimal(0)) + Decimal(row[amount] or 0)
    return out


def compare(before, after, data):
    """What is wrong, in words; empty where all is well; None where a version cannot be paid."""
    old, new = (run("run", policy, "--data", data, "--format", "csv") for policy in (before, after))
    if old[0] not in (0, 4) or new[0] not in (0, 4):
        return None
    old, new = sums(old[1], "amount"), sums(new[1], "amount")
    zero = Decimal(0)
    wanted = {key: (old.get(key, zero), new.get(key, zero)) for key in {*old, *new} if old.get(key, zero) != new.get(key, zero)}
    shown = run("diff", before, after, "--data", data, "--format", "csv")
    parts = run("diff", before, after, "--data", data, "--format", "csv", "--attribution")
    if shown[0] or parts[0] or "in between" in parts[2]:
        return shown[2] + parts[2]
    got = {(row["payee"], row["period"], row["component"]): (Decimal(row["old"] or 0), Decimal(row["new"] or 0))
           for row in rows(shown[1]) if Decimal(row["delta"])}
    if got != wanted:
        return f"rows: {[(key, got.get(key), wanted.get(key)) for key in {*got, *wanted} if got.get(key) != wanted.get(key)][:3]}"
    added = {key: value for key, value in sums(parts[1], "amount").items() if value}
    if added != {key: value[1] - value[0] for key, value in wanted.items()}:
        return "the parts do not add up"
    return ""


def main():
    passed = failed = skipped = 0
    for name in sorted(os.path.relpath(folder, root) for folder, _, files in os.walk(root) if "policy.attain" in files):
        before, data = os.path.join(root, name, "policy.attain"), os.path.join(root, name, "data")
        if not os.path.isdir(data) or only not in (None, name):
            continue
        with open(before, encoding="utf-8") as file:
            text = file.read()
        # A diff is in the policy's currency. So is what is paid without this line.
        paid = re.sub(r"^ *pays .*\n", "", text, flags=re.M)
        for number in range(rounds):
            rnd = random.Random(f"{seed} {name} {number}")
            folder = tempfile.mkdtemp()
            shutil.copytree(os.path.join(root, name), os.path.join(folder, "new"))
            if paid != text:
                shutil.copytree(os.path.join(root, name), os.path.join(folder, "old"))
                before = os.path.join(folder, "old", "policy.attain")
                with open(before, "w", encoding="utf-8") as file:
                    file.write(paid)
            after = os.path.join(folder, "new", "policy.attain")
            with open(after, "w", encoding="utf-8") as file:
                file.write(edited(paid, rnd) if number else paid)
            wrong = compare(before, after, data)
            if wrong:
                failed += 1
                print(f"FAILED {name}, edit {number}: {wrong}")
                subprocess.run(["diff", before, after], check=False)
                print(f"    again: python3 tests/diff-fuzz/edit.py {attain} {seed} {rounds} {name}")
            else:
                passed += wrong is not None
                skipped += wrong is None
            shutil.rmtree(folder)
    print(f"{passed} passed, {failed} failed, {skipped} edits that pay nobody passed over")
    return 1 if failed or not passed else 0


sys.exit(main())
