#!/bin/sh
# tests/ci/review.sh: reviews a change of a policy in CI, on GitHub, GitLab, or any other host, and in a checkout of depth 1.
#
# Checks the policy, runs its tests, checks its format, and compares it with the version on the branch that it is to be merged
# into. change.md and change.html have the difference. The policy is checked even if a step before it failed, and the exit
# status is that of the first step that failed: 0, or as of `attain diff`, such as 6 if a limit is exceeded.
#
#   ATTAIN_POLICY   the file of the policy (required)
#   ATTAIN_BASE     the branch with the approved version (required)
#   ATTAIN_DATA     a folder of data; default: that of the policy
#   ATTAIN_LIMITS   limits of --fail-if, one on each line
#   ATTAIN_OUT      the folder for change.md and change.html; default: .
#   ATTAIN_SUMMARY  a file to which change.md is added; default: none
set -u
: "${ATTAIN_POLICY:?the file of the policy}" "${ATTAIN_BASE:?the branch with the approved version}"
out=${ATTAIN_OUT:-.}
first=0
step() {
    "$@"
    status=$?
    [ "$first" != 0 ] || first=$status
    return "$status"
}

step attain check -- "$ATTAIN_POLICY" || exit "$first"
step attain test -- "$ATTAIN_POLICY"
step attain fmt --check -- "$ATTAIN_POLICY"

# A checkout of depth 1 has only the new version, so the other branch is fetched, also with depth 1.
step git fetch --quiet --no-tags --depth 1 origin "$ATTAIN_BASE" || exit "$first"
base=$(git rev-parse FETCH_HEAD) || exit 1
if ! git cat-file -e "$base:./$ATTAIN_POLICY" 2> /dev/null; then
    echo "$ATTAIN_POLICY is new: the branch $ATTAIN_BASE does not have it, so nothing is compared."
    exit "$first"
fi

set -- --git "$base" --no-tests --attribution
[ -z "${ATTAIN_DATA:-}" ] || set -- "$@" --data "$ATTAIN_DATA"
mkdir -p "$out" || exit 1
while IFS= read -r limit; do
    [ -z "$limit" ] || set -- "$@" --fail-if "$limit"
done << LIMITS
${ATTAIN_LIMITS:-}
LIMITS
step attain diff "$@" --format md --out "$out/change.md" -- "$ATTAIN_POLICY"
# The page shows the same limits, and has nothing more to report.
attain diff "$@" --format html --out "$out/change.html" -- "$ATTAIN_POLICY" 2> /dev/null
[ -z "${ATTAIN_SUMMARY:-}" ] || [ ! -f "$out/change.md" ] || cat "$out/change.md" >> "$ATTAIN_SUMMARY"
exit "$first"
