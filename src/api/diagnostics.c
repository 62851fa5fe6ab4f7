/* api/diagnostics.c: the lists of diagnostics as the host reads them. */
#include "api/handle.h"
#include "api/range.h"

/* Returns the diagnostic at `index` of all lists in their order, and its list, whose sources its spans
 * refer to. */
static const struct at_diag *find(const attain_diagnostics *list, size_t index,
                                  const struct at_diag_list **of) {
    for (uint32_t i = 0; list && i < list->n_lists; i++) {
        if (index < list->lists[i]->n) {
            *of = list->lists[i];
            return list->lists[i]->at[index];
        }
        index -= list->lists[i]->n;
    }
    return NULL;
}

size_t attain_diagnostics_count(const attain_diagnostics *list) {
    size_t n = 0;
    for (uint32_t i = 0; list && i < list->n_lists; i++)
        n += list->lists[i]->n;
    return n;
}

uint64_t attain_diagnostics_errors(const attain_diagnostics *list) {
    uint64_t n = 0;
    for (uint32_t i = 0; list && i < list->n_lists; i++)
        n += list->lists[i]->errors;
    return n;
}

uint64_t attain_diagnostics_warnings(const attain_diagnostics *list) {
    uint64_t n = 0;
    for (uint32_t i = 0; list && i < list->n_lists; i++)
        n += list->lists[i]->warnings;
    return n;
}

/* Converts a span to offsets in its own file. A span that ends in another file becomes the place of its
 * start. */
struct at_api_range at_api_range_of(const struct at_diag_sources *sources, at_span span) {
    struct at_diag_place start = at_diag_sources_place(sources, span.start);
    struct at_diag_place end = at_diag_sources_place(sources, span.end);
    if (!start.file) return (struct at_api_range){.file = {"", 0}};
    bool whole = end.file == start.file;
    return (struct at_api_range){.file = {start.file->name.p, start.file->name.n},
                                 .line = start.line,
                                 .end_line = whole ? end.line : start.line,
                                 .column = start.column,
                                 .end_column = whole ? end.column : start.column,
                                 .start = span.start - start.file->base,
                                 .end = (whole ? span.end : span.start) - start.file->base};
}

attain_status(attain_diagnostics_get)(const attain_diagnostics *list, size_t index, attain_diagnostic *out,
                                      size_t size) {
    const struct at_diag_list *of;
    const struct at_diag *diag = find(list, index, &of);
    if (!diag || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    struct at_api_range range = at_api_range_of(of->sources, diag->span);
    attain_diagnostic full = {.code = at_diag_code_info(diag->code)->name,
                              .severity = (attain_severity)diag->severity,
                              .file = range.file,
                              .line = range.line,
                              .column = range.column,
                              .end_line = range.end_line,
                              .end_column = range.end_column,
                              .start = range.start,
                              .end = range.end,
                              .message = at_api_text(diag->message),
                              .help = at_api_text(diag->help),
                              .note = at_api_text(diag->note),
                              .label_count = diag->n_labels,
                              .fix_count = diag->n_fixes};
    /* An error in data has a place in a data file instead of a span in a policy. */
    if (diag->place) {
        full.file = at_api_text(diag->place->file);
        full.line = full.end_line = diag->place->row;
        full.column = diag->place->column;
        full.row = at_api_text(diag->place->name);
    }
    return AT_OUT_PUT(out, size, full);
}

attain_status(attain_diagnostics_label)(const attain_diagnostics *list, size_t index, size_t label,
                                        attain_label *out, size_t size) {
    const struct at_diag_list *of;
    const struct at_diag *diag = find(list, index, &of);
    if (!diag || !AT_OUT_FITS(out, size) || label >= diag->n_labels) return ATTAIN_USAGE;
    struct at_api_range range = at_api_range_of(of->sources, diag->labels[label].span);
    attain_label full = {.file = range.file,
                         .text = at_api_text(diag->labels[label].text),
                         .line = range.line,
                         .end_line = range.end_line,
                         .column = range.column,
                         .end_column = range.end_column,
                         .start = range.start,
                         .end = range.end};
    return AT_OUT_PUT(out, size, full);
}

attain_status(attain_diagnostics_fix)(const attain_diagnostics *list, size_t index, size_t fix,
                                      attain_fix *out, size_t size) {
    const struct at_diag_list *of;
    const struct at_diag *diag = find(list, index, &of);
    if (!diag || !AT_OUT_FITS(out, size) || fix >= diag->n_fixes) return ATTAIN_USAGE;
    struct at_api_range range = at_api_range_of(of->sources, diag->fixes[fix].span);
    attain_fix full = {.file = range.file,
                       .start = range.start,
                       .end = range.end,
                       .text = at_api_text(diag->fixes[fix].text)};
    return AT_OUT_PUT(out, size, full);
}

/* Several lists share one limit; what of a later list is past it is counted. */
static void write_text(const attain_diagnostics *list, bool color, uint32_t limit, struct at_sink *sink) {
    uint32_t left = limit ? limit : 100;
    uint64_t unsaid = 0;
    for (uint32_t i = 0; i < list->n_lists; i++) {
        const struct at_diag_list *diags = list->lists[i];
        if (left == 0) {
            unsaid += diags->added;
            continue;
        }
        at_diag_render_text(diags, &(struct at_diag_render_options){.color = color, .limit = left}, sink);
        left -= diags->n < left ? diags->n : left;
    }
    if (unsaid) at_sink_printf(sink, "… and %llu more\n", (unsigned long long)unsaid);
}

attain_status attain_diagnostics_write(const attain_diagnostics *list, attain_diagnostics_format format,
                                       uint32_t limit, attain_write_fn write, void *context) {
    struct at_sink sink;
    if (!list || !write) return ATTAIN_USAGE;
    at_sink_init(&sink, write, context);
    if (format == ATTAIN_DIAGNOSTICS_JSON) {
        for (uint32_t i = 0; i < list->n_lists; i++)
            at_diag_render_json(list->lists[i], &sink);
    } else {
        write_text(list, format == ATTAIN_DIAGNOSTICS_COLOR, limit, &sink);
    }
    return at_sink_flush(&sink) ? ATTAIN_IO : ATTAIN_OK;
}
