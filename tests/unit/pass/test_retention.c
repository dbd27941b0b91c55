/* Refused records and alarms go after their time. */
#include <stdlib.h>

#include "clock.h"
#include "pass_tests.h"
#include "retention.h"
#include "world.h"

static const int64_t HOUR_MS = 3600000;

static db_pool *pool;
static int64_t enterprise, device;

static void up(void)
{
    pool = fixture_pool(DB_SYSTEM, 1);
    enterprise = world_enterprise("UTC");
    device = world_device(enterprise, "Gate");
}

static void down(void)
{
    db_pool_free(pool);
}

static void reject(int seq, int hours_ago)
{
    fixture_sql(
        "INSERT INTO pass_rejected VALUES (%lld, %lld, 1, %d, 'as it came', '22003', now() - interval '%d hours')",
        (long long)enterprise, (long long)device, seq, hours_ago);
}

static void alarm_of(int id, int hours_ago)
{
    fixture_sql(
        "INSERT INTO alarm SELECT %lld, %d, t, 'RECORD_GAP', %lld, '', t FROM (SELECT now() - interval '%d hours' AS t)"
        " AS o",
        (long long)enterprise, id, (long long)device, hours_ago);
}

static void sweep(void)
{
    const retention_options keep = {pool, 10 * HOUR_MS, 20 * HOUR_MS};

    assert_done(retention_sweep(&keep, clock_now_ms()));
}

static const char *left(const char *column, const char *table)
{
    return fixture_sql("SELECT string_agg(%s::text, ',' ORDER BY %s) FROM %s WHERE enterprise_id = %lld", column,
                       column, table, (long long)enterprise);
}

START_TEST(old_refused_records_go_and_young_ones_stay)
{
    fixture_sql("INSERT INTO pass_record VALUES (%lld, %lld, 1, 9, 1, 1, NULL, '', '', now(), now(), 4, 1, 0, 1, true,"
                " true, 0, 0, 0, '', NULL)",
                (long long)enterprise, (long long)device);
    reject(1, 11);
    reject(2, 30);
    reject(3, 9);
    sweep();
    ck_assert_str_eq(left("seq", "pass_rejected"), "3");
}
END_TEST

START_TEST(a_terminals_last_number_stays_when_what_it_held_has_gone)
{
    reject(1, 9);
    reject(2, 11);
    sweep();
    ck_assert_str_eq(left("seq", "pass_rejected"), "1,2");
    ck_assert_str_eq(left("length(record)", "pass_rejected"), "0,10");
}
END_TEST

START_TEST(old_alarms_go_and_young_ones_stay)
{
    alarm_of(1, 19);
    alarm_of(2, 21);
    alarm_of(3, 21);
    fixture_sql("UPDATE alarm SET ended_at = NULL WHERE id = 3"); /* it goes on */
    sweep();
    ck_assert_str_eq(left("id", "alarm"), "1,3");
}
END_TEST

TCase *retention_tests(void)
{
    TCase *tests = tcase_create("retention");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, old_refused_records_go_and_young_ones_stay);
    tcase_add_test(tests, a_terminals_last_number_stays_when_what_it_held_has_gone);
    tcase_add_test(tests, old_alarms_go_and_young_ones_stay);
    return tests;
}
