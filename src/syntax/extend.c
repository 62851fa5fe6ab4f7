/* syntax/extend.c: `extends` and `without`: a policy takes the statements of another one, replaces those of
 * the same name, and leaves some out. The result is a list of statements like that of any other policy, in
 * which each one keeps its place in its own file. Replaced statements keep the place of the base, because
 * adjustments apply in order. */
#include "base/near.h"
#include "base/vec.h"
#include "syntax/parse_int.h"

struct slot { /* a statement of the base */
    struct at_ast_node **at;
    bool taken; /* replaced or left out */
};

struct extending {
    struct at_ast *ast;
    struct at_diag_list *diags;
    struct at_ast_node *own, *base; /* FILE nodes */
    struct at_ast_node *header;     /* of the policy itself; NULL: none */
    AT_VEC(struct slot) slots;
    AT_VEC(struct at_ast_node *) added;
};

/* ---- what a statement is called */

bool at_parse_declares(const struct at_ast_node *statement) {
    switch ((enum at_ast_kind)statement->kind) {
    case AT_N_PAYEE:
    case AT_N_DATA:
    case AT_N_HISTORY:
    case AT_N_CREDIT:
    case AT_N_MEASURE:
    case AT_N_PARAM:
    case AT_N_RATES:
    case AT_N_LOOKUP:
    case AT_N_PAY:
    case AT_N_POOL:
    case AT_N_FUNCTION: return statement->text.n > 0;
    case AT_N_DRAW: return !(statement->flags & AT_F_CARRY);
    default: return false;
    }
}

/* Its keyword. */
static const char *word_of(const struct at_ast_node *statement) {
    if (statement->kind == AT_N_DRAW && (statement->flags & AT_F_CARRY)) return "carry";
    return at_ast_kind_name((enum at_ast_kind)statement->kind);
}

/* Its name, its component, its title, or its message. */
static at_str name_of(const struct at_ast_node *statement) {
    bool carry = statement->kind == AT_N_DRAW && (statement->flags & AT_F_CARRY);
    return carry ? statement->text3 : statement->text;
}

static bool is_single(const struct at_ast_node *statement) {
    return statement->kind == AT_N_APPLIES || statement->kind == AT_N_SHOW ||
           statement->kind == AT_N_CONTINUES || statement->kind == AT_N_PAYEE;
}

/* Whether the statement of the policy replaces that of the base. */
static bool replaces(const struct at_ast_node *own, const struct at_ast_node *base) {
    if (own->kind != base->kind || own->kind == AT_N_USE || own->kind == AT_N_ERROR) return false;
    if (is_single(own)) return true;
    return (own->flags & AT_F_CARRY) == (base->flags & AT_F_CARRY) && at_str_eq(name_of(own), name_of(base));
}

/* Of several statements on one component: those of the same span, and those with the same reason. */
static bool is_alike(const struct at_ast_node *own, const struct at_ast_node *base) {
    if (own->kind == AT_N_CAP || own->kind == AT_N_FLOOR) return at_str_eq(own->by, base->by);
    if (own->kind == AT_N_ADJUST) return at_str_eq(own->text2, base->text2);
    return at_ast_same(own, base);
}

/* ---- `without` */

static bool is_meant(const struct at_ast_node *without, const struct at_ast_node *base) {
    if (without->text2.n == 0) {
        bool soft = base->kind == AT_N_SHOW || base->kind == AT_N_RELEASE;
        if (soft) return at_str_eq(without->text, at_str_z(word_of(base)));
        return at_parse_declares(base) && at_str_eq(without->text, base->text);
    }
    bool kind = at_str_eq(without->text2, at_str_z(at_ast_kind_name((enum at_ast_kind)base->kind)));
    return kind && (without->text.n == 0 || at_str_eq(without->text, name_of(base)));
}

