/* api/call.c: attain_call_run: an expression that is asked of a policy, such as the call of one function.
 *
 *     policy --copied into a map of its own--> AST with the expression --check--> --lower--> plan
 *                                                                                     |
 *         constants only: calculated once (kernel/once.h)    a payee and period: a run of the plan
 *
 * The policy is not changed: `asking` is another one, in the memory of the call, that differs in the
 * expression.
 */
#include "write/call.h"
#include "api/argument.h"
#include "api/report.h"
#include "api/value.h"
#include "diff/import.h"
#include "gather/exception.h"
#include "kernel/once.h"

struct attain_call {
    struct attain_results r;                /* first: its arena has everything; its one policy is `asking` */
    attain_policy *policy;                  /* retained */
    struct attain_policy asking;            /* views of `policy`, and what the expression changes */
    struct at_diag_list said;               /* of the expression */
    int64_t position;                       /* of the period */
    const struct at_diag_source_file *file; /* the expression */
    struct at_lua_hooks hooks;
    struct at_api_record *record; /* NULL: nothing is kept */
    const struct at_api_log **logs;
    size_t n_logs;
    struct at_write_call call;
    at_type type;
    bool done;
};

struct calling {
    struct attain_call *c;
    const attain_data *data;
    const attain_call_options *options;
    attain_run_options run; /* of the options, without what is not asked for */
    struct at_api_job job;
};

/* ---- reading the expression */

#define PREFIX "param asked = " /* the parser reads statements */

static bool load(void *context, struct at_arena *arena, at_str from, at_str wanted,
                 struct at_parse_loaded *out) {
    struct attain_call *c = context;
    (void)arena;
    out->why = AT_STR("it was not read with the policy");
    /* The names of sources are copies, and what was asked for is known by the name. */
    return at_api_load_again(&c->policy->loading, from, wanted, out);
}

/* The file begins after the prefix, so that messages show what was asked. Lines are counted later. */
static void hide_prefix(struct attain_call *c, uint32_t index) {
    struct at_diag_source_file *file = c->asking.sources.files[index];
    const uint32_t n = (uint32_t)strlen(PREFIX);
    file->text.p += n;
    file->text.n -= n;
    file->base += n;
    c->file = file;
}

static const struct at_ast_node *parse(struct attain_call *c, at_str expression) {
    struct at_arena *arena = &c->r.own.arena;
    struct at_ast *ast = NULL;
    uint32_t index = c->asking.sources.n_files;
    at_str text = at_str_format(arena, PREFIX "%.*s", AT_STR_ARG(expression));
    enum at_status status =
        at_parse(&c->asking.sources, arena, &c->said, AT_STR("expression"), text, NULL, NULL, &ast);
    if (c->asking.sources.n_files <= index) return NULL;
    hide_prefix(c, index);
    const struct at_ast_node *file = ast && ast->n_files ? ast->files[0] : NULL;
    if (status != AT_OK || !file || file->n == 0 || !file->child[0]) return NULL;
    const struct at_ast_node *param = file->child[0];
    if (file->n == 1 && param->kind == AT_N_PARAM && param->n == 1 && param->child[0]) return param->child[0];
    const struct at_ast_node *more = file->n > 1 ? file->child[1] : param;
    at_diag_add(&c->said, AT_A1340, more->span, "expected the end of the expression");
    return NULL;
}

/* The policy is as it was when it was compiled, so only what is said of the expression is new. */
static void keep_own(struct attain_call *c) {
    struct at_diag_list *diags = &c->said;
    uint32_t n = 0;
    for (uint32_t i = 0; i < diags->n; i++) {
        struct at_diag *diag = diags->at[i];
        bool own = c->file && diag->span.start >= c->file->base;
        if (own || diag->severity == AT_SEV_ERROR) {
            diags->at[n++] = diag;
            continue;
        }
        diags->warnings -= diag->severity == AT_SEV_WARNING;
        diags->added--;
    }
    diags->n = n;
}

