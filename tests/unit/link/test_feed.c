/* The people feed: what should be on the terminal gets there, and what became of it comes back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "blobs.h"
#include "clock.h"
#include "grant_store.h"
#include "hall.h"
#include "hash.h"
#include "link_tests.h"

static int64_t enterprise, device;
static station gate;

static void up(void)
{
    hall_up();
    enterprise = world_enterprise("UTC");
    device = world_device(enterprise, "Gate");
    station_open(&gate, enterprise, device);
}

static void down(void)
{
    station_close(&gate);
    hall_down();
}

static void reconnect(const hello *values)
{
    station_close(&gate);
    station_open(&gate, enterprise, device);
    station_hello(&gate, values);
}

static void grant(const int64_t *people, size_t count, int64_t until_ms)
{
    const grant_order order = {enterprise, db_null(), people, count, &device, 1, 0, until_ms, clock_now_ms()};
    grant_outcome outcome;
    int32_t put;
    arena a;
    db_tx *tx;

    arena_init(&a, 4 << 20);
    assert_done(db_begin(hall_app, enterprise, &a, &tx));
    assert_done(grant_store_put(tx, &order, &outcome, &put));
    ck_assert_int_eq(outcome, GRANT_PUT);
    assert_done(db_commit(tx));
    arena_done(&a);
}

static void take_back(int64_t person)
{
    const grant_order pair = {enterprise, db_null(), &person, 1, &device, 1, 0, 0, clock_now_ms()};
    int32_t count;
    arena a;
    db_tx *tx;

    arena_init(&a, 4 << 20);
    assert_done(db_begin(hall_app, enterprise, &a, &tx));
    assert_done(grant_store_revoke(tx, &pair, &count));
    ck_assert_int_eq(count, 1);
    assert_done(db_commit(tx));
    arena_done(&a);
}

static void make_people(int64_t *ret_people, size_t count)
{
    char number[16], name[32];

    for (size_t i = 0; i < count; i++) {
        snprintf(number, sizeof number, "%04zu", i);
        snprintf(name, sizeof name, "Person %zu", i);
        ret_people[i] = world_person(enterprise, number, name);
    }
}

static const char *row_of(int64_t person)
{
    return fixture_sql("SELECT concat_ws('|', present, revision, confirmed_revision, failure) FROM device_person"
                       " WHERE device_id = %lld AND person_id = %lld",
                       (long long)device, (long long)person);
}

START_TEST(an_empty_feed_is_complete_at_once)
{
    station_hello(&gate, &(hello){.epoch = 1});
    const PeopleChanges *changes = station_people(&gate);
    ck_assert_uint_eq(changes->n_changes, 0);
    ck_assert(changes->complete);
}
END_TEST

START_TEST(a_person_arrives_with_name_and_times)
{
    int64_t ann, until_ms = clock_now_ms() + 3600000;

    make_people(&ann, 1);
    grant(&ann, 1, until_ms);
    station_hello(&gate, &(hello){.epoch = 1});
    const PeopleChanges *changes = station_people(&gate);
    ck_assert_uint_eq(changes->n_changes, 1);
    ck_assert(changes->complete);
    const PersonChange *change = changes->changes[0];
    ck_assert_int_eq(change->revision, 1);
    ck_assert_int_eq(change->person_id, ann);
    ck_assert_str_eq(change->name, "Person 0");
    ck_assert_str_eq(change->number, "0000");
    ck_assert_int_eq(change->kind, SMARTPASS__V1__PERSON_KIND__PERSON_KIND_EMPLOYEE);
    ck_assert_int_eq(change->valid_from_ms, 0);
    ck_assert_int_eq(change->valid_until_ms, until_ms);
    ck_assert(!change->remove);
    ck_assert_str_eq(change->engine, "");
}
END_TEST

START_TEST(applied_and_failed_come_back_with_their_reason)
{
    int64_t ann;

    make_people(&ann, 1);
    grant(&ann, 1, 0);
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert(
        station_send_outcomes(&gate, station_people(&gate), SMARTPASS__V1__APPLY_FAILURE__APPLY_FAILURE_NO_PHOTO));
    ck_assert(hall_was_told("grants %lld: 1 from %lld;", (long long)device, (long long)ann));
    ck_assert_str_eq(row_of(ann), "t|1|1|1");
    grant(&ann, 1, 0);
    ck_assert(
        station_send_outcomes(&gate, station_people(&gate), SMARTPASS__V1__APPLY_FAILURE__APPLY_FAILURE_UNSPECIFIED));
    for (int i = 0; i < 100 && strcmp(row_of(ann), "t|2|2|0") != 0; i++)
        usleep(20000);
    ck_assert_str_eq(row_of(ann), "t|2|2|0");
}
END_TEST

START_TEST(the_next_changes_follow_only_when_the_last_were_answered)
{
    enum { PEOPLE = 40 };
    static const size_t sizes[] = {16, 16, 8};
    int64_t people[PEOPLE], last = 0;

    make_people(people, PEOPLE);
    grant(people, PEOPLE, 0);
    station_hello(&gate, &(hello){.epoch = 1});
    for (int i = 0; i < 3; i++) {
        const PeopleChanges *changes = station_people(&gate);
        ck_assert_uint_eq(changes->n_changes, sizes[i]);
        ck_assert_int_eq(changes->complete, i == 2);
        for (size_t k = 0; k < changes->n_changes; k++, last++)
            ck_assert_int_eq(changes->changes[k]->revision, last + 1);
        link_poke(hall_link, device);
        usleep(100000); /* for a look that must find nothing to send */
        ck_assert(station_send_heartbeat(&gate, 0));
        station_read(&gate, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_HEARTBEAT_ACK);
        ck_assert_uint_eq(gate.kept_count, 0);
        ck_assert(station_send_outcomes(&gate, changes, 0));
    }
}
END_TEST

