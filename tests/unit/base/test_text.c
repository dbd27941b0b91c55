#include <check.h>
#include <string.h>

#include "suite.h"
#include "text.h"

START_TEST(hex_goes_there_and_back)
{
    const uint8_t bytes[] = {0x00, 0x7f, 0x80, 0xab, 0xff};
    uint8_t back[5];
    char text[11];

    hex_encode(bytes, 5, text);
    ck_assert_str_eq(text, "007f80abff");
    ck_assert(hex_decode("007F80abFF", back, 5));
    ck_assert_mem_eq(back, bytes, 5);
}
END_TEST

START_TEST(hex_of_another_length_or_alphabet_is_refused)
{
    static const char *const wrong[] = {"", "0", "00", "000", "00000", "00g0", "0x00", "00 0"};
    uint8_t out[2];

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!hex_decode(wrong[i], out, 2), "\"%s\" was taken", wrong[i]);
}
END_TEST

/* RFC 4648 §10. */
static const struct {
    const char *plain;
    const char *padded;
} base64_vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

START_TEST(base64_follows_the_rfc)
{
    const char *plain = base64_vectors[_i].plain;
    const char *padded = base64_vectors[_i].padded;
    size_t unpadded = strcspn(padded, "=");
    uint8_t back[6];
    char text[9];

    base64url_encode((const uint8_t *)plain, strlen(plain), text);
    ck_assert_uint_eq(strlen(text), BASE64URL_LENGTH(strlen(plain)));
    ck_assert_uint_eq(strlen(text), unpadded);
    ck_assert_int_eq(strncmp(text, padded, unpadded), 0);
    ck_assert_int_eq(base64_decode(padded, strlen(padded), back, sizeof back), (long)strlen(plain));
    ck_assert_mem_eq(back, plain, strlen(plain));
    ck_assert_int_eq(base64_decode(padded, unpadded, back, sizeof back), (long)strlen(plain));
}
END_TEST

/* RFC 4648, section 10. */
static const struct {
    const char *plain, *text;
} base32_vectors[] = {
    {"", ""},
    {"f", "MY"},
    {"fo", "MZXQ"},
    {"foo", "MZXW6"},
    {"foob", "MZXW6YQ"},
    {"fooba", "MZXW6YTB"},
    {"foobar", "MZXW6YTBOI"},
};

START_TEST(base32_follows_the_rfc)
{
    const char *plain = base32_vectors[_i].plain;
    char text[11];

    base32_encode((const uint8_t *)plain, strlen(plain), text);
    ck_assert_str_eq(text, base32_vectors[_i].text);
    ck_assert_uint_eq(strlen(text), BASE32_LENGTH(strlen(plain)));
}
END_TEST

START_TEST(both_base64_alphabets_are_read_and_url_is_written)
{
    const uint8_t bytes[] = {0xfb, 0xff, 0xbf};
    uint8_t back[3];
    char text[5];

    base64url_encode(bytes, 3, text);
    ck_assert_str_eq(text, "-_-_");
    ck_assert_int_eq(base64_decode("+/+/", 4, back, 3), 3);
    ck_assert_mem_eq(back, bytes, 3);
    ck_assert_int_eq(base64_decode("-_-_", 4, back, 3), 3);
    ck_assert_mem_eq(back, bytes, 3);
}
END_TEST

START_TEST(malformed_base64_is_refused)
{
    static const char *const wrong[] = {
        "Z", "Zg=", "Zg===", "Zm9v=", "Zm9vY", "Z=g=", "Zm8==", "Zh==", "Zm9=", "Zg\n", "====", "Zm 9"};
    uint8_t out[16];

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(base64_decode(wrong[i], strlen(wrong[i]), out, sizeof out) == -1, "\"%s\" was taken", wrong[i]);
}
END_TEST

START_TEST(base64_never_writes_beyond_the_cap)
{
    uint8_t out[3] = {0, 0, 0xee};

    ck_assert_int_eq(base64_decode("Zm9v", 4, out, 2), -1);
    ck_assert_uint_eq(out[2], 0xee);
    ck_assert_int_eq(base64_decode("Zm9v", 4, out, 3), 3);
}
END_TEST

