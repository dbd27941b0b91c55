#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sheet_tests.h"
#include "suite.h"

static const struct {
    const char *text, *rows;
} cases[] = {
    {"", ""},
    {"a", "1: a\n"},
    {"a,b\n1,2\n", "1: a|b\n2: 1|2\n"},
    {"a,b\r\n1,2\r\n", "1: a|b\n2: 1|2\n"},
    {"a,b\r1,2", "1: a|b\n2: 1|2\n"},
    {"\xef\xbb\xbf"
     "a;b\n1;2,5\n",
     "1: a|b\n2: 1|2,5\n"},
    {"a\tb\n\"x\ty\"\tz\n", "1: a|b\n2: x\ty|z\n"},
    {"sep=;\na,b;c\n", "1: a,b|c\n"},
    {"sep=|\r\na|b\r\n", "1: a|b\n"},
    {"\"a \"\"b\"\"\",c", "1: a \"b\"|c\n"},
    {"\"two\r\nlines\",\"one\rtwo\n\",x\n", "1: two\nlines|one\ntwo\n|x\n"},
    {"a\n\n\nb\n", "1: a\n4: b\n"},
    {",,\n , \n,x,,\n", "2:  | \n3: |x\n"},
    {"ab\"c,d\n", "1: ab\"c|d\n"},
    {"\"a\"b,c\n", "1: ab|c\n"},
    {"\"\",\"\"\nx\n", "2: x\n"},
    {"007,+1,=1\n", "1: 007|+1|=1\n"},
    {"张三,😀\n", "1: 张三|😀\n"},
    {"\xd5\xc5\xc8\xfd,\xb1\xb1\xbe\xa9\n", "1: 张三|北京\n"}, /* GB18030 */
    {"\x95\x32\x82\x36,\xb0\xa1\n", "1: 𠀀|啊\n"},             /* and a character of four bytes */
    {"Jos\xe9,M\xfcller,\x80\n", "1: José|Müller|€\n"},        /* Windows-1252 */
};

START_TEST(texts_are_read_as_spreadsheets_read_them)
{
    reads_as(SHEET_CSV, cases[_i].text, strlen(cases[_i].text), cases[_i].rows);
}
END_TEST

START_TEST(utf_16_is_told_by_its_mark)
{
    reads_as(SHEET_CSV,
             "\xff\xfe"
             "a\0,\0\x20\x5f\n\0=\xd8\0\xde",
             14, "1: a|张\n2: 😀\n");
    reads_as(SHEET_CSV, "\xfe\xff\0a\0\t\x5f\x20", 8, "1: a|张\n");
    reads_as_failure(SHEET_CSV,
                     "\xff\xfe"
                     "a\0,",
                     5, SHEET_NOT_READABLE);
    reads_as_failure(SHEET_CSV,
                     "\xff\xfe"
                     "a\0\0\0",
                     6, SHEET_NOT_READABLE);
    reads_as_failure(SHEET_CSV,
                     "\xff\xfe=\xd8"
                     "a\0",
                     6, SHEET_NOT_READABLE);
}
END_TEST

START_TEST(what_is_no_text_is_refused)
{
    reads_as_failure(SHEET_CSV, "a,b\0c\n", 6, SHEET_NOT_READABLE);
    reads_as_failure(SHEET_CSV, "\xef\xbb\xbf\xff\n", 5, SHEET_NOT_READABLE); /* marked, and yet no UTF-8 */
    reads_as_failure(SHEET_CSV, "\x81\x8d\xff\n", 4, SHEET_NOT_READABLE);
    reads_as_failure(SHEET_CSV, "a,\"never closed\nb,c\n", 20, SHEET_NOT_READABLE);
}
END_TEST