START_TEST(sixteen_changes_are_followed_by_an_empty_message_that_says_complete)
{
    int64_t people[16];

    make_people(people, 16);
    grant(people, 16, 0);
    station_hello(&gate, &(hello){.epoch = 1});
    const PeopleChanges *changes = station_people(&gate);
    ck_assert(!changes->complete);
    ck_assert(station_send_outcomes(&gate, changes, 0));
    changes = station_people(&gate);
    ck_assert_uint_eq(changes->n_changes, 0);
    ck_assert(changes->complete);
}
END_TEST

START_TEST(a_grant_reaches_a_connected_terminal_within_a_moment)
{
    int64_t ann;

    make_people(&ann, 1);
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert(station_people(&gate)->complete);
    int64_t before_ms = clock_monotonic_ms();
    grant(&ann, 1, 0);
    ck_assert_int_eq(station_people(&gate)->changes[0]->person_id, ann);
    ck_assert_int_lt(clock_monotonic_ms() - before_ms, 5000); /* the slow look comes later */
}
END_TEST

START_TEST(a_revoked_person_is_taken_off)
{
    int64_t ann;

    make_people(&ann, 1);
    grant(&ann, 1, 0);
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert(station_send_outcomes(&gate, station_people(&gate), 0));
    take_back(ann);
    const PersonChange *change = station_people(&gate)->changes[0];
    ck_assert(change->remove);
    ck_assert_int_eq(change->person_id, ann);
    ck_assert_int_eq(change->revision, 2);
    ck_assert_str_eq(change->name, "");
}
END_TEST

START_TEST(after_a_reconnect_the_feed_goes_on_where_the_terminal_is)
{
    int64_t people[3];

    make_people(people, 3);
    grant(people, 3, 0);
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert(station_send_outcomes(&gate, station_people(&gate), 0));
    ck_assert(hall_was_told("grants %lld: 3", (long long)device));
    grant(people, 1, 0);
    reconnect(&(hello){.epoch = 1, .people_revision = 3});
    const PeopleChanges *changes = station_people(&gate);
    ck_assert_uint_eq(changes->n_changes, 1);
    ck_assert_int_eq(changes->changes[0]->revision, 4);
}
END_TEST

