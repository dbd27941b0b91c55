#include "pin_hash.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "random.h"
#include "suite.h"

/* Of 4711 with another implementation. */
#define SALT "MDEyMzQ1Njc4OWFiY2RlZg"
#define HASH "JanFURU3Jmx4tOGloCAIHH+/HfO89BEax0HVsxw+vzU"

static bool matches(const char *hash, const char *pin)
{
    bool found = false;

    ck_assert(!sp_failed(pin_hash_matches(hash, pin, &found)));
    return found;
}

START_TEST(only_the_same_digits_match)
{
    char hash[PIN_HASH_SIZE], again[PIN_HASH_SIZE];

    ck_assert(!sp_failed(pin_hash_make("0815", hash)));
    ck_assert(!sp_failed(pin_hash_make("0815", again)));
    ck_assert_msg(strncmp(hash, "pbkdf2-sha256$100000$", 21) == 0, "%s", hash);
    ck_assert_str_ne(hash, again);
    ck_assert(matches(hash, "0815"));
    ck_assert(!matches(hash, "0816"));
    ck_assert(!matches(hash, "815"));
    ck_assert(!matches(hash, ""));
}
END_TEST

START_TEST(others_compute_the_same)
{
    ck_assert(matches("pbkdf2-sha256$1000$" SALT "$" HASH, "4711"));
    ck_assert(!matches("pbkdf2-sha256$1001$" SALT "$" HASH, "4711"));
}
END_TEST

START_TEST(the_empty_hash_is_that_of_the_initial_password)
{
    ck_assert(matches("", PIN_INITIAL));
    ck_assert(!matches("", ""));
    ck_assert(!matches("", "12345"));
}
END_TEST

static const char *const MALFORMED[] = {
    "pbkdf2-sha256",
    "pbkdf2-sha256$1000",
    "pbkdf2-sha256$1000$" SALT,
    "pbkdf2-sha256$1000$" SALT "$",
    "pbkdf2-sha256$1000$$" HASH,
    "pbkdf2-sha256$0$" SALT "$" HASH,
    "pbkdf2-sha256$-1$" SALT "$" HASH,
    "pbkdf2-sha256$1000001$" SALT "$" HASH,
    "pbkdf2-sha256$99999999999999999999$" SALT "$" HASH,
    "pbkdf2-sha1$1000$" SALT "$" HASH,
    "pbkdf2-sha256$1000$" SALT "$" HASH "$",
    "pbkdf2-sha256$1000$" SALT "$" HASH HASH HASH,
};

START_TEST(what_is_malformed_is_said_to_be)
{
    bool unused;

    ck_assert_str_eq(pin_hash_matches(MALFORMED[_i], "4711", &unused).reason, PIN_HASH_MALFORMED.reason);
}
END_TEST

static bool dry(void *bytes, size_t n)
{
    (void)bytes, (void)n;
    return false;
}

START_TEST(without_randomness_there_is_no_hash)
{
    char hash[PIN_HASH_SIZE];

    crypto_random_replace(dry);
    ck_assert(sp_failed(pin_hash_make("4711", hash)));
    crypto_random_replace(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pin hash");
    TCase *tests = tcase_create("pin hash");

    tcase_add_test(tests, only_the_same_digits_match);
    tcase_add_test(tests, others_compute_the_same);
    tcase_add_test(tests, the_empty_hash_is_that_of_the_initial_password);
    tcase_add_loop_test(tests, what_is_malformed_is_said_to_be, 0, sizeof MALFORMED / sizeof *MALFORMED);
    tcase_add_test(tests, without_randomness_there_is_no_hash);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
