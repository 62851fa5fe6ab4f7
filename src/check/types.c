/* check/types.c: types as the checker compares them and as people read them, with where each comes from. */
#include "check/check_int.h"

at_type at_check_type_make(enum at_type_kind kind) {
    return (at_type){.kind = (uint8_t)kind};
}

at_type at_check_money_type(const struct at_check *ck) {
    return (at_type){.kind = AT_T_MONEY, .currency = ck->out->currency};
}

bool at_check_is_numeric(at_type type) {
    return type.kind == AT_T_NUMBER || type.kind == AT_T_MONEY;
}

bool at_check_has_choice(const struct at_type_choices *choices, at_str text) {
    for (uint32_t i = 0; choices && i < choices->n; i++)
        if (at_str_eq(choices->at[i], text)) return true;
    return false;
}

/* ---- in words */

static at_str choices_say(struct at_arena *arena, const struct at_type_choices *choices) {
    at_str all = AT_STR("one of (");
    for (uint32_t i = 0; choices && i < choices->n; i++) {
        /* A long list would hide the message. Seven are shown in full, since "…" would save only
         * one. */
        if (i == 6 && choices->n > 7) {
            all = at_str_format(arena, "%.*s, …", AT_STR_ARG(all));
            break;
        }
        all = at_str_format(arena, "%.*s%s\"%.*s\"", AT_STR_ARG(all), i ? ", " : "",
                            AT_STR_ARG(choices->at[i]));
    }
    return at_str_format(arena, "%.*s)", AT_STR_ARG(all));
}

static at_str table_name(const struct at_check_policy *checked, uint32_t table) {
    return table < checked->n_schemas ? checked->schemas[table].name : AT_STR("a table");
}

static at_str unit_say(enum at_type_unit unit, bool article) {
    static const char *const names[][2] = {{"number", "a number"},
                                           {"percent", "a percentage"},
                                           {"points", "a number of points"},
                                           {"units", "a number of units"},
                                           {"number", "a number"}};
    return at_str_z(names[unit][article]);
}

static at_str say(struct at_arena *arena, const struct at_check_policy *checked, at_type type, bool article) {
    const struct at_currency_info *currency;
    switch ((enum at_type_kind)type.kind) {
    case AT_T_NONE: break;
    case AT_T_NUMBER: return unit_say((enum at_type_unit)type.unit, article);
    case AT_T_MONEY:
        currency = at_currency_info(type.currency);
        if (!currency || type.currency == checked->currency) return AT_STR("money");
        return at_str_format(arena, "money in %s", currency->code);
    case AT_T_FOREIGN: return AT_STR("money in the currency of its row");
    case AT_T_TEXT: return AT_STR("text");
    case AT_T_DATE: return article ? AT_STR("a date") : AT_STR("date");
    case AT_T_PERIOD: return article ? AT_STR("a period") : AT_STR("period");
    case AT_T_DURATION:
        if (type.months) return article ? AT_STR("a number of months") : AT_STR("months");
        return article ? AT_STR("a number of days") : AT_STR("days");
    case AT_T_FLAG: return AT_STR("yes or no");
    case AT_T_ENUM: return choices_say(arena, type.choices);
    case AT_T_REF:
        if (type.table == AT_TABLE_CELL) return AT_STR("the whole cell");
        return at_str_format(arena, article ? "a row of %.*s" : "row of %.*s",
                             AT_STR_ARG(table_name(checked, type.table)));
    }
    return AT_STR("unknown");
}

at_str at_check_type_print(struct at_arena *arena, const struct at_check_policy *checked, at_type type) {
    at_str name = say(arena, checked, type, true);
    return type.optional ? at_str_format(arena, "%.*s that may be missing", AT_STR_ARG(name)) : name;
}

at_str at_check_type_say(struct at_check *ck, at_type type) {
    return say(ck->arena, ck->out, type, true);
}

at_str at_check_type_short(struct at_check *ck, at_type type) {
    if (type.kind == AT_T_ENUM) return AT_STR("a choice");
    return say(ck->arena, ck->out, type, false);
}

