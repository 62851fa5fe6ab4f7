/* tests/bench/generate.c: sales data of any size, always the same for the same arguments.
 *
 *     generate DIR ROWS PAYEES
 *
 * writes reps.csv, quotas.csv (twelve months of 2026 each) and deals.csv into DIR. Deals are in order of
 * their ids and spread over payees, products, regions and the days of the year by a small generator of its
 * own, so that nothing depends on the C library's.
 *
 *     generate years DIR ROWS PAYEES
 *
 * writes reps.csv, teams.csv (who is in which team from which day), sales.csv (24 months from 2026-01) and
 * receipts.csv (about two for each sale, in no order).
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252u;

static uint32_t draw(uint32_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 32) % below);
}

static FILE *create(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    return file;
}

static void write_people(const char *folder, unsigned payees) {
    FILE *reps = create(folder, "reps.csv"), *quotas = create(folder, "quotas.csv");
    fputs("id,name,team\n", reps);
    fputs("rep,month,amount\n", quotas);
    for (unsigned i = 0; i < payees; i++) {
        fprintf(reps, "r%05u,Rep number %u,team %02u\n", i, i, i % 40);
        for (unsigned month = 1; month <= 12; month++)
            fprintf(quotas, "r%05u,2026-%02u,%u\n", i, month, 20000 + 1000 * (i % 17) * ((month + i) % 9));
    }
    fclose(reps);
    fclose(quotas);
}

static void write_deals(const char *folder, unsigned long rows, unsigned payees) {
    static const char *const products[] = {"core", "plus", "services", "training", "hardware", "support"};
    static const char *const regions[] = {"east", "west", "north", "south"};
    static const char *const stages[] = {"won", "won", "won",  "won",  "won",
                                         "won", "won", "open", "open", "lost"};
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    FILE *deals = create(folder, "deals.csv");
    setvbuf(deals, NULL, _IOFBF, 1 << 20);
    fputs("id,rep,product,region,amount,closed_on,stage\n", deals);
    for (unsigned long i = 0; i < rows; i++) {
        unsigned month = draw(12), size = draw(100);
        unsigned whole = size < 70 ? 50 + draw(900) : size < 95 ? 1000 + draw(9000) : 10000 + draw(60000);
        fprintf(deals, "d%08lu,r%05u,%s,%s,%u.%02u,2026-%02u-%02u,%s\n", i + 1, draw(payees),
                products[draw(6)], regions[draw(4)], whole, draw(100), month + 1, 1 + draw(days[month]),
                stages[draw(10)]);
    }
    fclose(deals);
}

/* ---- two years with receipts */

enum { DAYS = 730 }; /* of 2026 and 2027 */

static void write_day(FILE *file, unsigned day) {
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned year = 2026 + day / 365, month = 0;
    for (day %= 365; day >= days[month]; month++)
        day -= days[month];
    fprintf(file, "%u-%02u-%02u", year, month + 1, day + 1);
}

static void write_teams(const char *folder, unsigned payees) {
    FILE *reps = create(folder, "reps.csv"), *teams = create(folder, "teams.csv");
    fputs("id,name\n", reps);
    fputs("rep,since,team\n", teams);
    for (unsigned i = 0; i < payees; i++) {
        unsigned team = i % 40;
        fprintf(reps, "r%05u,Rep number %u\n", i, i);
        for (unsigned day = 0; day < DAYS; day += 60 + draw(600)) {
            fprintf(teams, "r%05u,", i);
            write_day(teams, day);
            fprintf(teams, ",team %02u\n", team);
            team = draw(40);
        }
    }
    fclose(reps);
    fclose(teams);
}

struct sale {
    uint32_t cents;
    uint16_t day;
};

static struct sale *write_sales(const char *folder, unsigned long rows, unsigned payees) {
    struct sale *sales = malloc((rows + 1) * sizeof *sales);
    FILE *file = create(folder, "sales.csv");
    if (!sales) exit(1);
    setvbuf(file, NULL, _IOFBF, 1 << 20);
    fputs("id,rep,amount,closed_on\n", file);
    for (unsigned long i = 0; i < rows; i++) {
        unsigned size = draw(100);
        unsigned whole = size < 70 ? 50 + draw(900) : size < 95 ? 1000 + draw(9000) : 10000 + draw(60000);
        sales[i] = (struct sale){whole * 100 + draw(100), (uint16_t)draw(DAYS)};
        fprintf(file, "d%08lu,r%05u,%u.%02u,", i + 1, draw(payees), sales[i].cents / 100,
                sales[i].cents % 100);
        write_day(file, sales[i].day);
        fputc('\n', file);
    }
    fclose(file);
    return sales;
}

/* Each sale is paid in two receipts; some are never paid in full, and some twice in part. Numbers of receipts
 * go through all sales in steps of a prime, so that neighbors in the file belong to different sales. */
static void write_receipts(const char *folder, const struct sale *sales, unsigned long rows) {
    FILE *file = create(folder, "receipts.csv");
    setvbuf(file, NULL, _IOFBF, 1 << 20);
    fputs("id,sale,amount,received_on\n", file);
    for (unsigned long i = 0; i < 2 * rows; i++) {
        unsigned long at = i * 1000003 % (2 * rows), of = at / 2;
        uint32_t first = (uint32_t)((uint64_t)sales[of].cents * (30 + of % 30) / 100);
        uint32_t cents = at % 2 == 0 ? first : sales[of].cents - first + (of % 19 == 0 ? 5000 : 0);
        unsigned day = sales[of].day + (at % 2 == 0 ? draw(60) : 30 + draw(200));
        if (day >= DAYS) continue;
        fprintf(file, "p%09lu,d%08lu,%u.%02u,", i + 1, of + 1, cents / 100, cents % 100);
        write_day(file, day);
        fputc('\n', file);
    }
    fclose(file);
}

static int write_years(const char *folder, unsigned long rows, unsigned payees) {
    write_teams(folder, payees);
    struct sale *sales = write_sales(folder, rows, payees);
    write_receipts(folder, sales, rows);
    free(sales);
    return 0;
}

int main(int argc, char **argv) {
    bool years = argc == 5 && strcmp(argv[1], "years") == 0;
    if (argc != 4 + years) {
        fprintf(stderr, "usage: %s [years] DIR ROWS PAYEES\n", argv[0]);
        return 2;
    }
    if (years) return write_years(argv[2], strtoul(argv[3], NULL, 10), (unsigned)strtoul(argv[4], NULL, 10));
    unsigned payees = (unsigned)strtoul(argv[3], NULL, 10);
    if (payees == 0) payees = 1;
    write_people(argv[1], payees);
    write_deals(argv[1], strtoul(argv[2], NULL, 10), payees);
    return 0;
}
