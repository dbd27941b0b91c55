/* Transactions, pools and statements, against a real cluster that this program starts. */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db_tests.h"
#include "fixture.h"
#include "migrate.h"

extern const db_statement *const *const SQL_CATALOGUE[];

static const db_statement SELECT_ENTERPRISE = {"t_enterprise", "SELECT current_setting('smartpass.enterprise', true)",
                                               false, false};
static const db_statement SELECT_SYSTEM = {"t_system", "SELECT current_user::text, $1::bigint", true, false};
static const db_statement SLEEP = {"t_sleep", "SELECT pg_sleep($1::bigint)::text", true, false};
static const db_statement DIVIDE = {"t_divide", "SELECT 1 / $1::integer", true, false};
static const db_statement ADD_ENTERPRISE = {
    "t_add", "INSERT INTO enterprise (id, name, time_zone, created_at) VALUES ($1, $2, 'UTC', $3)", true, false};
static const db_statement ADD_GROUP = {"t_group", "INSERT INTO org_group (enterprise_id, id, name) VALUES ($1, 1, $2)",
                                       true, false};
static const db_statement BACKEND = {"t_backend", "SELECT pg_backend_pid()", true, false};

static arena memory;

static void memory_up(void)
{
    arena_init(&memory, 1024 * 1024);
}

static void memory_down(void)
{
    arena_done(&memory);
}

START_TEST(the_transaction_knows_its_enterprise)
{
    db_pool *pool = fixture_pool(DB_APP, 1);
    db_tx *tx;
    db_rows rows;

    for (int64_t enterprise = 7; enterprise < 9; enterprise++) {
        assert_done(db_begin(pool, enterprise, &memory, &tx));
        assert_done(db_query(tx, SELECT_ENTERPRISE, DB_NO_ARGS, &rows));
        ck_assert_int_eq(atoi(db_row_text(&rows, 0, 0)), enterprise);
        assert_done(db_commit(tx));
    }
    assert_reason(db_begin(pool, 0, &memory, &tx), DB_BROKEN);
    db_pool_free(pool);
}
END_TEST

START_TEST(a_role_runs_only_its_own_statements)
{
    db_pool *app = fixture_pool(DB_APP, 1), *system = fixture_pool(DB_SYSTEM, 1);
    db_tx *tx;
    db_rows rows;

    assert_done(db_begin(app, 7, &memory, &tx));
    assert_reason(db_query(tx, SELECT_SYSTEM, DB_ARGS(db_int64(1)), &rows), DB_BROKEN);
    db_rollback(tx);
    assert_done(db_begin(system, 0, &memory, &tx));
    assert_done(db_query(tx, SELECT_SYSTEM, DB_ARGS(db_int64(42)), &rows));
    ck_assert_str_eq(db_row_text(&rows, 0, 0), "smartpass_system");
    ck_assert_int_eq(db_row_int(&rows, 0, 1), 42);
    assert_reason(db_query(tx, SELECT_ENTERPRISE, DB_NO_ARGS, &rows), DB_BROKEN);
    db_rollback(tx);
    db_pool_free(app);
    db_pool_free(system);
}
END_TEST

START_TEST(what_is_rolled_back_is_gone_and_what_is_committed_stays)
{
    db_pool *pool = fixture_pool(DB_SYSTEM, 1);
    db_tx *tx;
    db_rows rows;

    assert_done(db_begin(pool, 0, &memory, &tx));
    assert_done(db_query(tx, ADD_ENTERPRISE, DB_ARGS(db_int64(101), db_text("Gone"), db_time(1)), &rows));
    ck_assert_int_eq(rows.affected, 1);
    db_rollback(tx);
    assert_done(db_begin(pool, 0, &memory, &tx));
    assert_done(db_query(tx, ADD_ENTERPRISE, DB_ARGS(db_int64(102), db_text("Stays"), db_time(1)), NULL));
    assert_done(db_commit(tx));
    ck_assert_str_eq(fixture_sql("SELECT string_agg(name, ' ') FROM enterprise WHERE id IN (101, 102)"), "Stays");
    db_pool_free(pool);
}
END_TEST

START_TEST(a_duplicate_names_its_constraint_and_spoils_the_transaction)
{
    db_pool *pool = fixture_pool(DB_SYSTEM, 1);
    db_tx *tx;

    fixture_sql("INSERT INTO enterprise VALUES (201, 'Twice', 'UTC', now())");
    assert_done(db_begin(pool, 0, &memory, &tx));
    assert_reason(db_query(tx, ADD_ENTERPRISE, DB_ARGS(db_int64(202), db_text("Twice"), db_time(1)), NULL),
                  DB_DUPLICATE);
    ck_assert_str_eq(db_sqlstate(tx), "23505");
    ck_assert_str_eq(db_constraint(tx), "enterprise_name_key");
    assert_reason(db_query(tx, BACKEND, DB_NO_ARGS, NULL), DB_DUPLICATE);
    assert_reason(db_commit(tx), DB_DUPLICATE);
    assert_done(db_begin(pool, 0, &memory, &tx));
    assert_reason(db_query(tx, ADD_GROUP, DB_ARGS(db_int64(999), db_text("Nobody's")), NULL), DB_REFERENCED);
    db_rollback(tx);
    assert_done(db_begin(pool, 0, &memory, &tx));
    assert_reason(db_query(tx, DIVIDE, DB_ARGS(db_int64(0)), NULL), DB_VALUE_REFUSED);
    db_rollback(tx);
    db_pool_free(pool);
}
END_TEST

