/* test_result: what later rooms read: schemas, feeds, measures, rates, tables, adjustments, invariants. */
#include "checking.h"

static const char WHOLE[] =
    "policy \"Whole\" version 7 effective from 2026-02-01 to 2027-01-31 currency CNY period half\n"
    "fiscal year from february  round half even to cents\n"
    "data product from \"products.csv\" { sku text key  kind one of (\"core\", \"extra\")  weight number }\n"
    "payee rep from \"reps.csv\" { id text key  badge text  name text label  boss rep optional  team text }\n"
    "data deal from \"deals.csv\" { id text key  rep rep by badge  product product  amount money  note text "
    "from \"Free text\"  day date format \"D.M.YYYY\" }\n"
    "data plan { rep rep  time period  amount money }\n"
    "applies to rep where team is not \"none\"\n"
    "credit booking from deal where product.kind is \"core\" to rep at 60%, managers of rep at 5% on day\n"
    "credit plain from deal to rep on day\n"
    "measure bookings = sum of amount from plain where amount > ¥5\n"
    "measure quota = sum of amount from plan to rep on time per year\n"
    "measure ratio = bookings / quota\n"
    "param base = 8%\n"
    "rates tiers { from 0%: base  above 100%: 10%  from 150%: 12% tie below }\n"
    "table price by kind, weight { | from 0 | above 10  \"core\" | ¥1 | ¥2  other | ¥3 | ¥4 }\n"
    "pay first \"The first\" on bookings cumulative over year = tiers(ratio) when ratio > 0\n"
    "pay each per plain = price(product.kind, product.weight)\n"
    "floor first at ¥5\n"
    "adjust each = each * 2 because \"twice\"\n"
    "cap total at ¥100 per year\n"
    "require deal.amount > ¥0 else \"a\"\n"
    "require ratio < 10 else \"b\"\n"
    "require sum(total) < ¥1000 else \"c\"\n";

static struct checking *whole(void) {
    struct checking *c = checking_of(WHOLE);
    cr_assert(c->status == AT_OK, "%s", checking_messages(c));
    return c;
}

Test(test_result, the_header) {
    struct checking *c = whole();
    const struct at_check_policy *k = c->checked;
    cr_expect(at_str_eq(k->name, AT_STR("Whole")));
    cr_expect_eq(k->version, 7u);
    cr_expect_eq(k->currency, at_currency_find(AT_STR("CNY")));
    cr_expect_eq(k->calendar.period_kind, AT_HALF);
    cr_expect_eq(k->calendar.fiscal_start, 2);
    cr_expect_eq(k->rounding, AT_ROUND_HALF_EVEN);
    at_date from, to;
    at_date_make(2026, 2, 1, &from);
    at_date_make(2027, 1, 31, &to);
    cr_expect(k->from == from && k->to == to);
    checking_end(c);
}

Test(test_result, schemas) {
    struct checking *c = whole();
    const struct at_check_policy *k = c->checked;
    cr_assert_eq(k->n_schemas, 4u);
    cr_expect_eq(k->payee_table, 1);
    const struct at_schema *product = &k->schemas[0], *rep = &k->schemas[1], *deal = &k->schemas[2];
    cr_expect(rep->payee && !deal->payee && rep->referenced && product->referenced && !deal->referenced);
    cr_expect(rep->key == 0 && rep->label == 2 && product->label == -1);
    cr_expect_eq(k->manager_field, 3);
    cr_expect(rep->fields[3].type.optional && rep->fields[3].ref_field == 0);
    cr_expect(rep->fields[1].unique && rep->fields[1].used, "named by `by`");
    cr_expect_eq(deal->fields[1].ref_field, 1);
    cr_expect_eq(deal->fields[2].ref_field, 0);
    cr_expect(at_str_eq(deal->fields[4].header, AT_STR("Free text")) && !deal->fields[4].used);
    cr_expect(deal->fields[5].n_formats == 1 && at_str_eq(deal->fields[5].formats[0], AT_STR("D.M.YYYY")) &&
              deal->fields[5].used);
    cr_expect(deal->fields[0].used, "lines are named by the key");
    cr_expect(product->fields[1].used && product->fields[2].used);
    cr_expect(k->applies != NULL);
    checking_end(c);
}

Test(test_result, feeds_and_measures) {
    struct checking *c = whole();
    const struct at_check_policy *k = c->checked;
    cr_assert_eq(k->n_feeds, 3u);
    const struct at_check_feed_decl *booking = &k->feeds[0], *plain = &k->feeds[1], *own = &k->feeds[2];
    cr_expect(booking->where && booking->on && booking->n_to == 2);
    cr_expect(booking->to[0].share && !booking->to[0].managers && booking->to[1].managers);
    cr_expect(plain->amount && plain->amount->kind == AT_N_NAME, "a credit without `amount` takes the field");
    cr_expect_eq(plain->amount_type.kind, AT_T_MONEY);
    cr_expect_eq(k->symbols[plain->amount->id]->kind, AT_SYM_FIELD);
    cr_expect(own->name.n == 0 && own->table == 3 && own->spread && own->spread->op == AT_OP_PER &&
              own->n_to == 1);
    cr_assert_eq(k->n_measures, 3u);
    cr_expect(k->measures[0].feed == 1 && k->measures[0].where && k->measures[0].value &&
              !k->measures[0].expr);
    cr_expect_eq(k->symbols[k->measures[0].value->id]->kind, AT_SYM_AMOUNT);
    cr_expect(k->measures[1].feed == 2 && k->measures[1].aggregate);
    cr_expect(k->measures[2].expr && !k->measures[2].aggregate &&
              k->measures[2].symbol->type.kind == AT_T_NUMBER);
    checking_end(c);
}