/* "numbers", "money": of several of one type. */
at_str at_check_type_plural(struct at_check *ck, at_type type) {
    switch (type.kind) {
    case AT_T_NUMBER: return AT_STR("numbers");
    case AT_T_TEXT: return AT_STR("texts");
    case AT_T_DATE: return AT_STR("dates");
    case AT_T_PERIOD: return AT_STR("periods");
    default: return at_check_type_say(ck, type);
    }
}

at_str at_check_quote(struct at_check *ck, const struct at_ast_node *node) {
    at_str text = node ? at_diag_sources_text(ck->ast->sources, node->span) : (at_str){"", 0};
    /* A quote in a message must be one line, without comments. */
    bool plain = text.n > 0 && text.n <= 60;
    for (uint32_t i = 0; plain && i < text.n; i++)
        plain = text.p[i] != '\n' && text.p[i] != '\r' && text.p[i] != '#';
    if (!plain) return AT_STR("…");
    if (node->flags & AT_F_PARENS && text.p[0] != '(')
        return at_str_format(ck->arena, "(%.*s)", AT_STR_ARG(text));
    return text;
}

/* Blanks become one space, and comments go. A `#` in a text does not begin a comment. */
at_str at_check_source(struct at_check *ck, const struct at_ast_node *node) {
    at_str text = node ? at_diag_sources_text(ck->ast->sources, node->span) : (at_str){"", 0};
    char *line = at_arena_get(ck->arena, text.n + 3);
    uint32_t n = 0;
    bool quoted = false, parens = node && (node->flags & AT_F_PARENS) && text.n && text.p[0] != '(';
    if (parens) line[n++] = '(';
    for (uint32_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '"') quoted = !quoted;
        while (!quoted && c == '#' && i + 1 < text.n && text.p[i + 1] != '\n')
            i++;
        bool blank = !quoted && (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '#');
        if (!blank)
            line[n++] = c;
        else if (n && line[n - 1] != ' ' && line[n - 1] != '(')
            line[n++] = ' ';
    }
    if (parens) line[n++] = ')';
    return (at_str){line, n};
}

/* ---- where a type comes from */

static const struct at_ast_node *measure_source(const struct at_ast_node *measure) {
    const struct at_ast_node *expr = at_check_child(measure, 0);
    if (!expr || expr->kind != AT_N_AGGREGATE) return expr;
    return at_check_child(expr, 0) ? at_check_child(expr, 0) : expr;
}

/* The part of a declaration that decided the type of what it declares. */
static const struct at_ast_node *origin_of(const struct at_check_symbol *symbol) {
    const struct at_ast_node *node = symbol->node;
    switch ((enum at_check_symbol_kind)symbol->kind) {
    case AT_SYM_FIELD:
    case AT_SYM_PARAMETER: return at_check_child(node, 0);
    case AT_SYM_MEASURE: return measure_source(node);
    case AT_SYM_PARAM: return at_check_child(node, 0);
    case AT_SYM_FUNCTION:
        for (uint32_t i = 0; node && i < node->n; i++)
            if (node->child[i] && node->child[i]->kind != AT_N_PARAMETER) return node->child[i];
        return NULL;
    case AT_SYM_RATES: return at_check_child(at_check_child(node, 0), 1);
    default: return NULL;
    }
}

void at_check_show_origin(struct at_check *ck, struct at_diag *diag, const struct at_ast_node *node) {
    const struct at_check_symbol *symbol = node ? ck->out->symbols[node->id] : NULL;
    if (!symbol || !symbol->node) return;
    const struct at_ast_node *origin = origin_of(symbol);
    if (!origin || origin->span.end == 0) return;
    /* A label inside the same expression would only repeat the caret. */
    if (origin->span.start <= node->span.start && node->span.end <= origin->span.end) return;
    for (uint32_t i = 0; i < diag->n_labels; i++)
        if (diag->labels[i].span.start == origin->span.start) return;
    bool declared =
        symbol->kind == AT_SYM_FIELD || symbol->kind == AT_SYM_PARAMETER || symbol->kind == AT_SYM_FUNCTION;
    at_diag_label(diag, origin->span, declared ? "`%.*s` is declared as %.*s" : "`%.*s` is %.*s",
                  AT_STR_ARG(symbol->name),
                  AT_STR_ARG(symbol->type.kind == AT_T_ENUM ? AT_STR("a choice")
                                                            : at_check_type_say(ck, symbol->type)));
}

