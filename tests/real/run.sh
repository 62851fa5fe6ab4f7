#!/bin/sh
# tests/real/run.sh: payouts compared, line by line and byte by byte, with independent computations in Python's fractions.
#
#     sh tests/real/run.sh build/attain
#
# random/: a policy of every mechanic on random data (ATTAIN_SEEDS of them, 12), at one thread and at three.
# bikes, crm, orders: policies on public sales data, which is not part of the project. ATTAIN_DATA names its folder. Default: shared/data next
# to the project's folder. If the data is absent, these tests are skipped with a message.
attain=${1:-build/attain}
here=$(cd "$(dirname "$0")" && pwd)
case $attain in /*) ;; */*) attain=$(pwd)/$attain ;; esac
data=${ATTAIN_DATA:-$here/../../../shared/data}
if ! command -v python3 >/dev/null 2>&1; then
    echo "skipped: the independent calculations need python3"
    echo "0 passed, 0 failed"
    exit 0
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT INT TERM
passed=0
failed=0
verdict() { # verdict STATUS NAME
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
        echo "ok     $2"
    else
        failed=$((failed + 1))
        echo "FAILED $2"
    fi
}
total() { # the sum of the column `amount`, exactly: amounts are the last field but one
    awk -F, 'NR > 1 { a = $(NF - 1); s = a ~ /^-/ ? -1 : 1; gsub(/[-.]/, "", a); n += s * a } END { printf "%d.%02d", n / 100, n % 100 }' "$1"
}
agree() { # agree NAME DATA [OPTION…]: pays NAME.attain on DATA and compares with independent.py
    name=$1 folder=$2
    shift 2
    "$attain" run "$here/$name.attain" --data "$folder" "$@" --format csv >"$work/$name.got" 2>"$work/$name.err" </dev/null
    status=$?
    python3 "$here/independent.py" "$name" "$folder" >"$work/$name.want" || status=9
    [ "$status" -eq 0 ] || cat "$work/$name.err"
    if [ "$status" -eq 0 ] && diff "$work/$name.want" "$work/$name.got" >"$work/diff"; then status=0; else status=1; head -20 "$work/diff"; fi
    verdict "$status" "$name: $(($(wc -l <"$work/$name.want") - 1)) lines, $(total "$work/$name.want") USD, attain says $(total "$work/$name.got") USD"
}

seed=1
mkdir "$work/random"
while [ "$seed" -le "${ATTAIN_SEEDS:-12}" ]; do
    python3 "$here/random/generate.py" "$seed" "$work/random" && python3 "$here/random/independent.py" "$work/random" >"$work/want"
    status=$?
    for threads in 1 3; do
        "$attain" run "$here/random/policy.attain" --data "$work/random" --threads "$threads" --format csv >"$work/got" 2>"$work/err" </dev/null &&
            cmp -s "$work/want" "$work/got" || status=1
    done
    [ "$status" -eq 0 ] || { cat "$work/err"; diff "$work/want" "$work/got" | head -10; }
    verdict "$status" "random data, seed $seed: $(($(wc -l <"$work/want") - 1)) lines, $(total "$work/want") USD"
    seed=$((seed + 1))
done

if [ ! -f "$data/bikes/sales.csv" ] || [ ! -f "$data/crm/sales_pipeline.csv" ]; then
    echo "skipped: tests on public sales data, because it is not in $data"
    echo "  bikes/: AdventureWorks sales in CSV (Microsoft, MIT license): sales, salespeople, targets, territories, products, resellers"
    echo "  crm/: CRM Sales Opportunities (Maven Analytics, public domain): sales_pipeline, sales_teams, products, accounts"
    echo "  Set ATTAIN_DATA to the folder that contains bikes/ and crm/. The policies in tests/real name the columns."
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
fi
data=$(cd "$data" && pwd)

# Managers are names in the file of agents; the list of those who are paid is made from it.
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "manager") c = i; print "manager"; next } !seen[$c]++ { print $c }' \
    "$data/crm/sales_teams.csv" >"$work/managers.csv"

for policy in bikes crm crm-managers; do
    "$attain" check "$here/$policy.attain" >"$work/out" 2>&1 && "$attain" test "$here/$policy.attain" >>"$work/out" 2>&1
    status=$?
    [ "$status" -eq 0 ] || cat "$work/out"
    verdict "$status" "$policy: check and test"
