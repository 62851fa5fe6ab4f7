/* gather/exception.c: keeps the faults of a run, numbers them, and finds the operands of their reasons, while
 * the values that they name are available. words/ makes the sentence from them.
 */
#include "gather/exception.h"

#include "base/numtext.h"
#include "syntax/plain.h"

/* ---- operands */

/* The text of an expression, on one line and of sensible length. */
static at_str source_of(const struct at_kernel_space *space, struct at_arena *arena,
                        const struct at_ast_node *ast) {
    const struct at_check_policy *checked = space->plan->checked;
    if (!ast || !checked->ast || !checked->ast->sources || ast->span.end == 0) return (at_str){0};
    at_str text = at_lex_plain(arena, at_diag_sources_text(checked->ast->sources, ast->span));
    char *p = at_arena_get(arena, text.n + 4);
    uint32_t n = 0;
    for (uint32_t i = 0; i < text.n && n < 72; i++) {
        bool blank = text.p[i] == ' ' || text.p[i] == '\n' || text.p[i] == '\t' || text.p[i] == '\r';
        if (blank && (n == 0 || p[n - 1] == ' ')) continue;
        p[n++] = blank ? ' ' : text.p[i];
    }
    if (n == 72) { /* never through the middle of a character */
        while (n > 0 && ((uint8_t)p[n - 1] & 0xC0) == 0x80)
            n--;
        memcpy(p + --n, "…", 3);
        n += 3;
    }
    return (at_str){p, n};
}

/* Empty if the index is not one of a choice. */
static at_str choice_text(const struct at_type *type, int32_t i) {
    if (type->kind == AT_T_ENUM && type->choices && i >= 0 && (uint32_t)i < type->choices->n)
        return type->choices->at[i];
    return (at_str){0};
}

/* A row is named by its key, as its file does. If its table is not in memory, its number must do. */
static at_words_operand ref_operand(const struct at_kernel_space *space, struct at_arena *arena,
                                    const struct at_type *type, int32_t row) {
    const struct at_table *table = &space->frame->data->tables[type->table];
    int key = table->schema->key;
    if (key >= 0 && table->resident && row >= 0) {
        const struct at_col *keys = &table->cols[key];
        at_str text =
            at_table_dataset_print(space->frame->data, arena, type->table, key, keys, (uint32_t)row);
        return at_words_quoted(at_str_copy(arena, text));
    }
    at_words_operand number = at_words_text(at_str_format(arena, "%d", row + 1));
    return at_words_inner(arena, AT_W_ROW_NUMBER, &number, 1);
}

/* Texts are copied, because the column of the space is forgotten with its batch or slice. */
static at_words_operand value_operand(const struct at_kernel_space *space, struct at_arena *arena,
                                      uint32_t node, uint32_t index) {
    const struct at_type *type = &space->plan->nodes[node].type;
    struct at_plan_value value = at_kernel_col_value(&space->cols[node], index, type);
    if (value.missing) return at_words_fixed(AT_W_NONE);
    switch ((enum at_type_kind)type->kind) {
    case AT_T_FOREIGN: return at_words_plain_number(arena, at_plan_value_num(&value));
    case AT_T_MONEY: return at_words_digits(at_money_print(arena, at_plan_value_num(&value), type->currency));
    case AT_T_NUMBER: return at_words_in(arena, at_plan_value_num(&value), (enum at_type_unit)type->unit);
    case AT_T_DURATION: return at_words_plain_number(arena, at_plan_value_num(&value));
    case AT_T_TEXT: return at_words_quoted(at_str_copy(arena, at_plan_value_text(&value)));
    case AT_T_DATE: return at_words_day(at_plan_value_day(&value));
    case AT_T_PERIOD: return at_words_month(at_plan_value_period(&value));
    case AT_T_FLAG: return at_words_fixed(at_plan_value_yes(&value) ? AT_W_YES : AT_W_NO);
    case AT_T_ENUM: return at_words_quoted(choice_text(type, at_plan_value_row(&value)));
    case AT_T_REF: return ref_operand(space, arena, type, at_plan_value_row(&value));
    case AT_T_NONE: break;
    }
    return at_words_text(AT_STR("?"));
}

