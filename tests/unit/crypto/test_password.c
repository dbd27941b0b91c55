#include <check.h>
#include <pthread.h>
#include <string.h>

#include "password.h"
#include "random.h"
#include "suite.h"

static const password_policy quick = {{64, 2, 1}, (const uint8_t *)"a pepper kept apart", 19};

/* Argon2id of HMAC-SHA-256("a pepper kept apart", "correct horse battery") with the salt 00 01 … 0f, made with Python's
 * hmac and libargon2 directly. */
static const char known_phc[] =
    "$argon2id$v=19$m=64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$O+5mdRwWcip9wHOAnmgD0AXttrl94flYdv7rmzKBiBc";

static bool counting(void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)i;
    return true;
}

static bool matches(const password_policy *policy, const char *phc, const char *password)
{
    bool answer = false;

    ck_assert(!sp_failed(password_verify(policy, phc, password, false, &answer)));
    return answer;
}

START_TEST(a_hash_is_the_phc_string_that_others_would_make)
{
    char phc[PASSWORD_PHC_SIZE];

    crypto_random_replace(counting);
    ck_assert(!sp_failed(password_hash(&quick, "correct horse battery", phc)));
    ck_assert_str_eq(phc, known_phc);
    ck_assert(matches(&quick, known_phc, "correct horse battery"));
}
END_TEST

START_TEST(only_the_password_itself_matches)
{
    char phc[PASSWORD_PHC_SIZE], again[PASSWORD_PHC_SIZE];

    ck_assert(!sp_failed(password_hash(&quick, "opening at nine", phc)));
    ck_assert(!sp_failed(password_hash(&quick, "opening at nine", again)));
    ck_assert_str_ne(phc, again);
    ck_assert(matches(&quick, phc, "opening at nine"));
    ck_assert(!matches(&quick, phc, "opening at ninE"));
    ck_assert(!matches(&quick, phc, "opening at nine "));
    ck_assert(!matches(&quick, phc, ""));
}
END_TEST

START_TEST(another_pepper_does_not_match)
{
    password_policy other = quick;

    other.pepper = (const uint8_t *)"A pepper kept apart";
    ck_assert(!matches(&other, known_phc, "correct horse battery"));
    other.pepper = NULL;
    other.pepper_size = 0;
    ck_assert(!matches(&other, known_phc, "correct horse battery"));
}
END_TEST

START_TEST(nobody_matches_nothing_but_at_the_same_price)
{
    ck_assert(!matches(&quick, NULL, "correct horse battery"));
}
END_TEST

START_TEST(a_hash_that_cannot_be_read_is_told_and_costs_nothing)
{
    static const char *const wrong[] = {
        "",
        "correct horse battery",
        "$argon2i$v=19$m=64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$O+5mdRwWcip9wHOAnmgD0AXttrl94flYdv7rmzKBiBc",
        "$argon2id$v=16$m=64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$O+5mdRwWcip9wHOAnmgD0AXttrl94flYdv7rmzKBiBc",
        "$argon2id$v=19$m=64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$O+5mdRwWcip9wHOAnmgD0AXttrl94flYdv7rmzKBiB!",
        "$argon2id$v=19$m=64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw",
        "$argon2id$v=19$m=64,t=2,p=1$",
        "$argon2id$v=19$m=99999999,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$O+5mdRwWcip9wHOAnmgD0AXttrl94flYdv7rmzKBiBc",
        "$argon2id$v=19$m=64,t=1000,p=1$AAECAwQFBgcICQoLDA0ODw$O+5mdRwWcip9wHOAnmgD0AXttrl94flYdv7rmzKBiBc",
        "$argon2id$v=19$m=64,t=2,p=99$AAECAwQFBgcICQoLDA0ODw$O+5mdRwWcip9wHOAnmgD0AXttrl94flYdv7rmzKBiBc",
        "$argon2id$v=19$m=-64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$O+5mdRwWcip9wHOAnmgD0AXttrl94flYdv7rmzKBiBc",
    };
    bool answer;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(
            strcmp(password_verify(&quick, wrong[i], "x", false, &answer).reason, "PASSWORD_HASH_MALFORMED") == 0,
            "number %zu was taken", i);
}
END_TEST

START_TEST(an_endless_password_is_refused_before_any_work)
{
    char endless[PASSWORD_BYTES_MAX + 2], phc[PASSWORD_PHC_SIZE];
    bool answer;

    memset(endless, 'a', sizeof endless);
    endless[sizeof endless - 1] = '\0';
    ck_assert_str_eq(password_hash(&quick, endless, phc).reason, "PASSWORD_BYTES_TOO_MANY");
    ck_assert_str_eq(password_verify(&quick, known_phc, endless, true, &answer).reason, "PASSWORD_BYTES_TOO_MANY");
    ck_assert_str_eq(password_verify(&quick, NULL, endless, true, &answer).reason, "PASSWORD_BYTES_TOO_MANY");
}
END_TEST

