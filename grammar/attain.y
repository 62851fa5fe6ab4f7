/* grammar/attain.y: tokens to AST.
 *
 * LALR(1) without a conflict and without precedence tricks: `of`, slices and `+` get their strength from the rules alone.
 * Every action is one call of a builder (syntax/build.h). Words of the class SOFT in syntax/keywords.def are names
 * wherever a name may stand (`name`), words after a dot or before a colon come as NAME from the lexer.
 *
 * After a mistake the lexer skips to the next statement (syntax/lex.c), `error` in `item` and `example` takes the place of what
 * was lost, and parsing goes on there.
 */
%code requires {
#include "syntax/build.h"
}
%code {
#define YYLLOC_DEFAULT(Current, Rhs, N) ((Current) = at_parse_span_of_rule(&YYRHSLOC(Rhs, 0), (N)))
/* Bison's stacks live in the arena. Its look-ahead correction keeps a small stack of its own in functions that have no
 * `parser`, and takes this one: for it YYINITDEPTH is always enough. */
static struct at_syntax_parser *const parser = NULL;
#pragma GCC diagnostic ignored "-Wshadow"
#define YYINITDEPTH 200
#define YYMAXDEPTH AT_MAX_STACK
#define YYMALLOC(size) (parser ? at_arena_get(parser->lexer.arena, (size_t)(size)) : NULL)
#define YYFREE(pointer) ((void)(pointer))
#define AT_TOK_LAST AT_TOK_NE
/* Continues after a mistake: parsing goes on at once, from the current token or from the next that the lexer gives. If no
 * token was taken since the last mistake, bison's own recovery discards the current one. */
#define GO_ON                                                                                                                  \
    if (at_lex_moved(&parser->lexer)) yyerrok;                                                                                 \
    if (!at_lex_in_step(&parser->lexer, yychar)) yyclearin
static int at_yylex(AT_YYSTYPE *value, at_span *span, struct at_syntax_parser *p);
static void at_yyerror(const at_span *span, struct at_syntax_parser *p, const char *message);
}

%define api.pure full
%define api.prefix {at_yy}
%define api.token.prefix {AT_TOK_}
%define api.location.type {at_span}
%define parse.error custom
%define parse.lac full
%locations
%param { struct at_syntax_parser *parser }
%expect 0

%union {
    struct at_lex_word word;        /* names, keywords */
    struct at_ast_node *node;
    struct at_syntax_list *list;
    struct at_syntax_clauses *clauses;
    enum at_ast_op op;
}

%token END 0 "the end of the file"
%token <word> NAME "a name" CODE "a currency"
%token <node> NUMBER "a number" MONEY "an amount of money" DATE "a date" PERIODLIT "a period" DURATION "a number of days"
%token <node> TEXT "text in double quotes"

%token <word> POLICY "policy" USE "use" PAYEE "payee" DATA "data" HISTORY "history" CREDIT "credit" MEASURE "measure"
%token <word> PARAM "param" RATES "rates" TABLE "table" PAY "pay" POOL "pool" CAP "cap" FLOOR "floor" DRAW "draw"
%token <word> HOLD "hold" CLAWBACK "clawback" ADJUST "adjust" FUNCTION "function" APPLIES "applies"
%token <word> REQUIRE "require" TEST "test" ROUND "round" GIVEN "given" EXPECT "expect"
%token <word> VERSION "version" EFFECTIVE "effective" CURRENCY "currency" PERIOD "period" FISCAL "fiscal" ALLOW "allow" LANGUAGE "language"
%token <word> FROM "from" WHERE "where" TO "to" AT "at" ON "on" AMOUNT "amount" MANAGERS "managers" BY "by" PER "per"
%token <word> WHEN "when" SPLIT "split" FOR "for" KEY "key" LABEL "label" OPTIONAL "optional" FORMAT "format" DECIMAL "decimal" AS "as" SEPARATED "separated"
%token <word> KEYS "a key of several fields"
%token <word> ONE "one" ABOVE "above" TIE "tie" TIES "ties" FIRST "first" OTHER "other" CUMULATIVE "cumulative" SPREAD "spread"
%token <word> PRIVATE "private"
%token <word> IGNORING "ignoring" AMONG "among" MOST "most" EACH "each" LEVEL "level"
%token <word> PAID "paid" AFTER "after" SHOW "show" EXCHANGE "exchange" PAYS "pays"
%token <word> INCLUDING "including" RECOVERABLE "recoverable" AGAINST "against" UNTIL "until" BECAUSE "because"
%token <word> EXTENDS "extends" WITHOUT "without" CONTINUES "continues"
%token <word> EXCEPT "except" CARRY "carry" BELOW "below" RECOVER "recover" SETTLE "settle" FORGIVE "forgive" DUE "due" OPENING "opening"
%token <word> RELEASE "release" WITH "with" KNOWN "known" DOES "does" DEPEND "depend" HELPING "helping" NEVER "never" HURTS "hurts"
%token <word> IF "if" THEN "then" ELSE "else" CHOOSE "choose" OTHERWISE "otherwise" AND "and" OR "or" NOT "not" IS "is"
%token <word> MISSING "missing" IN "in" WITHIN "within" OF "of" OVER "over" UP "up" BETWEEN "between" THROUGH "through"
%token <word> SUM "sum" COUNT "count" AVERAGE "average" MIN "min" MAX "max" YES "yes" NO "no"
%token <op> LE "<=" GE ">=" NE "<>"

