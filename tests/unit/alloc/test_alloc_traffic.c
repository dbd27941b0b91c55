/* Many callers at once while every so many allocations fail, of whomever they are: failures that meet each other. */
#include <check.h>
#include <pthread.h>

#include "failing_alloc.h"
#include "hut.h"
#include "suite.h"

enum { CALLERS = 6, ROUNDS = 40 };

/* They wait until all are there and memory begins to fail, because a thread is an allocation as well. */
static pthread_barrier_t ready;
static atomic_int ended_as_they_should;
static atomic_int ran_out;
static atomic_int ended_otherwise;

static void note(sp_code code, sp_code expected)
{
    if (code == expected)
        atomic_fetch_add(&ended_as_they_should, 1);
    else if (code == SP_RESOURCE_EXHAUSTED)
        atomic_fetch_add(&ran_out, 1);
    else {
        fprintf(stderr, "%s instead of %s\n", sp_code_name(code), sp_code_name(expected));
        atomic_fetch_add(&ended_otherwise, 1);
    }
}

static void *call_on(void *unused)
{
    (void)unused;
    pthread_barrier_wait(&ready);
    for (int i = 0; i < ROUNDS; i++) {
        note(hut_echo(hut.client, ROOM_ECHO), SP_OK);
        note(hut_echo(hut.client, ROOM_ECHO_INLINE), SP_OK);
        note(hut_play(hut.client, "refuse", &hut_options), SP_FAILED_PRECONDITION);
        note(hut_play(hut.client, "wait", &(rpc_options){.timeout_ms = 2}), SP_DEADLINE_EXCEEDED);
        note(hut_collect(hut.client), SP_OK);
        note(hut_count(hut.client, 20), SP_OK);
        note(hut_chat(hut.client), SP_OK);
        note(hut_deliver(hut.client, room_service.methods[ROOM_CHAT].path, "\x0a\x05rub", 5), SP_INVALID_ARGUMENT);
    }
    return NULL;
}

static const size_t paces[] = {2, 3, 7, 23, 101};

START_TEST(traffic_goes_on_while_memory_fails)
{
    pthread_t threads[CALLERS];

    hut.workers = 4;
    hut_open();

    size_t before = alloc_held_at_rest();

    ck_assert_int_eq(pthread_barrier_init(&ready, NULL, CALLERS + 1), 0);
    for (int i = 0; i < CALLERS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, call_on, NULL), 0);
    alloc_arm(paces[_i], ALLOC_FAILS_OFTEN);
    pthread_barrier_wait(&ready);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);

    size_t failed = alloc_disarm();

    printf("one of %zu fails: %zu allocations failed, %d calls ended as they should, %d for want of memory\n",
           paces[_i], failed, ended_as_they_should, ran_out);
    fflush(stdout);
    ck_assert_uint_gt(failed, 0);
    ck_assert_int_gt(ran_out, 0);
    ck_assert_int_eq(ended_otherwise, 0);
    ck_assert(hut_still_works());
    ck_assert(alloc_settles_at(before));
    hut_close();
    pthread_barrier_destroy(&ready);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("traffic without memory");
    TCase *cases = tcase_create("traffic");

    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, traffic_goes_on_while_memory_fails, 0, sizeof paces / sizeof *paces);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
