/* What may be asked of a pass display. */
#include <check.h>

#include "display_rules.h"
#include "suite.h"

static const struct {
    int32_t wanted;
    int seconds;
} SECONDS[] = {{0, 5}, {1, 1}, {60, 60}, {61, -1}, {-1, -1}, {INT32_MAX, -1}, {INT32_MIN, -1}};

START_TEST(a_picture_is_shown_for_a_minute_at_most)
{
    ck_assert_int_eq(display_seconds(SECONDS[_i].wanted), SECONDS[_i].seconds);
}
END_TEST

START_TEST(nobody_counts_twice_and_the_order_is_that_of_the_ids)
{
    int64_t ids[] = {7, -3, 7, INT64_MAX, 0, 7, INT64_MIN};
    const int64_t sorted[] = {INT64_MIN, -3, 0, 7, INT64_MAX};

    ck_assert_uint_eq(display_people_sort(ids, 7), 5);
    ck_assert_mem_eq(ids, sorted, sizeof sorted);
}
END_TEST

START_TEST(one_person_or_none_is_as_it_was)
{
    int64_t one = 7;

    ck_assert_uint_eq(display_people_sort(&one, 1), 1);
    ck_assert_int_eq(one, 7);
    ck_assert_uint_eq(display_people_sort(&one, 0), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("display rules");
    TCase *rules = tcase_create("rules");

    tcase_add_loop_test(rules, a_picture_is_shown_for_a_minute_at_most, 0, sizeof SECONDS / sizeof *SECONDS);
    tcase_add_test(rules, nobody_counts_twice_and_the_order_is_that_of_the_ids);
    tcase_add_test(rules, one_person_or_none_is_as_it_was);
    suite_add_tcase(suite, rules);
    return suite_run(suite);
}
