#include <check.h>
#include <stdlib.h>
#include <limits.h>
#include <string.h>

#include "bitmap.h"
#include "suite.h"

static bitmap plain(int width, int height, uint8_t value)
{
    bitmap b;

    ck_assert(bitmap_init(&b, width, height));
    memset(b.rgb, value, (size_t)width * (size_t)height * 3);
    return b;
}

static uint8_t *pixel(const bitmap *b, int x, int y)
{
    return b->rgb + ((size_t)y * (size_t)b->width + (size_t)x) * 3;
}

START_TEST(a_new_picture_is_black)
{
    bitmap b;

    ck_assert(bitmap_init(&b, 3, 2));
    for (int i = 0; i < 3 * 2 * 3; i++)
        ck_assert_uint_eq(b.rgb[i], 0);
    bitmap_done(&b);
    bitmap_done(&b); /* done twice is done */
}
END_TEST

START_TEST(impossible_sizes_are_refused)
{
    bitmap b;

    ck_assert(!bitmap_init(&b, 0, 5));
    ck_assert(!bitmap_init(&b, 5, -1));
    ck_assert(!bitmap_init(&b, INT_MAX, INT_MAX));
    ck_assert(!bitmap_init(&b, BITMAP_PIXELS_MAX / 1000 + 1, 1000));
}
END_TEST

START_TEST(one_colour_stays_that_colour_at_any_size)
{
    static const int sizes[][2] = {{1, 1}, {7, 5}, {100, 3}, {64, 48}, {200, 150}};
    bitmap from = plain(64, 48, 137);
    face_picture view = bitmap_view(&from);

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        bitmap to;

        ck_assert(bitmap_resize(&view, sizes[i][0], sizes[i][1], &to));
        ck_assert_int_eq(to.width, sizes[i][0]);
        ck_assert_int_eq(to.height, sizes[i][1]);
        for (int p = 0; p < to.width * to.height * 3; p++)
            ck_assert_uint_eq(to.rgb[p], 137);
        bitmap_done(&to);
    }
    bitmap_done(&from);
}
END_TEST

START_TEST(shrinking_averages)
{
    bitmap from = plain(64, 64, 0), to;

    for (int y = 0; y < 64; y++)
        for (int x = 0; x < 64; x++)
            memset(pixel(&from, x, y), (x + y) % 2 ? 200 : 100, 3);
    face_picture view = bitmap_view(&from);
    ck_assert(bitmap_resize(&view, 8, 8, &to));
    for (int p = 0; p < 8 * 8 * 3; p++)
        ck_assert_uint_eq(to.rgb[p] / 4, 150 / 4);
    bitmap_done(&from);
    bitmap_done(&to);
}
END_TEST

START_TEST(the_same_size_changes_nothing)
{
    bitmap from = plain(9, 6, 0), to;

    for (int i = 0; i < 9 * 6 * 3; i++)
        from.rgb[i] = (uint8_t)(i * 7);
    face_picture view = bitmap_view(&from);
    ck_assert(bitmap_resize(&view, 9, 6, &to));
    ck_assert_mem_eq(from.rgb, to.rgb, 9 * 6 * 3);
    bitmap_done(&from);
    bitmap_done(&to);
}
END_TEST

START_TEST(shrinking_keeps_the_proportions_and_never_enlarges)
{
    bitmap from = plain(400, 100, 9), to;
    face_picture view = bitmap_view(&from);

    ck_assert(bitmap_shrink(&view, 200, &to));
    ck_assert_int_eq(to.width, 200);
    ck_assert_int_eq(to.height, 50);
    bitmap_done(&to);
    ck_assert(bitmap_shrink(&view, 1000, &to));
    ck_assert_int_eq(to.width, 400);
    bitmap_done(&to);
    ck_assert(bitmap_shrink(&view, 2, &to)); /* the shorter side keeps a pixel */
    ck_assert_int_eq(to.height, 1);
    bitmap_done(&to);
    bitmap_done(&from);
}
END_TEST

/* To the bit. */
static void compare_in_place(int width, int height, int longer_side)
{
    bitmap from = plain(width, height, 0), to;
    face_picture view = bitmap_view(&from);

    for (int i = 0; i < width * height * 3; i++)
        from.rgb[i] = (uint8_t)rand();
    ck_assert(bitmap_shrink(&view, longer_side, &to));
    ck_assert(bitmap_shrink_in_place(&from, longer_side));
    ck_assert_int_eq(from.width, to.width);
    ck_assert_int_eq(from.height, to.height);
    ck_assert_mem_eq(from.rgb, to.rgb, (size_t)to.width * (size_t)to.height * 3);
    bitmap_done(&from);
    bitmap_done(&to);
}

START_TEST(shrinking_in_place_gives_the_same)
{
    bitmap none = {0};

    srand(3);
    for (int longer_side = 1; longer_side < 130; longer_side++) { /* until nothing is to do */
        compare_in_place(127, 80, longer_side);
        compare_in_place(80, 127, longer_side);
    }
    compare_in_place(1500, 1001, 1024);
    compare_in_place(1025, 1025, 1024);
    compare_in_place(2000, 1, 1024);
    compare_in_place(1, 2000, 1999);
    ck_assert(!bitmap_shrink_in_place(&none, 10));
}
END_TEST

START_TEST(a_cut_beyond_the_edge_repeats_the_edge)
{
    bitmap from = plain(4, 4, 10), to;
    face_picture view = bitmap_view(&from);

    memset(pixel(&from, 0, 0), 77, 3);
    ck_assert(bitmap_crop(&view, -3, -2, 5, 4, &to));
    ck_assert_uint_eq(*pixel(&to, 0, 0), 77);
    ck_assert_uint_eq(*pixel(&to, 3, 2), 77);
    ck_assert_uint_eq(*pixel(&to, 4, 2), 10);
    bitmap_done(&to);
    bitmap_done(&from);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bitmap");
    TCase *tests = tcase_create("bitmap");

    tcase_add_test(tests, a_new_picture_is_black);
    tcase_add_test(tests, impossible_sizes_are_refused);
    tcase_add_test(tests, one_colour_stays_that_colour_at_any_size);
    tcase_add_test(tests, shrinking_averages);
    tcase_add_test(tests, the_same_size_changes_nothing);
    tcase_add_test(tests, shrinking_keeps_the_proportions_and_never_enlarges);
    tcase_add_test(tests, shrinking_in_place_gives_the_same);
    tcase_add_test(tests, a_cut_beyond_the_edge_repeats_the_edge);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
