#!/usr/bin/env python3
"""tests/hostile/hostile.py ATTAIN: each hostile text, in each place that takes text, through each output.

Each medium is read by a program that is not Attain's: csv and json of Python, html.parser, cmark-gfm, Chromium, and
a small reader for terminals, TAP, and Graphviz. A text must arrive whole (with what hides or commands written out, see
texts.py), and nothing in it may act.
"""
import contextlib
import csv
import html.parser
import io
import json
import multiprocessing
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

from texts import TEXTS, columns, seen, unsafe

attain = os.path.abspath(sys.argv[1])
only = sys.argv[2:]
passed = failed = 0


def check(good, title, detail=""):
    global passed, failed
    if good:
        passed += 1
        return
    failed += 1
    if failed <= 6:
        print("FAILED %s: %s" % (title, ascii(detail)[:300]))


class Output:
    def __init__(self, args, folder):
        done = subprocess.run([attain] + args, cwd=folder, capture_output=True, timeout=60,
                              env=dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm"))
        self.status, self.bytes = done.returncode, done.stdout
        self.out, self.err = (b.decode("utf-8", "surrogateescape") for b in (done.stdout, done.stderr))


def run(folder, *args):
    return Output(list(args), folder)


def one_line(text):
    """In a page, line ends and tabs stay: a browser shows them as spaces."""
    return re.sub(r"[\n\t]", " ", text)


def squeezed(text):
    """Without blanks: terminals wrap, and pages join spaces."""
    return re.sub(r"\s+", "", text)


def holds(page, text):
    """A text that follows another may begin with a mark, which then has a character to stand on."""
    return any(squeezed(form) in squeezed(page) for form in (seen(text), seen("x" + text)[1:]))


def on_terminal(title, text, wanted=(), colors=False):
    if colors:
        text = re.sub("\x1b\\[[0-9;]*m", "", text)
    check(not unsafe(text), title + ": nothing hidden", unsafe(text))
    check("\ufffd" in text or text.isprintable() or not any(0xD800 <= ord(c) < 0xE000 for c in text), title + ": UTF-8")
    for one in wanted:
        check(holds(text, one), title + ": whole", (one, text[-1500:]))


# ---- HTML

VOID = {"meta", "br", "hr", "img", "input", "link", "rect", "path", "circle"}


class Page(html.parser.HTMLParser):
    """The tags of a page with their attributes' names, its texts, and the texts that a site would look at."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.nodes, self.attributes, self.open = [], "", [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag != "bdi":
            self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [value or "" for _, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if tag not in ("bdi", "span"):
            self.text += " "

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        self.tags.append("/" + tag) if tag not in ("bdi",) else None

    def handle_data(self, data):
        if "style" in self.open or "script" in self.open:
            return
        self.text += data
        if not {"code", "pre"} & set(self.open):
            self.nodes.append(data)

    def handle_comment(self, data):
        self.tags.append("comment " + data)

    def handle_decl(self, decl):
        if decl.lower() != "doctype html":
            self.tags.append("declaration " + decl)

    unknown_decl = handle_pi = handle_decl


def page(title, text, wanted, like=None):
    """The page has the elements of `like`, a page of the same shape with harmless names."""
    got = Page(text)
    check(not unsafe(text, "\n\t"), title + ": nothing hidden", unsafe(text, "\n\t"))
    if like is not None:
        # A span around a period depends on where a long text ends, and a name next to a point on its width.
        got.tags, want = [[t for t in one.tags if not {"span", "text"} & {t, t[0], t[1:]}] for one in (got, Page(like))]
        check(got.tags == want, title + ": the elements of a harmless page",
              [pair for pair in zip(got.tags, want) if pair[0] != pair[1]][:3])
    for one in wanted:
        check(holds(got.text, one_line(one)) or holds(got.text, one), title + ": whole", (one, got.text[-1500:]))
    numbers_in_order(title, text)
    return got


RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]")


def numbers_in_order(title, text):
    """Between tags, letters from right to left are isolated, and no number is among them. A <text> of a drawing is laid out by itself."""
    body = re.sub(r"<(title|style|script|text)\b.*?</\1>", "", text, flags=re.S)
    body = re.sub(r"(<[^>]*>)", lambda m: m.group(1) if m.group(1) in ("<bdi>", "</bdi>") else "", body)
    outside = re.sub(r"<bdi>.*?</bdi>", "", body, flags=re.S)
    check(not RIGHT.search(outside), title + ": isolated", outside[:0])
    check(not any(re.search(r"[0-9]", inside) for inside in re.findall(r"<bdi>(.*?)</bdi>", re.sub(r"&#?\w+;", "", body))),
          title + ": no number in a name from right to left")


# ---- Markdown

HARMLESS = {"h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "code", "strong",
            "span", "del"}
# What GitHub and GitLab look for in the text of a finished page.
LIVE = {
    "mention": re.compile(r"@[\w-]"),
    "reference": re.compile(r"(?<![\w&])[#!~%^]\w|\bGH-\d|\w#\d", re.I | re.A),
    "label": re.compile(r"~\"|&\d"),
    "commit": re.compile(r"\b[0-9a-f]{7,40}\b", re.I),
    "address": re.compile(r"\w://|\bwww\.|[\w.]@[\w.]", re.I),
    "emoji": re.compile(r":[A-Za-z0-9_+-]+:"),
    "formula": re.compile(r"\$[^\s$0-9][^$]*\$|\$\S[^$]*[^\s$]\$(?!\d)"),
}
cmark = shutil.which("cmark-gfm")


def markdown(title, text, wanted, like=None):
    check(not unsafe(text), title + ": nothing hidden", unsafe(text))
    if not cmark:
        return
    html_text = subprocess.run(
        [cmark, "--unsafe"] + [w for e in ("table", "autolink", "strikethrough", "tasklist", "footnotes") for w in ("-e", e)],
        input=text.encode(), capture_output=True, timeout=20).stdout.decode()
    got = Page(html_text)
    odd = [tag for tag in got.tags if (tag[0] if isinstance(tag, tuple) else tag[1:]) not in HARMLESS
           or (isinstance(tag, tuple) and set(tag[1]) - {"align"})]
    check(not odd, title + ": no element of its own", odd[:3])
    if like is not None:
        # The changed words of an edit are left out where they would be too long.
        shape = [[tag for tag in Page(one).tags if not {"span", "del", "strong"} & {tag, tag[0], tag[1:]}]
                 for one in (html_text, markdown(title + " (harmless)", like, ()))]
        check(shape[0] == shape[1], title + ": the elements of a harmless page",
              [pair for pair in zip(*shape) if pair[0] != pair[1]][:3])
    for one in wanted:
        check(holds(got.text, one), title + ": whole", (one, got.text[-1200:]))
        if "  " in one:
            check(re.sub(r"\s*\n\s*", " ", seen(one)) in got.text, title + ": its spaces", one)
    for kind, pattern in LIVE.items():
        found = [m.group(0) for node in got.nodes for m in [pattern.search(node)] if m]
        check(not found, title + ": no " + kind, found[:3])
    return html_text


# ---- the policy and its data

def quoted(text):
    """As a text of a policy."""
    out = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if ord(c) >= 0x20 and c != "\x7f" else "\\u{%X}" % ord(c) for c in out) + '"'


def name_of(text):
    """As a name between back quotes, which a back quote or a line end would close."""
    return "`" + re.sub("[`\n\r]", "'", text) + "`"


def as_cell(text):
    """As a condition can find it: cells lose what nobody sees at their ends."""
    hidden = ("Cf", "Zs", "Zl", "Zp", "Cc", "Mn")
    first, last = 0, len(text)
    while first < last and unicodedata.category(text[first]) in hidden:
        first += 1
    while last > first and unicodedata.category(text[last - 1]) in hidden:
        last -= 1
    return text[first:last] or text


def policy(text, rate="10%", bonus="5%", test_passes=True):
    name = name_of(text)
    return """policy {text}
  version   1
  effective from 2026-01-01 to 2026-12-31
  currency  USD
  period    quarter

payee rep from "reps.csv" {{
  id   text key
  name text label
  team text
}}

data deal from "deals.csv" {{
  id        text key
  rep       rep
  note      text
  amount    money
  closed_on date
}}

function same(a money, t text) money from lua "same.lua"

# {comment}
credit booking from deal
  to     rep
  on     closed_on
  amount if note is {cell} then 50% of amount else amount

param `p {bare}` {text} = {rate}
measure {name} {text} = sum of amount from booking
pay `c {bare}` {text} = `p {bare}` of {name}
pay deals per booking = 1% of amount
pay hook = same({name}, rep.team)
pool {pool} on {name} = {bonus} split by contribution
cap `c {bare}` at $700
adjust `c {bare}` = `c {bare}` + $1 because {text}

test {text} {{
  given rep  {{ id: {text}, name: {text}, team: "no" }}
  given deal {{ id: {text}, rep: {text}, note: {cell}, amount: $100, closed_on: 2026-01-05 }}
  expect `c {bare}` for {text} in 2026-Q1 = ${paid}
}}
""".format(text=quoted(text), cell=quoted(as_cell(text)), name=name, bare=name[1:-1], rate=rate, bonus=bonus, pool="`pool " + name[1:],
           comment=re.sub("[\n\r]", " ", text), paid="6.00" if test_passes else "9.00")


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
        file.write(text)


def write_csv(folder, name, rows):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def trimmed(text):
    """Without blanks of every width, and characters without one, at both ends."""
    blank = lambda c: c in " \t" or unicodedata.category(c) == "Zs" or (unicodedata.category(c) == "Cf" and c not in "\u00ad")
    start, end = 0, len(text)
    while start < end and blank(text[start]):
        start += 1
    while end > start and blank(text[end - 1]):
        end -= 1
    return text[start:end]


LAST = "\U0001f9ff"  # a key after all others
LUA = "function same(a, t)\n  if t == 'fail' then error(BAD) end\n  return a * 0\nend\n"


def data_for(folder, text, key):
    rows = [["id", "name", "team"], [key, text, "no"], [LAST, "Zed", "fail"]]
    write_csv(folder, "reps.csv", rows)
    write_csv(folder, "deals.csv", [["id", "rep", "note", "amount", "closed_on"], [key, key, text, "2000.00", "2026-01-05"],
                                    ["d2", LAST, "x", "100.00", "2026-01-05"]])
    lua = "".join("\\u{%X}" % ord(c) for c in text)
    write(folder, "same.lua", LUA.replace("BAD", '"' + lua + '"'))


def setup(text):
    folder = tempfile.mkdtemp(dir=work)
    key = trimmed(text)
    data_for(folder, text, key)
    write(folder, "a.attain", policy(text))
    write(folder, "b.attain", policy(text, rate="12%", bonus="6%", test_passes=False))
    return folder, key


# ---- outputs

def check_terminal(name, folder, text, key):
    data = ["--data", "."]
    done = run(folder, "run", "a.attain", *data)
    check(done.status == 4, name + " run: one withheld", done.err)
    short = [text] if columns(seen(key)) < 95 else []
    on_terminal(name + " run", done.out, [text, key][:2 * len(short)])
    on_terminal(name + " run, errors", done.err)
    on_terminal(name + " run in color", run(folder, "run", "a.attain", "--color", "always", *data).out, (), True)
    on_terminal(name + " summary", run(folder, "run", "a.attain", "--format", "csv", "--out", "x.csv", *data).err, [text])
    on_terminal(name + " plan", run(folder, "dump", "plan", "a.attain").out)
    done = run(folder, "dump", "tokens", "a.attain")
    on_terminal(name + " tokens", done.out, [re.sub("[\n\r]", " ", name_of(text))])
    on_terminal(name + " ast", run(folder, "dump", "ast", "a.attain").out)
    done = run(folder, "explain", "a.attain", *data)
    on_terminal(name + " explain", done.out, [text, key])
    on_terminal(name + " explain, errors", done.err)
    done = run(folder, "explain", "a.attain", "--verify", *data)
    check(" 0 that do not add up" in done.out, name + " explain: adds up", done.out)
    done = run(folder, "diff", "a.attain", "b.attain", "--attribution", "--fail-if", "any payee > +1%", *data)
    check(done.status == 6, name + " diff: the limit", done.err)
    on_terminal(name + " diff", done.out, [key] if short else [])
    on_terminal(name + " diff, errors", done.err, [key])


def check_files(name, folder, text, key):
    rows = list(csv.reader(io.StringIO(run(folder, "run", "a.attain", "--format", "csv", "--data", ".").out, newline="")))
    check(any(row[0] == key and row[3] == key for row in rows), name + " csv: the key", rows[:4])
    check(all(len(row) == 6 for row in rows), name + " csv: six cells", rows[:4])
    rows = list(csv.reader(io.StringIO(run(folder, "run", "a.attain", "--format", "csv", "--safe-csv", "--data", ".").out,
                                       newline="")))
    check(any(row[0] in (key, "'" + key) for row in rows), name + " safe csv: the key", rows[:4])
    for row in rows[1:]:
        for cell in row[:4]:
            bare = cell.lstrip(" \u00a0\u200b\ufeff\u3000")
            check(bare[:1] not in tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20") or not bare, name + " safe csv", cell)
    done = run(folder, "diff", "a.attain", "b.attain", "--format", "csv", "--attribution", "--data", ".")
    rows = list(csv.reader(io.StringIO(done.out, newline="")))
    check(any(row[0] == key for row in rows) and all(len(row) == 5 for row in rows), name + " parts: the key", rows[:4])
    for command in (["run", "a.attain"], ["explain", "a.attain"], ["diff", "a.attain", "b.attain", "--attribution"]):
        done = run(folder, *command, "--format", "json", "--data", ".")
        check(not unsafe(done.out), name + " json " + command[0], unsafe(done.out))
        try:
            found = json.dumps(json.loads(done.out), ensure_ascii=False)
            check(json.dumps(key, ensure_ascii=False) in found, name + " json %s: the key" % command[0], found[:300])
        except ValueError as error:
            check(False, name + " json " + command[0], str(error))


def check_pages(name, folder, text, key, plain):
    data = ["--data", "."]
    for command, args in (("statement", ["a.attain", "--payee", key]), ("diff", ["a.attain", "b.attain"])):
        done = run(folder, command, *args, "--format", "html", *data)
        like = plain[command]
        check(done.out.startswith("<!doctype html>"), name + " %s: a page" % command, done.err)
        page(name + " " + command, done.out, [text, key], like)
    os.mkdir(os.path.join(folder, "pages"))
    run(folder, "statement", "a.attain", "--out", "pages/", *data)
    with open(os.path.join(folder, "pages", "index.html"), encoding="utf-8") as file:
        got = page(name + " index", file.read(), [text, key], plain["index"])
    for href in got.attributes:
        check(":" not in href or "=" in href, name + " index: a link inside the folder", href)
    for command, args in (("explain", ["a.attain"]), ("diff", ["a.attain", "b.attain", "--attribution"])):
        done = run(folder, command, *args, "--format", "md", *data)
        wanted = [text, key] if command == "explain" else [text, key, name_of(text)[1:-1].strip()]
        markdown(name + " " + command, done.out, wanted, plain[command + " md"])


LABEL = re.compile(r'  n\d+ \[fillcolor="#[0-9a-f]{6}", label="((?:[^"\\\n]|\\.)*)"\];')
EDGE = re.compile(r"  n\d+ -> n\d+;")


def check_programs(name, folder, text, key):
    done = run(folder, "dump", "dot", "a.attain")
    lines = done.out.split("\n")
    check(not unsafe(done.out), name + " dot", unsafe(done.out))
    odd = [line for line in lines[3:-2] if not LABEL.fullmatch(line) and not EDGE.fullmatch(line)]
    check(not odd and lines[-2:] == ["}", ""], name + " dot: nodes and edges", odd[:2])
    labels = " ".join(re.sub(r"\\(.)", r"\1", m.group(1)).replace("&amp;", "&") for m in map(LABEL.fullmatch, lines) if m)
    if len(text) < 50:
        check(holds(labels, text), name + " dot: whole", labels[:400])

    for which, good in (("a.attain", "ok"), ("b.attain", "not ok")):
        done = run(folder, "test", which, "--format", "tap")
        check(not unsafe(done.out), name + " tap", unsafe(done.out))
        lines = done.out.splitlines()
        points = [line for line in lines if re.match(r"(not )?ok\b", line)]
        check(lines[0] == "TAP version 13" and lines[-1] == "1..1" and len(points) == 1, name + " tap: one test", lines)
        check(all(line[0] == "#" for line in lines[1:-1] if line not in points), name + " tap: comments", lines)
        told = re.fullmatch(r"(not ok|ok) 1 - ((?:[^#\\]|\\[#\\])*)", points[0] if points else "")
        check(told and told.group(1) == good, name + " tap: no directive", points)
        check(told and holds(re.sub(r"\\(.)", r"\1", told.group(2)), text), name + " tap: whole", points)
        on_terminal(name + " test", run(folder, "test", which).out, [text])

    # The layout keeps every character.
    done = subprocess.run([attain, "fmt", "-"], input=policy(text).encode(), capture_output=True)
    check(quoted(text).encode() in done.stdout, name + " fmt: the text as it was", done.stdout[:200])


def arguments(text):
    """Each place of a command line that takes text; none of these is good."""
    return [
        [text], ["help", text], ["run", text], ["check", text], ["fmt", text], ["--" + text], ["run", "--" + text], ["run", "-" + text],
        ["run", "a.attain", "--format", text, "--data", "."], ["run", "a.attain", "--data", text],
        ["run", "a.attain", "--data", text + "=" + text], ["run", "a.attain", "--data", "deal=" + text],
        ["run", "a.attain", "--data", ".", "--period", text], ["run", "a.attain", "--data", ".", "--from", text],
        ["run", "a.attain", "--data", ".", "--payee", "x" + text], ["run", "a.attain", "--data", ".", "--set", text],
        ["run", "a.attain", "--data", ".", "--set", text + "=" + text], ["run", "a.attain", "--data", ".", "--threads", text],
        ["run", "a.attain", "--data", ".", "--out", text + "/x/y"], ["run", "a.attain", "--data", ".", "--color", text],
        ["explain", "a.attain", "--data", ".", "--component", text], ["explain", "a.attain", "--data", ".", "--lang", text],
        ["explain", "a.attain", "--data", ".", "--payee", "x" + text],
        ["diff", "a.attain", "b.attain", "--data", ".", "--fail-if", text], ["diff", "a.attain", "--git", text, "--data", "."],
        ["diff", "a.attain", text, "--data", "."], ["test", "a.attain", "--filter", text], ["dump", text, "a.attain"],
        ["statement", "a.attain", "--data", ".", "--payee", text, "--out", text + "/x/y"],
    ]


def check_arguments(name, folder, text):
    for args in arguments(text):
        if any(arg in ("-", "--", "-h", "--help") for arg in args):
            continue
        try:
            done = run(folder, *args)
        except (ValueError, OSError):
            continue
        title = "%s argument of %s" % (name, " ".join(args[:1] if args[0] != text else ["attain"]))
        check(not unsafe(done.out + done.err), title, (args, unsafe(done.out + done.err)))
        check(not re.search("[\ud800-\udfff]", done.out + done.err), title + ": UTF-8", args)


def check_names(name, folder, text):
    """A file's name, with a mistake in the file; a line of a policy that is shown, with its mark in place."""
    file_name = text.replace("/", "|")[:60] + ".attain"
    line = "measure `%s` = nope_name" % re.sub("[`\n\r]", "'", text)
    write(folder, file_name, policy("x") + line + "\n")
    done = run(folder, "check", "--", file_name)
    on_terminal(name + " check", done.err, [file_name], False)
    lines = done.err.split("\n")
    shown = next((i for i, one in enumerate(lines) if re.match(r" *\d+ \| ", one) and "nope_name" in one), None)
    check(shown is not None, name + " check: the line", lines[:4])
    if shown is not None:
        before = lines[shown].index("nope_name")
        at = columns(lines[shown][:before])
        check(lines[shown + 1].find("^") == at, name + " check: the mark is in place", lines[shown:shown + 2])
    done = run(folder, "check", "--color", "always", "--", file_name)
    on_terminal(name + " check in color", done.err, (), True)
    done = run(folder, "check", "--format", "json", "--", file_name)
    check(not unsafe(done.out), name + " check json", unsafe(done.out))
    messages = [json.loads(one) for one in done.out.splitlines()]
    check(any(one.get("file") == file_name for one in messages), name + " check json: the file", messages[:1])
    # A bad value in a row, and in a file with an odd name.
    data_name = text.replace("/", "|")[:60] + ".csv"
    write_csv(folder, data_name, [["id", "rep", "note", "amount", "closed_on"], ["d", LAST, text, text or "x", "2026-13-01"]])
    done = run(folder, "run", "a.attain", "--data", ".", "--data", "deal=" + data_name)
    check(done.status == 3, name + " bad row", done.err)
    on_terminal(name + " bad row", done.err, [data_name])


def on_a_terminal_of_its_own(name, folder):
    """Formats for programs keep their characters, but not on a terminal."""
    for args in (["run", "a.attain", "--format", "csv"], ["run", "a.attain", "--format", "json"], ["run", "a.attain"],
                 ["explain", "a.attain"], ["explain", "a.attain", "--format", "md"],
                 ["diff", "a.attain", "b.attain"], ["diff", "a.attain", "b.attain", "--format", "csv", "--attribution"],
                 ["diff", "a.attain", "b.attain", "--format", "html"]):
        try:
            child, terminal = pty.fork()
        except OSError as error:  # a container without /dev/pts
            print("skipped: %s on a terminal: %s" % (name, error))
            return
        if child == 0:
            os.chdir(folder)
            os.environ["TERM"] = "xterm"
            os.environ["ATTAIN_PAGER"] = ""
            os.execv(attain, [attain] + args + ["--data", "."])
        os.write(terminal, b"\n")  # explain asks for a payee: all
        got = b""
        try:
            while True:
                piece = os.read(terminal, 65536)
                if not piece:
                    break
                got += piece
        except OSError:
            pass
        os.waitpid(child, 0)
        text = re.sub("\x1b\\[[0-9;]*[mK]", "", got.decode("utf-8", "surrogateescape")).replace("\r\n", "\n").replace("\r", "")
        check(text != "" and not unsafe(text, "\n\t"), "%s on a terminal: %s" % (name, " ".join(args)), unsafe(text, "\n\t"))


def in_browser(folder, pages):
    """What a browser makes of the pages: the same elements as html.parser, and no script of a name has run."""
    browser = next((b for b in ("chromium", "chromium-browser", "google-chrome") if shutil.which(b)), None)
    if not browser:
        return
    for i, path in enumerate(pages):
        done = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                               "--disable-background-networking", "--proxy-server=127.0.0.1:9",
                               "--user-data-dir=%s/profile%d" % (work, i), "--dump-dom", "file://" + path],
                              capture_output=True, timeout=60)
        dom = Page(done.stdout.decode("utf-8", "replace"))
        with open(path, encoding="utf-8") as file:
            source = Page(file.read())
        for text in TEXTS.values():
            check(holds(dom.text, one_line(trimmed(text))), "browser: whole", (path, text))
        kinds = {tag[0] for tag in dom.tags if isinstance(tag, tuple)} - {"button"}
        check(kinds <= {tag[0] for tag in source.tags if isinstance(tag, tuple)} | {"tbody"}, "browser: no other element", kinds)
        handlers = [name for tag in dom.tags if isinstance(tag, tuple) for name in tag[1] if name.startswith("on")]
        check(not handlers, "browser: no handler", handlers)


