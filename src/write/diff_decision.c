/* write/diff_decision.c: implements diff_decision.h. */
#include "write/diff_decision.h"

#include "base/numtext.h"
#include "base/sort.h"

#define SAY(word, ...)                                                                                       \
    say(diff, arena, word, (const at_str[]){__VA_ARGS__},                                                    \
        sizeof((const at_str[]){__VA_ARGS__}) / sizeof(at_str))

static at_str say(const struct at_diff *diff, struct at_arena *arena, enum at_words_word word,
                  const at_str *args, unsigned n) {
    return at_words_say_plain(arena, diff->words, word, args, n);
}

static at_str count(struct at_arena *arena, uint64_t n) {
    return at_str_format(arena, "%llu", (unsigned long long)n);
}

/* The sentence for one, and for more, which takes the number. */
static at_str counted(const struct at_diff *diff, struct at_arena *arena, enum at_words_word one,
                      enum at_words_word more, uint64_t n) {
    return SAY(n == 1 ? one : more, count(arena, n));
}

/* ---------------------------------------------------------------- numbers of causes */

at_str at_write_diff_number(struct at_arena *arena, uint32_t cause) {
    static const struct {
        uint32_t first, n;
    } circled[] = {{0x2460, 20}, {0x3251, 15}, {0x32B1, 15}}; /* 1 to 20, 21 to 35, 36 to 50 */
    uint32_t k = cause;
    char bytes[4];
    for (size_t i = 0; i < AT_COUNT(circled); i++) {
        if (k < circled[i].n)
            return at_str_copy(arena, (at_str){bytes, at_utf8_put(circled[i].first + k, bytes)});
        k -= circled[i].n;
    }
    return at_str_format(arena, "(%u)", cause + 1);
}

at_str at_write_diff_numbers(struct at_arena *arena, uint64_t causes) {
    struct at_text text = {0};
    for (uint32_t k = 0; k < 64; k++)
        if (causes >> k & 1) at_text_add(arena, &text, at_write_diff_number(arena, k));
    return at_text_str(&text);
}

int64_t at_write_diff_cause_of(const struct at_diff *diff, uint32_t edit) {
    int64_t place = 0;
    if (!diff->edits->at[edit].pays) return -1;
    for (uint32_t k = 0; k < diff->n_causes; k++)
        for (uint32_t i = 0; i < diff->causes[k].n_edits; i++)
            if (diff->causes[k].edits[i] == edit) return k;
    for (uint32_t i = 0; i < edit; i++)
        place += diff->edits->at[i].pays;
    return diff->n_causes ? -1 : place;
}

/* ---------------------------------------------------------------- periods, groups, amounts */

at_str at_write_diff_group_name(const struct at_diff *diff, struct at_arena *arena, at_str field,
                                at_str name) {
    if (name.n == 0) return SAY(AT_W_DIFF_LIMIT_GROUP_EMPTY, field);
    return SAY(AT_W_DIFF_LIMIT_GROUP, field, name);
}

/* ---------------------------------------------------------------- the verdict */

/* "② pay commission", or "edits ①③". */
static at_str name_causes(const struct at_diff *diff, struct at_arena *arena, uint64_t causes) {
    uint32_t k = causes ? (uint32_t)__builtin_ctzll(causes) : 0;
    if (causes == 0 || k >= diff->n_causes) return AT_STR("");
    if (causes & (causes - 1)) return SAY(AT_W_DIFF_SEVERAL_EDITS, at_write_diff_numbers(arena, causes));
    const struct at_diff_cause *cause = &diff->causes[k];
    at_str name = cause->data ? at_words_word(diff->words, AT_W_EDIT_DATA)
                              : at_write_diff_subject_text(diff, arena, &diff->edits->at[cause->edits[0]]);
    return SAY(AT_W_DIFF_CAUSE, at_write_diff_number(arena, k), name);
}

static at_str name_newly(const struct at_diff *diff, struct at_arena *arena) {
    enum { MOST = 3 };
    at_str names = AT_STR("");
    uint32_t n = 0, last = UINT32_MAX;
    for (uint32_t i = 0; i < diff->n_newly; i++) {
        if (diff->newly[i].payee == last) continue;
        last = diff->newly[i].payee;
        if (n++ >= MOST) continue;
        at_str name = at_write_diff_name(diff, arena, last);
        names = n == 1 ? name : SAY(AT_W_DIFF_COMMA, names, name);
    }
    return n > MOST ? SAY(AT_W_DIFF_AND_MORE, names, count(arena, n - MOST)) : names;
}