START_TEST(a_character_on_the_edge_of_a_piece_stays_whole)
{
    static char text[100000], expected[200000];

    for (size_t shift = 0; shift < 4; shift++) {
        size_t n = shift, e;

        memset(text, 'a', shift);
        e = 3 + shift;
        memcpy(expected, "1: aaa", e);
        while (n < 32768 + 40) {
            text[n++] = '\xd5', text[n++] = '\xc5', text[n++] = ',', text[n++] = '\n';
            memcpy(expected + e, "张\n", 4);
            e += 4;
            e += (size_t)sprintf(expected + e, "%zu: ", (n - shift) / 4 + 1);
        }
        text[n++] = '.';
        memcpy(expected + e, ".\n", 3);
        reads_as(SHEET_CSV, text, n, expected);
    }
}
END_TEST

START_TEST(long_cells_are_cut_between_characters_and_say_so)
{
    static char text[20000], expected[20000];
    size_t n = 0;

    for (int i = 0; i < 2000; i++, n += 3)
        memcpy(text + n, "张", 3);
    memcpy(text + n, ",ok\n", 4);
    memcpy(expected, "1: ~", 4);
    memcpy(expected + 4, text, 4095); /* 1365 of three bytes each */
    memcpy(expected + 4099, "|ok\n", 5);
    reads_as(SHEET_CSV, text, n + 4, expected);

    memset(text, 'x', 4096);
    memcpy(text + 4096, "\n", 2);
    memcpy(expected, "1: ", 3);
    memcpy(expected + 3, text, 4098);
    reads_as(SHEET_CSV, text, 4097, expected);
}
END_TEST

START_TEST(columns_end_at_the_64th)
{
    char text[80], wide[80];

    memset(text, ',', sizeof text);
    memcpy(wide, text, sizeof text);
    text[64] = 'x';
    reads_as_failure(SHEET_CSV, text, 65, SHEET_TOO_MANY_COLUMNS);
    reads_as(SHEET_CSV, wide, 70, ""); /* empty ones may go on */
}
END_TEST

static char *rows_of(size_t count, size_t *ret_size)
{
    char *text = malloc(count * 2);

    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * 2, "x\n", 2);
    *ret_size = count * 2;
    return text;
}

START_TEST(rows_end_at_a_hundred_thousand_and_a_header)
{
    size_t size;
    char *text = rows_of(100002, &size);
    made_sheet made;
    sheet_facts facts;
    sp_status status;

    reads_as_failure(SHEET_CSV, text, size, SHEET_TOO_MANY_ROWS);
    made_sheet_init(&made, text, size - 2);
    free(rows_read(&made.file, SHEET_CSV, (sheet_want){.rows = 5}, &status, &facts));
    ck_assert(!sp_failed(status));
    ck_assert_int_eq(facts.rows, 100001);
    made_sheet_done(&made);
    free(text);
}
END_TEST

static sp_status stop(void *arg, const sheet_row *row)
{
    (void)row;
    return ++*(int *)arg == 3 ? OUT_OF_MEMORY : SP_DONE;
}

START_TEST(whoever_takes_rows_can_stop)
{
    made_sheet made;
    sheet_facts facts;
    int rows = 0;

    made_sheet_init(&made, "a\nb\nc\nd\n", 8);
    ck_assert_str_eq(sheet_read(&made.file, SHEET_CSV, (sheet_want){0}, stop, &rows, &facts).reason,
                     OUT_OF_MEMORY.reason);
    ck_assert_int_eq(rows, 3);
    made_sheet_done(&made);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sheet_csv");
    TCase *tests = tcase_create("sheet_csv");

    tcase_add_loop_test(tests, texts_are_read_as_spreadsheets_read_them, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tests, utf_16_is_told_by_its_mark);
    tcase_add_test(tests, what_is_no_text_is_refused);
    tcase_add_test(tests, a_character_on_the_edge_of_a_piece_stays_whole);
    tcase_add_test(tests, long_cells_are_cut_between_characters_and_say_so);
    tcase_add_test(tests, columns_end_at_the_64th);
    tcase_add_test(tests, rows_end_at_a_hundred_thousand_and_a_header);
    tcase_add_test(tests, whoever_takes_rows_can_stop);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
