/* The figures of the first page. */
#include <stdlib.h>

#include "clock.h"
#include "console_tests.h"
#include "desk.h"
#include "submitted.h"

static ingest *in;
static submitted batches;
static desk_user user;

static void up(void)
{
    desk_up();
    in = ingest_new(&(ingest_options){.system = desk_system});
    submitted_init(&batches);
}

static void down(void)
{
    ingest_free(in);
    desk_down();
}

static Summary *summary_of(int64_t enterprise)
{
    GetSummaryRequest request = GET_SUMMARY_REQUEST_INIT;
    Summary *summary = NULL;

    desk_sign_in(&user, enterprise);
    assert_done(console_get_summary(desk_client, &user.options, &request, &summary, NULL));
    return summary;
}

START_TEST(an_enterprise_without_anything_has_zeros)
{
    Summary *summary = summary_of(world_enterprise("UTC"));

    ck_assert_int_eq(summary->devices, 0);
    ck_assert_int_eq(summary->today->total, 0);
    ck_assert_int_eq(summary->ever->total, 0);
    ck_assert_uint_eq(summary->n_hours, 24);
    smartpass__v1__summary__free_unpacked(summary, NULL);
}
END_TEST

START_TEST(terminals_are_counted_and_those_online_too)
{
    int64_t enterprise = world_enterprise("UTC"), online = world_device(enterprise, "A"),
            silent = world_device(enterprise, "B"), deleted = world_device(enterprise, "C");

    fixture_sql("UPDATE device_status SET connected = true, last_seen_at = now() WHERE device_id IN (%lld, %lld)",
                (long long)online, (long long)deleted);
    fixture_sql("UPDATE device_status SET connected = true, last_seen_at = now() - interval '61 seconds' WHERE "
                "device_id = %lld",
                (long long)silent);
    fixture_sql("UPDATE device SET deleted_at = now() WHERE id = %lld", (long long)deleted);
    Summary *summary = summary_of(enterprise);
    ck_assert_int_eq(summary->devices, 2);
    ck_assert_int_eq(summary->devices_online, 1);
    smartpass__v1__summary__free_unpacked(summary, NULL);
}
END_TEST

/* 2026-03-04 in Auckland begins at 11:00 UTC of the day before, and at its noon it is still that day in London. */
START_TEST(today_is_the_day_of_the_enterprises_own_zone)
{
    int64_t enterprise = world_enterprise("Pacific/Auckland"),
            noon_ms = 1772578800000; /* 2026-03-03 23:00 UTC: 12:00 there */
    const ingest_source source = {enterprise, world_device(enterprise, "Gate"), 1};
    PassRecord **records = world_records(1, 5);

    records[0]->occurred_at_ms = noon_ms - 13 * 3600000; /* yesterday, 23:00 */
    records[1]->occurred_at_ms = noon_ms - 12 * 3600000; /* midnight */
    records[2]->occurred_at_ms = noon_ms - 60000;        /* 11:59 */
    records[3]->occurred_at_ms = noon_ms - 30000;
    records[4]->occurred_at_ms = noon_ms;
    records[2]->kind = SMARTPASS__V1__PERSON_KIND__PERSON_KIND_EMPLOYEE;
    records[3]->kind = SMARTPASS__V1__PERSON_KIND__PERSON_KIND_BLACKLIST;
    records[4]->temperature_centi = 3900;
    submitted_put(&batches, in, &source, records, 5);
    submitted_wait(&batches);
    clock_shift_ms(noon_ms + 1000 - clock_now_ms());
    Summary *summary = summary_of(enterprise);
    clock_shift_ms(0);
    ck_assert_int_eq(summary->ever->total, 5);
    ck_assert_int_eq(summary->ever->stranger, 3);
    ck_assert_int_eq(summary->today->total, 4);
    ck_assert_int_eq(summary->today->employee, 1);
    ck_assert_int_eq(summary->today->blacklist, 1);
    ck_assert_int_eq(summary->today->abnormal_temperature, 1);
    ck_assert_int_eq(summary->hours[0]->total, 1);
    ck_assert_int_eq(summary->hours[11]->total, 2);
    ck_assert_int_eq(summary->hours[12]->total, 1);
    ck_assert_int_eq(summary->hours[23]->total, 0);
    smartpass__v1__summary__free_unpacked(summary, NULL);
}
END_TEST

TCase *summary_tests(void)
{
    TCase *tests = tcase_create("summary");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, an_enterprise_without_anything_has_zeros);
    tcase_add_test(tests, terminals_are_counted_and_those_online_too);
    tcase_add_test(tests, today_is_the_day_of_the_enterprises_own_zone);
    return tests;
}
