/* Each file of fixtures/ that another program made is read exactly as the JSON beside it says. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "file.h"
#include "json_reader.h"
#include "sheet_tests.h"
#include "suite.h"

static const char *const fixtures[] = {
    "libreoffice.xlsx",          "libreoffice-1904.xlsx", "libreoffice.xls", "libreoffice-1904.xls", "libreoffice.csv",
    "libreoffice-semicolon.csv", "libreoffice-utf16.csv", "gnumeric.xlsx",   "gnumeric.xls",         "exceljs.xlsx",
    "exceljs-inline.xlsx",       "exceljs-shared.xlsx",
};

static sheet_kind kind_of(const char *name)
{
    const char *extension = strrchr(name, '.');

    return strcmp(extension, ".xlsx") == 0 ? SHEET_XLSX : strcmp(extension, ".xls") == 0 ? SHEET_XLS : SHEET_CSV;
}

static void put(byte_buffer *out, const json_reader *in)
{
    ck_assert(byte_buffer_append(out, in->text, in->length));
}

/* {"name": …, "rows": [{"number": …, "cells": […]}, …]} as rows_read writes it. */
static char *expected_rows(const char *json, size_t size, char *ret_name)
{
    byte_buffer out;
    json_reader in;
    arena memory;
    bool first = true;

    arena_init(&memory, 1 << 20);
    byte_buffer_init(&out, 1 << 20);
    json_reader_init(&in, json, size, &memory);
    for (json_token token; (token = json_next(&in)) != JSON_END;) {
        ck_assert_int_ne(token, JSON_BAD);
        if (token == JSON_NUMBER) {
            put(&out, &in);
            ck_assert(byte_buffer_append_text(&out, ": "));
            first = true;
        } else if (token == JSON_STRING && in.depth == 1) {
            snprintf(ret_name, SHEET_NAME_BYTES_MAX, "%.*s", (int)in.length, in.text);
        } else if (token == JSON_STRING) {
            ck_assert(byte_buffer_append_text(&out, first ? "" : "|"));
            put(&out, &in);
            first = false;
        } else if (token == JSON_ARRAY_END && in.depth == 3) {
            ck_assert(byte_buffer_append_text(&out, "\n"));
        }
    }
    arena_done(&memory);
    return (char *)out.data;
}

START_TEST(what_other_programs_write_is_read_as_they_meant_it)
{
    char path[512], *json, name[SHEET_NAME_BYTES_MAX + 1] = "";
    made_sheet made;
    sheet_facts facts;
    sp_status status;
    size_t size;

    snprintf(path, sizeof path, "%s/%s.json", FIXTURES, fixtures[_i]);
    ck_assert(!sp_failed(file_read(path, 1 << 20, &json, &size)));
    char *expected = expected_rows(json, size, name);
    free(json);

    snprintf(path, sizeof path, "%s/%s", FIXTURES, fixtures[_i]);
    made_sheet_open(&made, path);
    char *read = rows_read(&made.file, kind_of(fixtures[_i]), (sheet_want){0}, &status, &facts);
    ck_assert_msg(!sp_failed(status), "%s: %s", fixtures[_i], status.reason);
    ck_assert_msg(strcmp(read, expected) == 0, "%s gives\n%snot\n%s", fixtures[_i], read, expected);
    ck_assert_str_eq(facts.name, name);
    free(read);
    free(expected);
    made_sheet_done(&made);
}
END_TEST

static void first_cell_is(const char *name, int sheet, const char *text)
{
    char path[512];
    made_sheet made;
    sheet_facts facts;
    sp_status status;

    snprintf(path, sizeof path, "%s/%s", FIXTURES, name);
    made_sheet_open(&made, path);
    char *read = rows_read(&made.file, kind_of(name), (sheet_want){.sheet = sheet, .rows = 1}, &status, &facts);
    ck_assert_str_eq(status.reason, text ? "" : SHEET_NOT_THERE.reason);
    if (text)
        ck_assert_msg(strncmp(read + 3, text, strlen(text)) == 0 && facts.rows >= 1, "%s: %s", name, read);
    free(read);
    made_sheet_done(&made);
}

START_TEST(hidden_sheets_do_not_count)
{
    first_cell_is("libreoffice.xlsx", 0, "ID");
    first_cell_is("libreoffice.xlsx", 1, "read me");
    first_cell_is("libreoffice.xlsx", 2, NULL);
    first_cell_is("libreoffice.xls", 0, "ID");
    first_cell_is("libreoffice.xls", 1, "read me");
    first_cell_is("libreoffice.xls", 2, NULL);
    first_cell_is("exceljs.xlsx", 1, NULL);
    first_cell_is("libreoffice.csv", 1, NULL);
}
END_TEST

START_TEST(rows_that_are_not_wanted_are_counted)
{
    made_sheet made;
    sheet_facts facts;
    sp_status status;

    made_sheet_open(&made, FIXTURES "/exceljs-shared.xlsx");
    char *read = rows_read(&made.file, SHEET_XLSX, (sheet_want){.rows = 2}, &status, &facts);
    ck_assert_str_eq(read, "1: Personnel ID|Name|Birth date\n2: 0001|Name <1> & \"co\"|2000-01-01\n");
    ck_assert_int_eq(facts.rows, 21);
    free(read);
    made_sheet_done(&made);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sheet_fixtures");
    TCase *tests = tcase_create("sheet_fixtures");

    tcase_add_loop_test(tests, what_other_programs_write_is_read_as_they_meant_it, 0,
                        sizeof fixtures / sizeof *fixtures);
    tcase_add_test(tests, hidden_sheets_do_not_count);
    tcase_add_test(tests, rows_that_are_not_wanted_are_counted);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
