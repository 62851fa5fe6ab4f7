/* tests/bench/twin_years.c: years.attain by hand. */
#include "twin.h"

enum { MONTHS = 24, YEAR = 12, TEAMS = 40, DRAW = 900000 };

/* Half up to whole cents; the value may be below zero. */
static int64_t half_up(__int128 value, int64_t unit) {
    return value < 0 ? -(int64_t)((-value * 2 + unit) / (unit * 2))
                     : (int64_t)((value * 2 + unit) / (unit * 2));
}

/* ---- days: a number that orders them, and their month */

struct day {
    uint32_t order;
    uint16_t month;
};

static struct day day_of(struct text t) {
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (t.n != 10 || memcmp(t.p, "202", 3) != 0 || t.p[4] != '-' || t.p[7] != '-') fail("bad date", t.p);
    unsigned year = (unsigned)(t.p[3] - '6'), month = (unsigned)((t.p[5] - '0') * 10 + (t.p[6] - '0')),
             day = (unsigned)((t.p[8] - '0') * 10 + (t.p[9] - '0'));
    if (year > 1 || month < 1 || month > 12 || day < 1 || day > days[month - 1]) fail("bad date", t.p);
    return (struct day){year * 400 + month * 32 + day, (uint16_t)(year * YEAR + month - 1)};
}

/* ---- the people and their teams */

struct stay {
    uint32_t since;
    unsigned team;
};
struct stays {
    struct stay *at;
    unsigned n;
};

static struct people read_names(const char *folder) {
    struct file file = map_file(folder, "reps.csv");
    struct people people = {0};
    while (file.p < file.end) {
        if (people.n == people.room) {
            people.room = people.room ? people.room * 2 : 256;
            people.rep = realloc(people.rep, people.room * sizeof *people.rep);
        }
        people.rep[people.n++].id = field(&file, ',');
        field(&file, '\n');
    }
    index_people(&people);
    return people;
}

static struct stays *read_stays(const char *folder, const struct people *people) {
    struct file file = map_file(folder, "teams.csv");
    struct stays *stays = calloc(people->n, sizeof *stays);
    while (file.p < file.end) {
        struct stays *of = &stays[find_rep(people, field(&file, ','))];
        uint32_t since = day_of(field(&file, ',')).order;
        struct text team = field(&file, '\n');
        unsigned at = of->n++;
        of->at = realloc(of->at, of->n * sizeof *of->at);
        for (; at > 0 && of->at[at - 1].since >= since; at--) {
            if (of->at[at - 1].since == since) fail("two rows of a day", team.p);
            of->at[at] = of->at[at - 1];
        }
        of->at[at] = (struct stay){since, (unsigned)atoi(team.p + 5)};
    }
    return stays;
}

/* The team at the end of a month. */
static unsigned team_at(const struct stays *stays, unsigned month) {
    uint32_t end = month / YEAR * 400 + (month % YEAR + 1) * 32 + 31;
    unsigned team = TEAMS;
    for (unsigned i = 0; i < stays->n && stays->at[i].since <= end; i++)
        team = stays->at[i].team;
    return team;
}

/* ---- sales, found by their ids, and receipts */

struct sale {
    struct text id;
    int64_t amount, part; /* cents; part: of the commission */
    uint32_t rep;
    uint16_t month;
};
struct sales {
    struct sale *at;
    uint32_t n, room, *slot, mask;
};

