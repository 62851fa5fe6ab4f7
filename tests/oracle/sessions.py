#!/usr/bin/env python3
"""tests/oracle/sessions.py LIBRARY [--cases N] [--seed S] [--only NAME]: sessions against fresh runs, for every feature.

Policies are those of the random oracles (draws, holds, clawbacks, late rows, contests, currencies, people who move, join, and leave, two years), of
rules/, and of tests/conformance. Half of them are divided into two policies, by payees or by days, which run together. Rows are changed at random:
replaced, added, taken out, moved to another day or payee, emptied. After each step, a session must write the same bytes as a run that reads the
changed rows anew: lines, held amounts, balances, measures, parts by deal, the summary, and explanations, which must add up. Two policies together
must pay what each pays alone. The library is called as a host does, from the shared library. Cases that differ leave their files behind.
"""
import argparse
import csv
import ctypes as C
import glob
import importlib
import io
import os
import random
import re
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
OK, BAD_DATA = 0, 3
CSV, SUMMARY, MEASURES, BALANCES, DEALS, HELD = 1, 3, 4, 5, 6, 7
WRITE = C.CFUNCTYPE(C.c_int, C.c_void_p, C.c_void_p, C.c_size_t)


class Text(C.Structure):
    _fields_ = [("bytes", C.c_char_p), ("length", C.c_size_t)]


class Options(C.Structure):
    _fields_ = [("settings", C.c_void_p), ("setting_count", C.c_size_t), ("period", C.c_char_p), ("start", C.c_char_p), ("through", C.c_char_p),
                ("payees", C.c_void_p), ("payee_count", C.c_size_t), ("zeros", C.c_bool), ("skip_bad_rows", C.c_bool), ("strict", C.c_bool),
                ("by_deal", C.c_bool), ("ends_here", C.c_bool), ("on_bad_row", C.c_void_p), ("bad_row_context", C.c_void_p), ("threads", C.c_uint),
                ("watch", C.c_void_p), ("allocator", C.c_void_p), ("hook_steps", C.c_uint64), ("hook_run_steps", C.c_uint64),
                ("hook_memory", C.c_size_t), ("max_memory", C.c_size_t), ("language", C.c_char_p), ("reserved", C.c_size_t * 3)]


class Explain(C.Structure):
    _fields_ = [("payee", C.c_char_p), ("period", C.c_char_p), ("component", C.c_char_p), ("language", C.c_char_p), ("all", C.c_bool),
                ("format", C.c_int), ("width", C.c_uint32), ("color", C.c_bool), ("watch", C.c_void_p), ("contact", C.c_char_p), ("sign", C.c_bool),
                ("team", C.c_bool), ("reserved", C.c_size_t * 2)]


class Cell(C.Structure):
    _fields_ = [("kind", C.c_int), ("scale", C.c_uint32), ("number", C.c_int64), ("text", Text)]


class Rows(C.Structure):
    _fields_ = [("fields", C.POINTER(C.c_char_p)), ("field_count", C.c_size_t), ("cells", C.POINTER(Cell)), ("row_count", C.c_size_t),
                ("reserved", C.c_size_t * 2)]


class View(C.Structure):
    _fields_ = [("bytes", C.c_void_p), ("length", C.c_size_t)]

    def read(self):
        return C.string_at(self.bytes, self.length).decode() if self.length else ""


class Table(C.Structure):
    _fields_ = [("name", View), ("source", View), ("payee", C.c_bool)]


def written(call):
    """The bytes that a function writes, or its status."""
    out = []
    take = WRITE(lambda context, data, n: out.append(C.string_at(data, n)) or 0)
    status = call(take)
    return b"".join(out) if status == OK else b"status %d" % status


