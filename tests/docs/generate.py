#!/usr/bin/env python3
"""tests/docs/generate.py: writes the pages and tables that are made from the lists and the grammar in the sources.

    python3 tests/docs/generate.py            writes them
    python3 tests/docs/generate.py --check    prints a diff and exits with 1 if one is out of date

A generated part is between `<!-- generated from FILE -->` and `<!-- end of generated -->` in a page; FILE decides its form.
The text around it is written by hand. In lines that start with `Messages`, the titles of the codes are generated, too.
"""
import difflib
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGES = ["grammar/REFERENCE.md", "grammar/DATA.md", "grammar/SEMANTICS.md", "grammar/DIAGNOSTICS.md", "grammar/COMMANDS.md", "grammar/GRAMMAR.md", "src/README.md"]


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


# ---- lists: MACRO(WORD, "text", …), texts in C's form, several of them in a row joined

ARGUMENT = re.compile(r'\s*(?:((?:"(?:[^"\\]|\\.)*"\s*)+)|([^",()]+))\s*([,)])', re.S)
PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.S)


def entries(path, macro):
    text = re.sub(r"/\*.*?\*/", "", read(path), flags=re.S)
    for start in re.finditer(r"^%s\(" % macro, text, flags=re.M):
        arguments, at = [], start.end()
        while True:
            found = ARGUMENT.match(text, at)
            quoted, word, end = found.groups()
            if quoted:
                joined = "".join(PIECE.findall(quoted))
                arguments.append(joined.replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\"))
            else:
                arguments.append(word.strip())
            at = found.end()
            if end == ")":
                break
        yield arguments


def cell(text):
    return text.replace("|", "\\|")


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return lines + ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]


def builtins(path):
    return table(["Function", "Result"], [[f"`{a[2]}`", a[3]] for a in entries(path, "AT_BUILTIN")])


def keywords(path):
    classes = {"OPENS": "opens a statement", "JOINS": "joins", "SOFT": "no", "ATTR": "no"}
    rows = [[f"`{a[1]}`", classes[a[2]], a[3]] for a in entries(path, "AT_KEYWORD")]
    return table(["Keyword", "Reserved", "Meaning"], rows)


def diagnostics(path):
    heads, lines, group = {}, [], None
    for found in re.finditer(r"^/\* ---- (A\d\d)xx: (.*?) ?(?:\([^)]*\))? ?\*/", read(path), flags=re.M):
        heads[found.group(1)] = found.group(2)
    for code, severity, title, text in entries(path, "AT_DIAG"):
        if code[:3] != group:
            group = code[:3]
            name = heads.get(group, "others")
            lines += ["", f"## {group}xx: {name}", "", "| Code | Severity | Title | When it appears, and what to do |",
                      "|---|---|---|---|"]
        lines.append(f"| {code} | {severity.lower()} | {cell(title)} | {cell(text)} |")
    return lines[1:]


# ---- commands

def help_for(text, command):
    """The part of an option's help that belongs to a command: "run: one; diff: two; *: the others"."""
    names = "|".join(a[0] for a in entries("src/cli/commands.def", "COMMAND"))
    part = r"(?:(?:%s)(?: (?:%s))*|\*): " % (names, names)
    parts = re.split(r"; (?=%s)" % part, text)
    if not re.match(part, parts[0]):
        return text
    chosen = {}
    for part in parts:
        names, sentence = part.split(": ", 1)
        for name in names.split():
            chosen[name] = sentence
    return chosen.get(command, chosen.get("*", ""))


def commands(path):
    options = list(entries("src/cli/options.def", "OPTION"))
    lines = ["## Commands", ""]
    lines += table(["Command", "Purpose"], [[f"[`attain {a[0]}`](#attain-{a[0]})", a[4]] for a in entries(path, "COMMAND")])
    for name, operands, _, _, summary, about in entries(path, "COMMAND"):
        lines += ["", f"## attain {name}", "", f"`attain {name} [OPTION…] {operands}`", "", about, ""]
        rows = []
        for option in options:
            if option[5] == "*" or name not in option[5].split():
                continue
            rows.append(option_row(option, name))
        lines += table(["Option", "Meaning"], rows) if rows else []
    lines += ["", "## Options of every command", ""]
    lines += table(["Option", "Meaning"], [option_row(option, "*") for option in options if option[5] == "*"])
    lines += ["", "## Exit statuses", ""]
    lines += table(["Status", "Meaning"], [[a[0], a[1]] for a in entries("src/cli/exits.def", "EXIT")])
    return lines


def option_row(option, command):
    _, name, short, argument, kind, _, text = option
    argument = "" if argument == "NULL" else argument
    written = f"--{name}" + (f"[={argument}]" if kind == "MAYBE" else f" {argument}" if argument else "")
    if short.strip("'") != "0":
        written = f"-{short.strip(chr(39))}, {written}"
    return [f"`{written}`", help_for(text, command)]


# ---- the grammar: bison's rules as EBNF

def without_actions(text):
    text = re.sub(r"/\*(?! -).*?\*/", "", text, flags=re.S)
    out, depth, at = [], 0, 0
    while at < len(text):
        if text[at] == "'" and depth == 0:
            out.append(text[at:at + 3])
            at += 3
            continue
        if text[at] == "'" and depth:
            at += 3
            continue
        depth += text[at] == "{"
        if depth == 0:
            out.append(text[at])
        depth -= text[at] == "}"
        at += 1
    return "".join(out)


