/* test_names: what a policy declares, where names are used, and what they mean. Places are found by marks in
 * the text: the byte where a piece of it stands.
 */
#include "host.h"

static const char POLICY[] =
    "# about the policy\n"
    "policy \"Names\"\n"
    "  effective from 2026-01-01 to 2026-12-31\n"
    "  currency USD\n"
    "  period quarter\n"
    "\n"
    "# not this one\n"
    "\n"
    "# People who sell.\n"
    "#   One row each.\n"
    "payee rep { id text key  name text label  team one of (\"east\", \"west\") }\n"
    "data deal { rep rep  amount money  closed_on date optional }\n"
    "credit booking from deal to rep on ifmissing(closed_on, 2026-01-01) amount deal.amount\n"
    "# Sum of all deals.\n"
    "measure bookings \"Bookings of the quarter\" = sum of amount from booking\n"
    "param base = 10% # the usual rate\n"
    "function twice(x number) number = x * 2\n"
    "rates faster { from 0%: 1%  from 100%: 2% }\n"
    "pay commission on bookings = base * twice(1)\n"
    "pay kicker = faster(bookings / $100,000) of max(bookings, $0) when rep.team = \"east\"\n"
    "cap commission at $5,000\n"
    "pool shared per team = 1% of bookings split equally\n"
    "test \"one deal\" {\n"
    "  given rep { id: \"ana\", name: \"Ana\", team: \"east\" }\n"
    "  expect commission for \"ana\" in 2026-Q1 = $0.00\n"
    "}\n";

struct opened {
    attain_policy *policy;
    attain_names *names;
};

static struct opened open_names(const char *text, attain_status expected) {
    struct opened o = {0};
    cr_assert_eq(attain_policy_compile("names.attain", text, strlen(text), NULL, &o.policy), expected);
    cr_assert_eq(attain_names_new(o.policy, NULL, &o.names), ATTAIN_OK);
    return o;
}

static void end(struct opened *o) {
    attain_names_free(o->names);
    attain_policy_release(o->policy);
}

/* The byte of `piece`, which `before` precedes somewhere. */
static size_t at(const char *before, const char *piece) {
    const char *from = strstr(POLICY, before);
    cr_assert(from, "%s", before);
    const char *found = strstr(from, piece);
    cr_assert(found, "%s", piece);
    return (size_t)(found - POLICY);
}

static size_t index_of(const struct opened *o, attain_name_kind kind, const char *name) {
    attain_name n;
    for (size_t i = 0; attain_names_get(o->names, i, &n) == ATTAIN_OK; i++)
        if (n.kind == kind && same(n.name, name)) return i;
    cr_assert_fail("no %s", name);
    return SIZE_MAX;
}

static attain_name get(const struct opened *o, attain_name_kind kind, const char *name) {
    attain_name n;
    cr_assert_eq(attain_names_get(o->names, index_of(o, kind, name), &n), ATTAIN_OK);
    return n;
}

