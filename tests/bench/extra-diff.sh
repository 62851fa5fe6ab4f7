#!/bin/sh
# tests/bench/extra-diff.sh ATTAIN PROGRAMS WORK RUNS: what comparing two versions costs, beside one run: a diff no more than 2.2
# times, with what each of six edits caused no more than 6 times. User time counts, since other programs on the machine do not show in it.
#
# Old and new of the diff must be what runs of the two versions pay.
set -eu
attain=$1 programs=$2 work=$3 runs=$4
here=$(cd "$(dirname "$0")" && pwd)
sed -f "$here/extra-diff-new.sed" "$here/tiers.attain" > "$work/tiers-new.attain"
threads="--data $work/data --format csv --threads 1"
run="$attain run $here/tiers.attain $threads"
diff="$attain diff $here/tiers.attain $work/tiers-new.attain $threads"

edits=$("$attain" diff "$here/tiers.attain" "$work/tiers-new.attain" --data "$work/data" --format json | grep -c '"subject"')
[ "$edits" = 6 ] || { echo "diff: the new version has $edits edits, not 6"; exit 1; }
for version in "$here/tiers.attain" "$work/tiers-new.attain"; do
    "$attain" run "$version" --data "$work/data" --format csv
    echo version
done | awk -F, 'BEGIN { v = 0 } /^version/ { v++; next } $1 != "payee" { key = $1 "," $2 "," $3; all[key]; sub(/\./, "", $5); pay[v, key] += $5 }
    END { for (key in all) if (pay[0, key] != pay[1, key]) print key "," pay[0, key] + 0 "," pay[1, key] + 0 }' | sort > "$work/want.csv"
$diff | awk -F, 'NR > 1 { sub(/\./, "", $4); sub(/\./, "", $5); print $1 "," $2 "," $3 "," $4 + 0 "," $5 + 0 }' | sort > "$work/got.csv"
cmp "$work/want.csv" "$work/got.csv" || { echo "diff: it shows something else than what the two versions pay"; exit 1; }

printf 'diff / one run (promise: 2.2):       '
"$programs/measure" "$runs" "$diff > /dev/null" "$run > /dev/null"
printf 'diff, six edits / one run (6):       '
"$programs/measure" "$runs" "$diff --attribution > /dev/null" "$run > /dev/null"
