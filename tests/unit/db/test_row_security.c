/* Row-level security holds alone: every statement of the application is robbed of what it says about its enterprise and
 * then run by the application within enterprise 7000. Beside 7000 stands another, 8000, with rows in every table.
 * Nothing of 8000 may have any influence: the answer is that of a database where 8000 is not, and 8000 stays as it was.
 *
 * That the statement would reach the rows of 8000 is shown by the owner, whom no policy holds: for him the same text
 * gives another answer where 8000 is alone than where nobody is, or changes 8000. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "strip.h"
#include "suite.h"

extern const db_statement *const *const SQL_CATALOGUE[];

enum { OWN = 7000, FOREIGN = 8000, ROWS = 3, MAX_PARAMETERS = 32, RESULT_TEXT = 65536, FIRST_MADE = 16384 };

/* What is without any predicate, and why that is right. */
static const struct {
    const char *name, *why;
} WITHOUT_PREDICATE[] = {
    {"alarm_notify", "reads no table"},     {"capture_notify", "reads no table"},
    {"command_notify", "reads no table"},   {"device_notify", "reads no table"},
    {"feed_notify", "reads no table"},      {"import_begin", "takes a lock"},
    {"operation_notify", "reads no table"}, {"person_deny_lock", "reads no table"},
    {"screen_notify", "reads no table"},    {"settings_notify", "reads no table"},
    {"display_notify", "reads no table"},
};

/* Unique in the whole installation, so that a taken value shows there, as the contract says or by chance of 2^-256. */
static const char *const INSTALLATION_WIDE[] = {
    "enterprise_name_key", "app_user_username_key", "app_user_external",
    "session_pkey",        "api_token_pkey",        "device_certificate_pkey",
};

/* The same database with both enterprises, with one of them, with none. */
static PGconn *both, *own_alone, *foreign_alone, *neither;

/* ---- The two databases ------------------------------------------------------------------------------------------- */

static PGconn *database_open(const char *name)
{
    char conninfo[512];
    PGconn *pg;

    snprintf(conninfo, sizeof conninfo, "%s dbname=%s", fixture_conninfo, name);
    pg = PQconnectdb(conninfo);
    ck_assert_msg(PQstatus(pg) == CONNECTION_OK, "%s", PQerrorMessage(pg));
    return pg;
}

static void run(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);

    ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK, "%s: %s",
                  sql, PQerrorMessage(pg));
    PQclear(result);
}

static void world_define(PGconn *pg)
{
    static char sql[32768];
    FILE *file = fopen(ROW_WORLD, "r");

    ck_assert_ptr_nonnull(file);
    sql[fread(sql, 1, sizeof sql - 1, file)] = '\0';
    ck_assert(feof(file));
    fclose(file);
    run(pg, sql);
}

static void database_copy(const char *from, const char *to)
{
    PGconn *pg = database_open("postgres");
    char sql[128];

    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE %s", to, from);
    run(pg, sql);
    PQfinish(pg);
}

static void world_add(const char *database, const char *sql)
{
    PGconn *pg = database_open(database);

    run(pg, sql);
    PQfinish(pg);
}

static void up(void)
{
    PGconn *pg = database_open("smartpass");

    world_define(pg);
    PQfinish(pg);
    database_copy("smartpass", "neither");
    world_add("smartpass", "SELECT world_add(7000)");
    database_copy("smartpass", "own_alone");
    database_copy("neither", "foreign_alone");
    world_add("foreign_alone", "SELECT world_add(8000)");
    world_add("smartpass", "SELECT world_add(8000)");
    both = database_open("smartpass");
    own_alone = database_open("own_alone");
    foreign_alone = database_open("foreign_alone");
    neither = database_open("neither");
}

static void down(void)
{
    PQfinish(both);
    PQfinish(own_alone);
    PQfinish(foreign_alone);
    PQfinish(neither);
}

/* ---- One run ----------------------------------------------------------------------------------------------------- */

/* What a statement is given: one choice for all parameters of a type, so that they mean one row together. */
typedef struct {
    int enterprise; /* of the first parameter */
    int row;        /* of 8000, which is named by */
    bool ids;       /* whatever is an id, instead of 0, which filters leave out */
    bool words;     /* texts and bytes, instead of empty ones; arrays of ids then name another row */
    bool truth;
    bool small;       /* 1 instead of 0 */
    const char *time; /* NULL: none, which filters leave out */
} choice;

