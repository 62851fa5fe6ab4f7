/* tests/fuzz/fuzz_translate.c: texts of Lua through the lexer and the translator of hooks. Lua itself is
 * asked through its public interface, and what it accepts proves the following:
 *
 * 1. Tokens. The text is written again from the tokens, with a space between each two, without comments, and
 *    with the line ends of Lua between them. Lua compiles both to the same bytes, with all lines, names, and
 *    constants (lua_dump without stripping). So no token is split, lost, or on another line. Each number,
 *    text, and sign is also one token to Lua when it is alone, so no two are joined.
 * 2. Translation. The words put in are taken out of the tokens of the translated text again. What is left is
 *    the text's own sequence of tokens, on the same lines. Lua accepts the translated text.
 * 3. Refusal. `|` and the words of the translator are refused if and only if they are among the tokens. No
 *    comparison and no `#` of Lua's own is left: angle brackets only around an attribute, without which Lua
 *    still accepts the text.
 * 4. Reading. The reader of `check` reads every text that Lua accepts to its end, and ends for all others.
 *
 *     clang -fsanitize=fuzzer,address … -DAT_LIBFUZZER     as a libFuzzer target
 *     fuzz_translate [seconds] [seed] [FILE…]              a program of its own: mixes statements at random
 */
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lua/grammar.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static uint64_t accepted;

struct text { /* bytes that grow */
    char *at;
    size_t n, room;
};

static void add(struct text *text, const char *bytes, size_t n) {
    if (text->n + n + 1 > text->room) {
        text->room = (text->n + n + 1) * 2;
        text->at = realloc(text->at, text->room);
        if (!text->at) abort();
    }
    if (n) memcpy(text->at + text->n, bytes, n);
    text->n += n;
    text->at[text->n] = '\0';
}
static void say(struct text *text, const char *string) {
    add(text, string, strlen(string));
}

static at_str whole;

static void fail(const char *why, at_str text) {
    fprintf(stderr, "fuzz_translate: %s\n---- the text\n%.*s\n---- concerns\n%.*s\n", why, AT_STR_ARG(whole),
            AT_STR_ARG(text));
    abort();
}

/* ---- Lua */

static int append(lua_State *L, const void *bytes, size_t n, void *text) {
    (void)L;
    add(text, bytes, n);
    return 0;
}

/* Compiles; false where Lua does not accept it. `dump` may be NULL. */
static bool compile(lua_State *L, at_str text, struct text *dump) {
    lua_settop(L, 0);
    if (luaL_loadbufferx(L, text.p, text.n, "=text", "t") != LUA_OK) return false;
    if (dump) lua_dump(L, append, dump, 0);
    return true;
}

static bool compiles(lua_State *L, const char *before, at_str text, const char *after) {
    struct text out = {0};
    say(&out, before);
    add(&out, text.p, text.n);
    say(&out, after);
    bool good = compile(L, (at_str){out.at, (uint32_t)out.n}, NULL);
    free(out.at);
    return good;
}

/* ---- tokens, without spaces and comments, with their lines */

struct token {
    at_str text;
    enum at_lua_token_kind kind;
    unsigned line;
    bool is_float;
    bool attribute; /* one of `<`, its name, and `>` */
};
struct tokens {
    struct token *at;
    size_t n, room;
};

static void push(struct tokens *tokens, struct token token) {
    if (tokens->n == tokens->room) {
        tokens->room = tokens->room * 2 + 64;
        tokens->at = realloc(tokens->at, tokens->room * sizeof *tokens->at);
        if (!tokens->at) abort();
    }
    tokens->at[tokens->n++] = token;
}

/* Line ends as the manual of Lua defines them. */
static unsigned lines_in(at_str text) {
    unsigned n = 0;
    for (uint32_t i = 0; i < text.n; i++) {
        if (text.p[i] != '\n' && text.p[i] != '\r') continue;
        char other = text.p[i] == '\n' ? '\r' : '\n';
        if (i + 1 < text.n && text.p[i + 1] == other) i++;
        n++;
    }
    return n;
}

