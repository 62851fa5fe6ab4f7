#!/bin/sh
# tests/docs/gen-reference.sh: the tables of grammar/REFERENCE.md that are made from the lists in src/.
#
#     sh tests/docs/gen-reference.sh            writes them into the file
#     sh tests/docs/gen-reference.sh --check    says whether they are up to date; status 1 and a diff where they are not
#
# A table stands between `<!-- generated from FILE -->` and `<!-- end of generated -->`; FILE decides how it is made.
cd "$(dirname "$0")/../.." || exit 2
reference=grammar/REFERENCE.md

# Each list is a file of lines MACRO(WORD, …, "text", …): awk takes the arguments apart, quotes and all.
table() {
    LC_ALL=C awk -v list="$1" '
    function arguments(line,    i, c, quoted, n) {
        split("", arg); n = 1; arg[1] = ""; quoted = 0
        for (i = 1; i <= length(line); i++) {
            c = substr(line, i, 1)
            if (quoted && c == "\\") { i++; c = substr(line, i, 1); arg[n] = arg[n] c }
            else if (c == "\"") quoted = !quoted
            else if (!quoted && c == ",") arg[++n] = ""
            else if (!quoted && c == ")") return n
            else if (quoted || c != " ") arg[n] = arg[n] c
        }
        return n
    }
    function cell(text) { gsub(/\|/, "\\|", text); return text }
    BEGIN {
        if (list ~ /builtins/)    { macro = "AT_BUILTIN"; print "| function | gives |"; print "|---|---|" }
        if (list ~ /keywords/)    { macro = "AT_KEYWORD"; print "| word | reserved | meaning |"; print "|---|---|---|" }
        if (list ~ /diagnostics/) { macro = "AT_DIAG";    print "| code | | what | and what to do |"; print "|---|---|---|---|" }
        if (list ~ /currencies/)  { macro = "CURRENCY" }
        reserved["OPENS"] = "opens a statement"; reserved["JOINS"] = "joins"; reserved["SOFT"] = "no"; reserved["ATTR"] = "no"
    }
    index($0, macro "(") == 1 {
        n = arguments(substr($0, length(macro) + 2))
        if (macro == "AT_BUILTIN") printf "| `%s` | %s |\n", cell(arg[3]), cell(arg[4])
        if (macro == "AT_KEYWORD") printf "| `%s` | %s | %s |\n", arg[2], reserved[arg[3]], cell(arg[4])
        if (macro == "AT_DIAG")    printf "| %s | %s | %s | %s |\n", arg[1], tolower(arg[2]), cell(arg[3]), cell(arg[4])
    }' "$1"
}

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT INT TERM
generating=
while IFS= read -r line; do
    case $line in
    "<!-- generated from "*)
        printf '%s\n' "$line"
        list=${line#"<!-- generated from "}
        list=${list%" -->"}
        [ -f "$list" ] || { echo "gen-reference: $list is missing" >&2; exit 2; }
        table "$list"
        generating=yes
        ;;
    "<!-- end of generated -->")
        printf '%s\n' "$line"
        generating=
        ;;
    *) [ -n "$generating" ] || printf '%s\n' "$line" ;;
    esac
done <"$reference" >"$work/new" || exit 2

if [ "${1:-}" = --check ]; then
    diff -u "$reference" "$work/new" && exit 0
    echo "The tables of $reference are out of date: run sh tests/docs/gen-reference.sh"
    exit 1
fi
cmp -s "$reference" "$work/new" || cp "$work/new" "$reference"
