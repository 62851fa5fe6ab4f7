#!/bin/sh
# tests/browser/reports.sh BUILD: the pages of curve, model, game, teamwork, and fairness in a real browser (Chromium, headless): no
# reference to outside, no script, and no page is wider than a telephone, a tablet, or a screen. Pictures stay in BUILD/screens.
# Where there is no Chromium the test is skipped, and says so.
set -u
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.." || exit 2
browser=
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && browser=$name && break
done
if [ -z "$browser" ]; then
    echo "skipped: there is no Chromium here (Debian: apt-get install chromium)"
    echo "0 passed, 0 failed"
    exit 0
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT INT TERM
screens=$build/screens
mkdir -p "$screens"
passed=0 failed=0
ok() { # ok TITLE STATUS
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $1"
    fi
}
tries=0
chrome() { # chrome ARGUMENTS URL: a browser of its own, without a network
    tries=$((tries + 1))
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu --disable-background-networking --disable-dev-shm-usage \
        --disable-component-update --no-first-run --hide-scrollbars --proxy-server=127.0.0.1:9 \
        --user-data-dir="$work/profile-$tries" "$@" 2>"$work/browser.log"
}

# ---- the pages: of samples, and of payees and deals with long and hostile names
report() { # report NAME COMMAND ARGUMENTS
    name=$1
    shift
    "$build/attain" "$@" --format html --out "$work/$name.html"
    ok "$name is written" $?
}
sales="rules/field-sales/policy.attain --data rules/field-sales/data"
report curve curve $sales --vary bookings
report model model $sales --by team
report game game $sales
report teamwork teamwork $sales --vary bookings
report fairness fairness rules/fair/policy.attain --data rules/fair/data
cat >"$work/odd.attain" <<'EOT'
policy "Odd"
  effective from 2026-01-01 to 2026-12-31
  currency  USD
  period    quarter

payee rep from "odd-reps.csv" { id text key  name text label  team text  quota money  hired date }
data deal from "odd-deals.csv" { id text key  rep rep  amount money  closed_on date }
credit booking from deal to rep on closed_on amount deal.amount
measure bookings = sum of amount from booking

pay commission_with_a_long_name_that_no_line_of_a_telephone_holds = 10% of bookings when bookings >= rep.quota
EOT
long=an-identifier-of-a-customer-relationship-system-without-a-place-to-break
{
    echo id,name,team,quota,hired
    for i in 1 2 3 4 5 6; do echo "$long-$i,<script>alert($i)</script>,\"<b>שלום $long\",100$i,20$((i + 10))-02-03"; done
} >"$work/odd-reps.csv"
{
    echo id,rep,amount,closed_on
    for i in 1 2 3 4 5 6; do echo "<i>$long-$i,$long-$i,99$i,2026-01-0$i"; done
    for i in 1 2 3; do echo "second-$i,$long-$i,40,2026-04-0$i"; done
} >"$work/odd-deals.csv"
report odd-curve curve "$work/odd.attain" --data "$work" --vary bookings
report odd-model model "$work/odd.attain" "$work/odd.attain" --data "$work" --by team
report odd-game game "$work/odd.attain" --data "$work"
report odd-teamwork teamwork "$work/odd.attain" --data "$work"
report odd-fairness fairness "$work/odd.attain" --data "$work" --group-by team --group-by hired

# ---- nothing from outside, nothing that runs, and the width
for page in "$work"/*.html; do
    ! grep -Eiq 'https?:|<script|<link|<iframe|<i>|<b>|@import|url\(|src=|javascript:' "$page"
    ok "$(basename "$page"): no reference to outside, no script" $?
    ! grep '<svg' "$page" | grep -Evq 'aria-(label|hidden)='
    ok "$(basename "$page"): each drawing has a text, or is hidden from readers" $?
done
# A browser window has at least 500 pixels. A copy of the page in a frame measures itself.
fits() { # fits NAME WIDTH
    sed 's|</body>|<script>parent.postMessage(document.documentElement.scrollWidth <= innerWidth ? "fits" : "too wide", "*")</script></body>|' \
        "$work/$1.html" >"$work/measured.htm"
    cat >"$work/frame.htm" <<EOT
<!doctype html><title>nothing</title><body style="margin:0"><script>onmessage = function (e) { document.title = e.data; };</script>
<iframe src="measured.htm" style="width:$2px;height:900px;border:0"></iframe></body>
EOT
    chrome --window-size=1600,900 --virtual-time-budget=3000 --dump-dom "file://$work/frame.htm" >"$work/dom"
    grep -q '<title>fits</title>' "$work/dom"
    ok "$1: fits a width of $2" $?
}
for name in curve model game teamwork fairness; do
    for width in 390 768 1440; do
        fits "$name" "$width"
    done
    fits "odd-$name" 390
    chrome --window-size=1440,1800 --screenshot="$screens/report-$name.png" "file://$work/$name.html" >/dev/null
    [ -s "$screens/report-$name.png" ]
    ok "$name: a picture" $?
done

[ "$failed" -eq 0 ] || sed 's/^/    /' "$work/browser.log" | tail -5
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