static struct tokens tokens_of(at_str text) {
    struct tokens out = {0};
    unsigned line = 1;
    uint32_t at = 0;
    for (;;) {
        struct at_lua_token token = at_lua_token_at(text, at);
        if (token.start != at) fail("a token does not begin where the last one ends", text);
        if (token.kind == AT_LT_END) break;
        if (token.end <= at || token.end > text.n) fail("a token without an end", text);
        at_str bytes = {text.p + at, token.end - at};
        if (token.kind != AT_LT_SPACE && token.kind != AT_LT_COMMENT)
            push(&out, (struct token){bytes, token.kind, line, token.is_float, false});
        line += lines_in(bytes);
        at = token.end;
    }
    if (at != text.n) fail("the tokens end before the text", text);
    return out;
}

static bool is(const struct token *token, const char *word) {
    return token->text.n == strlen(word) && memcmp(token->text.p, word, token->text.n) == 0;
}

/* ---- 1: the tokens are those of Lua */

static void check_alone(lua_State *L, const struct token *token) {
    static const char *const signs[] = {"+",  "-",  "*",  "/",  "//", "%",  "^", "#", "&", "~",  "|",
                                        "<<", ">>", "==", "~=", "<=", ">=", "<", ">", "=", "(",  ")",
                                        "{",  "}",  "[",  "]",  "::", ";",  ":", ",", ".", "..", "..."};
    char number[512];
    bool good = false;
    switch (token->kind) {
    case AT_LT_NAME:
        good = compiles(L, "return t.zz_", token->text, "");
        for (uint32_t i = 0; i < token->text.n; i++)
            good &= token->text.p[i] == '_' || (token->text.p[i] >= '0' && token->text.p[i] <= '9') ||
                    ((token->text.p[i] | 32) >= 'a' && (token->text.p[i] | 32) <= 'z');
        break;
    case AT_LT_NUMBER:
        if (token->text.n >= sizeof number) return; /* Lua does not read it back from a text */
        snprintf(number, sizeof number, "%.*s", AT_STR_ARG(token->text));
        lua_settop(L, 0);
        good = compiles(L, "return ", token->text, "");
        if (token->text.n > 190) return;
        lua_settop(L, 0);
        good = good && lua_stringtonumber(L, number) == token->text.n + 1 &&
               (bool)lua_isinteger(L, -1) == !token->is_float;
        break;
    case AT_LT_TEXT: good = compiles(L, "f", token->text, ";"); break;
    default:
        for (size_t i = 0; i < AT_COUNT(signs); i++)
            good |= is(token, signs[i]);
        break;
    }
    if (!good) fail("this is not one token of Lua", token->text);
}

static void check_tokens(lua_State *L, at_str text, const struct text *dump, const struct tokens *tokens) {
    struct text again = {0}, other = {0};
    unsigned line = 1;
    say(&again, "");
    for (size_t i = 0; i < tokens->n; i++) {
        check_alone(L, &tokens->at[i]);
        for (; line < tokens->at[i].line; line++)
            say(&again, "\n");
        say(&again, " ");
        add(&again, tokens->at[i].text.p, tokens->at[i].text.n);
        line += lines_in(tokens->at[i].text);
    }
    for (unsigned all = 1 + lines_in(text); line < all; line++) /* the line of the last function's end */
        say(&again, "\n");
    at_str written = {again.at, (uint32_t)again.n};
    if (!compile(L, written, &other)) fail(lua_tostring(L, -1), written);
    if (other.n != dump->n || memcmp(other.at, dump->at, dump->n) != 0)
        fail("the tokens mean something else to Lua", written);
    free(again.at);
    free(other.at);
}

/* ---- 2 and 3: the translation */

static const char *const words[] = {AT_LUA_WORDS};
static const char *const compares[] = {"==", "~=", "<", "<=", ">", ">="};