/* Names the nearest statement that could be left out. */
static void report_nothing(struct extending *x, const struct at_ast_node *without) {
    struct at_str_nearest nearest = {.wanted = without->text};
    const struct at_ast_node *other = NULL;
    for (size_t i = 0; i < x->slots.n; i++) {
        const struct at_ast_node *base = *x->slots.at[i].at;
        bool kind = without->text2.n == 0 ? at_parse_declares(base)
                                          : at_str_eq(without->text2, at_str_z(word_of(base)));
        if (kind) at_str_nearest_try(&nearest, name_of(base));
        if (!other && without->text.n && at_str_eq(name_of(base), without->text)) other = base;
    }
    at_span span = without->name_span.end ? without->name_span : without->span2;
    at_str source = at_diag_sources_text(
        x->ast->sources, (at_span){without->span2.end ? without->span2.start : span.start, span.end});
    struct at_diag *diag = at_diag_add(x->diags, AT_A1202, span, "`%.*s` has no statement `%.*s`",
                                       AT_STR_ARG(x->base->text), AT_STR_ARG(source));
    bool quoted = at_str_eq(without->text2, AT_STR("test")) || at_str_eq(without->text2, AT_STR("require"));
    if (nearest.best.n) {
        at_diag_help(diag, quoted ? "did you mean \"%.*s\"?" : "did you mean `%.*s`?",
                     AT_STR_ARG(nearest.best));
        if (!quoted && without->text.n == span.end - span.start)
            at_diag_fix(diag, span, "%.*s", AT_STR_ARG(nearest.best));
    } else if (other) {
        at_diag_help(diag, "write `without %s %.*s`", word_of(other), AT_STR_ARG(without->text));
    } else
        at_diag_help(diag, "delete this line");
}

static void leave_out(struct extending *x, const struct at_ast_node *without) {
    struct at_ast *ast = x->ast;
    bool any = false;
    for (size_t i = 0; i < x->slots.n; i++) {
        const struct at_ast_node *base = *x->slots.at[i].at;
        if (x->slots.at[i].taken || !is_meant(without, base)) continue;
        any = x->slots.at[i].taken = true;
        *x->slots.at[i].at = NULL;
        if (!at_parse_declares(base)) continue;
        size_t size = sizeof *ast->left_out;
        ast->left_out =
            at_arena_grow(ast->arena, ast->left_out, ast->n_left_out * size, (ast->n_left_out + 1) * size);
        ast->left_out[ast->n_left_out++] = (struct at_ast_left_out){base->text, without->span};
    }
    if (!any) report_nothing(x, without);
}

/* ---- replacement */

static void report_several(struct extending *x, const struct at_ast_node *own, const struct slot *first,
                           const struct slot *second) {
    at_str name = name_of(own);
    struct at_diag *diag = at_diag_add(x->diags, AT_A1205, own->name_span.end ? own->name_span : own->span,
                                       "`%.*s` has several statements `%s %.*s`", AT_STR_ARG(x->base->text),
                                       word_of(own), AT_STR_ARG(name));
    at_diag_label(diag, (*first->at)->span, "one is here");
    at_diag_label(diag, (*second->at)->span, "another is here");
    at_diag_help(diag, "leave them out with `without %s %.*s`, and write those that apply", word_of(own),
                 AT_STR_ARG(name));
}

/* A name that the base gives to something else. The statement takes its place, so that no message follows. */
static struct slot *find_other(struct extending *x, const struct at_ast_node *own) {
    for (size_t i = 0; i < x->slots.n && at_parse_declares(own); i++) {
        struct slot *slot = &x->slots.at[i];
        if (slot->taken || !at_parse_declares(*slot->at) || !at_str_eq((*slot->at)->text, own->text))
            continue;
        struct at_diag *diag =
            at_diag_add(x->diags, AT_A1203, own->name_span, "`%.*s` is a `%s` in `%.*s`",
                        AT_STR_ARG(own->text), word_of(*slot->at), AT_STR_ARG(x->base->text));
        at_diag_label(diag, (*slot->at)->name_span, "declared here");
        at_diag_help(diag, "leave it out with `without %s %.*s`", word_of(*slot->at), AT_STR_ARG(own->text));
        return slot;
    }
    return NULL;
}

/* The statement of the base that is replaced; NULL: the statement is a further one. *several is set where the
 * choice is not clear, which is reported. */
