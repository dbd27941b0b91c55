/* From what the other domains note to what a watcher sees: read from the database, as it is committed. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "console_tests.h"
#include "desk.h"
#include "submitted.h"

static int64_t enterprise, device;
static desk_user user;
static desk_watch *watch;
static ingest *in;
static submitted batches;

static void note_stored(void *arg, const ingest_stored *records, size_t count)
{
    (void)arg;
    for (size_t i = 0; i < count; i++)
        console_note_pass(desk_console, records[i].source->enterprise_id, records[i].id);
}

static void up(void)
{
    desk_up();
    enterprise = world_enterprise("UTC");
    device = world_device(enterprise, "Gate");
    desk_sign_in(&user, enterprise);
    watch = desk_watch_from(&user, enterprise, "");
    in = ingest_new(&(ingest_options){.system = desk_system, .stored = note_stored});
    submitted_init(&batches);
}

static void down(void)
{
    desk_leave(watch);
    ingest_free(in);
    desk_down();
}

static void store(PassRecord **records, size_t count)
{
    const ingest_source source = {enterprise, device, 1};

    submitted_put(&batches, in, &source, records, count);
}

START_TEST(a_pass_is_seen_as_it_was_stored)
{
    PassRecord record = world_record(1), *list[] = {&record};

    record.person_id = 71;
    record.person_name = "Ann Archer";
    record.kind = SMARTPASS__V1__PERSON_KIND__PERSON_KIND_EMPLOYEE;
    record.temperature_centi = 3780;
    store(list, 1);
    const Event *event = desk_next(watch);
    ck_assert_int_eq(event->event_case, SMARTPASS__V1__EVENT__EVENT_PASS);
    ck_assert_str_eq(event->pass->person_name, "Ann Archer");
    ck_assert_str_eq(event->pass->device_name, "Gate");
    ck_assert_int_eq(event->pass->temperature_centi, 3780);
    ck_assert_int_eq(event->pass->threshold_centi, 3730);
    ck_assert_int_eq(event->pass->state, SMARTPASS__V1__PASS_STATE__PASS_STATE_ABNORMAL_TEMPERATURE);
    ck_assert_int_eq(event->pass->id,
                     atoll(fixture_sql("SELECT id FROM pass_record WHERE device_id = %lld", (long long)device)));
}
END_TEST

/* Many of them share a transaction of the reader; none is lost and none comes twice. */
START_TEST(a_crowd_of_passes_is_seen_one_by_one)
{
    enum { PASSES = 3000 };
    int64_t last = 0;

    for (uint64_t i = 0; i < PASSES; i += 100)
        store(world_records(1 + i, 100), 100);
    for (int i = 0; i < PASSES; i++) {
        const Event *event = desk_next(watch);
        ck_assert_int_eq(event->event_case, SMARTPASS__V1__EVENT__EVENT_PASS);
        ck_assert_int_gt(event->pass->id, last);
        last = event->pass->id;
    }
    submitted_wait(&batches);
}
END_TEST

START_TEST(more_notes_than_the_reader_can_take_end_in_a_resync)
{
    for (int i = 0; i < 5000; i++)
        console_note_device(desk_console, enterprise, device);
    for (;;) {
        const Event *event = desk_next(watch);
        ck_assert_ptr_nonnull(event);
        if (event->event_case == SMARTPASS__V1__EVENT__EVENT_RESYNC)
            break;
        ck_assert_int_eq(event->event_case, SMARTPASS__V1__EVENT__EVENT_DEVICE);
    }
    int waiting = 1;
    while (waiting > 0) { /* the reader comes to rest again */
        pthread_mutex_lock(&desk_console->lock);
        waiting = desk_console->waiting;
        pthread_mutex_unlock(&desk_console->lock);
    }
}
END_TEST

START_TEST(a_terminal_that_comes_online_is_seen)
{
    fixture_sql(
        "UPDATE device_status SET connected = true, last_seen_at = now(), unsent_records = 3 WHERE device_id = %lld",
        (long long)device);
    console_note_device(desk_console, enterprise, device);
    const Event *event = desk_next(watch);
    ck_assert_int_eq(event->event_case, SMARTPASS__V1__EVENT__EVENT_DEVICE);
    ck_assert_int_eq(event->device->state, SMARTPASS__V1__DEVICE_STATE__DEVICE_STATE_ONLINE);
    ck_assert_int_eq(event->device->unsent_records, 3);
}
END_TEST

