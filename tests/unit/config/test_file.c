#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "sample.h"
#include "suite.h"

START_TEST(a_file_fills_every_kind_of_member)
{
    ck_assert_int_eq(sample_load_file("\xef\xbb\xbf# comment\r\n"
                                      "; another\r\n"
                                      "  name =  north gate  \r\n"
                                      "weight=7\r\n"
                                      "[ database ]\r\n"
                                      "url = postgres://h/db?a=b#c\r\n"
                                      "embedded = off\r\n"
                                      "\r\n"
                                      "[session]\r\n"
                                      "idle_timeout = 2h\r\n"
                                      "pepper = 0123456789\r\n"
                                      "[database]\r\n"
                                      "port = 99"),
                     CONFIG_RUN);
    ck_assert_str_eq(run.config.name, "north gate");
    ck_assert_int_eq(run.config.weight, 7);
    ck_assert_str_eq(run.config.url, "postgres://h/db?a=b#c");
    ck_assert(!run.config.embedded);
    ck_assert_int_eq(run.config.idle_ms, 7200000);
    ck_assert_str_eq(run.config.pepper, "0123456789");
    ck_assert_int_eq(run.config.port, 99);
}
END_TEST

START_TEST(quotes_keep_blanks_and_resolve_escapes)
{
    ck_assert_int_eq(sample_load_file("name = \"  a # b  \"\n[database]\nurl = \"say \\\"x\\\" \\\\ \\n\\t.\"\n"),
                     CONFIG_RUN);
    ck_assert_str_eq(run.config.name, "  a # b  ");
    ck_assert_str_eq(run.config.url, "say \"x\" \\ \n\t.");
}
END_TEST

START_TEST(a_relative_path_is_relative_to_the_file)
{
    char wanted[80];

    ck_assert_int_eq(sample_load_file("[storage]\nfolder = data/blobs\n"), CONFIG_RUN);
    snprintf(wanted, sizeof wanted, "%.*s/data/blobs", (int)(strrchr(sample_path, '/') - sample_path), sample_path);
    ck_assert_str_eq(run.config.folder, wanted);
    ck_assert_int_eq(sample_load("--storage-folder data/blobs", ""), CONFIG_RUN);
    ck_assert_str_eq(run.config.folder, "data/blobs");
}
END_TEST

/* Content, and what the error must say after the file's name. */
static const struct {
    const char *content;
    const char *error;
} faults[] = {
    {"\n\n[database]\nport = 70000\n", ":4: database.port must be a whole number from 1 to 65535, not \"70000\"\n"},
    {"[database]\nprot = 1\n", ":2: database.prot is no key; did you mean database.port?\n"},
    {"port = 1\n", ":1: port is no key; --help lists them\n"},
    {"[datbase]\nport = 1\n", ":2: datbase.port is no key; did you mean database.port?\n"},
    {"name = a\n\nname = b\n", ":3: name stands in line 1 already\n"},
    {"just words\n", ":1: a line is"},
    {"= value\n", ":1: a key is a word"},
    {"Name = x\n", ":1: a key is a word of a-z, 0-9 and _, not \"Name\"\n"},
    {"[database\nport = 1\n", ":1: a section is a word in brackets"},
    {"[]\n", ":1: a section is"},
    {"[a b]\n", ":1: a section is"},
    {"[\n", ":1: a section is"},
    {"name = \"open\n", ":1: name: the quotes must end the line"},
    {"name = \"a\" b\n", ":1: name: the quotes must end the line"},
    {"name = \"a\\x\"\n", ":1: name: the quotes must end the line"},
    {"name = \"a\\", ":1: name: the quotes must end the line"},
    {"name = gate # the northern\n", ":1: name: a comment needs a line of its own"},
    {"weight =\n", ":1: weight must be a whole number, not \"\"\n"},
    {"name = \xff\n", ": the file is not UTF-8 text\n"},
};

START_TEST(a_fault_names_file_line_and_key)
{
    char wanted[256];

    ck_assert_int_eq(sample_load_file(faults[_i].content), CONFIG_EXIT_ERROR);
    snprintf(wanted, sizeof wanted, "sample: %s%s", sample_path, faults[_i].error);
    ck_assert_msg(strstr(run.errors, wanted), "wanted: %s\ngot: %s", wanted, run.errors);
}
END_TEST

START_TEST(all_lines_are_read_after_a_fault)
{
    ck_assert_int_eq(sample_load_file("nonsense\nweight = x\n[database]\nport = 0\n"), CONFIG_EXIT_ERROR);
    ck_assert_ptr_nonnull(strstr(run.errors, ":1:"));
    ck_assert_ptr_nonnull(strstr(run.errors, ":2:"));
    ck_assert_ptr_nonnull(strstr(run.errors, ":4:"));
}
END_TEST

START_TEST(a_nul_byte_and_an_endless_file_are_refused)
{
    char arguments[128];
    char *huge = malloc((1 << 20) + 1);

    snprintf(arguments, sizeof arguments, "--config %s", sample_path);
    ck_assert(!sp_failed(file_write(sample_path, "name = a\0b\n", 11, 0600)));
    ck_assert_int_eq(sample_load(arguments, ""), CONFIG_EXIT_ERROR);
    ck_assert_ptr_nonnull(strstr(run.errors, "not UTF-8"));
    memset(huge, '\n', (1 << 20) + 1);
    ck_assert(!sp_failed(file_write(sample_path, huge, (1 << 20) + 1, 0600)));
    ck_assert_int_eq(sample_load(arguments, ""), CONFIG_EXIT_ERROR);
    ck_assert_ptr_nonnull(strstr(run.errors, "larger"));
    free(huge);
}
END_TEST

START_TEST(the_schemas_own_file_may_be_missing)
{
    static char *argv[] = {"own", NULL};
    config_schema own = {.program = "own", .environment_prefix = "OWN_", .file = sample_path};
    config_surroundings around = {.environment = NULL, .out = stdout, .errors = stderr};
    config_loaded loaded;
    char *errors;
    size_t size;

    ck_assert_int_eq(config_load(&own, &around, 1, argv, NULL, &loaded), CONFIG_RUN);
    config_memory_free(loaded.memory);

    sample_write("key = but it is read when it is there\n");
    around.errors = open_memstream(&errors, &size);
    ck_assert_int_eq(config_load(&own, &around, 1, argv, NULL, &loaded), CONFIG_EXIT_ERROR);
    fclose(around.errors);
    ck_assert_ptr_nonnull(strstr(errors, ":1: key is no key"));
    free(errors);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file");
    TCase *tests = tcase_create("file");

    tcase_add_checked_fixture(tests, sample_begin, sample_end);
    tcase_add_test(tests, a_file_fills_every_kind_of_member);
    tcase_add_test(tests, quotes_keep_blanks_and_resolve_escapes);
    tcase_add_test(tests, a_relative_path_is_relative_to_the_file);
    tcase_add_loop_test(tests, a_fault_names_file_line_and_key, 0, sizeof faults / sizeof *faults);
    tcase_add_test(tests, all_lines_are_read_after_a_fault);
    tcase_add_test(tests, a_nul_byte_and_an_endless_file_are_refused);
    tcase_add_test(tests, the_schemas_own_file_may_be_missing);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
