/* api/report.h: what the reports of section 17 share: a handle that keeps a policy, and writing. Private to
 * api/.
 */
#ifndef AT_API_REPORT_H
#define AT_API_REPORT_H

#include "api/run.h"
#include "write/report.h"

/* Calls `write` with a report of the options, and scratch memory beside `own`. Returns ATTAIN_USAGE for an
 * unknown language or a format beyond `most`. */
attain_status at_api_report_write(const struct at_api_own *own, attain_report_format format,
                                  attain_report_format most, const attain_report_options *options,
                                  void (*with)(const void *subject, attain_report_format format,
                                               const struct at_write_report *report),
                                  const void *subject, attain_write_fn write, void *context);

#endif