%type <word> left_out left_out_text
%type <word> name field_name type_name callable case_word halves
%type <node> item statement attribute policy use extends without payee data history exchange rate_at field type credit source decimals
%type <node> credit_clause delay rhythm recipient persons person path measure measured aggregate aggregate_clause param rates step table cell value
%type <node> literal signed row pay pool part_of cap draw carry hold release clawback adjust function parameter applies require show shown test example pair label
%type <node> days where subject expr or and not compare sum of slice bound product unary postfix primary call choose arm expected
%type <list> fields formats texts credit_clauses recipients aggregate_clauses steps names header rows parameters parameters1
%type <list> except examples pairs arms args exprs shown_list
%type <clauses> forms field_options base_clauses when_clauses pool_clauses cap_clauses draw_clauses carry_clauses adjust_clauses part_clauses
%type <op> comparison aggregate_word tie method

%%
/* ---------------------------------------------------------------- the file: statements one after another */
file: items ;
items: %empty | items item { at_ast_item(parser, $2); } ;
item: statement | attribute
    | error { $$ = at_ast_lost(parser, @$); GO_ON; } ;
statement: policy | use | extends | without | payee | data | history | exchange | credit | measure | param | rates | table | pay | pool | cap | draw | carry
    | hold | release | clawback | adjust | function | applies | require | show | test ;

/* ---------------------------------------------------------------- policy: its attributes are items that join it */
policy: POLICY TEXT { $$ = at_ast_policy(parser, @$, $2); } ;
attribute: VERSION NUMBER { $$ = at_ast_version(parser, @$, $2); }
    | EFFECTIVE FROM DATE { $$ = at_ast_effective(parser, @$, $3, NULL); }
    | EFFECTIVE FROM DATE TO DATE { $$ = at_ast_effective(parser, @$, $3, $5); }
    | CURRENCY name { $$ = at_ast_named(parser, @$, AT_N_CURRENCY, $2); }
    | PERIOD name { $$ = at_ast_periods(parser, @$, $2, at_lex_no_word()); }
    | PERIOD name FROM name { $$ = at_ast_periods(parser, @$, $2, $4); }
    | PERIOD DURATION FROM DATE { $$ = at_ast_periods_from(parser, @$, $2, $4); }
    | FISCAL name FROM name { $$ = at_ast_fiscal(parser, @$, $2, $4); }
    | ALLOW NAME BECAUSE TEXT { $$ = at_ast_allow(parser, @$, $2, $4); }
    | LANGUAGE NUMBER { $$ = at_ast_language(parser, @$, $2); }
    | PAYS name IN path AT rate_at { $$ = at_ast_pays(parser, @$, $2, $4, $6); }
    | FISCAL name NUMBER '-' NUMBER '-' NUMBER FROM DATE { $$ = at_ast_fiscal_weeks(parser, @$, $2, at_span_join(@3, @7), $9); }
    | ROUND halves TO name { $$ = at_ast_round(parser, @$, $2, $4, NULL); }
    | ROUND halves TO MONEY { $$ = at_ast_round(parser, @$, $2, at_lex_no_word(), $4); }
    | ROUND halves TO NUMBER { $$ = at_ast_round(parser, @$, $2, at_lex_no_word(), $4); } ;
halves: name | UP | name name { $$ = at_ast_two_words(parser, $1, $2); }
    | name UP { $$ = at_ast_two_words(parser, $1, $2); } ;
use: USE TEXT { $$ = at_ast_use(parser, @$, $2); } ;
extends: EXTENDS TEXT { $$ = at_ast_path(parser, @$, AT_N_EXTENDS, $2); }
    | CONTINUES TEXT { $$ = at_ast_path(parser, @$, AT_N_CONTINUES, $2); } ;
without: WITHOUT name { $$ = at_ast_without(parser, @$, at_lex_no_word(), $2); }
    | WITHOUT left_out name { $$ = at_ast_without(parser, @$, $2, $3); }
    | WITHOUT left_out_text TEXT { $$ = at_ast_without_text(parser, @$, $2, $3); }
    | WITHOUT APPLIES { $$ = at_ast_without(parser, @$, $2, at_lex_no_word()); } ;
left_out: PAYEE | DATA | HISTORY | CREDIT | MEASURE | PARAM | RATES | TABLE | PAY | POOL | CAP | FLOOR | DRAW | HOLD | CLAWBACK | ADJUST | FUNCTION ;
left_out_text: TEST | REQUIRE ;
applies: APPLIES TO name days except where { $$ = at_ast_applies(parser, @$, $3, $4, $5, $6); } ;
days: %empty { $$ = NULL; } | FROM sum { $$ = at_ast_two(parser, @$, AT_N_DAYS, $2, NULL); }
    | FROM sum TO sum { $$ = at_ast_two(parser, @$, AT_N_DAYS, $2, $4); } | TO sum { $$ = at_ast_two(parser, @$, AT_N_DAYS, NULL, $2); } ;
except: %empty { $$ = at_syntax_list_new(parser); } | except EXCEPT FROM sum { $$ = at_syntax_list_add(parser, $1, at_ast_two(parser, at_span_join(@2, @4), AT_N_DAYS, $4, NULL)); }
    | except EXCEPT FROM sum TO sum { $$ = at_syntax_list_add(parser, $1, at_ast_two(parser, at_span_join(@2, @6), AT_N_DAYS, $4, $6)); }
    | except EXCEPT TO sum { $$ = at_syntax_list_add(parser, $1, at_ast_two(parser, at_span_join(@2, @4), AT_N_DAYS, NULL, $4)); } ;
where: %empty { $$ = NULL; } | WHERE expr { $$ = $2; } ;

