#include <check.h>
#include <string.h>

#include "random.h"
#include "suite.h"
#include "token.h"

START_TEST(a_token_hashes_to_what_was_stored)
{
    char text[TOKEN_TEXT_SIZE], other[TOKEN_TEXT_SIZE];
    uint8_t stored[SHA256_SIZE], hash[SHA256_SIZE], of_text[SHA256_SIZE];

    ck_assert(!sp_failed(token_new(text, stored)));
    ck_assert_uint_eq(strlen(text), 43);
    ck_assert(!sp_failed(token_hash(text, hash)));
    ck_assert_mem_eq(hash, stored, sizeof hash);
    ck_assert(!sp_failed(sha256_of(text, 43, of_text)));
    ck_assert_mem_eq(hash, of_text, sizeof hash);
    ck_assert(!sp_failed(token_new(other, stored)));
    ck_assert_str_ne(text, other);
}
END_TEST

static bool all_ones(void *bytes, size_t n)
{
    memset(bytes, 0xff, n);
    return true;
}

START_TEST(what_token_new_cannot_have_made_is_malformed)
{
    static const char *const wrong[] = {
        "",
        "short",
        "__________________________________________",   /* 42 */
        "___________________________________________8", /* 44 */
        "____________________________________________",
        "//////////////////////////////////////////8",
        "__________________________________________9", /* leftover bits */
        "____________________ ____________________8",
        "__________________________________________=",
    };
    char text[TOKEN_TEXT_SIZE];
    uint8_t hash[SHA256_SIZE];

    crypto_random_replace(all_ones);
    ck_assert(!sp_failed(token_new(text, hash)));
    ck_assert_str_eq(text, "__________________________________________8");
    ck_assert(!sp_failed(token_hash(text, hash)));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(strcmp(token_hash(wrong[i], hash).reason, "TOKEN_MALFORMED") == 0, "number %zu was taken", i);
}
END_TEST

static bool dry(void *bytes, size_t n)
{
    (void)bytes, (void)n;
    return false;
}

START_TEST(without_chance_there_is_no_token)
{
    char text[TOKEN_TEXT_SIZE];
    uint8_t hash[SHA256_SIZE];

    crypto_random_replace(dry);
    ck_assert(sp_failed(token_new(text, hash)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("token");
    TCase *tests = tcase_create("token");

    tcase_add_test(tests, a_token_hashes_to_what_was_stored);
    tcase_add_test(tests, what_token_new_cannot_have_made_is_malformed);
    tcase_add_test(tests, without_chance_there_is_no_token);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
