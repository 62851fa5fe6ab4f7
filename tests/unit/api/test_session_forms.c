/* tests/unit/api/test_session_forms.c: sessions of policies with split rows, longer rhythms, moved lines,
 * pools, stocks, rows of a row, and short periods: after any edits of any tables, a session gives the bytes
 * of a fresh run.
 *
 * The test keeps the rows as texts by itself, and gives them to attain_run as CSV.
 */
#include <inttypes.h>

#include "host.h"

#define TABLES                                                                                               \
    "param rate = 10%\n"                                                                                     \
    "payee rep from \"reps.csv\" { id text key  team text  role text  w number  hired date  left date "      \
    "optional "                                                                                              \
    "manager rep optional }\n"                                                                               \
    "data deal from \"deals.csv\" { id text key  rep rep  partner rep optional  amount money  signed date  " \
    "closed "                                                                                                \
    "date  cut percent }\n"                                                                                  \
    "data target from \"targets.csv\" { rep rep  month period  amount money  key rep, month }\n"             \
    "data quota from \"quotas.csv\" { team text  month period  amount money }\n"                             \
    "data bill from \"bills.csv\" { id text key  rep rep  amount money  due_on date  paid_on date optional " \
    "}\n"                                                                                                    \
    "data receipt from \"receipts.csv\" { deal deal  amount money  got date }\n"                             \
    "credit booking from deal to rep on closed amount deal.amount\n"                                         \
    "measure bookings = sum of amount from booking\n"

#define HEAD(period)                                                                                         \
    "policy \"Forms\"\n  effective from 2026-01-01 to 2026-12-31\n  currency USD\n  period " period "\n"

static const char *const policies[] = {
    HEAD("month") TABLES
    "credit pair from deal to rep at 60%, partner otherwise \"eli\" at 40% on closed amount deal.amount\n"
    "credit chain from deal where level <= 2 to managers of rep at choose { when level = 1: 3%  otherwise: "
    "1% } on "
    "closed amount deal.amount\n"
    "credit house from deal to partner otherwise rep on closed amount deal.amount\n"
    "pay line per pair = rate of amount\n"
    "pay chain_line per chain = 50% of amount\n"
    "pay bonus each quarter paid after 1 month = 1% of bookings\n"
    "pay half each half = 1% of ytd(bookings)\n"
    "pay spiff per house paid after 30 days = deal.cut of amount\n"
    "cap spiff at $150\n"
    "pay tiered on bookings cumulative over year = 1% up to $5,000 + 3% over $5,000\n",

    HEAD("month") TABLES
    "measure reached = max(bookings, $0) / $1,000\n"
    "pool company on bookings = 10% split by rep.w, at most $400 each\n"
    "pool leads from company = 20% split equally among rep where role is \"AE\"\n"
    "pool gated on bookings = 5% split by contribution among rep where bookings >= $500\n"
    "pool level_up = $100 split to level reached\n"
    "pool quarterly per team each quarter paid after 1 month = 1% of bookings split by rep.w\n"
    "rates curve { at 0%: 0%  at 100%: 50%  at 300%: 200%  above 500%: 300% }\n"
    "pay curved = curve(reached) of $100\n",

    HEAD("month") TABLES "measure overdue = sum of amount from bill to rep\n"
                         "  where due_on <= period.end and (paid_on is missing or paid_on > period.end)\n"
                         "measure heads = count from rep where rep.hired <= period.end and (left is missing "
                         "or left > period.end)\n"
                         "measure tq = sum of amount from quota by team on month\n"
                         "measure mine = sum of amount from target on month\n"
                         "measure tier = if bookings >= $2,000 then 20% else 10%\n"
                         "credit paid_up from deal where sum(receipt.amount by deal) >= deal.amount and "
                         "max(receipt.got by deal) is not "
                         "missing to rep on max(receipt.got by deal) amount deal.amount\n"
                         "pay late = rate of overdue\n"
                         "pay team = $1 * heads\n"
                         "pay goal = 1% of tq\n"
                         "pay reach = $10 when bookings >= mine and mine > $0\n"
                         "pay settled per paid_up = $1 * count(receipt by deal)\n"
                         "pay signed per booking = ifmissing(tier as of deal.signed, 0%) * amount\n"
                         "credit received from receipt to deal.rep on got\n"
                         "measure lines_read = sum of signed of receipt.deal from received\n"
                         "pay read = 50% of lines_read\n"
                         "pay grown = 1% of ytd(overdue by period)\n",

    HEAD("week from monday") TABLES "measure mine = sum of amount from target on month spread evenly\n"
                                    "measure days = sum of amount from target on month spread by days\n"
                                    "pay weekly = 1% of bookings\n"
                                    "pay quarter = rate of qtd(bookings) when bookings > $0\n"
                                    "pay reach = $10 when bookings >= mine and mine > $0\n"
                                    "pay gone = 1% of max($0, days - bookings)\n"
                                    "pay bonus each quarter = 1% of bookings\n"
                                    "pool shared per team on bookings = 5% split by contribution\n"
                                    "cap quarter at $300 per quarter\n",

    HEAD("month") TABLES
    "pay commission on bookings by booking = 2% up to $3,000 + 4% over $3,000\n"
    "pay plain on bookings = rate\n"
    "pay line per booking = 1% of amount\n"
    "pay climbing on bookings by booking in order = 1% up to $4,000 + 3% over $4,000\n"
    "pool kitty per team on bookings by booking = 1% split by contribution\n"
    "credit chain from deal to managers of rep at 10% on closed amount deal.amount\n"
    "measure below = sum of amount from chain\n"
    "pay override = 1% of below\n"
    "pay spiff by chain paid after 1 month = 2% of below\n"
    "draw advance = $30 recoverable against plain\n"
    "hold 30% of commission until deal.signed + 3 months\n"
    "hold 50% of line until deal.closed + 60 days when rep.role is \"AE\"\n"
    "release plain with receipt on receipt.got at receipt.amount / $4,000\n"
    "release override with receipt on receipt.got at 40%\n"
    "clawback plain as rated now on receipt.got at 10% when receipt.got within 90 days of deal.closed\n"
    "clawback kitty as paid on receipt.got at 10%\n",

    "policy \"Forms\"\n  effective from 2026-01-01 to 2026-12-31\n  currency USD\n  period semimonth\n"
    "  round half up to $0.05\n" TABLES
    "credit pair from deal to rep at 50%, partner otherwise \"eli\" at 50% on closed amount deal.amount\n"
    "pay line per pair = rate of amount\n"
    "pay monthly each month = 1% of bookings\n"
    "pay year cumulative over year = 1.5% of bookings\n"
    "pool bonus per team = 1% of bookings split equally, at most $9.99 each\n"
    "cap total at $500 per quarter\n"};