static struct slot *find_slot(struct extending *x, const struct at_ast_node *own, bool *several) {
    struct slot *all[2] = {NULL}, *alike[2] = {NULL};
    uint32_t n = 0, n_alike = 0;
    for (size_t i = 0; i < x->slots.n; i++) {
        struct slot *slot = &x->slots.at[i];
        if (slot->taken || !replaces(own, *slot->at)) continue;
        if (n < 2) all[n] = slot;
        n++;
        if (!is_alike(own, *slot->at)) continue;
        if (n_alike < 2) alike[n_alike] = slot;
        n_alike++;
    }
    if (n_alike == 1) return alike[0];
    if (n == 1) return all[0];
    if (n == 0) return find_other(x, own);
    report_several(x, own, all[0], all[1]);
    *several = true;
    return NULL;
}

/* `pay comission` beside `commission` of the base would pay both. */
static void warn_of_near(struct extending *x, const struct at_ast_node *own) {
    struct at_str_nearest nearest = {.wanted = own->text};
    const struct at_ast_node *found = NULL;
    if (!at_parse_declares(own)) return;
    for (size_t i = 0; i < x->slots.n; i++) {
        const struct at_ast_node *base = *x->slots.at[i].at;
        if (!x->slots.at[i].taken && base->kind == own->kind && at_str_nearest_key(&nearest, base->text))
            found = base;
    }
    if (!found || nearest.distance > 2 || (nearest.distance == 2 && at_str_letters(own->text) < 8)) return;
    struct at_diag *diag =
        at_diag_add(x->diags, AT_A1204, own->name_span, "`%.*s` replaces nothing in `%.*s`",
                    AT_STR_ARG(own->text), AT_STR_ARG(x->base->text));
    at_diag_label(diag, found->name_span, "similar");
    at_diag_help(diag, "did you mean `%.*s`?", AT_STR_ARG(nearest.best));
}

static void put(struct extending *x, struct at_ast_node *own) {
    bool several = false;
    struct slot *slot = find_slot(x, own, &several);
    if (slot) {
        *slot->at = own;
        slot->taken = true;
        return;
    }
    if (!several) warn_of_near(x, own);
    AT_VEC_PUSH(x->ast->arena, &x->added, own);
}

/* ---- the `policy` statement */

static bool same_attribute(const struct at_ast_node *a, const struct at_ast_node *b) {
    return a && b && a->kind == b->kind && (a->kind != AT_N_ALLOW || at_str_eq(a->text, b->text));
}

/* The attributes of the base, replaced by those of the policy itself, and its further ones. */
static struct at_ast_node *join_headers(struct extending *x, const struct at_ast_node *base) {
    const struct at_ast_node *own = x->header;
    struct at_ast_node *joined = AT_NEW(x->ast->arena, struct at_ast_node);
    *joined = *own;
    joined->n = 0;
    joined->child = AT_NEW_ARRAY(x->ast->arena, struct at_ast_node *, own->n + base->n + 1);
    for (uint32_t i = 0; i < base->n; i++) {
        bool replaced = false;
        for (uint32_t k = 0; k < own->n; k++)
            replaced |= same_attribute(base->child[i], own->child[k]);
        if (!replaced) joined->child[joined->n++] = base->child[i];
    }
    for (uint32_t k = 0; k < own->n; k++)
        joined->child[joined->n++] = own->child[k];
    return joined;
}

/* ---- the whole */

static void list_slots(struct extending *x, struct at_ast_node *file) {
    for (uint32_t i = 0; i < file->n; i++)
        if (file->child[i]->kind != AT_N_POLICY && file->child[i]->kind != AT_N_USE)
            AT_VEC_PUSH(x->ast->arena, &x->slots, ((struct slot){&file->child[i], false}));
}

static void put_all(struct extending *x, struct at_ast_node *file) {
    for (uint32_t i = 0; i < file->n; i++) {
        struct at_ast_node *statement = file->child[i];
        switch ((enum at_ast_kind)statement->kind) {
        case AT_N_POLICY:
        case AT_N_EXTENDS:
        case AT_N_WITHOUT: break;
        case AT_N_USE:
        case AT_N_ERROR: AT_VEC_PUSH(x->ast->arena, &x->added, statement); break;
        default: put(x, statement); break;
        }
    }
}

