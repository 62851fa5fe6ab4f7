#!/usr/bin/env python3
"""Compares src/words/message_zh.def with the sources: `messages.py ATTAIN`.

1. Each format string of a diagnostic has a line, and each sentence that is passed to a function refuse…; lines are in order,
   and their places are those of the format string.
2. Each text of the program has a line in src/cli/text_zh.def, with the same conversions in the same order.
3. Each message of a hook in src/lua has a line in src/words/hook_zh.def.
4. Every policy of tests/lang/bad is checked in Chinese. What stands outside quotes has no English sentence."""
import glob
import re
import subprocess
import sys

TOKEN = re.compile(r"/\*.*?\*/|'(?:\\.|[^'\\])+'|\"(?:\\.|[^\"\\])*\"", re.S)
STRING = re.compile(r'"((?:\\.|[^"\\])*)"')
CALL = re.compile(r"\b(at_diag_add|at_diag_add_at|at_diag_label|at_diag_help|at_diag_note|at_lex_mistake|at_api_trial_problem|fail)\s*\(")
FORMAT = {"at_diag_add": 3, "at_diag_add_at": 3, "at_diag_label": 2, "at_diag_help": 1, "at_diag_note": 1, "at_lex_mistake": 3,
          "at_api_trial_problem": 1, "fail": 1}
CONVERSION = re.compile(r"%(%|[-+ #0]*\d*(?:\.(?:\d+|\*))?(?:h|l|j|z)*[a-zA-Z])")


def places(text):
    """The format string with {1} in place of its first conversion."""
    n = 0

    def place(found):
        nonlocal n
        if found.group(1) == "%":
            return "%"
        n += 1
        return "{%d}" % n
    return CONVERSION.sub(place, text)


def argument(source, at, wanted):
    """The text of an argument of a call whose `(` is before `at`."""
    depth = n = 0
    start = at
    while at < len(source):
        token = TOKEN.match(source, at)
        if token:
            at = token.end()
            continue
        c = source[at]
        if c in ")]}" and depth == 0 or c == "," and depth == 0 and n == wanted:
            return source[start:at] if n == wanted else ""
        depth += (c in "([{") - (c in ")]}")
        if c == "," and depth == 0:
            n += 1
            start = at + 1
        at += 1
    return ""


def formats():
    """Each format string that stands in a call, with its place in the sources."""
    for file in sorted(glob.glob("src/*/*.c")):
        source = open(file).read()
        for call in CALL.finditer(source):
            text = argument(source, call.end(), FORMAT[call.group(1)])
            for group in re.findall(r'(?:"(?:\\.|[^"\\])*"\s*(?:PRI\w+\s*)?)+', text.split("?", 1)[1] if re.match(r"[^\"]*\?", text) else text):
                pieces = re.sub(r"PRI([a-z])[a-z0-9]*", r'"l\1"', group)
                yield places("".join(STRING.findall(pieces))), f"{file}:{source[:call.start()].count(chr(10)) + 1}"


def passed():
    """Each sentence that a function which refuses something gets, and puts into its diagnostic."""
    for file in sorted(glob.glob("src/api/*.c") + glob.glob("src/compose/*.c")):
        source = re.sub(r"/\*.*?\*/", lambda found: re.sub(r"[^\n]", " ", found.group(0)), open(file).read(), flags=re.S)
        for call in re.finditer(r"\b(?:at_compose_)?refuse\w*\s*\(", source):
            end, depth = call.end(), 1
            while depth and end < len(source):
                token = TOKEN.match(source, end)
                end = token.end() if token else end + 1
                depth += 0 if token else (source[end - 1] == "(") - (source[end - 1] == ")")
            for group in re.findall(r'(?:"(?:\\.|[^"\\])*"\s*)+', source[call.end():end]):
                text = "".join(STRING.findall(group))
                if len(re.findall("[a-z]{2,}", text)) > 2:
                    yield places(text), f"{file}:{source[:call.start()].count(chr(10)) + 1}"


def program_texts():
    """Each text of the program that is printed in the language of --lang."""
    for file in sorted(glob.glob("src/cli/*.c")):
        source = open(file).read()
        for call in re.finditer(r"\b(complain|say|cli_text|put_wrapped)\s*\(", source):
            text = argument(source, call.end(), 0 if call.group(1) == "cli_text" or call.group(1) == "put_wrapped" else 1)
            for group in re.findall(r'(?:"(?:\\.|[^"\\])*"\s*)+', re.sub(r"^[^\"]*\?", "", text)):
                yield "".join(STRING.findall(group)), f"{file}:{source[:call.start()].count(chr(10)) + 1}"
    for name, kind in (("commands", "COMMAND"), ("options", "OPTION"), ("exits", "EXIT")):
        source = re.sub(r"/\*.*?\*/", "", open(f"src/cli/{name}.def").read(), flags=re.S)
        for entry in re.findall(rf"^{kind}\((.*?)\)$", source, re.S | re.M):
            texts = ["".join(STRING.findall(group)) for group in re.findall(r'(?:"(?:\\.|[^"\\])*"\s*)+', entry)]
            for part in (texts[1:] if kind == "COMMAND" else texts[-1].split("; ") if re.match(r"[a-z*]+: ", texts[-1]) else texts[-1:]):
                yield re.sub(r"^(?:[a-z]+|\*): ", "", part) if kind == "OPTION" and "; " in texts[-1] else part, f"src/cli/{name}.def"


