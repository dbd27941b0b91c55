/* The groups that a caller sees, and places that stay while something is put into them. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "fixture.h"
#include "org.h"
#include "smartpass/v1/org.pb-c.h"

/* 1 is the root; 10 and 20 lie below it, 11 and 12 below 10, 13 below 12; 14 is a grave below 10, 21 one below 20. */
enum { HERE = 601, ELSEWHERE = 602 };

static const caller BOSS = {.enterprise_id = HERE, .group_id = 1}, HEAD = {.enterprise_id = HERE, .group_id = 10};

static db_pool *pool;
static arena memory;
static db_tx *tx;

static void up(void)
{
    fixture_sql(
        "INSERT INTO enterprise (id, name, time_zone, created_at) VALUES (601, 'Here', 'UTC', now()),"
        " (602, 'Elsewhere', 'UTC', now()) ON CONFLICT DO NOTHING;"
        "UPDATE enterprise SET tree_version = 1; DELETE FROM section; DELETE FROM org_group WHERE enterprise_id IN "
        "(601, 602);"
        "INSERT INTO org_group (enterprise_id, id, parent_id, name, deleted_at) VALUES (601, 1, NULL, 'r', NULL),"
        " (601, 10, 1, 'a', NULL), (601, 20, 1, 'b', NULL), (601, 11, 10, 'c', NULL), (601, 12, 10, 'd', NULL),"
        " (601, 13, 12, 'e', NULL), (601, 14, 10, 'f', now()), (601, 21, 20, 'g', now()),"
        " (602, 1, NULL, 'r', NULL), (602, 30, 1, 'h', NULL)");
    pool = fixture_pool(DB_APP, 2);
    arena_init(&memory, 1 << 20);
    assert_done(db_begin(pool, HERE, &memory, &tx));
}

static void down(void)
{
    if (tx)
        db_rollback(tx);
    arena_done(&memory);
    db_pool_free(pool);
}

/* "10 11 12", "all", or the reason. */
static const char *scope_of(const caller *who, int64_t group_id)
{
    const int64_t *ids;
    size_t count;
    char *text = arena_text(&memory, "");
    sp_status status = org_scope_ids(tx, who, group_id, &ids, &count);

    if (sp_failed(status))
        return status.reason;
    if (!ids)
        return "all";
    for (size_t i = 0; i < count; i++)
        text = arena_printf(&memory, "%s%s%lld", text, i ? " " : "", (long long)ids[i]);
    return text;
}

static const char *scope(int64_t enterprise_id, int64_t top_id, int64_t group_id)
{
    return scope_of(&(caller){.enterprise_id = enterprise_id, .group_id = top_id}, group_id);
}

static const struct {
    int64_t top_id, group_id;
    const char *scope;
} SCOPES[] = {
    {1, 0, "all"},
    {1, 1, "all"},
    {1, 10, "10 11 12 13 14"},
    {1, 13, "13"},
    {10, 0, "10 11 12 13 14"},
    {10, 12, "12 13"},
    {10, 10, "10 11 12 13 14"},
    {20, 0, "20 21"},
    {13, 0, "13"},
    {10, 1, "GROUP_NOT_FOUND"},  /* above */
    {10, 20, "GROUP_NOT_FOUND"}, /* beside */
    {10, 21, "GROUP_NOT_FOUND"}, /* a grave beside */
    {10, 14, "GROUP_NOT_FOUND"}, /* a grave is no group to ask for */
    {14, 0, "GROUP_NOT_FOUND"},
    {10, 99, "GROUP_NOT_FOUND"},
    {99, 0, "GROUP_NOT_FOUND"}, /* nobody sees everything by standing nowhere */
    {0, 0, "GROUP_NOT_FOUND"},
    {1, 30, "GROUP_NOT_FOUND"}, /* of another enterprise */
};

START_TEST(a_scope_is_the_subtree_with_its_graves)
{
    ck_assert_str_eq(scope(HERE, SCOPES[_i].top_id, SCOPES[_i].group_id), SCOPES[_i].scope);
}
END_TEST

START_TEST(row_level_security_hides_the_tree_of_another_enterprise)
{
    ck_assert_str_eq(scope(ELSEWHERE, 1, 0), "GROUP_NOT_FOUND");
}
END_TEST

START_TEST(a_circle_made_by_hand_ends)
{
    fixture_sql("UPDATE org_group SET parent_id = 13 WHERE enterprise_id = 601 AND id = 10");
    ck_assert_str_eq(scope(HERE, 10, 0), "10 11 12 13 14");
    ck_assert_str_eq(scope(HERE, 1, 13), "GROUP_NOT_FOUND");
}
END_TEST

START_TEST(whoever_sees_all_gets_null_and_others_an_array)
{
    db_arg ids;

    assert_done(org_scope(tx, &BOSS, 0, &ids));
    ck_assert(ids.is_null);
    assert_done(org_scope(tx, &HEAD, 0, &ids));
    ck_assert(!ids.is_null);
}
END_TEST

/* ---- What the process remembers ---------------------------------------------------------------------------------- */

static const char *scope_by(int64_t tree_version)
{
    return scope_of(&(caller){.enterprise_id = HERE, .group_id = 10, .tree_version = tree_version}, 0);
}

static void change_unseen(void)
{
    fixture_sql("INSERT INTO org_group (enterprise_id, id, parent_id, name) VALUES (601, 15, 10, 'i')");
}

static void raise_version(int version)
{
    fixture_sql("UPDATE enterprise SET tree_version = %d WHERE id = 601", version);
}