/* What is left of a file when some of its statements are left out. */
static void compact(struct at_ast_node *file) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < file->n; i++)
        if (file->child[i]) file->child[n++] = file->child[i];
    file->n = n;
}

static struct at_ast_node *join_files(struct extending *x) {
    struct at_arena *arena = x->ast->arena;
    struct at_ast_node *joined = AT_NEW(arena, struct at_ast_node);
    *joined = *x->own;
    joined->n = 0;
    joined->child = AT_NEW_ARRAY(arena, struct at_ast_node *, x->base->n + x->added.n + 2);
    const struct at_ast_node *base_header = at_ast_child(x->base, AT_N_POLICY);
    if (x->header) joined->child[joined->n++] = base_header ? join_headers(x, base_header) : x->header;
    for (uint32_t i = 0; i < x->base->n; i++)
        if (x->base->child[i] && !(x->header && x->base->child[i] == base_header))
            joined->child[joined->n++] = x->base->child[i];
    for (size_t i = 0; i < x->added.n; i++)
        joined->child[joined->n++] = x->added.at[i];
    if (x->base->height > joined->height) joined->height = x->base->height;
    return joined;
}

/* Where the base could not be read, that is reported. */
static void refuse_without(struct at_diag_list *diags, const struct at_ast_node *file) {
    if (at_ast_child(file, AT_N_EXTENDS)) return;
    for (uint32_t i = 0; i < file->n; i++) {
        if (file->child[i]->kind != AT_N_WITHOUT) continue;
        struct at_diag *diag = at_diag_add(diags, AT_A1209, file->child[i]->span,
                                           "`without` in a policy that does not extend another one");
        at_diag_help(diag, "name the other policy: `extends \"base.attain\"`");
    }
}

static bool is_policy(struct extending *x) {
    const struct at_ast_node *extends = at_ast_child(x->own, AT_N_EXTENDS);
    bool broken = at_ast_child(x->base, AT_N_ERROR) != NULL;
    if (broken || at_ast_child(x->base, AT_N_POLICY)) return true;
    struct at_diag *diag =
        at_diag_add(x->diags, AT_A1207, extends->name_span, "`%.*s` does not contain a `policy` statement",
                    AT_STR_ARG(x->base->text));
    at_diag_help(diag, "write `use \"%.*s\"`", AT_STR_ARG(extends->text));
    return false;
}

void at_parse_extend(struct at_ast *ast, struct at_diag_list *diags, uint32_t own, uint32_t base,
                     uint32_t uses) {
    struct extending x = {.ast = ast, .diags = diags, .own = ast->files[own]};
    if (base == 0) {
        refuse_without(diags, x.own);
        return;
    }
    x.base = ast->files[base];
    x.header = at_ast_child(x.own, AT_N_POLICY);
    if (!is_policy(&x)) return;
    for (uint32_t f = base; f < uses; f++)
        list_slots(&x, ast->files[f]);
    for (uint32_t i = 0; i < x.own->n; i++)
        if (x.own->child[i]->kind == AT_N_WITHOUT) leave_out(&x, x.own->child[i]);
    put_all(&x, x.own);
    for (uint32_t f = uses; f < ast->n_files; f++) {
        /* What a file that the policy uses replaces moves to the place of the base. */
        struct at_ast_node *file = ast->files[f];
        for (uint32_t i = 0; i < file->n; i++) {
            bool several = false;
            struct at_ast_node *statement = file->child[i];
            struct slot *slot = statement->kind == AT_N_USE || statement->kind == AT_N_ERROR
                                    ? NULL
                                    : find_slot(&x, statement, &several);
            if (!slot) continue;
            *slot->at = statement;
            slot->taken = true;
            file->child[i] = NULL;
        }
        compact(file);
    }
    ast->files[own] = join_files(&x);
    for (uint32_t f = base + 1; f < ast->n_files; f++) {
        if (f < uses) compact(ast->files[f]);
        ast->files[f - 1] = ast->files[f];
    }
    ast->n_files--;
}