def wrong_texts(texts):
    known = dict(texts)
    for text, place in program_texts():
        if re.search("[a-z]{3}", re.sub(r"%[a-z]+", "", text)) and text not in known:
            yield f"{place}: no Chinese text of: {text}"
    for english, chinese in texts:
        if [c for c in CONVERSION.findall(english) if c[0] not in "% "] != [c for c in CONVERSION.findall(chinese) if c[0] not in "% "]:
            yield f"the conversions differ: {english}"


def of_hooks():
    """Each message that a function of src/lua raises or returns."""
    for file in sorted(glob.glob("src/lua/*.c")):
        source = re.sub(r"/\*.*?\*/", lambda found: re.sub(r"[^\n]", " ", found.group(0)), open(file).read(), flags=re.S)
        for call in re.finditer(r"\b(luaL_error|refuse)\s*\(", source):
            text = argument(source, call.end(), 1)
            for group in re.findall(r'(?:"(?:\\.|[^"\\])*"\s*)+', re.sub(r'^[^"]*\?', "", text)):
                english = "".join(STRING.findall(group)).replace('\\"', '"')
                if len(re.findall("[a-z]{2,}", english)) > 1:
                    yield ("`f`: " if call.group(1) == "refuse" else "") + english, f"{file}:{source[:call.start()].count(chr(10)) + 1}"


def wrong_hooks(hooks):
    lines = [re.compile(re.sub(r"\\\{\d\\\}", "(.+?)", re.escape(english.replace('\\"', '"')))) for english, _ in hooks]
    for english, place in of_hooks():
        filled = [CONVERSION.sub(lambda found: "%" if found.group(1) == "%" else word if found.group(1)[-1] == "s" else "7", english)
                  for word in ("value", "2 values", "the result of the hook")]
        if not any(line.fullmatch(re.sub("^value`", "`", text)) for text in filled for line in lines):
            yield f"{place}: no Chinese text of: {english}"
    for english, chinese in hooks:
        if sorted(re.findall(r"\{\d\}", chinese)) != sorted(re.findall(r"\{\d\}", english)):
            yield f"the places differ: {english}"


def wrong_lines(messages):
    for (english, chinese), (before, _) in zip(messages[1:], messages):
        if english.replace('\\"', '"').replace("\\\\", "\\").encode() <= before.replace('\\"', '"').replace("\\\\", "\\").encode():
            yield f"out of order, or there twice: {english}"
    known = dict(messages)
    for text, place in [*formats(), *passed()]:
        if text and re.search("[a-z]{2}", text) and text not in known:
            yield f"{place}: no Chinese text of: {text}"
    for english, chinese in messages:
        if not set(re.findall(r"\{\d+\}", chinese)) <= set(re.findall(r"\{\d+\}", english)):
            yield f"a place of the Chinese text is not one of the English text: {english}"


def english_sentences(attain):
    for policy in sorted(glob.glob("tests/lang/bad/*.attain")):
        out = subprocess.run([attain, "check", "--lang", "zh", policy], capture_output=True, text=True)
        for line in (out.stdout + out.stderr).splitlines():
            message = re.match(r"\S+: (?:错误|警告|error|warning)\[\w+\](?:: |：)(.*)$|\s+(?:建议|说明|help|note)(?:: |：)(.*)$", line)
            text = re.sub(r'「[^」]*」|"[^"]*"|`[^`]*`', "", (message.group(1) or message.group(2)) if message else "")
            if re.search(r"[a-z]+ [a-z]+ [a-z]+", text):
                yield f"{policy}: {line.strip()}"


def main():
    messages = re.findall(r'MESSAGE\(\s*"((?:\\.|[^"\\])*)",\s*"((?:\\.|[^"\\])*)"\)', re.sub(r"/\*.*?\*/", "", open("src/words/message_zh.def").read(), flags=re.S))
    texts = re.findall(r'TEXT\(\s*"((?:\\.|[^"\\])*)",\s*"((?:\\.|[^"\\])*)"\)', open("src/cli/text_zh.def").read().split("*/", 1)[1])
    hooks = re.findall(r'HOOK\("((?:\\.|[^"\\])*)", "((?:\\.|[^"\\])*)"\)', open("src/words/hook_zh.def").read())
    faults = list(wrong_hooks(hooks)) + list(wrong_lines(messages)) + list(wrong_texts(texts)) + list(english_sentences(sys.argv[1]))
    for fault in faults:
        print(f"FAIL messages: {fault}")
    print(f"{len(messages) + len(texts) + len(hooks)} passed, {len(faults)} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
