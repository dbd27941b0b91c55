/* Rows of an imported sheet. */
#include <check.h>
#include <string.h>

#include "import_reasons.h"
#include "import_row.h"
#include "suite.h"

static arena memory;
static group_paths *groups;

static void up(void)
{
    static const group_node nodes[] = {{1, 0, "Head office"}, {2, 1, "Works"}, {3, 1, "Office"}};

    arena_init(&memory, 1 << 22);
    groups = group_paths_make(&memory, nodes, sizeof nodes / sizeof *nodes);
}

static void down(void)
{
    arena_done(&memory);
}

#define CELLS(...)                                                                                                     \
    (&(const sheet_row){7, sizeof(const char *[]){__VA_ARGS__} / sizeof(const char *),                                 \
                        (const char *const[]){__VA_ARGS__}, 0})

static import_columns header(const sheet_row *row)
{
    import_columns columns;

    ck_assert(import_columns_find(PERSON_EMPLOYEE, row, &memory, &columns));
    return columns;
}

static import_row read(const import_columns *columns, const sheet_row *cells)
{
    import_row row;

    ck_assert(import_row_read(columns, groups, cells, 0, &memory, &row));
    import_row_check(&row, &row.person);
    return row;
}

START_TEST(a_header_has_every_required_column_once)
{
    import_columns columns;

    ck_assert(!import_columns_find(PERSON_EMPLOYEE, CELLS("Personnel ID", "Phone"), &memory, &columns));
    ck_assert(!import_columns_find(PERSON_EMPLOYEE, CELLS("Personnel ID", "Name", "name *"), &memory, &columns));
    ck_assert(!import_columns_find(PERSON_EMPLOYEE, CELLS("Staff of the works"), &memory, &columns));
    columns = header(CELLS("", "姓名", "Shoe size", "Personnel ID", "Reason"));
    ck_assert_int_eq(columns.columns[0], -1);
    ck_assert_int_eq(columns.columns[2], -1);
    ck_assert_int_eq(columns.columns[4], -1);
    ck_assert_int_eq(columns.cell_of[import_column_of_text(PERSON_EMPLOYEE, PERSON_NAME)], 1);
    ck_assert_int_eq(columns.cell_of[import_column_of_text(PERSON_EMPLOYEE, PERSON_NUMBER)], 3);
    ck_assert_int_eq(columns.cell_of[import_column_of_text(PERSON_EMPLOYEE, PERSON_PHONE)], -1);
}
END_TEST

START_TEST(failed_rows_speak_the_language_of_most_headers)
{
    ck_assert_int_eq(header(CELLS("Personnel ID", "Name", "性别")).language, LANGUAGE_EN);
    ck_assert_int_eq(header(CELLS("人员编号", "姓名", "Gender")).language, LANGUAGE_ZH);
}
END_TEST

START_TEST(a_row_becomes_what_is_stored)
{
    const import_columns columns =
        header(CELLS("Personnel ID", "Name", "Gender", "Group", "Date of birth", "Notes", "Unknown"));
    import_row row = read(&columns, CELLS(" 007 ", "Zoë", "女", "Works", "1990/1/5", "two\nlines", "x"));

    ck_assert_uint_eq(row.fault_count, 0);
    ck_assert_int_eq(row.number, 7);
    ck_assert_str_eq(row.person.texts[PERSON_NUMBER], "007");
    ck_assert_str_eq(row.person.texts[PERSON_NAME], "Zoë");
    ck_assert_str_eq(row.person.texts[PERSON_BIRTH_DATE], "1990-01-05");
    ck_assert_str_eq(row.person.texts[PERSON_NOTES], "two\nlines");
    ck_assert_str_eq(row.person.texts[PERSON_PHONE], "");
    ck_assert_int_eq(row.person.gender, 1);
    ck_assert_int_eq(row.person.group_id, 2);
}
END_TEST

START_TEST(a_short_row_states_nothing_of_the_rest)
{
    const import_columns columns = header(CELLS("Personnel ID", "Name", "Gender", "Group"));
    import_row row = read(&columns, CELLS("1", "Ann"));

    ck_assert_uint_eq(row.fault_count, 0);
    ck_assert_int_eq(row.person.gender, 0);
    ck_assert_int_eq(row.person.group_id, 0);
}
END_TEST

START_TEST(each_column_has_one_fault_at_most)
{
    const import_columns columns = header(CELLS("Personnel ID", "Name", "Employed from", "Employed until"));
    import_row row = read(&columns, CELLS("", "", "2026-13-01", "01/02/2026"));

    ck_assert_uint_eq(row.fault_count, 4);
    ck_assert_uint_eq(row.fault_count_of_form, 2);
    import_row_fault_text(&row, PERSON_NAME, "ANOTHER", "Another.");
    ck_assert_uint_eq(row.fault_count, 4);
}
END_TEST

START_TEST(a_cut_ends_between_two_characters)
{
    ck_assert_str_eq(import_cut(&memory, "a王b", 1), "a");
    ck_assert_str_eq(import_cut(&memory, "a王b", 3), "a");
    ck_assert_str_eq(import_cut(&memory, "a王b", 4), "a王");
    ck_assert_str_eq(import_cut(&memory, "a王b", 96), "a王b");
}
END_TEST

START_TEST(every_fault_has_words_in_both_languages)
{
    import_columns columns = header(
        CELLS("Personnel ID", "Name", "Gender", "Group", "Date of birth", "Notes", "Employed from", "Employed until"));
    import_row row = read(&columns, CELLS("", "a\x01", "x", "Nowhere", "01/02/2026", "", "2026-02-30", "2026-01-01"));

    import_row_check(&row, &row.person);
    ck_assert_uint_ge(row.fault_count, 5);
    for (size_t i = 0; i < row.fault_count; i++) {
        const import_fault *fault = &row.faults[i];

        ck_assert_str_eq(import_reason_sentence(fault->reason, fault->sentence, LANGUAGE_EN), fault->sentence);
        ck_assert_str_ne(import_reason_sentence(fault->reason, fault->sentence, LANGUAGE_ZH), fault->sentence);
    }
    ck_assert_str_eq(import_reason_sentence("ANOTHER", "Another.", LANGUAGE_ZH), "Another.");
}
END_TEST

int main(void)
{
    return RUN_SUITE_IN(up, down, "rows of an import", 10, a_header_has_every_required_column_once,
                        failed_rows_speak_the_language_of_most_headers, a_row_becomes_what_is_stored,
                        a_short_row_states_nothing_of_the_rest, each_column_has_one_fault_at_most,
                        a_cut_ends_between_two_characters, every_fault_has_words_in_both_languages);
}
