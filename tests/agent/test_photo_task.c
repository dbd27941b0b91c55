/* What the photo screen does next. */
#include "photo_task.h"
#include "suite.h"

enum { NOW = 1000000, MINUTE = 60000, ID = 7 };

static photo_task task;

static void order(void)
{
    task = photo_task_idle();
    ck_assert_int_eq(photo_task_take(&task, ID, false, MINUTE, NOW), PHOTO_SHOW);
    ck_assert_int_eq(photo_task_say(&task), PHOTO_SAYS_SHOWING);
}

static void send_all(void)
{
    for (uint32_t size; (size = photo_task_part(&task)) > 0;)
        photo_task_sent(&task, size);
}

START_TEST(without_an_order_nothing_is_shown_said_or_due)
{
    task = photo_task_idle();
    ck_assert(!photo_task_is_shown(&task));
    ck_assert_int_eq(photo_task_say(&task), PHOTO_SAYS_NOTHING);
    ck_assert_int_eq(photo_task_due_ms(&task), INT64_MAX);
    photo_task_taken(&task, 100);
    ck_assert_uint_eq(photo_task_part(&task), 0);
    ck_assert_int_eq(photo_task_looked(&task, true, NOW), PHOTO_NOTHING);
    ck_assert_int_eq(photo_task_fail(&task), PHOTO_NOTHING);
    ck_assert_int_eq(photo_task_leave(&task), PHOTO_NOTHING);
    ck_assert_int_eq(photo_task_lost(&task), PHOTO_NOTHING);
    ck_assert_int_eq(photo_task_say(&task), PHOTO_SAYS_NOTHING);
}
END_TEST

START_TEST(an_order_is_shown_taken_sent_and_done)
{
    order();
    ck_assert(photo_task_is_shown(&task));
    ck_assert_int_eq(photo_task_due_ms(&task), NOW);
    photo_task_taken(&task, 40000);
    ck_assert_int_eq(photo_task_looked(&task, true, NOW), PHOTO_NOTHING);
    ck_assert_uint_eq(photo_task_part(&task), 16384);
    photo_task_sent(&task, 16384);
    photo_task_sent(&task, 16384);
    ck_assert_uint_eq(photo_task_part(&task), 40000 - 2 * 16384);
    photo_task_sent(&task, 40000 - 2 * 16384);
    ck_assert_int_eq(task.state, PHOTO_WAITING);
    ck_assert_uint_eq(photo_task_part(&task), 0);
    ck_assert(photo_task_is_shown(&task));
    ck_assert_int_eq(photo_task_done(&task, ID), PHOTO_THANKS);
    ck_assert(!photo_task_is_shown(&task));
    ck_assert_int_eq(photo_task_say(&task), PHOTO_SAYS_NOTHING);
}
END_TEST

START_TEST(a_refused_picture_is_taken_again_after_a_moment_to_read_why)
{
    order();
    photo_task_taken(&task, 100);
    send_all();
    ck_assert_int_eq(photo_task_take(&task, ID, true, 50000, NOW + 9000), PHOTO_AGAIN);
    ck_assert_int_eq(task.state, PHOTO_LOOKING);
    ck_assert_int_eq(photo_task_due_ms(&task), NOW + 9000 + PHOTO_READ_MS);
    ck_assert_int_eq(task.until_ms, NOW + 59000);
    ck_assert_uint_eq(photo_task_part(&task), 0);
    photo_task_taken(&task, 200);
    ck_assert_uint_eq(photo_task_part(&task), 200);
}
END_TEST

START_TEST(a_refusal_in_the_middle_of_a_picture_drops_the_rest)
{
    order();
    photo_task_taken(&task, 40000);
    photo_task_sent(&task, 16384);
    ck_assert_int_eq(photo_task_take(&task, ID, true, MINUTE, NOW), PHOTO_AGAIN);
    ck_assert_uint_eq(photo_task_part(&task), 0);
    photo_task_sent(&task, 16384);
    ck_assert_int_eq(task.state, PHOTO_LOOKING);
    /* And said twice it is old news. */
    ck_assert_int_eq(photo_task_take(&task, ID, true, MINUTE, NOW), PHOTO_NOTHING);
}
END_TEST

START_TEST(the_same_order_twice_changes_nothing)
{
    order();
    photo_task_taken(&task, 100);
    ck_assert_int_eq(photo_task_take(&task, ID, false, MINUTE, NOW), PHOTO_NOTHING);
    ck_assert_int_eq(task.state, PHOTO_SENDING);
    ck_assert_int_eq(photo_task_done(&task, ID), PHOTO_THANKS);
    ck_assert_int_eq(photo_task_take(&task, ID, false, MINUTE, NOW), PHOTO_NOTHING);
    ck_assert_int_eq(photo_task_take(&task, ID, true, MINUTE, NOW), PHOTO_NOTHING);
    ck_assert(!photo_task_is_shown(&task));
}
END_TEST

