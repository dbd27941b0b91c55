/* Lists of records. */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "pass_store.h"
#include "pass_tests.h"
#include "submitted.h"

static db_pool *app, *writers;
static ingest *in;
static submitted batches;
static arena memory;
static int64_t enterprise, gate, hall;

static void up(void)
{
    app = fixture_pool(DB_APP, 2);
    writers = fixture_pool(DB_SYSTEM, 2);
    in = ingest_new(&(ingest_options){.system = writers});
    submitted_init(&batches);
    arena_init(&memory, 32 << 20);
    enterprise = world_enterprise("UTC");
    gate = world_device(enterprise, "Gate");
    hall = world_device(enterprise, "Hall");
}

static void down(void)
{
    ingest_free(in);
    db_pool_free(writers);
    db_pool_free(app);
    arena_done(&memory);
}

static void store(int64_t device, PassRecord **records, size_t count)
{
    const ingest_source source = {enterprise, device, 1};

    submitted_put(&batches, in, &source, records, count);
    submitted_wait(&batches);
}

static db_tx *begin(void)
{
    db_tx *tx;

    assert_done(db_begin(app, enterprise, &memory, &tx));
    return tx;
}

typedef Smartpass__V1__ListPassesRequest ListPasses;
#define LIST_PASSES SMARTPASS__V1__LIST_PASSES_REQUEST__INIT

static int found(const ListPasses *request, int64_t from_ms, int64_t to_ms)
{
    const pass_filter filter = {enterprise, db_null(), request, from_ms, to_ms};
    const page all = {.size = 100, .first = true, .text = ""};
    Smartpass__V1__Pass **passes;
    int32_t total;
    size_t count;
    db_tx *tx = begin();

    assert_done(pass_store_list(tx, &filter, &all, &passes, &count));
    assert_done(pass_store_count(tx, &filter, &total));
    assert_done(db_commit(tx));
    ck_assert_int_eq(total, (int32_t)count);
    return total;
}

/* Five at the gate, ten seconds apart; two in the hall. */
static void store_some(void)
{
    PassRecord **there = world_records(1, 5), **here = world_records(1, 2);

    for (int i = 0; i < 5; i++)
        there[i]->occurred_at_ms = 1764000000000 + i * 10000;
    there[0]->person_id = 71;
    there[0]->person_name = "Ann 100% Archer";
    there[0]->person_number = "A_1";
    there[0]->kind = SMARTPASS__V1__PERSON_KIND__PERSON_KIND_EMPLOYEE;
    there[1]->person_id = 72;
    there[1]->person_name = "Bob Baker";
    there[1]->person_number = "AB1";
    there[1]->kind = SMARTPASS__V1__PERSON_KIND__PERSON_KIND_EMPLOYEE;
    there[2]->temperature_centi = 3900;
    there[2]->result = SMARTPASS__V1__PASS_RESULT__PASS_RESULT_DENIED;
    there[3]->no_mask = true;
    store(gate, there, 5);
    store(hall, here, 2);
}

START_TEST(records_are_found_by_each_filter)
{
    ListPasses any = LIST_PASSES, device = LIST_PASSES, person = LIST_PASSES, kind = LIST_PASSES, state = LIST_PASSES,
               result = LIST_PASSES;

    store_some();
    device.device_id = hall;
    person.person_id = 72;
    kind.kind = SMARTPASS__V1__PERSON_KIND__PERSON_KIND_EMPLOYEE;
    state.state = SMARTPASS__V1__PASS_STATE__PASS_STATE_NO_MASK;
    result.result = SMARTPASS__V1__PASS_RESULT__PASS_RESULT_DENIED;
    ck_assert_int_eq(found(&any, 0, 0), 7);
    ck_assert_int_eq(found(&device, 0, 0), 2);
    ck_assert_int_eq(found(&person, 0, 0), 1);
    ck_assert_int_eq(found(&kind, 0, 0), 2);
    ck_assert_int_eq(found(&state, 0, 0), 1);
    ck_assert_int_eq(found(&result, 0, 0), 1);
}
END_TEST

START_TEST(a_span_of_time_holds_its_beginning_and_not_its_end)
{
    ListPasses at_gate = LIST_PASSES;

    store_some();
    at_gate.device_id = gate;
    ck_assert_int_eq(found(&at_gate, 1764000010000, 1764000030000), 2);
    ck_assert_int_eq(found(&at_gate, 1764000010001, 0), 3);
    ck_assert_int_eq(found(&at_gate, 0, 1764000000000), 0);
}
END_TEST

static int found_by(const char *text)
{
    ListPasses query = LIST_PASSES;

    query.query = (char *)text;
    return found(&query, 0, 0);
}

START_TEST(text_is_found_in_names_and_numbers_as_it_stands)
{
    store_some();
    ck_assert_int_eq(found_by("bAkEr"), 1);
    ck_assert_int_eq(found_by("a"), 2);
    ck_assert_int_eq(found_by("%"), 1);
    ck_assert_int_eq(found_by("A_1"), 1);
    ck_assert_int_eq(found_by("_"), 1);
    ck_assert_int_eq(found_by("\\"), 0);
    ck_assert_int_eq(found_by("' OR true --"), 0);
}
END_TEST

