/* write/diff_sources.c: the lines about where a difference comes from. See diff_decision.h. */
#include "write/diff_decision.h"

#include "base/vec.h"
#include "write/md.h"

static at_str file_text(const struct at_diff *diff, struct at_arena *arena, const struct at_diff_file *file) {
    const struct at_words *words = diff->words;
    enum at_words_word whose = file->of[0] && file->of[1] ? AT_W_DIFF_SOURCE_BOTH
                               : file->of[0]              ? AT_W_DIFF_SOURCE_OLD
                                                          : AT_W_DIFF_SOURCE_NEW;
    at_str text = file->name;
    if (file->revision.n)
        text = AT_SAY(arena, words, AT_W_DIFF_SOURCE_GIT, text, file->revision, file->commit);
    if (file->data)
        text = AT_SAY(arena, words, AT_W_DIFF_SOURCE_ROWS, text,
                      at_str_format(arena, "%llu", (unsigned long long)file->rows));
    if (file->sha256[0]) text = AT_SAY(arena, words, AT_W_DIFF_SOURCE_HASH, text, at_str_z(file->sha256));
    return AT_SAY(arena, words, AT_W_DIFF_SOURCE_FILE, at_words_word(words, whose), text);
}

at_str *at_write_diff_sources(const struct at_diff *diff, struct at_arena *arena, uint32_t *n) {
    const struct at_diff_decision *decision = diff->decision;
    AT_VEC(at_str) lines = {0};
    for (uint32_t i = 0; i < decision->n_files; i++)
        AT_VEC_PUSH(arena, &lines, file_text(diff, arena, &decision->files[i]));
    if (decision->n_files)
        AT_VEC_PUSH(
            arena, &lines,
            AT_SAY(arena, diff->words, AT_W_DIFF_SOURCE_PERIODS, at_write_diff_periods_text(diff, arena)));
    if (decision->n_files)
        AT_VEC_PUSH(arena, &lines,
                    AT_SAY(arena, diff->words, AT_W_DIFF_SOURCE_PROGRAM, at_str_z(diff->decision->program)));
    if (decision->command.n)
        AT_VEC_PUSH(arena, &lines, AT_SAY(arena, diff->words, AT_W_DIFF_SOURCE_COMMAND, decision->command));
    *n = (uint32_t)lines.n;
    return lines.at;
}

/* ---- in Markdown */

/* A hash or the id of a commit: its place in the text, and its length; 0: there is none. */
static uint32_t find_hash(at_str text, uint32_t *at) {
    enum { SHORTEST = 40 };
    uint32_t n = 0;
    for (uint32_t i = 0; i <= text.n; i++) {
        char c = i < text.n ? text.p[i] : '\0';
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) {
            n++;
            continue;
        }
        *at = i - n;
        if (n >= SHORTEST) return n;
        n = 0;
    }
    return 0;
}

/* A text before a hash. A space at its end is not the end of a line, and stays as it is. */
static at_str before_hash(at_str line, uint32_t at, bool *space) {
    *space = at > 0 && line.p[at - 1] == ' ';
    return (at_str){line.p, at - *space};
}

/* A hash is code, so that it can be copied, and is not taken for a commit of the site. */
void at_write_diff_md_source(struct at_sink *out, at_str line) {
    uint32_t at, n = find_hash(line, &at);
    bool space = false;
    at_write_md_item(out, n ? before_hash(line, at, &space) : line);
    while (n) {
        if (space) at_sink_z(out, " ");
        at_write_md_code(out, (at_str){line.p + at, n});
        line = (at_str){line.p + at + n, line.n - at - n};
        n = find_hash(line, &at);
        at_write_md_text(out, n ? before_hash(line, at, &space) : line);
    }
}