/* ---- the rows */

enum { FIELDS = 8, MOST = 90, PAYEES = 5, KEPT = 10 /* deals that receipts refer to */ };
enum { REP, DEAL, TARGET, QUOTA, BILL, RECEIPT, TABLES_N };

struct rows {
    char cell[MOST][FIELDS][16];
    size_t n;
};

static const struct {
    const char *name, *head;
    size_t fields;
} tables[TABLES_N] = {[REP] = {"rep", "id,team,role,w,hired,left,manager", 7},
                      [DEAL] = {"deal", "id,rep,partner,amount,signed,closed,cut", 7},
                      [TARGET] = {"target", "rep,month,amount", 3},
                      [QUOTA] = {"quota", "team,month,amount", 3},
                      [BILL] = {"bill", "id,rep,amount,due_on,paid_on", 5},
                      [RECEIPT] = {"receipt", "deal,amount,got", 3}};

static const char *const names[PAYEES] = {"ana", "ben", "cem", "dia", "eli"};
static struct host host;
static struct rows now[TABLES_N], saved[TABLES_N];
static uint64_t seed, serial;
static char csv[TABLES_N][1 << 15];

static uint64_t draw(uint64_t below) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (seed >> 20) % below;
}

static void put_day(char *out) {
    sprintf(out, "2026-%02d-%02d", (int)draw(12) + 1, (int)draw(28) + 1);
}

static void put_money(char *out) {
    sprintf(out, "%s%d.%02d", draw(7) ? "" : "-", (int)draw(4000), (int)draw(100));
}

static void put_maybe_day(char *out) {
    out[0] = 0;
    if (draw(2)) put_day(out);
}