START_TEST(another_order_takes_the_place_of_the_present_one)
{
    order();
    photo_task_taken(&task, 40000);
    ck_assert_int_eq(photo_task_take(&task, ID + 1, false, MINUTE, NOW), PHOTO_SHOW);
    ck_assert_int_eq(task.id, ID + 1);
    ck_assert_uint_eq(photo_task_part(&task), 0);
    ck_assert_int_eq(photo_task_done(&task, ID), PHOTO_NOTHING);
    ck_assert_int_eq(photo_task_cancel(&task, ID), PHOTO_NOTHING);
    ck_assert(photo_task_is_shown(&task));
    ck_assert_int_eq(photo_task_cancel(&task, ID + 1), PHOTO_LEAVE);
    ck_assert(!photo_task_is_shown(&task));
}
END_TEST

START_TEST(orders_that_make_no_sense_are_not_followed)
{
    task = photo_task_idle();
    ck_assert_int_eq(photo_task_take(&task, 0, false, MINUTE, NOW), PHOTO_NOTHING);
    ck_assert_int_eq(photo_task_take(&task, ID, false, 0, NOW), PHOTO_NOTHING);
    ck_assert_int_eq(photo_task_done(&task, 0), PHOTO_NOTHING);
    ck_assert_int_eq(photo_task_cancel(&task, 0), PHOTO_NOTHING);
    ck_assert_int_eq(photo_task_take(&task, ID, false, UINT32_MAX, NOW), PHOTO_SHOW);
    ck_assert_int_eq(task.until_ms, NOW + PHOTO_LONGEST_MS);
}
END_TEST

START_TEST(its_time_ends_it_in_every_state)
{
    for (int state = PHOTO_LOOKING; state <= PHOTO_WAITING; state++) {
        order();
        if (state >= PHOTO_SENDING)
            photo_task_taken(&task, 100);
        if (state == PHOTO_WAITING)
            send_all();
        ck_assert_int_eq(task.state, state);
        ck_assert_int_eq(photo_task_tick(&task, NOW + MINUTE - 1), PHOTO_NOTHING);
        ck_assert_int_eq(photo_task_tick(&task, NOW + MINUTE), PHOTO_LEAVE);
        ck_assert_int_eq(photo_task_due_ms(&task), INT64_MAX);
        ck_assert_int_eq(photo_task_say(&task), PHOTO_SAYS_NOTHING); /* the server has a clock too */
    }
}
END_TEST

START_TEST(the_camera_is_asked_every_so_often_and_has_failed_when_it_gives_nothing_for_long)
{
    int64_t now_ms = NOW;
    photo_action action = PHOTO_NOTHING;

    order();
    ck_assert_int_eq(photo_task_looked(&task, true, now_ms), PHOTO_NOTHING);
    while (action == PHOTO_NOTHING) {
        ck_assert_int_le(now_ms, NOW + PHOTO_BLIND_MS);
        now_ms = photo_task_due_ms(&task);
        action = photo_task_looked(&task, false, now_ms);
    }
    ck_assert_int_eq(action, PHOTO_LEAVE);
    ck_assert_int_ge(now_ms, NOW + PHOTO_BLIND_MS);
    ck_assert_int_eq(photo_task_say(&task), PHOTO_SAYS_FAILED);
    ck_assert_int_eq(photo_task_say(&task), PHOTO_SAYS_NOTHING);
    ck_assert_int_eq(task.id, ID); /* of whom it is said */
}
END_TEST

START_TEST(who_leaves_is_said_and_a_lost_connection_is_not)
{
    order();
    ck_assert_int_eq(photo_task_leave(&task), PHOTO_LEAVE);
    ck_assert_int_eq(photo_task_say(&task), PHOTO_SAYS_CANCELLED);
    order();
    ck_assert_int_eq(photo_task_lost(&task), PHOTO_LEAVE);
    ck_assert_int_eq(photo_task_say(&task), PHOTO_SAYS_NOTHING);
    order(); /* what is ordered after it is new, whatever its number */
}
END_TEST

START_TEST(a_picture_of_no_size_or_too_large_is_not_sent)
{
    order();
    photo_task_taken(&task, 0);
    photo_task_taken(&task, PHOTO_PICTURE_MAX + 1);
    ck_assert_int_eq(task.state, PHOTO_LOOKING);
    photo_task_taken(&task, PHOTO_PICTURE_MAX);
    send_all();
    ck_assert_int_eq(task.state, PHOTO_WAITING);
}
END_TEST

int main(void)
{
    return RUN_SUITE("photo_task", 10, without_an_order_nothing_is_shown_said_or_due,
                     an_order_is_shown_taken_sent_and_done, a_refused_picture_is_taken_again_after_a_moment_to_read_why,
                     a_refusal_in_the_middle_of_a_picture_drops_the_rest, the_same_order_twice_changes_nothing,
                     another_order_takes_the_place_of_the_present_one, orders_that_make_no_sense_are_not_followed,
                     its_time_ends_it_in_every_state,
                     the_camera_is_asked_every_so_often_and_has_failed_when_it_gives_nothing_for_long,
                     who_leaves_is_said_and_a_lost_connection_is_not, a_picture_of_no_size_or_too_large_is_not_sent);
}
