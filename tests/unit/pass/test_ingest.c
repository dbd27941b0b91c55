/* Group commit of records on a real database: once, all, in order, whatever comes. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "pass_tests.h"
#include "submitted.h"

static db_pool *pool;
static ingest *in;
static submitted batches;
static int64_t enterprise, device;

static void start(const ingest_options *wanted)
{
    ingest_options options = wanted ? *wanted : (ingest_options){0};

    options.system = pool;
    in = ingest_new(&options);
    ck_assert_ptr_nonnull(in);
}

static void up(void)
{
    pool = fixture_pool(DB_SYSTEM, 4);
    submitted_init(&batches);
    enterprise = world_enterprise("UTC");
    device = world_device(enterprise, "Gate");
    start(NULL);
}

static void down(void)
{
    ingest_free(in);
    db_pool_free(pool);
}

static ingest_source source_of(int64_t enterprise_id, int64_t device_id)
{
    return (ingest_source){enterprise_id, device_id, 1};
}

static void put(PassRecord **records, size_t count)
{
    const ingest_source source = source_of(enterprise, device);

    submitted_put(&batches, in, &source, records, count);
}

static int stored(int64_t enterprise_id)
{
    return atoi(fixture_sql("SELECT count(*) FROM pass_record WHERE enterprise_id = %lld", (long long)enterprise_id));
}

static int tallied(int64_t enterprise_id)
{
    return atoi(fixture_sql("SELECT coalesce(sum(passes), 0) FROM pass_tally WHERE enterprise_id = %lld",
                            (long long)enterprise_id));
}

START_TEST(a_record_is_stored_as_it_came)
{
    PassRecord record = world_record(7), *list[] = {&record};

    record.kind = SMARTPASS__V1__PERSON_KIND__PERSON_KIND_EMPLOYEE;
    record.result = SMARTPASS__V1__PASS_RESULT__PASS_RESULT_DENIED;
    record.deny_reason = SMARTPASS__V1__DENY_REASON__DENY_REASON_TEMPERATURE;
    record.occurred_at_ms = 1764000000123;
    record.person_id = 4711;
    record.person_name = "Zoë Müller 李";
    record.person_number = "0007";
    record.temperature_centi = 3790;
    record.authorised = true;
    record.distance_milli = 412;
    record.card_number = "AB12";
    record.snapshot_sha256 = (ProtobufCBinaryData){4, (uint8_t *)"\x01\x02\x00\xff"};
    put(list, 1);
    submitted_wait(&batches);
    ck_assert_str_eq(
        fixture_sql("SELECT concat_ws('|', device_id = %lld, epoch, seq, person_id, person_name, person_number,"
                    " extract(epoch FROM occurred_at), kind, result, deny_reason, state, authorised,"
                    " clock_synced, temperature_centi, threshold_centi, distance_milli, card_number,"
                    " encode(snapshot_sha256, 'hex')) FROM pass_record WHERE enterprise_id = %lld",
                    (long long)device, (long long)enterprise),
        "t|1|7|4711|Zoë Müller 李|0007|1764000000.123000|1|2|5|2|t|t|3790|3730|412|AB12|010200ff");
}
END_TEST

START_TEST(what_is_not_there_is_stored_as_null)
{
    put(world_records(1, 1), 1);
    submitted_wait(&batches);
    ck_assert_str_eq(fixture_sql("SELECT person_id IS NULL AND snapshot_sha256 IS NULL AND person_name = ''"
                                 " FROM pass_record WHERE enterprise_id = %lld",
                                 (long long)enterprise),
                     "t");
}
END_TEST

START_TEST(a_record_gets_the_group_that_its_terminal_has_now)
{
    fixture_sql("INSERT INTO org_group VALUES (%lld, 12, NULL, 'Hall')", (long long)enterprise);
    fixture_sql("UPDATE device SET group_id = 12 WHERE id = %lld", (long long)device);
    put(world_records(1, 1), 1);
    submitted_wait(&batches);
    ck_assert_str_eq(fixture_sql("SELECT group_id FROM pass_record WHERE enterprise_id = %lld", (long long)enterprise),
                     "12");
}
END_TEST

START_TEST(duplicates_are_acknowledged_but_neither_stored_nor_counted_twice)
{
    PassRecord **records = world_records(1, 100);

    for (int i = 0; i < 5; i++)
        put(records, 100);
    submitted_wait(&batches);
    put(records + 50, 50);
    submitted_wait(&batches);
    ck_assert_int_eq(batches.committed, 6);
    ck_assert_int_eq(stored(enterprise), 100);
    ck_assert_int_eq(tallied(enterprise), 100);
}
END_TEST

START_TEST(the_same_numbers_of_another_epoch_are_other_records)
{
    PassRecord **records = world_records(1, 10);
    const ingest_source second = {enterprise, device, 2};

    put(records, 10);
    submitted_put(&batches, in, &second, records, 10);
    submitted_wait(&batches);
    ck_assert_int_eq(stored(enterprise), 20);
}
END_TEST

START_TEST(tallies_follow_the_hour_of_the_enterprises_own_zone)
{
    int64_t shanghai = world_enterprise("Asia/Shanghai"), kolkata = world_enterprise("Asia/Kolkata");
    const ingest_source a = source_of(shanghai, world_device(shanghai, "A")),
                        b = source_of(kolkata, world_device(kolkata, "B"));
    PassRecord **records = world_records(1, 6);

    for (int i = 0; i < 6; i++)
        records[i]->occurred_at_ms = 1764000000000 + i * 1800000; /* 2025-11-24 16:00 UTC and on, each half hour */
    records[2]->temperature_centi = 3730;
    records[3]->kind = SMARTPASS__V1__PERSON_KIND__PERSON_KIND_EMPLOYEE;
    submitted_put(&batches, in, &a, records, 6);
    submitted_put(&batches, in, &b, records, 6);
    submitted_wait(&batches);
    ck_assert_str_eq(
        fixture_sql("SELECT string_agg(concat_ws('/', day, hour, kind, passes, abnormal), ' ' ORDER BY day, hour,"
                    " kind) FROM pass_tally WHERE enterprise_id = %lld",
                    (long long)shanghai),
        "2025-11-25/0/4/2/0 2025-11-25/1/1/1/0 2025-11-25/1/4/1/1 2025-11-25/2/4/2/0");
    ck_assert_str_eq(
        fixture_sql("SELECT string_agg(concat_ws('/', day, hour, kind, passes, abnormal), ' ' ORDER BY day, hour,"
                    " kind) FROM pass_tally WHERE enterprise_id = %lld",
                    (long long)kolkata),
        "2025-11-24/21/4/1/0 2025-11-24/22/4/2/1 2025-11-24/23/1/1/0 2025-11-24/23/4/1/0 2025-11-25/0/4/1/0");
}
END_TEST