static enum at_status compile(struct calling *calling, at_str expression, bool once) {
    struct attain_call *c = calling->c;
    struct attain_policy *asking = &c->asking;
    struct at_arena *arena = &c->r.own.arena;
    struct at_check_policy *checked = NULL;
    at_diag_list_init(&c->said, arena, &asking->sources);
    c->said.words = at_words_find(at_str_z(calling->run.language ? calling->run.language : ""));
    at_diag_sources_init(&asking->sources, arena);
    struct at_ast *ast = at_diff_import(&asking->sources, c->policy->ast, arena);
    if (!ast) return AT_REJECTED;
    ast->asked = parse(c, expression);
    ast->asked_once = once;
    ast->n_nodes = asking->sources.n_nodes;
    if (!ast->asked) return AT_REJECTED;
    asking->ast = ast;
    enum at_status status = at_check(ast, arena, &c->said, load, c, &checked);
    asking->checked = checked;
    struct at_diag_sources *sources = &asking->sources;
    if (status == AT_OK)
        status = at_lua_load(checked, sources, arena, &c->said, load, c, &c->r.own.watch, &asking->lua);
    if (status == AT_OK) status = at_plan_lower(checked, NULL, 0, arena, &c->said, &asking->plan);
    keep_own(c);
    for (uint32_t i = 0; i < c->said.n && once; i++)
        if (c->said.at[i]->code == AT_A0403)
            at_diag_help(c->said.at[i], "name a payee and a period with `--payee` and `--period`");
    return status;
}

/* ---- the value */

static void take_value(struct attain_call *c, const struct at_plan_value *value, bool missing) {
    struct at_arena *arena = &c->r.own.arena;
    const struct at_currency_info *info =
        value->type.kind == AT_T_MONEY ? at_currency_info(value->type.currency) : NULL;
    c->call.missing = missing || value->missing;
    c->call.currency = at_str_z(info ? info->code : "");
    if (c->call.missing) return;
    c->call.shown = at_api_value_text(arena, value, false);
    c->call.exact = at_api_value_exact(arena, value, false);
}

static void take_said(struct attain_call *c, const struct at_kernel_hook_said *said) {
    struct at_arena *arena = &c->r.own.arena;
    if (!said) return;
    c->call.reason = at_str_copy(arena, said->reason);
    c->call.notes = AT_NEW_ARRAY(arena, struct at_write_call_note, said->n_notes + 1);
    for (; c->call.n_notes < said->n_notes; c->call.n_notes++) {
        const struct at_kernel_hook_note *note = &said->notes[c->call.n_notes];
        c->call.notes[c->call.n_notes] = (struct at_write_call_note){
            at_str_copy(arena, note->name), at_api_value_text(arena, &note->value, false)};
    }
}

/* The line in a Lua file of the policy; nothing if the file is not known. */
static at_span lua_line(const struct attain_call *c, at_str name, uint32_t line) {
    for (uint32_t i = 0; i < c->asking.sources.n_files && line; i++) {
        const struct at_diag_source_file *file = c->asking.sources.files[i];
        uint32_t start = 0, end;
        if (!at_str_eq(file->name, name)) continue;
        for (uint32_t k = 1; k < line && start < file->text.n; start++)
            k += file->text.p[start] == '\n';
        while (start < file->text.n && (file->text.p[start] == ' ' || file->text.p[start] == '\t'))
            start++;
        for (end = start; end < file->text.n && file->text.p[end] != '\n' && file->text.p[end] != '\r';)
            end++;
        if (end > start) return (at_span){file->base + start, file->base + end};
    }
    return (at_span){0, 0};
}

