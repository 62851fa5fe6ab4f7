#!/bin/sh
# tests/stdlib/run.sh: the tests of the standard library.
#
#     sh tests/stdlib/run.sh build/attain
#
# A file of stdlib/ holds functions only, so that using it brings no policy and no tests along. Its tests stand here, in a small
# policy of the same name that uses the file as any policy would, `use "std/NAME"`, and pays its results.
attain=${1:-build/attain}
here=$(cd "$(dirname "$0")" && pwd)
passed=0
failed=0
for file in "$here"/../../stdlib/*.attain; do
    name=$(basename "$file")
    if [ ! -f "$here/$name" ]; then
        echo "FAILED $name: no tests in tests/stdlib/$name"
        failed=$((failed + 1))
    elif out=$("$attain" check "$here/$name" 2>&1 && "$attain" test "$here/$name" 2>&1); then
        passed=$((passed + 1))
    else
        echo "FAILED $name; again: attain test tests/stdlib/$name"
        echo "$out"
        failed=$((failed + 1))
    fi
done
# A call of a function without its `use` is told the file, from a list.
for function in $(sed -n 's/^function \([a-z_0-9]*\)(.*/\1/p' "$here"/../../stdlib/*.attain); do
    file=$(basename "$(grep -l "^function $function(" "$here"/../../stdlib/*.attain)" .attain)
    if grep -q "{\"$function\", \"$file\"}" "$here/../../src/check/habit.c"; then
        passed=$((passed + 1))
    else
        echo "FAILED $function of std/$file is not in the list of src/check/habit.c"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