START_TEST(records_of_many_enterprises_share_one_transaction)
{
    enum { ENTERPRISES = 20 };
    int64_t ids[ENTERPRISES];
    ingest_source sources[ENTERPRISES];

    ingest_free(in);
    start(&(ingest_options){.writers = 1, .gather_ms = 200});
    for (int i = 0; i < ENTERPRISES; i++) {
        ids[i] = world_enterprise("UTC");
        sources[i] = source_of(ids[i], world_device(ids[i], "Gate"));
    }
    for (int round = 0; round < 2; round++) /* the first shows the writer that there is company */
        for (int i = 0; i < ENTERPRISES; i++)
            submitted_put(&batches, in, &sources[i], world_records(1 + (uint64_t)round * 10, 10), 10);
    submitted_wait(&batches);
    for (int i = 0; i < ENTERPRISES; i++)
        ck_assert_int_eq(stored(ids[i]), 20);
    ck_assert_int_le(
        atoi(fixture_sql("SELECT count(DISTINCT xmin::text) FROM pass_record WHERE enterprise_id BETWEEN %lld AND %lld",
                         (long long)ids[0], (long long)ids[ENTERPRISES - 1])),
        4);
}
END_TEST

/* ---- Refused records --------------------------------------------------------------------------------------------- */

static int rejected(const char *sqlstate)
{
    return atoi(fixture_sql("SELECT count(*) FROM pass_rejected WHERE enterprise_id = %lld AND sqlstate = '%s'",
                            (long long)enterprise, sqlstate));
}