static at_str newly_text(const struct at_diff *diff, struct at_arena *arena) {
    uint64_t causes = 0;
    at_str text = counted(diff, arena, AT_W_DIFF_NEWLY_1, AT_W_DIFF_NEWLY, diff->n_newly);
    for (uint32_t i = 0; i < diff->n_newly; i++)
        causes |= diff->newly[i].causes;
    at_str by = name_causes(diff, arena, causes);
    if (by.n) text = SAY(AT_W_DIFF_NEWLY_BY, text, by);
    return SAY(AT_W_DIFF_NEWLY_FOR, text, name_newly(diff, arena));
}

at_str at_write_diff_verdict(const struct at_diff *diff, struct at_arena *arena) {
    const struct at_diff_decision *decision = diff->decision;
    at_str text = AT_STR("");
    switch ((enum at_diff_verdict)decision->verdict) {
    case AT_VERDICT_STOP:
        text = counted(diff, arena, AT_W_DIFF_EXCEEDED_1, AT_W_DIFF_EXCEEDED, decision->n_exceeded);
        if (diff->n_newly) text = SAY(AT_W_DIFF_BOTH, text, newly_text(diff, arena));
        return SAY(AT_W_DIFF_STOP, text);
    case AT_VERDICT_CHECK: return SAY(AT_W_DIFF_CHECK, newly_text(diff, arena));
    case AT_VERDICT_OPEN: return SAY(AT_W_DIFF_OPEN, at_write_diff_counts(diff, arena));
    default: break;
    }
    text = decision->n_limits == 0
               ? at_words_word(diff->words, AT_W_DIFF_NO_CHANGE)
               : counted(diff, arena, AT_W_DIFF_HELD_1, AT_W_DIFF_HELD, decision->n_limits);
    return SAY(AT_W_DIFF_OK, text);
}

/* ---------------------------------------------------------------- the sentence */

/* Those of one group who gain, or who lose. */
struct clause {
    const struct at_diff_group *group; /* NULL: of the other groups */
    bool gains;
    uint32_t n;
    at_i128 change, from;
};

static int by_size(const void *a, const void *b) {
    const struct clause *x = a, *y = b;
    at_i128 p = x->change < 0 ? -x->change : x->change, q = y->change < 0 ? -y->change : y->change;
    if (p != q) return p > q ? -1 : 1;
    if (x->group != y->group) return x->group < y->group ? -1 : 1;
    return (int)y->gains - (int)x->gains;
}

static at_str who(const struct at_diff *diff, struct at_arena *arena, const struct clause *clause) {
    const struct at_diff_groups *groups = &diff->decision->groups;
    at_str n = count(arena, clause->n);
    bool one = clause->n == 1;
    if (!clause->group) return SAY(one ? AT_W_DIFF_WHO_OTHER_1 : AT_W_DIFF_WHO_OTHER, n);
    if (groups->field.n == 0) return SAY(one ? AT_W_DIFF_WHO_1 : AT_W_DIFF_WHO, n);
    if (clause->group->name.n == 0)
        return SAY(one ? AT_W_DIFF_WHO_WITHOUT_1 : AT_W_DIFF_WHO_WITHOUT, n, groups->field);
    return SAY(one ? AT_W_DIFF_WHO_OF_1 : AT_W_DIFF_WHO_OF, n, groups->field, clause->group->name);
}

/* Large amounts of Chinese money also in units of ten thousand, because people read them so. */
static at_str in_ten_thousands(const struct at_diff *diff, struct at_arena *arena, at_i128 minor) {
    at_num value = at_num_decimal128(minor < 0 ? -minor : minor, diff->digits);
    const char *code = at_currency_info(diff->currency)->code;
    if (!at_words_chinese(diff->words) || strcmp(code, "CNY") != 0) return AT_STR("");
    if (at_num_cmp(arena, value, at_num_int(100000)) < 0) return AT_STR("");
    value = at_num_round(arena, at_num_mul(arena, value, at_num_decimal(1, 4)), 1, AT_ROUND_HALF_UP);
    return at_str_format(arena, "%.*s万元", AT_STR_ARG(at_num_print_fixed(arena, value, 1, true, NULL)));
}

static at_str amount_of(const struct at_diff *diff, struct at_arena *arena, at_i128 change, at_i128 from,
                        bool sign) {
    at_str amount = sign ? at_write_diff_change(diff, arena, change)
                         : at_write_diff_amount(diff, arena, change < 0 ? -change : change);
    at_str large = in_ten_thousands(diff, arena, change),
           percent = at_write_diff_percent(arena, change, from);
    if (large.n && percent.n) large = SAY(AT_W_DIFF_COMMA, large, percent);
    if (large.n || percent.n) return SAY(AT_W_DIFF_AMOUNT_SHARE, amount, large.n ? large : percent);
    return amount;
}

