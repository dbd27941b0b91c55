/* The columns of sheets and what their cells mean. */
#include <check.h>
#include <string.h>

#include "columns.h"
#include "suite.h"

static const person_kind KINDS[] = {PERSON_EMPLOYEE, PERSON_VISITOR, PERSON_BLACKLIST_ENTRY};

START_TEST(every_text_field_of_a_kind_has_a_column)
{
    person_kind kind = KINDS[_i];
    size_t count;
    const sheet_column *all = columns_of(kind, &count);

    for (int text = 0; text < PERSON_TEXTS; text++) {
        bool has = false;

        for (size_t i = 0; i < count; i++)
            has = has || (all[i].form == COLUMN_TEXT && all[i].text == (person_text)text);
        ck_assert_msg(has == (person_text_max_bytes(kind, (person_text)text) > 0), "%s of %s",
                      person_text_name((person_text)text), person_kind_name(kind));
    }
}
END_TEST

START_TEST(every_header_is_found_again_in_either_language)
{
    size_t count;
    const sheet_column *all = columns_of(KINDS[_i], &count);

    for (size_t i = 0; i < count; i++) {
        ck_assert(all[i].width > 0);
        for (int language = 0; language < LANGUAGES; language++) {
            ck_assert_int_eq(column_find(KINDS[_i], all[i].headers[language]), i);
            ck_assert_ptr_nonnull(all[i].notes[language]);
        }
    }
}
END_TEST

static const struct {
    const char *header, *field; /* NULL: none */
} HEADERS[] = {
    {"Personnel ID", "number"},
    {"personnel id *", "number"},
    {"PERSONNEL_ID", "number"},
    {" 人员编号＊ ", "number"},
    {"ic-card number", "card_number"},
    {"IC卡号", "card_number"},
    {"\xef\xbb\xbfName", "name"},
    {"", NULL},
    {"Reason", NULL},
    {"Names", NULL},
    {"Visitor ID", NULL},
};

START_TEST(headers_count_without_case_blanks_and_asterisks)
{
    size_t count;
    const sheet_column *all = columns_of(PERSON_EMPLOYEE, &count);
    int found = column_find(PERSON_EMPLOYEE, HEADERS[_i].header);

    if (HEADERS[_i].field)
        ck_assert_str_eq(all[found].field, HEADERS[_i].field);
    else
        ck_assert_int_eq(found, -1);
}
END_TEST

START_TEST(a_header_of_any_length_is_looked_at)
{
    char header[5000];

    memset(header, 'x', sizeof header - 1);
    header[sizeof header - 1] = '\0';
    ck_assert_int_eq(column_find(PERSON_EMPLOYEE, header), -1);
}
END_TEST

START_TEST(the_column_of_reasons_is_known)
{
    ck_assert(column_is_reason(column_reason_header(LANGUAGE_EN)));
    ck_assert(column_is_reason(column_reason_header(LANGUAGE_ZH)));
    ck_assert(column_is_reason("REASON "));
    ck_assert(!column_is_reason("Name"));
}
END_TEST

START_TEST(languages_are_told_by_their_beginning)
{
    ck_assert_int_eq(sheet_language_of("zh"), LANGUAGE_ZH);
    ck_assert_int_eq(sheet_language_of("zh-CN"), LANGUAGE_ZH);
    ck_assert_int_eq(sheet_language_of("en"), LANGUAGE_EN);
    ck_assert_int_eq(sheet_language_of(""), LANGUAGE_EN);
}
END_TEST

/* ---- Cells ------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    int gender; /* -1: none */
} GENDERS[] = {{"", 0},  {"Female", 1}, {"female", 1}, {"F", 1},    {"女", 1}, {"Male", 2},
               {"m", 2}, {"男", 2},     {"other", 3},  {"其他", 3}, {"1", -1}, {"femal", -1}};

START_TEST(genders_are_words_or_letters)
{
    int gender = 0;
    bool known = gender_read(GENDERS[_i].word, &gender);

    ck_assert_msg(known == (GENDERS[_i].gender >= 0), "%s", GENDERS[_i].word);
    if (known)
        ck_assert_int_eq(gender, GENDERS[_i].gender);
}
END_TEST

START_TEST(a_gender_that_is_written_is_read_again)
{
    for (int gender = 0; gender <= 3; gender++)
        for (int language = 0; language < LANGUAGES; language++) {
            int read = -1;

            ck_assert(gender_read(gender_word(gender, (sheet_language)language), &read));
            ck_assert_int_eq(read, gender);
        }
}
END_TEST

static const struct {
    const char *text, *date; /* date NULL: unreadable, "?": ambiguous */
} DATES[] = {
    {"", ""},
    {"2026-01-05", "2026-01-05"},
    {"2026-1-5", "2026-01-05"},
    {"2026/01/05", "2026-01-05"},
    {"2026.1.5", "2026-01-05"},
    {"2026年1月5日", "2026-01-05"},
    {"2026 - 1 - 5", "2026-01-05"},
    {"2026-01-05 00:00:00", "2026-01-05"},
    {"2026-01-05T08:30:00.000Z", "2026-01-05"},
    {"20260105", "2026-01-05"},
    {"31.12.2026", "2026-12-31"},
    {"12/31/2026", "2026-12-31"},
    {"5/5/2026", "2026-05-05"},
    {"05/01/2026", "?"},
    {"1.2.2026", "?"},
    {"2026-02-30", NULL},
    {"2026-13-01", NULL},
    {"31/31/2026", NULL},
    {"26-01-05", NULL},
    {"5/1/26", NULL},
    {"2026-01", NULL},
    {"2026-01-05-06", NULL},
    {"2026-01-05x", NULL},
    {"202601055", NULL},
    {"46027", NULL},
    {"tomorrow", NULL},
    {"-2026-01-05", NULL},
    {"0000-01-01", NULL},
    {"99999999999999999999", NULL},
};

START_TEST(dates_are_read_where_they_have_one_reading)
{
    char date[DATE_TEXT_SIZE];
    date_verdict verdict = date_read(DATES[_i].text, date);

    if (!DATES[_i].date)
        ck_assert_msg(verdict == DATE_UNREADABLE, "%s", DATES[_i].text);
    else if (strcmp(DATES[_i].date, "?") == 0)
        ck_assert_msg(verdict == DATE_AMBIGUOUS, "%s", DATES[_i].text);
    else
        ck_assert_msg(verdict == DATE_READ && strcmp(date, DATES[_i].date) == 0, "%s", DATES[_i].text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("columns of sheets");
    TCase *tests = tcase_create("columns of sheets");

    tcase_add_loop_test(tests, every_text_field_of_a_kind_has_a_column, 0, 3);
    tcase_add_loop_test(tests, every_header_is_found_again_in_either_language, 0, 3);
    tcase_add_loop_test(tests, headers_count_without_case_blanks_and_asterisks, 0, sizeof HEADERS / sizeof *HEADERS);
    tcase_add_test(tests, a_header_of_any_length_is_looked_at);
    tcase_add_test(tests, the_column_of_reasons_is_known);
    tcase_add_test(tests, languages_are_told_by_their_beginning);
    tcase_add_loop_test(tests, genders_are_words_or_letters, 0, sizeof GENDERS / sizeof *GENDERS);
    tcase_add_test(tests, a_gender_that_is_written_is_read_again);
    tcase_add_loop_test(tests, dates_are_read_where_they_have_one_reading, 0, sizeof DATES / sizeof *DATES);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