/* ---------------------------------------------------------------- payee, data, history: typed tables */
payee: PAYEE name source decimals '{' fields '}' { $$ = at_ast_table(parser, @$, AT_N_PAYEE, $2, $3, $4, $6); } ;
data: DATA name source decimals '{' fields '}' { $$ = at_ast_table(parser, @$, AT_N_DATA, $2, $3, $4, $6); } ;
history: HISTORY name OF name source decimals '{' fields '}' { $$ = at_ast_history(parser, @$, $2, $4, $5, $6, $8); } ;
exchange: EXCHANGE name source decimals '{' fields '}' { $$ = at_ast_table(parser, @$, AT_N_EXCHANGE, $2, $3, $4, $6); } ;
source: %empty { $$ = NULL; } | FROM TEXT forms { $$ = at_ast_source(parser, $2, $3); } ;
forms: %empty { $$ = at_syntax_clauses_new(parser); }
    | forms AS name { $$ = at_syntax_clause(parser, $1, AT_C_FORMAT, @2, at_ast_encoding(parser, @$, $3), $3); }
    | forms SEPARATED BY TEXT { $$ = at_syntax_clause(parser, $1, AT_C_BY, @2, at_ast_separator(parser, $4), $2); } ;
decimals: %empty { $$ = NULL; } | DECIMAL name { $$ = at_ast_decimals(parser, @$, $2); } ;
fields: %empty { $$ = at_syntax_list_new(parser); } | fields field { $$ = at_syntax_list_add(parser, $1, $2); }
    | fields KEYS name ',' names { $$ = at_syntax_list_add(parser, $1, at_ast_keys(parser, @$, $2, $3, $5)); } ;
field: field_name type field_options { $$ = at_ast_field(parser, @$, $1, $2, $3); } ;
type: type_name { $$ = at_ast_type(parser, @$, $1, at_lex_no_word()); }
    | type_name CODE { $$ = at_ast_type(parser, @$, $1, $2); }
    | type_name IN name { $$ = at_ast_type_read(parser, @$, $1, $3, AT_F_IN_POINTS); }
    | type_name AS name { $$ = at_ast_type_read(parser, @$, $1, $3, AT_F_AS_FRACTIONS); }
    | ONE OF '(' texts ')' { $$ = at_ast_list(parser, @$, AT_N_TYPEENUM, $4); } ;
type_name: NAME | PERIOD ;
texts: TEXT { $$ = at_syntax_list_add(parser, at_syntax_list_new(parser), at_ast_text_value(parser, $1)); }
    | texts ',' TEXT { $$ = at_syntax_list_add(parser, $1, at_ast_text_value(parser, $3)); } ;
field_options: %empty { $$ = at_syntax_clauses_new(parser); }
    | field_options KEY { $$ = at_syntax_clause(parser, $1, AT_C_KEY, @2, NULL, $2); }
    | field_options LABEL { $$ = at_syntax_clause(parser, $1, AT_C_LABEL, @2, NULL, $2); }
    | field_options OPTIONAL { $$ = at_syntax_clause(parser, $1, AT_C_OPTIONAL, @2, NULL, $2); }
    | field_options FROM TEXT { $$ = at_syntax_clause(parser, $1, AT_C_FROM, @2, $3, $2); }
    | field_options FORMAT formats { $$ = at_syntax_clause(parser, $1, AT_C_FORMAT, @2, at_ast_list(parser, @3, AT_N_FORMATS, $3), $2); }
    | field_options DECIMAL name { $$ = at_syntax_clause(parser, $1, AT_C_DECIMAL, @2, at_ast_decimals(parser, @$, $3), $2); }
    | field_options BY name { $$ = at_syntax_clause(parser, $1, AT_C_BY, @2, NULL, $3); } ;

formats: TEXT { $$ = at_syntax_list_add(parser, at_syntax_list_new(parser), $1); }
    | formats OR TEXT { $$ = at_syntax_list_add(parser, $1, $3); } ;

/* ---------------------------------------------------------------- credit: which rows count for whom */
credit: CREDIT name FROM name credit_clauses { $$ = at_ast_credit(parser, @$, $2, $4, $5); } ;
credit_clauses: %empty { $$ = at_syntax_list_new(parser); }
    | credit_clauses credit_clause { $$ = at_syntax_list_add_once(parser, $1, $2); } ;
credit_clause: WHERE expr { $$ = at_ast_one(parser, @$, AT_N_WHERE, $2); }
    | TO recipients { $$ = at_ast_list(parser, @$, AT_N_TO, $2); }
    | ON expr { $$ = at_ast_one(parser, @$, AT_N_ON, $2); }
    | AMOUNT expr { $$ = at_ast_one(parser, @$, AT_N_AMOUNT, $2); }
    | KNOWN FROM expr { $$ = at_ast_one(parser, @$, AT_N_KNOWN, $3); }
    | UNTIL expr { $$ = at_ast_one(parser, @$, AT_N_UNTIL, $2); } ;
recipients: recipient { $$ = at_syntax_list_add(parser, at_syntax_list_new(parser), $1); }
    | recipients ',' recipient { $$ = at_syntax_list_add(parser, $1, $3); } ;
recipient: persons { $$ = at_ast_recipient(parser, @$, $1, NULL, 0); }
    | persons AT expr { $$ = at_ast_recipient(parser, @$, $1, $3, 0); }
    | MANAGERS OF path { $$ = at_ast_recipient(parser, @$, $3, NULL, AT_F_MANAGERS); }
    | MANAGERS OF path AT expr { $$ = at_ast_recipient(parser, @$, $3, $5, AT_F_MANAGERS); } ;