class Library:
    def __init__(self, path):
        self.c = C.CDLL(os.path.abspath(path))
        for name in ("attain_results_diagnostics", "attain_session_diagnostics"):
            getattr(self.c, name).restype = C.c_void_p

    def policy(self, path):
        p = C.c_void_p()
        status = self.c.attain_policy_open(path.encode(), None, C.byref(p))
        return p if status == OK else None

    def tables(self, policy):
        """What the policy reads: (table, file name)."""
        count, out = self.c.attain_policy_table_count, []
        count.restype = C.c_size_t
        for i in range(count(policy)):
            t = Table()
            assert self.c.attain_policy_table(policy, C.c_size_t(i), C.byref(t), C.c_size_t(C.sizeof(t))) == OK
            out.append((t.name.read(), t.source.read()))
        return out

    def data(self, rows, keep):
        d = C.c_void_p()
        assert self.c.attain_data_new(None, C.byref(d)) == OK
        for name, table in rows.items():
            text = table.text().encode()
            keep.append(text)
            assert self.c.attain_data_bind_memory(d, name.encode(), text, C.c_size_t(len(text)), None) == OK
        return d

    def why(self, list_):
        return written(lambda w: self.c.attain_diagnostics_write(C.c_void_p(list_), 0, C.c_uint32(3), w, None))

    def output(self, results, explain, by_deal):
        """Everything that two runs with the same rows have in common."""
        write, out = self.c.attain_results_write, {}
        for name, form in (("lines", CSV), ("summary", SUMMARY), ("measures", MEASURES), ("balances", BALANCES), ("held", HELD)) + ((("deals", DEALS),) if by_deal else ()):
            text = written(lambda w, form=form: write(results, form, None, w, None))
            out[name] = re.sub(rb"\([^()]*:\d+\)", b"", text)  # rows of a session are in no file
        if explain:
            wrong, checked = C.c_uint64(), C.c_uint64()
            told = written(lambda w: self.c.attain_explain_check(results, None, C.byref(checked), C.byref(wrong), w, None))
            out["verify"] = b"%d wrong %s" % (wrong.value, told[:2000])
            options = Explain(format=0, all=True, width=100000)
            out["explain"] = re.sub(rb"[^ \n]*:\d+|row \d+", b"", written(lambda w: self.c.attain_explain(results, C.byref(options), w, None)))
        return out


class Sheet:
    """Rows of a table, as texts."""

    def __init__(self, text):
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
        self.head, self.rows = [h.strip() for h in rows[0]], rows[1:]

    def text(self):
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.head)
        writer.writerows(self.rows)
        return out.getvalue()

    def copy(self):
        other = Sheet.__new__(Sheet)
        other.head, other.rows = self.head, [list(row) for row in self.rows]
        return other

    def cells(self, rows, keep):
        """As a host gives them: with the names of their columns."""
        names = (C.c_char_p * len(self.head))(*[h.encode() for h in self.head])
        cells = (Cell * max(1, len(rows) * len(self.head)))()
        at = 0
        for row in rows:
            for text in row:
                raw = text.encode()
                keep.append(raw)
                cells[at].kind = 4 if raw else 0
                cells[at].text = Text(raw, len(raw))
                at += 1
        keep += [names, cells]
        return Rows(fields=names, field_count=len(self.head), cells=cells, row_count=len(rows))


DAY = re.compile(r"\d{4}-\d\d-\d\d$")
NUMBER = re.compile(r"-?\d+(\.\d+)?$")


def changed(r, sheet, row):
    """Another value in one cell of the row."""
    at = r.randrange(len(row))
    values = [x[at] for x in sheet.rows]
    if sheet.head[at] == "id" and r.random() < .9:
        return
    if DAY.match(row[at]) and r.random() < .6:
        row[at] = f"{row[at][:5]}{r.randint(1, 12):02d}-{r.randint(1, 28):02d}"
    elif NUMBER.match(row[at]) and r.random() < .7:
        row[at] = r.choice([f"{float(row[at]) * r.choice([.5, 1.5, -1, 0]):.2f}", "0", row[at]])
    elif r.random() < .1:
        row[at] = ""
    elif values:
        row[at] = r.choice(values)


def edited(r, sheet, serial):
    """The rows after a random edit."""
    new = sheet.copy()
    for _ in range(r.choice([1, 1, 2, 5])):
        what = r.random()
        if new.rows and what < .55:
            changed(r, new, r.choice(new.rows))
        elif new.rows and what < .7:
            new.rows.pop(r.randrange(len(new.rows)))
        elif new.rows:
            row = list(r.choice(new.rows))
            if "id" in new.head:
                row[new.head.index("id")] = f"new{serial}_{r.randrange(10**6)}"
            changed(r, new, row)
            new.rows.append(row)
    return new


