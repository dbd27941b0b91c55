/* Grants: revisions, states, lists. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "device_store.h"
#include "device_trust.h"
#include "grant_store.h"
#include "pass_tests.h"
#include "text.h"
#include "world.h"

static db_pool *pool;
static arena memory;
static int64_t enterprise, gate, hall, ann, bob;
static int64_t now_ms;

static void up(void)
{
    pool = fixture_pool(DB_APP, 4);
    arena_init(&memory, 32 << 20);
    enterprise = world_enterprise("UTC");
    gate = world_device(enterprise, "Gate");
    hall = world_device(enterprise, "Hall");
    ann = world_person(enterprise, "0001", "Ann Archer");
    bob = world_person(enterprise, "0002", "Bob 100% Baker");
    now_ms = clock_now_ms();
}

static void down(void)
{
    db_pool_free(pool);
    arena_done(&memory);
}

static db_tx *begin(void)
{
    db_tx *tx;

    assert_done(db_begin(pool, enterprise, &memory, &tx));
    return tx;
}

static grant_outcome put_with(db_tx *tx, const int64_t *people, size_t n, const int64_t *devices, size_t m,
                              int32_t *count)
{
    const grant_order order = {enterprise, db_null(), people, n, devices, m, 0, 0, now_ms};
    grant_outcome outcome;

    assert_done(grant_store_put(tx, &order, &outcome, count));
    return outcome;
}

static void grant(int64_t person, int64_t device)
{
    db_tx *tx = begin();
    int32_t count;

    ck_assert_int_eq(put_with(tx, &person, 1, &device, 1, &count), GRANT_PUT);
    ck_assert_int_eq(count, 1);
    assert_done(db_commit(tx));
}

static int32_t revoke(int64_t person, int64_t device)
{
    db_tx *tx = begin();
    int32_t count;

    assert_done(
        grant_store_revoke(tx, &(grant_order){enterprise, db_null(), &person, 1, &device, 1, 0, 0, now_ms}, &count));
    assert_done(db_commit(tx));
    return count;
}

/* "person:revision:present" of a terminal's rows, by revision. */
static const char *feed(int64_t device)
{
    return fixture_sql("SELECT string_agg(concat_ws(':', n.number, p.revision, p.present), ' ' ORDER BY p.revision)"
                       " FROM device_person p JOIN person n ON n.id = p.person_id WHERE p.device_id = %lld",
                       (long long)device);
}

static const char *confirm(int64_t device, int failure)
{
    return fixture_sql("UPDATE device_person SET confirmed_revision = revision, failure = %d WHERE device_id = %lld",
                       failure, (long long)device);
}

static int64_t revision(int64_t device)
{
    return atoll(fixture_sql("SELECT revision FROM device_feed WHERE device_id = %lld", (long long)device));
}

START_TEST(everybody_gets_a_revision_at_every_terminal)
{
    int64_t people[] = {ann, bob}, devices[] = {gate, hall};
    db_tx *tx = begin();
    int32_t count;

    ck_assert_int_eq(put_with(tx, people, 2, devices, 2, &count), GRANT_PUT);
    assert_done(db_commit(tx));
    ck_assert_int_eq(count, 4);
    ck_assert_str_eq(feed(gate), "0001:1:t 0002:2:t");
    ck_assert_str_eq(feed(hall), "0001:1:t 0002:2:t");
    ck_assert_int_eq(revision(gate), 2);
}
END_TEST

START_TEST(a_new_grant_replaces_the_old_one_under_a_higher_revision)
{
    grant(ann, gate);
    grant(bob, gate);
    grant(ann, gate);
    ck_assert_str_eq(feed(gate), "0002:2:t 0001:3:t");
    ck_assert_int_eq(revision(gate), 3);
}
END_TEST

START_TEST(a_revoked_grant_stays_in_the_feed_until_it_is_granted_again)
{
    grant(ann, gate);
    ck_assert_int_eq(revoke(ann, gate), 1);
    ck_assert_str_eq(feed(gate), "0001:2:f");
    ck_assert_int_eq(revoke(ann, gate), 0);
    ck_assert_str_eq(feed(gate), "0001:2:f");
    grant(ann, gate);
    ck_assert_str_eq(feed(gate), "0001:3:t");
}
END_TEST

START_TEST(what_was_never_granted_cannot_be_revoked)
{
    ck_assert_int_eq(revoke(bob, gate), 0);
    ck_assert_int_eq(revoke(bob, 12345), 0);
    ck_assert_int_eq(revision(gate), 0);
}
END_TEST

