#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "authority.h"
#include "authority_fixture.h"
#include "foreign.h"
#include "suite.h"

static const int64_t day_ms = INT64_C(86400000);

START_TEST(time_decides_between_not_yet_valid_and_expired)
{
    char *pem = signed_client(&gate, now_ms);
    certificate_facts facts;

    ck_assert(!sp_failed(certificate_inspect(pem, &facts)));
    ck_assert_int_eq(authority_verify(ca, pem, CERTIFICATE_OF_CLIENT, facts.not_before_ms - 1, NULL), VERDICT_NOT_YET);
    ck_assert_int_eq(authority_verify(ca, pem, CERTIFICATE_OF_CLIENT, facts.not_before_ms, NULL), VERDICT_VALID);
    ck_assert_int_eq(authority_verify(ca, pem, CERTIFICATE_OF_CLIENT, facts.not_after_ms + 999, NULL), VERDICT_VALID);
    ck_assert_int_eq(authority_verify(ca, pem, CERTIFICATE_OF_CLIENT, facts.not_after_ms + 1000, &facts),
                     VERDICT_EXPIRED);
    ck_assert_str_eq(facts.common_name, "70423");
    free(pem);
}
END_TEST

START_TEST(time_is_what_the_caller_says_not_what_the_machine_thinks)
{
    int64_t then_ms = now_ms - 1000 * day_ms;
    char *pem = signed_client(&gate, then_ms), *old_key, *old_pem;
    authority *old;

    ck_assert_int_eq(authority_verify(ca, pem, CERTIFICATE_OF_CLIENT, then_ms, NULL), VERDICT_VALID);
    ck_assert_int_eq(authority_verify(ca, pem, CERTIFICATE_OF_CLIENT, now_ms, NULL), VERDICT_EXPIRED);
    free(pem);

    ck_assert(!sp_failed(authority_create("Smart Pass", 0, &old_key, &old_pem)));
    ck_assert(!sp_failed(authority_load(old_pem, old_key, &old)));
    pem = signed_client(&gate, now_ms);
    ck_assert_int_eq(authority_verify(old, pem, CERTIFICATE_OF_CLIENT, now_ms, NULL), VERDICT_FOREIGN);
    authority_free(old);
    secret_text_free(old_key);
    free(old_pem);
    free(pem);
}
END_TEST

static certificate_verdict verdict_of(const foreign_subject *subject)
{
    char *pem = foreign_certificate(subject);
    certificate_verdict verdict = authority_verify(ca, pem, CERTIFICATE_OF_CLIENT, now_ms, NULL);

    free(pem);
    return verdict;
}

START_TEST(who_is_not_signed_by_us_is_foreign)
{
    char *twin_key, *twin_pem;

    /* Another authority of the same name. */
    ck_assert(!sp_failed(authority_create("Smart Pass", now_ms, &twin_key, &twin_pem)));
    ck_assert_int_eq(verdict_of(&(foreign_subject){twin_pem, twin_key, {"70423"}, 0, "clientAuth", false}),
                     VERDICT_FOREIGN);
    /* Claims ours, key identifier and all, but another key signed. */
    ck_assert_int_eq(verdict_of(&(foreign_subject){ca_pem, twin_key, {"70423"}, 0, "clientAuth", false}),
                     VERDICT_FOREIGN);
    ck_assert_int_eq(verdict_of(&(foreign_subject){NULL, NULL, {"70423"}, 0, "clientAuth", false}), VERDICT_FOREIGN);
    ck_assert_int_eq(verdict_of(&(foreign_subject){NULL, NULL, {"Smart Pass"}, 0, "clientAuth", true}),
                     VERDICT_FOREIGN);
    secret_text_free(twin_key);
    free(twin_pem);
}
END_TEST

START_TEST(ours_for_another_purpose_is_not_a_client)
{
    static const char *const names[] = {"localhost"};
    char *key, *server;

    ck_assert(!sp_failed(authority_issue_server(ca, names, 1, now_ms, &key, &server)));
    ck_assert_int_eq(authority_verify(ca, server, CERTIFICATE_OF_CLIENT, now_ms, NULL), VERDICT_WRONG_PURPOSE);
    ck_assert_int_eq(authority_verify(ca, server, CERTIFICATE_OF_CLIENT, now_ms + 1000 * day_ms, NULL),
                     VERDICT_WRONG_PURPOSE);
    ck_assert_int_eq(authority_verify(ca, ca_pem, CERTIFICATE_OF_CLIENT, now_ms, NULL), VERDICT_WRONG_PURPOSE);
    ck_assert_int_eq(verdict_of(&(foreign_subject){ca_pem, ca_key, {"70423"}, 0, NULL, false}), VERDICT_WRONG_PURPOSE);
    ck_assert_int_eq(verdict_of(&(foreign_subject){ca_pem, ca_key, {"70423"}, 0, "clientAuth", true}),
                     VERDICT_WRONG_PURPOSE);
    ck_assert_int_eq(verdict_of(&(foreign_subject){ca_pem, ca_key, {"70423"}, 0, "clientAuth", false}), VERDICT_VALID);
    secret_text_free(key);
    free(server);
}
END_TEST

START_TEST(what_cannot_be_read_is_malformed)
{
    certificate_facts facts = {.serial = "untouched"};

    ck_assert_int_eq(authority_verify(ca, "", CERTIFICATE_OF_CLIENT, now_ms, &facts), VERDICT_MALFORMED);
    ck_assert_int_eq(verdict_of(&(foreign_subject){ca_pem, ca_key, {"1", "2"}, 0, "clientAuth", false}),
                     VERDICT_MALFORMED);
    ck_assert_str_eq(facts.serial, "untouched");
}
END_TEST

START_TEST(verdicts_have_names)
{
    ck_assert_str_eq(certificate_verdict_name(VERDICT_VALID), "valid");
    ck_assert_str_eq(certificate_verdict_name(VERDICT_EXPIRED), "expired");
}
END_TEST

static void *sign_and_judge(void *failures)
{
    char *key, *csr, *pem;

    for (int i = 0; i < 20; i++) {
        if (sp_failed(csr_new("x", &key, &csr)) ||
            sp_failed(authority_sign_client(ca, csr, strlen(csr), &gate, now_ms, &pem))) {
            ++*(int *)failures;
            continue;
        }
        if (authority_verify(ca, pem, CERTIFICATE_OF_CLIENT, now_ms, NULL) != VERDICT_VALID)
            ++*(int *)failures;
        secret_text_free(key);
        free(csr);
        free(pem);
    }
    return NULL;
}

START_TEST(threads_share_an_authority)
{
    pthread_t threads[4];
    int failures[4] = {0};

    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, sign_and_judge, &failures[i]), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(failures[i], 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("verdict");
    TCase *tests = tcase_create("verdict");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, authority_begin, authority_end);
    tcase_add_test(tests, time_decides_between_not_yet_valid_and_expired);
    tcase_add_test(tests, time_is_what_the_caller_says_not_what_the_machine_thinks);
    tcase_add_test(tests, who_is_not_signed_by_us_is_foreign);
    tcase_add_test(tests, ours_for_another_purpose_is_not_a_client);
    tcase_add_test(tests, what_cannot_be_read_is_malformed);
    tcase_add_test(tests, verdicts_have_names);
    tcase_add_test(tests, threads_share_an_authority);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
