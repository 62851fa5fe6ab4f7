#!/bin/sh
# tests/explain/run.sh ATTAIN: what explanations show adds up to what is paid, for every payee and period of every example policy, of
# random data that meet every mechanic, and of the real data where they are (see tests/real/run.sh).
#
# Each sum of each explanation is added up anew and compared, and so are the lines of the run (attain explain --verify).
attain=${1:-build/attain}
case $attain in /*) ;; */*) attain=$(pwd)/$attain ;; esac
cd "$(dirname "$0")/../.." || exit 2
data=${ATTAIN_DATA:-$(pwd)/../shared/data}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT INT TERM
passed=0 failed=0 cells=0
holds() { # holds NAME ARGUMENTS…
    name=$1
    shift
    "$attain" explain "$@" --verify >"$work/out" 2>"$work/err" </dev/null
    status=$?
    n=$(sed -n 's/^\([0-9]*\) checked, 0 that do not add up$/\1/p' "$work/out")
    if { [ "$status" -eq 0 ] || [ "$status" -eq 4 ]; } && [ "${n:-0}" -gt 0 ]; then
        passed=$((passed + 1))
        cells=$((cells + n))
    else
        failed=$((failed + 1))
        echo "FAILED $name (exit status $status)"
        head -10 "$work/out" "$work/err" | sed 's/^/    /'
    fi
}
for folder in rules/*/ rules/hooks/*/; do
    [ -d "${folder}data" ] || continue
    holds "$folder" "$folder"*.attain --data "${folder}data"
    holds "$folder, every deal" "$folder"*.attain --data "${folder}data" --all
done
if command -v python3 >/dev/null 2>&1; then
    mkdir "$work/random"
    for seed in 1 2 3 4 5 6 7 8; do
        python3 tests/real/random/generate.py "$seed" "$work/random"
        holds "random data, seed $seed" tests/real/random/policy.attain --data "$work/random"
    done
else
    echo "skipped: random data, for python3 is missing"
fi
if [ -f "$data/bikes/sales.csv" ] && [ -f "$data/crm/sales_pipeline.csv" ]; then
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "manager") c = i; print "manager"; next } !seen[$c]++ { print $c }' \
        "$data/crm/sales_teams.csv" >"$work/managers.csv"
    holds bikes tests/real/bikes.attain --data "$data/bikes"
    holds crm tests/real/crm.attain --data "$data/crm"
    holds "crm, managers" tests/real/crm-managers.attain --data "$data/crm" --data manager="$work/managers.csv"
else
    echo "skipped: real data, for there is none in $data (set ATTAIN_DATA)"
fi
echo "$cells payees and periods add up"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
