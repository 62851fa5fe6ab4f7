/* base/date_format.h: dates in a declared format, such as "DD/MM/YYYY" or "YYYY-MM-DDThh:mm:ssZ".
 *
 *     YYYY YY          the year; YY means 2000 to 2099
 *     M MM MMM         the month: one digit or two, two digits, Jan to Dec in any case
 *     D DD             the day
 *     h hh mm ss AM Z  the time of day and its zone, which are checked and left out: the date counts as it is written
 *
 * All other characters are compared as they are.
 */
#ifndef AT_BASE_DATE_FORMAT_H
#define AT_BASE_DATE_FORMAT_H

#include "base/date.h"

enum at_date_fit {
    AT_DATE_FITS,
    AT_DATE_OTHER_FORM, /* the text is not in this format */
    AT_DATE_NO_DAY      /* it is, but the calendar does not contain the day */
};

/* Whether the format names a year, a month, and a day once each, and parts of a time at most once. */
bool at_date_format_ok(at_str format);
/* Reads the whole text. `format` is one that at_date_format_ok accepts. */
enum at_date_fit at_date_parse_format(at_str text, at_str format, at_date *out);
/* Whether some text is in both formats, but as two different days. */
bool at_date_formats_clash(at_str one, at_str other);

#endif
