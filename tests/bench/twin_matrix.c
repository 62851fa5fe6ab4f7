/* tests/bench/twin_matrix.c: matrix.attain by hand. */
#include "twin.h"

static unsigned index_of(struct text t, const char *const *names, unsigned n) {
    for (unsigned i = 0; i < n; i++)
        if (strlen(names[i]) == t.n && memcmp(names[i], t.p, t.n) == 0) return i;
    return n;
}

/* In 1/10,000: the rate of the matrix, then the tiers of the deal's size. */
static int64_t pay_deal(struct text product, struct text region, int64_t amount) {
    static const char *const products[] = {"core", "plus", "services", "training"};
    static const char *const regions[] = {"east", "west", "north"};
    static const int rate[5][4] = {{400, 450, 500, 300},
                                   {500, 550, 600, 400},
                                   {200, 250, 300, 150},
                                   {100, 125, 150, 100},
                                   {300, 300, 350, 275}};
    static const int64_t from[] = {100000, 500000, 2000000, INT64_MAX};
    static const int tier[] = {50, 100, 175};
    int64_t sum = amount * rate[index_of(product, products, 4)][index_of(region, regions, 3)];
    for (unsigned i = 0; i < 3 && amount > from[i]; i++)
        sum += ((amount < from[i + 1] ? amount : from[i + 1]) - from[i]) * tier[i];
    return (sum * 2 + 10000) / 20000;
}

struct line {
    struct text id;
    int64_t amount;
    unsigned cell;
};

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    struct people people = read_people(argv[1]);
    struct line *lines = NULL;
    size_t n = 0, room = 0, cells = (size_t)people.n * 12;
    size_t *start = calloc(cells + 1, sizeof *start);
    struct file file = map_file(argv[1], "deals.csv");
    while (file.p < file.end) {
        struct text id = field(&file, ',');
        unsigned rep = find_rep(&people, field(&file, ','));
        struct text product = field(&file, ','), region = field(&file, ',');
        int64_t amount = cents(field(&file, ','));
        unsigned month = month_of(field(&file, ','));
        struct text stage = field(&file, '\n');
        if (stage.n != 3 || memcmp(stage.p, "won", 3) != 0) continue;
        if (n == room) {
            room = room ? room * 2 : 4096;
            lines = realloc(lines, room * sizeof *lines);
        }
        unsigned cell = rep * 12 + month;
        lines[n++] = (struct line){id, pay_deal(product, region, amount), cell};
        start[cell + 1]++;
    }
    for (size_t i = 0; i < cells; i++)
        start[i + 1] += start[i];
    unsigned *order = malloc(n * sizeof *order); /* deals stand in order of their ids in the file */
    for (size_t i = 0; i < n; i++)
        order[start[lines[i].cell]++] = (unsigned)i;
    puts("payee,period,component,line,amount,currency");
    for (size_t i = 0; i < n; i++) {
        const struct line *line = &lines[order[i]];
        const struct rep *rep = &people.rep[line->cell / 12];
        char text[160], *p = text;
        if (line->amount == 0) continue;
        memcpy(p, rep->id.p, rep->id.n);
        p += rep->id.n;
        memcpy(p, ",2026-", 6);
        p[6] = (char)('0' + (line->cell % 12 + 1) / 10);
        p[7] = (char)('0' + (line->cell % 12 + 1) % 10);
        memcpy(p + 8, ",deal_commission,", 17);
        p += 25;
        memcpy(p, line->id.p, line->id.n);
        p += line->id.n;
        *p++ = ',';
        p = put_cents(p, line->amount);
        memcpy(p, ",USD\n", 5);
        fwrite(text, 1, (size_t)(p + 5 - text), stdout);
    }
    return 0;
}