static struct sales read_sales(const char *folder, const struct people *people) {
    struct file file = map_file(folder, "sales.csv");
    struct sales sales = {0};
    while (file.p < file.end) {
        if (sales.n == sales.room) {
            sales.room = sales.room ? sales.room * 2 : 1024;
            sales.at = realloc(sales.at, sales.room * sizeof *sales.at);
        }
        struct sale *sale = &sales.at[sales.n++];
        sale->id = field(&file, ',');
        sale->rep = find_rep(people, field(&file, ','));
        sale->amount = cents(field(&file, ','));
        sale->month = day_of(field(&file, '\n')).month;
        sale->part = 0;
    }
    uint32_t slots = 16;
    while (slots < sales.n * 2)
        slots *= 2;
    sales.mask = slots - 1;
    sales.slot = calloc(slots, sizeof *sales.slot);
    for (uint32_t k = 0; k < sales.n; k++) {
        uint32_t i = hash_text(sales.at[k].id) & sales.mask;
        for (; sales.slot[i]; i = (i + 1) & sales.mask) {
            struct text other = sales.at[sales.slot[i] - 1].id;
            if (other.n == sales.at[k].id.n && memcmp(other.p, sales.at[k].id.p, other.n) == 0)
                fail("two sales", other.p);
        }
        sales.slot[i] = k + 1;
    }
    return sales;
}

static uint32_t find_sale(const struct sales *sales, struct text id) {
    for (uint32_t i = hash_text(id) & sales->mask;; i = (i + 1) & sales->mask) {
        uint32_t k = sales->slot[i];
        if (k == 0) fail("unknown sale", id.p);
        const struct sale *sale = &sales->at[k - 1];
        if (sale->id.n == id.n && memcmp(sale->id.p, id.p, id.n) == 0) return k - 1;
    }
}

struct receipt {
    struct text id;
    int64_t amount;
    uint32_t sale;
    struct day day;
};

/* Receipts of a sale together, by day and then by id. *start: n + 1 of them. */
static struct receipt *read_receipts(const char *folder, const struct sales *sales, uint32_t *start) {
    struct file file = map_file(folder, "receipts.csv");
    struct receipt *read = NULL, *by_sale;
    uint32_t n = 0, room = 0;
    while (file.p < file.end) {
        if (n == room) {
            room = room ? room * 2 : 1024;
            read = realloc(read, room * sizeof *read);
        }
        struct receipt *r = &read[n++];
        r->id = field(&file, ',');
        r->sale = find_sale(sales, field(&file, ','));
        r->amount = cents(field(&file, ','));
        r->day = day_of(field(&file, '\n'));
        start[r->sale + 1]++;
    }
    for (uint32_t k = 0; k < sales->n; k++)
        start[k + 1] += start[k];
    by_sale = malloc((n + 1) * sizeof *by_sale);
    uint32_t *end = malloc((sales->n + 1) * sizeof *end);
    memcpy(end, start, (sales->n + 1) * sizeof *end);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = end[read[i].sale]++, first = start[read[i].sale];
        for (; at > first && (by_sale[at - 1].day.order > read[i].day.order ||
                              (by_sale[at - 1].day.order == read[i].day.order &&
                               strncmp(by_sale[at - 1].id.p, read[i].id.p, read[i].id.n) > 0));
             at--)
            by_sale[at] = by_sale[at - 1];
        by_sale[at] = read[i];
    }
    free(end);
    free(read);
    return by_sale;
}

/* ---- what is earned, in cents */

static int64_t tiers(int64_t bookings) {
    static const int64_t from[] = {0, 100000000, 180000000}, rate[] = {50, 75, 100};
    __int128 sum = 0;
    for (unsigned i = 0; i < 3; i++) {
        int64_t top = i < 2 && bookings > from[i + 1] ? from[i + 1] : bookings;
        if (top > from[i]) sum += (__int128)(top - from[i]) * rate[i];
    }
    return half_up(sum, 1000);
}

/* The year's commission by month, raised to the draw, which later months repay above it. */
static void earn(const int64_t *bookings, int64_t *value) {
    int64_t todate = 0, before = 0, owed = 0;
    for (unsigned month = 0; month < MONTHS; month++) {
        if (month % YEAR == 0) todate = before = 0;
        todate += bookings[month];
        int64_t earned = tiers(todate) - before;
        before += earned;
        if (earned < DRAW) {
            owed += DRAW - earned;
            value[month] = DRAW;
        } else {
            int64_t back = earned - DRAW < owed ? earned - DRAW : owed;
            owed -= back;
            value[month] = earned - back;
        }
    }
}

