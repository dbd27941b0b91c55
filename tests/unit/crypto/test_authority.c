#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "authority.h"
#include "authority_fixture.h"
#include "foreign.h"
#include "suite.h"

static const int64_t day_ms = INT64_C(86400000);

START_TEST(an_authority_lives_twenty_years_and_signs_nothing_below_leaves)
{
    certificate_facts facts;

    ck_assert(!sp_failed(certificate_inspect(ca_pem, &facts)));
    ck_assert_str_eq(facts.common_name, "Smart Pass");
    ck_assert_int_ge(facts.not_after_ms, now_ms / 1000 * 1000 + 20 * 365 * day_ms);
    ck_assert_str_eq(authority_certificate_pem(ca), ca_pem);
    ck_assert_mem_eq(authority_fingerprint(ca), facts.fingerprint, SHA256_SIZE);
    ck_openssl_says(ca_pem, "verify -x509_strict -CAfile ca.pem leaf.pem", "leaf.pem: OK");
    ck_openssl_says(ca_pem, "x509 -noout -text -in leaf.pem", "CA:TRUE, pathlen:0");
}
END_TEST

START_TEST(what_is_no_authority_is_not_loaded)
{
    char *leaf = signed_client(&gate, now_ms), *other_key, *other_pem, *locked;
    authority *a;

    ck_assert(!sp_failed(authority_create("Other", now_ms, &other_key, &other_pem)));
    ck_assert_str_eq(authority_load("nonsense", ca_key, &a).reason, "AUTHORITY_MALFORMED");
    ck_assert_str_eq(authority_load(leaf, NULL, &a).reason, "AUTHORITY_MALFORMED");
    ck_assert_str_eq(authority_load(ca_pem, "nonsense", &a).reason, "AUTHORITY_MALFORMED");
    ck_assert_str_eq(authority_load(ca_pem, other_key, &a).reason, "AUTHORITY_KEY_FOREIGN");

    /* A key under a passphrase must be refused, not asked about on a terminal. */
    locked = openssl_says(ca_key, "pkcs8 -topk8 -in leaf.pem -passout pass:secret");
    ck_assert_ptr_nonnull(strstr(locked, "ENCRYPTED"));
    ck_assert_str_eq(authority_load(ca_pem, locked, &a).reason, "AUTHORITY_MALFORMED");
    free(locked);
    free(leaf);
    secret_text_free(other_key);
    free(other_pem);
}
END_TEST

START_TEST(without_its_key_an_authority_judges_but_does_not_sign)
{
    char *leaf = signed_client(&gate, now_ms), *key, *csr, *pem;
    const char *names[] = {"localhost"};
    authority *judge;

    ck_assert(!sp_failed(csr_new("x", &key, &csr)));
    ck_assert(!sp_failed(authority_load(ca_pem, NULL, &judge)));
    ck_assert_int_eq(authority_verify(judge, leaf, CERTIFICATE_OF_CLIENT, now_ms, NULL), VERDICT_VALID);
    ck_assert_str_eq(authority_sign_client(judge, csr, strlen(csr), &gate, now_ms, &pem).reason,
                     "AUTHORITY_KEY_MISSING");
    secret_text_free(key);
    ck_assert_str_eq(authority_issue_server(judge, names, 1, now_ms, &key, &pem).reason, "AUTHORITY_KEY_MISSING");
    authority_free(judge);
    free(csr);
    free(leaf);
}
END_TEST

START_TEST(a_client_is_who_we_say_whatever_the_request_says)
{
    EVP_PKEY *key = foreign_key("P-256");
    char *csr = foreign_csr(key, key), *pem;
    certificate_facts facts;

    ck_assert(!sp_failed(authority_sign_client(ca, csr, strlen(csr), &gate, now_ms, &pem)));
    ck_assert_int_eq(authority_verify(ca, pem, CERTIFICATE_OF_CLIENT, now_ms, &facts), VERDICT_VALID);
    ck_assert_str_eq(facts.common_name, "70423");
    ck_assert_str_eq(facts.organization, "9001");
    ck_assert_str_eq(facts.unit, "");
    ck_assert_int_eq(facts.not_after_ms, now_ms / 1000 * 1000 + 90 * day_ms);
    ck_assert_int_lt(facts.not_before_ms, now_ms);
    ck_assert_uint_eq(strlen(facts.serial), 32);
    ck_openssl_says(pem, "verify -x509_strict -purpose sslclient -CAfile ca.pem leaf.pem", "leaf.pem: OK");
    ck_openssl_says(pem, "verify -purpose sslserver -CAfile ca.pem leaf.pem", "unsuitable certificate purpose");
    ck_openssl_says(pem, "x509 -noout -subject -in leaf.pem", "subject=O = 9001, CN = 70423\n");
    ck_openssl_says(pem, "x509 -noout -text -in leaf.pem", "CA:FALSE");
    EVP_PKEY_free(key);
    free(csr);
    free(pem);
}
END_TEST

