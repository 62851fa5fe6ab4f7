/* api/policy.c: policies: the front half of the pipeline, run once and kept. */
#include "api/handle.h"

#include "compose/compose.h"
#include "depend/depend.h"
#include "fmt/fmt.h"
#include "write/order.h"

#define FREE(policy) at_api_handle_free((policy), sizeof(struct attain_policy))

static int write_nothing(void *context, const char *bytes, size_t n) {
    (void)context, (void)bytes, (void)n;
    return 0;
}

/* ---- compiling */

/* Only the diagnostics are wanted here, so the dump is discarded. */
static enum at_status read_tokens(struct attain_policy *p) {
    struct at_sink sink;
    at_sink_init(&sink, write_nothing, NULL);
    at_lex_dump(&p->sources, &p->own.arena, &p->diags, p->name, p->text, &sink);
    return p->diags.errors ? AT_REJECTED : AT_OK;
}

/* After a mistake of syntax a statement may be missing from the tree: that something is not there, or not
 * used, may then be the mistake's doing, and is not told. */
static bool may_follow(enum at_diag_code code) {
    static const enum at_diag_code codes[] = {AT_A0202, AT_A0206, AT_A0208, AT_A0213, AT_A0215,
                                              AT_A0222, AT_A0223, AT_A0225, AT_A0411, AT_A0420,
                                              AT_A0423, AT_A0431, AT_A0443, AT_A0445};
    for (size_t i = 0; i < AT_COUNT(codes); i++)
        if (codes[i] == code) return true;
    return code >= AT_A0601 && code <= AT_A0614;
}

/* Removes the diagnostics from `from` on that may follow from a missing statement, and their counts. */
static void drop_followers(struct at_diag_list *diags, uint32_t from) {
    uint32_t n = from;
    for (uint32_t i = from; i < diags->n; i++) {
        struct at_diag *diag = diags->at[i];
        if (!may_follow(diag->code)) {
            diags->at[n++] = diag;
            continue;
        }
        diags->errors -= diag->severity == AT_SEV_ERROR;
        diags->warnings -= diag->severity == AT_SEV_WARNING;
        diags->added--;
    }
    diags->n = n;
}

/* Runs the stages that the options ask for. A policy with errors of syntax is still checked, so that all
 * errors are reported in one call. Only a policy without errors has a plan. */
static enum at_status run_stages(struct attain_policy *p) {
    bool whole = p->stage == ATTAIN_STAGE_CHECK;
    if (p->stage == ATTAIN_STAGE_TOKENS) return read_tokens(p);
    enum at_status status = at_parse(&p->sources, &p->own.arena, &p->diags, p->name, p->text,
                                     whole ? at_api_load : NULL, &p->loading, &p->ast);
    if (!whole || (status != AT_OK && status != AT_REJECTED)) return status;
    uint32_t told = p->diags.n;
    const struct at_ast *all = p->parsed = p->ast;
    enum at_status checked = at_compose_check(&all, &p->own.arena, &p->diags, at_api_load, &p->loading,
                                              p->since, &p->checked, &p->composed);
    p->ast = (struct at_ast *)all;
    if (status == AT_REJECTED) drop_followers(&p->diags, told);
    if (status == AT_OK) status = checked;
    if (status != AT_OK && status != AT_REJECTED) return status;
    if (at_watch_cancelled(&p->own.watch)) return AT_CANCELLED;
    enum at_status hooks = at_lua_load(p->checked, &p->sources, &p->own.arena, &p->diags, at_api_load,
                                       &p->loading, &p->own.watch, &p->lua);
    if (hooks == AT_CANCELLED) return hooks;
    if (status == AT_OK) status = hooks;
    if (status != AT_OK) return status;
    status = at_plan_lower(p->checked, NULL, 0, &p->own.arena, &p->diags, &p->plan);
    if (status == AT_OK && !at_depend_check(p->plan, &p->own.arena, &p->diags)) return AT_REJECTED;
    return status;
}

/* From here on the policy is only read, by any thread: lines are counted now rather than at the first
 * message. */
static void settle(struct attain_policy *p) {
    at_diag_list_sort(&p->diags);
    for (uint32_t i = 0; i < p->sources.n_files; i++)
        at_diag_sources_place(&p->sources, p->sources.files[i]->base);
    if (p->status != AT_OK) p->plan = NULL;
    p->files =
        at_api_load_files(&p->loading, &p->own.arena, p->from_file ? p->name : AT_STR(""), &p->n_files);
}