START_TEST(well_formed_utf8_is_taken)
{
    static const char *const right[] = {
        "",
        "plain",
        "\xc2\x80",
        "\xdf\xbf",
        "\xe0\xa0\x80",
        "\xed\x9f\xbf",
        "\xee\x80\x80",
        "\xef\xbf\xbf",
        "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf",
        "Zoë 王伟 🙂",
    };

    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        ck_assert_msg(utf8_is_valid(right[i], strlen(right[i])), "number %zu was refused", i);
}
END_TEST

START_TEST(malformed_utf8_is_refused)
{
    static const char *const wrong[] = {
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xc2",
        "\xc2\xc2",
        "\xe0\x9f\xbf",
        "\xe0\xa0",
        "\xe1\x80\xc0",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xff",
        "\xfe",
        "ok\xe7\x8e",
        "\xf0\x90\x80",
        "\xf1\x80\x80\x7f",
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!utf8_is_valid(wrong[i], strlen(wrong[i])), "number %zu was taken", i);
    ck_assert(!utf8_is_valid("a\0b", 3));
}
END_TEST

START_TEST(numbers_reach_from_end_to_end)
{
    int64_t value;

    ck_assert(int64_parse("0", 0, 0, &value) && value == 0);
    ck_assert(int64_parse("-17", -20, 20, &value) && value == -17);
    ck_assert(int64_parse("9223372036854775807", INT64_MIN, INT64_MAX, &value) && value == INT64_MAX);
    ck_assert(int64_parse("-9223372036854775808", INT64_MIN, INT64_MAX, &value) && value == INT64_MIN);
}
END_TEST

START_TEST(what_is_not_wholly_a_number_in_range_is_refused)
{
    static const char *const wrong[] = {"",
                                        "-",
                                        " 1",
                                        "1 ",
                                        "+1",
                                        "0x1",
                                        "1.",
                                        "--1",
                                        "1e3",
                                        "101",
                                        "-1",
                                        "9223372036854775808",
                                        "99999999999999999999"};
    int64_t value = 42;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!int64_parse(wrong[i], 0, 100, &value), "\"%s\" was taken", wrong[i]);
    ck_assert(!int64_parse("-9223372036854775809", INT64_MIN, INT64_MAX, &value));
    ck_assert(!int64_parse("9223372036854775808", INT64_MIN, INT64_MAX, &value));
    ck_assert_int_eq(value, 42);
}
END_TEST

START_TEST(bytes_are_equal_only_when_all_are)
{
    ck_assert(bytes_equal("gate", "gate", 4));
    ck_assert(bytes_equal("", "x", 0));
    for (size_t i = 0; i < 4; i++) {
        char other[5] = "gate";

        other[i] ^= (char)0x80;
        ck_assert(!bytes_equal("gate", other, 4));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *tests = tcase_create("text");

    tcase_add_test(tests, hex_goes_there_and_back);
    tcase_add_test(tests, hex_of_another_length_or_alphabet_is_refused);
    tcase_add_loop_test(tests, base64_follows_the_rfc, 0, sizeof base64_vectors / sizeof *base64_vectors);
    tcase_add_loop_test(tests, base32_follows_the_rfc, 0, sizeof base32_vectors / sizeof *base32_vectors);
    tcase_add_test(tests, both_base64_alphabets_are_read_and_url_is_written);
    tcase_add_test(tests, malformed_base64_is_refused);
    tcase_add_test(tests, base64_never_writes_beyond_the_cap);
    tcase_add_test(tests, well_formed_utf8_is_taken);
    tcase_add_test(tests, malformed_utf8_is_refused);
    tcase_add_test(tests, numbers_reach_from_end_to_end);
    tcase_add_test(tests, what_is_not_wholly_a_number_in_range_is_refused);
    tcase_add_test(tests, bytes_are_equal_only_when_all_are);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
