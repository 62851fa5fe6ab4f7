#!/bin/sh
# tests/run.sh BUILD quick|sanitised|covered|valgrind: every test that is not Criterion's: the program run as its users run it.
#
# Each group prints its own `N passed, N failed`; this prints a line a group and fails if one did.
set -u
build=$(cd "$1" && pwd) mode=$2
cd "$(dirname "$0")/.." || exit 1
attain=$build/attain
failed=
group() {
    name=$1
    shift
    log=$build/test-$name.log
    start=$(date +%s)
    if "$@" > "$log" 2>&1; then
        printf '  %-12s %s (%ss)\n' "$name" "$(tail -n 1 "$log")" $(($(date +%s) - start))
    else
        printf '  %-12s FAILED\n' "$name"
        tail -n 40 "$log" | sed 's/^/    /'
        failed="$failed $name"
    fi
}
has() { [ -e "$1" ]; }

echo "== Tests of the program ($mode)"
case $mode in
quick)
    group layers make -s BUILD="$build" layers
    has tests/symbols.sh && group symbols sh tests/symbols.sh "$build"
    group names sh tests/names.sh "$build"
    group memory "$build/memory" src/attain.h quick
    group memory-small "$build/memory-small" src/attain.h
    group oracle make -s BUILD="$build" oracle
    group conformance sh tests/conformance/run.sh "$attain"
    group rules sh tests/rules.sh "$attain"
    group golden sh tests/golden/run.sh "$attain"
    group real sh tests/real/run.sh "$attain"
    group explain sh tests/explain/run.sh "$attain"
    group messages python3 -B tests/messages.py "$attain"
    group docs python3 -B tests/docs/check.py "$attain"
    group embed sh tests/embed/run.sh "$build"
    group writers sh tests/hostile/writers.sh
    group hostile python3 -B tests/hostile/hostile.py "$attain"
    group hooks python3 -B tests/hooks/run.py "$attain"
    group terminal python3 -B tests/terminal/run.py "$attain"
    group interrupt python3 tests/interrupt/run.py "$attain"
    group cancel make -s BUILD="$build" cancel
    group growth python3 -B tests/bench/growth.py "$attain" --small
    group diff-fuzz python3 tests/diff-fuzz/edit.py "$attain"
    group diff-parts python3 -B tests/diff-fuzz/parts.py "$attain"
    group ci python3 -B tests/ci/run.py "$attain"
    group review python3 -B tests/review/check.py "$attain"
    for page in tests/browser/*.sh; do
        has "$page" && group "$(basename "$page" .sh)-page" sh "$page" "$build"
    done
    ;;
sanitised)
    group memory-small "$build/memory-small" src/attain.h quick
    group conformance sh tests/conformance/run.sh "$attain"
    group rules sh tests/rules.sh "$attain"
    group golden sh tests/golden/run.sh "$attain"
    group every sh tests/explain/every.sh "$attain"
    group forms sh tests/forms/run.sh "$build/fuzz_run"
    ;;
covered)
    group conformance sh tests/conformance/run.sh "$attain"
    group rules sh tests/rules.sh "$attain"
    group golden sh tests/golden/run.sh "$attain"
    group real sh tests/real/run.sh "$attain"
    ;;
valgrind)
    cat > "$build/attain-valgrind" <<EOF
#!/bin/sh
exec valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect "$attain" "\$@"
EOF
    chmod +x "$build/attain-valgrind"
    group conformance sh tests/conformance/run.sh "$build/attain-valgrind"
    group rules sh tests/rules.sh "$build/attain-valgrind"
    ;;
esac
[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }
