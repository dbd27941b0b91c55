#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"
#include "suite.h"

START_TEST(with_nothing_said_the_presets_hold)
{
    ck_assert_int_eq(sample_load("", ""), CONFIG_RUN);
    ck_assert_str_eq(run.config.name, "gate");
    ck_assert_ptr_null(run.config.url);
    ck_assert_int_eq(run.config.port, 5432);
    ck_assert(run.config.embedded);
    ck_assert_str_eq(run.config.folder, "/var/lib/gate");
    ck_assert_int_eq(run.config.idle_ms, 30 * 60 * 1000);
    ck_assert_int_eq(run.config.weight, -3);
    ck_assert_str_eq(run.errors, "");
}
END_TEST

START_TEST(flag_beats_variable_beats_file_beats_preset)
{
    char arguments[256];

    sample_write("[database]\nport = 2\nurl = from-file\n");
    snprintf(arguments, sizeof arguments, "--config=%s", sample_path);
    ck_assert_int_eq(sample_load(arguments, ""), CONFIG_RUN);
    ck_assert_int_eq(run.config.port, 2);
    ck_assert_int_eq(sample_load(arguments, "SAMPLE_DATABASE_PORT=3"), CONFIG_RUN);
    ck_assert_int_eq(run.config.port, 3);
    ck_assert_str_eq(run.config.url, "from-file");
    strcat(arguments, " --database-port 4");
    ck_assert_int_eq(sample_load(arguments, "SAMPLE_DATABASE_PORT=3"), CONFIG_RUN);
    ck_assert_int_eq(run.config.port, 4);
}
END_TEST

START_TEST(a_flag_takes_its_value_in_both_ways_and_the_last_wins)
{
    ck_assert_int_eq(sample_load("--database-url=a=b --weight -7", ""), CONFIG_RUN);
    ck_assert_str_eq(run.config.url, "a=b");
    ck_assert_int_eq(run.config.weight, -7);
    ck_assert_int_eq(sample_load("--weight 1 --weight=2", ""), CONFIG_RUN);
    ck_assert_int_eq(run.config.weight, 2);
}
END_TEST

START_TEST(a_bool_needs_no_value_and_can_be_denied)
{
    ck_assert_int_eq(sample_load("--no-database-embedded", ""), CONFIG_RUN);
    ck_assert(!run.config.embedded);
    ck_assert_int_eq(sample_load("--database-embedded", "SAMPLE_DATABASE_EMBEDDED=off"), CONFIG_RUN);
    ck_assert(run.config.embedded);
    ck_assert_int_eq(sample_load("--database-embedded=No", ""), CONFIG_RUN);
    ck_assert(!run.config.embedded);
    ck_assert_int_eq(sample_load("--database-embedded word", ""), CONFIG_RUN);
    ck_assert_str_eq(run.loaded.arguments[0], "word");
}
END_TEST

START_TEST(an_empty_variable_counts_as_unset)
{
    ck_assert_int_eq(sample_load("", "SAMPLE_DATABASE_PORT= SAMPLE_NAME="), CONFIG_RUN);
    ck_assert_int_eq(run.config.port, 5432);
    ck_assert_str_eq(run.config.name, "gate");
}
END_TEST

START_TEST(what_is_no_flag_comes_back_in_order)
{
    ck_assert_int_eq(sample_load("one --weight 2 - -- --three", ""), CONFIG_RUN);
    ck_assert_int_eq(run.loaded.argument_count, 3);
    ck_assert_str_eq(run.loaded.arguments[0], "one");
    ck_assert_str_eq(run.loaded.arguments[1], "-");
    ck_assert_str_eq(run.loaded.arguments[2], "--three");
    ck_assert_ptr_null(run.loaded.arguments[3]);
}
END_TEST

static const struct {
    const char *text;
    int64_t ms;
} durations[] = {
    {"1000ms", 1000}, {"1s", 1000}, {"90s", 90000}, {"5min", 300000}, {"12h", 43200000},
};

START_TEST(durations_have_units)
{
    char arguments[64];

    snprintf(arguments, sizeof arguments, "--session-idle-timeout=%s", durations[_i].text);
    ck_assert_int_eq(sample_load(arguments, ""), CONFIG_RUN);
    ck_assert_int_eq(run.config.idle_ms, durations[_i].ms);
}
END_TEST

