#!/bin/sh
# tests/layers.sh CC FLAGS: proves that a module of src includes only what src/modules.txt allows, and prints the modules
# with what each of them uses.
set -eu
cc=$1 flags=$2
cd "$(dirname "$0")/.."
# The union of a value is read through the accessors of plan/value.h, which check its form.
if grep -nE '(\.|->)bits\b' src/*/*.[ch] | grep -v '^src/plan/value\.h:'; then
    echo "the union of a value is used outside plan/value.h"
    exit 1
fi
{
    grep -v '^#' src/modules.txt | sed 's/^/module|/'
    for source in src/*/*.c src/*/*.h; do
        # shellcheck disable=SC2086
        $cc $flags -MM -x c "$source" | tr -d '\\' | tr ' ' '\n' | sed -n "s|^src/\(.*\)|$source \1|p"
    done
} | awk '
function trim(s) { gsub(/^ +| +$/, "", s); return s }
/^module\|/ {
    split($0, part, "|")
    name[++n] = trim(part[2]); may[name[n]] = " " trim(part[3]) " "; what[name[n]] = trim(part[4])
    next
}
{
    split($1, a, "/"); from = a[2]
    split($2, b, "/"); to = b[1]
    if (from == to) next
    if (!(from in may)) { print $1 ": is in no module of src/modules.txt"; bad++; next }
    if (to == "attain.h") { if (from != "cli" && from != "api") next }
    else uses[from " " to] = 1
    if (to != "attain.h" && index(may[from], " " to " ") == 0 || from == "cli" && to != "attain.h") {
        key = $1 " " $2
        if (!(key in said)) { print $1 ": must not include " $2; bad++; said[key] = 1 }
    }
}
END {
    for (i = n; i >= 1; i--) {
        line = ""
        for (j = n; j >= 1; j--) if ((name[i] " " name[j]) in uses) line = line " " name[j]
        printf "  %-8s %s\n  %-8s uses%s\n", name[i], what[name[i]], "", line == "" ? " nothing" : line
    }
    if (bad) { print bad " includes are not allowed"; exit 1 }
    print "each module includes only what it may"
}'