Test(test_names, declarations_have_types_places_and_documentation) {
    struct opened o = open_names(POLICY, ATTAIN_OK);
    attain_name n = get(&o, ATTAIN_NAME_TABLE, "rep");
    cr_expect(same(n.documentation, "People who sell.\nOne row each."));
    cr_expect(n.start == at("payee rep", "payee") && n.name_start == n.start + 6 &&
              n.name_end == n.start + 9);
    cr_expect(n.line == 11 && n.column == 7 && same(n.file, "names.attain") && n.parent == SIZE_MAX);
    size_t rep = index_of(&o, ATTAIN_NAME_TABLE, "rep"), deal = index_of(&o, ATTAIN_NAME_TABLE, "deal");
    n = get(&o, ATTAIN_NAME_FIELD, "id");
    cr_expect(n.type == ATTAIN_TYPE_TEXT && n.key && n.parent == rep && n.grain == ATTAIN_GRAIN_ROW);
    cr_expect(get(&o, ATTAIN_NAME_FIELD, "team").type == ATTAIN_TYPE_CHOICE);
    n = get(&o, ATTAIN_NAME_FIELD, "amount");
    cr_expect(n.type == ATTAIN_TYPE_MONEY && strcmp(n.currency, "USD") == 0 && n.parent == deal &&
              !n.optional);
    cr_expect(get(&o, ATTAIN_NAME_FIELD, "rep").type == ATTAIN_TYPE_ROW);
    n = get(&o, ATTAIN_NAME_FIELD, "closed_on");
    cr_expect(n.type == ATTAIN_TYPE_DATE && n.optional && !n.key && n.use_count == 1);
    n = get(&o, ATTAIN_NAME_CREDIT, "booking");
    cr_expect(n.type == ATTAIN_TYPE_MONEY && n.grain == ATTAIN_GRAIN_CREDIT && n.use_count == 1);
    n = get(&o, ATTAIN_NAME_MEASURE, "bookings");
    cr_expect(same(n.label, "Bookings of the quarter") && same(n.documentation, "Sum of all deals."));
    cr_expect(n.type == ATTAIN_TYPE_MONEY && n.grain == ATTAIN_GRAIN_PAYOUT && n.use_count == 4);
    n = get(&o, ATTAIN_NAME_PARAM, "base");
    cr_expect(n.type == ATTAIN_TYPE_NUMBER && n.documentation.length == 0 &&
              n.grain == ATTAIN_GRAIN_CONSTANT);
    n = get(&o, ATTAIN_NAME_PARAMETER, "x");
    cr_expect(n.type == ATTAIN_TYPE_NUMBER && n.parent == index_of(&o, ATTAIN_NAME_FUNCTION, "twice"));
    cr_expect_eq(n.use_count, 1);
    cr_expect(get(&o, ATTAIN_NAME_RATES, "faster").use_count == 1);
    cr_expect(!get(&o, ATTAIN_NAME_COMPONENT, "kicker").pool);
    cr_expect(get(&o, ATTAIN_NAME_COMPONENT, "shared").pool);
    cr_expect_eq(get(&o, ATTAIN_NAME_TEST, "one deal").type, ATTAIN_TYPE_NONE);
    end(&o);
}

/* `bookings` is used in three statements by expressions, and `on bookings`; `commission` in `cap` and
 * `expect`. */
Test(test_names, uses_are_found_by_name_and_by_place) {
    struct opened o = open_names(POLICY, ATTAIN_OK);
    size_t bookings = index_of(&o, ATTAIN_NAME_MEASURE, "bookings");
    size_t places[] = {at("pay commission", "bookings"), at("pay kicker", "bookings /"),
                       at("pay kicker", "bookings, $0"), at("pool", "bookings split")};
    attain_use use;
    for (size_t i = 0; i < 4; i++) {
        cr_assert_eq(attain_names_use(o.names, bookings, i, &use), ATTAIN_OK);
        cr_expect(use.start == places[i] && use.end == places[i] + 8 && !use.declaration);
        for (size_t k = 0; k <= 8; k += 4) { /* at its start, in it, and just behind it */
            cr_assert_eq(attain_names_at(o.names, NULL, places[i] + k, &use), ATTAIN_OK);
            cr_expect(use.name == bookings && use.start == places[i]);
        }
    }
    cr_expect_eq(attain_names_use(o.names, bookings, 4, &use), ATTAIN_USAGE);
    cr_assert_eq(attain_names_at(o.names, "names.attain", at("measure", "bookings"), &use), ATTAIN_OK);
    cr_expect(use.name == bookings && use.declaration && use.line == 15 && use.column == 9);

    size_t commission = index_of(&o, ATTAIN_NAME_COMPONENT, "commission");
    cr_assert_eq(attain_names_use(o.names, commission, 0, &use), ATTAIN_OK);
    cr_expect_eq(use.start, at("cap ", "commission"));
    cr_assert_eq(attain_names_use(o.names, commission, 1, &use), ATTAIN_OK);
    cr_expect_eq(use.start, at("expect", "commission"));
    const struct {
        const char *before, *piece;
        attain_name_kind kind;
        const char *name;
    } uses[] = {{"from deal", "deal to", ATTAIN_NAME_TABLE, "deal"},
                {"amount deal.", "amount\n", ATTAIN_NAME_FIELD, "amount"},
                {"from booking", "booking", ATTAIN_NAME_CREDIT, "booking"},
                {"data deal", "rep  amount", ATTAIN_NAME_TABLE, "rep"},
                {"= base", "base", ATTAIN_NAME_PARAM, "base"},
                {"* twice", "twice", ATTAIN_NAME_FUNCTION, "twice"},
                {"= x", "x", ATTAIN_NAME_PARAMETER, "x"},
                {"= faster", "faster", ATTAIN_NAME_RATES, "faster"},
                {"rep.team", "team", ATTAIN_NAME_FIELD, "team"},
                {"per team", "team", ATTAIN_NAME_FIELD, "team"},
                {"given rep", "rep", ATTAIN_NAME_TABLE, "rep"},
                {"team: \"east\"", "team", ATTAIN_NAME_FIELD, "team"}};
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        cr_assert_eq(attain_names_at(o.names, NULL, at(uses[i].before, uses[i].piece), &use), ATTAIN_OK);
        cr_expect_eq(use.name, index_of(&o, uses[i].kind, uses[i].name), "%s", uses[i].before);
    }
    cr_assert_eq(attain_names_at(o.names, NULL, at("currency", "currency"), &use), ATTAIN_OK);
    cr_expect_eq(use.name, SIZE_MAX);
    cr_expect_eq(attain_names_at(o.names, NULL, strlen(POLICY), &use), ATTAIN_OK);
    cr_expect_eq(attain_names_at(o.names, NULL, strlen(POLICY) + 1, &use), ATTAIN_USAGE);
    cr_expect_eq(attain_names_at(o.names, "other.attain", 0, &use), ATTAIN_USAGE);
    end(&o);
}

