#!/bin/sh
# tests/explain/every.sh ATTAIN: explains every conformance case and every example policy in both languages, and writes their commission
# statements. Nothing may crash, and everything that is shown must add up. It is meant for the build with sanitizers.
set -u
attain=${1:?usage: every.sh ATTAIN}
case $attain in /*) ;; */*) attain=$(pwd)/$attain ;; esac
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT INT TERM
passed=0 failed=0
ends_well() { # ends_well ARGUMENTS…: status 0, or 4 where something is withheld
    "$attain" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    if [ "$status" -eq 0 ] || [ "$status" -eq 4 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED attain $* (exit status $status)"
        head -n 20 "$work/err" | sed 's/^/    /'
    fi
}
explains() { # explains DATA POLICY…
    data=$1
    shift
    ends_well explain "$@" --data "$data"
    ends_well explain "$@" --data "$data" --all --format json --lang zh
    ends_well explain "$@" --data "$data" --all --verify
    ends_well statement "$@" --data "$data" --out "$work/pages/"
    rm -rf "$work/pages"
}
for folder in tests/conformance/*/; do
    grep -q '^# status: *[1-35-9]' "$folder/policy.attain" || explains "$folder" "$folder/policy.attain"
done
for folder in rules/*/ rules/hooks/*/; do
    [ -d "${folder}data" ] && explains "${folder}data" "$folder"*.attain
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