/* The measure, component or credit in whose statement the node stands; nothing where equal formulas of
 * several statements are one node, and to name the first of them could be wrong. */
static at_str name_of_statement(const struct at_gather_exceptions *exceptions,
                                const struct at_plan_node *node) {
    at_span span = node->where.end || !node->ast ? node->where : node->ast->span;
    return at_plan_statement_at(exceptions->statements, span);
}

/* ---- reasons, by code */

/* Names the divisor alone if it has a source text. Otherwise the reason names the whole expression. */
static void divided(const struct at_kernel_space *space, struct at_arena *arena, uint32_t node,
                    uint32_t index, struct at_words_reason *out) {
    const struct at_plan_node *p = &space->plan->nodes[node];
    at_str divisor = {0}, whole = source_of(space, arena, p->ast);
    if (p->ast && p->ast->kind == AT_N_ARITH && p->ast->n == 2)
        divisor = source_of(space, arena, p->ast->child[1]);
    out->word = divisor.n ? AT_W_REASON_DIVIDED : whole.n ? AT_W_REASON_DIVIDED_IN : AT_W_REASON_DIVIDED_BARE;
    out->operand[0] = at_words_text(divisor.n ? divisor : whole);
    out->operand[1] = value_operand(space, arena, p->in[1], index);
}

static void not_found(const struct at_kernel_space *space, struct at_arena *arena, uint32_t node,
                      uint32_t index, struct at_words_reason *out) {
    const struct at_plan_node *p = &space->plan->nodes[node];
    out->word = p->n_in < 2 ? AT_W_REASON_NO_ROW : AT_W_REASON_NO_ROW2;
    out->operand[0] = at_words_text(((const struct at_plan_lookup *)p->data)->name);
    out->operand[1] = value_operand(space, arena, p->in[0], index);
    if (p->n_in > 1) out->operand[2] = value_operand(space, arena, p->in[1], index);
}

static at_words_operand threshold(struct at_arena *arena, const struct at_plan_steps *steps, bool percent) {
    if (steps->n == 0) return (at_words_operand){0};
    at_num first = steps->thresholds[0];
    if (percent) return at_words_percent(arena, first);
    if (steps->threshold.kind != AT_T_MONEY)
        return at_words_in(arena, first, (enum at_type_unit)steps->threshold.unit);
    return at_words_digits(at_money_print(arena, first, steps->threshold.currency));
}

static void below_steps(const struct at_kernel_space *space, struct at_arena *arena, uint32_t node,
                        uint32_t index, struct at_words_reason *out) {
    const struct at_plan_node *p = &space->plan->nodes[node];
    struct at_plan_value value =
        at_kernel_col_value(&space->cols[p->in[0]], index, &space->plan->nodes[p->in[0]].type);
    const struct at_plan_steps *steps = p->data;
    bool percent = steps->threshold.unit == AT_UNIT_PERCENT && !value.missing;
    bool named = p->ast && p->ast->kind == AT_N_CALL && p->ast->n > 0;
    out->word = named ? AT_W_REASON_BELOW : AT_W_REASON_BELOW_BARE;
    out->operand[0] = at_words_code(named ? source_of(space, arena, p->ast->child[0]) : (at_str){0});
    out->operand[1] = percent ? at_words_percent(arena, at_plan_value_num(&value))
                              : value_operand(space, arena, p->in[0], index);
    if (named) out->operand[2] = at_words_text(p->ast->text);
    out->operand[3] = threshold(arena, steps, percent);
}

/* The node reads a group. The field that defines the group is the one that has no value. */
static void no_group(const struct at_kernel_space *space, uint32_t node, struct at_words_reason *out) {
    const struct at_plan *plan = space->plan;
    int32_t field = plan->groups[plan->nodes[plan->nodes[node].in[0]].place].field;
    out->word = field < 0 ? AT_W_REASON_NO_GROUP : AT_W_REASON_NO_FIELD;
    if (field < 0) return;
    out->operand[0] = at_words_text(plan->checked->schemas[plan->checked->payee_table].fields[field].name);
}