struct part {
    int64_t remainder;
    uint32_t of;
};

static int by_remainder(const void *left, const void *right) {
    const struct part *a = left, *b = right;
    if (a->remainder != b->remainder) return a->remainder < b->remainder ? 1 : -1;
    return a->of < b->of ? -1 : 1;
}

/* Divides cents by the largest-remainder method; ties go to the first. */
static int64_t divide(int64_t whole, int64_t all, int64_t weight, uint32_t of, struct part *part) {
    __int128 share = (__int128)whole * weight;
    *part = (struct part){(int64_t)(share % all), of};
    return (int64_t)(share / all);
}

static void share_pool(const unsigned *team_of, unsigned people, unsigned team, const int64_t (*sum)[MONTHS],
                       int64_t (*pool)[MONTHS], unsigned month, struct part *part) {
    int64_t all = 0;
    unsigned n = 0;
    for (unsigned k = 0; k < people; k++)
        if (team_of[k] == team) all += sum[k][month];
    int64_t whole = half_up((__int128)all * 2, 100), left = whole;
    for (unsigned k = 0; k < people && all > 0; k++) {
        if (team_of[k] != team) continue;
        pool[k][month] = divide(whole, all, sum[k][month], k, &part[n++]);
        left -= pool[k][month];
    }
    qsort(part, n, sizeof *part, by_remainder);
    for (unsigned i = 0; left > 0; i++, left--)
        pool[part[i].of][month]++;
}

/* ---- lines: the movements of sales by payee and month */

struct line {
    uint32_t sale;
    int64_t amount;
};
struct lines {
    struct move {
        uint32_t cell, sale;
        int64_t amount;
    } * moves;
    uint32_t n, room, *start;
    struct line *line; /* those of a cell together, by sale */
};

static void move(struct lines *lines, uint32_t cell, uint32_t sale, int64_t amount) {
    if (amount == 0) return;
    if (lines->n == lines->room) {
        lines->room = lines->room ? lines->room * 2 : 1024;
        lines->moves = realloc(lines->moves, lines->room * sizeof *lines->moves);
    }
    lines->moves[lines->n++] = (struct move){cell, sale, amount};
}

/* The commission of each sale, as its receipts come in. */
static void release(const struct sales *sales, const struct receipt *receipts, const uint32_t *start,
                    struct lines *lines) {
    for (uint32_t k = 0; k < sales->n; k++) {
        const struct sale *sale = &sales->at[k];
        int64_t received = 0, paid = 0, moved = 0;
        uint16_t month = sale->month;
        for (uint32_t i = start[k]; i < start[k + 1]; i++) {
            if (receipts[i].day.month > month) {
                move(lines, sale->rep * MONTHS + month, k, moved);
                moved = 0;
                month = receipts[i].day.month;
            }
            received += receipts[i].amount;
            int64_t counted = received > sale->amount ? sale->amount : received < 0 ? 0 : received;
            int64_t todate = half_up((__int128)sale->part * counted, sale->amount);
            moved += todate - paid;
            paid = todate;
        }
        move(lines, sale->rep * MONTHS + month, k, moved);
    }
}

static void order_lines(struct lines *lines, uint32_t cells) {
    lines->start = calloc(cells + 2, sizeof *lines->start);
    lines->line = malloc((lines->n + 1) * sizeof *lines->line);
    for (uint32_t i = 0; i < lines->n; i++)
        lines->start[lines->moves[i].cell + 2]++;
    for (uint32_t c = 0; c < cells; c++)
        lines->start[c + 2] += lines->start[c + 1];
    for (uint32_t i = 0; i < lines->n; i++)
        lines->line[lines->start[lines->moves[i].cell + 1]++] =
            (struct line){lines->moves[i].sale, lines->moves[i].amount};
}

