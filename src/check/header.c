/* check/header.c: checks the `policy` statement: currency, periods, effective range, rounding. It reports
 * each missing item once. It then uses a harmless value instead, so that the rest can be checked. */
#include "check/check_int.h"

static void read_effective(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_ast_node *from = at_check_child(node, 0), *to = at_check_child(node, 1);
    if (from && from->kind == AT_N_DATE) ck->out->from = from->day;
    if (to && to->kind == AT_N_DATE) ck->out->to = to->day;
    if (!to || to->kind != AT_N_DATE || !from || from->kind != AT_N_DATE || to->day >= from->day) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0209, node->span, "the policy ends before it starts");
    at_diag_label(d, from->span, "begins");
    at_diag_label(d, to->span, "ends");
    at_diag_help(d, "exchange the dates: `effective from %.*s to %.*s`", AT_STR_ARG(to->text),
                 AT_STR_ARG(from->text));
    at_diag_fix(d, from->span, "%.*s", AT_STR_ARG(to->text));
    at_diag_fix(d, to->span, "%.*s", AT_STR_ARG(from->text));
}

static void read_version(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_ast_node *number = at_check_child(node, 0);
    int64_t version = 0;
    if (!number || number->kind != AT_N_NUMBER) return;
    if (at_num_to_i64(ck->arena, number->value, 0, &version) && version >= 0 && version <= UINT32_MAX) {
        ck->out->version = (uint32_t)version;
        return;
    }
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0229, number->span, "the version of a policy must be a whole number");
    at_diag_help(d, "write 1, 2, 3, and so on");
}

static void read_language(struct at_check *ck, const struct at_ast_node *node) {
    const struct at_ast_node *number = at_check_child(node, 0);
    if (!number || number->kind != AT_N_NUMBER) return;
    ck->out->language = at_check_language(number->text);
    if (ck->out->language) return;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0267, number->span,
                                    "unknown version of the language `%.*s`", AT_STR_ARG(number->text));
    at_diag_help(d, "write `language 0.2`, the version that this program reads, or `language 0.1`");
}

/* Only warnings can be accepted. The list leaves out those that come from here on, and results take over what
 * it allows. */
static void read_allow(struct at_check *ck, const struct at_ast_node *node) {
    enum at_diag_code code = at_diag_code_find(node->text);
    if (node->text2.n == 0) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0283, node->span2, "missing reason");
        at_diag_help(d, "write the reason after `because`");
    } else if (code == AT_CODE_COUNT) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0283, node->name_span, "unknown warning `%.*s`",
                                        AT_STR_ARG(node->text));
        at_diag_help(d, "write the code of a warning, such as `allow A0783 because \"…\"`");
    } else if (at_diag_code_info(code)->severity != AT_SEV_WARNING) {
        struct at_diag *d = at_diag_add(ck->diags, AT_A0283, node->name_span, "%.*s is not a warning",
                                        AT_STR_ARG(node->text));
        at_diag_help(d, "correct the error. Only warnings can be accepted");
    } else {
        at_diag_allow(ck->diags, code);
    }
}

static void wants(struct at_check *ck, const struct at_ast_node *header, const char *what, const char *help) {
    struct at_diag *d = at_diag_add(ck->diags, AT_A0208, at_check_name_span(header),
                                    "the policy does not specify its %s", what);
    at_diag_help(d, "%s", help);
}

static void read_header(struct at_check *ck, const struct at_ast_node *header) {
    bool currency = false, period = false, effective = false, broken = false;
    const struct at_ast_node *periods = NULL, *fiscal = NULL, *round = NULL;
    ck->out->name = header->text;
    for (uint32_t i = 0; i < header->n; i++) {
        const struct at_ast_node *node = header->child[i];
        if (!node) continue;
        switch (node->kind) {
        case AT_N_VERSION: read_version(ck, node); break;
        case AT_N_EFFECTIVE: read_effective(ck, node), effective = true; break;
        case AT_N_CURRENCY: ck->out->currency = at_check_currency(ck, node), currency = true; break;
        case AT_N_PERIODS: periods = node, period = true; break;
        case AT_N_FISCAL: fiscal = node; break;
        case AT_N_ROUND: round = node; break;
        case AT_N_PAYS: ck->out->pays.node = node; break;
        case AT_N_LANGUAGE: read_language(ck, node); break;
        case AT_N_ALLOW: read_allow(ck, node); break;
        /* An ERROR may be any of the attributes, so none is reported as missing. */
        default: broken = true; break;
        }
    }
    at_check_calendar(ck, periods, fiscal);
    if (round) at_check_round(ck, round);
    if (broken) return;
    if (!currency) wants(ck, header, "currency", "add a line such as `currency USD`");
    if (!period) wants(ck, header, "period", "add `period month`, `period quarter`, or another length");
    if (!effective)
        wants(ck, header, "dates", "add a line such as `effective from 2026-01-01 to 2026-12-31`");
}

static void header_twice(struct at_check *ck, const struct at_ast_node *node, bool used_file) {
    struct at_diag *d =
        at_diag_add(ck->diags, AT_A0207, at_check_name_span(node), "a second `policy` statement");
    at_diag_label(d, at_check_name_span(ck->header), "the first is here");
    at_diag_help(d, used_file ? "delete it: a file that `use` brings in does not have a `policy` statement"
                              : "move the second policy into a file of its own");
}

void at_check_header(struct at_check *ck) {
    struct at_check_policy *out = ck->out;
    bool broken = false, pays = false;
    out->version = 1;
    /* Months are the shortest periods, so no clause is too short for them after an error. */
    out->calendar = (struct at_calendar){.period_kind = AT_MONTH, .fiscal_start = 1};
    out->from = AT_DATE_MIN;
    out->to = AT_DATE_MAX;
    for (uint32_t f = 0; f < ck->ast->n_files; f++) {
        const struct at_ast_node *file = ck->ast->files[f];
        for (uint32_t i = 0; file && i < file->n; i++) {
            const struct at_ast_node *node = file->child[i];
            broken |= !node || node->kind == AT_N_ERROR;
            pays |= node && (node->kind == AT_N_PAY || node->kind == AT_N_POOL);
            if (!node || node->kind != AT_N_POLICY) continue;
            if (ck->header)
                header_twice(ck, node, f > 0);
            else
                ck->header = node;
        }
    }
    if (ck->header) {
        read_header(ck, ck->header);
        return;
    }
    if (broken || ck->ast->n_files == 0 || !ck->ast->files[0])
        return; /* perhaps it is what could not be read */
    at_span at = ck->ast->files[0]->n && ck->ast->files[0]->child[0] ? ck->ast->files[0]->child[0]->span
                                                                     : ck->ast->files[0]->span;
    at.end = at.start;
    struct at_diag *d = at_diag_add(ck->diags, AT_A0206, at, "missing `policy` statement");
    if (!pays)
        at_diag_help(d, "bring this file into a policy with `use`: it does not pay anyone itself");
    else
        at_diag_help(d, "start with `policy \"Name\"  effective from 2026-01-01 to 2026-12-31  currency USD  "
                        "period quarter`");
}
