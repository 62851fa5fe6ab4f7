#!/bin/sh
# tests/rules.sh ATTAIN: every example policy and every test of the standard library: checked without a warning, its tests passed, its data paid.
set -u
attain=$1
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0
try() { # title, then the command; quiet unless it fails
    title=$1
    shift
    if out=$("$@" 2>&1); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s\n%s\n' "$title" "$out"
    fi
}
for policy in rules/*/*.attain rules/hooks/*/*.attain tests/stdlib/*.attain; do
    [ -e "$policy" ] || continue
    try "$attain check $policy" "$attain" check "$policy"
    try "$attain fmt --check $policy" "$attain" fmt --check "$policy"
    try "$attain test $policy" "$attain" test "$policy"
done
for folder in rules/*/ rules/hooks/*/; do
    [ -d "$folder/data" ] || continue
    try "$attain run $folder*.attain --data ${folder}data" "$attain" run "$folder"*.attain --data "${folder}data" --format csv
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
