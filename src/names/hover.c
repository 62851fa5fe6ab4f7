/* names/hover.c: what a reader wants to know about a word: the name's type, label, and documentation, or the
 * sentence of a built-in function or a keyword. */
#include "names/names.h"

/* ---- types */

/* Values are quoted as the policy writes them. */
static at_str choices(const struct at_type_choices *list, struct at_arena *arena) {
    at_str all = {"", 0};
    for (uint32_t i = 0; list && i < list->n; i++)
        all = at_str_format(arena, "%.*s%s\"%.*s\"", AT_STR_ARG(all), i ? ", " : "", AT_STR_ARG(list->at[i]));
    return all;
}

static at_str table_name(const struct at_check_policy *checked, uint16_t table) {
    return table < checked->n_schemas ? checked->schemas[table].name : (at_str){"", 0};
}

static at_str plain_type(const struct at_names *names, at_type type, const struct at_words *words,
                         struct at_arena *arena) {
    const struct at_currency_info *currency = at_currency_info(type.currency);
    switch ((enum at_type_kind)type.kind) {
    case AT_T_NUMBER: return at_words_word(words, AT_W_TYPE_NUMBER);
    case AT_T_MONEY: return AT_SAY(arena, words, AT_W_TYPE_MONEY, at_str_z(currency ? currency->code : ""));
    case AT_T_FOREIGN: return at_words_word(words, AT_W_TYPE_FOREIGN);
    case AT_T_TEXT: return at_words_word(words, AT_W_TYPE_TEXT);
    case AT_T_DATE: return at_words_word(words, AT_W_TYPE_DATE);
    case AT_T_PERIOD: return at_words_word(words, AT_W_TYPE_PERIOD);
    case AT_T_DURATION: return at_words_word(words, type.months ? AT_W_TYPE_MONTHS : AT_W_TYPE_DAYS);
    case AT_T_FLAG: return at_words_word(words, AT_W_TYPE_FLAG);
    case AT_T_ENUM: return AT_SAY(arena, words, AT_W_TYPE_CHOICE, choices(type.choices, arena));
    case AT_T_REF:
        if (type.table == AT_TABLE_CELL) return at_words_word(words, AT_W_TYPE_CELL);
        return AT_SAY(arena, words, AT_W_TYPE_ROW, table_name(names->checked, type.table));
    case AT_T_NONE: break;
    }
    return (at_str){"", 0};
}

at_str at_names_type(const struct at_names *names, at_type type, const struct at_words *words,
                     struct at_arena *arena) {
    at_str text = plain_type(names, type, words, arena);
    if (text.n && type.optional) text = AT_SAY(arena, words, AT_W_TYPE_OPTIONAL, text);
    return at_words_sentence_plain(arena, text);
}

static at_str with_grain(const struct at_names_entry *entry, at_str type, const struct at_words *words,
                         struct at_arena *arena) {
    bool constant = entry->kind == AT_NAMES_PARAM || entry->kind == AT_NAMES_RATES ||
                    entry->kind == AT_NAMES_LOOKUP || entry->kind == AT_NAMES_FUNCTION ||
                    entry->kind == AT_NAMES_PARAMETER;
    if (constant) return type;
    switch ((enum at_check_grain)entry->grain) {
    case AT_G_ROW: return AT_SAY(arena, words, AT_W_EACH_ROW, type);
    case AT_G_CREDIT: return AT_SAY(arena, words, AT_W_EACH_CREDIT, type);
    case AT_G_CELL: return AT_SAY(arena, words, AT_W_EACH_CELL, type);
    case AT_G_GROUP: return AT_SAY(arena, words, AT_W_EACH_GROUP, type);
    case AT_G_CONST: break;
    }
    return type;
}

/* ---- names */

static enum at_words_word kind_of(const struct at_names *names, const struct at_names_entry *entry) {
    static const enum at_words_word kinds[AT_NAMES_KINDS] = {
        [AT_NAMES_TABLE] = AT_W_A_DATA,        [AT_NAMES_FIELD] = AT_W_A_FIELD,
        [AT_NAMES_CREDIT] = AT_W_A_CREDIT,     [AT_NAMES_MEASURE] = AT_W_A_MEASURE,
        [AT_NAMES_PARAM] = AT_W_A_PARAM,       [AT_NAMES_RATES] = AT_W_A_RATES,
        [AT_NAMES_LOOKUP] = AT_W_A_LOOKUP,     [AT_NAMES_COMPONENT] = AT_W_A_COMPONENT,
        [AT_NAMES_FUNCTION] = AT_W_A_FUNCTION, [AT_NAMES_PARAMETER] = AT_W_A_PARAMETER,
        [AT_NAMES_TEST] = AT_W_A_TEST,         [AT_NAMES_DRAW] = AT_W_A_DRAW};
    (void)names;
    if (entry->node->kind == AT_N_PAYEE) return AT_W_A_PAYEE;
    return entry->node->kind == AT_N_POOL ? AT_W_A_POOL : kinds[entry->kind];
}

static void add_line(at_str *all, at_str line, struct at_arena *arena) {
    if (line.n == 0) return;
    *all = at_str_format(arena, "%.*s%s%.*s", AT_STR_ARG(*all), all->n ? "\n" : "", AT_STR_ARG(line));
}

/* What a formula or a field says in the policy, if it is short. */
static at_str statement(const struct at_names *names, const struct at_names_entry *entry) {
    at_str text = at_diag_sources_text(names->checked->ast->sources, entry->node->span);
    bool shown = entry->kind != AT_NAMES_TABLE && entry->kind != AT_NAMES_TEST && text.n <= 400;
    return shown ? text : (at_str){"", 0};
}