/* The terminal applied them and says so with its revision, but the outcomes never arrived. */
START_TEST(changes_whose_outcome_never_arrived_come_again)
{
    int64_t people[3];

    make_people(people, 3);
    grant(people, 3, 0);
    station_hello(&gate, &(hello){.epoch = 1});
    ck_assert_uint_eq(station_people(&gate)->n_changes, 3);
    reconnect(&(hello){.epoch = 1, .people_revision = 3});
    const PeopleChanges *changes = station_people(&gate);
    ck_assert_uint_eq(changes->n_changes, 3);
    ck_assert_int_eq(changes->changes[0]->revision, 1);
    ck_assert(station_send_outcomes(&gate, changes, 0));
    ck_assert(hall_was_told("grants %lld: 3", (long long)device));
    ck_assert_str_eq(row_of(people[2]), "t|3|3|0");
}
END_TEST

START_TEST(a_terminal_that_claims_a_revision_never_given_starts_from_the_beginning)
{
    int64_t people[2];

    make_people(people, 2);
    grant(people, 2, 0);
    station_hello(&gate, &(hello){.epoch = 1, .people_revision = 900});
    const PeopleChanges *changes = station_people(&gate);
    ck_assert_uint_eq(changes->n_changes, 2);
    ck_assert_int_eq(changes->changes[0]->revision, 1);
}
END_TEST

START_TEST(an_outcome_of_an_old_revision_changes_nothing)
{
    int64_t ann;

    make_people(&ann, 1);
    grant(&ann, 1, 0);
    station_hello(&gate, &(hello){.epoch = 1});
    const PeopleChanges *old = station_people(&gate);
    grant(&ann, 1, 0);
    ck_assert(station_send_outcomes(&gate, old, 0));
    const PeopleChanges *changes = station_people(&gate);
    ck_assert_int_eq(changes->changes[0]->revision, 2);
    ck_assert_str_eq(row_of(ann), "t|2|0|0");
}
END_TEST

/* ---- Templates and photos ---------------------------------------------------------------------------------------- */

enum { PHOTO = 40000, TEMPLATE = 512 };

static uint8_t photo[PHOTO], face[TEMPLATE];

static void give_photo(int64_t person, const char *engine)
{
    blob_item items[2] = {{"person:1", BLOB_PHOTO, photo, PHOTO, 0}, {"person:1", BLOB_PHOTO, face, TEMPLATE, 0}};
    arena a;
    db_tx *tx;

    for (size_t i = 0; i < PHOTO; i++)
        photo[i] = (uint8_t)(i * 31 >> 3);
    for (size_t i = 0; i < TEMPLATE; i++)
        face[i] = (uint8_t)(255 - i);
    arena_init(&a, 4 << 20);
    assert_done(db_begin(hall_system, 0, &a, &tx));
    assert_done(blob_put(hall_blobs, tx, enterprise, items, 2));
    assert_done(db_commit(tx));
    arena_done(&a);
    fixture_sql("INSERT INTO photo VALUES (%lld, 88, %lld, %lld, %lld, %lld, '%s', 10, 10, 1, now(), NULL)",
                (long long)enterprise, (long long)person, (long long)items[0].id, (long long)items[0].id,
                (long long)items[1].id, engine);
    fixture_sql("UPDATE person SET photo_id = 88 WHERE id = %lld", (long long)person);
}

START_TEST(a_terminal_of_the_same_engine_gets_the_template)
{
    int64_t ann;

    make_people(&ann, 1);
    give_photo(ann, "engine-1");
    grant(&ann, 1, 0);
    station_hello(&gate, &(hello){.epoch = 1});
    const PersonChange *change = station_people(&gate)->changes[0];
    ck_assert_str_eq(change->engine, "engine-1");
    ck_assert_uint_eq(change->face_template.len, TEMPLATE);
    ck_assert_mem_eq(change->face_template.data, face, TEMPLATE);
}
END_TEST