START_TEST(a_remembered_tree_answers_callers_of_its_version)
{
    ck_assert(org_remember_trees());
    ck_assert_str_eq(scope_by(1), "10 11 12 13 14");
    change_unseen(); /* without another version, as nobody does it: so that it shows who reads anew */
    ck_assert_str_eq(scope_by(1), "10 11 12 13 14");
    ck_assert_str_eq(scope_by(0), "10 11 12 13 14 15");
    ck_assert_str_eq(scope_by(1), "10 11 12 13 14");
    raise_version(2);
    ck_assert_str_eq(scope_by(2), "10 11 12 13 14 15");
    ck_assert_str_eq(scope_by(1), "10 11 12 13 14 15"); /* forgotten, and what is there is newer */
    org_forget_trees();
}
END_TEST

START_TEST(without_memory_of_trees_each_scope_is_read)
{
    ck_assert_str_eq(scope_by(1), "10 11 12 13 14");
    change_unseen();
    ck_assert_str_eq(scope_by(1), "10 11 12 13 14 15");
}
END_TEST

START_TEST(a_transaction_sees_its_own_change_and_nobody_remembers_it)
{
    static const char OWN[] = "INSERT INTO org_group (enterprise_id, id, parent_id, name) VALUES (601, 16, 10, 'own')";
    static const db_statement ADD = {.name = "test_add", .text = OWN};
    static const db_statement RAISE = {.name = "test_raise",
                                       .text = "UPDATE enterprise SET tree_version = tree_version + 1 WHERE id = 601"};

    ck_assert(org_remember_trees());
    ck_assert_str_eq(scope_by(1), "10 11 12 13 14");
    assert_done(db_query(tx, RAISE, DB_NO_ARGS, NULL));
    assert_done(db_query(tx, ADD, DB_NO_ARGS, NULL));
    ck_assert_str_eq(scope_by(0), "10 11 12 13 14 16");
    ck_assert_str_eq(scope_by(99), "10 11 12 13 14 16"); /* whatever he came with, this is not what he came with */
    db_rollback(tx);
    change_unseen();
    raise_version(2);
    assert_done(db_begin(pool, HERE, &memory, &tx));
    ck_assert_str_eq(scope_by(2), "10 11 12 13 14 15");
    org_forget_trees();
}
END_TEST

static void *delete_group(void *arg)
{
    (void)arg;
    fixture_sql("UPDATE org_group SET deleted_at = now() WHERE enterprise_id = 601 AND id = 13");
    return NULL;
}

static int waiting(void)
{
    return atoi(fixture_sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"));
}

START_TEST(a_held_group_is_not_deleted_before_the_transaction_ends)
{
    pthread_t other;

    assert_done(org_hold_group(tx, &HEAD, 13));
    ck_assert_int_eq(pthread_create(&other, NULL, delete_group, NULL), 0);
    while (waiting() == 0)
        continue;
    ck_assert_str_eq(fixture_sql("SELECT deleted_at FROM org_group WHERE enterprise_id = 601 AND id = 13"), "");
    assert_done(db_commit(tx));
    pthread_join(other, NULL);
    assert_done(db_begin(pool, HERE, &memory, &tx));
    assert_reason(org_hold_group(tx, &HEAD, 13), GROUP_NOT_FOUND);
}
END_TEST

START_TEST(a_group_outside_cannot_be_held)
{
    assert_reason(org_hold_group(tx, &HEAD, 20), GROUP_NOT_FOUND);
    assert_reason(org_hold_group(tx, &HEAD, 14), GROUP_NOT_FOUND);
    assert_done(org_hold_group(tx, &HEAD, 0)); /* the own one */
}
END_TEST

START_TEST(a_section_is_held_for_its_group_and_module_alone)
{
    enum { STAFF = SMARTPASS__V1__MODULE__MODULE_EMPLOYEES, DOORS = SMARTPASS__V1__MODULE__MODULE_DEVICES };

    fixture_sql("INSERT INTO section VALUES (601, 70, 10, 2, 'Team')");
    assert_done(org_hold_section(tx, HERE, 10, STAFF, 70));
    assert_done(org_hold_section(tx, HERE, 11, STAFF, 0));
    assert_reason(org_hold_section(tx, HERE, 10, DOORS, 70), SECTION_NOT_FOUND);
    assert_reason(org_hold_section(tx, HERE, 11, STAFF, 70), SECTION_NOT_FOUND);
    assert_reason(org_hold_section(tx, HERE, 10, STAFF, 71), SECTION_NOT_FOUND);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("org");
    TCase *tests = tcase_create("scope");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, a_scope_is_the_subtree_with_its_graves, 0, sizeof SCOPES / sizeof *SCOPES);
    tcase_add_test(tests, row_level_security_hides_the_tree_of_another_enterprise);
    tcase_add_test(tests, a_circle_made_by_hand_ends);
    tcase_add_test(tests, whoever_sees_all_gets_null_and_others_an_array);
    tcase_add_test(tests, a_remembered_tree_answers_callers_of_its_version);
    tcase_add_test(tests, without_memory_of_trees_each_scope_is_read);
    tcase_add_test(tests, a_transaction_sees_its_own_change_and_nobody_remembers_it);
    tcase_add_test(tests, a_held_group_is_not_deleted_before_the_transaction_ends);
    tcase_add_test(tests, a_group_outside_cannot_be_held);
    tcase_add_test(tests, a_section_is_held_for_its_group_and_module_alone);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