def all_at_once():
    """One policy, and a payee for each text: what payees have in common, and pages for the browser."""
    folder = tempfile.mkdtemp(dir=work)
    data_for(folder, "x", "x")
    texts = sorted({trimmed(text) for text in TEXTS.values()})
    write_csv(folder, "reps.csv", [["id", "name", "team"]] + [[t, t, "no"] for t in texts])
    write_csv(folder, "deals.csv", [["id", "rep", "note", "amount", "closed_on"]] +
              [[t, t, t, "%d.00" % (100 + i), "2026-01-05"] for i, t in enumerate(texts)])
    write(folder, "a.attain", policy("x"))
    write(folder, "b.attain", policy("x", rate="12%"))
    done = run(folder, "run", "a.attain", "--data", ".", "--format", "json", "--payee", texts[0])
    check(done.status == 0, "all at once: paid", done.err)
    done = run(folder, "diff", "a.attain", "b.attain", "--data", ".", "--format", "html", "--out", "diff.html")
    check(done.status == 0, "all at once: a page", done.err)
    os.mkdir(os.path.join(folder, "pages"))
    done = run(folder, "statement", "a.attain", "--data", ".", "--out", "pages/")
    check(done.status == 0, "all at once: statements", done.err)
    in_browser(folder, [os.path.join(folder, "diff.html"), os.path.join(folder, "pages", "index.html")])