START_TEST(unknown_people_and_terminals_stop_the_whole_order)
{
    int64_t people[] = {ann, 999}, devices[] = {gate, 999};
    db_tx *tx = begin();
    int32_t count = 0;

    ck_assert_int_eq(put_with(tx, people, 2, devices, 1, &count), GRANT_PERSON_UNKNOWN);
    ck_assert_int_eq(put_with(tx, people, 1, devices, 2, &count), GRANT_DEVICE_UNKNOWN);
    assert_done(db_commit(tx));
    ck_assert_str_eq(feed(gate), "");
}
END_TEST

START_TEST(people_and_terminals_of_another_enterprise_are_unknown)
{
    int64_t other = world_enterprise("UTC"), their_gate = world_device(other, "Gate"),
            their_ann = world_person(other, "0001", "Ann");
    db_tx *tx = begin();
    int32_t count;

    ck_assert_int_eq(put_with(tx, &their_ann, 1, &gate, 1, &count), GRANT_PERSON_UNKNOWN);
    ck_assert_int_eq(put_with(tx, &ann, 1, &their_gate, 1, &count), GRANT_DEVICE_UNKNOWN);
    db_rollback(tx);
}
END_TEST

START_TEST(a_deleted_terminal_loses_its_people_and_gets_none)
{
    const char *name;
    db_tx *tx;
    int32_t count;

    grant(ann, gate);
    tx = begin();
    assert_done(device_store_delete(tx, &(device_scope){enterprise, db_null(), now_ms}, gate, &name));
    assert_done(db_commit(tx));
    ck_assert_str_eq(feed(gate), "");
    tx = begin();
    ck_assert_int_eq(put_with(tx, &ann, 1, &gate, 1, &count), GRANT_DEVICE_UNKNOWN);
    db_rollback(tx);
}
END_TEST

/* ---- Two transactions at once ------------------------------------------------------------------------------------ */

static void *grant_bob(void *arg)
{
    (void)arg;
    grant(bob, gate);
    return NULL;
}

/* The second transaction waits for the first, so that no revision becomes visible before a lower one. */
START_TEST(revisions_become_visible_in_their_order)
{
    pthread_t second;
    db_tx *first = begin();
    int32_t count;

    ck_assert_int_eq(put_with(first, &ann, 1, &gate, 1, &count), GRANT_PUT);
    ck_assert_int_eq(pthread_create(&second, NULL, grant_bob, NULL), 0);
    for (int i = 0; i < 20; i++) {
        ck_assert_str_eq(feed(gate), "");
        ck_assert_int_eq(revision(gate), 0);
    }
    assert_done(db_commit(first));
    pthread_join(second, NULL);
    ck_assert_str_eq(feed(gate), "0001:1:t 0002:2:t");
    ck_assert_int_eq(revision(gate), 2);
}
END_TEST

static void *grant_at_gate(void *ret_outcome)
{
    arena own;
    db_tx *tx;
    const grant_order order = {enterprise, db_null(), &ann, 1, &gate, 1, 0, 0, now_ms};
    int32_t count;

    arena_init(&own, 1 << 20);
    assert_done(db_begin(pool, enterprise, &own, &tx));
    assert_done(grant_store_put(tx, &order, ret_outcome, &count));
    assert_done(db_commit(tx));
    arena_done(&own);
    return NULL;
}

START_TEST(a_grant_that_waited_for_a_deletion_finds_the_terminal_gone)
{
    pthread_t second;
    grant_outcome outcome = GRANT_PUT;
    const char *name;
    db_tx *tx = begin();

    assert_done(device_store_delete(tx, &(device_scope){enterprise, db_null(), now_ms}, gate, &name));
    ck_assert_int_eq(pthread_create(&second, NULL, grant_at_gate, &outcome), 0);
    for (int i = 0;
         i < 100 && atoi(fixture_sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) == 0; i++)
        continue;
    assert_done(db_commit(tx));
    pthread_join(second, NULL);
    ck_assert_int_eq(outcome, GRANT_DEVICE_UNKNOWN);
    ck_assert_str_eq(feed(gate), "");
}
END_TEST

