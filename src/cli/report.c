/* cli/report.c: options and output of the commands that write a report, such as curve and fairness. */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

int report_read(const struct arguments *arguments, const char *command, attain_report_format most,
                struct report *out) {
    static const char *const names[] = {"text", "json", "html", "svg", "md"};
    static const char *const lists[] = {NULL, "text or json", "text, json, or html",
                                        "text, json, html, or svg", "text, json, html, or md"};
    const char *name = opt_last(arguments, OPT_FORMAT), *path = opt_last(arguments, OPT_OUT);
    unsigned format = ATTAIN_REPORT_TEXT;
    while (name && format <= most && strcmp(name, names[format]) != 0)
        format++;
    /* Only curves are drawn. */
    if (format > most || (format == ATTAIN_REPORT_SVG && most != ATTAIN_REPORT_SVG))
        return complain(EXIT_USAGE, "unknown format `%s`; `attain %s` writes %s", name, command,
                        cli_text(lists[most]));
    *out = (struct report){.arguments = arguments,
                           .format = (attain_report_format)format,
                           .options = {.language = opt_last(arguments, OPT_LANG),
                                       .width = path ? 0 : term_width(STDOUT_FILENO),
                                       .color = !path && term_color(arguments, STDOUT_FILENO),
                                       .watch = &cli_watch}};
    return EXIT_PAID;
}

static int write_report(struct report *report, report_write *write, const void *made) {
    struct output output;
    if (!output_open(&output, opt_last(report->arguments, OPT_OUT)))
        return stop_asked ? EXIT_STOPPED : EXIT_FILE;
    attain_status status =
        write(made, report->format, &report->options,
              report->format == ATTAIN_REPORT_TEXT ? output_write : output_writer(&output), &output);
    int closed = bad_rows_close(&report->bad_rows, &output, NULL, 0, status == ATTAIN_OK || output.closed);
    return ending(&output, closed, status);
}

int report_end(struct report *report, attain_status status, report_write *write, const void *made) {
    if (status == ATTAIN_OK) return write_report(report, write, made);
    if (status == ATTAIN_OVERFLOW) complain(0, "a number is too large to report");
    bad_rows_close(&report->bad_rows, NULL, NULL, 0, false);
    return exit_after(status);
}