/* Reports errors as ATTAIN_BAD_POLICY. The policy exists nevertheless, with its diagnostics. */
static attain_status compile(struct attain_policy *p) {
    at_watch_show(&p->own.watch, AT_WATCH_COMPILE, p->name, 0, 0);
    p->status = run_stages(p);
    if (p->strict) at_diag_list_raise(&p->diags);
    if (p->status == AT_OK && p->diags.errors) p->status = AT_REJECTED;
    settle(p);
    return at_api_status_public(p->status, ATTAIN_BAD_POLICY);
}

static struct attain_policy *new_policy(const attain_policy_options *options) {
    struct attain_policy *p = at_api_handle_new(options ? options->allocator : NULL, sizeof *p);
    if (!p) return NULL;
    at_api_own_watch(&p->own, options ? options->watch : NULL);
    p->owners = 1;
    at_api_own_limit(&p->own, options ? options->max_memory : 0);
    if (options) {
        p->stage = options->stage;
        p->loading = (struct at_api_loading){.load = options->load, .context = options->load_context};
        p->anywhere = options->allow_outside;
        p->strict = options->strict;
    }
    at_diag_sources_init(&p->sources, &p->own.arena);
    at_diag_list_init(&p->diags, &p->own.arena, &p->sources);
    p->diags.words = at_words_find(at_str_z(p->own.host.language ? p->own.host.language : ""));
    p->diags_list = &p->diags;
    p->list = (struct attain_diagnostics){&p->diags_list, 1};
    return p;
}

/* Ends the call, which has answered what was asked for. If there was no memory or the call was canceled,
 * frees the policy, and nothing is left. */
static attain_status hand_over(struct attain_policy *p, attain_status status, attain_policy **out) {
    p->loading.load = NULL; /* the host's context need not outlive the call */
    p->loading.context = NULL;
    if (at_api_lacked_memory(status) || status == ATTAIN_CANCELLED) {
        FREE(p);
        return status;
    }
    *out = p;
    return status;
}

struct origin { /* what is compiled: `text`, or the file `name` */
    struct attain_policy *p;
    const char *name, *text;
    size_t length;
    const attain_policy_options *options;
};

/* Returns ATTAIN_USAGE, with a diagnostic, if the options are not those of this version. */
static attain_status check_options(struct attain_policy *p, const attain_policy_options *options) {
    p->status = AT_REJECTED;
    if (options && !AT_RESERVED_CLEAR(options))
        return at_api_refuse_reserved(&p->diags, "attain_policy_options");
    if (options && options->since && !(p->since = at_check_language(at_str_z(options->since)))) {
        at_diag_add(&p->diags, AT_A0267, (at_span){0}, "unknown version of the language `%s`",
                    options->since);
        return ATTAIN_USAGE;
    }
    return ATTAIN_OK;
}

/* Copies name and text, so that the host may free them after the call. */
static attain_status compile_text(void *context) {
    const struct origin *from = context;
    struct attain_policy *p = from->p;
    if (check_options(p, from->options) != ATTAIN_OK) return ATTAIN_USAGE;
    p->name = at_str_copy(&p->own.arena, at_str_z(from->name ? from->name : "policy"));
    p->text = at_str_copy(&p->own.arena, (at_str){from->text, (uint32_t)from->length});
    at_api_load_main_text(&p->loading, &p->own.arena, p->name, p->text);
    return compile(p);
}

attain_status attain_policy_compile(const char *name, const char *text, size_t length,
                                    const attain_policy_options *options, attain_policy **out) {
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    /* A source map holds at most 2 GB. */
    if ((!text && length > 0) || length > 0x7FFFFFFFu) return ATTAIN_USAGE;
    struct attain_policy *p = new_policy(options);
    if (!p) return ATTAIN_NO_MEMORY;
    struct origin from = {
        .p = p, .name = name, .text = length ? text : "", .length = length, .options = options};
    return hand_over(p, at_api_own_run(&p->own, compile_text, &from), out);
}

static attain_status compile_file(void *context) {
    const struct origin *from = context;
    struct attain_policy *p = from->p;
    if (check_options(p, from->options) != ATTAIN_OK) return ATTAIN_USAGE;
    p->name = at_str_copy(&p->own.arena, at_str_z(from->name));
    p->from_file = true;
    if (at_api_load_main_file(&p->loading, &p->own.arena, &p->diags, from->options, p->name, &p->text))
        return compile(p);
    p->status = AT_IO;
    return ATTAIN_IO;
}

