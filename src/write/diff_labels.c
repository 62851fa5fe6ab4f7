/* write/diff_labels.c: writes names next to the points of the scatter chart that change most.
 *
 * A name is left out where it would cover a point that has a name, or another name. Widths are estimated from
 * above: a label needs more room than its text.
 */
#include "base/visible.h"
#include "write/diff_page.h"

enum { MOST_LABELS = 6, MOST_COLUMNS = 24, COLUMN = 11, HEIGHT = 22, GAP = 9, RADIUS = 6 };

struct box {
    int left, right, top, bottom;
};

static bool overlap(const struct box *a, const struct box *b) {
    return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

static struct box around(const struct at_write_diff_point *point) {
    return (struct box){point->x - RADIUS, point->x + RADIUS, point->y - RADIUS, point->y + RADIUS};
}

static bool is_free(const struct box *box, const struct box *taken, uint32_t n, int right) {
    if (box->left < 0 || box->right > right || box->top < 0) return false;
    for (uint32_t i = 0; i < n; i++)
        if (overlap(box, &taken[i])) return false;
    return true;
}

/* Right of the point, or else left of it, above it, or below it. */
static bool find_room(const struct at_write_diff_point *point, int width, const struct box *taken, uint32_t n,
                      int right, struct box *out) {
    const int half = HEIGHT / 2, tops[] = {-half, -half, -HEIGHT - GAP / 2, GAP / 2};
    const int lefts[] = {GAP, -GAP - width, -width / 2, -width / 2};
    for (int i = 0; i < 4; i++) {
        int left = point->x + lefts[i], top = point->y + tops[i];
        *out = (struct box){left, left + width, top, top + HEIGHT};
        if (is_free(out, taken, n, right)) return true;
    }
    return false;
}

void at_write_diff_labels(const struct at_write_diff_page *page, const struct at_write_diff_point *points,
                          uint32_t n, int right) {
    struct box taken[2 * MOST_LABELS + MOST_LABELS], box; /* points, and then names */
    uint32_t n_taken = 0, n_points = n < 2 * MOST_LABELS ? n : 2 * MOST_LABELS, shown = 0;
    for (uint32_t i = 0; i < n_points; i++)
        taken[n_taken++] = around(&points[i]);
    for (uint32_t i = 0; i < n_points && shown < MOST_LABELS; i++) {
        const struct at_diff_payee *payee = &page->diff->payees[points[i].payee];
        at_str name = payee->label.n ? payee->label : payee->key;
        unsigned columns = at_visible_width(name);
        if (columns > MOST_COLUMNS) continue;
        if (!find_room(&points[i], (int)columns * COLUMN, taken, n_taken, right, &box)) continue;
        taken[n_taken++] = box, shown++;
        at_sink_printf(page->out, "<text class=\"who\" x=\"%d\" y=\"%d\">", (box.left + box.right) / 2,
                       box.bottom - 6);
        at_write_page_plain(page, name);
        at_write_page_z(page, "</text>\n");
    }
}
