#!/bin/sh
# tests/bench/run.sh ATTAIN PROGRAMS ROWS PAYEES: the speed of attain beside hand-written programs for the same plans.
#
# PROGRAMS is the folder of generate, measure, and the programs twin_…. The outputs must be the same, byte for byte, before
# anything is timed. With 1,000,000 rows, a tenth of the promise on memory is measured as well: ten times the rows. The ratios
# of version 0.1 are those that were measured with it. BASE is an older program to time in the same run.
set -eu
attain=$1 programs=$2 rows=$3 payees=$4
here=$(cd "$(dirname "$0")" && pwd)
runs=${RUNS:-7}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

echo "generating $rows deals for $payees payees"
mkdir "$work/data"
"$programs/generate" "$work/data" "$rows" "$payees"

mkdir "$work/years"
"$programs/generate" years "$work/years" "$rows" "$payees"

before() { case $1 in tiers) echo 0.92 ;; matrix) echo 0.66 ;; *) echo none ;; esac; }
for plan in tiers matrix years; do
    data=$work/data
    [ "$plan" = years ] && data=$work/years
    ours="$attain run $here/$plan.attain --data $data --format csv --threads 1"
    twin="$programs/twin_$plan $data"
    $ours > "$work/ours.csv"
    $twin > "$work/twin.csv"
    cmp "$work/ours.csv" "$work/twin.csv" || { echo "$plan: the payouts differ from the hand-written program's"; exit 1; }
    echo "$plan: $(wc -l < "$work/ours.csv") lines, the same as the hand-written program's"
    printf '  one thread / hand-written:   '
    "$programs/measure" "$runs" "$ours > /dev/null" "$twin > /dev/null"
    echo "  the same with version 0.1, user time: $(before "$plan")"
    if [ -n "${BASE:-}" ]; then
        printf '  one thread / BASE:           '
        "$programs/measure" "$runs" "$ours > /dev/null" "$BASE run $here/$plan.attain --data $data --format csv --threads 1 > /dev/null"
    fi
    printf '  one thread / two threads:    '
    "$programs/measure" "$runs" "$ours > /dev/null" "$attain run $here/$plan.attain --data $data --format csv --threads 2 > /dev/null"
done

if [ "${TENFOLD:-1}" = 1 ]; then
    mkdir "$work/tenfold"
    "$programs/generate" "$work/tenfold" $((rows * 10)) "$payees"
    printf 'tiers, ten times the rows / the rows: '
    "$programs/measure" 1 "$attain run $here/tiers.attain --data $work/tenfold --format csv --threads 1 > /dev/null" \
        "$attain run $here/tiers.attain --data $work/data --format csv --threads 1 > /dev/null"
fi
for extra in "$here"/extra-*.sh; do
    [ -e "$extra" ] && sh "$extra" "$attain" "$programs" "$work" "$runs"
done
