#include "suite.h"
#include "time_text.h"

#include <check.h>
#include <string.h>

static const struct {
    const char *in;
    int64_t seconds;
    int32_t nanos;
    const char *out; /* NULL: refused */
} times[] = {
    {"1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"},
    {"2026-02-28T09:30:00.120Z", 1772271000, 120000000, "2026-02-28T09:30:00.120Z"},
    {"2024-02-29T23:59:59.999999Z", 1709251199, 999999000, "2024-02-29T23:59:59.999999Z"},
    {"2000-03-01T00:00:00.000000001+00:00", 951868800, 1, "2000-03-01T00:00:00.000000001Z"},
    {"1969-12-31T23:59:59.5Z", -1, 500000000, "1969-12-31T23:59:59.500Z"},
    {"2026-01-01T00:00:00+08:00", 1767196800, 0, "2025-12-31T16:00:00Z"},
    {"2026-01-01T00:00:00-05:30", 1767245400, 0, "2026-01-01T05:30:00Z"},
    {"0001-01-01T00:00:00Z", -62135596800, 0, "0001-01-01T00:00:00Z"},
    {"9999-12-31T23:59:59.999999999Z", 253402300799, 999999999, "9999-12-31T23:59:59.999999999Z"},
    {"1900-02-28T00:00:00Z", -2203977600, 0, "1900-02-28T00:00:00Z"},
    {"0001-01-01T00:00:00+00:01", 0, 0, NULL},
    {"9999-12-31T23:59:59-00:01", 0, 0, NULL},
    {"0000-01-01T00:00:00Z", 0, 0, NULL},
    {"1900-02-29T00:00:00Z", 0, 0, NULL},
    {"2026-13-01T00:00:00Z", 0, 0, NULL},
    {"2026-04-31T00:00:00Z", 0, 0, NULL},
    {"2026-01-01T24:00:00Z", 0, 0, NULL},
    {"2026-01-01T00:60:00Z", 0, 0, NULL},
    {"2026-01-01T00:00:60Z", 0, 0, NULL},
    {"2026-01-01T00:00:00", 0, 0, NULL},
    {"2026-01-01T00:00:00.Z", 0, 0, NULL},
    {"2026-01-01T00:00:00.1234567890Z", 0, 0, NULL},
    {"2026-01-01 00:00:00Z", 0, 0, NULL},
    {"2026-01-01t00:00:00Z", 0, 0, NULL},
    {"2026-01-01T00:00:00z", 0, 0, NULL},
    {"2026-01-01T00:00:00Zx", 0, 0, NULL},
    {"2026-1-01T00:00:00Z", 0, 0, NULL},
    {"2026-01-01", 0, 0, NULL},
    {"", 0, 0, NULL},
};

START_TEST(timestamps_are_read_and_written)
{
    char text[TIME_TEXT_MAX];
    int64_t seconds;
    int32_t nanos;
    bool fine = timestamp_from_text(times[_i].in, strlen(times[_i].in), &seconds, &nanos);
    size_t n;

    ck_assert_msg(fine == (times[_i].out != NULL), "%s", times[_i].in);
    if (!fine)
        return;
    ck_assert_int_eq(seconds, times[_i].seconds);
    ck_assert_int_eq(nanos, times[_i].nanos);
    n = timestamp_to_text(seconds, nanos, text);
    ck_assert_uint_eq(n, strlen(times[_i].out));
    ck_assert_mem_eq(text, times[_i].out, n);
}
END_TEST

static const struct {
    const char *in;
    int64_t seconds;
    int32_t nanos;
    const char *out;
} durations[] = {
    {"0s", 0, 0, "0s"},
    {"1.5s", 1, 500000000, "1.500s"},
    {"-1.5s", -1, -500000000, "-1.500s"},
    {"-0.25s", 0, -250000000, "-0.250s"},
    {"0.000001s", 0, 1000, "0.000001s"},
    {"315576000000s", 315576000000, 0, "315576000000s"},
    {"315576000001s", 0, 0, NULL},
    {"-315576000000.999999999s", -315576000000, -999999999, "-315576000000.999999999s"},
    {"99999999999999999999999s", 0, 0, NULL},
    {"1", 0, 0, NULL},
    {"s", 0, 0, NULL},
    {".5s", 0, 0, NULL},
    {"1.s", 0, 0, NULL},
    {"+1s", 0, 0, NULL},
    {"1 s", 0, 0, NULL},
    {"1ss", 0, 0, NULL},
    {"1m", 0, 0, NULL},
};

START_TEST(durations_are_read_and_written)
{
    char text[TIME_TEXT_MAX];
    int64_t seconds;
    int32_t nanos;
    bool fine = duration_from_text(durations[_i].in, strlen(durations[_i].in), &seconds, &nanos);
    size_t n;

    ck_assert_msg(fine == (durations[_i].out != NULL), "%s", durations[_i].in);
    if (!fine)
        return;
    ck_assert_int_eq(seconds, durations[_i].seconds);
    ck_assert_int_eq(nanos, durations[_i].nanos);
    n = duration_to_text(seconds, nanos, text);
    ck_assert_uint_eq(n, strlen(durations[_i].out));
    ck_assert_mem_eq(text, durations[_i].out, n);
}
END_TEST

START_TEST(every_day_of_four_centuries_comes_back)
{
    for (int64_t day = -146097; day <= 146097; day++) {
        char text[TIME_TEXT_MAX];
        int64_t seconds;
        int32_t nanos;
        size_t n = timestamp_to_text(day * 86400, 0, text);

        if (!timestamp_from_text(text, n, &seconds, &nanos) || seconds != day * 86400)
            ck_abort_msg("%.*s", (int)n, text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("time text");
    TCase *tests = tcase_create("times");

    tcase_add_loop_test(tests, timestamps_are_read_and_written, 0, sizeof times / sizeof *times);
    tcase_add_loop_test(tests, durations_are_read_and_written, 0, sizeof durations / sizeof *durations);
    tcase_add_test(tests, every_day_of_four_centuries_comes_back);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
