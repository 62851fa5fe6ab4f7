/* write/diff_labels.c: writes names next to the points of the scatter chart that change most.
 *
 * A name is left out where it would cover a point or another name. The chart is divided into small squares,
 * each free or taken. Widths are estimated from above: a name needs less room than it takes.
 */
#include "base/visible.h"
#include "write/diff_page.h"

enum { MOST_LABELS = 6, MOST_COLUMNS = 24, COLUMN = 11, HEIGHT = 20, GAP = 9, RADIUS = 4 };
enum { SQUARE = 4, ACROSS = 160, DOWN = 160 };

struct room {
    bool taken[DOWN][ACROSS];
};

struct box {
    int left, right, top, bottom;
};

/* Takes the squares of a box, or only looks whether all of them are free and inside the chart. */
static bool visit(struct room *room, struct box box, bool take) {
    bool inside = box.left >= 0 && box.top >= 0 && box.right < SQUARE * ACROSS && box.bottom < SQUARE * DOWN;
    if (!inside) return false;
    for (int y = box.top / SQUARE; y <= box.bottom / SQUARE; y++)
        for (int x = box.left / SQUARE; x <= box.right / SQUARE; x++) {
            if (!take && room->taken[y][x]) return false;
            room->taken[y][x] |= take;
        }
    return true;
}

/* Right of the point, or else left of it, above it, below it, or aslant. */
static bool find_room(struct room *room, struct at_write_diff_point point, int width, int right,
                      struct box *out) {
    const int half = HEIGHT / 2, above = -HEIGHT - GAP, mid = -width / 2, before = -GAP - width;
    const int lefts[] = {GAP, before, mid, mid, GAP, before, GAP, before};
    const int tops[] = {-half, -half, above, GAP, above, GAP, GAP, above};
    for (size_t i = 0; i < sizeof tops / sizeof *tops; i++) {
        int left = point.x + lefts[i], top = point.y + tops[i];
        *out = (struct box){left, left + width, top, top + HEIGHT};
        if (out->right <= right && visit(room, *out, false)) return true;
    }
    return false;
}

void at_write_diff_labels(const struct at_write_diff_page *page, const struct at_write_diff_point *points,
                          uint32_t n, int right) {
    struct room *room = AT_NEW(page->arena, struct room);
    struct box box;
    for (uint32_t i = 0; i < n; i++)
        visit(room,
              (struct box){points[i].x - RADIUS, points[i].x + RADIUS, points[i].y - RADIUS,
                           points[i].y + RADIUS},
              true);
    for (uint32_t i = 0, shown = 0; i < n && i < 4 * MOST_LABELS && shown < MOST_LABELS; i++) {
        const struct at_diff_payee *payee = &page->diff->payees[points[i].payee];
        at_str name = payee->label.n ? payee->label : payee->key;
        unsigned columns = at_visible_width(name);
        if (columns > MOST_COLUMNS || !find_room(room, points[i], (int)columns * COLUMN, right, &box))
            continue;
        visit(room, box, true);
        shown++;
        at_sink_printf(page->out, "<text class=\"who\" x=\"%d\" y=\"%d\">", (box.left + box.right) / 2,
                       box.bottom - 5);
        at_write_page_plain(page, name);
        at_write_page_z(page, "</text>\n");
    }
}
