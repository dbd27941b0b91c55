/* The bus: who hears what, how a slow or returning watcher fares. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console_tests.h"
#include "desk.h"

enum { RING = 4096 };

static int64_t enterprise;
static desk_user user;
static desk_watch *watch;

static void up(void)
{
    desk_up();
    enterprise = world_enterprise("UTC");
    desk_sign_in(&user, enterprise);
    watch = desk_watch_from(&user, enterprise, "");
}

static void down(void)
{
    if (watch)
        desk_leave(watch);
    desk_down();
}

static const Event *expect(int64_t number)
{
    const Event *event = desk_next(watch);

    ck_assert_ptr_nonnull(event);
    ck_assert_int_eq(event->event_case, SMARTPASS__V1__EVENT__EVENT_DEVICE);
    ck_assert_int_eq(event->device->id, number);
    return event;
}

static void expect_resync(void)
{
    const Event *event = desk_next(watch);

    ck_assert_ptr_nonnull(event);
    ck_assert_int_eq(event->event_case, SMARTPASS__V1__EVENT__EVENT_RESYNC);
}

static void come_back(const char *last_event_id)
{
    watch = desk_watch_from(&user, enterprise, last_event_id);
}

START_TEST(events_come_in_their_order_with_ids_of_their_own)
{
    char last[64] = "";

    for (int64_t i = 1; i <= 300; i++)
        desk_publish(enterprise, i, 0);
    for (int64_t i = 1; i <= 300; i++) {
        const Event *event = expect(i);
        ck_assert_str_ne(event->id, last);
        snprintf(last, sizeof last, "%s", event->id);
    }
}
END_TEST

START_TEST(nobody_hears_of_another_enterprise)
{
    int64_t other = world_enterprise("UTC");

    desk_publish(other, 1, 0);
    desk_publish(enterprise, 2, 0);
    desk_publish(other, 3, 0);
    desk_publish(enterprise, 4, 0);
    expect(2);
    expect(4);
}
END_TEST

START_TEST(a_crowd_of_events_of_another_enterprise_makes_nobody_fall_behind)
{
    int64_t other = world_enterprise("UTC");

    desk_publish(enterprise, 1, 0);
    for (int i = 0; i < 2 * RING; i++)
        desk_publish(other, 1000 + i, 0);
    desk_publish(enterprise, 2, 0);
    expect(1);
    expect(2);
}
END_TEST

START_TEST(a_watcher_that_reads_slowly_is_told_to_load_everything_anew)
{
    int64_t seen = 0;
    const Event *event;

    for (int64_t i = 1; i <= 2 * RING; i++)
        desk_publish(enterprise, i, 1000);
    while ((event = desk_next(watch))->event_case == SMARTPASS__V1__EVENT__EVENT_DEVICE)
        ck_assert_int_eq(event->device->id, ++seen);
    ck_assert_int_lt(seen, RING);
    ck_assert_int_eq(event->event_case, SMARTPASS__V1__EVENT__EVENT_RESYNC);
    desk_publish(enterprise, 9999, 0);
    while (seen != 9999) { /* what came after the resync follows in its order, unless too much came again */
        event = desk_next(watch);
        if (event->event_case == SMARTPASS__V1__EVENT__EVENT_RESYNC)
            continue;
        ck_assert_int_gt(event->device->id, seen);
        seen = event->device->id;
    }
}
END_TEST

START_TEST(a_watcher_that_comes_back_hears_what_it_missed_while_another_watched)
{
    desk_watch *other = desk_watch_from(&user, enterprise, "");
    char last[64];

    desk_publish(enterprise, 1, 0);
    snprintf(last, sizeof last, "%s", expect(1)->id);
    desk_leave(watch);
    desk_publish(enterprise, 2, 0);
    desk_publish(enterprise, 3, 0);
    come_back(last);
    expect(2);
    expect(3);
    desk_publish(enterprise, 4, 0);
    expect(4);
    desk_leave(other);
}
END_TEST

START_TEST(a_watcher_that_missed_nothing_is_not_told_to_load_anew)
{
    char last[64];

    desk_publish(enterprise, 1, 0);
    snprintf(last, sizeof last, "%s", expect(1)->id);
    desk_leave(watch);
    come_back(last);
    desk_publish(enterprise, 2, 0);
    expect(2);
}
END_TEST

/* Nobody watched, so nobody read the event from the database. */
START_TEST(a_watcher_that_missed_what_nobody_saw_loads_everything_anew)
{
    char last[64];

    desk_publish(enterprise, 1, 0);
    snprintf(last, sizeof last, "%s", expect(1)->id);
    desk_leave(watch);
    console_note_pass(desk_console, enterprise, 4711);
    come_back(last);
    expect_resync();
    desk_publish(enterprise, 2, 0);
    expect(2);
}
END_TEST