def invalid_bytes():
    folder, _ = setup("x")
    for text in (b"\xff\xfea\x80", b"caf\xe9", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"a\xe2\x80"):
        check_arguments("bytes " + ascii(text), folder, os.fsdecode(text))


# Those with which every argument is tried, too.
ARGUMENTS = ("color", "c1 csi", "right to left override", "line feed", "tags", "format", "mark first", "spaces", "long", "Hebrew")


def check_text(name, pages):
    text = TEXTS[name]
    folder, key = setup(text)
    check_terminal(name, folder, text, key)
    check_files(name, folder, text, key)
    check_pages(name, folder, text, key, pages)
    check_programs(name, folder, text, key)
    check_names(name, folder, text)
    if name in ARGUMENTS:
        check_arguments(name, folder, text)
        on_a_terminal_of_its_own(name, folder)
    shutil.rmtree(folder)


def harmless():
    """Pages of the same shape."""
    folder, key = setup("harmless")
    os.mkdir(os.path.join(folder, "pages"))
    run(folder, "statement", "a.attain", "--out", "pages/", "--data", ".")
    with open(os.path.join(folder, "pages", "index.html"), encoding="utf-8") as index:
        return {"statement": run(folder, "statement", "a.attain", "--payee", key, "--data", ".").out,
                "index": index.read(),
                "diff": run(folder, "diff", "a.attain", "b.attain", "--format", "html", "--data", ".").out,
                "explain md": run(folder, "explain", "a.attain", "--format", "md", "--data", ".").out,
                "diff md": run(folder, "diff", "a.attain", "b.attain", "--attribution", "--format", "md", "--data", ".").out}


def task(job):
    global passed, failed
    passed = failed = 0
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            job[0](*job[1:])
        except Exception as error:  # a check that cannot go on is one that failed
            check(False, "%s %s" % (job[0].__name__, ascii(job[1:2])), "%s: %s" % (type(error).__name__, error))
    return passed, failed, out.getvalue()


work = tempfile.mkdtemp()
try:
    plain = harmless()
    jobs = [(check_text, name, plain) for name in only or TEXTS]
    if not only:
        jobs = [(all_at_once,), (invalid_bytes,)] + jobs
    with multiprocessing.Pool(2) as pool:
        for good, bad, told in pool.imap(task, jobs):
            passed, failed = passed + good, failed + bad
            print(told, end="")
finally:
    shutil.rmtree(work)
if not cmark:
    print("skipped: Markdown is not rendered, because there is no cmark-gfm here")
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
