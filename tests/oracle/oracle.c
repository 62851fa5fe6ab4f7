/* tests/oracle/oracle.c: the exact numbers behind a pipe, so that another program can check them.
 *
 * Each line of standard input is a question; each gets one line of answer:
 *
 *     e RPN...              the value of an expression: its form and its exact text
 *     f DIGITS COMMAS RPN.. the value printed with so many decimals
 *     i DIGITS RPN...       the value times 10^DIGITS as a 64-bit integer, or "no"
 *     a WHOLE NEGATIVES WEIGHT...  the parts of an allotment, or "none"
 *
 * RPN words: a number; + - * /; n negate, b absolute, f floor; c compare; d copy; s swap; rDIGITS,HOW round.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/allot.h"
#include "base/numtext.h"
#include "base/vec.h"

#define MAX_STACK 64

static void fail(const char *why, const char *what) {
    fprintf(stderr, "oracle: %s: %s\n", why, what);
    exit(2);
}

static at_num number(struct at_arena *arena, const char *word) {
    at_num value;
    if (!at_num_parse(arena, at_str_z(word), false, &value)) fail("not a number", word);
    return value;
}

static at_num round_word(struct at_arena *arena, at_num a, const char *word) {
    char *comma;
    long digits = strtol(word + 1, &comma, 10);
    return at_num_round(arena, a, (int)digits, (enum at_num_rounding)atoi(comma + 1));
}

/* Applies one word to the stack of n numbers; returns the new n. */
static int apply(struct at_arena *arena, at_num *stack, int n, const char *word) {
    bool op = word[1] == '\0' || word[0] == 'r';
    at_num *top = &stack[n - 1], *under = &stack[n - 2];
    if (op && strchr("+-*/cs", word[0]) && n < 2) fail("too few numbers", word);
    switch (op ? word[0] : '0') {
    case '+': *under = at_num_add(arena, *under, *top); return n - 1;
    case '-': *under = at_num_sub(arena, *under, *top); return n - 1;
    case '*': *under = at_num_mul(arena, *under, *top); return n - 1;
    case '/': *under = at_num_div(arena, *under, *top); return n - 1;
    case 'c': *under = at_num_int(at_num_cmp(arena, *under, *top)); return n - 1;
    case 'n': *top = at_num_neg(arena, *top); return n;
    case 'b': *top = at_num_abs(arena, *top); return n;
    case 'f': *top = at_num_floor(arena, *top); return n;
    case 'r': *top = round_word(arena, *top, word); return n;
    case 'd': stack[n] = *top; return n + 1;
    case 's': {
        at_num swap = *top;
        *top = *under;
        *under = swap;
        return n;
    }
    default: stack[n] = number(arena, word); return n + 1;
    }
}

static at_num evaluate(struct at_arena *arena, char **state) {
    at_num stack[MAX_STACK + 2];
    int n = 0;
    for (char *word; (word = strtok_r(NULL, " \n", state));) {
        if (n >= MAX_STACK) fail("too many numbers", word);
        n = apply(arena, stack, n, word);
    }
    if (n != 1) fail("expression leaves more or less than one number", "");
    return stack[0];
}

static void answer_allot(struct at_arena *arena, char **state) {
    AT_VEC(at_num) weights = {0};
    int64_t whole = strtoll(strtok_r(NULL, " \n", state), NULL, 10);
    bool negatives = strtok_r(NULL, " \n", state)[0] == '1';
    for (char *word; (word = strtok_r(NULL, " \n", state));) {
        char *slash = strchr(word, '/');
        if (slash) *slash = '\0';
        at_num weight = number(arena, word);
        if (slash) weight = at_num_div(arena, weight, number(arena, slash + 1));
        AT_VEC_PUSH(arena, &weights, weight);
    }
    int64_t *parts = AT_NEW_ARRAY(arena, int64_t, weights.n + 1);
    if (!at_allot(arena, whole, weights.at, weights.n, negatives, parts)) {
        puts("none");
        return;
    }
    for (size_t i = 0; i < weights.n; i++)
        printf("%s%lld", i ? " " : "", (long long)parts[i]);
    putchar('\n');
}

static void answer(struct at_arena *arena, char *line) {
    static const char forms[] = "NLWO"; /* narrow, long, wide, overflow */
    char *state = NULL, *kind = strtok_r(line, " \n", &state);
    if (!kind) fail("empty line", "");
    if (kind[0] == 'a') {
        answer_allot(arena, &state);
    } else if (kind[0] == 'f') {
        unsigned digits = (unsigned)atoi(strtok_r(NULL, " \n", &state));
        bool commas = strtok_r(NULL, " \n", &state)[0] == '1', shortened;
        at_str text = at_num_print_fixed(arena, evaluate(arena, &state), digits, commas, &shortened);
        printf("%s %d\n", text.p, shortened);
    } else if (kind[0] == 'i') {
        unsigned digits = (unsigned)atoi(strtok_r(NULL, " \n", &state));
        int64_t value;
        if (at_num_to_i64(arena, evaluate(arena, &state), digits, &value))
            printf("%lld\n", (long long)value);
        else
            puts("no");
    } else {
        at_num value = evaluate(arena, &state);
        printf("%c %s\n", forms[value.form], at_num_print(arena, value).p);
    }
}

int main(void) {
    struct at_arena arena;
    char *line = NULL;
    size_t room = 0;
    at_arena_init(&arena, NULL, NULL);
    struct at_arena_mark mark = at_arena_mark(&arena);
    while (getline(&line, &room, stdin) > 0) {
        answer(&arena, line);
        at_arena_reset(&arena, mark);
    }
    at_arena_free(&arena);
    free(line);
    return ferror(stdin) || fflush(stdout) ? 1 : 0;
}