static const char *hover(const struct opened *o, size_t offset, const char *language) {
    static struct text out;
    out.n = 0;
    text_write(&out, "", 0);
    cr_assert_eq(attain_names_hover(o->names, NULL, offset, language, text_write, &out), ATTAIN_OK);
    return out.at;
}

Test(test_names, hover_says_what_a_word_means) {
    struct opened o = open_names(POLICY, ATTAIN_OK);
    cr_expect_str_eq(hover(&o, at("pay commission", "bookings"), NULL),
                     "measure `bookings`: money in USD, for each payee and period\n"
                     "Bookings of the quarter\nSum of all deals.\n"
                     "measure bookings \"Bookings of the quarter\" = sum of amount from booking");
    cr_expect_str_eq(hover(&o, at("pay commission", "bookings"), "zh"),
                     "计算依据 `bookings`：USD金额，每人每期一个\n"
                     "Bookings of the quarter\nSum of all deals.\n"
                     "measure bookings \"Bookings of the quarter\" = sum of amount from booking");
    cr_expect_str_eq(hover(&o, at("ifmissing", "closed_on"), "en"),
                     "field of `deal`, `closed_on`: date, which may be missing, for each row\n"
                     "closed_on date optional");
    cr_expect_str_eq(hover(&o, at("payee rep", "rep"), NULL),
                     "table of payees `rep`\nPeople who sell.\nOne row each.");
    cr_expect_str_eq(hover(&o, at("of max", "max"), NULL), "max(q, q, …) q\nthe largest of the values");
    cr_expect_str_eq(hover(&o, at("of max", "max"), "zh"), "max(q, q, …) q\n各值中最大的");
    cr_expect_str_eq(hover(&o, at("cap ", "cap"), NULL),
                     "cap\nKeeps a component or the total at or below an amount.");
    cr_expect_str_eq(hover(&o, at("cap ", "cap") + 3, "zh"), "cap\n使薪酬项目或合计不高于某个金额。");
    cr_expect_str_eq(hover(&o, at("# People", "who"), NULL), "");               /* a comment */
    cr_expect_str_eq(hover(&o, at("\"Bookings", "of"), NULL), "");              /* a text */
    cr_expect_str_eq(hover(&o, at("policy \"Names", "  effective"), NULL), ""); /* nothing */
    struct text out = {0};
    cr_expect_eq(attain_names_hover(o.names, NULL, 0, "tlh", text_write, &out), ATTAIN_USAGE);
    cr_expect_eq(attain_names_hover(o.names, NULL, 1u << 20, NULL, text_write, &out), ATTAIN_USAGE);
    cr_expect_eq(attain_names_hover(o.names, NULL, at("cap ", "cap"), NULL, text_refuse, NULL), ATTAIN_IO);
    cr_expect_eq(attain_names_type(o.names, index_of(&o, ATTAIN_NAME_FIELD, "team"), "en", text_write, &out),
                 ATTAIN_OK);
    cr_expect_str_eq(out.at, "one of \"east\", \"west\"");
    cr_expect_eq(attain_names_type(o.names, 1000, "en", text_write, &out), ATTAIN_USAGE);
    free(out.at);
    end(&o);
}

