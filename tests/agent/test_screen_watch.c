/* When a frame of the screen is made for the console, and what of it goes up. */
#include "screen_watch.h"
#include "suite.h"

enum { NOW = 1000000, WANTED = 10000, EVERY = 1000 };

static screen_watch watch;

static void order(void)
{
    watch = screen_watch_none();
    ck_assert(screen_watch_order(&watch, WANTED, EVERY, NOW));
}

static uint32_t part(void)
{
    uint32_t size;

    return screen_watch_part(&watch, &size) ? size : UINT32_MAX;
}

/* A frame, made and sent. */
static void show(int64_t now_ms, uint32_t size)
{
    ck_assert(screen_watch_tick(&watch, now_ms));
    screen_watch_made(&watch, size);
    for (uint32_t n; (n = part()) != UINT32_MAX;)
        screen_watch_sent(&watch, n);
}

START_TEST(unwatched_nothing_is_made_sent_or_due)
{
    watch = screen_watch_none();
    ck_assert(!screen_watch_tick(&watch, NOW));
    ck_assert_int_eq(screen_watch_due_ms(&watch), INT64_MAX);
    screen_watch_made(&watch, 100);
    screen_watch_same(&watch);
    screen_watch_failed(&watch);
    ck_assert_uint_eq(part(), UINT32_MAX);
    ck_assert(!screen_watch_order(&watch, 0, EVERY, NOW));
    ck_assert_int_eq(watch.state, SCREEN_UNWATCHED);
}
END_TEST

START_TEST(the_first_frame_is_made_at_once_and_sent_in_parts)
{
    order();
    ck_assert_int_eq(screen_watch_due_ms(&watch), NOW);
    ck_assert(screen_watch_tick(&watch, NOW));
    ck_assert_uint_eq(part(), UINT32_MAX);
    screen_watch_made(&watch, 40000);
    ck_assert_uint_eq(watch.frame, 1);
    ck_assert_uint_eq(part(), 16384);
    screen_watch_sent(&watch, 16384);
    screen_watch_sent(&watch, 16384);
    ck_assert_uint_eq(part(), 40000 - 2 * 16384);
    screen_watch_sent(&watch, 40000 - 2 * 16384);
    ck_assert_uint_eq(part(), UINT32_MAX);
}
END_TEST

START_TEST(the_next_frame_waits_for_its_time_and_for_the_one_before)
{
    order();
    ck_assert(screen_watch_tick(&watch, NOW));
    ck_assert(!screen_watch_tick(&watch, NOW + EVERY)); /* still being made */
    screen_watch_made(&watch, 20000);
    ck_assert(!screen_watch_tick(&watch, NOW + EVERY)); /* still being sent */
    screen_watch_sent(&watch, 16384);
    screen_watch_sent(&watch, 20000 - 16384);
    ck_assert(!screen_watch_tick(&watch, NOW + EVERY - 1));
    ck_assert_int_eq(screen_watch_due_ms(&watch), NOW + EVERY);
    ck_assert(screen_watch_tick(&watch, NOW + EVERY));
    screen_watch_made(&watch, 100);
    ck_assert_uint_eq(watch.frame, 2);
}
END_TEST

START_TEST(that_nothing_has_changed_is_said_of_the_last_frame)
{
    order();
    show(NOW, 100);
    ck_assert(screen_watch_tick(&watch, NOW + EVERY));
    screen_watch_same(&watch);
    ck_assert_uint_eq(part(), 0);
    ck_assert_uint_eq(watch.frame, 1);
    ck_assert_uint_eq(watch.total, 0);
    screen_watch_sent(&watch, 0);
    ck_assert_uint_eq(part(), UINT32_MAX);
    ck_assert_int_eq(watch.state, SCREEN_WAITING);
}
END_TEST

START_TEST(before_the_first_frame_there_is_none_that_it_could_equal)
{
    order();
    ck_assert(screen_watch_tick(&watch, NOW));
    screen_watch_same(&watch);
    ck_assert_uint_eq(part(), UINT32_MAX);
    ck_assert_int_eq(watch.state, SCREEN_WAITING);
}
END_TEST

