#!/bin/sh
# tests/layers.sh CC FLAGS: proves that no room of src includes one above it, and prints who includes whom.
#
# Levels are written here once. Rooms of one level never include each other.
set -eu
cc=$1 flags=$2
cd "$(dirname "$0")/.."
# The union of a value is read through the accessors of plan/value.h, which check its form.
if grep -nE '(\.|->)bits\b' src/*/*.[ch] | grep -v '^src/plan/value\.h:'; then
    echo "the union of a value is used outside plan/value.h"
    exit 1
fi
{
    for source in src/*/*.c src/*/*.h; do
        # shellcheck disable=SC2086
        $cc $flags -MM -x c "$source" | tr -d '\\' | tr ' ' '\n' | sed -n "s|^src/\(.*\)|$source \1|p"
    done
} | awk '
BEGIN {
    n = split("base:0 diag:1 syntax:2 data:2 check:3 fmt:3 plan:4 eval:5 lua:6 report:7 api:8 cli:9", list, " ")
    for (i = 1; i <= n; i++) { split(list[i], pair, ":"); level[pair[1]] = pair[2]; room_at[i] = pair[1] }
    # What a room may use besides those that lie below it is nothing; some may use less.
    only["cli"] = "attain.h"
    bare["data"] = "base diag"; bare["lua"] = "base diag eval plan check syntax"
}
{
    split($1, a, "/"); from = a[2]
    if ($2 == "attain.h") next
    split($2, b, "/"); to = b[1]
    if (from == to) next
    if (!(from in level) || !(to in level)) { print $1 ": includes " $2 ": no room of the house"; bad++; next }
    if (level[to] >= level[from] || only[from] != "" || (from in bare && index(" " bare[from] " ", " " to " ") == 0)) {
        key = $1 " " $2
        if (!(key in said)) { print $1 ": must not include " $2; bad++; said[key] = 1 }
    }
    arrow[from " " to] = 1
}
END {
    for (i = n; i >= 1; i--) {
        line = ""
        for (j = n; j >= 1; j--) if ((room_at[i] " " room_at[j]) in arrow) line = line " " room_at[j]
        printf "  %d  %-7s <-%s\n", level[room_at[i]], room_at[i], line == "" ? " nothing" : line
    }
    if (bad) { print bad " arrows point up"; exit 1 }
    print "no arrow points up"
}'
