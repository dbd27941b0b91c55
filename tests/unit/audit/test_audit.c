/* Rows as they are written: insert-only, with a payload that can be erased. */
#include "audit.h"

#include <stdlib.h>
#include <string.h>

#include "audit_tests.h"
#include "fixture.h"

enum { ENTERPRISE = 601, OTHER = 602 };

static arena memory;
static db_pool *app, *sys;
static db_tx *tx;

static void up(void)
{
    arena_init(&memory, 1 << 20);
    app = fixture_pool(DB_APP, 2);
    sys = fixture_pool(DB_SYSTEM, 2);
    fixture_sql("DELETE FROM audit_row; DELETE FROM audit_payload; DELETE FROM audit_head; DELETE FROM audit_lease");
}

static void down(void)
{
    db_pool_free(app);
    db_pool_free(sys);
    arena_done(&memory);
}

static void add(db_pool *pool, audit_entry entry)
{
    entry.enterprise_id = ENTERPRISE;
    entry.now_ms = 1000;
    if (!entry.outcome.reason)
        entry.outcome = SP_DONE;
    assert_done(db_begin(pool, ENTERPRISE, &memory, &tx));
    assert_done(audit_add(tx, &entry));
    assert_done(db_commit(tx));
}

START_TEST(both_roles_add_rows)
{
    add(app, (audit_entry){.operator_name = "ann", .action = "one", .operator_id = 5});
    add(sys, (audit_entry){.operator_name = "bob", .action = "two"});
    ck_assert_str_eq(fixture_sql("SELECT string_agg(operator || action || coalesce(operator_id, 0), ' ' ORDER BY id)"
                                 " FROM audit_row"),
                     "annone5 bobtwo0");
}
END_TEST

START_TEST(what_names_a_person_stands_in_the_payload_alone)
{
    add(app, (audit_entry){.object = "employee 1 Ann", .person_id = 7, .after = "{\"name\":\"Ann\"}"});
    add(app, (audit_entry){.object = "device Gate", .before = "{}"});
    ck_assert_str_eq(fixture_sql("SELECT string_agg(object, ', ' ORDER BY id) FROM audit_row"),
                     "person 7, device Gate");
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM audit_row WHERE audit_row::text LIKE '%%Ann%%'"), "0");
    ck_assert_str_eq(fixture_sql("SELECT object || after FROM audit_payload WHERE person_id = 7"),
                     "employee 1 Ann{\"name\":\"Ann\"}");
}
END_TEST

START_TEST(equal_payloads_have_different_hashes)
{
    add(app, (audit_entry){.object = "employee 1 Ann", .person_id = 7});
    add(app, (audit_entry){.object = "employee 1 Ann", .person_id = 7});
    ck_assert_str_eq(fixture_sql("SELECT count(DISTINCT payload_hash) FROM audit_row"), "2");
}
END_TEST

START_TEST(a_person_is_erased_and_nobody_else)
{
    add(app, (audit_entry){.object = "employee 1 Ann", .person_id = 7});
    add(app, (audit_entry){.object = "employee 1 Ann", .person_id = 7, .after = "{}"});
    add(app, (audit_entry){.object = "employee 2 Bob", .person_id = 8});
    add(app, (audit_entry){.object = "device Gate", .before = "{}"});
    assert_done(db_begin(app, ENTERPRISE, &memory, &tx));
    assert_done(audit_erase_person(tx, ENTERPRISE, 7));
    assert_done(db_commit(tx));
    ck_assert_str_eq(fixture_sql("SELECT string_agg(object, ' ' ORDER BY row_id) FROM audit_payload"),
                     "employee 2 Bob ");
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM audit_row"), "4");
}
END_TEST

static void assert_denied(const char *role, const char *statement)
{
    ck_assert_str_eq(
        fixture_sql("CREATE OR REPLACE FUNCTION pg_temp.attempt() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN"
                    " SET LOCAL smartpass.enterprise = '%d'; SET LOCAL ROLE smartpass_%s; EXECUTE $s$%s$s$;"
                    " RETURN 'was allowed'; EXCEPTION WHEN insufficient_privilege THEN RETURN 'denied'; END $f$;"
                    " SELECT pg_temp.attempt()",
                    ENTERPRISE, role, statement),
        "denied");
}

START_TEST(nobody_who_serves_changes_or_removes_a_row)
{
    static const char *const statements[] = {
        "UPDATE audit_row SET operator = 'nobody'",
        "UPDATE audit_row SET payload_hash = NULL",
        "DELETE FROM audit_row",
        "TRUNCATE audit_row",
        "UPDATE audit_payload SET after = ''",
        "DELETE FROM audit_head",
        "INSERT INTO audit_row VALUES (601, 1, now(), '', '', '', '', 0, '', '', NULL, NULL, NULL, 1, '')",
    };

    add(app, (audit_entry){.action = "x"});
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        assert_denied("app", statements[i]);
        assert_denied("system", statements[i]);
    }
}
END_TEST

START_TEST(the_application_seals_nothing_and_moves_no_head)
{
    assert_denied("app", "UPDATE audit_row SET seal = 1");
    assert_denied("app", "UPDATE audit_row SET mac = ''");
    assert_denied("app", "UPDATE audit_head SET seal = 0");
    assert_denied("app", "INSERT INTO audit_head VALUES (601, 0, '', now())");
    assert_denied("app", "SELECT * FROM audit_lease");
}
END_TEST

START_TEST(the_application_erases_of_its_own_people_alone)
{
    static const db_statement erase_all = {"t_erase_all", "DELETE FROM audit_payload", false, false};
    db_rows rows;

    add(app, (audit_entry){.object = "employee 1 Ann", .person_id = 7});
    add(app, (audit_entry){.object = "device Gate", .before = "{}"});
    assert_done(db_begin(app, OTHER, &memory, &tx));
    assert_done(db_query(tx, erase_all, DB_NO_ARGS, &rows));
    ck_assert_int_eq(rows.affected, 0);
    db_rollback(tx);
    assert_done(db_begin(app, ENTERPRISE, &memory, &tx));
    assert_done(db_query(tx, erase_all, DB_NO_ARGS, &rows));
    ck_assert_int_eq(rows.affected, 1);
    db_rollback(tx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("audit");
    TCase *tests = tcase_create("rows");

    tcase_add_checked_fixture(tests, up, down);
    tcase_add_test(tests, both_roles_add_rows);
    tcase_add_test(tests, what_names_a_person_stands_in_the_payload_alone);
    tcase_add_test(tests, equal_payloads_have_different_hashes);
    tcase_add_test(tests, a_person_is_erased_and_nobody_else);
    tcase_add_test(tests, nobody_who_serves_changes_or_removes_a_row);
    tcase_add_test(tests, the_application_seals_nothing_and_moves_no_head);
    tcase_add_test(tests, the_application_erases_of_its_own_people_alone);
    suite_add_tcase(suite, tests);
    suite_add_tcase(suite, sealer_tests());
    suite_add_tcase(suite, json_tests());
    return fixture_run(suite);
}