done

agree bikes "$data/bikes"

# A product that is a reference: 1,480 rows name nobody, all are reported, nothing is paid.
"$attain" run "$here/crm-reference.attain" --data "$data/crm" --format csv >"$work/out" 2>"$work/err" </dev/null
status=$?
reported=$(grep -c 'GTXPro' "$work/err")
"$attain" run "$here/crm-reference.attain" --data "$data/crm" --skip-bad-rows="$work/bad.csv" --format csv >/dev/null 2>"$work/err2" </dev/null
[ "$status" -eq 3 ] && [ ! -s "$work/out" ] && grep -Eq '1,?480' "$work/err"
verdict $? "crm-reference: refused with 1,480 rows whose product is nobody ($reported printed)"
[ "$(grep -c ',GTXPro,' "$work/bad.csv" 2>/dev/null)" -eq 1480 ]
verdict $? "crm-reference: --skip-bad-rows writes the 1,480 rows to a file"

agree crm "$data/crm"
agree crm-managers "$data/crm" --data manager="$work/managers.csv"

# Both policies together: agents and managers, one list of payouts.
"$attain" run "$here/crm.attain" "$here/crm-managers.attain" --data "$data/crm" --data manager="$work/managers.csv" --format csv >"$work/both" 2>"$work/err" </dev/null
{ head -1 "$work/crm.want"; { tail -n +2 "$work/crm.want"; tail -n +2 "$work/crm-managers.want"; } | LC_ALL=C sort; } >"$work/want"
{ head -1 "$work/both"; tail -n +2 "$work/both" | LC_ALL=C sort; } >"$work/got"
cmp -s "$work/want" "$work/got" || { cat "$work/err"; diff "$work/want" "$work/got" | head -20; false; }
verdict $? "crm and crm-managers in one run"

# Orders in several currencies. An order names the row of its rate, and a seller the country of a territory: these become columns.
if [ -f "$data/adventureworks/currency_rate.csv" ] && [ -f "$data/adventureworks/sales_order.csv" ]; then
    orders=$data/adventureworks
    awk -F, 'FILENAME ~ /currency_rate/ { code[$1] = $4; next } FNR == 1 { print $0 ",currency"; next }
        { print $0 "," ($8 in code && $8 != "" ? code[$8] : "USD") }' "$orders/currency_rate.csv" "$orders/sales_order.csv" >"$work/orders.csv"
    awk -F, 'FILENAME ~ /sales_territory/ { country[$1] = $3; next } FNR == 1 { print $0 ",currency"; next }
        { c = country[$2]; print $0 "," (c == "CA" ? "CAD" : c == "AU" ? "AUD" : c == "GB" ? "GBP" : c == "DE" || c == "FR" ? "EUR" : $1 == 285 ? "JPY" : "USD") }' \
        "$orders/sales_territory.csv" "$orders/sales_person.csv" >"$work/sellers.csv"
    # Sellers by territory as of the day, with quotas by quarter. The orders outside their territories: as many as awk counts.
    agree territories "$orders"
    "$attain" run "$here/territories.attain" --data "$orders" --measures "$work/shown.csv" --format csv >"$work/out" 2>"$work/err" </dev/null
    shown=$(awk -F, '$3 == "outside" { n += $5 } END { print n + 0 }' "$work/shown.csv")
    counted=$(awk -F, 'FILENAME ~ /history/ { if (FNR > 1) { n[$1]++; t[$1, n[$1]] = $2; a[$1, n[$1]] = $3; b[$1, n[$1]] = $4 == "" ? "9999" : $4 } next }
        FNR > 1 && $9 != "" && $3 >= "2011-06-01" && $3 <= "2014-05-31" {
            home = "none"; for (i = 1; i <= n[$5]; i++) if (a[$5, i] <= $3 && $3 <= b[$5, i]) home = t[$5, i]
            out += home != $6 } END { print out }' "$orders/sales_territory_history.csv" "$orders/sales_order.csv")
    [ "$shown" = "$counted" ]
    verdict $? "territories: $counted orders outside the territory of the day, attain shows $shown"
    agree orders "$orders" --through 2014-Q2 --data sales_order="$work/orders.csv" --data seller="$work/sellers.csv"
else
    echo "skipped: orders in several currencies, because adventureworks/ is not in $data"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