persons: person | persons OTHERWISE person { $$ = at_ast_binary(parser, @$, AT_N_OTHERWISE, AT_OP_NONE, @2, $1, $3); } ;
person: path | TEXT | name '(' exprs ')' { $$ = at_ast_call(parser, @$, $1, $3, at_lex_no_word()); } ;
path: name { $$ = at_ast_name(parser, $1); } | path '.' NAME { $$ = at_ast_member(parser, @$, $1, $3); } ;

/* ---------------------------------------------------------------- measure, param */
measure: MEASURE name label rhythm '=' measured { $$ = at_ast_measure(parser, @$, $2, $3, $4, $6); } ;
rhythm: %empty { $$ = NULL; } | EACH name { $$ = at_ast_named(parser, @$, AT_N_EACH, $2); } ;
label: %empty { $$ = NULL; } | TEXT ;
measured: expr | aggregate ;
aggregate: aggregate_word OF expr FROM name aggregate_clauses { $$ = at_ast_aggregate(parser, @$, $1, @1, $3, $5, $6); }
    | COUNT FROM name aggregate_clauses { $$ = at_ast_aggregate(parser, @$, AT_OP_COUNT, @1, NULL, $3, $4); } ;
aggregate_word: SUM { $$ = AT_OP_SUM; } | COUNT { $$ = AT_OP_COUNT; } | AVERAGE { $$ = AT_OP_AVERAGE; }
    | MIN { $$ = AT_OP_MIN; } | MAX { $$ = AT_OP_MAX; } ;
aggregate_clauses: %empty { $$ = at_syntax_list_new(parser); }
    | aggregate_clauses aggregate_clause { $$ = at_syntax_list_add_once(parser, $1, $2); } ;
aggregate_clause: WHERE expr { $$ = at_ast_one(parser, @$, AT_N_WHERE, $2); }
    | TO recipients { $$ = at_ast_list(parser, @$, AT_N_TO, $2); }
    | ON expr { $$ = at_ast_one(parser, @$, AT_N_ON, $2); }
    | BY name { $$ = at_ast_by(parser, @$, $2, at_lex_no_word(), $2); }
    | BY name IS name '.' NAME { $$ = at_ast_by(parser, @$, $2, $4, $6); }
    | SPREAD name { $$ = at_ast_spread(parser, @$, $2, false); }
    | SPREAD BY name { $$ = at_ast_spread(parser, @$, $3, true); }
    | PER name { $$ = at_ast_spread_per(parser, @$, $2); } ;
param: PARAM name label '=' expr { $$ = at_ast_labelled(parser, @$, AT_N_PARAM, $2, $3, $5); } ;

/* ---------------------------------------------------------------- rates, table */
rates: RATES name '{' steps '}' { $$ = at_ast_rates(parser, @$, $2, $4); } ;
steps: %empty { $$ = at_syntax_list_new(parser); } | steps step { $$ = at_syntax_list_add(parser, $1, $2); } ;
step: FROM expr ':' expr tie { $$ = at_ast_step(parser, @$, AT_OP_FROM, $2, $4, $5); }
    | ABOVE expr ':' expr tie { $$ = at_ast_step(parser, @$, AT_OP_ABOVE, $2, $4, $5); }
    | AT expr ':' expr { $$ = at_ast_step(parser, @$, AT_OP_POINT, $2, $4, AT_OP_NONE); } ;
tie: %empty { $$ = AT_OP_NONE; } | TIE name { $$ = at_ast_tie(parser, $2); } ;

table: TABLE name BY names '{' header rows '}' { $$ = at_ast_lookup(parser, @$, $2, $4, $6, $7); }
    | TABLE name BY names FROM TEXT { $$ = at_ast_lookup_file(parser, @$, $2, $4, $6); }
    | TABLE name FROM TEXT { $$ = at_ast_lookup_file(parser, @$, $2, at_syntax_list_new(parser), $4); } ;
names: name { $$ = at_syntax_list_add(parser, at_syntax_list_new(parser), at_ast_name(parser, $1)); }
    | names ',' name { $$ = at_syntax_list_add(parser, $1, at_ast_name(parser, $3)); } ;
header: %empty { $$ = NULL; }
    | header '|' cell { $$ = at_syntax_list_add(parser, $1 ? $1 : at_syntax_list_new(parser), $3); } ;
rows: %empty { $$ = at_syntax_list_new(parser); } | rows row { $$ = at_syntax_list_add(parser, $1, $2); } ;
row: cell '|' value { $$ = at_ast_row(parser, @$, $1, $3); }
    | row '|' value { $$ = at_ast_row_more(parser, @$, $1, $3); } ;
cell: signed | NAME { $$ = at_ast_name(parser, $1); } | OTHER { $$ = at_ast_leaf(parser, @$, AT_N_OTHER); }
    | FROM signed { $$ = at_ast_cell_from(parser, @$, AT_OP_FROM, $2); }
    | ABOVE signed { $$ = at_ast_cell_from(parser, @$, AT_OP_ABOVE, $2); }
    | AT signed { $$ = at_ast_cell_from(parser, @$, AT_OP_POINT, $2); } ;
value: signed | NAME { $$ = at_ast_name(parser, $1); } | '(' expr ')' { $$ = at_ast_parens(parser, $2); } ;
signed: literal | '-' literal { $$ = at_ast_unary(parser, @$, AT_N_NEG, @1, $2); } ;
literal: NUMBER | MONEY | DATE | PERIODLIT | DURATION | TEXT { $$ = at_ast_text_value(parser, $1); }
    | YES { $$ = at_ast_flag(parser, @$, 1); } | NO { $$ = at_ast_flag(parser, @$, 0); } ;