static at_str of_entry(const struct at_names *names, const struct at_names_entry *entry,
                       const struct at_words *words, struct at_arena *arena) {
    at_str kind = at_words_word(words, kind_of(names, entry)), all = {"", 0};
    at_str type = at_names_type(names, entry->type, words, arena);
    bool valued = type.n && entry->kind != AT_NAMES_TABLE && entry->kind != AT_NAMES_TEST;
    if (valued) type = with_grain(entry, type, words, arena);
    if (entry->parent != AT_NAMES_NONE)
        kind = AT_SAY(arena, words, AT_W_PART_OF, kind, names->entries.at[entry->parent].text);
    add_line(&all,
             valued ? AT_SAY(arena, words, AT_W_NAME_TYPED, kind, entry->text, type)
                    : AT_SAY(arena, words, AT_W_NAME_ONLY, kind, entry->text),
             arena);
    add_line(&all, entry->label, arena);
    add_line(&all, entry->documentation, arena);
    add_line(&all, statement(names, entry), arena);
    return all;
}

static at_str of_built_in(const struct at_check_symbol *symbol, const struct at_words *words,
                          struct at_arena *arena) {
    static const struct {
        const char *signature, *en, *zh;
    } builtins[] = {
#define AT_BUILTIN(NAME, name, signature, en, zh) {signature, en, zh},
#include "check/builtins.def"
#undef AT_BUILTIN
    };
    switch ((enum at_check_symbol_kind)symbol->kind) {
    case AT_SYM_BUILTIN: {
        at_str all = at_str_z(builtins[symbol->index].signature);
        const char *en = builtins[symbol->index].en, *zh = builtins[symbol->index].zh;
        add_line(&all, at_str_z(at_words_chinese(words) ? zh : en), arena);
        return all;
    }
    case AT_SYM_TOTAL: return at_words_word(words, AT_W_MEANS_TOTAL);
    case AT_SYM_AMOUNT: return at_words_word(words, AT_W_MEANS_AMOUNT);
    case AT_SYM_LEVEL: return at_words_word(words, AT_W_MEANS_LEVEL);
    case AT_SYM_PERIOD: return at_words_word(words, AT_W_MEANS_PERIOD);
    case AT_SYM_COVERED:
        return at_words_word(words, symbol->index == 0   ? AT_W_MEANS_COVERED_DAYS
                                    : symbol->index == 1 ? AT_W_MEANS_COVERED_SHARE
                                                         : AT_W_MEANS_COVERED_LAST);
    default: return (at_str){"", 0};
    }
}

/* ---- keywords */

/* Bytes of characters beyond ASCII are negative if `char` is signed. */
static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c < 0;
}

/* Whether a place of the line is in a text or a comment. */
static bool is_quoted(const char *line, const char *at) {
    bool text = false;
    for (const char *p = line; p < at; p++) {
        if (*p == '\\' && text && p + 1 < at)
            p++;
        else if (*p == '"')
            text = !text;
        else if (*p == '#' && !text)
            return true;
    }
    return text;
}

static at_span word_at(const struct at_names *names, uint32_t offset) {
    struct at_diag_place place = at_diag_sources_place(names->checked->ast->sources, offset);
    if (!place.file) return (at_span){0, 0};
    const char *line = place.line_text.p, *end = line + place.line_text.n, *from = line + place.byte_in_line;
    if (from > end || is_quoted(line, from)) return (at_span){0, 0};
    const char *to = from;
    while (from > line && is_word(from[-1]))
        from--;
    while (to < end && is_word(*to))
        to++;
    uint32_t start = offset - place.byte_in_line + (uint32_t)(from - line);
    return (at_span){start, start + (uint32_t)(to - from)};
}

static at_str of_keyword(at_str word, const struct at_words *words) {
    static const struct {
        const char *word, *en, *zh;
    } keywords[] = {
#define AT_KEYWORD(TOKEN, word, class, en, zh) {word, en, zh},
#include "syntax/keywords.def"
#undef AT_KEYWORD
    };
    for (size_t i = 0; i < AT_COUNT(keywords); i++)
        if (at_str_eq(word, at_str_z(keywords[i].word)))
            return at_str_z(at_words_chinese(words) ? keywords[i].zh : keywords[i].en);
    return (at_str){"", 0};
}

/* The code of a warning that `allow` accepts, with its title. */
static at_str of_code(at_str word) {
    enum at_diag_code code = at_diag_code_find(word);
    return code == AT_CODE_COUNT ? (at_str){"", 0} : at_str_z(at_diag_code_info(code)->title);
}

at_str at_names_hover(const struct at_names *names, uint32_t offset, const struct at_words *words,
                      struct at_arena *arena, at_span *span) {
    uint32_t entry;
    const struct at_names_use *use = at_names_at(names, offset, &entry);
    at_str text = {"", 0};
    *span = use ? use->span : (at_span){0, 0};
    if (entry != AT_NAMES_NONE) {
        if (!use) *span = names->entries.at[entry].name;
        text = of_entry(names, &names->entries.at[entry], words, arena);
    } else if (use) {
        text = of_built_in(use->symbol, words, arena);
    } else {
        *span = word_at(names, offset);
        at_str word = at_diag_sources_text(names->checked->ast->sources, *span);
        at_str meaning = word.n ? of_keyword(word, words) : (at_str){"", 0};
        if (word.n && !meaning.n) meaning = of_code(word);
        if (meaning.n) text = at_str_format(arena, "%.*s\n%.*s", AT_STR_ARG(word), AT_STR_ARG(meaning));
    }
    if (text.n == 0) *span = (at_span){0, 0};
    return at_words_sentence_plain(arena, text);
}
