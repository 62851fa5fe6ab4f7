/* diff/copies.c: the copies of a statement in a plan of several versions. `commission from 2026-06-15`,
 * `commission before 2026-06-15`, and `commission earlier than 2026-06-15` are one formula of the later
 * version, so a change of it is one edit. */
#include "diff/edits_int.h"

enum { DAY = 10 }; /* 2026-06-15 */

static bool ends_with(at_str text, at_str end) {
    return text.n > end.n && memcmp(text.p + text.n - end.n, end.p, end.n) == 0;
}

/* The words between a name and its day, and that of the version. The longer ones come first. */
static const struct {
    const char *between, *version;
    int days; /* from the day to that of the version */
} WORDS[] = {{" of days before ", "to", -1},
             {" of days from ", "from", 0},
             {" earlier than ", "from", 0},
             {" before ", "from", 0},
             {" through ", "to", 0},
             {" from ", "from", 0},
             {" to ", "to", 0}};

/* Takes the last words and day off the name. */
static bool take_off(at_str *name, struct at_arena *arena, at_str *version) {
    at_date day;
    if (name->n <= DAY || !at_date_parse_iso((at_str){name->p + name->n - DAY, DAY}, &day)) return false;
    at_str rest = {name->p, name->n - DAY};
    for (size_t i = 0; i < AT_COUNT(WORDS); i++) {
        at_str between = at_str_z(WORDS[i].between);
        if (!ends_with(rest, between) || day == AT_DATE_MIN) continue;
        *name = (at_str){rest.p, rest.n - between.n};
        *version = at_str_format(arena, "%s %.*s", WORDS[i].version,
                                 AT_STR_ARG(at_date_print(arena, day + WORDS[i].days)));
        return true;
    }
    return false;
}

at_str at_diff_copy_of(at_str name, struct at_arena *arena, at_str *version) {
    at_str of = name;
    while (take_off(&of, arena, version))
        continue;
    return of.n < name.n ? of : (at_str){0};
}