/* ---------------------------------------------------------------- pay, pool */
pay: PAY name label base_clauses '=' expr when_clauses { $$ = at_ast_pay(parser, @$, $2, $3, $4, $6, $7); } ;
base_clauses: %empty { $$ = at_syntax_clauses_new(parser); }
    | base_clauses ON sum { $$ = at_syntax_clause(parser, $1, AT_C_ON, @2, $3, $2); }
    | base_clauses PER name { $$ = at_syntax_clause(parser, $1, AT_C_PER, @2, NULL, $3); }
    | base_clauses CUMULATIVE OVER name { $$ = at_syntax_clause(parser, $1, AT_C_CUMULATIVE, @2, NULL, $4); }
    | base_clauses EACH name { $$ = at_syntax_clause(parser, $1, AT_C_EACH, @2, at_ast_named(parser, at_span_join(@2, @3), AT_N_EACH, $3), $2); }
    | base_clauses BY name { $$ = at_syntax_clause_by(parser, $1, at_span_join(@2, @3), $3, $2); }
    | base_clauses BY name IN name { $$ = at_syntax_clause(parser, $1, AT_C_BY, @2, at_ast_by_rows(parser, at_span_join(@2, @5), $3, &$5), $2); }
    | base_clauses PAID AFTER delay { $$ = at_syntax_clause(parser, $1, AT_C_AFTER, @2, $4, $2); } ;
delay: DURATION { $$ = at_ast_one(parser, @$, AT_N_AFTER, $1); }
    | NUMBER name { $$ = at_ast_after_periods(parser, @$, $1, $2); } ;
when_clauses: %empty { $$ = at_syntax_clauses_new(parser); }
    | when_clauses WHEN expr { $$ = at_syntax_clause(parser, $1, AT_C_WHEN, @2, $3, $2); } ;
pool: POOL name label part_of base_clauses '=' expr pool_clauses { $$ = at_ast_pool(parser, @$, $2, $3, $4, $5, $7, $8); } ;
part_of: %empty { $$ = NULL; } | FROM name { $$ = at_ast_name(parser, $2); } ;
pool_clauses: SPLIT name { $$ = at_syntax_clause_split(parser, at_syntax_clauses_new(parser), @1, $2); }
    | SPLIT BY expr { $$ = at_syntax_clause(parser, at_syntax_clauses_new(parser), AT_C_SPLIT, @1, $3, $2); }
    | SPLIT AT expr { $$ = at_syntax_clause_as(parser, at_syntax_clauses_new(parser), AT_OP_SHARES, @1, $3, $2); }
    | SPLIT AT expr PER name { $$ = at_syntax_clause_as(parser, at_syntax_clauses_new(parser), AT_OP_SHARES, @1, $3, $5); }
    | SPLIT TO LEVEL expr { $$ = at_syntax_clause_as(parser, at_syntax_clauses_new(parser), AT_OP_LEVEL, @1, $4, $3); }
    | WHEN expr { $$ = at_syntax_clause(parser, at_syntax_clauses_new(parser), AT_C_WHEN, @1, $2, $1); }
    | AMONG name WHERE expr { $$ = at_syntax_clause(parser, at_syntax_clauses_new(parser), AT_C_AMONG, @1, at_ast_named_one(parser, @1, AT_N_AMONG, $2, $4), $1); }
    | pool_clauses SPLIT name { $$ = at_syntax_clause_split(parser, $1, @2, $3); }
    | pool_clauses SPLIT BY expr { $$ = at_syntax_clause(parser, $1, AT_C_SPLIT, @2, $4, $3); }
    | pool_clauses SPLIT AT expr { $$ = at_syntax_clause_as(parser, $1, AT_OP_SHARES, @2, $4, $3); }
    | pool_clauses SPLIT AT expr PER name { $$ = at_syntax_clause_as(parser, $1, AT_OP_SHARES, @2, $4, $6); }
    | pool_clauses SPLIT TO LEVEL expr { $$ = at_syntax_clause_as(parser, $1, AT_OP_LEVEL, @2, $5, $4); }
    | pool_clauses WHEN expr { $$ = at_syntax_clause(parser, $1, AT_C_WHEN, @2, $3, $2); }
    | pool_clauses AMONG name WHERE expr { $$ = at_syntax_clause(parser, $1, AT_C_AMONG, @2, at_ast_named_one(parser, @2, AT_N_AMONG, $3, $5), $2); }
    | pool_clauses INCLUDING name { $$ = at_syntax_clause_negatives(parser, $1, @2, $3); }
    | pool_clauses IGNORING MISSING { $$ = at_syntax_clause(parser, $1, AT_C_IGNORING, @2, NULL, $2); }
    | pool_clauses comma AT MOST expr EACH { $$ = at_syntax_clause(parser, $1, AT_C_LIMIT, @4, $5, $4); }
    | pool_clauses comma PRIVATE { $$ = at_syntax_clause(parser, $1, AT_C_PRIVATE, @3, NULL, $3); } ;

/* ---------------------------------------------------------------- adjustments, in the order in which they are written */
cap: CAP name label AT expr cap_clauses { $$ = at_ast_cap(parser, @$, AT_N_CAP, $2, $3, $5, $6); }
    | FLOOR name label AT expr cap_clauses { $$ = at_ast_cap(parser, @$, AT_N_FLOOR, $2, $3, $5, $6); } ;
cap_clauses: %empty { $$ = at_syntax_clauses_new(parser); }
    | cap_clauses PER name { $$ = at_syntax_clause(parser, $1, AT_C_PER, @2, NULL, $3); }
    | cap_clauses WHEN expr { $$ = at_syntax_clause(parser, $1, AT_C_WHEN, @2, $3, $2); } ;
