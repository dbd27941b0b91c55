/* The watch over the terminals, with hands on its clock: what it raises, when that ends, and who may look. */
#include <stdlib.h>
#include <string.h>

#include "alarm_watch.h"
#include "clock.h"
#include "fixture.h"
#include "monitor.h"
#include "world.h"

enum { DAY_MS = 86400000 };

static db_pool *pool;
static alarm_watch *watch;
static int64_t enterprise, gate;

static void up(void)
{
    pool = fixture_pool(DB_SYSTEM, 2);
    clock_shift_ms(0);
    fixture_sql("DELETE FROM watch_lease; UPDATE enterprise SET deleting_at = now()"); /* those of other tests */
    enterprise = world_enterprise("UTC");
    gate = world_device(enterprise, "Gate");
    fixture_sql("UPDATE device SET approved_at = now() - interval '2 days' WHERE id = %lld", (long long)gate);
    fixture_sql("UPDATE device_status SET last_seen_at = now() WHERE device_id = %lld", (long long)gate);
    watch = alarm_watch_new(pool, -1);
    ck_assert_ptr_nonnull(watch);
}

static void down(void)
{
    alarm_watch_free(watch);
    db_pool_free(pool);
    clock_shift_ms(0);
}

/* As if there had been a watch for so long. */
static void look_since(const char *since)
{
    assert_done(alarm_watch_look(watch));
    fixture_sql("UPDATE watch_lease SET since = %s", since);
    assert_done(alarm_watch_look(watch));
}

static void look(void)
{
    look_since("now() - interval '10 days'");
}

static void set(const char *values)
{
    fixture_sql("UPDATE device_status SET %s WHERE device_id = %lld", values, (long long)gate);
}

/* "KIND detail" of each alarm, those that have ended in brackets. */
static const char *alarms(void)
{
    return fixture_sql("SELECT coalesce(string_agg(CASE WHEN ended_at IS NULL THEN t ELSE '(' || t || ')' END, ', '"
                       " ORDER BY t, id), '') FROM (SELECT *, kind || ' ' || detail AS t FROM alarm) a"
                       " WHERE enterprise_id = %lld",
                       (long long)enterprise);
}

START_TEST(silence_alarms_when_it_has_lasted_as_long_as_the_policy_says_and_ends_with_a_sign_of_life)
{
    fixture_sql("UPDATE device_status SET last_seen_at = '2026-03-01 10:00:00+00' WHERE device_id = %lld",
                (long long)gate);
    look_since("now() - interval '299 seconds'");
    ck_assert_str_eq(alarms(), "");
    look_since("now() - interval '301 seconds'");
    ck_assert_str_eq(alarms(), "DEVICE_OFFLINE last seen 2026-03-01 10:00:00 UTC");
    look();
    ck_assert_str_eq(alarms(), "DEVICE_OFFLINE last seen 2026-03-01 10:00:00 UTC");
    set("last_seen_at = now()");
    look();
    ck_assert_str_eq(alarms(), "(DEVICE_OFFLINE last seen 2026-03-01 10:00:00 UTC)");
}
END_TEST

START_TEST(time_passes_by_the_servers_clock)
{
    look();
    ck_assert_str_eq(alarms(), "");
    clock_shift_ms(299 * 1000);
    look();
    ck_assert_str_eq(alarms(), "");
    clock_shift_ms(302 * 1000);
    look();
    ck_assert_str_eq(fixture_sql("SELECT kind FROM alarm WHERE enterprise_id = %lld AND raised_at > now() + interval"
                                 " '300 seconds'",
                                 (long long)enterprise),
                     "DEVICE_OFFLINE");
}
END_TEST

START_TEST(one_that_never_came_alarms_some_time_after_it_was_accepted)
{
    set("last_seen_at = NULL");
    fixture_sql("UPDATE device SET approved_at = now() - interval '299 seconds' WHERE id = %lld", (long long)gate);
    look();
    ck_assert_str_eq(alarms(), "");
    fixture_sql("UPDATE device SET approved_at = now() - interval '301 seconds' WHERE id = %lld", (long long)gate);
    look();
    ck_assert_str_eq(alarms(), "DEVICE_OFFLINE never seen");
}
END_TEST

