/* write/expected_words.c: changes as sentences, for all formats. */
#include "write/expected.h"
#include "write/writer.h"

const struct at_answer_change *at_write_expected_at(const struct at_write_expected *answer, uint32_t i) {
    return i < answer->found.n ? &answer->found.at[i] : &answer->found.near[i - answer->found.n];
}

const struct at_schema *at_write_expected_schema(const struct at_write_expected *answer,
                                                 const struct at_answer_change *change) {
    return &answer->results->runs[answer->question.target.run].checked->schemas[change->table];
}

at_str at_write_expected_amount(const struct at_write_expected *answer, struct at_arena *arena, at_i128 minor,
                                bool commas) {
    char *out = at_arena_get(arena, AT_MINOR_SIZE);
    unsigned digits = answer->results->runs[answer->question.target.run].currency->digits;
    return (at_str){out, (uint32_t)at_write_minor_write(out, minor, digits, commas)};
}

static at_str of_field(const struct at_answer_change *change, const struct at_schema *schema,
                       const struct at_words *words, struct at_arena *arena) {
    at_str field = schema->fields[change->field].name;
    if (change->role == AT_ANSWER_DAY)
        return AT_SAY(arena, words, AT_W_EXPECTED_DAY, field, schema->name, change->name,
                      at_words_period(arena, words, change->in), change->before);
    if (change->before.n == 0)
        return AT_SAY(arena, words, AT_W_EXPECTED_FIELD_EMPTY, field, schema->name, change->name,
                      change->after);
    return AT_SAY(arena, words, AT_W_EXPECTED_FIELD, field, schema->name, change->name, change->after,
                  change->before);
}

static at_str of_edit(const struct at_diff_edit *edit, const struct at_words *words, struct at_arena *arena) {
    return AT_SAY(arena, words, AT_W_EXPECTED_EDIT, at_words_write_operand(arena, words, &edit->subject),
                  at_words_write_operand(arena, words, &edit->change));
}

at_str at_write_expected_sentence(const struct at_write_expected *answer,
                                  const struct at_answer_change *change, const struct at_words *words,
                                  struct at_arena *arena) {
    const struct at_schema *schema =
        change->kind == AT_ANSWER_EDIT ? NULL : at_write_expected_schema(answer, change);
    at_str out = {"", 0};
    switch ((enum at_answer_kind)change->kind) {
    case AT_ANSWER_FIELD: out = of_field(change, schema, words, arena); break;
    case AT_ANSWER_EXTRA:
        out = change->twin.n
                  ? AT_SAY(arena, words, AT_W_EXPECTED_TWIN, schema->name, change->name, change->twin)
                  : AT_SAY(arena, words, AT_W_EXPECTED_EXTRA, schema->name, change->name);
        break;
    case AT_ANSWER_TWICE: out = AT_SAY(arena, words, AT_W_EXPECTED_TWICE, schema->name, change->name); break;
    case AT_ANSWER_MISSING:
        out = AT_SAY(arena, words, AT_W_EXPECTED_MISSING, schema->name, change->name,
                     schema->fields[change->field].name, change->after);
        break;
    case AT_ANSWER_EDIT: out = of_edit(answer->edits[change->edit], words, arena); break;
    }
    if (change->many) return AT_SAY(arena, words, AT_W_EXPECTED_MANY, out);
    if (change->others == 0) return out;
    return AT_SAY(arena, words, AT_W_EXPECTED_OTHERS, out,
                  at_str_format(arena, "%u", (unsigned)change->others));
}