static void draw_row(int table, char row[FIELDS][16], size_t k, const char *rep) {
    static const char *const teams[] = {"east", "west"}, *const roles[] = {"AE", "SE", "AM"};
    switch (table) {
    case REP:
        strcpy(row[0], rep);
        strcpy(row[1], teams[draw(2)]);
        strcpy(row[2], roles[draw(3)]);
        sprintf(row[3], "%d", (int)draw(9) + 1);
        put_day(row[4]);
        put_maybe_day(row[5]);
        strcpy(row[6], strcmp(rep, "ana") == 0 ? "" : strcmp(rep, "ben") == 0 ? "ana" : names[draw(2)]);
        return;
    case DEAL:
        sprintf(row[0], "%s%zu", k < KEPT ? "k" : "x", k < KEPT ? k : (size_t)serial++);
        strcpy(row[1], rep);
        strcpy(row[2], draw(2) ? "" : names[draw(PAYEES)]);
        if (strcmp(row[2], rep) == 0) row[2][0] = 0; /* a payee whom a row credits twice is a warning */
        put_money(row[3]);
        put_day(row[4]);
        put_day(row[5]);
        sprintf(row[6], "%d%%", (int)draw(30));
        return;
    case TARGET: strcpy(row[0], rep); break;
    case QUOTA: strcpy(row[0], teams[draw(2)]); break;
    case BILL:
        sprintf(row[0], "b%zu", (size_t)serial++);
        strcpy(row[1], rep);
        put_money(row[2]);
        put_day(row[3]);
        put_maybe_day(row[4]);
        return;
    case RECEIPT:
        sprintf(row[0], "k%zu", (size_t)draw(KEPT));
        put_money(row[1]);
        put_day(row[2]);
        return;
    }
    sprintf(row[1], "2026-%02zu", k % 12 + 1);
    put_money(row[2]);
}

static attain_data *as_files(void) {
    attain_data *data;
    cr_assert_eq(attain_data_new(&host.allocator, &data), ATTAIN_OK);
    for (int t = 0; t < TABLES_N; t++) {
        char *out = csv[t] + sprintf(csv[t], "%s\n", tables[t].head);
        for (size_t i = 0; i < now[t].n; i++)
            for (size_t f = 0; f < tables[t].fields; f++)
                out += sprintf(out, "%s%c", now[t].cell[i][f], f + 1 < tables[t].fields ? ',' : '\n');
        cr_assert_eq(attain_data_bind_memory(data, tables[t].name, csv[t], strlen(csv[t]), NULL), ATTAIN_OK);
    }
    return data;
}

/* ---- edits */

static attain_rows rows_of(int table, const struct rows *fresh, attain_cell *cells) {
    size_t fields = tables[table].fields;
    for (size_t i = 0; i < fresh->n; i++)
        for (size_t f = 0; f < fields; f++) {
            const char *text = fresh->cell[i][f];
            cells[i * fields + f] = (attain_cell){.kind = text[0] ? ATTAIN_CELL_TEXT : ATTAIN_CELL_MISSING,
                                                  .text = {text, strlen(text)}};
        }
    return (attain_rows){.cells = cells, .row_count = fresh->n};
}

/* Puts the fresh rows where the first row of the payee was. `of`: the field of the payee; -1: all rows are
 * replaced. */
static void replace(struct rows *rows, int of, const char *rep, const struct rows *fresh) {
    static struct rows before;
    size_t at = rows->n;
    before = *rows;
    rows->n = 0;
    for (size_t i = before.n; i-- > 0;)
        if (of < 0 || strcmp(before.cell[i][of], rep) == 0) at = i;
    for (size_t i = 0; i <= before.n; i++) {
        for (size_t k = 0; i == at && k < fresh->n; k++)
            memcpy(rows->cell[rows->n++], fresh->cell[k], sizeof *fresh->cell);
        if (i < before.n && of >= 0 && strcmp(before.cell[i][of], rep) != 0)
            memcpy(rows->cell[rows->n++], before.cell[i], sizeof *before.cell);
    }
}

