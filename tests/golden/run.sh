#!/bin/sh
# tests/golden/run.sh ATTAIN [CASE…]            compares what the program prints with what is kept
# tests/golden/run.sh ATTAIN --bless CASE…      shows the difference, and keeps what was printed
#
# A case is a folder COMMAND/NAME with these files; all but cmd may be missing:
#     cmd            shell commands, run in a copy of the folder with `attain` on the PATH
#     out, err       standard output and standard error (missing: empty)
#     status         exit status (missing: 0)
#     make-input.sh  makes large input before cmd runs
#     why            what the case shows, and where its figures come from
# A failing case prints its difference and the command that repeats it alone.
set -u
attain=${1:?usage: run.sh ATTAIN [--bless] [CASE…]}
shift
case $attain in /*) ;; *) attain=$(pwd)/$attain ;; esac
bless=
[ "${1:-}" = --bless ] && bless=yes && shift
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" && ln -s "$attain" "$work/bin/attain"
PATH=$work/bin:$PATH
LC_ALL=C.UTF-8 TERM=dumb
export PATH LC_ALL TERM
unset NO_COLOR COLUMNS
passed=0 failed=0

if [ $# -eq 0 ]; then
    set -- "$here"/*/*/
    [ -n "$bless" ] && { echo "say which cases to bless"; exit 2; }
fi
for folder; do
    [ -f "$folder/cmd" ] || folder=$here/$folder
    [ -f "$folder/cmd" ] || { echo "no case $folder"; failed=$((failed + 1)); continue; }
    folder=$(cd "$folder" && pwd)
    name=${folder#"$here"/}
    rm -rf "$work/case" "$work/kept"
    cp -R "$folder" "$work/case"
    mkdir "$work/kept"
    for file in out err status; do
        [ -f "$folder/$file" ] && cp "$folder/$file" "$work/kept/$file"
        [ -f "$work/kept/$file" ] || : > "$work/kept/$file"
        rm -f "$work/case/$file"
    done
    [ -s "$work/kept/status" ] || echo 0 > "$work/kept/status"
    (cd "$work/case" && { [ ! -f make-input.sh ] || sh make-input.sh; }) || echo "make-input.sh failed in $name"
    mkdir -p "$work/new"
    (cd "$work/case" && timeout 120 sh cmd) > "$work/new/out" 2> "$work/new/err" < /dev/null
    echo $? > "$work/new/status"
    if diff -ru "$work/kept" "$work/new" > "$work/diff"; then
        passed=$((passed + 1))
        continue
    fi
    if [ -n "$bless" ]; then
        echo "== $name"
        cat "$work/diff"
        for file in out err status; do
            rm -f "$folder/$file"
            [ ! -s "$work/new/$file" ] || cp "$work/new/$file" "$folder/$file"
        done
        grep -qx 0 "$folder/status" && rm -f "$folder/status"
        passed=$((passed + 1))
        continue
    fi
    failed=$((failed + 1))
    echo "FAILED $name"
    sed 's/^/    /' "$work/diff" | head -n 60
    echo "    again: sh tests/golden/run.sh $attain $name"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
