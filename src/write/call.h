/* write/call.h: the value of an expression that a person asked for: `attain call`. */
#ifndef AT_WRITE_CALL_H
#define AT_WRITE_CALL_H

#include "write/report.h"

struct at_write_call_note {
    at_str name, shown;
};

/* What is not known is empty. */
struct at_write_call {
    at_str expression, payee, period;
    at_str type;          /* "money" */
    at_str currency;      /* of money: "USD" */
    at_str shown, exact;  /* the value; both empty: it failed, or is missing */
    bool missing, failed; /* failed: `message` says why */
    at_str reason;        /* the second value of a hook */
    struct at_write_call_note *notes;
    uint32_t n_notes;
    const char *code; /* of the failure: "A0808" */
    at_str message, file, trace;
    uint32_t line;
};

void at_write_call_text(const struct at_write_report *report, const struct at_write_call *call);
void at_write_call_json(const struct at_write_report *report, const struct at_write_call *call);

#endif
