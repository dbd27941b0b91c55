#include "session_cookie.h"
#include "suite.h"

#include <check.h>

static const struct {
    const char *header;
    const char *plain;  /* what a plain HTTP request proves by it; NULL: nothing */
    const char *secure; /* and an HTTPS request */
} cookies[] = {
    {"smartpass=abc", "Bearer abc", NULL},
    {"__Host-smartpass=abc", NULL, "Bearer abc"},
    {"a=b; smartpass=abc; c=d", "Bearer abc", NULL},
    {"a=b;smartpass=A-z_0.~+/=", "Bearer A-z_0.~+/=", NULL},
    {"smartpass=abc ; x=y", "Bearer abc", NULL},
    {"smartpass=1; __Host-smartpass=2", "Bearer 1", "Bearer 2"},
    {"xsmartpass=abc; smartpassx=def", NULL, NULL},
    {"smartpass", NULL, NULL},
    {"smartpass=", NULL, NULL},
    {"smartpass=a b", NULL, NULL},
    {"smartpass=\"abc\"", NULL, NULL},
    {"smartpass=a\x01", NULL, NULL},
    {"smartpass=\xe4\xb8\xad", NULL, NULL},
    {"", NULL, NULL},
    {";;; ", NULL, NULL},
};

static void expect(const char *found, const char *expected)
{
    ck_assert_int_eq(found == NULL, expected == NULL);
    if (found)
        ck_assert_str_eq(found, expected);
}

START_TEST(a_cookie_is_a_token_or_nothing)
{
    arena memory;

    arena_init(&memory, 1 << 16);
    expect(session_cookie_read(cookies[_i].header, false, &memory), cookies[_i].plain);
    expect(session_cookie_read(cookies[_i].header, true, &memory), cookies[_i].secure);
    arena_done(&memory);
}
END_TEST

static const struct {
    const char *token;
    const char *age;
    const char *cookie; /* of plain HTTP */
} answers[] = {
    {"abc", "60", "smartpass=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict"},
    {"abc", "0", "smartpass=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"},
    {NULL, "0", "smartpass=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"},
    {"abc", "99999999999", "smartpass=abc; Path=/; Max-Age=34560000; HttpOnly; SameSite=Strict"},
    {"abc", NULL, NULL},
    {NULL, "60", NULL},
    {"abc", "-1", NULL},
    {"abc", "soon", NULL},
    {"a;b", "60", NULL},
    {"", "60", NULL},
};

START_TEST(a_token_becomes_a_cookie_or_nothing)
{
    rpc_metadatum trailing[2];
    rpc_answer answer = {.trailing = trailing};
    arena memory;

    if (answers[_i].token)
        trailing[answer.trailing_count++] = (rpc_metadatum){"smartpass-session-token", answers[_i].token};
    if (answers[_i].age)
        trailing[answer.trailing_count++] = (rpc_metadatum){"smartpass-session-max-age", answers[_i].age};
    arena_init(&memory, 1 << 16);
    expect(session_cookie_write(&answer, false, &memory), answers[_i].cookie);
    arena_done(&memory);
}
END_TEST

START_TEST(a_cookie_of_HTTPS_says_so)
{
    rpc_metadatum trailing[] = {{"smartpass-session-token", "abc"}, {"smartpass-session-max-age", "5"}};
    rpc_answer answer = {.trailing = trailing, .trailing_count = 2};
    arena memory;

    arena_init(&memory, 1 << 16);
    expect(session_cookie_write(&answer, true, &memory),
           "__Host-smartpass=abc; Path=/; Max-Age=5; HttpOnly; SameSite=Strict; Secure");
    arena_done(&memory);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("session cookie");
    TCase *tests = tcase_create("cookies");

    tcase_add_loop_test(tests, a_cookie_is_a_token_or_nothing, 0, sizeof cookies / sizeof *cookies);
    tcase_add_loop_test(tests, a_token_becomes_a_cookie_or_nothing, 0, sizeof answers / sizeof *answers);
    tcase_add_test(tests, a_cookie_of_HTTPS_says_so);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