static int word_of(const struct token *token) {
    for (size_t i = 0; token->kind == AT_LT_NAME && i < AT_COUNT(words); i++)
        if (is(token, words[i])) return (int)i;
    return -1;
}

static bool is_refused(const struct tokens *tokens) {
    for (size_t i = 0; i < tokens->n; i++)
        if (is(&tokens->at[i], "|") || word_of(&tokens->at[i]) >= 0) return true;
    return false;
}

static bool follows(const struct tokens *t, size_t i, const char *a, const char *b) {
    return i + 2 < t->n && is(&t->at[i + 1], a) && (!b || is(&t->at[i + 2], b));
}

static bool is_attribute(const struct tokens *t, size_t i) {
    bool named =
        i >= 2 && t->at[i - 1].kind == AT_LT_NAME && (is(&t->at[i - 2], "local") || is(&t->at[i - 2], ","));
    return named && (follows(t, i, "const", ">") || follows(t, i, "close", ">"));
}

/* Takes out of the tokens what the translator put in. */
static struct tokens restored(const struct tokens *t, size_t from) {
    struct tokens out = {0};
    struct tokens open = {0}; /* brackets: is_float says that `__key(` was put in */
    for (size_t i = from; i < t->n; i++) {
        struct token token = t->at[i];
        int word = word_of(&token);
        at_str before = out.n ? out.at[out.n - 1].text : (at_str){"", 0};
        if (is(&token, "|") && i + 2 < t->n && word_of(&t->at[i + 1]) >= 0 && is(&t->at[i + 2], "|")) {
            if (word_of(&t->at[i + 1]) >= 6) fail("a word that compares nothing", token.text);
            token.text = at_str_z(compares[word_of(&t->at[i + 1])]);
            i += 2;
        } else if (word == AT_L_BORDER) {
            if (!follows(t, i, "^", NULL)) fail("`__border` without `^`", token.text);
            token.text = at_str_z("#");
            token.kind = AT_LT_SIGN;
            i++;
        } else if (is(&token, "[")) {
            token.is_float = follows(t, i, "__key", "(");
            push(&open, token);
            if (token.is_float) i += 2;
            token.is_float = false;
        } else if (is(&token, "]")) {
            if (open.n && open.at[--open.n].is_float) {
                if (before.n != 1 || before.p[0] != ')') fail("`__key(` is not closed", token.text);
                out.n--;
            }
        } else if (is(&token, "<") && is_attribute(t, i)) {
            for (int k = 0; k < 2; k++) {
                token = t->at[i++];
                token.attribute = true;
                push(&out, token);
            }
            token = t->at[i];
            token.attribute = true;
        } else {
            bool left = word >= 0 || is(&token, "|") || is(&token, "#");
            for (size_t k = 0; k < AT_COUNT(compares); k++)
                left |= is(&token, compares[k]);
            if (left) fail("this is not translated", token.text);
        }
        push(&out, token);
    }
    free(open.at);
    return out;
}

static bool is_limit(const char *message) {
    return strstr(message, "too many") || strstr(message, "overflow") || strstr(message, "too long") ||
           strstr(message, "limit");
}

