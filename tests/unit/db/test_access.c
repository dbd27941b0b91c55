/* Row-level security holds by itself, whatever a statement forgets to say. */
#include <stdio.h>
#include <string.h>

#include "db_tests.h"
#include "fixture.h"

static const db_statement NAMES = {"t_names", "SELECT coalesce(string_agg(name, ' '), '') FROM org_group", false,
                                   false};
static const db_statement ALL_NAMES = {
    "t_all_names", "SELECT coalesce(string_agg(name, ' ' ORDER BY name), '') FROM org_group WHERE name LIKE 'marker%'",
    true, false};
static const db_statement INTRUDE = {"t_intrude", "INSERT INTO org_group VALUES ($1, 5, NULL, 'intruder')", false,
                                     false};
static const db_statement TAKE = {"t_take", "UPDATE org_group SET name = 'taken'", false, false};
static const db_statement FORGE = {"t_forge", "UPDATE audit_row SET operator = 'nobody'", false, false};
static const db_statement SHRED = {"t_shred", "DELETE FROM audit_row", true, false};
static const db_statement BREAK_OUT = {"t_break_out", "CREATE TABLE mine (a integer)", false, false};
static const db_statement SESSIONS = {"t_failures", "SELECT count(*) FROM login_failure", false, false};

static arena memory;
static db_pool *app, *sys;
static db_tx *tx;

static void up(void)
{
    arena_init(&memory, 1024 * 1024);
    app = fixture_pool(DB_APP, 1);
    sys = fixture_pool(DB_SYSTEM, 1);
    fixture_sql(
        "INSERT INTO enterprise VALUES (301, 'A', 'UTC', now()), (302, 'B', 'UTC', now()) ON CONFLICT DO NOTHING;"
        "INSERT INTO org_group VALUES (301, 1, NULL, 'marker-a'), (302, 1, NULL, 'marker-b') ON CONFLICT DO NOTHING");
}

static void down(void)
{
    db_pool_free(app);
    db_pool_free(sys);
    arena_done(&memory);
}

START_TEST(an_enterprise_sees_its_own_rows_alone)
{
    db_rows rows;

    assert_done(db_begin(app, 301, &memory, &tx));
    assert_done(db_query(tx, NAMES, DB_NO_ARGS, &rows));
    ck_assert_str_eq(db_row_text(&rows, 0, 0), "marker-a");
    assert_done(db_commit(tx));
    assert_done(db_begin(sys, 0, &memory, &tx));
    assert_done(db_query(tx, ALL_NAMES, DB_NO_ARGS, &rows));
    ck_assert_str_eq(db_row_text(&rows, 0, 0), "marker-a marker-b");
    assert_done(db_commit(tx));
}
END_TEST

START_TEST(without_an_enterprise_nothing_is_seen)
{
    ck_assert_str_eq(fixture_sql("SET ROLE smartpass_app; SELECT count(*) FROM org_group"), "0");
    ck_assert_str_eq(
        fixture_sql("SET ROLE smartpass_app; SET smartpass.enterprise = ''; SELECT count(*) FROM org_group"), "0");
}
END_TEST

START_TEST(an_enterprise_can_neither_write_nor_change_a_foreign_row)
{
    db_rows rows;

    assert_done(db_begin(app, 301, &memory, &tx));
    assert_reason(db_query(tx, INTRUDE, DB_ARGS(db_int64(302)), NULL), DB_BROKEN);
    ck_assert_str_eq(db_sqlstate(tx), "42501");
    db_rollback(tx);
    assert_done(db_begin(app, 301, &memory, &tx));
    assert_done(db_query(tx, TAKE, DB_NO_ARGS, &rows));
    ck_assert_int_eq(rows.affected, 1);
    db_rollback(tx);
}
END_TEST

static void assert_denied(db_pool *pool, const db_statement *statement)
{
    assert_done(db_begin(pool, pool == app ? 301 : 0, &memory, &tx));
    assert_reason(db_query_n(tx, statement, NULL, 0, NULL), DB_BROKEN);
    ck_assert_str_eq(db_sqlstate(tx), "42501");
    db_rollback(tx);
}

START_TEST(what_was_audited_cannot_be_changed_or_removed)
{
    assert_denied(app, &FORGE);
    assert_denied(sys, &SHRED);
}
END_TEST

START_TEST(the_application_role_defines_nothing_and_sees_no_lockouts)
{
    assert_denied(app, &BREAK_OUT);
    assert_denied(app, &SESSIONS);
}
END_TEST

START_TEST(every_table_forces_row_level_security_on_both_roles)
{
    ck_assert_str_eq(fixture_sql("SELECT coalesce(string_agg(relname, ' '), '') FROM pg_class c"
                                 " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                                 " AND relname <> 'schema_migration' AND NOT (relrowsecurity AND relforcerowsecurity"
                                 " AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))"),
                     "");
}
END_TEST

START_TEST(neither_role_can_log_in_or_rise)
{
    ck_assert_str_eq(
        fixture_sql("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'smartpass\\__%%' AND NOT (rolcanlogin"
                    " OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"),
        "2");
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
                                 " WHERE r.rolname LIKE 'smartpass\\__%%'"),
                     "0");
}
END_TEST

TCase *access_tests(void)
{
    TCase *tests = tcase_create("access");

    tcase_add_checked_fixture(tests, up, down);
    tcase_add_test(tests, an_enterprise_sees_its_own_rows_alone);
    tcase_add_test(tests, without_an_enterprise_nothing_is_seen);
    tcase_add_test(tests, an_enterprise_can_neither_write_nor_change_a_foreign_row);
    tcase_add_test(tests, what_was_audited_cannot_be_changed_or_removed);
    tcase_add_test(tests, the_application_role_defines_nothing_and_sees_no_lockouts);
    tcase_add_test(tests, every_table_forces_row_level_security_on_both_roles);
    tcase_add_test(tests, neither_role_can_log_in_or_rise);
    return tests;
}
