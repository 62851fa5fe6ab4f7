#!/bin/sh
# tests/browser/diff.sh BUILD: the page of a diff in a real browser: its script sorts and filters without an error, it refers to
# nothing outside, texts of data stay texts. Screenshots are kept in BUILD/screens/. Skipped where there is no Chromium.
set -eu
build=$(cd "${1:?usage: diff.sh BUILD}" && pwd)
attain=$build/attain
here=$(cd "$(dirname "$0")" && pwd)
rules=$here/../../rules/field-sales
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$chromium" ] || { echo "diff in a browser: skipped, there is no chromium here"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
mkdir -p "$build/screens"
failed=0

browse() {
    profile=$(mktemp -d "$work/profile.XXXXXX")
    timeout 120 "$chromium" --headless --no-sandbox --disable-gpu --disable-background-networking --hide-scrollbars \
        --user-data-dir="$profile" "$@" 2> "$work/browser.err"
    rm -rf "$profile"
}
check() { # NAME, then a command that must succeed
    name=$1
    shift
    "$@" > /dev/null 2>&1 && return
    echo "FAILED $name"
    failed=$((failed + 1))
}
holds_none() { ! grep -Eq "$1" "$2"; }
says() { grep -qF "$1" "$2"; }

sed -e 's/version   2/version   3/' -e 's/15% over quota/16% over quota/' -e 's/^cap commission.*/cap commission at $35,000/' \
    -e 's/attainment >= 120%/attainment >= 110%/' -e 's/= 2% split/= 1.5% split/' "$rules/policy.attain" > "$work/new.attain"
cp -R "$rules/data" "$work/data"
printf '%s\n' '<script>document.title="run"</script>,"</td><img src=x onerror=""document.title=1"">",=cmd()' >> "$work/data/reps.csv"
# The payee's key goes into a deal as well, so that it is paid something.
printf '%s\n' '<script>document.title="run"</script>,2026-Q1,1000' >> "$work/data/quotas.csv"
head -1 "$work/data/deals.csv" | grep -q '^id,rep,product,amount,closed_on,stage' &&
    printf '%s\n' 'x1,<script>document.title="run"</script>,core,5000,2026-02-02,won' >> "$work/data/deals.csv"
"$attain" diff "$rules/policy.attain" "$work/new.attain" --data "$work/data" --format html --out "$work/diff.html"

check "no reference to anything outside" holds_none '(src|href|action|data|poster|url|import)[[:space:]]*[=(][[:space:]]*["'\'']?(https?:)?//' "$work/diff.html"
check "no address at all" holds_none 'https?://|@import|<link|<iframe' "$work/diff.html"
check "one script, its own" [ "$(grep -c '<script>' "$work/diff.html")" = 1 ]
check "no image out of data" holds_none '<img' "$work/diff.html"

# The same page, with a script behind its own that uses it as a reader would and writes down what it sees.
cat > "$work/probe.js" <<'PROBE'
<script>
(function () {
  var told = [];
  window.onerror = function (message) { told.push('error ' + message); };
  var table = document.getElementById('payee-table');
  function keys() {
    return Array.from(table.tBodies).filter(function (b) { return !b.hidden; })
      .map(function (b) { return (b.querySelector('th small') || b.querySelector('th')).textContent.slice(0, 5); }).join(' ');
  }
  function click(index) { table.tHead.rows[0].cells[index].querySelector('button').click(); }
  told.push('shown ' + table.tBodies.length);
  click(0); told.push('by name ' + keys());
  click(0); told.push('by name back ' + keys());
  click(1); told.push('by change ' + keys());
  var find = document.getElementById('find'), show = document.getElementById('show');
  find.value = 'HANA'; find.dispatchEvent(new Event('input')); told.push('found ' + keys() + ' ' + document.getElementById('count').textContent);
  find.value = ''; find.dispatchEvent(new Event('input'));
  show.value = 'up'; show.dispatchEvent(new Event('change')); told.push('more ' + keys());
  show.value = ''; show.dispatchEvent(new Event('change'));
  Array.from(table.tBodies).forEach(function (b, i) { b.dataset.old = '900719925474099200' + i; b.dataset.new = '0'; });
  var first = table.tBodies[0]; click(4); click(4);
  told.push('exact ' + Array.from(table.tBodies).map(function (b) { return b.dataset.old.slice(-1); }).join('') + (first === table.tBodies[0]));
  told.push('details ' + document.querySelectorAll('details').length);
  told.push('title ' + document.title);
  told.push('wide ' + (document.documentElement.scrollWidth > document.documentElement.clientWidth ? 'too' : 'fits'));
  var out = document.createElement('pre');
  out.id = 'told';
  out.textContent = told.join('\n');
  document.body.appendChild(out);
})();
</script>
PROBE
sed "/^<\/body>/{
r $work/probe.js
}" "$work/diff.html" > "$work/probe.html"
browse --window-size=1200,900 --dump-dom "file://$work/probe.html" > "$work/dom.html"
sed -n '/<pre id="told">/,/<\/pre>/p' "$work/dom.html" > "$work/told"
check "the script has run" says 'shown 9' "$work/told"
check "sorted by key" says 'by name &lt;scri ana ben chloe dev emma farid gus hana' "$work/told"
check "and back" says 'by name back hana gus farid emma dev chloe ben ana &lt;scri' "$work/told"
check "sorted by change" says 'by change hana &lt;scri chloe farid emma ben ana dev gus' "$work/told"
check "amounts are compared exactly" says 'exact 012345678true' "$work/told"
check "nothing failed" holds_none 'error' "$work/told"
check "who gets more" says 'more hana &lt;scri' "$work/told"
check "found" says 'found hana 1 of 9' "$work/told"
check "the title is the page's own" says 'title Field sales: version 2' "$work/told"
check "fits a screen" says 'wide fits' "$work/told"
cat "$work/told" > "$build/screens/diff.txt"

browse --window-size=1200,2600 --screenshot="$build/screens/diff.png" "file://$work/diff.html" > /dev/null
browse --window-size=1200,2600 --force-dark-mode --blink-settings=preferredColorScheme=0 --screenshot="$build/screens/diff-dark.png" \
    "file://$work/diff.html" > /dev/null
sed 's/<details>/<details open>/' "$work/diff.html" > "$work/open.html"
browse --window-size=500,3600 --screenshot="$build/screens/diff-phone.png" "file://$work/open.html" > /dev/null
browse --print-to-pdf="$build/screens/diff.pdf" --no-pdf-header-footer "file://$work/diff.html" > /dev/null
for picture in diff.png diff-dark.png diff-phone.png diff.pdf; do
    check "screens/$picture" [ -s "$build/screens/$picture" ]
done
[ "$failed" = 0 ] || { sed 's/^/    /' "$work/told"; echo "    again: sh tests/browser/diff.sh $build"; exit 1; }
echo "diff in a browser: sorts, filters, shows data as text; screenshots in $build/screens/"
