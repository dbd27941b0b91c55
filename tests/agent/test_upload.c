#include "suite.h"
#include "upload.h"

static upload u;
static uint32_t count;

/* A link that was just welcomed. */
static void welcome(uint64_t acked, uint64_t last)
{
    upload_init(&u, 200, 128);
    ck_assert(upload_begin(&u, acked, last));
}

START_TEST(a_backlog_goes_in_batches_until_the_window_is_full)
{
    welcome(0, 1000);
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_RECORDS);
    ck_assert_uint_eq(count, 128);
    upload_sent(&u, 128);
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_RECORDS);
    ck_assert_uint_eq(count, 72);
    upload_sent(&u, 200);
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_NOTHING);
    ck_assert(upload_acked(&u, 150));
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_RECORDS);
    ck_assert_uint_eq(count, 128);
}
END_TEST

START_TEST(a_picture_waits_while_any_record_does)
{
    welcome(0, 1);
    upload_choose(&u, 1, 50000);
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_RECORDS);
    upload_sent(&u, 1);
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_PICTURE_CHUNK);
    upload_chunk_sent(&u, UPLOAD_CHUNK_MAX);
    upload_appended(&u, 2);
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_RECORDS);
}
END_TEST

START_TEST(a_full_window_holds_pictures_back_too)
{
    welcome(0, 201);
    upload_sent(&u, 200);
    upload_choose(&u, 1, 50000);
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_NOTHING);
}
END_TEST

START_TEST(a_welcome_trims_and_repeats_the_rest)
{
    welcome(40, 50);
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_RECORDS);
    ck_assert_uint_eq(count, 10);
    ck_assert_uint_eq(u.sent_seq, 40);
    upload_sent(&u, 50);
    ck_assert(upload_begin(&u, 45, 50));
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_RECORDS);
    ck_assert_uint_eq(count, 5);
}
END_TEST

START_TEST(what_was_never_sent_cannot_be_acknowledged)
{
    welcome(0, 10);
    upload_sent(&u, 5);
    ck_assert(!upload_acked(&u, 6));
    ck_assert(upload_acked(&u, 5));
    ck_assert(upload_acked(&u, 3));
    ck_assert_uint_eq(u.acked_seq, 5);
    ck_assert(!upload_begin(&u, 11, 10));
}
END_TEST

START_TEST(a_picture_goes_on_where_the_server_says)
{
    welcome(1, 1);
    upload_choose(&u, 1, 50000);
    upload_chunk_sent(&u, 16384);
    ck_assert(!upload_picture_acked(&u, 40000)); /* it held more than we knew */
    ck_assert_uint_eq(u.picture.sent, 40000);
    ck_assert(!upload_picture_acked(&u, 0)); /* and lost it */
    ck_assert_uint_eq(u.picture.sent, 0);
    ck_assert(upload_picture_acked(&u, 50000));
}
END_TEST

START_TEST(an_acknowledgement_of_a_part_in_flight_does_not_repeat_the_others)
{
    welcome(1, 1);
    upload_choose(&u, 1, 50000);
    upload_chunk_sent(&u, 16384);
    upload_chunk_sent(&u, 16384);
    ck_assert(!upload_picture_acked(&u, 16384));
    ck_assert_uint_eq(u.picture.sent, 32768);
}
END_TEST

START_TEST(after_a_reconnect_a_picture_goes_on_from_what_was_acknowledged)
{
    welcome(1, 1);
    upload_choose(&u, 1, 50000);
    upload_chunk_sent(&u, 16384);
    upload_chunk_sent(&u, 16384);
    upload_picture_acked(&u, 16384);
    ck_assert(upload_begin(&u, 1, 1));
    ck_assert_uint_eq(u.picture.sent, 16384);
}
END_TEST

START_TEST(the_first_part_after_a_welcome_waits_for_the_servers_word)
{
    welcome(1, 1);
    upload_choose(&u, 1, 50000);
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_PICTURE_CHUNK);
    upload_chunk_sent(&u, 16384);
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_NOTHING);
    ck_assert(!upload_picture_acked(&u, 32768)); /* it was half there from another connection */
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_PICTURE_CHUNK);
    ck_assert_uint_eq(u.picture.sent, 32768);
    upload_chunk_sent(&u, 16384);
    ck_assert_int_eq(upload_next(&u, &count), UPLOAD_PICTURE_CHUNK);
}
END_TEST

int main(void)
{
    return RUN_SUITE("upload", 10, a_backlog_goes_in_batches_until_the_window_is_full,
                     a_picture_waits_while_any_record_does, a_full_window_holds_pictures_back_too,
                     a_welcome_trims_and_repeats_the_rest, what_was_never_sent_cannot_be_acknowledged,
                     a_picture_goes_on_where_the_server_says,
                     an_acknowledgement_of_a_part_in_flight_does_not_repeat_the_others,
                     after_a_reconnect_a_picture_goes_on_from_what_was_acknowledged,
                     the_first_part_after_a_welcome_waits_for_the_servers_word);
}
