/* write/diff_sources.c: the lines about where a difference comes from. See diff_decision.h. */
#include "write/diff_decision.h"

#include "base/vec.h"

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
