#!/usr/bin/env python3
"""tests/docs/check.py: does what the pages say, as a reader would, and compares what comes out.

    python3 tests/docs/check.py build/attain [PAGE…]            checks the pages; by default all
    python3 tests/docs/check.py build/attain --bless [PAGE…]    writes what came out into the ```text blocks, and prints the diff
    python3 tests/docs/check.py build/attain --stats            words and the longest sentence of each page

On every page: links lead somewhere, excluded phrases are absent (phrases.txt, also in src), sentences have at most 25 words, and the
diagnostics that are named exist. Pages in Chinese (*.zh.md, GLOSSARY.md) have full-width punctuation, no spaces beside
Chinese characters except around code, and sentences of at most 60 characters. Fenced blocks, by language:

    ```sh       Each line is run in a copy of the project with `attain` on the PATH; `make …` only has to be a target.
    ```text     After a ```sh block: what it prints.
    ```attain   Is checked, and its tests are run; on a page with a base policy, it continues that one.
    ```lua      After a comment `file NAME`: saved.
    ```csv      Likewise.
    ```c        Is compiled against src/attain.h and the library, and run; a ```text block after it is what it prints.

A comment directly before a block says more about it:

    <!-- exit status 1 -->       the commands end like that, and their messages count as printed
    <!-- from PATH -->           an excerpt: its lines are in that file as shown
    <!-- file NAME -->           the reader saves the block under this name in the working folder
    <!-- add to NAME -->         the reader adds it to the end of the file
    <!-- replace in NAME: LINE -->    the reader replaces this line of the file, which is there once, by the block
    <!-- then COMMAND -->        what the text around tells the reader to do by hand, before the next block
    <!-- the examples continue this policy -->
    <!-- not run -->

A page whose first lines hold `<!-- in an empty folder -->` is followed in an empty folder.
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MOST_WORDS = 25
MOST_CHARACTERS = 60
failures, passed = [], 0


def ok():
    global passed
    passed += 1


def no(title, detail=""):
    failures.append(title)
    print("FAILED " + title)
    for line in detail.splitlines()[:60]:
        print("    " + line)


def expect(holds, title, detail=""):
    if holds:
        ok()
    else:
        no(title, detail)


def all_pages():
    pages = ["README.md"]
    for folder in ("grammar", "rules", "src", "stdlib", "tests"):
        for path, folders, names in os.walk(os.path.join(ROOT, folder)):
            folders.sort()
            pages += [os.path.relpath(os.path.join(path, name), ROOT) for name in sorted(names) if name.endswith(".md")]
    return pages


def run(command, folder, env=None):
    done = subprocess.run(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
                          shell=isinstance(command, str))
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


# ---- pages

class Block:
    def __init__(self, language, line, marks):
        self.language, self.line, self.marks, self.lines = language, line, marks, []

    @property
    def text(self):
        return "".join(line + "\n" for line in self.lines)

    def mark(self, start):
        for mark in self.marks:
            if mark.startswith(start):
                return mark[len(start):].strip()
        return None


class Page:
    def __init__(self, path):
        self.path = path
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            self.lines = file.read().split("\n")
        self.blocks, self.prose = [], []
        block, marks = None, []
        for number, line in enumerate(self.lines, 1):
            if block:
                if line.startswith("```"):
                    block = None
                else:
                    block.lines.append(line)
                continue
            if line.startswith("```"):
                block = Block(line[3:].split(" ")[0] or "none", number, marks)
                self.blocks.append(block)
                marks = []
                continue
            found = re.match(r"<!-- (.*) -->$", line)
            if found:
                marks.append(found.group(1))
            elif line:
                marks = []
            self.prose.append((number, line))

    @property
    def empty_folder(self):
        return "<!-- in an empty folder -->" in self.lines[:5]

    def save(self):
        with open(os.path.join(ROOT, self.path), "w", encoding="utf-8") as file:
            file.write("\n".join(self.lines))


# ---- prose

def anchors(page):
    names = set()
    for _, line in page.prose:
        if line.startswith("#"):
            text = re.sub(r"[`*_]|\[([^]]*)\]\([^)]*\)", r"\1", line.lstrip("#").strip()).lower()
            names.add(re.sub(r"[^\w\- ]", "", text).replace(" ", "-"))
    return names


def check_links(page, cache):
    bad = []
    for number, line in page.prose:
        for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", line)):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            full = os.path.normpath(os.path.join(os.path.dirname(page.path), path)) if path else page.path
            if not os.path.exists(os.path.join(ROOT, full)):
                bad.append(f"line {number}: {target} does not exist")
            elif anchor and full.endswith(".md"):
                if full not in cache:
                    cache[full] = anchors(Page(full))
                if anchor not in cache[full]:
                    bad.append(f"line {number}: {full} has no heading #{anchor}")
    expect(not bad, f"{page.path}: links", "\n".join(bad))


def sentences(page):
    """Sentences of running text and list items: (line, words, text). Tables, headings, and generated parts are left out."""
    paragraph, start, generated = [], 0, False
    for number, line in page.prose + [(0, "")]:
        generated = line.startswith("<!-- generated") or (generated and line != "<!-- end of generated -->")
        text = line.strip()
        titles = text.startswith("Messages")
        breaks = not text or text[0] in "#|<" or generated or titles or re.match(r"([-*+]|\d+\.) ", text)
        if breaks and paragraph:
            whole = re.sub(r"`[^`]*`", "code", " ".join(paragraph))
            whole = re.sub(r"\]\([^)]*\)", "]", whole)
            for sentence in re.split(r"(?<=[.!?])[)\"*]*\s+|(?<=。)", whole):
                words = len([word for word in sentence.split() if re.search(r"\w", word)])
                yield start, words, sentence
            paragraph = []
        if not text or text[0] in "#|<" or generated or titles:
            continue
        if not paragraph:
            start = number
        paragraph.append(re.sub(r"^([-*+]|\d+\.) ", "", text))


def check_sentences(page):
    long = [f"line {n}: {words} words: {text}" for n, words, text in sentences(page) if words > MOST_WORDS]
    expect(not long, f"{page.path}: sentences of more than {MOST_WORDS} words", "\n".join(long))


def load_phrases():
    phrases = []
    with open(os.path.join(HERE, "phrases.txt"), encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            pattern, instead, *allowed = line.split("\t")
            phrases.append((re.compile(pattern, re.I), instead, allowed))
    return phrases


def bad_phrases(text, where, phrases):
    for pattern, instead, allowed in phrases:
        for found in pattern.finditer(text):
            around = text[max(0, found.start() - 30):found.end() + 30]
            if any(re.search(context, around, re.I) for context in allowed):
                continue
            yield f"{where}: `{found.group(0)}`: {instead}"


def check_phrases(page, phrases):
    bad = []
    for number, line in page.prose:
        if line.startswith("Messages"):  # titles, which check_sources reads
            continue
        plain = re.sub(r"`[^`]*`", "`code`", line)
        bad += bad_phrases(plain, f"line {number}", phrases)
    expect(not bad, f"{page.path}: excluded phrases", "\n".join(bad))


# ---- Chinese

HAN = "[\u3400-\u9fff]"
WIDE = "[\u3400-\u9fff\u3001-\u301f\uff01-\uff60\u201c\u201d\u2026]"
CHINESE_FAULTS = [
    (re.compile(f"{HAN}[,;:?!]|{HAN}\\.(?={HAN}|\\s|$)"), "full-width punctuation"),
    (re.compile(f"{HAN}\\s?\\(|\\({HAN}|{HAN}\\)"), "full-width parentheses"),
    (re.compile(f"{HAN}\"|\"{HAN}"), "“…”"),
    (re.compile(f"{WIDE} +{WIDE}"), "no space between Chinese characters"),
    (re.compile(f"{HAN} +[A-Za-z0-9¥]|[A-Za-z0-9%] +{HAN}"), "no space between Chinese and Latin characters"),
]


def is_chinese(page):
    return page.path.endswith(".zh.md") or os.path.basename(page.path) == "GLOSSARY.md"


def chinese_faults(text, where):
    for pattern, instead in CHINESE_FAULTS:
        for found in pattern.finditer(text):
            yield f"{where}: `{text[max(0, found.start() - 8):found.end() + 8]}`: {instead}"


def without_code(line):
    return re.sub(r"\]\([^)]*\)", "]", re.sub(r"`[^`]*`", "`…`", line))


def chinese_sentences(page):
    """(line, characters, sentence) of running text and list items in Chinese. Code counts as one character."""
    for number, line in page.prose:
        if line and line[0] not in "#|<":
            plain = re.sub(r"`[^`]*`", "…", re.sub(r"\]\([^)]*\)", "]", line))
            for sentence in re.split("(?<=[。！？])", plain):
                yield number, len(re.findall(r"\w|…", sentence)), sentence


def check_chinese(page):
    bad = []
    for number, line in page.prose:
        if not line.startswith("<!--"):
            bad += chinese_faults(without_code(line), f"line {number}")
    expect(not bad, f"{page.path}: punctuation and spaces in Chinese", "\n".join(bad))
    if page.path.endswith(".zh.md"):
        long = [f"line {n}: {count} characters: {text}" for n, count, text in chinese_sentences(page) if count > MOST_CHARACTERS]
        expect(not long, f"{page.path}: sentences of more than {MOST_CHARACTERS} characters", "\n".join(long))


# ---- texts in the sources

LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def source_texts():
    """(place, text) of every text in the sources that a person may read: string literals with a space, comments of attain.h."""
    for folder, folders, names in os.walk(os.path.join(ROOT, "src")):
        folders.sort()
        for name in sorted(names):
            if not name.endswith((".c", ".def", ".h")):
                continue
            path = os.path.relpath(os.path.join(folder, name), ROOT)
            with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    code = re.sub(r"^\s*(/\*|\*|//).*", "", line) if name != "attain.h" else line
                    for text in LITERAL.findall(code):
                        if " " in text:
                            yield f"{path}:{number}", text
                    if name == "attain.h":
                        yield f"{path}:{number}", re.sub(r'"[^"]*"', "", line)


COMMENT = re.compile(r"/\*.*?\*/", re.S)


def source_comments():
    """(place, text) of every comment in the sources and the grammar, on one line."""
    for folder, folders, names in sorted(os.walk(os.path.join(ROOT, "src"))) + sorted(os.walk(os.path.join(ROOT, "grammar"))):
        for name in sorted(names):
            if not name.endswith((".c", ".h", ".def", ".y", ".re")):
                continue
            path = os.path.relpath(os.path.join(folder, name), ROOT)
            with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                text = file.read()
            for found in COMMENT.finditer(text):
                yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}", re.sub(r"\s*\n\s*\*?\s*", " ", found.group(0))


def check_sources(phrases):
    bad = []
    for place, text in source_comments():
        bad += bad_phrases(re.sub(r"`[^`]*`", "`code`", text), place, phrases)
    expect(not bad, "comments in src and grammar: excluded phrases", "\n".join(bad))
    bad = []
    for place, text in source_texts():
        bad += bad_phrases(re.sub(r"`[^`]*`", "`code`", text), place, phrases)
    expect(not bad, "texts in src: excluded phrases", "\n".join(bad))
    bad = []
    for path in ("words/words_zh.def", "syntax/keywords.def", "check/builtins.def"):
        with open(os.path.join(ROOT, "src", path), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                for text in LITERAL.findall(line):
                    bad += chinese_faults(without_code(text), f"src/{path}:{number}")
    expect(not bad, "texts in src: punctuation and spaces in Chinese", "\n".join(bad))


# ---- blocks

class Follower:
    """A reader who follows one page."""

    def __init__(self, page, attain, bless):
        self.page, self.attain, self.bless = page, attain, bless
        self.work = tempfile.mkdtemp(prefix="attain-docs-")
        self.folder = os.path.join(self.work, "folder")
        if page.empty_folder:
            os.mkdir(self.folder)
        else:
            self.copy_project()
        programs = os.path.join(self.work, "bin")
        os.mkdir(programs)
        os.symlink(attain, os.path.join(programs, "attain"))
        self.env = dict(os.environ, PATH=programs + os.pathsep + os.environ["PATH"], LC_ALL="C.UTF-8", TERM="dumb")
        for name in ("NO_COLOR", "COLUMNS"):
            self.env.pop(name, None)
        self.base, self.printed, self.changes = None, None, []

    def copy_project(self):
        os.mkdir(self.folder)
        for name in ("Makefile", "README.md", "rules", "stdlib", "grammar", "tests", "src"):
            source, target = os.path.join(ROOT, name), os.path.join(self.folder, name)
            if os.path.isdir(source):
                shutil.copytree(source, target, symlinks=True)
            else:
                shutil.copy(source, target)
        os.mkdir(os.path.join(self.folder, "build"))
        os.symlink(self.attain, os.path.join(self.folder, "build", "attain"))
        library = os.path.join(os.path.dirname(self.attain), "libattain.a")
        if os.path.exists(library):
            os.symlink(library, os.path.join(self.folder, "build", "libattain.a"))

    def follow(self):
        for block in self.page.blocks:
            before = self.printed
            self.printed = None
            title = f"{self.page.path}:{block.line}"
            for mark in block.marks:
                if mark.startswith("then "):
                    status, out, err = run(mark[5:], self.folder, self.env)
                    expect(status == 0, f"{title}: {mark}", out + err)
            if "not run" in block.marks:
                continue
            if self.saved(block):
                continue
            method = getattr(self, "on_" + block.language.replace("+", "p"), None)
            if block.language == "text":
                self.compare(block, title, before)
            elif method:
                method(block, title)
        shutil.rmtree(self.work)
        if self.changes:
            for block, text in reversed(self.changes):
                self.page.lines[block.line:block.line + len(block.lines)] = text.rstrip("\n").split("\n")
            self.page.save()

    def saved(self, block):
        name, more, line = block.mark("file "), block.mark("add to "), block.mark("replace in ")
        if line:
            self.replaced(block, *line.split(": ", 1))
            return True
        if not name and not more:
            return False
        path = os.path.join(self.folder, name or more)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w" if name else "a", encoding="utf-8") as file:
            file.write(block.text)
        return True

    def replaced(self, block, name, line):
        path = os.path.join(self.folder, name)
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        at = [i for i, text in enumerate(lines) if text.strip() == line]
        expect(len(at) == 1, f"{self.page.path}:{block.line}: replace in {name}: {line}", f"{len(at)} lines are this line")
        if len(at) == 1:
            lines[at[0]:at[0] + 1] = block.lines
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(lines))

    def on_sh(self, block, title):
        given = block.mark("exit status ")
        wanted, printed = int(given or 0), ""
        for command in block.lines:
            if not command.strip() or command.startswith("#"):
                continue
            if command.startswith("make"):
                status, _, err = run("make -n " + command[4:], self.folder, self.env)
                expect(status == 0, f"{title}: {command}", err)
                continue
            status, out, err = run(command, self.folder, self.env)
            printed += out + (err if given else "")
            expect(status == wanted, f"{title}: {command}: exit status {status}, not {wanted}", err)
        self.printed = printed

    def compare(self, block, title, printed):
        if printed is None or printed == block.text:
            if printed is not None:
                ok()
            return
        diff = "\n".join(difflib.unified_diff(block.text.splitlines(), printed.splitlines(), "page", "printed", lineterm=""))
        if self.bless:
            print(f"{title}:\n{diff}")
            self.changes.append((block, printed))
        else:
            no(f"{title}: other output than shown", diff)

    def on_attain(self, block, title):
        source = block.mark("from ")
        if source:
            with open(os.path.join(ROOT, source), encoding="utf-8") as file:
                expect(block.text in file.read(), f"{title}: not in {source} as it is shown")
            return
        text = block.text
        if not re.search(r"^policy ", text, flags=re.M):
            if not self.base:
                no(f"{title}: this is not a whole policy, and the page has no base policy")
                return
            text = self.base + text
        if "the examples continue this policy" in block.marks:
            self.base = block.text
        path = os.path.join(self.folder, "example.attain")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        for command in ("check", "test"):
            status, out, err = run([self.attain, command, "example.attain"], self.folder, self.env)
            expect(status == 0, f"{title}: attain {command}", out + err)

    def on_c(self, block, title):
        library = os.path.join(os.path.dirname(self.attain), "libattain.a")
        source, program = os.path.join(self.work, "embed.c"), os.path.join(self.work, "embed")
        with open(source, "w", encoding="utf-8") as file:
            file.write(block.text)
        flags = ["-llua5.4", "-lgmp", "-lutf8proc", "-lm", "-pthread"]
        with open(library, "rb") as file:
            if b"__gcov" in file.read():
                flags.append("--coverage")
        compiler = os.environ.get("CC", "cc").split()
        status, out, err = run(compiler + ["-std=c99", "-Wall", "-Wextra", "-Werror", "-I" + os.path.join(ROOT, "src"), "-o",
                                           program, source, library] + flags, self.folder, self.env)
        expect(status == 0, f"{title}: the program in C", out + err)
        if status == 0:
            status, self.printed, err = run([program], self.folder, self.env)
            expect(status == int(block.mark("exit status ") or 0), f"{title}: the program in C: status {status}", err)


# ---- the rules

def check_rules(attain):
    for group in ("rules", "rules/hooks"):
        for name in sorted(os.listdir(os.path.join(ROOT, group))):
            folder = os.path.join(group, name)
            policies = [f for f in sorted(os.listdir(os.path.join(ROOT, folder))) if f.endswith(".attain")] if os.path.isdir(
                os.path.join(ROOT, folder)) else []
            if policies and name not in ("hooks", "tutorial"):
                check_rule(attain, folder, [os.path.join(folder, f) for f in policies])


def check_rule(attain, folder, policies):
    """The payouts of a folder are its expected.csv, calculated by hand; its README is short, and its command works."""
    path = os.path.join(ROOT, folder, "expected.csv")
    if not os.path.exists(path):
        no(f"{folder}: no expected.csv")
        return
    _, out, err = run([attain, "run"] + policies + ["--data", folder + "/data", "--format", "csv"], ROOT)
    with open(path, encoding="utf-8") as file:
        wanted = file.read()
    diff = "\n".join(difflib.unified_diff(wanted.splitlines(), out.splitlines(), "by hand", "printed", lineterm=""))
    expect(out == wanted, f"{folder}: other payouts than calculated by hand", diff + "\n" + err)
    with open(os.path.join(ROOT, folder, "README.md"), encoding="utf-8") as file:
        readme = file.read()
    expect(readme.count("\n") <= 8, f"{folder}/README.md: longer than eight lines")
    command = re.search(r"`attain (run [^`]*)`", readme)
    if command:
        status, out, err = run(f'"{attain}" {command.group(1)}', ROOT)
        expect(status == 0, f"{folder}/README.md: attain {command.group(1)}", out + err)
    else:
        no(f"{folder}/README.md: no command")


def check_codes(pages):
    with open(os.path.join(ROOT, "src/diag/diagnostics.def"), encoding="utf-8") as file:
        known = set(re.findall(r"^AT_DIAG\((A\d+)", file.read(), flags=re.M))
    for page in pages:
        named = set(re.findall(r"\bA[01]\d{3}\b", "\n".join(page.lines)))
        expect(named <= known, f"{page.path}: codes that do not exist", " ".join(sorted(named - known)))


def stats(pages):
    print(f"{'page':<34} {'words':>6}  longest sentence")
    for page in pages:
        if page.path.endswith(".zh.md"):
            count = sum(len(re.findall(r"\w", line)) for _, line in page.prose if line and line[0] not in "|<")
            longest = max(chinese_sentences(page), key=lambda s: s[1], default=(0, 0, ""))
            print(f"{page.path:<34} {count:>6}  {longest[1]} (line {longest[0]}), in characters")
            continue
        words = sum(len(line.split()) for _, line in page.prose if not line.startswith("|"))
        longest = max(sentences(page), key=lambda s: s[1], default=(0, 0, ""))
        print(f"{page.path:<34} {words:>6}  {longest[1]} (line {longest[0]})")


def main():
    attain = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/attain")
    chosen = [a for a in sys.argv[2:] if not a.startswith("--")]
    pages = [Page(path) for path in (chosen or all_pages())]
    if "--stats" in sys.argv:
        stats(pages)
        return 0
    bless = "--bless" in sys.argv
    phrases, cache = load_phrases(), {}
    for page in pages:
        check_links(page, cache)
        if not page.path.endswith(".zh.md"):
            check_sentences(page)
            check_phrases(page, phrases)
        if is_chinese(page):
            check_chinese(page)
        if any(block.language in ("sh", "attain", "c") for block in page.blocks):
            Follower(page, attain, bless).follow()
    check_codes(pages)
    if not chosen:
        check_sources(phrases)
        check_rules(attain)
        status, out, _ = run([sys.executable, os.path.join(HERE, "generate.py"), "--check"], ROOT)
        expect(status == 0, "generated pages", out)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