def symbols(text, names):
    out = []
    for symbol in text.split():
        if symbol.startswith("'"):
            out.append('"%s"' % symbol[1:-1])
        elif symbol in names:
            out.append(names[symbol])
        else:
            out.append(symbol)
    return out


def one_of(alternatives):
    return " | ".join(" ".join(alternative) for alternative in alternatives)


def group(alternatives, always):
    text = one_of(alternatives)
    return f"( {text} )" if always and len(alternatives) > 1 else text


def ebnf(name, alternatives):
    """Left recursion becomes a repetition, and an empty alternative an option."""
    alternatives = [a for a in alternatives if a and a[0] != "error"]
    rest = [a[1:] for a in alternatives if a[0] == name]
    first = [a for a in alternatives if a[0] != name]
    empty = ["%empty"] in first
    first = [a for a in first if a != ["%empty"]]
    if rest and not first:
        return "{ %s }" % one_of(rest)
    if rest and first == rest and not empty:
        return "%s { %s }" % (group(first, True), one_of(rest))
    if rest:
        start = "[ %s ]" % one_of(first) if empty else group(first, True)
        return "%s { %s }" % (start, one_of(rest))
    return "[ %s ]" % one_of(first) if empty else one_of(first)


def wrapped(name, text):
    """A rule on one line, or with its choices on lines of their own, as many on each as fit."""
    if len(name) + len(text) < 90:
        return [f"{name} = {text} ;"]
    lines, line, depth = [], f"{name} =", 0
    for piece in re.split(r" (?=\|)", text):
        if len(line) + len(piece) > 96 and depth == 0 and line.strip() not in (f"{name} =",):
            lines.append(line)
            line = "   "
        line += " " + piece
        depth += len(re.findall(r"[({[] | [({[] ", piece)) - len(re.findall(r" [)}\]](?: |$)", piece))
    return lines + [line + " ;"]


def grammar(path):
    text = read(path)
    names = {}
    for line in re.findall(r"^%token.*$", text, flags=re.M):
        for token, alias in re.findall(r'([A-Z]+)(?: 0)? "([^"]*)"', line):
            literal = token not in ("NAME", "CODE", "NUMBER", "MONEY", "DATE", "PERIODLIT", "DURATION", "TEXT", "END")
            names[token] = f'"{alias}"' if literal else token
    rules = without_actions(text.split("%%")[1])
    lines = []
    for part in re.split(r"/\* -+ (.*?) ?\*/", rules)[1:]:
        if ":" not in part or part.count(";") == 0:
            lines += (["```", ""] if lines else []) + [f"## {part[:1].upper()}{part[1:]}", "", "```ebnf"]
            continue
        for rule in re.split(r";\s*(?:\n|$)", re.sub(r"';'", "'SEMI'", part)):
            if ":" not in rule:
                continue
            name, right = rule.split(":", 1) if not rule.strip().startswith("'") else (None, None)
            right = right.replace("':'", "'COLON'").replace("'|'", "'BAR'")
            alternatives = [symbols(a, names) for a in right.split("|")]
            written = ebnf(name.strip(), alternatives).replace("COLON", ":").replace("BAR", "|").replace("SEMI", ";")
            lines += wrapped(name.strip(), written)
    return lines + ["```"]


def modules(path):
    rows = [line.split("|") for line in read(path).split("\n") if "|" in line and line[0] != "#"]
    return table(["Module", "Contains"], [[f"`{row[0].strip()}/`", row[2].strip()] for row in rows])


FORMS = {"builtins.def": builtins, "keywords.def": keywords, "diagnostics.def": diagnostics,
         "commands.def": commands, "attain.y": grammar, "modules.txt": modules}


def with_titles(line, titles):
    """`Messages: old title (A0205), A0339.` with the titles of diagnostics.def."""
    start, codes = line.split(":", 1)[0], re.findall(r"A\d{4}", line)
    return f"{start}: " + ", ".join(f"{titles[code]} ({code})" for code in codes) + "."


def regenerate(page):
    out, skipping = [], False
    titles = {a[0]: a[2] for a in entries("src/diag/diagnostics.def", "AT_DIAG")}
    for line in read(page).split("\n"):
        start = re.match(r"<!-- generated from (\S+) -->$", line)
        if line == "<!-- end of generated -->":
            skipping = False
        if not skipping:
            out.append(with_titles(line, titles) if re.match(r"Messages\b.*: .*A\d{4}", line) else line)
        if start:
            source = start.group(1)
            blank = [""] if os.path.basename(source) in ("commands.def", "diagnostics.def", "attain.y") else []
            out += blank + FORMS[os.path.basename(source)](source) + blank
            skipping = True
    return "\n".join(out)


def main():
    stale = 0
    for page in PAGES:
        old, new = read(page), regenerate(page)
        if old == new:
            continue
        stale += 1
        if "--check" in sys.argv:
            sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), page, "as generated"))
        else:
            with open(os.path.join(ROOT, page), "w", encoding="utf-8") as file:
                file.write(new)
    if stale and "--check" in sys.argv:
        print("generated parts are out of date: run `make reference`")
        return 1
    return 0


sys.exit(main())