START_TEST(a_clock_may_be_wrong_by_as_much_as_the_policy_says)
{
    set("clock_skew_ms = -60000");
    look();
    ck_assert_str_eq(alarms(), "");
    set("clock_skew_ms = -60001");
    look();
    ck_assert_str_eq(alarms(), "CLOCK_SKEW -60.0 s");
    set("clock_skew_ms = 12");
    look();
    ck_assert_str_eq(alarms(), "(CLOCK_SKEW -60.0 s)");
    set("clock_skew_ms = 3723400");
    look();
    ck_assert_str_eq(alarms(), "CLOCK_SKEW +3723.4 s, (CLOCK_SKEW -60.0 s)");
    fixture_sql("UPDATE enterprise SET clock_alarm_seconds = 3600 WHERE id = %lld", (long long)enterprise);
    set("clock_skew_ms = 3600000");
    look();
    ck_assert_str_eq(alarms(), "(CLOCK_SKEW +3723.4 s), (CLOCK_SKEW -60.0 s)");
}
END_TEST

START_TEST(a_backlog_ends_at_half_of_what_begins_it)
{
    set("unsent_records = 1000");
    look();
    ck_assert_str_eq(alarms(), "");
    set("unsent_records = 1001");
    look();
    set("unsent_records = 501");
    look();
    ck_assert_str_eq(alarms(), "BACKLOG 1001 records");
    set("unsent_records = 500");
    look();
    ck_assert_str_eq(alarms(), "(BACKLOG 1001 records)");
}
END_TEST

static void certificate(const char *serial, const char *until)
{
    fixture_sql("INSERT INTO device_certificate VALUES ('%s%lld', %lld, %lld, now(), %s)", serial, (long long)gate,
                (long long)enterprise, (long long)gate, until);
}

START_TEST(a_certificate_that_ends_soon_alarms_until_there_is_another)
{
    certificate("a", "now() + interval '15 days'");
    look();
    ck_assert_str_eq(alarms(), "");
    certificate("b", "'2026-02-03 04:05:00+00'"); /* an older one does not matter */
    fixture_sql("UPDATE device_certificate SET revoked_at = now() WHERE serial LIKE 'a%%'");
    alarm_watch_free(watch); /* certificates are looked at once a minute, and at first */
    watch = alarm_watch_new(pool, -1);
    look();
    ck_assert_str_eq(alarms(), "CERTIFICATE_EXPIRY until 2026-02-03 04:05 UTC");
    certificate("c", "now() + interval '90 days'");
    look();
    ck_assert_str_eq(alarms(), "(CERTIFICATE_EXPIRY until 2026-02-03 04:05 UTC)");
}
END_TEST

START_TEST(who_waits_was_deleted_or_belongs_to_an_enterprise_that_goes_raises_nothing)
{
    set("unsent_records = 5000");
    fixture_sql("UPDATE device SET approved_at = NULL WHERE id = %lld", (long long)gate);
    look();
    ck_assert_str_eq(alarms(), "");
    fixture_sql("UPDATE device SET approved_at = now() WHERE id = %lld", (long long)gate);
    look();
    ck_assert_str_eq(alarms(), "BACKLOG 5000 records");
    fixture_sql("UPDATE device SET deleted_at = now() WHERE id = %lld", (long long)gate);
    look();
    ck_assert_str_eq(alarms(), "(BACKLOG 5000 records)");
    fixture_sql("UPDATE device SET deleted_at = NULL WHERE id = %lld", (long long)gate);
    fixture_sql("UPDATE enterprise SET deleting_at = now() WHERE id = %lld", (long long)enterprise);
    look();
    ck_assert_str_eq(alarms(), "(BACKLOG 5000 records)");
}
END_TEST

START_TEST(of_two_watches_one_looks_and_the_other_takes_over)
{
    alarm_watch *other = alarm_watch_new(pool, -1);

    look();
    set("unsent_records = 5000");
    assert_done(alarm_watch_look(other));
    ck_assert_str_eq(alarms(), "");
    fixture_sql("UPDATE watch_lease SET expires_at = now() - interval '1 second'");
    assert_done(alarm_watch_look(other));
    ck_assert_str_eq(alarms(), "BACKLOG 5000 records");
    set("unsent_records = 0");
    look(); /* it has lost the lease */
    ck_assert_str_eq(alarms(), "BACKLOG 5000 records");
    alarm_watch_free(other); /* gives it back */
    look();
    ck_assert_str_eq(alarms(), "(BACKLOG 5000 records)");
}
END_TEST