static int alarms(void)
{
    return atoi(fixture_sql(
        "SELECT count(*) FROM alarm WHERE enterprise_id = %lld AND kind = 'RECORD_REJECTED' AND device_id = %lld",
        (long long)enterprise, (long long)device));
}

START_TEST(a_refused_record_is_set_aside_with_an_alarm_and_the_others_are_stored)
{
    PassRecord **records = world_records(1, 128);

    records[40]->temperature_centi = 30000;
    put(records, 128);
    submitted_wait(&batches);
    ck_assert_int_eq(batches.committed, 1);
    ck_assert_int_eq(stored(enterprise), 127);
    ck_assert_int_eq(tallied(enterprise), 127);
    ck_assert_int_eq(rejected("23514"), 1);
    ck_assert_int_eq(alarms(), 1);
    ck_assert_str_eq(fixture_sql("SELECT seq FROM pass_rejected WHERE enterprise_id = %lld", (long long)enterprise),
                     "41");
}
END_TEST

START_TEST(what_was_set_aside_is_the_record_as_it_came)
{
    PassRecord record = world_record(3), *list[] = {&record}, *read;
    uint8_t bytes[512];
    size_t n = 0;

    record.temperature_centi = -1;
    record.person_name = "Ann";
    put(list, 1);
    submitted_wait(&batches);
    const char *hex = fixture_sql("SELECT encode(record, 'hex') FROM pass_rejected WHERE enterprise_id = %lld",
                                  (long long)enterprise);
    for (unsigned byte; sscanf(hex + 2 * n, "%2x", &byte) == 1; n++)
        bytes[n] = (uint8_t)byte;
    read = smartpass__link__v1__pass_record__unpack(NULL, n, bytes);
    ck_assert_ptr_nonnull(read);
    ck_assert_int_eq(read->temperature_centi, -1);
    ck_assert_str_eq(read->person_name, "Ann");
    smartpass__link__v1__pass_record__free_unpacked(read, NULL);
}
END_TEST

START_TEST(a_refused_record_that_comes_again_raises_no_second_alarm)
{
    PassRecord **records = world_records(1, 4);

    records[1]->kind = 99;
    put(records, 4);
    submitted_wait(&batches);
    put(records, 4);
    submitted_wait(&batches);
    ck_assert_int_eq(batches.committed, 2);
    ck_assert_int_eq(stored(enterprise), 3);
    ck_assert_int_eq(rejected("23514"), 1);
    ck_assert_int_eq(alarms(), 1);
}
END_TEST

START_TEST(numbers_times_and_texts_that_cannot_be_are_set_aside_too)
{
    PassRecord **records = world_records(1, 6);

    records[0]->distance_milli = UINT32_MAX;
    records[1]->kind = 70000;
    records[2]->occurred_at_ms = INT64_MAX;
    records[3]->person_name = "half a \xc3";
    records[4]->seq = 5;
    put(records, 6);
    submitted_wait(&batches);
    ck_assert_int_eq(stored(enterprise), 2);
    ck_assert_int_eq(rejected("22003"), 3);
    ck_assert_int_eq(rejected("22021"), 1);
}
END_TEST

START_TEST(a_record_that_was_set_aside_needs_no_resending)
{
    PassRecord **records = world_records(1, 3);
    const ingest_source source = source_of(enterprise, device), other = {enterprise, device, 2};
    int64_t seq = -1;
    arena a;
    db_tx *tx;

    records[2]->temperature_centi = 30000;
    put(records, 3);
    submitted_wait(&batches);
    arena_init(&a, 1 << 20);
    assert_done(db_begin(pool, 0, &a, &tx));
    assert_done(ingest_acked_seq(tx, &source, &seq));
    ck_assert_int_eq(seq, 3);
    assert_done(ingest_acked_seq(tx, &other, &seq));
    ck_assert_int_eq(seq, 0);
    assert_done(db_commit(tx));
    arena_done(&a);
}
END_TEST

