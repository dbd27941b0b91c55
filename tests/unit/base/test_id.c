#include <check.h>
#include <pthread.h>
#include <stdlib.h>

#include "clock.h"
#include "id.h"
#include "suite.h"

static const int64_t epoch_2024_ms = INT64_C(1704067200000);

START_TEST(an_id_tells_its_time_and_node)
{
    int64_t id;

    id_set_node(700);
    id = id_next();
    ck_assert_int_gt(id, 0);
    ck_assert_int_eq(id >> 12 & 1023, 700);
    ck_assert_int_le(llabs((id >> 22) + epoch_2024_ms - clock_now_ms()), 5000);
}
END_TEST

START_TEST(ids_rise_even_when_one_millisecond_runs_out_of_numbers)
{
    int64_t last = 0;

    for (int i = 0; i < 100000; i++) {
        int64_t id = id_next();

        ck_assert_int_gt(id, last);
        last = id;
    }
}
END_TEST

START_TEST(ids_rise_when_the_clock_steps_back)
{
    int64_t before = id_next();

    clock_shift_ms(-86400000);
    ck_assert_int_gt(id_next(), before);
    clock_shift_ms(0);
}
END_TEST

START_TEST(a_clock_before_2024_still_gives_ids)
{
    clock_shift_ms(epoch_2024_ms - 1000 - clock_now_ms());
    ck_assert_int_gt(id_next(), 0);
    ck_assert_int_ne(id_next(), id_next());
    clock_shift_ms(0);
}
END_TEST

enum { THREADS = 4, IDS_EACH = 20000 };

static int64_t made[THREADS][IDS_EACH];

static void *make_ids(void *row)
{
    for (int i = 0; i < IDS_EACH; i++)
        ((int64_t *)row)[i] = id_next();
    return NULL;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

START_TEST(threads_never_share_an_id)
{
    pthread_t threads[THREADS];
    int64_t *all = made[0];

    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, make_ids, made[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    qsort(all, THREADS * IDS_EACH, sizeof *all, compare);
    for (int i = 1; i < THREADS * IDS_EACH; i++)
        ck_assert_int_lt(all[i - 1], all[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("id");
    TCase *tests = tcase_create("id");

    tcase_add_test(tests, an_id_tells_its_time_and_node);
    tcase_add_test(tests, ids_rise_even_when_one_millisecond_runs_out_of_numbers);
    tcase_add_test(tests, ids_rise_when_the_clock_steps_back);
    tcase_add_test(tests, a_clock_before_2024_still_gives_ids);
    tcase_add_test(tests, threads_never_share_an_id);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