/* A failure is a diagnostic at the part of the expression that failed, with the line in Lua as a label. */
static void take_failure(struct attain_call *c, const struct at_gather_exception *e) {
    struct at_arena *arena = &c->r.own.arena;
    const struct at_ast_node *asked = c->asking.checked->asked;
    const struct at_kernel_hook_failure *hook = e->hook;
    at_span span = e->ast && e->ast->span.start >= c->file->base ? e->ast->span : asked->span;
    at_str message = hook && hook->text.n ? hook->text : at_words_reason_plain(arena, &e->why);
    struct at_diag *d = at_diag_add(&c->said, e->code, span, "%.*s", AT_STR_ARG(message));
    c->call.failed = true;
    c->call.code = at_diag_code_info(e->code)->name;
    c->call.message = message;
    if (!hook) return;
    c->call.file = at_str_copy(arena, hook->file);
    c->call.line = hook->line;
    c->call.trace = at_str_copy(arena, hook->trace);
    at_span line = lua_line(c, hook->file, hook->line);
    if (line.end) at_diag_label(d, line, "stopped here");
    if (hook->trace.n) at_diag_note(d, "%.*s", AT_STR_ARG(hook->trace));
}

static bool in_expression(const struct attain_call *c, const struct at_plan *plan, uint32_t node) {
    const struct at_ast_node *ast = plan->nodes[node].ast;
    return ast && ast->span.start >= c->file->base;
}

/* Other payees and periods are calculated, too, and the calls of the policy. They were not asked for, unless
 * the expression calls no hook itself. */
static void take_logs(struct attain_call *c, const struct at_plan *plan) {
    uint32_t n = c->record ? c->record->n_logs : 0;
    bool own = false;
    for (uint32_t i = 0; i < n; i++)
        own |= in_expression(c, plan, c->record->logs[i].node);
    c->logs = AT_NEW_ARRAY(&c->r.own.arena, const struct at_api_log *, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        const struct at_api_log *log = &c->record->logs[i];
        bool other = (log->payee.n && !at_str_eq(log->payee, c->call.payee)) ||
                     (log->period.n && !at_str_eq(log->period, c->call.period));
        other |= own && !in_expression(c, plan, log->node);
        if (!other) c->logs[c->n_logs++] = log;
    }
}

/* Without data, and without a payee: the functions of constants. */
static enum at_status call_once(struct calling *calling) {
    struct attain_call *c = calling->c;
    struct at_arena *arena = &c->r.own.arena;
    const struct at_ast_node *asked = c->asking.checked->asked;
    const struct at_api_version version = at_api_policy_version(&c->asking);
    const struct at_lua_limits limits = {calling->run.hook_steps, calling->run.hook_run_steps,
                                         calling->run.hook_memory};
    struct at_kernel_once once;
    struct at_gather_exceptions exceptions;
    uint32_t root;
    struct at_plan *plan = at_plan_once(c->asking.plan, asked, arena, &c->said, &root);
    if (!plan) return AT_REJECTED;
    const struct at_kernel_hooks *hooks = at_api_version_hooks(&version, &c->hooks, &limits, &c->r.own.watch);
    c->record = hooks ? at_api_record_new(calling->run.hooks, &version, arena) : NULL;
    if (c->record) c->hooks.record = &c->record->lua;
    at_kernel_once(plan, root, hooks, arena, &once);
    at_api_record_end(c->record, NULL, arena);
    take_logs(c, plan);
    if (at_watch_cancelled(&c->r.own.watch)) return AT_CANCELLED;
    take_said(c, once.said);
    if (!once.fault) {
        take_value(c, &once.value, once.state != AT_STATE_OK);
        return AT_OK;
    }
    at_gather_exceptions_open(&exceptions, plan, at_plan_statements_new(plan, arena), NULL, arena);
    struct at_gather_exception e = at_gather_exception_of(&exceptions, once.fault, arena);
    take_failure(c, &e);
    return AT_OK;
}

/* ---- of a payee and period */

static bool find_payee(struct calling *calling, const struct at_session_run *run, uint32_t *out) {
    struct attain_call *c = calling->c;
    struct at_arena *arena = &c->r.own.arena;
    uint32_t table = (uint32_t)c->asking.checked->payee_table;
    const struct at_schema *schema = &c->asking.checked->schemas[table];
    int64_t row = at_table_dataset_find(run->data, table, schema->key, c->call.payee);
    *out = (uint32_t)row;
    if (row >= 0) return true;
    at_str *keys = AT_NEW_ARRAY(arena, at_str, run->n_payees + 1),
           *labels = AT_NEW_ARRAY(arena, at_str, run->n_payees + 1);
    for (uint32_t i = 0; i < run->n_payees; i++) {
        keys[i] = at_session_table_text(run->data, table, (uint32_t)schema->key, i, arena);
        if (schema->label >= 0)
            labels[i] = at_session_table_text(run->data, table, (uint32_t)schema->label, i, arena);
    }
    struct at_api_people people = {.schema = schema, .keys = keys, .labels = labels, .n = run->n_payees};
    at_api_unknown_payee(&c->r.arguments, &people, c->call.payee);
    return false;
}