void at_check_show(struct at_check *ck, struct at_diag *diag, const struct at_ast_node *node) {
    if (!node || node->span.end == 0) return;
    at_type type = at_check_type_at(ck, node);
    at_diag_label(diag, node->span, "%.*s", AT_STR_ARG(at_check_type_short(ck, type)));
    at_check_show_origin(ck, diag, node);
}

/* The only place that writes types of nodes. A later call replaces the type, for example when a
 * text becomes a choice. */
at_type at_check_set_type(struct at_check *ck, const struct at_ast_node *node, at_type type) {
    if (node) ck->out->types[node->id] = type;
    return type;
}

at_type at_check_type_at(const struct at_check *ck, const struct at_ast_node *node) {
    return node ? ck->out->types[node->id] : at_check_type_make(AT_T_NONE);
}

/* ---- types that are written */

static const struct {
    const char *word;
    enum at_type_kind kind;
    enum at_type_unit unit; /* a table may have the name of a unit: then the word means its rows */
} WORDS[] = {
    {"number", AT_T_NUMBER, AT_UNIT_NONE},     {"percent", AT_T_NUMBER, AT_UNIT_PERCENT},
    {"points", AT_T_NUMBER, AT_UNIT_POINTS},   {"units", AT_T_NUMBER, AT_UNIT_UNITS},
    {"money", AT_T_MONEY, AT_UNIT_NONE},       {"text", AT_T_TEXT, AT_UNIT_NONE},
    {"date", AT_T_DATE, AT_UNIT_NONE},         {"period", AT_T_PERIOD, AT_UNIT_NONE},
    {"duration", AT_T_DURATION, AT_UNIT_NONE}, {"flag", AT_T_FLAG, AT_UNIT_NONE},
};

static at_type read_choices(struct at_check *ck, const struct at_ast_node *node) {
    struct at_type_choices *choices = AT_NEW(ck->arena, struct at_type_choices);
    struct at_map seen;
    at_map_init(&seen, ck->arena);
    choices->at = AT_NEW_ARRAY(ck->arena, at_str, node->n + 1);
    for (uint32_t i = 0; i < node->n; i++) {
        const struct at_ast_node *text = node->child[i];
        if (!text || text->kind != AT_N_TEXT) continue;
        if (at_map_put(&seen, text->text, (void *)text)) {
            struct at_diag *d = at_diag_add(ck->diags, AT_A0224, text->span,
                                            "duplicate value \"%.*s\" in this list", AT_STR_ARG(text->text));
            at_diag_help(d, "delete one of them");
            continue;
        }
        choices->at[choices->n++] = text->text;
    }
    return (at_type){.kind = AT_T_ENUM, .choices = choices};
}

static void unknown_type(struct at_check *ck, const struct at_ast_node *node) {
    struct at_str_nearest suggest = {.wanted = node->text};
    for (size_t i = 0; i < AT_COUNT(WORDS); i++)
        at_str_nearest_try(&suggest, at_str_z(WORDS[i].word));
    at_check_suggest_globals(ck, &suggest, 1u << AT_SYM_TABLE);
    struct at_diag *d = at_diag_add(ck->diags, AT_A0219, at_check_name_span(node), "unknown type `%.*s`",
                                    AT_STR_ARG(node->text));
    if (!at_check_suggest_help(d, &suggest))
        at_diag_help(d, "write number, percent, money, text, date, period, flag, one of (\"a\", \"b\"), or "
                        "the name of a table");
}

bool at_check_is_cell(at_type type) {
    return type.kind == AT_T_REF && type.table == AT_TABLE_CELL;
}

