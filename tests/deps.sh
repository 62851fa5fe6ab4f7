#!/bin/sh
# tests/deps.sh PACKAGE…: installs the Debian packages that are missing, as root or through sudo. Says what it does.
set -eu
command -v dpkg-query > /dev/null || { echo "Not a Debian system: please see that these are installed: $*"; exit 0; }
missing=
for package in "$@"; do
    state=$(dpkg-query -W -f '${Status}' "$package" 2> /dev/null || true)
    [ "$state" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || { echo "== All packages that are needed are installed"; exit 0; }
echo "== Installing:$missing"
run=
[ "$(id -u)" = 0 ] || run=sudo
export DEBIAN_FRONTEND=noninteractive
# A list of packages may be old or absent: fetch it only where the first try fails.
# shellcheck disable=SC2086
$run apt-get install -y -q --no-install-recommends $missing > /dev/null 2>&1 && exit 0
$run apt-get update -q
# shellcheck disable=SC2086
$run apt-get install -y -q --no-install-recommends $missing
