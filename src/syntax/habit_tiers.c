/* syntax/habit_tiers.c: tiers as price lists write them, `0% to 50%: 1%` or `$0 - $100: 1%`, as `from 0%:
 * 1%`. */
#include "attain_parse.h"
#include "syntax/build.h"

/* The block of tiers is read again from its source, a line or a tier at a time. */
struct tiers {
    struct at_lex_state *lexer;
    struct at_diag *diag;
    const char *p, *limit;
};

static uint32_t offset_of(const struct tiers *t, const char *p) {
    return t->lexer->file->base + (uint32_t)(p - t->lexer->file->text.p);
}

static void edit(struct tiers *t, const char *from, const char *to, const char *text) {
    at_diag_fix(t->diag, (at_span){offset_of(t, from), offset_of(t, to)}, "%s", text);
}

/* Blanks, line ends, and comments. */
static void skip(struct tiers *t) {
    while (t->p < t->limit) {
        if (*t->p == '#')
            while (t->p < t->limit && *t->p != '\n')
                t->p++;
        else if (*t->p == ' ' || *t->p == '\t' || *t->p == '\n' || *t->p == '\r')
            t->p++;
        else
            return;
    }
}

static bool take(struct tiers *t, const char *word) {
    size_t n = strlen(word);
    unsigned bytes;
    if ((size_t)(t->limit - t->p) < n || memcmp(t->p, word, n) != 0) return false;
    bool letters = word[0] >= 'a' && word[0] <= 'z';
    if (letters && at_lex_word_char(t->p + n, t->limit, &bytes)) return false;
    t->p += n;
    return true;
}

/* One value up to a blank, a colon, or a comma that is not part of a number. Returns false if there is none.
 */
static bool value(struct tiers *t) {
    const char *start = t->p;
    while (t->p < t->limit && !strchr(" \t\r\n:{}#", *t->p)) {
        bool thousands = *t->p == ',' && t->p + 1 < t->limit && t->p[1] >= '0' && t->p[1] <= '9';
        if (*t->p == ',' && !thousands) break;
        t->p++;
    }
    return t->p > start;
}

/* The word that begins a tier, added or corrected. */
static void beginning(struct tiers *t) {
    const char *start = t->p;
    if (take(t, "from") || take(t, "above") || take(t, "at")) return;
    const char *right = take(t, ">=") || take(t, "≥") || take(t, "starting") ? "from "
                        : take(t, ">") || take(t, "over")                    ? "above "
                                                                             : NULL;
    const char *end = t->p;
    skip(t);
    if (right)
        edit(t, start, t->p, right);
    else
        edit(t, end, end, "from ");
}

/* `from 0% 1%`, `from 0%, 1%` */
static bool without_colon(struct tiers *t, const char *end) {
    const char *p = end;
    while (p < t->limit && (*p == ' ' || *p == '\t' || *p == ','))
        p++;
    if (p == end || p == t->limit || !((*p >= '0' && *p <= '9') || *p == '$')) return false;
    const char *colon = p;
    while (colon < t->limit && *colon != ':' && *colon != '\n' && *colon != '}' && *colon != '#')
        colon++;
    if (colon < t->limit && *colon == ':') return false;
    edit(t, end, p, ": ");
    t->p = p;
    value(t);
    skip(t);
    return true;
}

/* What is between the threshold and the colon is the end of the tier, which the next tier gives. */
static bool tier(struct tiers *t) {
    beginning(t);
    skip(t);
    if (!value(t)) return false;
    const char *end = t->p;
    if (without_colon(t, end)) return true;
    while (t->p < t->limit && *t->p != ':' && *t->p != '\n' && *t->p != '}' && *t->p != '#')
        t->p++;
    if (t->p == t->limit || *t->p != ':') return false;
    if (t->p > end) edit(t, end, t->p, "");
    t->p++;
    while (t->p < t->limit && (*t->p == ' ' || *t->p == '\t'))
        t->p++;
    if (!value(t)) return false;
    const char *after = t->p;
    skip(t);
    if (t->p < t->limit && (*t->p == ',' || *t->p == ';')) {
        edit(t, after, t->p + 1, "");
        t->p++;
    }
    skip(t);
    return true;
}

bool at_parse_habit_tiers(struct at_lex_state *lexer, const struct at_parse_expected *expected,
                          struct at_diag *diag) {
    if (lexer->opener != AT_TOK_RATES || lexer->depth != 1) return false;
    struct tiers t = {.lexer = lexer, .diag = diag};
    t.limit = lexer->file->text.p + lexer->file->text.n;
    const char *found = lexer->file->text.p + (expected->span.start - lexer->file->base);
    bool end = expected->found == AT_TOK_TO || expected->found == '-' || expected->found == AT_TOK_UP;
    bool start = expected->set[AT_TOK_FROM] && expected->set[AT_TOK_ABOVE];
    bool missing = expected->set[':'] && (expected->found == ',' || expected->found == AT_TOK_NUMBER ||
                                          expected->found == AT_TOK_MONEY);
    if (missing)
        at_diag_help(diag, "write a colon after the threshold, such as `from 0%%: 1%%`");
    else if (start)
        at_diag_help(diag, "start each tier with `from` or `above`, such as `from 0%%: 1%%`");
    else if (end && expected->set[':'])
        at_diag_help(diag, "write only the threshold at which the tier starts, such as `from 0%%: 1%%`");
    else
        return false;
    /* From the brace, so that a tier is read whole wherever its error is. */
    t.p = found;
    while (t.p > lexer->file->text.p && t.p[-1] != '{')
        t.p--;
    skip(&t);
    while (t.p < t.limit && *t.p != '}')
        if (!tier(&t)) break;
    return true;
}