/* `in points` and `as fractions` describe the column of a file, and percentages in it. */
void at_check_column_words(struct at_check *ck, const struct at_ast_node *node, bool column, at_type type) {
    if (!node || node->kind != AT_N_TYPENAME || !node->text3.n || type.kind == AT_T_NONE) return;
    if (column && type.kind == AT_T_FOREIGN) return;
    if (column && type.unit == AT_UNIT_PERCENT) return;
    at_span words = {node->name_span.end, node->span3.end};
    if (type.kind == AT_T_FOREIGN) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0272, words, "only a field has the currency of its row");
        at_diag_help(d, "write the currency, such as `money EUR`");
        return;
    }
    const char *word = node->flags & AT_F_IN_POINTS ? "in points" : "as fractions";
    struct at_diag *d =
        column ? at_diag_add(ck->diags, AT_A0272, words, "only percentages can be `%s`", word)
               : at_diag_add(ck->diags, AT_A0272, words, "`%s` describes the column of a file", word);
    if (column && type.kind == AT_T_NUMBER)
        at_diag_help(d, "write `percent %s`, or delete `%s`", word, word);
    else
        at_diag_help(d, "delete `%s`", word);
    at_diag_fix(d, words, "%s", "");
}

at_type at_check_read_type(struct at_check *ck, const struct at_ast_node *node) {
    at_type type = at_check_read_parameter_type(ck, node);
    if (!at_check_is_cell(type)) return type;
    struct at_diag *d = at_diag_add(ck->diags, AT_A1010, node->span, "only a hook can take the cell");
    at_diag_help(
        d, "write number, percent, money, text, date, period, flag, one of (…), or the name of a table");
    return at_check_type_make(AT_T_NONE);
}

at_type at_check_read_parameter_type(struct at_check *ck, const struct at_ast_node *node) {
    if (!node || node->kind == AT_N_ERROR) return at_check_type_make(AT_T_NONE);
    if (node->kind == AT_N_TYPEENUM) return read_choices(ck, node);
    if (node->kind != AT_N_TYPENAME) return at_check_type_make(AT_T_NONE);
    for (size_t i = 0; i < AT_COUNT(WORDS); i++) {
        if (!at_str_eq(node->text, at_str_z(WORDS[i].word))) continue;
        if (WORDS[i].unit && at_check_global(ck, node->text)) break;
        at_type type = at_check_type_make(WORDS[i].kind);
        type.unit = (uint8_t)WORDS[i].unit;
        if (type.kind != AT_T_MONEY) return type;
        if (node->text3.n && node->flags & AT_F_IN_POINTS) return at_check_type_make(AT_T_FOREIGN);
        type.currency = node->text2.n ? at_currency_find(node->text2) : ck->out->currency;
        if (node->text2.n && !type.currency) {
            struct at_diag *d = at_diag_add(ck->diags, AT_A0210, node->span2.end ? node->span2 : node->span,
                                            "unknown currency `%.*s`", AT_STR_ARG(node->text2));
            at_diag_help(d, "write the three letters of ISO 4217, such as USD, EUR, or CNY");
        }
        return type;
    }
    struct at_check_decl *decl = at_check_global(ck, node->text);
    if (decl && decl->symbol.kind == AT_SYM_TABLE)
        return (at_type){.kind = AT_T_REF, .table = (uint16_t)decl->symbol.index};
    if (!decl && at_str_eq(node->text, AT_STR("cell")))
        return (at_type){.kind = AT_T_REF, .table = AT_TABLE_CELL};
    if (decl) {
        struct at_diag *d =
            at_diag_add(ck->diags, AT_A0203, at_check_name_span(node), "`%.*s` is %s, not a type",
                        AT_STR_ARG(node->text), at_check_kind_say(ck, &decl->symbol));
        at_diag_label(d, decl->span, "declared here");
        at_diag_help(
            d, "write number, percent, money, text, date, period, flag, one of (…), or the name of a table");
        return at_check_type_make(AT_T_NONE);
    }
    unknown_type(ck, node);
    return at_check_type_make(AT_T_NONE);
}
