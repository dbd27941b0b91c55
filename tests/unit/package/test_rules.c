#include "package_rules.h"

#include <check.h>

#include "suite.h"

static bool sound(size_t count, const int32_t *stages)
{
    return rollout_stages_are_sound(stages, count);
}

#define SOUND(...) sound(sizeof((const int32_t[]){__VA_ARGS__}) / sizeof(int32_t), (const int32_t[]){__VA_ARGS__})

START_TEST(stages_rise_to_a_hundred)
{
    ck_assert(SOUND(100));
    ck_assert(SOUND(1, 2, 100));
    ck_assert(SOUND(10, 20, 30, 40, 50, 60, 70, 80, 90, 100));
    ck_assert(!SOUND(50));
    ck_assert(!SOUND(0, 100));
    ck_assert(!SOUND(-1, 100));
    ck_assert(!SOUND(50, 50, 100));
    ck_assert(!SOUND(60, 50, 100));
    ck_assert(!SOUND(50, 101));
    ck_assert(!SOUND(100, 100));
    ck_assert(!SOUND(9, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100));
    ck_assert(!sound(0, NULL));
}
END_TEST

/* How many of so many terminals are in each of the stages. */
static void count(size_t devices, const int32_t stages[3], size_t ret_counts[3])
{
    ret_counts[0] = ret_counts[1] = ret_counts[2] = 0;
    for (size_t place = 0; place < devices; place++) {
        size_t stage = rollout_stage_of(place, devices, stages, 3);

        ck_assert_uint_lt(stage, 3);
        ret_counts[stage]++;
    }
}

START_TEST(a_stage_has_its_share_rounded_up)
{
    static const struct {
        size_t devices;
        int32_t stages[3];
        size_t counts[3];
    } cases[] = {
        {1, {1, 50, 100}, {1, 0, 0}},
        {2, {1, 50, 100}, {1, 0, 1}},
        {4, {25, 50, 100}, {1, 1, 2}},
        {100, {1, 10, 100}, {1, 9, 90}},
        {1000, {5, 25, 100}, {50, 200, 750}},
        {3, {34, 67, 100}, {2, 1, 0}},
        {99999, {1, 50, 100}, {1000, 49000, 49999}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t counts[3];

        count(cases[i].devices, cases[i].stages, counts);
        for (size_t stage = 0; stage < 3; stage++)
            ck_assert_msg(counts[stage] == cases[i].counts[stage], "case %zu, stage %zu: %zu", i, stage, counts[stage]);
    }
}
END_TEST

START_TEST(a_reason_is_a_word_in_capitals)
{
    ck_assert(package_reason_is_sound("ROLLED_BACK"));
    ck_assert(package_reason_is_sound("E2BIG"));
    ck_assert(!package_reason_is_sound(""));
    ck_assert(!package_reason_is_sound("rolled back"));
    ck_assert(!package_reason_is_sound("A\n"));
    ck_assert(!package_reason_is_sound("Ä"));
}
END_TEST

int main(void)
{
    return RUN_SUITE("package rules", 10, stages_rise_to_a_hundred, a_stage_has_its_share_rounded_up,
                     a_reason_is_a_word_in_capitals);
}
