/* tests/torture/scene.h: policies and data of rules/ for programs that torture the public interface. Only
 * attain.h is included: these are host programs. All of them run in the project's folder.
 */
#ifndef TEST_TORTURE_SCENE_H
#define TEST_TORTURE_SCENE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attain.h"

/* ---- text that a call writes */

struct out {
    char *at;
    size_t n, room;
};

static inline int out_put(void *context, const char *bytes, size_t n) {
    struct out *out = context;
    if (out->n + n + 1 > out->room) {
        out->room = (out->n + n + 1) * 2;
        out->at = realloc(out->at, out->room);
        if (!out->at) exit(2);
    }
    memcpy(out->at + out->n, bytes, n);
    out->n += n;
    out->at[out->n] = 0;
    return 0;
}

static inline void out_text(struct out *out, attain_text text) {
    if (text.length) out_put(out, text.bytes, text.length);
    out_put(out, "|", 1);
}

static inline void out_z(struct out *out, const char *z) {
    out_put(out, z, strlen(z));
    out_put(out, "|", 1);
}

static inline void out_int(struct out *out, long long value) {
    char text[32];
    out_put(out, text, (size_t)snprintf(text, sizeof text, "%lld|", value));
}

static inline bool out_same(const struct out *a, const struct out *b) {
    return a->n == b->n && (a->n == 0 || memcmp(a->at, b->at, a->n) == 0);
}

/* ---- files */

static inline struct out file_read(const char *path) {
    struct out out = {0};
    char block[4096];
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
        out_put(&out, block, n);
    fclose(file);
    return out;
}

/* A new text in which each `what` is `with`; it must occur. */
static inline struct out replaced(const struct out *text, const char *what, const char *with) {
    struct out out = {0};
    const char *from = text->at, *found;
    if (!strstr(from, what)) {
        fprintf(stderr, "the policy has no `%s`\n", what);
        exit(2);
    }
    for (; (found = strstr(from, what)); from = found + strlen(what)) {
        out_put(&out, from, (size_t)(found - from));
        out_put(&out, with, strlen(with));
    }
    out_put(&out, from, strlen(from));
    return out;
}

/* ---- all that an object says, through every function that reads it */

static inline void tell_diagnostics(const attain_diagnostics *list, struct out *out) {
    out_int(out, (long long)attain_diagnostics_errors(list));
    out_int(out, (long long)attain_diagnostics_warnings(list));
    attain_diagnostic d;
    attain_label label;
    attain_fix fix;
    for (size_t i = 0; attain_diagnostics_get(list, i, &d) == ATTAIN_OK; i++) {
        out_z(out, d.code);
        out_text(out, d.file);
        out_int(out, (long long)d.line * 1000 + d.column);
        out_text(out, d.message);
        out_text(out, d.help);
        out_text(out, d.note);
        for (size_t k = 0; attain_diagnostics_label(list, i, k, &label) == ATTAIN_OK; k++)
            out_text(out, label.text);
        for (size_t k = 0; attain_diagnostics_fix(list, i, k, &fix) == ATTAIN_OK; k++)
            out_text(out, fix.text);
    }
}

static inline void tell_policy(const attain_policy *policy, struct out *out) {
    attain_table table;
    attain_text file;
    out_int(out, attain_policy_ok(policy));
    out_text(out, attain_policy_name(policy));
    out_int(out, attain_policy_version(policy));
    out_z(out, attain_policy_currency(policy));
    out_int(out, attain_policy_digits(policy));
    for (size_t i = 0; attain_policy_table(policy, i, &table) == ATTAIN_OK; i++)
        out_text(out, table.name);
    out_int(out, (long long)attain_policy_table_count(policy));
    out_int(out, (long long)attain_policy_shown_count(policy));
    for (size_t i = 0; attain_policy_file(policy, i, &file) == ATTAIN_OK; i++)
        out_text(out, file);
    out_int(out, (long long)attain_policy_file_count(policy));
    tell_diagnostics(attain_policy_diagnostics(policy), out);
}