START_TEST(a_record_of_a_terminal_that_does_not_exist_is_set_aside)
{
    const ingest_source nobody = {enterprise, 12345, 1};

    submitted_put(&batches, in, &nobody, world_records(1, 1), 1);
    put(world_records(1, 1), 1);
    submitted_wait(&batches);
    ck_assert_int_eq(stored(enterprise), 1);
    ck_assert_int_eq(rejected("23502"), 1);
}
END_TEST

/* Its terminals have another enterprise already, and what it had set aside is being erased. */
START_TEST(nothing_is_set_aside_for_an_enterprise_that_is_being_deleted)
{
    const ingest_source taken = {enterprise, 12345, 1};

    fixture_sql("UPDATE enterprise SET deleting_at = now() WHERE id = %lld", (long long)enterprise);
    submitted_put(&batches, in, &taken, world_records(1, 1), 1);
    submitted_wait(&batches);
    ck_assert_int_eq(stored(enterprise), 0);
    ck_assert_int_eq(rejected("23502"), 0);
    ck_assert_str_eq(fixture_sql("SELECT count(*) FROM alarm WHERE enterprise_id = %lld", (long long)enterprise), "0");
}
END_TEST

/* ---- Order, backlog, hooks, the end ------------------------------------------------------------------------------ */

START_TEST(the_batches_of_a_terminal_are_acknowledged_in_their_order)
{
    enum { BATCHES = 200, DEVICES = 4 };
    ingest_source sources[DEVICES];
    int last[DEVICES] = {-1, -1, -1, -1};

    for (int d = 0; d < DEVICES; d++)
        sources[d] = source_of(enterprise, world_device(enterprise, "Gate"));
    for (int i = 0; i < BATCHES; i++)
        submitted_put(&batches, in, &sources[i % DEVICES], world_records(1 + (uint64_t)(i / DEVICES) * 3, 3), 3);
    submitted_wait(&batches);
    for (int i = 0; i < BATCHES; i++) {
        int d = batches.order[i] % DEVICES;
        ck_assert_int_gt(batches.order[i], last[d]);
        last[d] = batches.order[i];
    }
    ck_assert_int_eq(stored(enterprise), BATCHES * 3);
}
END_TEST

/* The first batch waits for a transaction of somebody else; those behind it must not overtake it. */
START_TEST(no_batch_overtakes_one_of_the_same_terminal)
{
    PGconn *blocker = PQconnectdb(fixture_conninfo);
    char insert[400];

    snprintf(
        insert, sizeof insert,
        "BEGIN; INSERT INTO pass_record VALUES (%lld, %lld, 1, 2, 1, 1, NULL, '', '', now(), now(), 4, 1, 0, 1, true,"
        " true, 0, 0, 0, '', NULL)",
        (long long)enterprise, (long long)device);
    PQclear(PQexec(blocker, insert));
    for (uint64_t i = 0; i < 6; i++)
        put(world_records(1 + i * 3, 3), 3);
    usleep(300000);
    ck_assert_int_eq(batches.done, 0);
    PQfinish(blocker);
    submitted_wait(&batches);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(batches.order[i], i);
    ck_assert_int_eq(stored(enterprise), 18);
    ck_assert_int_ge(batches.followed, 4); /* two transactions at most: one acknowledgement will do for each */
}
END_TEST

START_TEST(a_full_backlog_refuses_and_takes_again_when_it_has_drained)
{
    const ingest_source source = source_of(enterprise, device);
    PGconn *blocker = PQconnectdb(fixture_conninfo);
    int taken = 0;

    ingest_free(in);
    start(&(ingest_options){.writers = 1, .backlog = 200});
    PQclear(PQexec(blocker, "BEGIN; LOCK TABLE pass_record IN ACCESS EXCLUSIVE MODE"));
    while (taken < 100 && submitted_try(&batches, in, &source, world_records(1 + (uint64_t)taken * 50, 50), 50))
        taken++;
    ck_assert_int_ge(taken, 4); /* and as many again when the writer had taken them by then */
    ck_assert_int_le(taken, 8);
    ck_assert_int_eq(batches.done, 0);
    PQfinish(blocker);
    submitted_wait(&batches);
    submitted_put(&batches, in, &source, world_records(1 + (uint64_t)taken * 50, 50), 50);
    submitted_wait(&batches);
    ck_assert_int_eq(stored(enterprise), (taken + 1) * 50);
}
END_TEST