static at_str clause_text(const struct at_diff *diff, struct at_arena *arena, const struct clause *clause) {
    bool one = clause->n == 1;
    enum at_words_word word =
        clause->gains ? (one ? AT_W_DIFF_GAINS : AT_W_DIFF_GAIN) : (one ? AT_W_DIFF_LOSES : AT_W_DIFF_LOSE);
    return SAY(word, who(diff, arena, clause), amount_of(diff, arena, clause->change, clause->from, false));
}

/* The clauses with the largest amounts; the rest become one of gainers and one of losers. */
static uint32_t choose_clauses(const struct at_diff *diff, struct at_arena *arena, struct clause **out) {
    enum { MOST = 4 };
    const struct at_diff_groups *groups = &diff->decision->groups;
    struct clause *all = AT_NEW_ARRAY(arena, struct clause, 2 * (size_t)groups->n + 3);
    struct clause rest[2] = {{.gains = true}, {.gains = false}};
    uint32_t n = 0;
    for (uint32_t g = 0; g < groups->n; g++) {
        const struct at_diff_group *group = &groups->at[g];
        if (group->gainers)
            all[n++] = (struct clause){group, true, group->gainers, group->gain, group->gain_from};
        if (group->losers)
            all[n++] = (struct clause){group, false, group->losers, group->loss, group->loss_from};
    }
    at_sort_items(arena, all, n, sizeof *all, by_size);
    for (uint32_t i = MOST; i < n && n > MOST + 1; i++) {
        struct clause *to = &rest[!all[i].gains];
        to->n += all[i].n;
        to->change += all[i].change;
        to->from += all[i].from;
    }
    if (n > MOST + 1) {
        n = MOST;
        for (int i = 0; i < 2; i++)
            if (rest[i].n) all[n++] = rest[i];
    }
    *out = all;
    return n;
}

static at_str add_sentence(const struct at_diff *diff, struct at_arena *arena, at_str text, at_str more) {
    return at_str_format(arena, "%.*s%s%.*s", AT_STR_ARG(text), at_words_chinese(diff->words) ? "" : " ",
                         AT_STR_ARG(more));
}

static at_str net_text(const struct at_diff *diff, struct at_arena *arena) {
    const struct at_diff_decision *decision = diff->decision;
    at_str net = amount_of(diff, arena, diff->like[1] - diff->like[0], diff->like[0], true);
    at_str periods = at_write_diff_periods_text(diff, arena);
    if (!decision->yearly) return SAY(AT_W_DIFF_NET, net, periods);
    return SAY(AT_W_DIFF_NET_YEAR, net, periods, amount_of(diff, arena, decision->for_year, 0, true));
}

at_str at_write_diff_sentence(const struct at_diff *diff, struct at_arena *arena) {
    struct clause *clauses;
    uint32_t n = choose_clauses(diff, arena, &clauses);
    at_str text = n ? clause_text(diff, arena, &clauses[0]) : at_words_word(diff->words, AT_W_DIFF_NO_ONE);
    for (uint32_t i = 1; i < n; i++)
        text =
            SAY(i + 1 == n ? AT_W_DIFF_LAST : AT_W_DIFF_COMMA, text, clause_text(diff, arena, &clauses[i]));
    if (n) text = add_sentence(diff, arena, SAY(AT_W_DIFF_SENTENCE, text), net_text(diff, arena));
    if (diff->n_moved)
        text = add_sentence(diff, arena, text,
                            counted(diff, arena, AT_W_DIFF_MOVED_1, AT_W_DIFF_MOVED, diff->n_moved));
    at_i128 lost = 0;
    for (uint32_t i = 0; i < diff->n_newly; i++)
        lost += diff->newly[i].minor;
    if (diff->n_newly)
        text = add_sentence(diff, arena, text,
                            SAY(diff->n_newly == 1 ? AT_W_DIFF_LIKE_1 : AT_W_DIFF_LIKE,
                                count(arena, diff->n_newly), at_write_diff_amount(diff, arena, lost)));
    if (diff->n_freed)
        text = add_sentence(diff, arena, text,
                            counted(diff, arena, AT_W_DIFF_FREED_1, AT_W_DIFF_FREED, diff->n_freed));
    return text;
}
