#!/bin/sh
# tests/names.sh BUILD: a name tells its module: every function that the archive exports, and every tag that a header declares,
# begins with at_ and the module, or with one of the nouns that src/modules.txt gives to the module.
set -u
build=$1
cd "$(dirname "$0")/.." || exit 1
{
    grep -v '^#' src/modules.txt | sed 's/^/module|/'
    for source in src/*/*.c; do
        object=$build/obj/${source#src/}
        object=${object%.c}.o
        module=$(basename "$(dirname "$source")")
        nm -g --defined-only "$object" 2>/dev/null | awk -v m="$module" '$2 ~ /[TDRB]/ { print m, $3 }'
    done
    for header in src/*/*.h; do
        module=$(basename "$(dirname "$header")")
        grep -hoE '^(typedef )?(struct|enum|union) at_[a-z0-9_]+ *\{' "$header" | awk -v m="$module" '{ gsub(/[{ ]*$/, ""); print m, $NF }'
    done
} | awk '
function trim(s) { gsub(/^ +| +$/, "", s); return s }
/^module\|/ { split($0, part, "|"); nouns[trim(part[2])] = trim(part[2]) " " trim(part[5]); next }
$2 ~ /^(attain_|main$|__asan|__odr_asan|__gcov|__ubsan|\.)/ || !($1 in nouns) || $1 == "cli" { next }
{
    n = split(nouns[$1], noun, " "); good = 0
    for (i = 1; i <= n; i++) if ($2 == "at_" noun[i] || index($2, "at_" noun[i] "_") == 1) good = 1
    checked++
    if (!good) { print "FAILED " $1 ": " $2; failed++ }
}
END { printf "%d passed, %d failed\n", checked - failed, failed; exit failed > 0 || checked < 100 }'
