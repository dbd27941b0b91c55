#include <check.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "suite.h"

static arena memory;
static char released[16];

static void begin(void)
{
    arena_init(&memory, 1 << 20);
    memset(released, 0, sizeof released);
}

static void end(void)
{
    arena_done(&memory);
}

static void note_release(void *what)
{
    strcat(released, what);
}

START_TEST(memory_is_zeroed_aligned_and_apart)
{
    for (size_t size = 0; size < 3000; size += 37) {
        uint8_t *piece = arena_alloc(&memory, size);

        ck_assert_ptr_nonnull(piece);
        ck_assert_uint_eq((uintptr_t)piece % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            ck_assert_uint_eq(piece[i], 0);
        memset(piece, 0xff, size);
    }
}
END_TEST

START_TEST(nothing_is_given_beyond_the_cap)
{
    size_t given = 0;

    arena_init(&memory, 10000);
    while (arena_alloc(&memory, 100))
        given += 100;
    ck_assert_uint_ge(given, 8500);
    ck_assert_uint_le(memory.taken, 10000);
    ck_assert_ptr_null(arena_alloc(&memory, 10001));
}
END_TEST

START_TEST(sizes_near_the_largest_number_are_refused)
{
    ck_assert_ptr_null(arena_alloc(&memory, SIZE_MAX));
    ck_assert_ptr_null(arena_array(&memory, SIZE_MAX / 8, 16));
    ck_assert_ptr_null(arena_copy(&memory, "", SIZE_MAX));
    ck_assert_ptr_nonnull(arena_array(&memory, 8, 16));
}
END_TEST

START_TEST(a_big_request_does_not_waste_the_block_in_use)
{
    char *before = arena_alloc(&memory, 16);
    char *after;

    ck_assert_ptr_nonnull(arena_alloc(&memory, 100000));
    after = arena_alloc(&memory, 16);
    ck_assert_ptr_eq(after, before + 16);
}
END_TEST

START_TEST(copies_end_in_nul)
{
    ck_assert_mem_eq(arena_copy(&memory, "a\0b", 3), "a\0b\0", 4);
    ck_assert_str_eq(arena_copy(&memory, NULL, 0), "");
    ck_assert_str_eq(arena_text(&memory, "gate"), "gate");
    ck_assert_str_eq(arena_printf(&memory, "%s-%d", "gate", 12), "gate-12");
}
END_TEST

START_TEST(cleanups_run_once_and_the_last_registered_first)
{
    ck_assert(arena_on_release(&memory, note_release, "a"));
    ck_assert(arena_on_release(&memory, note_release, "b"));
    ck_assert(arena_on_release(&memory, note_release, "c"));
    arena_reset(&memory);
    ck_assert_str_eq(released, "cba");
    arena_reset(&memory);
    ck_assert_str_eq(released, "cba");
}
END_TEST

START_TEST(a_cleanup_that_finds_no_memory_is_left_to_the_caller)
{
    arena_init(&memory, 0);
    ck_assert(!arena_on_release(&memory, note_release, "a"));
    arena_reset(&memory);
    ck_assert_str_eq(released, "");
}
END_TEST

START_TEST(after_a_reset_the_whole_cap_is_there_again)
{
    arena_init(&memory, 5000);
    ck_assert_ptr_nonnull(arena_alloc(&memory, 4000));
    ck_assert_ptr_null(arena_alloc(&memory, 4000));
    arena_reset(&memory);
    ck_assert_uint_eq(memory.taken, 0);
    ck_assert_ptr_nonnull(arena_alloc(&memory, 4000));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("arena");
    TCase *tests = tcase_create("arena");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, memory_is_zeroed_aligned_and_apart);
    tcase_add_test(tests, nothing_is_given_beyond_the_cap);
    tcase_add_test(tests, sizes_near_the_largest_number_are_refused);
    tcase_add_test(tests, a_big_request_does_not_waste_the_block_in_use);
    tcase_add_test(tests, copies_end_in_nul);
    tcase_add_test(tests, cleanups_run_once_and_the_last_registered_first);
    tcase_add_test(tests, a_cleanup_that_finds_no_memory_is_left_to_the_caller);
    tcase_add_test(tests, after_a_reset_the_whole_cap_is_there_again);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
