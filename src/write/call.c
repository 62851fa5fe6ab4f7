/* write/call.c: implements call.h. The value is alone on the first line, so that a script can read it. A
 * failure is a diagnostic of the call, and not part of the text. */
#include "write/call.h"

#include "base/visible.h"

static void say(const struct at_write_report *report, at_str said) {
    at_sink_z(report->out, "  ");
    at_sink_visible(report->out, at_words_sentence_plain(report->arena, said));
    at_sink_z(report->out, "\n");
}

void at_write_call_text(const struct at_write_report *report, const struct at_write_call *call) {
    if (call->failed) return;
    if (call->missing)
        at_sink_visible(report->out,
                        at_words_sentence_plain(report->arena, at_words_word(report->words, AT_W_NONE)));
    else
        at_sink_visible(report->out, call->shown);
    at_sink_z(report->out, "\n");
    if (call->reason.n) say(report, AT_SAY(report->arena, report->words, AT_W_REASON, call->reason));
    for (uint32_t i = 0; i < call->n_notes; i++)
        say(report,
            AT_SAY(report->arena, report->words, AT_W_NOTED, call->notes[i].name, call->notes[i].shown));
}

/* ---- JSON */

static void member(const struct at_write_report *report, const char *name, at_str text) {
    if (text.n == 0) return;
    at_sink_printf(report->out, ",\"%s\":", name);
    at_sink_json(report->out, text);
}

static void trace_json(const struct at_write_report *report, at_str trace) {
    at_sink_z(report->out, ",\"trace\":[");
    for (uint32_t i = 0, end; i < trace.n; i = end + 1) {
        for (end = i; end < trace.n && trace.p[end] != '\n';)
            end++;
        at_sink_z(report->out, i ? "," : "");
        at_sink_json(report->out, (at_str){trace.p + i, end - i});
    }
    at_sink_z(report->out, "]");
}

static void error_json(const struct at_write_report *report, const struct at_write_call *call) {
    at_sink_printf(report->out, ",\"error\":{\"code\":\"%s\",\"message\":", call->code);
    at_sink_json(report->out, call->message);
    member(report, "file", call->file);
    if (call->line) at_sink_printf(report->out, ",\"line\":%u", call->line);
    trace_json(report, call->trace);
    at_sink_z(report->out, "}");
}

void at_write_call_json(const struct at_write_report *report, const struct at_write_call *call) {
    at_sink_z(report->out, "{\"expression\":");
    at_sink_json(report->out, call->expression);
    member(report, "payee", call->payee);
    member(report, "period", call->period);
    member(report, "type", call->type);
    member(report, "currency", call->currency);
    if (call->failed)
        error_json(report, call);
    else if (call->missing)
        at_sink_z(report->out, ",\"value\":null");
    else {
        at_sink_z(report->out, ",\"value\":");
        at_sink_json(report->out, call->exact);
        at_sink_z(report->out, ",\"shown\":");
        at_sink_json(report->out, call->shown);
    }
    member(report, "reason", call->reason);
    for (uint32_t i = 0; i < call->n_notes; i++) {
        at_sink_z(report->out, i ? ",{\"name\":" : ",\"notes\":[{\"name\":");
        at_sink_json(report->out, call->notes[i].name);
        member(report, "value", call->notes[i].shown);
        at_sink_z(report->out, "}");
    }
    at_sink_z(report->out, call->n_notes ? "]}\n" : "}\n");
}
