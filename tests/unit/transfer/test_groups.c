/* Groups by path, and the map of texts. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "group_paths.h"
#include "suite.h"
#include "text_map.h"

static const group_node NODES[] = {
    {1, 0, "Head office"}, {2, 1, "Works"}, {3, 1, "Office"}, {4, 2, "Night"},
    {5, 3, "Night"},       {6, 2, "A / B"}, {7, 3, "车间"},   {8, 4, "Works"},
};
enum { NODES_COUNT = sizeof NODES / sizeof *NODES };

static arena memory;

static void up(void)
{
    arena_init(&memory, 1 << 22);
}

static void down(void)
{
    arena_done(&memory);
}

static const struct {
    const char *text;
    group_verdict verdict;
    int64_t id;
} ASKED[] = {
    {"Head office", GROUP_FOUND, 1},
    {"Head office / Works", GROUP_FOUND, 2},
    {"Head office/Works", GROUP_FOUND, 2},
    {"Head office  /  Works / Night", GROUP_FOUND, 4},
    {"Works / Night", GROUP_FOUND, 4},
    {"Office/Night", GROUP_FOUND, 5},
    {"Night", GROUP_AMBIGUOUS, 0},
    {"Works", GROUP_AMBIGUOUS, 0},
    {"Night / Works", GROUP_FOUND, 8},
    {"Office", GROUP_FOUND, 3},
    {"office", GROUP_UNKNOWN, 0},
    {"ight", GROUP_UNKNOWN, 0},
    {"车间", GROUP_FOUND, 7},
    {"A/B", GROUP_FOUND, 6},
    {"A / B", GROUP_FOUND, 6},
    {"Works / A / B", GROUP_FOUND, 6},
    {"/", GROUP_UNKNOWN, 0},
    {"Head office / Works / Night / Works / Night", GROUP_UNKNOWN, 0},
    {"Elsewhere / Head office", GROUP_UNKNOWN, 0},
};

START_TEST(a_group_is_found_by_its_path_or_as_much_of_it_as_is_its_own)
{
    const group_paths *paths = group_paths_make(&memory, NODES, NODES_COUNT);
    int64_t id = 0;

    ck_assert_msg(group_paths_find(paths, ASKED[_i].text, &id) == ASKED[_i].verdict, "%s", ASKED[_i].text);
    if (ASKED[_i].verdict == GROUP_FOUND)
        ck_assert_int_eq(id, ASKED[_i].id);
}
END_TEST

START_TEST(every_path_that_is_written_is_found_again)
{
    const group_paths *paths = group_paths_make(&memory, NODES, NODES_COUNT);

    ck_assert_uint_eq(group_paths_count(paths), NODES_COUNT);
    for (size_t i = 0; i < NODES_COUNT; i++) {
        int64_t id;

        ck_assert_int_eq(group_paths_find(paths, group_path(paths, NODES[i].id), &id), GROUP_FOUND);
        ck_assert_int_eq(id, NODES[i].id);
        if (i > 0)
            ck_assert_int_lt(strcmp(group_path_at(paths, i - 1), group_path_at(paths, i)), 0);
    }
    ck_assert_str_eq(group_path(paths, 4), "Head office / Works / Night");
    ck_assert_str_eq(group_path(paths, 99), "");
}
END_TEST

START_TEST(no_groups_are_no_fault)
{
    const group_paths *paths = group_paths_make(&memory, NULL, 0);
    int64_t id;

    ck_assert_int_eq(group_paths_find(paths, "Works", &id), GROUP_UNKNOWN);
    ck_assert_str_eq(group_path(paths, 1), "");
}
END_TEST

START_TEST(a_text_of_any_length_may_be_asked_for)
{
    static char text[8192];
    const group_paths *paths = group_paths_make(&memory, NODES, NODES_COUNT);
    int64_t id;

    memset(text, '/', sizeof text - 1);
    ck_assert_int_eq(group_paths_find(paths, text, &id), GROUP_UNKNOWN);
}
END_TEST

START_TEST(ten_thousand_groups_are_told_apart)
{
    enum { MANY = 10000 };
    group_node *nodes = arena_array(&memory, MANY, sizeof *nodes);
    const group_paths *paths;
    int64_t id;

    for (int i = 0; i < MANY; i++)
        nodes[i] = (group_node){i + 1, i ? 1 + (i - 1) / 10 : 0, arena_printf(&memory, "group %d", i)};
    paths = group_paths_make(&memory, nodes, MANY);
    ck_assert_ptr_nonnull(paths);
    for (int i = 0; i < MANY; i++) {
        ck_assert_int_eq(group_paths_find(paths, nodes[i].name, &id), GROUP_FOUND);
        ck_assert_int_eq(id, i + 1);
    }
}
END_TEST

START_TEST(a_map_keeps_what_it_was_given)
{
    enum { MANY = 20000 };
    static int values[MANY];
    text_map map;

    text_map_init(&map, &memory);
    ck_assert_ptr_null(text_map_get(&map, "0"));
    for (int i = 0; i < MANY; i++)
        ck_assert(text_map_put(&map, arena_printf(&memory, "%d", i), &values[i]));
    for (int i = 0; i < MANY; i++) {
        char key[16];

        snprintf(key, sizeof key, "%d", i);
        ck_assert_ptr_eq(text_map_get(&map, key), &values[i]);
    }
    ck_assert_uint_eq(map.count, MANY);
    ck_assert(text_map_put(&map, "7", &values[8]));
    ck_assert_ptr_eq(text_map_get(&map, "7"), &values[8]);
    ck_assert_uint_eq(map.count, MANY);
    ck_assert_ptr_null(text_map_get(&map, "-1"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("groups by path");
    TCase *tests = tcase_create("groups by path");

    tcase_add_checked_fixture(tests, up, down);
    tcase_add_loop_test(tests, a_group_is_found_by_its_path_or_as_much_of_it_as_is_its_own, 0,
                        sizeof ASKED / sizeof *ASKED);
    tcase_add_test(tests, every_path_that_is_written_is_found_again);
    tcase_add_test(tests, no_groups_are_no_fault);
    tcase_add_test(tests, a_text_of_any_length_may_be_asked_for);
    tcase_add_test(tests, ten_thousand_groups_are_told_apart);
    tcase_add_test(tests, a_map_keeps_what_it_was_given);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
