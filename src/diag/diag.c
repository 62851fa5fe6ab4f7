/* diag/diag.c: the list of diagnostics: adding, labelling, sorting. Diagnostics beyond the limit are counted,
 * not kept. */
#include "diag/say.h"

#include "base/sort.h"
#include "base/vec.h"
#include "words/message.h"

static const struct at_diag_code_info CODES[AT_CODE_COUNT + 1] = {
#define AT_DIAG(code, severity, title, about) {#code, AT_SEV_##severity, title, about},
#include "diag/diagnostics.def"
#undef AT_DIAG
    {0},
};

const struct at_diag_code_info *at_diag_code_info(enum at_diag_code code) {
    return &CODES[code];
}

enum at_diag_code at_diag_code_find(at_str name) {
    for (int code = 0; code < AT_CODE_COUNT; code++)
        if (at_str_eq(at_str_z(CODES[code].name), name)) return (enum at_diag_code)code;
    return AT_CODE_COUNT;
}

void at_diag_list_init(struct at_diag_list *diags, struct at_arena *arena,
                       const struct at_diag_sources *sources) {
    *diags = (struct at_diag_list){.arena = arena, .sources = sources};
}

/* Default: 1,000 diagnostics. Policies with more are not read by people. */
static bool has_room(const struct at_diag_list *diags) {
    return diags->n < (diags->limit ? diags->limit : 1000);
}

/* Beyond the limit, it returns `scrap`, which every other function accepts and ignores. Callers therefore
 * do not check for NULL. */
static struct at_diag *take(struct at_diag_list *diags, enum at_diag_code code) {
    enum at_diag_severity severity = CODES[code].severity;
    struct at_diag *diag = &diags->scrap;
    if (severity == AT_SEV_WARNING && diags->allowed[code]) {
        *diag = (struct at_diag){.code = code, .severity = AT_SEV_NOTE, .list = diags};
        return diag;
    }
    if (has_room(diags)) { /* memory may fail here, and then nothing is counted */
        diag = AT_NEW(diags->arena, struct at_diag);
        AT_VEC_ROOM(diags->arena, diags, 1);
    }
    *diag = (struct at_diag){.code = code, .severity = severity, .order = diags->n, .list = diags};
    if (diag != &diags->scrap) diags->at[diags->n++] = diag;
    diags->errors += severity == AT_SEV_ERROR;
    diags->warnings += severity == AT_SEV_WARNING;
    diags->added++;
    return diag;
}

/* Texts of a diagnostic that is not kept are not formatted, because they would use memory. */
static bool kept(const struct at_diag *diag) {
    return diag != &diag->list->scrap;
}

/* In the language of the list. The diagnostic remembers it, so that its frame matches the message. */
static at_str text_of(struct at_diag *diag, const char *format, va_list args) {
    const struct at_diag_list *diags = diag->list;
    at_str text;
    if (at_words_message(diags->arena, diags->words, format, args, &text)) {
        diag->words = diags->words;
        return text;
    }
    return at_str_vformat(diags->arena, format, args);
}

struct at_diag *at_diag_add_args(struct at_diag_list *diags, enum at_diag_code code, at_span span,
                                 const char *format, va_list args) {
    struct at_diag *diag = take(diags, code);
    if (!kept(diag)) return diag;
    diag->message = text_of(diag, format, args);
    diag->span = span;
    return diag;
}

struct at_diag *at_diag_add(struct at_diag_list *diags, enum at_diag_code code, at_span span,
                            const char *format, ...) {
    va_list args;
    va_start(args, format);
    struct at_diag *diag = at_diag_add_args(diags, code, span, format, args);
    va_end(args);
    return diag;
}

/* Copies the texts: the reader of data uses its buffer again. */
static void put_place(struct at_diag *diag, const struct at_diag_data_place *place) {
    struct at_arena *arena = diag->list->arena;
    struct at_diag_data_place *copy = AT_NEW(arena, struct at_diag_data_place);
    *copy = *place;
    copy->file = at_str_copy(arena, place->file);
    copy->name = at_str_copy(arena, place->name);
    copy->excerpt = at_str_copy(arena, place->excerpt);
    diag->place = copy;
}

struct at_diag *at_diag_add_at(struct at_diag_list *diags, enum at_diag_code code,
                               const struct at_diag_data_place *place, const char *format, ...) {
    struct at_diag *diag = take(diags, code);
    if (!kept(diag)) return diag;
    va_list args;
    va_start(args, format);
    diag->message = text_of(diag, format, args);
    va_end(args);
    put_place(diag, place);
    return diag;
}

static at_str said(const struct at_diag *diag, const struct at_words_sentence *sentence) {
    return at_words_write(diag->list->arena, diag->words, sentence);
}

/* The diagnostic remembers the language, so that its frame matches the sentences. */
struct at_diag *at_diag_say(struct at_diag_list *diags, enum at_diag_code code, at_span span,
                            const struct at_diag_data_place *place, struct at_words_sentence sentence) {
    struct at_diag *diag = take(diags, code);
    if (!kept(diag)) return diag;
    diag->words = diags->words ? diags->words : at_words_find((at_str){0});
    diag->message = said(diag, &sentence);
    if (place)
        put_place(diag, place);
    else
        diag->span = span;
    return diag;
}

void at_diag_say_help(struct at_diag *diag, struct at_words_sentence sentence) {
    if (kept(diag)) diag->help = said(diag, &sentence);
}