/* What hooks said in the cell: of the node itself, or of one that it is made of. */
static const struct at_kernel_hook_said *said_in(const struct at_session_run *run, uint32_t node,
                                                 uint32_t cell) {
    const struct at_plan_node *p = &run->plan->nodes[node];
    const struct at_kernel_hook_said *said = at_session_run_said(run, node, cell);
    bool carries = p->op == AT_P_SPREAD || p->op == AT_P_KNOWN;
    return said || !carries ? said : said_in(run, p->in[0], cell);
}

static attain_status read_run(struct calling *calling, const struct at_session_run *run, int64_t position) {
    struct attain_call *c = calling->c;
    struct at_arena *arena = &c->r.own.arena;
    uint32_t node = run->plan->asked, payee, state;
    int64_t period = position - run->first_position;
    if (!find_payee(calling, run, &payee)) return ATTAIN_USAGE;
    if (period < 0 || period >= run->n_periods) {
        take_value(c, &(struct at_plan_value){.type = run->plan->nodes[node].type, .missing = true}, true);
        return ATTAIN_OK;
    }
    uint32_t cell = (uint32_t)period * run->n_payees + payee;
    struct at_plan_value value = at_session_run_value(run, node, cell, arena, &state);
    take_said(c, said_in(run, node, cell));
    if (state < AT_STATE_EXCEPTION) {
        take_value(c, &value, state != AT_STATE_OK);
        return ATTAIN_OK;
    }
    struct at_gather_exception e = run->kept[state - AT_STATE_EXCEPTION];
    at_gather_exception_name(&e, run->data, run->frame->payee_table, payee, arena);
    take_failure(c, &e);
    return ATTAIN_OK;
}

/* Only calls for the payee and period are kept line by line. Indexes of periods begin with the first one of
 * the policy. */
static void on_loaded(void *context, const struct at_table_dataset *data, struct at_api_record *record) {
    struct attain_call *c = context;
    const struct at_check_policy *checked = c->asking.checked;
    const struct at_calendar *calendar = &checked->calendar;
    uint32_t table = (uint32_t)checked->payee_table;
    c->record = record;
    if (!record) return;
    int64_t row = at_table_dataset_find(data, table, checked->schemas[table].key, c->call.payee);
    at_period first = at_period_of_date(calendar, calendar->period_kind, checked->from);
    record->lua.only_payee = row < 0 ? UINT32_MAX - 1 : (uint32_t)row;
    record->lua.only_period = (uint32_t)(c->position - at_period_position(calendar, first));
}

static attain_status call_in_run(struct calling *calling) {
    struct attain_call *c = calling->c;
    struct at_arena *arena = &c->r.own.arena;
    const struct at_check_policy *checked = c->asking.checked;
    struct at_plan_setting *settings = AT_NEW_ARRAY(arena, struct at_plan_setting, checked->n_params + 1);
    struct at_plan *plan = c->asking.plan;
    struct at_session_run *run = NULL;
    at_period from, through;
    uint32_t n = 0;
    enum at_status status = AT_OK;
    if (!at_api_job_settings(&calling->job, &c->asking, arena, settings, &n)) return ATTAIN_USAGE;
    if (n > 0) status = at_plan_lower(checked, settings, n, arena, &c->r.arguments, &plan);
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_USAGE);
    if (!at_api_periods_of(&calling->job, checked, &from, &through)) return ATTAIN_USAGE;
    if (from.ordinal != through.ordinal) {
        at_diag_add(&c->r.arguments, AT_A1340, (at_span){0}, "`%.*s` contains several periods of the policy",
                    AT_STR_ARG(c->call.period));
        return ATTAIN_USAGE;
    }
    int64_t also = at_period_position(&checked->calendar, through);
    c->position = also;
    calling->job.also = &also;
    calling->job.loaded = on_loaded;
    calling->job.loaded_context = c;
    c->call.period = at_period_print(arena, through);
    const struct at_api_version version = at_api_policy_version(&c->asking);
    struct at_table_dataset *data = at_api_job_dataset(&calling->job, 0, calling->data, &version);
    status = at_api_job_execute(&calling->job, 0, &version, plan, data, from, through, &run);
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_BAD_DATA);
    take_logs(c, plan);
    return read_run(calling, run, also);
}