typedef struct {
    char text[RESULT_TEXT];
    bool installation_wide; /* refused because a value is taken somewhere in the installation */
    char sum[64];           /* of 8000 afterwards */
} outcome;

typedef struct {
    const char *name;
    char sql[STRIPPED_TEXT];
    int count;
    Oid types[MAX_PARAMETERS];
    bool writes;
} probe;

static const char *value_write(const choice *c, Oid type, int index, char room[256]);

/* The columns of a composite type whose array this is. */
static int tuple_types(Oid array, Oid types[MAX_PARAMETERS])
{
    char sql[512];
    PGresult *result;
    int count;

    snprintf(sql, sizeof sql,
             "SELECT a.atttypid FROM pg_type t JOIN pg_type e ON e.oid = t.typelem JOIN pg_attribute a ON "
             "a.attrelid = e.typrelid WHERE t.oid = %u AND a.attnum > 0 ORDER BY a.attnum",
             array);
    result = PQexec(neither, sql);
    count = PQntuples(result);
    for (int i = 0; i < count && i < MAX_PARAMETERS; i++)
        types[i] = (Oid)atoi(PQgetvalue(result, i, 0));
    PQclear(result);
    return count;
}

/* An array of one row, whose values are chosen as if each were a parameter. */
static const char *tuple_write(const choice *c, Oid type, char room[256])
{
    static Oid known, types[MAX_PARAMETERS];
    static int count;
    size_t used = 3;

    if (known != type) {
        count = tuple_types(type, types);
        known = type;
    }
    ck_assert_msg(count > 0, "a parameter of type %u is not known here", type);
    strcpy(room, "{\"(");
    for (int i = 0; i < count; i++) {
        char value[256];
        const char *text = value_write(c, types[i], /* never the enterprise */ 1, value);

        used += (size_t)snprintf(room + used, 256 - used, "%s%s%s%s", i ? "," : "", text ? "\\\"" : "",
                                 text ? text : "", text ? "\\\"" : "");
        ck_assert_uint_lt(used, 250);
    }
    strcpy(room + used, ")\"}");
    return room;
}

static const char *value_write(const choice *c, Oid type, int index, char room[256])
{
    if (type >= FIRST_MADE)
        return tuple_write(c, type, room);
    switch (type) {
    case 20: /* bigint */
        snprintf(room, 256, "%d", index == 0 ? c->enterprise : c->ids ? FOREIGN + c->row : 0);
        break;
    case 1016:
        snprintf(room, 256, "{%d,%d}", FOREIGN + (c->words ? (c->row + 1) % ROWS : c->row), OWN);
        break;
    case 21: /* smallint */
        snprintf(room, 256, "%d", c->small);
        break;
    case 23:
        snprintf(room, 256, "1");
        break;
    case 1005:
    case 1007:
        snprintf(room, 256, "{1,1}");
        break;
    case 16: /* boolean */
        snprintf(room, 256, "%s", c->truth ? "true" : "false");
        break;
    case 25: /* text */
    case 17: /* bytea */
        room[0] = '\0';
        if (c->words)
            snprintf(room, 256, "foreign%d", c->row);
        break;
    case 1009:
        snprintf(room, 256, "{}");
        if (c->words)
            snprintf(room, 256, "{foreign%d}", c->row);
        break;
    case 1001:
        snprintf(room, 256, "{\\\\x01,\\\\x02}");
        break;
    case 1184: /* timestamptz */
        if (!c->time)
            return NULL;
        snprintf(room, 256, "%s", c->time);
        break;
    case 1185:
        snprintf(room, 256, "{%s}", c->time ? c->time : "NULL");
        break;
    default:
        ck_abort_msg("a parameter of type %u is not known here", type);
    }
    return room;
}

static void outcome_add(outcome *out, const char *text)
{
    size_t used = strlen(out->text);

    snprintf(out->text + used, RESULT_TEXT - used, "%s|", text);
}

