/* First passwords that nobody chose. */
#include <string.h>

#include "one_time_password.h"
#include "random.h"
#include "suite.h"

START_TEST(it_has_sixteen_characters_that_nobody_confuses)
{
    char password[ONE_TIME_PASSWORD_SIZE];

    for (int i = 0; i < 200; i++) {
        ck_assert(!sp_failed(one_time_password_new(password)));
        ck_assert_uint_eq(strlen(password), 16);
        ck_assert_uint_eq(strspn(password, "23456789abcdefghjkmnpqrstuvwxyz"), 16);
    }
}
END_TEST

START_TEST(no_two_are_the_same)
{
    enum { COUNT = 100 };
    char passwords[COUNT][ONE_TIME_PASSWORD_SIZE];

    for (int i = 0; i < COUNT; i++) {
        ck_assert(!sp_failed(one_time_password_new(passwords[i])));
        for (int j = 0; j < i; j++)
            ck_assert_str_ne(passwords[i], passwords[j]);
    }
}
END_TEST

START_TEST(every_character_is_as_likely_as_any_other)
{
    enum { COUNT = 4000, CHARACTERS = 31, EXPECTED = COUNT * 16 / CHARACTERS };
    static const char characters[] = "23456789abcdefghjkmnpqrstuvwxyz";
    int seen[CHARACTERS] = {0};
    char password[ONE_TIME_PASSWORD_SIZE];

    for (int i = 0; i < COUNT; i++) {
        ck_assert(!sp_failed(one_time_password_new(password)));
        for (int c = 0; c < 16; c++)
            seen[strchr(characters, password[c]) - characters]++;
    }
    /* About 2065 each with a deviation of 45; seven of them never happen. */
    for (int c = 0; c < CHARACTERS; c++)
        ck_assert_msg(seen[c] > EXPECTED - 320 && seen[c] < EXPECTED + 320, "%c came %d times", characters[c], seen[c]);
}
END_TEST

/* 248 is the first value that would favour a character; then 0, 1, 2 … */
static bool predictable(void *bytes, size_t n)
{
    uint8_t *b = bytes;

    for (size_t i = 0; i < n; i++)
        b[i] = i < 8 ? (uint8_t)(248 + i) : (uint8_t)(i - 8);
    return true;
}

START_TEST(values_that_would_favour_some_are_drawn_again)
{
    char password[ONE_TIME_PASSWORD_SIZE];
    sp_status status;

    crypto_random_replace(predictable);
    status = one_time_password_new(password);
    crypto_random_replace(NULL);
    ck_assert(!sp_failed(status));
    ck_assert_str_eq(password, "23456789abcdefgh");
}
END_TEST

static bool exhausted(void *bytes, size_t n)
{
    (void)bytes;
    (void)n;
    return false;
}

START_TEST(without_randomness_there_is_none)
{
    char password[ONE_TIME_PASSWORD_SIZE];
    sp_status status;

    crypto_random_replace(exhausted);
    status = one_time_password_new(password);
    crypto_random_replace(NULL);
    ck_assert(sp_failed(status));
}
END_TEST

int main(void)
{
    return RUN_SUITE("one-time passwords", 20, it_has_sixteen_characters_that_nobody_confuses, no_two_are_the_same,
                     every_character_is_as_likely_as_any_other, values_that_would_favour_some_are_drawn_again,
                     without_randomness_there_is_none);
}