static void edit(attain_session *session) {
    static const int of[] = {[REP] = 0, [DEAL] = 1, [TARGET] = 0, [QUOTA] = -1, [BILL] = 1, [RECEIPT] = -1};
    static attain_cell cells[MOST * FIELDS];
    static struct rows fresh;
    int t = (int)draw(TABLES_N);
    size_t who = draw(PAYEES), n = t == REP ? 1 : draw(t == TARGET || t == QUOTA ? 12 : 7);
    fresh.n = 0;
    for (size_t k = 0; t == DEAL && k < KEPT; k++) /* those that receipts refer to stay */
        if (k % PAYEES == who) draw_row(t, fresh.cell[fresh.n++], k, names[who]);
    for (size_t k = 0; k < n; k++)
        draw_row(t, fresh.cell[fresh.n++], t == DEAL ? KEPT : k, names[who]);
    attain_rows rows = rows_of(t, &fresh, cells);
    bool add = (t == BILL || t == RECEIPT) && now[t].n + n < MOST && draw(2);
    if (add) {
        for (size_t k = 0; k < n; k++)
            memcpy(now[t].cell[now[t].n++], fresh.cell[k], sizeof *fresh.cell);
    } else {
        replace(&now[t], of[t], names[who], &fresh);
    }
    cr_assert_eq(add ? attain_session_add_rows(session, tables[t].name, &rows)
                     : attain_session_set_rows(session, tables[t].name,
                                               of[t] < 0  ? NULL
                                               : t == REP ? "id"
                                                          : "rep",
                                               of[t] < 0 ? NULL : names[who], &rows),
                 ATTAIN_OK, "%s of %s", tables[t].name, names[who]);
}

/* ---- the comparison */

static char *written(const attain_results *results, attain_results_format format) {
    struct text text = {0};
    cr_assert_eq(attain_results_write(results, format, NULL, text_write, &text), ATTAIN_OK);
    return text.at;
}

/* What is held, as the file of it has it: without a period that the list has, too. */
static char *held_of(attain_results *results) {
    struct text text = {0};
    attain_held held;
    uint64_t n;
    char line[200];
    cr_assert_eq(attain_results_held_count(results, &n), ATTAIN_OK);
    int length = sprintf(line, "payee,component,line,earned,held,currency,due\n");
    text_write(&text, line, (size_t)length);
    for (uint64_t i = 0; i < n; i++) {
        cr_assert_eq(attain_results_held(results, i, &held), ATTAIN_OK);
        cr_assert(!held.release || held.due.length == 0);
        length = sprintf(line, "%.*s,%.*s,%.*s,%.*s,%s%" PRId64 ".%02d,%s,%.*s\n", (int)held.payee_key.length,
                         held.payee_key.bytes, (int)held.component.length, held.component.bytes,
                         (int)held.row_key.length, held.row_key.bytes, (int)held.earned_in.length,
                         held.earned_in.bytes, held.amount < 0 ? "-" : "", labs(held.amount) / 100,
                         (int)(labs(held.amount) % 100), held.currency, (int)held.due.length, held.due.bytes);
        text_write(&text, line, (size_t)length);
    }
    cr_assert_eq(attain_results_held(results, n, &held), ATTAIN_USAGE);
    return text.at;
}

/* The parts of the lines add up to the lines. */
static void add_up(const attain_results *results) {
    static int64_t sums[1 << 14];
    attain_part part;
    attain_line line;
    uint64_t n = attain_results_line_count(results);
    cr_assert_lt(n, sizeof sums / sizeof *sums);
    memset(sums, 0, n * sizeof *sums);
    for (uint64_t i = 0; i < attain_results_part_count(results); i++) {
        cr_assert_eq(attain_results_part(results, i, &part), ATTAIN_OK);
        sums[part.line] += part.amount;
    }
    for (uint64_t i = 0; i < n; i++) {
        cr_assert_eq(attain_results_line(results, i, &line), ATTAIN_OK);
        cr_assert_eq(sums[i], line.amount, "%.*s", (int)line.component.length, line.component.bytes);
    }
}

/* A row without a key is named by its line in a file, and by its number in a session. */
static void hide_numbers(char *text, const char *before) {
    for (char *at = text; (at = strstr(at, before)) != NULL;) {
        at += strlen(before);
        size_t digits = strspn(at, "0123456789");
        memmove(at, at + digits, strlen(at + digits) + 1);
    }
}

