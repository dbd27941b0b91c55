#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hash_line.h"
#include "suite.h"

enum { CROWD = 64, TURNS = 3 };

static atomic_int at_once, most_at_once, done_count, refused_count, order;
static atomic_bool closed; /* work waits until the gate opens */
static pthread_barrier_t all_there;

static void wait_at_gate(void *arg)
{
    int now = atomic_fetch_add(&at_once, 1) + 1, most = atomic_load(&most_at_once);

    while (now > most && !atomic_compare_exchange_weak(&most_at_once, &most, now))
        ;
    while (atomic_load(&closed))
        usleep(1000);
    if (arg)
        *(int *)arg = atomic_fetch_add(&order, 1);
    atomic_fetch_sub(&at_once, 1);
}

static void *come(void *arg)
{
    pthread_barrier_wait(&all_there);
    atomic_fetch_add(hash_line_run(wait_at_gate, NULL, arg != NULL) ? &done_count : &refused_count, 1);
    return NULL;
}

START_TEST(a_crowd_is_refused_at_once_and_the_rest_are_served_a_few_at_a_time)
{
    pthread_t threads[CROWD];

    atomic_store(&closed, true);
    pthread_barrier_init(&all_there, NULL, CROWD + 1);
    for (int i = 0; i < CROWD; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, come, NULL), 0);
    pthread_barrier_wait(&all_there);
    while (atomic_load(&refused_count) < CROWD / 2)
        usleep(1000);
    ck_assert_int_eq(atomic_load(&done_count), 0);
    atomic_store(&closed, false);
    for (int i = 0; i < CROWD; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(atomic_load(&done_count) + atomic_load(&refused_count), CROWD);
    ck_assert_int_ge(atomic_load(&done_count), 8);
    ck_assert_int_le(atomic_load(&most_at_once), 2);
}
END_TEST

typedef struct {
    bool ahead;
    int place;
} guest;

static void *visit(void *arg)
{
    guest *one = arg;

    ck_assert(hash_line_run(wait_at_gate, &one->place, one->ahead));
    return NULL;
}

START_TEST(whoever_goes_ahead_passes_those_who_do_not)
{
    guest first[2] = {{false, -1}, {false, -1}}, strangers[TURNS], known[TURNS];
    pthread_t threads[2 + 2 * TURNS];
    int count = 0;

    atomic_store(&closed, true);
    for (int i = 0; i < 2; i++) /* keep every thread busy */
        pthread_create(&threads[count++], NULL, visit, &first[i]);
    usleep(100000);
    for (int i = 0; i < TURNS; i++) {
        strangers[i] = (guest){false, -1};
        pthread_create(&threads[count++], NULL, visit, &strangers[i]);
    }
    usleep(100000);
    for (int i = 0; i < TURNS; i++) {
        known[i] = (guest){true, -1};
        pthread_create(&threads[count++], NULL, visit, &known[i]);
    }
    usleep(100000);
    atomic_store(&closed, false);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < TURNS; i++)
        for (int j = 1; j < TURNS; j++)
            ck_assert_int_lt(known[i].place, strangers[j].place);
}
END_TEST

static void look_at_priority(void *arg)
{
    *(int *)arg = getpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid));
}

START_TEST(the_work_has_a_lower_priority_than_whoever_waits_for_it)
{
    int seen = 0, own = getpriority(PRIO_PROCESS, 0);

    ck_assert(hash_line_run(look_at_priority, &seen, true));
    ck_assert_int_ge(seen, own < 10 ? 10 : own);
    ck_assert_int_eq(getpriority(PRIO_PROCESS, 0), own);
}
END_TEST

static void use_memory(void *arg)
{
    void **ret = arg;

    ret[0] = hash_line_memory(1 << 20);
    ret[1] = hash_line_memory(HASH_LINE_KEPT);
    ret[2] = hash_line_memory(2 * (size_t)HASH_LINE_KEPT);
    if (ret[2])
        memset(ret[2], 1, 2 * (size_t)HASH_LINE_KEPT);
}

START_TEST(memory_stays_where_it_is_until_more_is_asked_for)
{
    void *seen[3];

    ck_assert(hash_line_run(use_memory, seen, true));
    ck_assert_ptr_nonnull(seen[0]);
    ck_assert_ptr_eq(seen[0], seen[1]);
    ck_assert_ptr_nonnull(seen[2]);
}
END_TEST

static void fill_memory(void *arg)
{
    unsigned char **ret = arg;

    *ret = hash_line_memory(HASH_LINE_KEPT);
    if (*ret)
        memset(*ret, 1, HASH_LINE_KEPT);
}

static int resident_pages(void *memory)
{
    static unsigned char pages[HASH_LINE_KEPT / 4096];
    int count = 0;

    ck_assert_int_eq(mincore(memory, HASH_LINE_KEPT, pages), 0);
    for (size_t i = 0; i < sizeof pages; i++)
        count += pages[i] & 1;
    return count;
}

START_TEST(memory_goes_back_to_the_system_when_there_is_nothing_to_do_and_comes_again)
{
    enum { IDLE = 300 };
    unsigned char *first = NULL, *again = NULL;

    hash_line_set_idle(IDLE);
    ck_assert(hash_line_run(fill_memory, &first, true));
    ck_assert_ptr_nonnull(first);
    ck_assert_int_eq(resident_pages(first), HASH_LINE_KEPT / 4096);
    for (int waited = 0; resident_pages(first) > 0; waited++) {
        ck_assert_int_lt(waited, 100 * IDLE);
        usleep(1000);
    }
    ck_assert(hash_line_run(fill_memory, &again, true));
    ck_assert_ptr_nonnull(again);
    ck_assert_int_eq(resident_pages(again), HASH_LINE_KEPT / 4096);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hash_line");
    TCase *tests = tcase_create("line");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_crowd_is_refused_at_once_and_the_rest_are_served_a_few_at_a_time);
    tcase_add_test(tests, whoever_goes_ahead_passes_those_who_do_not);
    tcase_add_test(tests, the_work_has_a_lower_priority_than_whoever_waits_for_it);
    tcase_add_test(tests, memory_stays_where_it_is_until_more_is_asked_for);
    tcase_add_test(tests, memory_goes_back_to_the_system_when_there_is_nothing_to_do_and_comes_again);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