START_TEST(records_of_others_are_not_seen)
{
    ListPasses any = LIST_PASSES;

    store_some();
    enterprise = world_enterprise("UTC");
    ck_assert_int_eq(found(&any, 0, 0), 0);
}
END_TEST

/* While pages are turned, newer records arrive: they may not shift what follows. */
START_TEST(pages_of_records_repeat_and_miss_nothing)
{
    enum { RECORDS = 47, SIZE = 5 };
    ListPasses any = LIST_PASSES;
    const pass_filter filter = {enterprise, db_null(), &any, 0, 0};
    page p = {.size = SIZE, .first = true, .text = ""};
    PassRecord **records = world_records(1, RECORDS);
    Smartpass__V1__Pass **passes;
    int seen = 0, late = 0;
    int64_t last_id = INT64_MAX, last_ms = INT64_MAX;
    size_t count;

    for (int i = 0; i < RECORDS; i++)
        records[i]->occurred_at_ms = 1764000000000 + i / 7; /* seven share a moment */
    store(gate, records, RECORDS);
    do {
        db_tx *tx = begin();
        assert_done(pass_store_list(tx, &filter, &p, &passes, &count));
        size_t shown = count > SIZE ? SIZE : count;
        for (size_t i = 0; i < shown; i++, seen++) {
            int64_t ms = passes[i]->occur_time->seconds * 1000 + passes[i]->occur_time->nanos / 1000000;
            ck_assert(ms < last_ms || (ms == last_ms && passes[i]->id < last_id));
            last_ms = ms;
            last_id = passes[i]->id;
        }
        assert_done(db_commit(tx));
        p = (page){.size = SIZE, .text = "", .number = last_ms, .id = last_id};
        store(hall, world_records(1 + (uint64_t)late++, 1), 1);
    } while (count > SIZE);
    ck_assert_int_eq(seen, RECORDS);
}
END_TEST

START_TEST(a_forged_page_token_only_moves_the_window)
{
    ListPasses any = LIST_PASSES;
    const pass_filter filter = {enterprise, db_null(), &any, 0, 0};
    const page forged[] = {{.size = 5, .text = "", .number = INT64_MAX, .id = INT64_MAX},
                           {.size = 5, .text = "", .number = INT64_MIN, .id = INT64_MIN}};
    Smartpass__V1__Pass **passes;
    size_t count;
    db_tx *tx = begin();

    for (int i = 0; i < 2; i++) {
        sp_status st = pass_store_list(tx, &filter, &forged[i], &passes, &count);
        ck_assert(!sp_failed(st) || st.code == SP_INVALID_ARGUMENT);
        if (sp_failed(st)) {
            db_rollback(tx);
            tx = begin();
        }
    }
    db_rollback(tx);
}
END_TEST

START_TEST(records_can_be_read_by_their_ids)
{
    int64_t ids[3] = {0, 1, 2};
    Smartpass__V1__Pass **passes;
    size_t count;
    db_tx *tx;

    store_some();
    ids[0] = atoll(
        fixture_sql("SELECT id FROM pass_record WHERE enterprise_id = %lld AND person_id = 71", (long long)enterprise));
    tx = begin();
    assert_done(pass_read(tx, enterprise, ids, 3, &passes, &count));
    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(passes[0]->person_name, "Ann 100% Archer");
    ck_assert_str_eq(passes[0]->device_name, "Gate");
    ck_assert(!passes[0]->has_snapshot && !passes[0]->clock_doubtful);
    db_rollback(tx);
}
END_TEST

START_TEST(a_missing_picture_is_pending_or_none)
{
    PassRecord record = world_record(1), *list[] = {&record};
    int64_t blob, plain, awaited;
    db_tx *tx;

    store(hall, list, 1);
    record.snapshot_sha256 = (ProtobufCBinaryData){3, (uint8_t *)"abc"};
    store(gate, list, 1);
    plain = atoll(fixture_sql("SELECT id FROM pass_record WHERE device_id = %lld", (long long)hall));
    awaited = atoll(fixture_sql("SELECT id FROM pass_record WHERE device_id = %lld", (long long)gate));
    tx = begin();
    assert_reason(pass_store_snapshot(tx, enterprise, db_null(), plain, &blob), SNAPSHOT_NONE);
    assert_reason(pass_store_snapshot(tx, enterprise, db_null(), awaited, &blob), SNAPSHOT_PENDING);
    assert_reason(pass_store_snapshot(tx, enterprise, db_null(), 1, &blob), PASS_NOT_FOUND);
    db_rollback(tx);
}
END_TEST

TCase *pass_list_tests(void)
{
    TCase *tests = tcase_create("lists of records");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, records_are_found_by_each_filter);
    tcase_add_test(tests, a_span_of_time_holds_its_beginning_and_not_its_end);
    tcase_add_test(tests, text_is_found_in_names_and_numbers_as_it_stands);
    tcase_add_test(tests, records_of_others_are_not_seen);
    tcase_add_test(tests, pages_of_records_repeat_and_miss_nothing);
    tcase_add_test(tests, a_forged_page_token_only_moves_the_window);
    tcase_add_test(tests, records_can_be_read_by_their_ids);
    tcase_add_test(tests, a_missing_picture_is_pending_or_none);
    return tests;
}
