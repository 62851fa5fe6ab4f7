# tests/docs/blocks.awk: takes the fenced blocks out of a Markdown file.
#
#     awk -v out=FOLDER -f blocks.awk FILE.md
#
# Block number n becomes FOLDER/n.LANGUAGE (001.sh, 002.text …); FOLDER/list says "n LANGUAGE line" for each, in order, with
# the mark of the last comment line `<!-- … -->` directly above the block behind it.
/^<!-- .* -->$/ { mark = $0; gsub(/^<!-- | -->$/, "", mark); next }
/^```/ && !inside {
    inside = 1
    language = substr($0, 4)
    sub(/ .*/, "", language)
    if (language == "") language = "none"
    file = sprintf("%s/%03d.%s", out, ++n, language)
    printf "" > file
    printf "%03d %s %d %s\n", n, language, NR, mark >> (out "/list")
    next
}
/^```/ && inside { inside = 0; mark = ""; close(file); next }
inside { print > file }
!inside && NF { mark = "" }
