/* Records that come again: alone, among new ones, in one batch, from one terminal of many, at two servers at once.
 * Whatever the mixture, each is stored, counted and told once, and everything is acknowledged. */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "pass_tests.h"
#include "submitted.h"

enum { TOLD_MOST = 4096 };

static db_pool *pool;
static ingest *in;
static submitted batches;
static int64_t enterprise;
static ingest_source gate, door;
static uint64_t told[TOLD_MOST]; /* sequence numbers, in the order that the hook heard of them */
static size_t told_count;

static void on_stored(void *arg, const ingest_stored *records, size_t count)
{
    (void)arg;
    for (size_t i = 0; i < count && told_count < TOLD_MOST; i++)
        told[told_count++] = records[i].record->seq;
}

static void up(void)
{
    pool = fixture_pool(DB_SYSTEM, 2);
    in = ingest_new(&(ingest_options){.system = pool, .writers = 1, .stored = on_stored});
    ck_assert_ptr_nonnull(in);
    submitted_init(&batches);
    enterprise = world_enterprise("UTC");
    gate = (ingest_source){enterprise, world_device(enterprise, "Gate"), 1};
    door = (ingest_source){enterprise, world_device(enterprise, "Door"), 1};
    told_count = 0;
}

static void down(void)
{
    ingest_free(in);
    db_pool_free(pool);
}

static void put(const ingest_source *source, uint64_t first, size_t count)
{
    submitted_put(&batches, in, source, world_records(first, count), count);
}

static void put_and_wait(const ingest_source *source, uint64_t first, size_t count)
{
    put(source, first, count);
    submitted_wait(&batches);
}

/* What is submitted until unblock goes into as few transactions as it can: the writer waits in the first. */
static PGconn *block(void)
{
    PGconn *blocker = PQconnectdb(fixture_conninfo);

    PQclear(PQexec(blocker, "BEGIN; LOCK TABLE pass_record IN EXCLUSIVE MODE"));
    return blocker;
}

static void unblock(PGconn *blocker)
{
    usleep(100000); /* all is in the queue */
    PQfinish(blocker);
    submitted_wait(&batches);
}

static int count_of(const ingest_source *source)
{
    return atoi(fixture_sql("SELECT count(*) FROM pass_record WHERE device_id = %lld", (long long)source->device_id));
}

static int tallied(void)
{
    return atoi(fixture_sql("SELECT sum(passes) FROM pass_tally WHERE enterprise_id = %lld", (long long)enterprise));
}

/* Everything is acknowledged; of each source so many records are stored, counted and told. */
static void check(int gate_records, int door_records)
{
    ck_assert_int_eq(batches.committed, batches.submitted);
    ck_assert_int_eq(count_of(&gate), gate_records);
    ck_assert_int_eq(count_of(&door), door_records);
    ck_assert_int_eq(tallied(), gate_records + door_records);
    ck_assert_uint_eq(told_count, (size_t)(gate_records + door_records));
}

START_TEST(a_whole_batch_that_comes_again)
{
    put_and_wait(&gate, 1, 50);
    put_and_wait(&gate, 1, 50);
    check(50, 0);
}
END_TEST

START_TEST(one_known_record_in_the_middle_of_a_batch)
{
    put_and_wait(&gate, 10, 1);
    put_and_wait(&gate, 1, 20);
    check(20, 0);
    ck_assert_uint_eq(told[0], 10);
    for (size_t i = 1; i < 20; i++)
        ck_assert_uint_eq(told[i], i < 10 ? i : i + 1);
}
END_TEST

START_TEST(a_record_twice_within_one_batch)
{
    PassRecord **records = world_records(1, 20);

    records[12] = records[5];
    records[19]->seq = 13; /* in place of the one that is missing now */
    submitted_put(&batches, in, &gate, records, 20);
    submitted_wait(&batches);
    check(19, 0);
}
END_TEST

START_TEST(one_terminal_of_two_sends_again)
{
    PGconn *blocker;

    put_and_wait(&gate, 1, 30);
    blocker = block();
    put(&door, 1, 1); /* the writer takes this one and waits */
    put(&door, 2, 40);
    put(&gate, 1, 30);
    put(&door, 42, 9);
    put(&gate, 21, 30);
    unblock(blocker);
    check(50, 50);
}
END_TEST