static void check_translation(lua_State *L, at_str text, const struct tokens *tokens) {
    struct at_arena arena;
    struct at_lua_text out;
    struct text bare = {0};
    at_arena_init(&arena, NULL, NULL);
    at_lua_translate(&arena, text, &out);
    if ((out.wrong.end != 0) != is_refused(tokens)) fail("refused without a reason, or not refused", text);
    if (out.wrong.end == 0) {
        if (!compile(L, out.text, NULL) && !is_limit(lua_tostring(L, -1)))
            fail(lua_tostring(L, -1), out.text);
        struct tokens made = tokens_of(out.text);
        size_t first = 2 * AT_COUNT(words) + 5; /* `local __is, …, require = ...;` */
        struct tokens back = restored(&made, first);
        if (back.n != tokens->n) fail("there are more or fewer tokens", out.text);
        for (size_t i = 0; i < back.n; i++)
            if (!at_str_eq(back.at[i].text, tokens->at[i].text) || back.at[i].kind != tokens->at[i].kind ||
                back.at[i].line != tokens->at[i].line)
                fail("another token, or another line", tokens->at[i].text);
        say(&bare, "");
        for (size_t i = 0; i < back.n; i++) {
            if (back.at[i].attribute) continue;
            say(&bare, " ");
            add(&bare, back.at[i].text.p, back.at[i].text.n);
        }
        if (!compile(L, (at_str){bare.at, (uint32_t)bare.n}, NULL))
            fail("a comparison is left as an attribute", out.text);
        free(made.at);
        free(back.at);
    }
    free(bare.at);
    at_arena_free(&arena);
}

/* Line ends made the same mean the same. */
static void check_lines(lua_State *L, at_str text, const struct text *dump) {
    struct at_arena arena;
    struct text other = {0};
    at_arena_init(&arena, NULL, NULL);
    at_str lines = at_lua_lines(&arena, text);
    if (lines.n && memchr(lines.p, '\r', lines.n)) fail("a carriage return is left", lines);
    if (!compile(L, lines, &other) || other.n != dump->n || memcmp(other.at, dump->at, dump->n) != 0)
        fail("other line ends change the meaning", lines);
    free(other.at);
    at_arena_free(&arena);
}

/* ---- 4: the reader of `check` */

static bool is_read(at_str text) {
    struct at_arena arena;
    struct at_diag_list diags;
    at_arena_init(&arena, NULL, NULL);
    at_diag_list_init(&diags, &arena, NULL);
    struct at_lua_tokens tokens = at_lua_tokens_read(&arena, text);
    struct at_lua_reader reader = {.arena = &arena, .tokens = &tokens, .diags = &diags};
    bool good = at_lua_parse_file(&reader);
    at_arena_free(&arena);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
    static lua_State *L;
    if (n > 1u << 16 || memchr(bytes, '\0', n)) return 0;
    if (!L) L = luaL_newstate();
    at_str text = {n ? (const char *)bytes : "", (uint32_t)n};
    struct text dump = {0};
    whole = text;
    struct tokens tokens = tokens_of(text);
    if (compile(L, text, &dump)) {
        accepted++;
        check_tokens(L, text, &dump, &tokens);
        check_lines(L, text, &dump);
        check_translation(L, text, &tokens);
        if (!is_read(text)) fail("the reader does not accept this", text);
    } else {
        is_read(text);
        struct at_arena arena;
        struct at_lua_text out;
        at_arena_init(&arena, NULL, NULL);
        at_lua_translate(&arena, text, &out); /* ends, and touches nothing outside */
        at_arena_free(&arena);
    }
    free(tokens.at);
    free(dump.at);
    return 0;
}

#ifndef AT_LIBFUZZER
static uint64_t seed;
static uint32_t dice(uint32_t n) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % n;
}
#define ONE_OF(list) ((list)[dice(AT_COUNT(list))])

static const char *const spaces[] = {" ",
                                     "\n",
                                     "\r",
                                     "\r\n",
                                     "\n\r",
                                     "\t",
                                     "\f\v",
                                     "--c\n",
                                     "--c\r",
                                     "--c\r\n",
                                     "--c\n\r",
                                     "--[c\n",
                                     "--[=c\r",
                                     "--[[c\r\n]]",
                                     "--[==[]]]=]]==]",
                                     "-- ]]\r",
                                     "--\\\r",
                                     "--'\r",
                                     "--\"\n",
                                     "--[[\r]]",
                                     "--[=[ ]] ]=]",
                                     "--x\rlocal q=1\r",
                                     "--x\r__is=1\n",
                                     "--\r",
                                     "--[[--\r]]",
                                     "\n\n\r\r\n",
                                     "--=[[\r",
                                     "--x\r a=b|c\n",
                                     "--[==\r",
                                     "  "};
