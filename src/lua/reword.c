/* lua/reword.c: messages of the interpreter, in the words of this project.
 *
 *     attempt to call a nil value (field 'nope')  ──>  cannot call `nope`, which is nothing (nil). Check the name
 *     'for' limit must be a number                ──>  the limit of `for` is not an integer of Lua. Write n:integer()
 *
 * A hook can write such a text itself with `error`. It is reworded, too, which does no harm.
 */
#include "lua/lua_int.h"

/* Returns whether the text starts with `begin`, which it then leaves out. */
static bool cut(at_str *text, const char *begin) {
    uint32_t n = (uint32_t)strlen(begin);
    if (text->n < n || memcmp(text->p, begin, n) != 0) return false;
    *text = (at_str){text->p + n, text->n - n};
    return true;
}

/* Returns where `part` is in the text, or its length. */
static uint32_t find(at_str text, const char *part) {
    uint32_t n = (uint32_t)strlen(part), i = 0;
    while (i + n <= text.n && memcmp(text.p + i, part, n) != 0)
        i++;
    return i + n <= text.n ? i : text.n;
}

/* The name of a type, as the interpreter writes it: value.c gives exact values names of their own. */
static at_str type_words(at_str type) {
    static const struct {
        const char *type, *words;
    } known[] = {{"nil", "nothing (nil)"},  {"string", "text"},     {"boolean", "yes or no (a boolean)"},
                 {"number", "a number"},    {"table", "a table"},   {"function", "a function"},
                 {"date", "a date"},        {"period", "a period"}, {"cell", "the cell"},
                 {"duration", "a duration"}};
    for (size_t i = 0; i < AT_COUNT(known); i++)
        if (at_str_eq(type, at_str_z(known[i].type))) return at_str_z(known[i].words);
    return type;
}

/* "a nil value (field 'nope')": the type, and the name, which may be empty. */
struct operand {
    at_str type, name;
};

static bool read_operand(at_str text, struct operand *out) {
    uint32_t end = find(text, " value");
    if (!cut(&text, "a ") || end == text.n + 2) return false;
    out->type = (at_str){text.p, end - 2};
    text = (at_str){text.p + end - 2, text.n - (end - 2)};
    uint32_t quote = find(text, "'"), rest = quote + 1;
    out->name = (at_str){"", 0};
    if (quote == text.n) return true;
    while (rest < text.n && text.p[rest] != '\'')
        rest++;
    out->name = (at_str){text.p + quote + 1, rest - quote - 1};
    return true;
}

/* "cannot call `nope`, which is nothing (nil)" */
static at_str about(struct at_arena *arena, const char *verb, const struct operand *operand,
                    const char *help) {
    at_str words = type_words(operand->type);
    if (operand->name.n)
        return at_str_format(arena, "%s `%.*s`, which is %.*s%s", verb, AT_STR_ARG(operand->name),
                             AT_STR_ARG(words), help);
    return at_str_format(arena, "%s %.*s%s", verb, AT_STR_ARG(words), help);
}

static bool is_type(const struct operand *operand, const char *type) {
    return at_str_eq(operand->type, at_str_z(type));
}

/* "attempt to …" */
static at_str reword_attempt(at_str message, at_str text, struct at_arena *arena) {
    struct operand operand;
    if (cut(&text, "call ") && read_operand(text, &operand))
        return about(arena, "cannot call", &operand, is_type(&operand, "nil") ? ". Check the name" : "");
    if (cut(&text, "index ") && read_operand(text, &operand))
        return about(arena, "cannot use a field of", &operand, "");
    if (cut(&text, "perform arithmetic on ") && read_operand(text, &operand))
        return about(arena, "cannot calculate with", &operand,
                     is_type(&operand, "string") ? ". Write attain.number(text)" : "");
    if (cut(&text, "concatenate ") && read_operand(text, &operand))
        return about(arena, "cannot join", &operand, "");
    if (cut(&text, "perform bitwise operation on ") && read_operand(text, &operand))
        return about(arena, "cannot use the bits of", &operand,
                     is_type(&operand, "number") ? ". Write n:integer()" : "");
    if (cut(&text, "divide by zero") || cut(&text, "perform 'n//0'") || cut(&text, "perform 'n%"))
        return AT_STR("cannot divide by zero");
    return message;
}

/* "limit must be a number", or "limit (number expected, got money)": an exact number is none for the
 * interpreter. */
static at_str reword_for(at_str message, at_str text, struct at_arena *arena) {
    static const char got[] = " (number expected, got ";
    if (cut(&text, "step is zero")) return AT_STR("the step of `for` is zero");
    uint32_t end = find(text, " must be a number"), open = find(text, got);
    if (end == text.n && open == text.n) return message;
    if (end == text.n) {
        uint32_t from = open + (uint32_t)sizeof got - 1;
        at_str type = {text.p + from, text.n - from - (text.p[text.n - 1] == ')')};
        if (!at_str_eq(type, AT_STR("number")))
            return at_str_format(arena, "the %.*s of `for` is %.*s, not an integer of Lua", (int)open, text.p,
                                 AT_STR_ARG(type_words(type)));
    }
    return at_str_format(arena, "the %.*s of `for` is not an integer of Lua. Write n:integer()",
                         (int)(end < open ? end : open), text.p);
}

/* "bad argument #1 to 'tostring' (value expected)" */
static at_str reword_argument(at_str message, at_str text, struct at_arena *arena) {
    uint32_t to = find(text, " to '"), open = find(text, "' (");
    if (to == text.n || open == text.n || open < to + 5) return message;
    return at_str_format(arena, "invalid value %.*s of `%.*s`: %.*s", (int)to, text.p, (int)(open - to - 5),
                         text.p + to + 5, (int)(text.n - open - 4), text.p + open + 3);
}

at_str at_lua_reword(at_str message, struct at_arena *arena) {
    at_str text = message;
    if (cut(&text, "attempt to ")) return reword_attempt(message, text, arena);
    if (cut(&text, "'for' ") || cut(&text, "bad 'for' ")) return reword_for(message, text, arena);
    if (cut(&text, "bad argument #")) return reword_argument(message, text, arena);
    if (cut(&text, "table index is nil")) return AT_STR("the key of a table is nothing (nil)");
    if (cut(&text, "number has no integer representation"))
        return AT_STR("cannot use the bits of a number that is not whole");
    return message;
}