START_TEST(the_same_batch_many_times_in_one_transaction)
{
    PGconn *blocker = block();

    for (int i = 0; i < 8; i++)
        put(&gate, 1, 30);
    unblock(blocker);
    check(30, 0);
}
END_TEST

START_TEST(a_known_record_and_a_refused_one_in_the_same_batch)
{
    PassRecord **records = world_records(1, 64);

    put_and_wait(&gate, 20, 20);
    records[50]->temperature_centi = 30000;
    submitted_put(&batches, in, &gate, records, 64);
    submitted_wait(&batches);
    ck_assert_str_eq(fixture_sql("SELECT seq FROM pass_rejected WHERE enterprise_id = %lld", (long long)enterprise),
                     "51");
    check(63, 0);
}
END_TEST

START_TEST(what_is_sent_again_now_and_then_for_a_long_time)
{
    enum { BATCHES = 300, BATCH = 3 };

    for (int i = 0; i < BATCHES; i++) {
        put_and_wait(&gate, 1 + (uint64_t)i * BATCH, BATCH);
        if (i % 100 == 99) /* the writer has gone back to the quick way by then */
            put_and_wait(&gate, 1 + (uint64_t)(i - 5) * BATCH, BATCH * 3);
    }
    check(BATCHES * BATCH, 0);
}
END_TEST

/* ---- Two servers ------------------------------------------------------------------------------------------------- */

enum { RACE_ROUNDS = 60, RACE_BATCH = 10 };

typedef struct {
    ingest *in;
    bool backwards; /* the terminals in the other order */
    submitted batches;
    pthread_t thread;
} racer;

static void *race(void *arg)
{
    racer *r = arg;

    for (uint64_t i = 0; i < RACE_ROUNDS; i++) {
        PassRecord **records = world_records(1 + i * RACE_BATCH, RACE_BATCH);

        submitted_put(&r->batches, r->in, r->backwards ? &door : &gate, records, RACE_BATCH);
        submitted_put(&r->batches, r->in, r->backwards ? &gate : &door, records, RACE_BATCH);
    }
    submitted_wait(&r->batches);
    return NULL;
}

/* A terminal that lost one server and found another, while the first still stores what it was sent. */
START_TEST(two_servers_store_the_same_records_at_the_same_time)
{
    db_pool *second_pool = fixture_pool(DB_SYSTEM, 2);
    ingest *second = ingest_new(&(ingest_options){.system = second_pool, .writers = 1});
    racer racers[2] = {{.in = in}, {.in = second, .backwards = true}};

    for (int i = 0; i < 2; i++) {
        submitted_init(&racers[i].batches);
        ck_assert_int_eq(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(racers[i].thread, NULL);
        ck_assert_int_eq(racers[i].batches.committed, RACE_ROUNDS * 2);
    }
    ingest_free(second);
    db_pool_free(second_pool);
    ck_assert_int_eq(count_of(&gate), RACE_ROUNDS * RACE_BATCH);
    ck_assert_int_eq(count_of(&door), RACE_ROUNDS * RACE_BATCH);
    ck_assert_int_eq(tallied(), RACE_ROUNDS * RACE_BATCH * 2);
}
END_TEST

TCase *ingest_again_tests(void)
{
    TCase *tests = tcase_create("ingest of what comes again");

    tcase_add_checked_fixture(tests, up, down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_whole_batch_that_comes_again);
    tcase_add_test(tests, one_known_record_in_the_middle_of_a_batch);
    tcase_add_test(tests, a_record_twice_within_one_batch);
    tcase_add_test(tests, one_terminal_of_two_sends_again);
    tcase_add_test(tests, the_same_batch_many_times_in_one_transaction);
    tcase_add_test(tests, a_known_record_and_a_refused_one_in_the_same_batch);
    tcase_add_test(tests, what_is_sent_again_now_and_then_for_a_long_time);
    tcase_add_test(tests, two_servers_store_the_same_records_at_the_same_time);
    return tests;
}
