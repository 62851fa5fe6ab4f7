#!/bin/sh
# api/embed.sh FOLDER: the files of a folder as C source on standard output: the table that api/stdlib.h declares.
# Plain sh, od and awk. Works on an empty folder, and on folders within it.
set -eu
export LC_ALL=C
folder=$1
printf '/* Made by src/api/embed.sh from %s/. */\n#include "api/stdlib.h"\n' "$(basename "$folder")"
files=$(cd "$folder" && find . -type f \( -name '*.attain' -o -name '*.lua' \) | sed 's,^\./,,' | sort)
n=0
table=
for file in $files; do
    printf '\nstatic const unsigned char FILE_%d[] = {\n' "$n"
    od -An -v -tu1 "$folder/$file" | awk '{ gsub(/^ +| +$/, ""); gsub(/ +/, ","); if ($0 != "") print "    " $0 "," }'
    printf '    0};\n'
    table="$table    {\"std/$file\", FILE_$n, sizeof FILE_$n - 1},
"
    n=$((n + 1))
done
printf '\nconst struct at_api_standard_file at_api_standard_files[] = {\n%s    {0, 0, 0}};\n' "$table"