static void outcome_read(outcome *out, const PGresult *result)
{
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    outcome_add(out, state ? state : "done");
    outcome_add(out, PQcmdTuples((PGresult *)result));
    for (int row = 0; row < PQntuples(result); row++)
        for (int column = 0; column < PQnfields(result); column++)
            outcome_add(out, PQgetvalue(result, row, column));
    for (size_t i = 0; constraint && i < sizeof INSTALLATION_WIDE / sizeof *INSTALLATION_WIDE; i++)
        out->installation_wide |= strcmp(constraint, INSTALLATION_WIDE[i]) == 0;
}

static PGresult *probe_execute(PGconn *pg, const probe *p, const choice *c)
{
    static char rooms[MAX_PARAMETERS][256];
    const char *values[MAX_PARAMETERS];

    for (int i = 0; i < p->count; i++)
        values[i] = value_write(c, p->types[i], i, rooms[i]);
    return PQexecParams(pg, p->sql, p->count, p->types, values, NULL, NULL, 0);
}

static void probe_run(PGconn *pg, const probe *p, const choice *c, bool as_application, outcome *ret_outcome)
{
    PGresult *result;

    *ret_outcome = (outcome){0};
    run(pg, as_application ? "BEGIN; SET LOCAL ROLE smartpass_app; SET LOCAL smartpass.enterprise = '7000'" : "BEGIN");
    result = probe_execute(pg, p, c);
    outcome_read(ret_outcome, result);
    if (p->writes && PQresultStatus(result) != PGRES_FATAL_ERROR) {
        PQclear(result);
        run(pg, "RESET ROLE");
        result = PQexec(pg, "SELECT world_sum(8000)");
        snprintf(ret_outcome->sum, sizeof ret_outcome->sum, "%s", PQgetvalue(result, 0, 0));
    }
    PQclear(result);
    run(pg, "ROLLBACK");
}

/* ---- All choices ------------------------------------------------------------------------------------------------- */

static bool takes(const probe *p, Oid type, Oid array)
{
    for (int i = 0; i < p->count; i++)
        if (p->types[i] == type || p->types[i] == array)
            return true;
    return false;
}

static const char *const TIMES[] = {NULL, "1970-01-01", "2100-01-01"};

/* Digits of a number whose bases these are. */
enum { CHOICES = ROWS * 2 * 2 * 2 * 2 * 2 * 3 };

static choice choice_at(int number)
{
    int rest = number / ROWS;

    return (choice){.row = number % ROWS,
                    .ids = rest & 1,
                    .words = rest & 2,
                    .enterprise = rest & 4 ? FOREIGN : OWN,
                    .truth = rest & 8,
                    .small = rest & 16,
                    .time = TIMES[rest / 32]};
}

/* A choice that gives what an earlier one gave is left out. */
static bool choice_matters(const probe *p, int number)
{
    choice c = choice_at(number);

    return (!c.truth || takes(p, 16, 1000)) && (!c.small || takes(p, 21, 1005)) && (!c.time || takes(p, 1184, 1185)) &&
           (!c.words || takes(p, 25, 1009) || takes(p, 17, 1001) || takes(p, 1016, 1016)) &&
           (c.ids || c.words || c.row == 0);
}

static void assert_foreign_has_no_influence(const probe *p, const char *sum)
{
    static outcome with, without;

    for (int i = 0; i < CHOICES; i++) {
        choice c = choice_at(i);

        if (!choice_matters(p, i))
            continue;
        probe_run(both, p, &c, true, &with);
        probe_run(own_alone, p, &c, true, &without);
        if (with.installation_wide)
            continue;
        ck_assert_msg(strcmp(with.text, without.text) == 0,
                      "%s shows another enterprise (choice %d):\n%s\n%s\ninstead of\n%s", p->name, i, p->sql, with.text,
                      without.text);
        ck_assert_msg(!*with.sum || strcmp(with.sum, sum) == 0, "%s changes another enterprise (choice %d):\n%s",
                      p->name, i, p->sql);
    }
}

static bool owner_reaches_foreign(const probe *p, const char *sum)
{
    static outcome with, without;

    for (int i = 0; i < CHOICES; i++) {
        choice c = choice_at(i);

        if (!choice_matters(p, i))
            continue;
        probe_run(foreign_alone, p, &c, false, &with);
        probe_run(neither, p, &c, false, &without);
        if ((*with.sum && strcmp(with.sum, sum) != 0) || strcmp(with.text, without.text) != 0)
            return true;
    }
    return false;
}

