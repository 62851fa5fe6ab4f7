"""tests/hostile/texts.py: hostile texts, and how each must be shown, from the Unicode database of Python.

`seen` does not follow Attain's code: it asks `unicodedata` for the category of each character.
"""
import re
import unicodedata

TEXTS = {
    # terminals
    "color": "a\x1b[31mred\x1b[0m",
    "title": "a\x1b]0;owned\x07b",
    "cursor": "a\x1b[2J\x1b[1;1Hb",
    "c1 csi": "a\x9b31mb\x85c\x90d",
    "delete": "a\x7fb\x08\x08c",
    "return": "good\rbad",
    "line feed": "one\ntwo",
    "tab": "one\ttwo\x0b\x0cthree",
    "right to left override": "a\u202e00.000,1\u202cb",
    "embeddings": "\u202aa\u202bb\u202dc",
    "isolates": "\u2066a\u2067b\u2068c\u2069",
    "bidi marks": "a\u200e\u200f\u061cb",
    "zero width": "a\u200b\u200c\u200db\u2060c",
    "byte order mark": "a\ufeffb",
    "invisible operators": "a\u2061\u2062\u2063\u2064b\u206a\u206f",
    "soft hyphen": "a\u00adb\u034fc\u180ed",
    "separators": "a\u2028b\u2029c",
    "tags": "a\U000e0001\U000e0041\U000e007fb",
    "variation selectors": "a\ufe0fb\ufe00c\U000e0100d",
    "private": "a\ue000b\U000f0000c\U0010fffdd",
    "noncharacters": "a\ufdd0b\uffffc\U0001fffed",
    "fillers": "a\u3164b\u115fc\uffa0d",
    "annotation": "a\ufff9b\ufffac\ufffbd",
    "marks": "a" + "\u0301" * 40 + "b",
    "mark first": "\u0338a",
    "joiner before space": "\u0645\u200c x",
    # Markdown, and the sites that show it
    "mention": "@octocat and @org/team",
    "mention in brackets": "(@octocat) x@octocat",
    "references": "#1 GH-1 gh-22 rust-lang/rust#3 a#4",
    "GitLab references": "!1 ~bug %2 &3 ^alert#4 $5 ~\"two words\"",
    "commit": "deadbeef0123 0123456789abcdef0123456789abcdef01234567",
    "address": "https://evil.example/a?b=c&d=e",
    "address in words": "see http://evil.example, ftp://evil.example/x.",
    "www": "www.evil.example/x WWW.evil.example",
    "mail": "a.b@evil.example mailto:c@evil.example xmpp:d@evil.example",
    "autolink": "<https://evil.example> <a@evil.example>",
    "link": "[click](https://evil.example) [x](javascript:alert(1))",
    "reference link": "[a]: https://evil.example [a][b] [b]",
    "image": "![p](https://evil.example/p.png \"t\")",
    "footnote": "a[^1] [^1]: note",
    "emphasis": "*a* _b_ **c** __d__ ~~e~~ ~f~ a*b*c",
    "code": "`a` ``b`` `c",
    "fence": "```sh rm -rf ~ ```",
    "tildes": "~~~ x",
    "pipes": "a|b||c|",
    "escapes": "a\\|b \\`c \\\\d \\*e \\",
    "emoji": ":smile: :+1: 10:30:45",
    "formula": "$x^2$ $$y$$ $`z`$ a$b$ $1$",
    "task": "- [ ] todo",
    "heading": "# heading ##",
    "number": "12. item",
    "number in parenthesis": "3) item",
    "quote": "> quoted",
    "rule": "---",
    "plus": "+ item",
    "setext": "===",
    "html comment": "a<!-- b --> c --!> d",
    "spaces": "a  b   c",
    # HTML
    "script": "<script>alert(1)</script>",
    "image tag": "<img src=x onerror=\"alert(1)\">",
    "closing tags": "</td></tr></table></title></style></pre></code>",
    "attribute": "\" onmouseover=\"alert(1)\" x='",
    "attribute with '": "' onmouseover='alert(1)' x=\"",
    "entities": "&amp; &lt;b&gt; &#64;name &#x40;name &nbsp &copy",
    "cdata": "<![CDATA[x]]> <?php ?>",
    "style": "</style><style>*{display:none}",
    "script address": "javascript:alert(1)",
    # spreadsheets
    "formula =": "=1+cmd|' /C calc'!A0",
    "formula +": "+1+1",
    "formula -": "-2+3",
    "formula @": "@SUM(1)",
    "formula wide": "\uff1d1+1",
    "formula wide +": "\uff0b1",
    "formula wide -": "\uff0d1",
    "formula wide @": "\uff20SUM(1)",
    "formula hidden": "\u200b=1+1",
    "commas": "a,b;c\"d\"\"e",
    "quote first": "\"a\" b",
    # programs
    "tap": "x # SKIP y \\# TODO",
    "tap line": "1..0 # skip all",
    "dot": "a\\nb\\\" ]; x [label=\"y",
    "json": "\",\"x\":1,\"y\":\"\\u0041",
    "format": "%s %n %.*s %%",
    "shell": "$(id) ${x} `id` ; rm",
    "path": "../../etc/passwd",
    "long": "long " * 60 + "end",
    "long word": "w" * 300,
    # what must stay as it is
    "Hebrew": "\u05d3\u05d5\u05d3 \u05db\u05d4\u05df",
    "Hebrew and a number": "\u05d3\u05d5\u05d3 5 \u05db\u05d4\u05df 1,000.00",
    "Arabic": "\u0645\u062d\u0645\u062f \u0639\u0644\u064a",
    "Arabic digits": "\u0661\u0662 \u2192 \u0663\u0664",
    "Persian": "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
    "Hindi": "\u0915\u094d\u200d\u0937 \u0905\u0928\u0940\u0924\u093e",
    "Chinese": "\u738b\u82b3\uff08\u534e\u4e1c\uff09",
    "Vietnamese": "Nguye\u0302\u0303n Ti\u00eang",
    "emoji sign": "\U0001f600 ok",
}