/* Arguments, variables, and what the error must say. */
static const struct {
    const char *arguments;
    const char *environment;
    const char *error;
} faults[] = {
    {"--database-port=0", "",
     "sample: --database-port: database.port must be a whole number from 1 to 65535, not \"0\"\n"},
    {"--database-port=65536", "", "from 1 to 65535"},
    {"--database-port=7x", "", "not \"7x\""},
    {"--weight=many", "", "weight must be a whole number, not \"many\""},
    {"", "SAMPLE_DATABASE_PORT=x", "sample: SAMPLE_DATABASE_PORT: database.port must be"},
    {"--name=", "", "name must be a text of 1 to 20 bytes"},
    {"--name=012345678901234567890", "", "of 1 to 20 bytes"},
    {"--database-embedded=maybe", "", "must be true or false, not \"maybe\""},
    {"--session-idle-timeout=999ms", "", "a duration from 1s to 12h"},
    {"--session-idle-timeout=13h", "", "a duration from 1s to 12h"},
    {"--session-idle-timeout=60", "", "not \"60\""},
    {"--session-idle-timeout=99999999999999999d", "", "a duration"},
    {"--session-idle-timeout=-5s", "", "a duration"},
    {"--database-prot=1", "", "--database-prot is no flag; did you mean --database-port?"},
    {"--colour", "", "--colour is no flag; --help lists them"},
    {"-x", "", "-x is no flag"},
    {"--database-port", "", "--database-port needs a value"},
    {"--no-database-embedded=1", "", "--no-database-embedded takes no value"},
    {"--no-database-port", "", "--no-database-port is no flag"},
    {"--print-config=yes", "", "--print-config takes no value"},
    {"--config", "", "--config needs a value"},
    {"--config=/nowhere/at.ini", "", "sample: /nowhere/at.ini: The file does not exist.\n"},
    {"--config=/", "", "sample: /: The file cannot be read. Is a directory\n"},
    {"", "SAMPLE_CONFIG=/nowhere/at.ini", "/nowhere/at.ini: The file does not exist."},
};

START_TEST(a_fault_says_where_what_and_what_is_allowed)
{
    ck_assert_int_eq(sample_load(faults[_i].arguments, faults[_i].environment), CONFIG_EXIT_ERROR);
    ck_assert_msg(strstr(run.errors, faults[_i].error), "wanted: %s\ngot: %s", faults[_i].error, run.errors);
    ck_assert_str_eq(run.out, "");
}
END_TEST

START_TEST(every_fault_is_told_not_only_the_first)
{
    ck_assert_int_eq(sample_load("--weight=x", "SAMPLE_DATABASE_PORT=y SAMPLE_NAME=012345678901234567890"),
                     CONFIG_EXIT_ERROR);
    ck_assert_ptr_nonnull(strstr(run.errors, "--weight"));
    ck_assert_ptr_nonnull(strstr(run.errors, "SAMPLE_DATABASE_PORT"));
    ck_assert_ptr_nonnull(strstr(run.errors, "SAMPLE_NAME"));
}
END_TEST

START_TEST(a_refused_secret_is_not_shown)
{
    ck_assert_int_eq(sample_load("", "SAMPLE_SESSION_PEPPER=hush"), CONFIG_EXIT_ERROR);
    ck_assert_ptr_nonnull(strstr(run.errors, "session.pepper must be a text of 8 to 64 bytes"));
    ck_assert_ptr_null(strstr(run.errors, "hush"));
}
END_TEST

START_TEST(arguments_are_refused_where_none_may_follow)
{
    static char *argv[] = {"bare", "surplus", NULL};
    const config_schema bare = {.program = "bare", .environment_prefix = "BARE_"};
    char *errors;
    size_t size;
    config_surroundings around = {.environment = NULL, .out = stdout, .errors = open_memstream(&errors, &size)};
    config_loaded loaded;

    ck_assert_int_eq(config_load(&bare, &around, 2, argv, NULL, &loaded), CONFIG_EXIT_ERROR);
    fclose(around.errors);
    ck_assert_str_eq(errors, "bare: \"surplus\" is one argument too many; --help lists the flags\n");
    free(errors);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("load");
    TCase *tests = tcase_create("load");

    tcase_add_checked_fixture(tests, sample_begin, sample_end);
    tcase_add_test(tests, with_nothing_said_the_presets_hold);
    tcase_add_test(tests, flag_beats_variable_beats_file_beats_preset);
    tcase_add_test(tests, a_flag_takes_its_value_in_both_ways_and_the_last_wins);
    tcase_add_test(tests, a_bool_needs_no_value_and_can_be_denied);
    tcase_add_test(tests, an_empty_variable_counts_as_unset);
    tcase_add_test(tests, what_is_no_flag_comes_back_in_order);
    tcase_add_loop_test(tests, durations_have_units, 0, sizeof durations / sizeof *durations);
    tcase_add_loop_test(tests, a_fault_says_where_what_and_what_is_allowed, 0, sizeof faults / sizeof *faults);
    tcase_add_test(tests, every_fault_is_told_not_only_the_first);
    tcase_add_test(tests, a_refused_secret_is_not_shown);
    tcase_add_test(tests, arguments_are_refused_where_none_may_follow);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
