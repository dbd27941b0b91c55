/* What may be written about the own account. */
#include <check.h>
#include <string.h>

#include "account_rules.h"
#include "smartpass/v1/account.names.h"
#include "suite.h"

/* ---- Preferences ------------------------------------------------------------------------------------------------- */

static const struct {
    const char *language, *theme, *unit, *field; /* field "": it is fine */
} WORDS[] = {
    {"", "", "", ""},
    {"en", "light", "C", ""},
    {"zh", "dark", "F", ""},
    {"de", "", "", "language"},
    {"EN", "", "", "language"},
    {"", "black", "", "theme"},
    {"", "", "K", "temperature_unit"},
    {"", "", "c", "temperature_unit"},
};

START_TEST(language_theme_and_unit_are_of_the_known_ones)
{
    Preferences p = PREFERENCES_INIT;
    account_fault fault;

    p.language = (char *)WORDS[_i].language;
    p.theme = (char *)WORDS[_i].theme;
    p.temperature_unit = (char *)WORDS[_i].unit;
    fault = preferences_fault(&p);
    ck_assert_int_eq(fault.reason != NULL, *WORDS[_i].field != '\0');
    ck_assert_str_eq(fault.field, WORDS[_i].field);
}
END_TEST

static account_fault fault_of(const char *first, const char *second, const char *column, int32_t page_size)
{
    char *columns[] = {(char *)"name", (char *)column};
    ListColumns lists[] = {LIST_COLUMNS_INIT, LIST_COLUMNS_INIT};
    ListColumns *pointers[] = {&lists[0], &lists[1]};
    Preferences p = PREFERENCES_INIT;

    lists[0].list = (char *)first;
    lists[1].list = (char *)second;
    lists[1].columns = columns;
    lists[1].n_columns = 2;
    lists[1].page_size = page_size;
    p.lists = pointers;
    p.n_lists = 2;
    return preferences_fault(&p);
}

START_TEST(lists_and_their_columns_have_names_that_come_once)
{
    ck_assert_ptr_null(fault_of("employees", "pass.records", "card_number", 100).reason);
    ck_assert_str_eq(fault_of("", "devices", "x", 0).field, "lists[0].list");
    ck_assert_str_eq(fault_of("devices", "devices", "x", 0).field, "lists[1].list");
    ck_assert_str_eq(fault_of("devices", "a b", "x", 0).field, "lists[1].list");
    ck_assert_str_eq(fault_of("devices", "users", "name", 0).field, "lists[1].columns");
    ck_assert_str_eq(fault_of("devices", "users", "", 0).field, "lists[1].columns");
    ck_assert_str_eq(fault_of("devices", "users", "<b>", 0).field, "lists[1].columns");
    ck_assert_str_eq(fault_of("devices", "users", "x", -1).field, "lists[1].page_size");
    ck_assert_str_eq(fault_of("devices", "users", "x", 101).field, "lists[1].page_size");
}
END_TEST

/* ---- Second factor ----------------------------------------------------------------------------------------------- */

START_TEST(a_name_is_escaped_in_the_uri)
{
    arena memory;

    arena_init(&memory, 4096);
    ck_assert_str_eq(totp_uri(&memory, "ann", "ABCD"),
                     "otpauth://totp/Smart%20Pass:ann?secret=ABCD&issuer=Smart%20Pass&algorithm=SHA1&digits=6"
                     "&period=30");
    ck_assert_ptr_nonnull(
        strstr(totp_uri(&memory, "a&b=c:王.d-e_f~", "ABCD"), ":a%26b%3Dc%3A%E7%8E%8B.d-e_f~?secret=ABCD&"));
    arena_done(&memory);
}
END_TEST

/* ---- Tokens ------------------------------------------------------------------------------------------------------ */

START_TEST(a_token_ends_in_the_future_and_within_a_year)
{
    const int64_t now_ms = INT64_C(1700000000000), day_ms = 24 * 60 * 60 * 1000;

    ck_assert_ptr_nonnull(token_expiry_fault(now_ms, now_ms).reason);
    ck_assert_ptr_null(token_expiry_fault(now_ms + 1, now_ms).reason);
    ck_assert_ptr_null(token_expiry_fault(now_ms + 366 * day_ms, now_ms).reason);
    ck_assert_ptr_nonnull(token_expiry_fault(now_ms + 366 * day_ms + 1, now_ms).reason);
    ck_assert_ptr_nonnull(token_expiry_fault(INT64_MIN, now_ms).reason);
    ck_assert_ptr_nonnull(token_expiry_fault(INT64_MAX, now_ms).reason);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("account rules");
    TCase *tests = tcase_create("account rules");

    tcase_add_loop_test(tests, language_theme_and_unit_are_of_the_known_ones, 0, sizeof WORDS / sizeof *WORDS);
    tcase_add_test(tests, lists_and_their_columns_have_names_that_come_once);
    tcase_add_test(tests, a_name_is_escaped_in_the_uri);
    tcase_add_test(tests, a_token_ends_in_the_future_and_within_a_year);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
