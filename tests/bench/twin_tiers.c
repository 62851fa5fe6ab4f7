/* tests/bench/twin_tiers.c: tiers.attain by hand. */
#include "twin.h"

enum { MONTHS = 12, TEAMS = 40 };

/* Half up to whole cents of a figure in 1/10,000,000 cents. */
static int64_t round_up(__int128 value, int64_t unit) {
    return (int64_t)((value * 2 + unit) / (unit * 2));
}

/* Tiers of attainment: everything in 1/10,000 (rates in 1/10,000, thresholds in percent of quota in 1/100
 * cents). */
static int64_t commission(int64_t bookings, int64_t quota) {
    static const int64_t from[] = {0, 50, 100, 150}, rate[] = {500, 750, 1000, 1225};
    __int128 sum = 0;
    for (unsigned i = 0; i < 4; i++) {
        int64_t low = quota * from[i], high = i < 3 ? quota * from[i + 1] : INT64_MAX;
        int64_t top = bookings * 100 < high ? bookings * 100 : high;
        if (top > low) sum += (__int128)(top - low) * rate[i];
    }
    return round_up(sum, 1000000);
}

struct part {
    int64_t remainder;
    unsigned rep;
};

static int by_remainder(const void *left, const void *right) {
    const struct part *a = left, *b = right;
    if (a->remainder != b->remainder) return a->remainder < b->remainder ? 1 : -1;
    return a->rep < b->rep ? -1 : 1;
}

static void share_pool(const struct people *people, const int64_t (*sum)[MONTHS], int64_t (*pool)[MONTHS],
                       unsigned month, unsigned team) {
    int64_t all = 0;
    unsigned n = 0;
    struct part *part = malloc(people->n * sizeof *part);
    for (unsigned k = 0; k < people->n; k++)
        if (people->rep[k].team == team) all += sum[k][month];
    int64_t whole = round_up((__int128)all * 2, 100), left = whole;
    for (unsigned k = 0; k < people->n && all > 0; k++) {
        if (people->rep[k].team != team) continue;
        __int128 share = (__int128)whole * sum[k][month];
        pool[k][month] = (int64_t)(share / all);
        left -= pool[k][month];
        part[n++] = (struct part){(int64_t)(share % all), k};
    }
    qsort(part, n, sizeof *part, by_remainder);
    for (unsigned i = 0; left > 0; i++, left--)
        pool[part[i].rep][month]++;
    free(part);
}

static void write_line(const struct people *people, unsigned rep, unsigned month, const char *component,
                       int64_t amount) {
    char line[128], *p = line;
    if (amount == 0) return;
    p +=
        sprintf(p, "%.*s,2026-%02u,%s,,", people->rep[rep].id.n, people->rep[rep].id.p, month + 1, component);
    p = put_cents(p, amount);
    memcpy(p, ",USD\n", 5);
    fwrite(line, 1, (size_t)(p + 5 - line), stdout);
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    struct people people = read_people(argv[1]);
    int64_t(*sum)[MONTHS] = calloc(people.n, sizeof *sum), (*quota)[MONTHS] = calloc(people.n, sizeof *quota),
    (*pool)[MONTHS] = calloc(people.n, sizeof *pool);
    struct file file = map_file(argv[1], "quotas.csv");
    while (file.p < file.end) {
        unsigned rep = find_rep(&people, field(&file, ','));
        unsigned month = month_of(field(&file, ','));
        quota[rep][month] += cents(field(&file, '\n'));
    }
    file = map_file(argv[1], "deals.csv");
    while (file.p < file.end) {
        field(&file, ',');
        unsigned rep = find_rep(&people, field(&file, ','));
        field(&file, ',');
        field(&file, ',');
        int64_t amount = cents(field(&file, ','));
        unsigned month = month_of(field(&file, ','));
        struct text stage = field(&file, '\n');
        if (stage.n == 3 && memcmp(stage.p, "won", 3) == 0) sum[rep][month] += amount;
    }
    for (unsigned month = 0; month < MONTHS; month++)
        for (unsigned team = 0; team < TEAMS; team++)
            share_pool(&people, (const int64_t(*)[MONTHS])sum, pool, month, team);
    puts("payee,period,component,line,amount,currency");
    for (unsigned k = 0; k < people.n; k++)
        for (unsigned month = 0; month < MONTHS; month++) {
            write_line(&people, k, month, "commission", commission(sum[k][month], quota[k][month]));
            write_line(&people, k, month, "team", pool[k][month]);
        }
    return 0;
}
