#!/bin/sh
# tests/docs/run.sh: what the documents say is done, and must come out.
#
#     sh tests/docs/run.sh build/attain
#
# - grammar/REFERENCE.md: every ```attain block is checked, and its tests are run; one that is no whole policy continues the policy that
#   stands under the mark "the examples continue this policy". The generated tables are up to date.
# - README.md, rules/hooks/README.md: the commands of every ```sh block are run in a copy of the project and print the ```text block that follows, if one does;
#   `make …` only has to be a target. `<!-- exit status 1 -->` above a block says that it must fail like that, and its messages count as
#   printed. Every ```attain block is checked, or is found in the file it is from. Every ```c block is compiled against src/attain.h and run.
# - rules/: each folder's payouts are its expected.csv, worked out by hand.
attain=${1:-build/attain}
case $attain in /*) ;; *) attain=$(pwd)/$attain ;; esac
build=$(dirname "$attain")
cd "$(dirname "$0")/../.." || exit 2
here=$(pwd)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT INT TERM
passed=0
failed=0
ok() { passed=$((passed + 1)); }
no() { # no TITLE [FILE…]: the files are shown
    failed=$((failed + 1))
    echo "FAILED $1"
    shift
    for shown in "$@"; do sed 's/^/    /' "$shown"; done
}
take() { # take FILE.md FOLDER
    mkdir "$2" && awk -v out="$2" -f tests/docs/blocks.awk "$1"
}
holds() { # holds TITLE POLICY: checks it and runs its tests
    if "$attain" check "$2" >"$work/out" 2>&1 && "$attain" test "$2" >>"$work/out" 2>&1; then ok; else no "$1" "$work/out"; fi
}

# ---- the reference
take grammar/REFERENCE.md "$work/reference"
base=
while read -r n language line mark; do
    [ "$language" = attain ] || continue
    block=$work/reference/$n.attain
    if [ "$mark" = "the examples continue this policy" ]; then base=$block; fi
    if ! grep -q '^policy ' "$block"; then
        cat "$base" "$block" >"$work/example-$n.attain"
        block=$work/example-$n.attain
    fi
    holds "grammar/REFERENCE.md:$line: the example" "$block"
done <"$work/reference/list"
if sh tests/docs/gen-reference.sh --check >"$work/out" 2>&1; then ok; else no "grammar/REFERENCE.md: the generated tables" "$work/out"; fi
grep -o 'A[01][0-9][0-9][0-9]' grammar/REFERENCE.md README.md | sed 's/.*://' | sort -u >"$work/named"
sed -n 's/^AT_DIAG(\(A[0-9]*\),.*/\1/p' src/diag/diagnostics.def | sort -u >"$work/known"
comm -23 "$work/named" "$work/known" >"$work/out"
if [ ! -s "$work/out" ]; then ok; else no "diagnostics that the documents name and nobody gives" "$work/out"; fi

# ---- the first page
copy=$work/copy
mkdir -p "$copy/build"
cp -R Makefile README.md rules stdlib grammar tests src "$copy/" 2>/dev/null
ln -s "$attain" "$copy/build/attain"
[ -f "$build/libattain.a" ] && ln -s "$build/libattain.a" "$copy/build/libattain.a"
for page in README.md rules/hooks/README.md; do
    blocks=$work/blocks-$(basename "$(dirname "$page")")
    take "$page" "$blocks"
    last=
    while read -r n language line mark; do
        block=$blocks/$n.$language
        title="$page:$line"
        case $language in
        sh)
            : >"$work/printed"
            failing=
            case $mark in "exit status "*) ;; *) mark="exit status 0" ;; esac
            while IFS= read -r command; do
                case $command in
                '' | '#'*) continue ;;
                make*) # shellcheck disable=SC2086
                    (cd "$copy" && make -n ${command#make} >/dev/null 2>"$work/err") || failing=$command ;;
                *)
                    (cd "$copy" && PATH="$copy/build:$PATH" sh -c "$command" </dev/null >>"$work/printed" 2>"$work/err")
                    [ $? -eq "${mark#exit status }" ] 2>/dev/null || failing=$command
                    ;;
                esac
            done <"$block"
            [ "$mark" = "exit status 0" ] || cat "$work/err" >>"$work/printed"
            last=$title
            if [ -n "$failing" ]; then no "$title: $failing" "$work/err"; else ok; fi
            ;;
        text)
            if [ -n "$last" ]; then
                if diff -u "$block" "$work/printed" >"$work/diff"; then ok; else no "$title: other output than shown" "$work/diff"; fi
            fi
            last=
            ;;
        attain)
            case $mark in
            "from "*) # an excerpt: its lines stand together in that file
                if awk 'NR == FNR { want = want $0 "\n"; next } { text = text $0 "\n" } END { exit index(text, want) == 0 }' \
                    "$block" "${mark#from }"; then ok; else no "$title: not in ${mark#from } as it is shown"; fi
                ;;
            *) holds "$title: the policy" "$block" ;;
            esac
            ;;
        c)
            libs="-llua5.4 -lgmp -lm -pthread"
            if grep -q __gcov "$build/libattain.a" 2>/dev/null; then libs="$libs --coverage"; fi # a library built for `make coverage`
            if [ ! -f "$build/libattain.a" ]; then
                no "$title: $build/libattain.a is missing"
            elif # shellcheck disable=SC2086
                ${CC:-cc} -std=c99 -Wall -Wextra -Werror -Isrc -o "$work/embed" "$block" "$build/libattain.a" $libs \
                >"$work/out" 2>&1 && (cd "$copy" && "$work/embed") >"$work/printed" 2>"$work/out"; then
                ok
            else
                no "$title: the program in C" "$work/out"
            fi
            last=$title
            ;;
        *) last= ;;
        esac
    done <"$blocks/list"
done

# ---- the rules
for folder in rules/*/ rules/hooks/*/; do
    folder=${folder%/}
    [ "$folder" = rules/hooks ] && continue # holds folders of its own
    [ -f "$folder/expected.csv" ] || { no "$folder: no expected.csv"; continue; }
    "$attain" run "$folder"/*.attain --data "$folder/data" --format csv >"$work/out" 2>"$work/err" </dev/null
    if diff -u "$folder/expected.csv" "$work/out" >"$work/diff"; then ok; else no "$folder: other payouts than worked out by hand" "$work/diff" "$work/err"; fi
    [ "$(wc -l <"$folder/README.md")" -le 8 ] || no "$folder/README.md: longer than five lines"
    # The command that the README gives is the one that works.
    command=$(sed -n 's/.*`attain \(run [^`]*\)`.*/\1/p' "$folder/README.md")
    if [ -n "$command" ] && eval "\"\$attain\" $command" >"$work/out" 2>&1 </dev/null; then ok; else no "$folder/README.md: attain $command" "$work/out"; fi
done

cd "$here" || exit 2
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
