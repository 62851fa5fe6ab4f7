#!/bin/sh
# tests/coverage.sh BUILD: lines of src reached, by room, from gcov's figures; fails under 85 in a hundred.
set -eu
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
find "$build/obj" -name '*.gcda' -path '*/obj/[!t]*' | while read -r data; do
    gcov -n -o "$(dirname "$data")" "$data" 2> /dev/null
done | awk -v least=85 '
/^File / { file = $0; gsub(/File |\047/, "", file); next }
/^Lines executed:/ && file ~ /^src\// {
    line = $0; sub(/Lines executed:/, "", line); split(line, part, "% of ")
    if (file in lines && part[1] * part[2] <= hit[file]) { file = ""; next }
    lines[file] = part[2]; hit[file] = part[1] * part[2]; file = ""
}
END {
    for (f in lines) { split(f, p, "/"); all[p[2]] += lines[f]; got[p[2]] += hit[f]; n += lines[f]; h += hit[f] }
    for (room in all) printf "  %-8s %5.1f%% of %d lines\n", room, got[room] / all[room], all[room]
    printf "lines of src reached: %.1f%% of %d\n", h / n, n
    if (h / n < least) exit 1
}'
