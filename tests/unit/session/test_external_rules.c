#include <check.h>
#include <string.h>

#include "external_rules.h"
#include "suite.h"

START_TEST(the_browser_goes_back_to_the_sign_in_page_by_https_or_on_this_machine)
{
    static const char *const legal[] = {
        "https://console.example/sign-in/external", "https://console.example:9000/sign-in/external",
        "http://localhost:9000/sign-in/external",   "http://127.0.0.1/sign-in/external",
        "http://[::1]:9000/sign-in/external",
    };
    static const char *const illegal[] = {
        "",
        "/sign-in/external",
        "https:///sign-in/external",
        "https://console.example/sign-in/external/",
        "https://console.example/sign-in/external?to=x",
        "https://console.example/sign-in/external#x",
        "https://console.example/x/sign-in/external",
        "https://user@console.example/sign-in/external",
        "http://console.example/sign-in/external",
        "http://localhost.example/sign-in/external",
        "http://127.0.0.1.example/sign-in/external",
        "ftp://localhost/sign-in/external",
        "javascript://localhost/sign-in/external",
    };

    for (size_t i = 0; i < sizeof legal / sizeof *legal; i++)
        ck_assert_msg(external_redirect_is_legal(legal[i]), "%s", legal[i]);
    for (size_t i = 0; i < sizeof illegal / sizeof *illegal; i++)
        ck_assert_msg(!external_redirect_is_legal(illegal[i]), "%s", illegal[i]);
}
END_TEST

START_TEST(a_value_fits_when_it_is_the_same_or_when_all_fit)
{
    char *texts[] = {"staff", "Managers"};
    const text_list values = {texts, 2}, none = {0};

    ck_assert(external_value_fits("staff", &values));
    ck_assert(!external_value_fits("managers", &values));
    ck_assert(!external_value_fits("", &values));
    ck_assert(!external_value_fits("staff", &none));
    ck_assert(external_value_fits("*", &none));
}
END_TEST

START_TEST(a_user_name_is_the_first_candidate_of_which_something_is_left)
{
    static const char *const names[] = {" \t", "\xe2\x80\xae", "Kim Lee"};
    static const char *const nothing[] = {"", " "};
    char name[USERNAME_MAX + 1];

    ck_assert(external_username(names, 3, 1, name));
    ck_assert_str_eq(name, "KimLee");
    ck_assert(external_username(names, 3, 12, name));
    ck_assert_str_eq(name, "KimLee-12");
    ck_assert(!external_username(nothing, 2, 1, name));
}
END_TEST

START_TEST(a_user_name_is_cut_where_a_character_ends)
{
    char longest[4 * USERNAME_MAX + 1] = "", name[USERNAME_MAX + 1];
    const char *const candidates[] = {longest};

    for (int i = 0; i < USERNAME_MAX; i++)
        strcat(longest, i == 0 ? "x" : "\xc3\xbc");
    ck_assert(external_username(candidates, 1, 1, name));
    ck_assert_uint_eq(strlen(name), USERNAME_MAX - 1);
    ck_assert(utf8_is_valid(name, strlen(name)));
    ck_assert(external_username(candidates, 1, 100, name));
    ck_assert_str_eq(name + strlen(name) - 4, "-100");
    ck_assert(utf8_is_valid(name, strlen(name)));
}
END_TEST

START_TEST(a_display_name_is_one_plain_line_or_nothing)
{
    char name[DISPLAY_NAME_MAX + 1], longest[3 * DISPLAY_NAME_MAX + 1] = "";

    external_display_name("  Kim Lee ", name);
    ck_assert_str_eq(name, "Kim Lee");
    external_display_name("Kim\nLee", name);
    ck_assert_str_eq(name, "");
    for (int i = 0; i < DISPLAY_NAME_MAX; i++)
        strcat(longest, "\xe6\x9d\x8e");
    external_display_name(longest, name);
    ck_assert_uint_eq(strlen(name), DISPLAY_NAME_MAX / 3 * 3);
    ck_assert(utf8_is_valid(name, strlen(name)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("external_rules");
    TCase *tests = tcase_create("rules");

    tcase_add_test(tests, the_browser_goes_back_to_the_sign_in_page_by_https_or_on_this_machine);
    tcase_add_test(tests, a_value_fits_when_it_is_the_same_or_when_all_fit);
    tcase_add_test(tests, a_user_name_is_the_first_candidate_of_which_something_is_left);
    tcase_add_test(tests, a_user_name_is_cut_where_a_character_ends);
    tcase_add_test(tests, a_display_name_is_one_plain_line_or_nothing);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
