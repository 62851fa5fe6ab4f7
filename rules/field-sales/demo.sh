#!/bin/sh
# rules/field-sales/demo.sh ATTAIN: checks, tests, and runs the sample policy. `make demo` calls it.
attain=${1:-build/attain}
here=$(cd "$(dirname "$0")" && pwd)
policy=$here/policy.attain
case $here in "$(pwd)"/*) policy=${policy#"$(pwd)"/} ;; esac
data=$(dirname "$policy")/data

step() { printf '\n== %s\n   $ %s\n\n' "$1" "$2"; }

step "The policy: 10% up to quota, 15% above it, a kicker, a team pool, and a cap" "cat $policy"
sed -n '/^pay commission/,/^cap/p' "$policy"

step "Check the policy: names, types, rates, and rules that never apply" "$attain check $policy"
"$attain" check "$policy" || exit 1

step "Run the tests in the policy" "$attain test $policy"
"$attain" test "$policy" || exit 1

step "Calculate the payouts of 8 reps with 60 deals" "$attain run $policy --data $data"
"$attain" run "$policy" --data "$data" || exit 1

step "Write the payouts as CSV for a payroll system (the first lines)" "$attain run $policy --data $data --format csv"
"$attain" run "$policy" --data "$data" --format csv | head -n 8

mistakes=tests/docs/mistakes.attain
if [ -f "$mistakes" ]; then
    step "Check a policy with two errors" "$attain check $mistakes"
    "$attain" check "$mistakes" 2>&1
fi
printf '\nMore plans: rules/*/README.md. Your first plan: rules/tutorial/README.md.\n'
