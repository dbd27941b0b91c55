/* Pictures whose terminals are away. */
#include <stdlib.h>
#include <unistd.h>

#include "link_tests.h"
#include "snapshot_shelf.h"

enum { PICTURE = 1000 };

static snapshot_shelf *shelf;

static void begin(size_t bytes, int64_t age_ms)
{
    shelf = snapshot_shelf_new(&(snapshot_shelf_options){.bytes = bytes, .age_ms = age_ms});
    ck_assert_ptr_nonnull(shelf);
}

static void put(int64_t device_id, uint64_t seq)
{
    snapshot_parts *p = calloc(1, sizeof *p + PICTURE);

    ck_assert_ptr_nonnull(p);
    p->device_id = device_id;
    p->seq = seq;
    p->total = PICTURE;
    snapshot_shelf_put(shelf, p);
}

/* The record whose picture lies there; 0: none does. */
static uint64_t take(int64_t device_id)
{
    snapshot_parts *p = snapshot_shelf_take(shelf, device_id);
    uint64_t seq = p ? p->seq : 0;

    free(p);
    return seq;
}

START_TEST(what_was_put_there_is_taken_once)
{
    begin(0, 0);
    put(1, 11);
    put(2, 22);
    put(3, 33);
    ck_assert_uint_eq(take(2), 22);
    ck_assert_uint_eq(take(2), 0);
    ck_assert_uint_eq(take(4), 0);
    ck_assert_uint_eq(take(1), 11);
    ck_assert_uint_eq(take(3), 33);
    snapshot_shelf_free(shelf);
}
END_TEST

START_TEST(a_terminal_has_one_place)
{
    begin(0, 0);
    put(1, 11);
    put(1, 12);
    ck_assert_uint_eq(take(1), 12);
    ck_assert_uint_eq(take(1), 0);
    put(1, 13); /* and what is left there goes with the shelf */
    snapshot_shelf_free(shelf);
}
END_TEST

START_TEST(the_oldest_go_when_there_are_too_many_bytes)
{
    begin(3 * (sizeof(snapshot_parts) + PICTURE), 0);
    for (int64_t device = 1; device <= 5; device++)
        put(device, (uint64_t)device);
    ck_assert_uint_eq(take(1), 0);
    ck_assert_uint_eq(take(2), 0);
    ck_assert_uint_eq(take(3), 3);
    put(6, 6);
    ck_assert_uint_eq(take(4), 4);
    ck_assert_uint_eq(take(5), 5);
    ck_assert_uint_eq(take(6), 6);
    snapshot_shelf_free(shelf);
}
END_TEST

START_TEST(what_nobody_asked_for_in_time_is_gone)
{
    begin(0, 50);
    put(1, 11);
    usleep(100000);
    put(2, 22);
    ck_assert_uint_eq(take(1), 0);
    snapshot_shelf_free(shelf);
}
END_TEST

TCase *snapshot_shelf_tests(void)
{
    TCase *tests = tcase_create("shelf");

    tcase_add_test(tests, what_was_put_there_is_taken_once);
    tcase_add_test(tests, a_terminal_has_one_place);
    tcase_add_test(tests, the_oldest_go_when_there_are_too_many_bytes);
    tcase_add_test(tests, what_nobody_asked_for_in_time_is_gone);
    return tests;
}
