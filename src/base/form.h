/* base/form.h: what policies and options call the form of a file: `as gb18030 separated by ";"`. */
#ifndef AT_BASE_FORM_H
#define AT_BASE_FORM_H

#include "base/schema.h"
#include "base/text.h"

/* An encoding by the name that a policy gives it, in any case and with or without dashes; AT_ENCODING_ANY: it
 * has no such name. */
enum at_schema_encoding at_base_form_encoding(at_str name);
/* The names in the standard format, in order; NULL ends. */
extern const char *const at_base_form_encodings[];
/* A separator by the text that a policy gives it: `,`, `;`, `|`, or a tab. 0: it is not one of them. */
char at_base_form_separator(at_str text);
/* Reads what at_ast_source has written. */
struct at_schema_form at_base_form_read(at_str text);

#endif