START_TEST(a_changed_person_goes_again_to_every_terminal_that_has_him)
{
    db_tx *tx;

    grant(ann, gate);
    grant(ann, hall);
    grant(bob, hall);
    confirm(hall, 3);
    tx = begin();
    assert_done(pass_people_changed(tx, enterprise, &ann, 1, now_ms));
    assert_done(db_commit(tx));
    ck_assert_str_eq(feed(gate), "0001:2:t");
    ck_assert_str_eq(feed(hall), "0002:2:t 0001:3:t");
    ck_assert_str_eq(fixture_sql("SELECT failure FROM device_person WHERE device_id = %lld AND person_id = %lld",
                                 (long long)hall, (long long)ann),
                     "0");
    ck_assert_int_eq(revision(hall), 3);
}
END_TEST

START_TEST(people_who_changed_together_get_revisions_of_their_own)
{
    const int64_t both[] = {bob, ann};
    db_tx *tx;

    grant(ann, gate);
    grant(ann, hall);
    grant(bob, hall);
    tx = begin();
    assert_done(pass_people_changed(tx, enterprise, both, 2, now_ms));
    assert_done(db_commit(tx));
    ck_assert_str_eq(feed(gate), "0001:2:t");
    ck_assert_str_eq(feed(hall), "0001:3:t 0002:4:t");
    ck_assert_int_eq(revision(hall), 4);
}
END_TEST

START_TEST(a_person_whose_grants_all_end_is_taken_off_every_terminal_once)
{
    db_tx *tx;

    grant(ann, gate);
    grant(ann, hall);
    grant(bob, hall);
    for (int i = 0; i < 2; i++) {
        tx = begin();
        assert_done(pass_person_revoked(tx, enterprise, ann, now_ms));
        assert_done(db_commit(tx));
        ck_assert_str_eq(feed(gate), "0001:2:f");
        ck_assert_str_eq(feed(hall), "0002:2:t 0001:3:f");
    }
    ck_assert_int_eq(revision(hall), 3);
}
END_TEST

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

static size_t list(const grant_filter *wanted, Smartpass__V1__Grant ***ret, int32_t *ret_total)
{
    const page all = {.size = 100, .first = true, .text = ""};
    grant_filter filter = *wanted;
    db_tx *tx = begin();
    int64_t last_ms;
    size_t count;

    filter.enterprise_id = enterprise;
    filter.groups = db_null();
    filter.now_ms = clock_now_ms();
    if (!filter.query)
        filter.query = "";
    assert_done(grant_store_list(tx, &filter, &all, ret, &count, &last_ms));
    assert_done(grant_store_count(tx, &filter, ret_total));
    assert_done(db_commit(tx));
    ck_assert_int_eq(*ret_total, (int32_t)count);
    return count;
}

static int state_at(int64_t device)
{
    Smartpass__V1__Grant **grants;
    int32_t total;

    return list(&(grant_filter){.device_id = device}, &grants, &total) == 1 ? (int)grants[0]->state : -1;
}

START_TEST(a_grant_goes_through_its_states)
{
    grant(ann, gate);
    ck_assert_int_eq(state_at(gate), SMARTPASS__V1__GRANT_STATE__GRANT_STATE_PENDING);
    confirm(gate, 0);
    ck_assert_int_eq(state_at(gate), SMARTPASS__V1__GRANT_STATE__GRANT_STATE_ON_DEVICE);
    confirm(gate, SMARTPASS__V1__APPLY_FAILURE__APPLY_FAILURE_NO_PHOTO);
    ck_assert_int_eq(state_at(gate), SMARTPASS__V1__GRANT_STATE__GRANT_STATE_FAILED);
    confirm(gate, 0);
    fixture_sql("UPDATE device_person SET valid_until = now() - interval '1 second' WHERE device_id = %lld",
                (long long)gate);
    ck_assert_int_eq(state_at(gate), SMARTPASS__V1__GRANT_STATE__GRANT_STATE_EXPIRED);
    revoke(ann, gate);
    ck_assert_int_eq(state_at(gate), SMARTPASS__V1__GRANT_STATE__GRANT_STATE_REVOKING);
    confirm(gate, 0);
    ck_assert_int_eq(state_at(gate), -1);
}
END_TEST