attain_status attain_policy_open(const char *path, const attain_policy_options *options,
                                 attain_policy **out) {
    if (!out) return ATTAIN_USAGE;
    *out = NULL;
    if (!path) return ATTAIN_USAGE;
    struct attain_policy *p = new_policy(options);
    if (!p) return ATTAIN_NO_MEMORY;
    struct origin from = {.p = p, .name = path, .options = options};
    return hand_over(p, at_api_own_run(&p->own, compile_file, &from), out);
}

struct at_api_version at_api_policy_version(const struct attain_policy *policy) {
    return (struct at_api_version){
        .checked = policy->checked, .lua = policy->lua, .sources = &policy->sources, .beside = policy};
}

const struct at_kernel_hooks *at_api_version_hooks(const struct at_api_version *version,
                                                   struct at_lua_hooks *hooks,
                                                   const struct at_lua_limits *limits,
                                                   struct at_watch *watch) {
    if (!version->lua || version->lua->n == 0) return NULL;
    at_lua_hooks_init(hooks, version->checked, version->lua, limits, watch);
    return &hooks->hooks;
}

/* ---- owners */

/* Any thread may retain and release. The last release needs all writes of other threads, so it acquires
 * them. */
attain_policy *attain_policy_retain(attain_policy *policy) {
    if (policy) __atomic_add_fetch(&policy->owners, 1, __ATOMIC_RELAXED);
    return policy;
}

void attain_policy_release(attain_policy *policy) {
    if (policy && __atomic_sub_fetch(&policy->owners, 1, __ATOMIC_ACQ_REL) == 0) FREE(policy);
}

/* ---- what it says */

const attain_diagnostics *attain_policy_diagnostics(const attain_policy *policy) {
    return policy ? &policy->list : NULL;
}
bool attain_policy_ok(const attain_policy *policy) {
    return policy && policy->plan;
}
attain_text attain_policy_name(const attain_policy *policy) {
    return policy && policy->checked ? at_api_text(policy->checked->name) : (attain_text){"", 0};
}
uint32_t attain_policy_version(const attain_policy *policy) {
    return policy && policy->checked ? policy->checked->version : 0;
}
static const struct at_currency_info *currency_of(const attain_policy *policy) {
    return policy && policy->checked ? at_currency_info(policy->checked->currency) : NULL;
}
const char *attain_policy_currency(const attain_policy *policy) {
    const struct at_currency_info *info = currency_of(policy);
    return info ? info->code : "";
}
uint32_t attain_policy_digits(const attain_policy *policy) {
    const struct at_currency_info *info = currency_of(policy);
    return info ? info->digits : 0;
}
size_t attain_policy_shown_count(const attain_policy *policy) {
    return policy && policy->checked ? policy->checked->n_shown : 0;
}
size_t attain_policy_table_count(const attain_policy *policy) {
    return policy && policy->checked ? policy->checked->n_schemas : 0;
}
attain_status(attain_policy_table)(const attain_policy *policy, size_t index, attain_table *out,
                                   size_t size) {
    if (index >= attain_policy_table_count(policy) || !AT_OUT_FITS(out, size)) return ATTAIN_USAGE;
    const struct at_schema *schema = &policy->checked->schemas[index];
    attain_table table = {at_api_text(schema->name), at_api_text(schema->source), schema->payee};
    return AT_OUT_PUT(out, size, table);
}

size_t attain_policy_file_count(const attain_policy *policy) {
    return policy ? policy->n_files : 0;
}
attain_status attain_policy_file(const attain_policy *policy, size_t index, attain_text *out) {
    if (index >= attain_policy_file_count(policy) || !out) return ATTAIN_USAGE;
    *out = at_api_text(policy->files[index]);
    return ATTAIN_OK;
}

/* ---- printing it. Scratch memory is the call's own, for the policy may be read by other threads. */

struct printing {
    struct at_api_own own; /* first: the allocator is the policy's */
    struct at_sink sink;
    const struct attain_policy *policy;
    const struct at_words *words; /* of the language that the caller wants */
    enum at_status (*how)(struct printing *job);
};

static enum at_status print_tokens(struct printing *job) {
    struct at_diag_sources sources;
    struct at_diag_list diags;
    at_diag_sources_init(&sources, &job->own.arena);
    at_diag_list_init(&diags, &job->own.arena, &sources);
    at_lex_dump(&sources, &job->own.arena, &diags, job->policy->name, job->policy->text, &job->sink);
    return AT_OK;
}

static enum at_status print_layout(struct printing *job) {
    return at_fmt(job->policy->ast, job->policy->ast->own, &job->own.arena, &job->sink);
}

