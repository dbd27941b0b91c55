#include <check.h>
#include <string.h>

#include "package_version.h"
#include "suite.h"

START_TEST(a_version_is_three_numbers)
{
    static const char *const good[] = {"0.0.0", "0.1.0", "1.2.3", "65535.65535.65535", "10.0.20"};
    char text[PACKAGE_VERSION_SIZE];

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        package_version v;

        ck_assert(package_version_parse(good[i], &v));
        package_version_text(v, text);
        ck_assert_str_eq(text, good[i]);
    }
}
END_TEST

START_TEST(nothing_else_is_one)
{
    static const char *const bad[] = {
        "",       "1",      "1.2",     "1.2.",         "1.2.3.",  "1.2.3.4",       "v1.2.3", "1.2.3 ",
        " 1.2.3", "01.2.3", "1.02.3",  "1.2.65536",    "1..3",    "-1.2.3",        "+1.2.3", "1.2.3-rc",
        "1,2,3",  "a.b.c",  "1.2.3\n", "99999999.1.1", "0x1.2.3", "1.2.4294967297"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        package_version v;

        ck_assert_msg(!package_version_parse(bad[i], &v), "%s", bad[i]);
    }
}
END_TEST

START_TEST(versions_compare_by_number_from_the_left)
{
    static const char *const rising[] = {"0.0.1",  "0.0.2", "0.0.10", "0.1.0", "0.2.0",
                                         "0.10.0", "1.0.0", "2.0.0",  "10.0.0"};

    for (size_t i = 0; i < sizeof rising / sizeof *rising; i++)
        for (size_t j = 0; j < sizeof rising / sizeof *rising; j++) {
            package_version a, b;
            int order;

            ck_assert(package_version_parse(rising[i], &a) && package_version_parse(rising[j], &b));
            order = package_version_compare(a, b);
            ck_assert_int_eq((order > 0) - (order < 0), (i > j) - (i < j));
        }
}
END_TEST

int main(void)
{
    return RUN_SUITE("package version", 10, a_version_is_three_numbers, nothing_else_is_one,
                     versions_compare_by_number_from_the_left);
}