class Game:
    """One policy, with its rows as they are now."""

    def __init__(self, library, seed, policies, sheets):
        self.l, self.r, self.keep = library, random.Random(seed), []
        self.policies, self.now = policies, sheets
        self.saved = {k: v.copy() for k, v in sheets.items()}
        self.array = (C.c_void_p * len(policies))(*[p.value for p in policies])
        self.by_deal = self.r.random() < .3
        self.options = Options(zeros=self.r.random() < .3, by_deal=self.by_deal, threads=1)
        self.session, self.log = C.c_void_p(), []

    def fresh(self, explain):
        results, data = C.c_void_p(), self.l.data(self.now, self.keep)
        status = self.l.c.attain_run(self.array, C.c_size_t(len(self.policies)), data, C.byref(self.options), C.byref(results))
        out = self.l.output(results, explain, self.by_deal) if status == OK else {"status": b"%d" % status}
        why = self.l.why(self.l.c.attain_results_diagnostics(results)) if status and results else b""
        self.l.c.attain_results_free(results)
        self.l.c.attain_data_free(data)
        return out, why

    def again(self, explain):
        results = C.c_void_p()
        status = self.l.c.attain_session_run(self.session, None, C.byref(results))
        why = self.l.why(self.l.c.attain_session_diagnostics(self.session)) if status else b""
        return (self.l.output(results, explain, self.by_deal) if status == OK else {"status": b"%d" % status}), why

    def alone(self, explain):
        """None, or what several policies together pay otherwise than each alone."""
        if len(self.policies) == 1 or not explain:
            return None
        lines = []
        for array, n in [(self.array, len(self.policies))] + [((C.c_void_p * 1)(p.value), 1) for p in self.policies]:
            results, data = C.c_void_p(), self.l.data(self.now, self.keep)
            status = self.l.c.attain_run(array, C.c_size_t(n), data, C.byref(self.options), C.byref(results))
            lines.append([] if status else sorted(x for form in (CSV, HELD, BALANCES) for x in written(
                lambda w, form=form: self.l.c.attain_results_write(results, form, None, w, None)).decode().splitlines()[1:]))
            self.l.c.attain_results_free(results)
            self.l.c.attain_data_free(data)
            if status:
                return None
        want = sorted(lines[1] + lines[2])
        return None if want == lines[0] else first("\n".join(want).encode(), "\n".join(lines[0]).encode())

    def start(self):
        data = self.l.data(self.now, self.keep)
        status = self.l.c.attain_session_new(self.array, C.c_size_t(len(self.policies)), data, C.byref(self.options), C.byref(self.session))
        self.l.c.attain_data_free(data)
        return status == OK

    def step(self, serial):
        """One call that changes rows. Returns whether the rows are as a run can read them."""
        r, name = self.r, self.r.choice(sorted(self.now))
        kind, sheet = r.random(), self.now[name]
        if kind < .08:
            self.log.append("undo")
            self.now = {k: v.copy() for k, v in self.saved.items()}
            return self.l.c.attain_session_undo(self.session) == OK
        if kind < .12:
            self.log.append("keep")
            self.saved = {k: v.copy() for k, v in self.now.items()}
            return self.l.c.attain_session_keep(self.session) == OK
        new = edited(r, sheet, serial)
        before = sheet.copy()
        by = [h for h in sheet.head if len({x[sheet.head.index(h)] for x in sheet.rows}) < len(sheet.rows)] if sheet.rows else []
        if kind < .5 and by and sheet.rows:
            field = r.choice(by)
            at = sheet.head.index(field)
            key = r.choice(sheet.rows)[at]
            rows = [x for x in new.rows if x[at] == key]
            first = next(i for i, x in enumerate(sheet.rows) if x[at] == key)
            rest = [x for x in sheet.rows if x[at] != key]
            where = sum(x[at] != key for x in sheet.rows[:first])
            after = rest[:where] + rows + rest[where:]
            status = self.l.c.attain_session_set_rows(self.session, name.encode(), field.encode(), key.encode(), C.byref(sheet.cells(rows, self.keep)))
            self.log.append(f"set {name} where {field} is {key}: {rows}")
        elif kind < .6 and sheet.rows:
            rows, after = new.rows[len(sheet.rows):], None
            after = sheet.rows + rows
            status = self.l.c.attain_session_add_rows(self.session, name.encode(), C.byref(sheet.cells(rows, self.keep)))
            self.log.append(f"add {name}: {rows}")
        else:
            after = new.rows
            status = self.l.c.attain_session_set_rows(self.session, name.encode(), None, None, C.byref(sheet.cells(after, self.keep)))
            self.log.append(f"set {name}: {[x for x in after if x not in before.rows]} instead of {[x for x in before.rows if x not in after]}")
        if status == OK:
            self.now[name] = sheet.copy()
            self.now[name].rows = [list(x) for x in after]
        else:
            self.log.append(f"  refused ({status})")
        return True

    def play(self, steps):
        """What differs, or None."""
        if not self.start():
            return None, 0
        done = 0
        for i in range(steps):
            if not self.step(i):
                return "undo or keep failed", done
            explain = self.r.random() < .35
            (want, why), (got, told) = self.fresh(explain), self.again(explain)
            for part in want if "status" not in want and "status" not in got else {"status"} if want.get("status") != got.get("status") else ():
                if want.get(part) != got.get(part):
                    return f"step {i}: {part}: {first(want.get(part, b''), got.get(part, b''))}\n  run: {why.decode()[:1500]}\n  session: {told.decode()[:1500]}", done
            told = self.alone(explain)
            if told:
                return f"step {i}: together and alone: {told}", done
            if b"0 wrong" not in want.get("verify", b"0 wrong"):
                return f"step {i}: an explanation does not add up: {want['verify'].decode()}", done
            done += 1
        return None, done


