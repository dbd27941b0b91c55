#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"
#include "suite.h"

static void ck_out_has(const char *wanted)
{
    ck_assert_msg(strstr(run.out, wanted), "wanted: %s\ngot: %s", wanted, run.out);
}

START_TEST(help_lists_every_item_with_its_names_and_preset)
{
    ck_assert_int_eq(sample_load("--help --database-port=nonsense", ""), CONFIG_EXIT_OK);
    ck_out_has("Usage: sample [FLAG]... [FILE]...\nShows how it is done.\n");
    ck_out_has("  --database-port=NUMBER\n      Where it listens.\n      SAMPLE_DATABASE_PORT; preset: 5432\n");
    ck_out_has("--database-embedded[=BOOL]");
    ck_out_has("--session-idle-timeout=DURATION");
    ck_out_has("--session-pepper=TEXT");
    ck_out_has("SAMPLE_SESSION_PEPPER, better than the flag");
    ck_out_has("--config=FILE");
    ck_assert_int_eq(sample_load("-h", ""), CONFIG_EXIT_OK);
}
END_TEST

START_TEST(the_version_is_one_line)
{
    ck_assert_int_eq(sample_load("--version", ""), CONFIG_EXIT_OK);
    ck_assert_str_eq(run.out, "sample 1.2.3\n");
}
END_TEST

START_TEST(the_configuration_shows_values_and_where_they_come_from)
{
    char arguments[256], wanted[256];

    sample_write("\n[storage]\nfolder = /srv\n");
    snprintf(arguments, sizeof arguments, "--config=%s --no-database-embedded --print-config", sample_path);
    ck_assert_int_eq(sample_load(arguments, "SAMPLE_DATABASE_PORT=6000"), CONFIG_EXIT_OK);
    ck_out_has("# preset\nname = gate\n");
    ck_out_has("\n[database]\n# not set\n# url =\n");
    ck_out_has("# SAMPLE_DATABASE_PORT\nport = 6000\n");
    ck_out_has("# --database-embedded\nembedded = false\n");
    snprintf(wanted, sizeof wanted, "\n[storage]\n# %s:3\nfolder = /srv\n", sample_path);
    ck_out_has(wanted);
    ck_out_has("# preset\nidle_timeout = 30min\n");
    ck_assert_ptr_nonnull(strstr(run.out, "weight = -3"));
    ck_assert(strstr(run.out, "weight = -3") < strstr(run.out, "[database]"));
}
END_TEST

START_TEST(a_secret_is_masked)
{
    ck_assert_int_eq(sample_load("--print-config", "SAMPLE_SESSION_PEPPER=only-we-know"), CONFIG_EXIT_OK);
    ck_assert_ptr_null(strstr(run.out, "only-we-know"));
    ck_out_has("# SAMPLE_SESSION_PEPPER\n# pepper = ******** (set, but secret)\n");
}
END_TEST

START_TEST(what_is_printed_loads_to_the_same_values)
{
    static const char awkward[] = "name = \" # \\\"a\\\\b\\n\\t.\"\nweight = -12\n[database]\nurl = \"x ; w\"\n"
                                  "port = 1\nembedded = no\n[storage]\nfolder = \"\"\n[session]\nidle_timeout = 61s\n";
    char arguments[128];
    sample first;
    char *name, *url, *printed;

    ck_assert_int_eq(sample_load_file(awkward), CONFIG_RUN);
    first = run.config;
    name = strdup(first.name);
    url = strdup(first.url);
    snprintf(arguments, sizeof arguments, "--print-config --config=%s", sample_path);
    ck_assert_int_eq(sample_load(arguments, ""), CONFIG_EXIT_OK);
    printed = strdup(run.out);
    ck_assert_int_eq(sample_load_file(printed), CONFIG_RUN);
    ck_assert_str_eq(run.config.name, name);
    ck_assert_str_eq(run.config.url, url);
    ck_assert_str_eq(run.config.folder, "");
    ck_assert_int_eq(run.config.weight, first.weight);
    ck_assert_int_eq(run.config.port, first.port);
    ck_assert(run.config.embedded == first.embedded);
    ck_assert_int_eq(run.config.idle_ms, 61000);
    free(name);
    free(url);
    free(printed);
}
END_TEST

START_TEST(a_faulty_configuration_is_not_printed)
{
    ck_assert_int_eq(sample_load("--print-config --weight=x", ""), CONFIG_EXIT_ERROR);
    ck_assert_str_eq(run.out, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("print");
    TCase *tests = tcase_create("print");

    tcase_add_checked_fixture(tests, sample_begin, sample_end);
    tcase_add_test(tests, help_lists_every_item_with_its_names_and_preset);
    tcase_add_test(tests, the_version_is_one_line);
    tcase_add_test(tests, the_configuration_shows_values_and_where_they_come_from);
    tcase_add_test(tests, a_secret_is_masked);
    tcase_add_test(tests, what_is_printed_loads_to_the_same_values);
    tcase_add_test(tests, a_faulty_configuration_is_not_printed);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
