#!/bin/sh
# tests/hostile/writers.sh: no text of data, of a policy, or of the command line goes around the writer of its medium.
#
# In the library, such a text is an at_str (a view with a length), and what the code says itself is a const char *. So the
# bytes of an at_str go out through these writers only: at_sink_visible (terminal), at_html_* (write/html.h), at_md_*
# (write/md.h), at_sink_json, and at_sink_csv. In the program, text is printed by say() and complain().
set -u
cd "$(dirname "$0")/../.." || exit 2
passed=0 failed=0
# rule TITLE LINES: each line that is left is a way around a writer.
rule() {
    if [ -z "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED %s\n%s\n' "$1" "$2"
    fi
}
library=$(find src -name '*.c' ! -path 'src/cli/*' ! -path 'src/base/sink.c' ! -path 'src/base/visible.c' ! -path 'src/fmt/*' \
    ! -path 'src/write/html.c' ! -path 'src/write/md.c')
# grid.c prints cells that at_visible has made; the prefix of write_csv.c is made of CSV fields.
rule "at_sink_str prints a text as it is" "$(grep -n 'at_sink_str(' $library |
    grep -v -e '^src/write/grid.c:.*at_sink_str(out, text);' -e '^src/write/csv.c:.*at_sink_str(csv->sink, csv->prefix);')"
rule "at_sink_printf prints a text as it is" "$(for file in $library; do
    tr '\n' ' ' < "$file" | grep -o 'at_sink_printf([^;]*' | grep -e 'AT_STR_ARG' -e '[.]p\b' | sed "s|^|$file: |"
done)"
# put_label of dump.c escapes what at_visible has made, byte by byte.
rule "at_sink_put or at_sink_z prints a part of a text as it is" "$(grep -nE 'at_sink_(put|z)\(.*\.p\b' $library |
    grep -v '^src/plan/dump.c:.*at_sink_put(out, &text.p\[i\], 1);')"
program=$(ls src/cli/*.c | grep -v -e help.c -e common.c)
rule "the program prints a text as it is" "$(grep -nE '\b(printf|fprintf|vprintf|vfprintf|fputs|puts)\(' $program |
    grep -E '%[-0-9]*(\.\*)?s|(puts)\([^"]*[,)]|,[^"]*argv' | grep -vE 'fputs\([a-z>.-]+ \? "|snprintf' |
    grep -v '^src/cli/term.c:.*\\r\\033\[K')"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