draw: DRAW name label '=' expr draw_clauses { $$ = at_ast_draw(parser, @$, $2, $3, $5, $6); } ;
draw_clauses: %empty { $$ = at_syntax_clauses_new(parser); }
    | draw_clauses RECOVERABLE { $$ = at_syntax_clause(parser, $1, AT_C_RECOVERABLE, @2, NULL, $2); }
    | draw_clauses AGAINST name { $$ = at_syntax_clause(parser, $1, AT_C_AGAINST, @2, NULL, $3); }
    | draw_clauses WHEN expr { $$ = at_syntax_clause(parser, $1, AT_C_WHEN, @2, $3, $2); }
    | draw_clauses RECOVER AT MOST expr { $$ = at_syntax_clause(parser, $1, AT_C_LIMIT, @2, $5, $2); }
    | draw_clauses RECOVER FROM expr { $$ = at_syntax_clause(parser, $1, AT_C_FROM, @2, $4, $2); }
    | draw_clauses SETTLE EACH name { $$ = at_syntax_clause(parser, $1, AT_C_EACH, @2, at_ast_named(parser, at_span_join(@3, @4), AT_N_EACH, $4), $2); }
    | draw_clauses FORGIVE AFTER delay { $$ = at_syntax_clause(parser, $1, AT_C_AFTER, @2, $4, $2); }
    | draw_clauses DUE ON expr { $$ = at_syntax_clause(parser, $1, AT_C_DUE, @2, $4, $2); }
    | draw_clauses OPENING expr { $$ = at_syntax_clause(parser, $1, AT_C_OPENING, @2, $3, $2); } ;
carry: CARRY name BELOW expr carry_clauses { $$ = at_ast_carry(parser, @$, $2, $4, $5); } ;
carry_clauses: %empty { $$ = at_syntax_clauses_new(parser); }
    | carry_clauses WHEN expr { $$ = at_syntax_clause(parser, $1, AT_C_WHEN, @2, $3, $2); }
    | carry_clauses OPENING expr { $$ = at_syntax_clause(parser, $1, AT_C_OPENING, @2, $3, $2); } ;
hold: HOLD product OF name UNTIL expr part_clauses { $$ = at_ast_hold(parser, @$, $2, $4, $6, $7); } ;
release: RELEASE name WITH name ON expr part_clauses { $$ = at_ast_release(parser, @$, $2, $4, $6, $7); } ;
clawback: CLAWBACK name ON expr part_clauses { $$ = at_ast_clawback(parser, @$, $2, AT_OP_NONE, $4, $5); }
    | CLAWBACK name method ON expr part_clauses { $$ = at_ast_clawback(parser, @$, $2, $3, $5, $6); } ;
method: AS name { $$ = at_ast_method(parser, $2, at_lex_no_word()); } | AS name name { $$ = at_ast_method(parser, $2, $3); } ;
part_clauses: %empty { $$ = at_syntax_clauses_new(parser); }
    | part_clauses AT expr { $$ = at_syntax_clause(parser, $1, AT_C_LIMIT, @2, $3, $2); }
    | part_clauses WHEN expr { $$ = at_syntax_clause(parser, $1, AT_C_WHEN, @2, $3, $2); } ;
adjust: ADJUST name '=' expr adjust_clauses { $$ = at_ast_adjust(parser, @$, $2, $4, $5); } ;
adjust_clauses: %empty { $$ = at_syntax_clauses_new(parser); }
    | adjust_clauses WHEN expr { $$ = at_syntax_clause(parser, $1, AT_C_WHEN, @2, $3, $2); }
    | adjust_clauses BECAUSE TEXT { $$ = at_syntax_clause(parser, $1, AT_C_BECAUSE, @2, $3, $2); } ;

/* ---------------------------------------------------------------- function, require */
function: FUNCTION name '(' parameters ')' type '=' expr { $$ = at_ast_function(parser, @$, $2, $4, $6, $8); }
    | FUNCTION name '(' parameters ')' type FROM name TEXT { $$ = at_ast_hook(parser, @$, $2, $4, $6, $8, $9); } ;
parameters: %empty { $$ = at_syntax_list_new(parser); } | parameters1 ;
parameters1: parameter { $$ = at_syntax_list_add(parser, at_syntax_list_new(parser), $1); }
    | parameters1 ',' parameter { $$ = at_syntax_list_add(parser, $1, $3); } ;
parameter: name type { $$ = at_ast_named_one(parser, @$, AT_N_PARAMETER, $1, $2); } ;
require: REQUIRE expr ELSE TEXT { $$ = at_ast_require(parser, @$, $2, $4); }
    | REQUIRE PAY DOES NOT DEPEND ON path { $$ = at_ast_independent(parser, @$, at_lex_no_word(), $7); }
    | REQUIRE name DOES NOT DEPEND ON path { $$ = at_ast_independent(parser, @$, $2, $7); }
    | REQUIRE HELPING NEVER HURTS { $$ = at_ast_leaf(parser, @$, AT_N_HELPING); } ;

/* ---------------------------------------------------------------- show */
show: SHOW shown_list { $$ = at_ast_list(parser, @$, AT_N_SHOW, $2); } ;
shown_list: shown { $$ = at_syntax_list_add(parser, at_syntax_list_new(parser), $1); }
    | shown_list ',' shown { $$ = at_syntax_list_add(parser, $1, $3); } ;
shown: name label { $$ = at_ast_shown(parser, @$, $1, $2); } ;