START_TEST(a_role_stands_in_the_unit_and_serials_differ)
{
    const client_subject gateway = {.common_name = "gateway-1", .unit = "gateway"};
    char *pem = signed_client(&gateway, now_ms), *again = signed_client(&gateway, now_ms);
    certificate_facts facts, other;

    ck_assert(!sp_failed(certificate_inspect(pem, &facts)));
    ck_assert(!sp_failed(certificate_inspect(again, &other)));
    ck_assert_str_eq(facts.unit, "gateway");
    ck_assert_str_eq(facts.organization, "");
    ck_assert_str_ne(facts.serial, other.serial);
    free(pem);
    free(again);
}
END_TEST

static const struct {
    const char *kind;
    const char *reason; /* "" when it is signed */
} keys[] = {
    {"P-256", ""},
    {"P-384", ""},
    {"RSA 2048", ""},
    {"P-521", "CSR_KEY_UNFIT"},
    {"RSA 1024", "CSR_KEY_UNFIT"},
    {"ED25519", "CSR_KEY_UNFIT"},
    {"P-256 explicit", "CSR_KEY_UNFIT"},
};

START_TEST(only_keys_of_known_strength_are_signed_in_pem_or_der)
{
    EVP_PKEY *key = foreign_key(keys[_i].kind);
    char *csr = foreign_csr(key, key), *pem;
    size_t n;
    unsigned char *der = foreign_der(csr, &n);
    sp_status as_pem = authority_sign_client(ca, csr, strlen(csr), &gate, now_ms, &pem);
    sp_status as_der;

    ck_assert_str_eq(as_pem.reason, keys[_i].reason);
    if (!sp_failed(as_pem))
        free(pem);
    as_der = authority_sign_client(ca, der, n, &gate, now_ms, &pem);
    ck_assert_str_eq(as_der.reason, keys[_i].reason);
    if (!sp_failed(as_der))
        free(pem);
    EVP_PKEY_free(key);
    free(csr);
    free(der);
}
END_TEST

START_TEST(a_request_for_somebody_elses_key_is_unproven)
{
    EVP_PKEY *key = foreign_key("P-256"), *other = foreign_key("P-256");
    char *csr = foreign_csr(key, other), *pem;
    unsigned char *der;
    size_t n;

    ck_assert_str_eq(authority_sign_client(ca, csr, strlen(csr), &gate, now_ms, &pem).reason, "CSR_UNPROVEN");
    free(csr);
    csr = foreign_csr(key, key);
    der = foreign_der(csr, &n);
    der[n - 1] ^= 1;
    ck_assert_str_eq(authority_sign_client(ca, der, n, &gate, now_ms, &pem).reason, "CSR_UNPROVEN");
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
    free(csr);
    free(der);
}
END_TEST

START_TEST(a_malformed_request_is_refused_at_every_length)
{
    EVP_PKEY *key = foreign_key("P-256");
    char *csr = foreign_csr(key, key), *pem, *huge = calloc(1, 20000);
    unsigned char *der, *longer;
    size_t n;

    der = foreign_der(csr, &n);
    for (size_t cut = 0; cut < n; cut++)
        ck_assert_str_eq(authority_sign_client(ca, der, cut, &gate, now_ms, &pem).reason, "CSR_MALFORMED");
    longer = calloc(1, n + 1);
    memcpy(longer, der, n);
    ck_assert_str_eq(authority_sign_client(ca, longer, n + 1, &gate, now_ms, &pem).reason, "CSR_MALFORMED");
    ck_assert_str_eq(authority_sign_client(ca, huge, 20000, &gate, now_ms, &pem).reason, "CSR_MALFORMED");
    ck_assert_str_eq(authority_sign_client(ca, ca_pem, strlen(ca_pem), &gate, now_ms, &pem).reason, "CSR_MALFORMED");
    EVP_PKEY_free(key);
    free(csr);
    free(der);
    free(longer);
    free(huge);
}
END_TEST

START_TEST(a_subject_that_no_name_can_hold_is_refused)
{
    static const client_subject wrong[] = {
        {.common_name = ""},
        {.common_name = "a\nb"},
        {.common_name = "\xff"},
        {.common_name = "70423", .organization = ""},
        {.common_name = "70423", .unit = "12345678901234567890123456789012345678901234567890123456789012345"},
    };
    char *key, *csr, *pem;

    ck_assert(!sp_failed(csr_new("x", &key, &csr)));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_str_eq(authority_sign_client(ca, csr, strlen(csr), &wrong[i], now_ms, &pem).reason,
                         "CERTIFICATE_NAME_INVALID");
    secret_text_free(key);
    free(csr);
}
END_TEST

