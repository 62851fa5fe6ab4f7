#!/bin/sh
# tests/deps.sh PACKAGE…: installs the Debian packages that are missing, as root or through sudo, and says what it does.
# Without root and sudo, prints the command for an administrator and fails.
set -eu
command -v dpkg-query > /dev/null || { echo "Not a Debian system. Please install: $*"; exit 0; }
missing=
for package in "$@"; do
    state=$(dpkg-query -W -f '${Status}' "$package" 2> /dev/null || true)
    [ "$state" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || { echo "== All packages that are needed are installed"; exit 0; }
run=
if [ "$(id -u)" != 0 ]; then
    # A password can be typed on a terminal only.
    if command -v sudo > /dev/null && { [ -t 0 ] || sudo -n true 2> /dev/null; }; then
        run=sudo
    else
        echo "Packages are missing, and only an administrator can install them:"
        echo
        echo "    apt-get update && apt-get install -y --no-install-recommends$missing"
        echo
        exit 1
    fi
fi
echo "== Installing:$missing"
# A sudo that asks for a password, and whose user may not use it, ends here with the same command to read.
fail() {
    echo "The packages could not be installed. As an administrator, run:"
    echo
    echo "    apt-get update && apt-get install -y --no-install-recommends$missing"
    exit 1
}
# A list of packages may be old or absent: fetch it only if the first try fails.
# shellcheck disable=SC2086
$run env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing > /dev/null 2>&1 && exit 0
$run apt-get update -q || fail
# shellcheck disable=SC2086
$run env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing || fail