static const char *const numbers[] = {"0",
                                      "1",
                                      "3.0",
                                      "0x10",
                                      "0xA.8p0",
                                      "0x1p4",
                                      "1e+5",
                                      "1E-5",
                                      "3.",
                                      ".5",
                                      "0x.1",
                                      "0xep1",
                                      "0xe+1",
                                      "9223372036854775807",
                                      "9223372036854775808",
                                      "0xffffffffffffffffff",
                                      "1e1",
                                      "5e-0",
                                      "0X1P-2",
                                      "007",
                                      "99999999999999999999999",
                                      "0x",
                                      "1..2",
                                      "3..2",
                                      "0e12",
                                      "1e400"};
static const char *const texts[] = {
    "'a'",      "\"b\"",     "'\\''",     "\"\\\"\"",      "'\\z \r\n x'", "'\\\n'",   "'\\\r\n'",
    "'\\\n\r'", "'\\\r'",    "[[a]]",     "[==[]]]=]]==]", "[[\r\n]]",     "[=[\r]=]", "'--'",
    "'\\x41'",  "'\\u{48}'", "'\\065'",   "'[['",          "']]'",         "\"'\"",    "'\\\\'",
    "'__is'",   "'\\z'",     "[[__key]]", "'\\z\\\r\nb'",  "[=[]]=]=]",    "''",       "'a\\\r\n--b'"};
static const char *const names[] = {"a", "b",    "c", "const", "close", "x1",
                                    "_", "_ENV", "e", "__i",   "goto1", "z_9"};
static const char *const operators[] = {"+",  "-",  "*",  "/",  "//", "%",  "^", "&",  "~",   "|", "<<",
                                        ">>", "..", "==", "~=", "<",  "<=", ">", ">=", "and", "or"};
/* @ an expression, # a number, $ a text, % a name, ? an operator */
static const char *const expressions[] = {
    "#",       "$",           "%",          "@?@",    "(@)",       "-@",        "not @",
    "~@",      "\1@",         "%.%",        "%[@]",   "%[$]",      "%[#]",      "%(@,@)",
    "{@;@}",   "{[@]=@,%=@}", "%:%(@)",     "%$",     "...",       "nil",       "function(%,...)return @ end",
    "%{@}",    "%[%[@]]",     "%[ [[a]] ]", "- -@",   "@?-@",      "a<const>b", "a<b>c",
    "%[@][@]", "#..#",        "%..@",       "@.. .5", "{%<%,%>%}", "\1\1@",     "@^-@"};
static const char *const statements[] = {"local % = @",
                                         "local %,% = @,@",
                                         "local % <const> = @",
                                         "local % <close> = nil",
                                         "local %<const>,% <close>",
                                         "% = @",
                                         "%.% = @",
                                         "%[@] = @",
                                         "%(@)",
                                         ";",
                                         "do % = @ end",
                                         "if @ then % = @ elseif @ then else end",
                                         "while @ do break end",
                                         "repeat local % = @ until @",
                                         "for % = #,#,# do end",
                                         "for %,% in @ do end",
                                         "function %.%:%(%) return @ end",
                                         "local function %(...) end",
                                         "goto l ::l::",
                                         "%$",
                                         "local % < --[[c]] const > = @",
                                         "local %<\rclose\r>= nil",
                                         "%, %[@] = @, @",
                                         "::m::",
                                         "return @"};

static void spaced(struct text *out) {
    if (dice(3) == 0) say(out, dice(4) ? " " : ONE_OF(spaces));
}