START_TEST(a_broken_connection_is_replaced_unseen)
{
    db_pool *pool = fixture_pool(DB_SYSTEM, 1);
    db_tx *tx;
    db_rows rows;
    int64_t backend;

    assert_done(db_begin(pool, 0, &memory, &tx));
    assert_done(db_query(tx, BACKEND, DB_NO_ARGS, &rows));
    backend = db_row_int(&rows, 0, 0);
    assert_done(db_commit(tx));
    fixture_sql("SELECT pg_terminate_backend(%lld, 5000)", (long long)backend);
    assert_done(db_begin(pool, 0, &memory, &tx));
    assert_done(db_query(tx, BACKEND, DB_NO_ARGS, &rows));
    ck_assert_int_ne(db_row_int(&rows, 0, 0), backend);
    /* In the middle of a transaction it cannot be hidden. */
    fixture_sql("SELECT pg_terminate_backend(%lld, 5000)", (long long)db_row_int(&rows, 0, 0));
    assert_reason(db_query(tx, BACKEND, DB_NO_ARGS, &rows), DB_UNAVAILABLE);
    assert_reason(db_commit(tx), DB_UNAVAILABLE);
    db_pool_free(pool);
}
END_TEST

START_TEST(a_pool_that_is_all_in_use_says_so_after_its_wait)
{
    db_pool *pool = fixture_pool(DB_SYSTEM, 1);
    db_tx *first, *second;

    assert_done(db_begin(pool, 0, &memory, &first));
    assert_reason(db_begin(pool, 0, &memory, &second), DB_UNAVAILABLE);
    assert_done(db_commit(first));
    assert_done(db_begin(pool, 0, &memory, &second));
    db_rollback(second);
    db_pool_free(pool);
}
END_TEST

START_TEST(a_database_that_is_away_is_unavailable)
{
    db_pool *pool = db_pool_new(&(db_pool_options){.conninfo = "host=/nowhere", .role = DB_SYSTEM, .size = 1});
    db_tx *tx;

    assert_reason(db_begin(pool, 0, &memory, &tx), DB_UNAVAILABLE);
    assert_reason(db_begin(pool, 0, &memory, &tx), DB_UNAVAILABLE);
    db_pool_free(pool);
}
END_TEST

static void *cancel_soon(void *tx)
{
    for (int i = 0; i < 20; i++) {
        usleep(50000);
        db_cancel(tx);
    }
    return NULL;
}

START_TEST(another_thread_can_cancel_a_query_and_the_connection_stays_good)
{
    db_pool *pool = fixture_pool(DB_SYSTEM, 1);
    pthread_t thread;
    db_tx *tx, *next;

    assert_done(db_begin(pool, 0, &memory, &tx));
    db_cancel(tx);
    assert_done(db_query(tx, BACKEND, DB_NO_ARGS, NULL));
    ck_assert_int_eq(pthread_create(&thread, NULL, cancel_soon, tx), 0);
    assert_reason(db_query(tx, SLEEP, DB_ARGS(db_int64(20)), NULL), DB_CANCELLED);
    pthread_join(thread, NULL);
    db_rollback(tx);
    assert_done(db_begin(pool, 0, &memory, &next));
    assert_done(db_query(next, BACKEND, DB_NO_ARGS, NULL));
    assert_done(db_commit(next));
    db_pool_free(pool);
}
END_TEST

START_TEST(a_statement_that_takes_too_long_is_stopped)
{
    db_pool *pool = db_pool_new(
        &(db_pool_options){.conninfo = fixture_conninfo, .role = DB_SYSTEM, .size = 1, .statement_ms = 100});
    db_tx *tx;

    assert_done(db_begin(pool, 0, &memory, &tx));
    assert_reason(db_query(tx, SLEEP, DB_ARGS(db_int64(20)), NULL), DB_TOO_SLOW);
    db_rollback(tx);
    db_pool_free(pool);
}
END_TEST

/* ---- Every statement of the server ------------------------------------------------------------------------------- */

/* An array of a composite type that the schema made: whatever its columns are, tuples can be of them. */
static bool is_tuples(PGconn *pg, Oid type)
{
    char query[200];
    PGresult *result;
    bool found;

    snprintf(query, sizeof query,
             "SELECT FROM pg_type a JOIN pg_type e ON e.oid = a.typelem WHERE a.oid = %u AND e.typtype = 'c'", type);
    result = PQexec(pg, query);
    found = PQntuples(result) == 1;
    PQclear(result);
    return found;
}

static bool type_travels(Oid type)
{
    static const Oid types[] = {
        2278 /* void */, 16, 17, 20, 21, 23, 25, 1000, 1001, 1005, 1007, 1009, 1016, 1184, 1185};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i] == type)
            return true;
    return false;
}