/* ---- The statements ---------------------------------------------------------------------------------------------- */

static bool is_without_predicate(const db_statement *statement)
{
    for (size_t i = 0; i < sizeof WITHOUT_PREDICATE / sizeof *WITHOUT_PREDICATE; i++)
        if (strcmp(WITHOUT_PREDICATE[i].name, statement->name) == 0)
            return true;
    return false;
}

static void probe_describe(probe *p)
{
    PGresult *result = PQprepare(both, "", p->sql, 0, NULL);

    ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK, "%s: %s\n%s", p->name, PQerrorMessage(both), p->sql);
    PQclear(result);
    result = PQdescribePrepared(both, "");
    p->count = PQnparams(result);
    ck_assert_int_le(p->count, MAX_PARAMETERS);
    for (int i = 0; i < p->count; i++)
        p->types[i] = PQparamtype(result, i);
    PQclear(result);
}

static bool statement_writes(const char *sql)
{
    return strstr(sql, "INSERT") || strstr(sql, "UPDATE") || strstr(sql, "DELETE");
}

typedef struct {
    int statements, stripped, predicates, insertions, listed;
} tally;

static void statement_check(const db_statement *statement, const char *sum, tally *count)
{
    static probe p;
    bool listed = is_without_predicate(statement);
    int predicates;

    p = (probe){.name = statement->name};
    predicates = statement_strip(statement->text, p.sql);
    p.writes = statement_writes(p.sql);
    ck_assert_msg(!statement_compares_enterprise(p.sql), "%s compares an enterprise in a way that is not known:\n%s",
                  p.name, p.sql);
    ck_assert_msg(predicates > 0 || strstr(p.sql, "INSERT") || listed, "%s names no enterprise and is not listed",
                  p.name);
    ck_assert_msg(predicates == 0 || !listed, "%s is listed as without a predicate and has one", p.name);
    probe_describe(&p);
    assert_foreign_has_no_influence(&p, sum);
    ck_assert_msg(listed || owner_reaches_foreign(&p, sum),
                  "%s reaches no row of another enterprise even for the owner, so that nothing is shown:\n%s", p.name,
                  p.sql);
    count->statements++;
    count->listed += listed;
    count->stripped += predicates > 0;
    count->insertions += predicates == 0 && !listed;
    count->predicates += predicates;
}

START_TEST(no_statement_needs_its_predicate_to_keep_enterprises_apart)
{
    tally count = {0};
    char sum[64];

    snprintf(sum, sizeof sum, "%s", fixture_sql("SELECT world_sum(8000)"));
    for (size_t table = 0; SQL_CATALOGUE[table]; table++)
        for (size_t i = 0; SQL_CATALOGUE[table][i]; i++)
            if (!SQL_CATALOGUE[table][i]->system)
                statement_check(SQL_CATALOGUE[table][i], sum, &count);
    printf("row-level security alone: %d statements of the application, %d of them stripped of %d predicates, %d "
           "insert and "
           "were given another enterprise, %d have no predicate\n",
           count.statements, count.stripped, count.predicates, count.insertions, count.listed);
    ck_assert_int_gt(count.stripped, 40);
    ck_assert_str_eq(fixture_sql("SELECT world_sum(8000)"), sum);
}
END_TEST

START_TEST(every_tenant_table_has_rows_of_both)
{
    ck_assert_str_eq(fixture_sql("SELECT count(*) >= 25 FROM world_tables()"), "t");
    for (int i = 0; i < atoi(fixture_sql("SELECT count(*) FROM world_tables()")); i++) {
        char table[64];

        snprintf(table, sizeof table, "%s", fixture_sql("SELECT world_tables() OFFSET %d LIMIT 1", i));
        ck_assert_msg(
            strcmp(
                fixture_sql("SELECT count(DISTINCT enterprise_id) FROM %s WHERE enterprise_id IN (7000, 8000)", table),
                "2") == 0,
            "%s", table);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("row security");
    TCase *tests = tcase_create("row security");

    tcase_set_timeout(tests, 240);
    tcase_add_unchecked_fixture(tests, up, down);
    tcase_add_test(tests, every_tenant_table_has_rows_of_both);
    tcase_add_test(tests, no_statement_needs_its_predicate_to_keep_enterprises_apart);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