static enum at_status print_ast(struct printing *job) {
    at_ast_dump(job->policy->ast->files[0], &job->sink);
    return AT_OK;
}
/* Parsed as a text of its own, because it may be laid out. */
static enum at_status print_policy(struct printing *job) {
    struct at_diag_sources sources;
    struct at_diag_list diags;
    struct at_ast *ast = NULL;
    at_str text = job->policy->composed;
    if (text.n == 0) text = at_compose_text(job->policy->ast, &job->own.arena);
    at_diag_sources_init(&sources, &job->own.arena);
    at_diag_list_init(&diags, &job->own.arena, &sources);
    enum at_status status =
        at_parse(&sources, &job->own.arena, &diags, job->policy->name, text, NULL, NULL, &ast);
    return status == AT_OK ? at_fmt(ast, ast->own, &job->own.arena, &job->sink) : status;
}
static enum at_status print_plan(struct printing *job) {
    at_plan_dump(job->policy->plan, &job->own.arena, &job->sink);
    return AT_OK;
}
static enum at_status print_plan_dot(struct printing *job) {
    at_plan_dump_dot(job->policy->plan, &job->own.arena, &job->sink);
    return AT_OK;
}

static enum at_status print_order(struct printing *job) {
    at_write_order(job->policy->checked, job->words, &job->own.arena, &job->sink);
    return AT_OK;
}

static attain_status print_inside(void *context) {
    struct printing *job = context;
    at_watch_show(&job->own.watch, AT_WATCH_WRITE, job->policy->name, 0, 0);
    enum at_status status = job->how(job);
    if (status != AT_OK) return at_api_status_public(status, ATTAIN_BAD_POLICY);
    return at_sink_flush(&job->sink) ? ATTAIN_IO : ATTAIN_OK;
}

static attain_status print(const attain_policy *policy, const attain_watch *watch,
                           enum at_status (*how)(struct printing *), attain_write_fn write, void *context) {
    struct printing *job = at_api_handle_beside(&policy->own, sizeof *job);
    if (!job) return at_api_handle_lack(&policy->own);
    job->policy = policy;
    job->how = how;
    job->words = at_words_find(at_str_z(watch && watch->language ? watch->language : ""));
    at_api_own_watch(&job->own, watch);
    at_sink_init(&job->sink, write, context);
    at_sink_stop(&job->sink, &job->own.arena);
    attain_status status = at_api_own_run(&job->own, print_inside, job);
    at_api_handle_free(job, sizeof *job);
    return status;
}

attain_status attain_policy_format(const attain_policy *policy, const attain_watch *watch,
                                   attain_write_fn write, void *context) {
    if (!policy || !write || policy->stage == ATTAIN_STAGE_TOKENS) return ATTAIN_USAGE;
    if (!policy->ast || (policy->stage == ATTAIN_STAGE_SYNTAX && policy->status != AT_OK))
        return ATTAIN_BAD_POLICY;
    return print(policy, watch, print_layout, write, context);
}

attain_status attain_policy_dump(const attain_policy *policy, attain_dump what, const attain_watch *watch,
                                 attain_write_fn write, void *context) {
    if (!policy || !write) return ATTAIN_USAGE;
    switch (what) {
    case ATTAIN_DUMP_TOKENS: return print(policy, watch, print_tokens, write, context);
    case ATTAIN_DUMP_AST:
        if (policy->stage == ATTAIN_STAGE_TOKENS) return ATTAIN_USAGE;
        return policy->ast ? print(policy, watch, print_ast, write, context) : ATTAIN_BAD_POLICY;
    case ATTAIN_DUMP_POLICY:
        if (policy->stage != ATTAIN_STAGE_CHECK) return ATTAIN_USAGE;
        return policy->checked ? print(policy, watch, print_policy, write, context) : ATTAIN_BAD_POLICY;
    case ATTAIN_DUMP_PLAN:
    case ATTAIN_DUMP_PLAN_DOT:
        if (policy->stage != ATTAIN_STAGE_CHECK) return ATTAIN_USAGE;
        if (!policy->plan) return ATTAIN_BAD_POLICY;
        return print(policy, watch, what == ATTAIN_DUMP_PLAN ? print_plan : print_plan_dot, write, context);
    case ATTAIN_DUMP_ORDER:
        if (policy->stage != ATTAIN_STAGE_CHECK) return ATTAIN_USAGE;
        if (watch && watch->language && !at_words_find(at_str_z(watch->language))) return ATTAIN_USAGE;
        if (policy->status != AT_OK || !policy->checked) return ATTAIN_BAD_POLICY;
        return print(policy, watch, print_order, write, context);
    }
    return ATTAIN_USAGE;
}