Test(test_result, rates_and_tables) {
    struct checking *c = whole();
    const struct at_check_rates_decl *rates = &c->checked->rates[0];
    cr_assert_eq(rates->n_steps, 3u);
    cr_expect(!rates->steps[0].above && rates->steps[1].above && rates->steps[2].above,
              "`tie below` is as `above`");
    cr_expect(rates->threshold.kind == AT_T_NUMBER && rates->rate.kind == AT_T_NUMBER);
    const struct at_check_lookup_decl *price = &c->checked->lookups[0];
    cr_assert(price->n_keys == 2 && price->n_rows == 2 && price->n_columns == 2);
    cr_expect_eq(price->key_type[0].kind, AT_T_ENUM, "the key is the field of its name");
    cr_expect_eq(price->key_type[1].kind, AT_T_NUMBER);
    cr_expect(price->rows[0].kind == AT_KEY_VALUE && price->rows[1].kind == AT_KEY_OTHER &&
              !price->rows[1].node);
    cr_expect(price->columns[0].kind == AT_KEY_FROM && price->columns[1].kind == AT_KEY_ABOVE);
    cr_expect_eq(c->checked->types[price->rows[0].node->id].kind, AT_T_ENUM);
    cr_expect_eq(price->value.kind, AT_T_MONEY);
    cr_expect(at_str_eq(price->values[3]->text, AT_STR("¥4")));
    checking_end(c);
}

Test(test_result, components_and_adjustments) {
    struct checking *c = whole();
    const struct at_check_policy *k = c->checked;
    cr_assert_eq(k->n_components, 2u);
    cr_expect(k->components[0].cumulative == AT_YEAR && k->components[0].per_feed == -1 &&
              k->components[0].when && k->components[0].on);
    cr_expect(at_str_eq(k->components[0].symbol->label, AT_STR("The first")));
    cr_expect(k->components[1].per_feed == 1 && k->components[1].cumulative == -1 && !k->components[1].on);
    cr_assert_eq(k->n_adjustments, 3u);
    cr_expect(k->adjustments[0].component == 0 && k->adjustments[0].node->kind == AT_N_FLOOR &&
              k->adjustments[0].per == -1);
    cr_expect(k->adjustments[1].component == 1 && at_str_eq(k->adjustments[1].node->text2, AT_STR("twice")));
    cr_expect(k->adjustments[2].component == -1 && k->adjustments[2].per == AT_YEAR);
    cr_assert_eq(k->n_requires, 3u);
    cr_expect(k->requires[0].grain == AT_G_ROW && k->requires[0].table == 2);
    cr_expect_eq(k->requires[1].grain, AT_G_CELL);
    cr_expect_eq(k->requires[2].grain, AT_G_CONST);
    checking_end(c);
}

static bool load_rates(void *context, struct at_arena *arena, at_str from, at_str wanted,
                       struct at_parse_loaded *out) {
    (void)arena;
    (void)from;
    out->name = wanted;
    out->text = at_str_z(context);
    return true;
}

Test(test_result, a_table_from_a_file) {
    char good[] =
        "\xEF\xBB\xBFsku,east,other\r\n\"a \"\"b\"\"\",8%,50 bps\r\n007, 0.07 ,\"1,000\"\r\nother,-1,5 %\r\n";
    const char *text = "policy \"T\" effective from 2026-01-01 currency USD period quarter\n"
                       "payee rep { id text key  region text }\n"
                       "data deal { id text key  rep rep  sku text  amount money  day date }\n"
                       "credit booking from deal to rep on day\n"
                       "table rate by sku, region from \"rates.csv\"\n"
                       "pay it per booking on amount = rate\n";
    struct checking *c = checking_of_named("t", at_str_z(text), load_rates, good);
    cr_assert(c->status == AT_OK && c->diags.added == 0, "%s", checking_messages(c));
    const struct at_check_lookup_decl *rate = &c->checked->lookups[0];
    cr_assert(rate->n_keys == 2 && rate->n_rows == 3 && rate->n_columns == 2);
    cr_expect(at_str_eq(rate->rows[0].node->text, AT_STR("a \"b\"")));
    cr_expect(at_str_eq(rate->rows[1].node->text, AT_STR("007")), "a text key keeps its zeros");
    cr_expect(rate->rows[2].kind == AT_KEY_OTHER && rate->columns[1].kind == AT_KEY_OTHER);
    /* 8%, 50 bps = 0.5%, 0.07, 1000, -1, 5% */
    static const char *const VALUES[] = {"0.08", "0.005", "0.07", "1000", "-1", "0.05"};
    for (int i = 0; i < 6; i++) {
        at_num wanted;
        cr_assert(at_num_parse(&c->arena, at_str_z(VALUES[i]), false, &wanted));
        cr_expect(at_num_cmp(&c->arena, rate->values[i]->value, wanted) == 0, "value %d is not %s", i,
                  VALUES[i]);
    }
    checking_end(c);
}