START_TEST(silence_does_not_count_while_there_was_no_watch_for_a_minute)
{
    look();
    set("last_seen_at = now() - interval '1 hour'");
    fixture_sql("UPDATE watch_lease SET expires_at = now() - interval '61 seconds'");
    assert_done(alarm_watch_look(watch));
    ck_assert_str_eq(alarms(), "");
    clock_shift_ms(299 * 1000);
    assert_done(alarm_watch_look(watch));
    ck_assert_str_eq(alarms(), "");
    clock_shift_ms(302 * 1000);
    assert_done(alarm_watch_look(watch));
    ck_assert_str_ne(alarms(), "");
}
END_TEST

START_TEST(a_short_pause_between_two_servers_changes_nothing)
{
    look();
    set("last_seen_at = now() - interval '1 hour'");
    fixture_sql("UPDATE watch_lease SET expires_at = now() - interval '50 seconds'");
    assert_done(alarm_watch_look(watch));
    ck_assert_str_ne(alarms(), "");
}
END_TEST

START_TEST(a_thousand_terminals_that_fall_silent_together_all_alarm)
{
    fixture_sql(
        "INSERT INTO device (enterprise_id, id, group_id, serial_number, name, mac, model, created_at, approved_at)"
        " SELECT %lld, g, %lld, 'S' || g, '', '', '', now(), now() - interval '2 days'"
        " FROM generate_series(1, 1500) g",
        (long long)enterprise, (long long)enterprise);
    fixture_sql("INSERT INTO device_status (enterprise_id, device_id, connected, last_seen_at, store_epoch, address,"
                " software_version, engine, people_count, photo_count, unsent_records)"
                " SELECT %lld, g, false, now() - interval '1 day', 1, '', '', '', 0, 0, 0"
                " FROM generate_series(1, 1500) g",
                (long long)enterprise);
    look();
    look();
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM alarm WHERE enterprise_id = %lld", (long long)enterprise),
                     "1500");
}
END_TEST

START_TEST(lines_of_terminals_go_after_their_time)
{
    fixture_sql(
        "INSERT INTO device_log SELECT %lld, %lld, g, 1, g, now(), now() - g * interval '1 day', 1, 'STARTED', ''"
        " FROM generate_series(85, 95) g",
        (long long)enterprise, (long long)gate);
    assert_done(monitor_sweep_logs(pool, clock_now_ms() - 90 * (int64_t)DAY_MS));
    ck_assert_str_eq(fixture_sql("SELECT max(id) FROM device_log WHERE enterprise_id = %lld", (long long)enterprise),
                     "89");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("monitor");
    TCase *tests = tcase_create("watch");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, silence_alarms_when_it_has_lasted_as_long_as_the_policy_says_and_ends_with_a_sign_of_life);
    tcase_add_test(tests, time_passes_by_the_servers_clock);
    tcase_add_test(tests, one_that_never_came_alarms_some_time_after_it_was_accepted);
    tcase_add_test(tests, a_clock_may_be_wrong_by_as_much_as_the_policy_says);
    tcase_add_test(tests, a_backlog_ends_at_half_of_what_begins_it);
    tcase_add_test(tests, a_certificate_that_ends_soon_alarms_until_there_is_another);
    tcase_add_test(tests, who_waits_was_deleted_or_belongs_to_an_enterprise_that_goes_raises_nothing);
    tcase_add_test(tests, of_two_watches_one_looks_and_the_other_takes_over);
    tcase_add_test(tests, silence_does_not_count_while_there_was_no_watch_for_a_minute);
    tcase_add_test(tests, a_short_pause_between_two_servers_changes_nothing);
    tcase_add_test(tests, a_thousand_terminals_that_fall_silent_together_all_alarm);
    tcase_add_test(tests, lines_of_terminals_go_after_their_time);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
