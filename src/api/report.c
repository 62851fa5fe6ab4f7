/* api/report.c: writes a report in a format and a language. Scratch memory is the call's own. */
#include "api/report.h"

struct writing {
    struct at_api_own own; /* first: scratch */
    struct at_sink sink;
    struct at_write_report report;
    attain_report_format format;
    void (*with)(const void *subject, attain_report_format format, const struct at_write_report *report);
    const void *subject;
};

static attain_status write_inside(void *context) {
    struct writing *job = context;
    at_watch_show(&job->own.watch, AT_WATCH_WRITE, (at_str){0}, 0, 0);
    job->report.arena = &job->own.arena;
    job->report.out = &job->sink;
    job->with(job->subject, job->format, &job->report);
    return at_sink_flush(&job->sink) ? ATTAIN_IO : ATTAIN_OK;
}

attain_status at_api_report_write(const struct at_api_own *own, attain_report_format format,
                                  attain_report_format most, const attain_report_options *options,
                                  void (*with)(const void *subject, attain_report_format format,
                                               const struct at_write_report *report),
                                  const void *subject, attain_write_fn write, void *context) {
    static const attain_report_options defaults = {0};
    if (!options) options = &defaults;
    const struct at_words *words = at_words_find(at_str_z(options->language ? options->language : ""));
    if (!write || !words || (unsigned)format > (unsigned)most || !AT_RESERVED_CLEAR(options))
        return ATTAIN_USAGE;
    struct writing *job = at_api_handle_beside(own, sizeof *job);
    if (!job) return at_api_handle_lack(own);
    job->report = (struct at_write_report){.words = words, .width = options->width, .color = options->color};
    job->format = format;
    job->with = with;
    job->subject = subject;
    at_api_own_watch(&job->own, options->watch);
    at_sink_init(&job->sink, write, context);
    at_sink_stop(&job->sink, &job->own.arena);
    attain_status status = at_api_own_run(&job->own, write_inside, job);
    at_api_handle_free(job, sizeof *job);
    return status;
}
