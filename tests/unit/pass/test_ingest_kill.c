/* The database is killed, again and again, while terminals send: what was acknowledged is there, and nothing is there
 * twice. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pass_tests.h"
#include "submitted.h"

enum { SENDERS = 6, KILLS = 5, BATCH = 16 };

typedef struct {
    ingest *in;
    ingest_source source;
    atomic_bool *enough;
    atomic_llong *total; /* acknowledged, of all senders */
    int64_t acked;       /* records up to this one */
    pthread_t thread;
} sender;

static pid_t postmaster(void)
{
    char path[300];
    int pid = 0;

    snprintf(path, sizeof path, "%s/postgres/postmaster.pid", fixture_directory);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%d", &pid) != 1)
        pid = 0;
    if (file)
        fclose(file);
    return (pid_t)pid;
}

/* One batch after the other, each only when the last was acknowledged; every second batch is sent again, as after a
 * lost acknowledgement. */
static void *send(void *arg)
{
    sender *s = arg;
    submitted batches;

    submitted_init(&batches);
    while (!atomic_load(s->enough)) {
        PassRecord **records = world_records((uint64_t)s->acked + 1, BATCH);
        int before = batches.committed;

        submitted_put(&batches, s->in, &s->source, records, BATCH);
        if (s->acked / BATCH % 2 == 0)
            submitted_put(&batches, s->in, &s->source, records, BATCH);
        submitted_wait(&batches);
        if (batches.committed > before) {
            s->acked += BATCH;
            atomic_fetch_add(s->total, BATCH);
        }
    }
    return NULL;
}

/* Until some more records have been acknowledged. */
static void wait_for_progress(atomic_llong *total)
{
    long long wanted = atomic_load(total) + SENDERS * BATCH * 10;

    while (atomic_load(total) < wanted)
        usleep(10000);
}

static void kill_database(void)
{
    pid_t victim = postmaster();

    ck_assert_int_gt(victim, 1);
    kill(victim, SIGKILL);
    for (int i = 0; i < 600 && (postmaster() == victim || postmaster() == 0); i++)
        usleep(50000);
    ck_assert_int_ne(postmaster(), victim);
}

START_TEST(a_killed_database_loses_no_acknowledged_record_and_doubles_none)
{
    db_pool *pool = fixture_pool(DB_SYSTEM, 3);
    ingest *in = ingest_new(&(ingest_options){.system = pool});
    int64_t enterprise = world_enterprise("UTC");
    atomic_bool enough = false;
    atomic_llong total = 0;
    sender senders[SENDERS];

    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (sender){in, {enterprise, world_device(enterprise, "Gate"), 1}, &enough, &total, 0, 0};
        ck_assert_int_eq(pthread_create(&senders[i].thread, NULL, send, &senders[i]), 0);
    }
    for (int i = 0; i < KILLS; i++) {
        wait_for_progress(&total);
        kill_database();
    }
    wait_for_progress(&total);
    atomic_store(&enough, true);

    int64_t acked = 0;
    for (int i = 0; i < SENDERS; i++) {
        pthread_join(senders[i].thread, NULL);
        ck_assert_int_gt(senders[i].acked, 0);
        acked += senders[i].acked;
    }
    ingest_free(in);
    db_pool_free(pool);
    ck_assert_int_eq(
        atoll(fixture_sql("SELECT count(*) FROM pass_record WHERE enterprise_id = %lld", (long long)enterprise)),
        acked);
    ck_assert_int_eq(
        atoll(fixture_sql("SELECT sum(passes) FROM pass_tally WHERE enterprise_id = %lld", (long long)enterprise)),
        acked);
    ck_assert_str_eq(
        fixture_sql("SELECT count(*) FROM pass_rejected WHERE enterprise_id = %lld", (long long)enterprise), "0");
}
END_TEST

TCase *ingest_kill_tests(void)
{
    TCase *tests = tcase_create("ingest and kills");

    tcase_set_timeout(tests, 180);
    tcase_add_test(tests, a_killed_database_loses_no_acknowledged_record_and_doubles_none);
    return tests;
}