START_TEST(grants_are_found_by_person_terminal_state_and_text)
{
    Smartpass__V1__Grant **grants;
    int32_t total;

    grant(ann, gate);
    grant(ann, hall);
    grant(bob, hall);
    confirm(hall, 0);
    ck_assert_uint_eq(list(&(grant_filter){0}, &grants, &total), 3);
    ck_assert_uint_eq(list(&(grant_filter){.person_id = ann}, &grants, &total), 2);
    ck_assert_uint_eq(list(&(grant_filter){.device_id = hall}, &grants, &total), 2);
    ck_assert_uint_eq(
        list(&(grant_filter){.state = SMARTPASS__V1__GRANT_STATE__GRANT_STATE_ON_DEVICE}, &grants, &total), 2);
    ck_assert_uint_eq(list(&(grant_filter){.query = "ARCH"}, &grants, &total), 2);
    ck_assert_uint_eq(list(&(grant_filter){.query = "0002"}, &grants, &total), 1);
    ck_assert_str_eq(grants[0]->person_name, "Bob 100% Baker");
    ck_assert_str_eq(grants[0]->device_name, "Hall");
    ck_assert_uint_eq(list(&(grant_filter){.query = "0%"}, &grants, &total), 1);
    ck_assert_uint_eq(list(&(grant_filter){.query = "_nn"}, &grants, &total), 0);
}
END_TEST

START_TEST(the_grants_of_one_terminal_can_be_read_by_their_people)
{
    Smartpass__V1__Grant **grants;
    int64_t people[] = {ann, bob, 999};
    size_t count;
    db_tx *tx;

    grant(ann, gate);
    grant(bob, hall);
    tx = begin();
    assert_done(grant_read(tx, enterprise, gate, people, 3, now_ms, &grants, &count));
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(grants[0]->person_id, ann);
    db_rollback(tx);
}
END_TEST

START_TEST(pages_of_grants_repeat_and_miss_nothing)
{
    enum { PEOPLE = 23 };
    page p = {.size = 5, .first = true, .text = ""};
    grant_filter filter = {.enterprise_id = enterprise, .groups = db_null(), .query = "", .now_ms = now_ms};
    int64_t people[PEOPLE], devices[] = {gate, hall};
    Smartpass__V1__Grant **grants;
    uint64_t sum = 0, wanted = 0; /* of ids, wherever they wrap */
    int64_t last_ms, seen = 0;
    int32_t put;
    size_t count;
    char number[8], text[24];
    db_tx *tx;

    for (int i = 0; i < PEOPLE; i++) {
        snprintf(number, sizeof number, "1%03d", i);
        people[i] = world_person(enterprise, number, "Somebody");
        wanted += 2 * (uint64_t)people[i] + (uint64_t)gate + (uint64_t)hall;
    }
    tx = begin();
    ck_assert_int_eq(put_with(tx, people, PEOPLE, devices, 2, &put), GRANT_PUT); /* all at the same moment */
    do {
        assert_done(grant_store_list(tx, &filter, &p, &grants, &count, &last_ms));
        size_t shown = count > 5 ? 5 : count;
        for (size_t i = 0; i < shown; i++, seen++)
            sum += (uint64_t)grants[i]->person_id + (uint64_t)grants[i]->device_id;
        snprintf(text, sizeof text, "%lld", (long long)grants[shown - 1]->device_id);
        p = (page){.size = 5, .text = text, .number = last_ms, .id = grants[shown - 1]->person_id};
    } while (count > 5);
    db_rollback(tx);
    ck_assert_int_eq(seen, 2 * PEOPLE);
    ck_assert_uint_eq(sum, wanted);
}
END_TEST

TCase *grant_tests(void)
{
    TCase *tests = tcase_create("grants");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, everybody_gets_a_revision_at_every_terminal);
    tcase_add_test(tests, a_new_grant_replaces_the_old_one_under_a_higher_revision);
    tcase_add_test(tests, a_revoked_grant_stays_in_the_feed_until_it_is_granted_again);
    tcase_add_test(tests, what_was_never_granted_cannot_be_revoked);
    tcase_add_test(tests, unknown_people_and_terminals_stop_the_whole_order);
    tcase_add_test(tests, people_and_terminals_of_another_enterprise_are_unknown);
    tcase_add_test(tests, a_deleted_terminal_loses_its_people_and_gets_none);
    tcase_add_test(tests, revisions_become_visible_in_their_order);
    tcase_add_test(tests, a_grant_that_waited_for_a_deletion_finds_the_terminal_gone);
    tcase_add_test(tests, a_changed_person_goes_again_to_every_terminal_that_has_him);
    tcase_add_test(tests, people_who_changed_together_get_revisions_of_their_own);
    tcase_add_test(tests, a_person_whose_grants_all_end_is_taken_off_every_terminal_once);
    tcase_add_test(tests, a_grant_goes_through_its_states);
    tcase_add_test(tests, grants_are_found_by_person_terminal_state_and_text);
    tcase_add_test(tests, the_grants_of_one_terminal_can_be_read_by_their_people);
    tcase_add_test(tests, pages_of_grants_repeat_and_miss_nothing);
    return tests;
}