START_TEST(another_cost_asks_for_a_rehash_and_still_matches)
{
    password_policy dearer = quick;

    ck_assert(!password_needs_rehash(&quick, known_phc));
    dearer.cost.passes = 3;
    ck_assert(password_needs_rehash(&dearer, known_phc));
    ck_assert(matches(&dearer, known_phc, "correct horse battery"));
    dearer.cost = (password_cost){128, 2, 1};
    ck_assert(password_needs_rehash(&dearer, known_phc));
    ck_assert(password_needs_rehash(&quick, "nonsense"));
}
END_TEST

START_TEST(the_standard_cost_is_64_mib_and_3_passes)
{
    password_policy standard = quick;
    char phc[PASSWORD_PHC_SIZE];

    standard.cost = password_cost_standard;
    ck_assert(!sp_failed(password_hash(&standard, "correct horse battery", phc)));
    ck_assert_int_eq(strncmp(phc, "$argon2id$v=19$m=65536,t=3,p=1$", 31), 0);
    ck_assert(matches(&standard, phc, "correct horse battery"));
}
END_TEST

static void *verify_often(void *failures)
{
    for (int i = 0; i < 20; i++)
        if (!matches(&quick, known_phc, "correct horse battery"))
            ++*(int *)failures;
    return NULL;
}

START_TEST(many_threads_take_their_turns)
{
    pthread_t threads[8];
    int failures[8] = {0};

    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, verify_often, &failures[i]), 0);
    for (int i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(failures[i], 0);
    }
}
END_TEST

static const char *refusal(const char *password)
{
    const char *reason = NULL;

    return password_acceptable(password, &reason) ? "" : reason;
}

START_TEST(twelve_characters_of_any_language_are_enough)
{
    ck_assert_str_eq(refusal("Tür7grün-Ost"), "");
    ck_assert_str_eq(refusal("天地玄黄宇宙洪荒日月盈昃"), "");
    ck_assert_str_eq(refusal("Tür7grün-Os"), "PASSWORD_TOO_SHORT");
    ck_assert_str_eq(refusal("天地玄黄宇宙"), "PASSWORD_TOO_SHORT");
    ck_assert_str_eq(refusal("123456"), "PASSWORD_TOO_SHORT");
    ck_assert_str_eq(refusal(""), "PASSWORD_TOO_SHORT");
}
END_TEST

START_TEST(what_is_no_text_or_endless_is_refused)
{
    char endless[PASSWORD_BYTES_MAX + 2];

    for (size_t i = 0; i < sizeof endless; i++)
        endless[i] = (char)('a' + i * i % 23);
    endless[sizeof endless - 1] = '\0';
    ck_assert_str_eq(refusal(endless), "PASSWORD_TOO_LONG");
    endless[PASSWORD_BYTES_MAX] = '\0';
    ck_assert_str_eq(refusal(endless), "");
    ck_assert_str_eq(refusal("\xff\xfeopening at nine"), "PASSWORD_NOT_TEXT");
}
END_TEST

START_TEST(what_everybody_tries_first_is_too_common)
{
    static const char *const common[] = {
        "123456123456",   "1234567890123", "Password123456", "passwordpassword", "Admin@123456",
        "adminadmin2026", "aaaaaaaaaaaa",  "abababababab",   "abcdefghijklmn",   "210987654321",
        "qwertyuiop12",   "P@ssw0rd2026!", "smart gate 1",   "Welcome-2-2026",   "zyxwvutsrqpon",
    };

    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        ck_assert_msg(strcmp(refusal(common[i]), "PASSWORD_TOO_COMMON") == 0, "\"%s\" was taken", common[i]);
    ck_assert_str_eq(refusal("password is kiwi"), "");
    ck_assert_str_eq(refusal("abcdefghijklx"), "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("password");
    TCase *tests = tcase_create("password");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_hash_is_the_phc_string_that_others_would_make);
    tcase_add_test(tests, only_the_password_itself_matches);
    tcase_add_test(tests, another_pepper_does_not_match);
    tcase_add_test(tests, nobody_matches_nothing_but_at_the_same_price);
    tcase_add_test(tests, a_hash_that_cannot_be_read_is_told_and_costs_nothing);
    tcase_add_test(tests, an_endless_password_is_refused_before_any_work);
    tcase_add_test(tests, another_cost_asks_for_a_rehash_and_still_matches);
    tcase_add_test(tests, the_standard_cost_is_64_mib_and_3_passes);
    tcase_add_test(tests, many_threads_take_their_turns);
    tcase_add_test(tests, twelve_characters_of_any_language_are_enough);
    tcase_add_test(tests, what_is_no_text_or_endless_is_refused);
    tcase_add_test(tests, what_everybody_tries_first_is_too_common);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