# The letters between which a joiner changes the shape.
JOINED = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u07ff\u08a0-\u08c9\u0904-\u0dff]")
IGNORABLE = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
SHAPED = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"


def hides(c):
    """A character that must never be shown as it is."""
    kind = unicodedata.category(c)
    code = ord(c)
    if kind in ("Cc", "Co", "Cs", "Zl", "Zp") or c in IGNORABLE:
        return True
    if kind == "Cf":
        return c not in SHAPED
    if 0xFE00 <= code <= 0xFE0F or 0xE0000 <= code <= 0xE0FFF or c == "\ufffc":
        return True
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def is_mark(c):
    return unicodedata.category(c) in ("Mn", "Me")


def joins(text, i):
    return (text[i] in "\u200c\u200d" and 0 < i < len(text) - 1
            and JOINED.match(text[i - 1]) and JOINED.match(text[i + 1]))


def seen(text):
    """How a person must see the text."""
    out = []
    marks = None  # how many marks the last character has; None: there is no character
    for i, c in enumerate(text):
        if is_mark(c) and not hides(c):
            marks = None if marks is None else marks + 1
            out.append("\\u{%X}" % ord(c) if marks is None or marks > 8 else c)
            continue
        if ord(c) < 0x20 or ord(c) == 0x7F:
            out.append(chr(0x2421 if ord(c) == 0x7F else 0x2400 + ord(c)))
        elif hides(c) and not joins(text, i):
            out.append("\\u{%X}" % ord(c))
        else:
            out.append(c)
        marks = 0
    return "".join(out)


def unsafe(text, allowed="\n"):
    """The characters of an output that must not be in it."""
    return sorted({"U+%04X" % ord(c) for i, c in enumerate(text)
                   if c not in allowed and hides(c) and not joins(text, i)})


def columns(text):
    """The columns of a terminal that a visible text takes."""
    width = 0
    for c in text:
        if is_mark(c) or c in "\u200c\u200d":
            continue
        width += 2 if unicodedata.east_asian_width(c) in "WF" else 1
    return width