static inline void tell_results(const attain_results *r, struct out *out) {
    attain_line line;
    attain_payee payee;
    attain_component component;
    attain_total total;
    attain_withheld withheld;
    attain_summary summary;
    for (uint64_t i = 0; attain_results_line(r, i, &line) == ATTAIN_OK; i++) {
        out_text(out, line.payee_key);
        out_text(out, line.period);
        out_text(out, line.component);
        out_text(out, line.line_key);
        out_int(out, line.amount);
    }
    for (size_t i = 0; attain_results_payee(r, i, &payee) == ATTAIN_OK; i++) {
        out_text(out, payee.label);
        out_int(out, payee.amount);
    }
    for (size_t i = 0; attain_results_component(r, i, &component) == ATTAIN_OK; i++) {
        out_text(out, component.name);
        out_int(out, component.amount);
    }
    for (size_t i = 0; attain_results_total(r, i, &total) == ATTAIN_OK; i++)
        out_int(out, total.amount);
    for (size_t i = 0; attain_results_withheld(r, i, &withheld) == ATTAIN_OK; i++) {
        out_text(out, withheld.payee_key);
        out_text(out, withheld.reason);
    }
    out_int(out, (long long)attain_results_line_count(r));
    out_int(out, (long long)attain_results_payee_count(r));
    out_int(out, (long long)attain_results_component_count(r));
    out_int(out, (long long)attain_results_total_count(r));
    out_int(out, (long long)attain_results_withheld_count(r));
    if (attain_results_summary(r, &summary) == ATTAIN_OK) {
        out_int(out, (long long)summary.rows_credited);
        out_int(out, (long long)summary.rows_left_out);
    }
    tell_diagnostics(attain_results_diagnostics(r), out);
}

static inline void tell_tests(const attain_tests *tests, struct out *out) {
    attain_test_result test;
    attain_expectation e;
    out_int(out, (long long)attain_tests_count(tests));
    out_int(out, (long long)attain_tests_failed(tests));
    for (size_t i = 0; attain_tests_get(tests, i, &test) == ATTAIN_OK; i++) {
        out_text(out, test.name);
        out_text(out, test.problem);
        for (size_t k = 0; attain_tests_expectation(tests, i, k, &e) == ATTAIN_OK; k++) {
            out_text(out, e.text);
            out_text(out, e.got);
            out_text(out, e.note);
        }
    }
}

static inline void tell_decision(const attain_diff *diff, struct out *out) {
    attain_diff_decision decision;
    attain_diff_limit_result limit;
    attain_diff_newly newly;
    attain_diff_group group;
    attain_text risk;
    if (attain_diff_decision_get(diff, &decision) == ATTAIN_OK) {
        out_text(out, decision.line);
        out_text(out, decision.sentence);
    }
    for (size_t i = 0; attain_diff_limit_get(diff, i, &limit) == ATTAIN_OK; i++)
        out_text(out, limit.where);
    for (size_t i = 0; attain_diff_newly_get(diff, i, &newly) == ATTAIN_OK; i++)
        out_text(out, newly.reason);
    for (size_t i = 0; attain_diff_group_get(diff, i, &group) == ATTAIN_OK; i++)
        out_int(out, group.after);
    for (size_t i = 0; attain_diff_risk_get(diff, i, &risk) == ATTAIN_OK; i++)
        out_text(out, risk);
}

static inline void tell_diff(const attain_diff *diff, struct out *out) {
    attain_diff_summary s;
    attain_diff_row row;
    attain_waiting waiting;
    attain_diff_edit edit;
    attain_diff_cause cause;
    int64_t part;
    if (attain_diff_summary_get(diff, &s) == ATTAIN_OK) {
        out_int(out, s.before);
        out_int(out, s.after);
        out_int(out, (long long)s.causes);
    }
    for (size_t i = 0; attain_diff_waiting_get(diff, i, &waiting) == ATTAIN_OK; i++)
        out_text(out, waiting.component);
    for (uint64_t i = 0; attain_diff_row_get(diff, i, &row) == ATTAIN_OK; i++) {
        out_text(out, row.payee_key);
        out_int(out, row.after - row.before);
        for (size_t k = 0; attain_diff_part(diff, i, k, &part) == ATTAIN_OK; k++)
            out_int(out, part);
    }
    for (size_t i = 0; attain_diff_edit_get(diff, i, &edit) == ATTAIN_OK; i++)
        out_text(out, edit.words);
    for (size_t i = 0; attain_diff_cause_get(diff, i, &cause) == ATTAIN_OK; i++)
        out_text(out, cause.words);
    tell_decision(diff, out);
    tell_diagnostics(attain_diff_diagnostics(diff), out);
}

#endif
