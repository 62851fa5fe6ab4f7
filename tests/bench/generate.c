/* tests/bench/generate.c: sales data of any size, always the same for the same arguments.
 *
 *     generate DIR ROWS PAYEES
 *
 * writes reps.csv, quotas.csv (twelve months of 2026 each) and deals.csv into DIR. Deals are in order of
 * their ids and spread over payees, products, regions and the days of the year by a small generator of its
 * own, so that nothing depends on the C library's.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

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

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: %s DIR ROWS PAYEES\n", argv[0]);
        return 2;
    }
    unsigned payees = (unsigned)strtoul(argv[3], NULL, 10);
    if (payees == 0) payees = 1;
    write_people(argv[1], payees);
    write_deals(argv[1], strtoul(argv[2], NULL, 10), payees);
    return 0;
}