def first(want, got):
    pairs = zip(want.decode().splitlines() + ["-"], got.decode().splitlines() + ["-"])
    return next((f"\n  run     {a}\n  session {b}" for a, b in pairs if a != b), "one ends before the other")


def sources():
    """Names of what can be tried: the random oracles, and folders with a policy and data."""
    out = ["draws", "held", "late", "contests", "currencies", "home", "years", "people"]
    out = [name for name in out if os.path.exists(os.path.join(HERE, name + ".py"))]
    for path in sorted(glob.glob(os.path.join(ROOT, "rules", "*", "policy.attain")) + glob.glob(os.path.join(ROOT, "tests", "conformance", "*", "policy.attain"))):
        out.append(os.path.relpath(os.path.dirname(path), ROOT))
    return out


def divided(text, r, keys):
    """The policy twice, each for a part of the payees, or of the days; None where it cannot be divided."""
    payee = re.search(r"^payee (\w+)[^{]*\{\s*(\w+)\s+text key", text, re.M)
    title = re.search(r'^policy "[^"]*"', text, re.M)
    if not payee or not title or re.search(r"^(applies|extends|continues|use) |covered\.", text, re.M) or len(keys) < 2:
        return None
    some = r.sample(sorted(keys), r.randint(1, len(keys) - 1))
    where = " or ".join(f'{payee[2]} is "{key}"' for key in some)
    month = r.choice(["2026-04-01", "2026-07-15", "2026-09-30"])
    day = f"{month[:8]}{int(month[8:]) + 1 if month[8:] != '30' else '30'}"
    forms = [(f"where {where}", f"where not ({where})")] * 2 + [(f"to {month}", f"from {day} where not ({where})"), (f"except from {month} to 2026-10-31 where {where}", f"where not ({where})")]
    out = []
    for i, clause in enumerate(r.choice(forms)):
        one = text.replace(title[0], title[0][:-1] + f' {i + 1}"', 1)
        out.append(one.rstrip() + f"\n\napplies to {payee[1]} {clause}\n")
    return out


def opened(library, name, seed, folder):
    """Policies, and their rows; None where a column has another name than its field."""
    if "/" in name:
        where = shutil.copytree(os.path.join(ROOT, name), os.path.join(folder, "copy"))
        path = os.path.join(where, "policy.attain")
        where = os.path.join(where, "data") if os.path.isdir(os.path.join(where, "data")) else where
    else:
        case = importlib.import_module(name).Case
        case(seed, folder) if name != "years" else case(seed, folder, 6, importlib.import_module(name).MECHANICS)
        where, path = folder, os.path.join(folder, "p.attain")
    policy = library.policy(path)
    if policy is None:
        return None
    sheets, files = {}, library.tables(policy)
    for table, file in files:
        at = os.path.join(where, file)
        if not file or not os.path.isfile(at):
            return None
        try:
            with open(at, encoding="utf-8") as f:
                sheets[table] = Sheet(f.read())
        except (UnicodeDecodeError, IndexError):
            return None
    r, policies = random.Random(f"{name} {seed} divided"), [policy]
    with open(path, encoding="utf-8") as f:
        parts = divided(f.read(), r, {row[0] for row in sheets[files[0][0]].rows}) if r.random() < .5 else None
    if parts:
        both = []
        for i, text in enumerate(parts):
            at = os.path.join(os.path.dirname(path), f"part{i + 1}.attain")
            with open(at, "w", encoding="utf-8") as f:
                f.write(text)
            both.append(library.policy(at))
        if None not in both:
            library.c.attain_policy_release(policy)
            policies = both
    return policies, sheets, files


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library")
    parser.add_argument("--cases", type=int, default=1)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only")
    options = parser.parse_args()
    library = Library(options.library)
    wrong = total = tried = 0
    for name in sources():
        if options.only and options.only not in name:
            continue
        for i in range(options.cases if "/" in name else options.cases * 10):
            seed, folder = options.seed * 100000 + i, tempfile.mkdtemp(prefix="session-")
            found = opened(library, name, seed, folder)
            if found:
                game = Game(library, f"{name} {seed}", *found[:2])
                fault, n = game.play(options.steps)
                total, tried = total + n, tried + (n > 0)
                library.c.attain_session_free(game.session)
                for p in found[0]:
                    library.c.attain_policy_release(p)
                if fault:
                    wrong += 1
                    for table, file in found[2]:
                        with open(os.path.join(folder, os.path.basename(file)), "w", encoding="utf-8") as f:
                            f.write(game.now[table].text())
                    print(f"{name}, seed {seed}, in {folder}: {fault}\n  " + "\n  ".join(game.log[-4:]), flush=True)
                    continue
            shutil.rmtree(folder)
    print(f"sessions: {tried} policies, {total} runs, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