static void write_line(struct text rep, unsigned month, const char *component, struct text key,
                       int64_t amount) {
    char line[192], *p = line;
    if (amount == 0) return;
    p += sprintf(p, "%.*s,%u-%02u,%s,%.*s,", rep.n, rep.p, 2026 + month / YEAR, month % YEAR + 1, component,
                 key.n, key.p ? key.p : "");
    p = put_cents(p, amount);
    memcpy(p, ",USD\n", 5);
    fwrite(line, 1, (size_t)(p + 5 - line), stdout);
}

/* ---- */

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    struct people people = read_names(argv[1]);
    struct stays *stays = read_stays(argv[1], &people);
    struct sales sales = read_sales(argv[1], &people);
    int64_t(*sum)[MONTHS] = calloc(people.n, sizeof *sum), (*value)[MONTHS] = calloc(people.n, sizeof *value),
    (*pool)[MONTHS] = calloc(people.n, sizeof *pool);
    for (uint32_t k = 0; k < sales.n; k++)
        sum[sales.at[k].rep][sales.at[k].month] += sales.at[k].amount;
    for (unsigned k = 0; k < people.n; k++)
        earn(sum[k], value[k]);

    /* The parts of each cell, and what has no sale. */
    uint32_t cells = people.n * MONTHS, *first = calloc(cells + 2, sizeof *first),
             *by_cell = malloc((sales.n + 1) * sizeof *by_cell);
    struct part *part = malloc((sales.n + people.n + 1) * sizeof *part);
    for (uint32_t k = 0; k < sales.n; k++)
        first[sales.at[k].rep * MONTHS + sales.at[k].month + 2]++;
    for (uint32_t c = 0; c < cells; c++)
        first[c + 2] += first[c + 1];
    for (uint32_t k = 0; k < sales.n; k++)
        by_cell[first[sales.at[k].rep * MONTHS + sales.at[k].month + 1]++] = k;
    for (uint32_t c = 0; c < cells; c++) {
        int64_t whole = value[c / MONTHS][c % MONTHS], all = sum[c / MONTHS][c % MONTHS], left = whole;
        uint32_t n = first[c + 1] - first[c];
        if (all == 0) continue;
        for (uint32_t i = 0; i < n; i++) {
            struct sale *sale = &sales.at[by_cell[first[c] + i]];
            sale->part = divide(whole, all, sale->amount, by_cell[first[c] + i], &part[i]);
            left -= sale->part;
        }
        qsort(part, n, sizeof *part, by_remainder);
        for (uint32_t i = 0; left > 0; i++, left--)
            sales.at[part[i].of].part++;
    }
    uint32_t *start = calloc(sales.n + 1, sizeof *start);
    struct receipt *receipts = read_receipts(argv[1], &sales, start);
    struct lines lines = {0};
    release(&sales, receipts, start, &lines);
    order_lines(&lines, cells);

    unsigned *team_of = malloc(people.n * sizeof *team_of);
    for (unsigned month = 0; month < MONTHS; month++) {
        for (unsigned k = 0; k < people.n; k++)
            team_of[k] = team_at(&stays[k], month);
        for (unsigned team = 0; team < TEAMS; team++)
            share_pool(team_of, people.n, team, (const int64_t(*)[MONTHS])sum, pool, month, part);
    }
    puts("payee,period,component,line,amount,currency");
    for (unsigned k = 0; k < people.n; k++)
        for (unsigned month = 0; month < MONTHS; month++) {
            uint32_t c = k * MONTHS + month;
            struct text none = {0};
            if (sum[k][month] == 0) write_line(people.rep[k].id, month, "commission", none, value[k][month]);
            for (uint32_t i = lines.start[c]; i < lines.start[c + 1]; i++)
                write_line(people.rep[k].id, month, "commission", sales.at[lines.line[i].sale].id,
                           lines.line[i].amount);
            write_line(people.rep[k].id, month, "team", none, pool[k][month]);
        }
    return 0;
}
