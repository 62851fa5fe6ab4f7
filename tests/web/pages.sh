#!/bin/sh
# tests/web/pages.sh BUILD FOLDER: writes the pages that run.mjs looks at.
set -eu
build=$(cd "$1" && pwd)
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$2"
pages=$(cd "$2" && pwd)
attain=$build/attain
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# The made-up case of 60 people, the same in Chinese, and an edit that divides by zero.
python3 -B "$root/tests/review/generate.py" 1 "$work/case"
cd "$work/case"
"$attain" diff old.attain new.attain --format html --out "$pages/diff.html"
"$attain" diff old.attain new.attain --format html --lang zh --out "$pages/diff-zh.html"
"$attain" diff old.attain zero.attain --format html --out "$pages/diff-withheld.html" || [ $? = 4 ]
"$attain" diff old.attain new.attain --fail-if "total < -3%" --fail-if "any payee < -10%" --fail-if "withheld > 0" --format html \
    --out "$pages/diff-limits.html" 2> limits.err || [ $? = 6 ]
"$attain" diff old.attain old.attain --format html --out "$pages/diff-same.html"

# Other pages, which share the style sheet.
sales=$root/rules/field-sales
"$attain" statement "$sales/policy.attain" --data "$sales/data" --payee ana --out "$pages/statement.html"
"$attain" curve "$sales/policy.attain" --data "$sales/data" --vary bookings --format html --out "$pages/curve.html"
"$attain" teamwork "$sales/policy.attain" --data "$sales/data" --vary bookings --format html --out "$pages/teamwork.html"
"$attain" model "$sales/policy.attain" --data "$sales/data" --format html --out "$pages/model.html"
"$attain" game "$root/rules/gamed/policy.attain" --data "$root/rules/gamed/data" --format html --out "$pages/game.html"
"$attain" fairness "$root/rules/fair/policy.attain" --data "$root/rules/fair/data" --group-by gender --format html --out "$pages/fairness.html"
