/* api/names.c: attain_names: the names of a policy for editors: declarations, uses, and what they mean. */
#include "names/names.h"
#include "api/handle.h"
#include "api/range.h"
#include "base/visible.h"

struct attain_names {
    struct at_api_own own;
    struct attain_policy *policy; /* retained */
    const struct at_names *names;
};

#define FREE(names) at_api_handle_free((names), sizeof(struct attain_names))

/* The names are views of the policy, which the handle retains. */
static attain_status make(void *context) {
    struct attain_names *names = context;
    names->names = at_names_make(names->policy->checked, &names->own.arena);
    return ATTAIN_OK;
}

attain_status attain_names_new(attain_policy *policy, const attain_allocator *allocator, attain_names **out) {
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!policy || policy->stage != ATTAIN_STAGE_CHECK) return ATTAIN_USAGE;
    if (!policy->checked) return ATTAIN_BAD_POLICY;
    struct attain_names *names = at_api_handle_new(allocator, sizeof *names);
    if (!names) return ATTAIN_NO_MEMORY;
    names->policy = attain_policy_retain(policy);
    attain_status status = at_api_own_run(&names->own, make, names);
    if (status == ATTAIN_OK)
        *out = names;
    else
        attain_names_free(names);
    return status;
}

void attain_names_free(attain_names *names) {
    if (!names) return;
    attain_policy_release(names->policy);
    FREE(names);
}

size_t attain_names_count(const attain_names *names) {
    return names ? names->names->entries.n : 0;
}

/* Returns the code of the currency of money. Other types do not have a unit. */
static const char *unit_of(at_type type) {
    const struct at_currency_info *info = type.kind == AT_T_MONEY ? at_currency_info(type.currency) : NULL;
    return info ? info->code : "";
}

/* The order of attain_type and of attain_grain is that of the checker. */
_Static_assert(ATTAIN_TYPE_FOREIGN == (int)AT_T_FOREIGN && ATTAIN_TYPE_ROW == (int)AT_T_REF &&
                   ATTAIN_TYPE_CHOICE == (int)AT_T_ENUM,
               "types");
_Static_assert(ATTAIN_GRAIN_GROUP == (int)AT_G_GROUP && ATTAIN_GRAIN_CONSTANT == (int)AT_G_CONST, "grains");
_Static_assert(ATTAIN_NAME_TEST == (int)AT_NAMES_TEST && ATTAIN_NAME_RATES == (int)AT_NAMES_RATES, "kinds");

attain_status(attain_names_get)(const attain_names *names, size_t index, attain_name *out, size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_names_count(names)) return ATTAIN_USAGE;
    const struct at_names_entry *entry = &names->names->entries.at[index];
    const struct at_diag_sources *sources = &names->policy->sources;
    struct at_api_range whole = at_api_range_of(sources, entry->node->span);
    struct at_api_range name = at_api_range_of(sources, entry->name);
    attain_name full = {.kind = (attain_name_kind)entry->kind,
                        .name = at_api_text(entry->text),
                        .label = at_api_text(entry->label),
                        .documentation = at_api_text(entry->documentation),
                        .type = (attain_type)entry->type.kind,
                        .optional = entry->type.optional,
                        .grain = (attain_grain)entry->grain,
                        .currency = unit_of(entry->type),
                        .key = entry->kind == AT_NAMES_FIELD && (entry->node->flags & AT_F_KEY),
                        .pool = entry->node->kind == AT_N_POOL,
                        .parent = entry->parent == AT_NAMES_NONE ? SIZE_MAX : entry->parent,
                        .file = whole.file,
                        .start = whole.start,
                        .end = whole.end,
                        .name_start = name.start,
                        .name_end = name.end,
                        .line = name.line,
                        .column = name.column,
                        .use_count = entry->n_uses};
    return AT_OUT_PUT(out, size, full);
}

attain_status(attain_names_use)(const attain_names *names, size_t index, size_t use, attain_use *out,
                                size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_names_count(names)) return ATTAIN_USAGE;
    const struct at_names_entry *entry = &names->names->entries.at[index];
    if (use >= entry->n_uses) return ATTAIN_USAGE;
    const struct at_names_use *found = &names->names->uses.at[entry->first_use + use];
    struct at_api_range range = at_api_range_of(&names->policy->sources, found->span);
    attain_use full = {.name = index,
                       .file = range.file,
                       .start = range.start,
                       .end = range.end,
                       .line = range.line,
                       .column = range.column};
    return AT_OUT_PUT(out, size, full);
}

/* ---- what is at a place */

