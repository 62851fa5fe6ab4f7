#!/bin/sh
# tests/bench/extra-hooks.sh ATTAIN PROGRAMS WORK RUNS: what a call of a function in Lua costs: a plan with one call a deal, one with
# one call a cell, and the same plan without. Calls per second = calls / (time with - time without), of medians of user time (other
# programs on the machine do not count in it), on one thread.
#
# All three must pay the same.
set -eu
attain=$1 programs=$2 work=$3 runs=$4
here=$(cd "$(dirname "$0")" && pwd)
deals=$(($(wc -l < "$work/data/deals.csv") - 1))
cells=$((($(wc -l < "$work/data/reps.csv") - 1) * 12))
run() { echo "$attain run $here/extra-hooks-$1.attain --data $work/data --format csv --threads ${2:-1}"; }
both() { # what measure says of two commands
    "$programs/measure" "$runs" "$1 > /dev/null" "$2 > /dev/null"
}

$(run none) > "$work/none.csv"
for plan in deal cell; do
    $(run $plan) > "$work/hooks.csv"
    cmp "$work/none.csv" "$work/hooks.csv" || { echo "hooks: the payouts with and without differ"; exit 1; }
    $(run $plan 4) > "$work/hooks.csv"
    cmp "$work/none.csv" "$work/hooks.csv" || { echo "hooks: the payouts of one and of four threads differ"; exit 1; }
done
for plan in deal cell; do
    calls=$deals
    [ $plan = cell ] && calls=$cells
    line=$(both "$(run $plan)" "$(run none)")
    printf 'a hook per %s / none:          %s\n' "$plan" "$line"
    echo "$line" | tr -c '0-9.\n' ' ' | awk -v calls="$calls" -v plan="$plan" '{
        with = $1; without = $2 # the first two figures of measure: user time
        if (with > without) printf "    %d calls, one a %s: %.2f million a second\n", calls, plan, calls / (with - without) / 1e6
        else printf "    %d calls, one a %s: too few to measure\n", calls, plan
    }'
done
