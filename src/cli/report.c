/* cli/report.c: options and output of the commands that write a report: depends, impact, fairness. */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

int report_read(const struct arguments *arguments, const char *command, bool html,
                attain_report_format *format, attain_report_options *options) {
    const char *name = opt_last(arguments, OPT_FORMAT), *language = opt_last(arguments, OPT_LANG);
    const char *path = opt_last(arguments, OPT_OUT);
    *format = ATTAIN_REPORT_TEXT;
    if (name && strcmp(name, "json") == 0)
        *format = ATTAIN_REPORT_JSON;
    else if (name && html && strcmp(name, "html") == 0)
        *format = ATTAIN_REPORT_HTML;
    else if (name && strcmp(name, "text") != 0)
        return complain(EXIT_USAGE, "unknown format `%s`; `attain %s` writes %s", name, command,
                        html ? "text, json, or html" : "text or json");
    *options = (attain_report_options){.language = language,
                                       .width = path ? 0 : term_width(STDOUT_FILENO),
                                       .color = !path && term_color(arguments, STDOUT_FILENO),
                                       .watch = &cli_watch};
    return EXIT_PAID;
}

int report_write(const struct arguments *arguments, attain_report_format format,
                 const attain_report_options *options,
                 attain_status (*write)(const void *report, attain_report_format format,
                                        const attain_report_options *options, attain_write_fn write,
                                        void *context),
                 const void *report, struct bad_rows *bad_rows) {
    struct output output;
    if (!output_open(&output, opt_last(arguments, OPT_OUT))) return stop_asked ? EXIT_STOPPED : EXIT_FILE;
    attain_status status =
        write(report, format, options, format == ATTAIN_REPORT_TEXT ? output_write : output_writer(&output),
              &output);
    bool keep = status == ATTAIN_OK || output.closed;
    int closed = bad_rows ? bad_rows_close(bad_rows, &output, NULL, 0, keep) : output_close(&output, keep);
    return ending(&output, closed, status);
}
