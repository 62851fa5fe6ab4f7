#!/bin/sh
# rules/field-sales/demo.sh ATTAIN: what `make demo` shows: the sample policy checked, its tests run, and its payouts.
attain=${1:-build/attain}
here=$(cd "$(dirname "$0")" && pwd)
policy=$here/policy.attain
case $here in "$(pwd)"/*) policy=${policy#"$(pwd)"/} ;; esac
data=$(dirname "$policy")/data

step() { printf '\n== %s\n   $ %s\n\n' "$1" "$2"; }

step "The policy: 10% up to quota, 15% over it, a kicker, a team pool, a cap" "cat $policy"
sed -n '/^pay commission/,/^cap/p' "$policy"

step "Is it a policy? Types, units, rates, rules that can never apply" "$attain check $policy"
"$attain" check "$policy" || exit 1

step "The examples that stand in the policy itself" "$attain test $policy"
"$attain" test "$policy" || exit 1

step "Payouts: 8 reps in 3 teams, 60 deals, exact to the cent" "$attain run $policy --data $data"
"$attain" run "$policy" --data "$data" || exit 1

step "The same for a payroll system (the first lines)" "$attain run $policy --data $data --format csv"
"$attain" run "$policy" --data "$data" --format csv | head -n 8

mistakes=tests/docs/mistakes.attain
if [ -f "$mistakes" ]; then
    step "And a policy with two mistakes" "$attain check $mistakes"
    "$attain" check "$mistakes" 2>&1
fi
printf '\nMore plans: rules/*/README.md. The language: grammar/REFERENCE.md.\n'
