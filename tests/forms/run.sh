#!/bin/sh
# tests/forms/run.sh FUZZ_RUN: every type in every place, and every comparison in every place where a condition can be written: cases.py.
# Each case is checked, paid, explained in all formats and both languages, and proved to add up. It is meant for the build with sanitizers.
set -u
run=${1:?usage: run.sh FUZZ_RUN}
case $run in /*) ;; */*) run=$(pwd)/$run ;; esac
cd "$(dirname "$0")" || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT INT TERM
passed=0 failed=0
for kind in types conditions; do
    python3 cases.py $kind >"$work/$kind" || exit 2
    if AT_FUZZ_LAST=$work/last "$run" 0 1 "$work/$kind" >"$work/out" 2>&1; then
        passed=$((passed + $(grep -c '^=== ' "$work/$kind")))
        tail -n 1 "$work/out"
    else
        failed=$((failed + 1))
        echo "FAILED $kind: $(head -n 1 "$work/last")"
        grep -v '^ *0x\|^=>0x\|^Shadow' "$work/out" | head -n 30
        sed -n '/^--- policy/,/^--- reps/p' "$work/last" | head -n 80
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