/* ---------------------------------------------------------------- test */
test: TEST TEXT '{' examples '}' { $$ = at_ast_test(parser, @$, $2, $4); } ;
examples: %empty { $$ = at_syntax_list_new(parser); } | examples example { $$ = at_syntax_list_add(parser, $1, $2); } ;
example: GIVEN name '{' pairs comma '}' { $$ = at_ast_given(parser, @$, $2, $4); }
    | GIVEN PARAM name '=' expr { $$ = at_ast_named_one(parser, @$, AT_N_SET, $3, $5); }
    | EXPECT subject '=' sum { $$ = at_ast_expect(parser, @$, $2, NULL, NULL, $4); }
    | EXPECT subject '=' sum BECAUSE TEXT { $$ = at_ast_expect_because(parser, @$, $2, $4, $6); }
    | EXPECT call name TEXT { $$ = at_ast_expect_fails(parser, @$, $2, $3, $4); }
    | EXPECT subject FOR sum '=' sum { $$ = at_ast_expect(parser, @$, $2, $4, NULL, $6); }
    | EXPECT subject IN sum '=' sum { $$ = at_ast_expect(parser, @$, $2, NULL, $4, $6); }
    | EXPECT subject FOR sum IN sum expected { $$ = at_ast_expect(parser, @$, $2, $4, $6, $7); }
    | error { $$ = at_ast_lost(parser, @$); GO_ON; } ;
comma: %empty | ',' ;
subject: name { $$ = at_ast_expect_name(parser, $1, NULL); } | call { $$ = at_ast_expect_call(parser, $1); } ;
expected: '=' sum { $$ = $2; } | IS case_word { $$ = at_ast_withheld(parser, $2); } | IS NOT case_word { $$ = at_ast_not_covered(parser, @$, $3); } ;
case_word: name ;
pairs: pair { $$ = at_syntax_list_add(parser, at_syntax_list_new(parser), $1); }
    | pairs ',' pair { $$ = at_syntax_list_add(parser, $1, $3); } ;
pair: NAME ':' expr { $$ = at_ast_named_one(parser, @$, AT_N_PAIR, $1, $3); } ;

/* ---------------------------------------------------------------- names: every word that is reserved in its own place only */
name: NAME | VERSION | EFFECTIVE | CURRENCY | PERIOD | FISCAL | ALLOW | LANGUAGE | AMOUNT | MANAGERS | KEY | LABEL | OPTIONAL | FORMAT | DECIMAL | AS | ONE | TIE | TIES | FIRST
    | OTHER | CUMULATIVE | SPREAD | INCLUDING | IGNORING | AMONG | MOST | EACH | PAID | AFTER | SHOW | EXCHANGE | PAYS | LEVEL | RECOVERABLE | AGAINST | UNTIL | KNOWN | BECAUSE
    | EXCEPT | CARRY | BELOW | RECOVER | SETTLE | FORGIVE | DUE | OPENING | RELEASE | WITH | EXTENDS | WITHOUT | CONTINUES | DOES | DEPEND | HELPING | NEVER | HURTS | PRIVATE
    | SEPARATED ;
field_name: NAME | VERSION | EFFECTIVE | CURRENCY | PERIOD | FISCAL | ALLOW | LANGUAGE | AMOUNT | MANAGERS | TIE | TIES | FIRST | OTHER | CUMULATIVE | SPREAD
    | INCLUDING | IGNORING | AMONG | MOST | EACH | PAID | AFTER | SHOW | EXCHANGE | PAYS | LEVEL | RECOVERABLE | AGAINST | UNTIL | KNOWN | BECAUSE
    | EXCEPT | CARRY | BELOW | RECOVER | SETTLE | FORGIVE | DUE | OPENING | RELEASE | WITH | EXTENDS | WITHOUT | CONTINUES | DOES | DEPEND | HELPING | NEVER | HURTS | PRIVATE
    | SEPARATED ;

/* ---------------------------------------------------------------- expressions, loosest first */
expr: IF expr THEN expr ELSE expr { $$ = at_ast_if(parser, @$, $2, $4, $6); } | or ;
or: and | or OR and { $$ = at_ast_binary(parser, @$, AT_N_OR, AT_OP_NONE, @2, $1, $3); } ;
and: not | and AND not { $$ = at_ast_binary(parser, @$, AT_N_AND, AT_OP_NONE, @2, $1, $3); } ;
not: compare | NOT not { $$ = at_ast_unary(parser, @$, AT_N_NOT, @1, $2); } ;
compare: sum
    | sum comparison sum { $$ = at_ast_compare(parser, @$, $2, @2, $1, $3, 0); }
    | sum IS sum { $$ = at_ast_compare(parser, @$, AT_OP_EQ, @2, $1, $3, AT_F_IS); }
    | sum IS NOT sum { $$ = at_ast_compare(parser, @$, AT_OP_NE, at_span_join(@2, @3), $1, $4, AT_F_IS); }
    | sum IS MISSING { $$ = at_ast_missing(parser, @$, @2, $1, 0); }
    | sum IS NOT MISSING { $$ = at_ast_missing(parser, @$, @2, $1, AT_F_NOT); }
    | sum IN '(' exprs ')' { $$ = at_ast_in(parser, @$, @2, $1, $4, 0); }
    | sum NOT IN '(' exprs ')' { $$ = at_ast_in(parser, @$, at_span_join(@2, @3), $1, $5, AT_F_NOT); }
    | sum WITHIN postfix OF sum { $$ = at_ast_within(parser, @$, @2, $1, $3, $5); } ;
comparison: '=' { $$ = AT_OP_EQ; } | '<' { $$ = AT_OP_LT; } | '>' { $$ = AT_OP_GT; } | LE | GE | NE ;
sum: of
    | sum '+' of { $$ = at_ast_binary(parser, @$, AT_N_ARITH, AT_OP_ADD, @2, $1, $3); }
    | sum '-' of { $$ = at_ast_binary(parser, @$, AT_N_ARITH, AT_OP_SUB, @2, $1, $3); } ;