START_TEST(it_ends_by_its_time_in_every_state)
{
    for (int at = 0; at < 3; at++) {
        order();
        if (at > 0)
            ck_assert(screen_watch_tick(&watch, NOW));
        if (at > 1)
            screen_watch_made(&watch, 100);
        ck_assert(!screen_watch_tick(&watch, NOW + WANTED));
        ck_assert_int_eq(watch.state, SCREEN_UNWATCHED);
        ck_assert_uint_eq(part(), UINT32_MAX);
    }
}
END_TEST

START_TEST(an_order_prolongs_the_one_before_and_counts_on)
{
    order();
    show(NOW, 100);
    ck_assert(!screen_watch_order(&watch, WANTED, EVERY, NOW + 9000));
    ck_assert(screen_watch_tick(&watch, NOW + WANTED));
    screen_watch_made(&watch, 100);
    ck_assert_uint_eq(watch.frame, 2);
    ck_assert(!screen_watch_tick(&watch, NOW + 9000 + WANTED));
    ck_assert_int_eq(watch.state, SCREEN_UNWATCHED);
}
END_TEST

START_TEST(an_order_after_the_end_begins_anew)
{
    order();
    show(NOW, 100);
    ck_assert(!screen_watch_order(&watch, 0, 0, NOW + 1));
    ck_assert_int_eq(watch.state, SCREEN_UNWATCHED);
    ck_assert(screen_watch_order(&watch, WANTED, EVERY, NOW + 2));
    ck_assert_uint_eq(watch.frame, 0);
    show(NOW + 2, 100);
    ck_assert_uint_eq(watch.frame, 1);
    /* Its time is over, and nobody has looked since. */
    ck_assert(screen_watch_order(&watch, WANTED, EVERY, NOW + 2 + WANTED));
    ck_assert_uint_eq(watch.frame, 0);
    screen_watch_lost(&watch);
    ck_assert_int_eq(watch.state, SCREEN_UNWATCHED);
}
END_TEST

START_TEST(times_that_make_no_sense_are_brought_within_bounds)
{
    watch = screen_watch_none();
    ck_assert(screen_watch_order(&watch, UINT32_MAX, 0, NOW));
    ck_assert_int_eq(watch.until_ms, NOW + SCREEN_WANTED_MAX_MS);
    ck_assert_int_eq(watch.interval_ms, SCREEN_INTERVAL_MIN_MS);
    ck_assert(!screen_watch_order(&watch, 1, UINT32_MAX, NOW));
    ck_assert_int_eq(watch.until_ms, NOW + 1);
    ck_assert_int_eq(watch.interval_ms, SCREEN_INTERVAL_MAX_MS);
}
END_TEST

START_TEST(a_frame_of_no_size_or_too_large_is_left_out)
{
    order();
    ck_assert(screen_watch_tick(&watch, NOW));
    screen_watch_made(&watch, 0);
    ck_assert_int_eq(watch.state, SCREEN_WAITING);
    ck_assert(screen_watch_tick(&watch, NOW + EVERY));
    screen_watch_made(&watch, SCREEN_FRAME_MAX + 1);
    ck_assert_int_eq(watch.state, SCREEN_WAITING);
    ck_assert(screen_watch_tick(&watch, NOW + 2 * EVERY));
    screen_watch_failed(&watch);
    ck_assert_int_eq(watch.state, SCREEN_WAITING);
    ck_assert_uint_eq(watch.frame, 0);
    show(NOW + 3 * EVERY, SCREEN_FRAME_MAX);
    ck_assert_uint_eq(watch.frame, 1);
}
END_TEST

int main(void)
{
    return RUN_SUITE(
        "screen_watch", 10, unwatched_nothing_is_made_sent_or_due, the_first_frame_is_made_at_once_and_sent_in_parts,
        the_next_frame_waits_for_its_time_and_for_the_one_before, that_nothing_has_changed_is_said_of_the_last_frame,
        before_the_first_frame_there_is_none_that_it_could_equal, it_ends_by_its_time_in_every_state,
        an_order_prolongs_the_one_before_and_counts_on, an_order_after_the_end_begins_anew,
        times_that_make_no_sense_are_brought_within_bounds, a_frame_of_no_size_or_too_large_is_left_out);
}