void at_diag_say_note(struct at_diag *diag, struct at_words_sentence sentence) {
    if (kept(diag)) diag->note = said(diag, &sentence);
}

void at_diag_label(struct at_diag *diag, at_span span, const char *format, ...) {
    if (!kept(diag)) return;
    struct at_arena *arena = diag->list->arena;
    size_t size = sizeof(struct at_diag_label);
    va_list args;
    va_start(args, format);
    struct at_diag_label label = {span, text_of(diag, format, args)};
    va_end(args);
    diag->labels = at_arena_grow(arena, diag->labels, diag->n_labels * size, (diag->n_labels + 1) * size);
    diag->labels[diag->n_labels++] = label;
}

void at_diag_help(struct at_diag *diag, const char *format, ...) {
    if (!kept(diag)) return;
    va_list args;
    va_start(args, format);
    diag->help = text_of(diag, format, args);
    va_end(args);
}

void at_diag_note(struct at_diag *diag, const char *format, ...) {
    if (!kept(diag)) return;
    va_list args;
    va_start(args, format);
    diag->note = text_of(diag, format, args);
    va_end(args);
}

void at_diag_fix(struct at_diag *diag, at_span span, const char *format, ...) {
    if (!kept(diag)) return;
    struct at_arena *arena = diag->list->arena;
    size_t size = sizeof *diag->fixes;
    va_list args;
    va_start(args, format);
    struct at_diag_edit edit = {span, at_str_vformat(arena, format, args)};
    va_end(args);
    diag->fixes = at_arena_grow(arena, diag->fixes, diag->n_fixes * size, (diag->n_fixes + 1) * size);
    diag->fixes[diag->n_fixes++] = edit;
}

/* ---- warnings that are accepted, and warnings that are errors */

void at_diag_allow(struct at_diag_list *diags, enum at_diag_code code) {
    uint32_t n = 0;
    diags->allowed[code] = true;
    for (uint32_t i = 0; i < diags->n; i++) {
        struct at_diag *diag = diags->at[i];
        if (diag->code != code || diag->severity != AT_SEV_WARNING) {
            diags->at[n++] = diag;
            continue;
        }
        diags->warnings--;
        diags->added--;
    }
    diags->n = n;
}

/* Scrap is a warning only if it is counted as one. */
void at_diag_raise(struct at_diag *diag) {
    if (diag->severity != AT_SEV_WARNING) return;
    diag->severity = AT_SEV_ERROR;
    diag->list->warnings--;
    diag->list->errors++;
}

void at_diag_list_raise(struct at_diag_list *diags) {
    for (uint32_t i = 0; i < diags->n; i++)
        at_diag_raise(diags->at[i]);
    diags->errors += diags->warnings; /* of those beyond the limit */
    diags->warnings = 0;
}

/* ---- sorting */

/* Returns from the calling function if the two differ. */
#define ORDER(a, b)                                                                                          \
    if ((a) != (b)) return (a) < (b) ? -1 : 1

/* Places in a policy come before places in data. An offset sorts by file too, because offsets of all files
 * ascend. */
static int place_cmp(const struct at_diag *a, const struct at_diag *b) {
    ORDER(a->place != NULL, b->place != NULL);
    if (a->place) {
        int c = at_str_cmp(a->place->file, b->place->file);
        if (c) return c;
        ORDER(a->place->row, b->place->row);
        ORDER(a->place->column, b->place->column);
        return 0;
    }
    ORDER(a->span.start, b->span.start);
    return 0;
}

/* `order` makes the order total, so the result does not depend on the sort. */
static int diag_cmp(const void *left, const void *right) {
    const struct at_diag *a = *(struct at_diag *const *)left, *b = *(struct at_diag *const *)right;
    int c = place_cmp(a, b);
    if (c) return c;
    ORDER(a->severity, b->severity);
    ORDER(a->order, b->order);
    return 0;
}

static bool repeats(const struct at_diag *a, const struct at_diag *b) {
    return a->code == b->code && place_cmp(a, b) == 0 && (a->place || a->span.end == b->span.end) &&
           at_str_eq(a->message, b->message);
}

/* If 70,000 columns are missing from a file, the file gets 70,000 diagnostics at its first line. */
enum { LOOK_BACK = 50 };

/* Returns whether one of the diagnostics kept so far at the same place has the same text. */
static bool said_before(const struct at_diag_list *diags, uint32_t n, const struct at_diag *diag) {
    for (int left = LOOK_BACK; left > 0 && n-- > 0 && place_cmp(diags->at[n], diag) == 0; left--)
        if (repeats(diags->at[n], diag)) return true;
    return false;
}

/* Removes duplicates in place. Counters follow, because an exit code depends on them. */
void at_diag_list_sort(struct at_diag_list *diags) {
    uint32_t n = 0;
    at_sort_items(diags->arena, diags->at, diags->n, sizeof *diags->at, diag_cmp);
    for (uint32_t i = 0; i < diags->n; i++) {
        struct at_diag *diag = diags->at[i];
        if (!said_before(diags, n, diag)) {
            diags->at[n++] = diag;
            continue;
        }
        diags->added--;
        diags->errors -= diag->severity == AT_SEV_ERROR;
        diags->warnings -= diag->severity == AT_SEV_WARNING;
    }
    diags->n = n;
}