START_TEST(the_progress_of_grants_is_seen)
{
    int64_t people[] = {world_person(enterprise, "0001", "Ann"), world_person(enterprise, "0002", "Bob")};

    fixture_sql("INSERT INTO device_person SELECT %lld, %lld, id, row_number() OVER (ORDER BY id), true, NULL, NULL, "
                "1, 0, now(),"
                " now() FROM person WHERE enterprise_id = %lld",
                (long long)enterprise, (long long)device, (long long)enterprise);
    console_note_grants(desk_console, enterprise, device, people, 2);
    int on_device = 0, pending = 0;
    for (int i = 0; i < 2; i++) {
        const Event *event = desk_next(watch);
        ck_assert_int_eq(event->event_case, SMARTPASS__V1__EVENT__EVENT_GRANT);
        on_device += event->grant->state == SMARTPASS__V1__GRANT_STATE__GRANT_STATE_ON_DEVICE;
        pending += event->grant->state == SMARTPASS__V1__GRANT_STATE__GRANT_STATE_PENDING;
    }
    ck_assert_int_eq(on_device, 1);
    ck_assert_int_eq(pending, 1);
}
END_TEST

START_TEST(an_arriving_picture_is_seen)
{
    PassRecord record = world_record(1), *list[] = {&record};

    store(list, 1);
    int64_t pass_id = desk_next(watch)->pass->id;
    console_note_snapshot(desk_console, enterprise, pass_id);
    const Event *event = desk_next(watch);
    ck_assert_int_eq(event->event_case, SMARTPASS__V1__EVENT__EVENT_SNAPSHOT);
    ck_assert_int_eq(event->snapshot->pass_id, pass_id);
}
END_TEST

static void add_operation(int64_t enterprise_id, int64_t id, int64_t operator_user_id)
{
    fixture_sql("INSERT INTO operation (enterprise_id, id, kind, object, state, stage, progress, total, failures,"
                " request, checkpoint, result_type, result, error_code, error_reason, error_message, operator_user_id,"
                " operator, group_id, created_at, attempts, cancel_requested) VALUES (%lld, %lld, 'dig', 'a hole', 1,"
                " '', 3, 0, 0, '', '', '', '', 0, '', '', %lld, 'ann', 1, now(), 0, false)",
                (long long)enterprise_id, (long long)id, (long long)operator_user_id);
    console_note_operation(desk_console, enterprise_id, id);
}

START_TEST(an_administrator_sees_the_operations_of_all)
{
    add_operation(enterprise, 1, 99);
    const Event *event = desk_next(watch);
    ck_assert_int_eq(event->event_case, SMARTPASS__V1__EVENT__EVENT_OPERATION);
    ck_assert_int_eq(event->operation->id, 1);
    ck_assert_int_eq(event->operation->progress, 3);
}
END_TEST

START_TEST(everybody_else_sees_the_operations_of_his_own_alone)
{
    int64_t other = world_enterprise("UTC");
    desk_user plain;

    desk_sign_in(&plain, other);
    fixture_sql("INSERT INTO role VALUES (%lld, 1, 'guard', '{console.view}', now());"
                "UPDATE app_user SET super_admin = false, group_administrator = false, role_id = 1"
                " WHERE enterprise_id = %lld",
                (long long)other, (long long)other);
    desk_watch *plain_watch = desk_watch_from(&plain, other, "");
    add_operation(other, 1, 99);
    add_operation(other, 2, other); /* the user has the enterprise's number */
    const Event *event = desk_next(plain_watch);
    ck_assert_int_eq(event->event_case, SMARTPASS__V1__EVENT__EVENT_OPERATION);
    ck_assert_int_eq(event->operation->id, 2);
    desk_leave(plain_watch);
}
END_TEST

START_TEST(what_belongs_to_others_cannot_be_seen_by_noting_it)
{
    int64_t other = world_enterprise("UTC"), their_gate = world_device(other, "Their gate");

    console_note_device(desk_console, enterprise, their_gate);
    console_note_pass(desk_console, enterprise, 12345);
    console_note_snapshot(desk_console, enterprise, 12345);
    console_note_device(desk_console, enterprise, device);
    ck_assert_int_eq(desk_next(watch)->device->id, device);
}
END_TEST

TCase *note_tests(void)
{
    TCase *tests = tcase_create("notes");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_pass_is_seen_as_it_was_stored);
    tcase_add_test(tests, a_crowd_of_passes_is_seen_one_by_one);
    tcase_add_test(tests, more_notes_than_the_reader_can_take_end_in_a_resync);
    tcase_add_test(tests, a_terminal_that_comes_online_is_seen);
    tcase_add_test(tests, the_progress_of_grants_is_seen);
    tcase_add_test(tests, an_arriving_picture_is_seen);
    tcase_add_test(tests, an_administrator_sees_the_operations_of_all);
    tcase_add_test(tests, everybody_else_sees_the_operations_of_his_own_alone);
    tcase_add_test(tests, what_belongs_to_others_cannot_be_seen_by_noting_it);
    return tests;
}
