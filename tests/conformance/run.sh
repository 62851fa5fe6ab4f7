#!/bin/sh
# tests/conformance/run.sh: runs every case of this folder with the program given, and compares the payouts.
#
#     sh tests/conformance/run.sh build/attain [CASE…]
#
# A case is a folder: policy.attain, data as *.csv, expected.csv. The program is asked for
#     attain run CASE/policy.attain --data CASE --format csv
# and must write expected.csv, byte for byte, with exit status 0, or the one that a line `# status: N` of the policy names.
attain=${1:-build/attain}
[ $# -gt 0 ] && shift
here=$(cd "$(dirname "$0")" && pwd)
case $attain in /*) ;; */*) attain=$(pwd)/$attain ;; esac
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT INT TERM
passed=0
failed=0
cd "$here" || exit 2
[ $# -gt 0 ] || set -- */
for case in "$@"; do
    case=${case%/}
    [ -f "$case/policy.attain" ] || continue
    want=$(sed -n 's/^# status: *//p' "$case/policy.attain")
    "$attain" run "$case/policy.attain" --data "$case" --format csv >"$work/out" 2>"$work/err"
    got=$?
    if [ "$got" -eq "${want:-0}" ] && diff -u "$case/expected.csv" "$work/out" >"$work/diff"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $case (exit status $got, expected ${want:-0}); again: sh tests/conformance/run.sh $attain $case"
        cat "$work/diff" 2>/dev/null
        cat "$work/err"
        : >"$work/diff"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
