#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "suite.h"

static int standard_error;
static FILE *captured;
static char line[8192];

/* Standard error goes to a file until told() gives it back. */
static void listen(void)
{
    captured = tmpfile();
    ck_assert_ptr_nonnull(captured);
    standard_error = dup(STDERR_FILENO);
    dup2(fileno(captured), STDERR_FILENO);
}

static const char *told(void)
{
    size_t n;

    dup2(standard_error, STDERR_FILENO);
    close(standard_error);
    rewind(captured);
    n = fread(line, 1, sizeof line - 1, captured);
    line[n] = '\0';
    fclose(captured);
    return line;
}

/* What follows the time, which is always 24 characters and a space. */
static const char *told_after_time(void)
{
    const char *text = told();

    return strlen(text) > 25 ? text + 25 : text;
}

START_TEST(a_fact_is_one_line_with_pairs)
{
    listen();
    log_write(LOG_WARNING, "terminal refused", "device", "17", "reason", "DEVICE_UNKNOWN", NULL);
    ck_assert_str_eq(told_after_time(), "warning terminal refused device=17 reason=DEVICE_UNKNOWN\n");
}
END_TEST

START_TEST(the_time_is_utc_with_milliseconds)
{
    listen();
    clock_shift_ms(INT64_C(1704067200123) - clock_now_ms());
    log_write(LOG_ERROR, "x", NULL);
    clock_shift_ms(0);
    told();
    ck_assert_uint_eq(strspn(line, "0123456789-:.TZ"), 24);
    ck_assert_int_eq(strncmp(line, "2024-01-01T00:00:00.", 20), 0);
}
END_TEST

START_TEST(a_value_cannot_forge_a_line_or_a_pair)
{
    listen();
    log_write(LOG_INFO, "login refused", "user", "eve\nINFO all=fine \"quoted\" \\ \x1b[2J", "empty", "", NULL);
    ck_assert_str_eq(told_after_time(),
                     "info login refused user=\"eve\\nINFO all=fine \\\"quoted\\\" \\\\ \\x1b[2J\" empty=\"\"\n");
}
END_TEST

START_TEST(text_in_any_language_passes_and_broken_bytes_are_shown)
{
    listen();
    log_write(LOG_INFO, "m", "name", "王伟", "c1", "\xc2\x9b", "broken", "\xff\xc3\xa9", "none", NULL, NULL);
    ck_assert_str_eq(told_after_time(), "info m name=王伟 c1=\\xc2\\x9b broken=\\xff\\xc3\\xa9 none=-\n");
}
END_TEST

START_TEST(a_line_too_long_is_cut_and_says_so)
{
    char value[6000];

    memset(value, 'v', sizeof value);
    value[sizeof value - 1] = '\0';
    listen();
    log_write(LOG_INFO, "m", "value", value, "after", "lost", NULL);
    told();
    ck_assert_uint_le(strlen(line), 4096);
    ck_assert_str_eq(line + strlen(line) - 4, "...\n");
    ck_assert_ptr_null(strstr(line, "after"));
}
END_TEST

START_TEST(below_the_level_nothing_is_written)
{
    listen();
    log_write(LOG_DEBUG, "quiet by default", NULL);
    log_set_level(LOG_ERROR);
    log_write(LOG_WARNING, "quiet now", NULL);
    log_set_level(LOG_DEBUG);
    log_write(LOG_DEBUG, "heard", NULL);
    log_set_level(LOG_INFO);
    ck_assert_str_eq(told_after_time(), "debug heard\n");
}
END_TEST

START_TEST(levels_have_names)
{
    ck_assert_int_eq(log_level_from_name("debug"), LOG_DEBUG);
    ck_assert_int_eq(log_level_from_name("error"), LOG_ERROR);
    ck_assert_int_eq(log_level_from_name("ERROR"), -1);
    ck_assert_int_eq(log_level_from_name(""), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log");
    TCase *tests = tcase_create("log");

    tcase_add_test(tests, a_fact_is_one_line_with_pairs);
    tcase_add_test(tests, the_time_is_utc_with_milliseconds);
    tcase_add_test(tests, a_value_cannot_forge_a_line_or_a_pair);
    tcase_add_test(tests, text_in_any_language_passes_and_broken_bytes_are_shown);
    tcase_add_test(tests, a_line_too_long_is_cut_and_says_so);
    tcase_add_test(tests, below_the_level_nothing_is_written);
    tcase_add_test(tests, levels_have_names);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
