/* Writing people in transactions of one's own, and what happens to them without anybody asking. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "house.h"
#include "id.h"
#include "people_tests.h"
#include "person_write.h"

static db_pool *pool;
static arena memory;

static void up(void)
{
    house_up();
    pool = fixture_pool(DB_APP, 4);
    arena_init(&memory, 4 << 20);
}

static void down(void)
{
    arena_done(&memory);
    db_pool_free(pool);
    house_down();
}

static db_tx *begin(arena *a)
{
    db_tx *tx;

    assert_done(db_begin(pool, HOUSE_ENTERPRISE, a, &tx));
    return tx;
}

static person_writer somebody(void)
{
    person_writer writer = {.scope = {HOUSE_ENTERPRISE, db_null()}, .group_id = HOUSE_ROOT, .now_ms = clock_now_ms()};

    for (int kind = 0; kind < PERSON_KINDS; kind++)
        writer.may_view[kind] = writer.may_edit[kind] = true;
    return writer;
}

static person draft(person_kind kind, const char *number, const char *identity)
{
    person p = {.kind = kind, .id = id_next()};

    for (int i = 0; i < PERSON_TEXTS; i++)
        p.texts[i] = (char *)"";
    p.texts[PERSON_NUMBER] = p.texts[PERSON_NAME] = (char *)number;
    p.texts[PERSON_IDENTITY_NUMBER] = (char *)identity;
    return p;
}

static person_outcome add(db_tx *tx, person *p)
{
    const person_writer writer = somebody();
    person_outcome outcome;

    assert_done(person_add(house_people, tx, &writer, p, false, &outcome));
    ck_assert_uint_eq(outcome.refusal_count, 0);
    return outcome;
}

static int64_t hire(const char *number, const char *identity)
{
    person p = draft(PERSON_EMPLOYEE, number, identity);
    db_tx *tx = begin(&memory);

    add(tx, &p);
    assert_done(db_commit(tx));
    return p.id;
}

/* ---- The blacklist ----------------------------------------------------------------------------------------------- */

START_TEST(an_entry_reports_whom_it_names)
{
    int64_t ann = hire("1", "X1");
    person entry = draft(PERSON_BLACKLIST_ENTRY, "1", "X1");
    person_writer writer = somebody();
    person_outcome outcome;
    db_tx *tx;

    hire("2", "X2");
    tx = begin(&memory);
    outcome = add(tx, &entry);
    ck_assert_uint_eq(outcome.changed_count, 1);
    ck_assert_int_eq(outcome.changed[0], ann);
    /* With the same identity as before it names nobody anew; with another, those of both. */
    assert_done(person_change(house_people, tx, &writer, &entry, false, &outcome));
    ck_assert_uint_eq(outcome.changed_count, 0);
    entry.texts[PERSON_IDENTITY_NUMBER] = (char *)"X2";
    assert_done(person_change(house_people, tx, &writer, &entry, false, &outcome));
    ck_assert_uint_eq(outcome.changed_count, 3);
    db_rollback(tx);
}
END_TEST

typedef struct {
    person p;
    sp_status status;
} rival;

static void *write_rival(void *arg)
{
    const person_writer writer = somebody();
    rival *r = arg;
    person_outcome outcome;
    arena own;
    db_tx *tx;

    arena_init(&own, 1 << 20);
    tx = begin(&own);
    r->status = db_end(tx, person_add(house_people, tx, &writer, &r->p, false, &outcome));
    arena_done(&own);
    return NULL;
}

