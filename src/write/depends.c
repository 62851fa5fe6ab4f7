/* write/depends.c: what components depend on, for a terminal and as JSON. */
#include "base/visible.h"
#include "write/report.h"

enum { WIDTH = 100, NAMES_AT = 12, MOST_NAMES_AT = 30 };

static const struct at_diag_sources *sources_of(const struct at_depend *depend) {
    return depend->plan->checked->ast->sources;
}

static at_str component_of(const struct at_write_report *r, const struct at_depend *depend,
                           uint32_t component) {
    if (component == AT_NO_NODE) return at_words_word(r->words, AT_W_DEPENDS_EVERYWHERE);
    return depend->plan->components[component].name;
}

/* ---- text */

/* The names of one kind, wrapped below each other. */
static void put_names(const struct at_write_report *r, const struct at_depend *depend, uint32_t component,
                      enum at_depend_kind kind) {
    static const enum at_words_word heads[] = {AT_W_DEPENDS_FIELDS, AT_W_DEPENDS_TABLES, AT_W_DEPENDS_PARAMS,
                                               AT_W_DEPENDS_MEASURES};
    unsigned width = r->width ? r->width : WIDTH, column = 0;
    for (uint32_t i = 0; i < depend->n; i++) {
        const struct at_depend_item *item = &depend->items[i];
        if (item->component != component || item->kind != kind) continue;
        struct at_arena_mark mark = at_arena_mark(r->arena);
        at_str name = item->name;
        if (item->table.n)
            name = at_str_format(r->arena, "%.*s.%.*s", AT_STR_ARG(item->table), AT_STR_ARG(item->name));
        name = at_visible(r->arena, name);
        unsigned wide = at_utf8_width(name);
        if (column == 0) {
            at_str head = at_words_word(r->words, heads[kind]);
            at_sink_z(r->out, "  ");
            at_sink_visible(r->out, head);
            for (unsigned k = at_utf8_width(head) + 2; k < NAMES_AT; k++)
                at_sink_z(r->out, " ");
            column = NAMES_AT;
        } else if (column + wide + 2 > width) {
            at_sink_printf(r->out, "%s\n%*s", at_words_chinese(r->words) ? "、" : ",", NAMES_AT, "");
            column = NAMES_AT;
        } else {
            at_sink_z(r->out, at_words_chinese(r->words) ? "、" : ", ");
            column += 2;
        }
        at_sink_visible(r->out, name);
        column += wide;
        at_arena_reset(r->arena, mark);
    }
    if (column) at_sink_z(r->out, "\n");
}

static void put_title(const struct at_write_report *r, const struct at_depend *depend, uint32_t component) {
    if (r->color) at_sink_z(r->out, "\033[1m");
    at_sink_visible(r->out, component_of(r, depend, component));
    if (r->color) at_sink_z(r->out, "\033[0m");
    at_sink_z(r->out, "\n");
}

static void put_lists(const struct at_write_report *r, const struct at_depend *depend) {
    uint32_t before = AT_NO_NODE - 1;
    for (uint32_t i = 0; i < depend->n; i++) {
        uint32_t component = depend->items[i].component;
        if (component == before) continue;
        if (i > 0) at_sink_z(r->out, "\n");
        before = component;
        put_title(r, depend, component);
        for (int kind = AT_DEPEND_FIELD; kind <= AT_DEPEND_MEASURE; kind++)
            put_names(r, depend, component, (enum at_depend_kind)kind);
    }
}

/* "commission (policy.attain:14) → factor (policy.attain:11) → rep.gender (policy.attain:11)" */
static void put_path(const struct at_write_report *r, const struct at_depend *depend,
                     const struct at_depend_item *item) {
    put_title(r, depend, item->component);
    for (uint32_t k = 0; k < item->path.n; k++) {
        const struct at_depend_step *step = &item->path.steps[k];
        at_sink_printf(r->out, "  %*s%s", (int)(k < MOST_NAMES_AT ? 2 * k : 2 * MOST_NAMES_AT), "",
                       k ? "→ " : "");
        at_sink_visible(r->out, step->name);
        if (step->span.end) {
            struct at_diag_place place = at_diag_sources_place(sources_of(depend), step->span.start);
            at_sink_z(r->out, "  (");
            at_sink_visible(r->out, place.file->name);
            at_sink_printf(r->out, ":%llu)", (unsigned long long)place.line);
        }
        at_sink_z(r->out, "\n");
    }
}

void at_write_depends_text(const struct at_write_report *r, const struct at_depend *depend, at_str field) {
    uint32_t paths = 0;
    if (field.n == 0) {
        put_lists(r, depend);
        return;
    }
    for (uint32_t i = 0; i < depend->n; i++) {
        if (depend->items[i].kind != AT_DEPEND_FIELD) continue;
        if (paths++) at_sink_z(r->out, "\n");
        put_path(r, depend, &depend->items[i]);
    }
    if (paths) return;
    at_str said = at_words_say_plain(r->arena, r->words, AT_W_DEPENDS_NOT, &field, 1);
    at_sink_visible(r->out, said);
    at_sink_z(r->out, "\n");
}

/* ---- JSON */

static void put_path_json(const struct at_write_report *r, const struct at_depend *depend,
                          const struct at_depend_path *path) {
    at_sink_z(r->out, ", \"path\": [");
    for (uint32_t k = 0; k < path->n; k++) {
        const struct at_depend_step *step = &path->steps[k];
        at_sink_z(r->out, k ? ", {\"name\": " : "{\"name\": ");
        at_sink_json(r->out, step->name);
        if (step->span.end) {
            struct at_diag_place place = at_diag_sources_place(sources_of(depend), step->span.start);
            at_sink_z(r->out, ", \"file\": ");
            at_sink_json(r->out, place.file->name);
            at_sink_printf(r->out, ", \"line\": %llu", (unsigned long long)place.line);
        }
        at_sink_z(r->out, "}");
    }
    at_sink_z(r->out, "]");
}

void at_write_depends_json(const struct at_write_report *r, const struct at_depend *depend) {
    static const char *const kinds[] = {"field", "table", "param", "measure"};
    at_sink_z(r->out, "{\n  \"policy\": ");
    at_sink_json(r->out, depend->plan->checked->name);
    at_sink_z(r->out, ",\n  \"depends\": [");
    for (uint32_t i = 0; i < depend->n; i++) {
        const struct at_depend_item *item = &depend->items[i];
        at_sink_z(r->out, i ? ",\n    {\"component\": " : "\n    {\"component\": ");
        if (item->component == AT_NO_NODE)
            at_sink_z(r->out, "null");
        else
            at_sink_json(r->out, depend->plan->components[item->component].name);
        at_sink_printf(r->out, ", \"kind\": \"%s\"", kinds[item->kind]);
        if (item->table.n) {
            at_sink_z(r->out, ", \"table\": ");
            at_sink_json(r->out, item->table);
        }
        at_sink_z(r->out, ", \"name\": ");
        at_sink_json(r->out, item->name);
        if (item->kind == AT_DEPEND_FIELD) put_path_json(r, depend, &item->path);
        at_sink_z(r->out, "}");
    }
    at_sink_z(r->out, depend->n ? "\n  ]\n}\n" : "]\n}\n");
}
