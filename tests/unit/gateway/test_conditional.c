#include <check.h>
#include <string.h>

#include "conditional.h"
#include "suite.h"

static const body_state body = {1000, "\"tag\"", 784111777}; /* Sun, 06 Nov 1994 08:49:37 GMT */

static void check(body_conditions asked, body_wish_kind kind, int64_t first, int64_t last)
{
    body_wish wish = conditional_judge(&asked, &body);

    ck_assert_int_eq(wish.kind, kind);
    if (kind == WANTS_PART || kind == WANTS_WHOLE) {
        ck_assert_int_eq(wish.first, first);
        ck_assert_int_eq(wish.last, last);
    }
}

START_TEST(dates_are_read_and_written)
{
    char text[HTTP_DATE_MAX];

    ck_assert_int_eq(http_date_parse("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
    http_date_text(784111777, text);
    ck_assert_str_eq(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    http_date_text(0, text);
    ck_assert_str_eq(text, "Thu, 01 Jan 1970 00:00:00 GMT");
    ck_assert_int_eq(http_date_parse("Sunday, 06-Nov-94 08:49:37 GMT"), -1);
    ck_assert_int_eq(http_date_parse("Sun, 06 Nov 1994 08:49:37 UTC"), -1);
    ck_assert_int_eq(http_date_parse("Sun, 06 Xyz 1994 08:49:37 GMT"), -1);
    ck_assert_int_eq(http_date_parse("Sun, 06 Nov 1994 24:49:37 GMT"), -1);
    ck_assert_int_eq(http_date_parse("Sun, a6 Nov 1994 08:49:37 GMT"), -1);
    ck_assert_int_eq(http_date_parse(""), -1);
}
END_TEST

START_TEST(a_single_range_is_understood)
{
    check((body_conditions){.range = "bytes=0-0"}, WANTS_PART, 0, 0);
    check((body_conditions){.range = "bytes=10-19"}, WANTS_PART, 10, 19);
    check((body_conditions){.range = "bytes=990-"}, WANTS_PART, 990, 999);
    check((body_conditions){.range = "bytes=990-2000"}, WANTS_PART, 990, 999);
    check((body_conditions){.range = "bytes=-10"}, WANTS_PART, 990, 999);
    check((body_conditions){.range = "bytes=-2000"}, WANTS_PART, 0, 999);
    check((body_conditions){.range = "bytes=1000-"}, WANTS_BEYOND, 0, 0);
    check((body_conditions){.range = "bytes=-0"}, WANTS_BEYOND, 0, 0);
}
END_TEST

START_TEST(other_ranges_are_as_good_as_none)
{
    static const char *const ranges[] = {"bytes=",
                                         "bytes=a-b",
                                         "bytes=5-4",
                                         "bytes=1-2,5-6",
                                         "lines=1-2",
                                         "bytes=1-2 ",
                                         "bytes= 1-2",
                                         "bytes=--1",
                                         "bytes=1",
                                         "bytes=-",
                                         "bytes=99999999999999999999-",
                                         "bytes=0-99999999999999999999"};

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        check((body_conditions){.range = ranges[i]}, WANTS_WHOLE, 0, 999);
}
END_TEST

START_TEST(a_range_needs_a_size)
{
    const body_state unknown = {-1, NULL, -1};
    const body_conditions asked = {.range = "bytes=0-1", .if_none_match = "\"x\""};

    ck_assert_int_eq(conditional_judge(&asked, &unknown).kind, WANTS_WHOLE);
}
END_TEST

START_TEST(tags_are_compared_weakly_for_what_is_known)
{
    check((body_conditions){.if_none_match = "\"tag\""}, WANTS_NOTHING, 0, 0);
    check((body_conditions){.if_none_match = "\"a\" ,W/\"tag\""}, WANTS_NOTHING, 0, 0);
    check((body_conditions){.if_none_match = "*"}, WANTS_NOTHING, 0, 0);
    check((body_conditions){.if_none_match = "\"tagg\", \"ta\""}, WANTS_WHOLE, 0, 999);
    check((body_conditions){.if_none_match = "tag"}, WANTS_WHOLE, 0, 999);
    check((body_conditions){.if_none_match = "\"tag\"", .range = "bytes=0-1"}, WANTS_NOTHING, 0, 0);
    ck_assert(etag_is_legal("\"a\"") && etag_is_legal("W/\"a\"") && etag_is_legal("\"\""));
    ck_assert(!etag_is_legal("a") && !etag_is_legal("\"a") && !etag_is_legal("\"a\"b\"") && !etag_is_legal("\"a b\""));
}
END_TEST

START_TEST(a_date_counts_where_there_is_no_tag)
{
    check((body_conditions){.if_modified_since = "Sun, 06 Nov 1994 08:49:37 GMT"}, WANTS_NOTHING, 0, 0);
    check((body_conditions){.if_modified_since = "Sun, 06 Nov 1994 08:49:36 GMT"}, WANTS_WHOLE, 0, 999);
    check((body_conditions){.if_modified_since = "rubbish"}, WANTS_WHOLE, 0, 999);
    check((body_conditions){.if_none_match = "\"x\"", .if_modified_since = "Sun, 06 Nov 1994 08:49:37 GMT"},
          WANTS_WHOLE, 0, 999);
}
END_TEST

START_TEST(a_range_holds_for_the_body_that_it_was_meant_for)
{
    check((body_conditions){.range = "bytes=0-1", .if_range = "\"tag\""}, WANTS_PART, 0, 1);
    check((body_conditions){.range = "bytes=0-1", .if_range = "\"other\""}, WANTS_WHOLE, 0, 999);
    check((body_conditions){.range = "bytes=0-1", .if_range = "W/\"tag\""}, WANTS_WHOLE, 0, 999);
    check((body_conditions){.range = "bytes=0-1", .if_range = "Sun, 06 Nov 1994 08:49:37 GMT"}, WANTS_PART, 0, 1);
    check((body_conditions){.range = "bytes=0-1", .if_range = "Sun, 06 Nov 1994 08:49:38 GMT"}, WANTS_WHOLE, 0, 999);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("conditions and ranges");
    TCase *all = tcase_create("conditional");

    tcase_add_test(all, dates_are_read_and_written);
    tcase_add_test(all, a_single_range_is_understood);
    tcase_add_test(all, other_ranges_are_as_good_as_none);
    tcase_add_test(all, a_range_needs_a_size);
    tcase_add_test(all, tags_are_compared_weakly_for_what_is_known);
    tcase_add_test(all, a_date_counts_where_there_is_no_tag);
    tcase_add_test(all, a_range_holds_for_the_body_that_it_was_meant_for);
    suite_add_tcase(suite, all);
    return suite_run(suite);
}