static void prepare_and_look(PGconn *pg, const db_statement *statement)
{
    PGresult *result = PQprepare(pg, statement->name, statement->text, 0, NULL);

    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        ck_abort_msg("%s: %s", statement->name, PQerrorMessage(pg));
    PQclear(result);
    result = PQdescribePrepared(pg, statement->name);
    for (int i = 0; i < PQnparams(result); i++)
        ck_assert_msg(type_travels(PQparamtype(result, i)) || is_tuples(pg, PQparamtype(result, i)),
                      "%s: parameter %d has a type (%u) without a binary form here", statement->name, i + 1,
                      PQparamtype(result, i));
    for (int i = 0; i < PQnfields(result); i++)
        ck_assert_msg(type_travels(PQftype(result, i)), "%s: column %s has a type (%u) without a binary form here",
                      statement->name, PQfname(result, i), PQftype(result, i));
    PQclear(result);
}

START_TEST(every_statement_prepares_on_the_migrated_schema)
{
    PGconn *pg = PQconnectdb(fixture_conninfo);

    for (size_t table = 0; SQL_CATALOGUE[table]; table++)
        for (size_t i = 0; SQL_CATALOGUE[table][i]; i++)
            prepare_and_look(pg, SQL_CATALOGUE[table][i]);
    PQfinish(pg);
}
END_TEST

/* ---- Migrations -------------------------------------------------------------------------------------------------- */

START_TEST(migrations_are_applied_once)
{
    db_migration_report report;

    assert_done(db_migrate(fixture_conninfo, DB_MIGRATIONS, DB_MIGRATION_COUNT, &report));
    ck_assert_int_eq(report.applied, 0);
}
END_TEST

START_TEST(an_older_server_refuses_a_newer_schema)
{
    db_migration_report report;
    char last[32];

    snprintf(last, sizeof last, "migration %d,", DB_MIGRATIONS[DB_MIGRATION_COUNT - 1].number);
    assert_reason(db_migrate(fixture_conninfo, DB_MIGRATIONS, DB_MIGRATION_COUNT - 1, &report), SCHEMA_NEWER);
    ck_assert_ptr_nonnull(strstr(report.detail, last));
}
END_TEST

START_TEST(a_migration_that_was_edited_afterwards_is_refused)
{
    db_migration edited[2] = {DB_MIGRATIONS[0], DB_MIGRATIONS[1]};
    db_migration_report report;

    edited[1].sha256 = "0";
    assert_reason(db_migrate(fixture_conninfo, edited, 2, &report), SCHEMA_CHANGED);
}
END_TEST

START_TEST(a_failing_migration_leaves_nothing)
{
    db_migration more[100];
    db_migration_report report;

    ck_assert_uint_lt(DB_MIGRATION_COUNT, 100);
    memcpy(more, DB_MIGRATIONS, DB_MIGRATION_COUNT * sizeof *more);
    more[DB_MIGRATION_COUNT] = (db_migration){1000, "1000_bad.sql", "9", "CREATE TABLE half (a int); SELECT 1 / 0"};
    assert_reason(db_migrate(fixture_conninfo, more, DB_MIGRATION_COUNT + 1, &report), SCHEMA_FAILED);
    ck_assert_ptr_nonnull(strstr(report.detail, "division by zero"));
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM pg_class WHERE relname = 'half'"), "0");
}
END_TEST

static TCase *transaction_tests(void)
{
    TCase *tests = tcase_create("transactions");

    tcase_add_checked_fixture(tests, memory_up, memory_down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_transaction_knows_its_enterprise);
    tcase_add_test(tests, a_role_runs_only_its_own_statements);
    tcase_add_test(tests, what_is_rolled_back_is_gone_and_what_is_committed_stays);
    tcase_add_test(tests, a_duplicate_names_its_constraint_and_spoils_the_transaction);
    tcase_add_test(tests, a_broken_connection_is_replaced_unseen);
    tcase_add_test(tests, a_pool_that_is_all_in_use_says_so_after_its_wait);
    tcase_add_test(tests, a_database_that_is_away_is_unavailable);
    tcase_add_test(tests, another_thread_can_cancel_a_query_and_the_connection_stays_good);
    tcase_add_test(tests, a_statement_that_takes_too_long_is_stopped);
    tcase_add_test(tests, every_statement_prepares_on_the_migrated_schema);
    tcase_add_test(tests, migrations_are_applied_once);
    tcase_add_test(tests, an_older_server_refuses_a_newer_schema);
    tcase_add_test(tests, a_migration_that_was_edited_afterwards_is_refused);
    tcase_add_test(tests, a_failing_migration_leaves_nothing);
    return tests;
}

int main(void)
{
    Suite *suite = suite_create("db");

    suite_add_tcase(suite, transaction_tests());
    suite_add_tcase(suite, values_tests());
    suite_add_tcase(suite, tuples_tests());
    suite_add_tcase(suite, access_tests());
    suite_add_tcase(suite, cluster_tests());
    return fixture_run(suite);
}