START_TEST(a_server_answers_to_its_names_and_addresses)
{
    static const char *const names[] = {"gate.example.com", "*.example.org", "192.168.1.20", "fe80::1", "localhost"};
    char *key, *pem;
    certificate_facts facts;

    ck_assert(!sp_failed(authority_issue_server(ca, names, 5, now_ms, &key, &pem)));
    ck_assert_int_eq(authority_verify(ca, pem, CERTIFICATE_OF_SERVER, now_ms, &facts), VERDICT_VALID);
    ck_assert_int_eq(facts.not_after_ms, now_ms / 1000 * 1000 + 397 * day_ms);
    ck_assert_str_eq(facts.common_name, "gate.example.com");
    ck_openssl_says(pem, "verify -x509_strict -purpose sslserver -CAfile ca.pem leaf.pem", "leaf.pem: OK");
    ck_openssl_says(pem, "verify -verify_hostname gate.example.com -CAfile ca.pem leaf.pem", "leaf.pem: OK");
    ck_openssl_says(pem, "verify -verify_hostname a.example.org -CAfile ca.pem leaf.pem", "leaf.pem: OK");
    ck_openssl_says(pem, "verify -verify_ip 192.168.1.20 -CAfile ca.pem leaf.pem", "leaf.pem: OK");
    ck_openssl_says(pem, "verify -verify_ip fe80::1 -CAfile ca.pem leaf.pem", "leaf.pem: OK");
    ck_openssl_says(pem, "verify -verify_hostname example.com -CAfile ca.pem leaf.pem", "hostname mismatch");
    secret_text_free(key);
    free(pem);
}
END_TEST

START_TEST(a_server_name_cannot_smuggle_another)
{
    static const char *const wrong[] = {
        "", ".", "-a", "a-", "a..b", "a.", "a b", "a,DNS:b", "a\nb", "*", "*.", "a.*.b", "email:x", "a_b", "1.2.3.4/8",
    };
    char *key, *pem, endless[300];
    const char *long_name = endless;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(strcmp(authority_issue_server(ca, &wrong[i], 1, now_ms, &key, &pem).reason,
                             "CERTIFICATE_NAME_INVALID") == 0,
                      "\"%s\" was taken", wrong[i]);
    ck_assert_str_eq(authority_issue_server(ca, wrong, 0, now_ms, &key, &pem).reason, "CERTIFICATE_NAME_INVALID");

    memset(endless, 'n', sizeof endless);
    endless[254] = '\0';
    ck_assert_str_eq(authority_issue_server(ca, &long_name, 1, now_ms, &key, &pem).reason, "CERTIFICATE_NAME_INVALID");
    endless[100] = '\0';
    ck_assert(!sp_failed(authority_issue_server(ca, &long_name, 1, now_ms, &key, &pem)));
    secret_text_free(key);
    free(pem);
}
END_TEST

START_TEST(a_leaf_does_not_outlive_its_authority)
{
    char *pem = signed_client(&gate, now_ms + (20 * 365 - 5) * day_ms);
    certificate_facts leaf, root;

    ck_assert(!sp_failed(certificate_inspect(pem, &leaf)));
    ck_assert(!sp_failed(certificate_inspect(ca_pem, &root)));
    ck_assert_int_eq(leaf.not_after_ms, root.not_after_ms);
    free(pem);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("authority");
    TCase *tests = tcase_create("authority");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, authority_begin, authority_end);
    tcase_add_test(tests, an_authority_lives_twenty_years_and_signs_nothing_below_leaves);
    tcase_add_test(tests, what_is_no_authority_is_not_loaded);
    tcase_add_test(tests, without_its_key_an_authority_judges_but_does_not_sign);
    tcase_add_test(tests, a_client_is_who_we_say_whatever_the_request_says);
    tcase_add_test(tests, a_role_stands_in_the_unit_and_serials_differ);
    tcase_add_loop_test(tests, only_keys_of_known_strength_are_signed_in_pem_or_der, 0, sizeof keys / sizeof *keys);
    tcase_add_test(tests, a_request_for_somebody_elses_key_is_unproven);
    tcase_add_test(tests, a_malformed_request_is_refused_at_every_length);
    tcase_add_test(tests, a_subject_that_no_name_can_hold_is_refused);
    tcase_add_test(tests, a_server_answers_to_its_names_and_addresses);
    tcase_add_test(tests, a_server_name_cannot_smuggle_another);
    tcase_add_test(tests, a_leaf_does_not_outlive_its_authority);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