/* The offset in the source map; 0 where the file has no such place. */
static uint32_t offset_of(const attain_names *names, const char *file, size_t offset) {
    const struct at_ast *ast = names->policy->ast;
    const struct at_diag_sources *sources = &names->policy->sources;
    for (uint32_t i = 0; i < sources->n_files; i++) {
        const struct at_diag_source_file *source = sources->files[i];
        bool own = ast->n_files && at_diag_sources_place(sources, ast->files[0]->span.start).file == source;
        if (file ? !at_str_eq(source->name, at_str_z(file)) : !own) continue;
        return offset <= source->text.n ? source->base + (uint32_t)offset : 0;
    }
    return 0;
}

attain_status(attain_names_at)(const attain_names *names, const char *file, size_t offset, attain_use *out,
                               size_t size) {
    if (!names || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    uint32_t at = offset_of(names, file, offset), entry = AT_NAMES_NONE;
    if (at == 0) return ATTAIN_USAGE;
    const struct at_names_use *use = at_names_at(names->names, at, &entry);
    attain_use full = {.name = SIZE_MAX};
    if (entry != AT_NAMES_NONE) {
        at_span span = use ? use->span : names->names->entries.at[entry].name;
        struct at_api_range range = at_api_range_of(&names->policy->sources, span);
        full = (attain_use){.name = entry,
                            .file = range.file,
                            .start = range.start,
                            .end = range.end,
                            .line = range.line,
                            .column = range.column,
                            .declaration = !use};
    }
    return AT_OUT_PUT(out, size, full);
}

attain_status attain_names_offset(const attain_names *names, const char *file, uint64_t line, uint32_t column,
                                  size_t *out) {
    if (!names || !out || line == 0 || column == 0) return ATTAIN_USAGE;
    const struct at_diag_sources *sources = &names->policy->sources;
    uint32_t start = offset_of(names, file, 0);
    const struct at_diag_source_file *source = start ? at_diag_sources_place(sources, start).file : NULL;
    if (!source || line > source->n_lines) return ATTAIN_USAGE;
    struct at_diag_place place = at_diag_sources_place(sources, source->base + source->lines[line - 1]);
    const char *p = place.line_text.p, *end = p + place.line_text.n;
    for (uint32_t i = 1; i < column && p < end; i++) {
        unsigned n;
        at_utf8_next(p, end, &n);
        p += n;
    }
    *out = (size_t)(p - source->text.p);
    return ATTAIN_OK;
}

/* ---- texts, which depend on the language */

struct telling {
    struct at_api_own own; /* scratch */
    struct at_sink sink;
    const struct at_names *names;
    const struct at_words *words;
    uint32_t at; /* an offset of the source map, or an index */
    at_str (*text)(struct telling *job);
};

static at_str text_of_place(struct telling *job) {
    at_span span;
    return at_names_hover(job->names, job->at, job->words, &job->own.arena, &span);
}

static at_str text_of_type(struct telling *job) {
    return at_names_type(job->names, job->names->entries.at[job->at].type, job->words, &job->own.arena);
}

/* Line by line, with what could hide or reorder text made visible: names and labels may be of any text. */
static void write_lines(struct at_sink *sink, at_str text) {
    for (uint32_t from = 0, to; from < text.n; from = to + 1) {
        for (to = from; to < text.n && text.p[to] != '\n';)
            to++;
        at_sink_visible(sink, (at_str){text.p + from, to - from});
        if (to < text.n) at_sink_z(sink, "\n");
    }
}

static attain_status tell_inside(void *context) {
    struct telling *job = context;
    write_lines(&job->sink, job->text(job));
    return at_sink_flush(&job->sink) ? ATTAIN_IO : ATTAIN_OK;
}

static attain_status tell(const attain_names *names, at_str (*text)(struct telling *), uint32_t at,
                          const char *language, attain_write_fn write, void *context) {
    const struct at_words *words = at_words_find(at_str_z(language ? language : ""));
    if (!words || !write) return ATTAIN_USAGE;
    struct telling *job = at_api_handle_beside(&names->own, sizeof *job);
    if (!job) return at_api_handle_lack(&names->own);
    job->names = names->names;
    job->words = words;
    job->at = at;
    job->text = text;
    at_sink_init(&job->sink, write, context);
    attain_status status = at_api_own_run(&job->own, tell_inside, job);
    at_api_handle_free(job, sizeof *job);
    return status;
}

attain_status attain_names_hover(const attain_names *names, const char *file, size_t offset,
                                 const char *language, attain_write_fn write, void *context) {
    uint32_t at = names ? offset_of(names, file, offset) : 0;
    return at ? tell(names, text_of_place, at, language, write, context) : ATTAIN_USAGE;
}

attain_status attain_names_type(const attain_names *names, size_t index, const char *language,
                                attain_write_fn write, void *context) {
    if (index >= attain_names_count(names)) return ATTAIN_USAGE;
    return tell(names, text_of_type, (uint32_t)index, language, write, context);
}