/* ---- the call */

#define REFUSE(c, message) at_diag_add(&(c)->r.arguments, AT_A1340, (at_span){0}, message)

static void begin(struct calling *calling) {
    struct attain_call *c = calling->c;
    struct attain_results *r = &c->r;
    c->asking = *c->policy;
    c->asking.own = (struct at_api_own){0}; /* the memory of the policy is its own */
    c->asking.lua = NULL;
    c->asking.plan = NULL;
    at_diag_sources_init(&c->asking.sources, &r->own.arena);
    r->policies = AT_NEW_ARRAY(&r->own.arena, struct attain_policy *, 1);
    r->policies[r->n_policies++] = &c->asking;
    at_diag_list_init(&c->said, &r->own.arena, &c->asking.sources);
    at_api_job_make_lists(r);
    struct at_diag_list **lists = AT_NEW_ARRAY(&r->own.arena, struct at_diag_list *, 3);
    lists[0] = &r->arguments;
    lists[1] = &c->said;
    lists[2] = &r->per_policy[0];
    r->list = (struct attain_diagnostics){lists, 3};
}

static attain_status check_options(struct calling *calling) {
    struct attain_call *c = calling->c;
    const attain_run_options *run = &calling->run;
    bool payee = run->payee_count > 0 && run->payees;
    if (!AT_RESERVED_CLEAR(calling->options))
        return at_api_refuse_reserved(&c->r.arguments, "attain_call_options");
    if (!AT_RESERVED_CLEAR(run)) return at_api_refuse_reserved(&c->r.arguments, "attain_run_options");
    if (!c->policy->plan) return ATTAIN_BAD_POLICY;
    at_api_job_check_arguments(&calling->job);
    if (c->r.arguments.errors) return ATTAIN_USAGE;
    at_str expression = at_str_z(calling->options->expression ? calling->options->expression : "");
    if (at_str_trim(expression).n == 0)
        at_diag_help(REFUSE(c, "missing expression"), "write one, such as `scaled($100, $70)`");
    else if (run->payee_count > 1)
        REFUSE(c, "an expression has one value, of one payee");
    else if (payee != (run->period != NULL) || run->from || run->through)
        at_diag_help(REFUSE(c, "an expression is asked of a payee and a period, or of neither"),
                     "name both with `--payee` and `--period`");
    else if (!payee && run->setting_count)
        at_diag_help(REFUSE(c, "without a payee, params have the values of the policy"),
                     "name a payee and a period with `--payee` and `--period`");
    else if (payee && c->policy->checked->payee_table < 0)
        REFUSE(c, "the policy does not declare a payee");
    return c->r.arguments.errors ? ATTAIN_USAGE : ATTAIN_OK;
}

static attain_status call_inside(void *context) {
    struct calling *calling = context;
    struct attain_call *c = calling->c;
    const attain_run_options *run = &calling->run;
    begin(calling);
    attain_status status = check_options(calling);
    if (status != ATTAIN_OK) return status;
    struct at_arena *arena = &c->r.own.arena;
    bool once = run->payee_count == 0;
    c->call.expression = at_str_copy(arena, at_str_z(calling->options->expression));
    if (!once) c->call.payee = at_str_copy(arena, at_str_trim(at_str_z(run->payees[0])));
    if (!once) c->call.period = at_str_copy(arena, at_str_z(run->period));
    enum at_status compiled = compile(calling, c->call.expression, once);
    if (compiled != AT_OK) return at_api_status_public(compiled, ATTAIN_USAGE);
    c->type = c->asking.checked->types[c->asking.checked->asked->id];
    c->call.type = at_check_type_print(arena, c->asking.checked, c->type);
    return once ? at_api_status_public(call_once(calling), ATTAIN_USAGE) : call_in_run(calling);
}