static void write_form(struct text *out, const char *form, unsigned depth) {
    if (out->n > 4000) depth = 0;
    for (; *form; form++) {
        bool letter = (*form >= 'a' && *form <= 'z') || (*form >= 'A' && *form <= 'Z');
        if (!letter) spaced(out);
        switch (*form) {
        case '@': write_form(out, depth ? ONE_OF(expressions) : "%", depth ? depth - 1 : 0); break;
        case '#': say(out, ONE_OF(numbers)); break;
        case '$': say(out, ONE_OF(texts)); break;
        case '%': say(out, ONE_OF(names)); break;
        case '?': say(out, ONE_OF(operators)); break;
        case '\1': say(out, "#"); break;
        case ' ': say(out, ONE_OF(spaces)); break;
        default: add(out, form, 1); break;
        }
    }
}

/* Replaces, inserts, and deletes bytes. */
static void damage(struct text *text) {
    for (uint32_t k = dice(4) + 1; k > 0 && text->n; k--) {
        static const char bytes[] = "\n\r[]=-'\"\\|<>~.z#_(){}x0e ";
        uint32_t at = dice((uint32_t)text->n);
        if (dice(3) == 0) {
            memmove(text->at + at, text->at + at + 1, text->n - at);
            text->n--;
        } else if (dice(2)) {
            text->at[at] = bytes[dice(sizeof bytes - 1)];
        } else {
            add(text, " ", 1);
            memmove(text->at + at + 1, text->at + at, text->n - 1 - at);
            text->at[at] = bytes[dice(sizeof bytes - 1)];
        }
    }
}

/* Puts other spaces between the tokens of a text, and sometimes other tokens. */
static void respaced(struct text *out, at_str text) {
    struct at_lua_token token = at_lua_token_at(text, 0);
    for (; token.kind != AT_LT_END; token = at_lua_token_at(text, token.end)) {
        if (token.kind == AT_LT_SPACE)
            say(out, ONE_OF(spaces));
        else if (token.kind == AT_LT_NUMBER && dice(4) == 0)
            say(out, ONE_OF(numbers));
        else if (token.kind == AT_LT_TEXT && dice(4) == 0)
            say(out, ONE_OF(texts));
        else
            add(out, text.p + token.start, token.end - token.start);
        if (token.kind != AT_LT_SPACE && dice(16) == 0) say(out, ONE_OF(spaces));
    }
}

static at_str read_file(const char *name) {
    FILE *file = fopen(name, "rb");
    char *bytes = malloc(1 << 16);
    if (!file || !bytes) {
        perror(name);
        exit(2);
    }
    at_str out = {bytes, (uint32_t)fread(bytes, 1, (1 << 16) - 1, file)};
    fclose(file);
    return out;
}

/* A part of a file that begins and ends at a line. */
static at_str part_of(at_str text) {
    uint32_t from = dice(text.n + 1), to = from + dice(1500);
    if (to > text.n) to = text.n;
    while (from > 0 && text.p[from - 1] != '\n')
        from--;
    while (to < text.n && text.p[to] != '\n')
        to++;
    return (at_str){text.p + from, to - from};
}

static void one_input(char **files, int n_files) {
    struct text text = {0};
    say(&text, "");
    if (n_files && dice(4) == 0) {
        at_str whole_file = read_file(files[dice((uint32_t)n_files)]);
        respaced(&text, part_of(whole_file));
        free((char *)whole_file.p);
    } else {
        for (uint32_t k = dice(6) + 1; k > 0; k--) {
            write_form(&text, ONE_OF(statements), dice(4));
            say(&text, dice(3) ? "\n" : ONE_OF(spaces));
        }
    }
    if (dice(3) == 0) damage(&text);
    LLVMFuzzerTestOneInput((const uint8_t *)text.at, text.n);
    free(text.at);
}

int main(int argc, char **argv) {
    time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 10);
    seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    char **files = argc > 3 ? argv + 3 : NULL;
    uint64_t runs = 0;
    for (; time(NULL) < end; runs++)
        one_input(files, argc > 3 ? argc - 3 : 0);
    printf("fuzz_translate: %llu executions, of which Lua accepted %llu, nothing found\n",
           (unsigned long long)runs, (unsigned long long)accepted);
    return 0;
}
#endif
