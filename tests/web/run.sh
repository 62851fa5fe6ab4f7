#!/bin/sh
# tests/web/run.sh BUILD [PAGE…]: HTML pages in Chromium at the widths of a phone, a tablet, and a desk, in light and dark mode.
#
# axe-core finds no violation, nothing is wider than the screen, and the keyboard reaches everything. Pictures are kept in
# BUILD/screens/web-*.png. The packages are installed in BUILD/web, never in the source. Skipped where node or Chromium is
# missing, or where the packages can neither be found nor be downloaded.
set -eu
build=$(cd "${1:?usage: run.sh BUILD [PAGE…]}" && pwd)
shift
here=$(cd "$(dirname "$0")" && pwd)
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
skip() { echo "pages in a browser: skipped, $1"; exit 0; }
command -v node > /dev/null || skip "there is no node here"
command -v npm > /dev/null || skip "there is no npm here"
[ -n "$chromium" ] || skip "there is no chromium here"
mkdir -p "$build/web" "$build/screens"
if ! cmp -s "$here/package-lock.json" "$build/web/installed"; then
    rm -rf "$build/web/node_modules" "$build/web/installed"
    cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$build/web/"
    (cd "$build/web" && timeout 300 npm ci --ignore-scripts --no-audit --no-fund > npm.log 2>&1) ||
        skip "npm cannot install playwright-core and axe-core (see $build/web/npm.log)"
    cp "$here/package-lock.json" "$build/web/installed"
fi
cp "$here"/*.mjs "$build/web/"
rm -rf "$build/web/pages"
sh "$here/pages.sh" "$build" "$build/web/pages"
ATTAIN_CHROMIUM=$chromium exec node "$build/web/run.mjs" "$build/web/pages" "$build/screens" "$@"