static void no_dated_row(const struct at_kernel_space *space, struct at_arena *arena, uint32_t node,
                         uint32_t index, struct at_words_reason *out) {
    const struct at_plan_node *p = &space->plan->nodes[node];
    out->word = AT_W_REASON_NO_DATED_ROW;
    bool mean = p->op == AT_P_DATEDMEAN;
    uint32_t table = mean ? (uint32_t)p->a : p->type.table;
    out->operand[0] = at_words_text(space->plan->checked->schemas[table].name);
    out->operand[1] = value_operand(space, arena, p->in[0], index);
    out->operand[2] = value_operand(space, arena, p->in[mean ? 2 : 1], index);
}

/* Called while the columns of fault->space hold the values. They are the operands of the reason. */
static void find_reason(const struct at_kernel_fault *fault, struct at_arena *arena,
                        struct at_words_reason *out) {
    const struct at_kernel_space *space = fault->space;
    uint32_t node = fault->node;
    if (fault->code == AT_A0808) { /* a hook reports its own error */
        out->word = fault->message.n ? AT_W_REASON_HOOK : AT_W_REASON_HOOK_BARE;
        out->operand[0] = at_words_text(at_str_copy(arena, fault->message));
        return;
    }
    switch (fault->code) {
    case AT_A1180:
        out->word = AT_W_REASON_NO_RATE;
        out->operand[0] = at_words_text(at_str_copy(arena, fault->message));
        return;
    case AT_A0801: divided(space, arena, node, fault->index, out); return;
    case AT_A0802: not_found(space, arena, node, fault->index, out); return;
    case AT_A0803: below_steps(space, arena, node, fault->index, out); return;
    case AT_A0804: out->word = AT_W_REASON_TOO_LARGE; break;
    case AT_A0805: no_group(space, node, out); return;
    case AT_A1151: no_dated_row(space, arena, node, fault->index, out); return;
    case AT_A0864: out->word = AT_W_REASON_NO_PAYEE; break;
    case AT_A0806: out->word = AT_W_REASON_NO_DAY; break;
    case AT_A0878: out->word = AT_W_REASON_SHARES; return;
    case AT_A1119: out->word = AT_W_REASON_HOLDS; return;
    case AT_A0879:
        out->word = AT_W_REASON_TARGET;
        out->operand[0] = value_operand(space, arena, space->plan->nodes[node].in[1], fault->index);
        return;
    default: out->word = AT_W_REASON_NO_VALUE; break;
    }
    out->operand[0] = at_words_code(source_of(space, arena, space->plan->nodes[node].ast));
}

static const struct at_kernel_hook_failure *hook_copy(const struct at_kernel_hook_failure *hook,
                                                      struct at_arena *arena) {
    struct at_kernel_hook_failure *out = AT_NEW(arena, struct at_kernel_hook_failure);
    *out = (struct at_kernel_hook_failure){.message = at_str_copy(arena, hook->message),
                                           .file = at_str_copy(arena, hook->file),
                                           .line = hook->line,
                                           .text = at_str_copy(arena, hook->text),
                                           .trace = at_str_copy(arena, hook->trace)};
    return out;
}

/* Where the fault arose, as far as that is one place. */
struct at_gather_exception at_gather_exception_of(const struct at_gather_exceptions *exceptions,
                                                  const struct at_kernel_fault *fault,
                                                  struct at_arena *arena) {
    const struct at_plan *plan = exceptions->plan;
    const struct at_plan_node *node = &plan->nodes[fault->node];
    struct at_gather_exception exception = {.code = fault->code, .node = fault->node};
    at_str name = name_of_statement(exceptions, node);
    exception.unnamed = name.n == 0;
    bool one_place = node->ast && (node->where.end == 0 || (node->where.start == node->ast->span.start &&
                                                            node->where.end == node->ast->span.end));
    if (one_place || !exception.unnamed) exception.ast = node->ast;
    find_reason(fault, arena, &exception.why);
    if (fault->hook) exception.hook = hook_copy(fault->hook, arena);
    exception.why.of = name;
    return exception;
}

