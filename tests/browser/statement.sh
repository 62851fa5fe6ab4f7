#!/bin/sh
# tests/browser/statement.sh BUILD: statements in a real browser (Chromium, headless): what it makes of a page, on a telephone, a
# screen and paper. Pictures stay in BUILD/screens. Where there is no Chromium the test is skipped, and says so.
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
ok() { # ok TITLE: by the status of the command before it
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
shot() { # shot NAME WIDTH HEIGHT PAGE
    chrome --window-size="$2,$3" --screenshot="$screens/$1.png" "file://$4" >/dev/null
    [ -s "$screens/$1.png" ]
    ok "$1: a picture" $?
}

# ---- the pages of the sample, and of payees whose names are HTML
"$build/attain" statement rules/field-sales/policy.attain --data rules/field-sales/data --out "$work/pages/" &&
    "$build/attain" statement rules/zh-sales/policy.attain --data rules/zh-sales/data --lang zh --payee w01 --out "$work/zh.html"
ok "statements are written" $?
(cd tests/golden/statement/folder && "$build/attain" statement plan.attain --data . --out "$work/odd/")
ok "statements of odd names are written" $?
odd=$(echo "$work"/odd/_._up-*.html) # of the key ../up

# ---- nothing from outside, nothing that runs
for page in "$work"/pages/*.html "$work"/odd/*.html "$work/zh.html"; do
    ! grep -Eiq 'https?:|//[a-z]|<script|<link|<iframe|@import|url\(|src=|javascript:| on[a-z]+=' "$page"
    ok "$(basename "$page"): no reference to outside, no script" $?
done

# ---- what the browser makes of them
chrome --dump-dom "file://$odd" >"$work/dom"
grep -q '<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>' "$work/dom"
ok "a payee called <script> is text" $?
! grep -q '<script' "$work/dom"
ok "no script element in the page" $?
chrome --dump-dom "file://$work/odd/index.html" >"$work/dom"
[ "$(grep -c '<a href=' "$work/dom")" -eq 3 ]
ok "the index lists three payees" $?
python3 - "$work/odd" <<'EOF'
import os, re, sys, urllib.parse
links = re.findall('href="([^"]*)"', open(sys.argv[1] + '/index.html', encoding='utf-8').read())
sys.exit(not links or not all(os.path.isfile(os.path.join(sys.argv[1], urllib.parse.unquote(link))) for link in links))
EOF
ok "the index's links lead to files" $?

# A copy of a page that measures itself.
fits() { # fits TITLE WIDTH PAGE
    sed 's|</body>|<script>document.title = document.documentElement.scrollWidth <= innerWidth ? "fits" : "too wide"</script></body>|; s|<details>|<details open>|g' \
        "$3" >"$work/measured.html"
    chrome --window-size="$2,900" --dump-dom "file://$work/measured.html" >"$work/dom"
    grep -q '<title>fits</title>' "$work/dom"
    ok "$1: fits a width of $2" $?
}
for width in 320 390 1200; do
    fits "ana" "$width" "$work/pages/ana.html"
    fits "odd" "$width" "$odd"
    fits "zh" "$width" "$work/zh.html"
done

# ---- pictures, and paper
shot statement-phone 390 2400 "$work/pages/ben.html"
shot statement-desktop 1200 1600 "$work/pages/ben.html"
shot statement-zh-phone 390 1500 "$work/zh.html"
shot statement-index 900 700 "$work/pages/index.html"
chrome --print-to-pdf="$screens/statement.pdf" --no-pdf-header-footer "file://$work/pages/ben.html" >/dev/null
[ -s "$screens/statement.pdf" ]
ok "a page on paper" $?

[ "$failed" -eq 0 ] || sed 's/^/    /' "$work/browser.log" | tail -5
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
