/* kernel/text.c: lower, trim, contains, starts, ends; the text of a choice. */
#include "kernel/kernels.h"

/* memchr searches only where `part` still fits, so memcmp never reads after the text. */
static bool contains(at_str s, at_str part) {
    if (part.n == 0) return true;
    for (const char *p = s.p, *end = s.p + s.n; (size_t)(end - p) >= part.n; p++) {
        p = memchr(p, part.p[0], (size_t)(end - p) - part.n + 1);
        if (!p) return false;
        if (memcmp(p, part.p, part.n) == 0) return true;
    }
    return false;
}

/* The length is tested first, because a shorter text would be read before its start. */
static bool text_test(int function, at_str s, at_str part) {
    if (function == AT_B_CONTAINS) return contains(s, part);
    if (part.n > s.n) return false;
    if (part.n == 0) return true;
    return memcmp(function == AT_B_ENDS ? s.p + s.n - part.n : s.p, part.p, part.n) == 0;
}

/* Functions of two texts answer yes or no. Functions of one text give a text, which trim returns as a
 * view. */
void at_kernel_textfn(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_plan_node *node = &space->plan->nodes[id];
    const struct at_col *a = at_kernel_input(space, id, 0),
                        *b = node->n_in > 1 ? at_kernel_input(space, id, 1) : NULL;
    uint32_t n = at_kernel_map_begin(space, id, out);
    size_t sa = !a->one, sb = b && !b->one;
    out->state = at_kernel_states_join(space, id, n);
    if (b) {
        out->form = AT_COL_FLAG;
        out->flag = AT_NEW_ARRAY(space->arena, uint8_t, n);
        for (uint32_t i = 0; i < n; i++)
            if (!out->state || out->state[i] == AT_STATE_OK)
                out->flag[i] = text_test(node->a, a->text[i * sa], b->text[i * sb]);
        return;
    }
    out->form = AT_COL_TEXT;
    out->text = AT_NEW_ARRAY(space->arena, at_str, n);
    for (uint32_t i = 0; i < n; i++)
        if (!out->state || out->state[i] == AT_STATE_OK)
            out->text[i] = node->a == AT_B_LOWER ? at_str_lower(space->arena, a->text[i * sa])
                                                 : at_str_trim(a->text[i * sa]);
}

/* A choice can be missing without a state (-1), so the index is checked before the state. */
void at_kernel_choicetext(struct at_kernel_space *space, uint32_t id, struct at_col *out) {
    const struct at_type_choices *choices = space->plan->nodes[id].data;
    const struct at_col *a = at_kernel_input(space, id, 0);
    uint32_t n = at_kernel_map_begin(space, id, out);
    out->state = at_kernel_states_join(space, id, n);
    out->form = AT_COL_TEXT;
    out->text = AT_NEW_ARRAY(space->arena, at_str, n);
    for (uint32_t i = 0; i < n; i++) {
        if (a->row[i] >= 0 && (uint32_t)a->row[i] < choices->n)
            out->text[i] = choices->at[a->row[i]];
        else if (at_col_state(a, i) == AT_STATE_OK)
            at_kernel_states_of(space, out, n)[i] = AT_STATE_MISSING;
    }
}