/* ---- the list of a run */

void at_gather_exceptions_open(struct at_gather_exceptions *exceptions, const struct at_plan *plan,
                               const struct at_plan_statements *statements,
                               const struct at_table_dataset *data, struct at_arena *arena) {
    *exceptions =
        (struct at_gather_exceptions){.arena = arena, .plan = plan, .statements = statements, .data = data};
    at_map_init(&exceptions->merged, arena);
}

void at_gather_exception_name(struct at_gather_exception *exception, const struct at_table_dataset *data,
                              uint16_t payee_table, uint32_t payee, struct at_arena *arena) {
    const struct at_table *table = &data->tables[payee_table];
    int key = table->schema->key;
    if (exception->payee == AT_NOBODY || exception->payee == payee || key < 0) return;
    at_str text = at_table_dataset_print(data, arena, payee_table, key, &table->cols[key], exception->payee);
    exception->why.member = at_words_quoted(at_str_copy(arena, text));
}

/* The payee and the period of a value of a settled node. An allotment that fails is not the fault of a
 * member, except where the value of a member is why. */
static void place_of(const struct at_kernel_space *space, const struct at_plan_node *node,
                     const struct at_kernel_fault *fault, struct at_gather_exception *out) {
    out->payee = out->period = AT_NOBODY;
    if (node->op == AT_P_ALLOT && fault->code != AT_A0879) return;
    if (node->grain == AT_G_CELL || node->grain == AT_G_GROUP) out->period = space->period;
    if (node->op == AT_P_ALLOT && fault->code == AT_A0804) return;
    if (node->grain == AT_G_CELL || (node->grain == AT_G_ROW && node->place == space->frame->payee_table))
        out->payee = fault->index;
    if (node->grain == AT_G_GROUP && space->plan->groups[node->place].of)
        out->payee = space->frame->stays[node->place].payee[fault->index];
}

/* Afterwards, the next fault is numbered behind all that are kept. */
void at_gather_exceptions_take(struct at_gather_exceptions *exceptions, struct at_kernel_space *space,
                               uint32_t id) {
    struct at_kernel_fault_list *faults = space->faults;
    for (size_t i = 0; i < faults->of.n; i++) {
        const struct at_kernel_fault *fault = &faults->of.at[i];
        struct at_gather_exception exception = at_gather_exception_of(exceptions, fault, exceptions->arena);
        place_of(space, &space->plan->nodes[id], fault, &exception);
        AT_VEC_PUSH(exceptions->arena, &exceptions->kept, exception);
    }
    faults->of.at = NULL; /* the caller resets the memory */
    faults->of.n = faults->of.room = 0;
    faults->base = (uint32_t)exceptions->kept.n;
}

uint32_t at_gather_exceptions_add(struct at_gather_exceptions *exceptions,
                                  const struct at_gather_exception *exception) {
    struct {
        uint64_t line;
        uint32_t code, node, payee, period;
    } key;
    /* The key is compared byte by byte, so bytes between its fields must be equal, too. */
    memset(&key, 0, sizeof key);
    key.line = exception->line;
    key.code = (uint32_t)exception->code;
    key.node = exception->node;
    key.payee = exception->payee;
    key.period = exception->period;
    at_str text = {(const char *)&key, sizeof key};
    uintptr_t held = (uintptr_t)at_map_get(&exceptions->merged, text);
    if (held) return (uint32_t)(held - 1);
    AT_VEC_PUSH(exceptions->arena, &exceptions->kept, *exception);
    at_map_put(&exceptions->merged, at_str_copy(exceptions->arena, text),
               (void *)(uintptr_t)exceptions->kept.n);
    return (uint32_t)(exceptions->kept.n - 1);
}