attain_status attain_call_run(attain_policy *policy, const attain_data *data,
                              const attain_call_options *options, attain_call **out) {
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!policy || !options) return ATTAIN_USAGE;
    struct attain_call *c = at_api_handle_new(options->run.allocator, sizeof *c);
    if (!c) return ATTAIN_NO_MEMORY;
    at_api_own_limit(&c->r.own, options->run.max_memory);
    at_api_own_watch(&c->r.own, options->run.watch);
    c->policy = attain_policy_retain(policy);
    struct calling calling = {.c = c, .data = data, .options = options, .run = options->run};
    calling.job = (struct at_api_job){.r = &c->r, .data = data, .watch = &c->r.own.watch};
    calling.job.options = &calling.run;
    calling.run.ends_here = true;
    calling.run.on_bad_row = NULL;
    attain_status status = at_api_own_run(&c->r.own, call_inside, &calling);
    if (at_api_lacked_memory(status)) {
        attain_call_free(c);
        return status;
    }
    for (uint32_t i = 0; i < c->r.list.n_lists; i++)
        at_diag_list_sort(c->r.list.lists[i]);
    c->done = status == ATTAIN_OK;
    *out = c;
    return status;
}

void attain_call_free(attain_call *call) {
    if (!call) return;
    attain_policy_release(call->policy);
    at_api_handle_free(call, sizeof *call);
}

const attain_diagnostics *attain_call_diagnostics(const attain_call *call) {
    return call ? &call->r.list : NULL;
}

attain_status(attain_call_get)(const attain_call *call, attain_called *out, size_t size) {
    if (!call || !call->done || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    const struct at_write_call *c = &call->call;
    const struct at_currency_info *info =
        call->type.kind == AT_T_MONEY ? at_currency_info(call->type.currency) : NULL;
    attain_called called = {.type = (attain_type)call->type.kind,
                            .currency = info ? info->code : "",
                            .missing = c->missing,
                            .failed = c->failed,
                            .shown = at_api_text(c->shown),
                            .exact = at_api_text(c->exact),
                            .reason = at_api_text(c->reason),
                            .note_count = c->n_notes,
                            .message = at_api_text(c->message),
                            .lua_file = at_api_text(c->file),
                            .lua_line = c->line,
                            .trace = at_api_text(c->trace)};
    return AT_OUT_PUT(out, size, called);
}

attain_status attain_call_note(const attain_call *call, size_t index, attain_text *name, attain_text *value) {
    if (!call || !call->done || !name || !value || index >= call->call.n_notes) return ATTAIN_USAGE;
    *name = at_api_text(call->call.notes[index].name);
    *value = at_api_text(call->call.notes[index].shown);
    return ATTAIN_OK;
}

size_t attain_call_log_count(const attain_call *call) {
    return call && call->done ? call->n_logs : 0;
}

attain_status(attain_call_log)(const attain_call *call, size_t index, attain_log_entry *out, size_t size) {
    if (!AT_OUT_FITS(out, size) || index >= attain_call_log_count(call)) return ATTAIN_USAGE;
    return at_api_record_log(call->logs[index], out, size);
}

static void write_as(const void *subject, attain_report_format format, const struct at_write_report *report) {
    if (format == ATTAIN_REPORT_JSON)
        at_write_call_json(report, subject);
    else
        at_write_call_text(report, subject);
}

attain_status attain_call_write(const attain_call *call, attain_report_format format,
                                const attain_report_options *options, attain_write_fn write, void *context) {
    if (!call || !call->done) return ATTAIN_USAGE;
    return at_api_report_write(&call->r.own, format, ATTAIN_REPORT_JSON, options, write_as, &call->call,
                               write, context);
}