static char *explained(attain_results *results, const char *payee) {
    struct text text = {0};
    const attain_explain_options options = {.payee = payee};
    cr_assert_eq(attain_explain(results, &options, text_write, &text), ATTAIN_OK);
    if (text.at) hide_numbers(text.at, "- row ");
    if (text.at) hide_numbers(text.at, "with row ");
    return text.at ? text.at : strdup("");
}

/* Shows only the first line that differs: the texts are long. */
static void agree(char *own, char *fresh) {
    size_t at = 0, line = 0;
    while (own[at] && own[at] == fresh[at])
        if (own[at++] == '\n') line = at;
    cr_assert(own[at] == fresh[at], "a session and a run differ:\n%.200s\n%.200s", own + line, fresh + line);
    free(own);
    free(fresh);
}

static void compare(attain_policy *policy, attain_session *session, const char *rate, const char *through) {
    const attain_setting setting = {"rate", rate};
    attain_run_options options = {.settings = &setting,
                                  .setting_count = rate != NULL,
                                  .through = through,
                                  .by_deal = true,
                                  .allocator = &host.allocator};
    attain_data *data = as_files();
    attain_results *fresh, *own;
    cr_assert_eq(attain_run(&policy, 1, data, &options, &fresh), ATTAIN_OK);
    cr_assert_eq(attain_session_run(session, NULL, &own), ATTAIN_OK);
    agree(written(own, ATTAIN_RESULTS_JSON), written(fresh, ATTAIN_RESULTS_JSON));
    agree(written(own, ATTAIN_RESULTS_DEALS), written(fresh, ATTAIN_RESULTS_DEALS));
    agree(held_of(own), written(fresh, ATTAIN_RESULTS_HELD));
    add_up(own);
    const char *who = names[draw(PAYEES)];
    if (draw(5) == 0) agree(explained(own, who), explained(fresh, who));
    attain_results_free(fresh);
    attain_data_free(data);
}

static void start(void) {
    memset(now, 0, sizeof now);
    serial = 0;
    for (size_t i = 0; i < PAYEES; i++)
        draw_row(REP, now[REP].cell[now[REP].n++], i, names[i]);
    for (size_t k = 0; k < KEPT; k++)
        draw_row(DEAL, now[DEAL].cell[now[DEAL].n++], k, names[k % PAYEES]);
    memcpy(saved, now, sizeof now);
}

static void walk(const char *text, uint64_t round) {
    attain_policy *policy;
    attain_session *session;
    attain_policy_options compiling = {.allocator = &host.allocator};
    const char *rate = NULL, *saved_rate = NULL, *through = round % 2 ? "2026" : NULL;
    static const char *const rates[] = {NULL, "7%", "12.5%"};
    attain_run_options options = {.through = through, .by_deal = true, .allocator = &host.allocator};
    cr_assert_eq(attain_policy_compile("forms", text, strlen(text), &compiling, &policy), ATTAIN_OK, "%s",
                 text);
    seed = round * UINT64_C(0x9E3779B97F4A7C15);
    start();
    attain_data *data = as_files();
    cr_assert_eq(attain_session_new(&policy, 1, data, &options, &session), ATTAIN_OK);
    attain_data_free(data);
    for (int step = 0; step < 40; step++) {
        uint64_t what = draw(12);
        if (what == 0) {
            rate = rates[draw(3)];
            cr_assert_eq(attain_session_set_param(session, "rate", rate), ATTAIN_OK);
        } else if (what == 1) {
            cr_assert_eq(attain_session_undo(session), ATTAIN_OK);
            memcpy(now, saved, sizeof now);
            rate = saved_rate;
        } else if (what == 2) {
            cr_assert_eq(attain_session_keep(session), ATTAIN_OK);
            memcpy(saved, now, sizeof now);
            saved_rate = rate;
        } else {
            edit(session);
        }
        if (draw(2)) compare(policy, session, rate, through);
    }
    attain_session_free(session);
    attain_policy_release(policy);
}

Test(session_forms, give_what_a_fresh_run_gives, .timeout = 120) {
    host_start(&host);
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
        for (uint64_t round = 1; round <= 6; round++)
            walk(policies[i], round + 100 * i);
    cr_assert_eq(host.live, 0);
}
