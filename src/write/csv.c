/* write/csv.c: writes lines as CSV with the columns payee, period, component, line, amount, and
 * currency.
 *
 * Fields that consecutive lines share are kept in a prefix, so a line of a component that pays row by row
 * copies only the prefix, its key, and its amount.
 */
#include "write/writer.h"

#include "base/visible.h"

#define HEADER "payee,period,component,line,amount,currency\n"

struct csv {
    struct at_sink *sink;
    struct at_arena *scratch;
    struct at_arena_mark mark;
    bool safe;
    const struct at_settle_line *last; /* whose prefix stands ready; NULL: none yet */
    uint32_t last_run;
    at_str prefix; /* "ana,2026-Q1,commission," */
};

/* A spreadsheet takes a cell that begins like this for a formula; some read the full-width signs, too, and
 * drop blanks and characters that cannot be seen before it. */
static bool dangerous(at_str s) {
    for (const char *p = s.p, *end = s.p + s.n; p < end;) {
        unsigned length;
        uint32_t c = at_utf8_next(p, end, &length);
        if (c < 0x80 ? memchr("=+-@\t\r\n", (int)c, 7) != NULL
                     : c == 0xFF1D || c == 0xFF0B || c == 0xFF0D || c == 0xFF20)
            return true;
        if (c != ' ' && c != 0xA0 && c != 0x3000 && (c < 0x80 || !at_visible_hidden(c))) return false;
        p += length;
    }
    return false;
}

static bool plain(at_str s) {
    for (uint32_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == ',' || c == '"' || c == '\n' || c == '\r') return false;
    }
    return s.n == 0 || (s.p[0] != ' ' && s.p[0] != '\t' && s.p[s.n - 1] != ' ' && s.p[s.n - 1] != '\t');
}

at_str at_write_csv_defuse(struct at_arena *arena, at_str s) {
    return dangerous(s) ? at_str_format(arena, "'%.*s", AT_STR_ARG(s)) : s;
}

static void put_field(struct csv *csv, at_str s) {
    at_sink_csv(csv->sink, csv->safe ? at_write_csv_defuse(csv->scratch, s) : s);
}

static int collect(void *context, const char *bytes, size_t n) {
    struct csv *csv = context;
    char *grown =
        at_arena_grow(csv->scratch, (void *)(uintptr_t)csv->prefix.p, csv->prefix.n, csv->prefix.n + n);
    memcpy(grown + csv->prefix.n, bytes, n);
    csv->prefix = (at_str){grown, csv->prefix.n + (uint32_t)n};
    return 0;
}

static void make_prefix(struct csv *csv, const struct at_session_result_run *r,
                        const struct at_settle_line *line) {
    at_arena_reset(csv->scratch, csv->mark);
    struct at_sink *real = csv->sink, *sink = at_arena_get(csv->scratch, sizeof *sink);
    at_str texts[] = {r->keys[line->payee], r->periods[line->period],
                      r->run->plan->components[line->component].name};
    csv->prefix = (at_str){0};
    csv->sink = sink;
    at_sink_init(sink, collect, csv);
    for (unsigned i = 0; i < AT_COUNT(texts); i++) {
        put_field(csv, texts[i]);
        at_sink_put(sink, ",", 1);
    }
    at_sink_flush(sink);
    csv->sink = real;
    csv->last = line;
}

static bool same_prefix(const struct csv *csv, uint32_t run, const struct at_settle_line *line) {
    return csv->last && csv->last_run == run && csv->last->payee == line->payee &&
           csv->last->period == line->period && csv->last->component == line->component;
}

/* Writes a common line directly to the sink's buffer. Returns false if it needs the general path. */
static bool put_fast(const struct csv *csv, const struct at_settle_line *line,
                     const struct at_currency_info *currency) {
    struct at_sink *sink = csv->sink;
    size_t most = (size_t)csv->prefix.n + line->key.n + AT_MINOR_SIZE + 8;
    if (csv->safe || most > sizeof sink->buffer || !plain(line->key)) return false;
    if (most > sizeof sink->buffer - sink->n && at_sink_flush(sink)) return true;
    char *p = sink->buffer + sink->n;
    memcpy(p, csv->prefix.p, csv->prefix.n);
    p += csv->prefix.n;
    if (line->key.n) memcpy(p, line->key.p, line->key.n);
    p += line->key.n;
    *p++ = ',';
    p += at_write_minor_write(p, line->currency ? line->local : line->minor, currency->digits, false);
    *p++ = ',';
    memcpy(p, currency->code, 3);
    p[3] = '\n';
    sink->n = (size_t)(p + 4 - sink->buffer);
    return true;
}

static void put_slow(struct csv *csv, const struct at_settle_line *line,
                     const struct at_currency_info *currency) {
    char amount[AT_MINOR_SIZE];
    at_sink_str(csv->sink, csv->prefix);
    put_field(csv, line->key);
    at_sink_put(csv->sink, ",", 1);
    at_sink_put(
        csv->sink, amount,
        at_write_minor_write(amount, line->currency ? line->local : line->minor, currency->digits, false));
    at_sink_put(csv->sink, ",", 1);
    at_sink_z(csv->sink, currency->code);
    at_sink_put(csv->sink, "\n", 1);
}

void at_write_csv(const struct at_session_results *results, const struct at_write_options *options,
                  struct at_arena *scratch, struct at_sink *out) {
    struct csv csv = {
        .sink = out, .scratch = scratch, .mark = at_arena_mark(scratch), .safe = options->safe_csv};
    at_sink_z(out, HEADER);
    for (uint64_t i = 0; i < results->n_lines && !out->error; i++) {
        uint32_t run;
        const struct at_settle_line *line = at_session_results_at(results, i, &run);
        const struct at_session_result_run *r = &results->runs[run];
        if (!same_prefix(&csv, run, line)) make_prefix(&csv, r, line);
        csv.last_run = run;
        const struct at_currency_info *currency =
            line->currency ? at_currency_info(line->currency) : r->currency;
        if (!put_fast(&csv, line, currency)) put_slow(&csv, line, currency);
    }
}