START_TEST(a_terminal_of_another_engine_pulls_the_photo)
{
    uint8_t sha[SHA256_SIZE], got[PHOTO];
    uint32_t offset = 0;
    int64_t ann;

    make_people(&ann, 1);
    give_photo(ann, "engine-1");
    grant(&ann, 1, 0);
    assert_done(sha256_of(photo, PHOTO, sha));
    station_hello(&gate, &(hello){.epoch = 1, .engine = "engine-2"});
    const PersonChange *change = station_people(&gate)->changes[0];
    ck_assert_uint_eq(change->face_template.len, 0);
    ck_assert_uint_eq(change->photo_size, PHOTO);
    ck_assert_uint_eq(change->photo_sha256.len, SHA256_SIZE);
    ck_assert_mem_eq(change->photo_sha256.data, sha, SHA256_SIZE);
    do {
        ck_assert(station_ask_photo(&gate, ann, change->photo_sha256, offset));
        const PhotoChunk *part = station_read(&gate, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_PHOTO)->photo;
        ck_assert_uint_eq(part->total, PHOTO);
        ck_assert_uint_eq(part->offset, offset);
        ck_assert_uint_gt(part->data.len, 0);
        memcpy(got + offset, part->data.data, part->data.len);
        offset += (uint32_t)part->data.len;
    } while (offset < PHOTO);
    ck_assert_mem_eq(got, photo, PHOTO);
}
END_TEST

START_TEST(a_photo_that_has_changed_or_is_not_for_here_has_no_bytes)
{
    uint8_t sha[SHA256_SIZE] = {1};
    int64_t people[2];

    make_people(people, 2);
    give_photo(people[0], "engine-1");
    grant(people, 1, 0);
    station_hello(&gate, &(hello){.epoch = 1, .engine = "engine-2"});
    const PersonChange *change = station_people(&gate)->changes[0];
    ck_assert(station_ask_photo(&gate, people[0], (ProtobufCBinaryData){SHA256_SIZE, sha}, 0));
    ck_assert_uint_eq(station_read(&gate, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_PHOTO)->photo->total, 0);
    ck_assert(station_ask_photo(&gate, people[1], change->photo_sha256, 0));
    ck_assert_uint_eq(station_read(&gate, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_PHOTO)->photo->total, 0);
    ck_assert(station_ask_photo(&gate, people[0], change->photo_sha256, PHOTO + 5));
    ck_assert_uint_eq(station_read(&gate, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_PHOTO)->photo->data.len, 0);
}
END_TEST

TCase *feed_tests(void)
{
    TCase *tests = tcase_create("people feed");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, an_empty_feed_is_complete_at_once);
    tcase_add_test(tests, a_person_arrives_with_name_and_times);
    tcase_add_test(tests, applied_and_failed_come_back_with_their_reason);
    tcase_add_test(tests, the_next_changes_follow_only_when_the_last_were_answered);
    tcase_add_test(tests, sixteen_changes_are_followed_by_an_empty_message_that_says_complete);
    tcase_add_test(tests, a_grant_reaches_a_connected_terminal_within_a_moment);
    tcase_add_test(tests, a_revoked_person_is_taken_off);
    tcase_add_test(tests, after_a_reconnect_the_feed_goes_on_where_the_terminal_is);
    tcase_add_test(tests, changes_whose_outcome_never_arrived_come_again);
    tcase_add_test(tests, a_terminal_that_claims_a_revision_never_given_starts_from_the_beginning);
    tcase_add_test(tests, an_outcome_of_an_old_revision_changes_nothing);
    tcase_add_test(tests, a_terminal_of_the_same_engine_gets_the_template);
    tcase_add_test(tests, a_terminal_of_another_engine_pulls_the_photo);
    tcase_add_test(tests, a_photo_that_has_changed_or_is_not_for_here_has_no_bytes);
    return tests;
}
