/* What a spreadsheet makes of a field is its text. */
#include "csv.h"
#include "suite.h"

static const struct {
    const char *text, *field;
} FIELDS[] = {
    {"", ""},
    {"employee 1 Ann", "employee 1 Ann"},
    {"a,b", "\"a,b\""},
    {"say \"no\"", "\"say \"\"no\"\"\""},
    {"two\r\nlines", "\"two\r\nlines\""},
    {"=1+1", "'=1+1"},
    {"+1", "'+1"},
    {"-1", "'-1"},
    {"@x", "'@x"},
    {"\tx", "'\tx"},
    {"\rx", "\"'\rx\""},
    {"\nx", "\"'\nx\""},
    {"=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""},
    {"Zoë", "Zoë"},
    {"1-2", "1-2"},
};

START_TEST(a_field_is_quoted_and_never_computed)
{
    byte_buffer out;

    byte_buffer_init(&out, 1024);
    ck_assert(csv_field(&out, FIELDS[_i].text));
    ck_assert_str_eq(out.data ? (const char *)out.data : "", FIELDS[_i].field);
    byte_buffer_done(&out);
}
END_TEST

START_TEST(a_row_ends_with_its_last_field)
{
    const char *const cells[] = {"0007", "", "Ann, called \"A\""};
    byte_buffer out;

    byte_buffer_init(&out, 1024);
    ck_assert(csv_row(&out, cells, 3));
    ck_assert_str_eq((const char *)out.data, "0007,,\"Ann, called \"\"A\"\"\"\r\n");
    byte_buffer_done(&out);
}
END_TEST

START_TEST(a_full_buffer_is_told)
{
    byte_buffer out;

    byte_buffer_init(&out, 4);
    ck_assert(!csv_field(&out, "longer than four"));
    byte_buffer_done(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("csv");
    TCase *tests = tcase_create("fields");

    tcase_add_loop_test(tests, a_field_is_quoted_and_never_computed, 0, sizeof FIELDS / sizeof *FIELDS);
    tcase_add_test(tests, a_row_ends_with_its_last_field);
    tcase_add_test(tests, a_full_buffer_is_told);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