START_TEST(a_batch_larger_than_the_backlog_is_taken_by_an_idle_writer)
{
    ingest_free(in);
    start(&(ingest_options){.writers = 1, .backlog = 10});
    put(world_records(1, 100), 100);
    submitted_wait(&batches);
    ck_assert_int_eq(stored(enterprise), 100);
}
END_TEST

static int64_t told_ids[256];
static uint64_t told_seqs[256];
static size_t told;

static void on_stored(void *arg, const ingest_stored *records, size_t count)
{
    ck_assert_str_eq(arg, "the hook's own");
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(records[i].source->device_id, device);
        told_ids[told] = records[i].id;
        told_seqs[told++] = records[i].record->seq;
    }
}

START_TEST(the_hook_hears_of_what_is_new_and_of_nothing_twice)
{
    PassRecord **records = world_records(1, 20);

    ingest_free(in);
    start(&(ingest_options){.stored = on_stored, .arg = "the hook's own"});
    put(records, 10);
    submitted_wait(&batches);
    put(records, 20);
    submitted_wait(&batches);
    ck_assert_uint_eq(told, 20);
    for (size_t i = 0; i < told; i++) {
        ck_assert_uint_eq(told_seqs[i], i + 1);
        ck_assert_str_eq(fixture_sql("SELECT seq = %zu FROM pass_record WHERE enterprise_id = %lld AND id = %lld",
                                     i + 1, (long long)enterprise, (long long)told_ids[i]),
                         "t");
    }
}
END_TEST

START_TEST(stopping_answers_for_every_batch_and_a_no_never_hides_a_lost_record)
{
    const ingest_source source = source_of(enterprise, device);

    for (int i = 0; i < 300; i++)
        submitted_put(&batches, in, &source, world_records(1 + (uint64_t)i * 128, 128), 128);
    ingest_free(in);
    in = NULL;
    ck_assert_int_eq(batches.done, batches.submitted);
    ck_assert_int_ge(stored(enterprise), batches.committed * 128);
    ck_assert_int_eq(stored(enterprise) % 128, 0);
}
END_TEST

TCase *ingest_tests(void)
{
    TCase *tests = tcase_create("ingest");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_record_is_stored_as_it_came);
    tcase_add_test(tests, what_is_not_there_is_stored_as_null);
    tcase_add_test(tests, a_record_gets_the_group_that_its_terminal_has_now);
    tcase_add_test(tests, duplicates_are_acknowledged_but_neither_stored_nor_counted_twice);
    tcase_add_test(tests, the_same_numbers_of_another_epoch_are_other_records);
    tcase_add_test(tests, tallies_follow_the_hour_of_the_enterprises_own_zone);
    tcase_add_test(tests, records_of_many_enterprises_share_one_transaction);
    tcase_add_test(tests, a_refused_record_is_set_aside_with_an_alarm_and_the_others_are_stored);
    tcase_add_test(tests, what_was_set_aside_is_the_record_as_it_came);
    tcase_add_test(tests, a_refused_record_that_comes_again_raises_no_second_alarm);
    tcase_add_test(tests, numbers_times_and_texts_that_cannot_be_are_set_aside_too);
    tcase_add_test(tests, a_record_of_a_terminal_that_does_not_exist_is_set_aside);
    tcase_add_test(tests, nothing_is_set_aside_for_an_enterprise_that_is_being_deleted);
    tcase_add_test(tests, a_record_that_was_set_aside_needs_no_resending);
    tcase_add_test(tests, the_batches_of_a_terminal_are_acknowledged_in_their_order);
    tcase_add_test(tests, no_batch_overtakes_one_of_the_same_terminal);
    tcase_add_test(tests, a_full_backlog_refuses_and_takes_again_when_it_has_drained);
    tcase_add_test(tests, a_batch_larger_than_the_backlog_is_taken_by_an_idle_writer);
    tcase_add_test(tests, the_hook_hears_of_what_is_new_and_of_nothing_twice);
    tcase_add_test(tests, stopping_answers_for_every_batch_and_a_no_never_hides_a_lost_record);
    return tests;
}