of: slice | product OF of { $$ = at_ast_binary(parser, @$, AT_N_OF, AT_OP_NONE, @2, $1, $3); } ;
slice: product
    | product OVER bound { $$ = at_ast_binary(parser, @$, AT_N_OVER, AT_OP_NONE, @2, $1, $3); }
    | product UP TO bound { $$ = at_ast_binary(parser, @$, AT_N_UPTO, AT_OP_NONE, at_span_join(@2, @3), $1, $4); }
    | product BETWEEN bound AND bound { $$ = at_ast_between(parser, @$, @2, $1, $3, $5); }
    | product THROUGH name { $$ = at_ast_through(parser, @$, $1, $3, NULL); }
    | product THROUGH name OF product { $$ = at_ast_through(parser, @$, $1, $3, $5); } ;
bound: product | product OF bound { $$ = at_ast_binary(parser, @$, AT_N_OF, AT_OP_NONE, @2, $1, $3); } ;
product: unary
    | product '*' unary { $$ = at_ast_binary(parser, @$, AT_N_ARITH, AT_OP_MUL, @2, $1, $3); }
    | product '/' unary { $$ = at_ast_binary(parser, @$, AT_N_ARITH, AT_OP_DIV, @2, $1, $3); } ;
unary: postfix | '-' unary { $$ = at_ast_unary(parser, @$, AT_N_NEG, @1, $2); }
    | postfix AS OF postfix { $$ = at_ast_two(parser, @$, AT_N_ASOF, $1, $4); }
    | call TIES NAME { $$ = at_ast_ties(parser, @$, $1, $3, NULL); }
    | call TIES FIRST BY postfix { $$ = at_ast_ties(parser, @$, $1, $3, $5); }
    | postfix AS NAME AT rate_at { $$ = at_ast_convert(parser, @$, $1, $3, $5); } ;
rate_at: name '(' expr ')' { $$ = at_ast_rate_at(parser, @$, $1, $3, at_lex_no_word()); }
    | AVERAGE name '(' expr ')' OVER name { $$ = at_ast_rate_at(parser, @$, $2, $4, $7); } ;
postfix: primary | postfix '.' NAME { $$ = at_ast_member(parser, @$, $1, $3); } ;
primary: name { $$ = at_ast_name(parser, $1); }
    | call
    | literal | choose
    | '(' expr ')' { $$ = at_ast_parens(parser, $2); } ;
call: callable '(' args ')' { $$ = at_ast_call(parser, @$, $1, $3, at_lex_no_word()); }
    | callable '(' expr IGNORING MISSING ')' { $$ = at_ast_call_ignoring(parser, @$, $1, $3, at_lex_no_word()); }
    | callable '(' expr BY name IGNORING MISSING ')' { $$ = at_ast_call_ignoring(parser, @$, $1, $3, $5); }
    | callable '(' expr BY name ')' { $$ = at_ast_call(parser, @$, $1, at_syntax_list_add(parser, at_syntax_list_new(parser), $3), $5); }
    | callable '(' expr WHERE expr ')' { $$ = at_ast_call_where(parser, @$, $1, $3, at_lex_no_word(), $5); }
    | callable '(' expr BY name WHERE expr ')' { $$ = at_ast_call_where(parser, @$, $1, $3, $5, $7); }
    | callable '(' expr BY name ',' exprs ')' { $$ = at_ast_call(parser, @$, $1, at_syntax_list_before(parser, $3, $7), $5); } ;
callable: name | SUM | COUNT | AVERAGE | MIN | MAX | ROUND ;
args: %empty { $$ = at_syntax_list_new(parser); } | exprs ;
exprs: expr { $$ = at_syntax_list_add(parser, at_syntax_list_new(parser), $1); } | exprs ',' expr { $$ = at_syntax_list_add(parser, $1, $3); } ;
choose: CHOOSE '{' arms OTHERWISE ':' expr '}' { $$ = at_ast_choose(parser, @$, $3, $6); } ;
arms: %empty { $$ = at_syntax_list_new(parser); } | arms arm { $$ = at_syntax_list_add(parser, $1, $2); } ;
arm: WHEN expr ':' expr { $$ = at_ast_two(parser, @$, AT_N_ARM, $2, $4); } ;

%%
static int at_yylex(AT_YYSTYPE *value, at_span *span, struct at_syntax_parser *p) { return at_lex_next(&p->lexer, value, span); }

/* Bison says this only when its stack is full. */
static void at_yyerror(const at_span *span, struct at_syntax_parser *p, const char *message) {
    (void)message;
    at_lex_too_deep(&p->lexer, *span);
}

const char *at_lex_token_name(int token) { return yysymbol_name(YYTRANSLATE(token)); }

static int yyreport_syntax_error(const yypcontext_t *context, struct at_syntax_parser *p) {
    yysymbol_kind_t kinds[YYNTOKENS];
    struct at_parse_expected expected = {.found = AT_TOK_END, .span = *yypcontext_location(context)};
    int n = yypcontext_expected_tokens(context, kinds, YYNTOKENS);
    for (int token = 0; token <= AT_TOK_LAST; token++) {
        yysymbol_kind_t kind = YYTRANSLATE(token);
        if (kind == yypcontext_token(context)) expected.found = token;
        for (int i = 0; i < n; i++)
            if (kinds[i] == kind && kind != YYSYMBOL_YYUNDEF) expected.set[token] = true;
    }
    at_parse_report(p, &expected);
    return 0;
}
