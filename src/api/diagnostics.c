/* api/diagnostics.c: the lists of diagnostics as the host reads them. */
#include "api/handle.h"

static const struct at_diag *find(const attain_diagnostics *list, size_t index, const struct at_diags **of) {
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

attain_status attain_diagnostics_get(const attain_diagnostics *list, size_t index, attain_diagnostic *out) {
    const struct at_diags *of;
    const struct at_diag *diag = find(list, index, &of);
    if (!diag || !out) return ATTAIN_USAGE;
    *out = (attain_diagnostic){.code = at_code_info(diag->code)->name,
                               .severity = (attain_severity)diag->severity,
                               .message = at_text(diag->message),
                               .help = at_text(diag->help),
                               .note = at_text(diag->note),
                               .label_count = diag->n_labels};
    if (diag->place) {
        out->file = at_text(diag->place->file);
        out->line = out->end_line = diag->place->row;
        out->column = diag->place->column;
        return ATTAIN_OK;
    }
    struct at_place start = at_sources_place(of->sources, diag->span.start);
    struct at_place end = at_sources_place(of->sources, diag->span.end);
    if (!start.file) return ATTAIN_OK;
    out->file = at_text(start.file->name);
    out->line = out->end_line = start.line;
    out->column = start.column;
    if (end.file != start.file) return ATTAIN_OK;
    out->end_line = end.line;
    out->end_column = end.column;
    return ATTAIN_OK;
}

attain_status attain_diagnostics_label(const attain_diagnostics *list, size_t index, size_t label,
                                       attain_label *out) {
    const struct at_diags *of;
    const struct at_diag *diag = find(list, index, &of);
    if (!diag || !out || label >= diag->n_labels) return ATTAIN_USAGE;
    struct at_place start = at_sources_place(of->sources, diag->labels[label].span.start);
    struct at_place end = at_sources_place(of->sources, diag->labels[label].span.end);
    *out = (attain_label){.text = at_text(diag->labels[label].text)};
    if (!start.file) return ATTAIN_OK;
    out->file = at_text(start.file->name);
    out->line = out->end_line = start.line;
    out->column = out->end_column = start.column;
    if (end.file != start.file) return ATTAIN_OK;
    out->end_line = end.line;
    out->end_column = end.column;
    return ATTAIN_OK;
}

/* Several lists share one limit; what of a later list is past it is counted. */
static void write_text(const attain_diagnostics *list, bool color, uint32_t limit, struct at_sink *sink) {
    uint32_t left = limit ? limit : 100;
    uint64_t unsaid = 0;
    for (uint32_t i = 0; i < list->n_lists; i++) {
        const struct at_diags *diags = list->lists[i];
        if (left == 0) {
            unsaid += diags->added;
            continue;
        }
        at_render_text(diags, &(struct at_render_options){.color = color, .limit = left}, sink);
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
            at_render_json(list->lists[i], &sink);
    } else {
        write_text(list, format == ATTAIN_DIAGNOSTICS_COLOR, limit, &sink);
    }
    return at_sink_flush(&sink) ? ATTAIN_IO : ATTAIN_OK;
}