/* Names in the clauses of pools, of `by`, of several keys, and of rows of a row. */
static const char CLAUSES[] =
    "policy \"Clauses\"\n"
    "  effective from 2026-01-01 to 2026-12-31\n"
    "  currency USD\n"
    "  period quarter\n"
    "  allow A0764 because \"quotas are added\"\n"
    "payee rep { id text key  role text  region text  boss rep optional }\n"
    "data deal { id text key  rep rep  partner rep optional  amount money  closed_on date }\n"
    "data agent { deal deal  cost money }\n"
    "data goal { area text  quarter period  plan money  key area, quarter }\n"
    "credit booking from deal to partner otherwise rep at 100% on closed_on amount deal.amount - "
    "sum(agent.cost)\n"
    "credit chain from deal where count(agent by deal) > 0 to managers of rep at 10% / level on closed_on "
    "amount deal.amount\n"
    "measure bookings = sum of amount from booking\n"
    "measure led = sum of amount from chain\n"
    "measure area_plan each half = sum of plan from goal by area is rep.region on quarter\n"
    "measure before = bookings as of 2026-Q1\n"
    "pool whole on bookings = 10% split by contribution\n"
    "pool part from whole = 20% among rep where bookings > $0 split at 50% per role\n"
    "pay sales each half on area_plan paid after 1 month = 1% + 0% * (ifmissing(before, $0) / $1) + 0% * "
    "(led / $1)\n";

Test(test_names, clauses_name_what_they_use) {
    struct opened o = open_names(CLAUSES, ATTAIN_OK);
    const struct {
        const char *before, *piece;
        attain_name_kind kind;
        const char *name, *of;
    } uses[] = {{"from whole", "whole", ATTAIN_NAME_COMPONENT, "whole", ""},
                {"among rep", "rep", ATTAIN_NAME_TABLE, "rep", ""},
                {"per role", "role", ATTAIN_NAME_FIELD, "role", "rep"},
                {"to partner", "partner", ATTAIN_NAME_FIELD, "partner", "deal"},
                {"otherwise rep", "rep", ATTAIN_NAME_FIELD, "rep", "deal"},
                {"by area", "area", ATTAIN_NAME_FIELD, "area", "goal"},
                {"is rep.region", "rep", ATTAIN_NAME_TABLE, "rep", ""},
                {"is rep.region", "region", ATTAIN_NAME_FIELD, "region", "rep"},
                {"key area", "area", ATTAIN_NAME_FIELD, "area", "goal"},
                {"key area", "quarter", ATTAIN_NAME_FIELD, "quarter", "goal"},
                {"agent.cost", "agent", ATTAIN_NAME_TABLE, "agent", ""},
                {"agent.cost", "cost", ATTAIN_NAME_FIELD, "cost", "agent"},
                {"agent by deal", "deal", ATTAIN_NAME_FIELD, "deal", "agent"},
                {"bookings as of", "bookings", ATTAIN_NAME_MEASURE, "bookings", ""}};
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        const char *from = strstr(CLAUSES, uses[i].before);
        attain_use use;
        attain_name n, table = {0};
        cr_assert_eq(attain_names_at(o.names, NULL, (size_t)(strstr(from, uses[i].piece) - CLAUSES), &use),
                     ATTAIN_OK);
        cr_assert_eq(attain_names_get(o.names, use.name, &n), ATTAIN_OK, "%s", uses[i].before);
        cr_expect(n.kind == uses[i].kind && same(n.name, uses[i].name), "%s", uses[i].before);
        if (n.parent != SIZE_MAX) attain_names_get(o.names, n.parent, &table);
        cr_expect(n.parent == SIZE_MAX ? !*uses[i].of : same(table.name, uses[i].of), "%s", uses[i].before);
    }
    const struct {
        const char *before, *en, *zh;
    } meanings[] = {
        {"allow", "allow\nAccepts a warning, with a reason.", "allow\n接受一种警告，并说明理由。"},
        {"A0764", "A0764\ntwo rows of one quota", "A0764\ntwo rows of one quota"},
        {"among", "among\nWhich members share a pool.", "among\n哪些成员参与分配奖金池。"},
        {"level on", "level: how many levels a manager is above the recipient; 1 is the direct manager",
         "level：上级高出接收人几级，1为直接上级"},
        {"otherwise", "otherwise\nThe value if no case applies; the recipient if the one before is missing.",
         "otherwise\n没有情况成立时的值；前一个接收人为空时的接收人。"},
        {"as of",
         "as\n`percent as fractions`: 0.25 in the file means 25%. `x as of D`: the value of x in the "
         "period of D. `from \"deals.csv\" as gb18030`: the encoding of a file.",
         "as\n`percent as fractions`：文件中的“0.25”表示“25%”。`x as of D`：x在D所在期间的值。`from "
         "\"deals.csv\" as "
         "gb18030`：文件的编码。"},
        {"whole = ",
         "pool `whole`: money in USD, for each payee and period\n"
         "pool whole on bookings = 10% split by contribution",
         "奖金池 `whole`：USD金额，每人每期一个\npool whole on bookings = 10% split by contribution"}};
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        size_t place = (size_t)(strstr(CLAUSES, meanings[i].before) - CLAUSES);
        cr_expect_str_eq(hover(&o, place, "en"), meanings[i].en);
        cr_expect_str_eq(hover(&o, place, "zh"), meanings[i].zh);
    }
    end(&o);
}