START_TEST(a_watcher_that_was_away_too_long_loads_everything_anew)
{
    desk_watch *other = desk_watch_from(&user, enterprise, "");
    char last[64];

    desk_publish(enterprise, 1, 0);
    snprintf(last, sizeof last, "%s", expect(1)->id);
    desk_leave(watch);
    for (int i = 0; i < RING + 1; i++)
        desk_publish(enterprise, 2, 0);
    come_back(last);
    expect_resync();
    desk_leave(other);
}
END_TEST

START_TEST(ids_that_are_not_ours_lead_to_a_resync)
{
    static const char *const ids[] = {"x", "0-0", "deadbeef-5", "-1", "99999999999999999999-1"};
    char future[64];

    desk_publish(enterprise, 1, 0);
    snprintf(future, sizeof future, "%.*s-999", (int)strcspn(expect(1)->id, "-"), "ffffffffffffffffffffffffffffffff");
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        desk_leave(watch);
        come_back(ids[i]);
        expect_resync();
    }
    desk_leave(watch);
    come_back(future);
    expect_resync();
}
END_TEST

START_TEST(a_heartbeat_says_that_the_stream_is_open_and_where_it_is)
{
    const Event *event;
    char last[64];

    desk_publish(enterprise, 1, 0);
    expect(1);
    do
        event = desk_next_of_all(watch);
    while (event->event_case != SMARTPASS__V1__EVENT__EVENT_HEARTBEAT);
    snprintf(last, sizeof last, "%s", event->id);
    ck_assert_str_ne(last, "");
    desk_leave(watch);
    come_back(last);
    desk_publish(enterprise, 2, 0);
    expect(2);
}
END_TEST

START_TEST(lost_events_make_every_watcher_load_anew)
{
    desk_publish(enterprise, 1, 0);
    event_bus_lost(desk_console->bus, enterprise);
    desk_publish(enterprise, 2, 0);
    expect(1);
    expect_resync();
    expect(2);
}
END_TEST

START_TEST(whoever_signs_out_hears_nothing_more)
{
    desk_sign_out(&user);
    ck_assert_str_eq(desk_end(watch), "SESSION_EXPIRED");
    watch = NULL;
}
END_TEST

START_TEST(an_open_stream_counts_as_activity_of_the_session)
{
    fixture_sql("UPDATE session SET last_seen_at = now() - interval '20 minutes' WHERE token_sha256 = '\\x%s'",
                user.token_hash);
    for (int i = 0; i < 100; i++) {
        usleep(50000);
        if (strcmp(fixture_sql(
                       "SELECT last_seen_at > now() - interval '5 minutes' FROM session WHERE token_sha256 = '\\x%s'",
                       user.token_hash),
                   "t") == 0)
            return;
    }
    ck_abort_msg("the session grows old while its stream is open");
}
END_TEST

START_TEST(without_a_session_nobody_watches)
{
    WatchEventsRequest request = WATCH_EVENTS_REQUEST_INIT;
    desk_watch *stranger = console_watch_events_client_open(desk_client, NULL, &request);

    ck_assert_str_eq(desk_end(stranger), "SESSION_MISSING");
}
END_TEST

TCase *event_tests(void)
{
    TCase *tests = tcase_create("events");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, events_come_in_their_order_with_ids_of_their_own);
    tcase_add_test(tests, nobody_hears_of_another_enterprise);
    tcase_add_test(tests, a_crowd_of_events_of_another_enterprise_makes_nobody_fall_behind);
    tcase_add_test(tests, a_watcher_that_reads_slowly_is_told_to_load_everything_anew);
    tcase_add_test(tests, a_watcher_that_comes_back_hears_what_it_missed_while_another_watched);
    tcase_add_test(tests, a_watcher_that_missed_nothing_is_not_told_to_load_anew);
    tcase_add_test(tests, a_watcher_that_missed_what_nobody_saw_loads_everything_anew);
    tcase_add_test(tests, a_watcher_that_was_away_too_long_loads_everything_anew);
    tcase_add_test(tests, ids_that_are_not_ours_lead_to_a_resync);
    tcase_add_test(tests, a_heartbeat_says_that_the_stream_is_open_and_where_it_is);
    tcase_add_test(tests, lost_events_make_every_watcher_load_anew);
    tcase_add_test(tests, whoever_signs_out_hears_nothing_more);
    tcase_add_test(tests, an_open_stream_counts_as_activity_of_the_session);
    tcase_add_test(tests, without_a_session_nobody_watches);
    return tests;
}