static bool somebody_waits(void)
{
    for (int i = 0; i < 200; i++)
        if (strcmp(fixture_sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"), "0") != 0)
            return true;
    return false;
}

/* Else he would be sent to a terminal while the entry cannot be seen yet, and nobody would send him again. */
START_TEST(whoever_gets_an_identity_waits_for_the_blacklist_that_is_being_changed)
{
    person entry = draft(PERSON_BLACKLIST_ENTRY, "1", "X1");
    rival ann = {.p = draft(PERSON_EMPLOYEE, "1", "X1")};
    pthread_t thread;
    db_tx *tx = begin(&memory);

    add(tx, &entry);
    ck_assert_int_eq(pthread_create(&thread, NULL, write_rival, &ann), 0);
    ck_assert(somebody_waits());
    assert_done(db_commit(tx));
    pthread_join(thread, NULL);
    assert_done(ann.status);
}
END_TEST

START_TEST(a_change_of_the_blacklist_waits_for_whoever_gets_an_identity)
{
    person ann = draft(PERSON_EMPLOYEE, "1", "X1");
    rival entry = {.p = draft(PERSON_BLACKLIST_ENTRY, "1", "X1")};
    pthread_t thread;
    db_tx *tx = begin(&memory);

    add(tx, &ann);
    ck_assert_int_eq(pthread_create(&thread, NULL, write_rival, &entry), 0);
    ck_assert(somebody_waits());
    assert_done(db_commit(tx));
    pthread_join(thread, NULL);
    assert_done(entry.status);
}
END_TEST

START_TEST(people_do_not_wait_for_each_other)
{
    person ann = draft(PERSON_EMPLOYEE, "1", "X1");
    rival bob = {.p = draft(PERSON_VISITOR, "1", "X1")};
    pthread_t thread;
    db_tx *tx = begin(&memory);

    add(tx, &ann);
    ck_assert_int_eq(pthread_create(&thread, NULL, write_rival, &bob), 0);
    pthread_join(thread, NULL); /* while the other transaction is open */
    assert_done(bob.status);
    assert_done(db_commit(tx));
}
END_TEST

/* ---- The end of an employment ------------------------------------------------------------------------------------ */

static void put_on_terminal(int64_t person_id)
{
    fixture_sql("INSERT INTO device VALUES (501, 71, 5010, 'SN71', 'Gate', '', '', now())"
                " ON CONFLICT DO NOTHING;"
                "INSERT INTO device_person VALUES (501, 71, %lld, %lld, true, NULL, NULL, 0, 0, now(), now())",
                (long long)person_id, (long long)person_id);
}

/* His last day lies so many days ago where the enterprise is. */
static void leave(int64_t person_id, int days_ago)
{
    fixture_sql("UPDATE person p SET employed_until = (now() AT TIME ZONE e.time_zone)::date - %d FROM enterprise e"
                " WHERE e.id = p.enterprise_id AND p.enterprise_id = 501 AND p.id = %lld",
                days_ago, (long long)person_id);
}

static const char *const ZONES[] = {"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Shanghai"};

START_TEST(grants_end_after_the_last_day_wherever_that_is)
{
    int64_t gone = hire("1", ""), leaving = hire("2", ""), staying = hire("3", "");

    fixture_sql("UPDATE enterprise SET time_zone = '%s' WHERE id = 501", ZONES[_i]);
    put_on_terminal(gone);
    put_on_terminal(leaving);
    put_on_terminal(staying);
    leave(gone, 1);
    leave(leaving, 0);
    assert_done(people_sweep(house_people));
    ck_assert_int_eq(house_revoked, 1);
    ck_assert_int_eq(house_revoked_person, gone);
    fixture_sql("UPDATE enterprise SET time_zone = 'UTC' WHERE id = 501; DELETE FROM device_person");
}
END_TEST

START_TEST(whoever_left_and_is_nowhere_is_left_alone)
{
    leave(hire("1", ""), 10);
    assert_done(people_sweep(house_people));
    ck_assert_int_eq(house_revoked, 0);
}
END_TEST

START_TEST(whoever_is_being_changed_is_left_for_the_next_time)
{
    int64_t ann = hire("1", "");
    db_tx *tx;

    put_on_terminal(ann);
    leave(ann, 1);
    tx = begin(&memory);
    assert_done(person_store_lock(tx, HOUSE_ENTERPRISE, &ann, 1));
    assert_done(people_sweep(house_people));
    ck_assert_int_eq(house_revoked, 0);
    assert_done(db_commit(tx));
    assert_done(people_sweep(house_people));
    ck_assert_int_eq(house_revoked, 1);
    fixture_sql("DELETE FROM device_person");
}
END_TEST

START_TEST(more_than_one_batch_of_them_is_found)
{
    fixture_sql(
        "INSERT INTO person (enterprise_id, id, kind, group_id, number, name, phone, card_number, notes, created_at,"
        " updated_at, employed_until) SELECT 501, 900000 + i, 1, 5010, i::text, 'n', '', '', '', now(), now(),"
        " '2020-01-01' FROM generate_series(1, 250) i");
    put_on_terminal(900001);
    fixture_sql("INSERT INTO device_person SELECT 501, 71, 900000 + i, i, true, NULL, NULL, 0, 0, now(), now()"
                " FROM generate_series(2, 250) i");
    assert_done(people_sweep(house_people));
    ck_assert_int_eq(house_revoked, 250);
    fixture_sql("DELETE FROM device_person");
}
END_TEST

TCase *writing_tests(void)
{
    TCase *tests = tcase_create("writing");

    tcase_add_checked_fixture(tests, up, down);
    tcase_add_test(tests, an_entry_reports_whom_it_names);
    tcase_add_test(tests, whoever_gets_an_identity_waits_for_the_blacklist_that_is_being_changed);
    tcase_add_test(tests, a_change_of_the_blacklist_waits_for_whoever_gets_an_identity);
    tcase_add_test(tests, people_do_not_wait_for_each_other);
    tcase_add_loop_test(tests, grants_end_after_the_last_day_wherever_that_is, 0, sizeof ZONES / sizeof *ZONES);
    tcase_add_test(tests, whoever_left_and_is_nowhere_is_left_alone);
    tcase_add_test(tests, whoever_is_being_changed_is_left_for_the_next_time);
    tcase_add_test(tests, more_than_one_batch_of_them_is_found);
    return tests;
}