Test(test_names, lines_and_columns_count_characters) {
    static const char text[] = HEADER "# ä€😀 x\r\npay commission on bookings = 10% # ü\n";
    struct opened o = open_names(text, ATTAIN_OK);
    const char *line = strstr(text, "# ä");
    uint64_t number = 1;
    for (const char *p = text; p < line; p++)
        number += *p == '\n';
    size_t offset = 0;
    cr_assert_eq(attain_names_offset(o.names, NULL, number, 7, &offset), ATTAIN_OK);
    cr_expect_eq(offset, (size_t)(line - text) + 12); /* 2 + 2 + 3 + 4 + 1 bytes before the x */
    cr_assert_eq(attain_names_offset(o.names, NULL, number, 100, &offset), ATTAIN_OK);
    cr_expect_eq(offset, (size_t)(line - text) + 13); /* the end of the line, before its CR */
    cr_assert_eq(attain_names_offset(o.names, NULL, number + 1, 1, &offset), ATTAIN_OK);
    cr_expect_eq(offset, (size_t)(line - text) + 15);
    cr_expect_eq(attain_names_offset(o.names, NULL, number + 10, 1, &offset), ATTAIN_USAGE);
    cr_expect_eq(attain_names_offset(o.names, NULL, 0, 1, &offset), ATTAIN_USAGE);
    cr_expect_eq(attain_names_offset(o.names, NULL, 1, 0, &offset), ATTAIN_USAGE);
    end(&o);
}

/* With errors, what is known is known. */
Test(test_names, of_a_policy_with_errors) {
    static const char text[] = HEADER "measure half = bookings / 2 + nothing\npay commission = half +\n"
                                      "pay other on bookings = 1%\n";
    struct opened o = open_names(text, ATTAIN_BAD_POLICY);
    cr_expect_geq(get(&o, ATTAIN_NAME_MEASURE, "bookings").use_count, 2);
    cr_expect_eq(get(&o, ATTAIN_NAME_MEASURE, "half").type, ATTAIN_TYPE_NONE);
    cr_expect(same(get(&o, ATTAIN_NAME_COMPONENT, "other").name, "other"));
    end(&o);

    attain_policy_options syntax = {.stage = ATTAIN_STAGE_SYNTAX};
    attain_policy *policy = NULL;
    attain_names *names = NULL;
    cr_assert_eq(attain_policy_compile("p", POLICY, strlen(POLICY), &syntax, &policy), ATTAIN_OK);
    cr_expect_eq(attain_names_new(policy, NULL, &names), ATTAIN_USAGE);
    cr_expect_null(names);
    attain_policy_release(policy);
    cr_expect_eq(attain_names_new(NULL, NULL, &names), ATTAIN_USAGE);
    cr_expect_eq(attain_names_count(NULL), 0);
    attain_names_free(NULL);
    cr_assert_neq(attain_policy_open("rules/nowhere/policy.attain", NULL, &policy), ATTAIN_OK);
    cr_expect_eq(attain_names_new(policy, NULL, &names), ATTAIN_BAD_POLICY);
    attain_policy_release(policy);
}
